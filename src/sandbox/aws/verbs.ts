import { Refused } from '../refused.js'
import type { State } from '../state.js'
import { switchesOf } from '../switches.js'
import { all, first, get, where } from '../table.js'
import type { Aws } from './desk.js'
import { iamArn, keyOf, providerArn } from './ids.js'
import { operationNamed, serviceOf } from './operations.js'
import { readInput } from './reading.js'
import { AwsRefused } from './refused.js'
import type { AwsAccountRow, AwsRole } from './rows.js'
import { profilesOf } from './trust.js'

// What somebody does in the console of an account, who may do everything there.

type Words = readonly string[]

/** An account in which somebody does something, at some time. */
interface Console {
  readonly state: State
  readonly now: string
}

interface Verb {
  readonly usage: string
  does(console: Console, words: Words): string
}

/** A thing in an account. */
interface Place {
  readonly word: string
  readonly kind: string
  readonly account: AwsAccountRow
  readonly name: string
}

const kinds = ['role', 'instance-profile', 'oidc-provider', 'parameter'] as const
/** A managed policy or a key is made here for others to name, and no file declares one. */
const named = [...kinds, 'policy', 'key'] as const
const address = new RegExp(`^(${named.join('|')}):([^/]+)/(.+)$`)

/** Whether a word names something in an account of AWS. */
export const isOfAws = (word: string | undefined): boolean =>
  named.some((kind) => word?.startsWith(`${kind}:`) === true)

const placeOf = ({ state }: Console, word = '', ...wanted: readonly string[]): Place => {
  const [, kind = '', owner = '', name = ''] = address.exec(word) ?? []
  if (!wanted.includes(kind))
    throw new Refused(`"${word}" should be ${wanted.map((one) => `${one}:ACCOUNT/NAME`).join(' or ')}`)
  const accounts = all(state.tables.awsAccounts)
  const account = accounts.find((row) => row.name === owner || row.key === owner)
  if (!account) {
    const names = accounts.map((row) => row.name).sort()
    throw new Refused(
      `there is no account "${owner}"; ${names.length === 0 ? 'there are none' : `there are: ${names.join(', ')}`}`,
    )
  }
  return { word, kind, account, name: kind === 'parameter' ? `/${name}` : name }
}

/** Asks an operation, as whom an account belongs to. */
const ask = (
  { state, now }: Console,
  { key, region }: AwsAccountRow,
  name: string,
  input: object,
): unknown => {
  const service = serviceOf(name)
  const operation = service && operationNamed(service, name)
  if (!operation || 'open' in operation) throw new Error(`there is no operation ${name}`)
  const aws: Aws = {
    state,
    now,
    switches: switchesOf(state.switches),
    faults: [],
    n: 0,
    births: {},
    region,
    network: { sourceIp: '127.0.0.1' },
    userAgent: null,
    account: key,
    caller: { account: key, arn: iamArn(state, key, 'root'), userId: key },
  }
  try {
    return operation.does(aws, readInput(service, operation.input, input) as never)
  } catch (error) {
    if (error instanceof AwsRefused) throw new Refused(`${error.code}: ${error.message}`)
    throw error
  }
}

const pairsIn = (words: Words) => {
  if (words.length === 0) throw new Refused('say what: KEY=VALUE')
  return words.map((word) => {
    const equals = word.indexOf('=')
    if (equals < 1) throw new Refused(`"${word}" should be KEY=VALUE`)
    return { Key: word.slice(0, equals), Value: word.slice(equals + 1) }
  })
}

/** What there is to say about tags of each kind. */
const tagging = ({ state }: Console, { kind, account, name }: Place) => {
  if (kind === 'role') return { suffix: 'Role', about: { RoleName: name } }
  if (kind === 'instance-profile') return { suffix: 'InstanceProfile', about: { InstanceProfileName: name } }
  const arn = providerArn(state, { account: account.key, url: name })
  return { suffix: 'OpenIDConnectProvider', about: { OpenIDConnectProviderArn: arn } }
}

const tag = (console: Console, [word, ...words]: Words): string => {
  const place = placeOf(console, word, ...kinds)
  const Tags = pairsIn(words)
  if (place.kind === 'parameter')
    ask(console, place.account, 'AddTagsToResource', {
      ResourceType: 'Parameter',
      ResourceId: place.name,
      Tags,
    })
  else {
    const { suffix, about } = tagging(console, place)
    ask(console, place.account, `Tag${suffix}`, { ...about, Tags })
  }
  return `${place.word}: ${words.join(' ')}`
}

const untag = (console: Console, [word, ...TagKeys]: Words): string => {
  const place = placeOf(console, word, ...kinds)
  if (place.kind === 'parameter')
    ask(console, place.account, 'RemoveTagsFromResource', {
      ResourceType: 'Parameter',
      ResourceId: place.name,
      TagKeys,
    })
  else {
    const { suffix, about } = tagging(console, place)
    ask(console, place.account, `Untag${suffix}`, { ...about, TagKeys })
  }
  return `${place.word}: without ${TagKeys.join(' ')}`
}

const trust = (console: Console, [word, PolicyDocument = '']: Words): string => {
  const { account, name } = placeOf(console, word, 'role')
  ask(console, account, 'UpdateAssumeRolePolicy', { RoleName: name, PolicyDocument })
  return `${word ?? ''}: has another trust policy`
}

const policy = (console: Console, [word, PolicyName = '', PolicyDocument]: Words): string => {
  const { account, name } = placeOf(console, word, 'role')
  const about = { RoleName: name, PolicyName }
  if (PolicyDocument === undefined) ask(console, account, 'DeleteRolePolicy', about)
  else ask(console, account, 'PutRolePolicy', { ...about, PolicyDocument })
  return `${word ?? ''}: policy ${PolicyName} is ${PolicyDocument === undefined ? 'deleted' : 'put'}`
}

const managed =
  (operation: 'AttachRolePolicy' | 'DetachRolePolicy', said: string) =>
  (console: Console, [word, PolicyArn = '']: Words): string => {
    const { account, name } = placeOf(console, word, 'role')
    ask(console, account, operation, { RoleName: name, PolicyArn })
    return `${word ?? ''}: ${PolicyArn} ${said}`
  }

const put = (console: Console, [word, Value = '', Type]: Words): string => {
  const { account, name } = placeOf(console, word, 'parameter')
  const key = `${account.key}/${account.region}/${name}`
  const had = first(console.state.tables.awsParameters, 'key', key)
  ask(console, account, 'PutParameter', {
    Name: name,
    Value,
    Type: Type ?? had?.type ?? 'String',
    Overwrite: true,
  })
  return `${word ?? ''}: put`
}

const settings: Readonly<Record<string, (value: string) => readonly [operation: string, input: object]>> = {
  description: (value) => ['UpdateRole', { Description: value }],
  max_session_seconds: (value) => ['UpdateRole', { MaxSessionDuration: value }],
  boundary: (value) =>
    value === ''
      ? ['DeleteRolePermissionsBoundary', {}]
      : ['PutRolePermissionsBoundary', { PermissionsBoundary: value }],
}

const set = (console: Console, [word, ...words]: Words): string => {
  const { account, name } = placeOf(console, word, 'role')
  for (const { Key, Value } of pairsIn(words)) {
    const setting = settings[Key]
    if (!setting) throw new Refused(`"${Key}" is none of ${Object.keys(settings).join(', ')}`)
    const [operation, input] = setting(Value)
    ask(console, account, operation, { RoleName: name, ...input })
  }
  return `${word ?? ''}: ${words.join(' ')}`
}

const EC2 =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}'

/** The id of a key by its alias. */
const keyNamed = ({ state }: Console, { account, name }: Place): string => {
  const key = first(state.tables.awsKeys, 'alias', `${account.key}/${account.region}/alias/${name}`)
  if (!key) throw new Refused(`there is no key "${name}" in account "${account.name}"`)
  return key.id
}

const createdKey = (console: Console, place: Place, KeySpec = 'ECC_NIST_P256', usage?: string): string => {
  const { account, name } = place
  const KeyUsage = usage ?? (KeySpec === 'SYMMETRIC_DEFAULT' ? 'ENCRYPT_DECRYPT' : 'SIGN_VERIFY')
  const made = ask(console, account, 'CreateKey', { KeySpec, KeyUsage }) as {
    readonly KeyMetadata: { readonly KeyId: string; readonly Arn: string }
  }
  const { KeyId, Arn } = made.KeyMetadata
  ask(console, account, 'CreateAlias', { AliasName: `alias/${name}`, TargetKeyId: KeyId })
  return `${place.word}: created as ${Arn}`
}

const switching =
  (operation: 'EnableKey' | 'DisableKey', said: string) =>
  (console: Console, [word]: Words): string => {
    const place = placeOf(console, word, 'key')
    ask(console, place.account, operation, { KeyId: keyNamed(console, place) })
    return `${place.word}: ${said}`
  }

const create = (console: Console, [word, document, usage]: Words): string => {
  const place = placeOf(console, word, 'role', 'policy', 'key')
  const { kind, account, name } = place
  if (kind === 'key') return createdKey(console, place, document, usage)
  if (kind === 'role')
    ask(console, account, 'CreateRole', { RoleName: name, AssumeRolePolicyDocument: document ?? EC2 })
  else ask(console, account, 'CreatePolicy', { PolicyName: name, PolicyDocument: document ?? '' })
  return `${word ?? ''}: created`
}

const client = (console: Console, [word, ClientID = '']: Words): string => {
  const place = placeOf(console, word, 'oidc-provider')
  ask(console, place.account, 'AddClientIDToOpenIDConnectProvider', {
    ...tagging(console, place).about,
    ClientID,
  })
  return `${word ?? ''}: takes tokens for ${ClientID}`
}

/** The console takes along what a role would be kept for. */
const emptied = (console: Console, account: AwsAccountRow, role: AwsRole | undefined) => {
  if (!role) return
  const RoleName = role.name
  for (const { name } of profilesOf(console.state, role))
    ask(console, account, 'RemoveRoleFromInstanceProfile', { InstanceProfileName: name, RoleName })
  for (const PolicyArn of role.attached) ask(console, account, 'DetachRolePolicy', { RoleName, PolicyArn })
  for (const { name } of role.inline)
    ask(console, account, 'DeleteRolePolicy', { RoleName, PolicyName: name })
}

const remove = (console: Console, [word]: Words): string => {
  const place = placeOf(console, word, ...kinds)
  const { kind, account, name } = place
  const { awsRoles, awsProfiles } = console.state.tables
  const key = keyOf(account.key, name)
  if (kind === 'role') {
    emptied(console, account, first(awsRoles, 'key', key))
    ask(console, account, 'DeleteRole', { RoleName: name })
  }
  if (kind === 'instance-profile') {
    const [profile] = where(awsProfiles, 'key', key)
    const holds = get(awsRoles, profile?.holds)
    const about = { InstanceProfileName: name }
    if (holds) ask(console, account, 'RemoveRoleFromInstanceProfile', { ...about, RoleName: holds.name })
    ask(console, account, 'DeleteInstanceProfile', about)
  }
  if (kind === 'oidc-provider')
    ask(console, account, 'DeleteOpenIDConnectProvider', tagging(console, place).about)
  if (kind === 'parameter') ask(console, account, 'DeleteParameter', { Name: name })
  return `${place.word}: deleted`
}

const ROLE = 'role:ACCOUNT/NAME'
const ANY = `${kinds.join('|')}:ACCOUNT/NAME`

/** What can be done by hand in an account. */
export const awsVerbs: Readonly<Record<string, Verb>> = {
  trust: { usage: `${ROLE} DOCUMENT`, does: trust },
  policy: { usage: `${ROLE} POLICY [DOCUMENT]`, does: policy },
  attach: { usage: `${ROLE} ARN`, does: managed('AttachRolePolicy', 'is attached') },
  detach: { usage: `${ROLE} ARN`, does: managed('DetachRolePolicy', 'is not attached any more') },
  set: { usage: `${ROLE} ${Object.keys(settings).join('|')}=VALUE…`, does: set },
  create: {
    usage: 'role:ACCOUNT/NAME [DOCUMENT], policy:ACCOUNT/NAME DOCUMENT, or key:ACCOUNT/NAME [SPEC] [USAGE]',
    does: create,
  },
  enable: { usage: 'key:ACCOUNT/NAME', does: switching('EnableKey', 'is enabled') },
  disable: { usage: 'key:ACCOUNT/NAME', does: switching('DisableKey', 'is disabled') },
  put: { usage: 'parameter:ACCOUNT/PATH VALUE [String|StringList|SecureString]', does: put },
  client: { usage: 'oidc-provider:ACCOUNT/URL AUDIENCE', does: client },
  tag: { usage: `${ANY} KEY=VALUE…`, does: tag },
  untag: { usage: `${ANY} KEY…`, does: untag },
  delete: { usage: ANY, does: remove },
}
