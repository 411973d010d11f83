import { listed } from '../../findings.js'
import { pipelinesOf } from '../declared.js'
import { atRole, defineRoleRule } from '../rule.js'

/** Only those that are named: where the pipeline is left open, another rule says so. */
export const mixedTrust = defineRoleRule({
  code: 'role-mixed-trust',
  title: 'is shared by pipelines of a privileged cluster and of others',
  field: 'trust',
  over: 'all',
  check: (role, { world, names }) => {
    const privileged = new Set(
      world.clusters.filter(({ isPrivileged }) => isPrivileged).map(({ address }) => address),
    )
    const named = pipelinesOf(role, names)
    const [inside, outside] = [true, false].map((is) =>
      named.filter(
        ({ cluster }) => cluster !== undefined && (cluster !== null && privileged.has(cluster)) === is,
      ),
    )
    return inside === undefined || outside === undefined || inside.length === 0 || outside.length === 0
      ? []
      : [
          atRole(role, {
            words: `is had by ${listed(inside.map(({ address }) => address))}, which ${inside.length === 1 ? 'is' : 'are'} privileged, and by ${listed(outside.map(({ address }) => address))}, which ${outside.length === 1 ? 'is' : 'are'} not`,
            facts: named.map(({ address, cluster }) => `${address} in ${cluster ?? 'no cluster'}`),
          }),
        ]
  },
})
