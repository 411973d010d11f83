import * as z from 'zod'

/**
 * What the policy of a gate says, and how it is written down. Whatever it does not name is refused: a list that is
 * missing allows nothing, but for `commands` and `creator_teams`, which narrow only where they are there.
 */
const text = z.string().min(1)
const texts = z.array(text).min(1)
const named = { uuid: text }

const pipeline = z.strictObject({
  slug: text,
  uuid: text,
  repository: text,
  branches: texts.optional(),
  tags: texts.optional(),
  pull_requests: z.enum(['own', 'forks']).optional(),
  sources: texts.optional(),
  triggered_by: texts.optional(),
  environment: texts.optional(),
  plugins: texts.optional(),
  commands: texts.optional(),
  creator_teams: texts.optional(),
  role: text.optional(),
  roles: texts.optional(),
})

/** One pipeline under two names would be one that is let in twice, by two rules. */
const areOnce = (all: readonly { readonly uuid: string }[]): boolean =>
  new Set(all.map(({ uuid }) => uuid)).size === all.length

const second = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/)

/**
 * What a gate looks at beside what it is told: whether the commit is in its branch, whether Buildkite signs the ids of the
 * job, whether the machine's role is out of reach of jobs.
 */
export const gateChecks = ['ancestor', 'identity', 'metadata'] as const
export type GateCheck = (typeof gateChecks)[number]

const payload = z.strictObject({
  format: z.literal('bridle.gate/1'),
  organization: z.strictObject({ slug: text, ...named }),
  cluster: z.strictObject({ name: text, ...named }),
  queue: z.strictObject({ key: text, ...named }),
  mode: z.enum(['observe', 'warn', 'block']),
  serial: z.int().positive(),
  issued_at: second,
  expires_at: second.optional(),
  checks: z.array(z.enum(gateChecks)).min(1).optional(),
  pipelines: z
    .array(pipeline)
    .refine((all) => new Set(all.map(({ slug }) => slug)).size === all.length && areOnce(all)),
})

/** What a policy says, for those who read it elsewhere. */
export const gateSchema: z.ZodType = payload

/** What the gate of a queue does with a job that it would refuse. */
export type GateMode = 'observe' | 'warn' | 'block'

/** What starts a build, as Buildkite says it. */
export const buildSources = ['api', 'schedule', 'trigger_job', 'ui', 'webhook'] as const
export type BuildSource = (typeof buildSources)[number]

/** What jobs of one pipeline may be, so that a gate lets them in. */
export type GatePipeline = z.infer<typeof pipeline>

/** The policy of a gate as it is signed. */
export type GatePayload = z.infer<typeof payload>

/** The lists of a pipeline that say what is allowed, in the order in which people read about them. */
export const allowLists = [
  'branches',
  'tags',
  'sources',
  'triggered_by',
  'environment',
  'plugins',
  'commands',
  'creator_teams',
  'roles',
] as const satisfies readonly (keyof GatePipeline)[]

/** Lists that allow anything where they are missing: they narrow what the others allow. */
export const narrowingLists: ReadonlySet<string> = new Set(['commands', 'creator_teams'])

/** Halves of surrogate pairs and all that is not ASCII as escapes, so that every reader sees the same bytes. */
const ascii = (json: string): string =>
  json.replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Data with its keys in the order of its schema. */
const inOrder = <Shape extends z.ZodRawShape>({ shape }: z.ZodObject<Shape>, data: object): object => {
  const values = data as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    Object.entries(shape).flatMap(([key, one]) => {
      const value = values[key]
      if (value === undefined) return []
      return [[key, one instanceof z.ZodObject ? inOrder(one, value as object) : value]]
    }),
  )
}

/** A policy as bytes: the same one makes the same bytes, pipelines in the order of their slugs, all of it ASCII. */
export const printGate = (policy: GatePayload): string =>
  ascii(
    JSON.stringify(
      inOrder(payload, {
        ...policy,
        pipelines: [...policy.pipelines]
          .sort((a, b) => (a.slug < b.slug ? -1 : a.slug > b.slug ? 1 : 0))
          .map((one) => inOrder(pipeline, one)),
      }),
    ),
  )

/** The policy that bytes are, and nothing where they are none that this bridle wrote: it says what it does not know. */
export const readGate = (bytes: string): GatePayload | undefined => {
  const parsed = payload.safeParse(dataOf(bytes))
  return parsed.success && printGate(parsed.data) === bytes ? parsed.data : undefined
}

const dataOf = (bytes: string): unknown => {
  try {
    return JSON.parse(bytes)
  } catch {
    return undefined
  }
}

/** One pattern of a branch or a tag: a star is any run of characters, a slash too; all else stands for itself. */
const isLike = (pattern: string, name: string): boolean => {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return pattern === name
  if (!name.startsWith(first)) return false
  let from = first.length
  for (const part of rest) {
    const found = name.indexOf(part, from)
    if (found === -1) return false
    from = found + part.length
  }
  return name.length - last.length >= from && name.endsWith(last)
}

/** Whether a branch or a tag is one of those that patterns name, over its whole length; `!` takes some out again. */
export const isNamed = (patterns: readonly string[], name: string): boolean =>
  patterns.some((one) => !one.startsWith('!') && isLike(one, name)) &&
  !patterns.some((one) => one.startsWith('!') && isLike(one.slice(1), name))

/** Whether a pattern names every branch there could be. */
export const namesAll = (pattern: string): boolean => /^\*+$/.test(pattern)

/** The parameter that the gate of a queue reads, where nothing else is written. */
export const policyParameter = (cluster: string, queue: string): string =>
  `/buildkite/${cluster}/queues/${queue}/policy`
