import type { RoleRule } from '../rule.js'
import { administers } from './administers.js'
import { allowsAllBut } from './allows-all-but.js'
import { anyBranch } from './any-branch.js'
import { anyMetadata } from './any-metadata.js'
import { anyTags } from './any-tags.js'
import { assumesAnything } from './assumes-anything.js'
import { tokenAudience } from './audience.js'
import { chain } from './chain.js'
import { chosenClaims } from './chosen-claims.js'
import { crossProduct } from './cross-product.js'
import { doesMoreThanDeclared } from './does-more.js'
import { escalates } from './escalates.js'
import { extraAudience } from './extra-audience.js'
import { frozenTrust } from './frozen-trust.js'
import { literalWildcard } from './literal-wildcard.js'
import { longSessions } from './long-sessions.js'
import { mixedTrust } from './mixed-trust.js'
import { noBoundary } from './no-boundary.js'
import { noExternalId } from './no-external-id.js'
import { noSubject } from './no-subject.js'
import { ofTwoQueues } from './of-two-queues.js'
import { onTwoQueues } from './on-two-queues.js'
import { openOrganization } from './open-organization.js'
import { openPipeline } from './open-pipeline.js'
import { openSubject } from './open-subject.js'
import { parameterRepository } from './parameter-repository.js'
import { passedByMany } from './passed-by-many.js'
import { queueRoleMissing } from './queue-role-missing.js'
import { queueRoleUnknown } from './queue-role-unknown.js'
import { readsSecrets } from './reads-secrets.js'
import { readsTokens } from './reads-tokens.js'
import { refWithoutRefs } from './ref-without-refs.js'
import { selfAsserted } from './self-asserted.js'
import { signs } from './signs.js'
import { slugsOnly } from './slugs-only.js'
import { tagsNotAllowed } from './tags-not-allowed.js'
import { trustAnyCase } from './trust-any-case.js'
import { trustForAllValues } from './trust-for-all-values.js'
import { trustIfExists } from './trust-if-exists.js'
import { trustNearLimit } from './trust-near-limit.js'
import { trustNegative } from './trust-negative.js'
import { trustNull } from './trust-null.js'
import { trustUnknownKey } from './trust-unknown-key.js'
import { trustedByMoreThanDeclared } from './trusted-by-more.js'
import { trustsAccount } from './trusts-account.js'
import { trustsAgentsAccount } from './trusts-agents-account.js'
import { trustsAllBut } from './trusts-all-but.js'
import { trustsAnyAction } from './trusts-any-action.js'
import { trustsAnybody } from './trusts-anybody.js'
import { trustsDeleted } from './trusts-deleted.js'
import { trustsItself } from './trusts-itself.js'
import { trustsOtherService } from './trusts-other-service.js'
import { trustsSaml } from './trusts-saml.js'
import { trustsUnknownAccount } from './trusts-unknown-account.js'
import { twoDoors } from './two-doors.js'
import { twoProviders } from './two-providers.js'
import { undeclaredPolicy } from './undeclared-policy.js'
import { unknownClaim } from './unknown-claim.js'
import { unknownPipeline } from './unknown-pipeline.js'
import { unreadable } from './unreadable.js'
import { wildcardBeforeName } from './wildcard-before-name.js'
import { writesPolicies } from './writes-policies.js'

/** Every rule about roles, in the order of their numbers. */
export const roleRules: readonly RoleRule[] = [
  trustsAnybody,
  trustsAccount,
  trustsAllBut,
  trustsAnyAction,
  trustsUnknownAccount,
  trustsDeleted,
  trustsOtherService,
  twoDoors,
  twoProviders,
  trustsSaml,
  trustNegative,
  trustIfExists,
  trustForAllValues,
  trustNull,
  trustUnknownKey,
  trustAnyCase,
  trustNearLimit,
  unreadable,
  tokenAudience,
  noSubject,
  openSubject,
  openOrganization,
  openPipeline,
  wildcardBeforeName,
  literalWildcard,
  refWithoutRefs,
  anyBranch,
  slugsOnly,
  tagsNotAllowed,
  anyTags,
  chosenClaims,
  unknownClaim,
  unknownPipeline,
  crossProduct,
  mixedTrust,
  extraAudience,
  frozenTrust,
  assumesAnything,
  trustsAgentsAccount,
  noExternalId,
  ofTwoQueues,
  chain,
  trustsItself,
  selfAsserted,
  escalates,
  noBoundary,
  administers,
  allowsAllBut,
  readsTokens,
  signs,
  writesPolicies,
  readsSecrets,
  longSessions,
  onTwoQueues,
  anyMetadata,
  undeclaredPolicy,
  passedByMany,
  queueRoleUnknown,
  queueRoleMissing,
  parameterRepository,
  trustedByMoreThanDeclared,
  doesMoreThanDeclared,
]
