import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { bootScript } from '../../src/stack/boot-script.js'
import { firewallRules, firewallScript, type FirewallForm } from '../../src/stack/firewall.js'
import { redact } from '../../src/model/redact.js'
import { hostile } from '../report/hostile.js'
import { law } from '../support/law.js'
import { machine, removeMachines } from './machine.js'

afterAll(removeMachines)

const forms: readonly FirewallForm[] = ['iptables', 'nftables']
const brokers = ['daemon', '1500']
const deploy = { queue: 'production/deploy', privileged: true }
const build = { queue: 'general/default', privileged: false }
const firewall = { form: 'iptables', brokers: [] } as const

const bash: readonly (readonly [name: string, script: string])[] = forms.flatMap((form) =>
  [deploy, build].flatMap((about) => [
    [`boot script of ${about.queue}, ${form}`, bootScript(about, { form, brokers })] as const,
    [`firewall of ${about.queue}, ${form}`, firewallScript(about, { form, brokers: [] })] as const,
  ]),
)
const sh = forms.flatMap((form) =>
  [brokers, []].map((users) => [`rules, ${form}`, firewallRules({ form, brokers: users })] as const),
)

const given = (command: string, argv: readonly string[], input = '', env: NodeJS.ProcessEnv = {}) => {
  const { error, status, output } = spawnSync(command, argv, {
    input,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
  return { missing: error !== undefined, status, said: error === undefined ? output.join('') : '' }
}
const isThere = (command: string) => !given(command, ['--version']).missing

describe.skipIf(!isThere('shellcheck'))('shellcheck has nothing to say of', () => {
  test.each([...bash, ...sh])('the %s', (_name, script) => {
    expect(given('shellcheck', ['-o', 'all', '-'], script)).toEqual({ missing: false, status: 0, said: '' })
  })
})

test.each(bash)('bash can read the %s', (_name, script) => {
  expect(given('bash', ['-n'], script)).toEqual({ missing: false, status: 0, said: '' })
})

test.each(sh)('sh can read the %s', (_name, script) => {
  expect(given('sh', ['-n'], script)).toEqual({ missing: false, status: 0, said: '' })
})

test.each([...bash, ...sh])('nothing in the %s looks like a secret', (_name, script) => {
  expect(redact(script)).toBe(script)
})

/** A network of its own, where the system lets us make one; else the command alone, which then can at least read. */
const alone = (script: string, env?: NodeJS.ProcessEnv) => {
  const own = given('unshare', ['-n', 'sh', '-c', script], '', env)
  return notLet.test(own.said) ? given('unshare', ['-rn', 'sh', '-c', script], '', env) : own
}
const notLet = /Operation not permitted|must be root|Permission denied/

describe.skipIf(!isThere('nft') || !isThere('iptables-restore'))('the kernel', () => {
  test.each(forms)('takes the rules in %s, again and again', (form) => {
    const rules = firewallRules({ form, brokers })
    const { status, said } = alone(`${rules}\n${rules}`)
    if (!notLet.test(said)) expect({ status, said }).toEqual({ status: 0, said: '' })
    expect(said).not.toMatch(/syntax|unknown|Bad/i)
  })

  // Only root may have processes of other users, and only where it may make networks is there anything to see.
  test.each(forms)('keeps everybody but root and the brokers away, with the rules in %s', (form) => {
    const addresses = ['169.254.169.254', '169.254.169.253', 'fd00:ec2::254']
    const tries = [0, 1, 1500, 2000].flatMap((user) =>
      addresses.map(
        (address) =>
          `setpriv --reuid ${user} --clear-groups timeout 1 bash -c ': </dev/tcp/${address}/80' 2>/dev/null && echo ${user} ${address}`,
      ),
    )
    // Whoever gets through is let in by the kernel: nobody has to answer.
    const listening = `
      const { spawnSync } = require('node:child_process')
      require('node:net').createServer().listen(80, '::', () => {
        spawnSync('sh', ['-c', ${JSON.stringify(`(${firewallRules({ form, brokers })})\n${tries.join('\n')}`)}], { stdio: 'inherit' })
        process.exit()
      })`
    const { said } = alone(
      `
      ip link set lo up
      for address in 169.254.169.254/32 169.254.169.253/32; do ip addr add $address dev lo; done
      ip -6 addr add fd00:ec2::254/128 dev lo nodad
      exec node -e "$LISTENING"`,
      { LISTENING: listening },
    )
    if (process.getuid?.() !== 0 || notLet.test(said)) return
    expect(said.trim().split('\n')).toEqual([
      ...[0, 1, 1500].flatMap((user) => addresses.map((address) => `${user} ${address}`)),
      '2000 169.254.169.253', // what resolves names is not closed
    ])
  })
})

describe('the boot script, on a machine in a folder', () => {
  const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8)

  test('hardens a privileged one', () => {
    const host = machine()
    const { status, stderr, stdout } = host.run(bootScript(deploy, firewall))
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout.trim().split('\n').at(-1)).toBe('bridle: done: the agent may start')
    expect(host.read('etc/bridle/hardened')).toContain('production/deploy')

    // What root and the hooks read has moved, and what a job could put in its place is not read.
    expect(host.read('etc/buildkite-agent/cfn-env')).toBe('export FROM_STACK=yes\n')
    expect(host.read('etc/buildkite-agent/hooks/environment')).toContain(
      'source /etc/buildkite-agent/cfn-env\n',
    )
    expect(host.read('usr/local/bin/stop-agent-gracefully')).toContain('cat /etc/buildkite-agent/cfn-env)')
    expect(host.read('etc/buildkite-agent/env')).toBe('BUILDKITE_NO_COMMAND_EVAL=true\n')
    expect(host.has('var/lib/buildkite-agent/env')).toBe(false)

    const modes = Object.entries({
      'var/lib/buildkite-agent': '1775',
      'etc/buildkite-agent': '755',
      'etc/buildkite-agent/hooks': '755',
      'etc/buildkite-agent/hooks/environment': '755',
      'etc/buildkite-agent/buildkite-agent.cfg': '640',
      'etc/buildkite-agent/cfn-env': '640',
      'etc/buildkite-agent/verification-key.json': '640',
      'etc/buildkite-agent/env': '600',
      'usr/local/lib/bridle/metadata-firewall': '755',
    })
    expect(modes.map(([path]) => [path, modeOf(host.path(path))])).toEqual(modes)
    const ran = host.commands().split('\n')
    expect(ran).toEqual(
      expect.arrayContaining([
        'chown -R -h root:root /etc/buildkite-agent',
        'chown -R -h root:root /usr/local/buildkite-aws-stack',
        'chown root:buildkite-agent /etc/buildkite-agent/buildkite-agent.cfg',
        'chown root:buildkite-agent /etc/buildkite-agent/cfn-env',
        'chown root:buildkite-agent /var/lib/buildkite-agent',
        'gpasswd --delete buildkite-agent docker',
        'systemctl enable bridle-metadata-firewall.service',
        'systemctl restart bridle-metadata-firewall.service',
      ]),
    )

    // Nothing starts the agent unless all of this is there, and the firewall stands.
    const units = host.path('etc/systemd/system/buildkite-agent.service.d')
    const unit = readdirSync(units)
      .sort()
      .map((name) => readFileSync(join(units, name), 'utf8'))
      .join('\n')
    for (const line of [
      'AssertPathExists=/etc/bridle/hardened',
      'Requires=bridle-metadata-firewall.service',
      'EnvironmentFile=\nEnvironmentFile=-/etc/buildkite-agent/env',
      'KillMode=mixed',
      'ExecStopPost=\nExecStopPost=+/usr/bin/env -i HOME=/root ',
    ])
      expect(unit).toContain(line)
    expect(host.read('etc/systemd/system/docker.service.d/50-bridle-firewall.conf')).toContain(
      'ExecStartPost=/usr/local/lib/bridle/metadata-firewall',
    )
    expect(host.read('usr/local/lib/bridle/metadata-firewall')).toBe(firewallRules(firewall))
    expect(host.read('etc/buildkite-agent/buildkite-agent.cfg')).toContain('tags-from-ec2-meta-data=false\n')
    // The stack's hook ends a job where there is no Docker; it finds one that does nothing.
    expect(host.read('etc/buildkite-agent/hooks/environment').split('\n')[1]).toMatch(/^docker\(\) /)
  })

  test('leaves Docker to a queue that is not privileged, and says what that means', () => {
    const host = machine()
    const { status, stdout } = host.run(bootScript(build, firewall))
    expect(status).toBe(0)
    expect(host.commands()).not.toContain('gpasswd')
    expect(host.read('etc/buildkite-agent/hooks/environment')).not.toContain('docker()')
    expect(stdout).toContain('warning: jobs can use Docker')
  })

  test('may run again: nothing changes any more', () => {
    const host = machine()
    const script = bootScript(deploy, firewall)
    const all = () =>
      readdirSync(host.path(''), { recursive: true, encoding: 'utf8' })
        .filter((path) => statSync(host.path(path)).isFile())
        .sort()
        .map((path) => [path, modeOf(host.path(path)), host.read(path)])
    expect(host.run(script).status).toBe(0)
    const once = all()
    expect(host.run(script)).toMatchObject({ status: 0, stderr: '' })
    expect(all()).toEqual(once)
  })

  test('does not take up what a job has left under the old names', () => {
    const host = machine()
    host.run(bootScript(deploy, firewall))
    writeFileSync(host.path('var/lib/buildkite-agent/env'), 'BUILDKITE_HOOKS_PATH=/tmp\n')
    expect(host.run(bootScript(deploy, firewall)).status).toBe(0)
    expect(host.read('etc/buildkite-agent/env')).not.toContain('HOOKS_PATH')
  })

  const held = (host: ReturnType<typeof machine>) => ({
    isMarked: host.has('etc/bridle/hardened'),
    isHeld: host.has('etc/systemd/system/buildkite-agent.service.d/50-bridle.conf'),
  })

  test.each([
    'chown root:root*50-bridle.conf.new',
    'systemctl daemon-reload',
    'systemctl enable*',
    'systemctl restart*',
    'gpasswd*',
    'chown -R -h root:root*agent',
    'chown root:buildkite-agent*cfg',
    'id -u*',
    'runuser*test -x*',
    'runuser*test -r*',
  ])('where `%s` fails, it ends with 1 and the agent can not start', (fails) => {
    const host = machine()
    const first = host.run(bootScript(deploy, firewall))
    expect(first.status).toBe(0)
    host.say('groups', 'buildkite-agent docker\n')
    const { status, stderr } = host.run(bootScript(deploy, firewall), fails)
    expect(status).not.toBe(0)
    expect(stderr).toContain('the agent must not start')
    expect(held(host)).toEqual({ isMarked: false, isHeld: true })
  })

  test.each([
    {
      what: 'more sudo',
      prepare: (host: ReturnType<typeof machine>) =>
        host.say(
          'sudo',
          `User buildkite-agent may run the following commands on x:\n    (root) NOPASSWD: /usr/bin/fix-buildkite-agent-builds-permissions\n    (root) NOPASSWD: /usr/bin/dnf\n`,
        ),
    },
    {
      what: 'a sudo that says nothing',
      prepare: (host: ReturnType<typeof machine>) => host.say('sudo', 'sudo: unknown\n'),
    },
    {
      what: 'hooks from elsewhere',
      prepare: (host: ReturnType<typeof machine>) =>
        writeFileSync(host.path('etc/buildkite-agent/buildkite-agent.cfg'), 'hooks-path=/tmp\n'),
    },
    {
      what: 'more hooks from elsewhere',
      prepare: (host: ReturnType<typeof machine>) =>
        writeFileSync(
          host.path('etc/buildkite-agent/buildkite-agent.cfg'),
          'hooks-path=/etc/buildkite-agent/hooks\nadditional-hooks-paths=/tmp\n',
        ),
    },
    {
      what: 'a hook that is a link',
      prepare: (host: ReturnType<typeof machine>) =>
        symlinkSync('/elsewhere', host.path('etc/buildkite-agent/hooks/pre-command')),
    },
    {
      what: 'a hook that sources another environment',
      prepare: (host: ReturnType<typeof machine>) =>
        writeFileSync(host.path('etc/buildkite-agent/hooks/pre-exit'), '#!/bin/bash\nsource "$X/cfn-env"\n'),
    },
    {
      what: 'no agent',
      prepare: (host: ReturnType<typeof machine>) =>
        writeFileSync(host.path('etc/buildkite-agent/buildkite-agent.cfg'), ''),
    },
  ])('refuses a machine with $what', ({ prepare }) => {
    const host = machine()
    prepare(host)
    expect(host.run(bootScript(deploy, firewall)).status).toBe(1)
    expect(held(host)).toEqual({ isMarked: false, isHeld: true })
  })

  test('a queue that is not privileged may have more sudo, and is told', () => {
    const host = machine()
    host.say('sudo', 'User buildkite-agent may run the following commands on x:\n    (root) NOPASSWD: ALL\n')
    const { status, stdout } = host.run(bootScript(build, firewall))
    expect(status).toBe(0)
    expect(stdout).toContain('warning: buildkite-agent may run as root: (root) NOPASSWD: ALL')
  })

  test('half a script does nothing at all', () => {
    const script = bootScript(deploy, firewall)
    const from = script.indexOf('\n') + 2
    const cuts = [
      from,
      ...[1, 2, 3, 4, 5, 6, 7].map((n) => Math.floor((script.length * n) / 8)),
      script.length - 3,
    ]
    for (const cut of cuts) {
      const host = machine()
      expect(host.run(script.slice(0, cut)).status, `the first ${cut} of ${script.length}`).not.toBe(0)
      expect(host.commands()).toBe('')
    }
  })
})

describe('the firewall alone, on a machine in a folder', () => {
  test.each(forms)('is put in force in %s', (form) => {
    const host = machine()
    const script = firewallScript(deploy, { form, brokers })
    expect(host.run(script)).toMatchObject({ status: 0, stderr: '' })
    expect(host.commands()).toContain('systemctl restart bridle-metadata-firewall.service')
    expect(host.read('etc/systemd/system/buildkite-agent.service.d/50-bridle-firewall.conf')).toContain(
      'Requires=bridle-metadata-firewall.service',
    )
    const applied = host.run(host.read('usr/local/lib/bridle/metadata-firewall'))
    expect(applied).toMatchObject({ status: 0, stderr: '' })
    expect(host.commands()).toContain(form === 'nftables' ? 'nft -f -' : 'ip6tables-restore -w 10 --noflush')
  })

  test('fails where the agent user still gets through', () => {
    const host = machine()
    writeFileSync(join(host.root, 'bin/runuser'), '#!/bin/sh\nexit 0\n')
    const { status, stderr } = host.run(firewallScript(deploy, firewall))
    expect(status).toBe(1)
    expect(stderr).toContain('reaches the metadata service all the same')
  })
})

law(
  'a queue may have any name: it is never a command',
  hostile,
  (name) => {
    const host = machine()
    const about = {
      queue: `x'; touch ${host.root}/pwned; '${name}$(touch ${host.root}/pwned)\n`,
      privileged: true,
    }
    const { status } = host.run(bootScript(about, firewall))
    expect(status).toBe(0)
    expect(readdirSync(host.root)).not.toContain('pwned')
  },
  50,
)
