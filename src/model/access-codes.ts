/** What `bridle explain CODE` says about one kind of finding. */
export interface Page {
  /** One sentence: what it is. */
  readonly what: string
  /** Why it matters, in the user's own world. */
  readonly why: string
  /** What to do now. */
  readonly fix: string
}

/** A page about one path of the access model. */
export interface AccessPage extends Page {
  readonly path: `R${number}`
}

const page = (path: `R${number}`, what: string, why: string, fix: string): AccessPage => ({
  path,
  what,
  why,
  fix,
})

/** Every path by which code gets onto an agent, by the slug of its finding, in the order of the numbers. */
export const accessCodes = {
  'default-cluster': page(
    'R1',
    'Whoever may create pipelines creates one in a privileged cluster, because it is the organization’s default cluster.',
    'New pipelines land there, their makers have Full Access to them, and a pipeline may target every queue of its cluster.',
    'Write another cluster, or null, as settings.default_cluster, and take members_can_create_pipelines from the teams that do not need it.',
  ),
  'maintainer-creates': page(
    'R2',
    'A maintainer of a privileged cluster, who may create pipelines, creates one in it.',
    'Maintainership and the right to create pipelines are enough together; who made it may decide what it runs.',
    'Take the maintainer from clusters.X.maintainers, or allow them.',
  ),
  'pipeline-moves-in': page(
    'R3',
    'A maintainer of a privileged cluster moves a pipeline of their own into it.',
    'Its jobs run on the cluster’s queues from then on.',
    'Take the maintainer from clusters.X.maintainers, or allow them.',
  ),
  'full-access': page(
    'R4',
    'Somebody who is not allowed has Full Access to a pipeline of a privileged cluster.',
    'Full Access changes its steps, repository, settings and schedules: code on every queue of the cluster.',
    'Lower the team’s level to read_only, or allow the team.',
  ),
  'chosen-commit': page(
    'R5',
    'Somebody who is not allowed may build a pipeline of a privileged cluster, at a commit of their choice.',
    'A build may name any commit that the repository serves, merged or not.',
    'Lower the team’s level to read_only, or allow the team.',
  ),
  'injected-environment': page(
    'R6',
    'Somebody who is not allowed may give a build of a privileged cluster its environment.',
    'Variables such as BASH_ENV run code before any hook that is written in Bash.',
    'Lower the team’s level to read_only, or allow the team.',
  ),
  rebuilds: page(
    'R7',
    'Somebody who is not allowed may build old builds of a privileged cluster again.',
    'A rebuild replays the old commit, steps and environment on today’s agents.',
    'Lower the team’s level to read_only, and write allow_rebuilds: false.',
  ),
  'push-to-repository': page(
    'R8',
    'Whoever may push to the repository of a privileged pipeline decides what it runs.',
    'Buildkite does not see who may push, so nothing that bridle reads can close this.',
    'Protect the branches that are built, have changes reviewed by the allowed, and accept it with that reason.',
  ),
  'fork-builds': page(
    'R9',
    'A pull request from a fork starts a build in a privileged cluster.',
    'Anybody who can open a pull request runs their code there; no right in Buildkite is asked for.',
    'Write build_pull_requests: false and build_pull_request_forks: false.',
  ),
  'event-builds': page(
    'R10',
    'An event of the Git host, such as a comment, a label or a release, starts builds in a privileged cluster.',
    'Who may cause it is decided at the Git host, and not by Buildkite.',
    'Switch the event off in provider_settings.',
  ),
  'webhook-url': page(
    'R11',
    'Whoever knows the webhook URL of a privileged pipeline starts builds of it.',
    'The URL alone is the credential, and everybody with Full Access has been able to read it.',
    'Write trigger_mode: none, or rotate the URL and accept it with the names of those who know it.',
  ),
  'trigger-url': page(
    'R12',
    'Whoever knows a trigger URL of a privileged pipeline starts builds of it.',
    'The URL alone is the credential, and Buildkite did not always list such triggers.',
    'See in Buildkite that the pipeline has none, and accept it with that reason.',
  ),
  'planted-schedules': page(
    'R13',
    'A schedule that somebody who is not allowed has made starts builds of a privileged pipeline.',
    'It stays after its maker has left, with the commit and the environment that they chose.',
    'Declare the schedule, or have bridle remove it.',
  ),
  'borrowed-creator': page(
    'R14',
    'A build that passes for an allowed person’s triggers a privileged pipeline of its cluster.',
    'The creator of a build from a push is the commit’s author, which whoever pushes may write as they like.',
    'Keep other pipelines out of the cluster.',
  ),
  'shared-team-trigger': page(
    'R15',
    'A build without a creator triggers a privileged pipeline that shares a team with its own.',
    'Schedules and trigger URLs start builds without a creator, and then a team with Build on both is enough.',
    'Give no team Build on pipelines of two levels of trust.',
  ),
  'trigger-rule': page(
    'R16',
    'A rule lets a pipeline that others influence trigger a privileged one.',
    'The triggering step chooses commit, branch and environment, and no condition of a rule sees the environment.',
    'Take the rule out, or keep everybody who is not allowed away from its source.',
  ),
  'artifact-becomes-code': page(
    'R17',
    'A rule lets a privileged pipeline read artifacts of a pipeline that others influence.',
    'What a job downloads and runs is code of whoever made it.',
    'Verify what is downloaded, and accept it with that reason; or take the rule out.',
  ),
  'shared-job-data': page(
    'R18',
    'A job of a privileged cluster reads what any other job of the cluster may write.',
    'A job’s token may change meta-data, annotations and artifacts of every other build of its cluster.',
    'Keep pipelines of another level of trust in another cluster.',
  ),
  'any-queue': page(
    'R19',
    'A pipeline of a privileged cluster targets every queue of it.',
    'Queues have no list of who may use them; the border is the cluster.',
    'Move the pipeline to another cluster.',
  ),
  'injected-text': page(
    'R20',
    'Steps of a privileged pipeline put text into a shell that others write: a branch, a message, meta-data.',
    'A name such as $(…) becomes a command where it is not quoted.',
    'Quote it, or read it at run time from the environment ($$BUILDKITE_BRANCH).',
  ),
  unblocking: page(
    'R21',
    'Somebody who is not allowed may unblock a step of a privileged pipeline and fill in its fields.',
    '`allowed_teams` replaces the pipeline’s levels, and what is typed becomes meta-data.',
    'Name only allowed teams, and put what is privileged into another pipeline.',
  ),
  'open-teams': page(
    'R22',
    'Everybody, or everybody who joins, gets into a privileged cluster: teams are off, or a default team has more than read_only.',
    'New members join default teams by themselves, by invitation and by single sign-on.',
    'Switch teams on, and give default teams read_only at most.',
  ),
  'team-maintainers': page(
    'R23',
    'A maintainer of a team that reaches a privileged cluster puts anybody into it.',
    'Who maintains a team decides who else has what the team has.',
    'Make them members, and let bridle keep the team.',
  ),
  administrators: page(
    'R24',
    'An administrator who is not trusted may do anything.',
    'Administrators create tokens, move pipelines and change every setting. Configuration does not hold them.',
    'Name them under trust.admins, or take the role from them.',
  ),
  'identity-provider': page(
    'R25',
    'The identity provider, or an invitation, decides who is in which team and who administers.',
    'Single sign-on may set teams and the administrator’s role at every login, whatever was declared.',
    'Find out who may change its mappings, and accept it with that reason.',
  ),
  'cluster-maintainers': page(
    'R26',
    'A maintainer of a privileged cluster makes agent tokens, changes secrets and its default queue.',
    'A token is enough to take the jobs of every queue of the cluster.',
    'Take them from clusters.X.maintainers, or allow them.',
  ),
  'member-permissions': page(
    'R27',
    'Permissions of all members may let anybody make agent tokens or stop agents.',
    'No API shows these permissions.',
    'Look under Security → Pipelines, switch them off, and accept it with that reason.',
  ),
  'api-tokens': page(
    'R28',
    'Whoever gets hold of an allowed person’s API token acts as them.',
    'A token with a scope that writes does all that its owner may do.',
    'Limit addresses and lifetimes of tokens, and accept it with that reason.',
  ),
  portals: page(
    'R29',
    'A portal holds a stored operation that changes something, with an administrator’s rights.',
    'Its tokens are not listed, so nobody can be ruled out.',
    'Delete the portal, or accept it with the names of those who hold its token.',
  ),
  'token-exchange': page(
    'R30',
    'An app that exchanges tokens may act as any member.',
    'No API lists such apps.',
    'Look whether there are any, and accept it with that reason.',
  ),
  'workload-identities': page(
    'R31',
    'A workload identity turns tokens of somebody else’s jobs into tokens that may build.',
    'Wildcards in its subject match more than was meant.',
    'See that there is none that writes, and accept it with that reason.',
  ),
  'agent-tokens': page(
    'R32',
    'Whoever holds an agent token of a privileged cluster connects an agent and is given its jobs.',
    'A job brings its secrets and its OIDC tokens along, to whatever agent it goes to.',
    'Limit its addresses and lifetime, keep it out of jobs’ reach, and accept it with that reason.',
  ),
  'job-tokens': page(
    'R33',
    'A job’s token, read by something else on its machine, acts for the job.',
    'bridle does not see the machines.',
    'Run agents of 3.39 or later, one job a machine, and accept it with that reason.',
  ),
  unclustered: page(
    'R34',
    'Pipelines, agents or tokens are in no cluster.',
    'Between them there is no border at all.',
    'Move them into clusters, and revoke the tokens.',
  ),
  'pipeline-templates': page(
    'R35',
    'Whoever edits a template changes every pipeline that uses it.',
    'Only administrators may, and Full Access may choose another template.',
    'Keep Full Access with the allowed.',
  ),
  'third-party-code': page(
    'R36',
    'A privileged pipeline runs code of others by a reference that can move.',
    'A plugin’s tag, an image’s tag or a package may change without a commit.',
    'Pin plugins to commits and images to digests, and accept the rest with that reason.',
  ),
  'cluster-secrets': page(
    'R37',
    'Secrets of a privileged cluster may be read by every job in it.',
    'A secret that opens something else takes the way around.',
    'Write a policy on pipeline_id and cluster_queue_id for each.',
  ),
  'hosted-terminals': page(
    'R38',
    'Terminals may be opened into jobs of a hosted privileged queue.',
    'Who may build may type commands into a running job.',
    'Switch remote access off, or use agents of your own.',
  ),
  'hosted-shared-state': page(
    'R39',
    'Hosted queues of a cluster share caches, images and mirrors.',
    'One pipeline can put into them what another runs.',
    'Keep one level of trust in a cluster, or use agents of your own.',
  ),
  'shared-hosts': page(
    'R40',
    'Jobs share machines: checkouts, the docker socket, the home folder.',
    'bridle does not see the machines.',
    'Give each job a machine of its own, and accept it with that reason.',
  ),
  'kubernetes-overrides': page(
    'R41',
    'A pipeline changes the pod that runs it: image, service account, volumes.',
    'bridle does not see the controller’s settings.',
    'Set prohibit-kubernetes-plugin, and accept it with that reason.',
  ),
  'infrastructure-writers': page(
    'R42',
    'Whoever may change images, launch templates, buckets or parameters of the agents decides what they run.',
    'bridle does not see all of that yet.',
    'Give that to the allowed alone, and accept it with that reason.',
  ),
  'name-reuse': page(
    'R43',
    'A name is taken over: deleted and made again by somebody else, it keeps what was promised to the name.',
    'Policies that go by slug or key can not tell the two apart.',
    'Go by uuid, and let bridle.lock.yaml keep them.',
  ),
  'dormant-grants': page(
    'R44',
    'Something unused still carries power: an archived pipeline, a disabled schedule, an agent whose token is gone.',
    'It can be brought back without anybody looking.',
    'Take the grants away, move it out, stop the agent.',
  ),
  'self-tagged-agents': page(
    'R45',
    'An agent that nobody declared serves a privileged queue.',
    'Agents name their own queue, and a queue made anew keeps its key.',
    'Declare the host names under queues.X.agents, and stop what is not yours.',
  ),
  'control-plane': page(
    'R46',
    'Buildkite itself, or its staff, decides what agents run.',
    'That is outside of every configuration.',
    'Sign steps and refuse unknown jobs on the agent, and accept it with that reason.',
  ),
  'public-pipelines': page(
    'R47',
    'A pipeline of a privileged cluster is public.',
    'Anybody reads its logs, artifacts and environment, and what leaks there opens other paths.',
    'Write visibility: private.',
  ),
  'repository-credentials': page(
    'R48',
    'Jobs of little trust may write to the repository of a privileged pipeline.',
    'What they push is built there.',
    'Give them read-only keys, and accept it with that reason.',
  ),
  backlog: page(
    'R49',
    'Jobs that somebody who is not allowed has influenced are waiting for a privileged queue.',
    'They run as soon as they can, whatever was closed since.',
    'Cancel them.',
  ),
  'observer-maintainers': page(
    'R50',
    'A maintainer of a team that may only watch a privileged pipeline may be able to raise the team’s level.',
    'Nobody outside Buildkite knows whether that needs Full Access.',
    'Make them members, or see with their token that teamPipelineUpdate is not allowed.',
  ),
  'former-members': page(
    'R51',
    'Whoever left the allowed still knows the secrets that they could read.',
    'URLs and tokens do not change when somebody leaves, and agents stay connected.',
    'Rotate them, stop the agents, and accept it with that reason.',
  ),
  'shared-cache': page(
    'R52',
    'A cache that jobs of the cluster share holds what another job runs.',
    'bridle does not see caches of your own.',
    'Share caches only within one level of trust, and accept it with that reason.',
  ),
  'repository-takeover': page(
    'R53',
    'A repository’s name is taken over, or a mirror of it is written by others.',
    'Pipelines go by URL.',
    'Reserve old names, write no clone_mirror_url, and accept it with that reason.',
  ),
  'bridle-itself': page(
    'R54',
    'Whoever holds bridle’s token, merges its files or writes its plans decides everything.',
    'It administers the organization.',
    'Guard it like what it guards, and accept it with that reason.',
  ),
} as const satisfies Record<string, AccessPage>

/** The slug of a finding about a path. */
export type AccessCode = keyof typeof accessCodes
