import { edit } from '../../src/sandbox/edit.js'
import { idOf } from '../../src/sandbox/ids.js'
import { sandbox, type Sandbox } from '../../src/sandbox/index.js'
import { addPerson, newOrganization } from '../../src/sandbox/seed.js'
import { all, type Row } from '../../src/sandbox/table.js'
import type { State } from '../../src/sandbox/state.js'
import type { Switches } from '../../src/sandbox/switches.js'
import { ask, stopped } from './acme.js'

export const now = '2026-11-02T09:00:00.000Z'

/** What somebody does by hand, a line each; a quoted word may have spaces. */
export const edited = (state: State, ...lines: readonly string[]): State =>
  lines.reduce((before, line) => {
    const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
    const { state: after, said } = edit(before, words, { now })
    if (!after) throw new Error(`${line}: ${said}`)
    return after
  }, state)

/**
 * An organization with an admin (ada) and members, each with a token of their own name: bob maintains team web, cat
 * is its member, dan is in team ops (which gives him nothing), eve is in no team.
 */
export const begun = (...lines: readonly string[]): State => {
  const state = newOrganization({
    slug: 'acme',
    admin: { email: 'ada@acme.test', token: 'ada' },
    teams: true,
  })
  const [organization] = all(state.tables.organizations)
  for (const name of ['bob', 'cat', 'dan', 'eve'])
    addPerson(state, organization!, { email: `${name}@acme.test`, token: name })
  return edited(
    state,
    'set team:everyone members_can_create_pipelines=false',
    'create team:web members_can_create_pipelines=false',
    'create team:ops members_can_create_pipelines=false',
    'join team:web bob@acme.test maintainer',
    'join team:web cat@acme.test',
    'join team:ops dan@acme.test',
    ...lines,
  )
}

export const opened = (state: State, switches: Partial<Switches> = {}): Sandbox =>
  sandbox({ state, clock: stopped(Date.parse(now)), limits: 'off', switches })

export const world = (...lines: readonly string[]): Sandbox => opened(begun(...lines))

type Tables = State['tables']

/** The one row whose name, slug, key, label, email or description this is. */
export const row = <Name extends keyof Tables>(
  { state }: Sandbox,
  table: Name,
  name: string,
): ReturnType<Tables[Name]['rows']['get']> & object => {
  const rows = all<Row & Record<string, unknown>>(state.tables[table] as never)
  const found = rows.filter((one) =>
    ['slug', 'name', 'key', 'label', 'email', 'description'].some((field) => one[field] === name),
  )
  if (found.length !== 1) throw new Error(`${found.length} rows of ${table} are called ${name}`)
  return found[0] as never
}

const types = {
  organizations: 'Organization',
  clusters: 'Cluster',
  queues: 'ClusterQueue',
  teams: 'Team',
  pipelines: 'Pipeline',
  users: 'User',
  schedules: 'PipelineSchedule',
  templates: 'PipelineTemplate',
} as const

/** The GraphQL id of that row. */
export const id = (buildkite: Sandbox, table: keyof typeof types, name: string): string =>
  idOf(types[table], row(buildkite, table, name).uuid)

/** What came over the wire: a test says what it must be by what it expects. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
export type Json = any

/** Sends a mutation and hands back its payload, or the message of the error that came instead. */
export const mutate = async (
  buildkite: Sandbox,
  name: string,
  input: Readonly<Record<string, unknown>>,
  selection: string,
  token = 'ada',
): Promise<Json> => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
  const query = `mutation Sent($input: ${inputTypes[name] ?? type}!) { sent: ${name}(input: $input) { ${selection} } }`
  const { body } = await ask(buildkite, query, { variables: { input }, token })
  return body.errors ? body.errors[0].message : body.data.sent
}

/** Mutations whose input is not called after them. */
const inputTypes: Readonly<Record<string, string>> = {
  organizationApiIpAllowlistUpdate: 'OrganizationAPIIPAllowlistUpdateMutationInput',
  organizationApiAccessTokenRevoke: 'OrganizationAPIAccessTokenRevokeMutationInput',
  organizationRevokeInactiveTokensAfterUpdate: 'OrganizationRevokeInactiveTokensAfterUpdateMutationInput',
  organizationEnforceTwoFactorAuthenticationForMembersUpdate:
    'OrganizationEnforceTwoFactorAuthenticationForMembersUpdateMutationInput',
}

export const denied = "You're not allowed to do that"
