import { report } from '../report/format.js'
import { counted } from '../report/words.js'
import type { Consent } from '../workflow/world.js'
import { paintFor } from './colour.js'
import type { Machine } from './machine.js'
import type { Progress } from './progress.js'

interface Asker {
  readonly machine: Machine
  /** Whether `--yes` was said. */
  readonly isGiven: boolean
  readonly noColor: boolean
  readonly progress: Progress | undefined
  /** The sentence that says the organization is make-believe, where it is. */
  readonly sandbox: string | undefined
}

/** Shows the plan and asks; says yes where `--yes` did, and that nobody is there where there is no terminal. */
export const consentOf =
  ({ machine, isGiven, noColor, progress, sandbox }: Asker): Consent =>
  async (plan) => {
    if (isGiven) return 'yes'
    if (!machine.canAsk) return 'nobody'
    progress?.clear()
    const paint = paintFor(machine.env, machine.stderr.isTTY, noColor)
    machine.stderr.write(
      `${report({ result: 'plan', plan, findings: [] }, 'text', { paint, ...(sandbox === undefined ? {} : { sandbox }) })}\n`,
    )
    const question = `Carry out ${counted(plan.steps.length, 'call')} in organization "${plan.organization}"?`
    return (await machine.ask(question)) ? 'yes' : 'no'
  }
