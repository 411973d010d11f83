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

const kept = new WeakMap<object, { readonly version: number; readonly number: number }>()
const numbers = new Map<string, number>()

/** A number for what permission checks see of a table: the same text has the same one. */
const numberOf = (state: State, name: TableName): number => {
  const table = tableIn(state, name)
  const have = kept.get(table.rows)
  if (have?.version === table.version) return have.number
  const fields = asked[name] ?? []
  const text = [...table.rows.values()]
    .map((row) => `${row.uuid} ${fields.map((field) => String(row[field as keyof typeof row])).join(' ')}`)
    .join('\n')
  if (numbers.size > MANY) numbers.clear()
  const number = numbers.get(text) ?? (numbered += 1)
  numbers.set(text, number)
  kept.set(table.rows, { version: table.version, number })
  return number
}

const MANY = 100_000
let numbered = 0

/** Whom the checks on people look at. */
const people: readonly TableName[] = ['organizations', 'members', 'teams', 'teamMembers']

/**
 * What decides whether a call is refused, by the beginning of its name: nothing else that changes lets it be. Calls that
 * hang on what builds and agents there are have no such list, and are asked again in every state.
 */
const grounds: readonly (readonly [RegExp, readonly TableName[]])[] = [
  [/^team(Member)?(Create|Update|Delete)$/, people],
  [/^teamPipeline/, [...people, 'grants', 'pipelines', 'clusters']],
  [/^pipelineSchedule/, [...people, 'grants', 'pipelines', 'schedules', 'clusters']],
  [/^pipelineCreate$/, [...people, 'pipelines', 'clusters', 'maintainers', 'templates']],
  [
    /^(clusterCreate|clusterUpdate|clusterQueue(Create|Update|PauseDispatch|ResumeDispatch)|(clusterA|a)gentToken)/,
    [...people, 'clusters', 'queues', 'maintainers', 'agentTokens'],
  ],
  [/^[A-Z]+ \/clusters/, [...people, 'clusters', 'queues', 'maintainers', 'agentTokens']],
  [
    /^(organization|rule|pipelineTemplate|PATCH \/pipeline-settings|POST \/portals)/,
    Object.keys(asked) as TableName[],
  ],
  [
    /^(pipelineUpdate|pipelineArchive|pipelineUnarchive|pipelineRotateWebhookURL|PATCH \/pipelines)/,
    Object.keys(asked) as TableName[],
  ],
]

const tablesFor = new Map<string, readonly TableName[] | undefined>()

/**
 * What it rests on that a call is refused in a state, as a text: where it is the same, so is the refusal. Nothing, where
 * more decides than tables that are asked for permissions.
 */
export const groundsIn = (state: State): ((call: string) => string | undefined) => {
  const known = new Map<readonly TableName[], string>()
  return (call) => {
    if (!tablesFor.has(call)) tablesFor.set(call, grounds.find(([name]) => name.test(call))?.[1])
    const tables = tablesFor.get(call)
    if (tables === undefined) return undefined
    const have = known.get(tables) ?? tables.map((name) => numberOf(state, name)).join()
    known.set(tables, have)
    return have
  }
}
