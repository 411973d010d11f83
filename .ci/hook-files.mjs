// Writes what is put on hosts into a module, since nothing below src/cli reads files. With --check it writes nothing, and
// fails if what is there is stale.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'

const root = new URL('../', import.meta.url)
const folder = 'src/hook/files/'
const target = 'src/hook/shipped.ts'

const names = readdirSync(new URL(folder, root))
  .filter((name) => name !== 'README.md')
  .sort()

const literal = (name) => readFileSync(new URL(folder + name, root), 'utf8').replace(/[\\`]|\$\{/g, '\\$&')

const keyOf = (name) => (/^[a-z]+$/.test(name) ? name : `'${name}'`)

const wanted = `// Written by \`npm run hook\` from the files in ${folder}. Change those.

/** The files for hosts of agents, as they stand, by their names. */
export const shipped = {
${names.map((name) => `  ${keyOf(name)}: \`${literal(name)}\`,\n`).join('')}} as const
`

const readOld = () => {
  try {
    return readFileSync(new URL(target, root), 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return ''
    throw error
  }
}

if (process.argv.includes('--check')) {
  if (readOld() !== wanted) {
    process.stderr.write(`${target} is stale: run \`npm run hook\`\n`)
    process.exitCode = 1
  }
} else writeFileSync(new URL(target, root), wanted)
