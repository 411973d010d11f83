import * as z from 'zod'
import * as api from '../../../graphql/api.js'
import type { Reader } from '../../../graphql/operation.js'
import type { Call, CallValue } from '../../model/call.js'
import { addressOf } from '../../model/address.js'
import { idOf, slugOf, uuidOf } from '../../model/ref.js'
import { access, outage, safe } from '../../model/risk.js'
import { call, rest } from '../call.js'
import { defineKind } from '../kind.js'
import { clusterAddress } from './cluster.js'
import { derivedSlug } from './slug.js'
import { leastProviderSettings, providerSettings } from './provider-settings.js'
import { safeProfile } from './safe-profile.js'
import { readDetails, type Details } from './pipeline-details.js'
import { pipelineGrants } from './pipeline-grants.js'

const minutes = z.int().positive().nullable().optional()
const filter = z.string().nullable().optional()

const written = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'What people see; the slug stays as it is declared.' }),
    description: z.string().nullable().optional(),
    emoji: z.string().nullable().optional(),
    color: z.string().nullable().optional(),
    cluster: z.string().min(1).optional().meta({ description: 'Whose queues its jobs can run on.' }),
    repository: z.string().min(1).optional(),
    steps: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'The steps, as the YAML text that Buildkite keeps.' }),
    steps_file: z.string().min(1).optional().meta({ description: 'A file whose text is the steps.' }),
    pipeline_template: z.string().min(1).nullable().optional().meta({
      description: 'The name of the template whose steps it has. It can have no steps of its own then.',
    }),
    default_branch: z.string().optional(),
    branch_configuration: filter,
    skip_queued_branch_builds: z.boolean().optional(),
    skip_queued_branch_builds_filter: filter,
    cancel_running_branch_builds: z.boolean().optional(),
    cancel_running_branch_builds_filter: filter,
    allow_rebuilds: z.boolean().optional(),
    default_command_step_timeout: minutes.meta({ description: 'In minutes.' }),
    maximum_command_step_timeout: minutes.meta({ description: 'In minutes.' }),
    visibility: z.enum(['private', 'public']).optional(),
    tags: z.array(z.string().min(1).max(128)).max(10).optional(),
    clone_mirror_url: z.string().nullable().optional(),
    next_build_number: z.int().positive().optional().meta({ description: 'At least; it can only grow.' }),
    archived: z.boolean().optional(),
    provider_settings: providerSettings.optional(),
  })
  .meta({ title: 'Pipeline' })

type Written = z.infer<typeof written>
export type Pipeline = Omit<Written, 'steps_file' | 'cluster'> & {
  /** Its text is in `steps`. */
  readonly steps_file?: undefined
  readonly slug: string
  /** Null for a pipeline from before there were clusters. */
  readonly cluster?: string | null | undefined
  /** Read, and never written: what Buildkite takes the Git host for. Null where it did not say. */
  readonly provider?: string | null | undefined
  /** Read, and never written: switches of builds that are on, and that bridle has no word for. */
  readonly unknown_starts?: readonly string[] | undefined
  /** Read, and never written: when it was made, as ISO says it. */
  readonly created_at?: string | null | undefined
  /** Read, and never written: the email of whoever made it. */
  readonly created_by?: string | null | undefined
}

/** The address of a pipeline, from the slug that people write. */
const pipelineAddress = (slug: string) => addressOf('pipeline', slug)

/** What Buildkite's own form begins with: the steps are in the repository. */
const uploadSteps =
  'steps:\n  - label: ":pipeline: Pipeline Upload"\n    command: buildkite-agent pipeline upload\n'

const visibility = { private: 'PRIVATE', public: 'PUBLIC' } as const

/** The fields of `pipelineUpdate` beside its cluster, but for the repository. Left out, each stays as it is. */
const settings = (want: Partial<Pipeline>) => ({
  description: want.description,
  emoji: want.emoji,
  color: want.color,
  cluster: want.cluster == null ? want.cluster : idOf(clusterAddress(want.cluster)),
  steps: want.steps === undefined ? undefined : { yaml: want.steps },
  pipelineTemplateId:
    want.pipeline_template == null
      ? want.pipeline_template
      : idOf(addressOf('pipeline-template', want.pipeline_template)),
  defaultBranch: want.default_branch,
  branchConfiguration: want.branch_configuration,
  skipIntermediateBuilds: want.skip_queued_branch_builds,
  skipIntermediateBuildsBranchFilter: want.skip_queued_branch_builds_filter,
  cancelIntermediateBuilds: want.cancel_running_branch_builds,
  cancelIntermediateBuildsBranchFilter: want.cancel_running_branch_builds_filter,
  defaultTimeoutInMinutes: want.default_command_step_timeout,
  maximumTimeoutInMinutes: want.maximum_command_step_timeout,
  visibility: want.visibility === undefined ? undefined : visibility[want.visibility],
  tags: want.tags?.map((label) => ({ label })),
  cloneMirrorUrl: want.clone_mirror_url,
  nextBuildNumber: want.next_build_number,
})

/**
 * The only tag of a pipeline that is still being made: creation sets it, and the call that gives the pipeline what only
 * REST can write takes it off. Whoever finds it knows that the least access of a new pipeline was never set.
 */
const unfinishedTag = 'bridle-unfinished'
const isUnfinished = (spec: Pipeline) => spec.tags?.includes(unfinishedTag) === true

/**
 * What REST alone can write, with the repository (another Git host begins with switches of its own, so they are said in
 * the same breath) and the name: Buildkite makes a new slug from every name that it is sent, unless the slug
 * comes with it in the same breath, which only REST can say. A name and its slug are never two calls, because whoever
 * stopped between them would find the pipeline under another slug the next time.
 *
 * @source API reference §6.1
 */
const patch = (
  slug: string,
  want: Partial<Pipeline>,
  {
    repository,
    renamed = false,
    finishing = false,
    ...order
  }: {
    readonly repository?: string | undefined
    readonly renamed?: boolean
    readonly finishing?: boolean
    readonly sets: readonly string[]
    readonly free?: boolean
  },
): Call[] => {
  const body: Record<string, CallValue> = {
    ...(want.name !== undefined && { name: want.name }),
    ...((renamed || want.name !== undefined) && { slug }),
    ...(repository !== undefined && { repository }),
    ...(want.provider_settings && { provider_settings: { ...want.provider_settings } }),
    ...(finishing && { tags: want.tags ?? [] }),
  }
  if (Object.keys(body).length === 0) return []
  return [rest('PATCH', ['pipelines', slugOf(pipelineAddress(slug))], body, { repeatable: true, ...order })]
}

/**
 * A whole pipeline in one breath: only REST takes what starts builds along with the rest, so that a new pipeline is never
 * there without it. (That POST heeds `provider_settings` is what its page says; should it not, the PATCH after it does.)
 *
 * @source Buildkite docs, "Pipelines API", create a pipeline
 */
const made = (want: Pipeline): Record<string, CallValue | undefined> => ({
  name: want.slug,
  repository: want.repository ?? '',
  cluster_id: want.cluster == null ? want.cluster : uuidOf(clusterAddress(want.cluster)),
  configuration: want.pipeline_template == null ? want.steps : undefined,
  pipeline_template_uuid:
    want.pipeline_template == null
      ? undefined
      : uuidOf(addressOf('pipeline-template', want.pipeline_template)),
  description: want.description ?? undefined,
  emoji: want.emoji ?? undefined,
  color: want.color ?? undefined,
  default_branch: want.default_branch,
  branch_configuration: want.branch_configuration ?? undefined,
  skip_queued_branch_builds: want.skip_queued_branch_builds,
  skip_queued_branch_builds_filter: want.skip_queued_branch_builds_filter ?? undefined,
  cancel_running_branch_builds: want.cancel_running_branch_builds,
  cancel_running_branch_builds_filter: want.cancel_running_branch_builds_filter ?? undefined,
  allow_rebuilds: want.allow_rebuilds ?? true,
  default_command_step_timeout: want.default_command_step_timeout ?? undefined,
  maximum_command_step_timeout: want.maximum_command_step_timeout ?? undefined,
  visibility: want.visibility,
  clone_mirror_url: want.clone_mirror_url ?? undefined,
  tags: [unfinishedTag],
  ...(want.provider_settings && { provider_settings: { ...want.provider_settings } }),
})

/** Another Git host begins with its own switches, so those that let strangers in are said again with the repository. */
const keptClosed = (want: Partial<Pipeline>, have: Pipeline): Partial<Pipeline> =>
  want.repository === undefined
    ? want
    : {
        ...want,
        provider_settings: {
          ...(have.provider_settings?.build_branches === false && { build_branches: false }), // on at first
          build_pull_requests: have.provider_settings?.build_pull_requests ?? false,
          build_pull_request_forks: have.provider_settings?.build_pull_request_forks ?? false,
          ...want.provider_settings,
        },
      }

/** What runs: steps from a repository, started by the Git host, by people, by schedules, on one cluster's queues. */
export const pipeline = defineKind<Pipeline, Written>({
  name: 'pipeline',
  plural: 'pipelines',
  provider: 'buildkite',
  place: ['pipelines', '*'],
  written,
  spec: ([slug = ''], written) => ({ ...written, steps_file: undefined, slug }),
  identity: ['slug'],
  key: ({ slug }) => slug,
  renames: true,
  defaultsFrom: { field: 'cluster', place: ['clusters', '*', 'pipeline_defaults'] },
  files: { steps_file: 'steps' },
  requires: ['repository'],
  atCreation: ({ pipeline_template }) => ({
    ...(pipeline_template == null && { steps: uploadSteps }),
    tags: [],
    visibility: 'private',
    allow_rebuilds: true, // Buildkite's own default, said aloud; a rebuild gives nobody more than a build does
    provider_settings: leastProviderSettings,
  }),
  whenPrivileged: ({ repository }) => safeProfile(typeof repository === 'string' ? repository : undefined),
  dependencies: ({ cluster, pipeline_template }) => [
    ...(cluster ? [{ address: clusterAddress(cluster), field: 'cluster' as const }] : []),
    ...(pipeline_template
      ? [{ address: addressOf('pipeline-template', pipeline_template), field: 'pipeline_template' as const }]
      : []),
  ],
  check: ({ slug, steps, pipeline_template, tags }) => [
    ...(tags?.includes(unfinishedTag) === true
      ? [
          {
            field: 'tags' as const,
            what: `the tag "${unfinishedTag}" is bridle’s own`,
            why: 'a pipeline carries it while it is being made, and is taken for unfinished as long as it does',
            fix: 'call the tag something else',
          },
        ]
      : []),
    ...(/^[a-z0-9][a-z0-9-]{0,99}$/i.test(slug)
      ? []
      : [
          {
            field: 'slug' as const,
            what: `"${slug}" can't be the slug of a pipeline`,
            why: 'slugs are letters, digits and hyphens, at most 100, and begin with no hyphen',
            fix: `call it "${
              slug
                .replace(/[^A-Za-z0-9]+/g, '-')
                .replace(/^-+|-+$/g, '')
                .slice(0, 100) || 'pipeline'
            }"`,
          },
        ]),
    ...(steps !== undefined && pipeline_template != null
      ? [
          {
            field: 'steps' as const,
            what: `pipeline "${slug}" has both steps and a template`,
            why: 'a template’s steps replace the pipeline’s own, so these would never run',
            fix: 'take out one of the two',
          },
        ]
      : []),
  ],
  cannotCreate: ({ slug }) =>
    derivedSlug(slug) === slug
      ? []
      : [
          {
            field: 'slug',
            what: `a new pipeline can't have the slug "${slug}" from the start`,
            why: 'it is made under a name from which Buildkite makes the slug; given its own only afterwards, it would be lost to the next plan if anything went wrong in between',
            fix: `call it "${derivedSlug(slug)}", or make the pipeline in Buildkite and declare it then`,
          },
        ],
  cannot: (differ, { spec }, want) => [
    ...(spec.archived === true && want.archived === undefined && Object.keys(differ).length > 0
      ? [
          {
            code: 'stays-archived' as const,
            field: 'slug' as const,
            what: `pipeline "${want.slug}" is archived, and nothing says whether it should be`,
            why: 'an archived pipeline takes no changes, and one that was only brought back for them might stay',
            fix: 'write `archived: true` or `archived: false`',
          },
        ]
      : []),
    ...(differ.steps !== undefined && spec.pipeline_template != null && want.pipeline_template === undefined
      ? [
          {
            field: 'steps' as const,
            what: `pipeline "${want.slug}" has its steps from the template "${spec.pipeline_template}"`,
            why: 'Buildkite refuses steps of its own while it has a template',
            fix: 'write `pipeline_template: null` beside the steps, or take the steps out',
          },
        ]
      : []),
    ...(differ.allow_rebuilds === undefined &&
    spec.allow_rebuilds === undefined &&
    Object.keys(differ).length > 0
      ? [
          {
            code: 'unreadable-field' as const,
            field: 'allow_rebuilds' as const,
            what: `whether pipeline "${want.slug}" allows rebuilds could not be read, and every change has to say it`,
            why: 'whatever were sent instead might be what somebody changed on purpose',
            fix: 'write `allow_rebuilds`',
          },
        ]
      : []),
    ...(differ.repository !== undefined && spec.provider_settings === undefined
      ? [
          {
            code: 'unreadable-field' as const,
            field: 'repository' as const,
            what: `what starts builds of pipeline "${want.slug}" could not be read, and goes along with a new repository`,
            why: 'another Git host begins with its own switches, and what they were before could not be kept',
            fix: 'run `bridle doctor`: REST’s list of pipelines says it, and needs `read_pipelines`',
          },
        ]
      : []),
    ...(differ.repository !== undefined || spec.provider_settings === undefined
      ? []
      : Object.keys(differ.provider_settings ?? {})
          .filter((key) => !(key in (spec.provider_settings ?? {})))
          .map((key) => ({
            code: 'not-offered' as const,
            field: 'provider_settings' as const,
            what: `the Git host of pipeline "${want.slug}" has no \`${key}\``,
            why: 'Buildkite offers other switches for each Git host, and leaves out what this one does not have',
            fix: `take \`${key}\` out for this pipeline`,
          }))),
  ],
  unfinished: ({ spec }) => isUnfinished(spec),
  // Whether one may be public, and where one lands that names no cluster, is for the settings to say first.
  waitsFor: ({ visibility, cluster }) =>
    visibility === 'public' || cluster === undefined ? [addressOf('settings', 'organization')] : [],
  merged: ['provider_settings'],
  diff: {
    tags: (want, have) => have !== undefined && [...want].sort().join('\n') === [...have].sort().join('\n'),
    next_build_number: (want, have) => have !== undefined && have >= want,
  },
  volatile: ['next_build_number'],
  retired: ({ spec }) => spec.archived === true,

  source: 'REST GET pipelines',
  grants: pipelineGrants,
  asks: { graphql: [api.Pipelines, api.Clusters], rest: ['pipelines'] },
  async *read(buildkite: Reader) {
    const details = await readDetails(buildkite)
    for await (const row of buildkite.pages(api.Pipelines, {})) {
      const detail: Details = details.get(row.uuid) ?? {}
      const spec: Pipeline = {
        slug: row.slug,
        name: row.name,
        description: row.description,
        emoji: row.emoji,
        color: row.color,
        default_branch: row.defaultBranch ?? '',
        branch_configuration: row.branchConfiguration,
        skip_queued_branch_builds: row.skipIntermediateBuilds,
        skip_queued_branch_builds_filter: row.skipIntermediateBuildsBranchFilter,
        cancel_running_branch_builds: row.cancelIntermediateBuilds,
        cancel_running_branch_builds_filter: row.cancelIntermediateBuildsBranchFilter,
        allow_rebuilds: row.allowRebuilds ?? undefined,
        default_command_step_timeout: row.defaultTimeoutInMinutes,
        maximum_command_step_timeout: row.maximumTimeoutInMinutes,
        visibility: ({ PRIVATE: 'private', PUBLIC: 'public' } as const)[row.visibility],
        clone_mirror_url: row.cloneMirrorUrl,
        next_build_number: row.nextBuildNumber,
        archived: row.archived,
        provider: null,
        created_at: row.createdAt,
        ...detail,
      }
      yield { key: row.slug, id: row.id, uuid: row.uuid, slug: row.slug, spec }
    }
  },

  operations: {
    // Made under its slug for a name, so that it is found under it whatever happens next.
    create: (want) => [
      rest('POST', ['pipelines'], made(want), { repeatable: false }),
      ...patch(want.slug, want, { finishing: true, sets: [] }),
      ...(want.next_build_number === undefined
        ? []
        : [
            call(
              api.PipelineUpdate,
              {
                id: idOf(pipelineAddress(want.slug)),
                nextBuildNumber: want.next_build_number,
                allowRebuilds: want.allow_rebuilds ?? true,
              },
              { sets: ['next_build_number'] },
            ),
          ]),
      ...(want.archived === true ? [archive(want.slug)] : []),
    ],
    // Archived pipelines take no updates: unarchive, change, archive again.
    update: (want, { id, spec }) => {
      const slug = want.slug ?? spec.slug
      const finishing = isUnfinished(spec)
      const allowRebuilds = want.allow_rebuilds ?? spec.allow_rebuilds ?? false // comes back on where it is left out
      const { cluster, ...others } = settings(finishing ? { ...want, tags: undefined } : want)
      const said = want.allow_rebuilds === undefined ? [] : ['allow_rebuilds']
      const update = (fields: object, sets: readonly string[]): Call[] =>
        Object.values(fields).every((field) => field === undefined)
          ? []
          : [
              call(
                api.PipelineUpdate,
                { id, ...fields, allowRebuilds },
                { sets: [...sets, ...said], free: true },
              ),
            ]
      const elsewhere = new Set([
        'slug',
        'name',
        'cluster',
        'repository',
        'provider_settings',
        'archived',
        'allow_rebuilds',
      ])
      const own = Object.keys(want).filter((field) => !elsewhere.has(field))
      const isMoved = want.cluster !== undefined
      const rewritten = { ...others, ...(said.length > 0 && !isMoved && { allowRebuilds }) }
      const changes: Call[] = [
        ...update(rewritten, own),
        ...patch(slug, keptClosed(want, spec), {
          repository: want.repository,
          renamed: slug !== spec.slug,
          finishing,
          sets: ['slug', 'name', 'repository', 'provider_settings', ...(finishing ? ['tags'] : [])],
          free: true,
        }),
        // A move is a call of its own: what it lets in can be closed before it, what it shuts out opened after it.
        ...(isMoved ? update({ clusterId: cluster }, ['cluster']) : []),
      ]
      const wasArchived = spec.archived === true
      const staysArchived = want.archived ?? wasArchived
      return [
        ...(wasArchived && (changes.length > 0 || !staysArchived)
          ? [call(api.PipelineUnarchive, { id }, { gate: 'opens', sets: [], passing: { archived: false } })]
          : []),
        ...changes,
        ...(staysArchived && (!wasArchived || changes.length > 0) ? [archive(slug)] : []),
      ]
    },
    // A deleted pipeline takes its builds and logs along; an archived one keeps them and runs nothing.
    remove: ({ id, spec }, outOf) => [
      ...(outOf === undefined
        ? []
        : [
            call(api.PipelineUpdate, {
              id,
              clusterId: outOf.to === null ? null : idOf(clusterAddress(outOf.to)),
              allowRebuilds: spec.allow_rebuilds ?? false,
            }),
          ]),
      archive(spec.slug),
    ],
  },
  left: (spec, outOf) => ({ ...spec, archived: true, ...(outOf !== undefined && { cluster: outOf.to }) }),

  risk: (change) => {
    if (change.verb === 'remove') return outage('it is archived: nothing starts builds of it any more')
    const { want } = change
    if (want.archived === true) return outage('nothing starts builds of it any more')
    if (want.archived === false && change.verb === 'update')
      return access('builds of it can be started again')
    if (want.visibility === 'public') return access('the whole world can read its builds')
    if (change.verb === 'create') return safe
    if (want.cluster !== undefined)
      return access(`its jobs run on the queues of "${want.cluster ?? ''}" from now on`)
    if (want.repository !== undefined || want.steps !== undefined || want.pipeline_template !== undefined)
      return access('what it runs changes')
    if (want.provider_settings !== undefined || want.branch_configuration !== undefined)
      return access('what starts builds of it changes')
    return safe
  },
})

const archive = (slug: string) =>
  call(api.PipelineArchive, { id: idOf(pipelineAddress(slug)) }, { gate: 'closes', sets: ['archived'] })
