import type {
  Role,
  RoleDetail,
  GroupDetail,
  InstanceProfile,
  ManagedPolicyDetail,
  UserDetail,
} from '@aws-sdk/client-iam'
import type { Authorization, AwsAccount, AwsReader, OidcProviderDetail } from '../../model/aws.js'
import type { Conversation } from './account.js'
import { authorizationFrom, tagsIn, type Listed } from './authorization.js'
import { factsOf, incomplete, isGap, onwards, walk, type Gap } from './list.js'
import { readParameters } from './parameters.js'

/** The most that IAM gives at once. It may give fewer, and then says so. */
const perPage = 1_000

const details = 'GetAccountAuthorizationDetails'
const aboutAccount = { service: 'iam', operation: details } as const

/** One page of an account's details: four lists that are cut where they are. */
interface Part {
  readonly users: readonly UserDetail[]
  readonly groups: readonly GroupDetail[]
  readonly roles: readonly RoleDetail[]
  readonly policies: readonly ManagedPolicyDetail[]
}

const readDetails = async (conversation: Conversation): Promise<Listed['details']> => {
  const parts = await walk(
    conversation,
    aboutAccount,
    ({ iam }, options, next) =>
      iam.getAccountAuthorizationDetails(
        {
          Filter: ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'],
          MaxItems: perPage,
          ...(next === undefined ? {} : { Marker: next }),
        },
        options,
      ),
    ({ UserDetailList, GroupDetailList, RoleDetailList, Policies, IsTruncated, Marker }) => {
      const lists = [UserDetailList, GroupDetailList, RoleDetailList, Policies]
      if (lists.every((list) => list === undefined)) return { gap: 'a page has no lists' }
      const more = onwards(IsTruncated, Marker)
      if (isGap(more)) return more
      const part: Part = {
        users: UserDetailList ?? [],
        groups: GroupDetailList ?? [],
        roles: RoleDetailList ?? [],
        policies: Policies ?? [],
      }
      return { rows: [part], ...more }
    },
  )
  return {
    users: parts.flatMap(({ users }) => users),
    groups: parts.flatMap(({ groups }) => groups),
    roles: parts.flatMap(({ roles }) => roles),
    policies: parts.flatMap(({ policies }) => policies),
  }
}

const readRoles = (conversation: Conversation): Promise<readonly Role[]> =>
  walk(
    conversation,
    { service: 'iam', operation: 'ListRoles' },
    ({ iam }, options, next) =>
      iam.listRoles({ MaxItems: perPage, ...(next === undefined ? {} : { Marker: next }) }, options),
    ({ Roles, IsTruncated, Marker }) => pageOf(Roles, IsTruncated, Marker),
  )

const readProfiles = (conversation: Conversation): Promise<readonly InstanceProfile[]> =>
  walk(
    conversation,
    { service: 'iam', operation: 'ListInstanceProfiles' },
    ({ iam }, options, next) =>
      iam.listInstanceProfiles(
        { MaxItems: perPage, ...(next === undefined ? {} : { Marker: next }) },
        options,
      ),
    ({ InstanceProfiles, IsTruncated, Marker }) => pageOf(InstanceProfiles, IsTruncated, Marker, true),
  )

const pageOf = <Row>(
  rows: readonly Row[] | undefined,
  isTruncated: boolean | undefined,
  marker: string | undefined,
  wordless = false,
) => {
  if (rows === undefined) return { gap: 'a page has no rows' }
  const more = onwards(isTruncated, marker, wordless)
  return isGap(more) ? more : { rows, ...more }
}

/** Reads again, once, what somebody may have changed between one list and the next. */
const unlessTwice = async <Value extends object>(
  conversation: Conversation,
  call: string,
  read: () => Promise<Value | Gap>,
): Promise<Value> => {
  const first = await read()
  if (!isGap(first)) return first
  const second = await read()
  if (!isGap(second)) return second
  throw conversation.refusal(call, incomplete(second.gap))
}

const readAuthorization = (conversation: Conversation): Promise<Authorization> =>
  unlessTwice(conversation, `iam:${details}`, async () => {
    const [details, roles, profiles] = await Promise.all([
      readDetails(conversation),
      readRoles(conversation),
      readProfiles(conversation),
    ])
    return authorizationFrom({ details, roles, profiles })
  })

const readProvider = async (conversation: Conversation, arn: string): Promise<OidcProviderDetail | Gap> => {
  const message = {
    service: 'iam',
    operation: 'GetOpenIDConnectProvider',
    changes: 'nothing',
  } as const
  const said = await conversation.say({
    ...message,
    send: ({ iam }, options) => iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn: arn }, options),
  })
  const call = `${message.service}:${message.operation}`
  if (!('value' in said)) {
    if (said.trouble.reason === 'not-found') return { gap: `${arn} was listed and is not there` }
    throw conversation.refusal(call, said.trouble)
  }
  const { Url, ClientIDList = [], ThumbprintList = [], Tags } = said.value
  if (Url === undefined)
    throw conversation.refusal(call, incomplete(`${arn} does not say its address`, factsOf(said.value)))
  return {
    arn,
    url: Url.replace(/^https:\/\//i, ''),
    clientIds: [...ClientIDList].sort(),
    thumbprints: [...ThumbprintList],
    tags: tagsIn(Tags),
  }
}

const readProviders = (conversation: Conversation): Promise<readonly OidcProviderDetail[]> =>
  unlessTwice(conversation, 'iam:ListOpenIDConnectProviders', async () => {
    const answer = await conversation.ask({
      service: 'iam',
      operation: 'ListOpenIDConnectProviders',
      send: ({ iam }, options) => iam.listOpenIDConnectProviders({}, options),
    })
    const arns = answer.OpenIDConnectProviderList?.map(({ Arn }) => Arn)
    if (!arns?.every((arn) => arn !== undefined)) return { gap: 'the list is missing' }
    const all = await Promise.all([...arns].sort().map((arn) => readProvider(conversation, arn)))
    return all.find(isGap) ?? all.filter((one): one is OidcProviderDetail => !isGap(one))
  })

/**
 * Reads accounts, and remembers what it read: readings that are the same are one, even while under way. A list is handed
 * out only once it is whole.
 */
export const readerOf = (conversations: ReadonlyMap<string, Conversation>): AwsReader => {
  const memory = new Map<string, Promise<unknown>>()

  const once = <Value>(name: readonly string[], read: () => Promise<Value>): Promise<Value> => {
    const key = JSON.stringify(name)
    const known = memory.get(key) as Promise<Value> | undefined
    if (known !== undefined) return known
    const reading = read()
    memory.set(key, reading)
    return reading
  }

  const to = (account: string): Conversation => {
    const conversation = conversations.get(account)
    if (conversation === undefined) throw new Error(`there is no account called ${account}`)
    return conversation
  }

  return {
    accounts: [...conversations.values()].map(({ account }): AwsAccount => account),
    identity: (account) => to(account).identity(),
    authorization: (account) => once(['authorization', account], () => readAuthorization(to(account))),
    providers: (account) => once(['providers', account], () => readProviders(to(account))),
    parameters: (account, paths) =>
      once(['parameters', account, ...[...new Set(paths)].sort()], () => readParameters(to(account), paths)),
  }
}
