// Compares our slice of the API, its extension and our operations with a full SDL: npm run schema:verify -- FILE
import { readdirSync, readFileSync } from 'node:fs'
import { schemaCounts, schemaDifferences, type Compared, type SchemaFile } from './schema-differences.js'

/** Types that clients with other features see, and that the published SDL leaves out: a client's query names them. */
const unpublished = ['src/sandbox/schema/cursor-origin.graphql']

const root = new URL('../', import.meta.url)

const filesIn = (folder: string): SchemaFile[] =>
  readdirSync(new URL(folder, root))
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => ({ file: folder + name, text: readFileSync(new URL(folder + name, root), 'utf8') }))

/** Undefined where there is no such file. */
const textOf = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

const verify = (file: string, text: string): number => {
  const compared: Compared = {
    slice: filesIn('graphql/schema/'),
    extension: filesIn('src/sandbox/schema/'),
    operations: filesIn('graphql/operations/'),
    official: { file, text },
    unpublished,
  }
  for (const { at, what, ours, theirs } of schemaDifferences(compared)) {
    process.stderr.write(`${what}\n  --> ${at}\n  ours:   ${ours}\n  theirs: ${theirs}\n`)
    return 1
  }
  process.stdout.write(`${schemaCounts(compared)}: all as in ${file}\n`)
  return 0
}

const misuse = (line: string): number => {
  process.stderr.write(
    `${line}\nusage: npm run schema:verify -- FILE, where FILE is a full SDL of Buildkite's API\n`,
  )
  return 2
}

const [file] = process.argv.slice(2)
const text = file === undefined ? undefined : textOf(file)
process.exitCode =
  file === undefined
    ? misuse('no file given')
    : text === undefined
      ? misuse(`cannot read ${file}`)
      : verify(file, text)
