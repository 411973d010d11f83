import * as z from 'zod'

const oneOf = <const V extends readonly [string, ...string[]]>(values: V, safe: V[number]) =>
  z.enum(values).default(safe)
const onOff = (safe: boolean) => z.boolean().default(safe)

/**
 * What nobody outside Buildkite knows for certain: one switch for each open question, standing where the reference
 * says to assume it stands. A test that must hold either way draws them anew.
 */
const schema = z.strictObject({
  /** Who may move a pipeline into a cluster: its maintainers, only those who hold Full Access too, or only admins. */
  moveIntoCluster: oneOf(['maintainer', 'maintainer_with_full_access', 'admin'], 'maintainer'),
  /** May Full Access alone take a pipeline out of its cluster, or into the default one? */
  fullAccessMovesToDefault: onOff(true),
  /** Does who made a pipeline keep Full Access when no team gives it any more? */
  creatorKeepsFullAccess: onOff(true),
  /** May who makes a pipeline give it to teams that they are not in? */
  creatorNamesAnyTeam: onOff(true),
  /** May a maintainer of a team change the level of any pipeline in it, holding no Full Access themselves? */
  teamMaintainerChangesLevels: onOff(true),
  /** Does the deprecated flag of a team still let its members delete pipelines? */
  teamFlagDeletesPipelines: onOff(false),
  /** May only admins make a pipeline public? */
  visibilityNeedsAdmin: onOff(true),
  /** Does the members' permission over agent tokens cover those of clusters? */
  memberTokensCoverClusters: onOff(true),
  /** Whom a build started by a push is said to be of: the unverified author of its commit, or nobody. */
  pushCreator: oneOf(['author', 'nobody'], 'author'),
  /** And one started by a pull request from a fork. */
  forkCreator: oneOf(['author', 'nobody'], 'author'),
  /** Whom a build started by a pipeline trigger is said to be of: nobody, or who made the trigger. */
  triggerUrlCreator: oneOf(['nobody', 'maker'], 'nobody'),
  /** Does the author that the caller of an API names for a build count as its creator, to trigger steps and rules? */
  authorIsCreator: onOff(true),
  /** Can a job add steps to other builds of its cluster? */
  jobUploadsElsewhere: onOff(false),
  /** Is a build without creator, as trigger steps see it, also one whose author has no account? */
  strangerIsNoCreator: onOff(true),
  /** Does it open a trigger step that who unblocked the build may build the other pipeline? */
  unblockerTriggers: onOff(true),
  /** Within a cluster, does a rule that fits leave standing that the creator must have Build access? */
  ruleNeedsBuildInCluster: onOff(false),
  /** Whose teams count where a block step names teams: those of whom the caller names as unblocker, or the caller's. */
  unblockChecks: oneOf(['unblocker', 'caller'], 'unblocker'),
  /** May an admin unblock what is for teams that they are not in? */
  adminUnblocksAll: onOff(true),
  /** Are jobs of a pipeline retried that refuses rebuilds? */
  retryIgnoresAllowRebuilds: onOff(true),
  /** Does a rebuild say of itself what started the first build, and not that somebody asked for it by hand? */
  rebuildKeepsSource: onOff(false),
  /** Does who was only given leave to add pipelines to a cluster (which no API shows) create them there, and move them in? */
  narrowMaintainersAdd: onOff(true),
  /** Can a job read the token that its agent registered with? */
  jobReadsAgentToken: onOff(false),
  /** May who holds an agent token connect from an address that it is limited to? */
  holdersInsideNetwork: onOff(true),
  /** Do comments on a pull request from a fork build it where pull requests from forks are not built? */
  commentsBuildForks: onOff(true),
  /** Do builds of somebody who leaves a team or the organization go on? */
  runningBuildsContinue: onOff(true),
  /** Which queues a cluster made by an API begins with. */
  newClusterQueues: oneOf(['none', 'default'], 'none'),
  /** Is a cluster's first queue its default from the start? */
  firstQueueIsDefault: onOff(false),
  /** May two clusters share a name? */
  clusterNamesUnique: onOff(false),
  /** What deleting a cluster does to the pipelines in it. */
  deleteClusterWithPipelines: oneOf(['refuse', 'uncluster'], 'refuse'),
  /** Is a queue refused deletion while it is the default, has agents or unfinished jobs? */
  deleteQueueInUse: oneOf(['refuse', 'allow'], 'refuse'),
  /** Where a pipeline goes that names no cluster where there is no default. */
  pipelineWithoutCluster: oneOf(['unclustered', 'refuse'], 'unclustered'),
  /** Do lists that ask for `clustered: true` leave out what is in no cluster? */
  clusteredHidesUnclustered: onOff(false),
  /** May a rule say what another already says? */
  rulesUnique: onOff(false),
  /** Do rules go when a pipeline of theirs goes? */
  rulesFollowPipelines: onOff(true),
  /** May only one team at a time take in new members? */
  singleDefaultTeam: onOff(false),
  /** Is who makes a team its first maintainer? */
  teamCreatorJoins: onOff(false),
  /** What a blank text reads back as. */
  blankText: oneOf(['blank', 'null'], 'blank'),
  /** What an agent token without allowed addresses reads back as. */
  unrestrictedAddresses: oneOf(['everywhere', 'blank', 'null'], 'everywhere'),
  /** How large a secret may be, in KiB: two pages of the documentation disagree. */
  secretKibAtMost: oneOf(['8', '32'], '8'),
  /** The old defect: updating a cluster's default queue takes away its being the default. */
  queueUpdateLosesDefault: onOff(false),
  /** Which of AWS's own managed policies there are: there are over a thousand, and the sandbox knows a few. */
  awsManagedPolicies: oneOf(['any', 'known'], 'any'),
  /**
   * Does AWS look at when a request was signed? It does; but here its clock is handed in, and may stand still while that
   * of a client goes on. The fault `skew` makes it look, too.
   */
  awsChecksTime: onOff(false),
  /** Do agents take what waits as soon as somebody has started it, or only when it is said that they work? */
  agentsWorkAtOnce: onOff(false),
  /** What becomes of a page that asks for more rows than a page holds. */
  oversizePage: oneOf(['reject', 'clamp'], 'reject'),
})

export type Switches = Readonly<z.infer<typeof schema>>

/** Those that somebody has set, and no others: what stands where it is assumed to is not written down. */
export const switchesSchema = z.strictObject(
  Object.fromEntries(Object.entries(schema.shape).map(([name, of]) => [name, of.unwrap().optional()])) as {
    [Name in keyof Switches]: z.ZodOptional<ReturnType<(typeof schema.shape)[Name]['unwrap']>>
  },
)

const none: Partial<Switches> = {}
const kept = new WeakMap<Partial<Switches>, WeakMap<Partial<Switches>, Switches>>()

/**
 * All switches: those given, and the rest where the reference says to assume them. Whoever tries a million calls asks for
 * the same ones a million times.
 *
 * @param over  these win over those
 */
export const switchesOf = (given: Partial<Switches> = none, over: Partial<Switches> = none): Switches => {
  const known = kept.get(given) ?? new WeakMap<Partial<Switches>, Switches>()
  kept.set(given, known)
  const have = known.get(over) ?? schema.parse({ ...given, ...over })
  known.set(over, have)
  return have
}
