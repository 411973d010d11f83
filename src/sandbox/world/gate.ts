import * as z from 'zod'
import { repositoryKey } from '../provider.js'
import type { Agent, Build, Gate, Job, Pipeline } from '../rows.js'
import { insert } from '../state.js'
import { get, where } from '../table.js'
import { standardEnv } from './builds.js'
import { branchRef } from './commits.js'
import type { World } from './labels.js'

// A hook on the host of an agent, which refuses a job before anything of it is run. What it goes by is a policy that names
// what may run there; all else is refused, and so is what it can't read.

const some = z.array(z.string().min(1))
const names = some.default([])

const pipeline = z.strictObject({
  slug: z.string(),
  uuid: z.string(),
  repository: z.string(),
  branches: names,
  tags: names,
  pull_requests: z.enum(['own', 'forks']).optional(),
  sources: names,
  triggered_by: names,
  environment: names,
  plugins: names,
  commands: some.optional(),
  creator_teams: some.optional(),
  role: z.string().optional(),
  roles: names,
})

const policy = z.strictObject({
  format: z.literal('bridle.gate/1'),
  organization: z.strictObject({ slug: z.string(), uuid: z.string() }),
  cluster: z.strictObject({ name: z.string(), uuid: z.string() }),
  queue: z.strictObject({ key: z.string(), uuid: z.string() }),
  mode: z.enum(['observe', 'warn', 'block']),
  serial: z.number(),
  issued_at: z.string(),
  expires_at: z.string().optional(),
  checks: z.array(z.enum(['ancestor', 'identity', 'metadata'])).default([]),
  pipelines: z.array(pipeline),
})

type Policy = z.infer<typeof policy>
type Allowed = z.infer<typeof pipeline>

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const sealed = z.looseObject({ payload: z.string() })
const part = z.looseObject({ part: z.string() })

/** What is published, of however many parts: `NAME`, `NAME/1` … Who signed it, a host has looked at before. */
const published = ({ state }: World, account: string, name: string): string => {
  const rows = where(state.tables.awsParameters, 'account', account)
  const valueOf = (wanted: string) => jsonOf(rows.find((row) => row.name === wanted)?.value ?? '')
  const parts: Buffer[] = []
  for (let at = 0; ; at += 1) {
    const found = part.safeParse(valueOf(at === 0 ? name : `${name}/${at}`))
    if (!found.success) break
    parts.push(Buffer.from(found.data.part, 'base64'))
  }
  const whole = parts.length === 0 ? valueOf(name) : jsonOf(Buffer.concat(parts).toString('utf8'))
  const envelope = sealed.safeParse(whole)
  return envelope.success ? envelope.data.payload : ''
}

const kept = new Map<string, Policy | undefined>()

/** The same few policies are read for every job that comes. */
const policyIn = (text: string): Policy | undefined => {
  if (!kept.has(text)) {
    if (kept.size > 100) kept.clear()
    kept.set(text, policy.safeParse(jsonOf(text)).data)
  }
  return kept.get(text)
}

/** A job on its way to an agent. */
interface Arriving {
  readonly job: Job
  readonly build: Build
  readonly pipeline: Pipeline
  readonly agent: Agent
}

const pairsOf = (env: readonly string[]) =>
  env.map((pair): [string, string] => {
    const at = pair.indexOf('=')
    return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
  })

/** What people have set, and over that what Buildkite sets in every job. Of a tag it says so only where there is one. */
const variablesOf = (
  world: World,
  { job, build, pipeline, agent }: Arriving,
): ReadonlyMap<string, string> => {
  const { organizations, queues, users, teamMembers, teams } = world.state.tables
  const organization = get(organizations, build.organization)
  const cluster = get(queues, agent.queue)?.cluster
  const creator = get(users, build.createdBy)
  const teamsOf = where(teamMembers, 'user', creator?.uuid ?? '').flatMap(({ team }) => {
    const row = get(teams, team)
    return row?.privacy === 'VISIBLE' ? [row.slug] : []
  })
  const { pullRequest } = build
  return new Map([
    ...pairsOf([...build.env, ...job.step.env]),
    ...pairsOf(standardEnv(world, build)),
    ...Object.entries({
      BUILDKITE_JOB_ID: job.uuid,
      BUILDKITE_ORGANIZATION_ID: build.organization,
      BUILDKITE_ORGANIZATION_SLUG: organization?.slug ?? '',
      BUILDKITE_PIPELINE_ID: pipeline.uuid,
      BUILDKITE_REPO: pipeline.repository,
      BUILDKITE_COMMAND: job.command ?? '',
      BUILDKITE_PULL_REQUEST_REPO:
        pullRequest === null ? '' : pullRequest.fork ? 'https://github.invalid/a/fork' : pipeline.repository,
      BUILDKITE_BUILD_CREATOR_TEAMS: teamsOf.join(':'),
      BUILDKITE_AGENT_META_DATA_QUEUE:
        agent.metaData.find((tag) => tag.startsWith('queue='))?.slice('queue='.length) ?? '',
      ...(cluster !== undefined && { BUILDKITE_CLUSTER_ID: cluster }),
      ...(build.tag !== null && { BUILDKITE_TAG: build.tag }),
    }),
  ])
}

/** Names that Buildkite sets now and then: nothing that they say runs anything. @source agent-enforcement §8 */
const told = new Set(
  [
    ...[
      'TAG',
      'LABEL',
      'STEP_KEY',
      'RETRY_COUNT',
      'COMPUTE_TYPE',
      'CLUSTER_NAME',
      'PULL_REQUEST_BASE_BRANCH',
    ],
    ...['PULL_REQUEST_DRAFT', 'UNBLOCKER', 'UNBLOCKER_ID', 'UNBLOCKER_EMAIL', 'UNBLOCKER_TEAMS'],
    ...['REBUILT_FROM_BUILD_ID', 'REBUILT_FROM_BUILD_NUMBER', 'BUILD_AUTHOR', 'BUILD_AUTHOR_EMAIL'],
    ...['BUILD_CREATOR', 'BUILD_CREATOR_EMAIL'],
  ].map((name) => `BUILDKITE_${name}`),
)

/** Names by which anybody runs what they like. @source agent-enforcement §10 (11) */
const dangerous =
  /^(BASH_ENV|ENV|SHELLOPTS|BASHOPTS|PS4|PROMPT_COMMAND|IFS|CDPATH|GLOBIGNORE|PATH|HOME|TMPDIR|XDG_.*|LD_.*|DYLD_.*|GCONV_PATH|NODE_OPTIONS|PYTHON.*|PERL.*|RUBY.*|JAVA_TOOL_OPTIONS|GIT_.*|SSH_.*|AWS_.*|.*_proxy|DOCKER_.*|BUILDKITE_.*)$/i

const isAllowedName = (name: string, { environment }: Allowed) =>
  told.has(name) || (/^[A-Za-z0-9_]+$/.test(name) && !dangerous.test(name) && environment.includes(name))

const asExpression = (pattern: string) =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^]*')}$`)

/** A name that some pattern has, over its whole length, and none that begins with `!`. */
const isAmong = (patterns: readonly string[], name: string): boolean => {
  const some = (wanted: boolean) =>
    patterns
      .filter((one) => one.startsWith('!') === wanted)
      .some((one) => asExpression(wanted ? one.slice(1) : one).test(name))
  return some(false) && !some(true)
}

/**
 * One name for a repository, as the host's git finds it. Whoever logs in by SSH and is not `git` is at home on a machine of
 * their own, where a path is any folder and has no second name.
 */
const placeOf = (url: string): string => {
  const bySsh = url.includes('://')
    ? /^ssh:\/\/(?:([^/]*)@)?([^/@]+?)(?::22)?(\/.*)$/is
    : /^(?:([^/:]*)@)?([^/:@]+):(.*)$/s
  const [, user = '', host = '', path = ''] = bySsh.exec(url) ?? ['', 'git']
  return user === 'git' ? repositoryKey(url) : `${user}@${host.toLowerCase()}:${path}`
}

/** What of a job is not as the policy has it, the first of all. @source access model §4.8 */
const objection = (
  { organization, cluster, queue, pipelines }: Policy,
  variables: ReadonlyMap<string, string>,
  job: string,
  others: Iterable<string>,
): string | undefined => {
  const said = (name: string) => variables.get(`BUILDKITE_${name}`) ?? ''
  if (said('JOB_ID') !== job) return 'job-file'
  if (said('ORGANIZATION_ID') !== organization.uuid || said('ORGANIZATION_SLUG') !== organization.slug)
    return 'organization'
  if (variables.has('BUILDKITE_CLUSTER_ID') && said('CLUSTER_ID') !== cluster.uuid) return 'cluster'
  if (said('AGENT_META_DATA_QUEUE') !== queue.key) return 'queue'
  const allowed = pipelines.find(({ uuid }) => uuid === said('PIPELINE_ID'))
  if (allowed?.slug !== said('PIPELINE_SLUG')) return 'pipeline'
  const repository = placeOf(allowed.repository)
  if (placeOf(said('REPO')) !== repository) return 'repository'
  const source = said('SOURCE')
  if (!allowed.sources.includes(source)) return 'source'
  const isByHand = (one: string) => one === 'ui' || one === 'api'
  const isAgain = said('REBUILT_FROM_BUILD_ID') !== ''
  if (isAgain && !allowed.sources.some(isByHand)) return 'source'
  const parent = said('TRIGGERED_FROM_BUILD_PIPELINE_SLUG')
  if (source === 'trigger_job' ? !allowed.triggered_by.includes(parent) : parent !== '') return 'trigger'
  if (
    (isByHand(source) || isAgain) &&
    allowed.creator_teams?.some((team) => said('BUILD_CREATOR_TEAMS').split(':').includes(team)) === false
  )
    return 'creator'
  const from = said('PULL_REQUEST_REPO')
  const isPull = said('PULL_REQUEST') !== 'false'
  if (!isPull && from !== '') return 'pull-request'
  if (isPull && allowed.pull_requests === undefined) return 'pull-request'
  if (isPull && allowed.pull_requests === 'own' && placeOf(from) !== repository) return 'pull-request'
  const [branch, tag] = [said('BRANCH'), said('TAG')]
  if (tag === '' && !isAmong(allowed.branches, branch)) return 'branch'
  if (tag !== '' && (tag !== branch || !isAmong(allowed.tags, tag))) return 'tag'
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(said('COMMIT'))) return 'commit'
  if (allowed.commands?.includes(said('COMMAND')) === false) return 'command'
  for (const name of others) if (!isAllowedName(name, allowed)) return 'environment'
  return undefined
}

/** Whether the commit was pushed to the branch that the build names, as a fetch of the host's own tells it. */
const isInBranch = ({ state }: World, { build, pipeline }: Arriving): boolean =>
  where(state.tables.commits, 'repository', repositoryKey(pipeline.repository)).some(
    ({ sha, ref }) =>
      sha === build.commit &&
      ref === (build.tag === null ? branchRef(build.branch) : `refs/tags/${build.tag}`),
  )

/** Why a host refuses a job. */
export interface Refusal {
  readonly rule: string
  /** Missing where the host has no policy that it could read. */
  readonly serial?: number
}

const textOf = (world: World, gate: Gate) =>
  'policy' in gate ? gate.policy : published(world, gate.account, gate.parameter)

/** Whether the host of an agent refuses a job; whoever has slipped in an agent has put no gate there. */
export const refusalOf = (world: World, arriving: Arriving): Refusal | undefined => {
  const { agent, job, build } = arriving
  if (agent.gate === null) return undefined
  const read = policyIn(textOf(world, agent.gate))
  const queue = get(world.state.tables.queues, agent.queue)
  if (
    read === undefined ||
    read.queue.uuid !== queue?.uuid ||
    read.cluster.uuid !== queue.cluster ||
    (read.expires_at !== undefined && read.expires_at <= world.now)
  )
    return { rule: 'policy', ...(read && { serial: read.serial }) }
  if (read.mode !== 'block') return undefined
  const standard = new Set(pairsOf(standardEnv(world, build)).map(([name]) => name))
  const others = pairsOf([...build.env, ...job.step.env])
    .map(([name]) => name)
    .filter((name) => !standard.has(name))
  const rule =
    objection(read, variablesOf(world, arriving), job.uuid, others) ??
    // Who a job is, Buildkite says here, and no machine has a role that jobs could ask for.
    (read.checks.includes('ancestor') && !isInBranch(world, arriving) ? 'ancestor' : undefined)
  return rule === undefined ? undefined : { rule, serial: read.serial }
}

/** Says on the page of the build why a job was refused. */
export const annotate = (
  world: World,
  { organization, uuid, build }: Job,
  { rule, serial }: Refusal,
): void => {
  const body = `<p><strong>The gate refused this job</strong> (<code>${rule}</code>${serial === undefined ? '' : `, policy ${serial}`})</p>`
  insert(
    world.state,
    'annotations',
    { createdAt: world.now, createdBy: null },
    { organization, build, context: `bridle-gate-${uuid}`, style: 'error', body },
  )
}
