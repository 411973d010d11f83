import type { TableName } from '../../src/sandbox/rows.js'
import { tableIn, tableNames, type State } from '../../src/sandbox/state.js'
import type { Move } from './moves.js'

/** What a move has written, and what that refers to. */
export interface Footprint {
  readonly writes: ReadonlySet<string>
  readonly refers: ReadonlySet<string>
}

/** Everything refers to these. */
const unspecific: ReadonlySet<string> = new Set(['organization', 'createdBy', 'user', 'principal'])

const notRows: ReadonlySet<TableName> = new Set(['auditEvents', 'favorites', 'banners'])

/** What is different between two states, row by row. Tables that share their rows are passed over at once. */
export const footprint = (before: State, after: State): Footprint => {
  const writes = new Set<string>()
  const refers = new Set<string>()
  const note = (uuid: string, row: object) => {
    writes.add(uuid)
    for (const [field, value] of Object.entries(row))
      if (typeof value === 'string' && value.length === 36 && !unspecific.has(field)) refers.add(value)
  }
  for (const name of tableNames) {
    if (notRows.has(name)) continue
    const [had, has] = [tableIn(before, name).rows, tableIn(after, name).rows]
    if (had === has) continue
    for (const [uuid, row] of has) if (had.get(uuid) !== row) note(uuid, row)
    for (const [uuid, row] of had) if (!has.has(uuid)) note(uuid, row)
  }
  return { writes, refers }
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
  !meets(a[1].refers, b[1].writes)
