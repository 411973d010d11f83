import type { Context } from '../context.js'
import type { Pipeline, TableName } from '../rows.js'
import { drop, get, put } from '../table.js'

/** By way of what somebody has a hand in what runs. */
export type Way =
  | 'steps'
  | 'template'
  | 'repository'
  | 'commit'
  | 'env'
  | 'schedule'
  | 'trigger'
  | 'artifact'
  | 'meta-data'
  | 'cache'
  | 'secret'
  | 'agent'
  | 'image'
  | 'unblock'
  | 'start'
  | 'settings'
  | 'cluster'
  | 'rule'

/** Who has a hand in something: principals by way. */
export type Labels = Readonly<Partial<Record<Way, readonly string[]>>>

/** Who starts what others wrote, or says where it runs, has brought no code of their own. */
const bare: ReadonlySet<string> = new Set<Way>(['start', 'settings', 'cluster', 'rule'])

export const nobody: Labels = {}

export const isNobody = (labels: Labels): boolean => {
  for (const way in labels) if ((labels[way as Way] ?? []).length > 0) return false
  return true
}

const both = (a: readonly string[] | undefined, b: readonly string[]) => {
  if (a === undefined || a === b) return b
  const missing = b.filter((one) => !a.includes(one))
  return missing.length === 0 ? a : [...a, ...missing].sort()
}

/** Everybody who is in either. */
export const union = (...all: readonly Labels[]): Labels => {
  let sum = nobody
  for (const labels of all) {
    if (sum === nobody) sum = labels
    else if (labels !== nobody && labels !== sum) {
      const next: Partial<Record<Way, readonly string[]>> = { ...sum }
      for (const [way, principals] of Object.entries(labels))
        next[way as Way] = both(next[way as Way], principals)
      sum = next
    }
  }
  return sum
}

export const label = (way: Way, principals: readonly string[]): Labels =>
  principals.length === 0 ? nobody : { [way]: principals }

/** Whether code of this principal runs in what carries these labels. */
export const hasCodeOf = (labels: Labels, principal: string): boolean =>
  Object.entries(labels).some(([way, principals]) => !bare.has(way) && principals.includes(principal))

/** What labels need to know of where they are. */
export type World = Pick<Context, 'state' | 'now' | 'switches'>

type By = Readonly<Record<string, readonly string[]>>

const byOf = ({ state }: Pick<World, 'state'>, subject: string): By | undefined =>
  get(state.tables.influences, subject)?.by

/** What a build or a job carries. */
export const labelsOf = (world: Pick<World, 'state'>, subject: string): Labels =>
  (byOf(world, subject) as Labels | undefined) ?? nobody

/** Replaces what something carries; who carries nothing has no row. */
export const setLabels = ({ state, now }: World, subject: string, by: By): void => {
  const { influences } = state.tables
  const had = get(influences, subject)
  if (Object.keys(by).length > 0)
    put(influences, { createdAt: now, serial: state.serial, ...had, createdBy: null, uuid: subject, by })
  else if (had) drop(influences, had)
}

export const addLabels = (world: World, subject: string, more: Labels): void => {
  if (more !== nobody && !isNobody(more)) setLabels(world, subject, union(labelsOf(world, subject), more))
}

/** The fields that decide what runs, and the way in which they do. */
const fields: Partial<Record<TableName, Readonly<Record<string, Way>>>> = {
  pipelines: {
    steps: 'steps',
    pipelineTemplate: 'template',
    repository: 'repository',
    cloneMirrorUrl: 'repository',
    cluster: 'cluster',
    archivedAt: 'settings',
    defaultBranch: 'settings',
    branchConfiguration: 'settings',
    providerSettings: 'settings',
  },
  templates: { configuration: 'template' },
  rules: { source: 'rule', target: 'rule', conditions: 'rule' },
  schedules: { commit: 'schedule', branch: 'schedule', env: 'schedule', enabled: 'schedule' },
  triggers: { commit: 'trigger', branch: 'trigger', env: 'trigger', enabled: 'trigger' },
  clusters: { defaultQueue: 'settings' },
  secrets: { policy: 'secret' },
}

const EVERY = '*'
/** A pipeline that was never archived was not unarchived by who made it. */
const later: ReadonlySet<string> = new Set(['archivedAt'])

/** Who has a hand in one field: who wrote it last, else who made the row; nobody, where the world began with it. */
const handsIn = (by: By | undefined, field: string): readonly string[] =>
  by?.[field] ?? (later.has(field) ? [] : (by?.[EVERY] ?? []))

/** The labels of a row's fields: of these, or of all that decide anything. */
export const labelsIn = (
  world: Pick<World, 'state'>,
  table: TableName,
  subject: string | null | undefined,
  ...only: readonly string[]
): Labels => {
  const by = subject ? byOf(world, subject) : undefined
  if (!by) return nobody
  const ways = fields[table] ?? {}
  return union(
    ...(only.length > 0 ? only : Object.keys(ways)).map((field) =>
      label(ways[field] ?? (field as Way), handsIn(by, field)),
    ),
  )
}

const same = (a: unknown, b: unknown) => a === b || JSON.stringify(a) === JSON.stringify(b)

/**
 * Notes who wrote what. A value written again as it was stays with who wrote it first: to send a field back as it was
 * read is no influence.
 *
 * @param had  the row before; absent for one that was just made
 */
export const mark = (
  world: World,
  table: TableName,
  had: object | undefined,
  row: { readonly uuid: string },
  principal: string,
): void => {
  const ways = fields[table]
  if (!ways) return
  if (!had) {
    setLabels(world, row.uuid, { [EVERY]: [principal] })
    return
  }
  const changed = Object.keys(ways).filter(
    (field) => !same(had[field as never], (row as Readonly<Record<string, unknown>>)[field]),
  )
  if (changed.length > 0)
    setLabels(world, row.uuid, {
      ...byOf(world, row.uuid),
      ...Object.fromEntries(changed.map((field) => [field, [principal]])),
    })
}

/** Where the hands in a build's metadata are noted, by key. */
export const metaDataOf = (build: string): string => `${build}/meta-data`

/** A row that is gone carries nothing. */
export const unmark = ({ state }: Pick<World, 'state'>, subject: string): void => {
  const { influences } = state.tables
  for (const key of [subject, metaDataOf(subject)]) {
    const had = get(influences, key)
    if (had) drop(influences, had)
  }
}

/** Everybody who is in labels, whatever the way. */
export const peopleIn = (labels: Labels): string[] => [...new Set(Object.values(labels).flat())].sort()

/** Who has had a hand in one thing of many at a subject: a key of metadata, a cluster's cache. */
export const handsAt = (world: Pick<World, 'state'>, subject: string, field: string): readonly string[] =>
  byOf(world, subject)?.[field] ?? []

export const addHands = (world: World, subject: string, field: string, hands: readonly string[]): void => {
  const had = handsAt(world, subject, field)
  const missing = hands.filter((one) => !had.includes(one))
  if (missing.length > 0)
    setLabels(world, subject, { ...byOf(world, subject), [field]: [...had, ...missing].sort() })
}

/** Who chose the image that a hosted queue's machines start from. */
export const imageLabels = (world: Pick<World, 'state'>, queue: string | null | undefined): Labels =>
  queue ? label('image', handsAt(world, queue, 'image')) : nobody

/** Notes who chose another image: with the platform's own, nobody has. */
export const markImage = (world: World, queue: string, image: string | null, principal: string): void => {
  const others = Object.entries(byOf(world, queue) ?? {}).filter(([way]) => way !== 'image')
  setLabels(world, queue, Object.fromEntries(image === null ? others : [...others, ['image', [principal]]]))
}

/** What decides what a pipeline's jobs are: where its steps and its code come from, and who woke it. */
export const pipelineLabels = (world: Pick<World, 'state'>, { uuid, pipelineTemplate }: Pipeline): Labels =>
  union(
    labelsIn(
      world,
      'pipelines',
      uuid,
      pipelineTemplate === null ? 'steps' : 'pipelineTemplate',
      'repository',
      'cloneMirrorUrl',
      'archivedAt',
    ),
    labelsIn(world, 'templates', pipelineTemplate),
  )
