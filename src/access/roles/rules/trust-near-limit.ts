import { limits, sizeOf } from '../../../policy/size.js'
import { atRole, defineRoleRule } from '../rule.js'

/** What an account may have: by default, and as AWS raises it. @source aws-enforcement §7 */
const quotas = [limits.trustPolicy, 2 * limits.trustPolicy, limits.raisable.trustPolicy]

export const trustNearLimit = defineRoleRule({
  code: 'role-trust-near-limit',
  title: 'has a trust policy that is nearly as long as IAM allows',
  field: 'trust',
  over: 'all',
  check: (role) => {
    if (role.detail.trust === undefined) return []
    const size = sizeOf(role.detail.trust)
    const quota = quotas.find((one) => size <= one)
    return quota === undefined || size <= 0.9 * quota
      ? []
      : [
          atRole(role, {
            words: `has a trust policy of ${size} characters, and IAM takes ${quota}`,
            // It may grow and shrink a little without anybody having to look again.
            facts: [`near ${quota}`],
          }),
        ]
  },
})
