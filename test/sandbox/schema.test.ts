import { readdirSync, readFileSync } from 'node:fs'
import { isObjectType, parse, validate, type GraphQLObjectType } from 'graphql'
import { describe, expect, test } from 'vitest'
import { answered, schemaWithout } from '../../src/sandbox/graphql.js'
import { kinds } from '../../src/sandbox/kinds/index.js'
import { ask } from './acme.js'
import { begun, opened } from './world.js'

const schema = schemaWithout()
const have = kinds.flatMap(answered)
const fieldsOf = (type: GraphQLObjectType | null | undefined) => Object.keys(type?.getFields() ?? {})

describe('the sandbox', () => {
  test('answers for no field that is not in the schema', () => {
    const inSchema = (field: string) => {
      const [type = '', name = ''] = field.split('.')
      const found = schema.getType(type)
      return isObjectType(found) && name in found.getFields()
    }
    expect(have.filter((field) => !inSchema(field))).toEqual([])
  })

  test('answers every query and every mutation', () => {
    const wanted = [
      ...fieldsOf(schema.getQueryType()).map((name) => `Query.${name}`),
      ...fieldsOf(schema.getMutationType()).map((name) => `Mutation.${name}`),
    ].filter((field) => field !== 'Query.node')
    expect(wanted.filter((field) => !have.includes(field))).toEqual([])
  })

  test('serves two verbs wherever REST updates something', () => {
    const routes = kinds.flatMap((kind) => kind.routes ?? [])
    const with_ = (verb: string) => routes.filter(({ method }) => method === verb).map(({ path }) => path)
    const one = with_('PATCH').filter((path) => !with_('PUT').includes(path))
    expect(one).toEqual([])
  })

  test('has each endpoint once', () => {
    const all = kinds.flatMap((kind) => kind.routes ?? []).map(({ method, path }) => `${method} ${path}`)
    expect(all.filter((endpoint, index) => all.indexOf(endpoint) !== index)).toEqual([])
  })
})

test('whatever bridle says can be asked here', () => {
  const folder = new URL('../../graphql/operations/', import.meta.url)
  const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'))
  const text = files.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n')
  expect(files.length).toBeGreaterThan(5)
  expect(validate(schema, parse(text))).toEqual([])
})

describe('fields that an organization does not have', () => {
  test('are gone from types and from inputs, and only there', () => {
    const less = schemaWithout(['Pipeline.emoji', 'PipelineUpdateInput.emoji'])
    const type = less.getType('Pipeline') as GraphQLObjectType
    expect(fieldsOf(type)).not.toContain('emoji')
    expect(fieldsOf(less.getType('Cluster') as GraphQLObjectType)).toContain('emoji')
    const sent = (field: string) =>
      validate(less, parse(`mutation { pipelineUpdate(input: { id: "x", ${field} }) { pipeline { id } } }`))
        .length
    expect([sent('emoji: "x"'), sent('color: "x"')]).toEqual([1, 0])
  })

  test('cost one schema each time, built once', () => {
    expect(schemaWithout(['Pipeline.emoji', 'Pipeline.color'])).toBe(
      schemaWithout(['Pipeline.color', 'Pipeline.emoji']),
    )
    expect(schemaWithout()).toBe(schema)
  })
})

test('every field of every row can be asked for', async () => {
  const buildkite = opened(
    begun(
      'create cluster:ios',
      'create queue:ios/m2',
      'set cluster:ios default_queue=m2',
      'connect queue:ios/m2',
      'create pipeline:app cluster=ios',
      'start pipeline:app',
      'grant team:web pipeline:app read_only',
      'invite person fay@acme.test',
    ),
  )
  const scalars = (type: string) =>
    Object.values((schema.getType(type) as GraphQLObjectType).getFields())
      .filter(({ args, type: of }) => args.length === 0 && !/[a-z]Permissions|^Avatar/.test(String(of)))
      .map(({ name, type: of }) => {
        const named = schema.getType(String(of).replace(/[[\]!]/g, ''))
        return isObjectType(named) || (named && 'getTypes' in named) || (named && 'getInterfaces' in named)
          ? `${name} { __typename }`
          : name
      })
      .join(' ')
  const list = (field: string, type: string) => `${field}(first: 5) { edges { node { ${scalars(type)} } } }`
  const query = `{ organization(slug: "acme") { ${scalars('Organization')}
    ${list('clusters', 'Cluster')} ${list('teams', 'Team')} ${list('members', 'OrganizationMember')}
    ${list('pipelines', 'Pipeline')} ${list('invitations', 'OrganizationInvitation')} ${list('agents', 'Agent')}
    ${list('auditEvents', 'AuditEvent')} } build(slug: "acme/app/1") { ${scalars('Build')} } }`
  const { body } = await ask(buildkite, query)
  expect(body.errors).toBeUndefined()
  for (const connection of [
    'clusters',
    'teams',
    'members',
    'pipelines',
    'invitations',
    'agents',
    'auditEvents',
  ])
    expect(body.data.organization[connection].edges.length).toBeGreaterThan(0)
})
