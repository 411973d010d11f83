import { parse, stringify } from 'yaml'
import * as z from 'zod'
import { clusterOf } from '../access/places.js'
import { listed } from '../access/findings.js'
import type { Files } from '../config/files.js'
import { addressOf, keyIn, kindOf, type Address } from '../model/address.js'
import { opened } from '../model/envelope.js'
import { granted, type Fact } from '../model/grant.js'
import type { Finding } from '../model/finding.js'
import type { Wanted } from '../model/wanted.js'
import { unplaced } from '../plan/finding.js'
import { kindNamed } from '../plan/kind-named.js'
import type { Survey } from '../plan/surveyed.js'

/** Beside the root file, and committed with it. */
export const lockFile = 'bridle.lock.yaml'

/** What bridle last knew privileged names to stand for. */
export interface Lock {
  readonly organization: string
  /** Where a gate has a policy: hosts know their organization by it. */
  readonly organizationUuid?: string
  /** uuids, by address. */
  readonly identities: ReadonlyMap<Address, string>
  /** Emails of those who were allowed in each privileged cluster, by its address, as of the last apply. */
  readonly allowed: People
  /** Those who were among them once and are not any more: they know what they could read then. */
  readonly left: People
  /** The highest number under which a policy was signed for the gate of each queue, by its address. */
  readonly serials?: Serials
}

type Serials = ReadonlyMap<Address, number>

type People = ReadonlyMap<Address, readonly string[]>

/** What has a name now: its uuid, and who made it, where that was read. */
export interface Identity {
  readonly uuid: string
  readonly madeBy?: string | undefined
  /** As ISO says it. */
  readonly madeAt?: string | undefined
  /** Set where Buildkite was asked who made it, whatever it said. */
  readonly asked?: boolean
}

/** Half a million names fit in it. */
const lockBytes = 32 * 1024 * 1024

const people = z.record(z.string().regex(/^cluster:./), z.array(z.string()))

/** What the file holds. */
export const lockSchema = z.strictObject({
  format: z.literal('bridle.lock/1'),
  organization: z.string(),
  organization_uuid: z.uuid().optional(),
  identities: z.record(
    z.string().regex(/^(cluster|queue|pipeline|team|role):./),
    z.union([z.uuid(), z.string().regex(/^AROA[A-Z0-9]{12,}$/)]), // IAM's own ids for roles
  ),
  allowed: people.optional(),
  left: people.optional(),
  serials: z.record(z.string().regex(/^queue:./), z.int().positive()).optional(),
})

/** Reads the lock; none where there is no such file; a finding where it is not a lock, or another organization's. */
export const readLock = (files: Files, { organization }: Wanted): Lock | Finding | undefined => {
  const answer = files.read(lockFile, lockBytes)
  if ('no' in answer) return answer.no === 'missing' ? undefined : broken(`it can't be read: ${answer.no}`)
  const parsed = lockSchema.safeParse(dataOf(new TextDecoder().decode(answer.bytes)))
  if (!parsed.success) return broken('it is not one that bridle wrote, or not a whole one')
  if (parsed.data.organization !== organization)
    return broken(
      `it is of organization "${parsed.data.organization}", and the files declare "${organization}"`,
    )
  return {
    organization,
    identities: new Map(Object.entries(parsed.data.identities) as [Address, string][]),
    allowed: new Map(Object.entries(parsed.data.allowed ?? {}) as [Address, string[]][]),
    left: new Map(Object.entries(parsed.data.left ?? {}) as [Address, string[]][]),
    serials: new Map(Object.entries(parsed.data.serials ?? {}) as [Address, number][]),
    ...(parsed.data.organization_uuid !== undefined && { organizationUuid: parsed.data.organization_uuid }),
  }
}

const dataOf = (text: string): unknown => {
  try {
    return parse(text, { maxAliasCount: 0, uniqueKeys: true })
  } catch {
    return undefined
  }
}

const broken = (why: string): Finding =>
  unplaced(
    'broken-lock',
    `${lockFile} is no use: ${why}`,
    'it tells privileged things from others that have taken their names',
    `bring it back from version control; to begin anew, delete it and run \`bridle apply\``,
  )

/** What stands over those who left, for whoever opens the file to find. */
const aboutLeft = `# Whoever is under "left" still knows webhook URLs, trigger URLs and agent tokens. Rotate them, then take the name out by hand.`

/** The lock as a text: the same identities make the same bytes. */
export const printLock = ({
  organization,
  identities,
  allowed,
  left,
  serials = new Map(),
  organizationUuid,
}: Lock): string => {
  const text = (data: object) => stringify(data, { lineWidth: 0 })
  return [
    '# Written by `bridle apply`. Commit it: it tells privileged things from others that have taken their names.\n',
    text({
      format: 'bridle.lock/1',
      organization,
      ...(organizationUuid !== undefined && { organization_uuid: organizationUuid }),
      identities: sorted(identities),
      allowed: sorted(allowed),
      ...(serials.size > 0 && { serials: sorted(serials) }),
    }),
    ...(left.size > 0 ? [`${aboutLeft}\n`, text({ left: sorted(left) })] : []),
  ].join('')
}

const sorted = <Value>(map: ReadonlyMap<string, Value>): Record<string, Value> =>
  Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)))

/** Whoever is allowed in each privileged cluster, or maintains it, as the files have them. */
const allowedIn = ({ wants, access: { allow, trust } }: Wanted): People => {
  const membersOf = (team: unknown) =>
    wants
      .filter(({ kind, spec }) => kind === 'member' && spec['team'] === team)
      .map(({ spec }) => String(spec['user']))
  const trusted = [...trust.admins, ...(trust.automation === undefined ? [] : [trust.automation])]
  const clusters = allow.map(({ on }) => on).filter((on) => kindOf(on) === 'cluster')
  return new Map(
    clusters.sort().map((cluster): [Address, string[]] => {
      const own = allow.filter(
        ({ on }) => on === cluster || (kindOf(on) === 'queue' && clusterOf(on) === cluster),
      )
      const maintainers = wants
        .filter(({ kind, spec }) => kind === 'maintainer' && `cluster:${String(spec['cluster'])}` === cluster)
        .flatMap(({ spec: { user, team } }) => (typeof user === 'string' ? [user] : membersOf(team)))
      const people = [
        ...own.flatMap(({ users }) => users.map(({ value }) => value)),
        ...own.flatMap(({ teams }) => teams.flatMap(({ value }) => membersOf(value))),
        ...maintainers,
        ...trusted.map(({ value }) => value),
      ]
      return [cluster, [...new Set(people)].sort()]
    }),
  )
}

/**
 * The same by the names that the files have: what a `was` names, and a cluster's queues with it. Where the new name is
 * known already the rename has happened, and whatever has the old one is something else.
 */
export const asDeclared = <Value>(
  { wants }: Wanted,
  known: ReadonlyMap<Address, Value>,
): ReadonlyMap<Address, Value> => {
  const names = new Map(
    wants.flatMap(({ kind, was, address }) =>
      was === undefined || known.has(address) ? [] : [[`${kind}:${was}`, address] as const],
    ),
  )
  return new Map(
    [...known].map(([old, value]) => {
      const cluster = kindOf(old) === 'queue' ? names.get(clusterOf(old)) : undefined
      const moved: Address | undefined =
        cluster && `queue:${keyIn(cluster)}${old.slice(old.lastIndexOf('/'))}`
      return [names.get(old) ?? moved ?? old, value]
    }),
  )
}

/** Who was allowed in a cluster once, as far as the lock remembers, and is not any more. */
const leftIn = (wanted: Wanted, lock: Lock | undefined): People => {
  if (lock === undefined) return new Map()
  const now = allowedIn(wanted)
  const before = new Map<Address, string[]>()
  for (const [cluster, emails] of [...asDeclared(wanted, lock.left), ...asDeclared(wanted, lock.allowed)])
    before.set(cluster, [...(before.get(cluster) ?? []), ...emails])
  return new Map(
    [...before].flatMap(([cluster, emails]): [Address, string[]][] => {
      const gone = [...new Set(emails)].filter((email) => now.get(cluster)?.includes(email) !== true).sort()
      return gone.length === 0 ? [] : [[cluster, gone]]
    }),
  )
}

/**
 * The lock as if those who reach a cluster, and will not any more, had been allowed there: they could read as much, and are
 * remembered like the others who left.
 *
 * @param leavers  emails, by cluster
 */
export const remembering = (
  lock: Lock | undefined,
  wanted: Wanted,
  leavers: ReadonlyMap<Address, readonly string[]>,
): Lock | undefined => {
  if (leavers.size === 0) return lock
  const allowed = new Map(asDeclared(wanted, lock?.allowed ?? new Map<Address, readonly string[]>()))
  for (const [cluster, emails] of leavers) allowed.set(cluster, [...(allowed.get(cluster) ?? []), ...emails])
  return {
    organization: wanted.organization,
    identities: lock?.identities ?? new Map(),
    allowed,
    left: lock?.left ?? new Map(),
    ...aboutGatesIn(lock),
  }
}

const aboutGatesIn = (lock: Lock | undefined): Pick<Lock, 'serials' | 'organizationUuid'> => ({
  ...(lock?.serials && { serials: lock.serials }),
  ...(lock?.organizationUuid !== undefined && { organizationUuid: lock.organizationUuid }),
})

/** The same as facts: URLs and tokens do not change when somebody leaves. */
export const leftFacts = (wanted: Wanted, lock: Lock | undefined): readonly Fact[] =>
  [...leftIn(wanted, lock)].flatMap(([cluster, emails]) =>
    emails.map((email): Fact => ({
      ...granted('left', addressOf('user', email), cluster, 'allowed'),
      at: { from: 'api', address: cluster, field: 'allowed', api: lockFile },
    })),
  )

/** The names of the files to which something privileged is promised. */
export const privilegedNames = ({ wants, access: { allow } }: Wanted): readonly Address[] => {
  const clusters = new Set(allow.map(({ on }) => on).filter((on) => kindOf(on) === 'cluster'))
  const isIn = (cluster: unknown) => typeof cluster === 'string' && clusters.has(`cluster:${cluster}`)
  return [
    ...clusters,
    ...allow.flatMap(({ teams }) => teams.map(({ value }): Address => `team:${value}`)),
    ...wants
      .filter(({ kind, spec }) => (kind === 'queue' || kind === 'pipeline') && isIn(spec['cluster']))
      .map(({ address }) => address),
    ...trustedNames(wants),
  ].filter((address, i, all) => all.indexOf(address) === i)
}

/** Roles that pipelines become, and what their trusts name: a trust is to a uuid, and the files are about a name. */
const trustedNames = (wants: Wanted['wants']): readonly Address[] =>
  wants.flatMap(({ kind, address, spec }) => {
    const named = kind === 'role' ? kindNamed(kind).dependencies(spec) : []
    const pinned = named
      .map(({ address }) => address)
      .flatMap((one) => (kindOf(one) === 'queue' ? [one, clusterOf(one)] : [one]))
    return pinned.length === 0 ? [] : [address, ...pinned]
  })

/** What has a privileged name now, where that is another thing than had it, and nobody agreed to it. */
export const takenNames = (
  names: readonly Address[],
  lock: Pick<Lock, 'identities'> | undefined,
  now: ReadonlyMap<Address, Identity>,
  accepted: ReadonlyMap<string, string>,
): ReadonlyMap<Address, Identity> =>
  new Map(
    names.flatMap((name) => {
      const was = lock?.identities.get(name)
      const is = now.get(name)
      const isAnother = was !== undefined && is !== undefined && is.uuid !== was
      return isAnother && accepted.get(name) !== is.uuid ? [[name, is]] : []
    }),
  )

/**
 * Whatever has a privileged name and another identity than it had, and whatever had one and has another name now. Both
 * the lock and what is there are told in the names of the files.
 *
 * @param accepted  uuids by name that a person agreed to
 */
export const changedIdentities = (
  names: readonly Address[],
  lock: Pick<Lock, 'identities'> | undefined,
  now: ReadonlyMap<Address, Identity>,
  accepted: ReadonlyMap<string, string>,
): readonly Finding[] => {
  const nameOf = new Map([...now].map(([name, { uuid }]) => [`${kindOf(name)} ${uuid}`, name]))
  const taken = takenNames(names, lock, now, accepted)
  return names.flatMap((name) => {
    const was = lock?.identities.get(name)
    if (was === undefined) return []
    const other = nameOf.get(`${kindOf(name)} ${was}`)
    const is = taken.get(name)
    if (is !== undefined) return [anotherOne(name, was, is, other)]
    // A queue goes by its cluster's name, and is told with it.
    const isTold = kindOf(name) === 'queue' && !now.has(clusterOf(name))
    return now.has(name) || other === undefined || isTold ? [] : [namedOtherwise(name, other)]
  })
}

/** What no uuid is: a name that has it in the lock stands for nothing that is there. */
export const noUuid = '00000000-0000-0000-0000-000000000000'

const anotherOne = (name: Address, was: string, is: Identity, other: Address | undefined): Finding =>
  unplaced(
    'identity-changed',
    was === noUuid
      ? `${name} is not the one that bridle was to make: its uuid is ${is.uuid}, and somebody else was faster${originOf(is)}`
      : `${name} is not the one that it was: its uuid is ${is.uuid}, and was ${was}${other === undefined ? '' : `, which is ${other} now`}${originOf(is)}`,
    'whoever deletes something and makes it again under its name gets what was promised to the name',
    `find out who made it and why; if it is right, run again with --accept-identity ${name}=${is.uuid}`,
  )

const originOf = ({ madeBy, madeAt, asked = false }: Identity): string => {
  if (madeBy !== undefined) return `; ${madeBy} made it${madeAt === undefined ? '' : `, at ${madeAt}`}`
  if (madeAt !== undefined)
    return `; it was made at ${madeAt}${asked ? ', and Buildkite does not say by whom' : ''}`
  return asked ? '; Buildkite does not say who made it, nor when' : ''
}

const namedOtherwise = (name: Address, other: Address): Finding =>
  unplaced(
    'identity-moved',
    `${name} is called ${other} now, and nothing is called ${name}`,
    'a new one under the old name would be empty, and what it was would be left under the other name without a promise',
    `have it named back, or rename it in the files with \`was: ${keyIn(name)}\`; if the name is meant for something new, take its line out of ${lockFile}`,
  )

/** Privileged names of things that are gone: something new under the name has nothing of what they had. */
export const goneNames = (
  names: readonly Address[],
  lock: Pick<Lock, 'identities'> | undefined,
  now: ReadonlyMap<Address, Identity>,
): readonly Finding[] =>
  names
    .filter((name) => lock?.identities.has(name) === true && !now.has(name))
    .filter((name) => kindOf(name) !== 'queue' || now.has(clusterOf(name)))
    .map((name) => ({
      ...unplaced(
        'privileged-not-there',
        `${name} was there when bridle last wrote ${lockFile}, and is gone`,
        'a new one under its name has nothing of what it had, and nobody said who deleted it',
        'find out who deleted it and why; then apply makes a new one',
      ),
      severity: 'warning' as const,
    }))

/** Clusters that were privileged when the lock was written, and that no file makes privileged any more. */
export const droppedPromises = (
  wanted: Wanted,
  lock: Lock | undefined,
  now?: ReadonlyMap<Address, Identity>,
): readonly Finding[] => {
  if (lock === undefined) return []
  const promised = new Set(wanted.access.allow.map(({ on }) => on))
  const identities = asDeclared(wanted, lock.identities)
  const live = new Map([...(now ?? [])].map(([name, { uuid }]) => [uuid, name]))
  return [...asDeclared(wanted, lock.allowed).keys()].flatMap((cluster) => {
    const there = live.get(identities.get(cluster) ?? '')
    const want = wanted.wants.find(({ address }) => address === cluster)
    // One that is gone as well has nothing that anybody could reach.
    if (promised.has(cluster) || (now !== undefined && there === undefined && !now.has(cluster))) return []
    return [
      {
        ...unplaced(
          'promise-dropped',
          `${cluster} was privileged when bridle last wrote ${lockFile}${there === undefined || there === cluster ? '' : `, is called ${there} now`}, and no \`allow\` makes it so any more`,
          'without `allow` nobody is told who reaches it, and whoever is given access to it has gained without a word',
          `write \`allow\` again; or, if it is meant, say so: take ${cluster} out of \`allowed\` in ${lockFile} in the same change, or pass --allow-widening to \`bridle apply\``,
        ),
        where: want === undefined ? [] : [want.at],
      },
    ]
  })
}

/**
 * That there is no lock, where privileged things are there that one would keep. Before the first apply that is as it should
 * be, so it ends nothing.
 */
export const lacksLock = (
  names: readonly Address[],
  lock: Lock | undefined,
  now: ReadonlyMap<Address, Identity>,
): readonly Finding[] => {
  const there = names.filter((name) => now.has(name))
  if (lock !== undefined || there.length === 0) return []
  return [
    {
      ...unplaced(
        'no-lock',
        `there is no ${lockFile}, and ${listed(there)} ${there.length === 1 ? 'is' : 'are'} there`,
        'whatever has these names now is taken for what was meant, and whoever left is forgotten',
        'bring it back from version control; where bridle has not applied yet, the first `bridle apply` writes it',
      ),
      severity: 'warning',
    },
  ]
}

/** A lock that also knows what names without a place in it stood for when a plan was made. */
export const knowing = (
  lock: Lock | undefined,
  wanted: Wanted,
  then: ReadonlyMap<Address, Identity>,
): Lock => ({
  organization: wanted.organization,
  allowed: lock?.allowed ?? new Map(),
  left: lock?.left ?? new Map(),
  ...aboutGatesIn(lock),
  identities: new Map([
    ...[...then].map(([name, { uuid }]) => [name, uuid] as const),
    ...asDeclared(wanted, lock?.identities ?? new Map<Address, string>()),
  ]),
})

/**
 * The lock after an apply. What was known keeps its uuid, whatever has the name by now: another is taken in only where
 * somebody, or the apply itself, has said which.
 *
 * @param accepted  uuids by name: those that a person agreed to, and those of what the apply has made
 * @param there  what is there, with the policies of gates
 */
export const lockAfter = (
  wanted: Wanted,
  before: Lock,
  now: ReadonlyMap<Address, Identity>,
  accepted: ReadonlyMap<string, string>,
  there: Pick<Survey, 'live' | 'policyKey' | 'organization'>,
): Lock => ({
  organization: wanted.organization,
  ...(wanted.wants.some(({ kind }) => kind === 'gate-policy') && {
    organizationUuid: before.organizationUuid ?? there.organization.uuid,
  }),
  serials: highestOf(rememberedSerials(wanted, before), serialsIn(there)),
  allowed: allowedIn(wanted),
  left: leftIn(wanted, before),
  identities: new Map(
    privilegedNames(wanted).flatMap((name): [Address, string][] => {
      const is = now.get(name)?.uuid
      const uuid = is !== undefined && accepted.get(name) === is ? is : before.identities.get(name)
      return uuid === undefined || uuid === '' ? [] : [[name, uuid]]
    }),
  ),
})

/** Of two numbers of a queue the higher one: hosts that have seen it take none that is lower. */
const highestOf = (before: Serials, now: Serials): Serials =>
  new Map([...before, ...[...now].map(([queue, n]) => [queue, Math.max(n, before.get(queue) ?? 0)] as const)])

/** The numbers that a lock remembers, by the names that the files have. */
export const rememberedSerials = (wanted: Wanted, { serials }: Pick<Lock, 'serials'>): Serials =>
  asDeclared(wanted, serials ?? new Map<Address, number>())

/** The numbers of the policies that are there. Whoever else can write the parameter can't count for us. */
const serialsIn = ({ live, policyKey }: Pick<Survey, 'live' | 'policyKey'>): Serials =>
  new Map(
    (live.get('gate-policy') ?? []).flatMap(({ spec }): [Address, number][] => {
      const { text } = spec as { readonly text?: string | null }
      if (text == null || policyKey === undefined) return []
      const read = opened(text, policyKey)
      if ('no' in read || read.signature !== 'good') return []
      const { cluster, queue, serial } = read.policy
      return [[addressOf('queue', cluster.name, queue.key), serial]]
    }),
  )

/**
 * Whether a lock keeps every privileged name, so that none of them can change hands unseen. A name that something was
 * read of, and not whose it is, is not kept.
 */
export const keeps = (
  lock: Lock | undefined,
  wanted: Wanted,
  found: { readonly identities?: ReadonlyMap<Address, Identity>; readonly facts: readonly Fact[] } = {
    facts: [],
  },
): boolean => {
  const { identities, facts } = found
  if (lock === undefined) return false
  const told = new Set(identities === undefined ? [] : facts.flatMap(({ of, on }) => [of, on]))
  return privilegedNames(wanted).every(
    (name) => lock.identities.has(name) && (!told.has(name) || identities?.has(name) === true),
  )
}
