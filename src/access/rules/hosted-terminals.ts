import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { groundsToRun } from '../places.js'
import { defineRule } from '../rule.js'
import { organization } from './out-of-sight.js'

const { edge } = edgesOf('R38', 'hosted-terminals')

/**
 * On hosted queues Build on a pipeline is enough to type commands into a running job of it; maintainers of the cluster
 * need not even that. An archived pipeline starts no jobs; one that it had may still run.
 *
 * @source access model R38, §2.11
 */
export const hostedTerminals = defineRule({
  path: 'R38',
  code: 'hosted-terminals',
  title: 'terminals into hosted jobs',
  decidedFrom: ['GET /pipeline-settings: hosted_agents_terminal_access', 'ClusterQueue.hosted'],
  verdicts: ['open', 'assumed', 'closed'],
  replayable: false,
  enforcedAt: ['buildkite'],
  *edges(facts) {
    const switches = facts.of('opens-terminals')
    if (switches.length === 0) return // nothing to open: the edges come with the fact
    const clusters = new Set<`${string}:${string}`>()
    for (const hosted of facts.of('hosted'))
      for (const queue of facts.on('has-queue', hosted.on)) {
        clusters.add(queue.of)
        for (const opens of switches)
          yield edge({
            from: can.by('R38', queue.of),
            to: can.run(queue.on),
            says: 'opens a terminal into a job that runs there',
            facts: [opens, hosted, queue],
            at: opens.sure ? queue.on : organization,
          })
      }
    for (const cluster of clusters) {
      yield edge({
        from: can.maintain(cluster),
        to: can.by('R38', cluster),
        says: 'may open terminals into every job of the cluster',
        at: cluster,
      })
      for (const inCluster of facts.on('runs-in', cluster))
        for (const grounds of groundsToRun(facts, inCluster.of))
          yield edge({
            from: can.build(inCluster.of),
            to: can.by('R38', cluster),
            says: 'may open terminals into its jobs',
            facts: [inCluster, ...grounds],
            at: inCluster.of,
          })
    }
  },
})
