import { addressOf, keyIn, kindOf, type Address } from '../model/address.js'
import { codes } from '../model/codes.js'
import type { Finding } from '../model/finding.js'
import type { Live } from '../model/live.js'
import type { Created, Drifted } from '../model/result.js'
import type { Wanted } from '../model/wanted.js'
import type { Survey } from '../plan/survey.js'
import { unplaced } from '../plan/finding.js'
import { readLastChanges, readMade, readToken, type MadeIn } from '../plan/who.js'
import { heartbeatFindings, writeBeat, type Beating, type Beats } from './heartbeat.js'
import { lintsOf, notSaidBy, roleWorldIn } from './lints.js'
import { begin, planned, type Begun, type PlanOptions } from './plan.js'
import { isFinding, unlessRefused } from './refused.js'
import type { Asking, World } from './world.js'

export interface DriftOptions extends Pick<PlanOptions, 'createdWithinDays'> {
  /** How a heartbeat leaves; none does where it is left out. */
  readonly beats?: Beats
  /** Whether it looks what the token could write: for a schedule, which needs none of it. */
  readonly examinesToken?: boolean
  /** Whether it asks who changed what differs. */
  readonly who?: boolean
}

/**
 * What differs between files and organization, and what nobody declared. Removals are not asked about: none is made. The
 * last heartbeat is looked at before, and the next is written after everything was read.
 */
export const drift = async (
  world: World<Asking & Partial<Beating>>,
  { createdWithinDays, beats, examinesToken = false, who = false }: DriftOptions = {},
): Promise<Drifted> => {
  const begun = await begin(world, { maxRemoved: Number.POSITIVE_INFINITY }, 'drift')
  const found = await findDrift(world, begun, createdWithinDays)
  if (!('derived' in begun)) return found
  const { wanted, conversation } = begun
  const at = world.now?.() ?? `${world.today}T00:00:00.000Z`
  const late = await heartbeatFindings(conversation, wanted, Date.parse(at))
  const token = examinesToken ? await tokenFindings(conversation) : []
  const changed = who ? await changes(begun, found, at) : {}
  const told = {
    ...found,
    ...changed,
    findings: [...found.findings, ...late, ...token],
    spent: conversation.spent,
  }
  if (beats === undefined) return told
  const unwritten = await writeBeat(conversation, wanted, beats.exitOf(told), at, beats)
  return { ...told, findings: [...told.findings, ...unwritten], spent: conversation.spent }
}

/** How many scopes a sentence names. */
const mostNamed = 3

const named = (scopes: readonly string[]): string =>
  scopes.length <= mostNamed + 1
    ? scopes.join(', ')
    : `${scopes.slice(0, mostNamed).join(', ')} and ${String(scopes.length - mostNamed)} more`

/** What the token could write although nothing here does. GraphQL is one switch, so that is no choice of anybody's. */
const tokenFindings = async (conversation: Asking): Promise<Finding[]> => {
  const scopes = await unlessRefused(() => readToken(conversation.reader()))
  if (isFinding(scopes)) return [] // whatever it is has stopped the reading as well
  const writes = scopes.filter((scope) => scope.startsWith('write_')).sort()
  const { why, fix } = codes['token-could-write']
  return writes.length === 0
    ? []
    : [
        {
          ...unplaced('token-could-write', `the token could write: ${named(writes)}`, why, fix),
          severity: 'warning',
        },
      ]
}

/** How far back it is asked who changed something. */
const changesDays = 90

/** Who changed last what differs, and what no file declares. Whoever may not be told finds no less for it. */
const changes = async (
  { derived, conversation }: Begun<Asking>,
  { plan }: Drifted,
  at: string,
): Promise<Pick<Drifted, 'changedBy' | 'changedByUntold'>> => {
  const live = derived.read?.survey.live
  const addresses = [
    ...(plan?.changes ?? [])
      .filter(({ verb }) => verb !== 'create')
      .map(({ was, address }) => was ?? address),
    ...(plan?.undeclared ?? []).filter(({ ignored }) => !ignored).map(({ address }) => address),
  ]
  const there = addresses.flatMap((address) => {
    const one = live?.get(kindOf(address))?.find(({ key }) => key === keyIn(address))
    return one === undefined || one.uuid.startsWith('arn:') ? [] : [{ address, uuid: one.uuid }]
  })
  const from = new Date(Date.parse(at) - changesDays * dayMs).toISOString()
  const last = await unlessRefused(() =>
    readLastChanges(conversation.reader(), [...new Set(there.map(({ uuid }) => uuid))].sort(), from),
  )
  if (isFinding(last)) return { changedByUntold: true }
  return {
    changedBy: there.flatMap(({ address, uuid }) => {
      const change = last.get(uuid)
      return change === undefined ? [] : [{ address, ...change }]
    }),
  }
}

const findDrift = async (
  world: World,
  begun: Awaited<ReturnType<typeof begin>>,
  createdWithinDays: number | undefined,
): Promise<Drifted> => {
  const survey = 'derived' in begun ? begun.derived.read?.survey : undefined
  const lints =
    'derived' in begun && survey
      ? lintsOf(roleWorldIn(begun.wanted, survey), begun.wanted, world.today, world.asked)
      : undefined
  const told = planned(begun)
  const result = {
    ...told,
    result: 'drift' as const,
    findings: [...told.findings, ...notSaidBy(told.findings, lints?.findings ?? [])],
  }
  if (createdWithinDays === undefined || survey === undefined || !('derived' in begun)) return result
  const { wanted, conversation } = begun
  const privileged = privilegedIn(wanted)
  const clusters = (survey.live.get('cluster') ?? []).filter(({ key }) => privileged.has(`cluster:${key}`))
  const made = await unlessRefused(() => readMade(conversation.reader(), clusters))
  const spent = conversation.spent
  if (isFinding(made)) return { ...result, spent, findings: [...result.findings, made] }
  const now = Date.parse(world.now?.() ?? world.today)
  return {
    ...result,
    spent,
    created: createdSince(survey, privileged, made, now - createdWithinDays * dayMs),
    createdUntold: made.untold,
  }
}

const dayMs = 24 * 60 * 60 * 1000

/** Where something is: in a cluster, or at pipelines that are in one. */
interface Placed {
  readonly cluster?: string | null
  readonly pipeline?: string
  readonly source_pipeline?: string
  readonly target_pipeline?: string
}

const privilegedIn = ({ access }: Wanted): ReadonlySet<Address> => new Set(access.allow.map(({ on }) => on))

/** What was made since a time in privileged clusters, or reaching into them, the newest first. */
const createdSince = (
  { live }: Survey,
  privileged: ReadonlySet<Address>,
  { dates }: MadeIn,
  sinceMs: number,
): Created[] => {
  const clusterOf = new Map(
    (live.get('pipeline') ?? []).map(({ key, spec }) => [key, (spec as Placed).cluster]),
  )
  const isPrivileged = (kind: string, { key, spec }: Live<unknown>) => {
    const { cluster, pipeline, source_pipeline, target_pipeline } = spec as Placed
    const pipelines = [pipeline, source_pipeline, target_pipeline].map((slug) => clusterOf.get(slug ?? ''))
    const names = [cluster, ...pipelines].filter((name) => typeof name === 'string')
    const own: Address[] = kind === 'cluster' ? [`cluster:${key}`] : []
    return [...own, ...names.map((name) => addressOf('cluster', name))].some((one) => privileged.has(one))
  }
  return [...live]
    .flatMap(([kind, found]) =>
      found.flatMap((one): Created[] => {
        const made = dates.get(one.uuid)
        if (made === undefined || Date.parse(made.at) < sinceMs || !isPrivileged(kind, one)) return []
        return [{ address: `${kind}:${one.key}`, ...made }]
      }),
    )
    .sort((a, b) => (a.at > b.at ? -1 : a.at < b.at ? 1 : a.address < b.address ? -1 : 1))
}
