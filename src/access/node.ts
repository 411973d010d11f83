import type { Address } from '../model/address.js'

/**
 * A node of the access graph: a principal, or something that one can be able to do. Names are readable, because they
 * end up in counterexamples.
 *
 * Principals have no edges into them. `user:` a member, `invitee:` somebody invited, `newcomer:` whoever joins next,
 * `outsider:` anybody on the internet, `pusher:REPOSITORY` whoever may push there, `holder:…` whoever holds a bearer
 * secret or a machine, `former:` whoever left.
 */
export type Node = string

/** What one can be able to do. */
export const can = {
  administer: (): Node => 'can administer',
  beMember: (): Node => 'can be a member',
  beIn: (team: Address): Node => `can act in ${team}`,
  maintainTeam: (team: Address): Node => `can maintain ${team}`,
  createPipelines: (): Node => 'can create pipelines',
  maintain: (cluster: Address): Node => `can maintain ${cluster}`,
  /** Put a pipeline of one's own into a cluster. */
  enter: (cluster: Address): Node => `can enter ${cluster}`,
  watch: (pipeline: Address): Node => `can watch ${pipeline}`,
  edit: (pipeline: Address): Node => `can edit ${pipeline}`,
  build: (pipeline: Address): Node => `can build ${pipeline}`,
  push: (repository: Address): Node => `can push to ${repository}`,
  /** Decide what a job of a pipeline executes. */
  code: (pipeline: Address): Node => `can run code in ${pipeline}`,
  /** Have code of one's own in some job of a cluster. */
  runAJob: (cluster: Address): Node => `can run a job in ${cluster}`,
  /** Connect agents to a cluster. */
  register: (cluster: Address): Node => `can connect agents to ${cluster}`,
  /** Get code onto the agents of a queue, or get its jobs. */
  run: (queue: Address): Node => `can run on ${queue}`,
  /** A stop on the way that belongs to one rule. */
  by: (rule: string, at: string): Node => `can use ${rule} at ${at}`,
} as const

const principals = ['user', 'invitee', 'newcomer', 'outsider', 'pusher', 'holder', 'former'] as const

/** Whether a node is somebody, and not something that somebody can do. */
export const isPrincipal = (node: Node): boolean => principals.some((kind) => node.startsWith(`${kind}:`))

/** Anybody on the internet. */
export const outsider: Node = 'outsider:anybody'
/** Whoever joins the organization next. */
export const newcomer: Node = 'newcomer:anybody'
/** Whoever may push to a repository: no API of Buildkite says who. */
export const pusherTo = (repository: Address): Node => `pusher:${keyPart(repository)}`
/** Whoever holds a secret, or the machine that does it: `holder:webhook-url/web-deploy`. */
export const holderOf = (what: string): Node => `holder:${what}`
/** Whoever was allowed once and is not any more. */
export const formerOf = (what: string): Node => `former:${what}`

const keyPart = (address: Address) => address.slice(address.indexOf(':') + 1)
