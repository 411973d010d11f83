import { isPrincipal, type Node } from './node.js'
import type { Edge } from './rule.js'

/** The edges as a graph: nodes have numbers, so that what is known of each is a place in an array. */
export interface Graph {
  readonly edges: readonly Edge[]
  readonly nodes: readonly Node[]
  /** The number of a node; undefined where nothing leads to it or from it. */
  readonly number: (node: Node) => number | undefined
  /** Numbers of nodes that are somebody: people first, then whoever holds, pushes or left; each in order of names. */
  readonly principals: readonly number[]
  /** By edge: the node that it starts from (the first, where there are several), and the one that it leads to. */
  readonly from: Int32Array
  readonly to: Int32Array
  /** By edge: all nodes that it starts from, where there are several. The same person has to come to each of them. */
  readonly several: readonly (readonly number[] | undefined)[]
  /** By node: the edges that start from it, and those that lead to it. */
  readonly leaving: Rows
  readonly arriving: Rows
}

/**
 * Lists by number, one after the other: those of a node are from `begin[node]` to before `begin[node + 1]`. A list for
 * each would be 80,000 of them, of which the memory alone is collected longer than it takes to make these.
 */
export interface Rows {
  readonly begin: Int32Array
  readonly list: Int32Array
}

/** Numbers edges and their nodes. Of two ways that are as long, the one that assumes nothing is walked, and told. */
export const graphOf = (all: readonly Edge[]): Graph => {
  const edges = [...all.filter(isSure), ...all.filter((edge) => !isSure(edge))]
  const nodes: Node[] = []
  const numbers = new Map<Node, number>()
  const numberOf = (node: Node): number => {
    const known = numbers.get(node)
    if (known !== undefined) return known
    const made = nodes.length
    nodes.push(node)
    numbers.set(node, made)
    return made
  }
  const from = new Int32Array(edges.length)
  const to = new Int32Array(edges.length)
  const several: (readonly number[] | undefined)[] = []
  for (const [n, edge] of edges.entries()) {
    const starts = edge.from.length === 1 ? undefined : [...new Set(edge.from.map(numberOf))]
    several.push(starts !== undefined && starts.length > 1 ? starts : undefined)
    from[n] = starts?.[0] ?? numberOf(edge.from[0] ?? '')
    to[n] = numberOf(edge.to)
  }
  return {
    edges,
    nodes,
    number: (node) => numbers.get(node),
    principals: principalsIn(nodes),
    from,
    to,
    several,
    leaving: rowsOf(nodes.length, from, several),
    arriving: rowsOf(nodes.length, to),
  }
}

/** Edges by node: those of several nodes stand with each. */
const rowsOf = (nodes: number, one: Int32Array, several: Graph['several'] = []): Rows => {
  const begin = new Int32Array(nodes + 1)
  const count = (node: number) => {
    begin[node + 1] = (begin[node + 1] ?? 0) + 1
  }
  for (const [n, node] of one.entries()) {
    const some = several[n]
    if (some === undefined) count(node)
    else some.forEach(count)
  }
  for (let node = 0; node < nodes; node += 1) begin[node + 1] = (begin[node + 1] ?? 0) + (begin[node] ?? 0)
  const list = new Int32Array(begin[nodes] ?? 0)
  const next = begin.slice()
  const add = (node: number, edge: number) => {
    list[next[node] ?? 0] = edge
    next[node] = (next[node] ?? 0) + 1
  }
  for (const [n, node] of one.entries()) {
    const some = several[n]
    if (some === undefined) add(node, n)
    else for (const other of some) add(other, n)
  }
  return { begin, list }
}

const isSure = ({ assumes }: Edge) => assumes === undefined

/** People have the lowest places, so that sets of people, of which there are most, are short. */
const principalsIn = (nodes: readonly Node[]): readonly number[] => {
  const found = nodes.flatMap((node, number) => (isPrincipal(node) ? [{ node, number }] : []))
  found.sort((a, b) => (a.node < b.node ? -1 : 1))
  const isUser = ({ node }: { readonly node: Node }) => node.startsWith('user:')
  return [...found.filter(isUser), ...found.filter((one) => !isUser(one))].map(({ number }) => number)
}

/** All nodes that an edge starts from. */
export const startsIn = ({ from, several }: Graph, edge: number): readonly number[] =>
  several[edge] ?? [from[edge] ?? -1]

/** The edges of one node. */
export const rowOf = ({ begin, list }: Rows, node: number): Int32Array =>
  list.subarray(begin[node] ?? 0, begin[node + 1] ?? 0)
