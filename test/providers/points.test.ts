import { describe, expect, test } from 'vitest'
import * as api from '../../graphql/api.js'
import { countIn } from '../../src/providers/buildkite/counts.js'
import { expectations } from '../../src/providers/buildkite/expectations.js'
import { forecastReading } from '../../src/providers/buildkite/forecast.js'
import { connectionsIn, expectedPoints, requestedPoints } from '../../src/providers/buildkite/points.js'
import { list, question, shipped } from './world.js'

const pipelines = (inner: string) =>
  `query { organization(slug: "acme") { pipelines(first: 500) { edges { node { ${inner} } } } } }`

describe('requested points', () => {
  test.each<[string, string, number]>([
    ['a page of 500, as published', pipelines('id'), 503],
    ['500 in 500, as published', pipelines('teams(first: 500) { edges { node { id } } }'), 251_503],
    [
      'no page size is 500, as published',
      'query { viewer { organizations { edges { node { pipelines(first: 500) { edges { node { repository { url } } } } } } } } }',
      501_503,
    ],
    ['scalars are free', '{ viewer { id name } }', 1],
    ['a count is one point', '{ organization(slug: "a") { teams(first: 1) { count } } }', 2],
    [
      'pageInfo is one point a page',
      '{ organization(slug: "a") { teams(first: 7) { pageInfo { hasNextPage } edges { node { id } } } } }',
      11,
    ],
    ['last is a page size', '{ organization(slug: "a") { teams(last: 7) { edges { node { id } } } } }', 10],
    [
      'a variable with a default',
      'query ($n: Int = 20) { organization(slug: "a") { teams(first: $n) { edges { node { id } } } } }',
      23,
    ],
    ['the same field twice is asked once', '{ viewer { user { id } } viewer { user { name } } }', 2],
    ['aliases are fields of their own', '{ a: viewer { user { id } } b: viewer { user { id } } }', 4],
    [
      'a fragment is its content',
      '{ viewer { ...V } } fragment V on Viewer { user { id } organization { id } }',
      3,
    ],
    [
      'of several types the dearest',
      '{ node(id: "x") { ... on Team { a { id } } ... on Pipeline { a { id } b { id } } } }',
      3,
    ],
    [
      'fragments on one type add up',
      '{ node(id: "x") { ... on Team { a { id } } ... on Team { b { id } } } }',
      3,
    ],
    [
      'a row of a mutation is no list',
      'mutation { teamCreate(input: {}) { teamEdge { made: node { id } } } }',
      3,
    ],
  ])('%s', (_, text, points) => {
    expect(requestedPoints(text)).toBe(points)
  })

  test('no operation of ours asks for more than one query may', () => {
    expect(shipped.length).toBeGreaterThan(20)
    const dear = shipped.filter((one) => requestedPoints(one.document.toString()) > 50_000)
    expect(dear.map(({ name }) => name)).toEqual([])
  })

  test('the largest is the one that the reference works out', () => {
    expect(requestedPoints(String(api.TeamPipelines.document))).toBe(40_404)
    expect(requestedPoints(String(api.Pipelines.document))).toBe(504)
    expect(requestedPoints(String(api.Members.document))).toBe(1_004)
  })
})

describe('expected points', () => {
  test('ten pipelines are 13 points, as published', () => {
    expect(expectedPoints(pipelines('id'), () => 10)).toBe(13)
  })

  test('rows are counted by path, and never more than a page', () => {
    const text =
      '{ organization(slug: "a") { teams(first: 100) { edges { node { members(first: 5) { edges { node { user { id } } } } } } } } }'
    const rows: Record<string, number> = { 'organization.teams': 4, 'organization.teams.members': 2.5 }
    expect(expectedPoints(text, (path) => rows[path])).toBe(3 + 4 * (1 + 2 + 2.5 * 2))
    expect(expectedPoints(text, () => 1_000)).toBe(3 + 100 * (1 + 2 + 5 * 2))
    expect(connectionsIn(text).map(({ path, first }) => [path, first])).toEqual([
      ['organization.teams', 100],
      ['organization.teams.members', 5],
    ])
  })
})

const census = `query { organization(slug: "acme") {
  pipelines(first: 1) { count }
  teams(first: 250) { count edges { node { members(first: 1) { count } } } } } }`
const answer = {
  organization: {
    pipelines: { count: 1_000 },
    teams: { count: 3, edges: [{ node: { members: { count: 2 } } }, { node: { members: { count: 5 } } }] },
  },
}

describe('counts', () => {
  test('are found wherever an answer has them, and averaged over what is around them', () => {
    expect(countIn(census, answer).counted).toEqual({
      'organization.pipelines': 1_000,
      'organization.teams': 3,
      'organization.teams.members': 3.5,
    })
    expect(countIn(census, answer).came).toEqual({
      'organization.pipelines': 0,
      'organization.teams': 2,
      'organization.teams.members': 0,
    })
  })

  test('go by the name of the field, not by the alias', () => {
    const text =
      '{ organization(slug: "a") { page: teams(first: 2) { count edges { node { ...T } } } } } fragment T on Team { members(first: 1) { count } }'
    const teams = { organization: { page: { count: 1, edges: [{ node: { members: { count: 9 } } }] } } }
    expect(countIn(text, teams).counted).toEqual({ 'organization.teams': 1, 'organization.teams.members': 9 })
  })

  test.each([null, undefined, 'text', [], {}, { organization: null }, { organization: { teams: null } }])(
    'of %j are none',
    (data) => {
      expect(countIn(census, data)).toEqual({ counted: {}, came: {} })
    },
  )
})

describe('forecast', () => {
  const rows = list(
    'Rows',
    'query ($after: String) { organization(slug: "a") { page: pipelines(first: 500, after: $after) { count pageInfo { hasNextPage } edges { node { id repository { url } } } } } }',
  )

  test.each([
    [0, 4, 1],
    [500, 1_004, 1],
    [501, 1_004 + 6, 2],
    [1_200, 1_004 * 2 + 404, 3],
  ])('%i rows cost %i points in %i requests', (count, points, graphqlRequests) => {
    expect(forecastReading({ 'organization.pipelines': count }, [rows])).toEqual({
      points,
      graphqlRequests,
      restRequests: 0,
    })
  })

  test('what does not fit a nested page is asked for again', () => {
    const nested = list(
      'Nested',
      '{ organization(slug: "a") { page: teams(first: 100) { edges { node { pipelines(first: 200) { edges { node { id } } } } } } } }',
    )
    const sizes = { 'organization.teams': 10, 'organization.teams.pipelines': 701 }
    expect(forecastReading(sizes, [nested])).toEqual({
      points: 3 + 10 * (3 + 701),
      graphqlRequests: 21,
      restRequests: 0,
    })
  })

  test('questions and REST lists count, too', () => {
    const name = question('Name', '{ organization(slug: "a") { name permissions { teamView { allowed } } } }')
    expect(forecastReading({}, [name], [1, 0, 100, 101])).toEqual({
      points: 3,
      graphqlRequests: 1,
      restRequests: 5,
    })
  })

  const some = list(
    'Some',
    'query ($c: ID, $after: String) { organization(slug: "a") { page: pipelines(first: 100, after: $after, cluster: $c, order: NAME) { count edges { node { id builds(first: 20, state: [RUNNING]) { count edges { node { id } } } } } } } }',
  )

  test('a list of some is no list of all', () => {
    const census = { 'organization.pipelines': 5_000 }
    expect(forecastReading(census, [some]).graphqlRequests).toBe(1)
    expect(forecastReading(census, [some]).points).toBe(3 + 10 * (3 + 10))
    expect(forecastReading({ 'organization.pipelines(cluster: $c)': 200 }, [some]).graphqlRequests).toBe(2)
  })

  test('a list that nobody has counted is taken for a short one', () => {
    expect(forecastReading({}, [rows])).toEqual({ points: 4 + 2 * 10, graphqlRequests: 1, restRequests: 0 })
  })

  test('counts of a list of some leave those of the whole alone', () => {
    const learned = expectations()
    learned.learn('All', '{ organization(slug: "a") { pipelines(first: 1) { count } } }', answer, undefined)
    learned.learn(
      'Some',
      String(some.document),
      { organization: { page: { count: 3, edges: [] } } },
      undefined,
    )
    expect(learned.census).toMatchObject({
      'organization.pipelines': 1_000,
      'organization.pipelines(cluster: $c)': 3,
    })
  })

  test('a close look is walked for each of its clusters, and no dearer for what is elsewhere', () => {
    const close = { readings: [some], clusters: 2, pipelines: 30 }
    const ofFew = forecastReading({ 'organization.pipelines': 50 }, [], [], close)
    expect(ofFew).toEqual({ points: 2 * (3 + 15 * (3 + 1)), graphqlRequests: 2, restRequests: 0 })
    expect(forecastReading({ 'organization.pipelines': 5_000 }, [], [], close)).toEqual(ofFew)
    expect(forecastReading({}, [], [], { ...close, clusters: 0, pipelines: 0 }).points).toBe(0)
  })

  test('the organization of the issue fits 40 requests', () => {
    const sizes = {
      'organization.members': 500,
      'organization.pipelines': 1_000,
      'organization.clusters': 10,
      'organization.clusters.queues': 6,
      'organization.teams': 60,
      'organization.teams.members': 16,
      'organization.teams.pipelines': 50,
    }
    const lists = [
      api.Organization,
      api.Census,
      api.Members,
      api.Clusters,
      api.Teams,
      api.TeamPipelines,
      api.Pipelines,
    ]
    const { points, graphqlRequests, restRequests } = forecastReading(sizes, lists, [1_000, 10, 1])
    expect(graphqlRequests + restRequests).toBeLessThanOrEqual(40)
    expect(points).toBeGreaterThan(2 * 3_000)
  })
})

describe('expectations', () => {
  const text =
    '{ organization(slug: "a") { page: teams(first: 100) { count edges { node { members(first: 50) { count edges { node { id } } } } } } } }'
  const teams = (count: number, rows: number, members: number) => ({
    organization: {
      page: {
        count,
        edges: Array.from({ length: rows }, () => ({
          node: {
            members: {
              count: members,
              edges: Array.from({ length: members }, () => ({ node: { id: 'x' } })),
            },
          },
        })),
      },
    },
  })

  test('begin with a guess, and go by the counts of any answer', () => {
    const learned = expectations()
    expect(learned.cost('Teams', text)).toBe(3 + 10 * (3 + 10))
    learned.learn('Census', census, answer, undefined)
    expect(learned.cost('Teams', text)).toBe(Math.ceil(3 + 3 * (3 + 3.5)))
    expect(learned.census).toMatchObject({ 'organization.pipelines': 1_000 })
  })

  test('reckon what an answer cost where the API does not say', () => {
    expect(expectations().learn('Teams', text, teams(4, 4, 2), undefined)).toBe(3 + 4 * (3 + 2))
  })

  test('take on the weight that the API really charges', () => {
    const learned = expectations()
    const charged = 2 * (3 + 4 * (3 + 2))
    expect(learned.learn('Teams', text, teams(4, 4, 2), charged)).toBe(charged)
    expect(learned.cost('Teams', text)).toBe(charged)
    expect(learned.cost('Other', text)).toBe(charged / 2)
  })
})
