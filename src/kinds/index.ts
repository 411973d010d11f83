import { gatePolicy } from './aws/gate-policy.js'
import { instanceProfile } from './aws/instance-profile.js'
import { oidcProvider } from './aws/oidc-provider.js'
import { parameter } from './aws/parameter.js'
import { role } from './aws/role.js'
import { agent } from './buildkite/agent.js'
import { apiToken } from './buildkite/api-token.js'
import { build } from './buildkite/build.js'
import { cluster } from './buildkite/cluster.js'
import { grant } from './buildkite/grant.js'
import { host } from './buildkite/host.js'
import { maintainer } from './buildkite/maintainer.js'
import { invitation } from './buildkite/invitation.js'
import { member } from './buildkite/member.js'
import { pipeline } from './buildkite/pipeline.js'
import { pipelineTemplate } from './buildkite/pipeline-template.js'
import { portal } from './buildkite/portal.js'
import { queue } from './buildkite/queue.js'
import { rule } from './buildkite/rule.js'
import { schedule } from './buildkite/schedule.js'
import { secret } from './buildkite/secret.js'
import { settings } from './buildkite/settings.js'
import { ssoProvider } from './buildkite/sso-provider.js'
import { team } from './buildkite/team.js'
import { token } from './buildkite/token.js'
import { unclustered } from './buildkite/unclustered.js'
import { user } from './buildkite/user.js'
import { starsIn, type AnyKind, type Thing } from './kind.js'

/** Every kind of thing that bridle manages, in the order in which people read about them. */
export const kinds: readonly AnyKind[] = [
  settings,
  team,
  member,
  cluster,
  queue,
  token,
  maintainer,
  pipeline,
  grant,
  schedule,
  rule,
  oidcProvider,
  role,
  instanceProfile,
  parameter,
  gatePolicy,
]

/** Those of them that people write in files. */
export const writtenKinds: readonly AnyKind[] = kinds.filter(({ derived }) => derived !== true)

/** The kind whose place a kind's place lies under: a queue's is the cluster. */
export const parentOf = (kind: AnyKind): AnyKind | undefined =>
  kinds
    .filter(
      (other) =>
        other !== kind &&
        other.place.length < kind.place.length &&
        starsIn(other) > 0 &&
        other.place.every((segment, i) => segment === kind.place[i]),
    )
    .sort((a, b) => b.place.length - a.place.length)[0]

/** What bridle can name without managing it. */
export const things: readonly Thing<unknown>[] = [user, pipelineTemplate]

/** What only questions about access are about: read for them alone, and closely where it is much. */
export const accessThings: readonly Thing<unknown>[] = [
  invitation,
  agent,
  host,
  apiToken,
  build,
  secret,
  portal,
  ssoProvider,
  unclustered,
]

export type { AnyKind, Asks, Dependency, Known, OutOf, Scope, Sources, Thing } from './kind.js'
export { starsIn } from './kind.js'
export { seconds } from './aws/seconds.js'
export { closer, readClosely } from './buildkite/closely.js'
export { readLastChanges } from './buildkite/audit-event.js'
export { readMade, type MadeIn } from './buildkite/made.js'
export {
  readCanaryBuild,
  readPipelineNamed,
  startOf,
  type CanaryBuild,
  type CanaryJob,
  type PipelineThere,
} from './buildkite/canary.js'
export { readObserved, type Observed } from './buildkite/observed.js'
export { readToken } from './buildkite/scopes.js'
export { asksFirst, readCensus, readOrganization, type Organization } from './buildkite/organization.js'
export type { Role } from './aws/role.js'
export type { TrustStatement } from './aws/trust.js'
export { repositoryAddress } from './buildkite/repository.js'
