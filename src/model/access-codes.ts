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
    'Somebody gets hold of a member’s API token or session, and does what the member may do.',
    'A token that writes is as good as its owner, from wherever it is used. Those that `bk`, OAuth and MCP make are not even listed, so nobody can say that there are none.',
    'Revoke tokens that nobody needs, limit the others in addresses and lifetime, and let only administrators make them. Then accept it for `organization`, saying how tokens are kept.',
  ),
  portals: page(
    'R29',
    'A portal runs a stored operation that changes something, with an administrator’s rights.',
    'Whoever has one of its tokens chooses what it is run on. The tokens are listed nowhere, so nobody can be ruled out.',
    'Delete the portal, or let its operation only read. Else limit its addresses, and accept it for this portal, naming who holds its tokens.',
  ),
  'token-exchange': page(
    'R30',
    'An app that exchanges tokens acts as any member it likes, administrators too.',
    'Whoever has the app’s key needs no login of anybody. No API lists such apps, so there may always be one.',
    'Look in the organization’s settings whether there are any, and delete what nobody needs. Then accept it for `organization`, naming those that stay and who holds their keys.',
  ),
  'workload-identities': page(
    'R31',
    'A workload identity turns the tokens of somebody’s jobs or machines into one that changes or builds a pipeline.',
    'A wildcard in its subject matches more than was meant, and then a job of little trust builds a privileged pipeline. bridle does not read these identities yet.',
    'Look in the organization’s settings that none of them may write to a privileged pipeline, and that those which write match by uuid. Then accept it for `organization`.',
  ),
  'agent-tokens': page(
    'R32',
    'Whoever has an agent token of a privileged cluster connects an agent of their own, and is given its jobs.',
    'Jobs bring their secrets and their cloud permissions along, to whatever agent takes them. One token is good for every queue of the cluster, and it lies on every machine that uses it.',
    'Revoke tokens that nobody needs, and stop their agents. Limit the others in addresses and lifetime, keep them where jobs can not read them, and accept it for the cluster, saying where they are kept.',
  ),
  'job-tokens': page(
    'R33',
    'The token of a running job is read by something else, on the same machine or in a log.',
    'It uploads steps into the job’s build, so whoever has it runs what they like there. bridle does not see machines.',
    'Run agents of version 3.39 or later, and one job at a time on a machine. Then accept it for the cluster, saying so.',
  ),
  unclustered: page(
    'R34',
    'Pipelines, agents or tokens are in no cluster.',
    'Between them there is no border: any of these jobs runs on any of these agents, and gets at the next one. If a rule lets one of the pipelines trigger a privileged one, they all get there.',
    'Move the pipelines into clusters, stop the agents and revoke the tokens. Until then, take out the rules that start from one of them.',
  ),
  'pipeline-templates': page(
    'R35',
    'Whoever edits a template changes every pipeline that uses it.',
    'Its steps are run in a privileged cluster, and nothing in the pipeline itself shows that they changed.',
    'Only administrators edit templates: name them under trust.admins, or take the role from them. Or write the pipeline’s own steps in place of the template.',
  ),
  'third-party-code': page(
    'R36',
    'A privileged pipeline runs code of others that can change without a commit of yours.',
    'The tag of a plugin or an image is moved, or a new version of a package is published, and the next job runs it.',
    'Pin plugins to a commit and images to a digest; `allowed-plugins` on the agents holds you to it. Then accept the rest: for the pipeline what its steps name, for the cluster what its jobs fetch.',
  ),
  'cluster-secrets': page(
    'R37',
    'A secret of a privileged cluster is read by every job in it.',
    'Where a hook keeps jobs off a queue, a secret that opens a repository or an account leads around the hook.',
    'Give each secret a policy on pipeline_id and cluster_queue_id: names and branches can be chosen by others. Else accept it for the cluster, saying what the secrets open.',
  ),
  'hosted-terminals': page(
    'R38',
    'Whoever may build a pipeline opens a terminal into its jobs on a hosted privileged queue.',
    'They type into a running job that has its secrets and its cloud permissions at hand. It is on until it is switched off, and no hook stands before it.',
    'Switch remote access off for hosted agents, in the organization’s pipeline settings. Or lower the team’s level to read_only, or run the queue on agents of your own.',
  ),
  'hosted-shared-state': page(
    'R39',
    'A hosted queue uses caches, images and mirrors that every job of its cluster may write.',
    'One job puts something there, and a privileged one runs it. The hook of a queue does not see that.',
    'Keep in the cluster only pipelines that the allowed alone influence, or use agents of your own. Else accept it for the cluster, saying what its jobs take from there.',
  ),
  'shared-hosts': page(
    'R40',
    'Jobs of little trust and privileged ones share a machine.',
    'A hook in a checkout, a file in the home folder or the docker socket is all it takes. bridle does not see machines; it only sees where agents of two clusters give one host name.',
    'Give each job a machine of its own that is thrown away after it, without the docker socket. Then accept it for the cluster, saying so.',
  ),
  'kubernetes-overrides': page(
    'R41',
    'A pipeline changes the pod that it runs in: its image, its service account, its volumes.',
    'With another service account or a folder of the node it gets at what other jobs have. bridle does not see the controller’s settings, nor whether there is one.',
    'Set `prohibit-kubernetes-plugin: true`, and give each queue a namespace of its own. Then accept it for the cluster; or accept it because no agent of it runs on Kubernetes.',
  ),
  'infrastructure-writers': page(
    'R42',
    'Somebody changes what the agents are made of: their image, launch template, start script, buckets or parameters.',
    'The next machine does what they wrote, before any hook or check. So may a job, with the role of the machine that it runs on.',
    'Let the allowed alone write these, give machines a role that can write none of them, and keep jobs from the instance’s metadata. Then accept it for the cluster, saying who may write them.',
  ),
  'name-reuse': page(
    'R43',
    'A trusted name belongs to something else by now: it was deleted or renamed, and made again by somebody.',
    'A policy that goes by a slug, a key or a branch can not tell the two apart, and gives the new one what it gave the old.',
    'Commit bridle.lock.yaml, which keeps the uuid that each name had, and write uuids in policies. If a name did change hands, find out who made it before you take it with --accept-identity.',
  ),
  'dormant-grants': page(
    'R44',
    'Something that nobody uses still carries power: an archived pipeline, or an agent whose token is gone.',
    'Full Access takes a pipeline out of the archive with one click, and an agent stays connected when its token is revoked. Nobody is looking at either.',
    'For a pipeline: lower its teams to read_only and move it out of the cluster. For an agent: stop it.',
  ),
  'self-tagged-agents': page(
    'R45',
    'An agent that nobody declared is connected to a privileged queue.',
    'Agents say themselves which queue they serve. If this one is not yours, it has been given jobs, their secrets and their cloud permissions.',
    'If you know it, write a pattern for its host name under queues.X.agents.hostname. If not: stop it, revoke the cluster’s agent tokens, and rotate what its jobs could read.',
  ),
  'control-plane': page(
    'R46',
    'Buildkite itself, or somebody on its staff, decides what agents run.',
    'An agent does what Buildkite tells it to. No setting in Buildkite can hold Buildkite.',
    'Sign steps with a key of your own, and let the agents’ hook refuse what it does not know. Then accept it for `organization`: it is a supplier that you trust.',
  ),
  'public-pipelines': page(
    'R47',
    'A pipeline that leads to a privileged queue is public.',
    'Anybody reads its logs, artifacts and environment. One URL or token that was ever printed there starts builds.',
    'Write visibility: private. If it was public for long, rotate what its jobs could have printed.',
  ),
  'repository-credentials': page(
    'R48',
    'A job or an app of little trust holds a key that may push to the repository of a privileged pipeline.',
    'What it pushes is built like any other push. Who holds such keys is known to the Git host, not to Buildkite.',
    'At the Git host, make deploy keys read-only and protect branches against apps, too. Write github_workflow_access_tokens_enabled: false. Then accept it for the repository, saying so.',
  ),
  backlog: page(
    'R49',
    'A job that somebody who is not allowed had a hand in has not finished, and can still run on a privileged queue.',
    'It waits, is blocked or is scheduled, with what was put into it. Closing everything else does not stop it: it runs when the queue resumes or the pipeline moves in.',
    'Cancel it: the finding names the build. Do that before the queue is resumed, and before its pipeline moves in.',
  ),
  'observer-maintainers': page(
    'R50',
    'A maintainer of a team that watches a privileged pipeline raises the team’s level to Full Access.',
    'Buildkite’s documentation says both that they may and that they may not, so bridle takes it that they may.',
    'Make them a member of the team, not a maintainer. Or see with a token of theirs that `teamPipelineUpdate` is not allowed, and accept it for the team.',
  ),
  'former-members': page(
    'R51',
    'Somebody who is not allowed any more still knows what lets people in.',
    'Webhook and trigger URLs, agent tokens and what jobs were given do not change when somebody leaves, and an agent of theirs stays connected.',
    'Rotate the webhook and trigger URLs and the agent tokens of the cluster, and stop the agents that used them. Then accept it for the cluster, saying that it was done.',
  ),
  'shared-cache': page(
    'R52',
    'Jobs of little trust write to a cache that privileged jobs use.',
    'What a job takes from a cache it often runs. bridle does not see caches on your own machines and buckets, nor whether there are any.',
    'Give each cluster a cache of its own, and keep in the cluster only pipelines that the allowed alone influence. Then accept it for the cluster, saying so.',
  ),
  'repository-takeover': page(
    'R53',
    'Somebody takes over the name of a repository that is built, or writes to the mirror that it is cloned from.',
    'Pipelines go by URL. After a rename, a transfer or a lapsed account the same URL is somebody else’s code.',
    'Keep the old names of repositories that you rename, and write clone_mirror_url: null where you can. Then accept it for the repository, saying who could give its name away.',
  ),
  'bridle-itself': page(
    'R54',
    'Somebody has bridle’s token, merges its files or writes the plans that it applies.',
    'bridle administers the organization. Whoever decides what it does is an administrator by another way.',
    'Protect the branch of the files, keep the token where only the apply job reads it, and let no other pipeline into that job’s cluster. Then accept it for `organization`, naming who can.',
  ),
} as const satisfies Record<string, AccessPage>

/** The slug of a finding about a path. */
export type AccessCode = keyof typeof accessCodes
