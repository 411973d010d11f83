import { expect, test } from 'vitest'
import { accountsFor, addRole, newAccounts } from '../../src/sandbox/aws/seed.js'
import { sandbox } from '../../src/sandbox/index.js'
import { errorsIn, freshState, groundOf, planOf, stoppedClock } from '../support/ground.js'

const accounts = {
  management: { id: '111111111111', region: 'eu-west-1' },
  test: { id: '222222222222', region: 'eu-west-1', assume_role: 'bridle-admin' },
  prod: { id: '333333333333', region: 'eu-west-1', assume_role: 'bridle-admin' },
}

const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
}

test('a thousand roles in three accounts are read and planned in at most ten requests of IAM for each', async () => {
  const state = freshState()
  newAccounts(
    state,
    accountsFor(
      Object.entries(accounts).map(([name, { id, region, ...more }]) => ({
        name,
        id,
        region,
        partition: 'aws',
        ...('assume_role' in more && { assumeRole: more.assume_role }),
      })),
    ),
  )
  const roles: Record<string, object> = {}
  for (let n = 0; n < 1_000; n++) {
    const [name, { id }] = Object.entries(accounts)[n % 3]!
    addRole(state, {
      account: id,
      name: `role-${n}`,
      path: '/buildkite/',
      trust,
      tags: { 'managed-by': 'bridle' },
    })
    if (n > 5) roles[`${name}/role-${n}`] = { trust: [{ service: 'ec2.amazonaws.com' }] }
  }
  const ground = groundOf(sandbox({ state, clock: stoppedClock(), limits: 'off' }))
  const planned = await ground.plan({ organization: 'acme', aws: { accounts, roles } })
  expect(errorsIn(planned)).toEqual([])
  expect(planOf(planned).changes).toEqual([])
  expect(planOf(planned).undeclared).toHaveLength(6)
  const iam = ground.sandbox.calls.filter(({ kind, fields }) => kind === 'aws' && fields.includes('iam'))
  expect(iam.length).toBeGreaterThan(0)
  expect(iam.length).toBeLessThanOrEqual(3 * 10)
})
