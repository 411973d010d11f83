import { isSignedText } from '../model/call.js'
import { codes } from '../model/codes.js'
import type { Finding } from '../model/finding.js'
import type { Plan } from '../model/plan.js'
import type { Signer, VerifyingKey } from '../model/signer.js'
import type { Wanted } from '../model/wanted.js'
import { unplaced } from '../plan/finding.js'

/** How many policies a plan would sign. */
const toSign = ({ steps }: Plan): number =>
  new Set(
    steps.flatMap(({ call, address }) =>
      call.via === 'aws' && Object.values(call.input).some(isSignedText) ? [address] : [],
    ),
  ).size

const counted = (count: number): string => (count === 1 ? '1 policy' : `${count} policies`)
const thereAre = (count: number): string => `there ${count === 1 ? 'is' : 'are'} ${counted(count)}`

const noKey = (what: string, severity: Finding['severity']): Finding => ({
  ...unplaced('no-signing-key', what, codes['no-signing-key'].why, codes['no-signing-key'].fix),
  severity,
})

/** What nobody can tell without a key, where policies are declared. */
export const withoutKey = (
  { wants }: Wanted,
  key: VerifyingKey | undefined,
  plan: Plan | undefined,
): Finding[] => {
  const declared = wants.filter(({ kind }) => kind === 'gate-policy').length
  if (declared === 0 || key !== undefined) return []
  const signed = plan === undefined ? 0 : toSign(plan)
  const news = signed === 0 ? '' : `, and \`apply\` has ${counted(signed)} to sign`
  return [noKey(`BRIDLE_POLICY_KEY_FILE names no key: no signature of a policy is checked${news}`, 'warning')]
}

/** Why a plan that signs something can't be carried out here. */
export const unsigned = (
  plan: Plan,
  key: VerifyingKey | undefined,
  signer: Signer | undefined,
): Finding[] => {
  const count = toSign(plan)
  if (count === 0 || signer !== undefined) return []
  const why =
    key === undefined
      ? 'BRIDLE_POLICY_KEY_FILE names no key'
      : 'BRIDLE_POLICY_KEY_FILE names the public half of a key'
  return [noKey(`${thereAre(count)} to sign, and ${why}; nothing was changed`, 'error')]
}
