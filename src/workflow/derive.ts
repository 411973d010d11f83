import { unknownReferences } from '../config/references.js'
import type { Address } from '../model/address.js'
import type { Finding } from '../model/finding.js'
import type { Budget, Plan } from '../model/plan.js'
import type { VerifyingKey } from '../model/signer.js'
import type { Wanted } from '../model/wanted.js'
import { unplaced } from '../plan/finding.js'
import { resuming } from '../plan/pause.js'
import { makePlan, type Look, type Making } from '../plan/make.js'
import { asksOf, closeIn, survey, type Survey } from '../plan/survey.js'
import { readCensus, readOrganization, type Organization } from '../plan/who.js'
import type { Asking, Progress } from './world.js'

/** What was read, and what reading it costs. */
export interface Read {
  readonly survey: Survey
  readonly forecast: Budget
}

export interface Derived {
  readonly findings: readonly Finding[]
  /** Missing where it would not have been whole. */
  readonly read?: Read
  /** Missing where nothing can be planned. */
  readonly making?: Making
}

/** How a plan is derived from what is there now. */
export interface Deriving {
  readonly maxRemoved: number
  readonly removeUsed?: ReadonlySet<string> | undefined
  /** How the plan's access is looked at, where something is privileged. */
  readonly look?: Look | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** What o'clock it is, as ISO says it: a token may be due. */
  readonly now?: string | undefined
  /** What signatures of policies are checked with. */
  readonly policyKey?: VerifyingKey | undefined
  /** The highest number of each gate's policy that the lock remembers, by queue. */
  readonly serials?: ReadonlyMap<Address, number> | undefined
  /** An earlier reading, of which everything but these kinds is taken as it was. */
  readonly again?: { readonly earlier: Read; readonly kinds: ReadonlySet<string> }
}

/**
 * Reads the organization and derives the plan.
 *
 * @throws Refusal where something could not be read whole
 */
export const derive = async (
  wanted: Wanted,
  asking: Asking,
  { maxRemoved, removeUsed, look, onProgress, again, now, policyKey, serials }: Deriving,
): Promise<Derived> => {
  const reader = asking.reader()
  // Side by side: the count of what there is costs little, and a round trip costs a start-up.
  const [organization, pipelines] = await Promise.all([
    readOrganization(reader),
    again === undefined ? readCensus(reader) : 0,
  ])
  const unfit = [...whoReads(organization), ...teamsOff(wanted, organization)]
  if (unfit.length > 0) return { findings: unfit }

  const budget = again?.earlier.forecast ?? asking.forecast(asksOf(wanted), pipelines, closeIn(wanted))
  onProgress?.({ doing: 'reading', forecast: budget })
  const surveyed = await survey(
    reader,
    organization,
    wanted,
    again && { earlier: again.earlier.survey, kinds: again.kinds },
    now,
  )
  const live = { ...surveyed, ...(policyKey && { policyKey }), ...(serials && { serials }) }
  onProgress?.({ doing: 'planning' })

  const read = { survey: live, forecast: budget }
  const unknown = unknownReferences(wanted, presentIn(live))
  if (unknown.length > 0) return { findings: unknown, read }
  const prices = { reading: budget, applying: ({ steps }: Pick<Plan, 'steps'>) => asking.price(steps) }
  const made = (files: Wanted) =>
    makePlan(files, live, { maxRemoved, ...(removeUsed && { removeUsed }) }, prices, look)
  const first = made(wanted)
  // A pause of bridle's own ends when nobody strange is left, and nothing of theirs; the plan without its end has told.
  const files = resuming(wanted, live, (queue) => first.open?.has(queue) === false)
  const making = files === wanted ? first : made(files)
  const found = [...making.findings, ...stayArchived(wanted, live)]
  // What could not be read makes the rest of the plan half of something, and a half is not shown.
  if (found.some(({ code }) => code === 'unreadable-field')) return { findings: found, read }
  return { findings: found, read, making }
}

const presentIn = ({ live }: Survey): ReadonlySet<Address> =>
  new Set([...live].flatMap(([kind, found]) => found.map(({ key }): Address => `${kind}:${key}`)))

/** Lists are whole for administrators alone, so nobody else's are planned from. */
export const whoReads = ({ identity }: Organization): Finding[] =>
  identity.admin
    ? []
    : [
        unplaced(
          'not-an-administrator',
          `${identity.email}, whose token this is, is not an administrator of the organization`,
          'secret teams and other teams’ pipelines are hidden from everybody else, so what is missing from the lists may be there',
          'use the token of an administrator; for plan and drift it needs only scopes that read',
        ),
      ]

const teamsOff = (wanted: Wanted, organization: Organization): Finding[] => {
  const first = wanted.wants.find(({ kind }) => ['team', 'member', 'grant'].includes(kind))
  if (organization.teamsEnabled || first === undefined) return []
  return [
    {
      code: 'teams-off',
      severity: 'error',
      where: [first.at],
      what: `teams are declared, and organization "${organization.slug}" has them switched off`,
      why: 'with teams off every member may do everything, whatever levels are declared',
      fix: 'switch teams on in the organization’s settings, then look at what the team Everyone was given',
    },
  ]
}

/** A declared pipeline that is archived while nothing says whether it should be: said, and left. */
const stayArchived = (wanted: Wanted, { live }: Survey): Finding[] => {
  const archived = new Set(
    (live.get('pipeline') ?? [])
      .filter(({ spec }) => (spec as { archived?: boolean }).archived === true)
      .map(({ key }) => key),
  )
  return wanted.wants
    .filter(
      ({ kind, key, spec }) => kind === 'pipeline' && archived.has(key) && spec['archived'] === undefined,
    )
    .map(({ at, key }) => ({
      code: 'stays-archived',
      severity: 'warning',
      where: [at],
      what: `pipeline "${key}" is archived, and stays so`,
      why: 'what is unwritten is not changed',
      fix: 'write `archived: false` to bring it back, or `archived: true` to say that it is meant',
    }))
}
