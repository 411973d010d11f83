import { describe, expect, test } from 'vitest'
import { planOf } from '../support/ground.js'
import { applied, byHand, codes, declaration, set, with_ } from '../support/privileged-ground.js'

const opening = with_(({ pipelines }) => set(pipelines.deploy.teams, 'web', 'build_and_read'))

describe('a verdict on a saved plan', () => {
  test('is refused where the files are others', async () => {
    const ground = await applied()
    const text = JSON.stringify(planOf(await ground.plan(opening)))
    expect(codes(await ground.check(opening, { basis: 'plan', text }))).not.toContain('stale-plan')
    expect(codes(await ground.check(declaration, { basis: 'plan', text }))).toEqual(['stale-plan'])
    const { text: snapshot = '' } = await ground.snapshot(declaration)
    expect(codes(await ground.check(declaration, { basis: 'plan', text, snapshot }))).toEqual(['stale-plan'])
  })

  test('is refused where the organization is another', async () => {
    const ground = await applied()
    const text = JSON.stringify(planOf(await ground.plan(opening)))
    const other = byHand(ground, ['grant', 'team:everyone', 'pipeline:deploy', 'build_and_read'])
    expect(codes(await other.check(opening, { basis: 'plan', text }))).toEqual(['stale-plan'])
  })

  test('is refused where the plan says nothing about access', async () => {
    const ground = await applied()
    const { access, ...plan } = planOf(await ground.plan(opening))
    expect(access).toBeDefined()
    const text = JSON.stringify(plan)
    expect(codes(await ground.check(opening, { basis: 'plan', text }))).toEqual(['stale-plan'])
  })
})
