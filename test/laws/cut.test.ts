import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import type { Address } from '../../src/model/address.js'
import type { Finding } from '../../src/model/finding.js'
import { law } from '../support/law.js'
import { whyOffline } from '../support/why.js'
import { patched } from '../support/patch.js'

const tally = { cut: 0, whole: 0, several: 0, unwritten: 0 }

const teams = ['docs', 'ops', 'web'] as const
const people = ['ada@acme.test', 'Bob@acme.test', 'cy@acme.test'] as const
const slugs = ['api', 'deploy', 'site', 'web'] as const
const levels = ['read_only', 'build_and_read', 'manage_build_and_read'] as const

const some = <Value>(value: fc.Arbitrary<Value>, weight = 1) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight, arbitrary: value })

const team = fc.record({
  members_can_create_pipelines: fc.boolean(),
  is_default_team: some(fc.constant(true)),
  members: fc.dictionary(fc.constantFrom(...people), fc.constantFrom('member', 'maintainer'), { maxKeys: 2 }),
})

const steps = fc.constantFrom(
  'steps: []\n',
  'steps:\n  # who lets it through\n  - block: Go?\n    allowed_teams: [web]   # for now\n  - command: make\n',
  'steps:\n  - group: All\n    steps:\n      - { input: Name, allowed_teams: [docs, web] }\n  - command: echo "${BUILDKITE_MESSAGE}"\n',
  'steps:\n  - block: Go?\n    allowed_teams: web\n  - command: make\n',
)

const pipeline = fc.record({
  cluster: fc.constantFrom('general', 'production', 'production'),
  repository: fc.constantFrom('git@github.com:acme/web.git', 'git@github.com:acme/site.git'),
  teams: fc.dictionary(fc.constantFrom(...teams), fc.constantFrom(...levels), { maxKeys: 2 }),
  provider_settings: some(
    fc.record({
      build_pull_requests: fc.boolean(),
      build_pull_request_forks: fc.boolean(),
      build_release_created: fc.boolean(),
      build_issue_comment_created: fc.boolean(),
    }),
  ),
  allow_rebuilds: some(fc.boolean()),
  visibility: some(fc.constantFrom('public', 'private')),
  steps,
  isFile: fc.boolean(),
})

const rule = fc
  .record({
    type: fc.constantFrom('pipeline.trigger_build.pipeline', 'pipeline.artifacts_read.pipeline'),
    source_pipeline: fc.constantFrom(...slugs),
    target_pipeline: fc.constantFrom(...slugs),
    conditions: some(fc.constant(['source.build.branch == "main"'])),
  })
  .filter(({ source_pipeline, target_pipeline }) => source_pipeline !== target_pipeline)

/** What is written of an organization with a privileged cluster, in two files, in either style of YAML. */
const written = fc.record({
  teams: fc.record({ docs: team, ops: team, web: team }),
  pipelines: fc.uniqueArray(fc.tuple(fc.constantFrom(...slugs), pipeline), {
    selector: ([slug]) => slug,
    minLength: 2,
  }),
  maintainers: fc.record({
    users: fc.uniqueArray(fc.constantFrom(...people), { maxLength: 2 }),
    teams: fc.uniqueArray(fc.constantFrom(...teams), { maxLength: 2 }),
  }),
  rules: fc.array(rule, { maxLength: 3 }),
  defaultCluster: fc.constantFrom('general', 'production', null),
  isFlow: fc.boolean(),
  question: fc.tuple(
    fc.constantFrom('team:web', 'team:docs', 'user:ada@acme.test', 'user:bob@acme.test', 'outsider'),
    fc.constantFrom<Address>('queue:production/deploy', 'queue:production/deploy', 'pipeline:deploy'),
  ),
})

type Written = typeof written extends fc.Arbitrary<infer Value> ? Value : never

const filesIn = (
  { teams, pipelines, maintainers, rules, defaultCluster, isFlow }: Written,
  more: object = {},
) => {
  const names = new Set(pipelines.map(([slug]) => slug))
  const known = new Set<string>()
  const made = rules.filter(({ type, source_pipeline: from, target_pipeline: to }) => {
    const key = `${type} ${from} ${to}`
    const isNew = !known.has(key) && names.has(from) && names.has(to)
    known.add(key)
    return isNew
  })
  const print = (value: object) =>
    stringify(JSON.parse(JSON.stringify(value)), isFlow ? { collectionStyle: 'flow', lineWidth: 60 } : {})
  return {
    'bridle.yaml': print({
      organization: 'acme',
      include: [{ files: 'more/*.yaml', may: ['pipelines', 'rules'] }],
      trust: { admins: ['root@acme.test'], automation: 'bridle@acme.test' },
      settings: { default_cluster: defaultCluster },
      teams: { ...teams, release: { members: { 'eve@acme.test': 'member' } } },
      clusters: {
        general: { queues: { default: {} }, default_queue: 'default' },
        production: { allow: { teams: ['release'] }, maintainers, queues: { deploy: {} } },
      },
      ...more,
    }),
    'more/pipelines.yaml': print({
      pipelines: Object.fromEntries(
        pipelines.map(([slug, { isFile, steps, ...rest }]) => [
          slug,
          { ...rest, ...(isFile ? { steps_file: `steps/${slug}.yaml` } : { steps }) },
        ]),
      ),
      rules: made,
    }),
    ...Object.fromEntries(
      pipelines.flatMap(([slug, { isFile, steps }]) => (isFile ? [[`steps/${slug}.yaml`, steps]] : [])),
    ),
  }
}

/** Somebody may be in no team, before or after: they are not in the files then. */
const besides = (findings: readonly Finding[]) => findings.filter(({ code }) => code !== 'nothing-there')

law(
  'with the difference that `why` prints, the paths are gone',
  written,
  async (drawn) => {
    const files = filesIn(drawn)
    const [who, on] = drawn.question
    const { findings, cut } = await whyOffline(files, who, on)
    expect(besides(findings)).toEqual([])
    if (cut === undefined) return
    tally.cut += 1
    // Where nothing of the files says it, it can't be tried by changing them.
    if (cut.cuts.some(({ before }) => before === undefined)) {
      tally.unwritten += 1
      return
    }
    tally.whole += 1
    tally.several += Number(cut.cuts.length > 1)
    const after = await whyOffline(patched(files, cut.diff ?? ''), who, on)
    expect(besides(after.findings)).toEqual([])
    const left = after.paths.filter(({ sureness }) => sureness === 'open' || cut.leavesAssumed !== true)
    expect(left.map(({ hops }) => hops.map(({ says }) => says))).toEqual([])
  },
  500,
  { few: 40 },
)

/** Roles over such an organization: by tokens of its pipelines, and on from the role of a queue's machines. */
const withRoles = fc.record({
  drawn: written,
  pairs: fc.array(fc.nat(7), { minLength: 1, maxLength: 3 }),
  isChained: fc.boolean(),
  role: fc.constantFrom<Address>('role:prod/x', 'role:prod/y'),
})

const inRoles = { cut: 0, whole: 0, trusts: 0 }

law(
  'and so are those that lead to a role',
  withRoles,
  async ({ drawn, pairs, isChained, role }) => {
    const all = drawn.pipelines.map(([pipeline, { cluster }]) => ({
      pipeline,
      queue: cluster === 'general' ? 'general/default' : 'production/deploy',
    }))
    const trust = [...new Set(pairs.map((n) => n % all.length))].map((n) => all[n])
    const aws = {
      accounts: { prod: { id: '333333333333', region: 'eu-west-1' } },
      oidc_providers: { 'prod/agent.buildkite.com': {} },
      roles: {
        'prod/x': { trust, source_ips: ['10.0.0.0/8'], ...(isChained && { may_assume: ['prod/y'] }) },
        'prod/y': {
          trust: [{ service: 'lambda.amazonaws.com' }, ...(isChained ? [{ role: 'prod/x' }] : [])],
        },
      },
    }
    const files = filesIn(drawn, { aws })
    const [who] = drawn.question
    const { findings, cut } = await whyOffline(files, who, role)
    expect(besides(findings)).toEqual([])
    if (cut === undefined) return
    inRoles.cut += 1
    if (cut.cuts.some(({ before }) => before === undefined)) return
    inRoles.whole += 1
    inRoles.trusts += Number(cut.cuts.some(({ says }) => says.includes('out of the trust of')))
    const after = await whyOffline(patched(files, cut.diff ?? ''), who, role)
    expect(besides(after.findings)).toEqual([])
    const left = after.paths.filter(({ sureness }) => sureness === 'open' || cut.leavesAssumed !== true)
    expect(left.map(({ hops }) => hops.map(({ says }) => says))).toEqual([])
  },
  300,
  { few: 40 },
)

test('and trusts were cut often enough', () => {
  expect(inRoles.trusts).toBeGreaterThan(0)
})

test('that was asked often enough', () => {
  expect(tally.whole).toBeGreaterThan(tally.cut / 2)
  expect(tally.several).toBeGreaterThan(2)
})
