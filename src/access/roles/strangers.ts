import { audience } from '../../kinds/aws/trust.js'
import { issuer } from '../../policy/principal.js'
import { mayAssume, type Given } from '../../policy/assume.js'
import type { Decision } from '../../policy/decide.js'
import { glob, literal, type Pattern } from '../../policy/pattern.js'
import { absent, exactly, free, type Texts, type Value } from '../../policy/value.js'
import { mayAssumeWithWebIdentity, type Entered, type Job } from '../../policy/web-identity.js'
import { asks, asking, beginningOf, claimIn, exists, isUuid, plainValues, subjectIn } from './claims.js'
import { isOurs, namesIn } from './names.js'
import { isBuildkites, type Door, type SeenRole } from './seen.js'
import type { RolePipeline, RoleQueue, RoleWorld } from './world.js'

// Nobody in particular, who may be anything but what is ours. What they can choose, they choose so that they get in.

const nobody: Decision = { answer: 'no', on: [], by: [], picks: {} }

/** A role as one statement lets somebody in: what is denied is denied whichever it is. */
const by = (role: SeenRole, door: Door) => ({
  arn: role.arn,
  tags: role.detail.tags,
  trust: {
    name: 'trust',
    document: {
      version: role.trust?.version ?? '2012-10-17',
      id: null,
      statements: [
        door.statement,
        ...(role.trust?.statements ?? []).filter(({ effect }) => effect === 'Deny'),
        // Tags may be allowed elsewhere.
        ...role.doors.flatMap(({ statement }) => (statement === door.statement ? [] : tagging(statement))),
      ],
    },
  },
})

const tagging = (statement: Door['statement']): readonly Door['statement'][] =>
  statement.actions?.some((action) => action.toLowerCase() === 'sts:tagsession') === true
    ? [{ ...statement, actions: ['sts:TagSession'] }]
    : []

/** The provider need not be there yet: what comes is what counts. */
const entered = (world: RoleWorld, role: SeenRole, door: Door): Entered => {
  const providers = world.accounts.get(role.account.name)?.providers ?? []
  const { partition, id } = role.account
  const named = door.providers.find(isBuildkites) ?? `arn:${partition}:iam::${id}:oidc-provider/${issuer}`
  return {
    ...by(role, door),
    providers: providers.some(({ arn }) => arn === named)
      ? providers
      : [{ arn: named, url: issuer, clientIds: [audience] }],
  }
}

/** Whether a job of another organization gets in by a statement, and what it has to say. */
export const strangersJob = (world: RoleWorld, role: SeenRole, door: Door): Decision =>
  !door.isBuildkite || keepsStrangersOut(world, door)
    ? nobody
    : mayAssumeWithWebIdentity(strangerTo(world), entered(world, role, door), new Map(missingIn(role, door)))

/** Keys of claims that no token has: what is misspelt is not there. */
const missingIn = (role: SeenRole, door: Door): readonly (readonly [string, Value])[] =>
  [door.statement, ...(role.trust?.statements ?? []).filter(({ effect }) => effect === 'Deny')].flatMap(
    ({ conditions }) =>
      conditions.flatMap(({ key }) => {
        const claim = claimIn(key)
        return claim === undefined || exists(claim) ? [] : [[key.toLowerCase(), absent] as const]
      }),
  )

const strangers = new WeakMap<RoleWorld, { readonly strangerTo: { readonly slug: string } }>()

const strangerTo = (world: RoleWorld) => {
  const before = strangers.get(world)
  if (before !== undefined) return before
  const made = { strangerTo: { slug: world.organization.slug } }
  strangers.set(world, made)
  return made
}

/** An id that is given to whoever asks: never one that somebody else has. */
const ownId: Texts = { begins: '', rest: free.uuid, drawn: true }

/** What a subject may be, from its first slug that is not given. */
const subjects = (begins: string, rest: Pattern, but: readonly string[]): readonly Texts[] =>
  ['heads/', 'tags/'].map((ref) => ({
    begins,
    rest: [
      ...rest,
      ...literal(`:ref:refs/${ref}`),
      ...glob('?*'),
      ...literal(':commit:'),
      ...free.part,
      ...literal(':step:'),
      ...free.text,
    ],
    but: but.map(glob),
  }))

/** The same claim as AWS knows it by name, and as a session tag. */
const claim = (
  name: string,
  from: readonly Texts[],
  always = false,
): readonly (readonly [string, Value])[] => [
  [`${issuer}:${name}`, { is: 'chosen', from, ...(always && { always: true }) }],
  [`aws:requesttag/${name}`, { is: 'chosen', from, tag: name }],
]

/** Whether a job of another pipeline of ours gets in than those that a statement names. */
export const othersJob = (world: RoleWorld, role: SeenRole, door: Door): Decision => {
  if (!door.isBuildkite || namesPipeline(door)) return nobody
  const { slug, uuid } = world.organization
  const values = door.statement.conditions.flatMap((condition) => condition.values)
  const names = namesIn(world)
  const ids = (things: ReadonlyMap<string, unknown>): readonly Texts[] => [
    ...[...new Set(values)].filter((id) => things.has(id)).map(exactly),
    ownId,
  ]
  const keys = [
    ...new Set(values.flatMap((value) => world.queues.find(({ key }) => key === value)?.key ?? [])),
  ]
  const [clusters, queues] = [ids(names.clusters), ids(names.queues)]
  const meant = values.flatMap((value) => subjectIn(value).pipeline ?? slugWithin(value) ?? [])
  const start = `organization:${slug}:pipeline:`
  const given: Given = new Map<string, Value>([
    ...missingIn(role, door),
    [
      `${issuer}:sub`,
      {
        is: 'chosen',
        always: true,
        from: [
          ...subjects(
            start,
            free.part,
            meant.map((one) => `${start}${one}:*`),
          ),
          exactly(uuid),
          ...clusters,
          ...queues,
        ],
      },
    ],
    ...claim('pipeline_slug', [{ begins: '', rest: free.part, but: meant.map(literal) }], true),
    ...claim('pipeline_id', [ownId]),
    ...claim('cluster_id', clusters),
    ...claim('cluster_name', [{ begins: '', rest: free.text }]),
    ...claim('queue_id', queues),
    ...claim('queue_key', [...keys.map(exactly), { begins: '', rest: free.text }]),
  ])
  return mayAssumeWithWebIdentity(anyJob(world), entered(world, role, door), given)
}

const anyJobs = new WeakMap<RoleWorld, Job>()

const anyJob = (world: RoleWorld): Job => {
  const before = anyJobs.get(world)
  if (before !== undefined) return before
  const { slug, uuid } = world.organization
  const made = {
    organization: { slug, id: uuid },
    pipeline: { slug: '', id: '' },
    cluster: null,
    queue: null,
  }
  anyJobs.set(world, made)
  return made
}

/** The slug that a pattern means, although it leaves more open: `deploy` in `*:pipeline:deploy*`. */
const slugWithin = (value: string): string | undefined => /(?:^|[:*?])pipeline:([^:*?]+)/.exec(value)?.[1]

/**
 * Whether jobs of a pipeline on a queue get in by a statement.
 *
 * @param but  branches that they are not of
 */
export const jobOf = (
  world: RoleWorld,
  role: SeenRole,
  door: Door,
  pipeline: RolePipeline,
  queue: RoleQueue,
  but: readonly string[] = [],
): Decision => {
  if (!door.isBuildkite) return nobody
  const { slug, uuid } = world.organization
  const cluster = world.clusters.find(({ address }) => address === queue.cluster)
  const job: Job = {
    organization: { slug, id: uuid },
    pipeline: { slug: pipeline.slug, id: pipeline.uuid ?? pipeline.address },
    cluster: { name: queue.cluster.slice('cluster:'.length), id: cluster?.uuid ?? queue.cluster },
    queue: { key: queue.key, id: queue.uuid ?? queue.address },
  }
  if (but.length === 0) return mayAssumeWithWebIdentity(job, entered(world, role, door))
  const start = `organization:${slug}:pipeline:${pipeline.slug}`
  const ids = [uuid, job.pipeline.id, job.cluster?.id, job.queue?.id].flatMap((id) => id ?? [])
  return mayAssumeWithWebIdentity(
    job,
    entered(world, role, door),
    new Map<string, Value>([
      ...claim('build_branch', [{ begins: '', rest: glob('?*'), but: but.map(literal) }], true),
      [
        `${issuer}:sub`,
        {
          is: 'chosen',
          always: true,
          from: [
            ...subjects(
              start,
              [],
              but.map((branch) => `${start}:ref:refs/heads/${branch}:commit:*`),
            ),
            ...ids.map(exactly),
            ownId,
          ],
        },
      ],
    ]),
  )
}

/** Whether somebody of an account that nobody knows gets in by a statement. */
export const strangersRole = (world: RoleWorld, role: SeenRole, door: Door): Decision => {
  const named = [...door.statement.conditions.flatMap(({ values }) => values), ...door.principals].flatMap(
    (value) => /\d{12}/.exec(value) ?? [],
  )
  const ours = [...new Set([...[...world.accounts.values()].map(({ account }) => account.id), ...named])]
  const given: Given = new Map<string, Value>([
    [
      'aws:principalarn',
      {
        is: 'chosen',
        always: true,
        from: [
          {
            begins: 'arn:aws:iam::',
            rest: [...free.part, ...literal(':role/'), ...free.text],
            but: ours.map((id) => glob(`arn:aws:iam::${id}:*`)),
          },
        ],
      },
    ],
    [
      'aws:principalaccount',
      {
        is: 'chosen',
        always: true,
        from: [{ begins: '', rest: glob('????????????'), but: ours.map(literal) }],
      },
    ],
    ['aws:principalorgid', { is: 'chosen', from: [{ begins: 'o-', rest: free.part, drawn: true }] }],
    [
      'aws:principalorgpaths',
      { is: 'chosen', many: true, from: [{ begins: 'o-', rest: free.text, drawn: true }] },
    ],
    ['aws:userid', { is: 'chosen', always: true, from: [{ begins: 'A', rest: free.text, drawn: true }] }],
    ['aws:multifactorauthpresent', { is: 'chosen' }],
    ['aws:multifactorauthage', { is: 'chosen' }],
    ['aws:sourceidentity', { is: 'chosen' }],
  ])
  return mayAssume(
    {
      arn: 'arn:aws:iam::000000000000:role/stranger',
      tags: {},
      begun: 'by-choice',
      identity: [everything],
      boundary: null,
    },
    by(role, door),
    given,
  )
}

/** What whoever asks has given themselves. */
const everything = {
  name: 'theirs',
  document: {
    version: '2012-10-17',
    id: null,
    statements: [
      {
        sid: null,
        effect: 'Allow',
        principals: null,
        notPrincipals: null,
        actions: ['*'],
        notActions: null,
        resources: ['*'],
        notResources: null,
        conditions: [],
      },
    ],
  },
} as const

// What is plain to see needs no search.

/** Whether some condition names what is ours, and asks for it. */
const keepsStrangersOut = (world: RoleWorld, { statement }: Door): boolean => {
  const { organization } = world
  return statement.conditions.some((condition) => {
    if (!asks(condition) || condition.values.length === 0) return false
    const claim = claimIn(condition.key)
    if (claim?.name === 'sub')
      return condition.values.every((value) => {
        const begins = beginningOf(condition, value)
        return (
          begins.startsWith(`organization:${organization.slug}:`) ||
          (begins === value && isOurs(value, world))
        )
      })
    const values = plainValues(condition)
    if (claim === undefined || values === undefined || condition.operator.name.includes('IgnoreCase'))
      return false
    return claim.name === 'organization_slug'
      ? values.every((value) => value === organization.slug)
      : ['organization_id', 'cluster_id', 'queue_id', 'pipeline_id'].includes(claim.name) &&
          values.every((value) => isOurs(value, world))
  })
}

/** Whether some condition names pipelines whole, and asks for one of them. */
const namesPipeline = ({ statement }: Door): boolean =>
  asking(statement.conditions, 'sub', 'pipeline_id', 'pipeline_slug').some((condition) => {
    if (condition.values.length === 0) return false
    if (claimIn(condition.key)?.name === 'sub')
      return condition.values.every(
        (value) => subjectIn(beginningOf(condition, value)).pipeline !== undefined,
      )
    const values = plainValues(condition)
    return values !== undefined && (claimIn(condition.key)?.name !== 'pipeline_id' || values.every(isUuid))
  })
