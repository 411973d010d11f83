import { jsonText } from '../model/json-text.js'
import type { Plan } from '../model/plan.js'
import { redact } from '../model/redact.js'

/** A plan as bytes: the same for the same plan, with nothing hidden in them and no secrets, whatever the files hold. */
export const printPlan = (plan: Plan): string => redact(`${jsonText(plan)}\n`)

/** What a text says about the plan that it was made from, if it is one of ours at all. */
export const madeFromIn = (text: string): Plan['madeFrom'] | undefined => {
  try {
    const plan = JSON.parse(text) as Partial<Plan> | null
    const from = plan?.format === 'bridle.plan/1' ? plan.madeFrom : undefined
    return typeof from?.wanted === 'string' && typeof from.live === 'string' ? from : undefined
  } catch {
    return undefined
  }
}
