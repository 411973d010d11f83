import * as z from 'zod'
import type { Fact } from '../model/grant.js'
import { powers, type Power } from '../model/grant.js'
import type { Finding } from '../model/finding.js'
import { keyIn, namesIn } from '../model/address.js'
import { jsonText } from '../model/json-text.js'
import type { Basis } from '../model/verdict.js'
import type { Wanted } from '../model/wanted.js'
import { unplaced } from '../plan/finding.js'

/** What was read of an organization, as far as access is judged by it: names and powers, no values and no secrets. */
export interface Snapshot {
  readonly format: 'bridle.snapshot/1'
  readonly organization: string
  readonly uuid: string
  readonly read: NonNullable<Basis['read']>
  /** uuids by address, of what a privileged name must not change hands with. */
  readonly identities: Readonly<Record<string, string>>
  /** The clusters that were privileged by the files of then: of no others were schedules, builds and secrets read. */
  readonly close: readonly string[]
  /** Each fact as a row: power, of, on, by, sure, field, object, api. */
  readonly facts: readonly Row[]
}

type Row = readonly [Power, string, string, string | null, boolean, string, string, string]

const known = new Set<string>(Object.keys(powers))

const address = z.string().regex(/^[a-z-]+:/)

const schema = z.strictObject({
  format: z.literal('bridle.snapshot/1'),
  organization: z.string(),
  uuid: z.string(),
  read: z.strictObject({ from: z.string(), to: z.string(), readings: z.int().min(1) }),
  identities: z.record(z.string(), z.string()),
  close: z.array(z.string()),
  facts: z.array(
    z.tuple([
      z.string().refine((power) => known.has(power)),
      address,
      address,
      z.string().nullable(),
      z.boolean(),
      z.string(),
      z.string(),
      z.string(),
    ]),
  ),
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
export const printSnapshot = (
  snapshot: Omit<Snapshot, 'format' | 'facts'>,
  facts: readonly Fact[],
): string => {
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
export const parseSnapshot = (text: string): { snapshot: Snapshot; facts: readonly Fact[] } | Finding => {
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
  if (!parsed.success)
    return unplaced(
      'not-a-snapshot',
      'the file is not a snapshot, or not a whole one',
      'a verdict on half of what was read would say closed where it is not',
      'write one with `bridle access snapshot --out FILE`',
    )
  const snapshot = parsed.data as unknown as Snapshot
  return {
    snapshot,
    facts: snapshot.facts.map(([power, of, on, by, sure, field, object, api]): Fact => ({
      power,
      of: of as Fact['of'],
      on: on as Fact['on'],
      ...(by === null ? {} : { by }),
      sure,
      field,
      at: { from: 'api', address: object as Fact['of'], field, api },
    })),
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

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
