import * as z from 'zod'
import * as api from '../../../graphql/api.js'
import { addressOf } from '../../model/address.js'
import { granted, switched } from '../../model/grant.js'
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
    hosted_agents_terminal_access: z.boolean().optional().meta({
      description: 'Whether whoever may build a pipeline may open a terminal in its running hosted jobs.',
    }),
  })
  .meta({ title: 'Organization settings' })

export type Settings = z.infer<typeof written>

const organization = addressOf('organization')

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

  // Never made, so this is what an organization has of itself: files that say nothing are judged by it.
  atCreation: () => ({
    default_cluster: null,
    public_pipeline_creation: true,
    hosted_agents_terminal_access: true,
  }),
  source: 'REST GET pipeline-settings',
  grants: ({ default_cluster, hosted_agents_terminal_access }) => [
    ...(default_cluster === null
      ? []
      : default_cluster === undefined
        ? switched(
            undefined,
            'default-cluster',
            addressOf('cluster', 'unknown'),
            organization,
            'default_cluster',
          )
        : [
            granted(
              'default-cluster',
              addressOf('cluster', default_cluster),
              organization,
              'default_cluster',
            ),
          ]),
    ...switched(
      hosted_agents_terminal_access,
      'opens-terminals',
      organization,
      organization,
      'hosted_agents_terminal_access',
    ),
  ],
  asks: { graphql: [api.Clusters], rest: ['one'] },
  async *read(buildkite) {
    const { default_cluster_id, public_pipeline_creation, hosted_agents_terminal_access } =
      await buildkite.rest('pipeline-settings')
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
        hosted_agents_terminal_access: enabled(hosted_agents_terminal_access),
      },
    }
  },

  operations: {
    create: () => [], // every organization has its settings
    update: ({ default_cluster, public_pipeline_creation, hosted_agents_terminal_access }) => [
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
              { repeatable: true, gate: 'opens', sets: ['default_cluster'], free: true },
            ),
          ]),
      ...toggled('public-pipelines', 'public_pipeline_creation', public_pipeline_creation),
      ...toggled('hosted-agents-ssh', 'hosted_agents_terminal_access', hosted_agents_terminal_access),
    ],
    remove: () => [], // nor can they be taken away
  },

  risk: (change) =>
    change.verb !== 'update' || change.want.default_cluster === null
      ? outage('pipelines made without a cluster have none, and their jobs wait')
      : change.want.default_cluster !== undefined
        ? access(`whoever may create pipelines may create them in "${change.want.default_cluster}"`)
        : access(
            change.want.hosted_agents_terminal_access === undefined
              ? 'decides whether builds can be shown to the whole world'
              : 'decides who gets a terminal in running hosted jobs',
          ),
})

/** A switch of the settings is a resource: put there to be on, deleted to be off. */
const toggled = (name: string, field: keyof Settings, on: boolean | undefined) =>
  on === undefined
    ? []
    : [
        rest(
          on ? 'PUT' : 'DELETE',
          ['pipeline-settings', name],
          {},
          { repeatable: true, gate: 'opens', sets: [field], free: true },
        ),
      ]

/** The sub-resources of the pipeline settings say `enabled` beside who switched it and when. */
const enabled = (switchable: unknown): boolean | undefined =>
  typeof switchable === 'object' &&
  switchable !== null &&
  'enabled' in switchable &&
  typeof switchable.enabled === 'boolean'
    ? switchable.enabled
    : undefined
