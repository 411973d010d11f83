import type { Address } from '../../model/address.js'
import type { Fact } from '../../model/grant.js'
import { edgesOf } from '../edge.js'
import type { Facts } from '../facts.js'
import { can, outsider } from '../node.js'
import { defineRule } from '../rule.js'

const { edge } = edgesOf('R59', 'role-rewriters')

/**
 * Whoever may write who becomes a role has it: they write themselves into its trust. So has whoever may write their own
 * policies, where a trust asks for no more than these, and whoever may pass a role to a service and say what runs there.
 *
 * Every account has administrators of its own, and bridle’s own role writes every other: roles that only users, other
 * accounts or services come to are no path from Buildkite, and what those may write is told beside.
 *
 * @source AWS enforcement §8, §9
 */
export const roleRewriters = defineRule({
  path: 'R59',
  code: 'role-rewriters',
  title: 'roles that may write others',
  decidedFrom: ['Role policies', 'Role.PermissionsBoundary', 'Role.Tags', 'Role.AssumeRolePolicyDocument'],
  verdicts: ['open', 'assumed', 'closed'],
  replayable: false,
  enforcedAt: ['iam'],
  leadsTo: 'roles',
  *edges(facts) {
    const fromJobs = comesFromJobs(facts)
    for (const rewrites of facts.of('rewrites')) {
      if (!fromJobs.has(rewrites.of)) continue // the edges come with the way to it
      yield edge({
        from: can.assume(rewrites.of),
        to: can.assume(rewrites.on),
        says: clause(rewrites),
        facts: [rewrites],
        at: rewrites.of,
      })
    }
  },
})

/** The roles that jobs, machines or anybody at all come to, whether or not that is sure. */
const comesFromJobs = (facts: Facts): ReadonlySet<Address> => {
  const found = new Set<Address>([
    ...(['becomes', 'becomes-by-name', 'carries', 'for-machines'] as const).flatMap((power) =>
      facts.of(power).map(({ on }) => on),
    ),
    ...facts.of('admits').flatMap(({ of, on }) => (of === outsider ? [on] : [])),
  ])
  for (const role of found)
    // what is added on the way is come to as well
    for (const power of ['assumes', 'rewrites'] as const)
      for (const { on } of facts.from(power, role)) found.add(on)
  return found
}

const clause = ({ of, by = 'trust' }: Fact): string => {
  switch (by) {
    case 'trust':
      return `may write its trust as ${of}, and so becomes it`
    case 'itself':
      return `may write ${of} policies that its trust asks for, and so becomes it`
    default:
      return `may pass it as ${of} to ${by}, and say what runs there`
  }
}
