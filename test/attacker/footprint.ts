import { repositoryKey } from '../../src/sandbox/provider.js'
import type { TableName } from '../../src/sandbox/rows.js'
import { tableIn, tableNames, type State } from '../../src/sandbox/state.js'
import type { Move } from './moves.js'

/** What a move has written, what that refers to, and of which repositories it tells all who listen. */
export interface Footprint {
  readonly writes: ReadonlySet<string>
  readonly refers: ReadonlySet<string>
  readonly tells: ReadonlySet<string>
}

/** Everything refers to these. */
const unspecific: ReadonlySet<string> = new Set(['organization', 'createdBy', 'user', 'principal'])

const notRows: ReadonlySet<TableName> = new Set(['auditEvents', 'favorites', 'banners'])

/** The repositories that a row is about: what happens to one of them starts builds, or does not, by what the row says. */
const repositoriesIn = (row: object): readonly string[] =>
  ['repository', 'cloneMirrorUrl'].flatMap((field) => {
    const url = (row as Readonly<Record<string, unknown>>)[field]
    return typeof url === 'string' ? [`repository ${repositoryKey(url)}`] : []
  })

/**
 * What a move has made different, row by row, and what it asked beside that. Tables that share their rows are passed over
 * at once.
 */
export const footprint = (before: State, after: State, move: Move): Footprint => {
  const writes = new Set<string>()
  const refers = new Set<string>()
  const tells = new Set<string>()
  if ('event' in move && 'repository' in move.event) tells.add(`repository ${move.event.repository}`)
  if ('event' in move && 'pipeline' in move.event) refers.add(move.event.pipeline)
  const note = (uuid: string, row: object) => {
    writes.add(uuid)
    for (const repository of repositoriesIn(row)) refers.add(repository)
    for (const [field, value] of Object.entries(row))
      if (typeof value === 'string' && value.length === 36 && !unspecific.has(field)) refers.add(value)
  }
  for (const name of tableNames) {
    if (notRows.has(name)) continue
    const [had, has] = [tableIn(before, name).rows, tableIn(after, name).rows]
    if (had === has) continue
    for (const [uuid, row] of has) {
      const was = had.get(uuid)
      if (was === row) continue
      note(uuid, row)
      if (was !== undefined) note(uuid, was)
    }
    for (const [uuid, row] of had) if (!has.has(uuid)) note(uuid, row)
  }
  return { writes, refers, tells }
}

/** Calls that change what runs and nobody's rights: two of them that touch nothing in common come to the same in both orders. */
const content =
  /^(pipelineUpdate|PATCH \/pipelines|pipelineSchedule(Create|Update)|buildCreate|buildRebuild|pipelineCreate|clusterQueueCreate|clusterAgentTokenCreate|agentTokenCreate|teamMemberCreate|teamPipelineCreate)/

const isContent = (move: Move) =>
  'event' in move
    ? move.event.event !== 'drop trigger'
    : content.test(move.call) &&
      !('clusterId' in move.input) &&
      !('name' in move.input && move.call === 'pipelineUpdate')

const meets = (a: ReadonlySet<string>, b: ReadonlySet<string>) => {
  for (const one of a) if (b.has(one)) return true
  return false
}

/** Whether two moves, each made from the same state, come to the same in both orders. */
export const commute = (a: readonly [Move, Footprint], b: readonly [Move, Footprint]): boolean =>
  isContent(a[0]) &&
  isContent(b[0]) &&
  !meets(a[1].writes, b[1].writes) &&
  !meets(a[1].writes, b[1].refers) &&
  !meets(a[1].refers, b[1].writes) &&
  !meets(a[1].tells, b[1].refers) &&
  !meets(a[1].refers, b[1].tells)
