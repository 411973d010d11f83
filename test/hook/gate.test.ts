import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { decisionOn, type Host } from './decision.js'
import { agent, hostIn, lacks, removeHosts, shells } from './host.js'

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

describe.skipIf(lacks() !== undefined)('where no decision can be made, the job is refused', () => {
  const policy = JSON.stringify(table.policy)
  const job = `${JSON.stringify(table.job)}\n`
  const host = (mode?: string) => {
    const made = hostIn(shells[(turn += 1) % shells.length])
    made.put('etc/gate.json', JSON.stringify({ ...here, ...(mode !== undefined && { mode }) }))
    made.put('var/policy.json', policy)
    return made
  }
  let turn = 0
  type Made = ReturnType<typeof host>

  test.each<readonly [string, string, (made: Made) => void]>([
    ['no policy', 'policy', ({ at }) => rmSync(at('var/policy.json'))],
    ['half a policy', 'policy', ({ put }) => put('var/policy.json', policy.slice(0, -9))],
    ['an empty policy', 'policy', ({ put }) => put('var/policy.json', '')],
    ['two policies', 'policy', ({ put }) => put('var/policy.json', policy + policy)],
    ['a policy that jobs can write', 'policy', ({ put }) => put('var/policy.json', policy, 0o666)],
    ['a policy of the agent’s', 'policy', ({ put }) => put('var/policy.json', policy, 0o444, agent)],
    ['a policy in a folder that jobs can write', 'policy', ({ at }) => chmodSync(at('var'), 0o777)],
    ['a policy in a folder of the agent’s', 'policy', ({ at }) => chownSync(at('var'), agent, agent)],
    [
      'a link for a policy',
      'policy',
      ({ at }) => {
        renameSync(at('var/policy.json'), at('var/real.json'))
        symlinkSync(at('var/real.json'), at('var/policy.json'))
      },
    ],
    [
      'a folder for a policy',
      'policy',
      ({ at }) => {
        rmSync(at('var/policy.json'))
        mkdirSync(at('var/policy.json'))
      },
    ],
    ['no word on which queue this is', 'installation', ({ at }) => rmSync(at('etc/gate.json'))],
    [
      'a word on which queue this is that jobs can write',
      'installation',
      ({ at }) => chmodSync(at('etc/gate.json'), 0o666),
    ],
    ['half a word on which queue this is', 'policy', ({ put }) => put('etc/gate.json', '{')],
    ['rules that jobs can write', 'installation', ({ at }) => chmodSync(at('lib/decide.jq'), 0o666)],
    ['a gate that jobs can write', 'installation', ({ at }) => chmodSync(at('hooks/pre-bootstrap'), 0o777)],
    ['a gate in a folder that jobs can write', 'installation', ({ at }) => chmodSync(at('hooks'), 0o777)],
    ['rules that are no rules', 'policy', ({ put }) => put('lib/decide.jq', 'def')],
    ['rules that let everybody in, in other words', 'policy', ({ put }) => put('lib/decide.jq', '"accept"')],
  ])('%s', async (_, rule, change) => {
    const made = host()
    change(made)
    const { status, line, said } = await made.ask(job)
    expect(line?.['rule'], said).toBe(rule)
    expect(status).toBe(1)
  })

  test.each<readonly [string, string | Buffer | undefined]>([
    ['no file', undefined],
    ['an empty file', ''],
    ['no JSON', 'BUILDKITE="true"\n'],
    ['no object', '["BUILDKITE"]\n'],
    ['a value that is no text', '{"BUILDKITE":true}\n'],
    ['half a file', job.slice(0, -20)],
    ['two objects', job + job],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x7b, 0x7d])],
    ['a line end inside of a text', '{"BUILDKITE":"a\nb"}\n'],
    ['more than any job has', `{"A":"${'x'.repeat(3_000_000)}"}\n`],
  ])('of a job there is %s', async (_, file) => {
    const { status, line, said } = await host().ask(file)
    expect(line?.['rule'], said).toBe('job-file')
    expect(status).toBe(1)
  })

  test.each(['/usr/bin/env', '/usr/bin/timeout', '/usr/bin/jq'])('where there is no %s', async (tool) => {
    const made = host()
    const gate = readFileSync(made.gate, 'utf8')
    made.put('hooks/pre-bootstrap', gate.replaceAll(tool, made.at('bin/nothing')), 0o755)
    const { status, said } = await made.ask(job)
    expect(status, said).toBe(1)
    expect(readdirSync(made.at('tmp'))).toEqual(['job-env-json-job-1'])
  })

  test('to somebody who is root on the machine', async () => {
    const { status, line } = await host().ask(job, { as: 0 })
    expect(line?.['rule']).toBe('installation')
    expect(status).toBe(1)
  })

  test('but where the host was told to watch only', async () => {
    const made = host('observe')
    rmSync(made.at('var/policy.json'))
    const { status, line } = await made.ask(job)
    expect(line).toMatchObject({ decision: 'refuse', mode: 'observe', rule: 'policy' })
    expect(status).toBe(0)
  })

  test('what the agent was started with decides nothing', async () => {
    const made = host()
    // E10: what an earlier job has left for tools to read.
    made.put(
      'tmp/.jq',
      'def unless(is; otherwise): empty; def any(f): true; def first_of(f): null;',
      0o644,
      agent,
    )
    const evil = made.put('tmp/evil', 'exit 0\n', 0o755, agent)
    const { line } = await made.ask(JSON.stringify({ ...table.job, BUILDKITE_BRANCH: 'evil' }), {
      env: {
        BASH_ENV: evil,
        ENV: evil,
        JQ_LIBRARY_PATH: made.at('tmp'),
        'BASH_FUNC_exit%%': '() { :; }',
        IFS: '/',
        TZ: 'X',
      },
    })
    expect(line?.['rule']).toBe('branch')
  })

  test('two at once do not disturb each other, and nothing is left', async () => {
    const made = host()
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((id, n) =>
        made.ask(
          JSON.stringify({ ...table.job, BUILDKITE_JOB_ID: id, BUILDKITE_BRANCH: n % 2 ? 'evil' : 'main' }),
          { id },
        ),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual([0, 1, 0, 1])
    expect(readdirSync(made.at('tmp')).sort()).toEqual(['a', 'b', 'c', 'd'].map((id) => `job-env-json-${id}`))
  })
})

describe.skipIf(lacks() !== undefined)('who looks at the build is told', () => {
  const told = async (does: string, changes: Readonly<Record<string, string>>) => {
    const made = hostIn()
    made.put('etc/gate.json', JSON.stringify(here))
    made.put('var/policy.json', JSON.stringify(table.policy))
    made.put('bin/buildkite-agent', `#!/bin/sh\n${does.replaceAll('OUT', made.at('tmp/out'))}\n`, 0o755)
    const answer = await made.ask(JSON.stringify({ ...table.job, ...changes }))
    const out = readdirSync(made.at('tmp')).includes('out') ? readFileSync(made.at('tmp/out'), 'utf8') : ''
    return { ...answer, out }
  }
  const writes = '{ echo "$@"; echo "$BUILDKITE_AGENT_ACCESS_TOKEN"; cat; } >OUT'

  test('by which rule, what was seen, and which lines would allow it', async () => {
    const { out, said, status } = await told(writes, { BUILDKITE_BRANCH: 'evil"<b>`x`\n# y' })
    expect(status).toBe(1)
    expect(said).not.toContain('job-token')
    expect(out).toBe(
      [
        'annotate --job job-1 --style error --context bridle-gate-job-1',
        'job-token',
        '**The gate of queue <code>production/deploy</code> refused this job** (<code>branch</code>, policy 7)',
        '',
        'Branch <code>evil&quot;&lt;b&gt;&#96;x&#96; # y</code> is none of those that <code>web-deploy</code> may run on these agents.',
        '',
        'If that should be let in, declare it:',
        '',
        '<pre><code>pipelines:',
        '  &quot;web-deploy&quot;:',
        '    hook:',
        '      branches: [&quot;evil\\&quot;&lt;b&gt;&#96;x&#96;\\n# y&quot;] # beside those that are there</code></pre>',
        '',
      ].join('\n'),
    )
  })

  test('that a rebuild is a start by hand, whatever it says of its source', async () => {
    const { out } = await told(writes, { BUILDKITE_REBUILT_FROM_BUILD_ID: 'build-1' })
    expect(out).toContain(
      'The build is <code>a rebuild</code>, which somebody starts by hand, and no build of <code>web-deploy</code> may be.\n',
    )
    expect(out).toContain('      sources: [&quot;ui&quot;] # beside those that are there</code></pre>')
  })

  test('never the value of a variable, nor what the policy says', async () => {
    const { out, said } = await told(writes, { SECRET: 'hunter2' })
    expect(out).toContain('SECRET')
    expect(out + said).not.toContain('hunter2')
    expect(out).not.toContain('webhook')
  })

  test.each([
    ['that fails', 'exit 3'],
    ['that hangs', 'sleep 60'],
  ])('by an agent %s, the job is refused all the same', async (_, does) => {
    const { status, took } = await told(does, { BUILDKITE_BRANCH: 'evil' })
    expect(status).toBe(1)
    expect(took).toBeLessThan(20_000)
  })

  test('by an agent that root has put a link to, and not by one that a job could have linked', async () => {
    const made = hostIn()
    made.put('etc/gate.json', JSON.stringify(here))
    made.put('var/policy.json', JSON.stringify(table.policy))
    made.put('lib/agent', `#!/bin/sh\n${writes.replaceAll('OUT', made.at('tmp/out'))}\n`, 0o755)
    symlinkSync(made.at('lib/agent'), made.at('bin/buildkite-agent'))
    const evil = JSON.stringify({ ...table.job, BUILDKITE_BRANCH: 'evil' })
    await made.ask(evil)
    expect(readdirSync(made.at('tmp'))).toContain('out')
    rmSync(made.at('tmp/out'))
    chmodSync(made.at('bin'), 0o777)
    await made.ask(evil)
    expect(readdirSync(made.at('tmp'))).not.toContain('out')
  })

  test('not of a job that is let in', async () => {
    expect(await told(writes, {})).toMatchObject({ status: 0, out: '' })
  })
})

test.skipIf(spawnSync('shellcheck', ['--version']).error !== undefined)(
  'shellcheck has nothing to say of the gate',
  () => {
    const scripts = ['pre-bootstrap', 'look-further'].map(
      (name) => new URL(`../../src/hook/files/${name}`, import.meta.url).pathname,
    )
    const { stdout } = spawnSync('shellcheck', ['-o', 'all', '-s', 'sh', ...scripts], { encoding: 'utf8' })
    expect(stdout).toBe('')
  },
)
