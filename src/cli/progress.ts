import type { Clock } from '../model/clock.js'
import { visible, widthOf } from '../report/escape.js'
import type { Screen } from './machine.js'

/** One line that says what is going on, for as long as it goes on. */
export interface Progress {
  /** What is going on now. */
  show(line: string): void
  /** Takes the line away: before anything else is written, and at the end. */
  clear(): void
}

const nobody: Progress = { show: () => undefined, clear: () => undefined }

/** Work that takes less is not worth a line, in milliseconds. */
const patienceMs = 1_000

const clipped = (line: string, columns: number) => {
  let kept = ''
  for (const character of line) {
    if (widthOf(kept + character) > columns - 1) return kept
    kept += character
  }
  return kept
}

/**
 * Progress on a terminal, updated in place; nothing where nobody is looking, as in CI.
 *
 * @param isWanted  false where the command's own output would be disturbed
 */
export const progressOn = (
  screen: Screen,
  env: Readonly<Record<string, string | undefined>>,
  clock: Clock,
): Progress => {
  const isCi = (env['CI'] ?? '') !== '' || env['BUILDKITE'] === 'true'
  if (!screen.isTTY || isCi || env['TERM'] === 'dumb') return nobody
  const over = new AbortController()
  let latest = ''
  let isShown = false
  let isPatient = true
  const draw = () => {
    isShown = true
    screen.write(`\r\u001b[2K${clipped(visible(latest), screen.columns)}`)
  }
  void clock.sleep(patienceMs, over.signal).then(() => {
    isPatient = false
    if (!over.signal.aborted && latest !== '') draw()
  })
  return {
    show: (line) => {
      latest = line
      if (!isPatient && !over.signal.aborted) draw()
    },
    clear: () => {
      over.abort()
      if (isShown) screen.write('\r\u001b[2K')
      isShown = false
    },
  }
}
