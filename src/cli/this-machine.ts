import { spawnSync } from 'node:child_process'
import {
  closeSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  mkdirSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../model/clock.js'
import type { Disk, Machine, Ran, Running, Screen } from './machine.js'

const isMissing = (error: unknown) =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')

const unlessMissing = <T>(find: () => T): T | undefined => {
  try {
    return find()
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Never more than was asked for, however long the file says it is. */
const readAtMost = (path: string, maxBytes: number): Uint8Array => {
  const file = openSync(path, 'r')
  try {
    const size = Math.min(fstatSync(file).size, maxBytes)
    const buffer = Buffer.alloc(size)
    let filled = 0
    for (;;) {
      const read = readSync(file, buffer, filled, size - filled, filled)
      filled += read
      if (read === 0 || filled === size) return buffer.subarray(0, filled)
    }
  } finally {
    closeSync(file)
  }
}

const pieceBytes = 256 * 1024

/** What is piped in has no length, and a pipe may have nothing yet. */
function* piecesOf(path: string | undefined): Generator<Uint8Array> {
  const file = path === undefined ? 0 : openSync(path, 'r')
  try {
    for (;;) {
      const buffer = Buffer.alloc(pieceBytes)
      const read = readOrWait(file, buffer)
      if (read === 0) return
      yield buffer.subarray(0, read)
    }
  } finally {
    if (path !== undefined) closeSync(file)
  }
}

const readOrWait = (file: number, buffer: Uint8Array): number => {
  for (;;)
    try {
      return readSync(file, buffer, 0, buffer.length, null)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error
      if (error.code === 'EOF') return 0
      if (error.code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
    }
}

const besideOf = (path: string) => `${path}.${String(process.pid)}.tmp`

const disk: Disk = {
  real: (path) => unlessMissing(() => realpathSync(path)),
  entry: (path) => {
    const found = unlessMissing(() => statSync(path))
    if (found === undefined) return undefined
    return { is: found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other', bytes: found.size }
  },
  read: readAtMost,
  pieces: piecesOf,
  list: (path) =>
    readdirSync(path, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      is: entry.isDirectory() ? 'folder' : 'file',
    })),
  write: (path, text) => {
    const beside = besideOf(path)
    try {
      writeFileSync(beside, text)
      renameSync(beside, path)
    } catch (error) {
      rmSync(beside, { force: true })
      throw error
    }
  },
  writeAll: (files) => {
    try {
      for (const [path, text] of files) {
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(besideOf(path), text)
      }
      for (const [path] of files) renameSync(besideOf(path), path)
    } catch (error) {
      for (const [path] of files) rmSync(besideOf(path), { force: true })
      throw error
    }
  },
  makeTemporary: () => mkdtempSync(join(tmpdir(), 'bridle-')),
  removeTemporary: (path) => rmSync(path, { recursive: true, force: true }),
}

/** Where programs are looked for, whatever the environment says. */
const programPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** More than this no program that bridle runs has to say. */
const mostBytes = 64 * 1024 * 1024

/** Runs a program to its end. */
export const runProgram = (program: string, args: readonly string[], how: Running = {}): Ran | undefined => {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    input: how.input ?? '',
    env: { PATH: programPath, LC_ALL: 'C', ...how.env },
    maxBuffer: mostBytes,
    killSignal: 'SIGKILL',
    ...(how.folder !== undefined && { cwd: how.folder }),
    ...(how.seconds !== undefined && { timeout: how.seconds * 1000 }),
  })
  if (error !== undefined && 'code' in error && error.code === 'ENOENT') return undefined
  return { status: status ?? undefined, stdout, stderr }
}

/** What a timer of Node's can wait for at most. */
const longestMs = 2 ** 31 - 1

const clock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    sleep(Math.min(ms, longestMs), undefined, signal ? { signal } : {}).catch(() => undefined),
}

const screen = (stream: NodeJS.WriteStream): Screen => ({
  write: (text) => void stream.write(text),
  get isTTY() {
    return stream.isTTY
  },
  get columns() {
    return (stream as { columns?: number }).columns ?? 80 // none where it is not a terminal
  },
})

const interruptions = ['SIGINT', 'SIGTERM'] as const

const onInterrupt = (act: () => void) => {
  for (const signal of interruptions) process.on(signal, act)
  return () => {
    for (const signal of interruptions) process.off(signal, act)
  }
}

const ask = async (question: string): Promise<boolean> => {
  const { createInterface } = await import('node:readline')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  return await new Promise<boolean>((resolve) => {
    let answer = ''
    // On a terminal that readline holds, Ctrl-C is a key; it becomes the signal that it is everywhere else.
    lines.on('SIGINT', () => {
      process.emit('SIGINT')
      lines.close()
    })
    lines.on('close', () => resolve(/^y(es)?$/i.test(answer.trim())))
    lines.question(`${question} [y/N] `, (typed) => {
      answer = typed
      lines.close()
    })
  })
}

/** A reader that went away, as `| head` does, is no reason to fail. */
const forgiving = (stream: NodeJS.WriteStream) =>
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })

let opening: Promise<typeof fetch> | undefined

/** Loaded when something is fetched: most of what a person types fetches nothing. */
const lateFetch: typeof fetch = async (input, init) => {
  opening ??= import('./fetch.js').then(({ openFetch }) => openFetch())
  return (await opening)(input, init)
}

let opened: Machine | undefined

/**
 * The environment, without what would make the YAML library print what it reads, secrets and all; and with what keeps
 * AWS's SDK from telling everybody on Node 20 to upgrade: which Node bridle is for, bridle says itself.
 */
const quietly = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  delete env['LOG_STREAM']
  delete env['LOG_TOKENS']
  env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
  return env
}

/** The machine that bridle runs on. */
export const thisMachine = (): Machine => {
  if (opened === undefined) {
    forgiving(process.stdout)
    forgiving(process.stderr)
    opened = {
      stdout: screen(process.stdout),
      stderr: screen(process.stderr),
      env: quietly(process.env),
      cwd: process.cwd(),
      clock,
      random: Math.random,
      fetch: lateFetch,
      requestSeconds: 30,
      disk,
      run: runProgram,
      canAsk: process.stdin.isTTY && process.stderr.isTTY,
      ask,
      terminal: { input: process.stdin, output: process.stderr },
      onInterrupt,
      setExitCode: (code) => {
        process.exitCode = code
      },
      endNow: (code) => {
        process.exit(code)
      },
    }
  }
  return opened
}
