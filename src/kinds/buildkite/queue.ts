import * as z from 'zod'
import * as api from '../../../graphql/api.js'
import { addressOf, keyOf } from '../../model/address.js'
import { granted, switched } from '../../model/grant.js'
import { idOf, organizationId, type Ref } from '../../model/ref.js'
import { outage, safe } from '../../model/risk.js'
import { call } from '../call.js'
import { defineKind } from '../kind.js'
import { clusterAddress } from './cluster.js'
import { instanceShapes, macosVersions, platformOf } from './hosted.js'
import { restOrigin } from './origin.js'

const written = z
  .strictObject({
    description: z.string().nullable().optional(),
    paused: z.string().nullable().optional().meta({
      description: 'Why dispatch is stopped; null asks for it to run.',
    }),
    retry_agent_affinity: z.enum(['prefer-warmest', 'prefer-different']).optional().meta({
      description: 'Whether a retried job goes to the agent that finished last, or to another one.',
    }),
    hosted_agents: z
      .strictObject({
        instance_shape: z.enum(instanceShapes),
        platform_settings: z
          .strictObject({
            linux: z.strictObject({ agent_image_ref: z.string().optional() }).optional(),
            macos: z
              .strictObject({
                macos_version: z.enum(macosVersions).optional(),
                xcode_version: z.string().optional(),
              })
              .optional(),
          })
          .optional(),
      })
      .nullable()
      .optional()
      .meta({
        description:
          'Machines that Buildkite runs; none for agents of your own. Fixed when the queue is made.',
      }),
  })
  .meta({ title: 'Queue' })

type Written = z.infer<typeof written>
type HostedAgents = NonNullable<Written['hosted_agents']>
export type Queue = Written & {
  readonly cluster: string
  readonly key: string
  /** Read where `hosted_agents` is not: Buildkite runs its machines, of a shape that bridle does not know. */
  readonly hosted?: true
}

const address = (q: Pick<Queue, 'cluster' | 'key'>) => addressOf('queue', q.cluster, q.key)
const isPaused = (q: Partial<Queue>) => typeof q.paused === 'string'

/** Pausing is a verb of its own in the API, so it is a call of its own here. A paused queue can't be paused again. */
const dispatch = (id: string | Ref, was: Queue['paused'], want: Queue['paused']) => {
  if (want === undefined || want === was) return []
  const resume =
    typeof was === 'string' ? [call(api.QueueResume, { id }, { sets: [], passing: { paused: null } })] : []
  return want === null ? resume : [...resume, call(api.QueuePause, { id, note: want }, { sets: ['paused'] })]
}

/** Sent whole: an image change without the current shape is refused. */
const hostedAgents = (hosted: HostedAgents | null | undefined) => {
  if (!hosted) return undefined
  const { linux, macos } = hosted.platform_settings ?? {}
  const platformSettings = {
    ...(linux?.agent_image_ref === undefined ? {} : { linux: { agentImageRef: linux.agent_image_ref } }),
    ...(macos === undefined
      ? {}
      : { macos: { macosVersion: macos.macos_version, xcodeVersion: macos.xcode_version } }),
  }
  return {
    instanceShape: hosted.instance_shape,
    ...(Object.keys(platformSettings).length > 0 ? { platformSettings } : {}),
  }
}

/** The label on a job that decides which agents may run it. */
export const queue = defineKind<Queue, Written>({
  name: 'queue',
  plural: 'queues',
  provider: 'buildkite',
  place: ['clusters', '*', 'queues', '*'],
  written,
  spec: ([cluster = '', key = ''], written) => ({ ...written, cluster, key }),
  identity: ['cluster', 'key'],
  key: ({ cluster, key }) => keyOf(cluster, key),
  dependencies: ({ cluster }) => [{ address: clusterAddress(cluster), field: 'cluster' }],
  check: ({ key }) =>
    /^[A-Za-z0-9_-]{1,100}$/.test(key)
      ? []
      : [
          {
            field: 'key',
            what: `"${key}" can't be the key of a queue`,
            why: 'agents name their queue by it in a tag, so Buildkite takes letters, digits, hyphens and underscores, at most 100',
            fix: `call it "${key.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 100) || 'default'}"`,
          },
        ],
  diff: {
    paused: (want, have) => want === have, // paused without a note is "", running is null
    hosted_agents: (want, have) =>
      want === null
        ? have === null
        : want.instance_shape === have?.instance_shape &&
          same(want.platform_settings?.linux, have.platform_settings?.linux) &&
          same(want.platform_settings?.macos, have.platform_settings?.macos),
  },
  cannot: ({ hosted_agents: want }, { spec: { hosted_agents: have, cluster, key } }) => {
    if (want === undefined || have === undefined) return []
    const from = have === null ? 'agents of your own' : platformOf(have.instance_shape)
    const to = want === null ? 'agents of your own' : platformOf(want.instance_shape)
    if (from === to) return []
    return [
      {
        field: 'hosted_agents',
        what: `queue "${cluster}/${key}" runs on ${from} and can't be made to run on ${to}`,
        why: 'what a queue runs on is fixed when it is made; only the size of a hosted machine can change, and bridle replaces nothing silently',
        fix: 'declare a queue with another key, move the steps to it, then take this one out',
      },
    ]
  },

  atCreation: () => ({ hosted_agents: null, paused: null }), // what Buildkite makes where nothing is said
  source: 'GraphQL Organization.clusters.queues',
  grants: (spec) => [
    granted('has-queue', clusterAddress(spec.cluster), address(spec), 'key'),
    ...switched(
      spec.hosted_agents === undefined ? spec.hosted : spec.hosted_agents !== null,
      'hosted',
      address(spec),
      address(spec),
      'hosted_agents',
    ),
    ...switched(
      spec.paused === undefined ? undefined : spec.paused === null,
      'dispatches',
      address(spec),
      address(spec),
      'paused',
    ),
    ...(spec.paused?.startsWith('bridle:') === true
      ? [granted('contained', address(spec), address(spec), 'paused')]
      : []),
  ],
  asks: { graphql: [api.Clusters] },
  async *read(buildkite) {
    for await (const cluster of buildkite.pages(api.Clusters, {})) {
      const queues = buildkite.more(cluster.queues, api.ClusterQueues, { cluster: cluster.uuid })
      for await (const queue of queues) {
        const hosted = readHosted(queue.hosted, queue.hostedAgents)
        const spec: Queue = {
          cluster: cluster.name,
          key: queue.key,
          description: queue.description,
          paused: queue.dispatchPaused ? (queue.dispatchPausedNote ?? '') : null,
          retry_agent_affinity:
            queue.retryAgentAffinity === 'prefer-warmest' || queue.retryAgentAffinity === 'prefer-different'
              ? queue.retryAgentAffinity
              : undefined,
          hosted_agents: hosted,
          ...(hosted === undefined ? { hosted: true as const } : {}),
        }
        yield { key: keyOf(spec.cluster, spec.key), id: queue.id, uuid: queue.uuid, spec }
      }
    }
  },

  async origin(buildkite, { uuid, spec }) {
    for await (const cluster of buildkite.pages(api.Clusters, {}))
      if (cluster.name === spec.cluster)
        return restOrigin(buildkite, `clusters/${cluster.uuid}/queues/${uuid}`)
    return {}
  },

  operations: {
    create: (want) => [
      call(api.QueueCreate, {
        organizationId,
        clusterId: idOf(clusterAddress(want.cluster)), // the cluster may not exist yet: a Ref, filled in by apply
        key: want.key,
        description: want.description,
        retryAgentAffinity: want.retry_agent_affinity,
        hostedAgents: hostedAgents(want.hosted_agents),
      }),
      ...dispatch(idOf(address(want)), null, want.paused),
    ],
    update: ({ description, retry_agent_affinity, hosted_agents, paused }, { id, spec }) => {
      const settings = {
        description,
        retryAgentAffinity: retry_agent_affinity,
        hostedAgents: hostedAgents(hosted_agents),
      }
      const changed = Object.values(settings).some((value) => value !== undefined)
      return [
        ...(changed ? [call(api.QueueUpdate, { organizationId, id, ...settings })] : []),
        ...dispatch(id, spec.paused, paused),
      ]
    },
    remove: ({ id }) => [call(api.QueueDelete, { organizationId, id })],
  },

  risk: (change) =>
    change.verb === 'remove'
      ? outage(`jobs with queue=${change.have.spec.key} will wait for ever`)
      : isPaused(change.want)
        ? change.verb === 'update' && isPaused(change.have.spec)
          ? outage('it is resumed and paused again, and what waits may start in between')
          : outage('jobs wait until it is resumed')
        : safe,
})

/** Only what is wanted is compared: an image or a version that nobody wrote is left alone. */
const same = (want: object | undefined, have: object | undefined) =>
  Object.entries(want ?? {}).every(
    ([key, value]) =>
      value === undefined || value === Object.entries(have ?? {}).find(([k]) => k === key)?.[1],
  )

/** A shape that bridle does not know is unknown, which is neither "hosted like that" nor "not hosted": it is hosted, somehow. */
const readHosted = (
  hosted: boolean,
  agents: {
    readonly instanceShape: { readonly name: string | null } | null
    readonly platformSettings: {
      readonly linux: { readonly agentImageRef: string | null } | null
      readonly macos: { readonly macosVersion: string | null; readonly xcodeVersion: string | null } | null
    } | null
  } | null,
): HostedAgents | null | undefined => {
  if (!hosted) return null
  const shape = instanceShapes.find((name) => name === agents?.instanceShape?.name)
  if (shape === undefined) return undefined
  const image = agents?.platformSettings?.linux?.agentImageRef
  const macos = agents?.platformSettings?.macos
  const version = macosVersions.find((name) => name === macos?.macosVersion)
  return {
    instance_shape: shape,
    platform_settings: {
      ...(image == null ? {} : { linux: { agent_image_ref: image } }),
      ...(macos == null
        ? {}
        : {
            macos: {
              ...(version === undefined ? {} : { macos_version: version }),
              ...(macos.xcodeVersion === null ? {} : { xcode_version: macos.xcodeVersion }),
            },
          }),
    },
  }
}
