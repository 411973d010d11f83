import * as api from '../../../graphql/api.js'
import { addressOf, keyOf, type Address } from '../../model/address.js'
import type { Live } from '../../model/live.js'
import { ownTag } from '../aws/account.js'
import { pathsIn } from '../aws/parameter-name.js'
import type { Sources } from '../kind.js'
import { whole } from '../whole.js'
import { isConnected, queuesIn } from './agent.js'
import { readOrganization } from './organization.js'
import { recordIn, type Stored } from './token-record.js'

/** One token as Buildkite has it. Its value is said once, to whoever makes it. */
export interface Row {
  readonly id: string
  readonly uuid: string
  /** Its description, whatever it is to be called. */
  readonly named: string
  /** None is anywhere. */
  readonly networks: readonly string[]
  /** As Buildkite writes times; null is never. */
  readonly expires_at: string | null
  /** An email; null where nobody says. */
  readonly made_by: string | null
}

/** Why a new one is made, and how. */
export interface Rotation {
  readonly because: string
  readonly expires_in?: string
  /** Set where something is in its place that bridle has put there. */
  readonly overwrites?: true
  /** The KMS key of the parameter, as it is declared or there. */
  readonly key_id?: string
  /** Set where the time of the one before is up: it need not be kept. */
  readonly revokes?: true
}

/** What a plan has to say about one, and nothing can be done about. */
export interface Told {
  readonly obstacle?: 'hidden' | 'foreign' | 'not-secure'
  /** Who made the replaced ones whose agents are gone, and which bridle leaves alone. */
  readonly left?: readonly string[]
}

/** An agent token by its description: as a person writes it, as it is resolved, and as it is there. */
export interface Token {
  readonly cluster: string
  /** Undefined where the cluster's tokens are out of sight. */
  readonly description: string | undefined
  /** Where a cluster has others of the description, which nobody here made or stored: the second is 2. */
  readonly nth?: number
  /** Networks that it is good from; none is anywhere. */
  readonly allowed_ip_addresses?: readonly string[]
  readonly expires_in?: string
  readonly rotate_before?: string
  /** Where its value is; null where no parameter is known to have it. */
  readonly store?: string | null
  /** What Buildkite calls it at the moment. */
  readonly named?: string
  /** The one whose value is stored, or that is there under the description; null where there is none. */
  readonly current?: Row | null
  /** Those that had its place, and may still be held by agents. */
  readonly replaced?: readonly Row[]
  /** Those whose value was never stored: nobody has it. */
  readonly unfinished?: readonly Row[]
  /** Wanted where a new one is to take its place. */
  readonly rotation?: Rotation | null
  readonly told?: Told | null
  /** Read alone: when the parameter was written. */
  readonly stored_at?: string | null
  /** Read alone, where something was replaced: when the first of the connected agents came; null where there is none. */
  readonly agents_since?: string | null
}

/** What one is called until its value is stored, so that nobody takes it for one that somebody uses. */
export const mark = ' (not stored yet)'

/** Everything that an address could be. */
const anywhere: ReadonlySet<string> = new Set(['0.0.0.0/0', '::/0'])

/** No restriction is written in three ways. @source API reference §4.4 */
export const networksIn = (addresses: readonly string[]): readonly string[] =>
  addresses.some((network) => anywhere.has(network)) ? [] : [...new Set(addresses)].sort()

/** What people call it: not every token has a description. */
const nameOf = ({ description }: Pick<Token, 'description'>) =>
  description === undefined ? 'unknown' : description === '' ? 'without a description' : description

export const namesOf = (token: Pick<Token, 'cluster' | 'description' | 'nth'>) => [
  token.cluster,
  nameOf(token),
  ...(token.nth === undefined ? [] : [String(token.nth)]),
]

export const address = (token: Pick<Token, 'cluster' | 'description' | 'nth'>): Address =>
  addressOf('token', ...namesOf(token))

/** The most tokens of a cluster that the list is asked for. */
const most = 200

/** The agent tokens of each cluster. */
export async function* tokensIn(sources: Sources): AsyncIterable<Live<Token>> {
  for await (const { uuid, name, agentTokens } of sources.pages(api.AgentTokens, {})) {
    if (agentTokens === null) {
      const spec: Token = { cluster: name, description: undefined }
      yield { key: keyOf(...namesOf(spec)), id: '', uuid, spec }
      continue
    }
    const about = { call: 'AgentTokens', what: `agent tokens of cluster "${name}"` }
    const rows = whole(agentTokens, most, about).map(readRow)
    if (rows.length > 0) yield* toldApart(name, rows, sources)
  }
}

/** One row of the list. */
interface TokenRow {
  readonly id: string
  readonly uuid: string
  readonly description: string | null
  readonly allowedIpAddresses: string | null
  readonly expiresAt: string | null
  readonly createdBy: { readonly email: string } | null
}

const readRow = (row: TokenRow): Row => ({
  id: row.id,
  uuid: row.uuid,
  named: row.description ?? '',
  networks: networksIn((row.allowedIpAddresses ?? '').split(/\s+/).filter((network) => network !== '')),
  expires_at: row.expiresAt,
  made_by: row.createdBy?.email.toLowerCase() ?? null,
})

const unmarked = (named: string): string => (named.endsWith(mark) ? named.slice(0, -mark.length) : named)

/** The tokens of a cluster, by description: the one that counts, what it has replaced, and what nobody here made. */
async function* toldApart(
  cluster: string,
  rows: readonly Row[],
  sources: Sources,
): AsyncIterable<Live<Token>> {
  const stored = await storedIn(sources)
  const self = rows.some(({ named }) => named.endsWith(mark))
    ? (await readOrganization(sources)).identity.email
    : undefined
  const isOurs = ({ uuid, named, made_by }: Row) =>
    named.endsWith(mark) && (made_by === self || stored.some((one) => one.uuid === uuid))
  const groups = new Map<string, Row[]>()
  for (const row of [...rows].sort((a, b) => (a.uuid < b.uuid ? -1 : 1))) {
    // Whoever gives a token of theirs our mark has a token of that description, and no other.
    const description = isOurs(row) ? unmarked(row.named) : row.named
    groups.set(description, [...(groups.get(description) ?? []), row])
  }
  const found = [...groups].flatMap(([description, own]) => grouped(cluster, description, own, stored))
  const since = found.some(({ replaced = [] }) => replaced.length > 0)
    ? await agentsSince(sources, cluster)
    : undefined
  for (const one of found) {
    const { current, unfinished: [first] = [] } = one
    const { id, uuid } = current ?? first ?? { id: '', uuid: '' }
    const isWaited = (one.replaced ?? []).length > 0 && since !== undefined
    yield {
      key: keyOf(...namesOf(one)),
      id,
      uuid,
      spec: { ...one, ...(isWaited && { agents_since: since }) },
    }
  }
}

const grouped = (
  cluster: string,
  description: string,
  rows: readonly Row[],
  stored: readonly Stored[],
): readonly Token[] => {
  const isPlain = ({ named }: Row) => named === description
  // Of two places that tell of tokens here, the one that the other has not replaced.
  const told = stored.filter((one) => rows.some(({ uuid }) => uuid === one.uuid))
  const record = told.find(({ uuid }) => !told.some(({ before }) => before.includes(uuid)))
  const current = rows.find(({ uuid }) => uuid === record?.uuid) ?? rows.find(isPlain) ?? null
  const others = rows.filter((row) => row !== current)
  const replaced = others.filter(({ uuid }) => record?.before.includes(uuid))
  const unfinished = others.filter((row) => !isPlain(row) && !replaced.includes(row))
  const strangers = others.filter((row) => isPlain(row) && !replaced.includes(row))
  const kept = [...(current ? [current] : unfinished), ...replaced]
  return [
    {
      ...readToken(cluster, description, current, { replaced, unfinished }),
      allowed_ip_addresses: together(kept),
      named: current?.named ?? `${description}${mark}`,
      store: record?.store ?? null,
      stored_at: record?.at ?? null,
    },
    ...strangers.map((row, i) => ({
      ...readToken(cluster, description, row, { replaced: [], unfinished: [] }),
      nth: i + 2,
    })),
  ]
}

const readToken = (
  cluster: string,
  description: string,
  current: Row | null,
  { replaced, unfinished }: Required<Pick<Token, 'replaced' | 'unfinished'>>,
): Token => ({
  cluster,
  description,
  allowed_ip_addresses: current?.networks ?? [],
  named: current?.named ?? description,
  store: null,
  current,
  replaced,
  unfinished,
  rotation: null,
  told: null,
  stored_at: null,
})

/** All networks that some tokens are good from: one that is good from anywhere makes it anywhere. */
const together = (rows: readonly Row[]): readonly string[] =>
  rows.some(({ networks }) => networks.length === 0)
    ? []
    : networksIn(rows.flatMap(({ networks }) => networks))

/** Which tokens' values are stored, as the parameters say that bridle has written. */
const storedIn = async (sources: Sources): Promise<readonly Stored[]> => {
  const found: Stored[] = []
  for (const { name: account } of sources.aws?.accounts ?? [])
    for (const one of (await sources.aws?.parameters(account, pathsIn(account, sources))) ?? []) {
      const record = one.type === 'SecureString' ? recordIn(one.description) : undefined
      if (record !== undefined && one.tags[ownTag.key] === ownTag.value)
        found.push({ ...record, store: `${account}${one.name}`, at: one.modifiedAt })
    }
  return found
}

/** An agent that does not say when it came has been there for ever. */
const always = '1970-01-01T00:00:00.000Z'

/**
 * When the first of the agents came that are connected to queues of one's own in a cluster. Which token an agent came with
 * nobody says, so any of them may have come with any token.
 */
const agentsSince = async (sources: Sources, cluster: string): Promise<string | null> => {
  const own = [...(await queuesIn(sources, { clusters: new Set([cluster]) })).values()]
  const queues = own.filter(({ hosted }) => !hosted).map(({ id }) => id)
  let first: string | null = null
  if (queues.length === 0) return first
  for await (const { connectionState, connectedAt } of sources.pages(api.Agents, { queues: queues.sort() })) {
    if (isConnected(connectionState) === false) continue
    const came = timeOf(connectedAt ?? always)
    if (first === null || came < first) first = came
  }
  return first
}

const timeOf = (text: string): string => {
  const time = Date.parse(text)
  return Number.isNaN(time) ? always : new Date(time).toISOString()
}
