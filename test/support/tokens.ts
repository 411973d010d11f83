import { sandbox, type Sandbox } from '../../src/sandbox/index.js'
import { unsealed } from '../../src/sandbox/aws/ssm/sealed.js'
import { all } from '../../src/sandbox/table.js'
import { freshState, groundOf, token, type Ground, type How } from './ground.js'

const hourMs = 3_600_000

/** What a store of agent tokens is like at a moment. */
export interface Standing {
  /** The description of each token, in the order of their making, with the time that it has left: `deploy 90d`. */
  readonly tokens: readonly string[]
  /** Which of them, from 1, has its value in SSM; 0 for a value that no token has, nothing where nothing is stored. */
  readonly stored?: number
}

/** An organization, an account beside it, and a clock that moves. */
export interface Tokens {
  readonly ground: Ground
  readonly sandbox: Sandbox
  readonly how: How
  /** What has been said once, so far: by uuid. */
  readonly said: ReadonlyMap<string, string>
  /** Everything that was made known in an answer, and should be nowhere else. */
  secrets(): readonly string[]
  pass(hours: number): void
  standing(): Standing
  /** Somebody makes one by hand. */
  byHand(description: string, more?: object): Promise<void>
}

const daysIn = (ms: number) => `${Math.round(ms / (24 * hourMs))}d`

export const tokensIn = (): Tokens => {
  let time = Date.UTC(2026, 10, 22)
  const clock = {
    now: () => time,
    sleep: async (ms: number) => {
      time += ms
    },
  }
  const said = new Map<string, string>()
  const it = sandbox({ state: freshState(), clock, limits: 'off' })
  const ground = groundOf(it)
  const listening: typeof fetch = async (input, init) => {
    const answer = await it.fetch(input, init)
    if (typeof init?.body !== 'string' || !init.body.includes('TokenCreate')) return answer
    const text = await answer.text()
    const uuid = /"uuid":"([^"]+)"/.exec(text)?.[1]
    const secret = /"secret":"([^"]+)"/.exec(text)?.[1]
    if (uuid !== undefined && secret !== undefined) said.set(uuid, secret)
    return new Response(text, { status: answer.status, headers: answer.headers })
  }
  const rest = async (method: string, path: string, body?: object) => {
    const answer = await it.fetch(`https://api.buildkite.com/v2/organizations/acme/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(await answer.text())
    return (await answer.json()) as { id: string; name: string }[]
  }
  return {
    ground,
    sandbox: it,
    how: { when: () => new Date(time).toISOString(), fetch: listening },
    said,
    secrets: () => [...said.values()],
    pass: (hours) => {
      time += hours * hourMs
    },
    standing: () => {
      const rows = [...all(it.state.tables.agentTokens)]
      const [parameter] = all(it.state.tables.awsParameters)
      const value = parameter && unsealed(it.state, parameter.value)
      const stored = parameter && rows.findIndex(({ uuid }) => said.get(uuid) === value) + 1
      return {
        tokens: rows.map(
          ({ description, expiresAt }) =>
            `${description ?? ''} ${expiresAt === null ? 'for ever' : daysIn(Date.parse(expiresAt) - time)}`,
        ),
        ...(stored !== undefined && { stored }),
      }
    },
    byHand: async (description, more = {}) => {
      const clusters = await rest('GET', 'clusters')
      const { id } = clusters.find(({ name }) => name === 'production')!
      await rest('POST', `clusters/${id}/tokens`, { description, ...more })
    },
  }
}

/** An account, a cluster, and a token of it. */
export const withToken = (token: object = {}, more: object = {}) => ({
  organization: 'acme',
  ignore: { clusters: ['Default cluster'], teams: ['everyone'] },
  aws: { accounts: { management: { id: '111111111111', region: 'eu-west-1' } } },
  clusters: {
    production: {
      queues: { deploy: {} },
      tokens: {
        deploy: {
          allowed_ip_addresses: ['10.20.0.0/16'],
          expires_in: '90d',
          rotate_before: '14d',
          store: 'management/buildkite/production/agent-token/deploy',
          ...token,
        },
      },
      ...more,
    },
  },
})
