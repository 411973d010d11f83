import type { Hook } from '@oclif/core'
import { distance } from 'fastest-levenshtein'
import { visible } from '../report/escape.js'
import { currentMachine } from './current-machine.js'
import { commandsOfPlugins } from './plugins.js'

/** What a person typed in a command's place, and the command that they most likely meant. */
export interface Guess {
  readonly typed: string
  readonly nearest?: string
}

/** How far off each word is from the command's own, or undefined where one differs in more than a third of its letters. */
const steps = (words: readonly string[], command: string): number | undefined => {
  const each = command.split(' ').map((own, at) => ({ own, off: distance(words[at] ?? '', own) }))
  return each.some(({ own, off }) => off > Math.ceil(own.length / 3))
    ? undefined
    : each.reduce((sum, { off }) => sum + off, 0)
}

/** The command that is nearest to the first words of what was typed; arguments may follow. */
export const guess = (words: readonly string[], commands: readonly string[]): Guess => {
  const [best] = commands
    .flatMap((nearest) => {
      const off = steps(words, nearest)
      return off === undefined
        ? []
        : [{ nearest, off, typed: words.slice(0, nearest.split(' ').length).join(' ') }]
    })
    .sort((a, b) => a.off - b.off || (a.nearest < b.nearest ? -1 : 1))
  if (best) return { typed: best.typed, nearest: best.nearest }
  const isTopic = commands.some((command) => command.startsWith(`${words[0] ?? ''} `))
  return { typed: words.slice(0, isTopic ? 2 : 1).join(' ') }
}

/** oclif takes what follows a command without arguments for a part of its name. */
const tooMuch = (words: readonly string[], command: string) => ({
  what: `unexpected argument: ${words.slice(command.split(' ').length).join(' ')}`,
  fix: `\`bridle ${command} --help\` shows what it takes`,
})

const hint = (typed: string, nearest: string | undefined) => {
  if (nearest !== undefined) return `did you mean \`bridle ${nearest}\`?`
  const [topic, word] = typed.split(' ')
  return word === undefined ? '`bridle help` lists the commands' : `\`bridle help ${topic ?? ''}\` lists them`
}

/** Says that there is no such command, and which one is near. It never offers to run its guess. */
const notFound: Hook.CommandNotFound = function ({ config, id }) {
  const ours = config.commands
    .filter(({ hidden }) => !hidden)
    .map((command) => command.id.replaceAll(':', ' '))
  const commands = [...new Set([...ours, ...commandsOfPlugins])]
  const words = id.split(':')
  const { typed, nearest } = guess(words, commands)
  const { what, fix } =
    typed === nearest
      ? tooMuch(words, nearest)
      : { what: `bridle has no command "${typed}"`, fix: hint(typed, nearest) }
  const machine = currentMachine()
  machine.stderr.write(`error: ${visible(what)}\n  = fix: ${fix}\n`)
  machine.setExitCode(2)
  return Promise.resolve()
}

export default notFound
