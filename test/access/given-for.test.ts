import { expect, test } from 'vitest'
import { accessOf } from '../../src/access/access.js'
import { judge } from '../../src/access/judge.js'
import type { AccessCode } from '../../src/model/access-codes.js'
import type { Address } from '../../src/model/address.js'
import { factsIn } from '../rules/facts.js'
import { at } from './organizations.js'

/** Gates are let into production by a rule, and other pipelines are beside them. */
const organization = [
  'has-queue cluster:production queue:production/deploy',
  'runs-in pipeline:deploy cluster:production',
  'active pipeline:deploy',
  'watches team:watchers pipeline:deploy',
  'belongs user:ada@acme.test organization',
  'in-team user:ada@acme.test team:watchers',
  'maintains-team user:ada@acme.test team:watchers',
  'in-team user:ada@acme.test team:web',
  'has-queue cluster:general queue:general/default',
  'registers-agents token:general/one cluster:general',
  'runs-in pipeline:gate cluster:general',
  'active pipeline:gate',
  'triggers pipeline:gate pipeline:deploy',
  'builds team:release pipeline:gate',
  'runs-in pipeline:web cluster:general',
  'active pipeline:web',
  'builds team:web pipeline:web',
  'builds team:release pipeline:web',
  'unclustered pipeline:old organization',
  'active pipeline:old',
  'triggers pipeline:old pipeline:deploy',
  'unclustered agent:old-1 organization',
]

const judged = (lines: readonly string[]) =>
  judge(accessOf(factsIn(lines).all), {
    borders: [
      {
        on: 'queue:production/deploy',
        cluster: 'cluster:production',
        allowed: new Map(),
        narrowed: false,
        at,
      },
    ],
    accepts: [],
    today: '2026-11-22',
  })

/** By assumption, the digest that its acceptance would carry. */
const digests = (lines: readonly string[]) =>
  new Map(judged(lines).assumed.map(({ finding, at, facts }) => [`${finding} ${at}`, facts]))

const changed = (more: readonly string[], few = organization): readonly string[] => {
  const [before, after] = [digests(few), digests([...few, ...more])]
  return [...before].flatMap(([name, facts]) => (after.get(name) === facts ? [] : [name]))
}

const isOf = (names: readonly AccessCode[], at: Address) => names.map((name) => `${name} ${at}`)

test('one more pipeline that a team watches is one more that its maintainer may come to', () => {
  expect(
    changed([
      'watches team:watchers pipeline:sign',
      'runs-in pipeline:sign cluster:production',
      'active pipeline:sign',
    ]),
  ).toEqual(['observer-maintainers team:watchers', 'trigger-url cluster:production'])
})

test('one more that leads to nothing privileged is not', () => {
  const more = ['watches team:watchers pipeline:docs', 'runs-in pipeline:docs cluster:docs']
  const few = organization.filter((line) => !line.includes('pipeline:old'))
  expect(changed([...more, 'active pipeline:docs'], few)).toEqual([])
})

test('one more way out of a cluster is news to whoever accepted what may happen in it', () => {
  const found = changed([
    'runs-in pipeline:gate-2 cluster:general',
    'active pipeline:gate-2',
    'triggers pipeline:gate-2 pipeline:deploy',
  ])
  expect(found).toEqual(
    isOf(
      [
        'agent-tokens',
        'borrowed-creator',
        'job-tokens',
        'shared-job-data',
        'shared-team-trigger',
        'trigger-url',
      ],
      'cluster:general',
    ),
  )
})

test('so is one more team that may build where it leads out', () => {
  expect(changed(['builds team:web pipeline:gate'])).toContain('borrowed-creator cluster:general')
})

test('and one more way out of what is in no cluster', () => {
  const more = ['triggers pipeline:old pipeline:deploy-2', 'runs-in pipeline:deploy-2 cluster:production']
  expect(changed([...more, 'active pipeline:deploy-2'])).toContain('unclustered organization:')
})

test('one more grant in a cluster and one more rule within it void nothing', () => {
  expect(changed(['builds team:ops pipeline:web', 'triggers pipeline:web pipeline:gate'])).toEqual([])
})

test('one more pipeline in a cluster is one more that may have a trigger URL, and voids nothing else', () => {
  expect(changed(['runs-in pipeline:tools cluster:general', 'active pipeline:tools'])).toEqual([
    'trigger-url cluster:general',
  ])
})
