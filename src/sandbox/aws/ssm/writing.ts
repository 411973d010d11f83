import * as z from 'zod'
import { drop, first, put } from '../../table.js'
import { list, tag, tagKeys, text } from '../fields.js'
import { operation } from '../operation.js'
import { AwsRefused } from '../refused.js'
import type { AwsParameter } from '../rows.js'
import { requestTags, tagged, tagList, tagsOf, untagged } from '../tags.js'
import { born } from '../iam/shared.js'
import type { Aws } from '../desk.js'
import {
  askOf,
  askOfKeyId,
  checkName,
  nameIn,
  parameterAt,
  parameterKey,
  parameterNamed,
  USUAL_KEY,
  validation,
} from './naming.js'
import { sealed } from './sealed.js'

const STANDARD_BYTES_AT_MOST = 4096
const ADVANCED_BYTES_AT_MOST = 8192

const Name = text({ max: 2048 })

const types = z.enum(['String', 'StringList', 'SecureString'])
const tiers = z.enum(['Standard', 'Advanced', 'Intelligent-Tiering'])

const input = z.object({
  Name,
  Value: text(),
  Type: types.optional(),
  Description: text({ min: 0, max: 1024 }).optional(),
  KeyId: text({ max: 256 }).optional(),
  Overwrite: z.boolean().default(false),
  AllowedPattern: text({ min: 0, max: 1024 }).optional(),
  Tags: list(tag, 1000).default([]),
  Tier: tiers.optional(),
  DataType: text({ min: 0, max: 128 }).optional(),
})

type Given = z.infer<typeof input>

const tierFor = ({ Value, Tier }: Given, had: AwsParameter | undefined): AwsParameter['tier'] => {
  const bytes = Buffer.byteLength(Value)
  if (bytes > ADVANCED_BYTES_AT_MOST)
    throw validation(
      `Advanced tier parameters support a maximum parameter value of ${ADVANCED_BYTES_AT_MOST} characters.`,
    )
  if (Tier === 'Standard' && had?.tier === 'Advanced')
    throw validation(
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier.",
    )
  if (Tier === 'Advanced' || had?.tier === 'Advanced') return 'Advanced'
  if (bytes <= STANDARD_BYTES_AT_MOST) return 'Standard'
  if (Tier === 'Intelligent-Tiering') return 'Advanced'
  throw validation(
    `Standard tier parameters support a maximum parameter value of ${STANDARD_BYTES_AT_MOST} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.`,
  )
}

const checkPattern = (pattern: string | null, value: string) => {
  if (pattern === null || pattern === '') return
  let expression: RegExp
  try {
    expression = new RegExp(pattern)
  } catch {
    throw new AwsRefused(
      'InvalidAllowedPatternException',
      'The request does not meet the regular expression requirement.',
    )
  }
  if (!expression.test(value))
    throw new AwsRefused(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
    )
}

const keyFor = (
  { KeyId }: Given,
  type: AwsParameter['type'],
  had: AwsParameter | undefined,
): string | null => (type === 'SecureString' ? (KeyId ?? had?.keyId ?? USUAL_KEY) : null)

const typeFor = ({ Type }: Given, had: AwsParameter | undefined): AwsParameter['type'] => {
  if (!Type && !had) throw validation('A parameter type is required when you create a parameter.')
  if (Type && had && Type !== had.type)
    throw new AwsRefused(
      'HierarchyTypeMismatchException',
      "Parameter Store doesn't support changing a parameter type in a hierarchy. You must create a new, unique parameter.",
    )
  return Type ?? had?.type ?? 'String'
}

const putParameter = operation('ssm', 'PutParameter', input, {
  asks: (aws, given) => {
    const facts = { ...requestTags(given.Tags), 'ssm:Overwrite': String(given.Overwrite) }
    const had = parameterAt(aws, given.Name)
    const type = given.Type ?? had?.type
    return [
      askOf(aws, 'PutParameter', given.Name, facts),
      ...(given.Tags.length > 0 ? [askOf(aws, 'AddTagsToResource', given.Name, facts)] : []),
      ...(type === 'SecureString'
        ? askOfKeyId(aws, given.KeyId ?? had?.keyId ?? null, given.Name, 'Encrypt')
        : []),
    ]
  },
  does: (aws, given) => {
    const { state, account, region } = aws
    const { name } = nameIn(given.Name)
    checkName(name)
    if (given.Overwrite && given.Tags.length > 0)
      throw validation(
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
      )
    const key = parameterKey(aws, name)
    const had = first(state.tables.awsParameters, 'key', key)
    if (had && !given.Overwrite)
      throw new AwsRefused(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      )
    const type = typeFor(given, had)
    if (given.KeyId !== undefined && type !== 'SecureString')
      throw validation('KeyId is required for SecureString type parameter only.')
    const tier = tierFor(given, had)
    const allowedPattern = given.AllowedPattern ?? had?.allowedPattern ?? null
    checkPattern(allowedPattern, given.Value)
    const version = (had?.version ?? 0) + 1
    const fields = {
      account,
      key,
      region,
      name,
      type,
      value: type === 'SecureString' ? sealed(state, `${key}/${version}`, given.Value) : given.Value,
      version,
      tier,
      keyId: keyFor(given, type, had),
      description: given.Description ?? had?.description ?? null,
      allowedPattern,
      dataType: given.DataType ?? had?.dataType ?? 'text',
      modifiedAt: aws.now,
      modifiedBy: aws.caller.arn,
      tags: had?.tags ?? tagsOf(given.Tags),
    }
    if (had) put(state.tables.awsParameters, { ...had, ...fields })
    else born(aws, 'awsParameters', fields)
    return { Version: version, Tier: tier }
  },
})

const deleteParameter = operation('ssm', 'DeleteParameter', z.object({ Name }), {
  asks: (aws, { Name }) => [askOf(aws, 'DeleteParameter', Name)],
  does: (aws, { Name }) => {
    drop(aws.state.tables.awsParameters, parameterNamed(aws, Name))
    return {}
  },
})

const deleteParameters = operation('ssm', 'DeleteParameters', z.object({ Names: list(Name, 10) }), {
  asks: (aws, { Names }) => Names.map((name) => askOf(aws, 'DeleteParameters', name)),
  does: (aws, { Names }) => {
    const found = Names.filter((name) => parameterAt(aws, name) !== undefined)
    for (const name of found) {
      const row = parameterAt(aws, name)
      if (row) drop(aws.state.tables.awsParameters, row)
    }
    return { DeletedParameters: found, InvalidParameters: Names.filter((name) => !found.includes(name)) }
  },
})

const about = { ResourceType: text({}), ResourceId: text({ max: 2048 }) }

/** Only parameters have tags here. */
const tagsAt = (aws: Aws, { ResourceType, ResourceId }: { ResourceType: string; ResourceId: string }) => {
  if (ResourceType !== 'Parameter')
    throw new AwsRefused('InvalidResourceType', `The resource type ${ResourceType} is not valid.`)
  const row = parameterAt(aws, ResourceId)
  if (!row)
    throw new AwsRefused(
      'InvalidResourceId',
      `The resource ID "${ResourceId}" is not valid. Verify the resource ID and try again.`,
    )
  return row
}

const addTagsToResource = operation(
  'ssm',
  'AddTagsToResource',
  z.object({ ...about, Tags: list(tag, 1000) }),
  {
    asks: (aws, { ResourceId, Tags }) => [askOf(aws, 'AddTagsToResource', ResourceId, requestTags(Tags))],
    does: (aws, given) => {
      const row = tagsAt(aws, given)
      put(aws.state.tables.awsParameters, { ...row, tags: tagged(row.tags, given.Tags) })
      return {}
    },
  },
)

const removeTagsFromResource = operation(
  'ssm',
  'RemoveTagsFromResource',
  z.object({ ...about, TagKeys: tagKeys }),
  {
    asks: (aws, { ResourceId, TagKeys }) => [
      askOf(aws, 'RemoveTagsFromResource', ResourceId, { 'aws:TagKeys': TagKeys }),
    ],
    does: (aws, given) => {
      const row = tagsAt(aws, given)
      put(aws.state.tables.awsParameters, { ...row, tags: untagged(row.tags, given.TagKeys) })
      return {}
    },
  },
)

const listTagsForResource = operation('ssm', 'ListTagsForResource', z.object(about), {
  asks: (aws, { ResourceId }) => [askOf(aws, 'ListTagsForResource', ResourceId)],
  does: (aws, given) => ({ TagList: tagList(tagsAt(aws, given).tags) }),
})

export const parameterWriting = [
  putParameter,
  deleteParameter,
  deleteParameters,
  addTagsToResource,
  removeTagsFromResource,
  listTagsForResource,
]
