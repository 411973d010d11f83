import { describe, expect, test } from 'vitest'
import { readDeclaration } from '../../../src/config/declaration.js'
import type { Span } from '../../../src/model/span.js'
import { filesOf } from '../../support/files.js'

const text = `organization: acme
include: [{ files: more.yaml, may: [clusters, allow, accept, expect] }]
trust:
  admins: [Root@acme.test]
  automation: Bridle@acme.test
teams:
  release: { members: { eve@acme.test: member } }
  web: { members: { ada@acme.test: member } }
defaults:
  queues: { hook: { mode: observe }, agents: { hostname: ["ip-*"] } }
clusters:
  general: { contain: false, queues: { default: {} } }
  production:
    allow: { teams: [release], users: [Ada@acme.test] }
    contain: true
    queues:
      deploy: { instance_role: management/agent, hook: { mode: block } }
      canary:
        allow:
          users: [ada@acme.test]
        held_by: hook
        agents: { hostname: [canary-1, "canary-*.acme.test"] }
        hook: null
    tokens:
      deploy: { allowed_ip_addresses: [10.20.0.0/16], expires_in: 90d, rotate_before: 14d }
      canary: {}
pipelines:
  web: { cluster: general, repository: "git@github.com:acme/web.git" }
accept:
  - { finding: push-to-repository, at: "repository:github.com/acme/web", reason: reviewed, until: 2027-03-01 }
  - { finding: identity-provider, at: organization, reason: owned, until: 2027-03-01, facts: 9f2a }
expect:
  - { who: team:web, cannot: run, on: queue:production/deploy }
  - { who: user:Ada@acme.test, can: watch, on: pipeline:web }
`
const more = `clusters:
  data: { allow: { teams: [web] } }
accept:
  - { finding: bridle-itself, at: organization, reason: ours, until: 2027-01-31 }
expect:
  - { who: outsider, cannot: run, on: queue:production/canary }
`

describe('what files say about access', () => {
  const { wanted, findings } = readDeclaration(
    filesOf({ 'bridle.yaml': text, 'more.yaml': more }),
    'bridle.yaml',
  )
  const shown = ({ file, line, column, length, text }: Span) =>
    `${file}:${line}:${column} ${text.slice(column - 1, column - 1 + length)}`
  const access = wanted!.access

  test('is no finding', () => expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]))

  test('allow, in the order of the addresses, with the place of every name', () => {
    expect(
      access.allow.map(({ on, at, heldBy, teams, users }) => ({
        on,
        at: shown(at),
        heldBy,
        teams: teams.map(({ value, at }) => [value, shown(at)]),
        users: users.map(({ value, at }) => [value, shown(at)]),
      })),
    ).toEqual([
      {
        on: 'cluster:data',
        at: 'more.yaml:2:11 allow',
        teams: [['web', 'more.yaml:2:28 web']],
        users: [],
      },
      {
        on: 'cluster:production',
        at: 'bridle.yaml:14:5 allow',
        teams: [['release', 'bridle.yaml:14:22 release']],
        users: [['ada@acme.test', 'bridle.yaml:14:40 Ada@acme.test']],
      },
      {
        on: 'queue:production/canary',
        at: 'bridle.yaml:19:9 allow',
        heldBy: 'hook',
        teams: [],
        users: [['ada@acme.test', 'bridle.yaml:20:19 ada@acme.test']],
      },
    ])
  })

  test('trust, in lower case', () => {
    expect(access.trust.admins.map(({ value, at }) => [value, shown(at)])).toEqual([
      ['root@acme.test', 'bridle.yaml:4:12 Root@acme.test'],
    ])
    const { value, at } = access.trust.automation!
    expect([value, shown(at)]).toEqual(['bridle@acme.test', 'bridle.yaml:5:15 Bridle@acme.test'])
  })

  test('accept and expect, from every file that may hold them', () => {
    expect(access.accept.map(({ at, ...rest }) => ({ ...rest, at: shown(at) }))).toEqual([
      {
        finding: 'bridle-itself',
        on: 'organization',
        reason: 'ours',
        until: '2027-01-31',
        at: 'more.yaml:4:16 bridle-itself',
      },
      {
        finding: 'identity-provider',
        on: 'organization',
        reason: 'owned',
        until: '2027-03-01',
        facts: '9f2a',
        at: 'bridle.yaml:31:16 identity-provider',
      },
      {
        finding: 'push-to-repository',
        on: 'repository:github.com/acme/web',
        reason: 'reviewed',
        until: '2027-03-01',
        at: 'bridle.yaml:30:16 push-to-repository',
      },
    ])
    expect(access.expect.map(({ at, ...rest }) => ({ ...rest, at: shown(at) }))).toEqual([
      {
        who: 'user:ada@acme.test',
        can: true,
        verb: 'watch',
        on: 'pipeline:web',
        at: 'bridle.yaml:34:12 user:Ada@acme.test',
      },
      {
        who: 'outsider',
        can: false,
        verb: 'run',
        on: 'queue:production/canary',
        at: 'more.yaml:6:12 outsider',
      },
      {
        who: 'team:web',
        can: false,
        verb: 'run',
        on: 'queue:production/deploy',
        at: 'bridle.yaml:33:12 team:web',
      },
    ])
  })

  test('agents, with what a default gives and a null takes away', () => {
    expect(access.agents.map(({ at, ...rest }) => ({ ...rest, at: shown(at) }))).toEqual([
      {
        queue: 'queue:general/default',
        hostname: ['ip-*'],
        hook: { mode: 'observe', jobs: {} },
        at: 'bridle.yaml:10:38 agents',
      },
      {
        queue: 'queue:production/canary',
        hostname: ['canary-1', 'canary-*.acme.test'],
        at: 'bridle.yaml:22:9 agents',
      },
      {
        queue: 'queue:production/deploy',
        hostname: ['ip-*'],
        hook: { mode: 'block', jobs: {} },
        instanceRole: 'management/agent',
        at: 'bridle.yaml:10:38 agents',
      },
    ])
  })

  test('the clusters that may be contained', () => {
    expect(access.contain).toEqual(['cluster:production'])
  })
})
