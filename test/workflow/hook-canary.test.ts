import { describe, expect, test } from 'vitest'
import { CanaryBuild, PipelineNamed } from '../../graphql/api.js'
import { exitOf } from '../../src/cli/exit.js'
import { sealed } from '../../src/model/envelope.js'
import type { GatePayload } from '../../src/model/gate.js'
import { Refusal } from '../../src/model/refusal.js'
import { lockFile } from '../../src/workflow/lock.js'
import { evidenceFile, hookCanary } from '../../src/workflow/hook-canary.js'
import type { Telling, World } from '../../src/workflow/world.js'
import { filesOf } from '../support/files.js'
import { newKey, signerOf } from '../support/policy-key.js'

const files = (canary = 'web-canary', mode = 'block') => `
organization: acme
clusters:
  production:
    allow: { teams: [] }
    queues:
      deploy: { hook: { mode: ${mode}, account: prod${canary === '' ? '' : `, canary: ${canary}`} } }
      other: {}
pipelines:
  web-deploy: { cluster: production, repository: git@github.com:acme/web.git, default_branch: main }
  web-canary: { cluster: production, repository: git@github.com:acme/canary.git, default_branch: trunk }
aws: { accounts: { prod: { id: "111111111111", region: eu-west-1 } } }
`

const uuid = (n: number) => `00000000-0000-4000-8000-00000000000${n}`

/** The cluster of the queue, as the organization has it. */
const here = { name: 'production', uuid: uuid(4) }

const policy: GatePayload = {
  format: 'bridle.gate/1',
  organization: { slug: 'acme', uuid: uuid(3) },
  cluster: here,
  queue: { key: 'deploy', uuid: uuid(5) },
  mode: 'block',
  serial: 7,
  issued_at: '2026-11-01T00:00:00Z',
  pipelines: [
    { slug: 'web-deploy', uuid: 'p-1', repository: 'git@github.com:acme/web.git', branches: ['main'] },
  ],
}

const key = signerOf(newKey())
const begun = Date.UTC(2026, 10, 28, 5)

interface Job {
  readonly state?: string
  readonly exitStatus?: string | null
  readonly signalReason?: string | null
  readonly agent?: string | null
  readonly queue?: string
  /** The uuid of the queue that it is on. */
  readonly on?: string | null
  readonly note?: string
}

interface Setting {
  readonly yaml?: string
  readonly published?: GatePayload | string | null
  readonly signer?: typeof key
  readonly isThere?: boolean
  /** Where the pipeline is. */
  readonly cluster?: { readonly uuid: string; readonly name: string } | null
  /** The uuids of the lock. */
  readonly lock?: Readonly<Record<string, string>>
  /** By look: the last one stays. */
  readonly looks?: readonly (readonly Job[])[]
  readonly evidence?: string
  readonly times?: number
  readonly refuses?: boolean
  /** After so many sleeps, a person stops it. */
  readonly stopsAfter?: number
  /** Why Buildkite says no more once the builds are started. */
  readonly breaksOff?: 'interrupted' | 'unreachable'
}

const refused: Job = {
  state: 'FINISHED',
  exitStatus: '-1',
  signalReason: 'AGENT_REFUSED',
  agent: 'a-1',
  note: '<p><strong>The gate refused</strong> (<code>pipeline</code>, policy 7)</p>',
}

const pageOf = (n: number) => `https://buildkite.com/acme/web-canary/builds/${n}`

const silent: Job = { state: 'FINISHED', exitStatus: '-1', signalReason: 'AGENT_REFUSED', agent: 'a-1' }

const edges = <Node>(nodes: readonly Node[]) => ({
  count: nodes.length,
  edges: nodes.map((node) => ({ node })),
})

const canary = async (setting: Setting = {}) => {
  const { published = policy, looks = [[refused]], isThere = true, signer = key, cluster = here } = setting
  let now = begun
  let looked = 0
  let slept = 0
  const stopping = new AbortController()
  const sent: unknown[] = []
  const value =
    published === null || typeof published === 'string' ? published : await sealed(published, signer)
  const reader = {
    organization: 'acme',
    ask: async (question: { readonly name: string }, variables: { readonly uuid?: string }) => {
      if (question.name === PipelineNamed.name) {
        expect(variables).toEqual({ slug: 'acme/web-canary' })
        return { pipeline: isThere ? { id: 'canary-id', uuid: uuid(2), cluster } : null }
      }
      expect(question.name).toBe(CanaryBuild.name)
      if (setting.breaksOff === 'interrupted') stopping.abort()
      if (setting.breaksOff !== undefined)
        throw new Refusal(setting.breaksOff, 'CanaryBuild: no', { call: 'CanaryBuild' })
      const jobs = looks[Math.min(looked, looks.length - 1)] ?? []
      looked += 1
      return {
        build: {
          url: pageOf(Number(variables.uuid?.slice(2))),
          state: 'RUNNING',
          jobs: edges(
            jobs.map(({ queue = 'deploy', on = uuid(5), agent = null, state = 'SCHEDULED', ...job }, n) => ({
              uuid: `j-${n}`,
              state,
              exitStatus: job.exitStatus ?? null,
              signalReason: job.signalReason ?? null,
              agentQueryRules: [`queue=${queue}`],
              clusterQueue: on === null ? null : { uuid: on },
              agent: agent === null ? null : { name: agent },
            })),
          ),
          annotations: edges(
            jobs.flatMap(({ note }, n) =>
              note === undefined ? [] : [{ context: `bridle-gate-j-${n}`, body: { html: note, text: '' } }],
            ),
          ),
        },
      }
    },
    aws: {
      accounts: [{ name: 'prod', id: '111111111111', region: 'eu-west-1' }],
      identity: async () => ({}),
      parameters: async () =>
        value === null
          ? []
          : [
              {
                name: '/buildkite/production/queues/deploy/policy',
                value,
                type: 'String',
                tier: 'Standard',
                version: 1,
                arn: 'arn',
                tags: {},
              },
            ],
    },
  }
  const conversation = {
    reader: () => reader,
    writer: {
      send: async (call: unknown) => {
        if (setting.refuses === true)
          throw new Refusal('forbidden', 'BuildCreate: no', { call: 'BuildCreate' })
        sent.push(call)
        return { id: 'b', uuid: `b-${sent.length}`, url: pageOf(sent.length) }
      },
    },
  } as unknown as Telling
  const world: World<Telling> = {
    files: filesOf({
      'bridle.yaml': setting.yaml ?? files(),
      ...(setting.evidence !== undefined && { [evidenceFile]: setting.evidence }),
      ...(setting.lock !== undefined && {
        [lockFile]: JSON.stringify({
          format: 'bridle.lock/1',
          organization: 'acme',
          identities: setting.lock,
        }),
      }),
    }),
    root: 'bridle.yaml',
    today: '2026-11-28',
    connect: () => conversation,
    policyKey: key.publicKey,
    signal: stopping.signal,
  }
  const kept = await hookCanary(world, {
    queue: 'queue:production/deploy',
    times: setting.times ?? 1,
    waitSeconds: 60,
    now: () => now,
    sleep: async (ms) => {
      now += ms
      slept += 1
      if (slept === setting.stopsAfter) stopping.abort()
    },
  })
  const { result } = kept
  return {
    ...kept,
    sent,
    seconds: (now - begun) / 1000,
    codes: result.findings
      .map(({ code, severity }) => (severity === 'error' ? code : `(${code})`))
      .filter((one) => !one.startsWith('(')),
    became: result.builds.map(({ became }) => became),
  }
}

test('a canary that is refused by the published policy is kept as evidence', async () => {
  const { result, evidence, sent, codes } = await canary()
  expect(codes).toEqual([])
  expect(sent).toMatchObject([
    { operation: 'BuildCreate', input: { pipelineID: 'canary-id', branch: 'trunk', commit: 'HEAD' } },
  ])
  expect(result).toMatchObject({ recorded: true, serial: 7, pipeline: 'web-canary' })
  expect(JSON.parse(evidence ?? '')).toEqual({
    format: 'bridle.evidence/1',
    organization: 'acme',
    gates: {
      'queue:production/deploy': {
        serial: 7,
        rule: 'pipeline',
        mode: 'block',
        seen_at: '2026-11-28T05:00:00Z',
        build: 'https://buildkite.com/acme/web-canary/builds/1',
        job: 'j-0',
        agent: 'a-1',
      },
    },
    hosts: {},
  })
})

test('what the lock knows is held against what is there, by the names that the files have', async () => {
  const lock = {
    'cluster:old': uuid(4),
    'queue:old/deploy': uuid(5),
    'pipeline:web-canary': uuid(2),
    'pipeline:web-deploy': uuid(7),
  }
  const yaml = files().replace('  production:\n', '  production:\n    was: old\n')
  const { codes, result } = await canary({ lock, yaml })
  expect({ codes, recorded: result.recorded }).toEqual({ codes: [], recorded: true })
})

test('it is waited for, and for what its page says a moment later', async () => {
  const { became, codes, seconds } = await canary({
    looks: [[{}], [{ state: 'RUNNING', agent: 'a-1' }], [silent], [refused]],
  })
  expect({ became, codes, seconds }).toEqual({ became: ['refused'], codes: [], seconds: 12 })
})

test.each<readonly [string, Setting, string, string]>([
  ['runs', { looks: [[{ state: 'FINISHED', exitStatus: '0', agent: 'a-1' }]] }, 'let in', 'canary-let-in'],
  [
    'runs and fails',
    { looks: [[{ state: 'FINISHED', exitStatus: '1', agent: 'a-1' }]] },
    'let in',
    'canary-let-in',
  ],
  ['is taken by nobody', { looks: [[{}]] }, 'not taken', 'canary-not-taken'],
  ['has no job yet', { looks: [[]] }, 'not taken', 'canary-not-taken'],
  ['is for another queue', { looks: [[{ ...refused, queue: 'other' }]] }, 'elsewhere', 'unfit-canary'],
  [
    'is refused on a queue of another cluster that has the same key',
    { looks: [[{}], [{ ...refused, on: uuid(9) }]] },
    'elsewhere',
    'canary-untold',
  ],
  [
    'runs on a queue of another cluster that has the same key',
    { looks: [[{ state: 'FINISHED', exitStatus: '0', agent: 'a-1', on: uuid(9) }]] },
    'elsewhere',
    'canary-untold',
  ],
  [
    'is refused on a queue that nobody names',
    { looks: [[{ ...refused, on: null }]] },
    'elsewhere',
    'canary-untold',
  ],
  ['does not end', { looks: [[{ state: 'RUNNING', agent: 'a-1' }]] }, 'unfinished', 'canary-untold'],
  ['is canceled', { looks: [[{ state: 'CANCELED', agent: 'a-1' }]] }, 'unclear', 'canary-untold'],
  [
    'is refused for its signature',
    { looks: [[{ ...refused, signalReason: 'SIGNATURE_REJECTED' }]] },
    'unclear',
    'canary-untold',
  ],
  ['is refused by something that says nothing', { looks: [[silent]] }, 'refused', 'canary-untold'],
  [
    'is refused by an older gate',
    { looks: [[{ ...refused, note: '(<code>pipeline</code>)' }]] },
    'refused',
    'canary-untold',
  ],
  [
    'is refused since the host lacks something',
    { looks: [[{ ...refused, note: '(<code>installation</code>)' }]] },
    'refused',
    'canary-untold',
  ],
  [
    'is refused by another policy',
    { looks: [[{ ...refused, note: '(<code>pipeline</code>, policy 6)' }]] },
    'refused',
    'canary-other-policy',
  ],
])('a canary that %s is no evidence', async (_, setting, ended, code) => {
  const { result, became, codes, evidence } = await canary(setting)
  expect({ became, codes, evidence, recorded: result.recorded }).toEqual({
    became: [ended],
    codes: [code],
    evidence: undefined,
    recorded: false,
  })
})

test.each<readonly [string, Setting, string]>([
  ['no hook', { yaml: files().replace(/hook: [^\n]*/, '}') }, 'no-gate'],
  ['no canary', { yaml: files('') }, 'no-canary'],
  ['a canary that no file declares', { yaml: files('nobody') }, 'unfit-canary'],
  ['a canary that is not there', { isThere: false }, 'unfit-canary'],
  ['a canary in another cluster', { cluster: { uuid: uuid(8), name: 'general' } }, 'unfit-canary'],
  ['a canary in no cluster', { cluster: null }, 'unfit-canary'],
  [
    'a canary in another cluster of the same name',
    { cluster: { uuid: uuid(8), name: 'production' } },
    'unfit-canary',
  ],
  [
    'another canary than the one of the lock',
    { lock: { 'pipeline:web-canary': uuid(7) } },
    'identity-changed',
  ],
  [
    'another cluster than the one of the lock',
    {
      lock: { 'cluster:production': uuid(7) },
      published: { ...policy, cluster: { ...here, uuid: uuid(7) } },
    },
    'identity-changed',
  ],
  [
    'a policy for another queue than that of the lock',
    { lock: { 'queue:production/deploy': uuid(7) } },
    'unfit-policy',
  ],
  [
    'a policy for another queue',
    { published: { ...policy, queue: { key: 'other', uuid: uuid(5) } } },
    'unfit-policy',
  ],
  ['a lock that is none', { lock: { nobody: 'x' } }, 'broken-lock'],
  ['no policy', { published: null }, 'unfit-policy'],
  ['what is no policy', { published: 'everybody' }, 'unfit-policy'],
  ['a policy of another key', { signer: signerOf(newKey()) }, 'unfit-policy'],
  ['a policy that only watches', { published: { ...policy, mode: 'observe' } }, 'unfit-policy'],
  [
    'a policy that lets the canary in',
    { published: { ...policy, pipelines: [{ slug: 'web-canary', uuid: 'p-2', repository: 'x' }] } },
    'unfit-policy',
  ],
  ['evidence that is none', { evidence: '{}' }, 'broken-evidence'],
  ['a token that may not', { refuses: true }, 'not-permitted'],
])('where there is %s, no canary is started', async (_, setting, code) => {
  const { codes, sent, evidence } = await canary(setting)
  expect({ codes, sent, evidence }).toEqual({ codes: [code], sent: [], evidence: undefined })
})

test('one that is let in takes earlier evidence away, and that of other queues stays', async () => {
  const gate = {
    serial: 7,
    rule: 'pipeline',
    mode: 'block',
    seen_at: '2026-11-28T04:00:00Z',
    build: 'x',
    job: 'x',
    agent: 'x',
  }
  const { result, evidence } = await canary({
    looks: [[{ state: 'FINISHED', exitStatus: '0', agent: 'a-1' }]],
    evidence: JSON.stringify({
      format: 'bridle.evidence/1',
      organization: 'acme',
      gates: { 'queue:production/deploy': gate, 'queue:production/other': gate },
      hosts: {},
    }),
  })
  expect(result.withdrawn).toBe(true)
  expect(Object.keys((JSON.parse(evidence ?? '') as { gates: object }).gates)).toEqual([
    'queue:production/other',
  ])
})

describe('stopped by a person', () => {
  test.each<readonly [string, number, readonly (readonly Job[])[], readonly string[], boolean]>([
    ['the one that waits goes on', 1, [[{}]], ['goes on'], false],
    ['what has ended by then is told', 2, [[refused], [{}]], ['refused', 'goes on'], false],
    [
      'one that ran by then is',
      2,
      [[{ state: 'FINISHED', exitStatus: '0', agent: 'b' }], [{}]],
      ['let in', 'goes on'],
      true,
    ],
  ])('%s', async (_, times, looks, became, isLetIn) => {
    const { result, evidence, codes, ...seen } = await canary({ times, looks, stopsAfter: 1 })
    expect(seen.became).toEqual(became)
    expect(codes).toEqual(isLetIn ? ['interrupted', 'canary-let-in'] : ['interrupted'])
    const [stopped] = result.findings
    expect(stopped?.what).toBe(`the canary goes on: ${pageOf(times)}`)
    expect(evidence).toBeUndefined()
    expect(exitOf(result)).toBe(130)
  })

  test('while it is read, which is refused then', async () => {
    const { became, codes, result } = await canary({ times: 2, looks: [[{}]], breaksOff: 'interrupted' })
    expect({ became, codes }).toEqual({ became: ['goes on', 'goes on'], codes: ['interrupted'] })
    expect(result.findings[0]?.what).toBe(`2 canaries go on: ${pageOf(1)}, ${pageOf(2)}`)
    expect(result.builds.map(({ url }) => url)).toEqual([pageOf(1), pageOf(2)])
  })
})

test('where the answer fails, what was started is named', async () => {
  const { became, codes, result } = await canary({ times: 2, breaksOff: 'unreachable' })
  expect({ became, codes }).toEqual({ became: ['goes on', 'goes on'], codes: ['unreachable'] })
  expect(result.builds.map(({ url }) => url)).toEqual([pageOf(1), pageOf(2)])
})

test('of several every one has to be refused', async () => {
  const { sent, became, result } = await canary({
    times: 3,
    looks: [[refused], [{ state: 'FINISHED', exitStatus: '0', agent: 'b' }], [refused]],
  })
  expect(sent).toHaveLength(3)
  expect(became).toEqual(['refused', 'let in', 'refused'])
  expect(result.recorded).toBe(false)
})
