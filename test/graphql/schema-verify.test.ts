import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { schemaCounts, schemaDifferences, type Compared } from '../../.ci/schema-differences.js'

const official = `
  "A description that ours does not copy."
  type Query { queue(id: ID!, order: Order = KEY, search: String): Queue node(id: ID!): Node }
  type Mutation {
    queueCreate(input: QueueCreateInput!): QueueCreatePayload
    queueUpdate(input: QueueCreateInput!): QueueCreatePayload
  }
  interface Node { id: ID! }
  type Queue implements Node { id: ID! key: String! note: String paused: Boolean! webhookURL: String owner: Owner }
  type Hook implements Node { id: ID! }
  union Owner = Queue | Hook
  enum Order { KEY RECENTLY_CREATED }
  input QueueCreateInput { key: String! paused: Boolean = false note: String }
  type QueueCreatePayload { queue: Queue! tokenValue: String! }
  scalar DateTime
`

const slice = `
type Query {
  queue(id: ID!, order: Order = KEY): Queue
}
type Mutation {
  queueCreate(input: QueueCreateInput!): QueueCreatePayload
}
interface Node { id: ID! }
type Queue implements Node {
  id: ID!
  key: String!
  owner: Owner
}
type Hook implements Node { id: ID! }
union Owner = Queue | Hook
enum Order { KEY RECENTLY_CREATED }
input QueueCreateInput {
  key: String!
  paused: Boolean = false
}
type QueueCreatePayload { queue: Queue! }
`

const extension = 'extend type Query {\n  node(id: ID!): Node\n}\nscalar DateTime\n'

const operations = `
query Queue($id: ID!) {
  queue(id: $id) { ...Key }
}
fragment Key on Queue { key }
mutation Create($input: QueueCreateInput!) {
  queueCreate(input: $input) {
    tokenValue
  }
}
`

const compared = (change: Partial<Record<'slice' | 'extension' | 'operations', string>> = {}): Compared => ({
  slice: [{ file: 'slice.graphql', text: change.slice ?? slice }],
  extension: [{ file: 'more.graphql', text: change.extension ?? extension }],
  operations: [{ file: 'queue.graphql', text: change.operations ?? operations }],
  official: { file: 'official.graphql', text: official },
})

const first = (all: Compared) => [...schemaDifferences(all)][0]

interface Wrong {
  readonly name: string
  readonly from: string
  readonly to: string
  readonly what: string
  readonly ours?: string
  readonly at?: number
}

const table = (file: string) => parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Wrong[]

const changed = (text: string, { from, to }: Wrong) => {
  expect(text).toContain(from)
  return text.replace(from, () => to)
}

test('what agrees is counted, and no more is said', () => {
  expect([...schemaDifferences(compared())]).toEqual([])
  expect(schemaCounts(compared())).toBe(
    'slice 9 types, 10 fields; with its extension 10 types, 11 fields; 2 operations',
  )
})

describe('a slice can be wrong in many ways, and each is named at its line', () => {
  test.each(table('./wrong-slices.yaml'))('$name', (wrong) => {
    const found = first(compared({ slice: changed(slice, wrong) }))
    expect(found).toMatchObject({
      what: wrong.what,
      at: wrong.at === undefined ? 'slice.graphql' : `slice.graphql:${wrong.at}`,
    })
  })
})

describe('so can an operation', () => {
  test.each(table('./wrong-operations.yaml'))('$name', (wrong) => {
    const found = first(compared({ operations: changed(operations, wrong) }))
    expect(found).toMatchObject({ what: wrong.what, at: `queue.graphql:${wrong.at}` })
    expect(found?.ours).toContain(wrong.ours)
  })
})

test('both sides are shown', () => {
  expect(first(compared({ slice: slice.replace('owner: Owner\n', 'owner: Owner!\n') }))).toEqual({
    at: 'slice.graphql:12',
    what: 'field Queue.owner has another type',
    ours: 'Owner!',
    theirs: 'Owner',
  })
})

test('the extension is held to the same, but for files that no official SDL lists', () => {
  const more = extension + 'type Origin {\n  name: String!\n}\n'
  expect(first(compared({ extension: more }))).toMatchObject({
    at: 'more.graphql:5',
    what: 'type Origin does not exist',
  })
  expect(first({ ...compared({ extension: more }), unpublished: ['more.graphql'] })).toBeUndefined()
})

test('an official file that cannot be read is the first thing said', () => {
  const broken = { ...compared(), official: { file: 'official.graphql', text: 'type Query {\n  oh no' } }
  expect(first(broken)).toMatchObject({ at: 'official.graphql:2', what: 'this cannot be read' })
})
