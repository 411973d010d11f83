import type { Address } from '../model/address.js'
import type { Finding } from '../model/finding.js'
import type { Made } from '../model/call.js'
import type { Budget, Plan } from '../model/plan.js'
import type { Wanted } from '../model/wanted.js'
import { liveDigest, wantedDigest } from './digest.js'
import { diff } from './diff.js'
import { guards, type Consent } from './guards.js'
import { order } from './order.js'
import type { Survey } from './survey.js'

/** A plan, what stands in its way, and what the API calls the things that it names. */
export interface Making {
  readonly plan: Plan
  readonly findings: readonly Finding[]
  readonly known: ReadonlyMap<Address, Made>
}

/** What reading cost, and how to tell what calls will. */
export interface Prices {
  readonly reading: Budget
  applying(plan: Pick<Plan, 'steps'>): Budget
}

/** Wanted − live = plan: a pure function of the files, of what is there, and of what a person consented to. */
export const makePlan = (wanted: Wanted, survey: Survey, consent: Consent, prices: Prices): Making => {
  const difference = diff(wanted, survey)
  const steps = order(difference.differences)
  const { organization } = survey
  const plan: Plan = {
    format: 'bridle.plan/1',
    organization: organization.slug,
    madeFrom: { wanted: wantedDigest(wanted), live: liveDigest(survey) },
    changes: difference.differences.map(({ planned }) => planned),
    steps,
    undeclared: difference.undeclared,
    budget: { reading: prices.reading, applying: prices.applying({ steps }) },
  }
  const known = new Map<Address, Made>([['organization:', { id: organization.id, uuid: organization.uuid }]])
  for (const [address, { id, uuid, slug }] of difference.present)
    known.set(address, { id, uuid, ...(slug === undefined ? {} : { slug }) })
  return { plan, findings: [...difference.findings, ...guards(wanted, survey, difference, consent)], known }
}
