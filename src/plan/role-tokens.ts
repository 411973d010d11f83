import type { Address } from '../model/address.js'
import { some, type Answer } from '../policy/answer.js'
import type { Given } from '../policy/assume.js'
import type { PolicyDocument, Statement } from '../policy/document.js'
import { indexTrust } from '../policy/index-trust.js'
import { arnOf, issuer } from '../policy/principal.js'
import { isAbout } from '../policy/rule.js'
import { absent, known } from '../policy/value.js'
import { mayAssumeWithWebIdentity, type Job } from '../policy/web-identity.js'
import { grainOf, namedIn, type Grain, type KindOfId } from './role-grain.js'
import { inside, over, type ReadRole, type RoleGrant, type RoleWorld, type Thing } from './roles.js'

const organization: Address = 'organization:'
const outsider: Address = 'outsider:anybody'

/** How often a trust is asked about a job. Past that, every job is taken to fit: what was not looked at is assumed. */
const mostAsked = 50_000

/** Somebody at an address that is nobody's, of either sort. */
const outside = ['203.0.113.7', '2001:db8::7'].map(
  (address): Given =>
    new Map([
      ['aws:sourceip', known(address)],
      ['aws:sourcevpc', absent],
      ['aws:sourcevpce', absent],
      ['aws:vpcsourceip', absent],
    ]),
)

/** What one statement of a role’s trust answers to jobs that show their token. */
interface Door {
  readonly role: ReadRole
  /** The statement, and all that deny. */
  readonly document: PolicyDocument
  readonly grain: Grain
  readonly named: ReadonlySet<string>
  ask(job: Job): Answer
  /** Whether jobs of other organizations get in. */
  askStrangers(): Answer
  /** Whether some job gets in from anywhere; known once one has been asked. */
  isEverywhere(): boolean
}

/** The doors of a role, one for each statement that lets tokens in: what one asks for says nothing about another. */
const doorsOf = (world: RoleWorld, role: ReadRole, kindOf: KindOfId, budget: Budget): readonly Door[] => {
  const { document } = role.trust
  const providers = world.providers.filter(({ arn }) => arnOf(arn).account === role.account)
  if (document === undefined || !providers.some(({ url }) => url === issuer)) return []
  const denies = document.statements.filter(({ effect }) => effect === 'Deny')
  return (role.lets ?? [])
    .filter(isForTokens)
    .map((one) =>
      doorOf(
        world,
        { role, document: { ...document, statements: [one, ...denies] }, providers },
        kindOf,
        budget,
      ),
    )
}

const doorOf = (
  world: RoleWorld,
  { role, document, providers }: Pick<Door, 'role' | 'document'> & Pick<RoleWorld, 'providers'>,
  kindOf: KindOfId,
  budget: Budget,
): Door => {
  const grain = grainOf(document, world.organization.slug, kindOf)
  const trust = { name: role.trust.name, document }
  const entered = { arn: role.version.arn, tags: role.version.tags, trust, providers }
  // A trust that speaks of no network is not asked about one.
  const isFenced = document.statements.some(({ conditions }) =>
    conditions.some(({ key }) => inside.has(key.toLowerCase())),
  )
  let everywhere = false
  return {
    role,
    document,
    grain,
    named: namedIn(document),
    ask: (job) => {
      if (!budget.take()) return 'depends'
      const { answer } = mayAssumeWithWebIdentity(job, entered, inside)
      if (answer !== 'no' && !everywhere)
        everywhere =
          !isFenced || outside.some((given) => mayAssumeWithWebIdentity(job, entered, given).answer !== 'no')
      return answer
    },
    // A uuid of ours is in no token of theirs; whether they come to be in a network that is asked for, nobody knows.
    askStrangers: () => {
      const stranger = { strangerTo: { slug: world.organization.slug } }
      const answer = grain.pinned ? 'no' : mayAssumeWithWebIdentity(stranger, entered, inside).answer
      if (answer !== 'yes' || !isFenced) return answer
      const isIn = outside.some(
        (given) => mayAssumeWithWebIdentity(stranger, entered, given).answer === 'yes',
      )
      return isIn ? 'yes' : 'depends'
    },
    isEverywhere: () => everywhere,
  }
}

const isForTokens = (statement: Statement): boolean => {
  const { principals } = statement
  return (
    isAbout(statement, 'sts:AssumeRoleWithWebIdentity') &&
    (principals === null || principals.Federated.length > 0 || principals.AWS.includes('*'))
  )
}

interface Budget {
  /** Whether there is still something to spend. */
  take(): boolean
}

const budgetOf = (most: number): Budget => {
  let left = most
  return { take: () => (left -= 1) >= 0 }
}

/** Which jobs may become which role by a token of theirs: those of this organization, and of others. */
export function* byToken(world: RoleWorld, roles: readonly ReadRole[]): Iterable<RoleGrant> {
  const budget = budgetOf(mostAsked)
  const kindOf = kindsIn(world)
  const narrow: Door[] = []
  const all: Door[] = []
  for (const role of roles) {
    if (role.lets === undefined) yield over('becomes', organization, role)
    const doors = doorsOf(world, role, kindOf, budget)
    all.push(...doors)
    const strangers = some(doors.map((door) => door.askStrangers()))
    for (const door of doors)
      if (door.grain.pipeline) narrow.push(door)
      else yield* byPlace(world, door)
    if (strangers !== 'no') yield over('admits', outsider, role, { sure: strangers === 'yes' })
  }
  yield* byPipeline(world, narrow)
  for (const door of narrow) if (!door.grain.pinned) yield* byName(world, door)
  for (const door of all)
    if (door.isEverywhere()) yield over('from-anywhere', door.role.version.address, door.role)
}

const kindsIn = ({ pipelines, queues, clusters }: RoleWorld): KindOfId => {
  const kinds = new Map([
    ...pipelines.map(({ id }) => [id, 'pipeline'] as const),
    ...clusters.map(({ id }) => [id, 'cluster'] as const),
    ...queues.map(({ id }) => [id, 'queue'] as const),
  ])
  return (id) => kinds.get(id)
}

const jobOf = (
  { organization: { slug, id } }: RoleWorld,
  pipeline: Pick<Thing, 'id' | 'name'>,
  cluster: Thing | null,
  queue: Thing | null,
): Job => ({
  organization: { slug, id },
  pipeline: { slug: pipeline.name, id: pipeline.id },
  cluster: cluster && { name: cluster.name, id: cluster.id },
  queue: queue && { key: queue.name, id: queue.id },
})

/** The places that a trust tells apart: a cluster, or one of its queues; none, where it tells none apart. */
function* placesFor(
  { clusters, queues }: RoleWorld,
  { cluster: tellsClusters, queue: tellsQueues }: Grain,
): Iterable<readonly [cluster: Thing | null, queue: Thing | null]> {
  if (!tellsClusters && !tellsQueues) yield [null, null]
  else
    for (const cluster of clusters) {
      const own = queues.filter((queue) => queue.cluster === cluster.address)
      if (tellsQueues) for (const queue of own) yield [cluster, queue]
      else yield [cluster, null]
    }
}

const keyOf = ({ address }: Thing): string => address.slice('queue:'.length)

/** A pipeline that is like any other to a trust that names none. */
const anyPipeline = { id: '00000000-0000-4000-8000-000000000000', name: 'x' }

/** A trust that names no pipeline: any job in some place. */
function* byPlace(world: RoleWorld, door: Door): Iterable<RoleGrant> {
  for (const [cluster, queue] of placesFor(world, door.grain)) {
    const answer = door.ask(jobOf(world, anyPipeline, cluster, queue))
    if (answer === 'no') continue
    yield over('becomes', cluster?.address ?? organization, door.role, {
      by: queue === null ? undefined : keyOf(queue),
      sure: answer === 'yes',
    })
  }
}

/** A trust that knows pipelines by name: whoever names one of theirs so. */
function* byName(world: RoleWorld, door: Door): Iterable<RoleGrant> {
  const taken = new Set(world.pipelines.map(({ name }) => name))
  const free = door.grain.slugs.filter((slug) => !taken.has(slug))
  for (const [cluster, queue] of placesFor(world, door.grain)) {
    const answers = free.map((name) => door.ask(jobOf(world, { ...anyPipeline, name }, cluster, queue)))
    if (answers.every((answer) => answer === 'no')) continue
    yield over('becomes-by-name', cluster?.address ?? organization, door.role, {
      by: queue === null ? undefined : keyOf(queue),
      sure: answers.includes('yes'),
    })
  }
}

/** A trust that names pipelines: those, where they are, and where they could be moved. */
function* byPipeline(world: RoleWorld, doors: readonly Door[]): Iterable<RoleGrant> {
  const clusters = new Map(world.clusters.map((cluster) => [cluster.address, cluster]))
  const queuesIn = new Map<Address, Thing[]>()
  for (const queue of world.queues)
    queuesIn.set(queue.cluster, [...(queuesIn.get(queue.cluster) ?? []), queue])
  const wild = doors.filter(({ grain }) => !grain.pinned)
  const index = indexTrust(wild.map((door) => ({ role: door, trust: door.document })))
  const pinned = pinnedBy(doors)
  const elsewhere = queuesNamed(world, doors)
  for (const pipeline of world.pipelines) {
    const places: readonly (readonly [Thing | null, Thing | null])[] =
      pipeline.cluster === undefined
        ? [
            [null, null],
            ...world.queues.map((queue) => [clusters.get(queue.cluster) ?? null, queue] as const),
          ]
        : placesIn(clusters.get(pipeline.cluster ?? organization), queuesIn)
    const found = new Map<Door, readonly (readonly [Thing | null, Thing | null])[]>()
    for (const door of pinned.get(pipeline.id) ?? []) found.set(door, places)
    for (const place of wild.length === 0 ? [] : places)
      for (const door of index.forJob(jobOf(world, pipeline, ...place)))
        found.set(door, [...(found.get(door) ?? []), place])
    for (const [door, own] of found)
      if (pipeline.cluster === undefined) yield over('becomes', pipeline.address, door.role, { sure: false })
      else yield* atPlaces(world, door, pipeline, own, elsewhere.get(door) ?? [])
  }
}

/** The trusts that name pipelines by their uuids, by these. */
const pinnedBy = (doors: readonly Door[]): ReadonlyMap<string, readonly Door[]> => {
  const found = new Map<string, Door[]>()
  for (const door of doors)
    if (door.grain.pinned)
      for (const id of door.named) {
        const known = found.get(id)
        if (known === undefined) found.set(id, [door])
        else known.push(door)
      }
  return found
}

const placesIn = (
  cluster: Thing | undefined,
  queuesIn: ReadonlyMap<Address, readonly Thing[]>,
): readonly (readonly [Thing | null, Thing | null])[] => {
  const own = cluster === undefined ? [] : (queuesIn.get(cluster.address) ?? [])
  return own.length === 0 ? [[cluster ?? null, null]] : own.map((queue) => [cluster ?? null, queue])
}

function* atPlaces(
  world: RoleWorld,
  door: Door,
  pipeline: Thing & { readonly cluster: Address | null | undefined },
  own: readonly (readonly [Thing | null, Thing | null])[],
  elsewhere: readonly (readonly [Thing, Thing])[],
): Iterable<RoleGrant> {
  const ask = (cluster: Thing | null, queue: Thing | null) => door.ask(jobOf(world, pipeline, cluster, queue))
  const told = function* (answer: Answer, by?: string): Iterable<RoleGrant> {
    if (answer !== 'no') yield over('becomes', pipeline.address, door.role, { by, sure: answer === 'yes' })
  }
  if (door.grain.queue)
    for (const [cluster, queue] of own.filter(([, queue]) => !door.grain.onQueues || isNamed(door, queue)))
      yield* told(ask(cluster, queue), queue === null ? undefined : keyOf(queue))
  else if (own[0] !== undefined) yield* told(ask(...own[0]))
  for (const [cluster, queue] of elsewhere)
    if (cluster.address !== pipeline.cluster) yield* told(ask(cluster, queue), keyOf(queue))
}

/** Whether some condition of a trust asks for a thing. */
const isNamed = ({ named }: Door, thing: Thing | null): boolean =>
  thing !== null && (named.has(thing.id) || named.has(thing.name))

/** The queues that a trust names, by themselves or by their cluster: a pipeline could come there. */
const queuesNamed = (world: RoleWorld, doors: readonly Door[]) => {
  const clusters = new Map(world.clusters.map((cluster) => [cluster.address, cluster]))
  return new Map(
    doors.map((door) => {
      const found = world.queues.flatMap((queue): (readonly [Thing, Thing])[] => {
        const cluster = clusters.get(queue.cluster)
        if (cluster === undefined) return []
        const fits = isNamed(door, door.grain.queue ? queue : cluster)
        return fits && (door.grain.queue || door.grain.cluster) ? [[cluster, queue]] : []
      })
      return [door, found] as const
    }),
  )
}
