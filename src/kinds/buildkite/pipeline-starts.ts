import { hostOf } from './repository.js'
import type { ProviderSettings } from './provider-settings.js'

/** What the Git host can tell of that starts a build: the words that access facts use. */
export type GitEvent =
  | 'push'
  | 'tag'
  | 'create'
  | 'pull-request'
  | 'fork'
  | 'comment'
  | 'review'
  | 'label'
  | 'release'
  | 'check-run'
  | 'deployment'
  | 'merge-group'

/** True or false as it is set; undefined where nobody can tell. */
type Tells = boolean | undefined

/** What of a pipeline says which builds start by themselves. */
export interface Starting {
  readonly repository?: string | undefined
  readonly branch_configuration?: string | null | undefined
  readonly provider_settings?: ProviderSettings | undefined
  /**
   * What Buildkite takes its Git host for: null is unreadable. Undefined is not read at all, but written in a file: then
   * the host's name says it, or nobody can.
   */
  readonly provider?: string | null | undefined
}

type Switch = keyof ProviderSettings

/** What every other Git host that has switches has, of those that start builds. */
const few: readonly Switch[] = ['build_branches', 'build_tags', 'build_pull_requests']

/** The switches that each provider has, of those that start builds. GitHub Enterprise has GitHub's. */
const switchesOf: Readonly<Record<string, readonly Switch[] | 'all'>> = {
  github: 'all',
  github_enterprise: 'all',
  gitlab: few,
  gitlab_ce: few,
  gitlab_ee: few,
  gitlab_community: few,
  gitlab_enterprise: few,
  bitbucket: few,
  bitbucket_server: few,
  stash: few,
}

const wellKnown: Readonly<Record<string, string>> = {
  'github.com': 'github',
  'gitlab.com': 'gitlab',
  'bitbucket.org': 'bitbucket',
}

/** What a switch is in a new pipeline, where nothing is written. @source API reference §4.11 */
const onAtFirst: ReadonlySet<Switch> = new Set<Switch>(['build_branches', 'build_pull_requests'])

/** The provider by its host's name and by what Buildkite says: where the two disagree, nobody knows. */
const providerOf = ({ repository, provider }: Starting): string | undefined => {
  const named = wellKnown[hostOf(repository ?? '')]
  const told = provider?.toLowerCase().replaceAll('-', '_')
  if (named === undefined) return told
  return told === undefined || told === named ? named : undefined
}

const all = (...tells: readonly Tells[]): Tells =>
  tells.includes(false) ? false : tells.includes(undefined) ? undefined : true
const any = (...tells: readonly Tells[]): Tells =>
  tells.includes(true) ? true : tells.includes(undefined) ? undefined : false

/**
 * Whether a switch is on.
 *
 * @returns a function of the switch, and of what holds on Git hosts that have no such switch
 */
const switches = (starting: Starting) => {
  const { provider_settings: settings, provider } = starting
  return (key: Switch, without: Tells): Tells => {
    if (settings === undefined) return undefined
    const has = switchesOf[providerOf(starting) ?? '']
    const isThere = has === 'all' || has?.includes(key)
    const value = settings[key]
    const told = typeof value === 'boolean' ? value : undefined
    if (isThere === false) return provider === undefined || value === undefined ? without : told
    // Of a host that nobody knows, a file can say nothing: Buildkite leaves out what it has no switch for.
    if (provider !== undefined) return told
    return isThere === true ? (value === undefined ? onAtFirst.has(key) : told) : undefined
  }
}

/** Only GitHub asks what kind of thing starts builds at all. */
const modeOf = (starting: Starting): ProviderSettings['trigger_mode'] => {
  const { provider_settings: settings, provider } = starting
  if (settings === undefined) return undefined
  const has = switchesOf[providerOf(starting) ?? '']
  const isTold = provider !== undefined || has === 'all'
  if (isTold && settings.trigger_mode !== undefined) return settings.trigger_mode
  return has !== undefined && (has !== 'all' || provider === undefined) ? 'code' : undefined
}

/** A mode, if it is one that bridle has a word for: null and whatever comes to be invented may start anything. */
const known = (mode: unknown): ProviderSettings['trigger_mode'] =>
  mode === 'code' || mode === 'deployment' || mode === 'fork' || mode === 'none' ? mode : undefined

/**
 * Which events start builds. Under `none` none does; what `deployment` and `fork` do to pushes and pull requests is
 * not documented, so it is unknown there.
 *
 * @source access model §3.8, R9, R10
 */
export const startsOf = (starting: Starting): ReadonlyMap<GitEvent, Tells> => {
  const mode = known(modeOf(starting))
  if (mode === 'none') return new Map()
  const is = switches(starting)
  const forCode: Tells = mode === 'code' ? true : undefined
  const modeIs = (one: typeof mode): Tells => (mode === undefined ? undefined : mode === one)
  const pullRequests = is('build_pull_requests', false)
  // Where pull requests are built and nothing is said about forks, those of forks may be among them.
  const forks = is('build_pull_request_forks', undefined)
  const comments = any(
    is('build_issue_comment_created', false),
    is('build_pull_request_review_comment_created', false),
  )
  const reviews = any(
    is('build_pull_request_review_requested', false),
    is('build_pull_request_review_submitted', false),
    is('build_pull_request_review_dismissed', false),
  )
  const labels = is('build_pull_request_labels_changed', false)
  // What these build is the head of a pull request, and nobody says whether one of a fork is left out.
  const heads = any(comments, reviews, labels) === false ? false : undefined
  const events: Record<GitEvent, Tells> = {
    push: all(forCode, is('build_branches', true)),
    tag: all(forCode, is('build_tags', undefined)),
    create: all(forCode, is('build_create_event', false)),
    'pull-request': all(forCode, pullRequests),
    fork: any(modeIs('fork'), all(forCode, any(pullRequests, heads), forks)),
    comment: all(forCode, comments),
    review: all(forCode, reviews),
    label: all(forCode, labels),
    release: all(
      forCode,
      any(
        is('build_release_created', false),
        is('build_release_published', false),
        is('build_release_released', false),
      ),
    ),
    'check-run': all(forCode, is('build_check_run_completed', false)),
    deployment: any(modeIs('deployment'), is('build_deployment_status_created', false)),
    'merge-group': all(forCode, is('build_merge_group_checks_requested', false)),
  }
  return new Map(Object.entries(events) as [GitEvent, Tells][])
}

/** What each filter of a pipeline is asked about. Pull requests pass by the branches of the pipeline. @source access model §3.8 */
const filteredByBranch: ReadonlySet<GitEvent> = new Set<GitEvent>(['push', 'tag', 'create'])

/**
 * Which of the events start a build: `on main if build.message !~ /wip/`. Nobody can tell whom a filter keeps out, but
 * whoever was told who may push was told of these.
 *
 * @returns an empty text where no filter is set
 */
export const filterOn = (event: GitEvent, starting: Starting): string => {
  if (event === 'fork') return '' // a fork's pull request says itself what it is
  const { branch_configuration: branches, provider_settings: settings = {} } = starting
  const onBranches =
    event === 'pull-request' && settings.pull_request_branch_filter_enabled === true
      ? settings.pull_request_branch_filter_configuration
      : filteredByBranch.has(event)
        ? branches
        : undefined
  const condition = settings.filter_enabled === true ? settings.filter_condition : undefined
  return [
    ...(isNothing(onBranches) ? [] : ['on', onBranches.trim()]),
    ...(isNothing(condition) ? [] : ['if', condition.trim()]),
  ].join(' ')
}

const isNothing = (text: string | null | undefined): text is null | undefined =>
  typeof text !== 'string' || text.trim() === ''

/** Whether a delivery to the webhook URL starts anything. */
export const takesWebhooks = (starting: Starting): Tells => {
  const mode = known(modeOf(starting))
  return mode === undefined ? undefined : mode !== 'none'
}

/** Whether jobs may ask the Git host for tokens of their own. */
export const mintsTokens = (starting: Starting): Tells =>
  switches(starting)('github_workflow_access_tokens_enabled', false)
