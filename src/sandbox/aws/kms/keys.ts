import * as z from 'zod'
import { uuidAt } from '../../state.js'
import { first, put } from '../../table.js'
import type { Aws } from '../desk.js'
import { text } from '../fields.js'
import { born } from '../iam/shared.js'
import { keyArn } from '../ids.js'
import { operation, type Ask } from '../operation.js'
import { AwsRefused } from '../refused.js'
import type { AwsKey } from '../rows.js'
import { algorithmOf, digestOf, publicHalf, signatureOf, specs, type Spec } from './curves.js'

const RAW_BYTES_AT_MOST = 4096

const KeyId = text({ max: 2048 })

const arnOf = ({ state }: Aws, { account, region, id }: AwsKey) => keyArn(state, account, region, id)

/** What a key is called: by its id or an alias, alone or in an ARN. */
const named =
  /^(?:arn:[a-z-]+:kms:(?<region>[a-z0-9-]+):(?<account>\d{12}):)?(?:(?:key\/)?(?<id>[\w-]+)|(?<alias>alias\/.+))$/

const keyAt = (aws: Aws, given: string): AwsKey | undefined => {
  const { region = aws.region, account = aws.account, id, alias } = named.exec(given)?.groups ?? {}
  const { awsKeys } = aws.state.tables
  if (region !== aws.region || account !== aws.account) return undefined
  if (id !== undefined) return first(awsKeys, 'key', `${account}/${region}/${id}`)
  return alias === undefined ? undefined : first(awsKeys, 'alias', `${account}/${region}/${alias}`)
}

const askOf =
  (action: string) =>
  (aws: Aws, given: { readonly KeyId: string }): readonly Ask[] => {
    const row = keyAt(aws, given.KeyId)
    return [{ action: `kms:${action}`, resource: row === undefined ? given.KeyId : arnOf(aws, row) }]
  }

/** A key of whoever asks. What is in other accounts, no policy of a key lets anybody at here. */
const keyNamed = (aws: Aws, given: string, action: string): AwsKey => {
  const row = keyAt(aws, given)
  if (row !== undefined) return row
  const { region, account } = named.exec(given)?.groups ?? {}
  if (account !== undefined && account !== aws.account)
    throw new AwsRefused(
      'AccessDeniedException',
      `User: ${aws.caller.arn} is not authorized to perform: kms:${action} on resource: ${given} because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access`,
    )
  if (region !== undefined && region !== aws.region)
    throw new AwsRefused('NotFoundException', `Invalid arn ${region}`)
  throw new AwsRefused('NotFoundException', `Key '${given}' does not exist`)
}

const isOnCurve = (spec: string): spec is Spec => (specs as readonly string[]).includes(spec)

/** Refuses a key that is switched off, or that has no two halves. */
const curveOf = (aws: Aws, row: AwsKey): Spec => {
  if (!row.enabled) throw new AwsRefused('DisabledException', `${arnOf(aws, row)} is disabled.`)
  if (!isOnCurve(row.spec))
    throw new AwsRefused(
      'UnsupportedOperationException',
      `${arnOf(aws, row)} is a key of spec ${row.spec}, for which there is no such operation.`,
    )
  return row.spec
}

const usages = {
  SYMMETRIC_DEFAULT: ['ENCRYPT_DECRYPT'],
  ECC_NIST_P256: ['SIGN_VERIFY', 'KEY_AGREEMENT'],
  ECC_NIST_P384: ['SIGN_VERIFY', 'KEY_AGREEMENT'],
} as const

const createKey = operation(
  'kms',
  'CreateKey',
  z.object({
    KeySpec: z.enum(['SYMMETRIC_DEFAULT', ...specs]).default('SYMMETRIC_DEFAULT'),
    KeyUsage: z.enum(['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'KEY_AGREEMENT']).default('ENCRYPT_DECRYPT'),
    Description: text({ min: 0, max: 8192 }).default(''),
  }),
  {
    asks: () => [{ action: 'kms:CreateKey', resource: '*' }],
    does: (aws, { KeySpec, KeyUsage, Description }) => {
      const { state, account, region } = aws
      if (!(usages[KeySpec] as readonly string[]).includes(KeyUsage))
        throw new AwsRefused(
          'ValidationException',
          `KeyUsage ${KeyUsage} is not compatible with KeySpec ${KeySpec}`,
        )
      const id = uuidAt(`${state.seed}/kms`, state.serial + 1)
      const row = born(aws, 'awsKeys', {
        account,
        key: `${account}/${region}/${id}`,
        region,
        id,
        alias: null,
        spec: KeySpec,
        usage: KeyUsage,
        enabled: true,
        description: Description,
      })
      return {
        KeyMetadata: {
          AWSAccountId: account,
          Arn: arnOf(aws, row),
          KeyId: id,
          KeySpec,
          KeyUsage,
          KeyState: 'Enabled',
          Description,
        },
      }
    },
  },
)

const createAlias = operation(
  'kms',
  'CreateAlias',
  z.object({ AliasName: text({ max: 256, pattern: /alias\/[\w/-]+/ }), TargetKeyId: KeyId }),
  {
    asks: (aws, given) => askOf('CreateAlias')(aws, { KeyId: given.TargetKeyId }),
    does: (aws, { AliasName, TargetKeyId }) => {
      const row = keyNamed(aws, TargetKeyId, 'CreateAlias')
      const alias = `${aws.account}/${aws.region}/${AliasName}`
      if (first(aws.state.tables.awsKeys, 'alias', alias))
        throw new AwsRefused('AlreadyExistsException', `An alias with the name ${AliasName} already exists`)
      put(aws.state.tables.awsKeys, { ...row, alias })
      return {}
    },
  },
)

const switching = (name: 'EnableKey' | 'DisableKey', enabled: boolean) =>
  operation('kms', name, z.object({ KeyId }), {
    asks: askOf(name),
    does: (aws, given) => {
      put(aws.state.tables.awsKeys, { ...keyNamed(aws, given.KeyId, name), enabled })
      return {}
    },
  })

const getPublicKey = operation('kms', 'GetPublicKey', z.object({ KeyId }), {
  asks: askOf('GetPublicKey'),
  does: (aws, given) => {
    const row = keyNamed(aws, given.KeyId, 'GetPublicKey')
    const spec = curveOf(aws, row)
    return {
      KeyId: arnOf(aws, row),
      KeySpec: spec,
      CustomerMasterKeySpec: spec,
      KeyUsage: row.usage,
      PublicKey: publicHalf(aws.state.seed, row.id, spec).toString('base64'),
      ...(row.usage === 'SIGN_VERIFY' && { SigningAlgorithms: [algorithmOf(spec)] }),
    }
  },
})

const sign = operation(
  'kms',
  'Sign',
  z.object({
    KeyId,
    Message: text({ max: 8192 }),
    MessageType: z.enum(['RAW', 'DIGEST']).default('RAW'),
    SigningAlgorithm: text(),
  }),
  {
    asks: askOf('Sign'),
    does: (aws, given) => {
      const row = keyNamed(aws, given.KeyId, 'Sign')
      const spec = curveOf(aws, row)
      if (row.usage !== 'SIGN_VERIFY')
        throw new AwsRefused(
          'InvalidKeyUsageException',
          `${arnOf(aws, row)} key usage is ${row.usage} which is not valid for Sign.`,
        )
      if (given.SigningAlgorithm !== algorithmOf(spec))
        throw new AwsRefused(
          'InvalidKeyUsageException',
          `Algorithm ${given.SigningAlgorithm} is incompatible with key spec ${spec}.`,
        )
      const message = Buffer.from(given.Message, 'base64')
      const isDigest = given.MessageType === 'DIGEST'
      if (!isDigest && message.length > RAW_BYTES_AT_MOST)
        throw new AwsRefused('ValidationException', `Message is longer than ${RAW_BYTES_AT_MOST} bytes.`)
      const digest = isDigest ? message : digestOf(spec, message)
      if (digest.length !== digestOf(spec, Buffer.of()).length)
        throw new AwsRefused(
          'ValidationException',
          `Digest is invalid length for algorithm ${given.SigningAlgorithm}.`,
        )
      return {
        KeyId: arnOf(aws, row),
        Signature: signatureOf(aws.state.seed, row.id, spec, digest).toString('base64'),
        SigningAlgorithm: given.SigningAlgorithm,
      }
    },
  },
)

export const keys = [
  createKey,
  createAlias,
  switching('EnableKey', true),
  switching('DisableKey', false),
  getPublicKey,
  sign,
]
