import { sandbox, type Options } from '../../../src/sandbox/index.js'
import { credentialsOf, newAccounts } from '../../../src/sandbox/aws/seed.js'
import { clientsOf } from '../../support/aws-over-fetch.js'
import { acme, stopped } from '../acme.js'

export const MANAGEMENT = '111111111111'
export const PROD = '333333333333'

/** Two accounts beside an organization. */
export const accounts = () => {
  const state = acme()
  newAccounts(state, [
    { id: MANAGEMENT, name: 'management' },
    { id: PROD, name: 'prod', user: true, admin: { externalId: 'acme-bridle' } },
  ])
  return state
}

/** A sandbox with accounts, and clients of the one that is named. */
export const opened = (options: Partial<Options> = {}, account = PROD) => {
  const clock = options.clock ?? stopped()
  const world = sandbox({ state: accounts(), ...options, clock })
  const { iam, sts, ssm, kms } = clientsOf(world.fetch, credentialsOf(world.state, account)!, {
    now: clock.now(),
  })
  return { world, iam, sts, ssm, kms }
}

/** The name and the words of a no. */
export const no = async (asked: Promise<unknown>): Promise<string> => {
  try {
    await asked
  } catch (error) {
    if (error instanceof Error) return `${error.name}: ${error.message}`
    throw error
  }
  return 'yes'
}

export const EC2 = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
})

export const READS = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
})
