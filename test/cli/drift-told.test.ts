import { describe, expect, test } from 'vitest'
import { tellChatOfDrift } from '../../src/cli/drift-told.js'
import type { Finding } from '../../src/model/finding.js'
import type { Plan } from '../../src/model/plan.js'
import type { Drifted } from '../../src/model/result.js'
import { worldOf } from '../support/world.js'

const webhook = 'https://hooks.slack.test/services/T0/B0/very-secret'

const plan = (names: readonly string[]): Plan =>
  ({
    format: 'bridle.plan/1',
    organization: 'acme',
    changes: names.map((name) => ({
      address: `team:${name}`,
      verb: 'create',
      fields: [],
      risk: { level: 'safe', why: '' },
    })),
    steps: [],
    undeclared: [],
  }) as unknown as Plan

const finding: Finding = {
  code: 'unreachable',
  severity: 'error',
  what: 'x <y> & z',
  where: [],
  why: '',
  fix: '',
}

const drift = (names: readonly string[]): Drifted => ({
  result: 'drift',
  organization: 'acme',
  findings: [],
  plan: plan(names),
})

/** What is posted where somebody answers so, and what is warned of. */
const told = async (
  result: Drifted,
  env: Record<string, string>,
  answer: () => Promise<Response>,
  sandbox?: string,
) => {
  const posted: { url: string; body: unknown; redirect: unknown }[] = []
  const { machine } = worldOf({
    env,
    fetch: (url, init) => {
      posted.push({ url: url as string, body: JSON.parse(init?.body as string), redirect: init?.redirect })
      return answer()
    },
  })
  return { warnings: await tellChatOfDrift(machine, result, sandbox), posted }
}

const ok = async () => new Response('ok')
const env = { BRIDLE_SLACK_WEBHOOK_URL: webhook }

describe('a chat', () => {
  test('is told the sum, without a name, and where to look', async () => {
    const { warnings, posted } = await told(
      drift(['<!channel>']),
      { ...env, BUILDKITE_BUILD_URL: 'https://buildkite.com/acme/x/builds/1' },
      ok,
    )
    expect(warnings).toEqual([])
    expect(posted).toEqual([
      {
        url: webhook,
        redirect: 'manual',
        body: {
          text: 'bridle drift of acme: 1 difference. `bridle apply` would put it back. <https://buildkite.com/acme/x/builds/1>',
        },
      },
    ])
  })

  test('is told that nothing could be read', async () => {
    const { posted } = await told({ result: 'drift', findings: [finding] }, env, ok)
    expect(posted.map(({ body }) => body)).toEqual([
      { text: 'bridle drift: Nothing was read whole. 1 error.' },
    ])
  })

  test.each([
    ['nothing is wrong', drift([]), env, undefined],
    ['nobody is named', drift(['x']), {}, undefined],
    [
      'somebody stopped it',
      { result: 'drift', findings: [{ ...finding, code: 'interrupted' }] },
      env,
      undefined,
    ],
    ['it is make-believe', drift(['x']), env, 'Sandbox: …'],
  ] as const)('is told nothing where %s', async (_, result, env, sandbox) => {
    expect(await told(result as Drifted, env, ok, sandbox)).toEqual({ warnings: [], posted: [] })
  })

  test.each([
    'http://hooks.slack.test/very-secret',
    'https://u:very-secret@hooks.slack.test/',
    'very-secret',
  ])('is not told over %s', async (url) => {
    const { warnings, posted } = await told(drift(['x']), { BRIDLE_SLACK_WEBHOOK_URL: url }, ok)
    expect(posted).toEqual([])
    expect(warnings).toEqual([expect.stringContaining('has to begin with https://')])
    expect(warnings.join()).not.toContain('very-secret')
  })

  test.each([
    [async () => new Response('no_service very-secret', { status: 404 }), 'it answered with status 404'],
    [
      async () => new Response(null, { status: 302, headers: { location: 'https://elsewhere.test' } }),
      'it answered with status 302',
    ],
    [
      () =>
        Promise.reject(new TypeError('fetch failed', { cause: { code: 'ENOTFOUND', hostname: webhook } })),
      "it can't be reached: ENOTFOUND",
    ],
    [
      () => Promise.reject(new DOMException('very-secret', 'TimeoutError')),
      'it did not answer within 10 seconds',
    ],
  ])('that does not take it is a warning without its address', async (answer, why) => {
    const { warnings } = await told(drift(['x']), env, answer)
    expect(warnings).toEqual([`the webhook was not told: ${why}`])
  })
})

describe('a heartbeat', () => {
  const files = {
    'bridle.yaml': `organization: acme
ignore: { clusters: ["Default cluster"], teams: [everyone] }
aws: { accounts: { management: { id: "111111111111", region: eu-west-1 } } }
drift: { heartbeat: "ssm:management/bridle/heartbeat" }
`,
  }
  const job = { BUILDKITE_JOB_ID: 'job', BUILDKITE_AGENT_ACCESS_TOKEN: 'bkaj_job' }
  const shared = { BUILDKITE_PARALLEL_JOB_COUNT: '2' }

  test.each([
    ['a schedule without a terminal', {}, undefined, true],
    ['a person at a terminal', {}, [], false],
    ['a job, whose agent gives it a terminal', job, [], true],
    ['the first of several jobs', { ...job, ...shared, BUILDKITE_PARALLEL_JOB: '0' }, [], true],
    ['the second of several jobs', { ...job, ...shared, BUILDKITE_PARALLEL_JOB: '1' }, [], false],
  ])('is written by %s: %s', async (_, env, answers, isWritten) => {
    const world = worldOf({ files, env, ...(answers && { answers }) })
    await world.run('apply', '--sandbox', '--yes')
    await world.run('drift', '--sandbox')
    const { stdout } = await world.run('doctor', '--sandbox')
    expect(/works +heartbeat/.test(stdout)).toBe(isWritten)
    expect(/warning +heartbeat/.test(stdout)).toBe(!isWritten)
  })
})
