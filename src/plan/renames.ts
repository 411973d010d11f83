import { kinds } from '../kinds/index.js'
import type { AnyKind } from '../kinds/index.js'
import { addressOf, keyIn, kindOf, namesIn, type Address } from '../model/address.js'
import type { Finding } from '../model/finding.js'
import type { Fact } from '../model/grant.js'
import type { Live } from '../model/live.js'
import type { Want, Wanted } from '../model/wanted.js'
import { finding } from './finding.js'
import type { Survey } from './surveyed.js'

type Spec = Readonly<Record<string, unknown>>

/** What is there, told in the names that it will have. */
export interface Renamed {
  readonly live: ReadonlyMap<string, readonly Live<Spec>[]>
  /** The address that each renamed thing has now. */
  readonly was: ReadonlyMap<Address, Address>
  readonly findings: readonly Finding[]
}

/**
 * Applies every `was` to what is there, so that a renamed team keeps its members and a renamed cluster its queues:
 * the rest of planning compares like with like. A rename that has happened already is nothing any more.
 */
export const renamed = (wanted: Wanted, { live }: Survey): Renamed => {
  const now = new Map<Address, Address>()
  const was = new Map<Address, Address>()
  const findings: Finding[] = []
  const there = new Set<Address>()
  for (const [kind, found] of live) for (const { key } of found) there.add(`${kind}:${key}`)

  for (const want of wanted.wants) {
    if (want.was === undefined) continue
    const old: Address = `${want.kind}:${want.was}`
    if (!there.has(old)) {
      if (!there.has(want.address)) findings.push(ofNothing(want, old))
      continue
    }
    if (there.has(want.address)) {
      findings.push(
        finding('rename-taken', want, 'was', {
          what: `${old} can't become ${want.address}: both are there`,
          why: 'a rename would have to merge the two, and bridle merges nothing silently',
          fix: 'take `was` out, and declare or remove the old one by itself',
        }),
      )
      continue
    }
    now.set(old, want.address)
    was.set(want.address, old)
  }
  if (now.size === 0) return { live: live as Renamed['live'], was, findings }

  const byName = new Map(kinds.map((kind) => [kind.name, kind]))
  const told = [...live].map(([name, found]) => {
    const kind = byName.get(name)
    return [
      name,
      kind === undefined
        ? found.map((one) => retoldThing(one as Live<Spec>, now))
        : found.map((one) => retold(kind, one as Live<Spec>, now)),
    ] as const
  })
  return { live: new Map(told), was, findings }
}

const ofNothing = (want: Want, old: Address): Finding => ({
  ...finding('rename-of-nothing', want, 'was', {
    what: `nothing is called ${old}, so ${want.address} would be new`,
    why: 'a slip in `was` makes a new thing and leaves the old one behind',
    fix: 'correct `was`, or take it out if a new one is meant',
  }),
  severity: 'warning',
})

/** Every field of a thing that names a renamed one, its own name included, says the new name. */
const retold = (kind: AnyKind, one: Live<Spec>, now: ReadonlyMap<Address, Address>): Live<Spec> => {
  const changes: Record<string, string> = {}
  const self = now.get(`${kind.name}:${one.key}`)
  const [field] = kind.identity
  if (self !== undefined && field !== undefined) changes[field] = lastName(self)
  for (const { address, field } of kind.dependencies(one.spec)) {
    const to = now.get(address)
    if (to !== undefined) changes[field] = lastName(to)
  }
  if (Object.keys(changes).length === 0) return one
  const spec: Spec = { ...one.spec, ...changes }
  return { ...one, key: kind.key(spec), spec }
}

/** What nobody declares says where it is, too: a build its `pipeline`, an agent and a token their `cluster`. */
const retoldThing = (one: Live<Spec>, now: ReadonlyMap<Address, Address>): Live<Spec> => {
  const changes = Object.entries(one.spec).flatMap(([field, name]) => {
    const to = typeof name === 'string' ? now.get(addressOf(field, name)) : undefined
    return to === undefined ? [] : [[field, lastName(to)] as const]
  })
  return changes.length === 0 ? one : { ...one, spec: { ...one.spec, ...Object.fromEntries(changes) } }
}

/** What was said of an organization, in the names that it will have: as `renamed` tells what is there. */
export const renamedFacts = ({ wants }: Wanted, facts: readonly Fact[]): readonly Fact[] => {
  const there = new Set(facts.flatMap(({ of, on }) => [of, on]))
  const now = new Map(
    wants.flatMap(({ kind, key, was, address }): [Address, Address][] =>
      was !== undefined && there.has(`${kind}:${was}`) && !there.has(`${kind}:${key}`)
        ? [[`${kind}:${was}`, address]]
        : [],
    ),
  )
  if (now.size === 0) return facts
  const told = (address: Address): Address => {
    const self = now.get(address)
    if (self !== undefined) return self
    if (!inClusters.has(kindOf(address))) return address
    const [cluster = '', ...names] = namesIn(keyIn(address))
    const to = now.get(addressOf('cluster', cluster))
    return to === undefined ? address : addressOf(kindOf(address), ...namesIn(keyIn(to)), ...names)
  }
  return facts.map((fact) => ({ ...fact, of: told(fact.of), on: told(fact.on) }))
}

/** The kinds whose names begin with their cluster’s. */
const inClusters: ReadonlySet<string> = new Set(['queue', 'token', 'agent', 'secret'])

const lastName = (address: Address): string => namesIn(address.slice(address.indexOf(':') + 1)).at(-1) ?? ''
