import { describe, expect, test } from 'vitest'
import { cronOf, nextAfter } from '../../src/sandbox/cron.js'
import { ask, call } from './acme.js'
import { denied, id, mutate, world } from './world.js'

type World = ReturnType<typeof world>

const after = Date.parse('2026-11-02T09:00:00.000Z') // a Monday
const next = (line: string) => {
  const at = nextAfter(cronOf(line), after)
  return at === undefined ? null : new Date(at).toISOString().replace(':00.000Z', '')
}

describe('a cron line', () => {
  test.each([
    ['@hourly', '2026-11-02T10:00'],
    ['@daily', '2026-11-03T00:00'],
    ['@midnight', '2026-11-03T00:00'],
    ['@weekly', '2026-11-08T00:00'],
    ['@monthly', '2026-12-01T00:00'],
    ['@yearly', '2027-01-01T00:00'],
    ['0 9 * * *', '2026-11-03T09:00'],
    ['30 9 * * *', '2026-11-02T09:30'],
    ['*/15 * * * *', '2026-11-02T09:15'],
    ['5/20 * * * *', '2026-11-02T09:05'],
    ['0 3 * * mon-fri', '2026-11-03T03:00'],
    ['0 3 * * 7', '2026-11-08T03:00'],
    ['0 3 L * *', '2026-11-30T03:00'],
    ['0 3 last feb *', '2027-02-28T03:00'],
    ['0 3 29 2 *', '2028-02-29T03:00'],
    ['0 3 15 * fri', '2026-11-06T03:00'],
    ['0 12 * * mon%2', '2026-11-09T12:00'],
    ['0 12 * * mon%2+1', '2026-11-02T12:00'],
    ['0 10 * * * Australia/Melbourne', '2026-11-02T23:00'],
    ['0 2 * * * America/New_York', '2026-11-03T07:00'],
    ['0 10 * * * +05:30', '2026-11-03T04:30'],
    ['@daily Europe/Berlin', '2026-11-02T23:00'],
    ['0 0 31 2 *', null],
  ])('%s comes next at %s', (line, at) => {
    expect(next(line)).toBe(at)
  })

  test.each([
    '',
    '* * * *',
    '0 24 * * *',
    '60 * * * *',
    '5-1 * * * *',
    'a * * * *',
    '*/0 * * * *',
    '* * * * *',
    '*/5 * * * *',
    '0,55 * * * *',
    '~ * * * *',
    '0 0 * * * Mars/Olympus',
    '0 0 * * * UTC more',
    '0 0 * * mon%0',
  ])('is refused: %j', (line) => {
    expect(() => cronOf(line)).toThrow('Validation failed')
  })
})

const fields = 'id uuid label cronline message commit branch env enabled nextBuildAt pipeline { slug }'

const create = (buildkite: World, input: object = {}, token?: string) =>
  mutate(
    buildkite,
    'pipelineScheduleCreate',
    { pipelineID: id(buildkite, 'pipelines', 'app'), cronline: '@daily', ...input },
    `pipeline { slug } pipelineScheduleEdge { node { ${fields} } }`,
    token,
  )

describe('a schedule', () => {
  test("builds the head of the pipeline's branch, from now on", async () => {
    const { pipelineScheduleEdge } = await create(world('create pipeline:app default_branch=trunk'))
    expect(pipelineScheduleEdge.node).toMatchObject({
      label: '',
      commit: 'HEAD',
      branch: 'trunk',
      message: null,
      env: [],
      enabled: true,
      nextBuildAt: '2026-11-03T00:00:00.000Z',
      pipeline: { slug: 'app' },
    })
  })

  test('has one variable a line, without the quotes that one client sends', async () => {
    const { pipelineScheduleEdge } = await create(world('create pipeline:app'), {
      env: 'FOO="bar"\nURL=a=b\n\n',
    })
    expect(pipelineScheduleEdge.node.env).toEqual(['FOO=bar', 'URL=a=b'])
  })

  test('that is off comes never', async () => {
    const buildkite = world('create pipeline:app')
    const { node } = (await create(buildkite, { enabled: false })).pipelineScheduleEdge
    expect([node.enabled, node.nextBuildAt]).toEqual([false, null])
  })

  test('keeps what an update leaves out', async () => {
    const buildkite = world('create pipeline:app')
    const { node } = (await create(buildkite, { label: 'nightly', env: 'A=1' })).pipelineScheduleEdge
    const update = (input: object) =>
      mutate(buildkite, 'pipelineScheduleUpdate', { id: node.id, ...input }, `pipelineSchedule { ${fields} }`)
    expect((await update({ cronline: '@weekly', clientMutationId: '' })).pipelineSchedule).toMatchObject({
      label: 'nightly',
      cronline: '@weekly',
      env: ['A=1'],
    })
    expect((await update({ env: '' })).pipelineSchedule.env).toEqual([])
    expect(await update({ cronline: 'never' })).toMatch('is not valid')
  })

  test('is for Full Access, and not on an archived pipeline', async () => {
    const buildkite = world('create pipeline:app', 'grant team:web pipeline:app build_and_read')
    expect(await create(buildkite, {}, 'cat')).toBe(denied)
    const archived = world('create pipeline:app', 'archive pipeline:app')
    expect(await create(archived)).toBe('Cannot update an archived pipeline')
  })

  test('is found by slug, listed without cursors, and deleted', async () => {
    const buildkite = world('create pipeline:app')
    const { node } = (await create(buildkite)).pipelineScheduleEdge
    const query = `{ pipelineSchedule(slug: "acme/app/${node.uuid}") { id } pipeline(slug: "acme/app") { schedules(first: 9) { count edges { node { id } } } } }`
    expect((await ask(buildkite, query)).body.data).toEqual({
      pipelineSchedule: { id: node.id },
      pipeline: { schedules: { count: 1, edges: [{ node: { id: node.id } }] } },
    })
    const remove = () =>
      mutate(
        buildkite,
        'pipelineScheduleDelete',
        { id: node.id },
        'deletedPipelineScheduleID pipeline { slug }',
      )
    expect(await remove()).toEqual({ deletedPipelineScheduleID: node.id, pipeline: { slug: 'app' } })
    expect(await remove()).toBe('No Pipeline Schedule found')
  })

  test.each(['PUT', 'PATCH'])('has an object of variables over REST, and is changed by %s', async (verb) => {
    const buildkite = world('create pipeline:app')
    const path = '/v2/organizations/acme/pipelines/app/schedules'
    const body = { label: 'nightly', cronline: '0 3 * * *', env: { A: '1' } }
    const made = await call(buildkite, `POST ${path}`, { body })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ ...body, enabled: true, next_build_at: '2026-11-03T03:00:00.000Z' })
    const changed = await call(buildkite, `${verb} ${path}/${made.body.id}`, { body: { enabled: false } })
    expect(changed.body).toMatchObject({ ...body, enabled: false, next_build_at: null })
    expect((await call(buildkite, `POST ${path}`, { body: { label: 'x' } })).status).toBe(422)
    expect((await call(buildkite, `GET ${path}`)).body).toHaveLength(1)
    expect((await call(buildkite, `DELETE ${path}/${made.body.id}`)).status).toBe(204)
    expect((await call(buildkite, `GET ${path}/${made.body.id}`)).status).toBe(404)
  })
})
