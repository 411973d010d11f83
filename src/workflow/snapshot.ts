import * as z from 'zod'
import { keyIn, namesIn, type Address } from '../model/address.js'
import { powers, type Fact, type Power, type Source } from '../model/grant.js'
import type { Finding } from '../model/finding.js'
import { jsonText } from '../model/json-text.js'
import type { Basis } from '../model/verdict.js'
import type { Wanted } from '../model/wanted.js'
import { unplaced } from '../plan/finding.js'

/** Of what and when it was read: names and powers, no values and no secrets, as far as access is judged by it. */
export interface Snapshot {
  readonly organization: string
  readonly uuid: string
  readonly read: NonNullable<Basis['read']>
  /** uuids by address, of what a privileged name must not change hands with. */
  readonly identities: Readonly<Record<string, string>>
  /** The clusters that were privileged by the files of then: of no others were schedules, builds and secrets read. */
  readonly close: readonly string[]
}

/** A fact as a row: power, of, on, by, sure, field, object, api. */
type Row = readonly [Power, string, string, string | null, boolean, string, string, string]

/** All but the facts: those are many, and are read by hand. */
const schema = z.strictObject({
  format: z.literal('bridle.snapshot/1'),
  organization: z.string(),
  uuid: z.string(),
  read: z.strictObject({ from: z.string(), to: z.string(), readings: z.int().min(1) }),
  identities: z.record(z.string(), z.string()),
  close: z.array(z.string()),
  facts: z.custom<readonly unknown[]>(Array.isArray),
})

const rowOf = ({ power, of, on, by, sure, field, at }: Fact): Row => [
  power,
  of,
  on,
  by ?? null,
  sure,
  field,
  at.address,
  at.from === 'api' ? at.api : '',
]

/** Facts that were read, as a text to keep. The same facts make the same bytes, in whatever order they came. */
export const printSnapshot = (snapshot: Snapshot, facts: readonly Fact[]): string => {
  const rows = facts.map((fact) => JSON.stringify(rowOf(fact))).sort()
  const { organization, uuid, read, identities, close } = snapshot
  const head = jsonText({
    format: 'bridle.snapshot/1',
    organization,
    uuid,
    read,
    identities,
    close,
  }).trimEnd()
  return `${head.slice(0, -1).trimEnd()},\n  "facts": [\n${rows.join(',\n')}\n  ]\n}\n`
}

/** Reads a snapshot back; a finding where it is none, or a newer bridle's. */
export const parseSnapshot = (
  text: string,
): { readonly snapshot: Snapshot; readonly facts: readonly Fact[] } | Finding => {
  const data = jsonOf(text)
  const format: unknown =
    typeof data === 'object' && data !== null && 'format' in data ? data.format : undefined
  if (typeof format === 'string' && /^bridle\.snapshot\/([2-9]|\d{2,})$/.test(format))
    return unplaced(
      'newer-snapshot',
      `the snapshot is of the format ${format}, and this bridle reads bridle.snapshot/1`,
      'it may hold what this bridle does not know, and what is not known is not judged',
      'use the bridle that wrote it, or write one with `bridle access snapshot --out FILE`',
    )
  const parsed = schema.safeParse(data)
  const facts = parsed.success ? factsIn(parsed.data.facts) : undefined
  if (!parsed.success || facts === undefined)
    return unplaced(
      'not-a-snapshot',
      'the file is not a snapshot, or not a whole one',
      'a verdict on half of what was read would say closed where it is not',
      'write one with `bridle access snapshot --out FILE`',
    )
  const { organization, uuid, read, identities, close } = parsed.data
  return { snapshot: { organization, uuid, read, identities, close }, facts }
}

/** The facts of rows; nothing where one of them is no row. */
const factsIn = (rows: readonly unknown[]): readonly Fact[] | undefined => {
  const address = addressReader()
  const facts: Fact[] = []
  for (const row of rows) {
    const fact = factOf(row, address)
    if (fact === undefined) return undefined
    facts.push(fact)
  }
  return facts
}

/**
 * A schema would do the same in ten times the time, and an organization has a hundred thousand rows.
 *
 * @param address  reads an address
 */
const factOf = (row: unknown, address: (text: unknown) => Address | undefined): Fact | undefined => {
  if (!Array.isArray(row) || row.length !== 8) return undefined
  const [power, ofText, onText, by, sure, field, object, api] = row as readonly unknown[]
  const [of, on] = [address(ofText), address(onText)]
  if (!isPower(power) || of === undefined || on === undefined) return undefined
  if (typeof sure !== 'boolean' || !(by === null || typeof by === 'string')) return undefined
  if (typeof field !== 'string' || typeof object !== 'string' || typeof api !== 'string') return undefined
  const at: Source = { from: 'api', address: (address(object) ?? object) as Address, field, api }
  return by === null ? { power, of, on, sure, field, at } : { power, of, on, by, sure, field, at }
}

const isPower = (power: unknown): power is Power => typeof power === 'string' && Object.hasOwn(powers, power)

/** Reads addresses, each as the one text: the graph compares them millions of times, and itself is found at a glance. */
const addressReader = () => {
  const known = new Map<string, Address>()
  return (text: unknown): Address | undefined => {
    if (typeof text !== 'string') return undefined
    const there = known.get(text)
    if (there !== undefined || !/^[a-z-]+:/.test(text)) return there
    known.set(text, text as Address)
    return text as Address
  }
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The clusters that are read closely with these files. */
export const closeWith = ({ access: { allow } }: Wanted): readonly string[] =>
  [...new Set(allow.map(({ on }) => namesIn(keyIn(on))[0] ?? ''))].sort()

/** What is privileged by the files, and was not looked at closely when the snapshot was taken. */
export const tooNarrow = ({ close }: Snapshot, wanted: Wanted): readonly Finding[] => {
  const missing = closeWith(wanted).filter((name) => !close.includes(name))
  return missing.length === 0
    ? []
    : [
        unplaced(
          'snapshot-too-narrow',
          `the snapshot was taken when ${missing.map((name) => `cluster:${name}`).join(', ')} had no \`allow\``,
          'schedules, builds, secrets, agents and maintainers of it were not read, and a verdict without them is better than the truth',
          'take it again with these files: `bridle access snapshot --out FILE`',
        ),
      ]
}
