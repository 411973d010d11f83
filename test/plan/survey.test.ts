import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { connect } from '../../src/providers/buildkite/connect.js'
import { liveFacts } from '../../src/plan/facts.js'
import { asksOf, closeIn, survey, surveyAgain } from '../../src/plan/survey.js'
import { readOrganization } from '../../src/plan/who.js'
import { declare } from '../../src/workflow/declare.js'
import type { Wanted } from '../../src/model/wanted.js'
import { grantKey } from '../../src/model/grant.js'
import type { Sandbox } from '../../src/sandbox/index.js'
import { begun, edited, id, mutate, opened } from '../sandbox/world.js'
import { means } from '../providers/world.js'
import { filesOf } from '../support/files.js'

const wanted = (): Wanted => {
  const declaration = {
    organization: 'acme',
    teams: { ops: { members: { 'dan@acme.test': 'member' } } },
    clusters: { production: { allow: { teams: ['ops'] }, queues: { deploy: {} } } },
    pipelines: {},
  }
  const declared = declare({
    files: filesOf({ 'bridle.yaml': stringify(declaration) }),
    root: 'bridle.yaml',
    today: '2026-11-02',
  })
  return declared.wanted!
}

const state = (elsewhere = 5) =>
  begun(
    'create cluster:production',
    'create queue:production/deploy',
    'create cluster:general',
    'create pipeline:web-deploy',
    'move pipeline:web-deploy cluster:production',
    ...Array.from({ length: elsewhere }, (_, i) => `create pipeline:app-${i}`),
    ...Array.from({ length: elsewhere }, (_, i) => `move pipeline:app-${i} cluster:general`),
    'start pipeline:web-deploy',
    'connect queue:production/deploy host-1',
  )

const talkTo = (buildkite: Sandbox) => connect(means({ fetch: buildkite.fetch, token: 'ada' }))
const keys = (read: Awaited<ReturnType<typeof survey>>) =>
  [...new Set(liveFacts(read, wanted()).map(grantKey))].sort()

const readTwice = async (first: Sandbox, second: Sandbox) => {
  const talk = talkTo(first)
  const organization = await readOrganization(talk.reader())
  const before = await survey(talk.reader(), organization, wanted())
  const later = talkTo(second)
  const again = await surveyAgain(later.reader(), organization, wanted(), before)
  return { before, again, costAgain: later.spent.points, rest: later.spent.restRequests }
}

test('a second reading of what has not changed says the same, and costs nothing for pipelines elsewhere', async () => {
  const [few, many] = [opened(state(5)), opened(state(40))]
  const { before, again, rest, costAgain } = await readTwice(many, many)
  expect(keys(again)).toEqual(keys(before))
  expect(keys(again).some((key) => key.startsWith('unfinished'))).toBe(true)
  expect(rest).toBeLessThan(10)
  expect((await readTwice(few, few)).costAgain).toBe(costAgain)
})

test.each([
  'grant team:web pipeline:web-deploy read_only',
  'join team:ops eve@acme.test',
  'maintain cluster:production eve@acme.test',
  'invite person kim@acme.test admin',
  'promote eve@acme.test',
  'move pipeline:app-1 cluster:production',
  'start pipeline:web-deploy',
  'finish pipeline:web-deploy',
  'connect queue:production/deploy host-2',
  'create queue:production/other',
  'set organization default_cluster=production',
])('a second reading notices "%s"', async (line) => {
  const began = state()
  const { before, again } = await readTwice(opened(began), opened(edited(began, line)))
  expect(keys(again)).not.toEqual(keys(before))
})

describe('what nobody declares', () => {
  const scheduled = async (...lines: readonly string[]) => {
    const buildkite = opened(edited(state(), ...lines))
    for (const pipeline of ['web-deploy', 'app-1', 'app-2'])
      await mutate(
        buildkite,
        'pipelineScheduleCreate',
        { pipelineID: id(buildkite, 'pipelines', pipeline), label: 'nightly', cronline: '@daily' },
        'pipeline { slug }',
      )
    return buildkite
  }
  const read = async (buildkite: Sandbox) => {
    const talk = talkTo(buildkite)
    return survey(talk.reader(), await readOrganization(talk.reader()), wanted())
  }
  const keysOf = (found: Awaited<ReturnType<typeof read>>, kind: string) =>
    found.live
      .get(kind)
      ?.map(({ key }) => key)
      .sort()

  test('is read of privileged clusters', async () => {
    const found = await read(await scheduled('start pipeline:app-1'))
    expect(keysOf(found, 'schedule')).toEqual(['web-deploy/nightly'])
    expect(keysOf(found, 'build')).toEqual(['web-deploy/1'])
  })

  const ruleTo = async (buildkite: Sandbox, type: string) =>
    mutate(
      buildkite,
      'ruleCreate',
      {
        organizationId: id(buildkite, 'organizations', 'acme'),
        type,
        value: JSON.stringify({ source_pipeline: 'app-1', target_pipeline: 'web-deploy' }),
      },
      'rule { uuid }',
    )

  test('and of the clusters from which a rule lets something start builds there', async () => {
    const buildkite = await scheduled('start pipeline:app-3')
    await ruleTo(buildkite, 'pipeline.trigger_build.pipeline')
    const found = await read(buildkite)
    expect(keysOf(found, 'schedule')).toEqual(['app-1/nightly', 'app-2/nightly', 'web-deploy/nightly'])
    expect(keysOf(found, 'build')).toEqual(['app-3/1', 'web-deploy/1'])
  })

  test('but not of those that only read what it leaves behind', async () => {
    const buildkite = await scheduled()
    await ruleTo(buildkite, 'pipeline.artifacts_read.pipeline')
    expect(keysOf(await read(buildkite), 'schedule')).toEqual(['web-deploy/nightly'])
  })

  test('is read of a source that is in no cluster', async () => {
    const buildkite = await scheduled('move pipeline:app-1 nowhere')
    await ruleTo(buildkite, 'pipeline.trigger_build.pipeline')
    expect(keysOf(await read(buildkite), 'schedule')).toEqual(['app-1/nightly', 'web-deploy/nightly'])
  })
})

test('the forecast of a privileged cluster does not grow with the pipelines elsewhere', () => {
  const asks = asksOf(wanted())
  const names = asks.flatMap(({ graphql = [] }) => graphql.map(({ name }) => name))
  expect(names).not.toContain('Schedules')
  expect(asks.flatMap(({ closely = [] }) => closely.map(({ name }) => name)).sort()).toEqual([
    'ClusterSchedules',
    'UnfinishedBuilds',
  ])
  expect(closeIn(wanted())).toEqual({ clusters: 1, pipelines: 0 })
})
