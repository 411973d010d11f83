import { addressOf } from '../model/address.js'
import type { JobsOfPipeline, Placed } from '../model/declared-access.js'
import { buildSources, isNamed } from '../model/gate.js'
import { jsonText, unseen } from '../model/json-text.js'
import type { Wanted } from '../model/wanted.js'
import { isCode } from './policy.js'

/** Something that a gate refused, and the key under which it could be let in. */
export interface Refused {
  readonly pipeline: string
  readonly key: string
  readonly value: string
}

/** Lines of YAML that would let in what was refused, and what there are none for. */
export interface Suggestion {
  /** None where there is nothing to suggest. */
  readonly lines: readonly string[]
  readonly left: readonly (Refused & { readonly why: string })[]
}

const slug = /^[a-z0-9]([a-z0-9-]{0,98}[a-z0-9])?$/

/** Lists that add to what is said elsewhere; all others stand for themselves. */
const adding: readonly string[] = ['environment', 'plugins']

/** Why something is never let in by a line that a program made: jobs decide what their refusals say. */
const whyNot = ({ pipeline, key, value }: Refused, wanted: Wanted | undefined): string | undefined => {
  if (!slug.test(pipeline)) return 'its pipeline has a name that no pipeline has'
  const declared = wanted?.wants.some(({ address }) => address === addressOf('pipeline', pipeline))
  if (declared === false) return 'no file declares its pipeline'
  if (value.endsWith('...') && value.length > 160) return 'the gate cut it short'
  if (value.replaceAll(unseen, '') !== value || value.includes('\ufffd'))
    return 'it has characters that nobody can see'
  const isSlug = slug.test(value)
  switch (key) {
    case 'branches':
    case 'tags':
      if (/^!|\*/.test(value)) return 'as a pattern it would name more than itself'
      return value === '' || /\s/.test(value) || value.length > 255
        ? 'it is no name of a branch or tag'
        : undefined
    case 'sources':
      return buildSources.some((one) => one === value) ? undefined : 'no file can allow it'
    case 'triggered_by':
      if (!isSlug) return 'no pipeline has such a name'
      return wanted?.wants.some(({ address }) => address === addressOf('pipeline', value)) === false
        ? 'no file declares the pipeline that starts it'
        : undefined
    case 'environment':
      if (!/^[A-Za-z_][A-Za-z0-9_]{0,254}$/.test(value)) return 'it is no name of a variable'
      return isCode(value) ? 'it decides what runs, or where it comes from' : undefined
    case 'plugins':
      return /^[\w.-]+(\/[\w.-]+)*#[0-9a-f]{40}$/.test(value) ? undefined : 'it is not pinned to a commit'
    case 'pull_requests':
      return value === 'own' ? undefined : 'forks are for a person to let in'
    default:
      return 'no file has such a key'
  }
}

/** What is there already beside which something new is written: a list that is written anew holds it, too. */
const alreadyIn = (wanted: Wanted | undefined, pipeline: string, key: string): readonly string[] => {
  const said = wanted?.access.jobs.find((one) => one.pipeline === addressOf('pipeline', pipeline))
  const own = said && writtenIn(said, key)
  if (own !== undefined) return own.map(({ value }) => value)
  if (adding.includes(key)) return []
  const policies = wanted?.wants.filter(({ kind }) => kind === 'gate-policy') ?? []
  return policies.flatMap(({ spec }) => {
    const allowed = (spec['pipelines'] as Readonly<Record<string, Readonly<Record<string, unknown>>>>)[
      pipeline
    ]
    const list = allowed?.[key]
    return Array.isArray(list) ? (list as string[]) : []
  })
}

const isIn = (there: readonly string[], { key, value }: Refused): boolean =>
  key === 'branches' || key === 'tags' ? isNamed(there, value) : there.includes(value)

const writtenIn = (said: JobsOfPipeline, key: string): readonly Placed<string>[] | undefined => {
  switch (key) {
    case 'branches':
      return said.branches
    case 'tags':
      return said.tags
    case 'sources':
      return said.sources
    case 'triggered_by':
      return said.triggeredBy
    case 'environment':
      return said.environment
    case 'plugins':
      return said.plugins
    default:
      return undefined
  }
}

/** Text as YAML has it: in quotes, unless it can be nothing else than itself. */
const scalar = (text: string): string =>
  /^[A-Za-z][\w./-]*$/.test(text) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(text)
    ? text
    : jsonText(text)

/**
 * The lines that would let in what was refused, pipeline by pipeline. With the files at hand what they allow already is
 * among them, since a list that is written takes the place of one that follows from the rest.
 */
export const suggest = (refused: readonly Refused[], wanted: Wanted | undefined): Suggestion => {
  const left: (Refused & { readonly why: string })[] = []
  const more = new Map<string, Map<string, Set<string>>>()
  for (const one of refused) {
    const why = whyNot(one, wanted)
    if (why !== undefined) {
      left.push({ ...one, why })
      continue
    }
    const there = alreadyIn(wanted, one.pipeline, one.key)
    if (isIn(there, one)) {
      left.push({ ...one, why: 'the files let it in by now' })
      continue
    }
    const keys = more.get(one.pipeline) ?? new Map<string, Set<string>>()
    more.set(one.pipeline, keys)
    const values = keys.get(one.key) ?? new Set(there)
    keys.set(one.key, values.add(one.value))
  }
  const lines = [...more]
    .sort(byName)
    .flatMap(([pipeline, keys]) => [
      `  ${scalar(pipeline)}:`,
      '    hook:',
      ...[...keys].sort(byName).map(([key, values]) => `      ${key}: ${written(key, values, wanted)}`),
    ])
  return { lines: lines.length === 0 ? [] : ['pipelines:', ...lines], left }
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) =>
  a < b ? -1 : a > b ? 1 : 0

const written = (key: string, values: ReadonlySet<string>, wanted: Wanted | undefined): string => {
  const all = [...values].map(scalar)
  if (key === 'pull_requests') return all.join('')
  return `[${all.join(', ')}]${wanted === undefined ? ' # beside those that are there' : ''}`
}
