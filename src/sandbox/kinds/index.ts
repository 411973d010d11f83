import type { SandboxKind } from '../kind.js'
import { accessToken } from './access-token.js'
import { agentToken } from './agent-token.js'
import { agent } from './agent.js'
import { audit } from './audit.js'
import { banner } from './banner.js'
import { build } from './build.js'
import { cluster } from './cluster.js'
import { grant } from './grant.js'
import { invitation } from './invitation.js'
import { job } from './job.js'
import { maintainer } from './maintainer.js'
import { member } from './member.js'
import { organization } from './organization.js'
import { pipelineRest } from './pipeline-rest.js'
import { pipeline } from './pipeline.js'
import { portal } from './portal.js'
import { queue } from './queue.js'
import { rule } from './rule.js'
import { schedule } from './schedule.js'
import { secret } from './secret.js'
import { settings } from './settings.js'
import { suite } from './suite.js'
import { teamMember } from './team-member.js'
import { team } from './team.js'
import { template } from './template.js'
import { user } from './user.js'

/** Everything there is to ask about. */
export const kinds: readonly SandboxKind[] = [
  organization,
  settings,
  user,
  accessToken,
  banner,
  member,
  invitation,
  team,
  teamMember,
  cluster,
  queue,
  agentToken,
  maintainer,
  secret,
  pipeline,
  pipelineRest,
  grant,
  schedule,
  template,
  rule,
  portal,
  agent,
  build,
  job,
  audit,
  suite,
]
