import { isPrincipal, type Node } from './node.js'
import type { Edge } from './rule.js'

/** The edges as a graph: nodes have numbers, so that sets of people can be rows of bits. */
export interface Graph {
  readonly edges: readonly Edge[]
  readonly nodes: readonly Node[]
  /** The number of a node; undefined where nothing leads to it or from it. */
  readonly number: (node: Node) => number | undefined
  /** Numbers of nodes that are somebody, in the order of their names. */
  readonly principals: readonly number[]
  /** By edge: the numbers of the nodes that it starts from, and of the one that it leads to. */
  readonly from: readonly (readonly number[])[]
  readonly to: readonly number[]
  /** By node: the edges that start from it, and those that lead to it. */
  readonly leaving: readonly (readonly number[])[]
  readonly arriving: readonly (readonly number[])[]
}

/** Numbers the nodes of edges. Edges that lead to somebody are left out: nobody becomes somebody else. */
export const graphOf = (edges: readonly Edge[]): Graph => {
  const nodes: Node[] = []
  const numbers = new Map<Node, number>()
  const leaving: number[][] = []
  const arriving: number[][] = []
  const numberOf = (node: Node): number => {
    const known = numbers.get(node)
    if (known !== undefined) return known
    const made = nodes.length
    nodes.push(node)
    numbers.set(node, made)
    leaving.push([])
    arriving.push([])
    return made
  }
  const from: number[][] = []
  const to: number[] = []
  edges.forEach((edge, n) => {
    const starts = edge.from.map(numberOf)
    const end = numberOf(edge.to)
    from.push(starts)
    to.push(end)
    for (const start of starts) leaving[start]?.push(n)
    arriving[end]?.push(n)
  })
  const principals = nodes
    .map((_, n) => n)
    .filter((n) => isPrincipal(nodes[n] ?? ''))
    .sort((a, b) => ((nodes[a] ?? '') < (nodes[b] ?? '') ? -1 : 1))
  for (const some of [leaving, arriving])
    for (const [node, numbered] of some.entries()) some[node] = surestFirst(numbered, edges)
  return { edges, nodes, number: (node) => numbers.get(node), principals, from, to, leaving, arriving }
}

/** Of two ways that are as long, the one that assumes nothing is walked, and told. */
const surestFirst = (numbered: number[], edges: readonly Edge[]): number[] => {
  const isSure = (n: number) => edges[n]?.assumes === undefined
  return numbered.every(isSure)
    ? numbered
    : [...numbered.filter(isSure), ...numbered.filter((n) => !isSure(n))]
}
