import { describe, expect, test } from 'vitest'
import { all, put } from '../../src/sandbox/table.js'
import type { How } from '../support/ground.js'
import { fresh } from '../support/ground.js'

const declaration = (description: string) => ({
  organization: 'acme',
  teams: { web: { description }, everyone: { is_default_team: true } },
  ignore: { clusters: ['Default cluster'] },
})

const asking = { who: true } as How

describe('who changed it', () => {
  test('is told of what differs, with the way and what the API was called with', async () => {
    const ground = fresh()
    await ground.apply(declaration('Browsers'))
    const { changedBy, changedByUntold } = await ground.drift(declaration('Something else'), asking)
    expect(changedByUntold).toBe(undefined)
    expect(changedBy).toEqual([
      {
        address: 'team:web',
        at: expect.stringMatching(/^2026-11-22T/),
        by: 'user:bridle@acme.test',
        way: 'API',
        agent: 'bridle test',
      },
    ])
  })

  test('is not asked where nobody wants to know', async () => {
    const ground = fresh()
    const before = ground.sandbox.calls.length
    const result = await ground.drift(declaration('x'))
    expect(result).not.toHaveProperty('changedBy')
    expect(ground.sandbox.calls.slice(before).map(({ name }) => name)).not.toContain('ChangesOf')
  })

  test('is not told where the organization has no audit log, and nothing else is found for it', async () => {
    const ground = fresh()
    await ground.apply(declaration('Browsers'))
    const { organizations } = ground.sandbox.state.tables
    for (const one of all(organizations))
      put(organizations, { ...one, features: { ...one.features, auditLog: false } })
    const told = await ground.drift(declaration('Something else'), asking)
    const plain = await ground.drift(declaration('Something else'))
    expect(told.changedByUntold).toBe(true)
    expect(told.findings).toEqual(plain.findings)
    expect(told.plan?.changes).toEqual(plain.plan?.changes)
  })

  test('is not told of what is not there any more', async () => {
    const ground = fresh()
    expect((await ground.drift(declaration('x'), asking)).changedBy).toEqual([])
  })
})
