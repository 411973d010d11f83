import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { defineRule } from '../rule.js'

const { edge } = edgesOf('R57', 'chained-roles')

/**
 * What a role may become belongs to everybody who has the role. They pick the session name, the tags and the ExternalId
 * themselves, so none of these keeps anybody away.
 *
 * @source AWS enforcement §5
 */
export const chainedRoles = defineRule({
  path: 'R57',
  code: 'chained-roles',
  title: 'roles that become others',
  decidedFrom: ['Role.AssumeRolePolicyDocument', 'Role policies', 'Role.PermissionsBoundary'],
  verdicts: ['open', 'assumed', 'closed'],
  replayable: true,
  enforcedAt: ['iam'],
  leadsTo: 'roles',
  *edges(facts) {
    for (const assumes of facts.of('assumes'))
      yield edge({
        from: can.assume(assumes.of),
        to: can.assume(assumes.on),
        says: `may become it as ${assumes.of}`,
        facts: [assumes],
        at: assumes.on,
      })
  },
})
