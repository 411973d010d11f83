import { spawnSync } from 'node:child_process'
import { afterAll, describe, expect, test } from 'vitest'
import { digestOf } from '../../src/hook/installed.js'
import { shipped } from '../../src/hook/shipped.js'
import { checkedHost, machineId, removeChecked, type Checked } from './checked.js'
import { deep } from '../support/law.js'
import { agent, lacks, shells } from './host.js'

afterAll(removeChecked)

const hooks = '/etc/buildkite-agent/hooks'
const gate = `${hooks}/pre-bootstrap`
const isMissing = lacks() !== undefined

/** What voids the gate, and which checks say so. */
const voids: readonly (readonly [what: string, does: (host: Checked) => void, failed: readonly string[]])[] =
  [
    ['no gate', (host) => host.remove(gate), ['files', 'owners', 'agent-reach']],
    ['another gate', (host) => host.put(gate, '#!/bin/sh\nexit 0\n', 0o755), ['files']],
    ['no rules', (host) => host.remove('/usr/lib/bridle/decide.jq'), ['files', 'owners', 'agent-reach']],
    ['no list of digests', (host) => host.remove('/etc/bridle/files.sha256'), ['files', 'owners']],
    [
      'a list that leaves out the gate',
      (host) =>
        host.put(
          '/etc/bridle/files.sha256',
          host.read('/etc/bridle/files.sha256').replace(/^.*pre-boot.*\n/, ''),
        ),
      ['files'],
    ],
    ['a gate that nobody can run', (host) => host.mode(gate, 0o644), ['owners', 'agent-reach']],
    ['a gate of the agent’s', (host) => host.own(gate), ['owners', 'agent-reach']],
    ['a gate that everybody may write', (host) => host.mode(gate, 0o777), ['owners', 'agent-reach']],
    ['a gate behind a link', (host) => host.link(gate), ['owners']],
    [
      'a hook of somebody else’s, which is the agent’s',
      (host) => {
        host.put(`${hooks}/post-command`, '', 0o755)
        host.own(`${hooks}/post-command`)
      },
      ['owners', 'agent-reach'],
    ],
    [
      'a hook of somebody else’s, which a group may write',
      (host) => host.put(`${hooks}/my hook`, '', 0o775),
      ['owners'],
    ],
    ['hooks behind a link', (host) => host.link(hooks), ['owners']],
    ['hooks of the agent’s', (host) => host.own(hooks), ['owners', 'agent-reach']],
    ['hooks that the agent can’t enter', (host) => host.mode(hooks, 0o700), ['owners', 'agent-reach']],
    ['a parent that the agent can’t enter', (host) => host.mode('/etc', 0o750), ['owners', 'agent-reach']],
    ['a root that everybody may write', (host) => host.mode('/', 0o777), ['owners', 'agent-reach']],
    ['a parent of the agent’s', (host) => host.own('/etc/buildkite-agent'), ['owners', 'agent-reach']],
    [
      'a configuration of the agent’s',
      (host) => host.own('/etc/buildkite-agent/buildkite-agent.cfg'),
      ['owners', 'agent-reach'],
    ],
    ['rules that a group may write', (host) => host.mode('/usr/lib/bridle', 0o775), ['owners']],
    ['keys of the agent’s', (host) => host.own('/etc/bridle/policy-keys'), ['owners', 'agent-reach']],
    ['a policy of the agent’s', (host) => host.own('/var/lib/bridle/policy.json'), ['owners', 'agent-reach']],
    ['other hooks', (host) => host.config('hooks-path=/opt/hooks'), ['files', 'owners', 'agent-reach']],
    [
      'other hooks, as YAML',
      (host) => host.config('hooks-path: /opt/hooks'),
      ['files', 'owners', 'agent-reach'],
    ],
    [
      'no hooks-path',
      (host) => host.put('/etc/buildkite-agent/buildkite-agent.cfg', '# hooks-path=/x\n'),
      ['hooks-path'],
    ],
    ['another shell', (host) => host.config('hooks-shell="/opt/sh -c"'), ['hooks-shell']],
    ['two agents', (host) => host.config('spawn=2'), ['spawn']],
    ['an agent for each CPU', (host) => host.config('spawn-per-cpu=1'), ['spawn']],
    ['no queue', (host) => host.put('/etc/bridle/gate.json', '{"mode":"block"}\n'), ['queue']],
    [
      'a host that lets in what no policy forbids',
      (host) =>
        host.put('/etc/bridle/gate.json', host.read('/etc/bridle/gate.json').replace('block', 'warn')),
      ['mode'],
    ],
    ['an agent that is root', (host) => host.systemd({ User: '' }), ['agent-user']],
    [
      'hooks by the environment',
      (host) => host.systemd({ Environment: 'A=b BUILDKITE_HOOKS_PATH=/opt/hooks' }),
      ['files', 'owners', 'agent-reach'],
    ],
    [
      'hooks by the file of the environment',
      (host) => {
        host.put('/etc/buildkite-agent/env', 'BUILDKITE_HOOKS_SHELL="/opt/sh"\n', 0o600)
        host.systemd()
      },
      ['hooks-shell'],
    ],
    [
      'an environment that a job can write',
      (host) => {
        host.put('/var/lib/agent/env', '')
        host.own('/var/lib/agent')
        host.systemd({ EnvironmentFiles: '/var/lib/agent/env (ignore_errors=yes)' })
      },
      ['owners', 'agent-reach'],
    ],
    [
      'hooks by the command',
      (host) => host.systemd({ ExecStart: 'argv[]=agent start --hooks-path /x' }),
      ['hooks-path'],
    ],
    [
      'what sudo allows',
      (host) =>
        host.put(
          '/bin/sudo',
          '#!/bin/sh\necho "User nobody may run the following commands on host:"\necho "    (ALL) NOPASSWD: ALL"\n',
          0o755,
        ),
      ['agent-sudo'],
    ],
    [
      'a group that leads to root',
      (host) =>
        host.put(
          '/bin/id',
          '#!/bin/sh\ncase "$1" in -nG) echo nogroup docker ;; *) exec /usr/bin/id "$@" ;; esac\n',
          0o755,
        ),
      ['agent-groups'],
    ],
  ]

describe.skipIf(isMissing)('a host says what voids its gate', () => {
  test.concurrent.each(shells)('and nothing where nothing does, under %s', async (shell) => {
    const host = checkedHost(shell)
    host.systemd()
    const before = host.all()
    for (const as of shell === shells[0] ? [0, agent] : [0]) {
      const { status, report, wrong, said } = await host.check(as)
      expect(report?.machine).toBe(digestOf(`bridle.host/1 ${machineId}`))
      expect(said).not.toContain(machineId)
      expect({ status, wrong, failed: report?.failed, ok: report?.ok }).toEqual({
        status: 0,
        wrong: '',
        failed: [],
        ok: true,
      })
    }
    expect(await host.check(0, '--unit')).toMatchObject({ status: 0, said: '', wrong: '' })
    expect((await host.check(0, '--format', 'lines')).said).toContain('\nThe gate stands: ')
    expect(host.all()).toEqual(before)
  })

  // Each costs half a second. The deep run takes all, any other one in five.
  const rows = voids.map((one, n) => [...one, n] as const)
  test.concurrent.each(deep ? rows : rows.filter((_, n) => n % 5 === 1))(
    '%s',
    async (_what, does, failed, n) => {
      const host = checkedHost(shells[n % shells.length])
      does(host)
      const { status, report, wrong } = await host.check()
      expect({ failed: report?.failed, status, wrong }).toEqual({ failed, status: 1, wrong: '' })
      const inUnit = failed.filter((name) =>
        ['hooks-path', 'hooks-shell', 'queue', 'files', 'owners', 'agent-reach'].includes(name),
      )
      const unit = await host.check(0, '--unit')
      expect(unit.status).toBe(inUnit.length === 0 ? 0 : 1)
      for (const name of inUnit) expect(unit.wrong).toContain(`bridle: ${name}: `)
    },
  )

  test.concurrent('to the agent’s user, too', async () => {
    const host = checkedHost()
    host.mode(hooks, 0o700)
    const { status, report } = await host.check(agent)
    expect(status).toBe(1)
    expect(report?.failed).toEqual(expect.arrayContaining(['agent-reach']))
  })

  test.concurrent('by what no other process of the agent’s user can change, where root asks', async () => {
    const host = checkedHost()
    // Whoever may read the environment of a process may write its memory.
    const asOther = 'setpriv --ambient-caps -all --inh-caps -all cat /proc/$$/environ'
    host.put('/bin/curl', `#!/bin/sh\nif ${asOther} >/dev/null 2>&1; then exit 0; fi\nexit 7\n`, 0o755)
    const byRoot = await host.check()
    expect(byRoot.stateOf('metadata-service')).toBe('ok')
    expect(byRoot.said).not.toContain('hint')
    const byAgent = await host.check(agent)
    expect(byAgent.stateOf('metadata-service')).toBe('failed')
    const reach = byAgent.report?.checks.find(({ name }) => name === 'agent-reach')
    expect(reach?.saw).toContain('a hint: other processes of nobody can speak for the one that said so')
  })

  test.concurrent('and what makes it refuse jobs, or keeps less well', async () => {
    const host = checkedHost(shells[1])
    host.put('/etc/machine-id', 'uninitialized\n', 0o444)
    host.systemd({ Result: 'exit-code', ExecStartPre: '' })
    host.remove('/var/lib/bridle/policy.json')
    host.put('/bin/curl', '#!/bin/sh\nexit 0\n', 0o755)
    for (const name of ['agent-startup', 'environment', 'pre-bootstrap.ps1', 'folder/x'])
      host.put(`${hooks}/${name}`, '#!/bin/sh\n', 0o755)
    host.put('/usr/bin/buildkite-agent', '#!/bin/sh\necho buildkite-agent version 3.81.0+1.2\n', 0o755)
    const { status, report } = await host.check()
    expect([status, report?.machine]).toEqual([0, ''])
    expect(
      report?.checks
        .filter(({ state, weight }) => state === 'failed' && weight !== 'gate')
        .map(({ name }) => name),
    ).toEqual(
      expect.arrayContaining([
        'policy',
        'keeper',
        'agent-unit',
        'metadata-service',
        'agent-version',
        'other-hooks',
        'one-job',
        'commit-verification',
      ]),
    )
    expect(report?.checks.find(({ name }) => name === 'other-hooks')?.saw).toBe(
      'agent-startup runs before the gate; pre-bootstrap.ps1 runs in its place, where it is missing',
    )
    // Somebody took the connection, and is slow to answer.
    for (const at of ['169.254.169.254', '[fd00:ec2::254]']) {
      const waits = `#!/bin/sh\ncase "$*" in *'${at}'*) printf 0.000120; exit 28 ;; esac\nexit 7\n`
      host.put('/bin/curl', waits, 0o755)
      const { report } = await host.check(0, '--metadata', '--format', 'json')
      expect(report?.failed).toEqual(['metadata-service'])
      expect(report?.checks.find(({ name }) => name === 'metadata-service')?.saw).toContain(`http://${at}/`)
    }
  })

  test.concurrent('without being fooled by what stands in a file', async () => {
    const host = checkedHost(shells[2])
    host.config('hooks-shell=$(touch "/etc/x"; echo \\"}]) `id`')
    const { report } = await host.check()
    expect(report?.failed).toEqual(['hooks-shell'])
  })
})

test.skipIf(spawnSync('shellcheck', ['--version']).error !== undefined)(
  'shellcheck has nothing to say of it',
  () => {
    const { stdout } = spawnSync('shellcheck', ['-o', 'all', '-'], {
      input: shipped['check-host'],
      encoding: 'utf8',
    })
    expect(stdout).toBe('')
  },
)
