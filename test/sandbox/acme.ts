import { sandbox, type Options, type Sandbox } from '../../src/sandbox/index.js'
import { hashOf } from '../../src/sandbox/context.js'
import { emptyState, insert, type State } from '../../src/sandbox/state.js'

/** A clock that stands still until somebody sleeps. */
export const stopped = (now = Date.parse('2026-11-02T09:00:00.000Z')) => ({
  now: () => now,
  sleep: async (ms: number) => {
    now += ms
  },
})

const at = { createdAt: '2026-01-01T00:00:00.000Z', createdBy: null }
const off = { enabled: false, at: null, by: null }

/** All that the requests of these tests need. */
const scopes = [
  'graphql',
  'read_clusters',
  'write_clusters',
  'read_teams',
  'read_pipelines',
  'read_organizations',
]

const organizationRow = (slug: string) => ({
  slug,
  name: slug,
  public: false,
  iconUrl: null,
  isTeamsEnabled: true,
  allowedApiIpAddresses: null,
  membersRequireTwoFactorAuthentication: false,
  revokeInactiveTokensAfter: 'NEVER' as const,
  restrictUserApiTokenCreation: false,
  defaultBranch: null,
  defaultCluster: null,
  defaultTimeoutInMinutes: null,
  maximumTimeoutInMinutes: null,
  scheduledJobExpiryInMinutes: null,
  hostedAgentsTerminalAccess: off,
  publicPipelineCreation: off,
  advancedQueueMetrics: off,
  buildExports: { enabled: false, location: null, strategyId: null },
  memberPermissions: {
    createPipelines: true,
    deletePipelines: false,
    changePipelineVisibility: false,
    manageAgentTokens: false,
    stopAgents: false,
  },
  templateRequirement: 'NONE' as const,
  features: { clusters: true, teams: true, membersCanCreatePipelines: true, auditLog: true },
})

/** An organization with two admins, each with a token of the same name as they have: `ada`, `bob`. */
export const acme = ({ teams = 0, expiresAt = null as string | null, granted = scopes } = {}): State => {
  const state = emptyState()
  const organization = insert(state, 'organizations', at, organizationRow('acme')).uuid
  insert(state, 'organizations', at, organizationRow('other'))
  for (const name of ['ada', 'bob']) {
    const person = { name, email: `${name}@acme.test`, bot: false, machineUser: false, hasPassword: true }
    const user = insert(state, 'users', at, person).uuid
    insert(state, 'members', at, {
      organization,
      user,
      role: 'ADMIN',
      ssoMode: 'OPTIONAL',
      twoFactorEnabled: true,
      complimentary: false,
      lastSeenAt: null,
    })
    insert(state, 'tokens', at, {
      organization,
      user,
      description: null,
      scopes: granted,
      hash: hashOf(name),
      expiresAt,
      lastAccessedAt: null,
    })
  }
  for (let number = 1; number <= teams; number += 1) {
    const name = `team-${String(number).padStart(4, '0')}`
    insert(state, 'teams', at, {
      organization,
      name,
      slug: name,
      description: null,
      privacy: 'VISIBLE',
      isDefaultTeam: false,
      defaultMemberRole: 'MEMBER',
      membersCanCreatePipelines: false,
      membersCanCreateSuites: false,
      membersCanCreateRegistries: false,
      membersCanDestroyRegistries: false,
      membersCanDestroyPackages: false,
      membersCanDeletePipelines: false,
    })
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
