import type * as z from 'zod'
import type { AnyKind } from '../kinds/kind.js'
import { addressOf } from '../model/address.js'
import { coverOf, type Want } from '../model/wanted.js'
import type { AsideAt } from './access/read.js'
import { withFileDefaults } from './defaults.js'
import { nameProblem } from './name.js'
import type { NamedFiles } from './named-files.js'
import { entriesOf, isNull, textOf, valuePlace, withEntries, type Entry, type Node } from './node.js'
import { isPlural } from './outline.js'
import { policyProblems, withDocuments } from './policies.js'
import type { Part } from './parts.js'
import { dotted, quoted, type Problem } from './problem.js'
import { checked } from './shape.js'
import { spanOf, type Place } from './source.js'
import { under, type Standing, type Under } from './standing.js'

/** A want, with places for findings about it. */
export interface Made {
  readonly kind: AnyKind
  readonly want: Want
  readonly key: Place
  /** Of each field of the spec. */
  readonly fields: Readonly<Record<string, Place>>
  readonly was?: Place
}

/** What things come to when they are complete. */
export interface Completed {
  readonly made: Made[]
  readonly covers: string[]
  readonly problems: Problem[]
  /** What is written beside the keys of kinds. */
  readonly asides: AsideAt[]
}

/** Turns a thing that has inherited all it can into a want, and what stands under it into wants of their own. */
export const complete = (thing: Standing, part: Part, named: NamedFiles, into: Completed): void => {
  const { kind, branch, names, path, key, node } = thing
  const wrongName = isPlural(kind) ? nameProblem(names.at(-1) ?? '', key) : undefined
  if (wrongName) into.problems.push(wrongName)

  const inside = under(branch, entriesOf(node), thing)
  const { own, problems } = withFiles(kind, ownKeys(thing), path, named)
  const { data, problems: wrong } = checked(kind.written as z.ZodType, {
    node: own,
    key,
    path,
  })
  into.problems.push(...problems, ...wrong, ...inside.empty.map(nothingAt))

  const unfit = policyProblems(kind, own)
  into.problems.push(...unfit)

  const made = data === undefined || wrongName || unfit.length > 0 ? undefined : make(thing, own, data)
  if (made) into.made.push(made, ...beside(made, names, data))
  if (!wrongName) into.asides.push(...asidesOf(thing))
  if (made) into.covers.push(...inside.maps.map(({ plural }) => coverOf(made.want.address, plural)))
  for (const child of inside.things)
    complete(
      { ...child, node: withFileDefaults(child.kind, child.branch, child.node, part) },
      part,
      named,
      into,
    )
}

/** What is declared by a key of the thing: it stands where the thing does. */
const beside = ({ kind, key, want }: Made, names: readonly string[], data: unknown): Made[] =>
  (kind.also?.(data, names) ?? []).map(({ kind, names, written }): Made => {
    const spec = writtenOnly(kind.spec(names, written) as Record<string, unknown>)
    const ownKey = kind.key(spec)
    const fields = mapValues(spec, () => key)
    return {
      kind,
      key,
      fields,
      want: {
        kind: kind.name,
        key: ownKey,
        address: `${kind.name}:${ownKey}`,
        spec,
        at: want.at,
        spans: mapValues(fields, () => want.at),
      },
    }
  })

const nothingAt = ({ path, key, isMap }: Under['empty'][number]): Problem => ({
  code: 'empty-entry',
  at: key,
  about: path.at(-1) ?? '',
  words: () => ({
    what: `${dotted(path)} is empty, and nothing is inherited that this could take away`,
    label: 'nothing here',
    fix: isMap ? 'write {} for "none", or take the line out' : 'write what it is, or take the line out',
  }),
})

/** What is written beside the thing's own keys, inherited or not. */
const asidesOf = ({ kind, branch, names, node }: Standing): AsideAt[] =>
  [...branch.named].flatMap(([name, { aside }]) => {
    const entry = entriesOf(node).get(name)
    return aside && entry && !isNull(entry.value)
      ? [{ of: addressOf(kind.name, ...names), name, ...entry }]
      : []
  })

/** What is written of the thing itself. */
const ownKeys = ({ kind, branch, node }: Standing): Node => {
  if (node.is !== 'map') return node
  const isOwn = (name: string) => !branch.named.has(name) && !(kind.renames === true && name === 'was')
  return withEntries(node, new Map([...node.entries].filter(([name]) => isOwn(name))))
}

/** The same, with the texts of the files that it names in their place. */
const withFiles = (kind: AnyKind, node: Node, path: readonly string[], named: NamedFiles) => {
  if (kind.files === undefined || node.is !== 'map') return { own: node, problems: [] }
  const deep = withDocuments(kind, node, named)
  const problems: Problem[] = [...deep.problems]
  const entries = new Map<string, Entry>(entriesOf(deep.own))
  for (const [fileKey, textKey] of Object.entries(kind.files)) {
    const entry = entries.get(fileKey)
    const file = textOf(entry?.value)
    if (entry === undefined || file === undefined) continue
    const written = entries.get(textKey)
    if (written && !isNull(written.value))
      problems.push(bothWritten(fileKey, entry.key, textKey, written.key, path))
    const answer = named.text(file, entry.value.at)
    entries.delete(fileKey)
    if ('text' in answer)
      entries.set(textKey, {
        key: entry.key,
        value: { is: 'scalar', at: entry.value.at, value: answer.text },
      })
    else {
      problems.push(answer.problem)
      entries.set(textKey, { key: entry.key, value: { is: 'unknown', at: entry.value.at } })
    }
  }
  return { own: withEntries(node, entries), problems }
}

const bothWritten = (
  file: string,
  at: Place,
  text: string,
  also: Place,
  path: readonly string[],
): Problem => ({
  code: 'both-written',
  at,
  also: [also],
  words: () => ({
    what: `${dotted(path)} has both ${quoted(text)} and ${quoted(file)}`,
    fix: 'keep one of the two',
  }),
})

const make = ({ kind, names, key, node }: Standing, own: Node, data: unknown): Made => {
  const spec = writtenOnly(kind.spec(names, data) as Record<string, unknown>)
  const fields = placesOf(spec, own, key)
  const ownKey = kind.key(spec)
  const was = entriesOf(node).get('was')
  const old = kind.renames === true ? textOf(was?.value) : undefined
  const want: Want = {
    kind: kind.name,
    key: ownKey,
    address: `${kind.name}:${ownKey}`,
    spec,
    ...(old !== undefined && { was: kind.key(kind.spec([...names.slice(0, -1), old], data)) }),
    at: spanOf(key),
    spans: mapValues(fields, spanOf),
  }
  return { kind, want, key, fields, ...(old !== undefined && was && { was: was.value.at }) }
}

const writtenOnly = (spec: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined))

/** A field that is not written itself follows from a name, so it stands where the name does. */
const placesOf = (spec: Record<string, unknown>, own: Node, key: Place): Record<string, Place> => {
  const entries = entriesOf(own)
  return mapValues(spec, (_value, field) => {
    const entry = entries.get(field)
    return entry ? valuePlace({ node: entry.value, key: entry.key }) : key
  })
}

const mapValues = <From, To>(
  record: Readonly<Record<string, From>>,
  to: (value: From, key: string) => To,
): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value, key)]))
