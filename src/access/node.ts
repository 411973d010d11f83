import { kindOf, type Address } from '../model/address.js'

/**
 * A node of the access graph: a principal, or something that one can be able to do. Names are readable, because they
 * end up in counterexamples.
 *
 * Principals have no edges into them. `user:` a member, `invitee:` somebody invited, `newcomer:` whoever joins next,
 * `outsider:` anybody on the internet, `pusher:REPOSITORY` whoever may push there, `holder:…` whoever holds a bearer
 * secret or a machine, `former:` whoever left.
 */
export type Node = string

/** Rules name the same nodes many times over. A name that is made once is compared at a glance wherever it comes up. */
const named = (prefix: string): ((of: string) => Node) => {
  const known = new Map<string, Node>()
  return (of) => {
    const there = known.get(of)
    if (there !== undefined) return there
    if (known.size >= mostKnown) known.clear()
    const name = `${prefix}${of}`
    known.set(of, name)
    return name
  }
}
const mostKnown = 50_000

const stops = new Map<string, (at: string) => Node>()

/** The stops of one rule: put into words apart, so that those of a thousand pipelines are not spelled out to be found. */
const stopsOf = (rule: string): ((at: string) => Node) => {
  const known = stops.get(rule) ?? named(`can use ${rule} at `)
  stops.set(rule, known)
  return known
}

/** What one can be able to do. */
export const can = {
  administer: (): Node => 'can administer',
  beMember: (): Node => 'can be a member',
  beIn: named('can act in '),
  maintainTeam: named('can maintain '),
  createPipelines: (): Node => 'can create pipelines',
  createSuites: (): Node => 'can create test suites',
  createRegistries: (): Node => 'can create package registries',
  /** Be made a maintainer of a team by being put into it: told, and nothing follows while nobody is. */
  comeToMaintain: named('can come to maintain '),
  maintain: named('can maintain '),
  /** Put a pipeline of one's own into a cluster. */
  enter: named('can enter '),
  watch: named('can watch '),
  edit: named('can edit '),
  build: named('can build '),
  push: named('can push to '),
  /** Decide what a job of a pipeline executes. */
  code: named('can run code in '),
  /** Have code of one's own in some job of a cluster. */
  runAJob: named('can run a job in '),
  /** Connect agents to a cluster. */
  register: named('can connect agents to '),
  /** Get code onto the agents of a queue, or get its jobs. */
  run: named('can run on '),
  /** Get at jobs of others on the agents of a queue, and at their tokens: by anything but a job of one's own there. */
  getAtJobs: named('can get at jobs on '),
  /** Be given the jobs of a queue, on a machine of one's own: it may be in another network. */
  takeJobs: named('can take jobs of '),
  /** Become a role of AWS. */
  assume: named('can assume '),
  /** A stop on the way that belongs to one rule. */
  by: (rule: string, at: string): Node => stopsOf(rule)(at),
} as const

/**
 * What reaching something means, by its kind: code on a queue, in a pipeline, in some job of a cluster; a place in a
 * team; being a role.
 */
export const endOf = (on: Address): Node => (ends[kindOf(on)] ?? can.code)(on)

const ends: Readonly<Record<string, (on: Address) => Node>> = {
  queue: can.run,
  cluster: can.runAJob,
  team: can.beIn,
  role: can.assume,
}

const principals = ['user', 'invitee', 'newcomer', 'outsider', 'pusher', 'holder', 'former'] as const

const prefixes = principals.map((kind) => `${kind}:`)

/** Whether a node is somebody, and not something that somebody can do. */
export const isPrincipal = (node: Node): boolean =>
  !node.startsWith('can ') && prefixes.some((prefix) => node.startsWith(prefix))

/** Anybody on the internet. */
export const outsider: Node = 'outsider:anybody'
/** Whoever joins the organization next. */
export const newcomer: Node = 'newcomer:anybody'
/** Whoever is put into a team next. */
export const joinerOf = (team: Address): Node => `newcomer:${keyPart(team)}`
/** Whoever may push to a repository: no API of Buildkite says who. */
export const pusherTo = (repository: Address): Node => `pusher:${keyPart(repository)}`
/** Whoever holds a secret, or the machine that does it: `holder:webhook-url/web-deploy`. */
export const holderOf = (what: string): Node => `holder:${what}`
/** Whoever was allowed once and is not any more. */
export const formerOf = (what: string): Node => `former:${what}`

const keyPart = (address: Address) => address.slice(address.indexOf(':') + 1)
