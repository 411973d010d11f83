import type { Declared } from '../workflow/world.js'

type Files = Declared['files']

/** Files that remember what they said. */
export interface WatchedFiles {
  readonly files: Files
  /** Those that say something else by now. */
  changed(): readonly string[]
}

const told = (answer: ReturnType<Files['read']> | ReturnType<Files['list']>): string =>
  'bytes' in answer
    ? `=${Buffer.from(answer.bytes).toString('base64')}`
    : 'entries' in answer
      ? answer.entries
          .map(({ name, is }) => `${is} ${name}`)
          .sort()
          .join('\n')
      : answer.no

/** The same files: every one that is read is remembered as it was then. */
export const watched = (files: Files): WatchedFiles => {
  const seen = new Map<
    string,
    { readonly path: string; readonly said: string; readonly again: () => string }
  >()
  const remember = (key: string, path: string, said: string, again: () => string) => {
    if (!seen.has(key)) seen.set(key, { path, said, again })
  }
  return {
    files: {
      read: (path, maxBytes) => {
        const answer = files.read(path, maxBytes)
        remember(`read ${path}`, path, told(answer), () => told(files.read(path, maxBytes)))
        return answer
      },
      list: (folder) => {
        const answer = files.list(folder)
        remember(`list ${folder}`, folder, told(answer), () => told(files.list(folder)))
        return answer
      },
    },
    changed: () => [...seen.values()].filter(({ said, again }) => again() !== said).map(({ path }) => path),
  }
}
