import { createHash } from 'node:crypto'
import { Refused } from './refused.js'
import type { Pipeline } from './rows.js'

type Setting = string | boolean | null
export type Settings = Readonly<Record<string, Setting>>

interface Provider {
  /** REST's name for it. */
  readonly id: string
  /** GraphQL's type for it, and for its settings. */
  readonly type: string
  readonly settingsType: string
  readonly name: string
  readonly defaults: Settings
}

const off = (...names: readonly string[]): Settings => Object.fromEntries(names.map((name) => [name, false]))
const on = (...names: readonly string[]): Settings => Object.fromEntries(names.map((name) => [name, true]))

const filter: Settings = { filter_enabled: false, filter_condition: null }
const builds: Settings = { ...filter, ...on('build_branches', 'build_pull_requests'), build_tags: false }

/** @source Buildkite docs, "Pipelines API": the provider settings of a new pipeline */
const bitbucket: Settings = {
  ...builds,
  ...on('publish_commit_status', 'skip_pull_request_builds_for_existing_commits'),
  ...off(
    'ignore_default_branch_pull_requests',
    'publish_commit_status_per_step',
    'pull_request_branch_filter_enabled',
    'cancel_deleted_branch_builds',
    'skip_builds_for_existing_commits',
  ),
  pull_request_branch_filter_configuration: null,
}

const enterprise: Settings = {
  ...bitbucket,
  trigger_mode: 'code',
  prefix_pull_request_fork_branch_names: true,
  issue_comment_command_word: '/bk',
  issue_comment_match_mode: 'exact',
  review_comment_command_word: '/bk',
  review_comment_match_mode: 'exact',
  ...off(
    ...[
      'forks',
      'labels_changed',
      'ready_for_review',
      'base_branch_changed',
      'merge_commits',
      'reopened',
      'edited',
      'converted_to_draft',
      'dequeued',
      'stacks',
      'review_requested',
      'review_submitted',
      'review_dismissed',
      'review_comment_created',
    ].map((event) => `build_pull_request_${event}`),
    'build_issue_comment_created',
    'build_merge_group_checks_requested',
    'cancel_when_merge_group_destroyed',
    'use_merge_group_base_commit_for_git_diff_base',
    'build_check_run_completed',
    'build_create_event',
    'build_deployment_status_created',
    'build_release_created',
    'build_release_published',
    'build_release_released',
    'publish_blocked_as_pending',
    'separate_pull_request_statuses',
    'skip_builds_for_closed_pull_requests',
    'use_step_key_as_commit_status',
    'prevent_custom_statuses_from_using_buildkite_prefix',
  ),
}

const gitlab: Settings = {
  ...builds,
  ...off('build_pull_request_merge', 'build_pull_request_base_branch_changed'),
  publish_commit_status: true,
}

const provider = (
  id: string,
  type: string,
  name: string,
  defaults: Settings,
  settingsType?: string,
): Provider => ({
  id,
  type: `RepositoryProvider${type}`,
  settingsType: `RepositoryProvider${settingsType ?? type}Settings`,
  name,
  defaults,
})

const github = provider(
  'github',
  'Github',
  'GitHub',
  { ...enterprise, github_workflow_access_tokens_enabled: false },
  'GitHub',
)
const githubEnterprise = provider(
  'github_enterprise',
  'GithubEnterprise',
  'GitHub Enterprise',
  enterprise,
  'GitHubEnterprise',
)
const unknown = provider('unknown', 'Unknown', 'Git', filter)

/** By the repository's host; the first that fits. */
const hosts: readonly (readonly [RegExp, Provider])[] = [
  [/^(ssh\.)?github\.com$/, github],
  [/github/, githubEnterprise],
  [/^bitbucket\.org$/, provider('bitbucket', 'Bitbucket', 'Bitbucket', bitbucket)],
  [/bitbucket|stash/, provider('bitbucket_server', 'BitbucketServer', 'Bitbucket Server', builds)],
  [/^gitlab\.com$/, provider('gitlab', 'Gitlab', 'GitLab', gitlab)],
  [/gitlab/, provider('gitlab_ee', 'GitlabEnterprise', 'GitLab Enterprise', gitlab, 'Gitlab')],
  [/beanstalkapp\.com$/, provider('beanstalk', 'Beanstalk', 'Beanstalk', filter)],
  [/codebasehq\.com$/, provider('codebase', 'Codebase', 'Codebase', filter)],
  [
    /(^|\.)cursor\.com$/,
    provider('cursor_origin', 'CursorOrigin', 'Cursor Origin', { ...builds, publish_commit_status: true }),
  ],
]

/** GraphQL's types of settings, and what each of them shows. Of GitLab's it shows no more than the filter. */
export const settingsTypes: ReadonlyMap<string, readonly string[]> = new Map(
  [...hosts.map(([, known]) => known), unknown].map(({ settingsType, defaults }) => [
    settingsType,
    Object.keys(defaults === gitlab ? filter : defaults),
  ]),
)

/** `git@host:path` and `scheme://user@host/path`, taken apart. */
const partsOf = (url: string) => {
  const [, host = '', path = ''] =
    /^(?:[a-z+]+:\/\/)?(?:[^@/]+@)?([^:/]+)(?::\d+(?=\/))?[:/]+(.*?)(?:\.git)?\/?$/.exec(url) ?? []
  return { host: host.toLowerCase(), path }
}

export const providerOf = ({ repository }: Pick<Pipeline, 'repository'>): Provider => {
  const { host } = partsOf(repository)
  return hosts.find(([pattern]) => pattern.test(host))?.[1] ?? unknown
}

/** One name for a repository, however it is written: `github.com/acme/web`. */
export const repositoryKey = (url: string): string => {
  const { host, path } = partsOf(url)
  return `${host.replace(/^ssh\./, '')}/${path}`.toLowerCase()
}

/** `owner/name`, which is how providers call a repository. */
export const repositoryName = ({ repository }: Pipeline): string => partsOf(repository).path

/** Whether Buildkite can make a webhook there by itself. */
export const makesWebhooks = (pipeline: Pipeline): boolean => providerOf(pipeline).id.startsWith('github')

/** All settings of a pipeline, those at their defaults too. */
export const settingsOf = (pipeline: Pick<Pipeline, 'repository' | 'providerSettings'>): Settings => ({
  ...providerOf(pipeline).defaults,
  ...pipeline.providerSettings,
})

const choices: Readonly<Record<string, readonly string[]>> = {
  trigger_mode: ['code', 'deployment', 'fork', 'none'],
  issue_comment_match_mode: ['exact', 'contains'],
  review_comment_match_mode: ['exact', 'contains'],
}

const checked = (name: string, value: unknown, standard: Setting): Setting => {
  const fits =
    typeof standard === 'boolean'
      ? typeof value === 'boolean'
      : (value === null && choices[name] === undefined) ||
        (typeof value === 'string' && (choices[name]?.includes(value) ?? true))
  if (!fits) throw new Refused(`Validation failed: Provider settings ${name} is not valid`)
  return value as Setting
}

/** The settings after an update: what the provider has no use for is passed over, what is not given stays. */
export const changedSettings = (
  pipeline: Pick<Pipeline, 'repository' | 'providerSettings'>,
  given: Readonly<Record<string, unknown>>,
): Settings => {
  const { defaults } = providerOf(pipeline)
  const kept = Object.fromEntries(
    Object.entries(pipeline.providerSettings).filter(([name]) => name in defaults),
  )
  const wanted = Object.entries(given).flatMap(([name, value]) => {
    const standard = defaults[name]
    return standard === undefined ? [] : [[name, checked(name, value, standard)] as const]
  })
  const all = Object.entries({ ...kept, ...Object.fromEntries(wanted) })
  return Object.fromEntries(all.filter(([name, value]) => value !== defaults[name]))
}

/** Whoever knows it can start builds, so only who may edit the pipeline is told. */
export const webhookUrlOf = (seed: string, { uuid, webhookRotations }: Pipeline): string => {
  const secret = createHash('sha256').update(`${seed}/webhook/${uuid}/${webhookRotations}`).digest('hex')
  return `https://webhook.buildkite.com/deliver/${secret.slice(0, 50)}`
}
