import * as api from '../../../graphql/api.js'
import type { Reader } from '../../../graphql/operation.js'
import type { Call } from '../../model/call.js'
import { call } from '../call.js'

/** A pipeline that is there: what the API calls it, to start a build of it, and where its jobs go. */
export interface PipelineThere {
  readonly id: string
  readonly uuid: string
  readonly cluster: { readonly uuid: string; readonly name: string } | null
}

/** The pipeline of a slug; nothing where there is none. */
export const readPipelineNamed = async (
  buildkite: Reader,
  slug: string,
): Promise<PipelineThere | undefined> => {
  const { pipeline } = await buildkite.ask(api.PipelineNamed, { slug: `${buildkite.organization}/${slug}` })
  return pipeline ?? undefined
}

/** Starts a build of a pipeline, of whatever commit is the newest: nothing of it is meant to run. */
export const startOf = (
  pipelineID: string,
  { branch, message }: { readonly branch: string; readonly message: string },
): Call => call(api.BuildCreate, { pipelineID, branch, commit: 'HEAD', message })

/** What became of one job of a canary. */
export interface CanaryJob {
  readonly uuid: string
  readonly state: string
  readonly exitStatus: string | null
  readonly signalReason: string | null
  readonly agentQueryRules: readonly string[]
  /** The uuid of its queue. */
  readonly queue: string | null
  readonly agent: string | null
}

/** What became of a build that was started to be refused, and what its page says. */
export interface CanaryBuild {
  readonly url: string
  readonly jobs: readonly CanaryJob[]
  /** By context: each as HTML, or as text where there is none. */
  readonly annotations: readonly { readonly context: string; readonly body: string }[]
}

const nodesOf = <Node>(
  connection: { readonly edges: readonly ({ readonly node: Node | null } | null)[] | null } | null,
): NonNullable<Node>[] => (connection?.edges ?? []).flatMap((edge) => edge?.node ?? [])

/** What became of a build; nothing where it is not to be seen. */
export const readCanaryBuild = async (buildkite: Reader, uuid: string): Promise<CanaryBuild | undefined> => {
  const { build } = await buildkite.ask(api.CanaryBuild, { uuid })
  if (build == null) return undefined
  return {
    url: build.url,
    jobs: nodesOf(build.jobs).flatMap((job) =>
      'agentQueryRules' in job
        ? [
            {
              uuid: job.uuid,
              state: job.state,
              exitStatus: job.exitStatus,
              signalReason: job.signalReason,
              agentQueryRules: job.agentQueryRules ?? [],
              queue: job.clusterQueue?.uuid ?? null,
              agent: job.agent?.name ?? null,
            },
          ]
        : [],
    ),
    annotations: nodesOf(build.annotations).map(({ context, body }) => ({
      context,
      body: body === null ? '' : body.html === null || body.html === '' ? body.text : body.html,
    })),
  }
}
