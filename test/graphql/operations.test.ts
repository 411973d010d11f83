import { readdirSync, readFileSync } from 'node:fs'
import {
  buildSchema,
  getNamedType,
  isCompositeType,
  Kind,
  parse,
  specifiedRules,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type OperationDefinitionNode,
} from 'graphql'
import { describe, expect, test } from 'vitest'
import * as api from '../../graphql/api.js'
import { sdl } from '../../src/sandbox/schema/sdl.js'

const documentsIn = (folder: string): DocumentNode => ({
  kind: Kind.DOCUMENT,
  definitions: readdirSync(new URL(folder, import.meta.url)).flatMap(
    (name) => parse(readFileSync(new URL(folder + name, import.meta.url), 'utf8')).definitions,
  ),
})

const schema = buildSchema(sdl)
const ours = documentsIn('../../graphql/operations/')
const clients = documentsIn('./clients/')

const operationsOf = (document: DocumentNode) =>
  document.definitions.filter((one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION)

/** Rows that a connection is asked for; 500 where it is not said. */
const pageOf = (field: FieldNode) => {
  const size = field.arguments?.find(({ name }) => name.value === 'first' || name.value === 'last')?.value
  return size?.kind === Kind.INT ? Number(size.value) : 500
}

/**
 * What Buildkite charges before it answers, and how deep the answer goes: an object costs a point wherever it may
 * occur, and occurs as often as the pages around it are long.
 *
 * @source Buildkite docs, "GraphQL resource limits": 50,000 points a query; "Platform limits": 15 levels
 */
const costOf = (document: DocumentNode, operation: OperationDefinitionNode) => {
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
    ),
  )
  const whole = visit(operation, {
    FragmentSpread: (spread) => ({
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: fragments.get(spread.name.value)!.typeCondition,
      selectionSet: fragments.get(spread.name.value)!.selectionSet,
    }),
  })
  let points = 0
  let depth = 0
  const around = [{ times: 1, page: 1 }]
  const info = new TypeInfo(schema)
  visit(
    whole,
    visitWithTypeInfo(info, {
      Field: {
        enter: (field) => {
          const { times, page } = around.at(-1)!
          const inPage = field.name.value === 'node' || field.name.value === 'nodes'
          const type = getNamedType(info.getType())
          const rows = inPage ? times * page : times
          if (isCompositeType(type)) points += rows
          const passesOn = field.name.value === 'edges'
          around.push({
            times: rows,
            page: type?.name.endsWith('Connection') ? pageOf(field) : passesOn ? page : 1,
          })
          depth = Math.max(depth, around.length - 1)
        },
        leave: () => void around.pop(),
      },
    }),
  )
  return { points, depth }
}

const costOfText = (text: string) => {
  const document = parse(text)
  return costOf(document, operationsOf(document)[0]!)
}

describe('what a query costs', () => {
  test('the sums that Buildkite publishes come out', () => {
    const page = '{ organization(slug: "acme") { pipelines(first: 500) { edges { node { slug } } } } }'
    expect(costOfText(page).points).toBe(503)
    const nested = page.replace('slug }', 'builds(first: 500) { edges { node { number } } } }')
    expect(costOfText(nested).points).toBe(251_503)
    const everything =
      '{ viewer { organizations { edges { node { pipelines(first: 500) { edges { node { repository { url } } } } } } } } }'
    expect(costOfText(everything).points).toBe(501_503)
  })

  test.each(operationsOf(ours).map((one) => [one.name!.value, one] as const))(
    '%s fits',
    (_name, operation) => {
      const { points, depth } = costOf(ours, operation)
      expect(points).toBeGreaterThan(0)
      expect(points).toBeLessThan(50_000)
      expect(depth).toBeLessThanOrEqual(15)
    },
  )

  test('a page of plain pipelines is one point a row', () => {
    const named = (name: string) => operationsOf(ours).find((one) => one.name?.value === name)!
    expect(costOf(ours, named('Pipelines')).points).toBe(504)
    expect(costOf(ours, named('Teams'))).toEqual({ points: 46_004, depth: 9 })
    expect(costOf(ours, named('TeamPipelines')).points).toBe(40_404)
    expect(costOf(ours, named('Census')).points).toBeLessThan(1_000)
  })
})

describe('an operation has the shape that its place in api.ts promises', () => {
  /** Lists that Buildkite hands out whole, or not at all. */
  const onePage = new Set(['SchedulesOfPipeline', 'SchedulesMade'])
  const constants = new Map(
    Object.values(api).flatMap((one) => ('shape' in one ? [[one.name as string, one] as const] : [])),
  )
  const aliasesIn = (operation: OperationDefinitionNode) => {
    const aliases: string[] = []
    visit(operation, {
      Field: ({ alias }) => {
        if (alias) aliases.push(alias.value)
      },
    })
    return aliases
  }

  test('each has one constant, and each constant a document', () => {
    expect([...constants.keys()].sort()).toEqual(
      operationsOf(ours)
        .map((one) => one.name!.value)
        .sort(),
    )
  })

  test.each(operationsOf(ours).map((one) => [one.name!.value, one] as const))('%s', (name, operation) => {
    const constant = constants.get(name)!
    const aliases = aliasesIn(operation)
    const variables = operation.variableDefinitions?.map(({ variable }) => variable.name.value)
    expect((constant.document as { toString(): string }).toString()).toContain(
      `${operation.operation} ${name}(`,
    )
    if (constant.shape === 'mutation') {
      expect(operation.operation).toBe('mutation')
      expect(variables).toEqual(['input'])
      const secret = name === 'TokenCreate' ? ['secret'] : [] // said in this one answer, and never again
      expect(aliases).toEqual(/(Delete|Revoke)$/.test(name) ? [] : ['made', ...secret])
      expect(api.mutations[name]).toBe(constant)
      expect(constant.repeatable).toBe(/(Update|Archive|Unarchive)$/.test(name))
    } else {
      expect(operation.operation).toBe('query')
      expect(aliases).toEqual(constant.shape === 'list' ? ['page'] : [])
      expect(variables?.includes('after')).toBe(constant.shape === 'list' && !onePage.has(name))
      expect(api.mutations[name]).toBeUndefined()
    }
  })
})

describe('the SDL that the sandbox serves', () => {
  const rules = specifiedRules.filter(({ name }) => name !== 'LoneAnonymousOperationRule')

  test('holds what we send', () => {
    expect(validate(schema, ours).map(({ message }) => message)).toEqual([])
  })

  test.each([
    ['terraform', 70],
    ['bk', 13],
    ['auditor', 14],
  ])('holds what %s sends: %i operations', (client, count) => {
    const document = parse(readFileSync(new URL(`./clients/${client}.graphql`, import.meta.url), 'utf8'))
    expect(operationsOf(document)).toHaveLength(count)
    expect(validate(schema, document, rules).map(({ message }) => message)).toEqual([])
  })

  test('an auditor who reads by the recipe pays what the recipe says', () => {
    const cost = (name: string) =>
      costOf(
        clients,
        operationsOf(clients).find((one) => one.name?.value === name)!,
      )
    expect(cost('OrgBase')).toEqual({ points: 17_792, depth: 11 })
    expect(cost('Teams')).toEqual({ points: 46_254, depth: 9 })
    expect(cost('TeamLinks')).toEqual({ points: 40_404, depth: 9 })
    expect(cost('Members').points).toBe(2_004)
  })
})
