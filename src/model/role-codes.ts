import type { Page } from './access-codes.js'

/** What a rule about roles goes by: T for trust policies, B for Buildkite's tokens, C for chains, I for what a role may do. */
export type RoleRuleId = `${'T' | 'B' | 'C' | 'I' | 'J' | 'D'}${number}`

/** A page about one way in which roles go wrong. */
export interface RolePage extends Page {
  readonly rule: RoleRuleId
}

const page = (rule: RoleRuleId, what: string, why: string, fix: string): RolePage => ({
  rule,
  what,
  why,
  fix,
})

/** Every way in which bridle knows AWS roles to go wrong, by the slug of its finding, in the order of the rules. */
export const roleCodes = {
  // Trust policies, whoever they are about.
  'role-trusts-anybody': page(
    'T01',
    'The trust policy of a role names everybody, and no condition says of which organization or account they must be.',
    'Everybody is everybody with an AWS account, not everybody in yours.',
    'Name the roles that become it. Where they are too many, add a condition on aws:PrincipalOrgID or aws:PrincipalAccount with StringEquals.',
  ),
  'role-trusts-account': page(
    'T02',
    'The trust policy of a role names another account as a whole.',
    'Who may become it is then decided in that account, by whoever writes policies there.',
    'Name the exact role of that account. For a vendor’s account, have an ExternalId in a condition as well.',
  ),
  'role-trusts-all-but': page(
    'T03',
    'The trust policy of a role says who may not come in (NotPrincipal) with Allow, so everybody else may.',
    'Everybody else is every AWS account there is.',
    'Write Principal with those who may come in. NotPrincipal belongs beside Deny, if anywhere.',
  ),
  'role-trusts-any-action': page(
    'T04',
    'The trust policy of a role has a wildcard among its actions.',
    'It allows every door at once, session tags and a source identity of the caller’s choice among them, and whatever AWS adds later.',
    'Write the one action that is meant: sts:AssumeRoleWithWebIdentity for Buildkite’s tokens, sts:AssumeRole for roles and services; and sts:TagSession only where tags are tested.',
  ),
  'role-trusts-unknown-account': page(
    'T05',
    'The trust policy of a role names somebody of an account that aws.accounts does not have.',
    'Nobody here knows who that is, and who can become them is decided elsewhere.',
    'Find out whose account it is. Declare it under aws.accounts if it is yours; else take the principal out, or accept it with the name of its owner.',
  ),
  'role-trusts-deleted': page(
    'T06',
    'The trust policy of a role names a user or a role that was deleted: its ARN has become an id such as AROA….',
    'The access is dead: a new role under the old name is not let in. Until somebody looks, nobody knows what was meant.',
    'Name the role that took its place by its ARN, or take the line out.',
  ),
  'role-trusts-other-service': page(
    'T07',
    'A role of a queue’s instances can be had by an AWS service besides ec2.amazonaws.com.',
    'Whoever may hand the role to that service has the queue’s permissions without a job on the queue.',
    'Leave ec2.amazonaws.com alone. autoscaling.amazonaws.com, which the Elastic CI Stack adds, is let pass.',
  ),
  'role-two-doors': page(
    'T08',
    'A role can be entered in two ways: by tokens and by roles, or by a service and by one of them.',
    'The statements of a trust are alternatives. What one of them asks for, the other does not: with an instance role beside a pipeline, every job on its queues gets in, under a name and with tags of its own choice.',
    'Give each way a role of its own, and both the same policies.',
  ),
  'role-two-providers': page(
    'T09',
    'The trust policy of a role takes tokens of more than one identity provider.',
    'The role is as safe as the least careful of them, and an audit has to look at all.',
    'Give each provider a role of its own.',
  ),
  'role-trusts-saml': page(
    'T10',
    'The trust policy of a role takes people who sign in by SAML.',
    'Who they are is decided in the identity provider, where bridle can not look. A role of jobs should not be a role of people, too.',
    'Give people a role of their own. If it is meant, accept it with the names of the groups that have it.',
  ),
  'role-trust-negative': page(
    'T11',
    'A statement of a trust policy has only conditions that say what must not be.',
    'Such a condition holds where the request does not have the key at all. A caller who leaves it out gets in.',
    'Say what must be: StringEquals on the claim or the tag that is meant.',
  ),
  'role-trust-if-exists': page(
    'T12',
    'A trust policy tests something with …IfExists.',
    'It holds where the request does not have the key. Which claims a token has is chosen by the job that asks for it.',
    'Take the IfExists off. A claim that is tested has to be asked for.',
  ),
  'role-trust-for-all-values': page(
    'T13',
    'A trust policy tests something with ForAllValues:.',
    'It holds where the request does not have the key. It only limits what is there; it asks for nothing.',
    'Use StringEquals. ForAllValues: is right for aws:TagKeys alone, beside a test of each tag.',
  ),
  'role-trust-null': page(
    'T14',
    'The only conditions of a statement of a trust policy are whether keys are there (Null).',
    'Whether a key is there says nothing of its value. Every token has claims, those of other organizations too.',
    'Test the values: StringEquals on the ids of organization, cluster, pipeline and queue.',
  ),
  'role-trust-unknown-key': page(
    'T15',
    'A condition of a trust policy is about a key that a request like this never has: misspelt, or of another provider.',
    'With a positive operator it never holds, and the role can not be had. With a negative one, or with IfExists, it always holds, and is no test at all.',
    'Write the key that the finding names. Buildkite’s begin with agent.buildkite.com:, without https://.',
  ),
  'role-trust-any-case': page(
    'T16',
    'A trust policy compares a slug, a branch or a subject without regard to upper and lower case.',
    'To Git, Main and main are two branches, and only one of them is protected.',
    'Use StringEquals, with the name as it is written at its source.',
  ),
  'role-trust-near-limit': page(
    'T17',
    'A trust policy has used up more than 90 % of the size that IAM allows.',
    'The next pipeline does not fit, and somebody in a hurry will put a wildcard for several.',
    'Split the role, or have AWS raise the quota before it is needed.',
  ),
  'role-unreadable': page(
    'T18',
    'A policy of a role could not be read, or says what bridle does not understand.',
    'No rule has looked at it. Nothing found in it does not mean that nothing is there.',
    'Let the credentials that bridle reads with have iam:GetAccountAuthorizationDetails. If they have, write the policy in a plainer way.',
  ),

  // Buildkite's tokens.
  'role-audience': page(
    'B01',
    'The trust policy of a role does not test for whom Buildkite’s token was made (aud), or takes one that was made for somebody else.',
    'A token that a job made for another service can then be used here by whoever runs that service.',
    'Test agent.buildkite.com:aud with StringEquals, for sts.amazonaws.com.',
  ),
  'role-no-subject': page(
    'B02',
    'The trust policy of a role takes Buildkite’s tokens, tests no subject (sub), and nothing else keeps strangers out.',
    'Buildkite’s issuer is the same for all of its customers: a token of any organization will do.',
    'Declare the role with trust: [{ pipeline: …, queue: … }], which tests organization, cluster, pipeline and queue by their ids.',
  ),
  'role-open-subject': page(
    'B03',
    'The pattern for the subject of Buildkite’s tokens does not begin with the organization, or names another one.',
    'Part of a subject is text that others choose: a branch, a step key. What is not tied to the organization at its beginning can be written into one.',
    'Begin it with organization:SLUG:, or test ids instead.',
  ),
  'role-open-organization': page(
    'B04',
    'The pattern for the subject of Buildkite’s tokens has a wildcard in the name of the organization.',
    'Anybody can make an organization at Buildkite whose name fits, and with it a pipeline of any name.',
    'Write the whole slug and the colon after it: organization:SLUG:.',
  ),
  'role-open-pipeline': page(
    'B05',
    'The pattern for the subject of Buildkite’s tokens leaves the pipeline open, and so does everything else that is tested.',
    'Other pipelines fit, too: those that are there, and whatever somebody makes under a name that fits.',
    'Write the whole slug and the colon after it, pipeline:SLUG:, or better test agent.buildkite.com:pipeline_id.',
  ),
  'role-wildcard-before-name': page(
    'B06',
    'The pattern for the subject of Buildkite’s tokens has a wildcard before a name that it means to test.',
    'A star runs over colons. The name that should stand in its own place can stand in a branch or in a step key instead, and those are written by whoever writes the steps.',
    'Write everything from the beginning to the last name that matters, and a star only after it; or test ids.',
  ),
  'role-literal-wildcard': page(
    'B07',
    'A trust policy compares with a star or a question mark by an operator that takes them as they stand.',
    'No token has them, so the condition never holds; a negative one always does.',
    'Use StringLike where a pattern is meant, and whole values where not.',
  ),
  'role-ref-without-refs': page(
    'B08',
    'The pattern for the subject of Buildkite’s tokens names a branch without refs/heads/ before it.',
    'Subjects have refs/heads/main, or refs/tags/v1. The pattern matches nothing, and sooner or later somebody will put a star there.',
    'Write ref:refs/heads/BRANCH:, or ref:refs/tags/TAG:.',
  ),
  'role-any-branch': page(
    'B09',
    'A role of a privileged pipeline can be had from builds of every branch, and no file says so.',
    'Whoever may push any branch, and have it built, has a job with the role.',
    'Write branches at its line under trust, and protect them at the Git host. A branch is what the build says it is of; it is no proof of what code runs.',
  ),
  'role-slugs-only': page(
    'B10',
    'A trust policy tells organizations and pipelines apart by their slugs alone.',
    'A slug can be given up and taken by another. The id can not.',
    'Declare the role with trust: [{ pipeline: …, queue: … }]: bridle writes the ids.',
  ),
  'role-tags-not-allowed': page(
    'B11',
    'A trust policy tests session tags, and does not allow them to be passed (sts:TagSession).',
    'AWS refuses the whole exchange: nobody can have the role in this way.',
    'Add sts:TagSession to the actions of the statement, and limit aws:TagKeys.',
  ),
  'role-any-tags': page(
    'B12',
    'A role takes any session tags, and its policies give rights by tags.',
    'Which tags a token has is chosen by the job that asks for it. One that nobody thought of may be what a policy looks at.',
    'Limit them: ForAllValues:StringEquals on aws:TagKeys, with the tags that are tested.',
  ),
  'role-chosen-claims': page(
    'B13',
    'All that a trust policy tests of the job is text that people choose: a branch, a step key, a tag of the build or of the agent.',
    'Any pipeline can have a step or a branch of that name.',
    'Test pipeline_id besides. Of a job, only ids are proof.',
  ),
  'role-unknown-claim': page(
    'B14',
    'A trust policy tests a session tag that Buildkite can not put into a token.',
    'The condition never holds, so nobody gets in; a negative one always holds.',
    'Use one of the claims that Buildkite has: organization_id, cluster_id, pipeline_id, queue_id and the like.',
  ),
  'role-unknown-pipeline': page(
    'B15',
    'A trust policy names an organization, cluster, queue or pipeline that is not there, or a pipeline and a cluster that it is not in.',
    'An id that is gone lets nobody in and hides what was meant. A name that is gone can be taken by somebody.',
    'Look what became of it. Declare the role with trust: [{ pipeline: …, queue: … }], and bridle keeps the ids right.',
  ),
  'role-cross-product': page(
    'B16',
    'One statement of a trust policy lists several pipelines and several queues or branches, and so allows every pair of them.',
    'Two lists in one statement are a product: each pipeline gets in from each queue, whatever pairs were meant.',
    'Write one statement for each pair. bridle does where they are declared.',
  ),
  'role-mixed-trust': page(
    'B17',
    'A role can be had by pipelines of a privileged cluster and by pipelines of others.',
    'Whoever decides what the others run has what the privileged ones have.',
    'Give each level of trust a role of its own.',
  ),
  'provider-extra-audience': page(
    'B18',
    'Buildkite’s identity provider takes tokens for more audiences than sts.amazonaws.com.',
    'A token made for one of them can be used at AWS by whoever it was handed to, wherever a role does not test the audience.',
    'Write client_ids: [sts.amazonaws.com] for it under aws.oidc_providers, once no job asks for another audience.',
  ),
  'role-frozen-trust': page(
    'B19',
    'A role takes Buildkite’s tokens and does not test their subject: older than AWS’s rule that it has to.',
    'AWS refuses the next edit of its trust policy, whatever the edit is about. In a hurry, that is a bad surprise.',
    'Rewrite it now: declare the role with trust: [{ pipeline: …, queue: … }].',
  ),

  // Roles that become roles.
  'role-assumes-anything': page(
    'C01',
    'The role of a queue’s instances may become roles by a pattern, and not by their exact ARNs.',
    'Every role that fits and trusts it, or its account, is open to every job on the queue; those that are made later, too.',
    'Write may_assume with the roles that are meant. bridle writes their ARNs.',
  ),
  'role-trusts-agents-account': page(
    'C02',
    'The trust policy of a role names the whole account in which the agents are.',
    'Every role there with sts:AssumeRole gets in, those of other queues too.',
    'Name the exact role: trust: [{ role: ACCOUNT/NAME }].',
  ),
  'role-no-external-id': page(
    'C03',
    'A role trusts another account, and asks neither for an ExternalId nor for your organization.',
    'Whoever works on behalf of many can be talked into using the wrong customer’s role.',
    'Add a condition on sts:ExternalId for a vendor, on aws:PrincipalOrgID for an account of yours; or name the exact role of a declared account.',
  ),
  'role-of-two-queues': page(
    'C04',
    'The instances of more than one queue may become the same role.',
    'The role belongs to everybody who reaches any of the queues.',
    'Give each queue a role of its own, and let it be trusted by that queue’s instance role alone.',
  ),
  'role-chain': page(
    'C05',
    'The role of a queue’s instances may become a role that may become others.',
    'The way goes on: what stands at its end belongs to every job on the queue, and no single policy shows it.',
    'Let instance roles become roles that become nothing. Take sts:AssumeRole from the one in the middle.',
  ),
  'role-trusts-itself': page(
    'C06',
    'A role may become itself.',
    'A session that has been stolen can be made anew before it ends, for as long as somebody likes.',
    'Take its own ARN out of its trust policy.',
  ),
  'role-self-asserted': page(
    'C07',
    'The trust policy of a role lets roles in by session tags or a session name that they give themselves.',
    'Whoever has the instance’s credentials writes them. A job that says it is another pipeline is believed.',
    'Let pipelines in by Buildkite’s tokens, where the claims are signed. A chained role is open to every job on the queue, and should be no more than that.',
  ),

  // What a role may do.
  'role-escalates': page(
    'I01',
    'A role that jobs can have may do something by which it can get more: write policies or trusts, hand roles to machines, run commands elsewhere.',
    'With it a job can give itself, or somebody, whatever it does not have yet.',
    'Take it out of its policies, or have the permissions boundary deny it. A deploy role may need some: accept it with what limits them as the reason.',
  ),
  'role-no-boundary': page(
    'I02',
    'A role that jobs can have has no permissions boundary, or another than the declared one.',
    'Whoever adds a policy to it, for a good reason and in a hurry, adds without limit.',
    'Write permissions_boundary, with a policy that denies what no job may ever do.',
  ),
  'role-administers': page(
    'I03',
    'A role that jobs can have has AdministratorAccess, PowerUserAccess or IAMFullAccess.',
    'Whoever gets a job has the account.',
    'Attach what the deployment really does. Access Analyzer can make such a policy from what it did.',
  ),
  'role-allows-all-but': page(
    'I04',
    'A policy allows everything but some actions or resources (NotAction or NotResource with Allow).',
    'What AWS adds tomorrow is allowed today.',
    'List what is meant under Action and Resource. What must never be is a Deny.',
  ),
  'role-reads-tokens': page(
    'I05',
    'A role that jobs can have may read an agent token, or parameters of another queue.',
    'With an agent token a stranger’s machine can register with the cluster, and is given its jobs.',
    'Let the machine read the token at boot by a role that it then gives up, or have the token limited to addresses; and give each queue its own path.',
  ),
  'role-signs': page(
    'I06',
    'A role that jobs can have may sign with keys of KMS.',
    'If one of them signs steps, a job can sign steps of its own, and every agent that asks for a signature will run them.',
    'Give runners kms:Verify and kms:GetPublicKey alone (PipelineSigningKMSAccess: verify). Where another key is meant, name it in Resource and accept it.',
  ),
  'role-writes-policies': page(
    'I07',
    'A role that jobs can have may write the parameters or secrets under /buildkite/, where the gate’s lists are.',
    'A job can put itself on the list of what may run.',
    'Take ssm:PutParameter and its like from it. bridle writes them, with credentials that no job has.',
  ),
  'role-reads-secrets': page(
    'I08',
    'A role that jobs can have may read a whole bucket of secrets.',
    'Its prefixes are a convention: any job can ask for any pipeline’s keys.',
    'Allow the prefix that is meant, or one bucket for each level of trust. On privileged queues switch the secrets plugin off.',
  ),
  'role-long-sessions': page(
    'I09',
    'Sessions of a role may last longer than is declared, or than the hour that AWS gives where nobody says anything.',
    'Stolen credentials are good for that long, whatever is closed in the meantime.',
    'Write max_session_duration: 1h, or what the longest job needs.',
  ),
  'role-on-two-queues': page(
    'I10',
    'The instances of more than one queue have the same role.',
    'What one queue may do, the others may: the border between them does not reach AWS.',
    'Give each queue a role and an instance profile of its own.',
  ),
  'role-any-metadata': page(
    'I11',
    'Nothing in the policies of a privileged queue’s role refuses credentials that were had by the old metadata service (IMDSv1).',
    'bridle does not read launch templates. Where tokens are optional there, whatever makes an instance fetch a URL gets its credentials.',
    'Have IMDSv2 required (`bridle stack`), and Deny everything where ec2:RoleDelivery is less than 2.0 in the boundary.',
  ),
  'role-undeclared-policy': page(
    'I12',
    'A declared role has a policy that no file declares.',
    'Nobody has reviewed it, and it allows all the same.',
    'Declare it, or have it removed: a written inline_policies or managed_policies names all there are.',
  ),
  'role-passed-by-many': page(
    'I13',
    'More than one role may hand the role of a queue’s instances to a machine (iam:PassRole).',
    'Whoever can do that, and start a machine, has the queue’s permissions without a job on the queue.',
    'Leave it to the one role that makes the stack, with iam:PassedToService for ec2.amazonaws.com.',
  ),

  // Where Buildkite and AWS meet.
  'queue-role-unknown': page(
    'J01',
    'No file says which role the instances of a privileged queue have.',
    'Unknown is not none: every job on the queue may have a role that nobody looks at.',
    'Write instance_role at the queue: ACCOUNT/NAME.',
  ),
  'queue-role-missing': page(
    'J02',
    'The role that a queue’s instances should have is not in the account, or its account is not declared.',
    'The instances have another one, or none. What is said about the role is about nothing.',
    'Correct instance_role, or declare the role and apply.',
  ),
  'parameter-repository': page(
    'J03',
    'A parameter names another repository for a pipeline than Buildkite does.',
    'Hooks that go by the parameter refuse the right repository, or let the wrong one pass.',
    'Find out which is right. Where bridle writes the leaves, apply puts them right.',
  ),

  // What is there against what is declared.
  'role-trusted-by-more': page(
    'D01',
    'A role lets in more pipelines, queues, roles or people than its declaration does.',
    'What nobody declared nobody has reviewed, and it gets in all the same.',
    'Apply, which writes the declared trust; or declare what should stay.',
  ),
  'queue-role-does-more': page(
    'D02',
    'The role of a privileged queue’s instances may become more roles, or do more, than is declared for it.',
    'Every job on the queue may.',
    'Apply, which writes the declared policies; or declare what should stay under may_assume, inline_policies and managed_policies.',
  ),
} as const satisfies Record<string, RolePage>

/** The slug of a finding about roles. */
export type RoleCode = keyof typeof roleCodes

/** Those that let nobody in by themselves, and so only ever warn. */
export const onlyWarned: readonly RoleCode[] = [
  'role-trusts-any-action',
  'role-trusts-deleted',
  'role-trusts-other-service',
  'role-two-providers',
  'role-trusts-saml',
  'role-trust-any-case',
  'role-trust-near-limit',
  'role-unreadable',
  'role-literal-wildcard',
  'role-ref-without-refs',
  'role-any-branch',
  'role-slugs-only',
  'role-tags-not-allowed',
  'role-any-tags',
  'role-cross-product',
  'role-mixed-trust',
  'provider-extra-audience',
  'role-frozen-trust',
  'role-assumes-anything',
  'role-no-external-id',
  'role-of-two-queues',
  'role-chain',
  'role-trusts-itself',
  'role-no-boundary',
  'role-administers',
  'role-allows-all-but',
  'role-reads-tokens',
  'role-signs',
  'role-writes-policies',
  'role-reads-secrets',
  'role-long-sessions',
  'role-on-two-queues',
  'role-any-metadata',
  'role-undeclared-policy',
  'role-passed-by-many',
  'queue-role-unknown',
  'queue-role-missing',
  'parameter-repository',
]
