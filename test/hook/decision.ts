/** For which queue a host is, as root wrote it down there. */
export interface Host {
  readonly organization: string
  readonly cluster: string
  readonly queue: string
  readonly mode?: 'observe' | 'warn' | 'block'
}

/** What is decided of a job, and by which rule it is refused. */
export interface Decision {
  readonly decision: 'accept' | 'refuse'
  readonly mode: 'observe' | 'warn' | 'block'
  readonly rule: string | null
}

type Job = ReadonlyMap<string, string>

interface Pipeline {
  readonly slug: string
  readonly uuid: string
  readonly repository: string
  readonly branches?: readonly string[]
  readonly tags?: readonly string[]
  readonly pull_requests?: 'own' | 'forks'
  readonly sources?: readonly string[]
  readonly triggered_by?: readonly string[]
  readonly environment?: readonly string[]
  readonly plugins?: readonly string[]
  readonly commands?: readonly string[]
  readonly creator_teams?: readonly string[]
}

interface Policy {
  readonly organization: { readonly slug: string; readonly uuid: string }
  readonly cluster: { readonly name: string; readonly uuid: string }
  readonly queue: { readonly key: string; readonly uuid: string }
  readonly mode: Decision['mode']
  readonly issued_at: string
  readonly expires_at?: string
  readonly pipelines: readonly Pipeline[]
}

/**
 * What the gate has to decide, said a second time: it shares nothing with what is executed on hosts, which is shell and
 * jq, and the two are held against each other.
 *
 * @param job  what the file of the job's variables holds
 * @param id   the job that the agent asks about
 * @param now  ISO 8601, whole seconds, in UTC
 */
export const decisionOn = (job: string, policy: Policy, host: Host, id: string, now: string): Decision => {
  const rule = ruleAgainst(job, policy, host, id, now) ?? null
  return { decision: rule === null ? 'accept' : 'refuse', mode: policy.mode, rule }
}

const ruleAgainst = (
  text: string,
  policy: Policy,
  host: Host,
  id: string,
  now: string,
): string | undefined => {
  if (
    policy.organization.uuid !== host.organization ||
    policy.cluster.uuid !== host.cluster ||
    policy.queue.uuid !== host.queue
  )
    return 'policy'
  if (Date.parse(now) < Date.parse(policy.issued_at)) return 'clock'
  if (policy.expires_at !== undefined && Date.parse(now) >= Date.parse(policy.expires_at)) return 'expired'
  const job = jobIn(text)
  if (job?.get('BUILDKITE_JOB_ID') !== id) return 'job-file'
  const is = (name: string) => job.get(`BUILDKITE_${name}`) ?? ''
  if (
    is('ORGANIZATION_ID') !== policy.organization.uuid ||
    is('ORGANIZATION_SLUG') !== policy.organization.slug
  )
    return 'organization'
  if (job.has('BUILDKITE_CLUSTER_ID') && is('CLUSTER_ID') !== policy.cluster.uuid) return 'cluster'
  if (is('AGENT_META_DATA_QUEUE') !== policy.queue.key) return 'queue'
  const pipeline = policy.pipelines.find(({ uuid }) => uuid === is('PIPELINE_ID'))
  if (pipeline?.slug !== is('PIPELINE_SLUG')) return 'pipeline'
  return againstCode(is, pipeline) ?? againstNames(job, pipeline.environment ?? [])
}

/** The names and values in a file, where it is an object of texts and nothing else. */
const jobIn = (text: string): Job | undefined => {
  try {
    const data: unknown = JSON.parse(text)
    if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined
    const all = Object.entries(data)
    return all.every((one): one is [string, string] => typeof one[1] === 'string') ? new Map(all) : undefined
  } catch {
    return undefined
  }
}

const againstCode = (is: (name: string) => string, pipeline: Pipeline): string | undefined => {
  const source = is('SOURCE')
  const parent = is('TRIGGERED_FROM_BUILD_PIPELINE_SLUG')
  if (!isSameRepository(is('REPO'), pipeline.repository)) return 'repository'
  if (pipeline.sources?.includes(source) !== true) return 'source'
  const byHand = ['ui', 'api']
  const isRebuilt = is('REBUILT_FROM_BUILD_ID') !== ''
  if (isRebuilt && !byHand.some((one) => pipeline.sources?.includes(one))) return 'source'
  if (source === 'trigger_job' ? pipeline.triggered_by?.includes(parent) !== true : parent !== '')
    return 'trigger'
  if (pipeline.creator_teams && (isRebuilt || byHand.includes(source))) {
    const teams = is('BUILD_CREATOR_TEAMS').split(':')
    if (!pipeline.creator_teams.some((team) => teams.includes(team))) return 'creator'
  }
  if (!isPullRequestLetIn(is, pipeline)) return 'pull-request'
  const [branch, tag] = [is('BRANCH'), is('TAG')]
  if (branch.includes('\ufffd')) return 'branch'
  if (tag === '' ? !isOneOf(branch, pipeline.branches) : tag !== branch || !isOneOf(tag, pipeline.tags))
    return tag === '' ? 'branch' : 'tag'
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(is('COMMIT')) || is('COMMIT').includes('\n')) return 'commit'
  if (!arePluginsLetIn(is('PLUGINS'), pipeline.plugins ?? [])) return 'plugins'
  if (pipeline.commands && !pipeline.commands.includes(is('COMMAND'))) return 'command'
  return undefined
}

const isPullRequestLetIn = (
  is: (name: string) => string,
  { pull_requests, repository }: Pipeline,
): boolean => {
  const [number, from] = [is('PULL_REQUEST'), is('PULL_REQUEST_REPO')]
  if (number === 'false') return from === ''
  if (!/^[0-9]+$/.test(number) || number.includes('\n')) return false
  return pull_requests === 'forks' || (pull_requests === 'own' && isSameRepository(from, repository))
}

const isOneOf = (name: string, patterns: readonly string[] = []): boolean => {
  const fits = (pattern: string) =>
    new RegExp(`^${pattern.split('*').map(escaped).join('[^]*')}$`, 'u').test(name)
  return (
    patterns.some((one) => !one.startsWith('!') && fits(one)) &&
    !patterns.some((one) => one.startsWith('!') && fits(one.slice(1)))
  )
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)

const ports = new Map([
  ['ssh', ':22'],
  ['https', ':443'],
  ['http', ':80'],
  ['git', ':9418'],
])

/** Of a repository: whether others can change what comes from there on its way, or who one is there; host and path. */
const placeOf = (url: string): string | undefined => {
  const whole = /^([^]*?):\/\/([^/]*)(\/[^]*)$/.exec(url)
  const short = url.includes('://') ? null : /^()([^:/]*):([^]*)$/.exec(url)
  const [, named = '', authority = '', path = ''] = whole ?? short ?? []
  const scheme = whole ? named.replaceAll(/[A-Z]/g, (one) => one.toLowerCase()) : 'ssh'
  const port = ports.get(scheme)
  if (port === undefined || authority.startsWith('-') || /[^A-Za-z0-9:@[\]!$%&~'()*+,.\-_;=]/.test(authority))
    return undefined
  const at = authority.lastIndexOf('@')
  const there = authority.slice(at + 1).replaceAll(/[A-Z]/g, (one) => one.toLowerCase())
  const host = there.endsWith(port) ? there.slice(0, -port.length) : there
  if (host === '' || host.startsWith('-')) return undefined
  const user = at === -1 ? '' : authority.slice(0, at)
  if (scheme === 'ssh' && user !== 'git') return `as ${user} ${host} ${path}`
  const bare = path
    .replace(whole ? /^\// : /^\/+/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .replace(/\/+$/, '')
  return `${scheme === 'http' || scheme === 'git' ? 'plain' : 'safe'} ${host}/${bare}`
}

/** Whether two URLs name the same repository, as whoever fetches from there. */
export const isSameRepository = (one: string, other: string): boolean =>
  one === other || (placeOf(one) !== undefined && placeOf(one) === placeOf(other))

const arePluginsLetIn = (text: string, allowed: readonly string[]): boolean => {
  if (text === '') return true
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return false
  }
  if (data === null) return true
  if (!Array.isArray(data)) return false
  return data.every((one: unknown) => {
    const names =
      typeof one === 'string'
        ? [one]
        : typeof one === 'object' && one && !Array.isArray(one)
          ? Object.keys(one)
          : []
    return names.length === 1 && names[0] !== '' && allowed.includes(wholePlugin(names[0] ?? ''))
  })
}

const wholePlugin = (plugin: string): string => {
  if (/^[/.\\]/.test(plugin) || plugin.includes('://')) return plugin
  const at = plugin.indexOf('#')
  const [source, commit] = at === -1 ? [plugin, ''] : [plugin.slice(0, at), plugin.slice(at + 1)]
  const depth = source.split('/').length
  if (depth > 2) return plugin
  return `github.com/${depth === 1 ? 'buildkite-plugins/' : ''}${source}-buildkite-plugin#${commit}`
}

/** Whoever sets one of these decides what runs, whatever a policy says. */
const code =
  /^(BASH_ENV|ENV|SHELLOPTS|BASHOPTS|PS4|PROMPT_COMMAND|IFS|CDPATH|GLOBIGNORE|PATH|HOME|TMPDIR|GCONV_PATH|NODE_OPTIONS|JAVA_TOOL_OPTIONS|(XDG|LD|DYLD|GIT|SSH|AWS|DOCKER|BASH_FUNC)_.*|(PYTHON|PERL|RUBY).*|.*_[Pp][Rr][Oo][Xx][Yy]|BUILDKITE_(SHELL|BOOTSTRAP_PHASES|BUILD_CHECKOUT_PATH|REFSPEC|.*CHECKOUT|(GIT_|PLUGIN|HOOKS_|AGENT_|NO_).*))$/

const inert = new Set([
  'BUILDKITE_CLEAN_CHECKOUT=true',
  'BUILDKITE_GIT_REMOTE_MIRROR_URL=',
  'BUILDKITE_GIT_SUBMODULES=false',
  'BUILDKITE_PLUGINS_ALWAYS_CLONE_FRESH=true',
  'BUILDKITE_PULL_REQUEST_USING_MERGE_REFSPEC=false',
  'BUILDKITE_REFSPEC=',
])

/** @source the variables that Buildkite's documentation lists */
const standard = new Set(
  `AGENT_CACHE_STORE_URL AGENT_ID AGENT_NAME ARTIFACT_PATHS BRANCH BUILD_AUTHOR BUILD_AUTHOR_EMAIL BUILD_CREATOR
   BUILD_CREATOR_EMAIL BUILD_CREATOR_TEAMS BUILD_ID BUILD_NUMBER BUILD_URL CLUSTER_ID CLUSTER_NAME COMMAND COMMIT
   COMPUTE_TYPE GITHUB_ACTION GITHUB_COMMENT_ID GITHUB_DEPLOYMENT_ENVIRONMENT GITHUB_DEPLOYMENT_ID
   GITHUB_DEPLOYMENT_PAYLOAD GITHUB_DEPLOYMENT_TASK GITHUB_EVENT GITHUB_REVIEW_ID GROUP_ID GROUP_KEY GROUP_LABEL JOB_ID
   LABEL MERGE_QUEUE_BASE_BRANCH MERGE_QUEUE_BASE_COMMIT MESSAGE ORGANIZATION_ID ORGANIZATION_SLUG PARALLEL_JOB
   PARALLEL_JOB_COUNT PIPELINE_DEFAULT_BRANCH PIPELINE_ID PIPELINE_NAME PIPELINE_PROVIDER PIPELINE_SLUG PIPELINE_TEAMS
   PLUGINS PROJECT_PROVIDER PROJECT_SLUG PULL_REQUEST PULL_REQUEST_BASE_BRANCH PULL_REQUEST_DRAFT PULL_REQUEST_LABELS
   PULL_REQUEST_REPO REBUILT_FROM_BUILD_ID REBUILT_FROM_BUILD_NUMBER REPO RETRY_COUNT RETRY_TYPE SCRIPT_PATH SOURCE
   STEP_ID STEP_IDENTIFIER STEP_KEY TAG TIMEOUT TRIGGERED_FROM_BUILD_ID TRIGGERED_FROM_BUILD_NUMBER
   TRIGGERED_FROM_BUILD_PIPELINE_SLUG UNBLOCKER UNBLOCKER_EMAIL UNBLOCKER_ID UNBLOCKER_TEAMS`
    .split(/\s+/)
    .map((name) => `BUILDKITE_${name}`),
)

const againstNames = (job: Job, allowed: readonly string[]): string | undefined => {
  for (const name of [...job.keys()].sort(byCodePoint)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || name.includes('\n')) return 'environment'
    if (
      standard.has(name) ||
      ['CI', 'BUILDKITE'].includes(name) ||
      name.startsWith('BUILDKITE_AGENT_META_DATA_')
    )
      continue
    if (inert.has(`${name}=${job.get(name)}`)) continue
    if (code.test(name)) return 'code'
    if (!allowed.includes(name)) return 'environment'
  }
  return undefined
}

const byCodePoint = (a: string, b: string): number =>
  Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'))
