import type { Json } from '../model/json.js'

/**
 * How long a policy is, as IAM counts. White space between the parts of a document does not count. Inside a string it
 * is counted here: IAM says only that it counts none, and too long by one is refused.
 */
export const sizeOf = (document: Json): number => {
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  let size = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? ''
    if (inString && sign === '\\') {
      size++
      at++
    } else if (sign === '"') inString = !inString
    else if (!inString && /\s/.test(sign)) continue
    size++
  }
  return size
}

/**
 * What IAM allows at most, before anybody asked AWS for more. Lengths are characters, without white space for policies.
 *
 * @source IAM and STS quotas. `raisable` are those that an account can have raised, and how far.
 */
export const limits = {
  roleName: 64,
  instanceProfileName: 64,
  policyName: 128,
  path: 512,
  roleDescription: 1_000,
  trustPolicy: 2_048,
  /** All inline policies of a role together. */
  inlinePolicies: 10_240,
  managedPolicy: 6_144,
  managedPolicyVersions: 5,
  managedPoliciesPerRole: 10,
  rolesPerAccount: 1_000,
  managedPoliciesPerAccount: 1_500,
  instanceProfilesPerAccount: 1_000,
  rolesPerInstanceProfile: 1,
  tags: 50,
  tagKey: 128,
  tagValue: 256,
  oidcProvidersPerAccount: 100,
  clientIdsPerProvider: 100,
  thumbprintsPerProvider: 5,
  sessionName: { least: 2, most: 64 },
  externalId: { least: 2, most: 1_224 },
  sessionSeconds: { least: 900, default: 3_600, most: 43_200, chained: 3_600 },
  parameterName: 1_011,
  parameterLevels: 15,
  standardParameter: 4_096,
  advancedParameter: 8_192,
  raisable: { trustPolicy: 8_192, managedPoliciesPerRole: 25, rolesPerAccount: 10_000 },
} as const
