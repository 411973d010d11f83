import { namesIn, keyIn, type Address } from '../model/address.js'
import type { Finding } from '../model/finding.js'
import type { Fact } from '../model/grant.js'
import type { PlannedChange } from '../model/change.js'
import type { Plan, Step } from '../model/plan.js'
import type { Wanted } from '../model/wanted.js'
import { diff, type Difference } from '../plan/diff.js'
import { factsAfter } from '../plan/facts.js'
import { unplaced } from '../plan/finding.js'
import { resolved } from '../plan/resolve.js'
import type { Survey } from '../plan/survey.js'

/** What is there while a plan is carried out, or just after it. */
export interface Meanwhile {
  /** What will be there when the rest of the plan has been carried out. */
  readonly then: readonly Fact[]
  /** What somebody else has changed since it was planned, and runs on a privileged queue sooner or later. */
  readonly strayed: readonly string[]
}

/** What decides what runs in a pipeline, and is no power of anybody's. */
const decisive: ReadonlySet<string> = new Set(['pipeline', 'schedule'])

/**
 * Looks at what is there, as what is left of a plan would leave it. What a call was to change and has not changed yet
 * is as good as changed; once it was sent it is not sent again, and whatever differs then is somebody else's doing.
 *
 * @param done  the steps that had succeeded before what is there was read
 */
export const meanwhile = (
  wanted: Wanted,
  plan: Plan,
  survey: Survey,
  done: ReadonlySet<string>,
): Meanwhile => {
  const { present, differences } = diff(resolved(wanted, survey), survey)
  const pending = pendingIn(plan, done)
  const rest = differences.flatMap((difference) => restOf(difference, pending))
  const then = factsAfter(present, rest, wanted, survey)
  const privileged = new Set<Address>(wanted.access.allow.map(({ on }) => on))
  const inside = new Set([
    ...then.filter(({ power, on }) => power === 'runs-in' && privileged.has(on)).map(({ of }) => of),
    ...wanted.wants
      .filter(({ kind, spec }) => kind === 'pipeline' && privileged.has(`cluster:${String(spec['cluster'])}`))
      .map(({ address }) => address),
  ])
  const strayed = differences
    .filter(({ kind, address }) => decisive.has(kind.name) && inside.has(pipelineOf(address)))
    .flatMap(({ address, planned: { verb, fields } }) =>
      verb === 'update'
        ? fields
            .filter(({ field }) => !pending.of(address, field))
            .map(({ field }) => `\`${field}\` of ${address}`)
        : pending.of(address)
          ? []
          : [address],
    )
  return { then, strayed }
}

const pipelineOf = (address: Address): Address => `pipeline:${namesIn(keyIn(address))[0] ?? ''}`

/** What of a plan is still to come. */
interface Pending {
  /** What is to become of an object, where some call of it is still to come. */
  verb(address: Address): PlannedChange['verb'] | undefined
  /** Whether some call that changes a field of an object is still to come; or any call of it. */
  of(address: Address, field?: string): boolean
}

const pendingIn = ({ changes, steps }: Plan, done: ReadonlySet<string>): Pending => {
  const planned = new Map(changes.map((change) => [change.address, change]))
  const own = new Map<Address, Step[]>()
  for (const step of steps) own.set(step.address, [...(own.get(step.address) ?? []), step])
  const verb = (address: Address) =>
    own.get(address)?.some(({ id }) => !done.has(id)) === true ? planned.get(address)?.verb : undefined
  return {
    verb,
    of: (address, field) => {
      if (field === undefined || verb(address) !== 'update') return verb(address) !== undefined
      if (planned.get(address)?.fields.some((one) => one.field === field) !== true) return false
      const calls = own.get(address) ?? []
      return changing(fieldOf(field), calls).some(({ id }) => !done.has(id))
    },
  }
}

/** A field of a map is sent with the map. */
const fieldOf = (path: string): string => path.split('.')[0] ?? path

/** The calls that change a field: those that say so, or else those that do not say what they change. */
const changing = (field: string, calls: readonly Step[]): readonly Step[] =>
  [
    calls.filter(({ call: { sets, passing = {} } }) => sets?.includes(field) === true || field in passing),
    calls.filter(({ call: { sets } }) => sets === undefined),
  ].find((some) => some.length > 0) ?? calls

/** What of a difference the plan will still settle; what is not its own, and what it has sent already, it will not. */
const restOf = (difference: Difference, pending: Pending): Difference[] => {
  const { address, kind, change } = difference
  const verb = pending.verb(address)
  if (verb === undefined) return []
  if (verb !== 'update') return [difference]
  if (change.verb !== 'update') return []
  const want = Object.entries(change.want).flatMap(([field, value]): [string, unknown][] => {
    if (kind.identity.includes(field)) return [[field, value]]
    if (kind.merged?.includes(field) !== true || typeof value !== 'object' || value === null)
      return pending.of(address, field) ? [[field, value]] : []
    const inner = Object.entries(value).filter(([key]) => pending.of(address, `${field}.${key}`))
    return inner.length === 0 ? [] : [[field, Object.fromEntries(inner)]]
  })
  return [{ ...difference, change: { ...change, want: Object.fromEntries(want) } }]
}

/** What somebody else changed while a plan was carried out, for a person to look at: nobody reviewed it. */
export const changedBeside = (strayed: readonly string[]): readonly Finding[] =>
  strayed.map((what) =>
    unplaced(
      'changed-meanwhile',
      `somebody changed ${what} while the plan was carried out`,
      'it decides what runs on a privileged queue, and nobody has reviewed it',
      'look at who did it (the audit log tells; if nobody did, Buildkite keeps it otherwise than it was sent), then run `bridle apply` again',
    ),
  )

/** Who reaches a privileged queue by what somebody else changed while a plan was carried out. */
export const reachedBeside = (what: string): Finding =>
  unplaced(
    'changed-meanwhile',
    what,
    'the plan does not let them there: somebody changed something while it was carried out, and it counts from now on',
    '`bridle access check` shows each path and what cuts it, and `bridle contain` stops the queue until it is cut',
  )
