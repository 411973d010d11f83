import * as z from 'zod'
import { unwrapped } from './lenient.js'
import { nearest } from './nearest.js'
import { find, isNull, plain, valuePlace, type Found, type Node } from './node.js'
import { promiseAt, promiseOfPlural } from './not-built.js'
import { dotted, listed, quoted, type Problem, type Words } from './problem.js'
import type { Place } from './source.js'

/** A value to hold against a schema. */
export interface Subject {
  readonly node: Node
  /** The key that leads to it. */
  readonly key: Place
  /** Where it stands, in the words of the file: `['clusters', 'production']`. */
  readonly path: readonly PropertyKey[]
  /** The same place as the kinds name it: what is under `defaults.queues` stands where a queue's own keys do. */
  canonical(path: readonly PropertyKey[]): readonly PropertyKey[]
}

/** A value that has the shape it should have, or what is wrong with it, each where it is written. */
export const checked = (
  schema: z.ZodType,
  subject: Subject,
): { data?: unknown; problems: readonly Problem[] } => {
  const result = schema.safeParse(plain(subject.node), { error: () => ours, jitless: true })
  if (result.success) return { data: result.data, problems: [] }
  return { problems: result.error.issues.flatMap((issue) => problemsOf(issue, [], { schema, subject })) }
}

/** Stands for "no message of the schema's own". */
const ours = 'bridle'

type Issue = z.core.$ZodIssue
interface Context {
  readonly schema: z.ZodType
  readonly subject: Subject
}

const problemsOf = (issue: Issue, above: readonly PropertyKey[], context: Context): Problem[] => {
  const path = [...above, ...issue.path]
  if (issue.code === 'unrecognized_keys') return issue.keys.flatMap((key) => unknownKey(path, key, context))
  if (issue.code === 'invalid_union') {
    const branch = bestBranch(issue.errors)
    if (branch) return branch.flatMap((inner) => problemsOf(inner, path, context))
  }
  const { subject } = context
  const found = find(subject.node, path, subject.key)
  if (found.node?.is === 'unknown') return []
  const here = [...subject.path, ...path]
  const about = String(here.at(-1) ?? '')
  if (found.node === undefined)
    return [{ code: 'missing-key', at: found.key, about, words: () => missing(here) }]
  const at = valuePlace(found)
  const { node } = found
  if (isNull(node)) return [{ code: 'empty-entry', at, about, words: () => empty(here, expectedBy(issue)) }]
  if (issue.code === 'invalid_value') {
    const promise =
      here[0] === 'include' && node.is === 'scalar' ? promiseAt([String(node.value)]) : undefined
    if (promise !== undefined)
      return [{ code: 'not-built-yet', at, about, words: () => notBuilt(String(plain(node)), promise) }]
  }
  const own = issue.message === ours ? undefined : issue.message
  const isType = (issue.code === 'invalid_type' || issue.code === 'invalid_union') && own === undefined
  return [
    {
      code: isType ? 'wrong-type' : 'wrong-value',
      at,
      about,
      words: () => (isType ? wrongType(here, expectedBy(issue), found) : wrongValue(here, issue, own, node)),
    },
  ]
}

/** Of a union, the branch that was most likely meant: one in which the value's own type is right, with the least wrong. */
const bestBranch = (branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined =>
  branches
    .filter((issues) => issues.every(({ path, code }) => path.length > 0 || code !== 'invalid_type'))
    .sort((a, b) => a.length - b.length)[0]

const unknownKey = (path: readonly PropertyKey[], key: string, { schema, subject }: Context): Problem[] => {
  const { key: at } = find(subject.node, [...path, key], subject.key)
  const place = subject.canonical([...subject.path, ...path, key])
  const promise =
    promiseAt(place) ?? (place.length === 2 && isByPlural(place[0]) ? promiseOfPlural(key) : undefined)
  if (promise !== undefined)
    return [{ code: 'not-built-yet', at, about: key, words: () => notBuilt(key, promise) }]
  return [
    {
      code: 'unknown-key',
      at,
      about: key,
      words: () => {
        const keys = keysAt(schema, path)
        const meant = nearest(key, keys)
        const known = listed(keys)
        return {
          what: `${dotted([...subject.path, ...path])} can't have a key ${quoted(key)}`,
          ...(known === undefined ? {} : { label: `not one of: ${known}` }),
          fix: meant === undefined ? 'take the line out' : `write ${quoted(meant)}, or take the line out`,
        }
      },
    },
  ]
}

const isByPlural = (section: PropertyKey | undefined) =>
  section === 'defaults' || section === 'manage' || section === 'ignore'

/** The keys that a schema knows at a path. */
const keysAt = (schema: z.ZodType, path: readonly PropertyKey[]): string[] => {
  let here: z.ZodType | undefined = unwrapped(schema)
  for (const step of path) {
    if (here instanceof z.ZodObject)
      here =
        (here.shape as Record<string, z.ZodType>)[String(step)] ??
        (here.def.catchall as z.ZodType | undefined)
    else if (here instanceof z.ZodArray) here = here.element as z.ZodType
    else return []
    here &&= unwrapped(here)
  }
  return here instanceof z.ZodObject ? Object.keys(here.shape).sort() : []
}

const notBuilt = (key: string, promise: string): Words => ({
  what: `bridle does not know ${quoted(key)} yet`,
  label: 'not built yet',
  why: `it would promise ${promise}; passed over, it would look like a promise kept`,
  fix: 'take it out, and hold by hand what it should hold',
})

const missing = (path: readonly PropertyKey[]): Words => {
  const key = String(path.at(-1) ?? '')
  return {
    what: `${dotted(path.slice(0, -1))} has no ${quoted(key)}`,
    fix: `write ${quoted(key)} and its value`,
  }
}

const empty = (path: readonly PropertyKey[], expected: readonly string[]): Words => ({
  what: `${dotted(path)} is empty, and nothing is inherited that this could take away`,
  label: 'nothing here',
  fix: expected.includes('a map')
    ? 'write {} for "none" or "as it comes", or take the line out'
    : 'write a value, or take the line out',
})

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
  null: 'null',
}

const expectedBy = (issue: Issue): string[] => {
  if (issue.code === 'invalid_type') return [typeNames[issue.expected] ?? issue.expected]
  if (issue.code === 'invalid_union')
    return [
      ...new Set(issue.errors.flat().flatMap((inner) => (inner.path.length === 0 ? expectedBy(inner) : []))),
    ]
  if (issue.code === 'invalid_value') return issue.values.map((value) => `"${String(value)}"`)
  return []
}

const wrongType = (path: readonly PropertyKey[], expected: readonly string[], { node }: Found): Words => {
  const wanted = expected.join(' or ') || 'another value'
  return {
    what: `${dotted(path)} must be ${wanted}, not ${node ? typeName(node, wanted) : 'nothing'}`,
    label: `not ${wanted}`,
    fix: (node && castFix(node, expected)) ?? `write ${wanted}`,
  }
}

const typeName = (node: Node, wanted: string): string => {
  if (typeof plain(node) === 'number' && wanted === typeNames['int']) return 'a fraction'
  if (node.is === 'scalar')
    return node.value === null ? 'nothing' : (typeNames[typeof node.value] ?? 'a value')
  return node.is === 'map' ? 'a map' : 'a list'
}

const truths: Readonly<Record<string, boolean>> = {
  yes: true,
  on: true,
  y: true,
  no: false,
  off: false,
  n: false,
}

const castFix = (node: Node, expected: readonly string[]): string | undefined => {
  if (node.is !== 'scalar' || node.value === null) return undefined
  const written = node.at.source.text.slice(node.at.start, Math.min(node.at.end, node.at.start + 60))
  if (typeof node.value !== 'string')
    return expected.includes('text') ? `put it in quotes: "${written}"` : undefined
  const truth = truths[node.value.toLowerCase()]
  if (expected.includes('true or false') && truth !== undefined) return `write ${String(truth)}`
  if (expected.includes('a list')) return `write a list: [${written}]`
  return undefined
}

const wrongValue = (
  path: readonly PropertyKey[],
  issue: Issue,
  own: string | undefined,
  node: Node,
): Words => {
  const value = node.is === 'scalar' ? shownScalar(node.value) : undefined
  const rule = own ?? bound(issue)
  const cannot = value === undefined ? '' : ` can't be ${value}`
  if (own !== undefined)
    return {
      what: `${dotted(path)}${cannot}: ${own}`,
      label: 'not valid here',
      fix: isNever(issue) ? 'take the line out' : 'write it so that this holds',
    }
  if (issue.code !== 'invalid_value')
    return {
      what: `${dotted(path)}${cannot || ` ${rule}`}`,
      label: rule,
      fix: `write a value ${rule.replace('must have', 'with').replace('must be', 'that is')}`,
    }
  const values = issue.values.map(String)
  const meant = value === undefined ? undefined : nearest(String(plain(node)), values)
  const known = listed(values)
  return {
    what: `${dotted(path)}${cannot || ' is none of the values that are valid'}`,
    ...(known === undefined ? {} : { label: `not one of: ${known}` }),
    fix:
      meant === undefined
        ? `write one of${known ? `: ${known}` : ' the values that are valid'}`
        : `write ${quoted(meant)}`,
  }
}

const isNever = (issue: Issue) => issue.code === 'invalid_type' && issue.expected === 'never'

const shownScalar = (value: null | boolean | number | string) =>
  typeof value === 'string' ? quoted(value) : String(value)

const units: Readonly<Record<string, string>> = {
  string: 'character',
  array: 'item',
  map: 'key',
  object: 'key',
}

/** What a value must do, as the end of a sentence. */
const bound = (issue: Issue): string => {
  if (issue.code === 'too_small' || issue.code === 'too_big') {
    const [loose, tight] = issue.code === 'too_small' ? ['at least', 'more than'] : ['at most', 'less than']
    const limit = Number(issue.code === 'too_small' ? issue.minimum : issue.maximum)
    const unit = units[issue.origin]
    const rule = `must ${unit === undefined ? 'be' : 'have'} ${issue.inclusive === false ? tight : loose} ${limit}`
    return unit === undefined ? rule : `${rule} ${unit}${limit === 1 ? '' : 's'}`
  }
  if (issue.code === 'invalid_format') return `must have the form of ${issue.pattern ?? issue.format}`
  return 'must be another one'
}
