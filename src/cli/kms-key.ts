import type { AwsAccount } from '../model/aws.js'
import type { Finding } from '../model/finding.js'
import type { Wanted } from '../model/wanted.js'
import { signerInKms } from '../providers/aws/key.js'
import { quoted } from '../report/escape.js'
import { declare } from '../workflow/declare.js'
import { isFinding, unlessRefused } from '../workflow/refused.js'
import type { Declared } from '../workflow/world.js'
import { unusable, type PolicyKey } from './policy-key.js'
import type { Stage } from './stage.js'

const NAME = 'BRIDLE_POLICY_KMS_KEY'

/** A key by its own id: an alias is somebody's to lead to another key. */
const keyArn =
  /^arn:(?<partition>aws[a-z-]*):kms:(?<region>[a-z0-9-]+):(?<id>\d{12}):key\/[A-Za-z0-9-]{1,64}$/

/** The account that a key is in, as the files declare it; else by its number, for whatever credentials there are. */
const accountOf = (arn: string, { aws }: Wanted): AwsAccount | undefined => {
  const { partition, region, id } = keyArn.exec(arn)?.groups ?? {}
  if (partition === undefined || region === undefined || id === undefined) return undefined
  const declared = aws?.accounts.find((one) => one.id === id && one.partition === partition)
  return { ...(declared ?? { name: id, id, partition }), region }
}

/**
 * The key of KMS that policies are signed with. Nothing is asked of AWS where no policy is declared, or where the files
 * are wrong, which the command itself says.
 */
export const kmsKeyOf = async (
  arn: string,
  declared: Declared,
  means: Stage['means'],
): Promise<PolicyKey | Finding | undefined> => {
  const { wanted } = declare(declared)
  const gate = wanted?.wants.find(({ kind }) => kind === 'gate-policy')
  if (wanted === undefined || gate === undefined) return undefined
  const account = accountOf(arn, wanted)
  if (account === undefined) return unusable(NAME, `${quoted(arn)} is not the ARN of a key of KMS`)
  // Of its own account only: whatever else is declared is none of its business.
  const { aws } = means({ ...wanted, aws: { accounts: [{ ...account, at: gate.at }] } }, () => undefined)
  if (aws === undefined) throw new Error('there is an account, and no means to talk to it')
  const signer = await unlessRefused(() => signerInKms({ arn, account }, aws))
  if (isFinding(signer)) return signer
  if ('isNone' in signer)
    return unusable(NAME, `${quoted(arn)} is ${signer.isNone}, and not ECC_NIST_P256 for SIGN_VERIFY`)
  return { publicKey: signer.publicKey, signer }
}
