import { posix } from 'node:path'
import { PassThrough } from 'node:stream'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { Config, Help, type Command } from '@oclif/core'
import { argvOf } from '../../src/cli/argv.js'
import { onMachine } from '../../src/cli/current-machine.js'
import type { Disk, Machine, Screen } from '../../src/cli/machine.js'
import { runProgram } from '../../src/cli/this-machine.js'
import notFound from '../../src/cli/not-found.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What a command is run in. */
export interface Setting {
  /** Texts by path, in the folder that the command runs in. They stay there from one command to the next. */
  readonly files?: Record<string, string>
  readonly env?: Readonly<Record<string, string>>
  /** Whether a person looks on: at answers, and at everything else. */
  readonly tty?: boolean
  /** What the person answers, in order. Nobody is there where it is left out. */
  readonly answers?: readonly boolean[]
  /**
   * What the person types, a line for each question; `\u0003` is Ctrl-C. With a function, what they do while they look at
   * the question, before they answer.
   */
  readonly typed?: readonly (string | (() => string))[]
  readonly columns?: number
  readonly fetch?: typeof fetch
  /** What programs do. Left out, there is jq alone, and it is the real one. */
  readonly run?: Machine['run']
  /** What is piped in. */
  readonly piped?: string
  /** When it is. */
  readonly now?: number
}

/** What came of one command. */
export interface Ran {
  readonly stdout: string
  readonly stderr: string
  /** Both, as they came. */
  readonly output: string
  readonly code: number
}

/** A machine that is only thought of: files in memory, a clock that jumps over every wait, and nobody outside. */
export interface World {
  readonly files: Record<string, string>
  readonly machine: Machine
  /** The questions that were asked. */
  readonly asked: readonly string[]
  /** Runs `bridle` with these words. */
  run(...argv: readonly string[]): Promise<Ran>
  /** Asks the command under way to stop, as Ctrl-C does. */
  interrupt(): void
}

/** Where the files of a world lie. */
const home = '/here'

const pathIn = (path: string) => posix.relative(home, path)

const memoryDisk = (files: Record<string, string>, piped: string): Disk => {
  const isFolder = (path: string) =>
    path === '' || Object.keys(files).some((file) => file.startsWith(`${path}/`))
  const isFile = (path: string) => Object.hasOwn(files, path)
  const bytes = (path: string) => new TextEncoder().encode(files[path])
  return {
    real: (path) => (isFile(pathIn(path)) || isFolder(pathIn(path)) ? path : undefined),
    entry: (path) => {
      if (isFile(pathIn(path))) return { is: 'file', bytes: bytes(pathIn(path)).length }
      return isFolder(pathIn(path)) ? { is: 'folder', bytes: 0 } : undefined
    },
    read: (path, maxBytes) => bytes(pathIn(path)).subarray(0, maxBytes),
    pieces: (path) => [path === undefined ? new TextEncoder().encode(piped) : bytes(pathIn(path))],
    list: (path) => {
      const prefix = pathIn(path) === '' ? '' : `${pathIn(path)}/`
      const names = Object.keys(files)
        .filter((file) => file.startsWith(prefix))
        .map((file) => file.slice(prefix.length).split('/'))
      const is = new Map(
        names.map(([name = '', ...rest]) => [name, rest.length > 0 ? 'folder' : 'file'] as const),
      )
      return [...is].map(([name, is]) => ({ name, is }))
    },
    writeAll: (all) => {
      for (const [path, text] of all) files[pathIn(path)] = text
    },
    write: (path, text) => {
      const folder = posix.dirname(path)
      if (!isFolder(pathIn(folder))) throw Object.assign(new Error('no such folder'), { code: 'ENOENT' })
      files[pathIn(path)] = text
    },
    makeTemporary: () => {
      files['.temporary/made'] = ''
      return `${home}/.temporary`
    },
    removeTemporary: (path) => {
      for (const file of Object.keys(files).filter((file) => file.startsWith(`${pathIn(path)}/`)))
        Reflect.deleteProperty(files, file)
    },
  }
}

/** 2026-11-02, nine in the morning. */
const usualNow = Date.UTC(2026, 10, 2, 9)

const nowhere: typeof fetch = () =>
  Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }))

/** Somebody at a terminal, who answers each question when it is there. */
const typist = (typed: readonly (string | (() => string))[], seen: (line: string) => void) => {
  const left = [...typed]
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined })
  const output = new PassThrough()
  let shown = ''
  let isAnswered = false
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString()
    if (isAnswered) return
    isAnswered = true
    const next = left.shift()
    if (next === undefined) throw new Error(`nobody answers: ${stripVTControlCharacters(shown)}`)
    const answer = typeof next === 'string' ? next : next()
    setImmediate(() => input.write(answer === '\u0003' ? answer : `${answer}\r`))
  })
  // Each question ends what it writes to, and the next one writes to the same.
  output.end = () => {
    const plain = stripVTControlCharacters(shown).trimEnd()
    seen(/.*(\? [A-Z].*)$/s.exec(plain)?.[1] ?? plain)
    shown = ''
    isAnswered = false
    return output
  }
  return { input, output }
}

/** A world to run commands in. */
export const worldOf = (setting: Setting = {}): World => {
  const files = { ...setting.files }
  const answers = [...(setting.answers ?? [])]
  const asked: string[] = []
  const listeners = new Set<() => void>()
  let now = setting.now ?? usualNow
  let written: { to: 'stdout' | 'stderr'; text: string }[] = []
  let code = 0

  const screen = (to: 'stdout' | 'stderr'): Screen => ({
    write: (text) => void written.push({ to, text }),
    isTTY: setting.tty ?? false,
    columns: setting.columns ?? 80,
  })
  const sitsThere =
    setting.typed === undefined
      ? undefined
      : typist(setting.typed, (line) => {
          asked.push(line)
          written.push({ to: 'stderr', text: `${line}\n` })
        })

  const machine: Machine = {
    stdout: screen('stdout'),
    stderr: screen('stderr'),
    env: { ...setting.env },
    cwd: home,
    clock: {
      now: () => now,
      sleep: async (ms, signal) => {
        if (signal?.aborted) return
        now += ms
      },
    },
    random: () => 0.5,
    fetch: setting.fetch ?? nowhere,
    requestSeconds: Infinity,
    disk: memoryDisk(files, setting.piped ?? ''),
    run:
      setting.run ??
      ((program, args, how) => (program === 'jq' ? runProgram(program, args, how) : undefined)),
    canAsk: setting.answers !== undefined || sitsThere !== undefined,
    terminal: sitsThere ?? { input: new PassThrough(), output: new PassThrough() },
    ask: async (question) => {
      asked.push(question)
      const isYes = answers.shift() ?? false
      written.push({ to: 'stderr', text: `${question} [y/N] ${isYes ? 'y' : 'n'}\n` })
      return isYes
    },
    onInterrupt: (act) => {
      listeners.add(act)
      return () => void listeners.delete(act)
    },
    setExitCode: (exit) => {
      code = exit
    },
    endNow: (exit) => {
      throw Object.assign(new Error(`ended at once with ${exit}`), { exit })
    },
  }

  const run = async (...argv: readonly string[]): Promise<Ran> => {
    written = []
    code = 0
    await onMachine(machine, () => dispatch(machine, argvOf(argv)))
    const all = (to?: string) => written.filter((one) => to === undefined || one.to === to)
    const text = (to?: string) =>
      all(to)
        .map((one) => one.text)
        .join('')
    return { stdout: text('stdout'), stderr: text('stderr'), output: text(), code }
  }

  return { files, machine, asked, run, interrupt: () => listeners.forEach((act) => act()) }
}

/** Runs one command in a world of its own. */
export const run = (argv: readonly string[], setting?: Setting): Promise<Ran> => worldOf(setting).run(...argv)

const pjson = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
// The commands are loaded from their sources, so that no build is needed and coverage and mocks reach them.
const config = Config.load({
  root,
  pjson: { ...pjson, oclif: { ...pjson.oclif, commands: undefined, plugins: [], hooks: {} } },
})

/** The words that name a command, and the file that it is in. */
const commandIn = (words: readonly string[]) =>
  [2, 1]
    .map((count) => words.slice(0, count))
    .map((id) => ({ id, file: `${root}commands/${id.join('/')}.ts`, rest: words.slice(id.length) }))
    .find(({ id, file }) => id.length > 0 && id.every((word) => /^[a-z-]+$/.test(word)) && existsSync(file))

const commandIds = readdirSync(`${root}commands`, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, '').replaceAll('/', ':'))

type CommandClass = Command.Class & { baseFlags: Command.Class['flags'] }

const load = async (file: string, id: readonly string[]): Promise<CommandClass> => {
  const loaded: { default: CommandClass } = await import(/* @vite-ignore */ pathToFileURL(file).href)
  loaded.default.id = id.join(':')
  return loaded.default
}

/** oclif gives flags and arguments their names when it makes its manifest. */
const named = <Value extends { name?: string }>(all: Readonly<Record<string, Value>>) =>
  Object.fromEntries(Object.entries(all).map(([name, one]) => [name, { name, ...one }]))

class HelpOn extends Help {
  readonly print: (text: string) => void
  constructor(config: Config, print: (text: string) => void) {
    super(config, { stripAnsi: true, maxWidth: 100 })
    this.print = print
  }
  protected override log(...words: string[]) {
    this.print(`${words.join(' ')}\n`)
  }
}

/** What oclif does with what a person typed, without its manifest, its terminal and its exits. */
const dispatch = async (machine: Machine, argv: readonly string[]) => {
  const loaded = await config
  const found = commandIn(argv)
  if (found === undefined) {
    const context = { config: { commands: commandIds.map((id) => ({ id })) }, id: argv.join(':') }
    await notFound.call({} as never, context as never)
    return
  }
  const command = await load(found.file, found.id)
  if (found.rest.includes('--help')) {
    const flags = named({ ...command.baseFlags, ...command.flags })
    const described = Object.assign(Object.create(command), {
      id: command.id,
      flags,
      args: named(command.args),
      aliases: [],
      hiddenAliases: [],
    })
    await new HelpOn(loaded, (text) => machine.stdout.write(text)).showCommandHelp(described)
    return
  }
  await new (command as unknown as new (argv: string[], config: Config) => { _run(): Promise<unknown> })(
    [...found.rest],
    loaded,
  )._run()
}
