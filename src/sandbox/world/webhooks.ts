import { repositoryKey, settingsOf } from '../provider.js'
import { buildsPipeline } from '../rights.js'
import type { Build, Pipeline, User } from '../rows.js'
import { all, first } from '../table.js'
import { startBuild } from './builds.js'
import { holds } from './condition.js'
import { label, labelsIn, union, type World } from './labels.js'
import { asMember } from './viewer.js'

/** What can happen to a pull request. Each is built or not by a setting of its own, but the first two. */
export const pullActions = {
  opened: undefined,
  synchronized: undefined,
  reopened: 'build_pull_request_reopened',
  edited: 'build_pull_request_edited',
  labeled: 'build_pull_request_labels_changed',
  ready_for_review: 'build_pull_request_ready_for_review',
  base_changed: 'build_pull_request_base_branch_changed',
  merge_commit: 'build_pull_request_merge_commits',
  converted_to_draft: 'build_pull_request_converted_to_draft',
  dequeued: 'build_pull_request_dequeued',
  review_requested: 'build_pull_request_review_requested',
  review_submitted: 'build_pull_request_review_submitted',
  review_dismissed: 'build_pull_request_review_dismissed',
} as const

export type PullAction = keyof typeof pullActions

/** Events that have a setting, and nothing else to them. */
export const plainEvents = {
  branch_created: 'build_create_event',
  merge_group: 'build_merge_group_checks_requested',
  release_created: 'build_release_created',
  release_published: 'build_release_published',
  release_released: 'build_release_released',
  check_run: 'build_check_run_completed',
  deployment_status: 'build_deployment_status_created',
} as const

export type PlainEvent = keyof typeof plainEvents

/** What a repository host tells Buildkite about. */
export type Delivery = {
  readonly branch: string
  /** Full, or `HEAD`. */
  readonly commit: string
  readonly message?: string | null | undefined
  /** Whom the commit says it is of: anybody can write anything there. */
  readonly author?: string | undefined
} & (
  | { readonly kind: 'push' | 'tag' | 'deployment' | PlainEvent }
  | { readonly kind: 'pull'; readonly action: PullAction; readonly pull: Pull }
  | {
      readonly kind: 'issue_comment' | 'review_comment'
      readonly text: string
      /** Absent for an issue that is no pull request. */
      readonly pull?: Pull | undefined
      /** Whether the host says that the comment is of an owner, member or collaborator. */
      readonly isCollaborator: boolean
    }
)

type Pull = NonNullable<Build['pullRequest']>

const patternOf = (text: string) =>
  new RegExp(`^${text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`)

/** `main release/* !release/old`: some name must fit, and none of the others. Blank: every branch. */
export const fitsBranch = (filter: string | null, branch: string): boolean => {
  const patterns = (filter ?? '').split(/\s+/).filter(Boolean)
  const negative = patterns.filter((one) => one.startsWith('!')).map((one) => one.slice(1))
  const positive = patterns.filter((one) => !one.startsWith('!'))
  const fits = (one: string) => patternOf(one).test(branch)
  return !negative.some(fits) && (positive.length === 0 || positive.some(fits))
}

const text = (value: unknown) => (typeof value === 'string' ? value : null)

const commented = (
  world: World,
  pipeline: Pipeline,
  delivery: Extract<Delivery, { readonly isCollaborator: boolean }>,
  by: string,
): boolean => {
  const settings = settingsOf(pipeline)
  const [flag, name] =
    delivery.kind === 'issue_comment'
      ? (['build_issue_comment_created', 'issue_comment'] as const)
      : (['build_pull_request_review_comment_created', 'review_comment'] as const)
  if (settings[flag] !== true) return false
  const word = text(settings[`${name}_command_word`]) ?? ''
  const said = delivery.text.trim()
  if (settings[`${name}_match_mode`] === 'contains' ? !said.includes(word) : said !== word) return false
  if (
    delivery.pull?.fork &&
    !world.switches.commentsBuildForks &&
    settings['build_pull_request_forks'] !== true
  )
    return false
  const linked = asMember(world, pipeline.organization, by)
  return delivery.isCollaborator || (linked !== undefined && buildsPipeline(linked, pipeline))
}

/** What a build would be, as the provider's filter condition sees it. */
const lookupIn = (pipeline: Pipeline, delivery: Delivery) => (name: string) => {
  const pull = 'pull' in delivery ? delivery.pull : undefined
  switch (name) {
    case 'build.branch':
      return delivery.branch
    case 'build.commit':
      return delivery.commit
    case 'build.message':
      return delivery.message ?? null
    case 'build.source':
      return 'webhook'
    case 'build.tag':
      return delivery.kind === 'tag' ? delivery.branch : null
    case 'build.pull_request.id':
      return pull?.id ?? null
    case 'build.pull_request.base_branch':
      return pull?.base ?? null
    case 'build.pull_request.repository.fork':
      return pull?.fork ?? null
    case 'pipeline.slug':
      return pipeline.slug
    case 'pipeline.default_branch':
      return pipeline.defaultBranch
    default:
      return undefined
  }
}

const wanted = (world: World, pipeline: Pipeline, delivery: Delivery, by: string): boolean => {
  const settings = settingsOf(pipeline)
  const is = (name: string) => settings[name] === true
  const isFork = 'pull' in delivery && delivery.pull?.fork === true
  const mode = settings['trigger_mode'] ?? 'code'
  if (mode === 'none') return false
  if (mode === 'deployment') return delivery.kind === 'deployment'
  if (mode === 'fork') return delivery.kind === 'pull' && isFork
  switch (delivery.kind) {
    case 'push':
      // A host that Buildkite knows nothing about has no such setting, and posts whatever is pushed.
      return settings['build_branches'] !== false && fitsBranch(pipeline.branchConfiguration, delivery.branch)
    case 'tag':
      return is('build_tags')
    case 'deployment':
      return false
    case 'pull': {
      const flag = pullActions[delivery.action]
      return (
        is('build_pull_requests') &&
        (!isFork || is('build_pull_request_forks')) &&
        (flag === undefined || is(flag)) &&
        (!is('pull_request_branch_filter_enabled') ||
          fitsBranch(text(settings['pull_request_branch_filter_configuration']), delivery.branch))
      )
    }
    case 'issue_comment':
    case 'review_comment':
      return commented(world, pipeline, delivery, by)
    case 'branch_created':
    case 'merge_group':
    case 'release_created':
    case 'release_published':
    case 'release_released':
    case 'check_run':
    case 'deployment_status':
      return is(plainEvents[delivery.kind])
  }
}

/** Whether a pipeline's settings let an event start a build. Nobody's permission is asked. @source Buildkite docs, "GitHub" */
const isWanted = (world: World, pipeline: Pipeline, delivery: Delivery, by: string): boolean => {
  if (pipeline.archivedAt !== null || !wanted(world, pipeline, delivery, by)) return false
  const settings = settingsOf(pipeline)
  return (
    settings['filter_enabled'] !== true ||
    holds(text(settings['filter_condition']) ?? 'true', lookupIn(pipeline, delivery))
  )
}

/** A fork's `main` may be called what ours is called, unless its owner's name is put before it. */
const branchIn = (pipeline: Pipeline, delivery: Delivery, owner: string): string => {
  const isFork = 'pull' in delivery && delivery.pull?.fork === true
  return isFork && settingsOf(pipeline)['prefix_pull_request_fork_branch_names'] !== false
    ? `${owner}:${delivery.branch}`
    : delivery.branch
}

/** Whose build it is said to be: of whom the commit names, if that is somebody's address. */
const creatorOf = (
  world: World,
  delivery: Delivery,
): Pick<Build, 'author'> & { readonly creator: string | null } => {
  const isFork = 'pull' in delivery && delivery.pull?.fork === true
  const { forkCreator, pushCreator } = world.switches
  const { author } = delivery
  if (author === undefined || (isFork ? forkCreator : pushCreator) === 'nobody')
    return { creator: null, author: null }
  const user: User | undefined = first(world.state.tables.users, 'email', author)
  return user
    ? { creator: user.uuid, author: null }
    : { creator: null, author: { name: author.split('@')[0] ?? author, email: author } }
}

const decisive = ['providerSettings', 'branchConfiguration', 'defaultBranch'] as const

/** Starts a build of a pipeline, if its settings want one. */
export const deliver = (
  world: World,
  pipeline: Pipeline,
  delivery: Delivery,
  by: string,
  owner = by,
): Build | undefined => {
  if (!isWanted(world, pipeline, delivery, by)) return undefined
  const pull = 'pull' in delivery ? delivery.pull : undefined
  return startBuild(world, pipeline, {
    branch: branchIn(pipeline, delivery, owner),
    commit: delivery.commit,
    message: delivery.message ?? null,
    env: [],
    source: 'webhook',
    pullRequest: pull ?? null,
    tag: delivery.kind === 'tag' ? delivery.branch : null,
    ...creatorOf(world, delivery),
    labels: union(label('start', [by]), labelsIn(world, 'pipelines', pipeline.uuid, ...decisive)),
  })
}

/** A repository host tells every pipeline of a repository. */
export const announce = (
  world: World,
  repository: string,
  delivery: Delivery,
  by: string,
  owner = by,
): Build[] =>
  all(world.state.tables.pipelines)
    .filter((pipeline) => repositoryKey(pipeline.repository) === repository)
    .flatMap((pipeline) => deliver(world, pipeline, delivery, by, owner) ?? [])
