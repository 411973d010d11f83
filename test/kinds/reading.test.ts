import { expect, test } from 'vitest'
import type { Reader, RestObject } from '../../graphql/operation.js'
import { maintainer } from '../../src/kinds/buildkite/maintainer.js'
import { pipeline } from '../../src/kinds/buildkite/pipeline.js'
import { rule } from '../../src/kinds/buildkite/rule.js'
import { schedule } from '../../src/kinds/buildkite/schedule.js'
import type { Thing } from '../../src/kinds/index.js'

/** A reader over rows: lists by name, REST lists by path, and whatever is nested comes whole. */
const readerOf = (
  lists: Readonly<Record<string, readonly object[]>>,
  rest: Readonly<Record<string, readonly RestObject[]>> = {},
): Reader =>
  ({
    organization: 'acme',
    async *pages({ name }: { name: string }) {
      yield* lists[name] ?? []
    },
    async *more(rows: readonly object[]) {
      yield* rows
    },
    async *restPages(path: string) {
      yield* rest[path] ?? []
    },
  }) as unknown as Reader

const all = async <Spec>(thing: Thing<Spec>, reader: Reader) => {
  const found: (readonly [string, Spec])[] = []
  for await (const { key, spec } of thing.read(reader)) found.push([key, spec])
  return found
}

const pipelines = [
  { uuid: 'p1', slug: 'web' },
  { uuid: 'p2', slug: 'api' },
]
const ruleRow = (uuid: string, more: object) => ({
  id: uuid,
  uuid,
  type: 'pipeline.trigger_build.pipeline',
  effect: 'ALLOW',
  description: null,
  document: JSON.stringify({
    rule: 'pipeline.trigger_build.pipeline',
    value: { source_pipeline: 'p1', target_pipeline: 'p2', conditions: ['build.branch'] },
  }),
  source: { slug: 'web' },
  target: { slug: 'api' },
  ...more,
})

test('a rule is told by its pipelines, and no rule is dropped', async () => {
  const found = await all(
    rule,
    readerOf({
      Rules: [
        ruleRow('r2', { description: 'the second' }),
        ruleRow('r1', {}),
        ruleRow('r3', { type: 'pipeline.own.pipeline' }),
        ruleRow('r4', { effect: 'DENY' }),
        ruleRow('r5', { document: 'no JSON' }),
        ruleRow('r6', { document: null }),
        ruleRow('r7', { document: JSON.stringify({ value: {} }), source: null }),
        ruleRow('r8', { source: null, target: null }),
      ],
    }),
  )
  expect(found.map(([key, { conditions }]) => [key, conditions])).toEqual([
    ['trigger_build/web/api', ['build.branch']],
    ['trigger_build/web/api/2', ['build.branch']],
    ['own/web/api', ['build.branch']],
    ['pipeline.trigger_build.pipeline (DENY)/web/api', ['build.branch']],
    ['trigger_build/web/api/3', undefined],
    ['trigger_build/web/api/4', undefined],
    ['trigger_build/?/api', []],
    ['trigger_build/?/?', ['build.branch']],
  ])
  expect(found[1]![1].description).toBe('the second')
})

test('schedules of one label are told apart, always in the same way', async () => {
  const row = (uuid: string, more: object) => ({
    id: uuid,
    uuid,
    label: 'nightly',
    cronline: '@daily',
    message: null,
    commit: null,
    branch: null,
    env: ['A=1', 'B=x=y', 'C'],
    enabled: null,
    createdBy: null,
    ...more,
  })
  const found = await all(
    schedule,
    readerOf({
      Schedules: [
        { slug: 'web', schedules: [row('s2', { createdBy: { email: 'Ada@acme.test' } }), row('s1', {})] },
        { slug: 'api', schedules: [row('s3', { label: 'a/b', enabled: false })] },
      ],
    }),
  )
  expect(found.map(([key]) => key)).toEqual(['web/nightly', 'web/nightly/2', 'api/a%2Fb'])
  expect(found[0]![1]).toEqual({
    pipeline: 'web',
    label: 'nightly',
    cronline: '@daily',
    message: null,
    commit: '',
    branch: '',
    env: { A: '1', B: 'x=y', C: '' },
    enabled: undefined,
    created_by: null,
  })
  expect(found[1]![1].created_by).toBe('Ada@acme.test')
})

const clusters = [
  { uuid: 'c1', name: 'general' },
  { uuid: 'c2', name: 'production' },
]
const ada = { id: 'm1', actor: { id: 'u1', type: 'user', name: 'Ada', email: 'Ada@acme.test' } }
const web = { id: 'm2', actor: { id: 't1', type: 'team', slug: 'web' } }

test('maintainers come with the clusters, where they come whole', async () => {
  const found = await all(
    maintainer,
    readerOf(
      { Clusters: clusters },
      {
        clusters: [
          { id: 'c1', name: 'general', maintainers: { users: [ada], teams: [web] } },
          { id: 'c2', name: 'production', maintainers: { users: [], teams: [] } },
        ],
      },
    ),
  )
  expect(found.map(([key]) => key)).toEqual(['general/user/ada@acme.test', 'general/team/web'])
})

test('and from the list of their own where they do not', async () => {
  const found = await all(
    maintainer,
    readerOf(
      { Clusters: clusters },
      {
        clusters: [
          { id: 'c1', maintainers: { users: [{ id: 'u1', email: 'ada@acme.test' }], teams: [] } },
          { id: 'c2' },
        ],
        'clusters/c1/maintainers': [ada],
        'clusters/c2/maintainers': [web],
      },
    ),
  )
  expect(found.map(([key]) => key)).toEqual(['general/user/ada@acme.test', 'production/team/web'])
})

test.each([
  ['a cluster that REST leaves out', [{ id: 'c1', maintainers: { users: [], teams: [] } }]],
  [
    'a maintainer that is neither a user nor a team',
    [
      { id: 'c1', maintainers: { users: [], tokens: [{ id: 'm3', actor: { type: 'token' } }] } },
      { id: 'c2', maintainers: {} },
    ],
  ],
])('%s is no reading at all', async (_name, rows) => {
  await expect(all(maintainer, readerOf({ Clusters: clusters }, { clusters: rows }))).rejects.toMatchObject({
    reason: 'incomplete',
  })
})

test('who made a pipeline, what its Git host is, and switches that bridle has no word for come with the REST list', async () => {
  const row = { repository: 'x', cluster_id: null, configuration: '', tags: [], pipeline_template_uuid: null }
  const found = await all(
    pipeline,
    readerOf(
      { Pipelines: pipelines.map((one) => ({ ...one, visibility: 'PRIVATE', archived: false })) },
      {
        pipelines: [
          {
            ...row,
            id: 'p1',
            created_by: { email: 'ada@acme.test' },
            provider: {
              id: 'github',
              settings: { build_tags: true, build_wiki_edits: true, build_stars: false },
            },
          },
          { ...row, id: 'p2', created_by: null },
        ],
      },
    ),
  )
  expect(
    found.map(([, { created_by, provider, unknown_starts }]) => [created_by, provider, unknown_starts]),
  ).toEqual([
    ['ada@acme.test', 'github', ['build_wiki_edits']],
    [null, null, []],
  ])
})
