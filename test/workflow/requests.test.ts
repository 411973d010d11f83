import { expect, test } from 'vitest'
import { organizationOf } from '../../.ci/bench/organization.js'
import { sandbox } from '../../src/sandbox/index.js'
import { newOrganization } from '../../src/sandbox/seed.js'
import { errorsIn, groundOf, planOf, stoppedClock, token } from '../support/ground.js'

test('1,000 pipelines, 60 teams, 3,000 grants, 10 clusters and 60 queues are planned in at most 40 requests', async () => {
  const { files, emails } = organizationOf(1_000)
  const state = newOrganization({ slug: 'acme', admin: { email: 'bridle@acme.test', token }, people: emails })
  const first = groundOf(sandbox({ state, clock: stoppedClock(), limits: 'off' }))
  const applied = await first.apply(files)
  expect(errorsIn(applied)).toEqual([])
  expect(applied.outcomes.filter(({ state }) => state !== 'done')).toEqual([])

  const ground = groundOf(first.sandbox.fork())
  const planned = await ground.plan(files)
  expect(errorsIn(planned)).toEqual([])
  const plan = planOf(planned)
  expect(plan.changes).toEqual([])

  // The forecast was made before the reading, from averages: a team that is far larger than the others adds a page.
  const { calls } = ground.sandbox
  const { reading } = plan.budget
  expect(calls.length).toBeLessThanOrEqual(40)
  expect(Math.abs(reading.graphqlRequests + reading.restRequests - calls.length)).toBeLessThanOrEqual(2)
  const points = calls.reduce((sum, call) => sum + call.points, 0)
  expect(Math.abs(reading.points - points)).toBeLessThan(points / 10)
})
