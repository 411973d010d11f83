import { opened } from '../model/envelope.js'
import { isSignedText } from '../model/call.js'
import { codes } from '../model/codes.js'
import type { Finding } from '../model/finding.js'
import type { Plan } from '../model/plan.js'
import type { Signer, VerifyingKey } from '../model/signer.js'
import type { Wanted } from '../model/wanted.js'
import type { Survey } from '../plan/surveyed.js'
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
  return [
    noKey(
      `neither BRIDLE_POLICY_KMS_KEY nor BRIDLE_POLICY_KEY_FILE names a key: no signature of a policy is checked${news}`,
      'warning',
    ),
  ]
}

/** Policies that are nearly over, or over, of those that the files declare. */
export const ending = ({ wants }: Wanted, { live, now = '' }: Pick<Survey, 'live' | 'now'>): Finding[] =>
  wants.flatMap(({ kind, key, at }): Finding[] => {
    const found = kind === 'gate-policy' ? live.get(kind)?.find((one) => one.key === key) : undefined
    const text = found === undefined ? undefined : (found.spec as { readonly text?: string | null }).text
    const read = text == null ? undefined : opened(text)
    if (read === undefined || 'no' in read) return []
    const { issued_at, expires_at, cluster, queue } = read.policy
    if (expires_at === undefined) return []
    const left = Date.parse(expires_at) - Date.parse(now)
    if (left > (Date.parse(expires_at) - Date.parse(issued_at)) / 4) return []
    const named = `the policy of queue "${cluster.name}/${queue.key}"`
    const { why, fix } = codes['policy-ends']
    return [
      {
        code: 'policy-ends',
        severity: left > 0 ? 'warning' : 'error',
        what:
          left > 0
            ? `${named} ends at ${expires_at}`
            : `${named} ended at ${expires_at}, and its agents refuse every job`,
        where: [at],
        why,
        fix,
      },
    ]
  })

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
      ? 'neither BRIDLE_POLICY_KMS_KEY nor BRIDLE_POLICY_KEY_FILE names a key'
      : 'BRIDLE_POLICY_KEY_FILE names the public half of a key'
  return [noKey(`${thereAre(count)} to sign, and ${why}; nothing was changed`, 'error')]
}
