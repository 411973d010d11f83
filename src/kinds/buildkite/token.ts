import * as z from 'zod'
import * as api from '../../../graphql/api.js'
import { keyOf, type Address } from '../../model/address.js'
import type { Call } from '../../model/call.js'
import { switched } from '../../model/grant.js'
import type { Live } from '../../model/live.js'
import { idOf, organizationId, uuidOf, type Ref } from '../../model/ref.js'
import { outage, safe } from '../../model/risk.js'
import { ownTag } from '../aws/account.js'
import { ssm, tagList } from '../aws/call.js'
import { parameter, parameterKey, parameterNamed, type Parameter } from '../aws/parameter.js'
import { seconds } from '../aws/seconds.js'
import { call } from '../call.js'
import { defineKind, type Known, type Objection } from '../kind.js'
import { clusterAddress } from './cluster.js'
import {
  address,
  mark,
  namesOf,
  networksIn,
  tokensIn,
  type Rotation,
  type Row,
  type Told,
  type Token,
} from './token-read.js'
import { recordOf } from './token-record.js'

const duration = z
  .string()
  .regex(/^[1-9]\d{0,3}[mhd]$/, { error: 'a time is a number and m, h or d, as in 90d' })

const octet = '(25[0-5]|2[0-4]\\d|1?\\d?\\d)'
const network = z.string().regex(new RegExp(`^${octet}(\\.${octet}){3}/(3[0-2]|[12]?\\d)$`), {
  error: 'addresses are written as IPv4 networks: 10.20.0.0/16',
})

/** @source API reference §4.4 */
const mostNetworks = 24

const written = z
  .strictObject({
    allowed_ip_addresses: z.array(network).min(1).max(mostNetworks).optional().meta({
      description: 'The networks from which agents may register with it; anywhere where nothing is written.',
    }),
    expires_in: duration
      .optional()
      .meta({ description: 'How long it lives. One without an end lives for ever.' }),
    rotate_before: duration.optional().meta({
      description: 'How long before its end a new one takes its place; at its end where nothing is written.',
    }),
    store: z
      .string()
      .regex(/^[^\s/]+(\/[\w.-]+)+$/, {
        error:
          'it is an AWS account of these files, then the name of a parameter: management/buildkite/agent-token',
      })
      .optional()
      .meta({
        description:
          'The SSM parameter that its value is written to, once: ACCOUNT/NAME. Agents read it when they start.',
      }),
  })
  .meta({
    title: 'Agent token',
    description: 'What connects agents to a cluster. Its value is never in a file.',
  })

type Written = z.infer<typeof written>

const saidNetworks = (networks: readonly string[]): string =>
  networks.length === 0 ? '0.0.0.0/0' : networks.join(' ')

const placeOf = (store: string): Address => {
  const { account, name } = parameterNamed(store)
  return `parameter:${parameterKey(account, name)}`
}

const keepsIn = ({ store }: Token): Address[] => (typeof store === 'string' ? [placeOf(store)] : [])

/**
 * What connects agents to a cluster: who holds its value may connect an agent to any queue of it.
 *
 * The value is said once, by the call that makes a token. It goes from there into a SecureString of SSM and nowhere else.
 * The parameter's description says whose value it is: both are written by one call, so they always agree. Until then the
 * token has a mark in its description: one that keeps it is of use to nobody, and the next run takes it away.
 */
export const token = defineKind<Token, Written>({
  name: 'token',
  plural: 'tokens',
  provider: 'buildkite',
  place: ['clusters', '*', 'tokens', '*'],
  sparing: true,
  written,
  spec: ([cluster = '', description = ''], { allowed_ip_addresses, ...said }) => ({
    cluster,
    description,
    ...(allowed_ip_addresses && { allowed_ip_addresses: networksIn(allowed_ip_addresses) }),
    ...(said as Partial<Token>),
  }),
  identity: ['cluster', 'description', 'nth'],
  key: (token) => keyOf(...namesOf(token)),
  dependencies: ({ cluster }) => [{ address: clusterAddress(cluster), field: 'cluster' }],
  keeps: (one) => keepsIn(one),

  check: (one) => [...timeObjections(one), ...storeObjections(one), ...nameObjections(one)],
  resolve: (want, known) => resolved(want, known),
  diff: { told: () => true },
  show: {
    replaced: (want, have) => ({ before: said(have), after: said(want) }),
    unfinished: (want, have) => ({ before: said(have), after: said(want) }),
  },
  volatile: ['agents_since'],
  cannotCreate: (want) => [...unstorable(want), ...(want.store == null ? [nowhere(want)] : [])],
  cannot: (differ, _have, want) =>
    differ.rotation == null
      ? unreadable(want)
      : [...unstorable(want), ...(want.store == null ? [nowhere(want, differ.rotation.because)] : [])],
  warns: (have, { told }) =>
    (told?.left ?? []).map((by): Objection<Token> => ({
      field: 'description',
      code: 'replaced-token-left',
      what: `the token that ${keyOf(...namesOf(have.spec))} has replaced is still good, and ${by} made it`,
      why: 'its agents are gone, or its time is up. bridle takes away only tokens that the identity which applies has made',
      fix: 'see that nobody needs it, and revoke it in Buildkite',
    })),

  source: 'GraphQL Cluster.agentTokens',
  grants: (token) => registering(token),
  asks: { graphql: [api.AgentTokens] },
  read: (sources) => tokensIn(sources),

  operations: {
    create: (want) =>
      making(want, {
        networks: want.allowed_ip_addresses,
        store: want.store ?? '',
        ...(want.expires_in !== undefined && { expiresIn: want.expires_in }),
        ...(want.rotation && { over: want.rotation }),
        before: [],
      }),
    update: (want, have) => updating(want, have),
    remove: ({ spec: { current, replaced = [], unfinished = [], store } }) => [
      ...[...(current ? [current] : []), ...replaced, ...unfinished].map(({ id }) => revoking(id)),
      ...(store == null ? [] : [forgetting(store)]),
    ],
  },

  risk: (change) =>
    change.verb === 'remove'
      ? outage('no agent can register with it any more; those that are connected stay')
      : change.verb === 'update' && narrows(change.want, change.have.spec)
        ? outage('agents at other addresses are disconnected')
        : safe,
})

/** Whether it is not good any more from somewhere. */
const narrows = ({ allowed_ip_addresses: want = [] }: Partial<Token>, have: Token): boolean => {
  const { allowed_ip_addresses: had = [] } = have
  return want.length > 0 && (had.length === 0 || had.some((network) => !want.includes(network)))
}

/** Tokens by what people know of them: they have no names of their own. */
const said = (rows: readonly Row[] | undefined): readonly string[] =>
  (rows ?? []).map(({ expires_at }) =>
    expires_at === null ? 'one that is good for ever' : `one that is good until ${expires_at}`,
  )

/** Without the day: one that is rotated has not become another in what it can do. */
const usable = (networks: readonly string[], isForEver: boolean) =>
  `from ${networks.length === 0 ? 'anywhere' : networks.join(' ')}, ${isForEver ? 'for ever' : 'for a time'}`

const registering = (token: Token) => {
  const is = (by: string) =>
    switched(
      token.description === undefined ? undefined : true,
      'registers-agents',
      address(token),
      clusterAddress(token.cluster),
      'allowed_ip_addresses',
      by,
    )
  if (token.description === undefined) return is('what could not be read')
  const { allowed_ip_addresses: networks = [], current, rotation, replaced = [], unfinished = [] } = token
  const ends =
    current === undefined
      ? [token.expires_in === undefined]
      : [
          ...[...(current ? [current] : []), ...replaced, ...unfinished].map(
            ({ expires_at }) => expires_at === null,
          ),
          ...(rotation ? [rotation.expires_in === undefined] : []),
        ]
  return [...new Set(ends)].sort().flatMap((isForEver) => is(usable(networks, isForEver)))
}

/** How long a machine may take from reading the value to connecting its agent. */
const startingMs = 3_600_000

const resolved = (want: Token, known: Known): Token => {
  const { cluster, description, allowed_ip_addresses, expires_in } = want
  const have = known.live(address(want))?.spec as Token | undefined
  const place = typeof want.store === 'string' ? known.live(placeOf(want.store)) : undefined
  const parameter = place?.spec as Parameter | undefined
  const declared = known.declared('parameter').find((one) => keepsIn(want).includes(one.address))
  const over = {
    ...(parameter && { overwrites: true as const }),
    ...keyOfIt((declared?.spec as Parameter | undefined) ?? parameter),
  }
  const obstacle = obstacleTo(want, have, parameter, known)
  if (have === undefined)
    return {
      ...want,
      ...(obstacle && { told: { obstacle } }),
      ...(Object.keys(over).length > 0 && {
        rotation: { because: parameter ? 'no token that is there has the value' : 'there is none', ...over },
      }),
    }
  const because = whyDue(want, have, known.now)
  const leaving = (have.replaced ?? []).filter((row) => isOver(row, known.now) || areGone(have, known.now))
  const isOwn = ({ made_by }: Row) => made_by !== null && known.appliers.has(made_by)
  const own = leaving.filter(isOwn)
  const left = leaving.filter((row) => !own.includes(row)).map(({ made_by }) => made_by ?? 'somebody unknown')
  return {
    cluster,
    description,
    ...(allowed_ip_addresses && { allowed_ip_addresses }),
    ...(want.store !== undefined && { store: want.store }),
    ...(description !== undefined && { named: description }),
    ...(because !== undefined && {
      rotation: {
        because,
        ...(expires_in !== undefined && { expires_in }),
        ...over,
        ...(have.current &&
          isOver(have.current, known.now) &&
          isOwn(have.current) && { revokes: true as const }),
      },
    }),
    // Where no place is written nobody can tell what is stored.
    ...(want.store !== undefined && have.unfinished !== undefined && { unfinished: [] }),
    ...(own.length > 0 && { replaced: (have.replaced ?? []).filter((row) => !own.includes(row)) }),
    told: { ...(obstacle && { obstacle }), ...(left.length > 0 && { left }) },
  }
}

/** The KMS key of a parameter, as far as it is not AWS's own. */
const keyOfIt = (one: Parameter | undefined) =>
  one?.key_id == null || one.key_id === 'alias/aws/ssm' ? {} : { key_id: one.key_id }

const obstacleTo = (
  { cluster }: Token,
  have: Token | undefined,
  parameter: Parameter | undefined,
  known: Known,
): Told['obstacle'] => {
  const unseen = known.live(address({ cluster, description: undefined }))?.spec as Token | undefined
  if ((have ?? unseen)?.description === undefined && unseen !== undefined) return 'hidden'
  if (parameter === undefined) return undefined
  if (parameter.tags?.[ownTag.key] !== ownTag.value) return 'foreign'
  return parameter.type === 'SecureString' ? undefined : 'not-secure'
}

const whyDue = (
  { expires_in, rotate_before, store }: Token,
  { current, store: stored }: Token,
  now: string,
): string | undefined => {
  if (current == null) return 'its value was never stored'
  if (store !== undefined && store !== stored)
    return stored == null ? 'nobody knows its value' : 'its value is stored elsewhere'
  if (current.expires_at === null) return expires_in === undefined ? undefined : 'it has no end'
  const left = Date.parse(current.expires_at) - Date.parse(now)
  return left > seconds(rotate_before ?? '0s') * 1_000 || Number.isNaN(left)
    ? undefined
    : left <= 0
      ? 'its time is up'
      : `it ends in less than ${rotate_before ?? ''}`
}

const isOver = ({ expires_at }: Row, now: string): boolean =>
  expires_at !== null && Date.parse(expires_at) <= Date.parse(now)

/** Whether every agent that is connected came so long after the value was stored that it must have read the new one. */
const areGone = ({ agents_since: since, stored_at: at }: Token, now: string): boolean => {
  if (since === undefined || at == null) return false
  const sure = Date.parse(at) + startingMs
  return Date.parse(now) >= sure && (since === null || Date.parse(since) >= sure)
}

const revoking = (id: string | Ref): Call => call(api.TokenRevoke, { organizationId, id })

const forgetting = (store: string): Call => {
  const { account, name } = parameterNamed(store)
  return ssm(account, 'DeleteParameter', { Name: name })
}

interface Making {
  readonly networks?: readonly string[] | undefined
  readonly store: string
  readonly expiresIn?: string
  readonly over?: Rotation
  /** The tokens whose place it takes, by uuid. */
  readonly before: readonly string[]
}

/** A token with a mark, its value in its place, and then its name. */
const making = (
  one: Pick<Token, 'cluster' | 'description'>,
  { networks, store, expiresIn, over, before }: Making,
  sets: { readonly sets?: readonly string[] } = {},
): Call[] => {
  const self = address(one)
  const description = one.description ?? ''
  const { account, name } = parameterNamed(store)
  const allowedIpAddresses = networks && saidNetworks(networks)
  return [
    call(
      api.TokenCreate,
      {
        organizationId,
        clusterId: idOf(clusterAddress(one.cluster)),
        description: `${description}${mark}`,
        allowedIpAddresses,
        ...(expiresIn !== undefined && { expiresAt: { $fromNow: seconds(expiresIn) } }),
      },
      { ...sets, undo: revoking(idOf(self)) },
    ),
    ssm(
      account,
      'PutParameter',
      {
        Name: name,
        Type: 'SecureString',
        Value: { $ref: self, field: 'secret' },
        Description: recordOf(uuidOf(self), before),
        KeyId: over?.key_id,
        ...(over?.overwrites
          ? { Overwrite: true }
          : { Tags: tagList({ [ownTag.key]: ownTag.value }), Overwrite: false }),
      },
      { sets: ['store'], aside: true },
    ),
    call(
      api.TokenUpdate,
      { organizationId, id: idOf(self), description, allowedIpAddresses },
      { sets: ['named'] },
    ),
  ]
}

const updating = (want: Partial<Token>, { spec: have }: Live<Token>): Call[] => {
  const { current, replaced = [], unfinished = [] } = have
  const networks = want.allowed_ip_addresses ?? have.allowed_ip_addresses ?? []
  const stay = want.replaced ?? replaced
  // Whose value is stored gets its name first, even where another one is to take its place.
  const renames = want.named !== undefined
  const changed = [
    ...(current && (want.allowed_ip_addresses !== undefined || renames) ? [current] : []),
    ...(want.allowed_ip_addresses === undefined ? [] : stay),
  ]
  const gone = [
    ...(want.unfinished === undefined ? [] : unfinished).map(({ id }) => ({ id, sets: ['unfinished'] })),
    ...replaced.filter((row) => !stay.includes(row)).map(({ id }) => ({ id, sets: ['replaced'] })),
    ...(current && want.rotation?.revokes ? [{ id: current.id, sets: [] }] : []),
  ]
  return [
    ...changed.map((row, i) =>
      call(
        api.TokenUpdate,
        {
          organizationId,
          id: row.id,
          description: row === current && renames ? (want.named ?? row.named) : row.named,
          allowedIpAddresses: saidNetworks(networks),
        },
        {
          sets:
            i === changed.length - 1
              ? ['allowed_ip_addresses', ...(renames && want.rotation == null ? ['named'] : [])]
              : [],
        },
      ),
    ),
    ...(want.rotation
      ? making(
          have,
          {
            networks,
            store: want.store ?? have.store ?? '',
            ...(want.rotation.expires_in !== undefined && { expiresIn: want.rotation.expires_in }),
            over: want.rotation,
            before: [...(current ? [current] : []), ...stay].map(({ uuid }) => uuid),
          },
          { sets: ['rotation'] },
        )
      : []),
    ...gone.map(({ id, sets }, i) =>
      call(
        api.TokenRevoke,
        { organizationId, id },
        { sets: gone.slice(i + 1).some((later) => later.sets[0] === sets[0]) ? [] : sets },
      ),
    ),
  ]
}

const timeObjections = ({ expires_in, rotate_before }: Token): Objection<Token>[] => [
  ...(expires_in !== undefined && seconds(expires_in) < leastSeconds
    ? [
        {
          field: 'expires_in' as const,
          what: `a token can't live for only ${expires_in}`,
          why: 'Buildkite takes no end that is nearer than ten minutes, and asking takes its time, too',
          fix: 'write 15m or more',
        },
      ]
    : []),
  ...(expires_in !== undefined && rotate_before !== undefined && seconds(rotate_before) >= seconds(expires_in)
    ? [
        {
          field: 'rotate_before' as const,
          what: `a token that lives for ${expires_in} is always within ${rotate_before} of its end`,
          why: 'every run would make another one',
          fix: 'write less than `expires_in`, by as much as agents need to be replaced',
        },
      ]
    : []),
]

/** @source API reference §4.4: at least ten minutes ahead when it arrives */
const leastSeconds = 15 * 60

const storeObjections = ({ store }: Token): Objection<Token>[] =>
  typeof store !== 'string'
    ? []
    : (parameter.check?.(parameterNamed(store)) ?? []).map(({ what, why, fix }) => ({
        field: 'store',
        what,
        why,
        fix,
      }))

const nameObjections = ({ description = '' }: Token): Objection<Token>[] =>
  description.endsWith(mark)
    ? [
        {
          field: 'description',
          what: `the description of a token can't end with "${mark.trim()}"`,
          why: 'by that bridle knows a token whose value it has not stored yet, and takes it away',
          fix: 'describe it in other words',
        },
      ]
    : []

const nowhere = (want: Token, because?: string): Objection<Token> => ({
  field: 'store',
  code: 'token-without-store',
  what:
    because === undefined
      ? `${address(want)} is not there yet, and nothing says where its value should go`
      : `${address(want)} needs a new one, as ${because}, and nothing says where its value should go`,
  why: 'the value of a token is said once, when it is made: nobody would ever see it',
  fix: 'write `store: ACCOUNT/NAME`, the SSM parameter that agents read it from; or make the token by hand',
})

const unreadable = ({ told, cluster }: Token): Objection<Token>[] =>
  told?.obstacle === 'hidden'
    ? [
        {
          field: 'description',
          code: 'unreadable-field',
          what: `the agent tokens of cluster "${cluster}" could not be read`,
          why: 'an answer that leaves them out may mean that this identity may not see them, so nothing can be planned from it',
          fix: 'run `bridle doctor`, and use the token of somebody who may see them',
        },
      ]
    : []

/** What stands in the way of storing a value. */
const unstorable = (want: Token): Objection<Token>[] => {
  const { told, store } = want
  if (told?.obstacle === undefined || told.obstacle === 'hidden') return unreadable(want)
  return [
    {
      field: 'store',
      code: 'store-taken',
      what:
        told.obstacle === 'foreign'
          ? `the parameter ${store ?? ''} is there, and bridle has not made it`
          : `the parameter ${store ?? ''} is there, and is no SecureString`,
      why: 'bridle would write over a value that it can not put back, and that somebody may need',
      fix: `write another \`store\`; or, if what is there may go, ${told.obstacle === 'foreign' ? 'give the parameter the tag managed-by = bridle' : 'delete the parameter'}`,
    },
  ]
}
