import type { Disk, Machine, Screen } from './machine.js'

/** A machine for a story: it reads the real disk, writes on paper, waits for nothing, and reaches nobody. */
export interface DemoMachine {
  readonly machine: Machine
  /** What was written since the last time, and what the command ended with. */
  told(): { readonly text: string; readonly exit: number }
}

const overlay = (disk: Disk): Disk => {
  const written = new Map<string, Uint8Array>()
  return {
    real: (path) => (written.has(path) ? path : disk.real(path)),
    entry: (path) => {
      const bytes = written.get(path)?.length
      return bytes === undefined ? disk.entry(path) : { is: 'file', bytes }
    },
    read: (path, maxBytes) => written.get(path)?.subarray(0, maxBytes) ?? disk.read(path, maxBytes),
    list: (path) => disk.list(path),
    write: (path, text) => void written.set(path, new TextEncoder().encode(text)),
  }
}

/** The environment that decides about colour, and no more: nothing of Buildkite's gets into the story. */
const coloursIn = (env: Machine['env']): Machine['env'] => ({
  NO_COLOR: env['NO_COLOR'],
  FORCE_COLOR: env['FORCE_COLOR'],
  TERM: env['TERM'],
})

/** A machine for a story that plays in a folder. */
export const demoMachine = (machine: Machine, folder: string): DemoMachine => {
  let text = ''
  let exit = 0
  let skippedMs = 0
  const paper: Screen = {
    write: (more) => void (text += more),
    isTTY: machine.stdout.isTTY,
    columns: machine.stdout.columns,
  }
  return {
    machine: {
      ...machine,
      stdout: paper,
      stderr: { ...paper, isTTY: false },
      env: coloursIn(machine.env),
      cwd: folder,
      clock: {
        now: () => machine.clock.now() + skippedMs,
        sleep: (ms, signal) => {
          if (signal?.aborted !== true) skippedMs += ms
          return Promise.resolve()
        },
      },
      fetch: () => Promise.reject(new TypeError('the demo talks to nobody')),
      requestSeconds: Infinity,
      disk: overlay(machine.disk),
      canAsk: false,
      setExitCode: (code) => {
        exit = code
      },
    },
    told: () => {
      const told = { text, exit }
      text = ''
      exit = 0
      return told
    },
  }
}
