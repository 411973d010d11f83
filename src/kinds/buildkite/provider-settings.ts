import * as z from 'zod'

/**
 * What starts builds, and what is told to the Git host: the keys of REST's `provider_settings`, for every provider.
 * Which of them a provider has, Buildkite says when they are sent.
 *
 * @source API reference §4.11, "Provider settings"
 */
const switches = [
  'build_branches',
  'build_check_run_completed',
  'build_create_event',
  'build_deployment_status_created',
  'build_issue_comment_created',
  'build_merge_group_checks_requested',
  'build_pull_request_base_branch_changed',
  'build_pull_request_converted_to_draft',
  'build_pull_request_dequeued',
  'build_pull_request_edited',
  'build_pull_request_forks',
  'build_pull_request_labels_changed',
  'build_pull_request_merge',
  'build_pull_request_merge_commits',
  'build_pull_request_ready_for_review',
  'build_pull_request_reopened',
  'build_pull_request_review_comment_created',
  'build_pull_request_review_dismissed',
  'build_pull_request_review_requested',
  'build_pull_request_review_submitted',
  'build_pull_request_stacks',
  'build_pull_requests',
  'build_release_created',
  'build_release_published',
  'build_release_released',
  'build_tags',
  'cancel_deleted_branch_builds',
  'cancel_when_merge_group_destroyed',
  'filter_enabled',
  'github_workflow_access_tokens_enabled',
  'ignore_default_branch_pull_requests',
  'prefix_pull_request_fork_branch_names',
  'prevent_custom_statuses_from_using_buildkite_prefix',
  'publish_blocked_as_pending',
  'publish_commit_status',
  'publish_commit_status_per_step',
  'pull_request_branch_filter_enabled',
  'separate_pull_request_statuses',
  'skip_builds_for_closed_pull_requests',
  'skip_builds_for_existing_commits',
  'skip_pull_request_builds_for_existing_commits',
  'use_merge_group_base_commit_for_git_diff_base',
  'use_step_key_as_commit_status',
] as const

const texts = [
  'filter_condition',
  'issue_comment_command_word',
  'pull_request_branch_filter_configuration',
  'review_comment_command_word',
] as const

const shapeOf = <Key extends string, Value extends z.ZodType>(keys: readonly Key[], value: Value) =>
  Object.fromEntries(keys.map((key) => [key, value.optional()])) as unknown as Record<
    Key,
    z.ZodOptional<Value>
  >

const match = z.enum(['exact', 'contains'])

export const providerSettings = z
  .strictObject({
    ...shapeOf(switches, z.boolean()),
    ...shapeOf(texts, z.string().nullable()),
    trigger_mode: z.enum(['code', 'deployment', 'fork', 'none']).optional(),
    issue_comment_match_mode: match.optional(),
    review_comment_match_mode: match.optional(),
  })
  .meta({ title: 'What starts builds', description: 'Only the keys that are written are changed.' })

export type ProviderSettings = z.infer<typeof providerSettings>

/** Nothing from outside the repository starts a build: what a new pipeline gets where nothing is written. */
export const leastProviderSettings = {
  build_pull_requests: false,
  build_pull_request_forks: false,
} as const satisfies ProviderSettings

/** The keys that bridle knows and the API has sent, as they are; what it does not know stays as it is over there. */
export const readProviderSettings = (provider: unknown): ProviderSettings | undefined => {
  if (typeof provider !== 'object' || provider === null || !('settings' in provider)) return undefined
  const { settings } = provider
  if (typeof settings !== 'object' || settings === null) return undefined
  const known = Object.entries(settings).filter(([key]) => key in providerSettings.shape)
  return Object.fromEntries(known)
}

/** Switches of builds that are on, and that bridle has no word for: what they start, nobody can tell. */
export const readUnknownStarts = (provider: unknown): readonly string[] => {
  if (typeof provider !== 'object' || provider === null || !('settings' in provider)) return []
  const { settings } = provider
  if (typeof settings !== 'object' || settings === null) return []
  return Object.entries(settings)
    .filter(([key, is]) => is === true && key.startsWith('build_') && !(key in providerSettings.shape))
    .map(([key]) => key)
    .sort()
}

/** What Buildkite takes the Git host for: `github`, `gitlab`, `unknown`. Null where it does not say. */
export const readProvider = (provider: unknown): string | null =>
  typeof provider === 'object' && provider !== null && 'id' in provider && typeof provider.id === 'string'
    ? provider.id
    : null
