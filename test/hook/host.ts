import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process'
import type { Readable } from 'node:stream'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A user who is nobody, as an agent is on a host. */
export const agent = 65534

/** Shells that hosts have as `sh`. */
export const shells = ['/bin/dash', '/bin/bash', '/usr/bin/busybox sh'] as const
export type Shell = (typeof shells)[number]

/** What is missing here, so that no host can be made up; nothing where all is there. */
export const lacks = (): string | undefined => {
  if (process.getuid?.() !== 0) return 'only root can make files that are not the agent’s'
  return ['setpriv', 'jq', 'dash', 'busybox', 'bash'].find(
    (tool) => spawnSync(tool, ['--help'], { stdio: 'ignore' }).error !== undefined,
  )
}

/** What a gate said and did. */
export interface Answer {
  readonly status: number | null
  readonly line: Readonly<Record<string, unknown>> | undefined
  readonly said: string
  /** In milliseconds. */
  readonly took: number
}

/** What a program says until it ends, and its line of JSON. */
export const answerOf = async (child: ChildProcessByStdio<null, Readable, Readable>): Promise<Answer> => {
  const begun = performance.now()
  let said = ''
  child.stdout.on('data', (data: Buffer) => (said += data.toString()))
  child.stderr.on('data', (data: Buffer) => (said += data.toString()))
  const status = await new Promise<number | null>((done) => child.on('close', done))
  const line = said.split('\n').find((one) => one.startsWith('{'))
  return {
    status,
    line: line === undefined ? undefined : (JSON.parse(line) as Answer['line']),
    said,
    took: performance.now() - begun,
  }
}

const text = (name: string) => readFileSync(new URL(`../../src/hook/files/${name}`, import.meta.url), 'utf8')
const files = { gate: text('pre-bootstrap'), decide: text('decide.jq'), tell: text('tell.jq') }

const made: string[] = []

/** Takes away what was made. */
export const removeHosts = () => {
  for (const root of made.splice(0)) rmSync(root, { recursive: true, force: true })
}

/** A host in a folder: the real files, at other places than on a real one. */
export const hostIn = (shell: Shell = shells[0]) => {
  const root = mkdtempSync(join(tmpdir(), 'bridle-gate-'))
  made.push(root)
  chmodSync(root, 0o755)
  const at = (path: string) => join(root, path)
  for (const folder of ['etc', 'lib', 'var', 'hooks', 'bin']) mkdirSync(at(folder), { mode: 0o755 })
  mkdirSync(at('tmp'))
  chmodSync(at('tmp'), 0o1777)
  const put = (path: string, content: string | Buffer, mode = 0o644, owner = 0) => {
    writeFileSync(at(path), content)
    chmodSync(at(path), mode)
    chownSync(at(path), owner, owner)
    return at(path)
  }
  const moved = (script: string) =>
    script
      .replaceAll('/var/lib/bridle', at('var'))
      .replaceAll('/etc/bridle', at('etc'))
      .replaceAll('/usr/lib/bridle', at('lib'))
      .replaceAll('/usr/local/bin/buildkite-agent', at('bin/buildkite-agent'))
      .replaceAll('/bin/sh', shell)
  put('lib/decide.jq', files.decide)
  put('lib/tell.jq', files.tell)
  const gate = put('hooks/pre-bootstrap', moved(files.gate), 0o755)

  const environment = (job: string, id: string) => ({
    PATH: '/usr/bin:/bin',
    HOME: at('tmp'),
    BUILDKITE_ENV_FILE: at('tmp/env'),
    BUILDKITE_ENV_JSON_FILE: job,
    BUILDKITE_JOB_ID: id,
    BUILDKITE_AGENT_ACCESS_TOKEN: 'job-token',
    BUILDKITE_AGENT_ENDPOINT: 'http://127.0.0.1:1',
    BUILDKITE_NO_HTTP2: 'false',
    BUILDKITE_AGENT_DEBUG: 'false',
    BUILDKITE_AGENT_DEBUG_HTTP: 'false',
  })

  /** Runs the gate as an agent does, for a job whose variables are such. */
  const ask = async (
    job: string | Buffer | undefined,
    {
      id = 'job-1',
      env = {},
      as = agent,
      cwd = root,
    }: { id?: string; env?: NodeJS.ProcessEnv; as?: number; cwd?: string } = {},
  ): Promise<Answer> => {
    const name = `tmp/job-env-json-${id}`
    if (job !== undefined) put(name, job, 0o600, as)
    return answerOf(
      spawn('setpriv', ['--reuid', `${as}`, '--regid', `${as}`, '--clear-groups', '--no-new-privs', gate], {
        env: { ...environment(at(name), id), ...env },
        cwd,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    )
  }
  return { root, at, put, moved, ask, gate }
}
