import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { defineRule } from '../rule.js'

const { edge, assumed } = edgesOf('R37', 'cluster-secrets')

/**
 * A secret without a policy on what Buildkite itself vouches for is read by every job of its cluster. What it opens is
 * its own affair, so that it opens a queue is assumed. Secrets of another cluster that open something here are part of
 * R28 (API tokens) and R48 (repositories).
 *
 * @source access model R37, §3.15
 */
export const clusterSecrets = defineRule({
  path: 'R37',
  code: 'cluster-secrets',
  title: 'secrets that every job of the cluster reads',
  decidedFrom: ['GET /clusters/{id}/secrets: policy'],
  verdicts: ['assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite'],
  *edges(facts) {
    const clusters = new Set(facts.of('secret-for-all').map(({ on }) => on))
    for (const secret of facts.of('secret-for-all'))
      yield assumed({
        from: can.runAJob(secret.on),
        to: can.by('R37', secret.on),
        says: `reads ${secret.of} in a job of theirs`,
        facts: [secret],
        at: secret.on,
      })
    for (const cluster of clusters)
      for (const queue of facts.from('has-queue', cluster))
        yield edge({
          from: can.by('R37', cluster),
          to: can.run(queue.on),
          says: 'goes on to it with what the secret opens',
          facts: [queue],
          at: cluster,
        })
  },
})
