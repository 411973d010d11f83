import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { edgesFrom } from '../../src/access/access.js'
import { can, isPrincipal, type Node } from '../../src/access/node.js'
import type { Edge, LetIn } from '../../src/access/rule.js'
import { rules } from '../../src/access/rules/index.js'
import type { Address } from '../../src/model/address.js'
import { factsIn } from './facts.js'
import { whoReaches, type Reach } from './reach.js'

/** One line of a table; README.md beside this file says what each key is. */
interface Case {
  readonly name: string
  readonly facts?: readonly string[]
  readonly without?: readonly string[]
  readonly unsure?: readonly string[]
  readonly with?: readonly string[]
  readonly queue?: Address
  readonly to?: Node
  readonly held?: boolean
  readonly gate?: LetIn
  readonly reach: Readonly<Record<string, string>>
  readonly smallest?: boolean
  readonly reads?: readonly string[]
}

interface Table {
  readonly base?: readonly string[]
  readonly never_closed?: boolean
  readonly cases: readonly Case[]
}

const always = 'has-queue cluster:production queue:production/deploy'
const production: Address = 'queue:production/deploy'

const linesOf = (table: Table, one: Case): readonly string[] => {
  const base = [always, ...(table.base ?? [])]
  for (const line of [...(one.without ?? []), ...(one.unsure ?? [])])
    if (!base.includes(line)) throw new Error(`not in the base: ${line}`)
  return [
    ...base
      .filter((line) => one.without?.includes(line) !== true)
      .map((line) => (one.unsure?.includes(line) === true ? `${line} ?` : line)),
    ...(one.facts ?? []),
  ]
}

/** The edges of the named rules, of R19 unless a hook holds it, and of what every path stands on. */
const edgesOf = (lines: readonly string[], numbers: readonly string[], held = false): readonly Edge[] => {
  const facts = factsIn(lines)
  const taking = rules.filter(({ path }) => (path === 'R19' && !held) || numbers.includes(path))
  expect(taking.map(({ path }) => path)).toEqual(expect.arrayContaining([...numbers]))
  return edgesFrom(facts, taking)
}

/** The shape that a table writes reach in: `assumed by R8 R16 at repository:github.com/acme/web`. */
const said = (under: string, { sureness, edges }: Reach): string => {
  const numbers = [...new Set(edges.map(({ path }) => path))]
    .filter((path) => path !== 'rule' && (path !== 'R19' || under === 'R19'))
    .sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)))
  const places = [
    ...new Set(edges.flatMap(({ assumes }) => (assumes === undefined ? [] : [assumes.at.replace(/:$/, '')]))),
  ]
  return [
    sureness,
    ...(numbers.join() === under ? [] : ['by', ...numbers]),
    ...(places.length === 0 ? [] : ['at', ...places.sort()]),
  ].join(' ')
}

/** The same as the gate of a queue sees it, which lets in pipeline:deploy alone. */
const pastGate = (
  all: readonly Edge[],
  lines: readonly string[],
  gate: LetIn,
  queue: Address,
): readonly Edge[] => {
  const facts = factsIn(lines)
  const refuses = (edge: Edge) =>
    rules.find(({ path }) => path === edge.path)?.gate?.refuses?.(gate, edge, facts) === true
  const passing = all.filter((edge) => edge.to === can.code('pipeline:deploy') && !refuses(edge))
  return [
    ...all.filter(({ path, to }) => path !== 'R19' || to !== can.run(queue)),
    ...passing.map((edge) => ({ ...edge, to: can.run(queue) })),
  ]
}

const endOf = ({ to, queue }: Case): Node => to ?? can.run(queue ?? production)

const reachIn = (under: string, lines: readonly string[], one: Case) => {
  const all = edgesOf(lines, [under, ...(one.with ?? [])], one.held)
  const edges = one.gate === undefined ? all : pastGate(all, lines, one.gate, one.queue ?? production)
  return Object.fromEntries(
    [...whoReaches(endOf(one), edges)].map(([who, reach]) => [who, said(under, reach)]),
  )
}

const clause = ({ from, says }: Edge): string =>
  from.some(isPrincipal) ? `${from.filter(isPrincipal).join(' and ')} ${says}` : says

const tables = readdirSync(new URL('.', import.meta.url)).filter((name) => name.endsWith('.yaml'))

for (const file of tables) {
  const under = `R${Number(/^R(\d\d)-/.exec(file)?.[1])}`
  const table = parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Table

  describe(file.replace('.yaml', ''), () => {
    test('is named after its rule', () => {
      const rule = rules.find(({ path }) => path === under)
      expect(file).toBe(`R${under.slice(1).padStart(2, '0')}-${rule?.code ?? ''}.yaml`)
    })

    test('has a smallest case, and one that is closed', () => {
      expect(
        table.cases.some(({ smallest, reach }) => smallest === true && Object.keys(reach).length > 0),
      ).toBe(true)
      expect(table.cases.some(({ reach }) => Object.keys(reach).length === 0)).toBe(
        table.never_closed !== true,
      )
    })

    test.each(table.cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
      const lines = linesOf(table, one)
      const reach = reachIn(under, lines, one)
      expect(reach).toEqual(one.reach)
      if (one.smallest === true)
        for (const line of lines)
          expect(
            reachIn(
              under,
              lines.filter((other) => other !== line),
              one,
            ),
            `without ${line}`,
          ).not.toEqual(one.reach)
      if (one.reads !== undefined) {
        const edges = edgesOf(lines, [under, ...(one.with ?? [])], one.held)
        const first = whoReaches(endOf(one), edges).get(Object.keys(one.reach)[0]!)
        expect(first?.edges.map(clause)).toEqual(one.reads)
      }
    })
  })
}

test('every rule has a table', () => {
  expect(tables.map((file) => `R${Number(file.slice(1, 3))}`).sort()).toEqual(
    rules.map(({ path }) => path as string).sort(),
  )
})
