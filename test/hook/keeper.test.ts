import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lacks, removeHosts, shells } from './host.js'
import { awsServed, job, keeperIn, policyOf, signing, type Aws } from './keeper.js'
import { printGate } from '../../src/model/gate.js'

let aws: Aws
beforeAll(async () => {
  aws = await awsServed()
})
afterAll(async () => {
  removeHosts()
  await aws.close()
})

describe.skipIf(lacks() !== undefined)('the keeper', () => {
  test.each(shells)('takes what is in SSM to where the gate reads it, under %s', async (shell) => {
    await aws.publish(policyOf(3))
    const host = keeperIn(shell, aws.url, { metadata: aws.metadata })
    const first = await host.keep(signing(aws))
    expect(first.line, first.said).toMatchObject({ did: 'written', serial: 3 })
    expect(first.status).toBe(0)
    expect(host.policy()).toBe(printGate(policyOf(3)))
    expect(host.left()).toEqual(['policy.json', 'serial.json'])
    expect((await host.ask(job)).line).toMatchObject({ decision: 'accept', serial: 3 })
    const second = await host.keep()
    expect(second.line, second.said).toMatchObject({ did: 'same', serial: 3 })
    expect(second.status).toBe(0)
  })
})
