import * as z from 'zod'
import { addressOf, keyOf, type Address } from '../../model/address.js'
import type { ParameterDetail } from '../../model/aws.js'
import type { Call, CallValue, SignedText } from '../../model/call.js'
import { joined, mostParts, opened, partsOf, type Opened } from '../../model/envelope.js'
import {
  printGate,
  type GateCheck,
  type GateMode,
  type GatePayload,
  type GatePipeline,
} from '../../model/gate.js'
import type { Live } from '../../model/live.js'
import { isRef, uuidOf, type Ref } from '../../model/ref.js'
import { access, outage, safe, type Risk } from '../../model/risk.js'
import { defineKind, type Dependency, type Known, type Objection } from '../kind.js'
import { keyObjection, ownTag } from './account.js'
import { ssm, tagList } from './call.js'
import { letInAnew, type Allowed, type LetIn } from './gate-delta.js'
import { nameObjections, pathsIn } from './parameter-name.js'
import { roleArn } from './trust.js'

/** What the gate of a queue is told: as the files come to it, as it is resolved, and as it is there. */
export interface GatePolicy {
  readonly cluster: string
  readonly queue: string
  readonly account: string
  /** Of the parameter that it is in; it begins with a slash. */
  readonly name: string
  readonly mode?: GateMode | null
  /** What it looks at beside what it is told; null for nothing. */
  readonly checks?: readonly GateCheck[] | null
  /** In seconds; null for one that never ends. */
  readonly max_age?: number | null
  /** By slug; null for one that is not let in any more. */
  readonly pipelines?: Readonly<Record<string, Allowed | null>>
  /** What its names stand for, by address: wanted alone where that has changed. */
  readonly ids?: Readonly<Record<string, string>>
  readonly serial?: number | null
  /** Whose it is; wanted alone where it is not as it should be. */
  readonly signature?: string
  /** Wanted alone where it is nearly over. */
  readonly expires_at?: string | null
  /** Names of parameters that are parts of it no more. */
  readonly leftovers?: readonly string[]
  readonly tags?: Readonly<Record<string, string>>
  /** Wanted alone: all of it as it is signed, but for the time. */
  readonly document?: Draft
  /** Read alone: its text, put together; null where it is none. */
  readonly text?: string | null
  /** Read alone: how often its first parameter was written. */
  readonly version?: number
  /** Read alone: the parameters that it is in, the first one first. */
  readonly stored?: readonly Stored[]
}

interface Stored {
  readonly name: string
  readonly type: ParameterDetail['type']
  readonly tier: string
}

/** What is signed, with Refs for what is not there yet, and without the time. */
type Draft = Readonly<Record<string, CallValue>> & { readonly serial: number }

const addressOfGate = ({ cluster, queue }: Pick<GatePolicy, 'cluster' | 'queue'>): Address =>
  addressOf('gate-policy', cluster, queue)

/** Where policies are, unless something else is written. */
const usual = /^\/buildkite\/([^/]+)\/queues\/([^/]+)\/policy(\/\d+)?$/

/** Whether a parameter holds the policy of a gate, or a part of one. */
export const isPolicyParameter = (name: string, declared: readonly string[] = []): boolean =>
  usual.test(name) || declared.includes(name.replace(/\/\d+$/, ''))

const uuid = (known: Known, address: Address): string | Ref => known.made(address)?.uuid ?? uuidOf(address)

const mapValues = <From, To>(record: Readonly<Record<string, From>>, to: (value: From) => To) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]))

/** Names of roles become ARNs. */
const withArns = ({ role, roles, ...rest }: Allowed, known: Known): Allowed => ({
  ...rest,
  ...(role !== undefined && { role: roleArn(role, known) }),
  ...(roles !== undefined && { roles: roles.map((one) => roleArn(one, known)).sort() }),
})

const namesOf = ({ cluster, queue }: GatePolicy) => ({
  cluster: addressOf('cluster', cluster),
  queue: addressOf('queue', cluster, queue),
})

/** What is wanted, whole, under a serial number. */
const draft = (
  want: GatePolicy,
  pipelines: Readonly<Record<string, Allowed>>,
  serial: number,
  known: Known,
): Draft => {
  const { cluster, queue } = namesOf(want)
  return {
    format: 'bridle.gate/1',
    organization: { slug: known.organization.slug, uuid: known.organization.uuid },
    cluster: { name: want.cluster, uuid: uuid(known, cluster) },
    queue: { key: want.queue, uuid: uuid(known, queue) },
    mode: want.mode ?? 'block',
    serial,
    ...(want.checks != null && { checks: want.checks }),
    pipelines: Object.entries(pipelines)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([slug, one]): CallValue => ({
        slug,
        uuid: uuid(known, addressOf('pipeline', slug)),
        ...(one as Readonly<Record<string, CallValue>>),
      })),
  }
}

const anyUuid = '0'.repeat(36)
const anyTime = '2000-01-01T00:00:00Z'

/** A draft as it will be, for its size and for comparing: what is not known yet is as long as it will be. */
const asSigned = (document: Draft, lasts: boolean, times: Partial<GatePayload> = {}): GatePayload => {
  const filled = (value: CallValue | undefined): unknown =>
    isRef(value)
      ? anyUuid
      : Array.isArray(value)
        ? (value as readonly CallValue[]).map(filled)
        : typeof value === 'object' && value !== null
          ? mapValues(value as Readonly<Record<string, CallValue>>, filled)
          : value
  return {
    ...(filled(document) as GatePayload),
    issued_at: anyTime,
    ...(lasts && { expires_at: anyTime }),
    ...times,
  }
}

const policyIn = (text: string | null | undefined, known: Pick<Known, 'policyKey'>): Opened =>
  text == null ? { no: 'it is no signed policy' } : opened(text, known.policyKey)

/** Whether the same is signed already, whatever its number and its time. */
const isSame = (document: Draft, lasts: number | null, have: GatePayload): boolean => {
  const { serial, issued_at, expires_at } = have
  const same = asSigned({ ...document, serial }, false, {
    issued_at,
    ...(expires_at !== undefined && { expires_at }),
  })
  return printGate(same) === printGate(have) && lasts === lastsOf(have)
}

const lastsOf = ({ issued_at, expires_at }: GatePayload): number | null =>
  expires_at === undefined ? null : (Date.parse(expires_at) - Date.parse(issued_at)) / 1000

/** Whether a quarter of its time is left, or less. */
const isNearlyOver = ({ issued_at, expires_at }: GatePayload, now: string): boolean =>
  expires_at !== undefined &&
  Date.parse(expires_at) - Date.parse(now) <= (Date.parse(expires_at) - Date.parse(issued_at)) / 4

/** Everything in the terms of what is there: names become uuids and ARNs, and the next number is counted out. */
const resolve = (want: GatePolicy, known: Known): GatePolicy => {
  const live = known.live(addressOfGate(want)) as Live<GatePolicy> | undefined
  const wanted = mapValues(want.pipelines as Readonly<Record<string, Allowed>>, (one) => withArns(one, known))
  const lasts = want.max_age ?? null
  const of = (serial: number, more: Partial<GatePolicy> = {}): GatePolicy => ({
    ...want,
    max_age: lasts,
    checks: want.checks ?? null,
    pipelines: wanted,
    serial,
    leftovers: [],
    ...more,
    document: draft(want, wanted, serial, known),
  })
  const remembered = known.serial(namesOf(want).queue)
  if (live === undefined) return of(remembered + 1)

  const { text, version = 0, pipelines: had = {}, ids: hadIds = {} } = live.spec
  const there = policyIn(text, known)
  const isOurs = 'policy' in there && there.signature !== 'bad' && there.signature !== 'of another key'
  // Whoever can write the parameter can't count for us; and what they wrote is counted by SSM.
  const next = Math.max(version, isOurs ? there.policy.serial : 0, remembered) + 1
  const due = isOurs && isNearlyOver(there.policy, known.now)
  // An older one that somebody put back is the same to read, and no host takes it.
  const isNewest = isOurs && there.policy.serial >= remembered
  if (isNewest && !due && isSame(draft(want, wanted, next, known), lasts, there.policy))
    return of(there.policy.serial)

  const names = [
    ...Object.values(namesOf(want)),
    ...Object.keys(wanted).map((one) => addressOf('pipeline', one)),
  ]
  const ids = Object.fromEntries([
    ['organization', known.organization.uuid] as const,
    ...names.map((name) => [name, uuid(known, name)] as const),
  ])
  const changed = Object.entries(ids).filter(([name, id]) => name in hadIds && hadIds[name] !== id)
  const gone = Object.keys(had).filter((slug) => !(slug in wanted))
  return of(next, {
    pipelines: { ...wanted, ...Object.fromEntries(gone.map((slug) => [slug, null])) },
    ...(changed.length > 0 && {
      ids: Object.fromEntries(
        changed.map(([name, id]) => [name, isRef(id) ? 'of the one that is made' : id]),
      ),
    }),
    ...(!isOurs && { signature: known.policyKey === undefined ? 'signed' : 'by the key here' }),
    ...(due && { expires_at: `${lasts === null ? 'never' : `${lasts} seconds`} from when it is applied` }),
  })
}

/** Fields of what is signed: where one of them differs, all of it is signed anew. */
const signedFields = [
  'mode',
  'checks',
  'max_age',
  'pipelines',
  'ids',
  'serial',
  'signature',
  'expires_at',
] as const

const partName = (name: string, index: number) => (index === 0 ? name : `${name}/${index}`)

type Writing = Pick<GatePolicy, 'cluster' | 'queue' | 'account' | 'name' | 'document' | 'max_age' | 'tags'>

/** The calls that write a policy: its first part last, since readers begin there. */
const written = (want: Writing, stored: readonly Stored[]): readonly Call[] => {
  const { account, name, document, max_age } = want
  if (document === undefined) throw new Error(`nobody has worked out what is signed for ${name}`)
  const lasts = typeof max_age === 'number' ? { lasts: max_age } : {}
  const { count, tier } = partsOf(asSigned(document, typeof max_age === 'number'))
  const there = new Map(stored.map((one) => [one.name, one]))
  return Array.from({ length: count }, (_, i) => count - 1 - i).map((part) => {
    const at = partName(name, part)
    const isNew = part === 0 && !there.has(at)
    const $signed: SignedText = { $signed: document, ...lasts, part, of: count }
    const call = ssm(
      account,
      'PutParameter',
      {
        Name: at,
        Type: 'String',
        Value: $signed,
        // SSM makes a standard parameter an advanced one, and none the other way round.
        Tier: there.get(at)?.tier === 'Advanced' ? 'Advanced' : tier,
        Description: `What the gate of queue ${want.cluster}/${want.queue} lets in. Written by bridle.`,
        ...(isNew && { Tags: tagList(want.tags ?? {}) }),
        Overwrite: !isNew,
      },
      { sets: part === 0 ? [...signedFields] : [] },
    )
    return isNew ? { ...call, repeatable: false } : call
  })
}

const removed = (account: string, names: readonly string[], sets: readonly string[]): Call[] =>
  names.map((Name) => ssm(account, 'DeleteParameter', { Name }, { sets }))

const indexOf = (name: string, root: string): number =>
  name === root ? 0 : Number(name.slice(root.length + 1))

/** What a gate reads on a privileged queue: who may run there, signed. It follows from the queue's `hook`. */
export const gatePolicy = defineKind<GatePolicy, never>({
  name: 'gate-policy',
  plural: 'gate_policies',
  provider: 'aws',
  place: ['clusters', '*', 'queues', '*', 'hook'],
  derived: true,
  written: z.never(),
  spec: () => {
    throw new Error('nobody writes the policy of a gate: it follows from what is written of a queue')
  },
  identity: ['cluster', 'queue', 'account', 'name', 'document'],
  key: ({ cluster, queue }) => keyOf(cluster, queue),
  dependencies: (one): Dependency<GatePolicy>[] => [
    { address: namesOf(one).queue, field: 'queue' },
    ...Object.entries(one.pipelines ?? {}).flatMap(([slug, allowed]): Dependency<GatePolicy>[] =>
      allowed === null ? [] : [{ address: addressOf('pipeline', slug), field: 'pipelines' }],
    ),
  ],
  goesWith: (one) => namesOf(one).queue,
  letsIn: true,
  check: (one): Objection<GatePolicy>[] => [
    ...keyObjection(one.account, one.name, 'policy'),
    ...nameObjections(one.name).map(({ what, why }) => ({
      field: 'name' as const,
      what,
      why,
      fix: 'write `parameter: /buildkite/…` beside the mode of the hook, and tell the agents of the queue',
    })),
  ],
  limits: (one): Objection<GatePolicy>[] => {
    if (one.document === undefined) return []
    const { count } = partsOf(asSigned(one.document, typeof one.max_age === 'number'))
    return count <= mostParts
      ? []
      : [
          {
            field: 'pipelines',
            what: `the policy of queue ${one.cluster}/${one.queue} would take ${count} parameters, and a reader takes ${mostParts}`,
            why: 'an agent reads all of them before it takes a job',
            fix: 'name fewer pipelines in `hook.pipelines`, or give some of them a queue of their own',
          },
        ]
  },
  atCreation: () => ({ tags: { [ownTag.key]: ownTag.value } }),
  merged: ['pipelines', 'ids', 'tags'],
  entire: ['pipelines', 'tags'],
  cannot: (_differ, { spec: { stored = [] } }) => {
    const other = stored.find(({ type }) => type !== 'String')
    return other === undefined
      ? []
      : [
          {
            field: 'name',
            what: `${other.name} is there, and is a ${other.type}`,
            why: 'agents read the policy as a String, and SSM changes no type; bridle replaces nothing silently',
            fix: 'find out whose it is, delete it by hand, and apply again',
          },
        ]
  },
  resolve,
  retired: ({ spec: { tags } }) => tags?.[ownTag.key] !== ownTag.value,

  source: 'SSM GetParametersByPath',
  asks: { ssm: true },
  async *read(sources) {
    const { aws, specs } = sources
    const wants = (specs?.('gate-policy') ?? []) as readonly GatePolicy[]
    for (const { name: account } of aws?.accounts ?? []) {
      const found = (await aws?.parameters(account, pathsIn(account, sources))) ?? []
      const there = new Map(found.map((one) => [one.name, one]))
      for (const root of there.values()) {
        const wanted = wants.find((one) => one.account === account && one.name === root.name)
        const [, cluster, queue, part] = usual.exec(root.name) ?? []
        const of = wanted ?? (part === undefined && cluster !== undefined && { cluster, queue: queue ?? '' })
        if (of === false) continue
        const spec = readPolicy({ cluster: of.cluster, queue: of.queue, account, name: root.name }, there)
        const key = keyOf(of.cluster, of.queue)
        // Where the files have it in another account, or under another name, this is another one.
        const isTaken = wanted === undefined && wants.some((one) => keyOf(one.cluster, one.queue) === key)
        yield {
          key: isTaken ? keyOf(of.cluster, of.queue, account, ...root.name.split('/').slice(1)) : key,
          id: root.name,
          uuid: root.arn,
          spec,
        }
      }
    }
  },

  operations: {
    create: (want) => written(want, []).map((call, i) => (i === 0 ? { ...call, gate: 'opens' } : call)),
    update: (want, { spec: have }) => {
      const { cluster, queue, account, name, stored = [], max_age = null } = have
      const { document } = want
      const lasts = want.max_age === undefined ? max_age : want.max_age
      const writing = { cluster, queue, account, name, max_age: lasts }
      const isRewritten = document !== undefined && signedFields.some((field) => want[field] !== undefined)
      const calls = isRewritten ? written({ ...writing, document }, stored) : []
      const outdated = isRewritten
        ? stored.flatMap((one) => (indexOf(one.name, name) >= calls.length ? [one.name] : []))
        : (have.leftovers ?? [])
      return [
        ...calls,
        ...removed(account, outdated, ['leftovers']),
        ...(want.tags === undefined
          ? []
          : [
              ssm(
                account,
                'AddTagsToResource',
                { ResourceType: 'Parameter', ResourceId: name, Tags: tagList(want.tags) },
                { sets: ['tags'] },
              ),
            ]),
      ]
    },
    remove: ({ spec: { account, name, stored = [] } }) => {
      const parts = stored.map((one) => one.name).filter((one) => one !== name)
      return [
        ...removed(account, parts, []),
        ssm(account, 'DeleteParameter', { Name: name }, { gate: 'closes' }),
      ]
    },
  },

  risk: (change) => {
    if (change.verb === 'remove') return outage('a gate that finds no policy refuses every job')
    const { want } = change
    const had = change.verb === 'create' ? undefined : change.have.spec
    const after = letIn({ ...had, ...want, pipelines: { ...had?.pipelines, ...want.pipelines } })
    const before = had === undefined || want.signature !== undefined ? undefined : letIn(had)
    return riskOf(before, after, change.verb === 'update' && want.ids !== undefined ? want.ids : {})
  },
})

const letIn = ({
  mode,
  checks,
  pipelines = {},
}: Pick<GatePolicy, 'mode' | 'checks' | 'pipelines'>): LetIn | undefined =>
  mode == null
    ? undefined
    : {
        mode,
        ...(checks != null && { checks }),
        pipelines: Object.fromEntries(
          Object.entries(pipelines).flatMap(([slug, one]) => (one === null ? [] : [[slug, one]])),
        ),
      }

/** How many things a sentence names. */
const mostNamed = 6

const sentence = (things: readonly string[]): string =>
  things.length <= mostNamed
    ? things.join(', ')
    : `${things.slice(0, mostNamed).join(', ')} and ${things.length - mostNamed} more`

/** What signing it would change for jobs, for whoever is asked to have it signed. */
const riskOf = (
  before: LetIn | undefined,
  after: LetIn | undefined,
  ids: Readonly<Record<string, unknown>>,
): Risk => {
  if (after === undefined) return safe
  const more = [
    ...letInAnew(before, after),
    ...Object.keys(ids).map((name) => `another ${name.replace(':', ' ')} than until now`),
  ]
  const less = before === undefined ? [] : letInAnew(after, before)
  const refused = less.length === 0 ? '' : `refuses what it let in: ${sentence(less)}`
  if (more.length > 0)
    return access(
      `what is signed lets in what was refused: ${sentence(more)}${refused === '' ? '' : `; and ${refused}`}`,
    )
  return less.length > 0 ? outage(`what is signed ${refused}`) : safe
}

/** A policy as it is there. What can't be read is said, and lets nobody in. */
const readPolicy = (
  of: Pick<GatePolicy, 'cluster' | 'queue' | 'account' | 'name'>,
  there: ReadonlyMap<string, ParameterDetail>,
): GatePolicy => {
  const parts = [...there.values()]
    .filter(
      (one) => one.name === of.name || (one.name.startsWith(`${of.name}/`) && isNumber(one.name, of.name)),
    )
    .sort((a, b) => indexOf(a.name, of.name) - indexOf(b.name, of.name))
  const root = there.get(of.name)
  const whole = joined((index) => there.get(partName(of.name, index))?.value)
  const count = 'text' in whole ? whole.count : parts.length
  const read = 'text' in whole ? opened(whole.text) : whole
  const policy = 'policy' in read ? read.policy : undefined
  return {
    ...of,
    mode: policy?.mode ?? null,
    checks: policy?.checks ?? null,
    max_age: policy === undefined ? null : lastsOf(policy),
    pipelines: Object.fromEntries((policy?.pipelines ?? []).map((one) => [one.slug, allowedIn(one)])),
    ids: policy === undefined ? {} : idsIn(policy),
    serial: policy?.serial ?? null,
    signature: 'policy' in read ? `said to be by ${read.kid}` : read.no,
    expires_at: policy?.expires_at ?? null,
    leftovers: parts.filter((one) => indexOf(one.name, of.name) >= count).map((one) => one.name),
    tags: root?.tags ?? {},
    text: 'text' in whole ? whole.text : null,
    version: root?.version ?? 0,
    stored: parts.map(({ name, type, tier }) => ({ name, type, tier })),
  }
}

const allowedIn = (one: GatePipeline): Allowed =>
  Object.fromEntries(Object.entries(one).filter(([key]) => key !== 'slug' && key !== 'uuid')) as Allowed

const isNumber = (name: string, root: string) => /^\d{1,3}$/.test(name.slice(root.length + 1))

const idsIn = ({ organization, cluster, queue, pipelines }: GatePayload): Record<string, string> => ({
  organization: organization.uuid,
  [addressOf('cluster', cluster.name)]: cluster.uuid,
  [addressOf('queue', cluster.name, queue.key)]: queue.uuid,
  ...Object.fromEntries(pipelines.map(({ slug, uuid }) => [addressOf('pipeline', slug), uuid])),
})
