import type { State } from '../state.js'
import { first, where } from '../table.js'
import type { AwsDesk } from './desk.js'
import { isSettled } from './desk.js'
import { checkTrust, documentIn, isRecord, principalsIn, several } from './documents.js'
import { keyOf, roleArn, userArn } from './ids.js'
import { malformed } from './refused.js'
import type { AwsRole, AwsUser } from './rows.js'

type Seeing = Pick<AwsDesk, 'state' | 'faults' | 'births' | 'n'>

/** The parts of an ARN of IAM or STS: `role`, and the path with the name. */
const partsOf = (arn: string) => {
  const [, service, account, kind, rest] =
    /^arn:[a-z-]+:(iam|sts)::(\d{12}):([a-z-]+)(?:\/(.+))?$/.exec(arn) ?? []
  return service && account && kind ? { service, account, kind, rest: rest ?? '' } : undefined
}

const nameIn = (rest: string) => rest.slice(rest.lastIndexOf('/') + 1)

/** The user or role that an ARN names, path and all. */
export const principalNamed = (state: State, arn: string): AwsUser | AwsRole | undefined => {
  const parts = partsOf(arn)
  if (parts?.service !== 'iam') return undefined
  const key = keyOf(parts.account, nameIn(parts.rest))
  if (parts.kind === 'role') {
    const role = first(state.tables.awsRoles, 'key', key)
    return role && roleArn(state, role) === arn ? role : undefined
  }
  const user = parts.kind === 'user' ? first(state.tables.awsUsers, 'key', key) : undefined
  return user && userArn(state, user) === arn ? user : undefined
}

const isUniqueId = (name: string) => /^A[A-Z]{3}[A-Z0-9]{16,17}$/.test(name)

const isKnownAccount = (state: State, account: string) =>
  first(state.tables.awsAccounts, 'key', account) !== undefined

/** Accounts of strangers are taken at their word; in those that are here, everything has to be there. */
const isThere = (desk: Seeing, name: string): boolean => {
  const { state } = desk
  if (name === '*' || /^\d{12}$/.test(name)) return true
  if (isUniqueId(name))
    return (
      first(state.tables.awsRoles, 'id', name) !== undefined ||
      first(state.tables.awsUsers, 'id', name) !== undefined
    )
  const parts = partsOf(name)
  if (!parts || /[*?]/.test(name)) return false
  if (parts.service === 'iam' && parts.kind === 'root') return true
  if (!['role', 'user', 'assumed-role', 'federated-user'].includes(parts.kind) || parts.rest === '')
    return false
  if (!isKnownAccount(state, parts.account) || parts.kind === 'federated-user') return true
  if (parts.kind === 'assumed-role') {
    const role = first(state.tables.awsRoles, 'key', keyOf(parts.account, parts.rest.split('/')[0] ?? ''))
    return role !== undefined && isSettled(desk, role)
  }
  const row = principalNamed(state, name)
  return row !== undefined && isSettled(desk, row)
}

const isProvider = (desk: Seeing, name: string): boolean => {
  const [, account, url] = /^arn:[a-z-]+:iam::(\d{12}):oidc-provider\/(.+)$/.exec(name) ?? []
  if (account === undefined || url === undefined)
    return /^(arn:[a-z-]+:iam::\d{12}:saml-provider\/.+|[a-z0-9-]+(\.[a-z0-9-]+)+)$/.test(name)
  if (!isKnownAccount(desk.state, account)) return true
  const provider = first(desk.state.tables.awsProviders, 'key', keyOf(account, url))
  return provider !== undefined && isSettled(desk, provider)
}

/** Refuses a trust policy that IAM would refuse. */
export const checkTrustPolicy = (desk: Seeing, text: string): void => {
  checkTrust(text, (kind, name) => {
    const fine =
      kind === 'AWS'
        ? isThere(desk, name)
        : kind === 'Federated'
          ? isProvider(desk, name)
          : kind !== 'Service' || /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(name)
    if (!fine)
      throw malformed(`Invalid principal in policy: "${kind === 'Service' ? 'SERVICE' : kind}":"${name}"`)
  })
}

/** Which user or role each ARN of a trust policy means now. */
export const meantBy = (state: State, text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (documentIn(text)?.Statement ?? [])
      .flatMap(({ Principal, NotPrincipal }) => [...principalsIn(Principal), ...principalsIn(NotPrincipal)])
      .flatMap(([kind, name]) => {
        const row = kind === 'AWS' ? principalNamed(state, name) : undefined
        return row ? [[name, row.id]] : []
      }),
  )

/** What a name has come to: an account is its root; who was deleted is only an id, whoever has the name by now. */
const nameNow = (state: State, { account, meant }: AwsRole, name: string): string => {
  if (/^\d{12}$/.test(name)) {
    const partition = first(state.tables.awsAccounts, 'key', account)?.partition ?? 'aws'
    return `arn:${partition}:iam::${name}:root`
  }
  const id = meant[name]
  if (id === undefined || principalNamed(state, name)?.id === id) return name
  return id
}

const principalNow = (state: State, role: AwsRole, principal: unknown): unknown =>
  !isRecord(principal)
    ? principal
    : Object.fromEntries(
        Object.entries(principal).map(([kind, names]) => {
          if (kind !== 'AWS') return [kind, names]
          const now = several(names).map((name) =>
            typeof name === 'string' ? nameNow(state, role, name) : name,
          )
          return [kind, now.length === 1 ? now[0] : now]
        }),
      )

/** The trust policy of a role as IAM would print it now. */
export const trustNow = (state: State, role: AwsRole): string => {
  const value = JSON.parse(role.trust) as Readonly<Record<string, unknown>>
  const statements = several(value['Statement']).map((statement) =>
    isRecord(statement)
      ? Object.fromEntries(
          Object.entries(statement).map(([field, of]) => [
            field,
            field === 'Principal' || field === 'NotPrincipal' ? principalNow(state, role, of) : of,
          ]),
        )
      : statement,
  )
  return JSON.stringify({ ...value, Statement: statements })
}

/** Instance profiles that hold a role. */
export const profilesOf = ({ tables }: State, role: AwsRole) => where(tables.awsProfiles, 'holds', role.uuid)
