import { namedFileBytes, type Files } from './files.js'
import { normal, pathProblem } from './path.js'
import type { Problem } from './problem.js'
import type { Place, Source } from './source.js'
import { readText } from './text.js'

/** The files that things name, each read once however many name it. */
export interface NamedFiles {
  /** Lines end in a line feed, wherever the file was checked out: Buildkite compares steps as text. */
  text(path: string, at: Place): { readonly text: string } | { readonly problem: Problem }
  /** All that have been read. */
  sources(): Source[]
}

export const namedFiles = (files: Files): NamedFiles => {
  const known = new Map<string, ReturnType<typeof readText>>()
  return {
    text(path, at) {
      const wrong = pathProblem(path, at)
      if (wrong) return { problem: wrong }
      const name = normal(path)
      const first = known.get(name)
      const read = first ?? readText(files, name, namedFileBytes, at)
      if (!first) known.set(name, read)
      if ('source' in read) return { text: read.source.text.replaceAll('\r\n', '\n') }
      // Where it was named first is where the problem is; a file that is not there is a problem of all that name it.
      return {
        problem: first && read.problem.code !== 'file-not-text' ? { ...read.problem, at } : read.problem,
      }
    },
    sources: () => [...known.values()].flatMap((read) => ('source' in read ? read.source : [])),
  }
}
