import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { connect } from '../../src/providers/buildkite/connect.js'
import { liveFacts } from '../../src/plan/facts.js'
import { survey, surveyAgain } from '../../src/plan/survey.js'
import { readOrganization } from '../../src/plan/who.js'
import { declare } from '../../src/workflow/declare.js'
import type { Wanted } from '../../src/model/wanted.js'
import { grantKey } from '../../src/model/grant.js'
import type { Sandbox } from '../../src/sandbox/index.js'
import { begun, edited, opened } from '../sandbox/world.js'
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

const state = () =>
  begun(
    'create cluster:production',
    'create queue:production/deploy',
    'create cluster:general',
    'create pipeline:web-deploy',
    'move pipeline:web-deploy cluster:production',
    ...Array.from({ length: 30 }, (_, i) => `create pipeline:app-${i}`),
    ...Array.from({ length: 30 }, (_, i) => `move pipeline:app-${i} cluster:general`),
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
  const cost = talk.spent.points
  const later = talkTo(second)
  const again = await surveyAgain(later.reader(), organization, wanted(), before)
  return { before, again, cost, costAgain: later.spent.points, rest: later.spent.restRequests }
}

test('a second reading of what has not changed says the same, and costs less', async () => {
  const buildkite = opened(state())
  const { before, again, cost, costAgain, rest } = await readTwice(buildkite, buildkite)
  expect(keys(again)).toEqual(keys(before))
  expect(keys(again).some((key) => key.startsWith('unfinished'))).toBe(true)
  expect(costAgain).toBeLessThan(cost - 30)
  expect(rest).toBeLessThan(10)
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
