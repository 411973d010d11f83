import { describe, expect, test } from 'vitest'
import { paintFor } from '../../src/cli/colour.js'
import type { Screen } from '../../src/cli/machine.js'
import { progressOn } from '../../src/cli/progress.js'

const esc = '\u001b'

describe('colour', () => {
  const isPainted = (env: Record<string, string>, isTTY: boolean, flag = false) =>
    paintFor(env, isTTY, flag)('error', 'x').includes(esc)

  test.each([
    { what: 'on a terminal', env: {}, isTTY: true, painted: true },
    { what: 'in a file', env: {}, isTTY: false, painted: false },
    { what: 'with --no-color', env: { FORCE_COLOR: '1' }, isTTY: true, flag: true, painted: false },
    { what: 'with NO_COLOR', env: { NO_COLOR: '1' }, isTTY: true, painted: false },
    { what: 'with an empty NO_COLOR', env: { NO_COLOR: '' }, isTTY: true, painted: true },
    { what: 'with FORCE_COLOR, in a file', env: { FORCE_COLOR: '1' }, isTTY: false, painted: true },
    {
      what: 'with FORCE_COLOR and NO_COLOR, as Node has it',
      env: { FORCE_COLOR: '', NO_COLOR: '1' },
      isTTY: false,
      painted: true,
    },
    { what: 'with FORCE_COLOR=0', env: { FORCE_COLOR: '0' }, isTTY: true, painted: false },
    { what: 'on a dumb terminal', env: { TERM: 'dumb' }, isTTY: true, painted: false },
  ])('$what: $painted', ({ env, isTTY, flag, painted }) =>
    expect(isPainted({ ...env }, isTTY, flag)).toBe(painted),
  )
})

describe('progress', () => {
  const scene = (env: Record<string, string> = {}, isTTY = true) => {
    let wake: () => void = () => undefined
    let written = ''
    const screen: Screen = { write: (text) => void (written += text), isTTY, columns: 20 }
    const clock = { now: () => 0, sleep: () => new Promise<void>((resolve) => (wake = resolve)) }
    const progress = progressOn(screen, env, clock)
    return {
      progress,
      second: async () => {
        wake()
        await Promise.resolve()
        await Promise.resolve()
      },
      written: () => written,
    }
  }
  const line = (text: string) => `\r${esc}[2K${text}`

  test('nothing is shown of what is over within a second', async () => {
    const { progress, second, written } = scene()
    progress.show('reading')
    progress.clear()
    await second()
    expect(written()).toBe('')
  })

  test('what takes longer is one line, updated in place and taken away at the end', async () => {
    const { progress, second, written } = scene()
    progress.show('reading')
    await second()
    progress.show('planning')
    progress.clear()
    expect(written()).toBe(line('reading') + line('planning') + line(''))
  })

  test('a line never wraps, and obeys no escape in it', async () => {
    const { progress, second, written } = scene()
    progress.show(`${esc}[2J${'x'.repeat(100)}`)
    await second()
    expect(written()).toBe(line(`\\u{001b}[2Jxxxxxxxx`))
  })

  test.each([
    { what: 'without a terminal', env: {}, isTTY: false },
    { what: 'in CI', env: { CI: 'true' }, isTTY: true },
    { what: 'in a Buildkite job', env: { BUILDKITE: 'true' }, isTTY: true },
    { what: 'on a dumb terminal', env: { TERM: 'dumb' }, isTTY: true },
  ])('nothing is shown $what', async ({ env, isTTY }) => {
    const { progress, second, written } = scene({ ...env }, isTTY)
    progress.show('reading')
    await second()
    progress.show('planning')
    progress.clear()
    expect(written()).toBe('')
  })
})
