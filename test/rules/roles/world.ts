import type { Address } from '../../../src/model/address.js'
import type { PrincipalDetail, RoleDetail, SeenAccount } from '../../../src/model/aws.js'
import type { Json } from '../../../src/model/json.js'
import type { DeclaredRole, RoleWorld } from '../../../src/access/roles/world.js'

type Statement = Readonly<Record<string, Json>>

/** A role as a table writes it; README.md beside this file says what each key is. */
export interface WrittenRole {
  readonly trust?: readonly Statement[] | Json
  readonly inline?: Readonly<Record<string, readonly Statement[]>>
  readonly attached?: readonly string[]
  readonly boundary?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly path?: string
  readonly hours?: number
  readonly profiles?: readonly string[]
  readonly id?: string
  readonly declared?: WrittenWant
}

interface WrittenWant {
  readonly trust?: readonly Statement[]
  readonly inline?: Readonly<Record<string, readonly Statement[]>>
  readonly attached?: readonly string[]
  readonly boundary?: string | null
  readonly hours?: number
}

export interface WrittenPerson {
  readonly inline?: Readonly<Record<string, readonly Statement[]>>
  readonly attached?: readonly string[]
  readonly boundary?: string
  readonly groups?: readonly string[]
}

/** What a table says of its world beside the role under test. */
export interface WrittenWorld {
  readonly roles?: Readonly<Record<string, WrittenRole>>
  readonly users?: Readonly<Record<string, WrittenPerson>>
  readonly groups?: Readonly<Record<string, WrittenPerson>>
  /** Managed policies, by ARN. */
  readonly policies?: Readonly<Record<string, readonly Statement[]>>
  /** By account: the client ids of Buildkite's provider. */
  readonly clients?: Readonly<Record<string, readonly string[]>>
  /** By queue: the role that its instances have; null for none said. */
  readonly instance_roles?: Readonly<Record<string, string | null>>
  readonly stored?: readonly { account: string; name: string }[]
  readonly parameters?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** The account of `management`, as `assume_role` has it. */
  readonly bridle?: string
}

const accountIds: Readonly<Record<string, string>> = { management: '111111111111', prod: '333333333333' }

const uuid = (digit: string, nth: number) =>
  `${digit.repeat(8)}-0000-4000-8000-${nth.toString().padStart(12, '0')}`

const organization = { slug: 'acme', uuid: uuid('0', 1) }
const clusters = ['production', 'general'].map((name, at) => ({
  address: `cluster:${name}` as Address,
  uuid: uuid('c', at + 1),
  isPrivileged: name === 'production',
}))
const queues = ['production/deploy', 'production/release', 'general/default', 'general/build'].map(
  (key, at) => ({
    address: `queue:${key}` as Address,
    cluster: `cluster:${key.split('/')[0]!}` as Address,
    uuid: uuid('a', at + 1),
    key: key.split('/')[1]!,
    isPrivileged: key.startsWith('production/'),
  }),
)
const pipelines = [
  ['web-deploy', 'production'],
  ['api-deploy', 'production'],
  ['web', 'general'],
  ['docs', 'general'],
].map(([slug = '', cluster = ''], at) => ({
  address: `pipeline:${slug}` as Address,
  slug,
  uuid: uuid('b', at + 1),
  cluster: `cluster:${cluster}` as Address,
  repository: `git@github.com:acme/${slug.replace('-deploy', '')}.git`,
}))

/** `{pipeline web}` and the like, as AWS and Buildkite call them. */
const words: Readonly<Record<string, string>> = {
  org: organization.uuid,
  ...Object.fromEntries(
    [...clusters, ...queues, ...pipelines].map(({ address, uuid }) => [address.replace(':', ' '), uuid]),
  ),
  ...Object.fromEntries(
    Object.entries(accountIds).flatMap(([name, id]) => [
      [`account ${name}`, id],
      [`provider ${name}`, `arn:aws:iam::${id}:oidc-provider/agent.buildkite.com`],
      [`root ${name}`, `arn:aws:iam::${id}:root`],
    ]),
  ),
}

const filled = <Value>(value: Value): Value => {
  if (typeof value === 'string')
    return value.replaceAll(
      /(?<!\$)\{(role )?([^{}]+)\}/g,
      (whole: string, role: string | undefined, name: string) =>
        role === undefined ? (words[name] ?? whole) : roleArn(name),
    ) as Value
  if (Array.isArray(value)) return value.map(filled) as Value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [filled(key), filled(one)])) as Value
}

const roleArn = (name: string): string => {
  const [account = '', ...rest] = name.split('/')
  return `arn:aws:iam::${accountIds[account] ?? '999999999999'}:role/${rest.join('/')}`
}

/** Statements as IAM has them, where a table leaves out what is the same in all of them. */
const documentOf = (statements: readonly Statement[] | Json, use: 'trust' | 'identity'): Json => {
  if (!Array.isArray(statements)) return filled(statements)
  const action = (principal: Json | undefined): string =>
    typeof principal === 'object' && principal !== null && 'Federated' in principal
      ? 'sts:AssumeRoleWithWebIdentity'
      : 'sts:AssumeRole'
  return {
    Version: '2012-10-17',
    Statement: (statements as readonly Statement[]).map((one) =>
      filled({
        Effect: 'Allow',
        ...(use === 'trust'
          ? { ...('NotAction' in one ? {} : { Action: action(one['Principal']) }) }
          : { ...('NotResource' in one ? {} : { Resource: '*' }) }),
        ...one,
      }),
    ),
  }
}

const detailOf = (name: string, role: WrittenRole): RoleDetail => {
  const [account = '', ...rest] = name.split('/')
  const path = role.path ?? '/'
  return {
    arn: `arn:aws:iam::${accountIds[account]!}:role${path}${rest.join('/')}`,
    name: rest.join('/'),
    path,
    id:
      role.id ??
      `AROA${rest
        .join('')
        .toUpperCase()
        .replaceAll(/[^A-Z0-9]/g, '')
        .padEnd(16, 'X')}`,
    trust: documentOf(role.trust ?? [{ Principal: { Service: 'ec2.amazonaws.com' } }], 'trust'),
    inline: Object.entries(role.inline ?? {}).map(([name, one]) => ({
      name,
      document: documentOf(one, 'identity'),
    })),
    attached: (role.attached ?? []).map((arn) => ({ name: arn.split('/').at(-1)!, arn })),
    boundary: role.boundary ?? null,
    tags: role.tags ?? {},
    description: null,
    maxSessionSeconds: (role.hours ?? 1) * 3600,
    lastUsed: null,
    createdAt: null,
    profiles: role.profiles ?? [],
  }
}

export const span = (line: number) => ({ file: 'bridle.yaml', line, column: 1, length: 1, text: '' })

const declaredOf = (name: string, want: WrittenWant): DeclaredRole => ({
  address: `role:${name}`,
  at: span(10),
  spans: {
    ...(want.trust && { trust: span(11) }),
    ...(want.inline && { inline_policies: span(12) }),
    ...(want.attached && { managed_policies: span(13) }),
  },
  spec: {
    ...(want.trust && { trust: documentOf(want.trust, 'trust') }),
    ...(want.inline && {
      inline_policies: Object.fromEntries(
        Object.entries(want.inline).map(([name, one]) => [name, documentOf(one, 'identity')]),
      ),
    }),
    ...(want.attached && { managed_policies: want.attached }),
    ...(want.boundary !== undefined && { permissions_boundary: want.boundary }),
    ...(want.hours !== undefined && { max_session_duration: want.hours * 3600 }),
  },
})

const personOf = (
  kind: 'user' | 'group',
  account: string,
  name: string,
  one: WrittenPerson,
): PrincipalDetail => ({
  arn: `arn:aws:iam::${account}:${kind}/${name}`,
  name,
  inline: Object.entries(one.inline ?? {}).map(([name, each]) => ({
    name,
    document: documentOf(each, 'identity'),
  })),
  attached: (one.attached ?? []).map((arn) => ({ name: arn.split('/').at(-1)!, arn })),
  boundary: one.boundary ?? null,
  groups: one.groups ?? [],
})

const of = <One>(account: string, all: Readonly<Record<string, One>> | undefined): [string, One][] =>
  Object.entries(all ?? {}).flatMap(([name, one]) =>
    name.startsWith(`${account}/`) ? [[name.slice(account.length + 1), one] as [string, One]] : [],
  )

/** The world of a table: two accounts, a privileged cluster and another one. */
export const roleWorld = (written: WrittenWorld): RoleWorld => {
  const accounts = new Map(
    Object.entries(accountIds).map(([name, id]): [string, SeenAccount] => [
      name,
      {
        account: {
          name,
          id,
          partition: 'aws',
          region: 'eu-west-1',
          ...(written.bridle === undefined ? {} : { assumeRole: written.bridle }),
        },
        identity: { arn: `arn:aws:sts::${id}:assumed-role/reader/bridle`, account: id },
        authorization: {
          roles: of(name, written.roles).map(([role, one]) => detailOf(`${name}/${role}`, one)),
          profiles: [],
          users: of(name, written.users).map(([user, one]) => personOf('user', id, user, one)),
          groups: of(name, written.groups).map(([group, one]) => personOf('group', id, group, one)),
          policies: new Map(
            Object.entries(written.policies ?? {}).map(([arn, one]) => [arn, documentOf(one, 'identity')]),
          ),
        },
        providers: [
          {
            arn: `arn:aws:iam::${id}:oidc-provider/agent.buildkite.com`,
            url: 'agent.buildkite.com',
            clientIds: written.clients?.[name] ?? ['sts.amazonaws.com'],
            thumbprints: [],
            tags: {},
          },
        ],
      },
    ]),
  )
  const instanceRole = (queue: string): string | undefined => {
    const said = written.instance_roles?.[queue]
    return said ?? undefined
  }
  return {
    accounts,
    organization,
    declared: new Map(
      Object.entries(written.roles ?? {}).flatMap(([name, { declared }]) =>
        declared === undefined ? [] : [[`role:${name}` as Address, declaredOf(name, declared)] as const],
      ),
    ),
    clusters,
    queues: queues.map((queue) => {
      const role = instanceRole(queue.address.slice('queue:'.length))
      return { ...queue, at: span(20), ...(role !== undefined && { instanceRole: role }) }
    }),
    pipelines,
    tokenParameters: written.stored ?? [],
    parameters: new Map(
      Object.entries(written.parameters ?? {}).map(([account, all]) => [
        account,
        Object.entries(all).map(([name, value]) => ({
          name,
          arn: `arn:aws:ssm:eu-west-1:${accountIds[account]!}:parameter${name}`,
          type: 'String' as const,
          value,
          version: 1,
          tier: 'Standard',
          keyId: null,
          description: null,
          modifiedAt: null,
          tags: {},
        })),
      ]),
    ),
  }
}
