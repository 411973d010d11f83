import { join } from 'node:path'
import type { Disk, Machine, Screen } from './machine.js'

/** A machine for a story: it reads the real disk, writes on paper, waits for nothing, and reaches nobody. */
export interface DemoMachine {
  readonly machine: Machine
  /** Writes something else into a file, on paper. */
  edit(path: string, from: string, to: string): void
  /** What was written since the last time, and what the command ended with. */
  told(): { readonly text: string; readonly exit: number }
}

/** What somebody who tried the example left beside it: another organization than the story's. */
const isLeftBehind = (path: string) => /[\\/]bridle\.(sandbox\.json|lock\.yaml)$/.test(path)

const overlay = (disk: Disk): Disk => {
  const written = new Map<string, Uint8Array>()
  return {
    real: (path) => (written.has(path) ? path : isLeftBehind(path) ? undefined : disk.real(path)),
    entry: (path) => {
      const bytes = written.get(path)?.length
      if (bytes !== undefined) return { is: 'file', bytes }
      return isLeftBehind(path) ? undefined : disk.entry(path)
    },
    read: (path, maxBytes) => written.get(path)?.subarray(0, maxBytes) ?? disk.read(path, maxBytes),
    pieces: (path) => disk.pieces(path),
    list: (path) => disk.list(path),
    write: (path, text) => void written.set(path, new TextEncoder().encode(text)),
    writeAll: (files) => {
      for (const [path, text] of files) written.set(path, new TextEncoder().encode(text))
    },
    makeTemporary: () => {
      throw new Error('no command of the story needs a folder of its own')
    },
    removeTemporary: () => undefined,
  }
}

/** The environment that decides about colour, and no more: nothing of Buildkite's gets into the story. */
const coloursIn = (env: Machine['env']): Machine['env'] => ({
  NO_COLOR: env['NO_COLOR'],
  FORCE_COLOR: env['FORCE_COLOR'],
  TERM: env['TERM'],
})

/** More than any file of the story has. */
const storyBytes = 64 * 1024

/** When the story plays, 2 November 2026: what its files accept has an end, and the story has none. */
const monday = Date.UTC(2026, 10, 2, 9)

/** A machine for a story that plays in a folder. */
export const demoMachine = (machine: Machine, folder: string): DemoMachine => {
  let text = ''
  let exit = 0
  let skippedMs = 0
  const disk = overlay(machine.disk)
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
        now: () => monday + skippedMs,
        sleep: (ms, signal) => {
          if (signal?.aborted !== true) skippedMs += ms
          return Promise.resolve()
        },
      },
      fetch: () => Promise.reject(new TypeError('the demo talks to nobody')),
      requestSeconds: Infinity,
      disk,
      canAsk: false,
      setExitCode: (code) => {
        exit = code
      },
    },
    edit: (name, from, to) => {
      const path = join(folder, name)
      const before = new TextDecoder().decode(disk.read(path, storyBytes))
      if (!before.includes(from)) throw new Error(`${name} does not say ${from}`)
      disk.write(path, before.replace(from, to))
    },
    told: () => {
      const told = { text, exit }
      text = ''
      exit = 0
      return told
    },
  }
}
