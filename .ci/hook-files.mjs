// Writes what is put on hosts into a module, since nothing below src/cli reads files. With --check it writes nothing, and
// fails if what is there is stale.
import { readFileSync, readdirSync } from 'node:fs'
import { literal, write } from './written.mjs'

const root = new URL('../', import.meta.url)
const folder = 'src/hook/files/'
const target = 'src/hook/shipped.ts'

const names = readdirSync(new URL(folder, root))
  .filter((name) => name !== 'README.md')
  .sort()

const textOf = (name) => literal(readFileSync(new URL(folder + name, root), 'utf8'))

const keyOf = (name) => (/^[a-z]+$/.test(name) ? name : `'${name}'`)

const wanted = `// Written by \`npm run hook\` from the files in ${folder}. Change those.

/** The files for hosts of agents, as they stand, by their names. */
export const shipped = {
${names.map((name) => `  ${keyOf(name)}: \`${textOf(name)}\`,\n`).join('')}} as const
`

write(target, wanted, 'npm run hook')
