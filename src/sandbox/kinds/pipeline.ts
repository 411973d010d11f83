import { organizationSeen, type Context } from '../context.js'
import { readId, uuidIn } from '../ids.js'
import { fields, type SandboxKind } from '../kind.js'
import { edgeOf, finds, inOrder, listed, pageOf } from '../order.js'
import type { PageArguments } from '../pages.js'
import type { PipelineWanted } from '../pipeline-checks.js'
import {
  archivePipeline,
  createPipeline,
  deletePipeline,
  unarchivePipeline,
  updatePipeline,
} from '../pipelines.js'
import {
  makesWebhooks,
  providerOf,
  settingsOf,
  settingsTypes,
  webhookUrlOf,
  type Settings,
} from '../provider.js'
import { Refused } from '../refused.js'
import { buildsPipeline, deletesPipeline, editsPipeline, permission, seesPipeline } from '../rights.js'
import { webOf } from '../route.js'
import type { Grant, Member, Organization, Pipeline } from '../rows.js'
import {
  clusterById,
  clusterSeen,
  ofCreator,
  ofOrganization,
  organizationById,
  organizationOf,
  pipelineById,
  pipelineBySlug,
  pipelineSeen,
  teamBySlug,
  userOf,
} from '../seen.js'
import { get, where } from '../table.js'
import { allow, change, make, remove } from '../write.js'

const favoriteOf = ({ state, viewer }: Context, pipeline: string) =>
  where(state.tables.favorites, 'pipeline', pipeline).find(({ user }) => user === viewer.user.uuid)

interface PipelinesArguments extends PageArguments {
  readonly order?: string
  readonly archived?: boolean | null
  readonly cluster?: string | null
  readonly clustered?: boolean | null
  readonly createdAtFrom?: string | null
  readonly createdAtTo?: string | null
  readonly favorite?: boolean | null
  readonly repository?: { readonly url: string } | null
  readonly search?: string | null
  readonly tags?: readonly string[] | null
  readonly team?: string | null
}

const inTeam = (context: Context, pipeline: Pipeline, selector: string) => {
  const team = teamBySlug(context, pipeline.organization, selector.replace(/^!/, ''))
  const given =
    team !== undefined &&
    where(context.state.tables.grants, 'pipeline', pipeline.uuid).some((grant) => grant.team === team.uuid)
  return given !== selector.startsWith('!')
}

const matches = (context: Context, row: Pipeline, args: PipelinesArguments) => {
  const clustered = row.cluster !== null
  return (
    (args.archived == null || args.archived === (row.archivedAt !== null)) &&
    (!args.cluster || row.cluster === (readId(args.cluster)?.uuid ?? args.cluster)) &&
    (args.clustered !== false || !clustered) &&
    (args.clustered !== true || clustered || !context.switches.clusteredHidesUnclustered) &&
    (!args.createdAtFrom || row.createdAt >= args.createdAtFrom) &&
    (!args.createdAtTo || row.createdAt <= args.createdAtTo) &&
    (args.favorite == null || args.favorite === (favoriteOf(context, row.uuid) !== undefined)) &&
    (!args.repository || row.repository === args.repository.url) &&
    finds(args.search, row.name, row.slug, row.description) &&
    (!args.tags || args.tags.every((tag) => row.tags.includes(tag))) &&
    (!args.team || inTeam(context, row, args.team))
  )
}

const orderedPipelines = (context: Context, organization: string, args: PipelinesArguments) => {
  const rows = where(context.state.tables.pipelines, 'organization', organization).filter(
    (row) => seesPipeline(context, row) && matches(context, row, args),
  )
  const ordered = inOrder(rows, args.order, ({ name }) => name)
  if (args.order !== 'NAME_WITH_FAVORITES_FIRST') return ordered
  const favorite = (row: Pipeline) => favoriteOf(context, row.uuid) !== undefined
  return [...ordered.filter(favorite), ...ordered.filter((row) => !favorite(row))]
}

const pipelinesOf = (
  { uuid }: Organization,
  { first, last, after, before, ...filters }: PipelinesArguments,
  context: Context,
) => {
  const name = `pipelines ${JSON.stringify(filters)}`
  const rows = listed(context, name, () => orderedPipelines(context, uuid, filters))
  return pageOf(context, rows, { first, last, after, before })
}

/** What somebody else can reach, as far as the viewer sees it. */
const pipelinesOfMember = (
  { organization, user }: Member,
  args: PageArguments & { readonly order?: string; readonly search?: string | null },
  context: Context,
) => {
  const them = userOf(context, user)
  const asThem = { ...context, viewer: { ...context.viewer, user: them ?? context.viewer.user } }
  const rows = where(context.state.tables.pipelines, 'organization', organization).filter(
    (row) => seesPipeline(asThem, row) && seesPipeline(context, row) && finds(args.search, row.name),
  )
  const ordered = inOrder(rows, args.order, ({ name }) => name)
  return pageOf(
    context,
    ordered.map((pipeline) => ({ uuid: pipeline.uuid, pipeline })),
    args,
  )
}

/** The repository, and through it the settings that only REST can write. */
const repositoryOf = (pipeline: Pipeline, _args: unknown, context: Context) => {
  const { type, name } = providerOf(pipeline)
  const webhookUrl = editsPipeline(context, pipeline) ? webhookUrlOf(context.state.seed, pipeline) : null
  const provider = {
    __typename: type,
    name,
    url: pipeline.repository,
    webhookUrl,
    settings: () => settingsOf(pipeline),
  }
  const webhook = pipeline.webhook && {
    __typename: `${type}Webhook`,
    externalId: pipeline.webhook,
    provider,
    url: webhookUrl ?? '',
  }
  return { url: pipeline.repository, provider: { ...provider, webhook } }
}

const camel = (snake: string) => snake.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

/** Each setting under GraphQL's name for it; a match mode is an enum there. */
const settingsFields = (names: readonly string[]) =>
  fields<Settings>({
    ...Object.fromEntries(
      names.map((name) => [
        camel(name),
        (settings: Settings) =>
          name.endsWith('_match_mode') ? String(settings[name]).toUpperCase() : (settings[name] ?? null),
      ]),
    ),
    ...(names.includes('build_pull_request_forks') ? { githubWebhooksDisabled: () => false } : {}),
  })

interface Input {
  readonly repository?: { readonly url: string } | null
  readonly steps?: { readonly yaml: string } | null
  readonly tags?: readonly { readonly label: string }[] | null
  readonly clusterId?: string | null
  readonly pipelineTemplateId?: string | null
}

type Plain = Omit<PipelineWanted, 'repository' | 'steps' | 'tags' | 'cluster' | 'pipelineTemplate'>

const wantedIn = (
  context: Context,
  { repository, steps, tags, clusterId, pipelineTemplateId, ...plain }: Input & Plain,
): PipelineWanted => ({
  ...plain,
  repository: repository?.url,
  steps: steps?.yaml,
  tags: tags?.map(({ label }) => label),
  cluster: clusterId && clusterById(context, clusterId).uuid,
  pipelineTemplate:
    pipelineTemplateId && (uuidIn('PipelineTemplate', pipelineTemplateId) ?? pipelineTemplateId),
})

const permissionsOf = (pipeline: Pipeline, _args: unknown, context: Context) => {
  const edits = permission(editsPipeline(context, pipeline))
  return {
    buildCreate: permission(buildsPipeline(context, pipeline)),
    pipelineDelete: permission(deletesPipeline(context, pipeline)),
    pipelineFavorite: permission(true),
    pipelineScheduleCreate: edits,
    pipelineUpdate: edits,
  }
}

const effectiveSteps = (context: Context, { pipelineTemplate, steps }: Pipeline): string =>
  get(context.state.tables.templates, pipelineTemplate)?.configuration ?? steps

const webhookOf = (context: Context, pipeline: Pipeline) =>
  repositoryOf(pipeline, null, context).provider.webhook

/** Code that runs on a cluster's agents, and what decides which. */
export const pipeline: SandboxKind = {
  types: {
    Query: fields({
      pipeline: (
        _root,
        { slug, uuid }: { readonly slug?: string | null; readonly uuid?: string | null },
        context,
      ) => {
        if (uuid) return pipelineSeen(context, uuid) ?? null
        const [organization = '', name = ''] = (slug ?? '').split('/')
        const seen = organizationSeen(context, (row) => row.slug === organization)
        return (seen && pipelineBySlug(context, seen.uuid, name)) ?? null
      },
    }),
    Organization: fields<Organization>({ pipelines: pipelinesOf }),
    OrganizationMember: fields<Member>({ pipelines: pipelinesOfMember }),
    Pipeline: fields<Pipeline>({
      organization: ofOrganization,
      createdBy: ofCreator,
      archived: ({ archivedAt }) => archivedAt !== null,
      archivedBy: ({ archivedBy }, _args, context) => userOf(context, archivedBy),
      badgeURL: ({ uuid }) => `https://badge.buildkite.com/${uuid.replaceAll('-', '')}.svg`,
      cluster: (row, _args, context) => clusterSeen(context, row.cluster) ?? null,
      commitShortLength: () => 10,
      favorite: ({ uuid }, _args, context) => favoriteOf(context, uuid) !== undefined,
      permissions: permissionsOf,
      pipelineTemplate: ({ pipelineTemplate }, _args, { state }) =>
        get(state.tables.templates, pipelineTemplate) ?? null,
      public: ({ visibility }) => visibility === 'PUBLIC',
      repository: repositoryOf,
      steps: (row, _args, context) => ({ yaml: effectiveSteps(context, row) }),
      tags: ({ tags }) => tags.map((label) => ({ label })),
      url: (row, _args, context) => `${webOf(organizationOf(context, row))}/${row.slug}`,
      webhookURL: (row, _args, context) =>
        editsPipeline(context, row) ? webhookUrlOf(context.state.seed, row) : null,
    }),
    ...Object.fromEntries([...settingsTypes].map(([type, names]) => [type, settingsFields(names)])),
  },
  nodes: { Pipeline: pipelineSeen },
  mutations: {
    pipelineCreate: (
      {
        organizationId,
        teams,
        ...input
      }: Input &
        Plain & {
          readonly organizationId: string
          readonly name: string
          readonly repository: { readonly url: string }
          readonly teams?:
            readonly { readonly id: string; readonly accessLevel: Grant['accessLevel'] }[] | null
        },
      context,
    ) => {
      const organization = organizationById(context, organizationId)
      const wanted = { ...wantedIn(context, input), name: input.name, repository: input.repository.url }
      const named = (teams ?? []).map(({ id, accessLevel }) => ({
        team: uuidIn('Team', id) ?? '',
        accessLevel,
      }))
      const row = createPipeline(context, organization, wanted, named)
      return {
        pipeline: row,
        pipelineEdge: edgeOf(row),
        organization,
        cluster: clusterSeen(context, row.cluster) ?? null,
        pipelineTemplate: get(context.state.tables.templates, row.pipelineTemplate) ?? null,
      }
    },
    pipelineUpdate: (
      { id, archived, ...input }: Input & Plain & { readonly id: string; readonly archived?: boolean | null },
      context,
    ) => {
      const row = pipelineById(context, id)
      const open = archived === false && row.archivedAt !== null ? unarchivePipeline(context, row) : row
      const updated = updatePipeline(context, open, wantedIn(context, input))
      return { pipeline: archived === true ? archivePipeline(context, updated) : updated }
    },
    pipelineArchive: ({ id }: { readonly id: string }, context) => ({
      pipeline: archivePipeline(context, pipelineById(context, id)),
    }),
    pipelineUnarchive: ({ id }: { readonly id: string }, context) => ({
      pipeline: unarchivePipeline(context, pipelineById(context, id)),
    }),
    pipelineDelete: ({ id }: { readonly id: string }, context) => {
      const row = pipelineById(context, id)
      deletePipeline(context, row)
      return { deletedPipelineID: id, organization: organizationOf(context, row) }
    },
    pipelineFavorite: ({ id, favorite }: { readonly id: string; readonly favorite: boolean }, context) => {
      const row = pipelineById(context, id)
      const have = favoriteOf(context, row.uuid)
      if (favorite && !have)
        make(context, 'favorites', {
          organization: row.organization,
          user: context.viewer.user.uuid,
          pipeline: row.uuid,
        })
      if (!favorite && have) remove(context, 'favorites', have)
      return { pipeline: row }
    },
    pipelineRotateWebhookURL: ({ id }: { readonly id: string }, context) => {
      const row = pipelineById(context, id)
      allow(editsPipeline(context, row))
      const webhookRotations = row.webhookRotations + 1
      const event = 'PIPELINE_WEBHOOK_URL_ROTATED'
      return { pipeline: change(context, 'pipelines', row, { webhookRotations }, { event }) }
    },
    pipelineCreateWebhook: ({ id }: { readonly id: string }, context) => {
      const row = pipelineById(context, id)
      allow(editsPipeline(context, row))
      if (!makesWebhooks(row))
        throw new Refused(
          'Auto-creating webhooks is only supported for GitHub and GitHub Enterprise repositories',
        )
      const made = change(context, 'pipelines', row, { webhook: String(row.serial) })
      return { pipeline: made, pipelineID: id, webhook: webhookOf(context, made) }
    },
    pipelineDeleteWebhook: ({ id }: { readonly id: string }, context) => {
      const row = pipelineById(context, id)
      allow(editsPipeline(context, row))
      if (row.webhook === null) throw new Refused('No Webhook found', { status: 404 })
      return {
        pipeline: change(context, 'pipelines', row, { webhook: null }),
        deletedWebhookExternalId: row.webhook,
      }
    },
  },
}
