import { namesIn, keyIn, type Address } from '../model/address.js'
import type { Finding } from '../model/finding.js'
import type { Fact } from '../model/grant.js'
import type { Plan } from '../model/plan.js'
import type { Wanted } from '../model/wanted.js'
import { diff } from '../plan/diff.js'
import { factsAfter } from '../plan/facts.js'
import { unplaced } from '../plan/finding.js'
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

/** Looks at what is there, as what is left of a plan would leave it. */
export const meanwhile = (wanted: Wanted, plan: Plan, survey: Survey): Meanwhile => {
  const { present, differences } = diff(wanted, survey)
  const then = factsAfter(present, differences, wanted, survey.organization)
  const privileged = new Set<Address>(wanted.access.allow.map(({ on }) => on))
  const inside = new Set(
    then.filter(({ power, on }) => power === 'runs-in' && privileged.has(on)).map(({ of }) => of),
  )
  const planned = new Set(
    plan.changes.flatMap(({ address, fields }) => [
      address,
      ...fields.map(({ field }) => `${address} ${field}`),
    ]),
  )
  const strayed = differences
    .filter(({ kind, address }) => decisive.has(kind.name) && inside.has(pipelineOf(address)))
    .flatMap(({ address, planned: { verb, fields } }) =>
      verb === 'update'
        ? fields
            .filter(({ field }) => !planned.has(`${address} ${field}`))
            .map(({ field }) => `\`${field}\` of ${address}`)
        : planned.has(address)
          ? []
          : [address],
    )
  return { then, strayed }
}

const pipelineOf = (address: Address): Address => `pipeline:${namesIn(keyIn(address))[0] ?? ''}`

/** What somebody else changed while a plan was carried out, for a person to look at: nobody reviewed it. */
export const changedBeside = (strayed: readonly string[]): readonly Finding[] =>
  strayed.map((what) =>
    unplaced(
      'left-behind',
      `somebody changed ${what} while the plan was carried out`,
      'it decides what runs on a privileged queue, and nobody has reviewed it',
      'look at who did it (the audit log tells), then run `bridle apply` again',
    ),
  )
