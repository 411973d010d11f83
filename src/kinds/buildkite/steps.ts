import { parse } from 'yaml'

/** What can be told about who decides what steps run, from their text. Undefined is "could be, nobody can tell". */
export interface StepsTell {
  /** True if they take further steps, or what they run, from the repository. */
  readonly uploads: boolean | undefined
  /** Values that others write and Buildkite puts into the steps, or that commands read: `BUILDKITE_MESSAGE`, `meta-data`. */
  readonly inputs: readonly string[] | undefined
  /** Code of others by a reference that can move: `plugin docker#v5.0.0`, `image node:22`. */
  readonly movable: readonly string[] | undefined
  /** Teams, by slug or id, that a block or input step lets through: they start what comes after it. */
  readonly unblockers: readonly string[] | undefined
}

/**
 * Reads steps as far as they can be told without running them. What they upload is not among it.
 *
 * @param yaml  undefined where the text could not be read
 */
export const tellOf = (yaml: string | undefined): StepsTell => {
  if (yaml === undefined)
    return { uploads: undefined, inputs: undefined, movable: undefined, unblockers: undefined }
  const known = told.get(yaml)
  if (known !== undefined) return known
  const tell = readSteps(yaml)
  if (told.size >= mostTold) told.clear()
  told.set(yaml, tell)
  return tell
}

/** Pipelines by the thousand have the same few texts, and parsing is what costs. */
const told = new Map<string, StepsTell>()
const mostTold = 10_000

const readSteps = (yaml: string): StepsTell => {
  const uploads = /\bpipeline\s+upload\b/.test(yaml)
  const inputs = inputsIn(yaml)
  // Only these words, or an escape that spells them, can lead to anything more, so most texts are never parsed.
  if (!/plugins|image|allowed_teams|\\[uUx]/.test(yaml))
    return { uploads, inputs, movable: [], unblockers: [] }
  const steps = parsed(yaml)
  return steps === undefined
    ? { uploads, inputs, movable: undefined, unblockers: undefined }
    : { uploads, inputs, movable: movableIn(steps), unblockers: unblockersIn(steps) }
}

/**
 * Environment that somebody other than an editor of the pipeline writes: a pusher, who opens a pull request, who starts
 * or unblocks a build. `$$NAME` is left to the shell, where it is a value and not a piece of program.
 *
 * @source access model §3.6, R20
 */
const foreign =
  /(?<![$\\])\$\{?(BUILDKITE_(?:BRANCH|TAG|MESSAGE|COMMIT|REPO|PULL_REQUEST\w*|MERGE_QUEUE\w*|BUILD_(?:AUTHOR|CREATOR)\w*|UNBLOCKER\w*|TRIGGERED_FROM_BUILD_PIPELINE_SLUG))\b/g

const inputsIn = (yaml: string): string[] => {
  const names = [...yaml.matchAll(foreign)].flatMap(([, name]) => name ?? [])
  if (/\bmeta-data\s+get\b/.test(yaml)) names.push('meta-data')
  return [...new Set(names)].sort()
}

const parsed = (yaml: string): unknown => {
  try {
    const steps: unknown = parse(yaml, { uniqueKeys: false, merge: true, logLevel: 'error' })
    return isMap(steps) || Array.isArray(steps) ? steps : undefined
  } catch {
    return undefined
  }
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every map in the steps, with the key that leads to it; each once, however many aliases do. */
const mapsIn = (
  steps: unknown,
): { readonly under: string; readonly map: Readonly<Record<string, unknown>> }[] => {
  const maps: { under: string; map: Readonly<Record<string, unknown>> }[] = []
  const seen = new Set<unknown>()
  const waiting: { under: string; value: unknown }[] = [{ under: '', value: steps }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { under, value } = next
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    if (isMap(value)) maps.push({ under, map: value })
    for (const [key, inner] of Object.entries(value))
      waiting.push({ under: isMap(value) ? key : under, value: inner })
  }
  return maps
}

const movableIn = (steps: unknown): string[] => {
  const found = new Set<string>()
  for (const { under, map } of mapsIn(steps)) {
    for (const plugin of pluginsIn(map['plugins']))
      if (movesAsPlugin(plugin)) found.add(`plugin ${unsigned(plugin)}`)
    const { image } = map
    // Under `agents` it is the name of an image that the cluster keeps.
    if (typeof image === 'string' && under !== 'agents' && !/@sha256:[0-9a-f]{64}$/.test(image))
      found.add(`image ${unsigned(image)}`)
  }
  return [...found].sort()
}

/** A reference without what signs it in: a name and password before its host, or a query. The version after them stays. */
const unsigned = (reference: string) =>
  reference.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/?#]*@(?=[^/?#]*\/)/i, '$1').replace(/\?[^#]*/, '')

/** A list of references, each by itself or as the key of its settings; or one map of them. */
const pluginsIn = (plugins: unknown): string[] =>
  Array.isArray(plugins)
    ? plugins.flatMap((plugin) => (typeof plugin === 'string' ? plugin : pluginsIn(plugin)))
    : isMap(plugins)
      ? Object.keys(plugins)
      : []

/** A plugin moves unless it names a whole commit; one by a path is the repository's own, or the host's. */
const movesAsPlugin = (plugin: string) => !/^(?:\.|\/|file:)/.test(plugin) && !/#[0-9a-f]{40}$/.test(plugin)

const unblockersIn = (steps: unknown): string[] => {
  const found = new Set<string>()
  for (const { map } of mapsIn(steps)) {
    const { allowed_teams: teams } = map
    for (const team of Array.isArray(teams) ? (teams as unknown[]) : [teams])
      if (typeof team === 'string') found.add(team)
  }
  return [...found].sort()
}
