import { jsonText } from '../model/json-text.js'
import type { Fact, Grant } from '../model/grant.js'
import type { Finding } from '../model/finding.js'
import type { Plan } from '../model/plan.js'
import { redact } from '../model/redact.js'
import { unplaced } from './finding.js'

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

/** What a saved plan takes and gives, as facts about the organization after it; a finding where it is no plan of ours. */
export const accessAfter = (
  text: string,
  organization: string,
): { readonly takes: readonly Grant[]; readonly gives: readonly Fact[] } | Finding => {
  const plan = madeFromIn(text) === undefined ? undefined : (JSON.parse(text) as Plan)
  if (plan === undefined)
    return unplaced(
      'not-a-plan',
      'the file is not a plan that this bridle wrote',
      'what it would do to access is written in the plan, and can be told from nothing else',
      'write it with `bridle plan --out FILE`',
    )
  if (plan.organization !== organization)
    return unplaced(
      'another-organization',
      `the plan is for organization "${plan.organization}", and the files declare "${organization}"`,
      'names that mean one thing here mean another there',
      'name the plan of the organization that the files declare',
    )
  return {
    takes: plan.steps.flatMap(({ takes = [] }) => takes),
    gives: plan.steps.flatMap(({ address, title, gives = [] }) =>
      gives.map((grant): Fact => ({
        ...grant,
        at: { from: 'api', address, field: grant.field, api: `planned: ${title}` },
      })),
    ),
  }
}
