import * as z from 'zod'
import * as api from '../../../graphql/api.js'
import { addressOf } from '../../model/address.js'
import { uuidOf } from '../../model/ref.js'
import { access, outage } from '../../model/risk.js'
import { rest } from '../call.js'
import { defineKind } from '../kind.js'

const written = z
  .strictObject({
    default_cluster: z.string().min(1).nullable().optional().meta({
      description: 'The cluster where new pipelines land: a grant to everyone who may create pipelines.',
    }),
    public_pipeline_creation: z.boolean().optional().meta({
      description: 'Whether pipelines that the whole world can see may be made.',
    }),
  })
  .meta({ title: 'Organization settings' })

export type Settings = z.infer<typeof written>

/** What holds for the whole organization. REST alone has it. */
export const settings = defineKind<Settings, Settings>({
  name: 'settings',
  plural: 'settings',
  provider: 'buildkite',
  place: ['settings'],
  written,
  spec: (_names, written) => written,
  identity: [],
  key: () => 'organization',
  dependencies: ({ default_cluster }) =>
    default_cluster ? [{ address: addressOf('cluster', default_cluster), field: 'default_cluster' }] : [],

  asks: { graphql: [api.Clusters], rest: ['one'] },
  async *read(buildkite) {
    const { default_cluster_id, public_pipeline_creation } = await buildkite.rest('pipeline-settings')
    const names = new Map<unknown, string>()
    for await (const { uuid, name } of buildkite.pages(api.Clusters, {})) names.set(uuid, name)
    yield {
      key: 'organization',
      id: '',
      uuid: '',
      spec: {
        // An id that names no cluster we can see is unknown, and unknown is not "none".
        default_cluster: default_cluster_id === null ? null : names.get(default_cluster_id),
        public_pipeline_creation: enabled(public_pipeline_creation),
      },
    }
  },

  operations: {
    create: () => [], // every organization has its settings
    update: ({ default_cluster, public_pipeline_creation }) => [
      ...(default_cluster === undefined
        ? []
        : [
            rest(
              'PATCH',
              ['pipeline-settings'],
              {
                default_cluster_id:
                  default_cluster === null ? null : uuidOf(addressOf('cluster', default_cluster)),
              },
              { repeatable: true, gate: 'opens' },
            ),
          ]),
      ...(public_pipeline_creation === undefined
        ? []
        : [
            rest(
              public_pipeline_creation ? 'PUT' : 'DELETE',
              ['pipeline-settings', 'public-pipelines'],
              {},
              { repeatable: true, gate: 'opens' },
            ),
          ]),
    ],
    remove: () => [], // nor can they be taken away
  },

  risk: (change) =>
    change.verb !== 'update' || change.want.default_cluster === null
      ? outage('pipelines made without a cluster have none, and their jobs wait')
      : change.want.default_cluster !== undefined
        ? access(`whoever may create pipelines may create them in "${change.want.default_cluster}"`)
        : access('decides whether builds can be shown to the whole world'),
})

/** The sub-resources of the pipeline settings say `enabled` beside who switched it and when. */
const enabled = (switchable: unknown): boolean | undefined =>
  typeof switchable === 'object' &&
  switchable !== null &&
  'enabled' in switchable &&
  typeof switchable.enabled === 'boolean'
    ? switchable.enabled
    : undefined
