// Texts as modules, for code that reads no files.
import { readFileSync, writeFileSync } from 'node:fs'

const root = new URL('../', import.meta.url)

/** A text as it stands between backticks. */
export const literal = (text) => text.replace(/[\\`]|\$\{/g, '\\$&')

const readOld = (target) => {
  try {
    return readFileSync(new URL(target, root), 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return ''
    throw error
  }
}

/** Writes a module; with --check it writes nothing, and fails if what is there is stale. */
export const write = (target, wanted, command) => {
  if (!process.argv.includes('--check')) writeFileSync(new URL(target, root), wanted)
  else if (readOld(target) !== wanted) {
    process.stderr.write(`${target} is stale: run \`${command}\`\n`)
    process.exitCode = 1
  }
}
