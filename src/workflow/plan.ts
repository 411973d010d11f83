import { isTold } from '../model/codes.js'
import type { Finding } from '../model/finding.js'
import type { Planned } from '../model/result.js'
import type { Wanted } from '../model/wanted.js'
import { unplaced } from '../plan/finding.js'
import { renamed } from '../plan/renames.js'
import { ending, withoutKey } from './sign.js'
import { declare, standInTheWay } from './declare.js'
import { derive, type Derived } from './derive.js'
import { looking, type Looking, type Purpose } from './look.js'
import { identitiesIn, notThere } from './ground.js'
import { keeps, leftFacts, readLock, rememberedSerials, remembering, type Lock } from './lock.js'
import { aboutNames } from './names.js'
import { askingOrigins } from './origin.js'
import { isFinding, unlessRefused } from './refused.js'
import type { Asking, World } from './world.js'

export { printPlan } from '../plan/print.js'
export { standInTheWay } from './declare.js'

export interface PlanOptions {
  /** The number of removals of one kind that a person has agreed to. */
  readonly maxRemoved: number
  /** Addresses of what may be removed although it is used. */
  readonly removeUsed?: ReadonlySet<string>
  /** Somebody may gain access, where `--allow-widening` said so. */
  readonly allowWidening?: boolean
  /** Names whose new identity a person has looked at, with the UUID that they agreed to. */
  readonly acceptIdentity?: ReadonlyMap<string, string>
  /** How many days back what was created is listed. */
  readonly createdWithinDays?: number
}

/** A plan on its way, with what is needed to carry it out. */
export interface Begun<Conversation extends Asking> {
  readonly wanted: Wanted
  readonly conversation: Conversation
  readonly derived: Derived
  readonly findings: readonly Finding[]
  /** How the plan's access was looked at, where something is privileged. */
  readonly looking?: Looking
  /** As it was read; and who leaves by the plan, as if they had been allowed. */
  readonly lock?: Lock
}

/** Reads files and organization, and derives the plan; or says what stands in the way. */
export const begin = async <Conversation extends Asking>(
  world: World<Conversation>,
  { maxRemoved, removeUsed, allowWidening = false, acceptIdentity = new Map() }: PlanOptions,
  purpose: Purpose = 'plan',
): Promise<Begun<Conversation> | readonly Finding[]> => {
  const { wanted, findings } = declare(world)
  if (wanted === undefined || standInTheWay(findings)) return findings
  if (world.organization !== undefined && world.organization !== wanted.organization)
    return [...findings, anotherOrganization(wanted.organization, world.organization)]

  const lock = readLock(world.files, wanted)
  if (lock !== undefined && 'code' in lock) return [...findings, lock]
  const locked = keeps(lock, wanted)
  const looked = looking(wanted, world.now?.() ?? world.today, purpose, {
    allowWidening,
    locked,
    left: leftFacts(wanted, lock),
    asked: world.asked,
  })
  const talked = await unlessRefused(async () => {
    const conversation = world.connect(wanted)
    const { onProgress } = world
    return {
      conversation,
      derived: await derive(wanted, conversation, {
        maxRemoved,
        removeUsed,
        look: looked?.look,
        onProgress,
        now: world.now?.(),
        policyKey: world.policyKey,
        serials: lock && rememberedSerials(wanted, lock),
      }),
    }
  })
  if (isFinding(talked)) return [...findings, talked]
  const { read } = talked.derived
  const names =
    read &&
    (await aboutNames(wanted, lock, {
      now: identitiesIn(renamed(wanted, read.survey)),
      ask: askingOrigins(talked.conversation.reader(), read.survey),
      accepted: acceptIdentity,
    }))
  const { changed = [], gone = [], lacking = [], dropped = [] } = names ?? {}
  // A plan is for what the names stood for. What has drifted is worth knowing all the more.
  if (changed.length > 0 && purpose !== 'drift')
    return [...findings, ...talked.derived.findings.filter(({ code }) => isTold(code)), ...changed]
  const remembered = remembering(lock, wanted, looked?.leavers() ?? new Map())
  return {
    wanted,
    ...talked,
    ...(remembered && { lock: remembered }),
    ...(looked && { looking: looked }),
    findings: [
      ...findings,
      ...lacking,
      ...changed,
      ...(allowWidening ? [] : purpose === 'plan' ? dropped.map(asWarning) : dropped),
      ...(purpose !== 'drift' ? gone : read === undefined ? [] : notThere(wanted, identitiesIn(read.survey))),
      ...talked.derived.findings,
      ...(purpose === 'drift' && read !== undefined ? ending(wanted, read.survey) : []),
      ...(purpose === 'apply' ? [] : withoutKey(wanted, world.policyKey, talked.derived.making?.plan)),
    ],
  }
}

/** What an apply will ask a second word for: a plan says it, and goes on. */
const asWarning = (finding: Finding): Finding => ({ ...finding, severity: 'warning' })

/** Shows what apply would do. */
export const plan = async (world: World, options: PlanOptions): Promise<Planned> =>
  planned(await begin(world, options, 'plan'))

/** What was begun, as a result. */
export const planned = (begun: Begun<Asking> | readonly Finding[]): Planned => {
  if (!('derived' in begun)) return { result: 'plan', findings: begun }
  const { derived, findings, conversation } = begun
  return {
    result: 'plan',
    findings,
    ...(derived.making === undefined ? {} : { plan: derived.making.plan }),
    spent: conversation.spent,
  }
}

/** The files are of one organization, and the environment speaks of another. */
export const anotherOrganization = (declared: string, environment: string): Finding =>
  unplaced(
    'another-organization',
    `the files declare organization "${declared}", and BUILDKITE_ORGANIZATION_SLUG says "${environment}"`,
    'one of the two is a mistake, and the wrong one would change somebody else’s organization',
    'unset BUILDKITE_ORGANIZATION_SLUG, or make it agree with the files',
  )
