import fc from 'fast-check'
import type { Switches } from '../../src/sandbox/switches.js'

const bool = fc.boolean()

/** The open questions that decide who reaches what, each answered one way or the other. */
export const drawnSwitches: fc.Arbitrary<Partial<Switches>> = fc.record({
  moveIntoCluster: fc.constantFrom('maintainer', 'maintainer_with_full_access', 'admin'),
  fullAccessMovesToDefault: bool,
  creatorKeepsFullAccess: bool,
  creatorNamesAnyTeam: bool,
  teamMaintainerChangesLevels: bool,
  teamFlagDeletesPipelines: bool,
  visibilityNeedsAdmin: bool,
  memberTokensCoverClusters: bool,
  pushCreator: fc.constantFrom('author', 'nobody'),
  forkCreator: fc.constantFrom('author', 'nobody'),
  triggerUrlCreator: fc.constantFrom('nobody', 'maker'),
  strangerIsNoCreator: bool,
  unblockerTriggers: bool,
  ruleNeedsBuildInCluster: bool,
  unblockChecks: fc.constantFrom('unblocker', 'caller'),
  adminUnblocksAll: bool,
  retryIgnoresAllowRebuilds: bool,
  rebuildKeepsSource: bool,
  narrowMaintainersAdd: bool,
  jobReadsAgentToken: bool,
  holdersInsideNetwork: bool,
  commentsBuildForks: bool,
  runningBuildsContinue: bool,
  deleteClusterWithPipelines: fc.constantFrom('refuse', 'uncluster'),
  deleteQueueInUse: fc.constantFrom('refuse', 'allow'),
  pipelineWithoutCluster: fc.constantFrom('unclustered', 'refuse'),
  rulesUnique: bool,
  rulesFollowPipelines: bool,
  teamCreatorJoins: bool,
})

/** Settings under which as much as possible is possible. */
export const generous: Partial<Switches> = {
  moveIntoCluster: 'maintainer',
  fullAccessMovesToDefault: true,
  creatorKeepsFullAccess: true,
  pushCreator: 'author',
  forkCreator: 'author',
  jobReadsAgentToken: true,
  memberTokensCoverClusters: true,
  teamFlagDeletesPipelines: true,
  runningBuildsContinue: true,
}
