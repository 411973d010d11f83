import { parse, stringify } from 'yaml'
import * as z from 'zod'
import type { Files } from '../config/files.js'
import { addressOf, kindOf, type Address } from '../model/address.js'
import { granted, type Fact } from '../model/grant.js'
import type { Finding } from '../model/finding.js'
import type { Wanted } from '../model/wanted.js'
import { unplaced } from '../plan/finding.js'

/** Beside the root file, and committed with it. */
export const lockFile = 'bridle.lock.yaml'

/** What bridle last knew privileged names to stand for. */
export interface Lock {
  readonly organization: string
  /** uuids, by address. */
  readonly identities: ReadonlyMap<Address, string>
  /** Emails of the members of teams that are allowed somewhere, by team, as of the last apply. */
  readonly members: People
  /** Those who were among them once and are not any more: they know what they could read then. */
  readonly left: People
}

type People = ReadonlyMap<Address, readonly string[]>

/** What has a name now: its uuid, and who made it, where that was read. */
export interface Identity {
  readonly uuid: string
  readonly madeBy?: string | undefined
  /** As ISO says it. */
  readonly madeAt?: string | undefined
}

/** Half a million names fit in it. */
const lockBytes = 32 * 1024 * 1024

const people = z.record(z.string().regex(/^team:./), z.array(z.string()))

const schema = z.strictObject({
  format: z.literal('bridle.lock/1'),
  organization: z.string(),
  identities: z.record(z.string().regex(/^(cluster|queue|pipeline|team):./), z.uuid()),
  members: people.optional(),
  left: people.optional(),
})

/** Reads the lock; none where there is no such file; a finding where it is not a lock, or another organization's. */
export const readLock = (files: Files, { organization }: Wanted): Lock | Finding | undefined => {
  const answer = files.read(lockFile, lockBytes)
  if ('no' in answer) return answer.no === 'missing' ? undefined : broken(`it can't be read: ${answer.no}`)
  const parsed = schema.safeParse(dataOf(new TextDecoder().decode(answer.bytes)))
  if (!parsed.success) return broken('it is not one that bridle wrote, or not a whole one')
  if (parsed.data.organization !== organization)
    return broken(
      `it is of organization "${parsed.data.organization}", and the files declare "${organization}"`,
    )
  return {
    organization,
    identities: new Map(Object.entries(parsed.data.identities) as [Address, string][]),
    members: new Map(Object.entries(parsed.data.members ?? {}) as [Address, string[]][]),
    left: new Map(Object.entries(parsed.data.left ?? {}) as [Address, string[]][]),
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

/** The lock as a text: the same identities make the same bytes. */
export const printLock = ({ organization, identities, members, left }: Lock): string =>
  `# Written by \`bridle apply\`. Commit it: it tells privileged things from others that have taken their names.\n${stringify(
    {
      format: 'bridle.lock/1',
      organization,
      identities: sorted(identities),
      members: sorted(members),
      ...(left.size > 0 && { left: sorted(left) }),
    },
    { lineWidth: 0 },
  )}`

const sorted = <Value>(map: ReadonlyMap<string, Value>): Record<string, Value> =>
  Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)))

/** The people of each team that is allowed somewhere, as the files have them. */
const allowedMembers = ({ wants, access: { allow } }: Wanted): People => {
  const teams = new Set(allow.flatMap(({ teams }) => teams.map(({ value }) => value)))
  return new Map(
    [...teams].sort().map((team): [Address, string[]] => [
      `team:${team}`,
      wants
        .filter(({ kind, spec }) => kind === 'member' && spec['team'] === team)
        .map(({ spec }) => String(spec['user']))
        .sort(),
    ]),
  )
}

/** Who was in an allowed team once, as far as the lock remembers, and is not any more. */
const leftIn = (wanted: Wanted, lock: Lock | undefined): People => {
  if (lock === undefined) return new Map()
  const now = allowedMembers(wanted)
  const teams = [...new Set([...lock.members.keys(), ...lock.left.keys()])].sort()
  return new Map(
    teams.flatMap((team): [Address, string[]][] => {
      const before = [...(lock.left.get(team) ?? []), ...(lock.members.get(team) ?? [])]
      const gone = [...new Set(before)].filter((email) => now.get(team)?.includes(email) !== true).sort()
      return gone.length === 0 ? [] : [[team, gone]]
    }),
  )
}

/** The same as facts: URLs and tokens do not change when somebody leaves. */
export const leftFacts = (wanted: Wanted, lock: Lock | undefined): readonly Fact[] =>
  [...leftIn(wanted, lock)].flatMap(([team, emails]) =>
    emails.map((email): Fact => ({
      ...granted('left', addressOf('user', email), team, 'members'),
      at: { from: 'api', address: team, field: 'members', api: lockFile },
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
  ].filter((address, i, all) => all.indexOf(address) === i)
}

/** Whatever has a privileged name and another identity than it had. */
export const changedIdentities = (
  names: readonly Address[],
  lock: Lock | undefined,
  now: ReadonlyMap<Address, Identity>,
  accepted: ReadonlyMap<string, string>,
): readonly Finding[] =>
  names.flatMap((name) => {
    const was = lock?.identities.get(name)
    const is = now.get(name)
    if (was === undefined || is === undefined || is.uuid === was || accepted.get(name) === is.uuid) return []
    return [
      unplaced(
        'identity-changed',
        `${name} is not the one that it was: its uuid is ${is.uuid}, and was ${was}${is.madeBy === undefined ? '' : `; ${is.madeBy} made it`}${is.madeAt === undefined ? '' : `, at ${is.madeAt}`}`,
        'whoever deletes something and makes it again under its name gets what was promised to the name',
        `find out who made it and why; if it is right, run again with --accept-identity ${name}=${is.uuid}`,
      ),
    ]
  })

/** The lock after an apply: what is there under privileged names; what is not there keeps what it had. */
export const lockAfter = (
  wanted: Wanted,
  before: Lock | undefined,
  now: ReadonlyMap<Address, Identity>,
): Lock => ({
  organization: wanted.organization,
  members: allowedMembers(wanted),
  left: leftIn(wanted, before),
  identities: new Map(
    privilegedNames(wanted).flatMap((name): [Address, string][] => {
      const uuid = now.get(name)?.uuid ?? before?.identities.get(name)
      return uuid === undefined || uuid === '' ? [] : [[name, uuid]]
    }),
  ),
})

/** Whether a lock keeps every privileged name of a cluster, so that none of them can change hands unseen. */
export const keeps = (lock: Lock | undefined, wanted: Wanted): boolean =>
  lock !== undefined && privilegedNames(wanted).every((name) => lock.identities.has(name))
