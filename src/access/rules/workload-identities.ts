import { edgesOf } from '../edge.js'
import { can, holderOf } from '../node.js'
import { defineRule } from '../rule.js'
import { organization } from './out-of-sight.js'

const { edge, assumed } = edgesOf('R31', 'workload-identities')

const exchanged = can.by('R31', organization)

/**
 * A workload identity lets somebody’s OIDC tokens write to the pipelines that it names, or build them. It can make none.
 * bridle does not read them yet, so there may be one for every pipeline.
 *
 * @source access model R31, §1.9
 */
export const workloadIdentities = defineRule({
  path: 'R31',
  code: 'workload-identities',
  title: 'tokens exchanged for tokens of workloads',
  decidedFrom: [],
  verdicts: ['assumed'],
  replayable: false,
  enforcedAt: ['buildkite', 'trust'],
  *edges(facts) {
    yield assumed({
      from: holderOf('workload-identity'),
      to: exchanged,
      says: 'runs a workload whose tokens are exchanged for one that may write',
      at: organization,
    })
    for (const inCluster of facts.of('runs-in'))
      yield edge({
        from: exchanged,
        to: can.code(inCluster.of),
        says: 'changes the pipeline or builds it, should the identity name it',
        facts: [inCluster],
        at: inCluster.of,
      })
  },
})
