import { namedFileBytes, type Files } from './files.js'
import { normal, pathProblem } from './path.js'
import type { Node } from './node.js'
import { quoted, type Problem } from './problem.js'
import type { Place, Source } from './source.js'
import { readText } from './text.js'
import { parseYaml } from './yaml.js'

/** The files that things name, each read once however many name it. */
export interface NamedFiles {
  /** Lines end in a line feed, wherever the file was checked out: Buildkite compares steps as text. */
  text(path: string, at: Place): { readonly text: string } | { readonly problem: Problem }
  /** A file that holds a policy document, as JSON or YAML: its values keep their places in it. */
  document(path: string, at: Place): { readonly root?: Node; readonly problems: readonly Problem[] }
  /** All that have been read. */
  sources(): Source[]
}

export const namedFiles = (files: Files): NamedFiles => {
  const known = new Map<string, ReturnType<typeof readText>>()
  const parsed = new Map<string, ReturnType<typeof parseYaml>>()
  const readOnce = (path: string, at: Place): ReturnType<typeof readText> => {
    const wrong = pathProblem(path, at)
    if (wrong) return { problem: wrong }
    const name = normal(path)
    const first = known.get(name)
    const read = first ?? readText(files, name, namedFileBytes, at)
    if (!first) known.set(name, read)
    // Where it was named first is where the problem is; a file that is not there is a problem of all that name it.
    return 'problem' in read && first && read.problem.code !== 'file-not-text'
      ? { problem: { ...read.problem, at } }
      : read
  }
  return {
    text(path, at) {
      const read = readOnce(path, at)
      return 'source' in read ? { text: read.source.text.replaceAll('\r\n', '\n') } : read
    },
    document(path, at) {
      const read = readOnce(path, at)
      if ('problem' in read) return { problems: [read.problem] }
      const first = parsed.get(read.source.path)
      const { root, problems } = first ?? parseYaml(read.source)
      if (first === undefined) parsed.set(read.source.path, { ...(root && { root }), problems })
      // What is wrong with the file is said once, however many name it.
      const said = first === undefined ? problems : []
      if (root?.is === 'map' || problems.length > 0)
        return { ...(root?.is === 'map' && { root }), problems: said }
      return { problems: [notADocument(path, at)] }
    },
    sources: () => [...known.values()].flatMap((read) => ('source' in read ? read.source : [])),
  }
}

/** A file that is no document at all. */
const notADocument = (path: string, at: Place): Problem => ({
  code: 'malformed-policy',
  at,
  words: () => ({
    what: `${quoted(path)} holds no policy document`,
    fix: 'write a document as IAM has it: { "Version": "2012-10-17", "Statement": [ … ] }',
  }),
})
