import { expect, test } from 'vitest'
import type { Machine } from '../../src/cli/machine.js'
import { shipped } from '../../src/hook/shipped.js'
import { worldOf } from '../support/world.js'

const uuid = (last: string) => `11111111-2222-4333-8444-55555555555${last}`
const files = {
  'bridle.yaml': `organization: acme
trust: { admins: [root@acme.test], automation: bridle@acme.test }
teams: { release: { members: { eve@acme.test: member } } }
clusters:
  production:
    allow: { teams: [release] }
    queues: { deploy: { hook: { mode: block, account: management } } }
pipelines:
  web: { cluster: production, repository: "git@github.com:acme/web.git", default_branch: main, teams: { release: build_and_read } }
aws:
  accounts: { management: { id: "111111111111", region: eu-west-1 } }
`,
  'bridle.lock.yaml': `format: bridle.lock/1
organization: acme
identities: { "cluster:production": ${uuid('2')}, "queue:production/deploy": ${uuid('3')} }
allowed: {}
`,
  // Of a public key that nobody has the other half of.
  'key.json':
    '{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}',
}
const report = (state: 'ok' | 'failed') =>
  JSON.stringify({
    format: 'bridle.host/1',
    hostname: 'host-1',
    checked_at: '2026-11-02T09:00:00Z',
    by: 'buildkite-agent',
    ok: state === 'ok',
    queue: uuid('3'),
    hooks: '/etc/buildkite-agent/hooks',
    files: '',
    failed: [],
    checks: [{ name: 'files', weight: 'gate', state, saw: 'some\u001b[31m', why: 'so', fix: 'do' }],
  })

/** A machine on which one program answers. */
const world = (answer: ReturnType<Machine['run']>, answers?: readonly boolean[]) => {
  const asked: Parameters<Machine['run']>[] = []
  const made = worldOf({
    files,
    env: { BRIDLE_POLICY_KEY_FILE: 'key.json' },
    run: (...words) => {
      asked.push(words)
      return answer
    },
    ...(answers && { answers }),
  })
  return { ...made, ran: asked }
}
const install = ['hook', 'install', 'production/deploy', '--organization-uuid', uuid('1')]

test('an install runs the printed script by sh, and says what it said', async () => {
  const host = world({ status: 0, stdout: 'bridle: nothing to change\n', stderr: '' }, [true])
  expect(await host.run(...install, '--replace')).toMatchObject({
    code: 0,
    stdout: 'bridle: nothing to change\n',
  })
  const printed = await host.run(
    'hook',
    'print',
    'production/deploy',
    '--script',
    '--organization-uuid',
    uuid('1'),
  )
  expect(host.ran).toMatchObject([['/bin/sh', ['-s', '--', '--replace'], { input: printed.stdout }]])
})

test('an install that nobody agreed to runs nothing', async () => {
  for (const answers of [[false], undefined]) {
    const host = world(undefined, answers)
    expect((await host.run(...install)).code).toBe(5)
    expect(host.ran).toEqual([])
  }
})

test('an install that failed says why', async () => {
  const failed = world({ status: 1, stdout: 'bridle: wrote /x\n', stderr: 'bridle: FAILED: no agent\n' })
  const { code, output } = await failed.run(...install, '--yes')
  expect(code).toBe(11)
  expect(output).toContain('bridle: wrote /x\nerror[not-installed]: no agent\n')
  const none = world({ status: 1, stdout: 'The gate is void: spawn.\n', stderr: '' })
  expect((await none.run(...install, '--yes')).output).toContain(
    'error[not-installed]: the gate does not stand',
  )
})

test('a check has this machine look at itself, and writes it down', async () => {
  const host = world({ status: 1, stdout: report('failed'), stderr: '' })
  const { code, stdout } = await host.run('hook', 'install', '--check', '--agent-user', 'ci')
  expect(code).toBe(11)
  expect(stdout).not.toContain('\u001b')
  expect(host.ran).toEqual([
    [
      '/bin/sh',
      ['-c', shipped['check-host'], 'check-host', '--format', 'json', '--agent-user', 'ci'],
      expect.anything(),
    ],
  ])
  expect(JSON.parse(host.files['bridle.evidence.json'] ?? '')).toMatchObject({
    hosts: { 'queue:production/deploy': [{ hostname: 'host-1', ok: false }] },
  })
})

test('a check says what it can not tell', async () => {
  const silent = world({ status: 2, stdout: '', stderr: 'check-host: that is no user' })
  expect(await silent.run('hook', 'install', '--check')).toMatchObject({ code: 2 })
  const other = world({ status: 0, stdout: report('ok'), stderr: '' })
  expect((await other.run('hook', 'install', '--check', 'production/other')).output).toContain(
    'error[no-gate]',
  )
  const json = await other.run('hook', 'install', '--check', '--format', 'json', '--out', 'seen.json')
  expect(JSON.parse(json.stdout)).toMatchObject({
    result: 'hook-check',
    recorded: 'seen.json',
    findings: [{ code: 'other-host-files' }],
  })
})
