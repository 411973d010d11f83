import type { AnyKind } from '../kinds/kind.js'
import { guarded } from './access/profile.js'
import { merged } from './merge.js'
import { entriesOf, textOf, type Node } from './node.js'
import type { Branch } from './outline.js'
import type { Part } from './parts.js'
import type { Standing } from './standing.js'

/** Everything from which a thing can inherit. */
export interface Inheritance {
  /** The things at the top of the files, by path. */
  readonly things: ReadonlyMap<string, Declared>
}

/** A thing, and the file that declares it. */
export interface Declared {
  readonly standing: Standing
  readonly part: Part
}

export const pathId = (path: readonly string[]): string => path.join('\0')

/**
 * A thing with all that it inherits: the file's `defaults`, then those that another thing keeps for it (a cluster for
 * its pipelines), then what is written of itself. A cluster's come after a file's, because a border should not be
 * loosened by a file that sits nearer to the pipeline. Under all of it lies what a privileged place wants unwritten.
 */
export const inherited = ({ standing: { kind, branch, node }, part }: Declared, from: Inheritance): Node => {
  const byFile = withFileDefaults(kind, branch, node, part)
  const keeper = kind.defaultsFrom && keeperFor(byFile, kind.defaultsFrom, from)
  if (!keeper) return byFile
  const { kept } = keeper
  const defaults = fileDefaults(kind, part)
  const whole = kept ? merged(defaults ? merged(defaults, kept, branch) : kept, node, branch) : byFile
  return guarded(whole, kind, branch, keeper.node)
}

/** The same for what stands under another thing, in its file: what the other inherits is already in it. */
export const withFileDefaults = (kind: AnyKind, branch: Branch, node: Node, part: Part): Node => {
  const defaults = fileDefaults(kind, part)
  return defaults && node.is === 'map' ? merged(defaults, node, branch) : node
}

const fileDefaults = (kind: AnyKind, { root }: Part): Node | undefined => {
  const node = entriesOf(entriesOf(root).get('defaults')?.value).get(kind.plural)?.value
  return node?.is === 'map' ? node : undefined
}

/** The thing named by a field, and the defaults that it keeps. */
const keeperFor = (
  node: Node,
  { field, place }: NonNullable<AnyKind['defaultsFrom']>,
  { things }: Inheritance,
): { readonly node: Node; readonly kept?: Node } | undefined => {
  const name = textOf(entriesOf(node).get(field)?.value)
  if (name === undefined) return undefined
  const path = place.map((step) => (step === '*' ? name : step))
  const keeper = things.get(pathId(path.slice(0, -1)))
  if (!keeper) return undefined
  const { kind, branch, node: written } = keeper.standing
  const kept = entriesOf(withFileDefaults(kind, branch, written, keeper.part)).get(path.at(-1) ?? '')?.value
  return { node: written, ...(kept?.is === 'map' && { kept }) }
}
