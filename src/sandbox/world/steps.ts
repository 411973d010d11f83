import { parse } from 'yaml'
import { bareStep, type Job, type Step } from '../rows.js'

/** A step as a job will be made of it. */
export interface Planned {
  readonly type: Job['type']
  readonly label: string | null
  readonly command: string | null
  /** Tags that an agent must have, `queue=deploy` among them. */
  readonly agentQueryRules: readonly string[]
  readonly step: Step
}

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textIn = (value: unknown): string | null =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : null

const textsIn = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((one) => textIn(one) ?? [])

/** `{ A: 1 }` or `[A=1]`, as pairs. */
const envIn = (value: unknown): string[] =>
  isObject(value)
    ? Object.entries(value).flatMap(([name, one]) => {
        const text = textIn(one)
        return text === null ? [] : [`${name}=${text}`]
      })
    : textsIn(value).filter((pair) => pair.includes('='))

/** `{ queue: deploy }` or `[queue=deploy]`, as tags. */
const tagsIn = envIn

const metaDataIn = (value: unknown): Record<string, string> =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value).flatMap(([key, one]) => {
          const text = textIn(one)
          return text === null ? [] : [[key, text]]
        }),
      )
    : {}

const triggerIn = (step: Json): Step['trigger'] => {
  const pipeline = textIn(step['trigger'])
  if (pipeline === null) return null
  const build = isObject(step['build']) ? step['build'] : {}
  return {
    pipeline,
    branch: textIn(build['branch']),
    commit: textIn(build['commit']),
    message: textIn(build['message']),
    env: envIn(build['env']),
    metaData: metaDataIn(build['meta_data']),
  }
}

const fieldsIn = (value: unknown): string[] =>
  (Array.isArray(value) ? value : []).flatMap((field) =>
    isObject(field) ? (textIn(field['key']) ?? []) : [],
  )

/** Tags of the step win over those of the whole pipeline, name by name. */
const merged = (outer: readonly string[], inner: readonly string[]) => {
  const names = new Set(inner.map((tag) => tag.split('=')[0]))
  return [...outer.filter((tag) => !names.has(tag.split('=')[0])), ...inner]
}

interface Around {
  readonly tags: readonly string[]
  readonly env: readonly string[]
  readonly group: readonly number[]
}

const typeOf = (step: Json): Job['type'] | undefined =>
  ['trigger'].some((key) => key in step)
    ? 'TRIGGER'
    : ['block', 'input', 'manual'].some((key) => key in step)
      ? 'BLOCK'
      : ['wait', 'waiter'].some((key) => key in step)
        ? 'WAIT'
        : ['command', 'commands', 'script', 'plugins'].some((key) => key in step)
          ? 'COMMAND'
          : undefined

const named = (type: unknown): Job['type'] | undefined => {
  if (type === 'wait' || type === 'waiter') return 'WAIT'
  if (type === 'block' || type === 'manual' || type === 'input') return 'BLOCK'
  if (type === 'trigger') return 'TRIGGER'
  return type === 'command' || type === 'script' ? 'COMMAND' : undefined
}

const planned = (step: Json, around: Around): Planned | undefined => {
  const type = named(step['type']) ?? typeOf(step)
  if (!type) return undefined
  const depends = step['depends_on']
  const keys = (Array.isArray(depends) ? depends : [depends]).flatMap((one) =>
    isObject(one) ? (textIn(one['step']) ?? []) : (textIn(one) ?? []),
  )
  const commands = textsIn(step['commands'] ?? step['command'] ?? step['script'])
  const secret = textsIn(step['secrets']).map((key) => `buildkite-agent secret get ${key}`)
  return {
    type,
    label: textIn(step['label'] ?? step['name'] ?? step['block'] ?? step['input']),
    command: type === 'COMMAND' ? [...secret, ...commands].join('\n') : null,
    agentQueryRules: type === 'COMMAND' ? merged(around.tags, tagsIn(step['agents'])) : [],
    step: {
      ...bareStep,
      key: textIn(step['key'] ?? step['identifier'] ?? step['id']),
      group: around.group,
      dependsOn: depends === undefined ? null : keys,
      env: merged(around.env, envIn(step['env'])),
      cache: step['cache'] !== undefined,
      allowedTeams: step['allowed_teams'] === undefined ? null : textsIn(step['allowed_teams']),
      fields: fieldsIn(step['fields']),
      trigger: triggerIn(step),
    },
  }
}

const words: Readonly<Record<string, Json>> = {
  wait: { wait: null },
  waiter: { wait: null },
  block: { block: null },
  manual: { block: null },
  input: { input: null },
}

/** `queue: deploy` in all the ways that it can be written; what is no step is passed over. */
const listIn = (document: unknown): { readonly steps: readonly unknown[]; readonly head: Json } => {
  if (Array.isArray(document)) return { steps: document, head: {} }
  if (!isObject(document)) return { steps: [], head: {} }
  return { steps: Array.isArray(document['steps']) ? document['steps'] : [], head: document }
}

const flat = (steps: readonly unknown[]): Json[] =>
  steps.flatMap((given) => {
    const step = typeof given === 'string' ? (words[given] ?? { command: given }) : given
    if (!isObject(step)) return []
    return Array.isArray(step['steps']) ? flat(step['steps']) : [step]
  })

const KEPT = 500
const kept = new Map<string, unknown>()

const documentIn = (text: string): unknown => {
  const have = kept.get(text)
  if (have !== undefined) return have
  let document: unknown
  try {
    document = (parse(text, { logLevel: 'silent' }) as unknown) ?? null
  } catch {
    document = null // it would fail the build, and start nothing
  }
  if (kept.size >= KEPT) kept.clear()
  kept.set(text, document)
  return document
}

/**
 * What a pipeline's YAML plans. Each wait (and each block) begins a new group, which waits for the one before.
 *
 * @param within  the group that these steps belong to, where a job has uploaded them
 */
export const stepsIn = (yaml: string, within: readonly number[] = []): Planned[] => {
  const { steps, head } = listIn(documentIn(yaml))
  const around = { tags: tagsIn(head['agents']), env: envIn(head['env']) }
  let wave = 0
  return flat(steps).flatMap((given) => {
    const step = planned(given, { ...around, group: [...within, wave] })
    if (!step) return []
    if (step.type !== 'WAIT' && step.type !== 'BLOCK') return [step]
    wave += 2
    return [{ ...step, step: { ...step.step, group: [...within, wave - 1] } }]
  })
}

/** Whether one group comes before another: `[1]` before `[1, 2]`, which comes before `[2]`. */
export const isBefore = (a: readonly number[], b: readonly number[]): boolean => {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const [one, other] = [a[at] ?? 0, b[at] ?? 0]
    if (one !== other) return one < other
  }
  return false
}

/** `$NAME`, `${NAME}` and `${NAME:-other}`, with what the environment has for them; `$$` is a dollar. */
export const interpolated = (text: string, env: readonly string[]): string =>
  text.includes('$')
    ? text.replace(
        /\$\$|\$(\w+)|\$\{(\w+)(?::-([^}]*))?\}/g,
        (all, bare?: string, braced?: string, or?: string) => {
          if (all === '$$') return '$'
          const name = `${bare ?? braced ?? ''}=`
          const pair = env.findLast((one) => one.startsWith(name))
          return pair?.slice(name.length) ?? or ?? ''
        },
      )
    : text
