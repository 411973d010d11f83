import { kinds as everyKind, type AnyKind, type Dependency } from '../kinds/index.js'
import { addressOf, keyIn, kindOf, namesIn, type Address } from '../model/address.js'
import { codes } from '../model/codes.js'
import type { Finding } from '../model/finding.js'
import type { Span } from '../model/span.js'
import type { Wanted } from '../model/wanted.js'
import { nearest } from './nearest.js'

/** A name that a declared thing gives of another. */
export interface Reference {
  readonly from: Address
  readonly field: string
  readonly address: Address
  readonly where: Span
  /** Who names it, in words, where that is no thing: `the allow of cluster "production"`. */
  readonly by?: string
  /** The name that was most likely meant, as one would write it there. */
  readonly nearest?: string
}

/**
 * The names that no file declares although it could, each once. They may well be there: only Buildkite can tell. People
 * are not among them, since nobody declares people.
 */
export const undeclaredReferences = (wanted: Wanted, kinds: readonly AnyKind[] = everyKind): Reference[] => {
  const seen = new Set<Address>()
  const names = new Set(kinds.map(({ name }) => name))
  const first = references(wanted, kinds, new Set()).filter(
    ({ address }) => names.has(kindOf(address)) && !seen.has(address) && seen.add(address),
  )
  return withNearest(first, wanted, new Set())
}

/** How many things of each kind are declared, by plural name. What there is none of is not there. */
export const declaredCounts = (
  wanted: Wanted,
  kinds: readonly AnyKind[] = everyKind,
): Readonly<Record<string, number>> => {
  const count = (name: string) => wanted.wants.filter(({ kind }) => kind === name).length
  const counts = kinds.map(({ name, plural }) => [plural, count(name)] as const)
  return Object.fromEntries(counts.filter(([, declared]) => declared > 0))
}

/**
 * The names of things that are neither declared nor there.
 *
 * @param present the addresses of all that Buildkite has, of every kind that a thing can name
 */
export const unknownReferences = (
  wanted: Wanted,
  present: ReadonlySet<Address>,
  kinds: readonly AnyKind[] = everyKind,
): Finding[] => {
  const names = new Set(kinds.map(({ name }) => name))
  return withNearest(references(wanted, kinds, present), wanted, present).map((one) =>
    unknown(one, names.has(kindOf(one.address))),
  )
}

/**
 * People whom the files trust or allow, and who are not there. What is expected of somebody says so itself.
 *
 * @param present  the addresses of everybody in the organization
 */
export const unknownPeople = (wanted: Wanted, present: ReadonlySet<Address>): Finding[] => {
  const missing = people(wanted).filter(({ field, address }) => field !== 'expect' && !present.has(address))
  return withNearest(missing, wanted, present).map((one) => unknown(one, false))
}

/** Only what a file can declare can be missing from the files. */
const unknown = ({ from, by, address, where, nearest: meant }: Reference, isDeclarable: boolean): Finding => {
  const what = spoken(address)
  const nowhere = isDeclarable ? 'which is neither declared nor there' : 'which is not there'
  const instead = isDeclarable
    ? `declare ${meant === undefined ? `the ${kindOf(address)}` : what}`
    : `see that ${what} is there first: bridle makes none`
  return {
    code: 'unknown-reference',
    severity: 'error',
    what: `${by ?? spoken(from)} names ${what}, ${nowhere}`,
    where: [where],
    label: meant === undefined ? 'unknown' : `did you mean ${meant}?`,
    why: codes['unknown-reference'].why,
    fix: `${meant === undefined ? 'correct the name' : `write "${meant}"`}, or ${instead}`,
  }
}

/** Names that are neither declared nor present, in the order of files and lines; a default that many inherit is one place. */
const references = (
  wanted: Wanted,
  kinds: readonly AnyKind[],
  present: ReadonlySet<Address>,
): Reference[] => {
  const declared = new Set(wanted.wants.map(({ address }) => address))
  const kindNamed = new Map(kinds.map((kind) => [kind.name, kind]))
  const found = new Map<string, Reference>()
  const named = wanted.wants.flatMap(({ kind, address: from, spec, spans, at }): Reference[] =>
    namedBy(kindNamed.get(kind), spec).map(({ address, field }) => ({
      from,
      field,
      address,
      where: spans[field] ?? at,
    })),
  )
  for (const reference of [...named, ...people(wanted)]) {
    const { address, where } = reference
    if (declared.has(address) || present.has(address)) continue
    const id = `${where.file}\0${where.line}\0${where.column}\0${address}`
    if (!found.has(id)) found.set(id, reference)
  }
  return [...found.values()].sort(
    ({ where: a }, { where: b }) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
  )
}

/** All that one names: what it needs, and what it only speaks of. */
const namedBy = (
  kind: AnyKind | undefined,
  spec: unknown,
): readonly Dependency<Record<string, unknown>>[] => [
  ...(kind?.dependencies(spec) ?? []),
  ...(kind?.mentions?.(spec) ?? []),
]

/** The people whom the files name where they say who may reach what. */
const people = ({ access: { allow, trust, expect } }: Wanted): Reference[] => {
  const user = (email: string) => addressOf('user', email)
  return [
    ...allow.flatMap(({ on, users }) =>
      users.map(({ value, at }) => ({
        from: on,
        field: 'allow',
        by: `the allow of ${spoken(on)}`,
        address: user(value),
        where: at,
      })),
    ),
    ...[...trust.admins, ...(trust.automation ? [trust.automation] : [])].map(({ value, at }) => ({
      from: addressOf('trust', value),
      field: 'trust',
      by: '`trust`',
      address: user(value),
      where: at,
    })),
    ...expect.flatMap(({ who, on, at }) =>
      who.startsWith('user:')
        ? [{ from: on, field: 'expect', by: 'an expectation', address: user(who.slice(5)), where: at }]
        : [],
    ),
  ]
}

/** More comparisons than this would be felt, and so many unknown names are no typing mistakes. */
const mostComparisons = 1_000_000

const withNearest = (
  found: readonly Reference[],
  wanted: Wanted,
  present: ReadonlySet<Address>,
): Reference[] => {
  const known = new Map<string, string[]>()
  for (const address of new Set([...wanted.wants.map(({ address }) => address), ...present])) {
    const { family, name } = parted(address)
    const names = known.get(family) ?? []
    if (names.push(name) === 1) known.set(family, names)
  }
  return found.map((reference) => {
    const { family, name, domain } = parted(reference.address)
    const names = known.get(family) ?? []
    if (names.length * found.length > mostComparisons) return reference
    const meant = nearest(name, names)
    return meant === undefined ? reference : { ...reference, nearest: `${meant}${domain}` }
  })
}

/**
 * A name, and what it is one of: the queues of one cluster, all teams. People are compared within a domain, by what
 * stands before it: a long domain would make everybody there look alike.
 */
const parted = (address: Address) => {
  const names = namesIn(keyIn(address))
  const last = names.at(-1) ?? ''
  const at = kindOf(address) === 'user' ? last.lastIndexOf('@') : -1
  const [name, domain] = at === -1 ? [last, ''] : [last.slice(0, at), last.slice(at)]
  return { family: addressOf(kindOf(address), ...names.slice(0, -1), domain), name, domain }
}

const spoken = (address: Address) => `${kindOf(address)} "${namesIn(keyIn(address)).join('/')}"`
