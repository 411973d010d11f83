import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { Machine, Running } from '../../src/cli/machine.js'
import { runProgram } from '../../src/cli/this-machine.js'
import { worldOf, type Setting, type World } from './world.js'

/** A command of a transcript, with what followed it. */
interface Entry {
  /** The words behind `$ `, as they were typed. */
  readonly typed: string
  readonly output: string
}

/** What a transcript is made of, in order. */
type Part =
  | { readonly is: 'prose'; readonly lines: readonly string[] }
  | { readonly is: 'file'; readonly lines: readonly string[]; readonly name: string; readonly text: string }
  | { readonly is: 'session'; readonly entries: readonly Entry[] }

const entriesOf = (lines: readonly string[]): Entry[] => {
  const starts = lines.flatMap((line, at) => (line.startsWith('$ ') ? [at] : []))
  return starts.map((from, n) => ({
    typed: lines[from]!.slice(2),
    output: lines.slice(from + 1, starts[n + 1]).join('\n'),
  }))
}

/** A fence ends with as many ticks as it began with. */
const partsOf = (markdown: string): Part[] => {
  const parts: Part[] = []
  const lines = markdown.split('\n')
  for (let at = 0; at < lines.length; at += 1) {
    const [, ticks, language, name] = /^(`{3,})(\w*) ?(.*)$/.exec(lines[at]!) ?? []
    if (ticks === undefined) {
      const last = parts.at(-1)
      if (last?.is === 'prose') parts[parts.length - 1] = { is: 'prose', lines: [...last.lines, lines[at]!] }
      else parts.push({ is: 'prose', lines: [lines[at]!] })
      continue
    }
    const end = lines.indexOf(ticks, at + 1)
    if (end === -1) throw new Error(`line ${at + 1}: a block that does not end`)
    const inside = lines.slice(at + 1, end)
    const fenced = lines.slice(at, end + 1)
    if (language === 'console') parts.push({ is: 'session', entries: entriesOf(inside) })
    else if (name !== undefined && name !== '')
      parts.push({ is: 'file', lines: fenced, name, text: `${inside.join('\n')}\n` })
    else parts.push({ is: 'prose', lines: fenced })
    at = end
  }
  return parts
}

/** A line as a shell would take it apart: words, quotes, and `NAME=value` in front. */
const wordsOf = (typed: string) => {
  const words = [...typed.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'),
  )
  const first = words.findIndex((word) => !/^[A-Z_]+=/.test(word))
  const env = words
    .slice(0, first)
    .map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)])
  return { env: Object.fromEntries(env) as Record<string, string>, words: words.slice(first) }
}

/** The answers of a person who sits at the terminal: they stand behind the questions, in the transcript itself. */
const answersIn = (output: string): Pick<Setting, 'answers'> => {
  const answers = [...output.matchAll(/\[y\/N\] (\w)$/gm)].map(([, answer]) => answer === 'y')
  return answers.length === 0 ? {} : { answers }
}

/** What `| head -5` or `| tail -5` leaves of an answer. */
const cutOf = (words: readonly string[]) => {
  const pipe = words.indexOf('|')
  const [program, flag] = words.slice(pipe + 1)
  const most = Number(flag?.slice(1))
  return {
    own: pipe === -1 ? words : words.slice(0, pipe),
    cut: (lines: readonly string[]) =>
      pipe === -1 ? lines : program === 'tail' ? lines.slice(-most) : lines.slice(0, most),
  }
}

/**
 * A key that a person makes, anew in every run: none that is written down would be one. The two ways to say it are those
 * that OpenSSL has.
 */
const keyMadeBy = (typed: string, files: Readonly<Record<string, string>>): Record<string, string> => {
  const [, fresh] = /^openssl ecparam -name prime256v1 -genkey -noout -out (\S+)$/.exec(typed) ?? []
  const [, from, half] = /^openssl ec -in (\S+) -pubout -out (\S+)$/.exec(typed) ?? []
  if (fresh !== undefined) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    return { [fresh]: privateKey.export({ type: 'sec1', format: 'pem' }) as string }
  }
  if (half === undefined) throw new Error(`no such way to say it: ${typed}`)
  const publicKey = createPublicKey(createPrivateKey(files[from ?? ''] ?? ''))
  return { [half]: publicKey.export({ type: 'spki', format: 'pem' }) as string }
}

/** What an agent gives its jobs: a transcript says it in the one word `JOB=1`. */
const inJob = {
  BUILDKITE_JOB_ID: '0193a1e0-0000-4000-8000-000000000001',
  BUILDKITE_AGENT_ACCESS_TOKEN: 'bkaj_job',
}

/**
 * An agent that writes down what it is told, in `build.txt`: its words, what it read, and the names of files that it was to
 * keep. A block `agent.txt` says that it refuses, hangs, or is missing.
 */
const buildPage =
  (files: Record<string, string>) =>
  (now: () => Record<string, string>): Machine['run'] =>
  (program, args, how) => {
    if (program === 'jq') return runProgram(program, args, how)
    const turn = files['agent.txt']?.trim()
    if (program !== 'buildkite-agent' || turn === 'is missing') return undefined
    if (turn === 'hangs') return { status: undefined, stdout: '', stderr: '' }
    if (turn !== undefined && turn !== '')
      return { status: 1, stdout: '', stderr: `2026-11-02 09:00:00 FATAL  ${turn}\n` }
    const kept = Object.keys(now())
      .filter((name) => name.startsWith('.temporary/bridle'))
      .map((name) => `${name.replace('.temporary/', '')}\n`)
    const told = now()
    told['build.txt'] =
      `${told['build.txt'] ?? ''}buildkite-agent ${args.join(' ')}\n${how?.input ?? kept.join('')}`
    for (const name of kept) told[name.trim()] = told[`.temporary/${name.trim()}`] ?? ''
    return { status: 0, stdout: '', stderr: '' }
  }

/** What a `git.json` says of the repository that somebody stands in: as much of git as is asked. */
const gitSaying =
  (text: string) =>
  (program: string, args: readonly string[], how?: Running): ReturnType<Machine['run']> => {
    if (program === 'jq') return runProgram(program, args, how)
    if (program !== 'git') return undefined
    const {
      email,
      origin,
      branch,
      dirty = [],
    } = JSON.parse(text) as Record<string, string> & { dirty?: string[] }
    const said = (stdout: string | undefined) =>
      stdout === undefined
        ? { status: 1, stdout: '', stderr: 'fatal: no' }
        : { status: 0, stdout: `${stdout}\n`, stderr: '' }
    const [, , verb, ...rest] = args
    switch (verb) {
      case 'config':
        return said(email)
      case 'remote':
        return said(origin)
      case 'rev-parse':
        return rest[0] === '--show-toplevel'
          ? said('/elsewhere')
          : said(branch === rest.at(-1) ? '' : undefined)
      case 'status':
        return said(dirty.includes(rest.at(-1) ?? '') ? ` M ${rest.at(-1) ?? ''}` : '')
      case undefined:
      default:
        return said('')
    }
  }

/** A Buildkite on the other side of the wire, for commands with a token. */
export interface Buildkite {
  readonly fetch: typeof fetch
  /** Saves what was changed. */
  keep(): void
}

/**
 * Runs a transcript, and writes it down anew: the same, word for word, where bridle does as it says.
 *
 * Blocks with a name are files. In a `console` block `$ bridle …` is a command, and `$ sandbox …` something that
 * somebody does to the sandbox by hand; `$ cat …` shows a file; what follows is what the terminal shows, and `? 4` is the exit code where it is
 * not 0. With a token, Buildkite is the sandbox that is saved; a block `buildkite.json` says what goes wrong with it.
 */
export const replay = async (
  markdown: string,
  buildkite: (files: Record<string, string>, interrupt: () => void) => Buildkite,
): Promise<string> => {
  const files: Record<string, string> = {}
  const lines: string[] = []
  const page = buildPage(files)
  for (const part of partsOf(markdown)) {
    if (part.is !== 'session') {
      if (part.is === 'file') files[part.name] = part.text
      lines.push(...part.lines)
      continue
    }
    const session: string[] = []
    for (const { typed, output } of part.entries) {
      const { env, words } = wordsOf(typed)
      const { own, cut } = cutOf(words)
      const [program, ...argv] = own
      if (program === 'openssl') {
        Object.assign(files, keyMadeBy(typed, files))
        session.push(`$ ${typed}`)
        continue
      }
      if (program === 'cat') {
        const text = files[argv[0] ?? '']
        if (text === undefined) throw new Error(`there is no ${argv[0] ?? ''}`)
        session.push(`$ ${typed}`, ...cut(text.replace(/\n$/, '').split('\n')))
        continue
      }
      if (program !== 'sandbox' && program !== 'bridle') throw new Error(`no such program: ${typed}`)
      delete files['build.txt']
      const outside = buildkite(files, () => world.interrupt())
      const git = files['git.json']
      const world: World = worldOf({
        files,
        env: { ...('JOB' in env ? inJob : {}), ...env },
        fetch: outside.fetch,
        run: git === undefined ? page(() => world.files) : gitSaying(git),
        ...(env['AT'] !== undefined && { now: Date.parse(env['AT']) }),
        ...answersIn(output),
      })
      const ran = await world.run(...(program === 'sandbox' ? ['sandbox', 'edit'] : []), ...argv)
      Object.assign(files, world.files)
      outside.keep()
      const shown = cut(ran.output.replace(/\n$/, '').split('\n'))
      session.push(`$ ${typed}`, ...(ran.output === '' ? [] : shown))
      if (ran.code !== 0) session.push(`? ${ran.code}`)
    }
    const ticks = '`'.repeat(Math.max(3, ...session.map((line) => (/^`*/.exec(line)?.[0].length ?? 0) + 1)))
    lines.push(`${ticks}console`, ...session, ticks)
  }
  return lines.join('\n')
}
