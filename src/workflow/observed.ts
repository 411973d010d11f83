import type { Border } from '../access/borders.js'
import { listed } from '../access/findings.js'
import { keyIn, type Address } from '../model/address.js'
import type { Finding } from '../model/finding.js'
import type { Observed } from '../model/result.js'
import { unplaced } from '../plan/finding.js'
import { readObserved, type Observed as Ran } from '../plan/who.js'
import type { Grounds } from './ground.js'
import { isFinding, unlessRefused } from './refused.js'

/** What was asked, as far as it is about what really ran. */
interface Asked {
  readonly on: string
  readonly now: string
  readonly observedDays?: number
}

const dayMs = 24 * 60 * 60 * 1000

/** Who really ran on a queue, as far as that is known, and what of it today's `allow` would refuse; nothing where nobody asked. */
export const observedOn = async (
  { access, conversation, wanted }: Grounds,
  border: Border | undefined,
  { observedDays, now, on }: Asked,
): Promise<{ observed?: readonly Observed[]; findings: readonly Finding[] } | undefined> => {
  if (observedDays === undefined) return undefined
  if (conversation === undefined)
    return {
      findings: [
        unplaced(
          'nothing-there',
          'who really ran there is known to Buildkite alone',
          'neither files nor snapshots hold jobs',
          'ask without --offline and without --snapshot',
        ),
      ],
    }
  const from = new Date(Date.parse(now) - observedDays * dayMs).toISOString()
  const ran = await unlessRefused(() =>
    readObserved(conversation.reader(), new Set([keyIn(on as Address)]), { from, to: now }),
  )
  if (isFinding(ran)) return { findings: [ran] }
  const there = new Set([
    ...access.facts.of('active').map(({ of }) => of),
    ...access.facts.of('archived').map(({ of }) => of),
    ...wanted.wants.map(({ address }) => address),
  ])
  const observed = ran.map((one) => told(one, border, there))
  return { observed, findings: border === undefined ? [] : outside(observed, on, border) }
}

/** What is started by nobody in particular (a schedule, a push) is as allowed as its pipeline is. */
const told = (
  { who, named, pipeline, jobs, last }: Ran,
  border: Border | undefined,
  there: ReadonlySet<string>,
): Observed => {
  const pipelineThere = pipeline !== null && there.has(pipeline)
  const allowedToday =
    border === undefined || (who === null ? pipelineThere && named === null : border.allowed.has(who))
  return {
    who: who ?? (named === null ? 'nobody known' : `commit author "${named}"`),
    pipeline: pipeline ?? 'pipeline:(gone)',
    jobs,
    last,
    allowedToday,
    pipelineThere,
  }
}

const outside = (observed: readonly Observed[], on: string, { at }: Border): Finding[] => {
  const strangers = observed.filter(({ allowedToday, pipelineThere }) => !allowedToday || !pipelineThere)
  if (strangers.length === 0) return []
  return [
    {
      code: 'observed-outside',
      severity: 'error',
      what: `jobs ran on ${on} that nothing would let there today: ${listed(
        strangers.map(({ who, pipeline, jobs }) => `${who} by ${pipeline} (${jobs})`),
      )}`,
      where: [at],
      why: 'what ran could read what the queue guards; a pipeline that is gone has taken its traces along',
      fix: 'look at those builds, and rotate what they could read',
    },
  ]
}
