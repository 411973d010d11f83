import { describe, expect, test } from 'vitest'
import { suggest, type Refused } from '../../src/hook/suggestion.js'
import { declare } from '../../src/workflow/declare.js'
import { filesOf } from '../support/files.js'

const { wanted } = declare({
  files: filesOf({
    'bridle.yaml': `
organization: acme
clusters:
  production:
    allow: { teams: [] }
    queues: { deploy: { hook: { mode: block, account: prod, environment: [STAGE] } } }
pipelines:
  web:
    cluster: production
    repository: git@github.com:acme/web.git
    branch_configuration: main release/*
    hook: { environment: [REGION] }
  up: { cluster: production, repository: git@github.com:acme/up.git, default_branch: main }
aws: { accounts: { prod: { id: "111111111111", region: eu-west-1 } } }
`,
  }),
  root: 'bridle.yaml',
  today: '2026-11-22',
})

const of = (key: string, value: string, pipeline = 'web'): Refused => ({ pipeline, key, value })

describe('lines that would let in what was refused', () => {
  test('hold what is allowed already, pipeline by pipeline', () => {
    expect(
      suggest(
        [
          of('sources', 'trigger_job'),
          of('triggered_by', 'up'),
          of('environment', 'TARGET'),
          of('branches', 'no'),
          of('branches', 'hot fix'),
          of('branches', 'fix-1'),
          of('sources', 'api', 'up'),
          of('pull_requests', 'own'),
        ],
        wanted,
      ).lines.join('\n'),
    ).toBe(
      `pipelines:
  up:
    hook:
      sources: [webhook, api]
  web:
    hook:
      branches: [main, "release/*", "no", fix-1]
      environment: [REGION, TARGET]
      pull_requests: own
      sources: [webhook, trigger_job]
      triggered_by: [up]`,
    )
  })

  test('say that they are not all, where no files are there', () => {
    expect(suggest([of('branches', 'fix')], undefined).lines.at(-1)).toBe(
      '      branches: [fix] # beside those that are there',
    )
  })

  test.each([
    of('branches', '*'),
    of('branches', 'release/*'),
    of('branches', '!main'),
    of('tags', 'v*'),
    of('branches', ''),
    of('branches', 'a\nb'),
    of('branches', 'a\u202eb'),
    of('branches', 'a\ufffdb'),
    of('branches', `${'x'.repeat(160)}...`),
    of('environment', 'LD_PRELOAD'),
    of('environment', 'BASH_ENV'),
    of('environment', 'https_proxy'),
    of('environment', 'BUILDKITE_PLUGINS_PATH'),
    of('environment', 'A B'),
    of('sources', 'dispatch'),
    of('triggered_by', 'nobody-declared-it'),
    of('triggered_by', '../x'),
    of('plugins', 'github.com/evil/x-buildkite-plugin#main'),
    of('pull_requests', 'forks'),
    of('commands', 'make'),
    of('role', 'prod/admin'),
    of('branches', 'fix', 'not-declared'),
    of('branches', 'fix', 'a: {}\n  b'),
    of('branches', 'fix', '__proto__'),
  ])('are never made for $key $value of $pipeline', (one) => {
    const { lines, left } = suggest([one], wanted)
    expect(lines).toEqual([])
    expect(left).toEqual([{ ...one, why: expect.any(String) as string }])
  })
})
