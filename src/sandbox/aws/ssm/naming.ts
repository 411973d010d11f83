import { first } from '../../table.js'
import { isSettled, type Aws } from '../desk.js'
import { parameterArn, partitionOf } from '../ids.js'
import type { Ask, Facts } from '../operation.js'
import { AwsRefused } from '../refused.js'
import type { AwsParameter } from '../rows.js'
import { resourceTags } from '../tags.js'

const LEVELS_AT_MOST = 15
const NAME_CHARACTERS_AT_MOST = 1011

export const validation = (message: string) => new AwsRefused('ValidationException', message)

/** Refuses a name that a new parameter can't have. */
export const checkName = (name: string): void => {
  if (!/^[A-Za-z0-9_.\-/]+$/.test(name) || name.endsWith('/') || name.includes('//'))
    throw validation(
      'Parameter name: only a mix of letters, numbers and the following 4 symbols .-_/ is allowed, and no level may be blank.',
    )
  if (name.includes('/') && !name.startsWith('/'))
    throw validation('Parameter name must be a fully qualified name.')
  const bare = name.replace(/^\//, '')
  if (/^aws/i.test(bare))
    throw new AwsRefused('AccessDeniedException', `No access to reserved parameter name: ${name}.`)
  if (/^ssm/i.test(bare))
    throw validation('Parameter name: can\'t be prefixed with "ssm" (case-insensitive).')
  if (bare.split('/').length > LEVELS_AT_MOST)
    throw new AwsRefused(
      'HierarchyLevelLimitExceededException',
      `A hierarchy can have a maximum of ${LEVELS_AT_MOST} levels.`,
    )
  if (name.length > NAME_CHARACTERS_AT_MOST)
    throw validation(`Parameter name can't be longer than ${NAME_CHARACTERS_AT_MOST} characters.`)
}

export const parameterKey = ({ account, region }: Pick<Aws, 'account' | 'region'>, name: string) =>
  `${account}/${region}/${name}`

/** A name, without its version, whether it was given as such or as an ARN. */
export const nameIn = (given: string): { readonly name: string; readonly version: number | undefined } => {
  const [, ofArn] = /^arn:[a-z-]+:ssm:[a-z0-9-]+:\d{12}:parameter(\/.+)$/.exec(given) ?? []
  const [, name = '', version] = /^([^:]*)(?::(\d+))?$/.exec(ofArn ?? given) ?? []
  return { name: name === '' ? given : name, version: version === undefined ? undefined : Number(version) }
}

/** What is there under a name; of an ARN, only what is in the account that asks. */
export const parameterAt = (aws: Aws, given: string): AwsParameter | undefined => {
  const { name } = nameIn(given)
  const { awsParameters } = aws.state.tables
  const row =
    first(awsParameters, 'key', parameterKey(aws, name)) ??
    (given.startsWith('arn:') ? first(awsParameters, 'key', parameterKey(aws, name.slice(1))) : undefined)
  const isIts = row && (!given.startsWith('arn:') || given.startsWith(arnOf(aws, row.name)))
  return row && isIts && isSettled(aws, row) ? row : undefined
}

export const parameterNamed = (aws: Aws, given: string): AwsParameter => {
  const row = parameterAt(aws, given)
  if (!row) throw new AwsRefused('ParameterNotFound', `Parameter ${given} not found.`)
  const { version } = nameIn(given)
  if (version !== undefined && version !== row.version)
    throw new AwsRefused(
      'ParameterVersionNotFound',
      `Systems Manager could not find version ${version} of ${row.name}.`,
    )
  return row
}

const arnOf = ({ state, account, region }: Aws, name: string) => parameterArn(state, account, region, name)

/** That something may be done to a parameter. */
export const askOf = (aws: Aws, action: string, given: string, facts: Facts = {}): Ask => {
  const { name } = nameIn(given)
  return {
    action: `ssm:${action}`,
    resource: arnOf(aws, name),
    facts: { ...resourceTags(parameterAt(aws, given)?.tags ?? [], 'ssm'), ...facts },
  }
}

export const USUAL_KEY = 'alias/aws/ssm'

/** That a value may be read that is sealed with a key of somebody's own: whoever reads SSM reads what its usual key seals. */
export const askOfKey = (aws: Aws, given: string, action: 'Decrypt' | 'Encrypt'): readonly Ask[] => {
  const row = parameterAt(aws, given)
  return row?.type === 'SecureString' ? askOfKeyId(aws, row.keyId, row.name, action) : []
}

export const askOfKeyId = (
  aws: Aws,
  keyId: string | null,
  name: string,
  action: 'Decrypt' | 'Encrypt',
): readonly Ask[] => {
  if (keyId === null || keyId === USUAL_KEY) return []
  const { state, account, region } = aws
  const resource = keyId.startsWith('arn:')
    ? keyId
    : `arn:${partitionOf(state, account)}:kms:${region}:${account}:${keyId.startsWith('alias/') ? keyId : `key/${keyId}`}`
  return [
    {
      action: `kms:${action}`,
      resource,
      facts: {
        'kms:EncryptionContext:PARAMETER_ARN': arnOf(aws, name),
        'kms:EncryptionContextKeys': ['PARAMETER_ARN'],
        'kms:ViaService': `ssm.${region}.amazonaws.com`,
      },
    },
  ]
}
