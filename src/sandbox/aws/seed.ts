import { insert, type State } from '../state.js'
import { all, first } from '../table.js'
import type { Credentials } from './caller.js'
import { keyIdOf, keyOf, nextId, secretOf, userArn } from './ids.js'
import { meantBy } from './trust.js'
import type { AwsAccountRow, AwsRole, AwsUser } from './rows.js'

/** An account to begin with. */
export interface NewAccount {
  /** Twelve digits. */
  readonly id: string
  readonly name: string
  readonly partition?: string
  readonly region?: string
  /** The organization of AWS that it is in. */
  readonly organizationId?: string
  /** The role that is assumed there by who manages everything; the account that manages has a user for it. */
  readonly admin?: {
    /** A name, with its path, or a whole ARN. `bridle-admin`, where nothing is said. */
    readonly role?: string
    readonly externalId?: string
  }
  /** Whether people come in as a user of its own. The first account always has one. */
  readonly user?: boolean
}

const LONG_AGO = '2026-01-01T00:00:00.000Z'
const REGION = 'eu-west-1'
const ADMINISTRATOR = 'AdministratorAccess'

/** What everybody signs with who manages: a user of the first account. */
const MANAGER = 'bridle'
const ADMIN_ROLE = 'bridle-admin'

const made = (createdAt: string) => ({ createdAt, createdBy: null })

export interface NewUser {
  readonly account: string
  readonly name: string
  readonly path?: string
  readonly attached?: readonly string[]
  readonly inline?: AwsUser['inline']
  readonly boundary?: string
  readonly groups?: readonly string[]
  readonly tags?: AwsUser['tags']
  /** False for one who has no access key. */
  readonly signs?: boolean
}

/** A user, outside of every rule: how a world begins. */
export const addUser = (state: State, given: NewUser, now = LONG_AGO): AwsUser =>
  insert(state, 'awsUsers', made(now), {
    account: given.account,
    key: keyOf(given.account, given.name),
    name: given.name,
    path: given.path ?? '/',
    id: nextId(state, 'AIDA'),
    inline: given.inline ?? [],
    attached: given.attached ?? [],
    boundary: given.boundary ?? null,
    groups: given.groups ?? [],
    tags: given.tags ?? [],
    accessKeyId: given.signs === false ? null : keyIdOf(state, 'AKIA', keyOf(given.account, given.name)),
  })

export interface NewRole {
  readonly account: string
  readonly name: string
  readonly path?: string
  /** Any trust policy, even one that IAM would not take any more. */
  readonly trust: unknown
  readonly attached?: readonly string[]
  /** By name. */
  readonly inline?: Readonly<Record<string, unknown>>
  readonly boundary?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly description?: string
  readonly maxSessionSeconds?: number
  readonly lastUsedAt?: string
}

/** A role, outside of every rule. */
export const addRole = (state: State, given: NewRole, now = LONG_AGO): AwsRole => {
  const trust = JSON.stringify(given.trust)
  return insert(state, 'awsRoles', made(now), {
    account: given.account,
    key: keyOf(given.account, given.name),
    name: given.name,
    path: given.path ?? '/',
    id: nextId(state, 'AROA'),
    trust,
    meant: meantBy(state, trust),
    description: given.description ?? null,
    maxSessionSeconds: given.maxSessionSeconds ?? 3600,
    boundary: given.boundary ?? null,
    inline: Object.entries(given.inline ?? {}).map(([name, document]) => ({
      name,
      document: JSON.stringify(document),
    })),
    attached: given.attached ?? [],
    tags: Object.entries(given.tags ?? {}).map(([key, value]) => ({ key, value })),
    lastUsedAt: given.lastUsedAt ?? null,
    lastUsedIn: given.lastUsedAt === undefined ? null : REGION,
  })
}

/** Path and name of a role: `/ops/bridle-admin`. */
const placeOf = (role: string) => {
  const whole = `/${role.replace(/^arn:[^/]*\//, '').replace(/^\//, '')}`
  const slash = whole.lastIndexOf('/')
  return { path: whole.slice(0, slash + 1), name: whole.slice(slash + 1) }
}

const administrator = ({ partition }: AwsAccountRow) => `arn:${partition}:iam::aws:policy/${ADMINISTRATOR}`

/** Whom an administrator's role trusts: who manages everything. */
const managerTrust = (state: State, manager: AwsUser, externalId: string | undefined) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: userArn(state, manager) },
      Action: 'sts:AssumeRole',
      ...(externalId === undefined ? {} : { Condition: { StringEquals: { 'sts:ExternalId': externalId } } }),
    },
  ],
})

const account = (state: State, given: NewAccount, now: string): AwsAccountRow =>
  first(state.tables.awsAccounts, 'key', given.id) ??
  insert(state, 'awsAccounts', made(now), {
    key: given.id,
    name: given.name,
    partition: given.partition ?? 'aws',
    region: given.region ?? REGION,
    organizationId: given.organizationId ?? 'o-sandbox000',
  })

const user = (state: State, row: AwsAccountRow, now: string): AwsUser =>
  first(state.tables.awsUsers, 'key', keyOf(row.key, MANAGER)) ??
  addUser(state, { account: row.key, name: MANAGER, attached: [administrator(row)] }, now)

/**
 * More accounts in a world. The first that it ever has manages the others: a user of it, `bridle`, may assume the
 * administrator's role of each. Those that are there already stay as they are.
 */
export const newAccounts = (state: State, accounts: readonly NewAccount[], now = LONG_AGO): void => {
  const rows = accounts.map((given) => [account(state, given, now), given] as const)
  const [managing] = all(state.tables.awsAccounts)
  if (!managing) return
  const manager = user(state, managing, now)
  for (const [row, given] of rows) {
    if (given.user === true) user(state, row, now)
    const { path, name } = placeOf(given.admin?.role ?? ADMIN_ROLE)
    if (first(state.tables.awsRoles, 'key', keyOf(row.key, name))) continue
    const trust = managerTrust(state, manager, given.admin?.externalId)
    addRole(state, { account: row.key, path, name, trust, attached: [administrator(row)] }, now)
  }
}

/** An account as the files declare it. */
export interface DeclaredAccount {
  readonly name: string
  readonly id: string
  readonly partition: string
  readonly region: string
  readonly assumeRole?: string
  readonly externalId?: string
}

/** Declared accounts as accounts to begin with: those that are entered without assuming a role have a user of their own, and come first. */
export const accountsFor = (declared: readonly DeclaredAccount[]): readonly NewAccount[] =>
  [...declared]
    .sort((a, b) => Number(a.assumeRole !== undefined) - Number(b.assumeRole !== undefined))
    .map(({ name, id, partition, region, assumeRole, externalId }) => ({
      name,
      id,
      partition,
      region,
      user: assumeRole === undefined,
      admin: {
        ...(assumeRole !== undefined && { role: assumeRole }),
        ...(externalId !== undefined && { externalId }),
      },
    }))

/**
 * What a user signs with.
 *
 * @param of  an account's id; the managing one, if left out
 */
export const credentialsOf = (state: State, of?: string, name = MANAGER): Credentials | undefined => {
  const id = of ?? all(state.tables.awsAccounts)[0]?.key
  const accessKeyId =
    id === undefined ? undefined : first(state.tables.awsUsers, 'key', keyOf(id, name))?.accessKeyId
  return accessKeyId == null ? undefined : { accessKeyId, secretAccessKey: secretOf(state, accessKeyId) }
}

/** What a client needs to ask the managing account. */
export interface Signing extends Credentials {
  readonly region: string
}

/** What requests to AWS are signed with, if nobody says otherwise; nothing where there is no account. */
export const signingOf = (state: State): Signing | undefined => {
  const credentials = credentialsOf(state)
  const [managing] = all(state.tables.awsAccounts)
  return credentials && managing && { ...credentials, region: managing.region }
}
