import type { Hook } from '@oclif/core'
import { distance } from 'fastest-levenshtein'

/** What a person typed in a command's place, and the command that they most likely meant. */
export interface Guess {
  readonly typed: string
  readonly nearest?: string
}

/** The nearest command that is no further off than a third of its letters. Arguments may follow what was typed. */
export const guess = (words: readonly string[], commands: readonly string[]): Guess => {
  const [best] = commands
    .map((nearest) => {
      const typed = words.slice(0, nearest.split(' ').length).join(' ')
      return { typed, nearest, steps: distance(typed, nearest) }
    })
    .filter(({ nearest, steps }) => steps <= Math.ceil(nearest.length / 3))
    .sort((a, b) => a.steps - b.steps || (a.nearest < b.nearest ? -1 : 1))
  if (best) return { typed: best.typed, nearest: best.nearest }
  const isTopic = commands.some((command) => command.startsWith(`${words[0] ?? ''} `))
  return { typed: words.slice(0, isTopic ? 2 : 1).join(' ') }
}

/** Says that there is no such command, and which one is near. It never offers to run its guess. */
const notFound: Hook.CommandNotFound = function ({ config, id }) {
  const commands = config.commands
    .filter(({ hidden }) => !hidden)
    .map((command) => command.id.replaceAll(':', ' '))
  const { typed, nearest } = guess(id.split(':'), commands)
  const fix =
    nearest === undefined ? '`bridle help` lists the commands' : `did you mean \`bridle ${nearest}\`?`
  process.stderr.write(`error: bridle has no command ${JSON.stringify(typed)}\n  = fix: ${fix}\n`)
  process.exitCode = 2
  return Promise.resolve()
}

export default notFound
