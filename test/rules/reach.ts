import { isPrincipal, type Node } from '../../src/access/node.js'
import type { Edge } from '../../src/access/rule.js'

/** How somebody reaches a node: the edges of their shortest paths, the nearest first. */
export interface Reach {
  readonly sureness: 'open' | 'assumed'
  readonly edges: readonly Edge[]
}

/** Follows edges until nothing more is reached: for each node, how many steps it took. */
const steps = (who: Node, edges: readonly Edge[]): ReadonlyMap<Node, number> => {
  const reached = new Map<Node, number>([[who, 0]])
  for (let step = 1; ; step++) {
    const next = edges
      .filter(({ from, to }) => !reached.has(to) && from.every((node) => reached.has(node)))
      .map(({ to }) => to)
    if (next.length === 0) return reached
    for (const node of next) reached.set(node, step)
  }
}

/** The edges that lead to a node in as few steps as it takes: assumed ones only where no certain one does. */
const shortest = (to: Node, reached: ReadonlyMap<Node, number>, edges: readonly Edge[]): readonly Edge[] => {
  const used = new Set<Edge>()
  const visited = new Set<Node>()
  const visit = (node: Node) => {
    if (visited.has(node)) return
    visited.add(node)
    const arriving = edges.filter(
      (edge) =>
        edge.to === node &&
        edge.from.every((one) => reached.has(one)) &&
        1 + Math.max(...edge.from.map((one) => reached.get(one)!)) === reached.get(node),
    )
    const certain = arriving.filter(({ assumes }) => assumes === undefined)
    for (const edge of certain.length > 0 ? certain : arriving) {
      edge.from.forEach(visit)
      used.add(edge)
    }
  }
  visit(to)
  return [...used].sort((a, b) => reached.get(a.to)! - reached.get(b.to)!)
}

/** Everybody who reaches a node. Slow and plain, and not the analyser's: it is here to be compared with. */
export const whoReaches = (to: Node, edges: readonly Edge[]): ReadonlyMap<Node, Reach> => {
  const certain = edges.filter(({ assumes }) => assumes === undefined)
  const people = new Set(edges.flatMap(({ from }) => from).filter(isPrincipal))
  const reaches = new Map<Node, Reach>()
  for (const who of [...people].sort())
    for (const [sureness, by] of [
      ['open', certain],
      ['assumed', edges],
    ] as const) {
      const reached = steps(who, by)
      if (reaches.has(who) || !reached.has(to)) continue
      reaches.set(who, { sureness, edges: shortest(to, reached, by) })
    }
  return reaches
}
