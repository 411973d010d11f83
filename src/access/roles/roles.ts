import type { Address } from '../../model/address.js'
import type { Decision } from '../../policy/decide.js'
import { becoming, type Becoming } from './becoming.js'
import { isForAll, seenRoles, type Door, type SeenRole } from './seen.js'
import { jobOf, othersJob, strangersJob, strangersRole } from './strangers.js'
import { namesIn, type Names } from './names.js'
import type { RoleQueue, RoleWorld } from './world.js'

/** All roles, and what is asked about them more than once. */
export interface Roles {
  readonly world: RoleWorld
  readonly names: Names
  readonly all: readonly SeenRole[]
  readonly becomes: Becoming
  /** The roles that instances of queues have. */
  readonly ofQueues: readonly SeenRole[]
  /** Whether a job can have it, or a file declares it: what the operator of queues answers for. */
  isOurs(role: SeenRole): boolean
  roleAt(address: Address): SeenRole | undefined
  /** Whether an ARN is that of a role that jobs can have. */
  isArnOfJobs(arn: string): boolean
  /** The roles of queues that may become a role at once. */
  assumedBy(role: SeenRole): readonly SeenRole[]
  /** ARNs of an account that no job should write: of the roles that are declared or have to do with Buildkite, and their policies. */
  guarded(account: string): readonly string[]
  /** How somebody of another organization, or of no account of ours, gets in by a statement. */
  stranger(role: SeenRole, door: Door): Decision
  /** Whether somebody gets in by a statement who should not, and that is certain. */
  isOpen(role: SeenRole, door: Door): boolean
  /** How a job gets in whose pipeline the statement does not name. */
  other(role: SeenRole, door: Door): Decision
  /** How a pipeline’s job on another branch gets in. */
  onOtherBranch(role: SeenRole, door: Door, of: { readonly slug: string; readonly branch: string }): Decision
}

type AskDoor = (role: SeenRole, door: Door) => Decision

const once = (ask: AskDoor): AskDoor => {
  const answers = new Map<Door, Decision>()
  return (role, door) => {
    const before = answers.get(door)
    if (before !== undefined) return before
    const answer = ask(role, door)
    answers.set(door, answer)
    return answer
  }
}

const lazily = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | undefined
  return () => (made ??= { value: make() }).value
}

export const rolesIn = (world: RoleWorld): Roles => {
  const all = seenRoles(world)
  const names = namesIn(world)
  const becomes = becoming(all)
  const ofQueues = all.filter(({ queues }) => queues.length > 0)
  const near = all.filter(
    ({ declared, queues, doors, detail }) =>
      declared !== undefined ||
      queues.length > 0 ||
      doors.some(({ isBuildkite }) => isBuildkite) ||
      detail.path.startsWith('/buildkite/'),
  )
  const ours = lazily(() => new Set([...near, ...becomes.closure(near).keys()]))
  const byAddress = new Map(all.map((role) => [role.address.toLowerCase(), role]))
  const stranger = once((role, door) => {
    const byToken = strangersJob(world, role, door)
    if (byToken.answer === 'yes' || !isForAll(door.statement)) return byToken
    const byName = strangersRole(world, role, door)
    return byName.answer === 'no' ? byToken : byName
  })
  const byArn = new Map(all.map((role) => [role.arn, role]))
  const assumers = lazily(() => {
    const found = new Map<SeenRole, SeenRole[]>()
    for (const role of ofQueues)
      for (const other of becomes.from(role)) found.set(other, [...(found.get(other) ?? []), role])
    return found
  })
  const guarded = lazily(() => {
    const found = new Map<string, string[]>()
    for (const { account, arn, detail } of near) {
      const own = detail.attached.map((one) => one.arn).filter((one) => !one.includes(':iam::aws:'))
      found.set(account.id, [...(found.get(account.id) ?? []), arn, ...own])
    }
    return found
  })
  return {
    world,
    names,
    all,
    becomes,
    ofQueues,
    isOurs: (role) => ours().has(role),
    roleAt: (address) => byAddress.get(address.toLowerCase()),
    isArnOfJobs: (arn) => {
      const role = byArn.get(arn)
      return role !== undefined && ours().has(role)
    },
    assumedBy: (role) => assumers().get(role) ?? [],
    guarded: (account) => guarded().get(account) ?? [],
    stranger,
    isOpen: (role, door) => stranger(role, door).answer === 'yes',
    other: once((role, door) => othersJob(world, role, door)),
    onOtherBranch: (role, door, { slug, branch }) => {
      const pipeline = names.slugs.get(slug) ?? {
        address: `pipeline:${slug}` as const,
        slug,
        cluster: undefined,
      }
      const queues = world.queues.filter(({ cluster }) => cluster === pipeline.cluster)
      const [some = nowhere] = queues
      return jobOf(world, role, door, pipeline, some, [branch])
    },
  }
}

/** For a pipeline that is not there yet, or in no cluster. */
const nowhere: RoleQueue = { address: 'queue:', cluster: 'cluster:', key: '', isPrivileged: false }

/** Whether a role is what jobs on a privileged queue have. */
export const isPrivileged = ({ queues }: { readonly queues: readonly RoleQueue[] }): boolean =>
  queues.some((queue) => queue.isPrivileged)
