import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** What users run: `npm test` builds it first. */
const main = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url))

let home = ''
const env = () => ({ PATH: `${home}:${process.env['PATH'] ?? ''}`, HOME: home })

const shell = (program: string, script: string) => {
  const { status, stdout, stderr } = spawnSync(program, ['-c', script], {
    cwd: home,
    env: env(),
    encoding: 'utf8',
  })
  return { status, stderr, lines: stdout.trimEnd().split('\n') }
}

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'bridle-completion-'))
  const program = join(home, 'bridle')
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`)
  chmodSync(program, 0o755)
  const asked = spawnSync(program, ['autocomplete', 'bash'], { env: env(), encoding: 'utf8' })
  expect({ status: asked.status, said: asked.stdout }).toEqual({
    status: 0,
    said: expect.stringContaining('bridle autocomplete script bash'),
  })
})
afterAll(() => rmSync(home, { recursive: true }))

describe('set up as `bridle autocomplete` says', () => {
  test('bash completes commands and flags', () => {
    const cases = [
      { typed: 'acc', offers: 'access' },
      { typed: 'access ', offers: 'check snapshot what who why' },
      { typed: 'access sn', offers: 'snapshot' },
      { typed: 'plan --ex', offers: '--exit-code' },
      { typed: 'access check --off', offers: '--offline' },
      { typed: 'nonsense --', offers: '' },
    ]
    // What two presses of the tab key offer: bash shows each word once.
    const pressed = ({ typed }: { readonly typed: string }) => {
      const words = typed.split(' ')
      return `COMP_WORDS=(bridle ${words.map((word) => `'${word}'`).join(' ')}) COMP_CWORD=${words.length}
_bridle_autocomplete
printf '%s\\n' "\${COMPREPLY[@]}" | sort -u | paste -s -d ' '`
    }
    const script = [
      'eval "$(bridle autocomplete script bash)"',
      'complete -p bridle >/dev/null || exit',
      ...cases.map(pressed),
    ].join('\n')
    expect(shell('bash', script)).toEqual({
      status: 0,
      stderr: '',
      lines: cases.map(({ offers }) => offers).slice(0, -1), // the last offers nothing
    })
  })

  // Few machines have it, and bash says whether what is completed is right.
  const zsh = ['zsh'].filter((program) => spawnSync(program, ['--version']).error === undefined)
  test.each(zsh)('%s takes it', (program) => {
    const script = [
      'autoload -Uz compinit && compinit -u',
      'eval "$(bridle autocomplete script zsh)"',
      'echo $_comps[bridle]; autoload +X _bridle && echo read',
    ].join('\n')
    expect(shell(program, script)).toMatchObject({
      stderr: '',
      lines: ['_bridle', 'read'],
    })
  })
})
