import { accessCodes, type Page } from './access-codes.js'
import { roleCodes } from './role-codes.js'

export type { Page }

const page = (what: string, why: string, fix: string): Page => ({ what, why, fix })

/** Every code that a finding can have, each with its page: a code without one does not compile. */
export const codes = {
  'unknown-key': page(
    'A file holds a key that bridle does not know at that place.',
    'An ignored key is a wish that looks granted. A misspelt `allow` would leave a cluster open while the file says it is closed.',
    'Write the nearest valid key, which the finding names, or take the line out.',
  ),

  // What the files can have wrong with them.
  'missing-key': page(
    'A key is missing that nothing works without.',
    'There is no safe value to put in its place, and bridle does not guess.',
    'Write the key that the finding names.',
  ),
  'wrong-type': page(
    'A value has another form than its key asks for: text where there should be a list, a number where there should be text.',
    'YAML reads `1.10` as the number 1.1 and `true` as a truth. What would be sent is not what was meant.',
    'Write the form that the finding names. Quotes make text of anything.',
  ),
  'wrong-value': page(
    'A value has the right form, and is not one of those that its key can have.',
    'It would be refused, or changed, and so never agree with the files.',
    'Write one of the values that the finding names.',
  ),
  'malformed-policy': page(
    'A policy document is not what IAM takes, or holds something that does nothing there.',
    'IAM would refuse it in the middle of an apply; or take it, and give another access than whoever wrote it had in mind.',
    'Correct it at the place that the finding shows. The document is JSON, or the same as YAML.',
  ),
  'two-doors': page(
    'A role can be entered by the token of a pipeline, and from instance roles as well.',
    'The statements of a trust are alternatives. Every job on a queue that has the instance role becomes the role without a token, and chooses its session name, its tags and its ExternalId.',
    'Make two roles: one that pipelines become by their tokens, and one that instance roles become.',
  ),
  'one-sided-trust': page(
    'One role says that it may assume another, and the other does not trust it; or the other way round.',
    'AWS asks both sides. Half of a chain does nothing today, and is a way in on the day when somebody adds the other half.',
    'Write both: `may_assume` at the one, `{ role: … }` under the trust of the other. Or neither.',
  ),
  'provider-lacks-audience': page(
    'Pipelines become a role by tokens that were made for AWS, and the identity provider of the account, as the files have it, takes none of those.',
    'AWS refuses a token for an audience that the provider does not list, whatever the trust of the role says. The deploy would fail, and nothing else would tell why.',
    'Write `client_ids: [sts.amazonaws.com]` for the provider, under `aws.oidc_providers`.',
  ),
  'same-account': page(
    'Two names under `aws.accounts` are one account.',
    'Each would be read and written by itself: a role that is declared under one of the names would be undeclared under the other.',
    'Keep one of the names.',
  ),
  'unknown-account': page(
    'Something is declared in an AWS account that `aws.accounts` does not have.',
    'The account says with which credentials it is read and written; without it nothing would be.',
    'Correct the name before the first slash, or declare the account.',
  ),
  'empty-entry': page(
    'A key has nothing after it, or `null`, and there is nothing that this could take away.',
    '`null` removes what a default gave. Where none did, nobody can tell "nothing" from "not finished".',
    'Write `{}` for "as it comes" or for "none", or take the line out.',
  ),
  'bad-name': page(
    'A name is empty, longer than 255 characters, has spaces at its ends, or holds characters that can not be seen.',
    'Two names that look alike and are not are a way to hide something in plain sight, in the files and in every answer about them.',
    'Type the name anew, without the characters that the finding names.',
  ),
  'duplicate-key': page(
    'One map holds the same key twice.',
    'Only one of the two can count, and readers will disagree about which. To YAML `1` and `"1"` differ; to Buildkite they are one name.',
    'Take one of them out, or merge the two.',
  ),
  'declared-twice': page(
    'The same thing is declared in two places.',
    'If either could win, the order of files would decide what is applied.',
    'Keep one of the two. To say something of many at once, use `defaults`.',
  ),
  'not-granted': page(
    'An included file holds a section that its line under `include` does not let it hold.',
    'Included files often belong to other people. What they may change is decided in the root file, where it is reviewed.',
    'Move the section to the root file, or add its name to `may`.',
  ),
  'nested-include': page(
    'An included file includes files of its own.',
    'Only the root file says what belongs to the declaration and what each part may hold; else a part could grant itself more.',
    'Move the `include` to the root file.',
  ),
  'include-matches-nothing': page(
    'No file matches a pattern under `include`.',
    'A misspelt folder would take every file in it out of the declaration, and all that they declare would look unwanted.',
    'Correct the pattern, or take the line out.',
  ),
  'bad-path': page(
    'A path or pattern is written in a way that bridle does not follow.',
    'Paths stay inside the folder of the root file, so that a declaration is one tree that can be reviewed whole.',
    'Write it relative to the root file, with forward slashes and without `..`.',
  ),
  'file-missing': page(
    'A file that the declaration needs is not there.',
    'Half a declaration is another declaration.',
    'Create the file, or correct the path. Paths are relative to the root file, whichever file they stand in.',
  ),
  'file-unreadable': page(
    'A path leads to something that is not a regular file, or that may not be read.',
    'Folders, devices and pipes have no one content that could be reviewed.',
    'Put a regular, readable file there.',
  ),
  'file-too-large': page(
    'A file is larger than bridle reads: 10 MB or four million tokens for a declaration, 1 MiB for a file that one names.',
    'It is most likely not the file that was meant, and reading it would take the memory of the machine.',
    'Split it over several files, or correct the path.',
  ),
  'file-not-text': page(
    'A file holds bytes that are not UTF-8.',
    'Read as anything else, its names would not be the names that were written.',
    'Save it as UTF-8.',
  ),
  'file-outside': page(
    'A path leads out of the folder of the root file, by a symbolic link.',
    'What is outside is not reviewed with the declaration, and can differ from one machine to the next.',
    'Copy the file into the folder.',
  ),
  'yaml-syntax': page(
    'A file is not YAML.',
    'Nothing can be said about what it declares.',
    'Mend it where the finding points. Often the mistake is an indent, a missing space after a colon, or an open quote.',
  ),
  'yaml-feature': page(
    'A file uses a part of YAML that bridle leaves out: anchors, aliases, merge keys, tags, directives, or a second document.',
    'With them a value can come from a line that no reviewer of the change has in view, and a few lines can stand for gigabytes.',
    'Write the value out, or use `defaults`.',
  ),
  'too-deep': page(
    'A file nests its values deeper than anything that could be declared.',
    'Something has gone wrong with the file, and following it down would exhaust the machine.',
    'Look at the brackets and indents where the finding points.',
  ),
  'both-written': page(
    'Something is written out, and a file that holds it is named as well.',
    'Only one of the two can be what is wanted.',
    'Keep one of them.',
  ),
  'rename-conflict': page(
    'A `was` names something that the files still declare, or that two things say they were.',
    'One object can become one thing. If it could be either, applying twice could give two results.',
    'Take one of the two out. A rename that is through needs its `was` no more.',
  ),
  'unknown-reference': page(
    'Something names a thing that no file declares and that Buildkite does not have.',
    'The call would fail halfway through an apply, or a job would wait for ever.',
    'Write the nearest valid name, which the finding gives, or declare the thing.',
  ),
  'secret-in-file': page(
    'A file holds what looks like a Buildkite token or a webhook address.',
    'Whoever reads the file, its history or a copy of it can act with it. A declaration never needs a secret.',
    'Revoke it first, it is already known; then take it out of the file.',
  ),
  'more-findings': page(
    'There are more findings than anybody would read at once.',
    'They most likely have one cause.',
    'Mend the first ones, and run the command again.',
  ),

  // What is wrong with what the files say about access.
  'allow-nobody': page(
    'An `allow` names neither teams nor users.',
    'Nobody can tell "only those whom `trust` names" from "not finished", and the two differ by who may deploy.',
    'Name `teams` or `users`. `teams: []` says that nobody but the trusted is allowed.',
  ),
  'allow-without-members': page(
    'An allowed team is declared without its members.',
    'Whoever is put into the team would be allowed, so the list of the allowed would be kept by those who keep the team. Only declared members count.',
    'Write `members` under the team. `members: {}` says that nobody is in it.',
  ),
  'queue-border': page(
    'A queue has a border of its own that nothing holds, or a holder and no border.',
    'A pipeline can target every queue of its cluster, so Buildkite keeps clusters apart and never queues.',
    'Give the queue a cluster of its own. Or write `allow` and `held_by: hook` together: then the hook on the agents has to hold it, which is a weaker promise and shown as one.',
  ),
  'queue-wider-than-cluster': page(
    'A queue allows somebody whom its cluster does not allow.',
    'The border is the cluster. A queue can only narrow it, so the wider list would be a promise to nobody.',
    'Allow them in the cluster, too, or take them out of the queue.',
  ),
  'privileged-by-default': page(
    'A privileged cluster is where new pipelines land, or a privileged queue is where jobs go that name none.',
    'What comes there without anybody asking for it makes mistakes dangerous: whoever may create a pipeline creates it inside the border.',
    'Make the least privileged cluster and queue the defaults, or write null for none.',
  ),
  'privileged-hosted': page(
    'A privileged queue runs on machines of Buildkite’s.',
    'Whoever may build can open a terminal into a running job unless that is switched off, queues of a cluster share caches, and no hook of yours can refuse a job there.',
    'Use agents of your own for it. Where that can not be, switch terminal access off, and accept what stays assumed.',
  ),
  'maintainer-not-allowed': page(
    'A privileged cluster is maintained by somebody whom its `allow` does not name.',
    'A maintainer of a cluster moves pipelines into it, makes tokens of it and connects agents to it.',
    'Take the maintainer out, or allow them.',
  ),
  'trust-unsaid': page(
    'Something is privileged, and the files do not say whom they trust with everything.',
    'Administrators reach every queue, and no setting of Buildkite stops them. Unless `trust` names them, each one is somebody who is not allowed.',
    'Write `trust`, with the emails of the administrators and of the identity that applies.',
  ),
  'trusted-not-admin': page(
    'Somebody is trusted with everything, and is no administrator of the organization.',
    'Administrators reach everything anyhow, and `trust` says which of them are meant. Whoever is one of them no more stays allowed in every privileged cluster.',
    'Take them out of `trust`. Where they should still reach something, name them in its `allow`.',
  ),
  'accept-too-long': page(
    'Something is accepted for longer than a year.',
    'An acceptance is looked at again when its day comes. One that is years away is never looked at.',
    'Write a day at most a year ahead.',
  ),
  'not-carried-out': page(
    'A file holds something that bridle reads and does not carry out yet.',
    'Written down, it looks like a promise kept. The finding says what is done with it, and what is not.',
    'See to it by hand what is not done. The line may stay: a later bridle will carry it out.',
  ),
  'gate-lacks': page(
    'The hook of a queue is to be given a policy, and the files do not say all that it takes: which repository, which branches, which pipelines may start it.',
    'A gate refuses what its policy does not name. Whatever is left open would have to be let in whole, and then it is no gate.',
    'Write what the finding names. Most of it follows from what is declared of the pipeline anyway.',
  ),
  'gate-allows-all': page(
    'A pattern in the policy of a privileged queue matches every branch, or every tag.',
    'Whoever may push any branch at all would get their code onto the agents of the queue, and the policy would look like a border.',
    'Name the branches that are protected in the Git host: `main`, or `release/*`.',
  ),
  'gate-runs-code': page(
    'A variable that jobs may bring along decides what code runs, or where code and credentials come from.',
    'BASH_ENV runs a file before the first line of a script; LD_PRELOAD, NODE_OPTIONS, GIT_SSH_COMMAND, AWS_ENDPOINT_URL and their like do as much. Whoever starts a build sets them.',
    'Take the name out. What such a variable should be is set in the steps, or on the agent.',
  ),
  'gate-refuses': page(
    'Something that the files declare starts jobs that the policy of the gate refuses.',
    'Both stand in the files, and only one of them can be meant. Nothing dangerous happens: the jobs are refused.',
    'Let them in, under `hook` of the pipeline: its `branches`, `sources`, `triggered_by` or `environment`. Or take out what starts them.',
  ),

  'unfit-canary': page(
    'The canary of a queue is a pipeline that could not be seen refused there.',
    'A canary shows that a gate refuses what it should. It is a pipeline of the queue’s own cluster that no gate lets in, or its builds never reach the gate, or run.',
    'Declare a pipeline for it alone, in the same cluster, with one step that says `agents: { queue: KEY }`, and let no team build it.',
  ),
  'no-canary': page(
    'A queue has a gate, and no pipeline that is there to be refused.',
    'That a gate stands on every host, and refuses, nobody sees in Buildkite. A build that it has to refuse shows it.',
    'Write `canary: SLUG` in the hook of the queue, and declare that pipeline in its cluster, with one step for the queue.',
  ),
  'unfit-policy': page(
    'The policy that is published is not one that would refuse the canary.',
    'A canary that is let in, or refused for another reason, says nothing about the policy that the files come to.',
    'Run `bridle apply`, in mode block, and start the canary when the agents have fetched the policy.',
  ),
  'canary-let-in': page(
    'An agent ran a build that its gate has to refuse.',
    'There is no gate on its host, or one that decides nothing: whatever gets onto the queue runs with all that the host may do.',
    'Stop that agent. Look at its host with `bridle hook install --check`, and at how the agent comes to the queue: it may not be one of yours.',
  ),
  'canary-not-taken': page(
    'No agent took the canary in time.',
    'What no agent was given, no gate has refused: nothing was seen.',
    'Start an agent of the queue, look whether the queue is paused, or wait longer with --wait. Cancel the build on its page.',
  ),
  'canary-other-policy': page(
    'An agent refused the canary by another policy than the one that is published.',
    'Its host has an older policy, which may let in what is refused by now; or a newer one than could be read.',
    'Look at the keeper on that host: `systemctl status bridle-policy.timer`. It fetches every minute; then start the canary again.',
  ),
  'canary-untold': page(
    'How the canary ended does not show that the gate refused it by its policy.',
    'Evidence is what was seen. Another hook, a broken installation or a lost annotation look alike from here.',
    'Look at the page of the build, and at the host of its agent, with `bridle hook install --check`.',
  ),
  'no-gate': page(
    'The question is about the gate of a queue that has none, by the files.',
    'A gate goes by the policy that follows from what is written of its queue. Where nothing is written, agents take every job that Buildkite gives them.',
    'Write `hook: { mode: observe, account: NAME }` at the queue. Observe refuses nothing, and says what it would refuse.',
  ),
  'host-not-told': page(
    'It is not known what the host of a gate has to be told: the uuid of its organization, its cluster or its queue.',
    'A name can be given to another thing, and a uuid never is. So a gate lets in jobs of one organization, cluster and queue by their uuids.',
    'Run `bridle apply` first: it remembers what it makes. All uuids are in the policy that is published, too: --policy FILE.',
  ),
  'not-a-host-report': page(
    'What was to be read is not what a host says of its gate now, or not of this queue.',
    'That a gate stands is believed to a host that was looked at, and to no other text. The latest report of a host counts, so none may be of a time that is yet to come.',
    'Write it on the host, with `/usr/lib/bridle/check-host --format json > report.json`. Where the lock does not know the queue, apply first, or name its policy with --policy.',
  ),
  'gate-void': page(
    'On a host something voids the gate: what lets a job in there is not what was declared.',
    'An agent that does not find its gate takes every job without a word, and what a job can write it replaces.',
    'Do what the check says, then have it look again. Machines that ran jobs meanwhile are best replaced: nobody knows what was left on them.',
  ),
  'other-host-files': page(
    'The gate of a host is made of other files than this bridle would install.',
    'Either the host has an older gate, or somebody changed both its files and their list.',
    'Install it again, with what `bridle hook print QUEUE --script` prints.',
  ),
  'not-installed': page(
    'The gate was not put on this host.',
    'A host that is half a gated one may have the old gate, or none.',
    'Read what the script said, mend that, and run it again: it leaves alone what is there already.',
  ),
  'not-a-policy': page(
    'A file that was named is no policy of the queue that the question is about.',
    'A gate refuses every job where it is given something else, so an answer about it would say nothing.',
    'Name a file with what is in the parameter of the queue, or the policy.json of one of its hosts.',
  ),
  'no-jq': page(
    'There is no jq on this machine, or it failed.',
    'What a gate decides is written in jq. A second writing of it would be a second opinion, and only the first one is on the hosts.',
    'Install jq, 1.5 or later, where programs are: /usr/bin or /usr/local/bin.',
  ),

  // What plan and apply find.
  'no-signing-key': page(
    'The policies of gates are signed, and there is no key to sign them with, or to check them with.',
    'An agent takes a policy for what its signature says. Without a key, nobody can tell one that bridle wrote from one that somebody else put there.',
    'Set BRIDLE_POLICY_KMS_KEY to the ARN of a key of KMS, or BRIDLE_POLICY_KEY_FILE to the file of a P-256 key, in PEM or as a JWK. `plan` and `drift` only check signatures, so the public half in a file will do for them.',
  ),
  'unusable-signing-key': page(
    'BRIDLE_POLICY_KEY_FILE or BRIDLE_POLICY_KMS_KEY names something that is no key for policies.',
    'They are signed with ECDSA on the curve P-256, which agents check with what they have.',
    'Make one in KMS with `aws kms create-key --key-spec ECC_NIST_P256 --key-usage SIGN_VERIFY`, or a file with `openssl ecparam -name prime256v1 -genkey -noout -out policy-key.pem`, kept where only the identity that applies can read it. Set one of the two variables.',
  ),
  'policy-ends': page(
    'A policy that a gate goes by is over, or nearly: a quarter of its `max_age` is left.',
    'When it is over, agents refuse every job until they have a new one. That is what `max_age` is for: nobody can put an old policy back for longer.',
    'Run `bridle apply`, which signs it anew. Have a schedule do that: one that runs four times in a `max_age` is never late.',
  ),
  'needed-to-create': page(
    'Something declared is not there yet, and lacks a field that Buildkite needs to make it.',
    'An update can leave a field alone; a creation has nothing to leave alone.',
    'Write the field that the finding names.',
  ),
  'impossible-value': page(
    'A value has the right shape and still can not be, by a rule of Buildkite: a key with forbidden letters, a team whose name makes another slug, steps beside a template.',
    'Buildkite would refuse it or change it, and the next plan would not recognise what it made.',
    'Write what the finding proposes.',
  ),
  'unreadable-field': page(
    'A declared field could not be read from Buildkite, or came back as something bridle does not know.',
    'Not readable is not the same as empty: a plan made from a guess could undo what somebody set on purpose.',
    'Run `bridle doctor` to see what the token lacks. If it lacks nothing, stop declaring the field until bridle knows the value.',
  ),
  'token-without-store': page(
    'An agent token has to be made, and nothing says where its value should go.',
    'Buildkite says the value once, in the answer to the call that makes the token. Without a place for it nobody would ever have it; with a place in a file, everybody who reads the file.',
    'Write `store: ACCOUNT/NAME`: an AWS account of the files, and the SSM parameter that agents read the value from when they start. Or make the token by hand, and take `store`, `expires_in` and `rotate_before` out.',
  ),
  'store-taken': page(
    'The parameter that the value of an agent token should go to is there, and is not bridle’s to write.',
    'bridle never reads a SecureString, so it could not put back what it wrote over, and somebody may need it.',
    'Write another `store`. If what is there may go, give the parameter the tag managed-by = bridle; if it is no SecureString, delete it.',
  ),
  'replaced-token-left': page(
    'An agent token that another one has replaced is still good, and somebody else made it than the identity that applies.',
    'bridle takes away a token that it has replaced when no agent can be holding it any more. One that it did not make may be in use where it does not look.',
    'See that nobody needs it, and revoke it in Buildkite. A token that was made by hand is replaced once, when `store` is written; those after it are bridle’s own.',
  ),
  'needs-replacing': page(
    'A change was asked for that Buildkite can only make by deleting the object and making another.',
    'A new object has a new identity: agents, tokens, roles and history stay with the old one. bridle replaces nothing silently.',
    'Declare a second one under another key, move what uses the first, then take the first out of the files.',
  ),
  'not-offered': page(
    'A provider setting is declared that the pipeline’s Git host does not have.',
    'GitHub, GitLab and Bitbucket have different switches in Buildkite. One that is not there can never be as declared.',
    'Take it out for this pipeline. A default that only some pipelines can follow belongs to those.',
  ),
  'rename-of-nothing': page(
    'A `was` names something that is not there, and nothing has the new name yet either.',
    'A slip in `was` would make a new thing and leave the old one, or remove it where undeclared things are removed.',
    'Correct `was`, or take it out if a new thing is meant.',
  ),
  'ambiguous-name': page(
    'The organization has two things of one kind under one name, and the files mean one of them.',
    'Buildkite lets clusters share a name. bridle goes by names, and would have to guess.',
    'Rename one of them in Buildkite.',
  ),
  'rename-taken': page(
    'A `was` asks for a rename to a name that something else already has.',
    'Carrying it out would merge two things into one.',
    'Take `was` out. Declare the old one by itself, or let it be removed.',
  ),
  'too-many-removals': page(
    'A plan would remove more than 10 things of a kind and more than 30 % of them.',
    'That is what a lost file, a wrong branch or a renamed key looks like.',
    'Read the plan. If it is meant, pass the number that it names: `--max-removed N`.',
  ),
  'role-in-use': page(
    'A plan would remove a role that an instance profile holds, or that was used within 30 days.',
    'Whatever has it loses it in the middle of its work. A role made later under the same name is another one to everything that trusted the first.',
    'See who uses it. If it is meant, name it: `--remove-used role:ACCOUNT/NAME`.',
  ),
  'own-control': page(
    'A plan would change what bridle itself works with: its role in an account, or the provider by which it comes in.',
    'Whoever may merge a change of the files could give themselves all that bridle may do; and a mistake there takes away the means to undo it.',
    'Change it where it was made, and take it out of the files.',
  ),
  'removes-default-cluster': page(
    'A plan would delete the cluster in which new pipelines land.',
    'Buildkite refuses it, and until then whoever makes a pipeline would not know where it goes.',
    'Declare the cluster, or another `settings.default_cluster` first.',
  ),
  'cluster-in-use': page(
    'A plan would delete a cluster that still has pipelines.',
    'Their jobs would have no queue to run on.',
    'Move them to another cluster in the files, apply, then take the cluster out.',
  ),
  'removes-default-queue': page(
    'A plan would delete the queue that its cluster falls back to.',
    'Steps that name no queue run there, and would wait for ever.',
    'Declare the queue, or another `default_queue` for the cluster.',
  ),
  'removes-what-is-used': page(
    'A plan would remove something undeclared that something declared still names.',
    'What names it would be left hanging, and the next plan would not know it any more.',
    'Declare it, or take the name out where the finding points.',
  ),
  'last-way-in': page(
    'A plan would take the identity that applies it out of its last team.',
    'Its admin role is in somebody else’s hands. Without a team nothing is left by which it could put things right.',
    'Declare it as a member of a team, or list it under `ignore.members`.',
  ),
  'stale-plan': page(
    'The plan file is not the plan that the files and the organization give now.',
    'Somebody reviewed something else than what would be carried out. bridle derives every plan anew and compares the two byte for byte.',
    'Run `bridle plan --out FILE` again, have it reviewed, and apply that.',
  ),
  'no-consent': page(
    'An apply had nobody to ask.',
    'Without a terminal there is no question and no answer, and bridle takes silence for no.',
    'Run it at a terminal, or pass `--yes` where a machine has the say.',
  ),
  'not-a-plan': page(
    'The file given to `bridle apply` is not a plan that this bridle wrote.',
    'A plan is compared as it is, byte for byte, so a shortened, edited or older one can never be carried out.',
    'Write it again with `bridle plan --out FILE`.',
  ),
  'not-an-administrator': page(
    'The token belongs to somebody who is not an administrator of the organization.',
    'Buildkite hides secret teams and other teams’ pipelines from everybody else, so its lists would be short and bridle would take what it can not see for missing.',
    'Use the token of an administrator. For plans and drift one that can only read is enough.',
  ),
  'teams-off': page(
    'The files declare teams, and the organization has the teams feature switched off.',
    'With teams off every member may do everything, whatever levels are declared.',
    'Switch teams on in the organization’s settings. Every user and pipeline is then in a team called Everyone: look at it first.',
  ),
  'another-organization': page(
    'The files name another organization than the environment does.',
    'One of the two is a mistake, and carrying out the wrong one changes somebody else’s organization.',
    'Unset BUILDKITE_ORGANIZATION_SLUG, or make it agree with `organization` in the files.',
  ),
  'stays-archived': page(
    'A declared pipeline is archived, and the files do not say whether it should be.',
    'What is unwritten is not changed, so it stays archived and builds nothing.',
    'Write `archived: false` to bring it back, or `archived: true` to say that it is meant. An archived pipeline takes no changes, so none is planned before that.',
  ),

  // What Buildkite, or the way to it, says no with.
  'no-token': page(
    'There is no API token to ask Buildkite with.',
    'bridle never answers about a make-believe organization by accident.',
    'Set BUILDKITE_API_TOKEN, or add `--sandbox` to try things without Buildkite.',
  ),
  'token-refused': page(
    'Buildkite does not know the token, or does not take it any more.',
    'Tokens expire, are revoked when unused, and can be limited to networks and to organizations with single sign-on.',
    'Look the token up under Personal Settings, API Access Tokens; make a new one if it is gone.',
  ),
  'missing-scope': page(
    'The token is not allowed to say this: it lacks a scope.',
    'REST needs one scope for each kind of thing; GraphQL needs the one scope `graphql`.',
    'Add the scope that the finding names to the token. `bridle doctor` lists them all.',
  ),
  'not-permitted': page(
    'Buildkite understood, and the token’s user may not do this.',
    'Some settings are for administrators only, whatever scopes a token has.',
    'Use the token of an administrator.',
  ),
  'not-there': page(
    'Buildkite says that there is no such organization or object, or none that this token may see.',
    'It gives the same answer to both, so bridle never takes it for "absent".',
    'Compare the slug with the one in the address bar, and see that the token is enabled for this organization.',
  ),
  'refused-by-buildkite': page(
    'Buildkite understood a call and refused it by a rule of its own.',
    'The text is Buildkite’s. The call was not carried out.',
    'Mend what it names, and run the command again.',
  ),
  'rate-limited': page(
    'The organization’s or the user’s API budget is used up, and waiting for it did not help.',
    'Everybody who uses the API shares the budget.',
    'Run again in five minutes. `bridle plan` prints what a run costs.',
  ),
  'buildkite-unavailable': page(
    'Buildkite answered with an error of its own, several times.',
    'Nothing is planned from half an answer.',
    'Look at Buildkite’s status page, and run again.',
  ),
  unreachable: page(
    'No connection to Buildkite, or no answer in time.',
    'A name that does not resolve, a proxy, a firewall, or an endpoint variable that points elsewhere.',
    'Run `bridle doctor`: it names the address that it tried.',
  ),
  'unreadable-answer': page(
    'What came back is not what the API is documented to say.',
    'A proxy’s login page, a cut connection, or a change on the other side. Nothing is planned from it.',
    'Run `bridle doctor`, and see what stands between this machine and the API.',
  ),
  'incomplete-read': page(
    'A list from Buildkite or AWS ended early, or its parts do not agree.',
    'A short page is not an empty world: what is missing from it would look deleted.',
    'Run again. If it stays, somebody is changing what is there right now, or whoever asks may not see all of it.',
  ),
  'untrusted-endpoint': page(
    'The token would be sent to a host that is neither Buildkite’s nor this machine.',
    'Whoever has the token has what its user may do.',
    'Unset BUILDKITE_GRAPHQL_URL and BUILDKITE_REST_URL, or name the host with `--trust-endpoint HOST`.',
  ),
  'unusable-sandbox': page(
    'The file given to `--sandbox` is not a sandbox that this bridle can read.',
    'Half a sandbox would answer about another organization than the one that was saved.',
    'Name another file, or delete this one: the next `bridle apply --sandbox` begins a new one.',
  ),
  'heartbeat-late': page(
    'The last scheduled drift check that read the organization whole is older than `drift.max_age`, or nobody can tell when it was.',
    'A schedule that was deleted, a queue without agents and a token that ended all look like a quiet night: nothing is reported, because nothing looks.',
    'Look whether the schedule of the drift check is there and enabled, and what became of its last builds. A run that reads everything writes the next heartbeat.',
  ),
  'heartbeat-unwritten': page(
    'The heartbeat of the drift check could not be written.',
    'The next run, and `doctor`, will take this one for one that never was.',
    'Let the role of the drift check write the one parameter, or correct `drift.heartbeat`.',
  ),
  'token-could-write': page(
    'The token of a scheduled drift check has scopes to write with.',
    '`drift` never writes to the organization, whatever its token could. Whoever gets at the token is not held to that.',
    'Make a token with the scopes that `bridle doctor` names to read, and no others; where Buildkite offers read-only GraphQL, with that.',
  ),
  'other-run': page(
    'What `--since` names is no report of an earlier drift of this organization.',
    'What is new and what is gone is told by what an earlier run saw. Without that, everything would look new.',
    'Keep the answer of `bridle drift --format json`, or the artifact bridle-drift.json, and hand it to the next run. The first run has none.',
  ),
  interrupted: page(
    'The command was stopped by Ctrl-C.',
    'Calls that were under way have been finished and reported; nothing new was begun.',
    'Run the same command again: it goes on from what is there.',
  ),

  // What AWS, or the way to it, says no with.
  'wrong-account': page(
    'The credentials lead into another AWS account, or another partition, than the files declare.',
    'The same names are in every account. What is planned from the wrong one would be carried out there.',
    'Correct `id` or `partition` of the account, or the `profile` or `assume_role` that leads into it.',
  ),
  'aws-credentials': page(
    'AWS does not take the credentials for an account, or there are none.',
    'Sessions end, keys are taken back, and a profile can name what is not there. Nothing is asked in somebody else’s name instead.',
    'Sign in again, or correct `profile` or `assume_role` of the account. `bridle doctor` says who asks in each account.',
  ),
  'aws-not-permitted': page(
    'AWS understood, and the identity that asks may not do this.',
    'What can not be read is not planned from. A policy of the identity, its boundary, the organization above the account, or the trust policy of a role can be what says no.',
    'Allow that identity the action that the finding names, or ask as another one.',
  ),
  'aws-not-there': page(
    'AWS says that something is not there that a call is about.',
    'It was taken away since it was read, or it is so new that AWS does not show it everywhere yet.',
    'Run again: everything is read anew, and the plan is made from what is there then.',
  ),
  'refused-by-aws': page(
    'AWS understood a call and refused it by a rule of its own, or somebody changed meanwhile what the call is about.',
    'The text is AWS’s. The call was not carried out.',
    'Mend what it names, and run the command again.',
  ),
  'aws-throttled': page(
    'AWS was asked more often than it allows, and two minutes of waiting did not help.',
    'Everybody who works in the account shares its limits, and AWS does not publish those of IAM.',
    'Run again when it is quieter. What was carried out is not done twice.',
  ),
  'aws-unavailable': page(
    'AWS answered with an error of its own, several times, or does not show yet what it was made to make.',
    'Nothing is planned from half an answer.',
    'Look at the AWS Health Dashboard, and run again.',
  ),
  'aws-unreachable': page(
    'No connection to AWS, or no answer in time.',
    'A name that does not resolve, a proxy, a firewall, a region that there is not, or an endpoint variable that points elsewhere.',
    'Run `bridle doctor`: it names the address that it tried.',
  ),
  'untrusted-aws-endpoint': page(
    'A signed request would go to another machine over plain http, or be sent on to another address.',
    'The session token is in it, and so are the secrets that are to be stored.',
    'Use https, or unset AWS_ENDPOINT_URL and the variables that begin with it, or name the origin: `--trust-endpoint http://HOST:PORT`.',
  ),

  // What files and organization together say about access.
  'accept-void': page(
    'Something was accepted, and the facts that it was accepted for have changed.',
    'An acceptance says that somebody has looked. Nobody has looked at what is there now.',
    'Run `bridle access check`, look at what it names, and write the new digest that `--suggest` prints.',
  ),
  'accept-without-facts': page(
    'Something is accepted without the digest of the facts that it was accepted for.',
    'Any change of the facts is covered, too: what comes to rest on it later is settled before anybody has looked.',
    'Write the `facts` that the finding names. When the facts change, the acceptance is void until somebody looks again.',
  ),
  'accept-unused': page(
    'Something is accepted that nothing assumes.',
    'It would settle, unseen, whatever comes to match it later.',
    'Take the line out, or correct its finding and its place. `bridle access check --suggest` prints lines that match.',
  ),
  'accept-expired': page(
    'The day has passed until which something was accepted.',
    'What nobody looks at again stays accepted for ever.',
    'Look at it again, and write another day, at most a year ahead.',
  ),
  'expectation-failed': page(
    'An expectation of the files does not hold.',
    'It is a test of the access itself: either the access is not what was meant, or the expectation is not.',
    'Run `bridle access why` with the two names: it shows the paths and the smallest change that cuts them.',
  ),
  'opens-queue': page(
    'The plan would open a privileged queue to somebody who is not allowed, or add to how it is open.',
    'A plan that opens is refused whatever the flags: what it lets in could be used before anybody looks.',
    'Take out the change that the finding names, or allow the people whom it would let in.',
  ),
  'opens-role': page(
    'The plan would let somebody who is not allowed become a role of AWS, or add to how they can.',
    'A role is as privileged as the queues that lead to it. What the plan lets in could be used before anybody looks.',
    'Take out the change that the finding names: a statement of a trust, a policy, a way to the pipeline. Or allow the people whom it would let in, at the cluster.',
  ),
  'widens-access': page(
    'Carrying out the plan gives somebody more than they have: a queue, a role, Full Access, maintainership, or the right to create.',
    'A yes to a long plan is easily given. Giving access away takes a second word.',
    'Read the access part of the plan. If it is meant, pass `--allow-widening` besides.',
  ),
  'no-safe-order': page(
    'The calls of the plan can not be put in an order in which nobody reaches a privileged queue on the way.',
    'Calls fail, and an apply can be stopped between any two. What is open for a second is open.',
    'Carry the change out in two plans: first what closes, then what opens.',
  ),
  'moving-organization': page(
    'Three readings of what reaches the privileged clusters, and no two of them agree.',
    'A verdict about a state that never was is worth nothing.',
    'Wait until whoever changes the organization is done, and run again.',
  ),
  'undeclared-in-privileged': page(
    'Something is in a privileged cluster, or reaches it, that no file declares.',
    'What is not declared still reaches. Nobody has reviewed it.',
    'Declare it, or have it removed. `bridle explain` of the path that it opens says more.',
  ),
  'privileged-not-there': page(
    'Something is declared as privileged, and is not there: renamed, deleted, or not made yet.',
    'What stands under another name has no promise and no verdict. Nobody would be told who reaches it.',
    'Look what became of it. If it was renamed, write the new name with `was: old-name`, or have it named back; if it is new, apply.',
  ),
  'identity-changed': page(
    'Something privileged has another identity than the one that bridle recorded under its name.',
    'A name that is deleted and made again keeps what policies and people promise to the name.',
    'Find out who made it. If it is right, adopt it once with `--accept-identity NAME=UUID`.',
  ),
  'identity-moved': page(
    'Something privileged has another name than the one that bridle recorded, and nothing has the old one.',
    'A new one under the old name would be empty. What it was, with its agents, its tokens and its people, would be left under the other name, where nothing is promised.',
    'Have it named back, or write the new name with `was: old-name`. If the name is meant for something new, take its line out of bridle.lock.yaml: that is reviewed like any other change.',
  ),
  'promise-dropped': page(
    'A cluster was privileged at the last apply, and no file says `allow` for it any more.',
    'Without `allow` there is no verdict, no access part of a plan and no refusal: taking one line out would open everything that it kept closed.',
    'Write `allow` again. If it is meant, take the cluster out of `allowed` in bridle.lock.yaml in the same change, or apply it once with `--allow-widening`.',
  ),
  'no-lock': page(
    'There is no bridle.lock.yaml, and things are there that are declared as privileged.',
    'It tells things from others that have taken their names, and remembers who left. Before the first apply there is none; later, somebody has taken it away.',
    'Bring it back from version control. If bridle never applied these files, apply: it writes one, to be committed beside them.',
  ),
  'broken-lock': page(
    'The file bridle.lock.yaml is not one that this bridle can read, or is about another organization.',
    'It tells things from others that have taken their names. Without it they can not be told apart.',
    'Bring it back from version control. To begin anew, delete it and apply.',
  ),
  'broken-evidence': page(
    'The file bridle.evidence.json is not one that this bridle can read, or is about another organization.',
    'What was seen of the gates on agents stands in it. A gate that nobody has seen refuse is not believed.',
    'Delete it, and have it seen again: `bridle hook canary`, and `bridle hook install --check` on the hosts.',
  ),
  'gate-unseen': page(
    'The border of a queue is to be held by its gate, and nothing shows that the gate holds.',
    'A gate whose file is missing lets everything in and says nothing. So one is believed where a job that it must refuse was seen refused within the day, by the policy that is published, and where a check of its hosts is no older than 30 days. Until then the border is assumed. What hosts say is not signed: whoever may write bridle.evidence.json can claim a host that was never looked at, so a change of it is reviewed like one of any file here.',
    'Apply, so that the policy is published; then `bridle hook canary QUEUE`, and `bridle hook install --check` on the hosts of the queue.',
  ),
  'backlog-waits': page(
    'Jobs that somebody who is not allowed has influenced are waiting where they would get onto a privileged queue.',
    'They run as soon as they can, with what was decided when they were made.',
    'Cancel them; the finding names them. Then run again.',
  ),
  'snapshot-too-narrow': page(
    'A snapshot was taken with files by which less was privileged, or came there, than by those of today.',
    'Clusters with `allow` are read closely: their schedules, builds, secrets, agents and maintainers. So is what moves in by a plan, and what starts builds there. Of the rest none of that was read, and a verdict without it is better than the truth.',
    'Take it again with these files: `bridle access snapshot --out FILE`.',
  ),
  'left-behind': page(
    'Somebody who is not allowed could change a pipeline that is in a privileged cluster now, and no file says what it runs.',
    'They may have changed its steps while they could. What they left runs on, with nobody to see that it is theirs.',
    'Look at the steps and the repository in Buildkite. Then declare them, and every later change of them is a difference.',
  ),
  'changed-meanwhile': page(
    'While a plan was carried out, somebody else changed what bears on a privileged queue.',
    'Nobody reviewed it, and what the plan was to close may stand open by it. What waited for the proof was not sent.',
    'Look at who did it and why; the audit log tells. Settle it, then run `bridle apply` again: it goes on from there.',
  ),
  'not-a-snapshot': page(
    'The file is not a snapshot that this bridle can read.',
    'A verdict on half of what was read would say closed where it is not.',
    'Write one with `bridle access snapshot --out FILE`.',
  ),
  'newer-snapshot': page(
    'The snapshot was written by a newer bridle.',
    'It may hold what this one does not know, and what is not known is not judged.',
    'Use the bridle that wrote it, or write another.',
  ),
  'older-snapshot': page(
    'The snapshot was taken by an older bridle, which did not ask about everything that this one judges by.',
    'What nobody asked about looks like what nobody has. A verdict on that would say closed where it is not.',
    'Take it again: `bridle access snapshot --out FILE`.',
  ),
  'nothing-there': page(
    'The question is about something that is neither declared nor there.',
    'An answer about a misspelt name would be that nobody reaches it.',
    'Look at the spelling. Addresses are `queue:CLUSTER/KEY`, `pipeline:SLUG`, `team:SLUG`, `user:EMAIL`.',
  ),
  'files-there': page(
    'There are files already where an import would write its own.',
    'Somebody has written them, with reasons in comments that no organization remembers.',
    'Take what has drifted into them with `bridle import --update`, or import into another folder with `--file`.',
  ),
  'import-differs': page(
    'Files that were to say what is there would have changed it.',
    'An import proves itself: its files are read again and held against what was read, and nothing is written unless the plan is empty.',
    'Import what can be imported with `--cluster`, `--team` or `--pipeline`, and write the rest by hand. A field that bridle writes down wrongly is a mistake of bridle’s: report it.',
  ),
  'import-left-out': page(
    'Something is there that files can’t say, so the import left it out.',
    'A value that this bridle does not know is never dropped and never reset: what no file says stays as it is. But drift in it is not told either.',
    'Look at it in Buildkite. Where two things have one name, rename one of them; where a value is newer than bridle, a newer bridle may know it.',
  ),
  'role-trusts-more': page(
    'A role of AWS is entered by pipelines, queues, roles or others that no file says.',
    'What is in IAM is what counts. Whoever reviewed the files has not seen who else comes in.',
    'Run `bridle apply`, which writes the declared trust; or declare what the finding names, if it is meant.',
  ),
  'observed-outside': page(
    'Jobs ran on a privileged queue that today’s `allow` would not let there, or of a pipeline that is gone.',
    'What ran could read what the queue guards. Deleting a pipeline deletes the traces, not what was taken.',
    'Look at the builds that the finding names; rotate what they could read.',
  ),
  'can-not-contain': page(
    'The queue is not one that bridle may pause.',
    'Stopping a queue stops other people’s work, so it is allowed cluster by cluster.',
    'Write `contain: true` at its cluster, or pause it in Buildkite.',
  ),

  // What a queue implies for the stack that runs its agents.
  'hosted-queue': page(
    'The question is about the machines of a queue that Buildkite runs itself.',
    'A hosted queue has no stack, no instance role and no boot script: there is nothing to set up in AWS.',
    'Ask about a queue with agents of your own. What hosted jobs may do in AWS, they are given by roles that trust Buildkite’s OIDC.',
  ),
  'no-instance-role': page(
    'A queue does not say which AWS role its agents have, or says none, which the machines of a stack can not have.',
    'Every job of the queue has that role. Where it is not declared nobody knows what a job may do, and the stack would make one of its own.',
    'Write `instance_role: ACCOUNT/NAME` at the queue, and declare the role under `aws.roles`.',
  ),
  'several-tokens': page(
    'A cluster has several stored tokens, and nothing says with which one the agents of a queue register.',
    'Each can be revoked by itself, so it matters which agents have which.',
    'Name it with --token.',
  ),
  'not-a-stack': page(
    'The file holds no parameters of a stack.',
    'An answer about something else would be that nothing differs.',
    'Write one with `aws cloudformation describe-stacks --stack-name NAME > stack.json`.',
  ),
  'ambiguous-stack': page(
    'A stack could be that of several queues, or is that of none.',
    'Keys of queues repeat from cluster to cluster. Held against the wrong one, a stack could look as declared.',
    'Name the queue with --queue.',
  ),
  'unsafe-stack': page(
    'A parameter of a live stack gives jobs on a privileged queue, or others, what nobody declared.',
    'Who may get code onto the queue is decided with care; on its machines that code could do more than was decided, or meet the code of others.',
    'Update the stack with what `bridle stack QUEUE` prints, and let its machines be replaced: those that run keep what they were started with.',
  ),

  // What is asked in a conversation.
  'bad-answer': page(
    'An answer is none that its question can have.',
    'What was meant instead is not for bridle to guess.',
    'Give another answer; the finding says which there are.',
  ),
  'unknown-answer': page(
    'Something was answered that nobody asks.',
    'An answer that is passed over is a wish that looks granted.',
    'Correct its name, or take it out. `bridle onboard --help` has all of them.',
  ),
  'answers-contradict': page(
    'Two answers cannot both be meant.',
    'Whichever of them was followed, the other one would be passed over.',
    'Change one of the two, or leave it out and be asked.',
  ),
  'not-for-you': page(
    'Something was asked for that the files allow to others alone.',
    'Whoever has a pipeline in a privileged cluster can run code on every agent of it. Who may is written at `allow`, and decided by those who review that line.',
    'Take what is offered, or ask one of those whom the finding names to let you in.',
  ),
  'file-changed': page(
    'A file changed while somebody was being asked.',
    'What was shown was about the file as it was, and writing it would undo what somebody else has done meanwhile.',
    'Run it again: it begins with the files as they are now.',
  ),
  'can-not-commit': page(
    'A change can’t be committed from here.',
    'A commit should hold what was shown and nothing else, and bridle never touches work of yours that is not committed.',
    'Do what the finding says, or leave --commit out: then the commands are printed.',
  ),

  // How code gets onto an agent.
  ...accessCodes,

  // How roles of AWS go wrong.
  ...roleCodes,
} as const satisfies Record<string, Page>

/** The slug of a finding, to search for and to give to `bridle explain`. */
export type Code = keyof typeof codes

const told: readonly string[] = [
  ...Object.keys(accessCodes),
  ...Object.keys(roleCodes),
  'undeclared-in-privileged',
  'role-trusts-more',
  'privileged-not-there',
  'accept-void',
  'accept-without-facts',
  'accept-unused',
  'accept-expired',
  'expectation-failed',
  'observed-outside',
  'left-behind',
]

/** Whether a finding tells what the access is like, and stands in the way of nothing that makes it better. */
export const isTold = (code: Code): boolean => told.includes(code)
