import picomatch from 'picomatch'
import { kinds, parentOf, starsIn } from '../kinds/index.js'
import type { AnyKind, OutOf } from '../kinds/index.js'
import { addressOf, keyIn, namesIn, type Address } from '../model/address.js'
import type { Call } from '../model/call.js'
import type { Change, PlannedChange } from '../model/change.js'
import type { Finding } from '../model/finding.js'
import type { Live } from '../model/live.js'
import type { Undeclared } from '../model/plan.js'
import { coverOf, type Want, type Wanted } from '../model/wanted.js'
import { allFields, differing } from './equal.js'
import { keptBy, kindNamed } from './kind-named.js'
import { finding, unplaced } from './finding.js'
import { renamed } from './renames.js'
import type { Survey } from './surveyed.js'

type Spec = Readonly<Record<string, unknown>>
type Found = Live<Spec>

/** One difference with all that ordering it takes. */
export interface Difference {
  readonly kind: AnyKind
  readonly address: Address
  readonly change: Change<Spec>
  readonly planned: PlannedChange
  readonly calls: readonly Call[]
  /** What it names, before or after. */
  readonly dependencies: ReadonlySet<Address>
  /** What it does not name and should find settled. */
  readonly waitsFor: readonly Address[]
}

/** Wanted − live. */
export interface Diff {
  readonly differences: readonly Difference[]
  readonly undeclared: readonly Undeclared[]
  readonly findings: readonly Finding[]
  /** What is there, by the address that it will have: renames are already applied. */
  readonly present: ReadonlyMap<Address, Found>
  /** The same, by kind. */
  readonly live: ReadonlyMap<string, readonly Found[]>
}

/** The difference between what is wanted and what is there, kind by kind, in the order of addresses. */
export const diff = (wanted: Wanted, survey: Survey): Diff => {
  const { live, was, findings: misnamed } = renamed(wanted, survey)
  const findings: Finding[] = [...misnamed]
  const differences: Difference[] = []
  const undeclared: Undeclared[] = []
  const present = new Map<Address, Found>()
  const wants = new Map(wanted.wants.map((want) => [want.address, want]))
  const removed = new Set<Address>()
  const kept = keptBy(wanted.wants)

  const outOf = outOfPrivileged(wanted)
  const twins = new Set<Address>()
  for (const [kind, found] of live)
    for (const one of found) {
      const address = addressOfKey(kind, one.key)
      if (present.has(address)) twins.add(address)
      present.set(address, one)
    }
  findings.push(...ambiguous(wanted, twins))

  for (const kind of kinds) {
    const found = [...(live.get(kind.name) ?? [])].sort(byKey)
    // What is kept for something else is written by that, in whatever way it is declared.
    for (const want of wanted.wants.filter((want) => want.kind === kind.name && !kept.has(want.address))) {
      const have = present.get(want.address)
      const { difference, objections } =
        have === undefined ? created(kind, want) : updated(kind, want, have, was.get(want.address))
      findings.push(...objections)
      if (difference !== undefined) differences.push(difference)
    }

    const ignored = ignoring(kind, wanted.ignore[kind.plural] ?? [])
    for (const have of found) {
      const address = addressOfKey(kind.name, have.key)
      if (kept.has(address)) continue // it belongs to what keeps it
      if (wants.has(address) || (kind.retired?.(have) === true && outOf(have.spec) === undefined)) continue
      const parent = parentAddress(kind, have.spec)
      if (goesWithParent(kind, have.spec, removed)) {
        differences.push(taken(kind, address, have, outOf(have.spec)))
        continue
      }
      if (parent !== '' && !wants.has(parent)) continue // its parent is shown, and it belongs to that
      if (kind.place.every((segment) => segment !== '*')) continue // there is one, declared or not
      if (!wanted.covers.has(coverOf(parent, kind.plural))) continue // an unwritten map is left alone
      const isIgnored = ignored(have.key)
      if (!isIgnored && wanted.manage[kind.plural] === 'remove') {
        if (twins.has(address)) {
          if (!removed.has(address)) findings.push(ambiguousRemoval(address))
        } else differences.push(taken(kind, address, have, outOf(have.spec)))
        removed.add(address)
      } else undeclared.push({ address, ignored: isIgnored })
    }
  }
  return { differences, undeclared, findings, present, live }
}

const byKey = (a: Found, b: Found) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)

/** Patterns match names as people write them, so a star may stand for a slash, too. */
export const ignoring = (kind: AnyKind, patterns: readonly string[]): ((key: string) => boolean) => {
  if (patterns.length === 0) return () => false
  const matches = picomatch([...patterns], { dot: true, bash: true, nocase: kind.caseless ?? false })
  return (key) => matches(namesIn(key).join('/'))
}

const addressOfKey = (kind: string, key: string): Address => `${kind}:${key}`

const parentAddress = (kind: AnyKind, spec: Spec): Address | '' => {
  const parent = parentOf(kind)
  if (parent === undefined) return ''
  const names = kind.identity.slice(0, starsIn(parent)).map((field) => String(spec[field]))
  return addressOf(parent.name, ...names)
}

const goesWithParent = (kind: AnyKind, spec: Spec, removed: ReadonlySet<Address>) =>
  kind.goesWith !== undefined && removed.has(kind.goesWith(spec))

const dependenciesOf = (kind: AnyKind, ...specs: readonly Spec[]): ReadonlySet<Address> =>
  new Set(specs.flatMap((spec) => kind.dependencies(spec).map(({ address }) => address)))

interface Verdict {
  readonly difference?: Difference
  readonly objections: readonly Finding[]
}

/** Least access first, what is written over it. A map that merges does so here as well. */
export const withLeast = (kind: AnyKind, spec: Spec): Spec => {
  const least = (kind.atCreation?.(spec) ?? {}) as Spec
  const written = Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined))
  const merged = (kind.merged ?? [])
    .filter((field) => field in least && field in written)
    .map((field) => [field, { ...(least[field] as Spec), ...(written[field] as Spec) }] as const)
  return { ...least, ...written, ...Object.fromEntries(merged) }
}

const created = (kind: AnyKind, want: Want): Verdict => {
  const spec = withLeast(kind, want.spec)
  const impossible = [...(kind.cannotCreate?.(spec) ?? []), ...(kind.limits?.(spec) ?? [])]
  if (impossible.length > 0)
    return {
      objections: impossible.map(({ code = 'impossible-value', field, what, why, fix }) =>
        finding(code, want, field, { what, why, fix }),
      ),
    }
  const missing = (kind.requires ?? []).filter((field) => spec[field] === undefined)
  if (missing.length > 0)
    return {
      objections: missing.map((field) =>
        finding('needed-to-create', want, field, {
          what: `${want.address} is not there yet, and can't be made without \`${field}\``,
          why: 'Buildkite refuses to make one without it',
          fix: `write \`${field}\` under ${want.address}`,
        }),
      ),
    }
  const change: Change<Spec> = { verb: 'create', want: spec }
  return {
    objections: [],
    difference: {
      kind,
      address: want.address,
      change,
      calls: kind.operations.create(spec),
      dependencies: dependenciesOf(kind, spec),
      waitsFor: kind.waitsFor?.(spec) ?? [],
      planned: {
        address: want.address,
        verb: 'create',
        fields: allFields(kind, spec),
        risk: kind.risk(change),
      },
    },
  }
}

const updated = (kind: AnyKind, want: Want, have: Found, was: Address | undefined): Verdict => {
  const written = kind.unfinished?.(have) === true ? withLeast(kind, want.spec) : want.spec
  const { want: differ, fields, unreadable } = differing(kind, written, have.spec)
  const objections = [
    ...unreadable.map((field) =>
      finding('unreadable-field', want, field, {
        what: `\`${field}\` of ${want.address} could not be read`,
        why: 'an answer that leaves it out may mean that this identity may not see it, so nothing can be planned from it',
        fix: 'run `bridle doctor`, give the token what it lacks, or stop declaring the field',
      }),
    ),
    ...(kind.cannot?.(differ, have, want.spec) ?? []).map(
      ({ code = 'needs-replacing', field, what, why, fix }) => finding(code, want, field, { what, why, fix }),
    ),
  ]
  if (objections.length > 0) return { objections }
  const warnings = (kind.warns?.(have, want.spec) ?? []).map(
    ({ code = 'impossible-value', field, what, why, fix }): Finding => ({
      ...finding(code, want, field, { what, why, fix }),
      severity: 'warning',
    }),
  )
  if (fields.length === 0 && was === undefined) return { objections: warnings }
  const identity = Object.fromEntries(kind.identity.map((field) => [field, want.spec[field]]))
  const over = kind.limits?.({ ...identity, ...differ }) ?? []
  if (over.length > 0)
    return {
      objections: over.map(({ field, what, why, fix }) =>
        finding('impossible-value', want, field, { what, why, fix }),
      ),
    }
  const before = was === undefined ? have : { ...have, spec: oldIdentity(kind, have, was) }
  const change: Change<Spec> = { verb: 'update', want: { ...identity, ...differ }, have: before }
  return {
    objections: warnings,
    difference: {
      kind,
      address: want.address,
      change,
      calls: kind.operations.update(change.want, before),
      dependencies: dependenciesOf(kind, have.spec, { ...have.spec, ...change.want }),
      waitsFor: kind.waitsFor?.({ ...have.spec, ...change.want }) ?? [],
      planned: {
        address: want.address,
        verb: 'update',
        ...(was === undefined ? {} : { was }),
        fields,
        risk: kind.risk(change),
      },
    },
  }
}

/** A kind is told of a rename by the key that the object had: only kinds with one name can be renamed. */
const oldIdentity = (kind: AnyKind, have: Found, was: Address): Spec => {
  const [field] = kind.identity
  return field === undefined ? have.spec : { ...have.spec, [field]: decodeName(was) }
}

const decodeName = (address: Address) =>
  address
    .slice(address.indexOf(':') + 1)
    .replaceAll('%2F', '/')
    .replaceAll('%25', '%')

/** What is taken away in a privileged cluster is moved out of it: an archived pipeline could be brought back there. */
const outOfPrivileged = ({ access, wants }: Wanted): ((spec: Spec) => OutOf | undefined) => {
  const privileged = new Set<unknown>(access.allow.map(({ on }) => namesIn(keyIn(on))[0]))
  const elsewhere = wants.find(({ kind }) => kind === 'settings')?.spec['default_cluster']
  const to = typeof elsewhere === 'string' && !privileged.has(elsewhere) ? elsewhere : null
  return ({ cluster }) => (privileged.has(cluster) ? { to } : undefined)
}

const taken = (kind: AnyKind, address: Address, have: Found, outOf: OutOf | undefined): Difference => {
  const change: Change<Spec> = { verb: 'remove', have, ...(outOf && { outOf }) }
  return {
    kind,
    address,
    change,
    calls: kind.operations.remove(have, outOf),
    dependencies: dependenciesOf(kind, have.spec),
    waitsFor: [],
    planned: { address, verb: 'remove', fields: [], risk: kind.risk(change) },
  }
}

/** What is declared, or named by something declared, and there more than once. */
const ambiguous = ({ wants }: Wanted, twins: ReadonlySet<Address>): Finding[] =>
  twins.size === 0
    ? []
    : wants.flatMap((want) => [
        ...(twins.has(want.address) ? [ambiguity(want, undefined, want.address)] : []),
        ...kindNamed(want.kind)
          .dependencies(want.spec)
          .filter(({ address }) => twins.has(address))
          .map(({ address, field }) => ambiguity(want, field, address)),
      ])

const whyAmbiguous = {
  why: 'bridle goes by names, and would have to guess which one is meant',
  fix: 'rename one of them in Buildkite',
}

const ambiguity = (want: Want, field: string | undefined, address: Address): Finding =>
  finding('ambiguous-name', want, field, {
    what: `${address} is there more than once`,
    ...whyAmbiguous,
  })

const ambiguousRemoval = (address: Address): Finding =>
  unplaced(
    'ambiguous-name',
    `${address} is there more than once, and undeclared`,
    whyAmbiguous.why,
    whyAmbiguous.fix,
  )
