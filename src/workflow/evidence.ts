import * as z from 'zod'
import type { Files } from '../config/files.js'
import { addressOf, type Address } from '../model/address.js'
import type { Finding } from '../model/finding.js'
import { unplaced } from '../plan/finding.js'

/** Beside the root file, like the lock. Nothing in it is secret. */
export const evidenceFile = 'bridle.evidence.json'

/** A hundred thousand hosts fit in it. */
const evidenceBytes = 32 * 1024 * 1024

const text = z.string().min(1).max(1_000)
const time = z.iso.datetime()
const queue = z.string().regex(/^queue:[^/]+\/[^/]+$/)

const gate = z.strictObject({
  serial: z.int().positive(),
  rule: text,
  mode: z.enum(['observe', 'warn', 'block']),
  seen_at: time,
  build: text,
  job: text,
  agent: text,
})

const host = z.strictObject({
  hostname: text,
  /** Of its machine id, a digest; missing where it has none, or said nothing of it. Names alone are given twice. */
  machine: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  checked_at: time,
  ok: z.boolean(),
  files: text,
  failed: z.array(text),
})

/** What the file holds. */
export const evidenceSchema = z.strictObject({
  format: z.literal('bridle.evidence/1'),
  organization: text,
  gates: z.record(queue, gate),
  hosts: z.record(queue, z.array(host)),
})

/** How the canary of a queue was seen refused. */
export type GateSeen = z.infer<typeof gate>

/** What a host said of its own installation. */
export type HostSeen = z.infer<typeof host>

/** What was seen of gates: that they refuse, and that they stand as they should. */
export interface Evidence {
  readonly organization: string
  /** By queue. */
  readonly gates: ReadonlyMap<Address, GateSeen>
  /** By queue; of each host the latest. */
  readonly hosts: ReadonlyMap<Address, readonly HostSeen[]>
}

/** Reads what was seen; nothing where there is no such file; a finding where it is none, or another organization's. */
export const readEvidence = (
  files: Files,
  { organization }: { readonly organization: string },
): Evidence | Finding | undefined => {
  const answer = files.read(evidenceFile, evidenceBytes)
  if ('no' in answer) return answer.no === 'missing' ? undefined : broken(`it can't be read: ${answer.no}`)
  const parsed = evidenceSchema.safeParse(dataOf(new TextDecoder().decode(answer.bytes)))
  if (!parsed.success) return broken('it is not one that bridle wrote, or not a whole one')
  const { gates, hosts, organization: of } = parsed.data
  if (of !== organization)
    return broken(`it is of organization "${of}", and the files declare "${organization}"`)
  return {
    organization,
    gates: new Map(Object.entries(gates) as [Address, GateSeen][]),
    hosts: new Map(Object.entries(hosts) as [Address, HostSeen[]][]),
  }
}

const dataOf = (json: string): unknown => {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

const broken = (why: string): Finding => ({
  ...unplaced(
    'broken-evidence',
    `${evidenceFile} is no use: ${why}`,
    'what was seen of gates stands in it, and without that no gate is believed',
    'delete it, and have it seen again: `bridle hook canary`, `bridle hook install --check`',
  ),
  severity: 'warning',
})

const inOrder = <Value>(map: ReadonlyMap<string, Value>) =>
  Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)))

/** Evidence as a text: the same is the same bytes. */
export const printEvidence = ({ organization, gates, hosts }: Evidence): string =>
  `${JSON.stringify(
    {
      format: 'bridle.evidence/1',
      organization,
      gates: inOrder(new Map([...gates].map(([on, seen]) => [on, gate.parse(seen)]))),
      hosts: inOrder(
        new Map(
          [...hosts].map(([on, some]) => [
            on,
            some.map((seen) => host.parse(seen)).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
          ]),
        ),
      ),
    },
    null,
    2,
  )}\n`

const nothing = (organization: string): Evidence => ({ organization, gates: new Map(), hosts: new Map() })

/** What was known, and how the canary of a queue was seen refused by now. */
export const withGate = (
  known: Evidence | undefined,
  organization: string,
  on: Address,
  seen: GateSeen,
): Evidence => {
  const before = known ?? nothing(organization)
  return { ...before, gates: new Map([...before.gates, [on, seen]]) }
}

const nameOf = ({ hostname, machine = '' }: HostSeen): string => `${hostname}\n${machine}`

/**
 * What was known, and what hosts of a queue have said by now: of each the latest counts. A host is its name and its
 * machine. What went well on one that did not say its machine is over when one of that name does; what went wrong there
 * stays for its thirty days, since the other one may be another.
 */
export const withHosts = (
  known: Evidence | undefined,
  organization: string,
  on: Address,
  seen: readonly HostSeen[],
  now: string,
): Evidence => {
  const before = known ?? nothing(organization)
  const all = new Map<string, HostSeen>()
  for (const one of [...(before.hosts.get(on) ?? []), ...seen]) {
    const had = all.get(nameOf(one))
    if (had === undefined || isAhead(had.checked_at, now) || isUpTo(had, one)) all.set(nameOf(one), one)
  }
  const hosts = [...all.values()]
  const isOver = (one: HostSeen) =>
    one.machine === undefined &&
    one.ok &&
    hosts.some(
      (other) => other.machine !== undefined && other.hostname === one.hostname && isUpTo(one, other),
    )
  return { ...before, hosts: new Map([...before.hosts, [on, hosts.filter((one) => !isOver(one))]]) }
}

const isUpTo = (one: HostSeen, other: HostSeen): boolean =>
  Date.parse(one.checked_at) <= Date.parse(other.checked_at)

const hour = 60 * 60 * 1000

/** How long a canary counts, and how long a report of a host. In milliseconds. */
const canaryLasts = 24 * hour
const reportLasts = 30 * 24 * hour

/** Clocks differ by so much. What is further ahead has been made up, or was written by a clock that nobody can go by. */
const clocksDiffer = 5 * 60 * 1000

/** Whether a time is yet to come, further ahead than clocks differ. */
export const isAhead = (at: string, now: string): boolean => Date.parse(at) - Date.parse(now) > clocksDiffer

const isWithin = (at: string, lasts: number, now: string): boolean =>
  !isAhead(at, now) && Date.parse(now) - Date.parse(at) <= lasts

/** What has to be so that evidence counts, as it was read. */
export interface Published {
  /** Of the policy that is published, and is the one that the files say; missing where it is not, and `no` says why. */
  readonly serial?: number
  readonly no?: string
}

/**
 * What is missing for a gate to be believed, a clause each that follows "because"; nothing where all of it is there. The
 * canary tells that the gate refuses, by the policy that is published; the report, that no job of before has put it out
 * of force.
 *
 * @param mode  what the files say that the gate does
 */
export const lackingOf = (
  on: Address,
  evidence: Evidence | undefined,
  { mode, published, now }: { readonly mode: string; readonly published: Published; readonly now: string },
): readonly string[] => {
  if (mode !== 'block') return [`its mode is ${mode}, and only block refuses`]
  if (published.serial === undefined) return [published.no ?? 'nobody has read what is published']
  const seen = evidence?.gates.get(on)
  const reports = evidence?.hosts.get(on) ?? []
  const recent = reports.filter((one) => isWithin(one.checked_at, reportLasts, now))
  // A no counts whatever the clock of its host says.
  const failed = reports.filter(
    ({ ok, failed: some, checked_at }) =>
      (!ok || some.length > 0) && Date.parse(now) - Date.parse(checked_at) <= reportLasts,
  )
  return [
    ...(seen === undefined
      ? ['no canary was seen refused on it']
      : !isWithin(seen.seen_at, canaryLasts, now)
        ? [
            Date.parse(seen.seen_at) > Date.parse(now)
              ? `its canary was seen refused at ${seen.seen_at}, which is yet to come`
              : `its canary was last seen refused at ${seen.seen_at}, and that counts for a day`,
          ]
        : seen.serial !== published.serial
          ? [`its canary was refused by policy ${seen.serial}, and policy ${published.serial} is published`]
          : seen.mode !== 'block'
            ? [`its gate was in mode ${seen.mode} when its canary was seen`]
            : seen.rule !== 'pipeline'
              ? [`its canary was refused by rule "${seen.rule}", and should be for its pipeline`]
              : []),
    ...(failed.length > 0
      ? [
          `the check of its host ${failed[0]?.hostname ?? ''} failed${failed.length > 1 ? `, and of ${failed.length - 1} more` : ''}`,
        ]
      : recent.length === 0
        ? [
            reports.length === 0
              ? 'no host of it was checked'
              : 'the last check of a host of it is more than 30 days old',
          ]
        : []),
  ]
}

/** The commands that bring what is missing. */
export const commandsFor = (on: Address): string =>
  `\`bridle hook canary ${on}\`, and \`bridle hook install --check\` on its hosts`

/** The queue that the policy of a gate is for. */
export const queueOf = (spec: Readonly<Record<string, unknown>>): Address =>
  addressOf('queue', String(spec['cluster']), String(spec['queue']))
