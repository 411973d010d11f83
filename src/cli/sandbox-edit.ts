import type { Finding } from '../model/finding.js'
import { edit } from '../sandbox/edit.js'
import { printState } from '../sandbox/saved.js'
import { visible } from '../report/escape.js'
import type { Machine } from './machine.js'
import { openSandbox, sandboxPath } from './sandbox.js'

/** What somebody did by hand, or why it could not be done. */
type Edited =
  | { readonly sentence: string; readonly said: string }
  | Finding
  | { readonly refused: string }
  | { readonly what: string; readonly fix: string }

/** Changes a saved sandbox, as somebody in a browser would. */
export const editSandbox = (
  machine: Machine,
  rootFile: string,
  stateFile: string,
  words: readonly string[],
): Edited => {
  const kept = openSandbox(machine, sandboxPath(machine, rootFile, stateFile))
  if ('code' in kept) return kept
  if (kept.state === undefined)
    return {
      what: `there is no sandbox in ${kept.path} yet`,
      fix: 'begin one with `bridle apply --sandbox`, or name another with --state',
    }
  const { state, said } = edit(kept.state, words, { now: new Date(machine.clock.now()).toISOString() })
  if (state === undefined) {
    return { refused: said.split('\n').map(visible).join('\n') }
  }
  const unsaved = kept.save(printState(state))
  if (unsaved !== undefined) return { what: unsaved, fix: 'name a file that you may write with --state' }
  return { sentence: kept.sentence, said: said.split('\n').map(visible).join('\n') }
}
