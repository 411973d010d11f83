import { createHash } from 'node:crypto'
import { audience } from '../kinds/aws/trust.js'
import { issuer } from '../policy/principal.js'
import { addressOf, keyIn, namesIn, type Address } from '../model/address.js'
import type { AwsAccount, SeenAccount } from '../model/aws.js'
import type { Json } from '../model/json.js'
import type { Live } from '../model/live.js'
import { isRef } from '../model/ref.js'
import type { Policy, RoleVersion, RoleWorld } from './roles.js'

type Spec = Readonly<Record<string, unknown>>

/** A thing that bears on roles, at some time: what is there has an id, what is yet to be made has none. */
export type Present = Pick<Live<Spec>, 'key' | 'spec'> & Partial<Pick<Live<Spec>, 'id' | 'uuid' | 'slug'>>

/** What roles are told from. */
export interface RolesFrom {
  readonly organization: { readonly slug: string; readonly uuid?: string }
  readonly accounts: readonly AwsAccount[]
  /** What was read of the accounts; nothing where the files are taken for all there is. */
  readonly aws?: ReadonlyMap<string, SeenAccount> | undefined
  readonly of: (kind: string) => readonly Present[]
}

/** Stands for the uuid of something that has none yet: another one for every name, and always the same. */
export const standIn = (address: Address): string => {
  const hex = createHash('sha256').update(address).digest('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}

/** Everything that decides who may become which role, in the terms in which AWS is asked. */
export const roleWorldOf = (from: RolesFrom): RoleWorld => {
  const { organization, of, aws } = from
  const idOf = (address: Address, there: Present | undefined) => there?.uuid ?? standIn(address)
  const things = (kind: string) =>
    of(kind).map((one) => {
      const address: Address = `${kind}:${one.key}`
      return { one, address, id: idOf(address, one), name: lastIn(address) }
    })
  const clusterOf = (spec: Spec): Address => addressOf('cluster', text(spec['cluster']) ?? '')
  const clusters = things('cluster').map(({ address, id, name }) => ({ address, id, name }))
  const queues = things('queue').map(({ one, address, id, name }) => ({
    address,
    id,
    name,
    cluster: clusterOf(one.spec),
  }))
  const pipelines = things('pipeline').map(({ one, address, id, name }) => ({
    address,
    id,
    name: one.slug ?? name,
    cluster: one.spec['cluster'] == null ? one.spec['cluster'] : clusterOf(one.spec),
  }))
  const ids = new Map<Address, string>([
    ['organization:', organization.uuid ?? standIn('organization:')],
    ...[...clusters, ...queues, ...pipelines].map(({ address, id }) => [address, id] as const),
  ])
  const arns = new Map([
    ...of('role').map((one): [Address, string] => [`role:${one.key}`, arnOfRole(from, one)]),
    ...from.accounts.map((account): [Address, string] => [
      addressOf('oidc-provider', account.name, issuer),
      arnOfProvider(account, issuer),
    ]),
  ])
  const meant = (address: Address, field: string): string =>
    (field === 'id' ? arns.get(address) : undefined) ?? ids.get(address) ?? standIn(address)
  return {
    organization: { slug: organization.slug, id: meant('organization:', 'uuid') },
    clusters,
    queues,
    pipelines,
    providers: providersIn(from),
    roles: of('role').map((one) => versionOf(from, one, arns.get(`role:${one.key}`) ?? '', meant)),
    accounts: new Set(from.accounts.map(({ id }) => id)),
    withUsers: new Set(
      from.accounts
        .filter(({ name }) => aws === undefined || (aws.get(name)?.authorization.users.length ?? 1) > 0)
        .map(({ id }) => id),
    ),
  }
}

const lastIn = (address: Address): string => namesIn(keyIn(address)).at(-1) ?? ''

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const arnOfRole = ({ accounts }: RolesFrom, { id, key, spec }: Present): string => {
  if (id?.startsWith('arn:') === true) return id
  const [account = '', name = ''] = namesIn(key)
  const declared = accounts.find((one) => one.name === account)
  return `arn:${declared?.partition ?? 'aws'}:iam::${declared?.id ?? ''}:role${text(spec['path']) ?? '/'}${name}`
}

/** The providers that were read; where the files are all there is, each account has Buildkite's. */
const providersIn = ({ accounts, aws, of }: RolesFrom): RoleWorld['providers'] => {
  const told = of('oidc-provider').map(({ key, spec }) => {
    const [account = '', url = ''] = namesIn(key)
    return { account, url, clientIds: (spec['client_ids'] as readonly string[] | undefined) ?? [audience] }
  })
  const presumed =
    aws === undefined
      ? accounts
          .filter(({ name }) => !told.some(({ account, url }) => account === name && url === issuer))
          .map(({ name }) => ({ account: name, url: issuer, clientIds: [audience] }))
      : []
  return [...told, ...presumed].flatMap(({ account, url, clientIds }) => {
    const there = accounts.find(({ name }) => name === account)
    return there === undefined ? [] : [{ arn: arnOfProvider(there, url), url, clientIds }]
  })
}

const arnOfProvider = ({ partition, id }: AwsAccount, url: string): string =>
  `arn:${partition}:iam::${id}:oidc-provider/${url}`

const versionOf = (
  { aws, of }: RolesFrom,
  { key, spec, uuid }: Present,
  arn: string,
  meant: (address: Address, field: string) => string,
): RoleVersion => {
  const [account = '', name = ''] = namesIn(key)
  const known = aws?.get(account)?.authorization.policies
  const managed = (policy: string): Policy => ({ name: policy, document: known?.get(policy) })
  const inline = spec['inline_policies'] as Readonly<Record<string, Json>> | undefined
  const boundary = text(spec['permissions_boundary'])
  const held = of('instance-profile').some(
    (profile) => namesIn(profile.key)[0] === account && profile.spec['role'] === name,
  )
  return {
    address: `role:${key}`,
    arn,
    ...(uuid !== undefined && { id: uuid }),
    tags: (spec['tags'] as Readonly<Record<string, string>> | undefined) ?? {},
    trust: filled(spec['trust'] as Json | undefined, meant),
    identity: [
      ...(inline === undefined && uuid !== undefined
        ? [{ name: 'inline policies', document: undefined }]
        : Object.entries(inline ?? {}).map(([policy, document]) => ({
            name: policy,
            document: filled(document, meant),
          }))),
      ...((spec['managed_policies'] as readonly string[] | undefined) ?? []).map(managed),
    ],
    boundary: boundary === undefined ? null : managed(boundary),
    inProfile: held,
  }
}

/** A document with what stands for things that are yet to be made filled in. */
const filled = (
  value: Json | undefined,
  meant: (address: Address, field: string) => string,
): Json | undefined => {
  if (value === undefined || value === null || typeof value !== 'object') return value
  if (isRef(value)) return meant(value.$ref, value.field)
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => filled(one, meant) ?? null)
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) =>
      one === undefined ? [] : [[key, filled(one, meant) ?? null]],
    ),
  )
}
