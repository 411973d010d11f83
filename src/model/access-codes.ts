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
    'A privileged cluster is the organization’s default cluster, so whoever may create pipelines may create one in it.',
    'Whoever makes a pipeline has Full Access to it, and a pipeline may target every queue of its cluster.',
    'Write another cluster, or null, as settings.default_cluster. Then write members_can_create_pipelines: false for every team that makes no pipelines; maintainers of a team may make them all the same.',
  ),
  'maintainer-creates': page(
    'R2',
    'Somebody who maintains a privileged cluster, and may create pipelines, can create one in it.',
    'The two rights are enough together: whoever made a pipeline decides what it runs, on every queue of the cluster.',
    'Take them from clusters.X.maintainers, or name them in its allow.',
  ),
  'pipeline-moves-in': page(
    'R3',
    'Somebody can move a pipeline of theirs into a privileged cluster: as its maintainer or, where it is the default cluster, perhaps with Full Access to the pipeline alone.',
    'From then on its jobs run on the cluster’s queues, with whatever steps it has.',
    'Take the maintainer from clusters.X.maintainers, or name them in its allow; and write another cluster as settings.default_cluster.',
  ),
  'full-access': page(
    'R4',
    'Somebody who is not allowed has Full Access to a pipeline of a privileged cluster, or made it and may have kept theirs.',
    'Full Access changes steps, repository, environment, settings and schedules: code on every queue of the cluster. Archiving the pipeline does not help, because Full Access takes it out again.',
    'Write read_only for the team under pipelines.X.teams, or name the team in the cluster’s allow. For whoever made it: see in Buildkite that they have no access of their own, and accept it with that reason.',
  ),
  'chosen-commit': page(
    'R5',
    'Somebody who is not allowed may start builds of a pipeline in a privileged cluster, at a commit of their choice.',
    'A build may name any commit that the repository serves: on a branch that nobody has reviewed, or at the head of an open pull request.',
    'Write read_only for the team under pipelines.X.teams, or name the team in the cluster’s allow.',
  ),
  'injected-environment': page(
    'R6',
    'Somebody who is not allowed may start builds in a privileged cluster, and give them environment variables.',
    'Variables such as BASH_ENV or LD_PRELOAD run code before the steps do, and before any hook that is written in Bash.',
    'Write read_only for the team under pipelines.X.teams, or name the team in the cluster’s allow.',
  ),
  rebuilds: page(
    'R7',
    'Somebody who is not allowed may build old builds of a privileged cluster again.',
    'A rebuild runs the old commit, steps and environment on today’s agents, whatever was mended since.',
    'Write read_only for the team under pipelines.X.teams: that closes it. allow_rebuilds: false stops rebuilds, but perhaps not the retry of a single job.',
  ),
  'push-to-repository': page(
    'R8',
    'Whoever may push to the repository of a privileged pipeline decides what it runs.',
    'Buildkite does not know who may push, so nothing that bridle reads can close this. Even where no push starts a build, the next build checks out what was pushed.',
    'At the Git host, protect the branches that are built, and have the allowed review changes to them. Then accept it for the repository, with that as the reason.',
  ),
  'fork-builds': page(
    'R9',
    'A pull request from a fork starts a build in a privileged cluster.',
    'Anybody who can open a pull request runs their code there. No right in Buildkite is asked for, and branch filters do not apply.',
    'Under provider_settings, write build_pull_request_forks: false, and build_pull_requests: false unless it needs them; and no trigger_mode: fork.',
  ),
  'event-builds': page(
    'R10',
    'An event of the Git host, such as a comment, a label or a release, starts builds in a privileged cluster.',
    'Who may cause it is decided at the Git host, and not by Buildkite; what is built is the head of their pull request, or what the event names.',
    'Switch the event off in provider_settings, or accept it for the repository with the names of those who may cause it.',
  ),
  'webhook-url': page(
    'R11',
    'Whoever knows the webhook URL of a privileged pipeline starts builds of it, at any commit of its repository.',
    'The URL alone is the credential. Everybody who has ever had Full Access could read it, and so can those who administer the Git host.',
    'Write trigger_mode: none where nothing has to start by itself. Otherwise rotate the URL in the pipeline’s settings, and accept it with the names of those who know it now.',
  ),
  'trigger-url': page(
    'R12',
    'Whoever knows a trigger URL of a privileged pipeline starts builds of it.',
    'The URL alone is the credential, its payload lands in meta-data, and bridle can not see whether a pipeline has one.',
    'Look at the triggers of the cluster’s pipelines in Buildkite, delete them, and accept it for the cluster with that reason.',
  ),
  'planted-schedules': page(
    'R13',
    'A schedule made by somebody who is not allowed, or by nobody knows whom, starts builds of a privileged pipeline.',
    'It goes on with the commit and the environment that they chose, after their access has been taken and after they have left.',
    'Declare it under pipelines.X.schedules, so that its commit and environment are yours, or delete it.',
  ),
  'borrowed-creator': page(
    'R14',
    'A build can trigger another pipeline of its cluster in somebody else’s name.',
    'Buildkite asks whether the build’s creator may. After a push that is the author of the commit, and whoever pushes writes the author as they like.',
    'Keep pipelines that others influence out of the cluster.',
  ),
  'shared-team-trigger': page(
    'R15',
    'A build that nobody created can trigger a privileged pipeline, because one team has Build on both.',
    'Schedules, trigger URLs and commits by strangers start such builds, and then the shared team is all that is asked for.',
    'Keep pipelines that others influence out of the cluster, and give no team Build on pipelines of two levels of trust.',
  ),
  'trigger-rule': page(
    'R16',
    'A rule lets a pipeline that others influence trigger a privileged one.',
    'The triggering step chooses commit, branch and environment. A rule’s conditions see the first two, and never the environment.',
    'Take the rule out of rules, or keep everybody who is not allowed away from its source: its levels, its repository, what starts it.',
  ),
  'artifact-becomes-code': page(
    'R17',
    'A rule lets a privileged pipeline read artifacts that others can make.',
    'What a job downloads and runs is code of whoever made it, and any job of the other cluster may add artifacts to the builds there.',
    'Have what is downloaded verified, by signature or digest, and accept it for the pipeline with that reason; or take the rule out of rules.',
  ),
  'shared-job-data': page(
    'R18',
    'Jobs of a privileged cluster read what any other job of the cluster may write.',
    'A job’s token changes meta-data, annotations and artifacts of every build of its cluster, whatever the pipeline.',
    'Keep pipelines that others influence in another cluster, and have jobs verify what they download.',
  ),
  'any-queue': page(
    'R19',
    'Somebody who is not allowed has a job in a privileged cluster, and so on every queue of it.',
    'A queue has no list of who may use it, and a step names whichever it likes: the border is the cluster.',
    'Look at the path for the way in, and close that; or move the pipeline to another cluster.',
  ),
  'injected-text': page(
    'R20',
    'Steps of a privileged pipeline put text that others write into a command: a branch name, a message, meta-data.',
    'A branch may be called $(…), and what is not quoted is run.',
    'Leave it to the shell, in quotes ("$$BUILDKITE_BRANCH"), or pass it on as a file. Where it is quoted already, accept it for the pipeline with that reason.',
  ),
  unblocking: page(
    'R21',
    'Somebody who is not allowed may be able to unblock a step of a privileged pipeline and fill in its fields.',
    '`allowed_teams` takes the place of the pipeline’s levels, what is typed becomes meta-data, and over REST a caller names whom they unblock for.',
    'Name only allowed teams in allowed_teams, take the fields out, or put what is privileged into a pipeline that no block step leads to.',
  ),
  'open-teams': page(
    'R22',
    'Everybody, or everybody who joins, gets into a privileged cluster: teams are off, or a default team has more than read_only.',
    'Without teams all members may do everything. With them, whoever joins is in every default team at once, by invitation or single sign-on.',
    'Switch teams on, and give teams with is_default_team: true no more than read_only on privileged pipelines.',
  ),
  'team-maintainers': page(
    'R23',
    'Somebody maintains a team that reaches a privileged cluster, and can put anybody into it: themselves, for one.',
    'Who maintains a team decides who else has what the team has, without an administrator.',
    'Write member for them under teams.X.members, or allow them by name.',
  ),
  administrators: page(
    'R24',
    'An administrator who is not trusted by name can do everything on every queue.',
    'Administrators make tokens, move pipelines and change every setting. No configuration holds them.',
    'Name them under trust.admins, or make them a member in Buildkite.',
  ),
  'identity-provider': page(
    'R25',
    'An identity provider or an invitation can put people into teams, or make them administrators.',
    'Single sign-on may set teams and the administrator’s role at every login, whatever was declared, and no API shows its mappings. An invitation gives what it promises as soon as it is taken up.',
    'Revoke invitations that nobody waits for. Find out who may change the mappings, and accept it for the organization with that reason.',
  ),
  'cluster-maintainers': page(
    'R26',
    'Somebody who is not allowed maintains a privileged cluster.',
    'A maintainer makes agent tokens, changes secrets, images and the default queue, and stops agents: a token is enough to be given the jobs of every queue.',
    'Take them from clusters.X.maintainers, or name them in its allow.',
  ),
  'member-permissions': page(
    'R27',
    'Permissions that all members have may let anybody make agent tokens, stop agents or delete pipelines.',
    'No API shows these permissions, and a token of a cluster is enough to be given its jobs.',
    'In the organization’s settings in Buildkite, look under Security → Pipelines, and switch off what you find there. Then accept it for the organization, with the day on which you looked as the reason.',
  ),
  'api-tokens': page(
    'R28',
    'Somebody gets hold of a member’s API token or session, and does what the member may do.',
    'A token that writes is as good as its owner, from wherever it is used. Those that `bk`, OAuth and MCP make are not even listed, so nobody can say that there are none.',
    'Revoke tokens that nobody needs, limit the others in addresses and lifetime, and let only administrators make them. Then accept it for `organization`, saying how tokens are kept.',
  ),
  portals: page(
    'R29',
    'A portal runs a stored operation that changes something, or tells a secret, with an administrator’s rights.',
    'Whoever has one of its tokens chooses what it is run on. The tokens are listed nowhere, so nobody can be ruled out. A webhook URL that is read starts builds, and an agent token connects agents.',
    'Delete the portal, or let its operation only read, and no webhook URL and no token. Else limit its addresses, and accept it for this portal, naming who holds its tokens.',
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
    'Jobs bring their secrets and their cloud permissions along, to whatever agent takes them. One token is good for every queue of the cluster, and it lies on every machine that uses it. Revoked, it leaves its agents connected, under whatever host names they give themselves.',
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
    'Rotate the webhook and trigger URLs and the agent tokens of the cluster, and stop the agents that used them. Once that is done, take the name out of `left` in bridle.lock.yaml by hand, or accept it for the cluster.',
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
  'trusted-jobs': page(
    'R55',
    'A role of AWS trusts jobs that somebody who is not allowed can run, or get at.',
    'Buildkite signs a token for every job that asks for one, whatever code runs in it. Whoever decides what the job does has the role. The branch in a token is what the build says of itself, and proves nothing.',
    'Name one pipeline and one queue in each statement of the role’s trust, and cut the way to the pipeline. Where a condition hangs on what could not be read, look at the trust in IAM, and accept it for the role.',
  ),
  'instance-roles': page(
    'R56',
    'Every job on a queue has the role of its machines; and where no file says which role that is, it may be any that machines can have.',
    'A job asks its machine for the role’s credentials, and so does whatever else comes onto the machine. A session name, a tag or an ExternalId keeps nobody away: whoever asks picks them.',
    'Write `instance_role: ACCOUNT/NAME` at the queue, or `instance_role: none` where its machines have no role of AWS. Or accept it for the queue, saying which role it is.',
  ),
  'chained-roles': page(
    'R57',
    'Somebody who is not allowed has a role of AWS that may become another.',
    'What a role may become belongs to everybody who has the role, and so on from there.',
    'Take the one role from the other’s trust, and from may_assume; or keep those away who come to the first. Where a policy could not be read, look at it in IAM, and accept it for the role.',
  ),
  'outside-principals': page(
    'R58',
    'The trust of a role lets somebody in whom the files do not know: another account, a user, a service, an identity provider, or anybody.',
    'Who that is, and who has what it has, is not to be seen from here.',
    'Take it out of the trust. If it is meant, write the statement as a `document` in the role’s trust; or, where a condition could not be read, look at it in IAM, and accept it for the role.',
  ),
  'role-rewriters': page(
    'R59',
    'Somebody who is not allowed has a role of AWS that may write who becomes another, or what it may do itself, or may have a service run with another.',
    'With iam:UpdateAssumeRolePolicy on a role whoever has the first lets themselves in. With iam:PutRolePolicy, AttachRolePolicy or CreatePolicyVersion on itself, a role gets into every role whose trust leaves it to policies. With iam:PassRole and a way to start something, the other role comes with what is started. Users and groups are no way from Buildkite, and no path.',
    'Take the action from the first role’s policies, or name in it, by their ARNs, only roles that are worth no more; a permissions boundary without it does, too. Where a policy or a condition could not be read, look at it in IAM, and accept it for the role that may write.',
  ),
} as const satisfies Record<string, AccessPage>

/** The slug of a finding about a path. */
export type AccessCode = keyof typeof accessCodes
