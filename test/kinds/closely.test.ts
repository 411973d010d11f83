import { describe, expect, test } from 'vitest'
import { closer, kinds, readClosely, type Scope } from '../../src/kinds/index.js'
import type { Live } from '../../src/model/live.js'
import type { Sandbox } from '../../src/sandbox/index.js'
import { all, reading } from '../providers/world.js'
import { call } from '../sandbox/acme.js'
import { begun, edited, id, mutate, opened, world } from '../sandbox/world.js'

type Everything = ReadonlyMap<string, readonly Live<unknown>[]>

const named = ['pipeline', 'grant', 'schedule'] as const

const whole = async (buildkite: Sandbox): Promise<Everything> => {
  const reader = reading({ fetch: buildkite.fetch, token: 'ada' })
  const read = kinds.filter(({ name }) => named.some((one) => one === name))
  return new Map(
    await Promise.all(read.map(async (kind) => [kind.name, await all(kind.read(reader))] as const)),
  )
}

const production: Scope = { clusters: new Set(['production']) }

const close = (buildkite: Sandbox, scope: Scope) =>
  readClosely(reading({ fetch: buildkite.fetch, token: 'ada' }), scope)

/** What is said about access, in order. */
const grantsIn = (live: Everything): readonly string[] =>
  named
    .flatMap((name) =>
      (live.get(name) ?? []).flatMap(({ spec }) => kinds.find((kind) => kind.name === name)!.grants!(spec)),
    )
    .map(({ power, of, on, by, sure }) => `${power} ${of} ${on} ${by ?? ''} ${sure}`)
    .sort()

const beginning = [
  'create cluster:production',
  'create cluster:general',
  'create pipeline:web-deploy',
  'move pipeline:web-deploy cluster:production',
  'grant team:web pipeline:web-deploy build_and_read',
  'create pipeline:web',
  'move pipeline:web cluster:general',
  'grant team:web pipeline:web manage_build_and_read',
  'create pipeline:old',
  'archive pipeline:old',
] as const

const scheduled = async (buildkite: Sandbox) => {
  await mutate(
    buildkite,
    'pipelineScheduleCreate',
    {
      pipelineID: id(buildkite, 'pipelines', 'web-deploy'),
      label: 'nightly',
      cronline: '@daily',
      enabled: true,
    },
    'pipeline { slug }',
  )
  return buildkite
}

describe('a close reading', () => {
  test('is of the pipelines of its clusters alone, with their teams and schedules', async () => {
    const { pipelines, grants, schedules } = await close(await scheduled(world(...beginning)), production)
    expect(pipelines.map(({ key }) => key)).toEqual(['web-deploy'])
    expect(grants.map(({ key }) => key)).toContain('web-deploy/web')
    expect(grants.every(({ key }) => key.startsWith('web-deploy/'))).toBe(true)
    expect(schedules.map(({ key }) => key)).toEqual(['web-deploy/nightly'])
  })

  test('and of pipelines elsewhere that are named', async () => {
    const scope = { ...production, pipelines: new Set(['web', 'web-deploy', 'gone']) }
    const { pipelines } = await close(world(...beginning), scope)
    expect(pipelines.map(({ key }) => key).sort()).toEqual(['web', 'web-deploy'])
  })

  test('says what the whole reading says, where nothing has changed', async () => {
    const buildkite = await scheduled(world(...beginning))
    const before = await whole(buildkite)
    const after = closer(before, await close(buildkite, production), production.clusters)
    expect(grantsIn(after)).toEqual(grantsIn(before))
    expect(grantsIn(after).length).toBeGreaterThan(10)
  })

  test.each<[string, readonly string[]]>([
    ['a grant is raised', ['grant team:web pipeline:web-deploy manage_build_and_read']],
    ['a grant is taken', ['revoke team:web pipeline:web-deploy']],
    ['a pipeline moves in', ['move pipeline:web cluster:production']],
    ['a pipeline is made there', ['create pipeline:new', 'move pipeline:new cluster:production']],
    ['it is shown to all', ['set pipeline:web-deploy visibility=public']],
    ['it is archived', ['archive pipeline:web-deploy']],
    ['it has another slug', ['rename pipeline:web-deploy "Web Ship"']],
    ['other branches are built', ['set pipeline:web-deploy branch_configuration=main']],
    ['rebuilds are switched off', ['set pipeline:web-deploy allow_rebuilds=false']],
  ])('says what another whole reading would say, after %s', async (_name, lines) => {
    const state = begun(...beginning)
    const before = await whole(opened(state))
    const buildkite = opened(edited(state, ...lines))
    const after = closer(before, await close(buildkite, production), production.clusters)
    const again = await whole(buildkite)
    expect(grantsIn(after)).not.toEqual(grantsIn(before))
    expect(grantsIn(after)).toEqual(grantsIn(again))
  })

  test('says that a stranger’s pull requests are built now', async () => {
    const state = begun(...beginning)
    const before = await whole(opened(state))
    const buildkite = opened(state)
    await call(buildkite, 'PATCH /v2/organizations/acme/pipelines/web-deploy', {
      body: { provider_settings: { build_pull_requests: true, build_pull_request_forks: true } },
    })
    const after = closer(before, await close(buildkite, production), production.clusters)
    const forks = 'starts-on pipeline:web-deploy pipeline:web-deploy fork true'
    expect(grantsIn(before)).not.toContain(forks)
    expect(grantsIn(after)).toContain(forks)
    expect(grantsIn(after)).toEqual(grantsIn(await whole(buildkite)))
  })

  test('leaves a pipeline that has moved out somewhere unknown', async () => {
    const state = begun(...beginning)
    const before = await whole(opened(state))
    const buildkite = opened(edited(state, 'move pipeline:web-deploy cluster:general'))
    const after = closer(before, await close(buildkite, production), production.clusters)
    expect(grantsIn(after)).toContain('unclustered pipeline:web-deploy organization:  false')
    expect(grantsIn(after).filter((grant) => grant.startsWith('runs-in pipeline:web-deploy'))).toEqual([])
  })

  test('costs nothing for what is elsewhere', async () => {
    const asked: string[] = []
    const { fetch } = world(...beginning)
    const counting: Sandbox['fetch'] = (url, init) => {
      asked.push(/query (\w+)/.exec((init?.body as string | undefined) ?? '')?.[1] ?? (url as string))
      return fetch(url, init)
    }
    await readClosely(reading({ fetch: counting, token: 'ada' }), production)
    expect(asked).toEqual(['Clusters', 'ClusterPipelines'])
  })
})
