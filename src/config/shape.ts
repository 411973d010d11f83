import * as z from 'zod'
import { unwrapped } from './lenient.js'
import { nearest } from './nearest.js'
import { find, isNull, plain, valuePlace, type Found, type Node } from './node.js'
import { dotted, listed, quoted, type Problem, type Words } from './problem.js'
import type { Place } from './source.js'

/** A value to hold against a schema. */
export interface Subject {
  readonly node: Node
  /** The key that leads to it. */
  readonly key: Place
  /** Where it stands, in the words of the file: `['clusters', 'production']`. */
  readonly path: readonly PropertyKey[]
}

/** A value that has the shape it should have, or what is wrong with it, each where it is written. */
export const checked = (
  schema: z.ZodType,
  subject: Subject,
): { data?: unknown; problems: readonly Problem[] } => {
  const result = schema.safeParse(plain(subject.node), { error: () => ours, jitless: true })
  if (result.success) return { data: result.data, problems: [] }
  return { problems: problemsIn(result.error.issues, [], { schema, at: [], subject }) }
}

/** Stands for "no message of the schema's own". */
const ours = 'bridle'

type Issue = z.core.$ZodIssue
interface Context {
  readonly schema: z.ZodType
  /** Where in the subject the schema begins: a form of several is a schema of its own. */
  readonly at: readonly PropertyKey[]
  readonly subject: Subject
}

/** A key that is missing because it was misspelt is told as the misspelt key. */
const problemsIn = (issues: readonly Issue[], above: readonly PropertyKey[], context: Context): Problem[] => {
  const { node, key } = context.subject
  const pathOf = (issue: Issue) => [...above, ...issue.path]
  const isMissing = (issue: Issue) =>
    issue.path.length > 0 && find(node, pathOf(issue), key).node === undefined
  if (!issues.some(isMissing)) return issues.flatMap((issue) => problemsOf(issue, above, context))
  const meant = new Set(
    issues.flatMap((issue) => {
      if (issue.code !== 'unrecognized_keys') return []
      const keys = keysAt(context, pathOf(issue))
      return issue.keys.map((name) => JSON.stringify([...pathOf(issue), nearest(name, keys)]))
    }),
  )
  return issues
    .filter((issue) => !isMissing(issue) || !meant.has(JSON.stringify(pathOf(issue))))
    .flatMap((issue) => problemsOf(issue, above, context))
}

const problemsOf = (issue: Issue, above: readonly PropertyKey[], context: Context): Problem[] => {
  const path = [...above, ...issue.path]
  if (issue.code === 'unrecognized_keys') return issue.keys.flatMap((key) => unknownKey(path, key, context))
  if (issue.code === 'invalid_union') {
    const told = toldOfForms(issue.errors, path, context)
    if (told) return told
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
  const own = issue.message === ours ? undefined : issue.message
  const isType = (issue.code === 'invalid_type' || issue.code === 'invalid_union') && own === undefined
  return [
    {
      code: isType ? 'wrong-type' : 'wrong-value',
      at,
      about,
      words: () =>
        isType
          ? wrongType(here, expectedBy(issue), found, formsAt(context, path))
          : wrongValue(here, issue, own, node),
    },
  ]
}

/**
 * What is wrong with a value that could have several forms, by the one that was most likely meant: of those in which the
 * value's own type is right, the one with the least wrong.
 */
const toldOfForms = (
  errors: readonly (readonly Issue[])[],
  path: readonly PropertyKey[],
  context: Context,
): Problem[] | undefined => {
  const union = schemaAt(context, path)
  const options = union instanceof z.ZodUnion ? (union.options as readonly z.ZodType[]) : []
  const forms = errors.flatMap((issues, index) => {
    if (issues.some(({ path, code }) => path.length === 0 && code === 'invalid_type')) return []
    const schema = options[index]
    const own = schema === undefined ? context : { ...context, schema, at: path }
    return [{ schema, problems: problemsIn(issues, path, own) }]
  })
  const best = [...forms].sort((a, b) => a.problems.length - b.problems.length)[0]
  if (best === undefined) return undefined
  const objects = forms.flatMap(({ schema }) => (schema instanceof z.ZodObject ? [schema] : []))
  const isNone = objects.length > 1 && objects.length === forms.length && !isLike(objects, path, context)
  return isNone ? [noneOf(objects, path, context)] : best.problems
}

/** Whether any key that is written is one of a form's, or nearly one. */
const isLike = (
  forms: readonly z.ZodObject[],
  path: readonly PropertyKey[],
  { subject }: Context,
): boolean => {
  const { node } = find(subject.node, path, subject.key)
  const keys = forms.flatMap(keysOf)
  return node?.is === 'map' && [...node.entries.keys()].some((key) => nearest(key, keys) !== undefined)
}

const noneOf = (
  forms: readonly z.ZodObject[],
  path: readonly PropertyKey[],
  { subject }: Context,
): Problem => {
  const { key, node } = find(subject.node, path, subject.key)
  const [first] = node?.is === 'map' ? [...node.entries.values()] : []
  return {
    code: first === undefined ? 'missing-key' : 'unknown-key',
    at: first?.key ?? key,
    about: String(path.at(-1) ?? ''),
    words: () => ({
      what: `${dotted([...subject.path, ...path])} has none of the keys that it could have`,
      fix: `write ${eachNeeds(forms)}`,
    }),
  }
}

const eachNeeds = (forms: readonly z.ZodObject[]) =>
  forms.map((form) => needed(form).map(quoted).join(' and ')).join(', or ')

/** The keys that a form can't do without. */
const needed = (form: z.ZodObject): string[] =>
  Object.entries(form.shape).flatMap(([key, schema]) => (schema instanceof z.ZodOptional ? [] : [key]))

const keysOf = (schema: z.ZodObject): string[] => Object.keys(schema.shape)

const unknownKey = (path: readonly PropertyKey[], key: string, context: Context): Problem[] => {
  const { subject } = context
  const { key: at } = find(subject.node, [...path, key], subject.key)
  return [
    {
      code: 'unknown-key',
      at,
      about: key,
      words: () => {
        const keys = keysAt(context, path)
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

/** What a path is held against, as far as it does not lead through one form of several. */
const schemaAt = ({ schema, at }: Context, path: readonly PropertyKey[]): z.ZodType | undefined => {
  let here: z.ZodType | undefined = unwrapped(schema)
  for (const step of path.slice(at.length)) {
    if (here instanceof z.ZodObject)
      here =
        (here.shape as Record<string, z.ZodType>)[String(step)] ??
        (here.def.catchall as z.ZodType | undefined)
    else if (here instanceof z.ZodArray) here = here.element as z.ZodType
    else if (here instanceof z.ZodRecord) here = here.valueType as z.ZodType
    else return undefined
    here &&= unwrapped(here)
  }
  return here
}

/** The keys that a schema knows at a path. */
const keysAt = (context: Context, path: readonly PropertyKey[]): string[] => {
  const here = schemaAt(context, path)
  if (!(here instanceof z.ZodUnion)) return here instanceof z.ZodObject ? keysOf(here).sort() : []
  // Of several forms, those that have all that they need.
  const { node } = find(context.subject.node, path, context.subject.key)
  const isWhole = (form: z.ZodObject) =>
    node?.is === 'map' && needed(form).every((key) => node.entries.has(key))
  return [...new Set(objectsIn(here).filter(isWhole).flatMap(keysOf))].sort()
}

/** Of what several forms are, those that are maps. */
const objectsIn = (union: z.ZodUnion): z.ZodObject[] =>
  (union.options as readonly z.ZodType[]).filter((form) => form instanceof z.ZodObject)

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

/** Where a value could be any of several maps, what those are. */
const formsAt = (context: Context, path: readonly PropertyKey[]): readonly z.ZodObject[] => {
  const here = schemaAt(context, path)
  return here instanceof z.ZodUnion && objectsIn(here).length === here.options.length ? objectsIn(here) : []
}

const wrongType = (
  path: readonly PropertyKey[],
  expected: readonly string[],
  { node }: Found,
  forms: readonly z.ZodObject[],
): Words => {
  const wanted = expected.join(' or ') || 'another value'
  return {
    what: `${dotted(path)} must be ${wanted}, not ${node ? typeName(node, wanted) : 'nothing'}`,
    label: `not ${wanted}`,
    fix:
      (node && castFix(node, expected)) ??
      `write ${wanted}${forms.length > 1 ? ` with ${eachNeeds(forms)}` : ''}`,
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
        ? values.length === 1
          ? `write ${values.join('')}, or take the line out`
          : `write one of${known ? `: ${known}` : ' the values that are valid'}`
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
