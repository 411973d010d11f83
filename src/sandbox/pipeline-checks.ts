import type { Context } from './context.js'
import { Refused } from './refused.js'
import { isAdmin } from './rights.js'
import type { Organization, Pipeline } from './rows.js'
import { isSlug, slugOf } from './slug.js'
import { get, where } from './table.js'
import { allow, textOf, there, type Changes } from './write.js'

// What a pipeline may be called and hold.

type Setting =
  | 'name'
  | 'slug'
  | 'description'
  | 'emoji'
  | 'color'
  | 'repository'
  | 'steps'
  | 'defaultBranch'
  | 'branchConfiguration'
  | 'skipIntermediateBuilds'
  | 'skipIntermediateBuildsBranchFilter'
  | 'cancelIntermediateBuilds'
  | 'cancelIntermediateBuildsBranchFilter'
  | 'allowRebuilds'
  | 'defaultTimeoutInMinutes'
  | 'maximumTimeoutInMinutes'
  | 'visibility'
  | 'tags'
  | 'cluster'
  | 'pipelineTemplate'
  | 'cloneMirrorUrl'
  | 'nextBuildNumber'

export type PipelineWanted = Changes<'pipelines', Setting> & {
  /** As REST names them; what the provider does not have is passed over. */
  readonly providerSettings?: Readonly<Record<string, unknown>> | undefined
}

export const nullable = [
  'description',
  'emoji',
  'color',
  'defaultBranch',
  'branchConfiguration',
  'skipIntermediateBuildsBranchFilter',
  'cancelIntermediateBuildsBranchFilter',
  'defaultTimeoutInMinutes',
  'maximumTimeoutInMinutes',
  'cluster',
  'pipelineTemplate',
  'cloneMirrorUrl',
] as const satisfies readonly Setting[]

const texts = [
  'description',
  'emoji',
  'color',
  'defaultBranch',
  'branchConfiguration',
  'skipIntermediateBuildsBranchFilter',
  'cancelIntermediateBuildsBranchFilter',
  'cloneMirrorUrl',
] as const satisfies readonly Setting[]

export const invalid = (field: string, code: string, value: unknown) =>
  new Refused(`${field} ${code}`, { errors: [{ field, code, value }] })

const STEPS_MISSING = 'Step configuration is missing, expected `steps: { yaml: "..." }`'
export const stepsMissing = (value: string | undefined) =>
  new Refused(STEPS_MISSING, {
    errors: [{ field: 'configuration', code: STEPS_MISSING, value: value ?? null }],
  })

/** A slug that is nobody else's: the one that was chosen, or the one that the name makes. */
export const slugFor = (
  context: Context,
  organization: string,
  { name, slug }: { readonly name: string; readonly slug?: string | undefined },
  self?: Pipeline,
): string => {
  if (slug !== undefined && !isSlug(slug)) throw invalid('slug', 'is invalid', slug)
  const wanted = slug ?? slugOf(name)
  if (wanted === '') throw invalid('name', 'must contain a letter or a digit', name)
  const taken = where(context.state.tables.pipelines, 'slug', wanted).some(
    (row) => row.organization === organization && row.uuid !== self?.uuid,
  )
  if (taken) throw invalid(slug === undefined ? 'name' : 'slug', 'has already been taken', slug ?? name)
  return wanted
}

const checkMirror = (text: string | null | undefined) => {
  if (!text) return
  if (!/^[a-z+]+:\/\/[^@/?#]+(\/[^?#]*)?$/.test(text) && !/^git@[^@/?#]+:[^?#]*$/.test(text))
    throw new Refused('Validation failed: Clone mirror url must not carry credentials, a query or a fragment')
}

export const checkValues = (wanted: PipelineWanted) => {
  if (wanted.name?.trim() === '') throw invalid('name', "can't be blank", wanted.name)
  if (wanted.repository?.trim() === '') throw invalid('repository', "can't be blank", wanted.repository)
  if (wanted.tags && (wanted.tags.length > 10 || wanted.tags.some((tag) => tag === '' || tag.length > 128)))
    throw invalid('tags', 'must be at most 10 labels of at most 128 characters', wanted.tags)
  for (const field of ['defaultTimeoutInMinutes', 'maximumTimeoutInMinutes'] as const)
    if ((wanted[field] ?? 1) < 1) throw invalid(field, 'must be greater than 0', wanted[field])
  checkMirror(wanted.cloneMirrorUrl)
}

/** Admins assign any template; others, those that were made available. */
export const checkTemplate = (
  context: Context,
  organization: Organization,
  uuid: string | null | undefined,
) => {
  if (!uuid) return
  const template = get(context.state.tables.templates, uuid)
  const seen = template?.organization === organization.uuid ? template : undefined
  allow(there(seen, 'Pipeline Template').available || isAdmin(context, organization.uuid))
}

export const checkPublic = (organization: Organization) => {
  if (!organization.publicPipelineCreation.enabled)
    throw invalid('visibility', 'cannot be public in this organization', 'PUBLIC')
}

/** Blank texts as this organization reads them back. */
export const withTexts = (context: Context, wanted: PipelineWanted): PipelineWanted => ({
  ...wanted,
  ...Object.fromEntries(
    texts.flatMap((field) => (field in wanted ? [[field, textOf(context, wanted[field])]] : [])),
  ),
})
