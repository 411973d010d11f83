import { addressOf, type Address } from './address.js'
import type { BuildSource, GateCheck, GateMode } from './gate.js'
import type { Span } from './span.js'

/** A value of a file, with its place. */
export interface Placed<Value> {
  readonly value: Value
  readonly at: Span
}

/** Who may get code onto a cluster's agents: what makes it privileged. */
export interface Allow {
  /** A cluster, or a queue that narrows its cluster's. */
  readonly on: Address
  /** Slugs. */
  readonly teams: readonly Placed<string>[]
  /** Emails, in lower case. */
  readonly users: readonly Placed<string>[]
  readonly at: Span
  /** What holds the border of a queue that narrows. */
  readonly heldBy?: 'hook'
}

/** Who may do anything at all. */
export interface Trust {
  /** Emails, in lower case. */
  readonly admins: readonly Placed<string>[]
  /** The identity that applies. */
  readonly automation?: Placed<string>
}

/** Something assumed that a person has settled, until a day. */
export interface Accept {
  readonly finding: string
  /** `organization`, or an address. */
  readonly on: string
  readonly reason: string
  /** A day, `2027-03-01`: good up to its end, in UTC. */
  readonly until: string
  /** The digest that `--suggest` printed; without it any facts will do, and a warning says so. */
  readonly facts?: string
  readonly at: Span
}

/** A test of the access itself. */
export interface Expect {
  /** A `user:`, `team:` or `pipeline:` address, or `outsider`. */
  readonly who: string
  readonly can: boolean
  readonly verb: 'watch' | 'run' | 'edit' | 'assume'
  readonly on: Address
  readonly at: Span
}

/** What the hook on the agents of a queue is told. */
export interface HookOf {
  readonly mode: GateMode
  /** The AWS account in which its policy is published. Left out, none is. */
  readonly account?: Placed<string>
  /** The parameter that the policy is in, where it is not the usual one. */
  readonly parameter?: Placed<string>
  /** Slugs of the pipelines that it lets in. Left out: all of the cluster. */
  readonly pipelines?: readonly Placed<string>[]
  /** The slug of a pipeline that it never lets in: it is started to see it refused. */
  readonly canary?: Placed<string>
  readonly leaves?: boolean
  /** What its gate looks at beside what it is told. */
  readonly checks?: readonly GateCheck[]
  /** How long a policy is good for, in seconds. */
  readonly maxAge?: number
  /** What jobs of each of its pipelines may be, beside what is said of the pipeline. */
  readonly jobs: JobsOf
}

/** What jobs may be, for a hook on agents to let them in. */
export interface JobsOf {
  readonly branches?: readonly Placed<string>[]
  readonly tags?: readonly Placed<string>[]
  readonly pullRequests?: 'own' | 'forks'
  readonly sources?: readonly Placed<BuildSource>[]
  /** Slugs of pipelines. */
  readonly triggeredBy?: readonly Placed<string>[]
  /** Names of variables. */
  readonly environment?: readonly Placed<string>[]
  readonly plugins?: readonly Placed<string>[]
  readonly commands?: readonly Placed<string>[]
  /** Slugs of teams. */
  readonly creatorTeams?: readonly Placed<string>[]
  /** The role that jobs get where they name none: `prod/web-deploy`. */
  readonly role?: Placed<string>
}

/** What the files say of the jobs of one pipeline, for the hooks on agents. */
export interface JobsOfPipeline extends JobsOf {
  readonly pipeline: Address
  readonly at: Span
}

/** What the files say about a queue's agents beside what Buildkite keeps. */
export interface AgentsOf {
  readonly queue: Address
  /** Glob patterns of the host names that its agents may have. */
  readonly hostname?: readonly string[]
  readonly hook?: HookOf
  /** `management/agent-deploy`, or `none`. */
  readonly instanceRole?: string
  readonly at: Span
}

/** What is written for a queue whose machines have no role of AWS. */
export const noRole = 'none'

/** The role that the files give the machines of a queue: null for none, undefined where no file says. */
export const instanceRoleOf = ({ instanceRole }: AgentsOf): Address | null | undefined => {
  if (instanceRole === undefined) return undefined
  if (instanceRole === noRole) return null
  const slash = instanceRole.indexOf('/')
  return slash === -1
    ? undefined
    : addressOf('role', instanceRole.slice(0, slash), instanceRole.slice(slash + 1))
}

/** All that the files say about who may reach what. */
export interface DeclaredAccess {
  readonly allow: readonly Allow[]
  readonly trust: Trust
  readonly accept: readonly Accept[]
  readonly expect: readonly Expect[]
  readonly agents: readonly AgentsOf[]
  /** Of the pipelines of which something is said. */
  readonly jobs: readonly JobsOfPipeline[]
  /** Clusters of which `bridle contain` may pause queues. */
  readonly contain: readonly Address[]
}

export const nothingDeclared: DeclaredAccess = {
  allow: [],
  trust: { admins: [] },
  accept: [],
  expect: [],
  agents: [],
  jobs: [],
  contain: [],
}
