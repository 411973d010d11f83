import * as z from 'zod'
import type { PlannedChange } from '../model/change.js'
import { codes } from '../model/codes.js'
import type { Finding } from '../model/finding.js'
import type { Undeclared } from '../model/plan.js'
import type { Drifted } from '../model/result.js'
import type { Seen, Standing } from '../model/standing.js'
import { unplaced } from '../plan/finding.js'

/** A file that `--since` named: its text, or why there is none. */
export type EarlierFile = { readonly file: string } & (
  { readonly text: string } | { readonly trouble: string }
)

/** What an earlier run left. */
interface Earlier {
  readonly at: string
  readonly organization?: string | undefined
  readonly seen: readonly Seen[]
}

/** What is known again: the same words about the same thing. */
const sameAs = ({ is, about, what }: Omit<Seen, 'firstSeen'>): string => JSON.stringify([is, about, what])

const ofChange = ({
  address,
  verb,
  fields,
}: Pick<PlannedChange, 'address' | 'verb'> & { fields: readonly { field: string }[] }) =>
  ({
    is: 'difference',
    about: address,
    what: [verb, ...fields.map(({ field }) => field).sort()].join(' '),
  }) as const

const ofUndeclared = ({ address }: Pick<Undeclared, 'address'>) =>
  ({ is: 'undeclared', about: address, what: '' }) as const

/** A refusal names its request, and there is another one each night. */
const ofFinding = ({ code, what }: { readonly code: string; readonly what: string }) =>
  ({ is: 'finding', about: code, what: what.replaceAll(/, request [\w-]+(?=\))/g, '') }) as const

const time = z.iso.datetime()
const address = z.string().regex(/:/) as unknown as z.ZodType<PlannedChange['address']>
const when = { firstSeen: time.optional() }

/** As much of a report as is compared; whatever else is in it may change. */
const report = z.object({
  format: z.literal('bridle.result/1'),
  sandbox: z.string().optional(),
  result: z.literal('drift'),
  at: time,
  organization: z.string().optional(),
  findings: z.array(z.object({ code: z.string(), what: z.string(), ...when })),
  plan: z
    .object({
      organization: z.string(),
      changes: z.array(
        z.object({
          address,
          verb: z.enum(['create', 'update', 'remove']),
          fields: z.array(z.object({ field: z.string() })),
          ...when,
        }),
      ),
      undeclared: z.array(z.object({ address, ignored: z.boolean(), ...when })),
    })
    .optional(),
  carried: z
    .array(
      z.object({
        is: z.enum(['difference', 'undeclared', 'finding']),
        about: z.string(),
        what: z.string(),
        firstSeen: time,
      }),
    )
    .optional(),
})

/** The report in a text, or why it is none that can be compared with. */
const earlierIn = (text: string, isSandbox: boolean): Earlier | string => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'is not JSON'
  }
  const { format, result, sandbox } = z
    .object({ format: z.unknown(), result: z.unknown(), sandbox: z.unknown() })
    .partial()
    .catch({})
    .parse(value)
  if (typeof format !== 'string' || !format.startsWith('bridle.result/')) return 'is no report of bridle'
  if (format !== 'bridle.result/1') return `is a report of another version, "${format}"`
  if (result !== 'drift') return `is a report of something else, "${String(result)}"`
  if ((sandbox === undefined) === isSandbox)
    return isSandbox ? 'is about a real organization, and this is a sandbox' : 'is about a sandbox'
  const parsed = report.safeParse(value)
  if (!parsed.success) return 'is not a whole report: it does not say what was found when'
  const { at, plan, findings, carried = [], organization = plan?.organization } = parsed.data
  const timed = (
    one: Omit<Seen, 'firstSeen'>,
    { firstSeen = at }: { readonly firstSeen?: string | undefined },
  ) => ({
    ...one,
    firstSeen,
  })
  return {
    at,
    organization,
    seen: [
      ...(plan?.changes ?? []).map((one) => timed(ofChange(one), one)),
      ...(plan?.undeclared ?? [])
        .filter(({ ignored }) => !ignored)
        .map((one) => timed(ofUndeclared(one), one)),
      ...findings.filter(({ code }) => code !== otherRun).map((one) => timed(ofFinding(one), one)),
      ...carried,
    ],
  }
}

const otherRun = 'other-run'

const notCompared = (what: string): Finding => ({
  ...unplaced(otherRun, what, codes[otherRun].why, codes[otherRun].fix),
  severity: 'warning',
})

/**
 * The same drift, with since when each thing in it is there. It says what is new and what is gone, where there is an
 * earlier run to compare with; and never changes what is found, nor how the command ends.
 */
export const compared = (
  result: Drifted,
  how: { readonly at: string; readonly since?: EarlierFile | undefined; readonly isSandbox: boolean },
): Drifted => {
  const { at, since, isSandbox } = how
  const earlier = since === undefined ? undefined : readEarlier(since, result, isSandbox)
  if (earlier === undefined || 'code' in earlier) {
    const told = stood(result, at, undefined)
    return earlier === undefined ? told : { ...told, findings: [...told.findings, earlier] }
  }
  const known = new Map(earlier.seen.map((one) => [sameAs(one), one]))
  const told = stood(result, at, known)
  const now = new Set(seenIn(told).map(sameAs))
  const others = [...known.values()].filter((one) => !now.has(sameAs(one)))
  const whole = result.plan !== undefined
  const organization = told.organization ?? earlier.organization
  return {
    ...told,
    ...(organization !== undefined && { organization }),
    since: { at: earlier.at, gone: whole ? others : [], whole },
    // Nobody looked, so that nothing is known to be gone: the next run has to know what this one was told.
    ...(!whole && others.length > 0 && { carried: others }),
  }
}

const readEarlier = (since: EarlierFile, result: Drifted, isSandbox: boolean): Earlier | Finding => {
  if ('trouble' in since) return notCompared(`${since.trouble}, so nothing is called new or gone`)
  const earlier = earlierIn(since.text, isSandbox)
  const no = (why: string) => notCompared(`${since.file} ${why}, so nothing is called new or gone`)
  if (typeof earlier === 'string') return no(earlier)
  const own = result.plan?.organization
  if (own !== undefined && earlier.organization !== undefined && own !== earlier.organization)
    return no(`is about organization "${earlier.organization}", and this is "${own}"`)
  return earlier
}

const seenIn = ({ plan, findings }: Drifted): Omit<Seen, 'firstSeen'>[] => [
  ...(plan?.changes ?? []).map(ofChange),
  ...(plan?.undeclared ?? []).map(ofUndeclared),
  ...findings.map(ofFinding),
]

/** Everything in a drift with since when it is there. */
const stood = (result: Drifted, at: string, known: ReadonlyMap<string, Seen> | undefined): Drifted => {
  const standing = (one: Omit<Seen, 'firstSeen'>): Standing => {
    const before = known?.get(sameAs(one))
    return {
      firstSeen: before?.firstSeen ?? at,
      ...(known !== undefined && { standing: before === undefined ? 'new' : 'still' }),
    }
  }
  const { plan, findings } = result
  return {
    ...result,
    at,
    ...(plan !== undefined && {
      organization: plan.organization,
      plan: {
        ...plan,
        changes: plan.changes.map((one) => ({ ...one, ...standing(ofChange(one)) })),
        undeclared: plan.undeclared.map((one) =>
          one.ignored ? one : { ...one, ...standing(ofUndeclared(one)) },
        ),
      },
    }),
    findings: findings.map((one) => ({ ...one, ...standing(ofFinding(one)) })),
  }
}
