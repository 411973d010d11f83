import { describe, expect, test } from 'vitest'
import { thisMachine } from '../../src/cli/this-machine.js'
import { sandbox, type Options } from '../../src/sandbox/index.js'
import { newOrganization } from '../../src/sandbox/seed.js'
import { newKey } from '../support/policy-key.js'
import { run, worldOf, type World } from '../support/world.js'

const declaration = `
organization: acme
teams:
  web: {}
  ops: {}
  release: {}
`

/** A queue with a gate, and its canary. No agent is there to take it. */
const guarded = `
organization: acme
ignore: { clusters: ["Default cluster"], teams: [everyone] }
trust: { admins: [root@acme.test], automation: bridle@acme.test }
settings: { default_cluster: general }
clusters:
  general: { queues: { default: {} } }
  production:
    allow: { teams: [] }
    queues: { deploy: { hook: { mode: block, account: management, canary: web-canary } } }
pipelines:
  web-canary:
    cluster: production
    repository: git@github.com:acme/canary.git
    default_branch: main
    steps: "steps: [{ command: x, agents: { queue: deploy } }]"
aws: { accounts: { management: { id: "111111111111", region: eu-west-1 } } }
`

const clock = { now: () => Date.UTC(2026, 10, 2, 9), sleep: () => Promise.resolve() }
const buildkite = (options: Partial<Options> = {}) =>
  sandbox({
    state: newOrganization({ slug: 'acme', admin: { email: 'root@acme.test', token: 'sandbox' } }),
    clock,
    ...options,
  })

const withToken = (fetch: unknown, more: Parameters<typeof worldOf>[0] = {}) =>
  worldOf({
    files: { 'bridle.yaml': declaration },
    env: { BUILDKITE_API_TOKEN: 'sandbox' },
    fetch: fetch as typeof globalThis.fetch,
    ...more,
  })

describe('a bug', () => {
  const broken = () => {
    throw new RangeError('the answer was 43\u001b[2J')
  }
  test('is said in one line, and ends with 1', async () => {
    const ran = await withToken(broken).run('plan')
    // What fetch throws is taken for the network; a bug is anything that nobody expects.
    expect(ran.code).toBe(4)
    const world = withToken(broken)
    const bugged = { ...world.machine.disk, entry: broken }
    Object.assign(world.machine, { disk: bugged })
    const { code, stdout, stderr } = await world.run('plan')
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'bridle has a bug: RangeError: the answer was 43\\u{001b}[2J\n' +
        '  = fix: run it again with --debug, and report what it says\n',
    })
  })

  test('with --debug also says where', async () => {
    const world = withToken(broken)
    Object.assign(world.machine, { disk: { ...world.machine.disk, entry: broken } })
    const { code, stderr } = await world.run('plan', '--debug')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^bridle has a bug: RangeError.*\n( +at .*\n)+$/)
  })
})

describe('Ctrl-C', () => {
  const interruptedAfter = (calls: number, kind: string) => {
    let seen = 0
    const holder: { world?: World } = {}
    const served = buildkite({
      after: (call) => {
        if (call.kind === kind && (seen += 1) === calls) holder.world?.interrupt()
      },
    })
    const world = (holder.world = withToken(served.fetch))
    return { world, served }
  }

  test('while reading ends with 130, and nothing is planned', async () => {
    const { world } = interruptedAfter(1, 'query')
    const { code, stdout, stderr } = await world.run('plan', '--format', 'json')
    expect(code).toBe(130)
    expect(JSON.parse(stdout).plan).toBeUndefined()
    expect(stderr).toContain('stopping: what is under way is finished first')
  })

  test('in an apply finishes the call under way, reports all, and ends with 130', async () => {
    const { world, served } = interruptedAfter(1, 'mutation')
    const { code, stdout } = await world.run('apply', '--yes', '--format', 'json')
    const { outcomes, interrupted } = JSON.parse(stdout)
    const sent = served.calls.filter(({ kind }) => kind === 'mutation').length
    expect(code).toBe(130)
    expect(interrupted).toBe(true)
    expect(outcomes).toHaveLength(3)
    expect(outcomes.filter(({ state }: { state: string }) => state === 'done')).toHaveLength(sent)
    expect((await world.run('apply', '--yes')).code).toBe(0)
  })

  test('while a canary is waited for names the build that goes on, and ends with 130', async () => {
    const world = worldOf({
      files: {
        'bridle.yaml': guarded,
        'key.pem': newKey().export({ type: 'sec1', format: 'pem' }) as string,
      },
      env: { BRIDLE_POLICY_KEY_FILE: 'key.pem' },
    })
    expect((await world.run('apply', '--sandbox', '--yes', '--allow-widening')).code).toBe(0)
    Object.assign(world.machine.clock, { sleep: async () => world.interrupt() })
    const { code, stdout } = await world.run('hook', 'canary', 'production/deploy', '--sandbox')
    expect(code).toBe(130)
    expect(stdout).toContain('  goes on  no agent    https://buildkite.com/acme/web-canary/builds/1\n')
    expect(stdout).toContain(
      'error[interrupted]: the canary goes on: https://buildkite.com/acme/web-canary/builds/1\n',
    )
    expect(stdout).toContain('  = fix: cancel it on its page, or see there how it ends')
    expect(world.files['bridle.evidence.json']).toBeUndefined()
  })

  test('a second time ends at once', async () => {
    const ended: number[] = []
    const world = withToken(
      buildkite({
        before: () => {
          world.interrupt()
          world.interrupt()
        },
      }).fetch,
    )
    Object.assign(world.machine, { endNow: (code: number) => void ended.push(code) })
    await world.run('plan')
    expect(ended[0]).toBe(130)
  })

  test('at the question is a no, and ends with 130', async () => {
    const world = withToken(buildkite().fetch, { answers: [] })
    Object.assign(world.machine, {
      ask: async () => {
        world.interrupt()
        return false
      },
    })
    const { code, stdout } = await world.run('apply')
    expect(code).toBe(130)
    expect(stdout).toContain('Nothing was changed.')
  })
})

describe('where things go', () => {
  test('the answer goes to standard output, and all else to standard error', async () => {
    const { stdout, stderr } = await withToken(buildkite().fetch, { answers: [true] }).run(
      'apply',
      '--format',
      'json',
    )
    expect(JSON.parse(stdout).result).toBe('apply')
    expect(stderr).toContain('Carry out 3 calls in organization "acme"? [y/N] y')
  })

  test('colour only where somebody looks', async () => {
    const plain = await withToken(buildkite().fetch).run('plan')
    const looked = await withToken(buildkite().fetch, { tty: true }).run('plan')
    const refused = await withToken(buildkite().fetch, { tty: true }).run('plan', '--no-color')
    expect(looked.stdout).toContain('\u001b[')
    expect(plain.stdout).not.toContain('\u001b')
    expect(refused.stdout).toBe(plain.stdout)
  })

  test('JSON and markdown are never coloured', async () => {
    for (const format of ['json', 'markdown'])
      expect(
        (await withToken(buildkite().fetch, { tty: true }).run('plan', '--format', format)).stdout,
      ).not.toContain('\u001b')
  })

  test('the same input gives the same bytes', async () => {
    const once = await withToken(buildkite().fetch).run('plan', '--format', 'json')
    const again = await withToken(buildkite().fetch).run('plan', '--format', 'json')
    expect(again.stdout).toBe(once.stdout)
  })
})

test('a plan that can’t be written ends with 2, and a plan with findings is not written', async () => {
  const unwritable = await run(['plan', '--out', 'nowhere/plan.json']) // nobody is asked before
  expect(unwritable).toMatchObject({ code: 2, stdout: '' })
  expect(unwritable.stderr).toContain("nowhere/plan.json can't be written: there is no folder nowhere")
  const wrong = withToken(buildkite().fetch, {
    files: { 'bridle.yaml': 'organization: acme\nteams: { web: { x: 1 } }\n' },
  })
  expect((await wrong.run('plan', '--out', 'plan.json')).code).toBe(3)
  expect(Object.keys(wrong.files)).toEqual(['bridle.yaml'])
  wrong.files['plan.json'] = 'of yesterday'
  const { stderr } = await wrong.run('plan', '--out', 'plan.json')
  expect(stderr).toContain('plan.json is left as it was, and is an older plan')
  expect(wrong.files['plan.json']).toBe('of yesterday')
})

describe('no secret leaves', () => {
  const secret = `bkua_${'0123456789abcdef'.repeat(3)}`

  test.each([
    ['typed in a code’s place', ['explain', secret]],
    ['typed in a command’s place', [secret]],
    ['typed in a flag’s place', ['plan', `--${secret}`]],
    ['typed as a file', ['apply', secret]],
    ['a name of a sandbox', ['plan', '--sandbox', `${secret}/x.json`]],
  ])('%s', async (_, argv) => {
    const { output } = await run(argv, { files: { 'bridle.yaml': declaration } })
    expect(output).not.toContain('0123456789abcdef')
  })

  test('a token that Buildkite itself sends back', async () => {
    const echo: Options['faults'] = [{ fault: 'error', message: `who is ${secret}?`, times: 'always' }]
    const { output, code } = await withToken(buildkite({ faults: echo }).fetch).run('plan')
    expect(code).toBe(4)
    expect(output).toContain('who is')
    expect(output).not.toContain('0123456789abcdef')
  })
})

describe('a sandbox', () => {
  test('is named in the first line of every answer', async () => {
    const world = worldOf({ files: { 'bridle.yaml': declaration }, answers: [true] })
    const first = async (...argv: string[]) => (await world.run(...argv)).stdout.split('\n')[0]
    const sentence = 'Sandbox: a make-believe organization, kept in bridle.sandbox.json.'
    expect(await first('plan', '--sandbox')).toBe(sentence)
    expect(await first('apply', '--sandbox')).toBe(sentence)
    expect(await first('drift', '--sandbox')).toBe(sentence)
    expect(await first('doctor', '--sandbox')).toBe(sentence)
    expect(await first('sandbox', 'edit', 'create', 'team:x')).toBe(sentence)
    expect(await first('plan', '--sandbox', '--format', 'markdown')).toBe(`> ${sentence}`)
    expect(JSON.parse((await world.run('plan', '--sandbox', '--format', 'json')).stdout).sandbox).toBe(
      sentence,
    )
  })

  test('is written only when something was changed in it', async () => {
    const world = worldOf({ files: { 'bridle.yaml': declaration } })
    await world.run('plan', '--sandbox')
    await world.run('drift', '--sandbox')
    await world.run('apply', '--sandbox')
    expect(Object.keys(world.files)).toEqual(['bridle.yaml'])
    await world.run('apply', '--sandbox', '--yes')
    expect(Object.keys(world.files)).toEqual(['bridle.yaml', 'bridle.sandbox.json'])
  })

  test('is never asked with a token of Buildkite’s, and Buildkite never with the sandbox’s', async () => {
    const asked: string[] = []
    const real = (url: string) => {
      asked.push(url)
      return Promise.reject(new TypeError('fetch failed'))
    }
    const { code } = await withToken(real).run('plan', '--sandbox')
    expect({ code, asked }).toEqual({ code: 0, asked: [] })
  })

  test('that can’t be saved ends with 2, and says so', async () => {
    const { code, stderr } = await run(['apply', '--yes', '--sandbox', 'nowhere/state.json'], {
      files: { 'bridle.yaml': declaration },
    })
    expect(code).toBe(2)
    expect(stderr).toContain(
      "the sandbox can't be saved in nowhere/state.json: its folder is not there (ENOENT)",
    )
  })
})

describe('sandbox serve', () => {
  test('answers until Ctrl-C, and saves then', async () => {
    const world = worldOf({ files: { 'bridle.yaml': declaration } })
    const lines: string[] = []
    const served = new Promise<string>((resolve) => {
      Object.assign(world.machine.stdout, {
        write: (text: string) => {
          lines.push(text)
          resolve(/GRAPHQL_URL=(\S+)/.exec(text)?.[1] ?? '')
        },
      })
    })
    const running = world.run('sandbox', 'serve')
    const url = await served
    const ask = async (token: string) => {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({
          query:
            'mutation($o: ID!) { teamCreate(input: { organizationID: $o, name: "x", privacy: VISIBLE, isDefaultTeam: false, defaultMemberRole: MEMBER }) { clientMutationId } }',
          variables: { o: 'x' },
        }),
      })
      return answer.status
    }
    expect(lines[0]).toContain('Sandbox: a make-believe organization')
    expect(await ask('sandbox')).toBe(200)
    expect(await ask('other')).toBe(401)
    world.interrupt()
    expect((await running).code).toBe(0)
    expect(world.files['bridle.sandbox.json']).toContain('"slug":"acme"')
  })

  test('without a declaration or a state there is nothing to serve', async () => {
    const { code, stderr } = await run(['sandbox', 'serve'])
    expect(code).toBe(2)
    expect(stderr).toContain(
      'there is neither a sandbox in bridle.sandbox.json nor a declaration in bridle.yaml',
    )
  })
})

test('sandbox demo tells its story without a terminal, a token or a file', { timeout: 60_000 }, async () => {
  const world = worldOf()
  const write = () => {
    throw new Error('the demo writes no file')
  }
  Object.assign(world.machine, { disk: { ...thisMachine().disk, write } })
  const { code, stdout, stderr } = await world.run('sandbox', 'demo')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.split('\n')[0]).toMatch(/^Sandbox:/)
  expect(stdout).toContain('3 privileged queues: 3 closed, resting on accepted assumptions.')
  expect(stdout).toContain('~ paused  "flaky disks" → nothing')
  expect(stdout).toContain('error[chosen-commit]: user:hana@acme.test')
  expect(stdout.match(/done {2}ssm:PutParameter token:production\/deploy/g)).toHaveLength(1)
  expect(stdout).toContain('token production/deploy (create)')
  expect(stdout).toContain('error[opens-queue]: the plan would let user:hana@acme.test')
})
