import type { AwsAccount } from '../../model/aws.js'
import type { Made } from '../../model/call.js'
import type { Json } from '../../model/json.js'
import type { Conversation } from './account.js'
import { parameterArn, providerArn } from './arn.js'
import { tagsIn } from './authorization.js'
import type { Said } from './converse.js'
import { documentIn, isSameDocument } from './document.js'

/** The input of a call, as it is sent. */
export type Input = Readonly<Record<string, Json | undefined>>

/** Something that is there: what it is called, and how it differs from what a call asked for. */
export interface Found {
  readonly made: Made
  readonly differs?: string
}

/** Looks for what a call makes. Undefined: it is not there. */
export type Look = (conversation: Conversation, input: Input) => Promise<Said<Found | undefined>>

export const textIn = (input: Input, field: string): string | undefined => {
  const value = input[field]
  return typeof value === 'string' ? value : undefined
}

/** Tags as they are written in a call. */
const tagsWritten = (input: Input): Record<string, string> => {
  const tags = input['Tags']
  return Array.isArray(tags) ? tagsIn(tags as { Key: string; Value: string }[]) : {}
}

const listIn = (input: Input, field: string): string[] => {
  const list = input[field]
  return Array.isArray(list) ? list.map(String).sort() : []
}

const first = (...differences: readonly (string | false | undefined)[]): Pick<Found, 'differs'> => {
  const differs = differences.find((one) => typeof one === 'string')
  return typeof differs === 'string' ? { differs } : {}
}

/** Whose it is says one of the tags that a call gives; without all of them it is somebody else's. */
const tagsDiffer = (input: Input, tags: Record<string, string>): string | undefined => {
  const missing = Object.entries(tagsWritten(input)).find(([key, value]) => tags[key] !== value)
  return missing && `its tag "${missing[0]}" is another`
}

/** Something there, nothing there, or a trouble that says neither. */
const found = <Value>(
  said: Said<Value>,
  read: (value: Value) => Found | undefined,
): Said<Found | undefined> => {
  if ('value' in said) return { value: read(said.value) }
  return said.trouble.reason === 'not-found' ? { value: undefined } : said
}

const role: Look = async (conversation, input) => {
  const said = await conversation.say({
    service: 'iam',
    operation: 'GetRole',
    changes: 'nothing',
    send: ({ iam }, options) => iam.getRole({ RoleName: textIn(input, 'RoleName') }, options),
  })
  return found(said, ({ Role }) => {
    if (Role?.Arn === undefined || Role.RoleId === undefined) return undefined
    const { MaxSessionDuration = 3_600, PermissionsBoundary } = Role
    return {
      made: { id: Role.Arn, uuid: Role.RoleId },
      ...first(
        tagsDiffer(input, tagsIn(Role.Tags)),
        Role.Path !== (textIn(input, 'Path') ?? '/') && 'its path is another',
        !isSameDocument(
          documentIn(Role.AssumeRolePolicyDocument),
          documentIn(textIn(input, 'AssumeRolePolicyDocument')),
        ) && 'its trust policy is another',
        (Role.Description ?? '') !== (textIn(input, 'Description') ?? '') && 'its description is another',
        MaxSessionDuration !== (input['MaxSessionDuration'] ?? 3_600) && 'its session duration is another',
        PermissionsBoundary?.PermissionsBoundaryArn !== textIn(input, 'PermissionsBoundary') &&
          'its permissions boundary is another',
      ),
    }
  })
}

const profile: Look = async (conversation, input) => {
  const said = await conversation.say({
    service: 'iam',
    operation: 'GetInstanceProfile',
    changes: 'nothing',
    send: ({ iam }, options) =>
      iam.getInstanceProfile({ InstanceProfileName: textIn(input, 'InstanceProfileName') }, options),
  })
  return found(said, ({ InstanceProfile }) => {
    const { Arn, InstanceProfileId, Path, Tags } = InstanceProfile ?? {}
    if (Arn === undefined || InstanceProfileId === undefined) return undefined
    return {
      made: { id: Arn, uuid: InstanceProfileId },
      ...first(
        tagsDiffer(input, tagsIn(Tags)),
        Path !== (textIn(input, 'Path') ?? '/') && 'its path is another',
      ),
    }
  })
}

const provider: Look = async (conversation, input) => {
  const arn = providerArn(conversation.account, textIn(input, 'Url') ?? '')
  const said = await conversation.say({
    service: 'iam',
    operation: 'GetOpenIDConnectProvider',
    changes: 'nothing',
    send: ({ iam }, options) => iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn: arn }, options),
  })
  return found(said, ({ ClientIDList = [], Tags }) => ({
    made: { id: arn },
    ...first(
      tagsDiffer(input, tagsIn(Tags)),
      JSON.stringify([...ClientIDList].sort()) !== JSON.stringify(listIn(input, 'ClientIDList')) &&
        'its client ids are others',
    ),
  }))
}

/** What tells whether a thing that was to be made is there, by what it is. */
export const looks: Readonly<Record<'role' | 'instance-profile' | 'oidc-provider', Look>> = {
  role,
  'instance-profile': profile,
  'oidc-provider': provider,
}

/** Whether a parameter that was to be made is there, and by its tags ours. Its value is not looked at. */
export const lookForParameter: Look = async (conversation, input) => {
  const name = textIn(input, 'Name') ?? ''
  const said = await conversation.say({
    service: 'ssm',
    operation: 'ListTagsForResource',
    changes: 'nothing',
    send: ({ ssm }, options) =>
      ssm.listTagsForResource({ ResourceType: 'Parameter', ResourceId: name }, options),
  })
  return found(said, ({ TagList }) => ({
    made: { id: parameterArn(conversation.account, name) },
    ...first(tagsDiffer(input, tagsIn(TagList))),
  }))
}

/** Whether an instance profile holds the role that was to be put into it. */
export const lookIntoProfile: Look = async (conversation, input) => {
  const said = await conversation.say({
    service: 'iam',
    operation: 'GetInstanceProfile',
    changes: 'nothing',
    send: ({ iam }, options) =>
      iam.getInstanceProfile({ InstanceProfileName: textIn(input, 'InstanceProfileName') }, options),
  })
  return found(said, ({ InstanceProfile }) =>
    InstanceProfile?.Roles?.some(({ RoleName }) => RoleName === textIn(input, 'RoleName')) === true
      ? { made: {} }
      : undefined,
  )
}

/** The trust policy that a role has; undefined where there is no such role. */
export const trustOf = async (
  conversation: Conversation,
  input: Input,
): Promise<Said<{ readonly trust: Json | undefined } | undefined>> => {
  const said = await conversation.say({
    service: 'iam',
    operation: 'GetRole',
    changes: 'nothing',
    send: ({ iam }, options) => iam.getRole({ RoleName: textIn(input, 'RoleName') }, options),
  })
  if ('value' in said) return { value: { trust: documentIn(said.value.Role?.AssumeRolePolicyDocument) } }
  return said
}

/** What an answer says that something it made is called. Nothing where it does not say so. */
export const madeBy = (
  operation: string,
  input: Input,
  answer: unknown,
  account: AwsAccount,
): Made | undefined => {
  const said = answer as {
    readonly Role?: { readonly Arn?: string; readonly RoleId?: string }
    readonly InstanceProfile?: { readonly Arn?: string; readonly InstanceProfileId?: string }
    readonly OpenIDConnectProviderArn?: string
  }
  const named = (id: string | undefined, uuid?: string): Made | undefined =>
    id === undefined ? undefined : { id, ...(uuid === undefined ? {} : { uuid }) }
  switch (operation) {
    case 'CreateRole':
      return said.Role?.RoleId === undefined ? undefined : named(said.Role.Arn, said.Role.RoleId)
    case 'CreateInstanceProfile':
      return said.InstanceProfile?.InstanceProfileId === undefined
        ? undefined
        : named(said.InstanceProfile.Arn, said.InstanceProfile.InstanceProfileId)
    case 'CreateOpenIDConnectProvider':
      return named(said.OpenIDConnectProviderArn)
    case 'PutParameter':
      return named(parameterArn(account, textIn(input, 'Name') ?? ''))
    default:
      return {}
  }
}
