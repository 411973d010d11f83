import { accessOf, type Access } from '../access/access.js'
import { privilegedByDefault } from '../access/by-default.js'
import { bordersOf, type Border, type MembersOf } from '../access/borders.js'
import type { Judging } from '../access/ground.js'
import { machineFacts } from '../access/machines.js'
import { clusterOf } from '../access/places.js'
import { roleBorders } from '../access/role-borders.js'
import { rules } from '../access/rules/index.js'
import { undeclaredEntries, type DeclaredRole } from '../access/undeclared-entries.js'
import { undeclaredIn, withoutOwnAgents } from '../access/undeclared.js'
import { keyIn, namesIn, type Address } from '../model/address.js'
import { instanceRoleOf } from '../model/declared-access.js'
import type { Fact } from '../model/grant.js'
import { comesAndGoes, granted, grantKey } from '../model/grant.js'
import type { Finding } from '../model/finding.js'
import type { Span } from '../model/span.js'
import type { Basis } from '../model/verdict.js'
import type { Wanted } from '../model/wanted.js'
import { liveDigest } from '../plan/digest.js'
import { liveFacts, wantedFacts, wantedRoleFacts } from '../plan/facts.js'
import { unplaced } from '../plan/finding.js'
import { accessAfter } from '../plan/print.js'
import { renamedFacts } from '../plan/renames.js'
import type { RoleWorld } from '../access/roles/world.js'
import { roleWorldIn, roleWorldWanted } from './lints.js'
import { scopeByFacts, survey as surveyOf, surveyAgain, type Survey } from '../plan/survey.js'
import { readOrganization } from '../plan/who.js'
import { declare, standInTheWay } from './declare.js'
import { whoReads } from './derive.js'
import { readEvidence, type Evidence } from './evidence.js'
import { gatesIn, holdingOf, unseen, type Holding } from './held.js'
import { isFinding, unlessRefused } from './refused.js'
import {
  asDeclared,
  droppedPromises,
  keeps,
  leftFacts,
  readLock,
  rememberedSerials,
  type Identity,
} from './lock.js'
import { aboutNames, type AboutNames } from './names.js'
import { askingOrigins } from './origin.js'
import { parseSnapshot, tooNarrow } from './snapshot.js'
import type { Asking, World } from './world.js'

/** What a verdict is given on: files alone, a saved reading, a plan, or the organization as it is. */
export type Ground =
  | { readonly basis: 'files' }
  /** `text` is a snapshot's. */
  | { readonly basis: 'snapshot'; readonly text: string }
  /** `text` is a plan's; what is there is read, or taken from a snapshot. */
  | { readonly basis: 'plan'; readonly text: string; readonly snapshot?: string }
  | { readonly basis: 'organization' }

/** What every question about access is asked with. */
export type AccessOptions = Ground & {
  /** The time, as ISO says it: acceptances end, and a day has to be compared with something. */
  readonly now: string
  /** The flags that it was asked with, as one would type them: commands that findings name repeat them. */
  readonly asked?: string
}

/** What a question about access is answered on. */
export interface Grounds {
  readonly wanted: Wanted
  readonly access: Access
  readonly borders: readonly Border[]
  readonly judging: Judging
  readonly basis: Basis
  /** The people of a team, declared or there. */
  readonly knownIn: MembersOf
  /** Where the files declare what a fact is about. */
  readonly declaredAt: (fact: Fact) => Span | undefined
  readonly findings: readonly Finding[]
  /** Everything that has a name there, where that was read. */
  readonly identities?: ReadonlyMap<Address, Identity>
  /** Where the organization was asked. */
  readonly conversation?: Asking
  /** What is wrong with roles is told from it; where accounts were read. */
  readonly roles?: RoleWorld
}

/** Finds the facts that an answer is asked on, and what the files say about them; or what stands in the way. */
export const grounds = async (
  world: World,
  options: AccessOptions,
): Promise<Grounds | readonly Finding[]> => {
  const { wanted, findings } = declare(world)
  if (wanted === undefined || standInTheWay(findings)) return findings
  const lock = readLock(world.files, wanted)
  if (lock !== undefined && 'code' in lock) return [...findings, lock]
  const evidence = readEvidence(world.files, wanted)
  const isBroken = evidence !== undefined && 'code' in evidence
  const found = await factsFor(world, wanted, options, {
    evidence: isBroken ? undefined : evidence,
    serials: lock && rememberedSerials(wanted, lock),
  })
  if (!('facts' in found)) return [...findings, ...found]
  const { identities, askOrigin: ask } = found
  const now = identities && asDeclared(wanted, identities)
  const said =
    now === undefined ? droppedPromises(wanted, lock) : inOrder(await aboutNames(wanted, lock, { now, ask }))
  const facts = [...found.facts, ...leftFacts(wanted, lock)]
  return groundsOn(wanted, { ...found, facts, locked: keeps(lock, wanted, found) }, options.now, [
    ...findings,
    ...(isBroken ? [evidence] : []),
    ...unseen(wanted, found.basis.on, found.holding),
    ...said,
    ...(identities === undefined ? [] : notThere(wanted, identities)),
  ])
}

/** That privileged names are gone is said of what is declared and not there. */
const inOrder = ({ lacking, changed, dropped }: AboutNames): readonly Finding[] => [
  ...lacking,
  ...changed,
  ...dropped,
]

/** Facts, and where they are from. */
interface Found {
  readonly facts: readonly Fact[]
  readonly basis: Basis
  readonly conversation?: Asking
  /** What has each name, where that was read. */
  readonly identities?: ReadonlyMap<Address, Identity>
  /** Asks who made some of it, where Buildkite can be asked. */
  readonly askOrigin?: (some: ReadonlyMap<Address, Identity>) => Promise<ReadonlyMap<Address, Identity>>
  /** The digest of what is there, where that was read. */
  readonly live?: string
  /** Whether a lock keeps every privileged name. */
  readonly locked?: boolean
  readonly roles?: RoleWorld
  /** Which gates were seen to hold; where what is published for them was read. */
  readonly holding?: Holding | undefined
}

/** What was seen of gates, and what the lock remembers of their policies. */
interface Seen {
  readonly evidence?: Evidence | undefined
  readonly serials?: ReadonlyMap<Address, number> | undefined
}

const factsFor = async (
  world: World,
  wanted: Wanted,
  options: AccessOptions,
  seen: Seen,
): Promise<Found | readonly Finding[]> => {
  switch (options.basis) {
    case 'files':
      return { facts: wantedFacts(wanted), basis: { on: 'files' }, ...rolesWanted(wanted) }
    case 'snapshot':
      return snapshotFacts(options.text, wanted, { ...wanted, wants: [] })
    case 'organization':
      return readTwice(world, wanted, options.now, seen)
    case 'plan': {
      const before =
        options.snapshot === undefined
          ? await readTwice(world, wanted, options.now)
          : snapshotFacts(options.snapshot, wanted, wanted)
      if (!('facts' in before)) return before
      const { on } = before.basis
      const change = accessAfter(options.text, wanted, {
        live: before.live ?? '',
        in: on === 'snapshot' ? on : 'organization',
      })
      if ('code' in change) return [change]
      const taken = new Set(change.takes.map(grantKey))
      const kept = renamedFacts(wanted, before.facts).filter((fact) => !taken.has(grantKey(fact)))
      // What a gate was seen to do, it did before the plan, which may change what it goes by.
      return {
        ...before,
        holding: undefined,
        facts: [...kept, ...change.gives],
        basis: { ...before.basis, on: 'plan' },
      }
    }
  }
}

/**
 * The facts of a snapshot.
 *
 * @param close  what has to have been looked at closely: where it is about a plan, also what the files move and trigger
 */
const snapshotFacts = (text: string, wanted: Wanted, close: Wanted): Found | readonly Finding[] => {
  const parsed = parseSnapshot(text)
  if ('code' in parsed) return [parsed]
  const { snapshot, facts } = parsed
  if (snapshot.organization !== wanted.organization)
    return [
      unplaced(
        'another-organization',
        `the snapshot is of organization "${snapshot.organization}", and the files declare "${wanted.organization}"`,
        'names that mean one thing here mean another there',
        'take a snapshot of the organization that the files declare',
      ),
    ]
  const narrow = tooNarrow(snapshot, facts, scopeByFacts(close, facts), wanted)
  if (narrow.length > 0) return narrow
  const identities = new Map(
    Object.entries(snapshot.identities).map(([name, uuid]): [Address, Identity] => [
      name as Address,
      { uuid },
    ]),
  )
  return { facts, identities, live: snapshot.live, basis: { on: 'snapshot', read: snapshot.read } }
}

/** How often the organization is read before bridle gives up on two readings that agree. */
const mostReadings = 3

/** A reading that two agree on. */
export interface Reading {
  readonly survey: Survey
  readonly facts: readonly Fact[]
  readonly read: NonNullable<Basis['read']>
  readonly conversation: Asking
}

/**
 * Reads until two readings say the same about what reaches the privileged clusters, three times at most.
 *
 * @param isEnough  whether one reading has told what there is to know
 */
export const readAgreeing = async (
  world: World,
  wanted: Wanted,
  now: string,
  isEnough: (facts: readonly Fact[]) => boolean = () => false,
): Promise<Reading | readonly Finding[]> => {
  const time = () => world.now?.() ?? now
  const talked = await unlessRefused(async () => {
    const conversation = world.connect(wanted)
    const from = time()
    const organization = await readOrganization(conversation.reader())
    const unfit = whoReads(organization)
    if (unfit.length > 0) return unfit
    let last: { readonly survey: Survey; readonly facts: readonly Fact[]; readonly keys: string } | undefined
    for (let readings = 1; readings <= mostReadings; readings += 1) {
      const reader = conversation.reader()
      const survey: Survey =
        last === undefined
          ? await surveyOf(reader, organization, wanted)
          : await surveyAgain(reader, organization, wanted, last.survey)
      const facts = liveFacts(survey, wanted)
      const keys = reachingKeys(facts)
      // Where nothing is privileged, nothing is promised, and one reading will do.
      if (last?.keys === keys || wanted.access.allow.length === 0 || isEnough(facts))
        return { survey, facts, conversation, read: { from, to: time(), readings } }
      last = { survey, facts, keys }
    }
    return [
      unplaced(
        'moving-organization',
        `what reaches the privileged clusters was read ${mostReadings} times, and no two readings in a row agree`,
        'a verdict about a state that never was is worth nothing',
        'wait until whoever changes the organization is done, and run again',
      ),
    ]
  })
  return isFinding(talked) ? [talked] : talked
}

/**
 * What two readings are compared by: who may, and not what happens to be going on. Agents come and go and builds follow
 * each other all day; which is connected, and which build it is, says nothing about who reaches what.
 */
const reachingKeys = (facts: readonly Fact[]): string =>
  [
    ...new Set(
      facts
        .filter(({ power }) => !comesAndGoes.has(power))
        .map(({ by, ...grant }) =>
          grantKey(grant.power === 'unfinished' || by === undefined ? grant : { ...grant, by }),
        ),
    ),
  ]
    .sort()
    .join('\n')

const readTwice = async (
  world: World,
  wanted: Wanted,
  now: string,
  { evidence, serials }: Seen = {},
): Promise<Found | readonly Finding[]> => {
  const reading = await readAgreeing(world, wanted, now)
  if (!('facts' in reading)) return reading
  const { survey, facts, read, conversation } = reading
  return {
    facts,
    conversation,
    identities: identitiesIn(survey),
    askOrigin: askingOrigins(conversation.reader(), survey),
    live: liveDigest(survey),
    ...rolesIn(wanted, survey),
    holding: holdingOf(wanted, survey, evidence, { policyKey: world.policyKey, now, serials }),
    basis: { on: 'organization', read },
  }
}

/** What is wrong with roles, as the files have them, is told from it; nothing where they have none. */
export const rolesWanted = (wanted: Wanted): Pick<Found, 'roles'> => {
  const roles = roleWorldWanted(wanted)
  return roles === undefined ? {} : { roles }
}

const rolesIn = (wanted: Wanted, survey: Survey): Pick<Found, 'roles'> => {
  const roles = roleWorldIn(wanted, survey)
  return roles === undefined ? {} : { roles }
}

/** Privileged clusters and queues that nothing has the name of: what they were may stand under another name, unwatched. */
export const notThere = (
  { wants, access }: Wanted,
  identities: ReadonlyMap<Address, Identity>,
): readonly Finding[] => {
  const clusters = access.allow.filter(({ on }) => on.startsWith('cluster:'))
  const queues = wants.filter(
    ({ kind, address }) => kind === 'queue' && clusters.some(({ on }) => on === clusterOf(address)),
  )
  const declared = [...clusters, ...queues.map(({ address: on, at }) => ({ on, at }))]
  return declared
    .filter(({ on }) => !identities.has(on))
    .map(({ on, at }) => ({
      code: 'privileged-not-there',
      severity: 'error',
      what: `${on} is declared as privileged, and is not there`,
      where: [at],
      why: 'renamed, it stands under another name without a promise and without a verdict; nobody is told who reaches it',
      fix: 'look what became of it: write its new name with `was:`, have it named back, or apply if it was not made yet',
    }))
}

/** What has each name that could be privileged, and who made it where that is told. */
export const identitiesIn = ({ live }: Pick<Survey, 'live'>): ReadonlyMap<Address, Identity> =>
  new Map(
    ['cluster', 'queue', 'pipeline', 'team', 'role'].flatMap((kind) =>
      (live.get(kind) ?? []).map(({ key, uuid, spec }): [Address, Identity] => {
        const { created_by, created_at } = spec as { created_by?: string | null; created_at?: string | null }
        return [`${kind}:${key}`, { uuid, madeBy: created_by ?? undefined, madeAt: created_at ?? undefined }]
      }),
    ),
  )

/** The same for facts that somebody has already. */
export const groundsOn = (
  wanted: Wanted,
  { facts: all, basis, conversation, identities, roles, holding, locked = false }: Found,
  now: string,
  findings: readonly Finding[],
): Grounds => {
  // What the lock keeps from happening is no way for anybody, whatever is asked.
  const access = accessOf(
    [...withoutOwnAgents(all, wanted.access), ...machineFacts(all, wanted.access)],
    locked ? rules.filter(({ code }) => code !== 'name-reuse') : rules,
  )
  const declaredMembers = membersIn(
    wanted.wants
      .filter(({ kind }) => kind === 'member')
      .map(({ spec }) => [String(spec['team']), String(spec['user'])]),
  )
  const liveMembers = membersIn(
    access.facts
      .of('in-team')
      .filter(({ of }) => of.startsWith('user:'))
      .map(({ of, on }) => [on.slice('team:'.length), of.slice('user:'.length)]),
  )
  const wants = new Map(wanted.wants.map((want) => [want.address, want]))
  const queueBorders = bordersOf(wanted.access, declaredMembers, access.facts)
  const asDeclared = declaredEntries(wanted)
  const borders = [
    ...queueBorders,
    ...roleBorders(queueBorders, asDeclared, (role) => {
      const want = wants.get(role)
      if (want !== undefined) return want.spans['trust'] ?? want.at
      return wanted.access.agents.find((one) => instanceRoleOf(one) === role)?.at
    }),
  ]
  const isDeclared = (address: Address) => wants.has(address)
  /** Whether the files give a field to what a fact is about: the name that it has, or anything but null. */
  const isWritten = ({ of, at, field }: Fact) => {
    const written = wants.get(at.address)?.spec[field]
    return typeof written === 'string' ? namesIn(keyIn(of)).at(-1) === written : written != null
  }
  return {
    wanted,
    access,
    borders,
    judging: {
      borders,
      locked,
      gates: gatesIn(wanted),
      ...(holding && { held: holding.held }),
      accepts: wanted.access.accept,
      today: now.slice(0, 'YYYY-MM-DD'.length),
    },
    basis,
    knownIn: (team) => [...new Set([...declaredMembers(team), ...liveMembers(team)])].sort(),
    declaredAt: (fact) => {
      const want = wants.get(fact.at.address)
      return want === undefined ? undefined : (want.spans[fact.field.split('.')[0] ?? ''] ?? want.at)
    },
    findings: [
      ...findings,
      ...(basis.on === 'files'
        ? []
        : [
            ...undeclaredIn(access.facts, wanted.access, isDeclared),
            ...privilegedByDefault(access.facts, wanted.access, isWritten),
            ...undeclaredEntries(access.facts, asDeclared, trustsIn(wanted), accountIdsIn(wanted)),
          ]),
    ],
    ...(identities === undefined ? {} : { identities }),
    ...(conversation === undefined ? {} : { conversation }),
    ...(roles === undefined ? {} : { roles }),
  }
}

/** The roles whose trust the files write. */
const trustsIn = ({ wants }: Wanted): readonly DeclaredRole[] =>
  wants.flatMap(({ kind, address, spec, spans, at }) =>
    kind === 'role' && spec['trust'] !== undefined ? [{ address, at: spans['trust'] ?? at }] : [],
  )

const accountIdsIn = ({ aws }: Wanted): ReadonlyMap<string, string> =>
  new Map((aws?.accounts ?? []).map(({ name, id }) => [name, id]))

/** Who may become which role, by the files alone; and from which queues, as the organization would have them. */
const declaredEntries = (wanted: Wanted): readonly Fact[] => {
  const facts = wantedRoleFacts(wanted)
  if (facts.length === 0) return []
  const queues = wanted.wants
    .filter(({ kind }) => kind === 'queue')
    .map(({ address, at }): Fact => ({
      ...granted('has-queue', clusterOf(address), address, 'key'),
      at: { from: 'file', address, span: at },
    }))
  return [...facts, ...queues, ...machineFacts(facts, wanted.access)]
}

const membersIn = (pairs: readonly (readonly [team: string, email: string])[]): MembersOf => {
  const teams = new Map<string, string[]>()
  for (const [team, email] of pairs) {
    const known = teams.get(team)
    if (known === undefined) teams.set(team, [email])
    else known.push(email)
  }
  return (team) => teams.get(team) ?? []
}
