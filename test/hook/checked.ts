import { spawn } from 'node:child_process'
import { createHash, createPublicKey } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { shipped } from '../../src/hook/shipped.js'
import { newKey } from '../support/policy-key.js'
import { complaints } from '../support/schemas.js'
import { agent, shells, type Shell } from './host.js'

const made: string[] = []

/** Takes away what was made. */
export const removeChecked = () => {
  for (const root of made.splice(0)) rmSync(root, { recursive: true, force: true })
}

const hooks = '/etc/buildkite-agent/hooks'
const uuid = (last: string) => `11111111-2222-4333-8444-55555555555${last}`
const here = { organization: uuid('1'), cluster: uuid('2'), queue: uuid('3') }

/** What systemd calls the machine, which nobody else is to know. */
export const machineId = '0123456789abcdef0123456789abcdef'

const constant = {
  [`${hooks}/pre-bootstrap`]: 'pre-bootstrap',
  '/usr/lib/bridle/decide.jq': 'decide.jq',
  '/usr/lib/bridle/further.jq': 'further.jq',
  '/usr/lib/bridle/tell.jq': 'tell.jq',
  '/usr/lib/bridle/keep-policy': 'keep-policy',
  '/usr/lib/bridle/look-further': 'look-further',
  '/usr/lib/bridle/check-host': 'check-host',
} as const

/** What systemd says of the agent's unit, where there is one. */
const units = {
  User: 'nobody',
  ExecStart: '{ path=/usr/bin/buildkite-agent ; argv[]=/usr/bin/buildkite-agent start ; }',
  ExecStartPre: '{ path=/usr/lib/bridle/check-host ; argv[]=/usr/lib/bridle/check-host --unit ; }',
  EnvironmentFiles: '/etc/buildkite-agent/env (ignore_errors=yes)',
  Environment: '',
  Result: 'success',
}

const programs: Readonly<Record<string, string>> = {
  // What is dropped on its way, and what is turned away.
  curl: 'case "$*" in *169.254.169.254*) printf 0.000000; exit 28 ;; *http:*) exit 7 ;; *) exec /usr/bin/curl "$@" ;; esac',
  systemctl:
    'case "$1" in show) sed -n "s/^$4=/$4=/p" "${0%/*}/units" ;; is-enabled) echo enabled ;; is-active) echo active ;; esac',
  timedatectl: 'echo NTPSynchronized=yes',
  sudo: 'echo "User nobody is not allowed to run sudo on host."',
}

/** What `check-host --format json` says. */
export interface Report {
  readonly ok: boolean
  readonly by: string
  readonly files: string
  readonly machine: string
  readonly failed: readonly string[]
  readonly checks: readonly Readonly<Record<'name' | 'weight' | 'state' | 'saw' | 'why' | 'fix', string>>[]
}

/** A host in a folder, on which the gate stands as it should. */
export const checkedHost = (shell: Shell = shells[0]) => {
  const root = mkdtempSync(join(tmpdir(), 'bridle-checked-'))
  made.push(root)
  chmodSync(root, 0o755)
  const at = (path: string) => join(root, path)
  const put = (path: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(at(path)), { recursive: true, mode: 0o755 })
    writeFileSync(at(path), text)
    chmodSync(at(path), mode)
  }
  for (const [path, name] of Object.entries(constant))
    put(path, shipped[name], name.endsWith('.jq') ? 0o644 : 0o755)
  put('/etc/buildkite-agent/buildkite-agent.cfg', `token="x"\nhooks-path="${hooks}" # here\nspawn=1\n`)
  put('/etc/bridle/gate.json', `${JSON.stringify({ ...here, mode: 'block' })}\n`)
  put('/etc/bridle/keeper.json', '{"parameter":"/p","region":"eu-west-1"}\n')
  put(
    '/etc/bridle/policy-keys/kid.pem',
    createPublicKey(newKey()).export({ type: 'spki', format: 'pem' }) as string,
  )
  put(
    '/etc/bridle/files.sha256',
    Object.entries(constant)
      .map(([path, name]) => `${createHash('sha256').update(shipped[name]).digest('hex')}  ${path}\n`)
      .join(''),
  )
  const uuids = Object.fromEntries(Object.entries(here).map(([name, one]) => [name, { uuid: one }]))
  put(
    '/var/lib/bridle/policy.json',
    JSON.stringify({ ...uuids, mode: 'block', serial: 7, issued_at: '2026-01-01T00:00:00Z' }),
  )
  put('/etc/machine-id', `${machineId}\n`, 0o444)
  for (const [name, does] of Object.entries(programs)) put(`/bin/${name}`, `#!/bin/sh\n${does}\n`, 0o755)

  return {
    at,
    put,
    read: (path: string) => readFileSync(at(path), 'utf8'),
    remove: (path: string) => rmSync(at(path), { recursive: true }),
    mode: (path: string, mode: number) => chmodSync(at(path), mode),
    own: (path: string, uid = agent) => chownSync(at(path), uid, uid),
    link: (path: string) => {
      renameSync(at(path), at(`${path}.real`))
      symlinkSync(at(`${path}.real`), at(path))
    },
    config: (line: string) =>
      put('/etc/buildkite-agent/buildkite-agent.cfg', `hooks-path=${hooks}\n${line}\n`),
    /** As if systemd had started it. */
    systemd: (changed: Partial<typeof units> = {}) => {
      mkdirSync(at('/run/systemd/system'), { recursive: true })
      put(
        '/bin/units',
        Object.entries({ ...units, ...changed })
          .map(([name, value]) => `${name}=${value}\n`)
          .join(''),
      )
    },
    /** Every file, with owner, mode and what is in it. */
    all: () =>
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .sort()
        .filter((path) => existsSync(at(path)))
        .map((path) => {
          const { uid, mode, mtimeMs, size } = statSync(at(path))
          return [path, uid, mode, mtimeMs, size].join(' ')
        }),
    /** Runs the checks, as root or as the agent's user. */
    check: async (as = 0, ...more: readonly string[]) => {
      const words = [
        ...shell.split(' '),
        at('/usr/lib/bridle/check-host'),
        '--root',
        root,
        '--agent-user',
        'nobody',
      ]
      const child = spawn(
        'setpriv',
        [
          '--reuid',
          `${as}`,
          '--regid',
          `${as}`,
          '--clear-groups',
          ...words,
          ...(more.length > 0 ? more : ['--format', 'json']),
        ],
        { env: { PATH: `${at('/bin')}:/usr/sbin:/usr/bin:/sbin:/bin` }, stdio: ['ignore', 'pipe', 'pipe'] },
      )
      let said = ''
      let wrong = ''
      child.stdout.on('data', (data: Buffer) => (said += data.toString()))
      child.stderr.on('data', (data: Buffer) => (wrong += data.toString()))
      const status = await new Promise<number | null>((done) => child.on('close', done))
      const report = said.startsWith('{') ? (JSON.parse(said) as Report) : undefined
      const unfit = report === undefined ? [] : complaints('host-report', report)
      if (unfit.length > 0) throw new Error(unfit.join('\n'))
      const stateOf = (name: string) => report?.checks.find((one) => one.name === name)?.state
      return { status, said, wrong, report, stateOf }
    },
  }
}
export type Checked = ReturnType<typeof checkedHost>
