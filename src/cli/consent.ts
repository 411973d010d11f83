import { report } from '../report/format.js'
import { counted } from '../report/words.js'
import type { Consent } from '../workflow/world.js'
import { paintFor } from './colour.js'
import type { Machine } from './machine.js'
import type { Progress } from './progress.js'

/** Shows the plan and asks; says yes where `--yes` did, and that nobody is there where there is no terminal. */
export const consentOf =
  (machine: Machine, isGiven: boolean, noColor: boolean, progress: Progress | undefined): Consent =>
  async (plan) => {
    if (isGiven) return 'yes'
    if (!machine.canAsk) return 'nobody'
    progress?.clear()
    const paint = paintFor(machine.env, machine.stderr.isTTY, noColor)
    machine.stderr.write(`${report({ result: 'plan', plan, findings: [] }, 'text', { paint })}\n`)
    const question = `Carry out ${counted(plan.steps.length, 'call')} in organization "${plan.organization}"?`
    return (await machine.ask(question)) ? 'yes' : 'no'
  }
