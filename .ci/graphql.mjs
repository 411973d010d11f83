// Writes what the sandbox serves into a module, since the sandbox reads no files: our slice of the API, then what others send.
// With --check it writes nothing, and fails if what is there is stale.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'

const root = new URL('../', import.meta.url)
const target = 'src/sandbox/schema/sdl.ts'

const filesOf = (folder) =>
  readdirSync(new URL(folder, root))
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => folder + name)

const text = ['graphql/schema/', 'src/sandbox/schema/']
  .flatMap(filesOf)
  .map((file) => `# ${file}\n\n${readFileSync(new URL(file, root), 'utf8').trim()}\n`)
  .join('\n')

const literal = text.replace(/[\\`]|\$\{/g, '\\$&')
const wanted = `// Written by \`npm run graphql\` from the .graphql files that it names. Change those.
export const sdl = \`
${literal}\`
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
    process.stderr.write(`${target} is stale: run \`npm run graphql\`\n`)
    process.exitCode = 1
  }
} else writeFileSync(new URL(target, root), wanted)
