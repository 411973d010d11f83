import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DeleteParametersCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  ListTagsForResourceCommand,
  paginateGetParametersByPath,
  PutParameterCommand,
  RemoveTagsFromResourceCommand,
} from '@aws-sdk/client-ssm'
import { describe, expect, test } from 'vitest'
import { no, opened } from './world.js'

const Name = '/buildkite/deploy/token'
const secret = { Name, Type: 'SecureString', Value: 'xyzzy' } as const

test('a secret is sealed, in answers and in the file, and opened for who asks', async () => {
  const { ssm, world } = opened()
  expect(await ssm.send(new PutParameterCommand(secret))).toMatchObject({ Version: 1, Tier: 'Standard' })
  const shut = await ssm.send(new GetParameterCommand({ Name }))
  expect(shut.Parameter).toMatchObject({ Type: 'SecureString', Version: 1, DataType: 'text' })
  expect(shut.Parameter!.Value).toMatch(/^AQICAHh/)
  const open = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }))
  expect(open.Parameter!.Value).toBe('xyzzy')
  expect(open.Parameter!.LastModifiedDate).toEqual(new Date('2026-11-02T09:00:00.000Z'))
  expect(open.Parameter!.ARN).toBe('arn:aws:ssm:eu-west-1:333333333333:parameter/buildkite/deploy/token')
  expect(world.saved()).not.toContain('xyzzy')
})

test('a value is replaced only where that was asked for, and its version counts', async () => {
  const { ssm } = opened()
  await ssm.send(new PutParameterCommand({ ...secret, Description: 'of an agent' }))
  expect(await no(ssm.send(new PutParameterCommand(secret)))).toMatch(/^ParameterAlreadyExists: /)
  const again = await ssm.send(new PutParameterCommand({ Name, Value: 'plugh', Overwrite: true }))
  expect(again.Version).toBe(2)
  const { Parameters } = await ssm.send(
    new GetParametersCommand({ Names: [`${Name}:2`], WithDecryption: true }),
  )
  expect(Parameters).toMatchObject([{ Value: 'plugh', Selector: ':2' }])
  expect(await no(ssm.send(new GetParameterCommand({ Name: `${Name}:1` })))).toMatch(
    /^ParameterVersionNotFound/,
  )
  expect(await no(ssm.send(new PutParameterCommand({ ...secret, Type: 'String', Overwrite: true })))).toMatch(
    /^HierarchyTypeMismatchException/,
  )
})

test('parameters below a path come in pages of ten', async () => {
  const { ssm } = opened()
  for (let at = 0; at < 23; at += 1)
    await ssm.send(new PutParameterCommand({ Name: `/a/b/${at}`, Type: 'String', Value: String(at) }))
  await ssm.send(new PutParameterCommand({ Name: '/a/c', Type: 'String', Value: 'c' }))
  await ssm.send(new PutParameterCommand({ Name: '/ab', Type: 'String', Value: 'ab' }))
  const pages: number[] = []
  for await (const page of paginateGetParametersByPath({ client: ssm }, { Path: '/a', Recursive: true }))
    pages.push(page.Parameters!.length)
  expect(pages).toEqual([10, 10, 4])
  const flat = await ssm.send(new GetParametersByPathCommand({ Path: '/a/' }))
  expect(flat.Parameters!.map((one) => one.Name)).toEqual(['/a/c'])
  const named = await ssm.send(
    new DescribeParametersCommand({
      ParameterFilters: [{ Key: 'Path', Option: 'OneLevel', Values: ['/a/b'] }],
    }),
  )
  expect(named.Parameters).toHaveLength(23)
  const begins = await ssm.send(
    new DescribeParametersCommand({
      ParameterFilters: [{ Key: 'Name', Option: 'BeginsWith', Values: ['/a/b/2'] }],
    }),
  )
  expect(begins.Parameters!.map((one) => one.Name)).toEqual(['/a/b/2', '/a/b/20', '/a/b/21', '/a/b/22'])
  expect(begins.Parameters![0]).not.toHaveProperty('Value')
})

test('a parameter is of one region', async () => {
  const { ssm } = opened()
  await ssm.send(new PutParameterCommand(secret))
  const elsewhere = opened().ssm
  expect(await no(elsewhere.send(new GetParameterCommand({ Name })))).toMatch(/^ParameterNotFound/)
})

test('tags are added, taken away and listed', async () => {
  const { ssm } = opened()
  await ssm.send(new PutParameterCommand({ ...secret, Tags: [{ Key: 'team', Value: 'web' }] }))
  const about = { ResourceType: 'Parameter', ResourceId: Name } as const
  await ssm.send(new AddTagsToResourceCommand({ ...about, Tags: [{ Key: 'x', Value: 'y' }] }))
  await ssm.send(new RemoveTagsFromResourceCommand({ ...about, TagKeys: ['team'] }))
  expect((await ssm.send(new ListTagsForResourceCommand(about))).TagList).toEqual([{ Key: 'x', Value: 'y' }])
})

test('what is deleted is gone', async () => {
  const { ssm } = opened()
  await ssm.send(new PutParameterCommand(secret))
  await ssm.send(new DeleteParameterCommand({ Name }))
  expect(await no(ssm.send(new DeleteParameterCommand({ Name })))).toMatch(/^ParameterNotFound/)
  await ssm.send(new PutParameterCommand(secret))
  expect(await ssm.send(new DeleteParametersCommand({ Names: [Name, '/x'] }))).toMatchObject({
    DeletedParameters: [Name],
    InvalidParameters: ['/x'],
  })
})

describe('what SSM refuses', () => {
  const put = (given: Partial<ConstructorParameters<typeof PutParameterCommand>[0]>) =>
    no(opened().ssm.send(new PutParameterCommand({ Name, Type: 'String', Value: 'x', ...given })))

  test.each([
    ['a name without its first slash', { Name: 'a/b' }, /fully qualified/],
    ['a name of AWS', { Name: '/aws/x' }, /^AccessDeniedException/],
    ['a name of SSM', { Name: '/SSM/x' }, /prefixed with "ssm"/],
    ['sixteen levels', { Name: '/a'.repeat(16) }, /^HierarchyLevelLimitExceeded/],
    ['signs that no name has', { Name: '/a b' }, /Parameter name/],
    ['a long name', { Name: `/${'a'.repeat(1011)}` }, /1011/],
    ['4,097 bytes', { Value: 'x'.repeat(4097) }, /^ValidationException: Standard tier/],
    ['8,193 bytes', { Value: 'x'.repeat(8193), Tier: 'Advanced' }, /^ValidationException: Advanced tier/],
    [
      'tags for what is overwritten',
      { Overwrite: true, Tags: [{ Key: 'a', Value: 'b' }] },
      /tags and overwrite/,
    ],
    ['no value', { Value: '' }, /greater than or equal to 1/],
    ['no type', { Type: undefined }, /type is required/],
    ['a value that does not fit', { AllowedPattern: '^y$' }, /^ParameterPatternMismatchException/],
    ['a key for what is no secret', { KeyId: 'alias/x' }, /KeyId/],
  ])('%s', async (_, given, said) => {
    expect(await put(given as never)).toMatch(said)
  })

  test('and what it takes: 4,096 bytes, fifteen levels, more on the advanced tier', async () => {
    expect(await put({ Value: 'x'.repeat(4096) })).toBe('yes')
    expect(await put({ Name: '/a'.repeat(15) })).toBe('yes')
    expect(await put({ Value: 'x'.repeat(8192), Tier: 'Intelligent-Tiering' })).toBe('yes')
  })
})
