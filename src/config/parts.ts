import { declarationBytes, type Files } from './files.js'
import { matching, mostNames } from './glob.js'
import { entriesOf, isNull, textOf, type Entry, type Node } from './node.js'
import { normal, pathProblem } from './path.js'
import { quoted, type Problem } from './problem.js'
import { pattern } from './schema.js'
import type { Place, Source } from './source.js'
import { noFile, readText } from './text.js'
import { parseYaml } from './yaml.js'

/** One file of the declaration. */
export interface Part {
  readonly source: Source
  readonly root: Node
  /** What `include` grants it, and where; undefined for the root file, which may hold everything. */
  readonly grant?: Grant
}

interface Grant {
  readonly may: ReadonlySet<string>
  readonly at: Place
}

export interface Parts {
  /** The root file, then the others in the order of their paths. */
  readonly parts: readonly Part[]
  /** Every file there is, also those of which nothing could be read. */
  readonly paths: readonly string[]
  readonly problems: readonly Problem[]
}

/** Reads the root file and the files that it includes. Only the root includes, so there are no circles to walk in. */
export const readParts = (files: Files, rootPath: string): Parts => {
  const root = readPart(files, normal(rootPath))
  const { grants, problems } = includes(files, root.part?.root, normal(rootPath))
  const others = [...grants]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, grant]) => readPart(files, path, grant))
  const all = [root, ...others]
  return {
    parts: all.flatMap(({ part }) => part ?? []),
    paths: [normal(rootPath), ...[...grants.keys()].sort()],
    problems: [...problems, ...all.flatMap((one) => one.problems)],
  }
}

const readPart = (
  files: Files,
  path: string,
  grant?: Grant,
): { part?: Part; problems: readonly Problem[] } => {
  const text = readText(files, path, declarationBytes, grant?.at)
  if ('problem' in text) return { problems: [text.problem] }
  const { root, problems } = parseYaml(text.source)
  if (root === undefined) return { problems }
  return { part: { source: text.source, root: orEmpty(root), ...(grant && { grant }) }, problems }
}

/** A file that holds nothing but comments is an empty map. */
const orEmpty = (root: Node): Node =>
  isNull(root) ? { is: 'map', at: root.at, entries: new Map<string, Entry>() } : root

/** The included files, each with all that any line grants it. */
const includes = (files: Files, root: Node | undefined, rootPath: string) => {
  const grants = new Map<string, Grant>()
  const problems: Problem[] = []
  const list = entriesOf(root).get('include')?.value
  for (const line of list?.is === 'list' ? list.items : []) {
    const node = entriesOf(line).get('files')?.value
    const glob = textOf(node)
    if (node === undefined || glob === undefined || !pattern.safeParse(glob).success) continue
    const found = included(files, glob, node.at, rootPath)
    problems.push(...found.problems)
    const may = entriesOf(line).get('may')?.value
    const granted = (may?.is === 'list' ? may.items : []).flatMap((item) => textOf(item) ?? [])
    for (const path of found.paths) {
      const known = grants.get(path)
      grants.set(path, { may: new Set([...(known?.may ?? []), ...granted]), at: known?.at ?? node.at })
    }
  }
  return { grants, problems }
}

const included = (
  files: Files,
  glob: string,
  at: Place,
  rootPath: string,
): { paths: readonly string[]; problems: readonly Problem[] } => {
  const only = (problem: Problem) => ({ paths: [], problems: [problem] })
  const wrong = pathProblem(glob, at)
  if (wrong) return only(wrong)
  const matches = matching(files, glob)
  if ('paths' in matches) {
    const paths = matches.paths.filter((path) => path !== rootPath)
    return paths.length > 0 ? { paths, problems: [] } : only(nothing(glob, at))
  }
  return only(matches.no === 'endless' ? endless(glob, at) : noFile(matches.no, matches.folder, at))
}

const nothing = (glob: string, at: Place): Problem => ({
  code: 'include-matches-nothing',
  at,
  words: () => ({
    what: `no file matches ${quoted(glob)}`,
    label: 'nothing there',
    fix: 'correct the pattern, or take the line out',
  }),
})

const endless = (glob: string, at: Place): Problem => ({
  code: 'bad-path',
  at,
  words: () => ({
    what: `${quoted(glob)} looks through more than ${mostNames} names`,
    fix: 'begin it with the folder that is meant: "teams/**/*.yaml"',
  }),
})
