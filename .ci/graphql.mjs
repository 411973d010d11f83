// Writes what the sandbox serves into a module, since the sandbox reads no files: our slice of the API, then what others send.
// With --check it writes nothing, and fails if what is there is stale.
import { readFileSync, readdirSync } from 'node:fs'
import { literal, write } from './written.mjs'

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

const wanted = `// Written by \`npm run graphql\` from the .graphql files that it names. Change those.
export const sdl = \`
${literal(text)}\`
`

write(target, wanted, 'npm run graphql')
