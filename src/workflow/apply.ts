import { carryOut } from '../apply/carry-out.js'
import { kindOf, type Address } from '../model/address.js'
import type { AwsCall, Call, Made } from '../model/call.js'
import type { Finding } from '../model/finding.js'
import type { Power } from '../model/grant.js'
import type { Barrier, Plan, Step } from '../model/plan.js'
import type { Applied, Outcome } from '../model/result.js'
import type { Signer } from '../model/signer.js'
import type { Wanted } from '../model/wanted.js'
import { liveFacts } from '../plan/facts.js'
import { unplaced } from '../plan/finding.js'
import { madeFromIn, printPlan } from '../plan/print.js'
import { renamed } from '../plan/renames.js'
import { survey as surveyOf, type Survey } from '../plan/survey.js'
import { readOrganization, readToken } from '../plan/who.js'
import { standInTheWay } from './declare.js'
import { derive, whoReads } from './derive.js'
import { begin, type PlanOptions } from './plan.js'
import { identitiesIn } from './ground.js'
import {
  changedIdentities,
  knowing,
  lockAfter,
  lockFile,
  noUuid,
  printLock,
  privilegedNames,
  rememberedSerials,
  type Identity,
  type Lock,
} from './lock.js'
import type { Looking } from './look.js'
import { changedBeside, meanwhile, reachedBeside } from './meanwhile.js'
import { isFinding, unlessRefused } from './refused.js'
import { unsigned } from './sign.js'
import type { Consent, Telling, World } from './world.js'

export interface ApplyOptions extends PlanOptions {
  /** The text of the plan that was reviewed, where there is one. */
  readonly reviewed?: string | undefined
  readonly consent: Consent
  /** Who signs policies; missing where the machine has no key that could. */
  readonly signer?: Signer | undefined
  /** Writes bridle.lock.yaml beside the root file. */
  readonly keep?: (file: string, text: string) => void
}

/** How many calls may be under way at once; the rate budget slows them further. */
const abreast = 8

/**
 * Derives the plan, holds it against the reviewed one, asks, reads again what is about to be touched, and carries it
 * out. Whatever changed up to that second reading is noticed; what changes after it is not.
 */
export const apply = async (world: World<Telling>, options: ApplyOptions): Promise<Applied> => {
  const begun = await begin(world, options, 'apply')
  if (!('derived' in begun)) return nothingDone(begun)
  const { wanted, conversation, derived, findings, looking } = begun
  const { making, read } = derived
  if (making === undefined || read === undefined || standInTheWay(findings))
    return nothingDone(findings, making?.plan)
  const { plan } = making
  const held = holding(wanted, options, begun.lock, read.survey)

  if (options.reviewed !== undefined) {
    const stale = compare(options.reviewed, plan)
    if (stale !== undefined) return nothingDone([...findings, stale], plan)
  }
  if (plan.steps.length === 0) {
    const changed = await lockUp(world, options, held, conversation, { known: read.survey })
    return { ...nothingDone([...findings, ...changed], plan), spent: conversation.spent }
  }

  const lacking = await unlessRefused(async () =>
    missingScopes(await readToken(conversation.reader()), plan.steps),
  )
  if (isFinding(lacking)) return nothingDone([...findings, lacking], plan)
  if (lacking.length > 0) return nothingDone([...findings, ...lacking], plan)
  const unable = unsigned(plan, world.policyKey, options.signer)
  if (unable.length > 0) return nothingDone([...findings, ...unable], plan)

  const answer = await options.consent(plan)
  if (answer !== 'yes') return nothingDone([...findings, ...(answer === 'nobody' ? [nobodyToAsk] : [])], plan)

  const touched = new Set(plan.changes.map(({ address }) => kindOf(address)))
  const again = await unlessRefused(() =>
    derive(wanted, conversation, {
      maxRemoved: options.maxRemoved,
      removeUsed: options.removeUsed,
      look: looking?.look,
      now: read.survey.now,
      policyKey: world.policyKey,
      serials: begun.lock && rememberedSerials(wanted, begun.lock),
      // Where something is privileged, everything bears on it.
      again: { earlier: read, kinds: looking === undefined ? touched : everyKind(read.survey) },
    }),
  )
  if (isFinding(again)) return nothingDone([...findings, again], plan)
  if (again.making === undefined || printPlan(again.making.plan) !== printPlan(plan))
    return nothingDone([...findings, changedMeanwhile], plan)

  const done = new Set<string>()
  const heard = new Set<string>()
  const creates = new Set(plan.changes.filter(({ verb }) => verb === 'create').map(({ address }) => address))
  const addresses = new Map(plan.steps.map(({ id, address }) => [id, address]))
  const onOutcome = (outcome: Outcome, made?: Made) => {
    heard.add(outcome.step)
    if (outcome.state === 'done') done.add(outcome.step)
    if (outcome.state === 'undone') done.delete(outcome.step)
    const address = addresses.get(outcome.step)
    if (address !== undefined && creates.has(address) && !held.made.has(address)) {
      if (outcome.state === 'done' && made?.uuid !== undefined) held.made.set(address, made.uuid)
      if (outcome.state === 'unclear') held.unclear.add(address)
    }
    world.onProgress?.({ doing: 'applying', outcome, done: heard.size, of: plan.steps.length })
  }
  /** Why nothing may go past a barrier: in a few words, and as findings. */
  const objectionTo = async ({ on: place }: Barrier): Promise<Objection | undefined> => {
    const before = new Set(done) // what succeeds while it is read may be read as it was
    const reader = conversation.reader()
    const organization = await readOrganization(reader)
    const [unfit] = whoReads(organization)
    if (unfit !== undefined) return { why: unfit.what, findings: [unfit] }
    const survey = inNewNames(wanted, await surveyOf(reader, organization, wanted))
    const changed = held.changed(identitiesIn(survey))
    if (changed[0] !== undefined) return { why: changed[0].what, findings: changed }
    const facts = liveFacts(survey, wanted)
    const isThere = facts.some(({ power, on }) => existing.has(power) && on === place)
    const { then, strayed } = meanwhile(wanted, plan, survey, before)
    if (strayed.length > 0)
      return { why: `somebody changed ${strayed[0] ?? ''} meanwhile`, findings: changedBeside(strayed) }
    const why =
      creates.has(place) || isThere ? looking?.prove(facts, then, place) : `${place} is not there by now`
    return why === undefined ? undefined : { why, findings: [reachedBeside(why)] }
  }
  const refused: Finding[] = []
  const outcomes = await carryOut(plan.steps, {
    writer: conversation.writer,
    known: again.making.known,
    barriers: plan.barriers ?? [],
    prove: async (barrier) => {
      const objection = await objectionTo(barrier)
      refused.push(...(objection?.findings ?? []))
      return objection?.why
    },
    ...(options.signer && {
      signing: { signer: options.signer, now: () => world.now?.() ?? `${world.today}T00:00:00Z` },
    }),
    abreast,
    signal: world.signal,
    now: world.now,
    onOutcome,
  })
  const changed = await lockUp(world, options, held, conversation, { carriedOut: { plan, done, looking } })
  return {
    result: 'apply',
    plan,
    outcomes,
    interrupted: outcomes.some(({ state }) => state === 'interrupted'),
    findings: [...findings, ...eachOnce([...refused, ...changed])],
    spent: conversation.spent,
  }
}

/** What says that something is there that a barrier can be about. */
const existing: ReadonlySet<Power> = new Set<Power>(['has-queue', 'is-role'])

/** Why what waits behind a barrier is not sent. */
interface Objection {
  readonly why: string
  readonly findings: readonly Finding[]
}

/** What several barriers say alike, and what is still so at the end, is said once. */
const eachOnce = (findings: readonly Finding[]): readonly Finding[] => [
  ...new Map(findings.map((finding) => [finding.what, finding])).values(),
]

/** A plan that was sent, and what it takes to tell whether anything else has happened. */
interface CarriedOut {
  readonly plan: Plan
  /** The steps that succeeded. */
  readonly done: ReadonlySet<string>
  readonly looking: Looking | undefined
}

/** Privileged names, held to what they stood for when the plan was made. */
interface Held {
  readonly wanted: Wanted
  readonly before: Lock | undefined
  /** The uuids of what the apply has made so far, as the answers had them. */
  readonly made: Map<Address, string>
  /** What it may have made: the answer was lost, and whatever has the name may be somebody else's. */
  readonly unclear: Set<Address>
  readonly changed: (now: ReadonlyMap<Address, Identity>) => readonly Finding[]
  /** Of what may have been made, what somebody else made instead, or may have. */
  readonly doubtful: (now: ReadonlyMap<Address, Identity>) => readonly Finding[]
  readonly after: (now: ReadonlyMap<Address, Identity>, there: Survey) => Lock
}

const holding = (
  wanted: Wanted,
  { acceptIdentity = new Map() }: ApplyOptions,
  before: Lock | undefined,
  planned: Survey,
): Held => {
  const known = knowing(before, wanted, identitiesIn(inNewNames(wanted, planned)))
  const names = privilegedNames(wanted)
  const made = new Map<Address, string>()
  const unclear = new Set<Address>()
  const self = planned.organization.identity.email
  /** Whatever has a name that something may have been made under; and whether it is bridle's own. */
  const perhapsMade = (now: ReadonlyMap<Address, Identity>) =>
    names.flatMap((name) => {
      const is = unclear.has(name) ? now.get(name) : undefined
      return is === undefined ? [] : [{ name, is, isOwn: is.madeBy?.toLowerCase() === self }]
    })
  const knownAt = (now: ReadonlyMap<Address, Identity>): Lock => ({
    ...known,
    identities: new Map([
      ...known.identities,
      ...made,
      ...perhapsMade(now).flatMap(({ name, is, isOwn }) => (isOwn ? [[name, is.uuid] as const] : [])),
    ]),
  })
  return {
    wanted,
    before,
    made,
    unclear,
    changed: (now) => changedIdentities(names, knownAt(now), now, acceptIdentity),
    doubtful: (now) =>
      perhapsMade(now).flatMap(({ name, is, isOwn }) => (isOwn ? [] : [perhapsTaken(name, is)])),
    after: (now, there) => {
      const lock = knownAt(now)
      const taken = perhapsMade(now).filter(({ is, isOwn }) => !isOwn && is.madeBy !== undefined)
      const identities = new Map([...lock.identities, ...taken.map(({ name }) => [name, noUuid] as const)])
      return lockAfter(wanted, { ...lock, identities }, now, acceptIdentity, there)
    },
  }
}

/** Somebody may have been faster, and a privileged name is theirs. */
const perhapsTaken = (name: Address, { uuid, madeBy }: Identity): Finding => ({
  ...unplaced(
    'identity-changed',
    `${name} was to be made, the answer was lost, and ${madeBy === undefined ? 'nobody can tell who made the one that is there' : `${madeBy} made the one that is there`}: its uuid is ${uuid}`,
    'whoever makes something under a name that is promised something gets what was promised to the name',
    madeBy === undefined
      ? 'look at it: what is in it that you do not know, and who is in it? Then run `bridle apply` again'
      : `find out why; if it is right, run again with --accept-identity ${name}=${uuid}`,
  ),
  severity: madeBy === undefined ? 'warning' : 'error',
})

/** What is there, as if every declared rename had happened. */
const inNewNames = (wanted: Wanted, survey: Survey): Survey => ({
  ...survey,
  live: renamed(wanted, survey).live,
})

/**
 * Records what privileged names stand for, if that is not recorded already.
 *
 * @returns what has changed hands meanwhile, and what was changed beside a plan that has been carried out
 */
const lockUp = async (
  world: World<Telling>,
  { keep }: ApplyOptions,
  { wanted, before, changed, doubtful, after }: Held,
  conversation: Telling,
  { known, carriedOut }: { readonly known?: Survey; readonly carriedOut?: CarriedOut },
): Promise<readonly Finding[]> => {
  if (privilegedNames(wanted).length === 0 && before === undefined) return []
  const isWhole = carriedOut?.plan.steps.every(({ id }) => carriedOut.done.has(id)) === true
  if (world.signal?.aborted === true && !isWhole) return []
  const survey = await unlessRefused(
    async () =>
      known ?? (await surveyOf(conversation.reader(), await readOrganization(conversation.reader()), wanted)),
  )
  if (isFinding(survey)) return [unwatched(survey)]
  const unfit = whoReads(survey.organization)
  if (unfit.length > 0) return unfit.map(unwatched)
  const there = inNewNames(wanted, survey)
  const now = identitiesIn(there)
  const keyed = { ...there, ...(world.policyKey && { policyKey: world.policyKey }) }
  const text = printLock(after(now, keyed))
  if (before === undefined || text !== printLock(before)) keep?.(lockFile, text)
  if (carriedOut === undefined) return changed(now)
  const { plan, done, looking } = carriedOut
  return [
    ...changed(now),
    ...doubtful(now),
    ...changedBeside(meanwhile(wanted, plan, there, done).strayed),
    ...(looking?.beyond(liveFacts(there, wanted), isWhole) ?? []).map(reachedBeside),
  ]
}

/** What could not be read after a plan was carried out is recorded by the next apply, and nobody has watched until then. */
const unwatched = (finding: Finding): Finding => ({
  ...finding,
  why: `what was sent is sent; whether somebody changed something meanwhile is not known, and ${lockFile} is as it was`,
  fix: `${finding.fix}; then run \`bridle apply\` again`,
})

const everyKind = ({ live }: Survey): ReadonlySet<string> => new Set(live.keys())

const nothingDone = (findings: readonly Finding[], plan?: Plan): Applied => ({
  result: 'apply',
  outcomes: [],
  interrupted: findings.some(({ code }) => code === 'interrupted'),
  findings,
  ...(plan === undefined ? {} : { plan }),
})

const nobodyToAsk = unplaced(
  'no-consent',
  'there is no terminal to ask at, and nothing was changed',
  'silence is taken for no',
  'pass --yes where a machine has the say',
)

const changedMeanwhile = unplaced(
  'stale-plan',
  'the organization changed between the plan and the yes, and nothing was changed',
  'what would be carried out now is not what was agreed to',
  'run the command again',
)

/** Why a reviewed plan can't be carried out; nothing where it is the same to the byte. */
const compare = (reviewed: string, plan: Plan): Finding | undefined => {
  if (reviewed === printPlan(plan)) return undefined
  const from = madeFromIn(reviewed)
  if (from === undefined)
    return unplaced(
      'not-a-plan',
      'the file is not a plan that this bridle wrote',
      'a plan is compared as it is, byte for byte',
      'write it with `bridle plan --out FILE`',
    )
  const changed = [
    ...(from.wanted === plan.madeFrom.wanted ? [] : ['the files have changed']),
    ...(from.live === plan.madeFrom.live ? [] : ['the organization has changed']),
  ]
  return unplaced(
    'stale-plan',
    `the plan file is stale: ${changed.length > 0 ? changed.join(' and ') : 'it is not what bridle wrote, or another bridle wrote it'}`,
    'somebody reviewed something else than what would be carried out',
    'run `bridle plan --out FILE` again, have it reviewed, and apply that',
  )
}

/** What REST asks for by the first part of a path; GraphQL is one switch. AWS asks no token of Buildkite's. */
const scopeOf = (call: Exclude<Call, AwsCall>): string =>
  call.via === 'graphql'
    ? 'graphql'
    : call.path[0] === 'pipeline-settings'
      ? 'write_organization_settings'
      : call.path[0] === 'clusters'
        ? 'write_clusters'
        : 'write_pipelines'

/** The scopes that steps need and the token lacks, told before the first call. */
const missingScopes = (scopes: readonly string[], steps: readonly Step[]): Finding[] => {
  const needed = new Set(steps.flatMap(({ call }) => (call.via === 'aws' ? [] : [scopeOf(call)])))
  return [...needed]
    .filter((scope) => !scopes.includes(scope))
    .sort()
    .map((scope) =>
      unplaced(
        'missing-scope',
        `the token lacks the scope \`${scope}\`, which this plan needs; nothing was changed`,
        'a plan that stops in the middle leaves the organization neither as it was nor as declared',
        `add \`${scope}\` to the token, or use one that has it`,
      ),
    )
}
