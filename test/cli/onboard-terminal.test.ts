import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

/** What users run: `npm test` builds it first. */
const main = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url))

const hasTools = ['tmux', 'git'].every((tool) => spawnSync(tool, ['-V']).error === undefined)

const bridle = `organization: acme
teams:
  release: { members: { eve@acme.test: member } }
  web: { members: { ada@acme.test: member } } # ours
clusters:
  general: { default_queue: default, queues: { default: {}, large: {} } }
  production: { allow: { teams: [release] }, queues: { deploy: {} } }
pipelines:
  web: # the first
    cluster: general
    repository: git@github.com:acme/web.git
    teams: { web: build_and_read }
`

describe.skipIf(!hasTools)('a whole session at a terminal of 60 columns', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bridle-onboard-')))
  const socket = `bridle-${process.pid}`
  const tmux = (...args: string[]) => {
    const { stdout, stderr, status } = spawnSync('tmux', ['-f', '/dev/null', '-L', socket, ...args], {
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`tmux ${args.join(' ')}: ${stderr}`)
    return stdout
  }
  const git = (...args: string[]) => {
    const { stdout, stderr, status } = spawnSync('git', ['-C', folder, ...args], { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    return stdout
  }
  afterAll(() => {
    spawnSync('tmux', ['-L', socket, 'kill-server'])
    rmSync(folder, { recursive: true })
  })

  /** Waits until a text is on the screen, for as long as a slow machine may take. */
  const seen = async (text: string) => {
    const deadline = Date.now() + 60_000
    for (;;) {
      const screen = tmux('capture-pane', '-p')
      if (screen.includes(text)) return screen.trimEnd()
      if (Date.now() > deadline) throw new Error(`"${text}" did not come:\n${screen}`)
      await pause(50)
    }
  }
  const type = (text: string) => tmux('send-keys', text, 'Enter')

  test('questions, a no, an answer, files, and a commit', { timeout: 120_000 }, async () => {
    writeFileSync(join(folder, 'bridle.yaml'), bridle)
    git('init', '--quiet', '--initial-branch', 'main')
    git('config', 'user.email', 'ada@acme.test')
    git('config', 'user.name', 'Ada')
    git('config', 'commit.gpgsign', 'false')
    git('remote', 'add', 'origin', 'git@github.com:acme/shop.git')
    git('add', '.')
    git('commit', '--quiet', '-m', 'Begin')

    const env = `env -i PATH='${process.env['PATH'] ?? ''}' HOME='${folder}' TERM=screen NO_COLOR=1`
    tmux('new-session', '-d', '-x', '60', '-y', '150', '-c', folder, `${env} sh`)
    type(`'${process.execPath}' '${main}' onboard --commit; echo ended with $?`)
    await seen('A number, or a name:')
    type('1')
    await seen('Which repository does it build?')
    type('')
    await seen('Where do its jobs run?')
    type('production/deploy')
    const no = await seen('No: production/deploy')
    expect(no).toContain('No: production/deploy is for team release, and ada@acme.test\nis not among them.')
    type('2')
    await seen('Write this to bridle.yaml? [y/N]')
    type('y')
    const end = await seen('ended with 0')

    // What is drawn anew, boxed, or coloured, no screen reader can follow.
    expect(end).not.toMatch(/[\u2500-\u259f\u2800-\u28ff]/)
    expect(end).toContain('Committed on branch bridle/pipeline-shop.')
    expect(readFileSync(join(folder, 'bridle.yaml'), 'utf8')).toBe(
      `${bridle}  shop:
    cluster: general
    repository: git@github.com:acme/shop.git
    teams: { web: build_and_read }
    steps: |
      steps:
        - label: ":pipeline: Pipeline Upload"
          command: buildkite-agent pipeline upload
          agents: { queue: large }
`,
    )
    expect(git('log', '--format=%s', '-1', 'bridle/pipeline-shop').trim()).toBe('Add pipeline shop')
    expect(git('status', '--porcelain')).toBe('')

    // And once more, to stop in the middle of it.
    type(`clear; '${process.execPath}' '${main}' onboard team; echo ended with $?`)
    await seen('What is the team called?')
    tmux('send-keys', 'C-c')
    expect(await seen('ended with 130')).toContain('Stopped. No file was changed.')
    expect(git('status', '--porcelain')).toBe('')
  })
})
