import { buildSchema, getOperationAST, parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import {
  actualPoints,
  chargesOf,
  requestedPoints,
  usualCost,
  type CostRules,
} from '../../src/sandbox/cost.js'
import { sdl } from '../../src/sandbox/schema/sdl.js'

const schema = buildSchema(sdl)

const asked = (source: string, variables = {}, atMost?: number) => {
  const document = parse(source)
  return chargesOf(schema, document, getOperationAST(document)!, variables, atMost)!
}
const requested = (source: string, variables = {}, rules: Partial<CostRules> = {}) =>
  requestedPoints(schema, asked(source, variables), { ...usualCost, ...rules })
const actual = (source: string, data: unknown, rules: Partial<CostRules> = {}) =>
  actualPoints(asked(source), data, { ...usualCost, ...rules })

describe('requested complexity', () => {
  test.each([
    ['an object', '{ organization(slug: "a") { id name } }', 1],
    ['a page', '{ organization(slug: "a") { pipelines(first: 500) { edges { node { id } } } } }', 503],
    [
      'page information of pages',
      '{ organization(slug: "a") { pipelines(first: 500) { edges { node { teams { pageInfo { hasNextPage } } } } } } }',
      1_503,
    ],
    [
      'a page of pages',
      '{ organization(slug: "a") { pipelines(first: 500) { edges { node { teams(first: 500) { edges { node { id } } } } } } } }',
      251_503,
    ],
    [
      'no page size, so the largest',
      '{ viewer { organizations { edges { node { pipelines(first: 500) { edges { node { repository { url } } } } } } } } }',
      501_503,
    ],
    ['a count alone', '{ organization(slug: "a") { teams(first: 1) { count } } }', 2],
    [
      'page information',
      '{ organization(slug: "a") { teams(first: 10) { pageInfo { endCursor } edges { cursor } } } }',
      4,
    ],
    [
      'nodes without edges',
      '{ organization(slug: "a") { apiAccessTokens(first: 20) { nodes { id owner { id } } } } }',
      42,
    ],
    [
      'a list that is no connection',
      '{ organization(slug: "a") { pipelines(first: 2) { edges { node { tags { label } } } } } }',
      7,
    ],
    ['from the end', '{ organization(slug: "a") { teams(last: 7) { edges { node { id } } } } }', 10],
    ['a field asked twice', '{ organization(slug: "a") { id } organization(slug: "a") { name } }', 1],
    ['a field under two names', '{ a: organization(slug: "a") { id } b: organization(slug: "b") { id } }', 2],
    ['the schema itself', '{ __schema { types { name fields { name } } } }', 0],
    ['a mutation', 'mutation { teamDelete(input: { id: "x" }) { deletedTeamID organization { id } } }', 2],
  ])('of %s', (_, source, points) => {
    expect(requested(source)).toBe(points)
  })

  test('takes page sizes from variables, and nothing from what is skipped', () => {
    const source = `query ($n: Int, $deep: Boolean!) {
      organization(slug: "a") { teams(first: $n) { edges @include(if: $deep) { node { id } } } }
    }`
    expect(requested(source, { n: 20, deep: true })).toBe(23)
    expect(requested(source, { n: 20, deep: false })).toBe(2)
    expect(requested(source, { n: null, deep: true })).toBe(503)
  })

  test('counts what fragments bring along', () => {
    const source = `
      query { organization(slug: "a") { ...Teams } }
      fragment Teams on Organization { teams(first: 10) { edges { node { ...Team } } } }
      fragment Team on Team { id createdBy { id } }`
    expect(requested(source)).toBe(23)
  })

  test('takes the fragments of a node together, or only the dearest', () => {
    const source = `{ node(id: "x") {
      ... on Pipeline { id repository { url } cluster { id } }
      ... on Cluster { id defaultQueue { id } }
      ... on Team { id }
    } }`
    expect(requested(source)).toBe(4)
    expect(requested(source, {}, { fragments: 'dearest' })).toBe(3)
  })

  test('is of the page that will be given, where larger ones are clamped', () => {
    const source = '{ organization(slug: "a") { teams(first: 1000) { edges { node { id } } } } }'
    expect(requestedPoints(schema, asked(source))).toBe(1_003)
    expect(requestedPoints(schema, asked(source, {}, 500))).toBe(503)
  })
})

describe('actual complexity', () => {
  const pipelines =
    '{ organization(slug: "a") { page: pipelines(first: 500) { count edges { node { id tags { label } cluster { id } } } } } }'
  const rows = (count: number, row: object) => ({
    organization: { page: { count, edges: Array.from({ length: count }, () => ({ node: row })) } },
  })

  test('is of the rows that came back', () => {
    expect(actual(pipelines, rows(10, { id: 'x' }))).toBe(13)
    expect(
      actual(pipelines, rows(10, { id: 'x', tags: [{ label: 'a' }, { label: 'b' }], cluster: { id: 'c' } })),
    ).toBe(33)
  })

  test('of nothing is nothing', () => {
    expect(actual(pipelines, null)).toBe(0)
    expect(actual(pipelines, { organization: null })).toBe(0)
    expect(actual(pipelines, { organization: null }, { nulls: 'charged' })).toBe(1)
    expect(actual(pipelines, rows(0, {}))).toBe(3)
  })

  test('can charge each element of a list', () => {
    const row = { id: 'x', tags: [{ label: 'a' }, { label: 'b' }], cluster: null }
    expect(actual(pipelines, rows(1, row), { elements: 'each' })).toBe(6)
    expect(actual(pipelines, rows(1, row), { nulls: 'charged' })).toBe(6)
  })

  test('counts only the fragment that fits', () => {
    const source =
      '{ node(id: "x") { ... on Pipeline { cluster { id } } ... on ClusterQueue { cluster { id createdBy { id } } } } }'
    expect(actual(source, { node: { cluster: { id: 'c' } } })).toBe(2)
    expect(actual(source, { node: { cluster: { id: 'c', createdBy: { id: 'u' } } } })).toBe(3)
  })
})

test('depth counts every level, scalars too, and none of the questions about the schema', () => {
  expect(asked('{ organization(slug: "a") { teams(first: 1) { edges { node { id } } } } }').depth).toBe(5)
  expect(asked('{ __type(name: "Team") { fields { type { ofType { ofType { name } } } } } }').depth).toBe(0)
})
