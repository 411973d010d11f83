import { describe, expect, test } from 'vitest'
import { idOf, readId, uuidIn } from '../../src/sandbox/ids.js'
import { sandbox } from '../../src/sandbox/index.js'
import { parseState, printState } from '../../src/sandbox/saved.js'
import { addOrganization, newOrganization } from '../../src/sandbox/seed.js'
import { slugOf } from '../../src/sandbox/slug.js'
import { fork, type State } from '../../src/sandbox/state.js'
import { drop, first, get, put, tableOf, where } from '../../src/sandbox/table.js'
import { ask, call, stopped } from './acme.js'
import { begun, edited, opened, type Json } from './world.js'

const read = (text: string): State => {
  const parsed = parseState(text)
  if ('problems' in parsed) throw new Error(parsed.problems.join('\n'))
  return parsed.state
}

const busy = () =>
  begun(
    'create cluster:ios',
    'create queue:ios/m2',
    'pause queue:ios/m2 "flaky Xcode"',
    'create pipeline:app cluster=ios tags=[a,b] provider_settings.build_tags=true',
    'grant team:web pipeline:app build_and_read',
    'maintain cluster:ios team:web',
    'invite person fay@acme.test',
    'start pipeline:app',
    'connect queue:ios/m2',
    'set organization public_pipelines=false',
  )

describe('a state', () => {
  test('is the same bytes for the same history', () => {
    expect(printState(busy())).toBe(printState(busy()))
  })

  test('survives being printed and read', () => {
    const text = printState({ ...busy(), switches: { blankText: 'null' } })
    expect(printState(read(text))).toBe(text)
    expect(read(text).switches).toEqual({ blankText: 'null' })
  })

  test('goes on after it was read as if it never stopped', () => {
    const state = busy()
    const more = (from: State) => printState(edited(from, 'create team:qa', 'archive pipeline:app'))
    expect(more(read(printState(state)))).toBe(more(state))
  })

  test('holds no token', () => {
    const state = newOrganization({ slug: 'acme', admin: { email: 'ada@acme.test', token: 'bkua_sandbox' } })
    expect(printState(state)).not.toContain('bkua_sandbox')
  })

  test('has other ids with another seed', () => {
    const of = (seed: string) =>
      newOrganization({ slug: 'acme', admin: { email: 'ada@acme.test', token: 'ada' }, seed })
    const ids = [of('one'), of('two')].map((state) => [...state.tables.clusters.rows.keys()][0])
    expect(ids[0]).not.toBe(ids[1])
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  test('may hold two organizations, which know nothing of each other', async () => {
    const state = begun()
    addOrganization(state, { slug: 'other', admin: { email: 'ada@acme.test', token: 'elsewhere' } })
    const buildkite = opened(state)
    const query =
      '{ mine: organization(slug: "acme") { slug } theirs: organization(slug: "other") { slug clusters { count } } }'
    expect((await ask(buildkite, query)).body.data).toEqual({ mine: { slug: 'acme' }, theirs: null })
    expect((await ask(buildkite, query, { token: 'elsewhere' })).body.data).toEqual({
      mine: null,
      theirs: { slug: 'other', clusters: { count: 1 } },
    })
    expect((await call(buildkite, 'GET /v2/organizations/other/clusters')).status).toBe(404)
  })
})

describe('a text that is no state', () => {
  const good = () => JSON.parse(printState(busy()))
  const problems = (value: unknown) => {
    const parsed = parseState(typeof value === 'string' ? value : JSON.stringify(value))
    return 'problems' in parsed ? parsed.problems.join('\n') : 'none'
  }

  test.each([
    ['is no JSON', () => '{', 'not JSON'],
    ['is a list', () => [], 'expected object'],
    ['is of another version', () => ({ ...good(), sandbox: 9 }), 'another version'],
    ['has a table that nobody knows', () => ({ ...good(), clutsers: [] }), 'clutsers: no such table'],
    ['has a table that is no list', () => ({ ...good(), teams: {} }), 'teams: must be a list'],
    ['has a switch that nobody knows', () => ({ ...good(), switches: { x: 1 } }), 'switches'],
    [
      'has a row with a wrong field',
      () => ({ ...good(), teams: [{ ...good().teams[0], privacy: 'OPEN' }] }),
      'teams.0.privacy',
    ],
    [
      'has a row with a strange field',
      () => ({ ...good(), clusters: good().clusters.map((one: object) => ({ ...one, colour: 'red' })) }),
      'colour',
    ],
    ['has a row twice', () => ({ ...good(), teams: [...good().teams, good().teams[0]] }), 'is there twice'],
    ['has a row from the future', () => ({ ...good(), serial: 3 }), 'beyond'],
    ['points at nothing', () => ({ ...good(), teams: [] }), 'which is not among the teams'],
  ])('because it %s', (_, make, message) => {
    expect(problems(make())).toContain(message)
  })
})

describe('a fork', () => {
  test('shares what was, and nothing that comes after', () => {
    const one = begun('create cluster:ios')
    const two = fork(one)
    expect(two.tables.clusters.rows).toBe(one.tables.clusters.rows)
    const three = edited(two, 'set cluster:ios name=mac', 'create cluster:web')
    const names = (state: State) => [...state.tables.clusters.rows.values()].map(({ name }) => name)
    expect([names(one), names(two), names(three)]).toEqual([
      ['Default cluster', 'ios'],
      ['Default cluster', 'ios'],
      ['Default cluster', 'mac', 'web'],
    ])
  })

  test('of a sandbox goes its own way, and so does the one it came from', async () => {
    const buildkite = sandbox({ state: begun(), clock: stopped(), limits: 'off' })
    const other = buildkite.fork()
    const add = (to: typeof buildkite, name: string) =>
      call(to, 'POST /v2/organizations/acme/teams', { body: { name } })
    await add(other, 'qa')
    await add(buildkite, 'docs')
    const slugs = async (of: typeof buildkite) =>
      (await call(of, 'GET /v2/organizations/acme/teams')).body.map((one: Json) => one.slug).join(' ')
    expect([await slugs(buildkite), await slugs(other)]).toEqual([
      'docs everyone ops web',
      'everyone ops qa web',
    ])
  })
})

describe('a table', () => {
  const rows = [
    { uuid: 'a', serial: 1, team: 'x' },
    { uuid: 'b', serial: 2, team: 'x' },
    { uuid: 'c', serial: 3, team: 'y' },
  ]

  test('finds rows by any field, and goes on finding them when they change', () => {
    const table = tableOf(rows)
    const inTeam = (team: string) => where(table, 'team', team).map(({ uuid }) => uuid)
    expect(inTeam('x')).toEqual(['a', 'b'])
    put(table, { uuid: 'a', serial: 1, team: 'y' })
    put(table, { uuid: 'd', serial: 4, team: 'x' })
    drop(table, rows[2]!)
    expect([inTeam('x'), inTeam('y'), inTeam('z')]).toEqual([['b', 'd'], ['a'], []])
    expect([first(table, 'team', 'y')?.uuid, get(table, 'c'), get(table, null)]).toEqual([
      'a',
      undefined,
      undefined,
    ])
  })
})

describe('an id', () => {
  const uuid = '35498aaf-ad05-4fa5-9a07-91bf6cacd2bd'

  test('is its type and uuid in Base64, and forgives what samples have', () => {
    const id = idOf('Cluster', uuid)
    expect(atob(id)).toBe(`Cluster---${uuid}`)
    expect(readId(id)).toEqual({ type: 'Cluster', uuid })
    expect(readId(btoa(`Cluster---${uuid}\n`).replace(/=+$/, ''))).toEqual({ type: 'Cluster', uuid })
    expect([uuidIn('Cluster', id), uuidIn('Team', id), uuidIn('Team', null)]).toEqual([
      uuid,
      undefined,
      undefined,
    ])
  })

  test.each(['', 'x', '!', btoa('Cluster'), btoa('Cluster---x')])('is not %j', (text) => {
    expect(readId(text)).toBeUndefined()
  })
})

test('a slug is never longer than 100 characters, and never ends in a dash', () => {
  expect(slugOf(`${'a'.repeat(99)} b`)).toBe('a'.repeat(99))
  expect(slugOf('x'.repeat(200))).toHaveLength(100)
})
