import type { Context } from '../context.js'
import { Refused } from '../refused.js'
import { buildsPipeline, runsCluster } from '../rights.js'
import type { Job } from '../rows.js'
import { pipelineSeen } from '../seen.js'
import { get } from '../table.js'
import { allow, principalOf, there } from '../write.js'
import { label } from './labels.js'
import { assign } from './running.js'

/**
 * Somebody opens a terminal in a job that runs on a hosted queue.
 *
 * @source Buildkite docs, "Terminal access": Build access to the pipeline, or running the cluster; on unless it was turned off
 */
export const openTerminal = (context: Context, uuid: string): Job => {
  const { jobs, queues, clusters, organizations } = context.state.tables
  const job = there(get(jobs, uuid), 'Job')
  const queue = get(queues, job.queue)
  const cluster = get(clusters, job.cluster)
  if (job.state !== 'RUNNING' || !queue?.hosted) throw new Refused('There is no terminal in that job')
  if (get(organizations, job.organization)?.hostedAgentsTerminalAccess.enabled !== true)
    throw new Refused('Terminal access is not enabled')
  const pipeline = pipelineSeen(context, job.pipeline)
  allow(
    (pipeline !== undefined && buildsPipeline(context, pipeline)) ||
      (cluster !== undefined && runsCluster(context, cluster)),
  )
  assign(context, job, queue, label('agent', [principalOf(context)]))
  return job
}
