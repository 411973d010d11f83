/** A small organization, in the words of a person: what a generator draws, what shrinks, and what is kept as a case. */
export interface Outline {
  /** False for an organization where everybody may do everything. */
  readonly teamsEnabled: boolean
  /** Members besides the one who is trusted, by the first part of their email. */
  readonly people: readonly string[]
  /** Those of them who administer, and are not trusted. */
  readonly admins: readonly string[]
  readonly teams: Readonly<Record<string, Team>>
  readonly clusters: Readonly<Record<string, Cluster>>
  readonly defaultCluster: string | null
  readonly pipelines: Readonly<Record<string, Pipeline>>
  readonly rules: readonly Rule[]
  readonly invitations: readonly Invitation[]
  /** Whether there is a template that pipelines may use. */
  readonly template: boolean
  /** A stored operation that starts builds. */
  readonly portal: boolean
  /** People who have an API token that somebody could find. */
  readonly apiTokens: readonly string[]
  /** What the page of member permissions says, which no API shows. */
  readonly membersManageAgentTokens: boolean
  readonly membersDeletePipelines: boolean
  readonly hostedTerminals: boolean
  /** Missing where there are no accounts of AWS. */
  readonly aws?: Aws
}

/** Two accounts, management and prod, each with a provider for Buildkite. */
export interface Aws {
  /** By account and name: `prod/web`. */
  readonly roles: Readonly<Record<string, AwsRole>>
  /** By queue, which role its machines have, and whether the files say so. A queue that is not there has none, and says so. */
  readonly machines: Readonly<Record<string, { readonly role: string | null; readonly said: boolean }>>
}

export interface AwsRole {
  readonly trust: readonly Trust[]
  /** Ways in that somebody has added by hand: no file has them. */
  readonly grown: readonly Trust[]
  /** How statements about pipelines are compiled. */
  readonly claims: 'ids' | 'tags'
  /** Whether these are for the network of the machines alone. */
  readonly fenced: boolean
  /** Roles that its own policies let it ask for. */
  readonly asks: readonly Asking[]
  /** Whether a boundary keeps it from asking for any. */
  readonly bounded: boolean
}

export interface Asking {
  readonly role: string
  /** `word` is bridle's own; a document names the role, all that are called like it, or everything; `none` is no policy. */
  readonly by: 'word' | 'name' | 'pattern' | 'all' | 'denied'
}

/** One way into a role. */
export type Trust =
  | { readonly by: 'machines' }
  | { readonly by: 'job'; readonly pipeline: string; readonly queue: string; readonly branches: boolean }
  | { readonly by: 'role'; readonly role: string }
  | ({ readonly by: 'token' } & TokenTerms)
  | ({ readonly by: 'asker' } & AskerTerms)

/** What a hand-written statement asks of a token. */
export interface TokenTerms {
  readonly pipeline: string
  readonly queue: string
  readonly audience: boolean
  readonly sub:
    | 'organization'
    | 'pipeline'
    | 'branch'
    | 'letter'
    | 'any'
    | 'any organization'
    | 'queue id'
    | 'pipeline id'
    | 'cluster id'
  /** Claims that AWS has keys for. */
  readonly claims: readonly (
    'organization_id' | 'cluster_id' | 'pipeline_id' | 'pipeline_slug' | 'cluster_name'
  )[]
  readonly tag: null | 'queue_key' | 'queue_id' | 'pipeline_slug'
  readonly ifExists: boolean
  readonly fenced: boolean
  readonly deny: null | 'other pipelines' | 'other networks' | 'no claim' | 'other branches' | 'other tags'
}

/** What a hand-written statement asks of a role that asks. */
export interface AskerTerms {
  readonly role: string
  readonly names: 'role' | 'account' | 'everybody'
  readonly condition:
    | null
    | 'external id'
    | 'session name'
    | 'tag'
    | 'principal tag'
    | 'principal'
    | 'network'
    | 'source identity'
  readonly deny: null | 'role' | 'unnamed'
}

export type Role = 'member' | 'maintainer'
export type Level = 'read_only' | 'build_and_read' | 'manage_build_and_read'

export interface Team {
  readonly members: Readonly<Record<string, Role>>
  readonly createsPipelines: boolean
  readonly isDefault: boolean
  readonly defaultRole: Role
}

export interface Cluster {
  /** Who may get code onto it; missing where nobody asks. */
  readonly allow?: { readonly teams: readonly string[]; readonly users: readonly string[] }
  readonly maintainers: { readonly users: readonly string[]; readonly teams: readonly string[] }
  /** By key, whether Buildkite runs its machines. */
  readonly queues: Readonly<Record<string, { readonly hosted: boolean }>>
  readonly defaultQueue: string | null
  /** Agent tokens, by description. */
  readonly tokens: readonly string[]
  /** What a secret of the cluster opens, and for whom it is. */
  readonly secret: null | { readonly holds: 'agent token' | 'nothing'; readonly policy: 'none' | 'pipeline' }
}

/** Where a pipeline's steps come from, or what is odd about them. */
export type Steps =
  'editor' | 'repository' | 'block' | 'gate' | 'artifact' | 'cache' | 'meta-data' | 'trigger' | 'secret'

export interface Pipeline {
  readonly cluster: string | null
  readonly repository: string
  readonly teams: Readonly<Record<string, Level>>
  readonly steps: Steps
  readonly template: boolean
  readonly createdBy: string | null
  readonly archived: boolean
  readonly public: boolean
  readonly branches: string | null
  readonly settings: Readonly<Record<string, boolean | string>>
  readonly allowRebuilds: boolean
  /** By label, who made it: null for the one who is trusted. */
  readonly schedules: Readonly<Record<string, string | null>>
  /** Whose build of it has not finished. */
  readonly unfinished: readonly string[]
}

export interface Rule {
  readonly type: 'pipeline.trigger_build.pipeline' | 'pipeline.artifacts_read.pipeline'
  readonly source: string
  readonly target: string
  readonly conditions: readonly string[]
}

export interface Invitation {
  readonly name: string
  readonly admin: boolean
  readonly teams: Readonly<Record<string, Role>>
}
