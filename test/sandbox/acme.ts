import { sandbox, type Options, type Sandbox } from '../../src/sandbox/index.js'
import { newTeamFlags } from '../../src/sandbox/defaults.js'
import { addOrganization, addPerson, addToken, newOrganization } from '../../src/sandbox/seed.js'
import { insert, type State } from '../../src/sandbox/state.js'
import { first, put } from '../../src/sandbox/table.js'

/** A clock that stands still until somebody sleeps. */
export const stopped = (now = Date.parse('2026-11-02T09:00:00.000Z')) => ({
  now: () => now,
  sleep: async (ms: number) => {
    now += ms
  },
})

/** All that the requests of these tests need. */
const enough = [
  'graphql',
  'read_clusters',
  'write_clusters',
  'read_teams',
  'read_pipelines',
  'read_organizations',
]

interface Acme {
  /** How many teams there are. */
  readonly teams?: number
  /** What everybody's token may ask for, and until when. */
  readonly scopes?: readonly string[]
  readonly expiresAt?: string
}

/** An organization with two admins, each with a token of the same name as they have: `ada`, `bob`. And another one. */
export const acme = ({ teams = 0, scopes = enough, expiresAt }: Acme = {}): State => {
  const admin = { email: 'root@acme.test', token: 'root' }
  const state = newOrganization({ slug: 'acme', admin, teams: false })
  const begun = first(state.tables.organizations, 'slug', 'acme')!
  const organization = put(state.tables.organizations, { ...begun, isTeamsEnabled: true }) // and no Everyone
  addOrganization(state, { slug: 'other', admin })
  for (const token of ['ada', 'bob']) {
    const email = `${token}@acme.test`
    addPerson(state, organization, { email, role: 'ADMIN' })
    addToken(state, organization, { email, token, scopes, ...(expiresAt && { expiresAt }) })
  }
  for (let number = 1; number <= teams; number += 1) {
    const name = `team-${number}`
    insert(
      state,
      'teams',
      { createdAt: organization.createdAt, createdBy: null },
      {
        ...newTeamFlags,
        organization: organization.uuid,
        name,
        slug: name,
        description: null,
        privacy: 'VISIBLE',
        isDefaultTeam: false,
        defaultMemberRole: 'MEMBER',
      },
    )
  }
  return state
}

export const open = (options: Partial<Options> = {}): Sandbox =>
  sandbox({ state: acme({ teams: 5 }), clock: stopped(), ...options })

const headersOf = (token: string | null) => ({
  ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  'content-type': 'application/json',
})

interface Asking {
  /** Whose token it is; nobody's, if null. */
  readonly token?: string | null
  readonly headers?: Readonly<Record<string, string>>
}

/** Asks GraphQL something. */
export const ask = async (
  buildkite: Sandbox,
  query: string,
  { variables = {}, token = 'ada', headers = {} }: Asking & { readonly variables?: object } = {},
) => {
  const response = await buildkite.fetch('https://graphql.buildkite.com/v1', {
    method: 'POST',
    headers: { ...headersOf(token), ...headers },
    body: JSON.stringify({ query, variables }),
  })
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) }
}

/** Asks the REST API something: `GET /v2/organizations/acme/teams`. */
export const call = async (
  buildkite: Sandbox,
  request: string,
  { body, token = 'ada', headers = {} }: Asking & { readonly body?: unknown } = {},
) => {
  const [method = '', path = ''] = request.split(' ')
  const response = await buildkite.fetch(`https://api.buildkite.com${path}`, {
    method,
    headers: { ...headersOf(token), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}
