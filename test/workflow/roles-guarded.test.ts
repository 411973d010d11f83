import { describe, expect, test } from 'vitest'
import { addRole } from '../../src/sandbox/aws/seed.js'
import { codes } from '../support/privileged-ground.js'
import { fresh } from '../support/ground.js'

const pipelines = { web: { cluster: 'production', repository: 'git@github.com:acme/web.git' } }
const clusters = { production: { queues: { deploy: {} } } }
const aws = (roles: object) => ({
  accounts: { prod: { id: '333333333333', region: 'eu-west-1' } },
  oidc_providers: { 'prod/agent.buildkite.com': {} },
  roles,
})
const declaration = {
  organization: 'acme',
  clusters,
  pipelines,
  aws: aws({ 'prod/web': { trust: [{ pipeline: 'web', queue: 'production/deploy' }] } }),
}
const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
}
const own = { account: '333333333333', path: '/buildkite/', trust, tags: { 'managed-by': 'bridle' } }

describe('a role that is used', () => {
  const without = { organization: 'acme', manage: { roles: 'remove' }, aws: aws({}) }

  test.each([
    ['30 days ago is in use', '2026-10-23T00:00:00Z', ['role-in-use']],
    ['31 days ago is not', '2026-10-22T00:00:00Z', []],
  ])('%s', async (_, lastUsedAt, found) => {
    const ground = fresh()
    await ground.apply(without)
    addRole(ground.sandbox.state, { ...own, name: 'old', lastUsedAt })
    expect(codes(await ground.plan(without, { when: () => '2026-11-22T00:00:00.000Z' }))).toEqual(found)
  })
})

test('a role that was deleted and made again under its name is another one', async () => {
  const ground = fresh()
  let lock = ''
  await ground.apply(declaration, { keep: (_file, text) => (lock = text) })
  expect(lock).toMatch(/role:prod\/web: AROA/)
  ground.sandbox.edit('delete', 'role:prod/web')
  addRole(ground.sandbox.state, { ...own, name: 'web' })
  const planned = await ground.plan({
    'bridle.yaml': JSON.stringify(declaration),
    'bridle.lock.yaml': lock,
  })
  expect(codes(planned)).toContain('identity-changed')
})
