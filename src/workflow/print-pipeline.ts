import { createHash } from 'node:crypto'
import type { AwsAccount } from '../model/aws.js'
import type { Finding } from '../model/finding.js'
import type { Wanted } from '../model/wanted.js'
import { declare, standInTheWay } from './declare.js'
import type { Declared } from './world.js'

/** What the pipeline is told that no file says. */
export interface PipelineOptions {
  /** The account in which the token and the role are; that of the heartbeat, or the first that is entered without another role, if left out. */
  readonly account?: string | undefined
  readonly repository: string
  readonly branch: string
  /** From the top of the repository to the folder of the root file: empty, or ending in a slash. */
  readonly folder: string
  /** The root file's name in it. */
  readonly root: string
}

/** The files of the scheduled check, by path from the folder of the root file; or what stands in the way. */
export type PipelinePrinted =
  | { readonly files: Readonly<Record<string, string>> }
  | { readonly findings: readonly Finding[] }
  | { readonly missing: 'account' | 'no such account' }

/** What is made has these names, and nobody else's. */
const names = {
  cluster: 'bridle',
  queue: 'drift',
  pipeline: 'bridle-drift',
  role: 'bridle-drift',
  machine: 'agent-bridle-drift',
  reader: 'bridle-read',
  token: '/bridle/buildkite-token',
  agentToken: '/buildkite/bridle/agent-token/drift',
  heartbeat: '/bridle/heartbeat',
}

const rolePath = '/buildkite/pipeline/'

/** The files of bridle's own pipeline, for an organization as its files have it. Asks nobody. */
export const printPipeline = (declared: Declared, options: PipelineOptions): PipelinePrinted => {
  const { wanted, findings } = declare(declared)
  if (wanted === undefined || standInTheWay(findings)) return { findings }
  const accounts = wanted.aws?.accounts ?? []
  const { heartbeat } = wanted.drift ?? {}
  const named = options.account ?? (heartbeat?.in === 'parameter' ? heartbeat.account : undefined)
  const home =
    named === undefined
      ? (accounts.find(({ assumeRole }) => assumeRole === undefined) ?? accounts[0])
      : accounts.find(({ name }) => name === named)
  if (home === undefined) return { missing: options.account === undefined ? 'account' : 'no such account' }
  const others = accounts.filter(({ name }) => name !== home.name)
  const about: About = { wanted, home, others, options, heartbeat: heartbeatOf(wanted) }
  return {
    files: {
      'drift.yaml': declaration(about),
      'drift/pipeline.yaml': steps(about),
      'drift/nightly.sh': nightly(about),
      'drift/pull-request.yaml': pullRequest(about),
      'drift/check.sh': check(about),
    },
  }
}

interface About {
  readonly wanted: Wanted
  readonly home: AwsAccount
  readonly others: readonly AwsAccount[]
  readonly options: PipelineOptions
  /** The parameter that is written: the declared one, if it is in the home account. */
  readonly heartbeat: string
}

const heartbeatOf = ({ drift }: Wanted): string =>
  drift?.heartbeat.in === 'parameter' ? drift.heartbeat.name : names.heartbeat

/** A text that YAML reads as it is. */
const quoted = (text: string): string => JSON.stringify(text)

const parameterArn = ({ partition, region, id }: AwsAccount, name: string) =>
  `arn:${partition}:ssm:${region}:${id}:parameter${name}`

/** Not on the hour, when everybody's schedules start; the same whenever it is printed. */
const minuteOf = (organization: string): number =>
  (createHash('sha256').update(organization).digest()[0] ?? 0) % 60

/**
 * What reading an account takes. Parameters come as SSM keeps them: what is secret in them nobody opens, but for `own`.
 *
 * @source AWS docs, "AWS KMS encryption for Parameter Store SecureString parameters": the context of each is its ARN
 */
const reading = ({ partition, region, id }: AwsAccount, own?: string): string =>
  [
    '- Effect: Allow',
    '  Action:',
    ...[
      'iam:GetAccountAuthorizationDetails',
      'iam:GetInstanceProfile',
      'iam:GetOpenIDConnectProvider',
      'iam:GetRole',
      'iam:ListInstanceProfiles',
      'iam:ListOpenIDConnectProviders',
      'iam:ListRoles',
      'ssm:DescribeParameters',
    ].map((action) => `    - ${action}`),
    '  Resource: "*"',
    '- Effect: Allow',
    '  Action: [ssm:GetParameters, ssm:ListTagsForResource]',
    `  Resource: "arn:${partition}:ssm:${region}:${id}:parameter/buildkite/*"`,
    `- Effect: Deny # agent tokens stand there, too: they come as they are kept, and nobody opens them`,
    '  Action: kms:Decrypt',
    '  Resource: "*"',
    ...(own === undefined
      ? []
      : [`  Condition: { StringNotEquals: { "kms:EncryptionContext:PARAMETER_ARN": "${own}" } }`]),
  ]
    .map((line) => `              ${line}`)
    .join('\n')

const declaration = (about: About): string => {
  const { wanted, home, others, options, heartbeat } = about
  const written =
    wanted.drift === undefined
      ? `
# How it is noticed that this does not run any more: \`bridle doctor\` and the next run look.
drift: { heartbeat: ${quoted(`ssm:${home.name}${heartbeat}`)}, max_age: 26h }
`
      : ''
  const may = ['clusters', 'allow', 'pipelines', 'aws', ...(written === '' ? [] : ['drift'])]
  const chained =
    others.length === 0
      ? ''
      : `\n      may_assume: [${others.map(({ name }) => quoted(`${name}/${names.reader}`)).join(', ')}]`
  const issuer = `${home.name}/agent.buildkite.com`
  const provider = wanted.wants.some(({ address }) => address === `oidc-provider:${issuer}`)
    ? ''
    : `  oidc_providers: # Buildkite vouches for its jobs; take it out if the account has it already
    ${quoted(issuer)}: { client_ids: [sts.amazonaws.com] }
`
  return `# The scheduled drift check of ${wanted.organization}: bridle, watching itself by its own rules.
# Include it in the root file:
#   include:
#     - { files: "drift.yaml", may: [${may.join(', ')}] }
# Then \`bridle plan\` and \`bridle apply\`; put the token where the job finds it, by hand, once:
#   aws ssm put-parameter --region ${home.region} --name ${names.token} --type SecureString --cli-input-json file:///dev/stdin
#   and type {"Value": "the token"}
# Use the token of a user of its own that is an administrator, with the scopes that \`bridle doctor\` names to read, and
# with no others; where Buildkite offers you read-only access to GraphQL, with that.
# Whoever gets at the token administers the organization: \`bridle access check\` says so (bridle-itself), until you accept it.
${written}
clusters:
  ${names.cluster}:
    description: Compares this organization with its files, and does nothing else
    allow: { users: [] } # whoever is in \`trust\`, and nobody else
    maintainers: { users: [], teams: [] }
    default_queue: null # a step that names no queue goes to none
    queues:
      ${names.queue}:
        description: Runs ${names.pipeline}, and nothing else
        instance_role: ${quoted(`${home.name}/${names.machine}`)}
    tokens:
      ${names.queue}: # with \`allowed_ip_addresses\` it would be good from your agents' network alone
        expires_in: 90d
        rotate_before: 14d
        store: ${quoted(`${home.name}${names.agentToken}`)}

pipelines:
  ${names.pipeline}:
    cluster: ${names.cluster}
    description: What differs from the files, and who reaches what they should not
    repository: ${quoted(options.repository)}
    default_branch: ${quoted(options.branch)}
    branch_configuration: ${quoted(options.branch)} # protect it: what is merged there runs with the token
    provider_settings: { trigger_mode: none, build_pull_requests: false, build_branches: false, build_tags: false }
    allow_rebuilds: false
    teams: {} # give \`read_only\` to those who are to read what it finds
    steps_file: drift/pipeline.yaml
    schedules: { nightly: { cronline: "${String(minuteOf(wanted.organization))} 3 * * *", branch: ${quoted(options.branch)} } }

aws:
${provider}  roles:
    # What the job becomes, and only there: this pipeline, on this queue, on this branch, by their uuids.
    ${quoted(`${home.name}/${names.role}`)}:
      description: Reads what the drift check of ${wanted.organization} compares, and its token
      path: ${rolePath}
      trust: [{ pipeline: ${names.pipeline}, queue: ${names.cluster}/${names.queue}, branches: [${quoted(options.branch)}] }]
      max_session_duration: 1h${chained}
      inline_policies:
        drift:
          document:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: ssm:GetParameter
                Resource:
                  - "${parameterArn(home, names.token)}"
                  - "${parameterArn(home, heartbeat)}"
              - Effect: Allow
                Action: [ssm:PutParameter, ssm:GetParameters, ssm:ListTagsForResource]
                Resource: "${parameterArn(home, heartbeat)}"
${reading(home, parameterArn(home, names.token))}
    # What its machines are: they fetch the token that registers the agent, and can do nothing else.
    ${quoted(`${home.name}/${names.machine}`)}:
      description: Agents of the queue ${names.cluster}/${names.queue}
      trust: [{ service: ec2.amazonaws.com }]
      instance_profile: true
      inline_policies:
        agent:
          document:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: ssm:GetParameter
                Resource: "${parameterArn(home, names.agentToken)}"
${others.map((account) => reader(account, home)).join('')}`
}

const reader = (
  account: AwsAccount,
  home: AwsAccount,
): string => `    # What the job reads ${account.name} as.
    ${quoted(`${account.name}/${names.reader}`)}:
      description: Reads roles and parameters for the drift check
      trust: [{ role: ${quoted(`${home.name}/${names.role}`)} }]
      max_session_duration: 1h
      inline_policies:
        read:
          document:
            Version: "2012-10-17"
            Statement:
${reading(account)}
`

/** A path as a shell takes it, whatever is in it. Buildkite puts its variables in first: a dollar is said twice. */
const inShell = (path: string): string =>
  /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`).replaceAll('$', '$$$$')}'`

const steps = ({
  options,
}: About): string => `# What runs every night. A difference is told, and does not fail the build; a finding does, and so does a check that could
# not read everything. bridle annotates the build and keeps its report by itself.
steps:
  - label: ":kite: What differs?"
    key: drift
    command: ${quoted(`sh ${inShell(`${options.folder}drift/nightly.sh`)}`)}
    agents: { queue: ${names.queue} }
    soft_fail: [{ exit_status: 10 }]
    retry: { automatic: [{ exit_status: 4, limit: 2 }] }
    timeout_in_minutes: 30
    concurrency: 1
    concurrency_group: bridle/drift
`

/** The profile that the files name for its own account, as the job enters it: the machine has none. */
const profileOf = ({ profile, region }: AwsAccount): string =>
  profile === undefined
    ? ''
    : `# The profile that the files name for this account.
cat >"\${folder}/config" <<END
[profile ${profile}]
region = ${region}
role_arn = \${AWS_ROLE_ARN}
web_identity_token_file = \${folder}/identity
END
export AWS_CONFIG_FILE="\${folder}/config"
`

/** Other accounts are read, whatever \`apply\` enters them with. */
const rolesOf = (others: readonly AwsAccount[]): string =>
  others.length === 0
    ? ''
    : `# In other accounts it reads, whatever \`apply\` enters them with.
export BRIDLE_AWS_ROLES='${others.map(({ name }) => `${name}=buildkite/${names.reader}`).join(' ')}'
`

const fileFlag = ({ options: { folder, root } }: About): string =>
  folder === '' && root === 'bridle.yaml' ? '' : ` --file '${`${folder}${root}`.replaceAll("'", `'\\''`)}'`

const nightly = (about: About): string => {
  const { home, others, heartbeat } = about
  const { partition, id, region } = home
  return `#!/bin/sh
# The scheduled drift check. It needs bridle, the aws command and buildkite-agent 3.121 or later on the agent's machine.
set -eu
umask 077
folder="$(mktemp -d)"
trap 'rm -rf "\${folder}"' EXIT

# Who this job is, by Buildkite's word: AWS opens the role to this pipeline on this queue, and to nobody else.
buildkite-agent oidc request-token --audience sts.amazonaws.com --subject-claim queue_id \\
  --claim organization_id,cluster_id,pipeline_id >"\${folder}/identity"
export AWS_WEB_IDENTITY_TOKEN_FILE="\${folder}/identity"
export AWS_ROLE_ARN='arn:${partition}:iam::${id}:role${rolePath}${names.role}'
export AWS_ROLE_SESSION_NAME="bridle-drift-\${BUILDKITE_BUILD_NUMBER:-0}"
export AWS_REGION='${region}' AWS_EC2_METADATA_DISABLED=true
${profileOf(home)}${rolesOf(others)}
# The token goes from there into this process and its children, and is never an argument or a file.
BUILDKITE_API_TOKEN="$(aws ssm get-parameter --name '${names.token}' --with-decryption --query Parameter.Value --output text)"
export BUILDKITE_API_TOKEN

# What the last run that read everything found: what is in it is not new. Without it nothing is called new.
set --
last="$(aws ssm get-parameter --name '${heartbeat}' --query Parameter.Value --output text 2>/dev/null || :)"
last="$(printf '%s\\n' "\${last}" | sed -n 's/.*"build":"\\([0-9a-f-]\\{36\\}\\)".*/\\1/p')"
if [ -n "\${last}" ] && buildkite-agent artifact download bridle-drift.json "\${folder}/" --build "\${last}" >&2; then
  set -- --since "\${folder}/bridle-drift.json"
fi

bridle drift${fileFlag(about)} --who "$@"
`
}

const pullRequest = ({
  options,
}: About): string => `# For the pipeline that builds pull requests of the files: any cluster but \`${names.cluster}\` will do, for nothing in it is secret.
# What a pull request changes runs here, so there must be no credential that it could take.
steps:
  - label: ":kite: Do the files make sense?"
    command: ${quoted(`sh ${inShell(`${options.folder}drift/check.sh`)}`)}
    timeout_in_minutes: 10
`

const check = (about: About): string => {
  const flag = fileFlag(about)
  const snapshot = `${about.options.folder}bridle.snapshot.json`
  return `#!/bin/sh
# What a pull request is told, without a credential: of the environment nothing gets in but where programs are.
# \`bridle access snapshot --out ${snapshot}\`, committed now and then, lets it judge the organization and not the files alone.
set -eu
alone() { env -i PATH="\${PATH}" bridle "$@"; }

alone validate${flag}
if [ -f '${snapshot}' ]; then
  alone access check${flag} --snapshot '${snapshot}'
else
  alone access check${flag} --offline
fi
`
}
