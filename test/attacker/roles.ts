import { actAsInstance, actInAws, type AwsActor, type AwsDone } from '../../src/sandbox/aws/act.js'
import { oidcToken, type TokenRequest } from '../../src/sandbox/world/oidc.js'
import { labelsOf, type Way } from '../../src/sandbox/world/labels.js'
import { queueName } from '../../src/sandbox/world/placement.js'
import type { Job } from '../../src/sandbox/rows.js'
import type { State } from '../../src/sandbox/state.js'
import { all, get, put, where } from '../../src/sandbox/table.js'
import { disconnectAgent } from '../../src/sandbox/world/agents.js'
import { footholdIn, uploadTextFrom } from '../../src/sandbox/world/code.js'
import { work } from '../../src/sandbox/world/running.js'
import { newAccounts } from '../../src/sandbox/aws/seed.js'
import { fork, insert } from '../../src/sandbox/state.js'
import { startBuild } from '../../src/sandbox/world/builds.js'
import { worldOf } from '../../src/sandbox/world/settle.js'
import { arnOf, EXTERNAL_ID, SESSION_NAME, TAG } from './aws.js'
import type { Aws } from './outline.js'
import { NOW } from './state.js'

// Whoever has code of theirs in a job tries, from there, to become every role that there is.

/** Where somebody can ask AWS from. */
type From = 'inside' | 'outside'

const network = { inside: { sourceIp: '10.0.0.5' }, outside: { sourceIp: '203.0.113.9' } } as const

/** A job in which somebody's code runs. */
interface Hold {
  readonly job: Job
  readonly queue: string
  /** Whether the machine is one of the queue's, and not one that they have slipped in. */
  readonly isReal: boolean
  /** Whether it is Buildkite's own: then it has none of our roles. */
  readonly isHosted: boolean
}

/** Ways by which code comes into a job that any agent would run. */
const bringing: ReadonlySet<string> = new Set<Way>([
  'steps',
  'template',
  'repository',
  'commit',
  'env',
  'schedule',
  'trigger',
  'artifact',
  'meta-data',
  'cache',
  'secret',
  'unblock',
])

const holdsIn = (state: State, hand: string): Hold[] =>
  where(state.tables.jobs, 'state', 'RUNNING').flatMap((job) => {
    const labels = labelsOf({ state }, job.uuid)
    const by = Object.entries(labels).flatMap(([way, hands]) => (hands.includes(hand) ? [way] : []))
    const brings = by.some((way) => bringing.has(way))
    if (!brings && !by.includes('agent') && !by.includes('image')) return []
    const queue = get(state.tables.queues, job.queue)
    const agents = job.queue === null ? [] : where(state.tables.agents, 'queue', job.queue)
    const isOurs = (uuid: string) => Object.keys(labelsOf({ state }, uuid)).length === 0
    // Who has both need not be there with an agent of theirs.
    const isReal =
      queue?.hosted != null ||
      (job.agent !== null && isOurs(job.agent)) ||
      (brings && agents.some(({ uuid, connectionState }) => connectionState === 'connected' && isOurs(uuid)))
    return [{ job, queue: queueName({ state }, queue, job), isReal, isHosted: queue?.hosted != null }]
  })

/**
 * A job on an agent that they have slipped in uploads another step; with that agent gone, one of the queue's own takes it.
 */
const onRealMachines = (state: State, hand: string, { job }: Hold): readonly [State, Hold][] => {
  const after = fork(state)
  const world = worldOf(after, NOW)
  const key = get(after.tables.queues, job.queue)?.key
  const foothold = footholdIn(world, job.uuid, hand)
  if (!foothold || key === undefined) return []
  uploadTextFrom(world, foothold, `steps: [{ command: "code", agents: { queue: ${key} } }]`)
  for (const { uuid } of all(after.tables.agents))
    if (Object.values(labelsOf(world, uuid)).some((hands) => hands.includes(hand)))
      disconnectAgent(world, uuid)
  work(world, () => true)
  return holdsIn(after, hand).flatMap((hold): [State, Hold][] =>
    hold.job.build === job.build && hold.isReal ? [[after, hold]] : [],
  )
}

const IDS = ['organization_id', 'cluster_id', 'pipeline_id', 'queue_id']
const NATIVE = ['organization_id', 'cluster_id', 'cluster_name', 'pipeline_id']

/** Sets of tags that some trust could want: those it lists and no more. */
const TAGS: readonly (readonly string[])[] = [
  [],
  IDS,
  [...IDS, 'build_branch'],
  ['queue_key', 'cluster_id'],
  ['queue_id'],
  ['pipeline_slug', 'cluster_id'],
]

const requests: readonly TokenRequest[] = [undefined, 'queue_id', 'pipeline_id', 'cluster_id'].flatMap(
  (subjectClaim) =>
    [[], NATIVE].flatMap((claims) =>
      TAGS.map((awsSessionTags): TokenRequest => ({
        audience: 'sts.amazonaws.com',
        ...(subjectClaim !== undefined && { subjectClaim }),
        claims,
        awsSessionTags,
      })),
    ),
)

/** A job like another, with a key that whoever uploads a step may give it: the end of a subject is theirs to write. */
const called = (state: State, job: Job, key: string): State => {
  const after = fork(state)
  put(after.tables.jobs, { ...job, step: { ...job.step, key } })
  return after
}

/** What somebody who has a role passes along when they ask for another: all of it is theirs to say. */
const along: readonly Readonly<Record<string, unknown>>[] = [SESSION_NAME, 'x-y'].flatMap((RoleSessionName) =>
  [{}, { ExternalId: EXTERNAL_ID }].flatMap((external) =>
    [{}, { Tags: [{ Key: TAG.key, Value: TAG.value }] }].flatMap((tags) =>
      [{}, { SourceIdentity: SESSION_NAME }].map((source) => ({
        RoleSessionName,
        ...external,
        ...tags,
        ...source,
      })),
    ),
  ),
)

/** A session of a role: what it is called, and a token that is good for it. */
interface Session {
  readonly role: string
  readonly token: string
  readonly from: From
}

const tokenIn = (done: AwsDone): string | undefined =>
  'refused' in done
    ? undefined
    : (done.result as { Credentials: { SessionToken: string } }).Credentials.SessionToken

/** All that somebody tries in one organization. What comes of it is remembered: the same job gets the same roles. */
export interface Trying {
  readonly names: readonly string[]
  readonly counts: { calls: number; had: number }
  /** Which roles somebody can have, by the names that people use. */
  readonly rolesOf: (state: State, hand: string) => readonly string[]
}

export const trying = (begin: State, { roles, machines }: Aws): Trying => {
  const names = Object.keys(roles)
  const counts = { calls: 0, had: 0 }
  const known = new Map<string, readonly string[]>()

  const ask = (state: State, by: AwsActor, name: string, input: Readonly<Record<string, unknown>>) => {
    counts.calls += 1
    const token = tokenIn(actInAws(state, by, name, input))
    if (token !== undefined) counts.had += 1
    return token
  }

  const actor = (from: From, as?: string): AwsActor => ({
    now: NOW,
    network: network[from],
    ...(as !== undefined && { as }),
  })

  /** Keys of steps that read as if the subject were of a pipeline that some trust is about. */
  const keys = [
    ...new Set(
      Object.values(roles).flatMap(({ trust, grown }) =>
        [...trust, ...grown].flatMap((one) =>
          one.by === 'token' ? [`:pipeline:${one.pipeline}:ref:refs/heads/main:`] : [],
        ),
      ),
    ),
  ]

  /** All the tokens that a job can ask for, or a step that it uploads. */
  const tokensOf = (state: State, job: Job): (readonly [TokenRequest, string])[] => {
    const mint = (from: State, some: readonly TokenRequest[]) =>
      some.flatMap((request) => {
        const minted = oidcToken(from, job.uuid, request, NOW)
        return 'token' in minted ? [[request, minted.token] as const] : []
      })
    const plain = requests.filter(({ subjectClaim }) => subjectClaim === undefined)
    return [...mint(state, requests), ...keys.flatMap((key) => mint(called(state, job, key), plain))]
  }

  /** By the tokens of a job. */
  const byToken = (state: State, { job, isReal }: Pick<Hold, 'job' | 'isReal'>): Session[] => {
    const sorts = new Set<string>()
    return tokensOf(state, job).flatMap(([request, minted]) => {
      return names.flatMap((role) =>
        (isReal ? (['inside', 'outside'] as const) : (['outside'] as const)).flatMap((from): Session[] => {
          const token = ask(state, actor(from), 'AssumeRoleWithWebIdentity', {
            RoleArn: arnOf(role),
            RoleSessionName: SESSION_NAME,
            WebIdentityToken: minted,
          })
          const sort = `${role} ${from} ${request.awsSessionTags?.join() ?? ''}`
          return token === undefined || !isNew(sorts, sort) ? [] : [{ role, token, from }]
        }),
      )
    })
  }

  /** From the machine's metadata. */
  const byMachine = (state: State, { queue, isReal, isHosted }: Hold): Session[] => {
    const role = machines[queue]?.role ?? null
    if (role === null || !isReal || isHosted) return []
    counts.calls += 1
    const token = tokenIn(actAsInstance(state, actor('inside'), arnOf(role), 'i-0123456789abcdef0'))
    if (token !== undefined) counts.had += 1
    return token === undefined ? [] : [{ role, token, from: 'inside' }]
  }

  /** Everything that sessions lead to. */
  const onward = (state: State, sessions: readonly Session[]): Set<string> => {
    const had = new Set(sessions.flatMap(({ role }) => (names.includes(role) ? [role] : [])))
    const seen = new Set<string>()
    let next = sessions.filter(({ role, token }) => isNew(seen, `${role} ${token}`))
    while (next.length > 0) {
      const found: Session[] = []
      for (const { role: of, token: as, from } of next)
        for (const role of names) {
          if (role === of) continue
          for (const input of along) {
            const token = ask(state, actor(from, as), 'AssumeRole', { RoleArn: arnOf(role), ...input })
            if (token === undefined) continue
            had.add(role)
            // One session of each sort is enough: what it is called and tagged with is what was passed along.
            if (isNew(seen, `${role} ${from} ${JSON.stringify(input)}`)) found.push({ role, token, from })
          }
        }
      next = found
    }
    return had
  }

  /** What the tokens, the machine and all that follows from them depend on. */
  const keyOf = (state: State, { job, queue, isReal }: Hold): string => {
    const build = get(state.tables.builds, job.build)
    const pipeline = get(state.tables.pipelines, job.pipeline)
    return [
      pipeline?.slug,
      job.pipeline,
      job.cluster,
      queue,
      isReal,
      build?.branch,
      build?.env.find((one) => one.startsWith('BUILDKITE_TAG=')),
    ].join(' ')
  }

  /** What anybody can have who has never heard of the organization: with a job of their own, or an account of AWS. */
  const strangers = (): readonly string[] => {
    const state = fork(begin)
    const jobs = strangersJobs(state, roles)
    newAccounts(state, [{ id: ELSEWHERE, name: 'elsewhere', user: true }])
    const user: Session = { role: '', token: `arn:aws:iam::${ELSEWHERE}:user/bridle`, from: 'outside' }
    const sessions = jobs.flatMap((job) => byToken(state, { job, isReal: false }))
    return [...onward(state, [user, ...sessions])]
  }
  let anybodys: readonly string[] | undefined

  return {
    names,
    counts,
    rolesOf: (state, hand) => [
      ...new Set([
        ...(anybodys ??= strangers()),
        ...holdsIn(state, hand).flatMap((hold) => {
          const key = keyOf(state, hold)
          const have = known.get(key)
          if (have !== undefined) return have
          const more = hold.isReal ? [] : onRealMachines(state, hand, hold)
          const found = [
            ...new Set(
              [[state, hold] as const, ...more].flatMap(([at, one]) => [
                ...onward(at, [...byMachine(at, one), ...byToken(at, one)]),
              ]),
            ),
          ]
          known.set(key, found)
          return found
        }),
      ]),
    ],
  }
}

const isNew = (seen: Set<string>, one: string): boolean => {
  if (seen.has(one)) return false
  seen.add(one)
  return true
}

/** An account of AWS that is a stranger's. */
const ELSEWHERE = '999999999999'

/** Jobs of somebody else's organization, whose pipelines are called as they like. */
const strangersJobs = (state: State, roles: Aws['roles']): Job[] => {
  const [ours] = all(state.tables.organizations)
  const [like] = all(state.tables.pipelines)
  if (!ours || !like) return []
  const made = { createdAt: NOW, createdBy: null }
  const { uuid: organization } = insert(state, 'organizations', made, { ...ours, slug: 'elsewhere' })
  const places = Object.values(roles).flatMap(({ trust, grown }) =>
    [...trust, ...grown].flatMap((one) => ('pipeline' in one ? [`${one.pipeline} ${one.queue}`] : [])),
  )
  const [queueLike] = all(state.tables.queues)
  const [clusterLike] = all(state.tables.clusters)
  if (!queueLike || !clusterLike) return []
  return [...new Set(places)].flatMap((place) => {
    const [slug = '', on = ''] = place.split(' ')
    const [name = '', key = ''] = on.split('/')
    const cluster = insert(state, 'clusters', made, {
      ...clusterLike,
      organization,
      name,
      defaultQueue: null,
    })
    const queue = insert(state, 'queues', made, { ...queueLike, organization, cluster: cluster.uuid, key })
    const pipeline = insert(state, 'pipelines', made, {
      ...like,
      organization,
      slug,
      name: slug,
      steps: 'steps:\n  - command: "code"\n',
      cluster: cluster.uuid,
      pipelineTemplate: null,
      archivedAt: null,
    })
    const build = startBuild(worldOf(state, NOW), pipeline, {
      branch: 'main',
      commit: 'HEAD',
      message: '',
      env: [],
      source: 'ui',
      creator: null,
      labels: {},
    })
    return where(state.tables.jobs, 'build', build.uuid).map((job) =>
      put(state.tables.jobs, {
        ...job,
        state: 'RUNNING',
        startedAt: NOW,
        cluster: cluster.uuid,
        queue: queue.uuid,
      }),
    )
  })
}
