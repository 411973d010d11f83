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
import { law } from '../support/law.js'
import { judgings, organizations } from './organizations.js'

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
  const isElsewhere = (pipeline: Address) => {
    const places = facts.from('runs-in', pipeline)
    return !places.some(({ on, sure }) => !sure || on === 'cluster:production')
  }
  for (const edge of edges) {
    const decides = ruleOf.get(edge.path)?.gate
    for (const [pipeline, policies] of gate)
      if (edge.to === can.code(pipeline) && !isElsewhere(pipeline))
        steps.set(
          { ...edge, to: can.run(queue) },
          policies.every((one) => decides?.refuses?.(one, edge, facts) === true),
        )
    if (edge.to === can.enter('cluster:production') && decides !== undefined)
      steps.set({ ...edge, to: can.run(queue) }, true)
  }
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
  const assumed = (edge: Edge): string | undefined =>
    edge.assumes !== undefined
      ? nameOf(edge.assumes)
      : narrowed && (steps.get(edge) ?? isLast(edge))
        ? promise
        : undefined
  const wordOf = (edge: Edge): Word => {
    const alone =
      edge.assumes === undefined ? 'open' : isAccepted(nameOf(edge.assumes)) ? 'accepted' : 'assumed'
    const isGates = steps.get(edge) ?? (narrowed && edge.assumes === undefined && isLast(edge))
    if (!isGates) return alone
    const word = isHeld ? 'held' : isAccepted(promise) ? 'accepted' : 'assumed'
    return words[Math.max(words.indexOf(alone), words.indexOf(word))]!
  }
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
      const name = assumed(edge)
      if (name === undefined || wordOf(edge) === 'held' || !edge.from.every((node) => able.has(node)))
        continue
      if (closure([...able, edge.to], upTo('open')).has(end)) enough.add(name)
    }
  }
  const isOpenWithout = (named: ReadonlySet<string>) => {
    const left = there.filter((edge) => !named.has(assumed(edge) ?? '') && wordOf(edge) !== 'held')
    return strangers.some((who) => reachers[who] !== 'open' && closure([who], left).has(end))
  }
  return { reachers, enough, isOpenWithout }
}

law(
  'the judge says what the plain way says: the word, who comes, how surely, and what it rests on',
  fc.tuple(organizations, judgings),
  ([facts, judging]) => {
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
  },
)

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
