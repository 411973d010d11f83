import { machinesOf } from './aws.js'
import type { Cluster, Outline, Pipeline } from './outline.js'
import { emailOf, stepsOf, TEMPLATE, TRUSTED } from './texts.js'

/** Files, as data, that declare all that is there, but for schedules that others have planted. Acceptances are for others to add. */
export const declarationOf = (outline: Outline): object => ({
  organization: 'acme',
  trust: { admins: [emailOf(TRUSTED)], automation: emailOf(TRUSTED) },
  settings: {
    default_cluster: outline.defaultCluster,
    hosted_agents_terminal_access: outline.hostedTerminals,
  },
  teams: mapped(outline.teams, ({ members, createsPipelines, isDefault, defaultRole }) => ({
    is_default_team: isDefault,
    default_member_role: defaultRole,
    members_can_create_pipelines: createsPipelines,
    members: Object.fromEntries(Object.entries(members).map(([name, role]) => [emailOf(name), role])),
  })),
  clusters: mapped(outline.clusters, (cluster, name) => clusterOf(outline, name, cluster)),
  pipelines: mapped(outline.pipelines, (pipeline, slug) => pipelineOf(outline, slug, pipeline)),
  rules: outline.rules.map(({ type, source, target, conditions }) => ({
    type,
    source_pipeline: source,
    target_pipeline: target,
    conditions,
  })),
})

const mapped = <A, B>(record: Readonly<Record<string, A>>, change: (one: A, key: string) => B) =>
  Object.fromEntries(Object.entries(record).map(([key, one]) => [key, change(one, key)]))

const clusterOf = (
  outline: Outline,
  name: string,
  { allow, maintainers, queues, defaultQueue, tokens }: Cluster,
) => ({
  ...(allow && { allow: { teams: allow.teams, users: allow.users.map(emailOf) } }),
  maintainers: { users: maintainers.users.map(emailOf), teams: maintainers.teams },
  queues: mapped(queues, ({ hosted }, key) => ({
    ...(hosted
      ? { hosted_agents: { instance_shape: 'LINUX_AMD64_2X4' } }
      : { agents: { hostname: [`${key}-*`] }, ...machinesOf(outline, `${name}/${key}`) }),
  })),
  default_queue: defaultQueue,
  tokens: Object.fromEntries(tokens.map((description) => [description, {}])),
})

const pipelineOf = (outline: Outline, slug: string, pipeline: Pipeline) => ({
  ...(pipeline.cluster !== null && { cluster: pipeline.cluster }),
  repository: pipeline.repository,
  ...(pipeline.template ? { pipeline_template: TEMPLATE.name } : { steps: stepsOf(outline, slug, pipeline) }),
  branch_configuration: pipeline.branches,
  allow_rebuilds: pipeline.allowRebuilds,
  visibility: pipeline.public ? 'public' : 'private',
  archived: pipeline.archived,
  provider_settings: pipeline.settings,
  teams: pipeline.teams,
  // What a file declares is nobody's plant: those that others have made are left for the analyser to find.
  schedules: mapped(
    Object.fromEntries(Object.entries(pipeline.schedules).filter(([, by]) => by === null)),
    () => ({ cronline: '@daily', branch: 'main' }),
  ),
})
