import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { trialAnswers, trialInput, trialProgram, type JobFile } from '../../src/hook/trial.js'
import { hostIn, lacks, removeHosts } from './host.js'

afterAll(removeHosts)

type Data = Readonly<Record<string, unknown>>

const table = parse(readFileSync(new URL('gate.yaml', import.meta.url), 'utf8')) as {
  readonly job: Readonly<Record<string, string>>
  readonly policy: Data & { readonly pipelines: readonly [Data] }
  readonly cases: readonly {
    readonly name: string
    readonly job?: Readonly<Record<string, string | null>>
    readonly policy?: Data
    readonly whole?: Data
    readonly rule?: string
  }[]
}

const here = { organization: 'organization-1', cluster: 'cluster-1', queue: 'queue-1' }
const now = () => `${new Date().toISOString().slice(0, 19)}Z`

const fileOf = (bytes: string | Buffer): JobFile => ({
  at: 'job.json',
  text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.from(bytes)),
  bytes: Buffer.from(bytes).length,
})

const trial = (policies: readonly Data[], jobs: readonly JobFile[]) => {
  const input = trialInput(
    policies.map((policy) => ({ policy, isNumbered: true })),
    jobs,
    now(),
  )
  const { stdout, stderr } = spawnSync('jq', ['-n', '-c', '-a', trialProgram], { input, encoding: 'utf8' })
  expect(stderr).toBe('')
  return trialAnswers(stdout)
}

const pick = (one: Data | undefined) =>
  Object.fromEntries(
    ['decision', 'mode', 'rule', 'saw', 'key', 'value', 'pipeline', 'build', 'job'].map((key) => [
      key,
      // Each says which second it was when it was asked.
      key === 'saw' && one?.['rule'] === 'clock' ? 'now' : (one?.[key] ?? null),
    ]),
  )

describe.skipIf(lacks() !== undefined)('a trial says what the gate on a host says', () => {
  const other = { ...table.policy.pipelines[0], slug: 'other', uuid: 'pipeline-9' }

  const policyOf = ({ policy, whole }: (typeof table.cases)[number]): Data => ({
    ...table.policy,
    pipelines: [{ ...table.policy.pipelines[0], ...policy }, other],
    ...whole,
  })
  const cases = table.cases
    .map((one) => ({
      one,
      policy: policyOf(one),
      job: Object.fromEntries(
        Object.entries({ ...table.job, ...one.job }).filter(
          (each): each is [string, string] => each[1] !== null,
        ),
      ),
    }))
    // A policy for another queue is refused on a host; a trial is of the policy for the queue that it is asked about.
    .filter(({ policy }) =>
      ['organization', 'cluster', 'queue'].every((name) =>
        Object.values(here).includes((policy[name] as { uuid?: string } | undefined)?.uuid ?? ''),
      ),
    )
    // Which job it is, a trial can only be told by the job itself.
    .filter(({ job }) => job['BUILDKITE_JOB_ID'] === 'job-1')

  test('by the table that the gate is held to', () => {
    expect(cases.length).toBeGreaterThan(100)
    const byPolicy = new Map(cases.map(({ policy }) => [JSON.stringify(policy), policy]))
    for (const same of byPolicy.keys()) {
      const some = cases.filter(({ policy }) => JSON.stringify(policy) === same)
      const tried = trial(
        some.slice(0, 1).map(({ policy }) => policy),
        some.map(({ job }) => fileOf(`${JSON.stringify(job)}\n`)),
      )
      expect(tried.map(([one]) => one?.rule ?? undefined)).toEqual(some.map(({ one }) => one.rule))
    }
  })

  test('word for word', { timeout: 120_000 }, async () => {
    const host = hostIn()
    host.put('etc/gate.json', JSON.stringify(here))
    const every = process.env['BRIDLE_DEEP'] === '1' ? 1 : 12
    for (const { one, policy, job } of cases.filter((_, n) => n % every === 0)) {
      const file = `${JSON.stringify(job)}\n`
      host.put('var/policy.json', JSON.stringify(policy))
      const { line, said } = await host.ask(file)
      const [[tried] = []] = trial([policy], [fileOf(file)])
      expect(pick(tried as Data), `${one.name}: ${said}`).toEqual(pick(line))
    }
  })

  test.each<readonly [string, string | Buffer]>([
    ['nothing', ''],
    ['no JSON', 'BUILDKITE="true"\n'],
    ['no object', '["BUILDKITE"]\n'],
    ['a value that is no text', '{"BUILDKITE":true}\n'],
    ['half a file', JSON.stringify(table.job).slice(0, -20)],
    ['two objects', `${JSON.stringify(table.job)}\n${JSON.stringify(table.job)}`],
    ['two objects on one line', `${JSON.stringify(table.job)}${JSON.stringify(table.job)}`],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x7b, 0x7d])],
    ['a mark of the order of bytes', `\ufeff${JSON.stringify(table.job)}\n`],
    ['lines', JSON.stringify(table.job, null, 2)],
    ['half of a surrogate pair', JSON.stringify({ ...table.job, BUILDKITE_BRANCH: 'x\ud800' })],
    ['a name twice', `{"BUILDKITE_BRANCH":"evil",${JSON.stringify(table.job).slice(1)}`],
    ['the same the other way round', JSON.stringify(table.job).replace(/\}$/, ',"BUILDKITE_BRANCH":"evil"}')],
    ['more than any job has', `{"A":"${'x'.repeat(3_000_000)}"}\n`],
    ['deep nesting', `{"A":${'['.repeat(20_000)}`],
  ])('of a file that holds %s', async (_, file) => {
    const host = hostIn()
    host.put('etc/gate.json', JSON.stringify(here))
    host.put('var/policy.json', JSON.stringify(table.policy))
    const { line } = await host.ask(file)
    const [[tried] = []] = trial([table.policy], [fileOf(file)])
    expect({ decision: tried?.decision, rule: tried?.rule, saw: tried?.saw }).toEqual({
      decision: line?.['decision'],
      rule: line?.['rule'],
      saw: line?.['saw'],
    })
  })
})
