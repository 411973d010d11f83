import * as z from 'zod'
import * as api from '../../../graphql/api.js'
import { addressOf, keyOf } from '../../model/address.js'
import { granted } from '../../model/grant.js'
import { idOf, organizationId } from '../../model/ref.js'
import { loss, outage, safe } from '../../model/risk.js'
import { call } from '../call.js'
import { defineKind } from '../kind.js'
import { restOrigin } from './origin.js'

const written = z
  .strictObject({
    description: z.string().nullable().optional(),
    emoji: z.string().nullable().optional().meta({ description: 'As in ":rocket:".' }),
    color: z.string().nullable().optional().meta({ description: 'As in "#f0ccff".' }),
    default_queue: z.string().min(1).nullable().optional().meta({
      description: 'The queue of jobs that name none; null for "such jobs fail".',
    }),
  })
  .meta({ title: 'Cluster' })

export type Cluster = z.infer<typeof written> & { readonly name: string }

/** The address of a cluster, from the name that people write. */
export const clusterAddress = (name: string) => addressOf('cluster', name)

const queueId = (cluster: string, queue: string | null) =>
  queue === null ? null : idOf(addressOf('queue', cluster, queue))

/** A border: jobs of its pipelines run on its queues and nowhere else. */
export const cluster = defineKind<Cluster, z.infer<typeof written>>({
  name: 'cluster',
  plural: 'clusters',
  provider: 'buildkite',
  place: ['clusters', '*'],
  written,
  spec: ([name = ''], written) => ({ ...written, name }),
  identity: ['name'],
  key: ({ name }) => keyOf(name),
  renames: true,
  dependencies: ({ name, default_queue }) =>
    default_queue ? [{ address: addressOf('queue', name, default_queue), field: 'default_queue' }] : [],

  source: 'GraphQL Organization.clusters',
  grants: ({ name, default_queue }) =>
    default_queue
      ? [
          granted(
            'default-queue',
            addressOf('queue', name, default_queue),
            clusterAddress(name),
            'default_queue',
          ),
        ]
      : [],
  asks: { graphql: [api.Clusters] },
  async *read(buildkite) {
    for await (const { id, uuid, name, description, emoji, color, defaultQueue } of buildkite.pages(
      api.Clusters,
      {},
    )) {
      const spec: Cluster = { name, description, emoji, color, default_queue: defaultQueue?.key ?? null }
      yield { key: keyOf(name), id, uuid, spec }
    }
  },

  origin: (buildkite, { uuid }) => restOrigin(buildkite, `clusters/${uuid}`),

  operations: {
    // The queue can't be there before its cluster is, so becoming the default is a call of its own.
    create: ({ name, description, emoji, color, default_queue }) => [
      call(api.ClusterCreate, { organizationId, name, description, emoji, color }),
      ...(default_queue == null
        ? []
        : [
            call(
              api.ClusterUpdate,
              {
                organizationId,
                id: idOf(clusterAddress(name)),
                defaultQueueId: queueId(name, default_queue),
              },
              { sets: ['default_queue'] },
            ),
          ]),
    ],
    update: ({ name, description, emoji, color, default_queue }, { id, spec }) => {
      const newName = name === undefined || name === spec.name ? undefined : name
      return [
        call(api.ClusterUpdate, {
          organizationId,
          id,
          name: newName,
          description,
          emoji,
          color,
          defaultQueueId: default_queue === undefined ? undefined : queueId(name ?? spec.name, default_queue),
        }),
      ]
    },
    remove: ({ id }) => [call(api.ClusterDelete, { organizationId, id })],
  },

  risk: (change) =>
    change.verb === 'remove'
      ? loss(`its queues and agent tokens go with it, and agents can no longer register`)
      : change.verb === 'update' && change.want.default_queue === null
        ? outage('steps that name no queue will not run')
        : change.verb === 'update' && change.want.default_queue !== undefined
          ? outage('steps that name no queue run elsewhere from now on')
          : safe,
})
