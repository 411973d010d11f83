import { jsonText } from '../model/json-text.js'
import type { Fact, Grant } from '../model/grant.js'
import type { Finding } from '../model/finding.js'
import type { Plan } from '../model/plan.js'
import { redact } from '../model/redact.js'
import type { Wanted } from '../model/wanted.js'
import { wantedDigest } from './digest.js'
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

/**
 * What a saved plan takes and gives, as facts about the organization after it; a finding where it is no plan of ours, or
 * one of other files or of another state.
 *
 * @param read  the digest of what is there, and where that was read
 */
export const accessAfter = (
  text: string,
  wanted: Wanted,
  read: { readonly live: string; readonly in: 'organization' | 'snapshot' },
): { readonly takes: readonly Grant[]; readonly gives: readonly Fact[] } | Finding => {
  const plan = madeFromIn(text) === undefined ? undefined : (JSON.parse(text) as Plan)
  if (plan === undefined)
    return unplaced(
      'not-a-plan',
      'the file is not a plan that this bridle wrote',
      'what it would do to access is written in the plan, and can be told from nothing else',
      'write it with `bridle plan --out FILE`',
    )
  if (plan.organization !== wanted.organization)
    return unplaced(
      'another-organization',
      `the plan is for organization "${plan.organization}", and the files declare "${wanted.organization}"`,
      'names that mean one thing here mean another there',
      'name the plan of the organization that the files declare',
    )
  const stale = [
    ...(plan.madeFrom.wanted === wantedDigest(wanted) ? [] : ['the files have changed']),
    ...(plan.madeFrom.live === read.live
      ? []
      : read.in === 'organization'
        ? ['the organization has changed']
        : ['the snapshot is of another state than the plan']),
    ...(plan.access === undefined && wanted.access.allow.length > 0 ? ['nothing was privileged then'] : []),
  ]
  if (stale.length > 0)
    return unplaced(
      'stale-plan',
      `the plan file is stale: ${stale.join(', ')}`,
      'what it takes and gives is told from what was there and wanted then',
      read.in === 'organization'
        ? 'run `bridle plan --out FILE` again, and ask about that'
        : 'take both again with these files, `bridle access snapshot --out FILE` and `bridle plan --out FILE`',
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
