import * as z from 'zod'
import { listed } from '../access/findings.js'
import { keyIn, namesIn, type Address } from '../model/address.js'
import { powers, type Fact, type Power, type Source } from '../model/grant.js'
import type { Finding } from '../model/finding.js'
import { jsonText } from '../model/json-text.js'
import type { Basis } from '../model/verdict.js'
import type { Wanted } from '../model/wanted.js'
import { unplaced } from '../plan/finding.js'
import type { Scope } from '../plan/survey.js'

/** Of what and when it was read: names and powers, no values and no secrets, as far as access is judged by it. */
export interface Snapshot {
  readonly organization: string
  readonly uuid: string
  readonly read: NonNullable<Basis['read']>
  /** uuids by address, of what a privileged name must not change hands with. */
  readonly identities: Readonly<Record<string, string>>
  /** The digest of what was there: a plan is made from one, too. */
  readonly live: string
  /** What was looked at closely by the files of then: of nothing else were schedules, builds and secrets read. */
  readonly close: Close
}

interface Close {
  readonly clusters: readonly string[]
  /** Pipelines outside of them. */
  readonly pipelines: readonly string[]
  /** The AWS accounts whose roles were read. */
  readonly accounts: readonly string[]
}

/** A fact as a row: power, of, on, by, sure, field, object, api. */
type Row = readonly [Power, string, string, string | null, boolean, string, string, string]

/** The number goes up where what is there means something else. 2: what was looked at, and which powers were asked about. */
const own = 2
const format = `bridle.snapshot/${own}` as const

/** All but the facts: those are many, and are read by hand. */
const schema = z.strictObject({
  format: z.literal(format),
  organization: z.string(),
  uuid: z.string(),
  read: z.strictObject({ from: z.string(), to: z.string(), readings: z.int().min(1) }),
  identities: z.record(z.string(), z.string()),
  live: z.string(),
  close: z.strictObject({
    clusters: z.array(z.string()),
    pipelines: z.array(z.string()),
    accounts: z.array(z.string()),
  }),
  powers: z.array(z.string()),
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

/** What the file holds, rows and all: for those who read it elsewhere. */
export const snapshotSchema = schema.extend({
  facts: z.array(
    z
      .tuple([
        z.enum(Object.keys(powers)),
        z.string(),
        z.string(),
        z.string().nullable(),
        z.boolean(),
        z.string(),
        z.string(),
        z.string(),
      ])
      .meta({ description: 'power, of, on, by, sure, field, object, api' }),
  ),
})

/** Facts that were read, as a text to keep. The same facts make the same bytes, in whatever order they came. */
export const printSnapshot = (snapshot: Snapshot, facts: readonly Fact[]): string => {
  const rows = facts.map((fact) => JSON.stringify(rowOf(fact))).sort()
  const { organization, uuid, read, identities, live, close } = snapshot
  const head = jsonText({
    format,
    organization,
    uuid,
    read,
    identities,
    live,
    close,
    powers: Object.keys(powers).sort(),
  }).trimEnd()
  return `${head.slice(0, -1).trimEnd()},\n  "facts": [\n${rows.join(',\n')}\n  ]\n}\n`
}

/** Reads a snapshot back; a finding where it is none, or another bridle's, which asked about other things. */
export const parseSnapshot = (
  text: string,
): { readonly snapshot: Snapshot; readonly facts: readonly Fact[] } | Finding => {
  const data = jsonOf(text)
  const another = anothers(data)
  if (another !== undefined) return another
  const parsed = schema.safeParse(data)
  const facts = parsed.success ? factsIn(parsed.data.facts) : undefined
  if (!parsed.success || facts === undefined)
    return unplaced(
      'not-a-snapshot',
      'the file is not a snapshot, or not a whole one',
      'a verdict on half of what was read would say closed where it is not',
      'write one with `bridle access snapshot --out FILE`',
    )
  const { organization, uuid, read, identities, live, close } = parsed.data
  return { snapshot: { organization, uuid, read, identities, live, close }, facts }
}

/** What is wrong with a snapshot that another bridle took: it asked about other things than this one judges by. */
const anothers = (data: unknown): Finding | undefined => {
  if (typeof data !== 'object' || data === null || !('format' in data)) return undefined
  const written = typeof data.format === 'string' ? data.format : ''
  const version = Number(/^bridle\.snapshot\/(\d+)$/.exec(written)?.[1] ?? own)
  const asked: readonly unknown[] | undefined =
    'powers' in data && Array.isArray(data.powers) ? data.powers : undefined
  const ofFormat = `the snapshot is of the format ${written}, and this bridle reads ${format}`
  if (version > own || asked?.some((power) => typeof power === 'string' && !isPower(power)) === true)
    return unplaced(
      'newer-snapshot',
      version > own ? ofFormat : 'the snapshot tells of powers that this bridle does not know',
      'it may hold what this bridle does not know, and what is not known is not judged',
      'use the bridle that wrote it, or write one with `bridle access snapshot --out FILE`',
    )
  const unasked = asked === undefined ? [] : Object.keys(powers).filter((power) => !asked.includes(power))
  if (version < own || unasked.length > 0)
    return unplaced(
      'older-snapshot',
      version < own ? ofFormat : `whoever took the snapshot did not ask about ${listed(unasked)}`,
      'what nobody asked about looks like what nobody has, and a verdict on that would say closed where it is not',
      'take it again: `bridle access snapshot --out FILE`',
    )
  return undefined
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

/** What is looked at closely with these files, as a snapshot keeps it. */
export const closeIn = ({ clusters, pipelines = new Set() }: Scope, { aws }: Pick<Wanted, 'aws'>): Close => ({
  clusters: [...clusters].sort(),
  pipelines: [...pipelines].sort(),
  accounts: (aws?.accounts ?? []).map(({ name }) => name).sort(),
})

/**
 * What would be looked at closely with these files, and was not when the snapshot was taken.
 *
 * @param scope  where to look closely, by the files and by what the snapshot has
 */
export const tooNarrow = (
  { close }: Snapshot,
  facts: readonly Fact[],
  scope: Scope,
  declared: Pick<Wanted, 'aws'>,
): readonly Finding[] => {
  const clusters = new Set(close.clusters)
  const looked = new Set([
    ...close.pipelines,
    ...facts.flatMap(({ power, of, on }) =>
      power === 'runs-in' && clusters.has(namesIn(keyIn(on))[0] ?? '') ? [keyIn(of)] : [],
    ),
  ])
  const { clusters: wanted, pipelines, accounts } = closeIn(scope, declared)
  const missing = [
    ...wanted.filter((name) => !clusters.has(name)).map((name) => `cluster:${name}`),
    ...pipelines.filter((name) => !looked.has(name)).map((name) => `pipeline:${name}`),
    ...accounts.filter((name) => !close.accounts.includes(name)).map((name) => `account ${name}`),
  ]
  return missing.length === 0
    ? []
    : [
        unplaced(
          'snapshot-too-narrow',
          `the snapshot was taken with files by which nobody had to look closely at ${listed(missing)}`,
          'its schedules, builds, secrets, agents, maintainers or roles were not read, and a verdict without them is better than the truth',
          'take it again with these files: `bridle access snapshot --out FILE`',
        ),
      ]
}
