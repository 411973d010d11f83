import { kinds } from '../kinds/index.js'
import { addressOf, namesIn, type Address } from '../model/address.js'
import type { Call } from '../model/call.js'
import type { Live } from '../model/live.js'
import type { Wanted } from '../model/wanted.js'
import type { Survey } from './survey.js'

/** What begins the note of every pause that is bridle's own. Whatever begins otherwise is a person's, and stays. */
export const ownNote = 'bridle:'

interface Queue {
  readonly cluster: string
  readonly key: string
  readonly paused?: string | null
}

/** A queue that is there, as far as pausing goes. */
export const queueNamed = ({ live }: Survey, queue: Address): Live<Queue> | undefined =>
  ((live.get('queue') ?? []) as readonly Live<Queue>[]).find(
    ({ spec }) => addressOf('queue', spec.cluster, spec.key) === queue,
  )

/** The call that pauses a queue; none where it is paused already. */
export const pauseOf = (queue: Live<Queue>, note: string): readonly Call[] => {
  const { cluster, key, paused } = queue.spec
  if (paused !== null) return []
  const kind = kinds.find(({ name }) => name === 'queue')
  return kind?.operations.update({ cluster, key, paused: note }, queue) ?? []
}

/** The files with a wish for every pause of bridle's own to end, where they say nothing about pausing. */
export const resuming = (wanted: Wanted, survey: Survey, mayResume: (queue: Address) => boolean): Wanted => {
  const paused = new Set(
    ((survey.live.get('queue') ?? []) as readonly Live<Queue>[])
      .filter(({ spec }) => spec.paused?.startsWith(ownNote) === true)
      .map(({ spec }) => addressOf('queue', spec.cluster, spec.key))
      .filter(mayResume),
  )
  if (paused.size === 0) return wanted
  return {
    ...wanted,
    wants: wanted.wants.map((want) =>
      paused.has(want.address) && want.spec['paused'] === undefined
        ? { ...want, spec: { ...want.spec, paused: null } }
        : want,
    ),
  }
}

/** The cluster of a queue. */
export const clusterNamed = (queue: Address): Address =>
  addressOf('cluster', namesIn(queue.slice('queue:'.length))[0] ?? '')
