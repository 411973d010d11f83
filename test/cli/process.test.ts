import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** What users run: `npm test` builds it first. */
const main = `${root}dist/src/main.js`

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridle-process-'))
  writeFileSync(join(folder, 'bridle.yaml'), 'organization: acme\nteams: { web: {} }\n')
})
afterAll(() => rmSync(folder, { recursive: true }))

const env = { PATH: process.env['PATH'] }
const bridle = (...argv: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...argv], {
    cwd: folder,
    env,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

describe('as a process', () => {
  test('--version', () => {
    expect(bridle('--version')).toMatchObject({ status: 0, stderr: '' })
  })

  test('what others call help and the version is understood', () => {
    expect(bridle('-v')).toEqual(bridle('--version'))
    expect(bridle('-h')).toEqual(bridle('help'))
    expect(bridle('access', 'check', '-h')).toEqual(bridle('access', 'check', '--help'))
  })

  test('help lists every command', () => {
    const { stdout } = bridle('help')
    const topics = readdirSync(`${root}commands`).map((name) => name.replace(/\.ts$/, ''))
    expect(topics.filter((name) => !stdout.includes(name))).toEqual([])
    const inSandbox = readdirSync(`${root}commands/sandbox`).map((name) => name.replace(/\.ts$/, ''))
    expect(inSandbox.filter((name) => !bridle('help', 'sandbox').stdout.includes(`sandbox ${name}`))).toEqual(
      [],
    )
  })

  test.each([
    { argv: ['validate'], status: 0 },
    { argv: ['plna'], status: 2 },
    { argv: ['plan', '--nope'], status: 2 },
    { argv: ['plan', 'whatever'], status: 2 },
    { argv: ['validate', '--file', 'nowhere.yaml'], status: 3 },
    { argv: ['plan'], status: 4 },
    { argv: ['apply', '--sandbox', 'none.json'], status: 5 },
    { argv: ['drift', '--sandbox', 'none.json'], status: 10 },
  ])('$argv ends with $status', ({ argv, status }) => expect(bridle(...argv).status).toBe(status))

  test.each([
    { argv: ['plan', 'all'], said: ['unexpected argument: all', '`bridle plan --help` shows what it takes'] },
    {
      argv: ['help', 'acces', 'chekc'],
      said: ['bridle has no command "acces chekc"', 'did you mean `bridle access check`?'],
    },
    { argv: ['help', 'xyzzy'], said: ['bridle has no command "xyzzy"', '`bridle help` lists the commands'] },
    {
      argv: ['autocomplete', 'fish'],
      said: ['expected fish to be one of: zsh, bash, powershell', '`bridle help` lists the commands'],
    },
    {
      argv: ['autocomplete', '--nope'],
      said: ['there is no flag --nope', '`bridle help` lists the commands'],
    },
  ])('$argv is told what would make sense, whoever brings the command', ({ argv, said: [what, fix] }) => {
    expect(bridle(...argv)).toEqual({ status: 2, stdout: '', stderr: `error: ${what}\n  = fix: ${fix}\n` })
  })

  test('a reader that goes away is no reason to complain', () => {
    const script = `"${process.execPath}" "${main}" explain --format json | head -1; "${process.execPath}" "${main}" nope 2>&1 | head -0`
    const { stdout, stderr, status } = spawnSync('sh', ['-c', script], { cwd: folder, env, encoding: 'utf8' })
    expect({ stdout, stderr, status }).toEqual({ stdout: '{\n', stderr: '', status: 0 })
  })

  test('Ctrl-C ends `sandbox serve`, which saves', async () => {
    const serving = spawn(process.execPath, [main, 'sandbox', 'serve', '--state', 'served.json'], {
      cwd: folder,
      env,
    })
    const url = await new Promise<string>((resolve, reject) => {
      serving.on('exit', () => reject(new Error('it ended by itself')))
      let text = ''
      serving.stdout.on('data', (chunk: Buffer) => {
        const [, found] = /REST_URL=(\S+)/.exec((text += chunk.toString())) ?? []
        if (found !== undefined) resolve(found)
      })
    })
    const answer = await fetch(`${url}/v2/organizations/acme/teams`, {
      method: 'POST',
      headers: { authorization: 'Bearer sandbox', 'content-type': 'application/json' },
      body: JSON.stringify({
        name: 'Made by hand',
        privacy: 'visible',
        is_default_team: false,
        default_member_role: 'member',
      }),
    })
    expect(answer.status).toBe(201)
    const ended = new Promise((resolve) => serving.on('exit', resolve))
    serving.kill('SIGINT')
    expect(await ended).toBe(0)
    expect(readFileSync(join(folder, 'served.json'), 'utf8')).toContain('Made by hand')
  })
})

/** Of util-linux: runs a command at a terminal of its own. */
const typescript = 'script'
const { error: missing, stdout: version } = spawnSync(typescript, ['--version'], { encoding: 'utf8' })
const hasTerminals = missing === undefined && version.includes('util-linux')

describe.skipIf(!hasTerminals)('at a terminal', () => {
  /** Types an answer when the question is there. */
  const type = (answer: string, ...argv: string[]) =>
    new Promise<{ status: number | null; stdout: string }>((resolve) => {
      const command = [process.execPath, main, ...argv].map((word) => `'${word}'`).join(' ')
      const terminal = spawn(typescript, ['-qefc', command, '/dev/null'], {
        cwd: folder,
        env: { ...env, TERM: 'xterm' },
      })
      let stdout = ''
      let isTyped = false
      terminal.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString()
        if (isTyped || !stdout.includes('[y/N]')) return
        isTyped = true
        terminal.stdin.write(answer)
      })
      terminal.on('close', (status) => resolve({ status, stdout }))
    })

  test('a yes is carried out', async () => {
    const { status, stdout } = await type('y\n', 'apply', '--sandbox', 'yes.json')
    expect(stdout).toContain('Carry out 1 call in organization "acme"? [y/N]')
    expect(stdout).toContain('1 of 1 call done.')
    expect(status).toBe(0)
  })

  test.each(['n\n', '\n', 'yep\n', '\u0004'])('%j is no', async (answer) => {
    const { status, stdout } = await type(answer, 'apply', '--sandbox', 'no.json')
    expect(stdout).toContain('Nothing was changed.')
    expect(status).toBe(5)
  })

  test('Ctrl-C at the question ends with 130', async () => {
    const { status, stdout } = await type('\u0003', 'apply', '--sandbox', 'no.json')
    expect(stdout).toContain('Nothing was changed.')
    expect(status).toBe(130)
  })
})
