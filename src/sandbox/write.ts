import type { Context } from './context.js'
import { Refused } from './refused.js'
import type { RowOf, TableName } from './rows.js'
import { insert, tableIn, type FieldsOf } from './state.js'
import { drop, get, put, type Row } from './table.js'
import { mark, unmark } from './world/labels.js'

/** What the audit log calls a row of each table. The other tables leave no trace in it. */
const subjects: Partial<Record<TableName, string>> = {
  organizations: 'ORGANIZATION',
  tokens: 'API_ACCESS_TOKEN',
  members: 'ORGANIZATION_MEMBER',
  invitations: 'ORGANIZATION_INVITATION',
  banners: 'ORGANIZATION_BANNER',
  clusters: 'CLUSTER',
  queues: 'CLUSTER_QUEUE',
  agentTokens: 'CLUSTER_TOKEN',
  maintainers: 'CLUSTER_PERMISSION',
  secrets: 'SECRET',
  teams: 'TEAM',
  teamMembers: 'TEAM_MEMBER',
  grants: 'TEAM_PIPELINE',
  pipelines: 'PIPELINE',
  schedules: 'PIPELINE_SCHEDULE',
  templates: 'PIPELINE_TEMPLATE',
  rules: 'RULE',
  triggers: 'PIPELINE_TRIGGER',
  portals: 'PORTAL',
}

type Writable = Row & { readonly organization?: string | null }

const nameOf = (row: object): string | null => {
  const named = row as Partial<Record<'name' | 'key' | 'label' | 'email' | 'description', string | null>>
  return named.name ?? named.key ?? named.label ?? named.email ?? named.description ?? null
}

/** Writes an event down: who, with which token, did what to what. */
const record = (c: Context, type: string, subjectType: string, row: Writable, data: object) =>
  insert(
    c.state,
    'auditEvents',
    { createdAt: c.now, createdBy: c.viewer.user.uuid },
    {
      organization: row.organization ?? row.uuid,
      type,
      actor: c.viewer.user.uuid,
      subjectType,
      subject: row.uuid,
      subjectName: nameOf(row),
      token: c.byHand ? null : c.viewer.token.uuid,
      ipAddress: c.ipAddress ?? null,
      userAgent: c.userAgent ?? null,
      data: data as Readonly<Record<string, never>>,
    },
  )

/** Unclustered agent tokens are older than clusters, and are called otherwise. */
const subjectOf = (table: TableName, row: Writable) =>
  table === 'agentTokens' && (row as { cluster?: string | null }).cluster === null
    ? 'AGENT_TOKEN'
    : subjects[table]

/** What happened, where it is not that something was created, updated or deleted. */
interface Happened {
  readonly event?: string
}

const log = (
  c: Context,
  table: TableName,
  row: Writable,
  verb: string,
  data: object,
  { event }: Happened,
) => {
  const subject = c.unaudited ? undefined : subjectOf(table, row)
  if (subject) record(c, event ?? `${subject}_${verb}`, subject, row, data)
}

/** Whose hand it is. */
export const principalOf = ({ principal, viewer }: Context): string => principal ?? viewer.user.uuid

/** Makes a row, and an event in the audit log. */
export const make = <Name extends TableName>(
  c: Context,
  table: Name,
  fields: FieldsOf<Name>,
  happened: Happened = {},
): RowOf<Name> => {
  const row = insert(c.state, table, { createdAt: c.now, createdBy: c.viewer.user.uuid }, fields)
  mark(c, table, undefined, row, principalOf(c))
  log(c, table, row, 'CREATED', {}, happened)
  return row
}

/** Changes what a row is by now. What is `undefined` is not changed. */
export const change = <Name extends TableName>(
  c: Context,
  table: Name,
  row: RowOf<Name>,
  changes: { readonly [Field in keyof FieldsOf<Name>]?: RowOf<Name>[Field & keyof RowOf<Name>] | undefined },
  happened: Happened = {},
): RowOf<Name> => {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
  const rows = tableIn(c.state, table)
  const had = get(rows, row.uuid) ?? row
  const changed = put(rows, { ...had, ...given })
  mark(c, table, had, changed, principalOf(c))
  log(c, table, changed, 'UPDATED', given, happened)
  return changed as unknown as RowOf<Name>
}

export const remove = <Name extends TableName>(
  c: Context,
  table: Name,
  row: RowOf<Name>,
  happened: Happened = {},
): void => {
  drop(tableIn(c.state, table), row)
  unmark(c, row.uuid)
  log(c, table, row, 'DELETED', {}, happened)
}

/** What an unpublished text would say; the words are those of the REST API's 403. */
export const allow = (allowed: boolean): void => {
  if (!allowed) throw new Refused("You're not allowed to do that", { status: 403 })
}

/** What something is called when it is not there, or not there for this viewer. */
export const there = <Found>(found: Found | undefined, what: string): Found => {
  if (found === undefined) throw new Refused(`No ${what} found`, { status: 404 })
  return found
}

/** A text as it will be read back. */
export const textOf = <T extends string | null | undefined>(c: Context, text: T): T | null =>
  text === '' && c.switches.blankText === 'null' ? null : text

/** Some fields of a row, each of which may be left out. */
export type Changes<Name extends TableName, Field extends keyof RowOf<Name>> = {
  readonly [F in Field]?: RowOf<Name>[F] | undefined
}

/** What an update wants changed: null clears these fields, and is as good as left out for all others. */
export const wantedOf = <Wanted extends object, Nullable extends keyof Wanted = never>(
  wanted: Wanted,
  nullable: readonly Nullable[] = [],
): {
  readonly [Field in keyof Wanted]?: Field extends Nullable
    ? Exclude<Wanted[Field], undefined>
    : NonNullable<Wanted[Field]>
} =>
  Object.fromEntries(
    Object.entries(wanted).filter(
      ([field, value]) =>
        value !== undefined && (value !== null || (nullable as readonly string[]).includes(field)),
    ),
  ) as never
