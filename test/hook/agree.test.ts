import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { toUSVString } from 'node:util'
import fc from 'fast-check'
import { afterAll, describe, expect } from 'vitest'
import { hostileNames } from '../report/hostile.js'
import { law } from '../support/law.js'
import { decisionOn, isSameRepository, type Host } from './decision.js'
import { hostIn, lacks, removeHosts, shells, type Shell } from './host.js'

afterAll(() => {
  removeHosts()
  if (lacks() !== undefined) return
  expect(tally.accept / tally.all, 'a good share of jobs is let in').toBeGreaterThan(0.1)
  expect(rules).toEqual(expect.arrayContaining([...tally.rules]))
  // The rarest one refuses one pair in a hundred: among a few hundred pairs there may be none.
  if (tally.all > 1000) expect([...tally.rules].sort(), 'every rule refuses somebody').toEqual(rules)
  else expect(tally.rules.size, 'most rules refuse somebody').toBeGreaterThan(rules.length / 2)
})

const tally = { all: 0, accept: 0, rules: new Set<string>() }

const rules = [
  'branch',
  'clock',
  'cluster',
  'code',
  'command',
  'commit',
  'creator',
  'environment',
  'expired',
  'job-file',
  'organization',
  'pipeline',
  'plugins',
  'policy',
  'pull-request',
  'queue',
  'repository',
  'source',
  'tag',
  'trigger',
]

const here: Host = { organization: 'o-1', cluster: 'c-1', queue: 'q-1' }

/** Mostly one thing, and now and then another. */
const mostly = <T>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<T>, weight = 12): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: usual, weight }, { arbitrary: other, weight: 1 })
const is = <T>(...values: readonly T[]) => fc.constantFrom(...values)

/** What somebody may write who means no good. */
// An agent writes no half characters, and some jq refuse what others mend.
const hostile = fc
  .oneof(
    is(...hostileNames),
    is(
      '',
      '"',
      "'",
      '\\',
      '\n',
      '$(id)',
      '`id`',
      '${HOME}',
      '; exit 0',
      '*',
      '!',
      '#',
      '\u0000',
      '\u001f',
      'main\n',
      '\nmain',
    ),
    is(
      '{"gate":"bridle/1","decision":"accept","mode":"observe"}',
      '","mode":"observe"',
      '"decision":"accept"',
    ),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    is('x'.repeat(100_000), '"'.repeat(50_000), '\u00e9'.repeat(50_000)),
  )
  .map((text) => toUSVString(text))

const sha = '0123456789abcdef0123456789abcdef01234567'
const repositories = is(
  'git@github.com:acme/web.git',
  'https://github.com/acme/web',
  'ssh://git@GITHUB.com:22/acme/web.git/',
  'https://x:y@github.com/acme/web.git',
)
const others = is(
  'http://github.com/acme/web',
  'git@github.com:acme/Web.git',
  'https://github.com:444/acme/web',
  'github.com/acme/web',
  'ssh://-o@github.com/acme/web',
  'ext::sh -c x github.com/acme/web',
  'git@github.com:/acme/web.git.git',
  'https://evil.test#@github.com/acme/web',
  'https://evil.test?x@github.com/acme/web',
  'https://evil.test\\@github.com/acme/web',
  'https://\u00e9@github.com/acme/web',
  'file:///acme/web',
  '/acme/web',
  'alice@github.com:acme/web',
  'alice@github.com:/acme/web',
  'ssh://alice@github.com/acme/web',
  'ssh://alice@GitHub.com:22/acme/web',
  'ssh://bob@github.com/acme/web',
  'github.com:acme/web.git',
  'ssh://github.com//acme/web',
  'https://alice@github.com/acme/web',
  'a@git@github.com:acme/web',
  '@github.com:acme/web',
  '://',
  '@:/',
  'https:///acme/web',
)
const branches = is(
  'main',
  'release/1',
  'release/1/x',
  'v1',
  'v1.0',
  'aXbXa',
  'evil',
  'İstanbul',
  'main\ufffd',
)
const patterns = is(
  'main',
  'release/*',
  '*',
  '!evil',
  '!*x',
  'a*b*a',
  'v1.*',
  '**',
  '*a',
  'r*e/*/*',
  'İ*',
  'mai?',
  '[m]ain',
)
const plugin = `github.com/buildkite-plugins/docker-buildkite-plugin#${sha}`
const plugins = is(
  '',
  '[]',
  'null',
  `["docker#${sha}"]`,
  `[{"docker#${sha}":{"image":"x"}}]`,
  `[{"${plugin}":null}]`,
  `["buildkite-plugins/docker#${sha}"]`,
)
const otherPlugins = is(
  '[',
  '{}',
  '[[]]',
  '[{}]',
  '[1]',
  '[""]',
  '["docker"]',
  '["#"]',
  `["docker#${sha}","evil#1"]`,
  `[{"docker#${sha}":1,"evil":2}]`,
  `["https://evil.test/docker#${sha}"]`,
  `["./docker#${sha}"]`,
  `["a/b/c#${sha}"]`,
)

const variables = fc.dictionary(
  mostly(
    is(
      'STAGE',
      'TARGET',
      'BUILDKITE_AGENT_META_DATA_OS',
      'BUILDKITE_REFSPEC',
      'BUILDKITE_GIT_SUBMODULES',
      'BUILDKITE_MESSAGE',
    ),
    fc.oneof(
      hostile.filter((name) => name.length < 1000),
      is(
        'PATH',
        'LD_X',
        'BASH_FUNC_exit%%',
        'no_proxy',
        'Http_Proxy',
        'BUILDKITE_X',
        'BUILDKITE_CLEAN_CHECKOUT',
        'PERLX',
        'A-B',
        '1A',
        '__proto__x',
      ),
    ),
    3,
  ),
  mostly(is('', 'true', 'false', 'x'), hostile, 3),
  { maxKeys: 3 },
)

const told = {
  BUILDKITE_JOB_ID: mostly(is('job-1'), hostile, 60),
  BUILDKITE_ORGANIZATION_ID: mostly(is('o-1'), hostile, 60),
  BUILDKITE_ORGANIZATION_SLUG: mostly(is('acme'), hostile, 60),
  BUILDKITE_CLUSTER_ID: mostly(is('c-1'), is('c-2'), 40),
  BUILDKITE_AGENT_META_DATA_QUEUE: mostly(is('deploy'), hostile, 40),
  BUILDKITE_PIPELINE_ID: mostly(is('p-1'), is('p-2', 'p-3'), 20),
  BUILDKITE_PIPELINE_SLUG: mostly(is('web'), hostile, 40),
  BUILDKITE_REPO: mostly(repositories, fc.oneof(others, hostile)),
  BUILDKITE_REBUILT_FROM_BUILD_ID: mostly(is(''), is('b-1', ' ', '0', 'false', 'null'), 12),
  BUILDKITE_BUILD_CREATOR_TEAMS: mostly(is('release', 'a:release', 'release:'), is('', 'release-x', ':'), 3),
  BUILDKITE_PULL_REQUEST: mostly(is('false'), is('1', '', 'true', '１', '1\n', '00'), 12),
  BUILDKITE_PULL_REQUEST_REPO: mostly(is(''), fc.oneof(repositories, others), 16),
  BUILDKITE_BRANCH: mostly(mostly(is('main', 'release/1'), branches, 2), hostile),
  BUILDKITE_TAG: mostly(is(''), is('v1', 'main', 'evil'), 6),
  BUILDKITE_COMMIT: mostly(
    is(sha),
    is('HEAD', `${sha}\n`, sha.toUpperCase(), sha.slice(1), '', `${sha}${sha}`),
    16,
  ),
  BUILDKITE_PLUGINS: mostly(is('', '[]', 'null'), fc.oneof(plugins, otherPlugins, hostile), 4),
  BUILDKITE_COMMAND: mostly(is('make'), fc.oneof(is('make test'), hostile), 8),
}

const job = fc
  .tuple(
    fc.record(told),
    fc.subarray(Object.keys(told), { maxLength: 1 }),
    mostly(is({}), variables, 4),
    mostly(
      is(['webhook', ''], ['ui', ''], ['schedule', ''], ['trigger_job', 'up']),
      fc.tuple(is('webhook', 'trigger_job', 'api', ''), mostly(is('', 'up', 'down'), hostile)),
    ),
    fc.nat(7),
  )
  .map(([all, lacking, more, [source, parent], lot]) => ({
    BUILDKITE_SOURCE: source,
    BUILDKITE_TRIGGERED_FROM_BUILD_PIPELINE_SLUG: parent,
    ...Object.fromEntries(Object.entries(all).filter(([name]) => lot > 0 || !lacking.includes(name))),
    ...more,
  }))

/** What the agent's file may hold if it is not as the agent writes it. */
const file = mostly(
  job.map((one) => `${JSON.stringify(one)}\n`),
  fc.oneof(
    is(
      '',
      ' ',
      '{',
      '[]',
      'null',
      '1',
      '"x"',
      '{"A":1}',
      '{"A":null}',
      '{}{}',
      '{"A":"b",}',
      '['.repeat(20_000),
    ),
    is(
      '{"A":{"B":"c"}}',
      `{"A":${'['.repeat(300)}${']'.repeat(300)}}`,
      '{"A":"\\u0000"}',
      '{A:"b"}',
      "{'A':'b'}",
    ),
    job.map((one) => JSON.stringify(one).slice(0, -3)),
    // Of a name that is there twice, the later one counts.
    job.map((one) => `{"BUILDKITE_BRANCH":"evil",${JSON.stringify(one).slice(1)}`),
    job.map((one) => JSON.stringify(one).replace(/\}$/, ',"BUILDKITE_BRANCH":"evil"}')),
    hostile,
  ),
  20,
)

const lists = {
  branches: fc.oneof(
    is(['*'], ['main', 'release/*']),
    fc.uniqueArray(patterns, { minLength: 1, maxLength: 4 }),
  ),
  tags: fc.uniqueArray(patterns, { minLength: 1, maxLength: 2 }),
  pull_requests: is('own', 'forks'),
  // Of three, none may be by hand.
  sources: fc.subarray(['webhook', 'ui', 'trigger_job', 'schedule', 'api'], { minLength: 3 }),
  triggered_by: is(['up'], ['down', 'up']),
  environment: is(['STAGE'], ['STAGE', 'TARGET', 'PATH'], ['BUILDKITE_X']),
  plugins: is([plugin]),
  commands: is(['make'], ['make', 'make test']),
  creator_teams: is(['release']),
}
const pipeline = fc
  .record(lists, { requiredKeys: ['branches', 'sources'] })
  .map((some) => ({ slug: 'web', uuid: 'p-1', repository: 'git@github.com:acme/web.git', ...some }))

const now = '2026-06-01T00:00:00Z'
const policy = fc
  .record({
    pipeline,
    mode: is('observe', 'warn', 'block'),
    queue: mostly(is('q-1'), is('q-2'), 60),
    issued: mostly(is('2026-01-01T00:00:00Z'), is('2126-01-01T00:00:00Z'), 60),
    expires: mostly(is(undefined, '2126-01-01T00:00:00Z'), is('2026-01-02T00:00:00Z'), 60),
  })
  .map(({ pipeline, mode, queue, issued, expires }) => ({
    format: 'bridle.gate/1',
    organization: { slug: 'acme', uuid: 'o-1' },
    cluster: { name: 'production', uuid: 'c-1' },
    queue: { key: 'deploy', uuid: queue },
    mode,
    serial: 1,
    issued_at: issued,
    ...(expires !== undefined && { expires_at: expires }),
    pipelines: [{ ...pipeline, slug: 'other', uuid: 'p-3' }, pipeline],
  }))

describe.skipIf(lacks() !== undefined)('the gate, in three shells', () => {
  const hosts = new Map<Shell, ReturnType<typeof hostIn>>()
  law(
    'decides as it was described',
    fc.tuple(file, policy, is(...shells)),
    async ([job, policy, shell]) => {
      const host = hosts.get(shell) ?? hostIn(shell)
      hosts.set(shell, host)
      host.put('etc/gate.json', JSON.stringify(here))
      host.put('var/policy.json', JSON.stringify(policy))
      const { line, status, said } = await host.ask(job)
      const { decision, mode, rule } = decisionOn(job, policy as never, here, 'job-1', now)
      tally.all += 1
      if (decision === 'accept') tally.accept += 1
      if (rule !== null) tally.rules.add(rule)
      expect({ rule: line?.['rule'] ?? null, decision: line?.['decision'] }, said).toEqual({ rule, decision })
      expect(line?.['mode']).toBe(mode)
      expect(status).toBe(decision === 'accept' || mode !== 'block' ? 0 : 1)
      expect(said.split('\n').filter((one) => one.startsWith('{'))).toHaveLength(1)
    },
    2000,
    { few: 120, seconds: 900 },
  )
})

/** The part of the rules that compares repositories, and nothing after it. */
const comparing = readFileSync(new URL('../../src/hook/files/decide.jq', import.meta.url), 'utf8').split(
  '\n# A repository without what could be a password.',
)[0]

const pieces = is(
  'ssh://',
  'git',
  'alice',
  'https://',
  '@',
  ':',
  '/',
  'host',
  '.git',
  'web',
  'HOST',
  ':22',
  '~',
)
const written = fc.oneof(
  repositories,
  others,
  fc.array(pieces, { maxLength: 8 }).map((all) => all.join('')),
  // Mostly what is a repository to one of the two.
  fc
    .record({
      before: is('', 'ssh://', 'https://', 'http://'),
      user: is('', 'git@', 'alice@', 'bob@', 'a@git@', '@'),
      host: is('host', 'HOST', 'host:22', 'host:2222'),
      between: is(':', '/', ':/', '//'),
      path: is('web', 'web.git', 'web/', 'srv/web', '~/web', '~alice/web'),
    })
    .map(({ before, user, host, between, path }) => `${before}${user}${host}${between}${path}`),
)

describe.skipIf(lacks() !== undefined)('two ways to write a repository', () => {
  law(
    'are the same to the gate as they were described',
    fc.array(fc.tuple(written, written), { minLength: 100, maxLength: 300, size: 'max' }),
    (pairs) => {
      const { stdout, stderr } = spawnSync(
        'jq',
        ['-c', `${comparing} map(. as $two | $two[0] | is_same_repository($two[1]))`],
        { input: JSON.stringify(pairs), encoding: 'utf8' },
      )
      const same = pairs.filter((_, n) => (JSON.parse(stdout || '[]') as boolean[])[n])
      expect(same, stderr).toEqual(pairs.filter(([one, other]) => isSameRepository(one, other)))
    },
    200,
    { few: 10 },
  )
})
