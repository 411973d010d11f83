import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { decisionOn, type Host } from './decision.js'
import { hostIn, lacks, removeHosts, shells } from './host.js'

afterAll(removeHosts)

type Job = Readonly<Record<string, string>>
type Data = Readonly<Record<string, unknown>>

interface Case {
  readonly name: string
  readonly job?: Readonly<Record<string, string | null>>
  /** What is other of the one pipeline in the policy, and of the policy as a whole. */
  readonly policy?: Data
  readonly whole?: Data
  readonly rule?: string
  readonly key?: string
}

const table = parse(readFileSync(new URL('gate.yaml', import.meta.url), 'utf8')) as {
  readonly job: Job
  readonly policy: Data & { readonly pipelines: readonly [Data] }
  readonly cases: readonly Case[]
}

const here: Host = { organization: 'organization-1', cluster: 'cluster-1', queue: 'queue-1' }

const jobOf = ({ job = {} }: Case): Job =>
  Object.fromEntries(
    Object.entries({ ...table.job, ...job }).filter((one): one is [string, string] => one[1] !== null),
  )

const policyOf = ({ policy = {}, whole = {} }: Case): Data => ({
  ...table.policy,
  pipelines: [{ ...table.policy.pipelines[0], ...policy }],
  ...whole,
})

describe.skipIf(lacks() !== undefined)('the gate on a host', () => {
  test.each(table.cases.map((one, n): [string, Case, number] => [one.name, one, n]))(
    '%s',
    async (_, one, n) => {
      const host = hostIn(shells[n % shells.length])
      const policy = policyOf(one)
      host.put('etc/gate.json', JSON.stringify(here))
      host.put('var/policy.json', JSON.stringify(policy))
      const job = `${JSON.stringify(jobOf(one))}\n`
      const { status, line, said } = await host.ask(job)
      expect(line?.['rule'] ?? undefined, said).toBe(one.rule)
      if (one.key !== undefined) expect(line?.['key']).toBe(one.key)
      expect(line?.['decision']).toBe(one.rule === undefined ? 'accept' : 'refuse')
      expect(status).toBe(one.rule === undefined || policy['mode'] !== 'block' ? 0 : 1)
      // What is no policy at all is for the gate alone to say.
      if (one.rule !== 'policy')
        expect(
          decisionOn(job, policy as never, here, 'job-1', `${new Date().toISOString().slice(0, 19)}Z`),
        ).toEqual({ decision: line?.['decision'], mode: policy['mode'], rule: one.rule ?? null })
    },
  )
})
