import type { TableName } from '../../src/sandbox/rows.js'
import { tableIn, type State } from '../../src/sandbox/state.js'

/** The fields that permission checks ask for, by table; of the other tables everything may matter, or nothing does. */
const asked: Partial<Record<TableName, readonly string[]>> = {
  organizations: ['defaultCluster', 'isTeamsEnabled', 'templateRequirement'],
  members: ['user', 'role'],
  teams: ['slug', 'privacy', 'membersCanCreatePipelines', 'membersCanDeletePipelines'],
  teamMembers: ['team', 'user', 'role'],
  grants: ['team', 'pipeline', 'accessLevel'],
  pipelines: [
    'slug',
    'cluster',
    'archivedAt',
    'createdBy',
    'visibility',
    'pipelineTemplate',
    'allowRebuilds',
    'steps',
  ],
  clusters: ['name'],
  queues: ['cluster', 'key', 'dispatchPaused'],
  agentTokens: ['cluster', 'revokedAt'],
  maintainers: ['cluster', 'actor'],
  templates: ['available'],
  rules: ['source', 'target', 'type'],
  schedules: ['pipeline', 'label'],
}

const kept = new WeakMap<object, { readonly version: number; readonly text: string }>()

const textOf = (state: State, name: TableName, fields: readonly string[]): string => {
  const table = tableIn(state, name)
  const have = kept.get(table.rows)
  if (have?.version === table.version) return have.text
  const text = [...table.rows.values()]
    .map((row) => `${row.uuid} ${fields.map((field) => String(row[field as keyof typeof row])).join(' ')}`)
    .join('\n')
  kept.set(table.rows, { version: table.version, text })
  return text
}

/** A text that is the same for states in which the same is permitted to everybody. */
export const rightsOf = (state: State): string =>
  Object.entries(asked)
    .map(([name, fields]) => textOf(state, name as TableName, fields))
    .join('\n\n')
