import type { ParameterMetadata } from '@aws-sdk/client-ssm'
import type { AwsAccount, ParameterDetail } from '../../model/aws.js'
import type { Conversation } from './account.js'
import { parameterArn } from './arn.js'
import { tagsIn } from './authorization.js'
import { factsOf, incomplete, isGap, walk, type Gap } from './list.js'

/** How many names or paths one `DescribeParameters` may ask for. */
const mostDescribed = 50
/** How many names one `GetParameters` may ask for. */
const mostRead = 10

const inPartsOf = <One>(size: number, all: readonly One[]): One[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size))

const described = 'DescribeParameters'
const read = 'GetParameters'

/** What there is to know of parameters but their values. */
const describe = (
  conversation: Conversation,
  filter: { readonly Key: 'Name' | 'Path'; readonly Option: 'Equals' | 'Recursive' },
  values: readonly string[],
): Promise<readonly ParameterMetadata[]> =>
  walk(
    conversation,
    { service: 'ssm', operation: described },
    ({ ssm }, options, next) =>
      ssm.describeParameters(
        {
          ParameterFilters: [{ ...filter, Values: [...values] }],
          MaxResults: mostDescribed,
          ...(next === undefined ? {} : { NextToken: next }),
        },
        options,
      ),
    ({ Parameters, NextToken }) =>
      Parameters === undefined
        ? { gap: 'a page has no parameters' }
        : { rows: Parameters, ...(NextToken ? { next: NextToken } : {}) },
  )

/** A parameter as it is itself. */
interface Itself {
  readonly name: string
  readonly type: string | undefined
  readonly version: number | undefined
  /** Missing of what is secret. */
  readonly value?: string
}

/** The parameters of some names, as far as they are there. What is secret comes as SSM keeps it, and is let go at once. */
const readSome = async (conversation: Conversation, names: readonly string[]): Promise<readonly Itself[]> => {
  const answer = await conversation.ask({
    service: 'ssm',
    operation: read,
    send: ({ ssm }, options) => ssm.getParameters({ Names: [...names], WithDecryption: false }, options),
  })
  const { Parameters = [], InvalidParameters = [] } = answer
  if (Parameters.length + InvalidParameters.length === names.length)
    return Parameters.map(({ Name: name = '', Type: type, Version: version, Value: value }) => ({
      name,
      type,
      version,
      ...(type === 'SecureString' || value === undefined ? {} : { value }),
    }))
  const gap = `${Parameters.length + InvalidParameters.length} of ${names.length} names were answered`
  throw conversation.refusal(`ssm:${read}`, incomplete(gap, factsOf(answer)))
}

const kinds = ['String', 'StringList', 'SecureString'] as const

/** A parameter from what describes it and from its value, or how the two contradict each other. */
const detailOf = (
  account: AwsAccount,
  described: ParameterMetadata,
  itself: Itself | undefined,
  tags: Readonly<Record<string, string>>,
): ParameterDetail | Gap => {
  const { Name: name = '', ARN: arn, Version: version, Tier: tier = 'Standard' } = described
  const type = kinds.find((kind) => kind === described.Type)
  if (type === undefined || version === undefined) return { gap: `parameter ${name} has no type or version` }
  if (itself === undefined) return { gap: `parameter ${name} is described and has no value` }
  // A description says what a token is, so one that is older than the value is of another token.
  if (itself.type !== type || itself.version !== version)
    return { gap: `parameter ${name} is described in another version than it has` }
  if (type !== 'SecureString' && itself.value === undefined)
    return { gap: `parameter ${name} is described and has no value` }
  return {
    name,
    arn: arn ?? parameterArn(account, name),
    type,
    ...(itself.value === undefined ? {} : { value: itself.value }),
    version,
    tier,
    keyId: described.KeyId ?? null,
    description: described.Description ?? null,
    modifiedAt: described.LastModifiedDate?.toISOString() ?? null,
    tags,
  }
}

const tagsOf = async (
  conversation: Conversation,
  name: string,
): Promise<{ readonly tags: Readonly<Record<string, string>> } | Gap> => {
  const operation = 'ListTagsForResource'
  const said = await conversation.say({
    service: 'ssm',
    operation,
    changes: 'nothing',
    send: ({ ssm }, options) =>
      ssm.listTagsForResource({ ResourceType: 'Parameter', ResourceId: name }, options),
  })
  if ('value' in said)
    return said.value.TagList === undefined
      ? { gap: `parameter ${name} does not say its tags` }
      : { tags: tagsIn(said.value.TagList) }
  if (said.trouble.reason === 'not-found') return { gap: `parameter ${name} was described and is not there` }
  throw conversation.refusal(`ssm:${operation}`, said.trouble)
}

/** Reads once; a gap where what describes the parameters and what they are disagree. */
const readOnce = async (
  conversation: Conversation,
  names: readonly string[],
): Promise<readonly ParameterDetail[] | Gap> => {
  const parts = inPartsOf(mostDescribed, names)
  const pages = await Promise.all([
    ...parts.map((part) => describe(conversation, { Key: 'Name', Option: 'Equals' }, part)),
    ...parts.map((part) => describe(conversation, { Key: 'Path', Option: 'Recursive' }, part)),
  ])
  const known = new Map(pages.flat().map((one) => [one.Name ?? '', one]))
  // What is not described may still be there, and what is may be so in another version: descriptions come late.
  const undescribed = names.filter((name) => !known.has(name) && isName(name))
  const found = await Promise.all(
    inPartsOf(mostRead, [...known.keys(), ...undescribed].sort()).map((part) => readSome(conversation, part)),
  )
  const itself = new Map(found.flat().map((one) => [one.name, one]))
  const late = undescribed.find((name) => itself.has(name))
  if (late !== undefined) return { gap: `parameter ${late} is there and not described` }
  const all = await Promise.all(
    [...known].map(async ([name, one]) => {
      const tagged = await tagsOf(conversation, name)
      return isGap(tagged) ? tagged : detailOf(conversation.account, one, itself.get(name), tagged.tags)
    }),
  )
  const gap = all.find(isGap)
  if (gap !== undefined) return gap
  return all.filter((one): one is ParameterDetail => !isGap(one)).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Whether a parameter can be called that: a path that ends in a slash is none. */
const isName = (path: string): boolean => path !== '/' && !path.endsWith('/')

/**
 * Reads the parameters of these names, and those under them. A second reading may do better where somebody changes them
 * meanwhile, or where descriptions come late; so it waits a little.
 *
 * @throws Refusal `incomplete`, and whatever asking ends with
 */
export const readParameters = async (
  conversation: Conversation,
  paths: readonly string[],
): Promise<readonly ParameterDetail[]> => {
  const names = [...new Set(paths)].sort()
  if (names.length === 0) return []
  for (const pauseMs of [1_000, 4_000]) {
    const found = await readOnce(conversation, names)
    if (!isGap(found)) return found
    await conversation.pause(`ssm:${described}`, pauseMs)
  }
  const found = await readOnce(conversation, names)
  if (!isGap(found)) return found
  throw conversation.refusal(`ssm:${described}`, incomplete(found.gap))
}
