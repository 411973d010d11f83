/**
 * The parameters of the stack that say who reaches what, and what a privileged queue wants of each.
 *
 * @source Elastic CI Stack for AWS v6.71.1, templates/aws-stack.yml, and the scripts of its image
 */
export interface Parameter {
  readonly key: string
  /** What a stack has where nobody says anything. */
  readonly usual: string
  /** What agents of a privileged queue need, and why. Whatever is left out comes from the declaration, or is free. */
  readonly strict?: { readonly value: string; readonly why: string }
  /** What a value gives to jobs, or to others, that nobody declared; nothing where it gives nothing. */
  readonly danger?: (value: string, all: Values) => string | undefined
  /** True where it depends on what no parameter tells whether there is a danger at all. */
  readonly unsure?: true
}

/** The values of a stack, by key. A value that is not told is not here. */
export type Values = ReadonlyMap<string, string>

const unless = (safe: string, what: string) => (value: string) => (value === safe ? undefined : what)

const on = { value: 'true' } as const
const off = { value: 'false' } as const
const none = { value: '' } as const

const opensSsh = (value: string) =>
  value === '' ? undefined : 'it opens port 22, and whoever has the key is on the machines'

/** Whether the stack has a key to sign with; one that is not told of may be there. */
const hasSigningKey = (all: Values) =>
  all.get('PipelineSigningKMSKeyId') !== '' || all.get('PipelineSigningKMSKeySpec') !== 'none'

/** Buildkite's own endpoints. Whoever answers at another one is sent the token, and hands out jobs. */
const ownEndpoint = /^https:\/\/agent(-edge)?\.buildkite\.com\//

/** The queues besides its own that agents with these tags listen to. */
const otherQueues = (tags: string, all: Values) =>
  tags
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag.startsWith('queue=') && tag !== `queue=${all.get('BuildkiteQueue') ?? ''}`)
    .map((tag) => tag.slice('queue='.length))

/** In the order in which the stack's own documentation has them. */
export const parameters: readonly Parameter[] = [
  { key: 'BuildkiteQueue', usual: 'default' },
  {
    key: 'BuildkiteAgentToken',
    usual: '',
    strict: { ...none, why: 'a token that stands here is kept in SSM as plain text' },
    danger: unless('', 'the registration token lies in SSM as plain text'),
  },
  {
    key: 'BuildkiteAgentTokenParameterStorePath',
    usual: '',
    danger: (value) =>
      value === ''
        ? 'the token can only be in BuildkiteAgentToken, and so lies in SSM as plain text'
        : undefined,
  },
  { key: 'BuildkiteAgentTokenParameterStoreKMSKey', usual: '' },
  {
    key: 'AgentEndpoint',
    usual: 'https://agent-edge.buildkite.com/v3',
    danger: (value) =>
      ownEndpoint.test(value) ? undefined : 'agents send their token there, and run what they are told there',
  },
  {
    key: 'PipelineSigningKMSAccess',
    usual: 'sign-and-verify',
    strict: { value: 'verify', why: 'what runs jobs should not be able to sign them' },
    danger: (value, all) =>
      value === 'verify' || !hasSigningKey(all)
        ? undefined
        : 'every job can sign steps that other queues take for genuine',
  },
  { key: 'PipelineSigningKMSKeyId', usual: '' },
  { key: 'PipelineSigningKMSKeySpec', usual: 'none' },
  {
    key: 'PipelineSigningVerificationFailureBehavior',
    usual: 'block',
    strict: { value: 'block', why: '`warn` runs a job whose signature is wrong' },
    danger: unless('block', 'jobs run whose signature is missing or wrong'),
  },
  {
    key: 'BuildkiteAgentSigningKeySSMParameter',
    usual: '',
    strict: { ...none, why: 'the agent user can read the key, and so can every job' },
    danger: unless('', 'every job can read the key that steps are signed with'),
  },
  {
    key: 'BuildkiteAgentTags',
    usual: '',
    danger: (value, all) => {
      const others = otherQueues(value, all)
      return others.length === 0
        ? undefined
        : `its agents take the jobs of queue ${others.map((key) => `"${key}"`).join(' and ')}, too`
    },
  },
  {
    key: 'BuildkiteAgentEnableGitMirrors',
    usual: 'false',
    strict: { ...off, why: 'a mirror that one job can write is what the next one checks out' },
  },
  {
    key: 'BuildkiteTerminateInstanceAfterJob',
    usual: 'false',
    strict: { ...on, why: 'one job for each machine: what it leaves behind meets no other' },
    danger: unless('true', 'what one job leaves on the machine meets the next'),
  },
  {
    key: 'BuildkiteAdditionalSudoPermissions',
    usual: '',
    strict: { ...none, why: 'what a job may run as root makes it root' },
    danger: unless('', 'jobs run commands as root'),
  },
  {
    key: 'BuildkiteWindowsAdministrator',
    usual: 'true',
    strict: { ...off, why: 'the same on Windows' },
    danger: (value, all) =>
      value !== 'false' && all.get('InstanceOperatingSystem') === 'windows'
        ? 'jobs are administrators of the machine'
        : undefined,
  },
  { key: 'InstanceOperatingSystem', usual: 'linux' },
  {
    key: 'AgentsPerInstance',
    usual: '1',
    strict: { value: '1', why: 'two jobs on one machine can read each other' },
    danger: unless('1', 'jobs that run side by side can read each other'),
  },
  {
    key: 'KeyName',
    usual: '',
    strict: { ...none, why: 'a key opens port 22 to everybody' },
    danger: opensSsh,
  },
  {
    key: 'AuthorizedUsersUrl',
    usual: '',
    strict: { ...none, why: 'it opens port 22, and whoever writes there gets in' },
    danger: opensSsh,
  },
  {
    key: 'BootstrapScriptUrl',
    usual: '',
    danger: (value, all) =>
      value === '' && all.get('ImageId') === '' && all.get('ImageIdParameter') === ''
        ? 'nothing hardens its machines, so every job can change their hooks and configuration'
        : undefined,
    unsure: true,
  },
  { key: 'ImageId', usual: '' },
  { key: 'ImageIdParameter', usual: '' },
  {
    key: 'AgentEnvFileUrl',
    usual: '',
    strict: { ...none, why: 'its variables overrule the agent’s configuration' },
  },
  {
    key: 'RootVolumeEncrypted',
    usual: 'false',
    strict: { ...on, why: 'a copy of the disk tells nothing' },
  },
  {
    key: 'InstanceRoleARN',
    usual: '',
    danger: (value) =>
      value === '' ? 'the stack makes a role of its own, which nobody declared' : undefined,
  },
  { key: 'InstanceRolePermissionsBoundaryARN', usual: '' },
  {
    key: 'IMDSv2Tokens',
    usual: 'optional',
    strict: { value: 'required', why: 'else whatever can be made to fetch a URL hands out the role' },
    danger: unless('required', 'whatever can be made to fetch a URL hands out the role’s credentials'),
  },
  {
    key: 'EnableDockerUserNamespaceRemap',
    usual: 'true',
    strict: { ...on, why: 'root in a container is the agent user outside' },
  },
  {
    key: 'ECRAccessPolicy',
    usual: 'none',
    strict: { value: 'none', why: 'what the role may do is declared, and nothing is added to it' },
  },
  {
    key: 'EnableSecretsPlugin',
    usual: 'true',
    strict: { ...off, why: 'a job says itself whose secrets it wants, and gets them' },
    danger: unless(
      'false',
      'every job reads every secret of the bucket, and runs what stands in its `env` files',
    ),
  },
  {
    key: 'EnableECRPlugin',
    usual: 'true',
    strict: { ...off, why: 'the agent user has no Docker that could log in' },
  },
  {
    key: 'EnableDockerLoginPlugin',
    usual: 'true',
    strict: { ...off, why: 'the same' },
  },
]

const byKey = new Map(parameters.map((one) => [one.key, one]))

/** A parameter by its key. What is not in the table says nothing about access. */
export const parameterNamed = (key: string): Parameter | undefined => byKey.get(key)
