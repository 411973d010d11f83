import { AsyncLocalStorage } from 'node:async_hooks'
import { redact } from '../model/redact.js'
import type { Machine, Screen } from './machine.js'
import { thisMachine } from './this-machine.js'

const inUse = new AsyncLocalStorage<Machine>()

/** Runs something on another machine, however deep down it asks for one. */
export const onMachine = <T>(machine: Machine, run: () => Promise<T>): Promise<T> => inUse.run(machine, run)

/** The last line of defence: whatever was overlooked on the way, no secret of Buildkite's leaves through here. */
const guarded = (screen: Screen): Screen => ({
  write: (text) => screen.write(redact(text)),
  get isTTY() {
    return screen.isTTY
  },
  get columns() {
    return screen.columns
  },
})

/** The machine to work on. */
export const currentMachine = (): Machine => {
  const machine = inUse.getStore() ?? thisMachine()
  return { ...machine, stdout: guarded(machine.stdout), stderr: guarded(machine.stderr) }
}
