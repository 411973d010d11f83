import type { Address } from '../model/address.js'
import type { Finding } from '../model/finding.js'
import type { Made } from '../model/call.js'
import type { Fact } from '../model/grant.js'
import type { AccessDelta, Budget, Plan } from '../model/plan.js'
import type { Wanted } from '../model/wanted.js'
import { liveDigest, wantedDigest } from './digest.js'
import { diff, type Diff } from './diff.js'
import { named } from './named.js'
import { givenOnTheWay } from './effects.js'
import { factsAfter, liveFacts, rolesFrom } from './facts.js'
import { unplaced } from './finding.js'
import type { Consent } from './consent.js'
import { guards } from './guards.js'
import { order, type Ordered } from './order.js'
import { resolved } from './resolve.js'
import { joinedIn } from './role-effects.js'
import type { AtStake } from './safety.js'
import type { Survey } from './survey.js'

/** A plan, what stands in its way, and what the API calls the things that it names. */
export interface Making {
  readonly plan: Plan
  readonly findings: readonly Finding[]
  readonly known: ReadonlyMap<Address, Made>
  /** The privileged queues that would be open after it, or hold what strangers left; missing where nobody looked. */
  readonly open?: ReadonlySet<Address>
}

/** What reading cost, and how to tell what calls will. */
export interface Prices {
  readonly reading: Budget
  applying(plan: Pick<Plan, 'steps'>): Budget
}

/** What looking at a change of access comes to. */
export interface Looked {
  readonly stakes: readonly AtStake[]
  readonly delta: AccessDelta
  /** The queues that are open after it, or run what strangers may have left: a pause of bridle's own stays on them. */
  readonly open: ReadonlySet<Address>
  readonly findings: readonly Finding[]
}

/**
 * Looks at what an organization would be like after a plan, where something in it is privileged.
 *
 * @param onTheWay  what is given by some call of it, perhaps only for another to take it again
 * @param there  as it was read: gates go by policies that are no facts
 */
export type Look = (
  before: readonly Fact[],
  after: readonly Fact[],
  onTheWay: readonly Fact[],
  there: Survey,
) => Looked

/** Wanted − live = plan: a pure function of the files, of what is there, and of what a person consented to. */
export const makePlan = (
  files: Wanted,
  survey: Survey,
  consent: Consent,
  prices: Prices,
  look?: Look,
): Making => {
  const wanted = resolved(files, survey)
  const difference = diff(wanted, survey)
  const { looked, ordered } = safely(difference, survey, wanted, look)
  const { steps, barriers } = 'steps' in ordered ? ordered : { steps: [], barriers: [] }
  const { organization } = survey
  const plan: Plan = {
    format: 'bridle.plan/1',
    organization: organization.slug,
    madeFrom: { wanted: wantedDigest(files), live: liveDigest(survey) },
    ...(looked === undefined ? {} : { access: looked.delta }),
    changes: difference.differences.map(({ planned, kind }) =>
      kind.provider === 'aws' ? named(planned, difference.present) : planned,
    ),
    steps,
    ...(barriers.length > 0 && { barriers }),
    undeclared: difference.undeclared,
    budget: { reading: prices.reading, applying: prices.applying({ steps }) },
  }
  const known = new Map<Address, Made>([['organization:', { id: organization.id, uuid: organization.uuid }]])
  for (const [address, { id, uuid, slug }] of difference.present)
    known.set(address, { id, uuid, ...(slug === undefined ? {} : { slug }) })
  const findings = [
    ...difference.findings,
    ...guards(wanted, survey, difference, consent),
    ...(looked?.findings ?? []),
    ...('unsafe' in ordered ? [unordered(ordered.unsafe, ordered.calls)] : []),
  ]
  return { plan, findings, known, ...(looked === undefined ? {} : { open: looked.open }) }
}

/** The calls in an order; where something is privileged, in one that keeps it closed on the way. */
const safely = (
  { differences, live, present }: Diff,
  survey: Survey,
  wanted: Wanted,
  look: Look | undefined,
): { readonly ordered: Ordered; readonly looked?: Looked } => {
  if (look === undefined) return { ordered: order(differences) }
  const before = liveFacts({ ...survey, live }, wanted)
  const after = factsAfter(present, differences, wanted, survey)
  const joined = joinedIn(differences, present, rolesFrom(survey), { before, after })
  const looked = look(before, after, givenOnTheWay(differences, joined), survey)
  return { looked, ordered: order(differences, { stakes: looked.stakes, joined }) }
}

const unordered = (queue: Address, calls: readonly string[]): Finding =>
  unplaced(
    'no-safe-order',
    `no order of the calls keeps ${queue} closed on the way: ${calls.slice(0, 5).join(', ')}${calls.length > 5 ? ` and ${calls.length - 5} more` : ''} take and give at once, or wait for each other`,
    'an apply can be stopped between any two calls, and what is open for a second is open',
    'do it in two plans: first what closes, then, when that is applied, what opens',
  )
