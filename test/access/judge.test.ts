import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accessOf, type Access } from '../../src/access/access.js'
import type { Border } from '../../src/access/borders.js'
import type { Judging } from '../../src/access/ground.js'
import { judge } from '../../src/access/judge.js'
import { can, isPrincipal, type Node } from '../../src/access/node.js'
import type { Edge, LetIn, Rule } from '../../src/access/rule.js'
import { rules } from '../../src/access/rules/index.js'
import type { Address } from '../../src/model/address.js'
import type { Fact } from '../../src/model/grant.js'
import { law } from '../support/law.js'
import { at, bordersOf, fact, judgings, organizations } from './organizations.js'

// The plain way to judge, for one person at a time and with nothing but sets: slow, short, and not the analyser's.

/** Everything that somebody can do who can do some things already. */
const closure = (begin: Iterable<Node>, edges: readonly Edge[]): ReadonlySet<Node> => {
  const able = new Set(begin)
  for (let before = -1; before < able.size;) {
    before = able.size
    for (const { from, to } of edges) if (from.every((node) => able.has(node))) able.add(to)
  }
  return able
}

const words = ['open', 'assumed', 'held', 'accepted'] as const
type Word = (typeof words)[number]

interface Plain {
  readonly reachers: Readonly<Record<string, Word>>
  /** Assumptions that let somebody in if nothing but one edge of theirs fails. */
  readonly enough: ReadonlySet<string>
  /** Whether somebody gets in, however surely, when some assumptions are known to hold. */
  readonly isOpenWithout: (named: ReadonlySet<string>) => boolean
}

const nameOf = ({ finding, at }: { readonly finding: string; readonly at: string }) => `${finding} ${at}`

/** What comes onto a queue by its gate, a step for each that comes into a pipeline which it lets in; whether refused. */
const stepsOf = (
  { graph: { edges }, facts }: Access,
  queue: Address,
  gate: ReadonlyMap<Address, readonly LetIn[]> | undefined,
): ReadonlyMap<Edge, boolean> => {
  const steps = new Map<Edge, boolean>()
  if (gate === undefined) return steps
  const ruleOf = new Map<string, Rule>(rules.map((rule) => [rule.path, rule]))
  const isBrought = [...gate.keys()].some((pipeline) =>
    facts.all.some(
      ({ power, of, on }) =>
        of === pipeline && (power === 'unclustered' || (power === 'runs-in' && on !== 'cluster:production')),
    ),
  )
  for (const [pipeline, policies] of gate) {
    const places = facts.all.filter(
      ({ power, of }) => of === pipeline && (power === 'runs-in' || power === 'unclustered'),
    )
    const isThere = places.some(({ on, sure }) => sure && on === 'cluster:production')
    // Of what may be there nobody knows: behind the gate it takes one step more, which assumes that it is.
    const to = isThere ? can.run(queue) : `${pipeline} behind the gate`
    if (!isThere && places.every(({ sure }) => sure)) continue
    for (const edge of edges)
      if (edge.to === can.code(pipeline))
        steps.set(
          { ...edge, to },
          policies.every((one) => ruleOf.get(edge.path)?.gate?.refuses?.(one, edge, facts) === true),
        )
    if (isThere) continue
    const assumes = { finding: 'any-queue', at: pipeline } as const
    steps.set({ path: 'R19', from: [to], to: can.run(queue), says: '', facts: [], assumes }, false)
  }
  for (const edge of edges)
    if (edge.to === can.enter('cluster:production') && ruleOf.get(edge.path)?.gate !== undefined)
      steps.set({ ...edge, to: can.run(queue) }, edge.path !== 'R3' || !isBrought)
  return steps
}

const plainly = (
  access: Access,
  { on: queue, narrowed: narrows, allowed }: Border,
  { held, locked, gates: all }: Judging,
  isAccepted: (name: string) => boolean,
): Plain => {
  const end = can.run(queue)
  // A gate holds where everything that it lets in is known to be in the cluster.
  const gate = all?.get(queue)
  const isWhole = [...(gate?.keys() ?? [])].every((one) => {
    const places = access.facts.from('runs-in', one)
    return places.length > 0 && places.every(({ on, sure }) => sure && on === 'cluster:production')
  })
  const isHeld = held?.has(queue) === true && gate !== undefined && isWhole
  const narrowed = narrows || isHeld
  const steps = narrowed ? stepsOf(access, queue, gate) : new Map<Edge, boolean>()
  const edges = [...access.graph.edges, ...steps.keys()]
  const promise = `any-queue ${queue}`
  const isLast = (edge: Edge) => edge.path === 'R19' && edge.to === end
  const wordFor = (name: string): Word => (isAccepted(name) ? 'accepted' : 'assumed')
  const isGates = (edge: Edge) => steps.get(edge) ?? (narrowed && edge.assumes === undefined && isLast(edge))
  /** All that has to fail for an edge to be there: what it assumes itself, and where the gate refuses it, the gate. */
  const failing = (edge: Edge): readonly (readonly [name: string, word: Word])[] => {
    const own = edge.assumes && nameOf(edge.assumes)
    return [
      ...(own === undefined ? [] : [[own, wordFor(own)] as const]),
      ...(isGates(edge) ? [[promise, isHeld ? 'held' : wordFor(promise)] as const] : []),
    ]
  }
  const wordOf = (edge: Edge): Word =>
    words.findLast((word) => failing(edge).some(([, one]) => one === word)) ?? 'open'
  const there = edges.filter(({ assumes }) => locked !== true || assumes?.finding !== 'name-reuse')
  const upTo = (word: Word) => there.filter((edge) => words.indexOf(wordOf(edge)) <= words.indexOf(word))
  const strangers = [...new Set(there.flatMap(({ from }) => from))].filter(
    (node) => isPrincipal(node) && !allowed.has(node),
  )
  const reachers: Record<string, Word> = {}
  const enough = new Set<string>()
  for (const who of strangers) {
    const word = words.find((one) => closure([who], upTo(one)).has(end))
    if (word !== undefined) reachers[who] = word
    const able = closure([who], upTo('open'))
    if (able.has(end)) continue // nothing has to fail to let them in
    for (const edge of there) {
      const word = wordOf(edge)
      if (word === 'open' || word === 'held' || !edge.from.every((node) => able.has(node))) continue
      // What takes two to fail rests on the one that is accepted; of two that are as sure, on either of them.
      const [first, ...others] = failing(edge).filter(([, one]) => one === word)
      if (first === undefined || others.length > 0) continue
      if (closure([...able, edge.to], upTo('open')).has(end)) enough.add(first[0])
    }
  }
  const isOpenWithout = (named: ReadonlySet<string>) => {
    // What takes two to fail is shut by either of them: the one holds it, whatever becomes of the other.
    const left = there.filter(
      (edge) => wordOf(edge) !== 'held' && !failing(edge).some(([name]) => named.has(name)),
    )
    return strangers.some((who) => reachers[who] !== 'open' && closure([who], left).has(end))
  }
  return { reachers, enough, isOpenWithout }
}

/** Holds the judge against the plain way, for one organization. */
const compare = (facts: readonly Fact[], judging: Judging): void => {
  const access = accessOf(facts)
  const { queues, ground } = judge(access, judging)
  const accepted = new Set(ground.raised.filter((one) => ground.settled.by(one) !== undefined).map(nameOf))
  for (const [n, border] of judging.borders.entries()) {
    const said = queues[n]!
    const plain = [border, ...(border.narrower === undefined ? [] : [border.narrower])].map((one) =>
      plainly(access, one, judging, (name) => accepted.has(name)),
    )
    const reachers: Plain['reachers'] = Object.assign({}, ...plain.toReversed().map((one) => one.reachers))
    expect(Object.fromEntries(said.reachers.map(({ who, shortest }) => [who, shortest.sureness]))).toEqual(
      reachers,
    )
    const worst = words.find((word) => Object.values(reachers).includes(word)) ?? 'closed'
    expect(said.verdict).toBe(worst === 'accepted' ? 'closed' : worst)
    const named = new Set(said.paths.flatMap(({ assumptions }) => assumptions.map(nameOf)))
    for (const { enough, isOpenWithout } of plain) {
      for (const name of enough) expect(named).toContain(name)
      expect(isOpenWithout(named)).toBe(false)
    }
  }
}

law(
  'the judge says what the plain way says: the word, who comes, how surely, and what it rests on',
  fc.tuple(organizations, judgings),
  ([facts, judging]) => {
    compare(facts, judging)
  },
)

/** Eve may bring a pipeline into the cluster, if it can be moved there; and there the gate of the queue refuses it. */
const brought: readonly Fact[] = [
  fact('has-queue', 'cluster:production', 'queue:production/deploy'),
  fact('default-cluster', 'cluster:production', 'organization:'),
  fact('in-team', 'user:eve@acme.test', 'team:web'),
  fact('runs-in', 'pipeline:tools', 'cluster:general'),
]
const edits = fact('edits', 'team:web', 'pipeline:tools')
const creates = fact('creates-pipelines', 'team:web', 'organization:')

test.each<readonly [string, readonly Fact[]]>([
  ['by itself', [edits]],
  ['after a step that assumes something', [{ ...edits, sure: false }]],
  ['beside one that assumes the gate alone', [edits, creates]],
  ['after a step that assumes something, beside one', [{ ...edits, sure: false }, creates]],
])('a step that the gate refuses, and that assumes something itself, is compared: %s', (_, more) => {
  for (const accepted of [[], ['any-queue'], ['pipeline-moves-in'], ['any-queue', 'pipeline-moves-in']])
    for (const isHeld of [false, true])
      compare([...brought, ...more], {
        borders: bordersOf(true),
        accepts: accepted.map((finding) => ({
          finding,
          on: 'organization',
          reason: 'looked at',
          until: '2027-03-01',
          at,
        })),
        today: '2026-11-22',
        gates: new Map([['queue:production/deploy', new Map()]]),
        ...(isHeld && { held: new Set<Address>(['queue:production/deploy']) }),
      })
})

test('what is compared is not always the same: a generated organization may be open, assumed, held or closed', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(organizations, judgings, (facts, judging) => {
      for (const { verdict } of judge(accessOf(facts), judging).queues) seen.add(verdict)
    }),
    { numRuns: 200, seed: 7 },
  )
  expect([...seen].sort()).toEqual(['assumed', 'open'])
})
