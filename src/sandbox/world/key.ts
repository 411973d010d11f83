import { createHash } from 'node:crypto'
import type { RowOf, TableName } from '../rows.js'
import { tableIn, type State } from '../state.js'
import { all, get, where, type Row, type Table } from '../table.js'
import { isUnfinished } from './builds.js'

/** What a row is called by what is in it: rows made in another order have other uuids, and are called the same. */
type Names = ReadonlyMap<string, string>

type Named = { readonly [Name in TableName]?: (row: RowOf<Name>, names: Names) => string }

const nameIn = (names: Names, uuid: string | null | undefined): string =>
  uuid == null ? '' : (names.get(uuid) ?? uuid)

const named: Named = {
  organizations: ({ slug }) => `o:${slug}`,
  users: ({ email }) => `u:${email}`,
  teams: ({ slug }) => `t:${slug}`,
  clusters: ({ name }) => `c:${name}`,
  queues: ({ cluster, key }, names) => `q:${nameIn(names, cluster)}/${key}`,
  templates: ({ name }) => `template:${name}`,
  pipelines: ({ slug }) => `p:${slug}`,
  agentTokens: ({ cluster, description }, names) => `token:${nameIn(names, cluster)}/${description ?? ''}`,
  tokens: ({ user, description }, names) => `api:${nameIn(names, user)}/${description ?? ''}`,
  secrets: ({ cluster, key }, names) => `secret:${nameIn(names, cluster)}/${key}`,
  schedules: ({ pipeline, label, env }, names) => `s:${nameIn(names, pipeline)}/${label}/${env.join()}`,
  triggers: ({ pipeline, label, env }, names) => `url:${nameIn(names, pipeline)}/${label}/${env.join()}`,
  rules: ({ type, source, target, conditions }, names) =>
    `r:${type}/${nameIn(names, source)}/${nameIn(names, target)}/${conditions.join()}`,
  portals: ({ slug }) => `portal:${slug}`,
  agents: ({ queue, name }, names) => `a:${nameIn(names, queue)}/${name}`,
  commits: ({ repository, ref, files }) => `k:${repository}@${ref}=${JSON.stringify(files)}`,
}

const order = Object.keys(named) as TableName[]

/** One object for all maps that say the same, so that what is written down with it is found again. */
const sameNames = new Map<string, Names>()

const namesIn = (state: State): Names => {
  const names = new Map<string, string>()
  for (const table of order) {
    const nameRow = named[table] as (row: Row, names: Names) => string
    for (const row of tableIn(state, table).rows.values()) names.set(row.uuid, nameRow(row, names))
  }
  const text = [...names].join()
  const have = sameNames.get(text)
  if (have) return have
  if (sameNames.size >= KEPT) sameNames.clear()
  sameNames.set(text, names)
  return names
}

const KEPT = 2_000
const numbers = new WeakMap<object, number>()
let numbered = 0

/** A number for each edition of a table. Only for looking things up again: no answer depends on it. */
const editionOf = ({ rows, version }: Table<Row>): string => {
  const have = numbers.get(rows) ?? (numbered += 1)
  numbers.set(rows, have)
  return `${have}.${version}`
}

const byEditions = new Map<string, Names>()

const namesOf = (state: State): Names => {
  const editions = order.map((name) => editionOf(tableIn(state, name))).join()
  const have = byEditions.get(editions)
  if (have) return have
  const names = namesIn(state)
  if (byEditions.size >= KEPT) byEditions.clear()
  byEditions.set(editions, names)
  return names
}

const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g

/** What is in a row, less what only says when, in which order or by what name it was made. */
const skipped = new Set([
  ...[
    'uuid',
    'serial',
    'createdAt',
    'createdBy',
    'organization',
    'updatedAt',
    'updatedBy',
    'lastReadAt',
    'lastSeenAt',
  ],
  ...['description', 'color', 'emoji', 'tags', 'nextBuildNumber', 'dispatchPausedAt', 'dispatchPausedBy'],
  ...[
    'dispatchPausedNote',
    'acceptedAt',
    'failedAt',
    'failedMessage',
    'hostname',
    'ipAddress',
    'version',
    'sha',
  ],
  ...['lastAccessedAt', 'hash', 'stoppedAt', 'stoppedBy', 'archivedBy', 'pausedBy', 'pausedNote', 'name'],
])

/** Of most times it only matters whether there is one. */
const textOf = (row: object): string =>
  JSON.stringify(row, (field, value: unknown) =>
    skipped.has(field) ? undefined : field.endsWith('At') && field !== 'expiresAt' ? value !== null : value,
  )

const plainTables: readonly TableName[] = [
  'organizations',
  'tokens',
  'members',
  'invitations',
  'clusters',
  'queues',
  'agentTokens',
  'maintainers',
  'secrets',
  'teams',
  'teamMembers',
  'grants',
  'pipelines',
  'schedules',
  'templates',
  'rules',
  'agents',
  'triggers',
  'portals',
  'commits',
  'known',
]

/** Of whom a row is decides something in these: whoever made a pipeline may keep their hand on it. */
const makers: ReadonlySet<TableName> = new Set(['pipelines', 'triggers'])

/** Texts without uuids, in one order, each once: as few letters as tell them from others. */
const digest = (texts: readonly string[], names: Names): string => {
  const lines = texts.map((text) => text.replace(uuids, (uuid) => names.get(uuid) ?? uuid))
  return createHash('sha1')
    .update([...new Set(lines)].sort().join('\n'))
    .digest('base64')
    .slice(0, 16)
}

const kept = new WeakMap<Names, WeakMap<object, { readonly version: number; readonly digest: string }>>()

/** The digest of a table. One that several states share is read once. */
const digestOf = (state: State, name: TableName, names: Names): string => {
  const table = tableIn(state, name)
  const known = kept.get(names) ?? new WeakMap<object, { version: number; digest: string }>()
  kept.set(names, known)
  const have = known.get(table.rows)
  if (have?.version === table.version) return have.digest
  const texts = all(table).map((row) => {
    const maker = makers.has(name)
      ? ` by ${(row as unknown as { createdBy: string | null }).createdBy ?? ''}`
      : ''
    return `${name} ${name in named ? row.uuid : ''} ${textOf(row)}${maker}`
  })
  const made = digest(texts, names)
  known.set(table.rows, { version: table.version, digest: made })
  return made
}

const byText = (state: State, subject: string) => {
  const row = get(state.tables.influences, subject)
  if (!row) return ''
  return Object.entries(row.by)
    .map(([way, hands]) => `${way}=${hands.join()}`)
    .sort()
    .join(';')
}

/** Builds as a set: two that could do the same are one, and of those that are over it only matters what they were of. */
const buildTexts = (state: State): string[] => {
  const { builds, jobs, commits } = state.tables
  return all(builds).map((build) => {
    const commit = where(commits, 'sha', build.commit)[0]?.uuid ?? build.commit
    const { pipeline, branch, env, source, createdBy, pullRequest, unblockedBy, finishedAt } = build
    const what = [pipeline, branch, commit, env.join(), source, createdBy, JSON.stringify(pullRequest)]
    const rest =
      finishedAt !== null
        ? []
        : where(jobs, 'build', build.uuid)
            .filter((job) => isUnfinished(job))
            .map(({ uuid, type, state: at, command, agentQueryRules, step, agent }) =>
              [
                type,
                at,
                command,
                agentQueryRules.join(),
                step.group.join('.'),
                step.key,
                agent,
                byText(state, uuid),
              ].join(),
            )
            .sort()
    return ['build', ...what, unblockedBy, byText(state, build.uuid), ...new Set(rest)].join('|')
  })
}

const artifactTexts = (state: State): string[] =>
  all(state.tables.artifacts).map(
    ({ uuid, build, path }) =>
      `artifact ${get(state.tables.builds, build)?.pipeline ?? ''} ${path} ${byText(state, uuid)}`,
  )

const assignmentTexts = (state: State): string[] =>
  all(state.tables.assignments).map(({ place, by }) => `came to ${place} ${JSON.stringify(by)}`)

/** Who has a hand in what; for builds, jobs and artifacts it stands with them. */
const influenceTexts = (state: State, names: Names): string[] =>
  [...state.tables.influences.rows.keys()].flatMap((subject) =>
    names.has(subject) ? [`hands in ${subject} ${byText(state, subject)}`] : [],
  )

/**
 * A text that is the same for states in which the same can happen, whatever uuids, times and orders they came by. So a
 * search knows where it has been.
 */
export const keyOf = (state: State): string => {
  const names = namesOf(state)
  const { builds, artifacts, assignments, influences } = state.tables
  const rest = [builds, artifacts, assignments, influences].some(({ rows }) => rows.size > 0)
    ? digest(
        [
          ...buildTexts(state),
          ...artifactTexts(state),
          ...assignmentTexts(state),
          ...influenceTexts(state, names),
        ],
        names,
      )
    : ''
  return [...plainTables.map((name) => digestOf(state, name, names)), rest].join('')
}
