import fc from 'fast-check'
import { spawnSync } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { agentOptions, exactly } from '../../src/hook/agent-options.js'
import { constantFiles, digestOf, listOf } from '../../src/hook/installed.js'
import { printGate } from '../../src/model/gate.js'
import { hookCheck } from '../../src/workflow/hook-check.js'
import { hookHost, type HostOptions } from '../../src/workflow/hook-host.js'
import { deep, law } from '../support/law.js'
import { newKey, signerOf } from '../support/policy-key.js'
import { machine, removeMachines } from '../stack/machine.js'
import { lacks, shells } from './host.js'
import { job, policyOf } from './keeper.js'

afterAll(removeMachines)

const uuid = (last: string) => `11111111-2222-4333-8444-55555555555${last}`
const commit = 'a'.repeat(40)
const root = `organization: acme
trust: { admins: [root@acme.test], automation: bridle@acme.test }
teams:
  release: { members: { eve@acme.test: member } }
clusters:
  production:
    allow: { teams: [release] }
    queues: { deploy: { hook: { mode: block, account: management, environment: [DEPLOY_ENV], plugins: [docker#${commit}] } } }
pipelines:
  web-deploy:
    cluster: production
    repository: git@github.com:acme/web.git
    default_branch: main
    teams: { release: build_and_read }
aws:
  accounts: { management: { id: "111111111111", region: eu-west-1 } }
`
const lock = `format: bridle.lock/1
organization: acme
identities:
  cluster:production: ${uuid('2')}
  queue:production/deploy: ${uuid('3')}
allowed: {}
`
const texts: Readonly<Record<string, string>> = { 'bridle.yaml': root, 'bridle.lock.yaml': lock }
const declared = (files: Readonly<Record<string, string>> = texts) => ({
  files: {
    read: (path: string) => {
      const text = files[path]
      return text === undefined ? { no: 'missing' as const } : { bytes: new TextEncoder().encode(text) }
    },
    list: () => [],
  } as never,
  root: 'bridle.yaml',
  today: '2026-11-28',
})

const key = newKey()
const options: HostOptions = {
  hooksPath: '/etc/buildkite-agent/hooks',
  agentUser: 'buildkite-agent',
  config: '/etc/buildkite-agent/buildkite-agent.cfg',
  withCredentials: false,
  withBootScript: false,
  organization: uuid('1'),
  key: {
    kid: signerOf(key).kid,
    pem: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
  },
}
const planned = (changed: Partial<HostOptions> = {}) =>
  hookHost(declared(), 'queue:production/deploy', { ...options, ...changed })
const scriptOf = (changed: Partial<HostOptions> = {}) => {
  const { script, lacking, printed } = planned(changed)
  if (script === undefined) throw new Error(JSON.stringify([lacking, printed.findings]))
  return script
}

/** A machine of the stack, and a script run on it as root would. */
const host = (changed: Readonly<Record<string, string>> = {}, groups = 'buildkite-agent\n') => {
  const made = machine({ 'run/systemd/system/.keep': '', ...changed })
  chmodSync(made.root, 0o755)
  chmodSync(made.path(''), 0o755)
  const bin = join(made.root, 'bin')
  // Files are really root's here, and what is tried as the agent's user is tried as nobody.
  const programs = {
    chown:
      'case "$1" in root:buildkite-agent) shift && set -- 0:65534 "$@" ;; esac\nexec /usr/bin/chown "$@"',
    id: `case "$*" in
  -u) exec /usr/bin/id -u ;;
  '-nG '*) cat ${join(made.root, 'state/groups')} ;;
  *) echo 65534 ;;
esac`,
    systemctl: `case "$1 $4" in
  'is-active '*) exit 1 ;;
  'show User') echo User=buildkite-agent ;;
  'show ExecStartPre') echo 'ExecStartPre={ path=/usr/lib/bridle/check-host }' ;;
esac`,
    curl: 'exit 7',
  }
  for (const [name, does] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >>${join(made.root, 'log')}\n${does}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  made.say('groups', groups)
  const install = (script: string, shell = '/bin/dash', ...argv: readonly string[]) => {
    const [program = '', ...words] = shell.split(' ')
    const { status, stdout, stderr } = spawnSync(program, [...words, '-s', '--', ...argv], {
      input: script,
      encoding: 'utf8',
      env: {
        PATH: `${bin}:/usr/sbin:/usr/bin:/sbin:/bin`,
        ROOT: made.path('').replace(/\/$/, ''),
        STATE: join(made.root, 'state'),
        LOG: join(made.root, 'log'),
        FAILS: '-',
      },
    })
    return { status, stdout, stderr }
  }
  const all = () =>
    readdirSync(made.path(''), { recursive: true, encoding: 'utf8' })
      .sort()
      .filter((path) => existsSync(made.path(path)) && statSync(made.path(path)).isFile())
      .map((path) => {
        const { mode, mtimeMs } = statSync(made.path(path))
        return [path, mode.toString(8), mtimeMs, digestOf(readFileSync(made.path(path), 'utf8'))].join(' ')
      })
  return { ...made, install, all }
}

const script = scriptOf()
const isThere = (command: string) => spawnSync(command, ['--version']).error === undefined

describe.skipIf(!isThere('shellcheck'))('shellcheck has nothing to say of', () => {
  test.each([
    ['the script', script],
    ['the script with the boot script', scriptOf({ withBootScript: true })],
  ])('%s', (_name, text) => {
    // What is in it is looked at where it is from.
    const bare = text.replaceAll(/<<'(END_OF_FILE_*)'\n[^]*?\n\1\n/g, "<<'$1'\n$1\n")
    expect(spawnSync('shellcheck', ['-o', 'all', '-'], { input: bare, encoding: 'utf8' }).stdout).toBe('')
  })
})

describe.skipIf(lacks() !== undefined)('the script makes a machine a gated host', () => {
  test.each(deep ? shells : shells.slice(0, 1))('under %s, and the second time changes nothing', (shell) => {
    const made = host()
    const first = made.install(script, shell)
    expect(first.stderr).toBe('')
    expect(first.stdout).toContain('bridle: wrote /etc/buildkite-agent/hooks/pre-bootstrap')
    expect(first.stdout).toContain('\nThe gate stands: ')
    expect(first.status).toBe(0)
    expect(made.commands()).toContain('systemctl enable --now bridle-policy.timer')
    for (const { path, mode, text } of constantFiles(options.hooksPath)) {
      expect(made.read(path)).toBe(text)
      expect((statSync(made.path(path)).mode & 0o7777).toString(8)).toBe(mode)
    }
    expect(JSON.parse(made.read('etc/bridle/gate.json'))).toEqual({
      organization: uuid('1'),
      cluster: uuid('2'),
      queue: uuid('3'),
      mode: 'block',
    })
    expect(JSON.parse(made.read('etc/bridle/keeper.json'))).toEqual({
      parameter: '/buildkite/production/queues/deploy/policy',
      region: 'eu-west-1',
    })
    expect(made.read(`etc/bridle/policy-keys/${options.key?.kid ?? ''}.pem`)).toBe(options.key?.pem)

    // What such a host says of itself is believed, and written down for the verdict.
    const report = made.install(
      'exec "$ROOT/usr/lib/bridle/check-host" --root "$ROOT" --format json\n',
    ).stdout
    const { checked_at: now } = JSON.parse(report) as { readonly checked_at: string }
    const { checked, evidence = '{}' } = hookCheck(declared(), { text: report, name: 'report', now })
    expect(checked).toMatchObject({
      queue: 'queue:production/deploy',
      findings: [],
      report: { ok: true, current: true },
    })
    expect(JSON.parse(evidence)).toMatchObject({
      hosts: { 'queue:production/deploy': [{ ok: true, failed: [], files: planned().printed.digest }] },
    })
    const older = report.replace(/"files":"[0-9a-f]{64}"/, `"files":"${'0'.repeat(64)}"`)
    expect(hookCheck(declared(), { text: older, name: 'report', now }).checked.findings).toMatchObject([
      { code: 'other-host-files' },
    ])

    const before = made.all()
    const second = made.install(script, shell)
    expect(second).toMatchObject({ status: 0, stderr: '' })
    expect(second.stdout).toContain('bridle: nothing to change\n')
    expect(second.stdout).not.toContain('wrote')
    expect(made.all()).toEqual(before)
  })

  test('and takes no hook of somebody else’s away without a word', () => {
    const theirs = '#!/bin/sh\nexit 0\n'
    const made = host({ 'etc/buildkite-agent/hooks/pre-bootstrap': theirs })
    const before = made.all()
    const { status, stderr } = made.install(script)
    expect(status).toBe(1)
    expect(stderr).toContain('pre-bootstrap is somebody else')
    expect(made.all()).toEqual(before)
    expect(made.install(script, '/bin/dash', '--replace')).toMatchObject({ status: 0, stderr: '' })
    expect(made.read('etc/bridle/replaced-pre-bootstrap')).toBe(theirs)
    // An older gate of ours is none of somebody else's.
    const older = '#!/bin/sh\n# older\nexit 1\n'
    writeFileSync(made.path('etc/buildkite-agent/hooks/pre-bootstrap'), older)
    writeFileSync(
      made.path('etc/bridle/files.sha256'),
      `${digestOf(older)}  /etc/buildkite-agent/hooks/pre-bootstrap\n`,
    )
    expect(made.install(script)).toMatchObject({ status: 0, stderr: '' })
  })

  test('and names the hooks of others that stay, which are root’s from then on', () => {
    const hooks = 'etc/buildkite-agent/hooks'
    const theirs = ['agent-startup', 'environment', 'post-command', 'pre-bootstrap.ps1', 'notes']
    const made = host(Object.fromEntries(theirs.map((name) => [`${hooks}/${name}`, '#!/bin/sh\n'])))
    chownSync(made.path(`${hooks}/post-command`), 65_534, 65_534)
    chmodSync(made.path(`${hooks}/environment`), 0o777)
    const told = () =>
      made
        .install(script)
        .stdout.split('\n')
        .filter((line) => line.includes('somebody else'))
        .map((line) => line.replace(`bridle: somebody else's hook stays, as root's: /${hooks}/`, ''))
    const inJobs = 'it runs in the jobs that the gate lets in'
    const always = [
      'agent-startup: it runs before the gate, whenever an agent starts',
      'environment: it runs in the jobs that the gate lets in',
      'notes: no agent runs a hook of that name',
      'post-command: it runs in the jobs that the gate lets in',
      'pre-bootstrap.ps1: it runs in place of the gate, where that is missing',
    ]
    expect(told()).toEqual(
      always.map((line) =>
        line
          .replace(`environment: ${inJobs}`, `environment (until now of user 0, mode 777): ${inJobs}`)
          .replace(`post-command: ${inJobs}`, `post-command (until now of user 65534, mode 644): ${inJobs}`),
      ),
    )
    for (const name of theirs)
      expect(statSync(made.path(`${hooks}/${name}`))).toMatchObject({ uid: 0, mode: 0o100755 })
    expect(told()).toEqual(always)
  })

  test.each([
    [
      'other hooks',
      { 'etc/buildkite-agent/buildkite-agent.cfg': 'hooks-path="/opt/hooks"\n' },
      'in /opt/hooks',
    ],
    ['no hooks', { 'etc/buildkite-agent/buildkite-agent.cfg': 'spawn=1\n' }, 'in no folder'],
  ])('but none where the agent has %s', (_name, changed, said) => {
    const made = host(changed)
    const before = made.all()
    const { status, stderr } = made.install(script)
    expect({ status, said: stderr.includes(said) }).toEqual({ status: 1, said: true })
    expect(made.all()).toEqual(before)
  })

  test.each<readonly [string, string, (path: string) => void]>([
    [
      'a link for its configuration',
      'etc/buildkite-agent/buildkite-agent.cfg',
      (path) => symlinkSync('/etc/passwd', path),
    ],
    [
      'a link for a hook',
      'etc/buildkite-agent/hooks/pre-bootstrap',
      (path) => symlinkSync('/etc/passwd', path),
    ],
    [
      'a pipe for a hook',
      'etc/buildkite-agent/hooks/pre-bootstrap',
      (path) => void spawnSync('mkfifo', [path]),
    ],
  ])('but none where there is %s, which somebody put there', (_name, file, put) => {
    const made = host()
    mkdirSync(made.path('etc/buildkite-agent/hooks'), { recursive: true })
    rmSync(made.path(file), { force: true })
    put(made.path(file))
    const before = made.all()
    const { status, stderr } = made.install(script, '/bin/dash', '--replace')
    expect(status, stderr).toBe(1)
    expect(stderr).toMatch(/is a link|is no plain file/)
    expect(made.all()).toEqual(before)
  })

  describe('with hooks in another folder', () => {
    const elsewhere = scriptOf({ hooksPath: '/srv/agent/gate/hooks' })
    const made = () =>
      host({
        'etc/buildkite-agent/buildkite-agent.cfg': 'hooks-path=/srv/agent/gate/hooks\nspawn=1\n',
        'srv/agent/gate/.keep': '',
      })

    const ways: readonly (readonly [string, string, (path: (path: string) => string) => void])[] = [
      ['of the agent’s', '/srv/agent', (path) => chownSync(path('srv/agent'), 65_534, 65_534)],
      ['that a group may write', '/srv/agent/gate', (path) => chmodSync(path('srv/agent/gate'), 0o775)],
      ['that everybody may write', '/srv', (path) => chmodSync(path('srv'), 0o777)],
      ['where everybody may add', '/srv', (path) => chmodSync(path('srv'), 0o1777)],
      ['that is /, and everybody may write', '/', (path) => chmodSync(path(''), 0o777)],
      [
        'behind a link',
        '/srv/agent',
        (path) => {
          renameSync(path('srv/agent'), path('srv/real'))
          symlinkSync(path('srv/real'), path('srv/agent'))
        },
      ],
    ]
    test.each(deep ? ways : ways.filter((_, n) => n % 2 === 0))(
      'but none where a folder on the way is one %s',
      (_name, named, change) => {
        const one = made()
        change(one.path)
        const before = one.all()
        const { status, stderr } = one.install(elsewhere)
        expect({ status, stderr }).toEqual({
          status: 1,
          stderr: expect.stringMatching(
            `^bridle: FAILED: ${named} (is a link|is not root's alone)[^]*: `,
          ) as string,
        })
        expect(one.all()).toEqual(before)
      },
    )

    test('and one where all of it is root’s', () => {
      expect(made().install(elsewhere)).toMatchObject({ status: 0, stderr: '' })
    })
  })

  test('whoever has its configuration open writes to the old one', () => {
    const made = host()
    const config = made.path('etc/buildkite-agent/buildkite-agent.cfg')
    const open = openSync(config, 'r+')
    const text = readFileSync(config, 'utf8')
    expect(made.install(script).status).toBe(0)
    writeSync(open, 'hooks-path="/srv/evil"\n', 0)
    closeSync(open)
    expect(readFileSync(config, 'utf8')).toBe(text)
  })

  test('and does nothing when only half of it was fetched', () => {
    const made = host()
    const before = made.all()
    for (const part of [0.2, 0.5, 0.9, 0.999])
      expect(made.install(script.slice(0, Math.floor(script.length * part))).status).not.toBe(0)
    expect(made.all()).toEqual(before)
  })

  test('together with what hardens it', () => {
    const made = host({}, 'buildkite-agent docker\n')
    // Whoever may use Docker is root, and so the gate alone would not stand.
    const alone = made.install(script)
    expect(alone.status).toBe(1)
    expect(alone.stdout).toContain('\nThe gate is void: agent-groups.\n')
    const both = scriptOf({ withBootScript: true })
    for (const time of [1, 2]) {
      const { status, stdout, stderr } = made.install(both)
      expect({ status, stderr, time }).toEqual({ status: 0, stderr: '', time })
      expect(stdout).toContain('bridle: done: the agent may start\n')
      expect(stdout).not.toContain('there is no pre-bootstrap')
      expect(stdout).toContain('\nThe gate stands: ')
    }
    expect(made.has('etc/systemd/system/buildkite-agent.service.d/50-bridle.conf')).toBe(true)
    expect(made.has('etc/systemd/system/buildkite-agent.service.d/60-bridle-gate.conf')).toBe(true)
  })

  test('whose gate lets in what is declared, and nothing else', () => {
    const made = host()
    expect(made.install(script).status).toBe(0)
    const ask = (env: Readonly<Record<string, string>>) => {
      writeFileSync(made.path('tmp/job'), JSON.stringify(env), { mode: 0o644 })
      const rooted = made
        .read('etc/buildkite-agent/hooks/pre-bootstrap')
        .replaceAll(/\/(etc|var\/lib|usr\/lib)\/bridle/g, (path) => made.path(path))
      writeFileSync(made.path('usr/gate'), rooted, { mode: 0o755 })
      return spawnSync(
        'setpriv',
        ['--reuid', '65534', '--regid', '65534', '--clear-groups', made.path('usr/gate')],
        {
          encoding: 'utf8',
          env: { BUILDKITE_ENV_JSON_FILE: made.path('tmp/job'), BUILDKITE_JOB_ID: 'job-1' },
        },
      ).stdout
    }
    mkdirSync(made.path('tmp'), { mode: 0o777 })
    expect(ask({})).toContain('"rule":"policy"')
    const policy = policyOf(1, {
      organization: { slug: 'acme', uuid: uuid('1') },
      cluster: { name: 'production', uuid: uuid('2') },
      queue: { key: 'deploy', uuid: uuid('3') },
    })
    writeFileSync(made.path('var/lib/bridle/policy.json'), printGate(policy))
    const good = { ...(JSON.parse(job) as Record<string, string>), BUILDKITE_ORGANIZATION_ID: uuid('1') }
    expect(ask(good)).toContain('"decision":"accept"')
    expect(ask({ ...good, BUILDKITE_BRANCH: 'other' })).toContain('"decision":"refuse"')
    expect(ask({ ...good, BASH_ENV: '/etc/profile' })).toContain('"decision":"refuse"')
  })
})

test('what is not known of a host is said, and no script is made', () => {
  const lacking = (changed: Partial<HostOptions>, files = texts) =>
    hookHost(declared(files), 'queue:production/deploy', { ...options, ...changed }).lacking.map(
      ({ code, what }) => `${code}: ${what}`,
    )
  expect(lacking({ organization: undefined })).toEqual([
    'host-not-told: bridle.lock.yaml does not know the uuid of the organization',
  ])
  expect(lacking({ key: undefined })).toEqual([expect.stringMatching(/^no-signing-key: /)])
  expect(lacking({}, { 'bridle.yaml': root })).toEqual([
    'host-not-told: bridle.lock.yaml does not know cluster:production',
    'host-not-told: bridle.lock.yaml does not know queue:production/deploy',
  ])
  const policy = {
    organization: { uuid: uuid('1') },
    cluster: { name: 'production', uuid: uuid('2') },
    queue: { key: 'deploy', uuid: uuid('3') },
  }
  expect(
    lacking({ organization: undefined, policy: { name: 'p', policy } }, { 'bridle.yaml': root }),
  ).toEqual([])
  expect(
    lacking({ policy: { name: 'p', policy: { ...policy, queue: { key: 'other', uuid: uuid('3') } } } }),
  ).toEqual(['not-a-policy: p is no policy of queue "production/deploy"'])
})

test('the list of digests is what sha256sum reads', () => {
  const { text } = listOf(constantFiles(options.hooksPath))
  expect(text).toMatch(/^([0-9a-f]{64} {2}\/[\w./-]+\n)+$/)
  expect(text).toContain('  /usr/lib/bridle/check-host\n')
})

describe('an option of the agent', () => {
  const lines = (facts: Partial<Parameters<typeof agentOptions>[0]>) =>
    agentOptions({ hooksPath: '/h', repositories: [], plugins: [], environment: [], ...facts }).map(
      ({ line }) => line,
    )

  test('names what the gate lets in, as the agent reads it', () => {
    expect(planned().printed.options.map(({ line }) => line)).toEqual(
      expect.arrayContaining([
        'allowed-repositories=^git@github\\.com:acme/web\\.git$',
        'allowed-plugins=^github\\.com/buildkite-plugins/docker-buildkite-plugin\\x23' + commit + '$',
        'allowed-environment-variables=^DEPLOY_ENV$',
        'git-commit-verification=strict',
      ]),
    )
    expect(lines({})).toContain('no-plugins=true')
    expect(lines({ plugins: ['a#b'] })).toContain('no-plugins=false')
    expect(lines({ environment: ['A\nB'] }).join()).not.toContain('allowed-environment-variables')
  })

  const hostile = fc.oneof(
    fc.string({ unit: fc.constantFrom(...Array.from('a.,#"\'$^|()[]{}*+?\\/- :')) }),
    fc.string({ unit: 'grapheme' }),
  )
  law(
    'matches one text, and none that it is in, or that looks like it',
    fc.tuple(hostile, hostile),
    ([a, b]) => {
      const pattern = exactly(a)
      expect(pattern).not.toMatch(/[,#"' ]/)
      const is = new RegExp(pattern, 'u')
      expect(is.test(a)).toBe(true)
      expect(is.test(b)).toBe(a === b)
      if (b !== '') expect(is.test(`${a}${b}`) || is.test(`${b}${a}`)).toBe(false)
    },
  )
})
