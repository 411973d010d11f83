import { expect, test } from 'vitest'
import { hookCheck } from '../../src/workflow/hook-check.js'

const uuid = (last: string) => `11111111-2222-4333-8444-55555555555${last}`
const none = '00000000-0000-0000-0000-000000000000'
const now = '2026-11-28T12:00:00Z'
const deploy = 'queue:production/deploy'

const root = `organization: acme
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
`
const lockWith = (queue?: string) => `format: bridle.lock/1
organization: acme
identities: { "cluster:production": ${uuid('2')}${queue === undefined ? '' : `, "queue:production/deploy": ${queue}`} }
allowed: {}
`
const declared = (lock: string) => ({
  files: {
    read: (path: string) => {
      const text = { 'bridle.yaml': root, 'bridle.lock.yaml': lock }[path]
      return text === undefined ? { no: 'missing' as const } : { bytes: new TextEncoder().encode(text) }
    },
    list: () => [],
  } as never,
  root: 'bridle.yaml',
  today: '2026-11-28',
})

const reportWith = (changed: object = {}) =>
  JSON.stringify({
    format: 'bridle.host/1',
    hostname: 'host-1',
    checked_at: now,
    by: 'root',
    ok: true,
    queue: uuid('3'),
    hooks: '/etc/buildkite-agent/hooks',
    files: '',
    failed: [],
    checks: [{ name: 'files', weight: 'gate', state: 'ok', saw: '', why: '', fix: '' }],
    ...changed,
  })

interface Asked {
  readonly lock?: string
  readonly report?: object
  readonly queue?: 'queue:production/deploy'
  readonly policy?: object
}
const answerTo = ({ lock = lockWith(uuid('3')), report = {}, queue, policy }: Asked) =>
  hookCheck(declared(lock), {
    text: reportWith(report),
    name: 'report',
    queue,
    now,
    policy: policy && { name: 'policy.json', policy: policy as Readonly<Record<string, unknown>> },
  })

const policyWith = (queue: object) => ({ cluster: { name: 'production', uuid: uuid('2') }, queue })

test.each<readonly [string, Asked]>([
  ['of a queue that the lock knows', {}],
  ['of the queue that was named', { queue: deploy }],
  ['by a clock that is a little ahead', { report: { checked_at: '2026-11-28T12:04:00Z' } }],
  [
    'of the queue of a policy that was named, where the lock does not know it',
    { lock: lockWith(), queue: deploy, policy: policyWith({ key: 'deploy', uuid: uuid('3') }) },
  ],
])('a report %s is written down', (_, asked) => {
  const { checked, evidence = '{}' } = answerTo(asked)
  expect(checked.queue).toBe(deploy)
  expect(JSON.parse(evidence)).toMatchObject({ hosts: { [deploy]: [{ hostname: 'host-1' }] } })
})

test.each<readonly [string, Asked, string]>([
  [
    'by a clock that is far ahead',
    { report: { checked_at: '2026-11-28T12:06:00Z' } },
    'host host-1 says that it looked at 2026-11-28T12:06:00Z, which is yet to come',
  ],
  [
    'of any queue, where the lock knows none of that name',
    { lock: lockWith(), queue: deploy },
    'nobody here can tell whether host host-1 is of queue:production/deploy: bridle.lock.yaml does not know its uuid',
  ],
  [
    'of no queue, where the lock knows nothing of it but that it is there',
    { lock: lockWith(none), report: { queue: none } },
    'the report of host host-1 is of a queue that bridle.lock.yaml does not know',
  ],
  [
    'of a queue without an identity, where one is named',
    { lock: lockWith(none), report: { queue: none }, queue: deploy },
    'nobody here can tell whether host host-1 is of queue:production/deploy: bridle.lock.yaml does not know its uuid',
  ],
  [
    'of another queue than that of the policy',
    { lock: lockWith(), queue: deploy, policy: policyWith({ key: 'deploy', uuid: uuid('4') }) },
    'host host-1 was told another queue than queue:production/deploy',
  ],
  [
    'by the policy of another queue',
    { lock: lockWith(), queue: deploy, policy: policyWith({ key: 'other', uuid: uuid('3') }) },
    'policy.json is no policy of queue "production/deploy"',
  ],
  [
    'of another queue than that of the lock, whatever a policy says',
    { report: { queue: uuid('4') }, queue: deploy, policy: policyWith({ key: 'deploy', uuid: uuid('4') }) },
    'host host-1 was told another queue than queue:production/deploy',
  ],
])('a report %s is not', (_, asked, what) => {
  const { checked, evidence } = answerTo(asked)
  expect(checked.findings.map((one) => one.what)).toEqual([what])
  expect(evidence).toBeUndefined()
})

test('a report names its machine, or does not', () => {
  const machine = '0123456789abcdef'.repeat(4)
  const seen = (report: object) =>
    (JSON.parse(answerTo({ report }).evidence ?? '{}') as { hosts: Record<string, readonly object[]> }).hosts[
      deploy
    ]
  expect(seen({ machine })).toEqual([expect.objectContaining({ hostname: 'host-1', machine })])
  for (const report of [{ machine: '' }, {}]) expect(seen(report)?.[0]).not.toHaveProperty('machine')
  expect(answerTo({ report: { machine: 'rack 7' } }).checked.findings[0]?.what).toBe(
    'report is no report of a host',
  )
})
