import { expect, expectTypeOf, test } from 'vitest'
import * as api from '../../graphql/api.js'
import type { Connection, Given, List, NodeOf, PageOf } from '../../graphql/operation.js'
import { call, rest } from '../../src/kinds/call.js'
import { addressOf } from '../../src/model/address.js'
import { idOf, organizationId, slugOf } from '../../src/model/ref.js'

type ResultOf<Operation> = Operation extends List<infer Result, never> ? Result : never
type RowOf<Operation> = NodeOf<PageOf<ResultOf<Operation>>>

test('the rows of a list are those of the connection it calls `page`, however deep', () => {
  type Cluster = RowOf<typeof api.Clusters>
  expectTypeOf<Cluster['name']>().toEqualTypeOf<string>()
  expectTypeOf<Cluster['queues']>().toExtend<Connection<unknown> | null>()

  type Queue = RowOf<typeof api.ClusterQueues>
  expectTypeOf<Queue['dispatchPaused']>().toEqualTypeOf<boolean>()
  expectTypeOf<NodeOf<NonNullable<Cluster['queues']>>>().toEqualTypeOf<Queue>()

  type Team = RowOf<typeof api.Teams>
  expectTypeOf<NodeOf<NonNullable<Team['members']>>>().toEqualTypeOf<RowOf<typeof api.TeamMembers>>()

  type TeamOfGrants = RowOf<typeof api.TeamPipelines>
  expectTypeOf<NodeOf<NonNullable<TeamOfGrants['pipelines']>>>().toEqualTypeOf<
    RowOf<typeof api.PipelinesOfTeam>
  >()

  expectTypeOf<RowOf<typeof api.Pipelines>['archived']>().toEqualTypeOf<boolean>()
  expectTypeOf<RowOf<typeof api.PipelineDetails>['tags']>().toEqualTypeOf<{ label: string }[]>()
  expectTypeOf<RowOf<typeof api.Members>['user']['email']>().toEqualTypeOf<string>()
})

/** As `Reader.pages` takes them. */
const walked = <Result, Variables>(list: List<Result, Variables>, given: Given<Variables>) => [
  list.name,
  given,
]

test('a caller gives neither the organization nor the place in the list', () => {
  expect(walked(api.Clusters, {})).toEqual(['Clusters', {}])
  expect(walked(api.ClusterQueues, { cluster: 'c' })).toEqual(['ClusterQueues', { cluster: 'c' }])
  expect(walked(api.TeamMembers, { team: 'acme/web' })).toEqual(['TeamMembers', { team: 'acme/web' }])
  // @ts-expect-error -- which cluster?
  walked(api.ClusterQueues, {})
  // @ts-expect-error -- the reader knows the organization
  walked(api.ClusterQueues, { cluster: 'c', organization: 'acme' })
})

test('a call says what was written and nothing else, with a Ref where an id is not known yet', () => {
  const cluster = idOf(addressOf('cluster', 'ios'))
  expect(
    call(
      api.QueueCreate,
      { organizationId, clusterId: cluster, key: 'm2', description: undefined },
      { gate: 'opens' },
    ),
  ).toEqual({
    via: 'graphql',
    operation: 'QueueCreate',
    input: { organizationId, clusterId: cluster, key: 'm2' },
    repeatable: false,
    gate: 'opens',
  })
  expect(call(api.QueueUpdate, { organizationId, id: 'q', description: null })).toEqual({
    via: 'graphql',
    operation: 'QueueUpdate',
    input: { organizationId, id: 'q', description: null },
    repeatable: true,
  })
})

test('a Ref may stand deep in an input, and nothing unwritten is said there either', () => {
  const cluster = idOf(addressOf('cluster', 'general'))
  const made = call(api.PipelineUpdate, {
    id: 'p',
    clusterId: cluster,
    allowRebuilds: true,
    tags: [{ label: 'a' }],
    repository: { url: 'git@github.com:acme/web.git' },
    steps: undefined,
  })
  expect(made.input['clusterId']).toEqual(cluster)
  expect(Object.keys(made.input)).not.toContain('steps')
  expect(Object.keys((made.input['tags'] as object[])[0]!)).toEqual(['label'])
})

test('the compiler refuses a field that the API does not have, and a Ref where no id is wanted', () => {
  // @ts-expect-error -- a queue has no name
  call(api.QueueCreate, { organizationId, clusterId: 'c', key: 'm2', name: 'M2' })
  // @ts-expect-error -- a key is not an id
  call(api.QueueCreate, { organizationId, clusterId: 'c', key: organizationId })
  // @ts-expect-error -- the cluster is missing
  call(api.QueueCreate, { organizationId, key: 'm2' })
})

test('a REST call says whether it may be repeated', () => {
  const slug = slugOf(addressOf('pipeline', 'web'))
  expect(
    rest('PATCH', ['pipelines', slug], { slug: 'web-2', name: undefined }, { repeatable: true }),
  ).toEqual({
    via: 'rest',
    method: 'PATCH',
    path: ['pipelines', slug],
    body: { slug: 'web-2' },
    repeatable: true,
  })
})
