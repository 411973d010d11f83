import fc from 'fast-check'
import { accessCodes } from '../../src/model/access-codes.js'
import { newOrganization } from '../../src/sandbox/seed.js'
import { expect } from 'vitest'
import { sandbox, type Sandbox } from '../../src/sandbox/index.js'
import { errorsIn, groundOf, stoppedClock, token } from '../support/ground.js'

/** A declaration with everything in it that gives somebody something, as data to be changed piece by piece. */
export interface Privileged {
  organization: string
  trust: object
  ignore: object
  manage: Record<string, string>
  accept?: object[]
  settings: { default_cluster: string }
  teams: Record<
    string,
    { members: Record<string, string>; members_can_create_pipelines?: boolean; is_default_team?: boolean }
  >
  clusters: Record<
    string,
    {
      allow?: { readonly teams?: readonly string[]; readonly users?: readonly string[] }
      maintainers?: { users: string[]; teams: string[] }
      default_queue?: string | null
      queues: Record<string, { paused?: string | null; instance_role?: string }>
    }
  >
  pipelines: Record<string, Pipeline>
  rules: object[]
}

interface Pipeline {
  cluster: string
  repository: string
  archived: boolean
  steps?: string
  teams: Record<string, string>
  provider_settings?: Record<string, boolean>
  schedules: Record<string, object>
}

const person = (name: string) => `${name}@acme.test`
export const people = ['ada', 'bob', 'cy', 'dan', 'eve']

/** Everybody there is, before anything is declared. */
const peopled = () =>
  newOrganization({ slug: 'acme', admin: { email: person('bridle'), token }, people: people.map(person) })

const repository = (name: string) => `git@github.com:acme/${name}.git`

const pipeline = (cluster: string, from: string, teams: Record<string, string>): Pipeline => ({
  cluster,
  repository: repository(from),
  archived: false,
  steps: 'steps:\n  - command: make\n',
  teams,
  schedules: {},
})

/** Nobody is where they should not be. */
export const closed = (): Privileged => ({
  organization: 'acme',
  trust: { admins: [person('bridle')], automation: person('bridle') },
  ignore: { teams: ['everyone'] },
  manage: Object.fromEntries(
    ['grants', 'maintainers', 'schedules', 'rules', 'members', 'pipelines', 'teams'].map((kind) => [
      kind,
      'remove',
    ]),
  ),
  settings: { default_cluster: 'general' },
  teams: {
    web: { members: { [person('ada')]: 'member' } },
    data: { members: { [person('bob')]: 'member' } },
    release: { members: { [person('cy')]: 'member' } },
  },
  clusters: {
    general: { queues: { default: {} } },
    production: {
      allow: { teams: ['release'] },
      maintainers: { users: [], teams: [] },
      queues: { deploy: {} },
    },
    mobile: {
      allow: { users: [person('bob')] },
      maintainers: { users: [], teams: [] },
      queues: { macs: {} },
    },
  },
  pipelines: {
    web: pipeline('general', 'web', { web: 'manage_build_and_read' }),
    api: pipeline('general', 'api', { data: 'build_and_read', web: 'read_only' }),
    docs: pipeline('general', 'web', { web: 'read_only', data: 'manage_build_and_read' }),
    deploy: pipeline('production', 'web', { release: 'build_and_read', web: 'read_only' }),
    nightly: pipeline('production', 'ops', { release: 'manage_build_and_read' }),
    app: pipeline('mobile', 'app', { data: 'manage_build_and_read', release: 'read_only' }),
  },
  rules: [],
})

/** What there is, what is wanted, and what somebody does by hand between the two. */
interface Scene {
  readonly have: Privileged
  readonly want: Privileged
  readonly hand: string[][]
}

type Act = (scene: Scene) => void

const levels = ['read_only', 'build_and_read', 'manage_build_and_read']
const level = fc.constantFrom(...levels)
const strong = fc.constantFrom(...levels.slice(1))
const outside = fc.constantFrom('web', 'api', 'docs')
const inside = fc.constantFrom('deploy', 'nightly')
const strange = fc.constantFrom('web', 'data')
const anybody = fc.constantFrom(...people)
const privileged = fc.constantFrom('production', 'mobile')

/** Whom the cluster that a pipeline goes to does not allow, by team. */
const strangersTo = (cluster: string) => (cluster === 'production' ? ['web', 'data'] : ['web', 'release'])

/** What becomes of the teams of strangers: they may watch, have nothing, or keep what they have. */
type How = 'read' | 'none' | 'stay'

const quiet = ({ teams }: Pipeline, cluster: string, how: How) => {
  for (const team of strangersTo(cluster))
    if (team in teams && how === 'read') teams[team] = 'read_only'
    else if (how === 'none') Reflect.deleteProperty(teams, team)
}

const rule = (source: string, target: string) => ({
  type: 'pipeline.trigger_build.pipeline',
  source_pipeline: source,
  target_pipeline: target,
})

const planted = {
  cronline: '0 3 * * *',
  env: { BASH_ENV: 'x' },
  commit: 'HEAD',
  branch: 'main',
  message: 'x',
  enabled: true,
}

/** Things that change what somebody has near a privileged queue; each by itself leaves nobody there. */
const closing: readonly fc.Arbitrary<Act>[] = [
  fc.tuple(inside, strange, strong, fc.boolean()).map(([slug, team, had, stays]) => ({ have, want }) => {
    have.pipelines[slug]!.teams[team] = had
    if (stays) want.pipelines[slug]!.teams[team] = 'read_only'
    else Reflect.deleteProperty(want.pipelines[slug]!.teams, team)
  }),
  fc.tuple(anybody, privileged).map(([who, cluster]) => ({ have }) => {
    const { users } = have.clusters[cluster]!.maintainers!
    if (!users.includes(person(who))) users.push(person(who))
  }),
  strange.map((team) => ({ have }) => {
    have.clusters['production']!.maintainers!.teams = [team]
  }),
  fc
    .tuple(anybody, fc.constantFrom('release', 'web', 'data'), fc.constantFrom('member', 'maintainer'))
    .map(([who, team, role]) => ({ have, want }) => {
      have.teams[team]!.members[person(who)] = role
      if (team === 'release' && who !== 'cy') Reflect.deleteProperty(want.teams[team]!.members, person(who))
    }),
  inside.map((slug) => ({ have, want }) => {
    have.pipelines[slug]!.provider_settings = { build_pull_requests: true, build_pull_request_forks: true }
    want.pipelines[slug]!.provider_settings = { build_pull_requests: false, build_pull_request_forks: false }
  }),
  fc.tuple(outside, inside).map(([source, target]) => ({ have }) => {
    have.rules = [rule(source, target)]
  }),
  inside.map((slug) => ({ hand }) => {
    hand.push(['schedule', `pipeline:${slug}`, 'planted', '0 3 * * *', 'BASH_ENV=x'])
  }),
  fc.tuple(fc.constantFrom('ada', 'bob'), inside).map(([who, slug]) => ({ hand, have, want }) => {
    // Who could once has planted something, and can no more.
    const team = who === 'ada' ? 'web' : 'data'
    have.pipelines[slug]!.teams[team] = 'manage_build_and_read'
    want.pipelines[slug]!.teams[team] = 'read_only'
    want.pipelines[slug]!.schedules['planted'] = structuredClone(planted)
    hand.push(['as', person(who), 'schedule', `pipeline:${slug}`, 'planted', '0 3 * * *', 'BASH_ENV=y'])
  }),
  fc.constant(({ have }: Scene) => {
    have.settings.default_cluster = 'production'
  }),
  strange.map((team) => ({ have, want }) => {
    have.teams[team]!.members_can_create_pipelines = true
    want.teams[team]!.members_can_create_pipelines = false
  }),
  fc.constant(({ have }: Scene) => {
    have.pipelines['old'] = pipeline('production', 'old', { web: 'manage_build_and_read' })
  }),
  fc.tuple(inside, strong).map(([slug, had]) => ({ have }) => {
    have.teams['temps'] = { members: { [person('eve')]: 'member' } }
    have.pipelines[slug]!.teams['temps'] = had
  }),
  inside.map((slug) => ({ have }) => {
    have.pipelines[slug]!.repository = repository('elsewhere')
  }),
]

/** Things that would let somebody in, were nothing closed before. */
const opening: readonly fc.Arbitrary<Act>[] = [
  fc
    .tuple(outside, privileged, fc.constantFrom<How>('read', 'none', 'stay'))
    .map(([slug, cluster, how]) => ({ want }) => {
      const moved = want.pipelines[slug]!
      moved.cluster = cluster
      quiet(moved, cluster, how)
    }),
  fc.tuple(outside, privileged).map(([slug, cluster]) => ({ want }) => {
    // Nobody takes the grants: everybody leaves the teams instead.
    want.pipelines[slug]!.cluster = cluster
    for (const team of strangersTo(cluster)) if (team !== 'release') want.teams[team]!.members = {}
  }),
  fc.tuple(inside, strange, level).map(([slug, team, given]) => ({ want }) => {
    want.pipelines[slug]!.cluster = 'general'
    want.pipelines[slug]!.teams[team] = given
  }),
  inside.map((slug) => ({ want }) => {
    want.pipelines[slug]!.cluster = 'mobile'
    want.pipelines[slug]!.teams = { data: 'build_and_read', release: 'read_only' }
  }),
  fc.constant(({ want }: Scene) => {
    want.pipelines['app']!.cluster = 'production'
    want.pipelines['app']!.teams = { data: 'read_only', release: 'manage_build_and_read' }
  }),
  fc.tuple(outside, strange, level).map(([slug, team, given]) => ({ want }) => {
    const { teams, cluster } = want.pipelines[slug]!
    if (cluster === 'general') teams[team] = given
  }),
  fc
    .tuple(anybody, fc.constantFrom('release', 'web', 'data'), fc.constantFrom('member', 'maintainer'))
    .map(([who, team, role]) => ({ want }) => {
      want.teams[team]!.members[person(who)] = role
    }),
  inside.map((slug) => ({ have }) => {
    have.pipelines[slug]!.archived = true
  }),
  fc.tuple(inside, strange).map(([slug, team]) => ({ have, want }) => {
    have.pipelines[slug]!.archived = true
    have.pipelines[slug]!.teams[team] = 'build_and_read'
    want.pipelines[slug]!.teams[team] = 'read_only'
  }),
  fc.tuple(inside, strange, strong).map(([slug, team, given]) => ({ want }) => {
    want.pipelines[slug]!.archived = true
    want.pipelines[slug]!.cluster = 'general'
    want.pipelines[slug]!.teams[team] = given
  }),
  fc.constant(({ want }: Scene) => {
    want.pipelines['fresh'] = pipeline('production', 'ops', {
      release: 'manage_build_and_read',
      web: 'read_only',
    })
  }),
  outside.map((slug) => ({ want }) => {
    want.pipelines[slug]!.provider_settings = { build_pull_requests: true, build_pull_request_forks: true }
  }),
  outside.map((slug) => ({ want }) => {
    want.pipelines[slug]!.schedules['nightly'] = structuredClone(planted)
  }),
  fc.constant(({ want }: Scene) => {
    want.rules = [rule('nightly', 'deploy')]
  }),
  fc.constant(({ have }: Scene) => {
    have.clusters['production']!.queues['deploy']!.paused = 'for now'
  }),
  fc.constant(({ want }: Scene) => {
    want.clusters['production']!.queues['deploy']!.paused = 'from now on'
  }),
  strange.map((team) => ({ want }) => {
    want.teams[team]!.members_can_create_pipelines = true
  }),
  fc.tuple(inside, outside).map(([slug, other]) => ({ want }) => {
    want.pipelines[slug]!.repository = repository(`new-${other}`)
  }),
  fc.constant(({ want }: Scene) => {
    want.clusters['production']!.queues['hotfix'] = {}
  }),
  fc.tuple(inside, strange).map(([slug, team]) => ({ want }) => {
    want.pipelines[slug]!.teams[team] = 'manage_build_and_read'
  }),
]

/** Things that let somebody in, or leave in who is in already. */
const daring: readonly fc.Arbitrary<Act>[] = [
  fc.tuple(inside, strange, strong).map(([slug, team, given]) => ({ want }) => {
    want.pipelines[slug]!.teams[team] = given
  }),
  fc.tuple(inside, strange, strong, strong).map(([slug, team, had, given]) => ({ have, want }) => {
    have.pipelines[slug]!.teams[team] = had
    want.pipelines[slug]!.teams[team] = given
  }),
  anybody.map((who) => ({ want }) => {
    want.clusters['production']!.maintainers!.users = [person(who)]
  }),
  anybody.map((who) => ({ have, want }) => {
    have.clusters['production']!.maintainers!.users = [person(who)]
    want.clusters['production']!.maintainers!.users = [person(who)]
  }),
  inside.map((slug) => ({ want }) => {
    want.pipelines[slug]!.provider_settings = { build_pull_requests: true, build_pull_request_forks: true }
  }),
  fc.tuple(outside, inside).map(([source, target]) => ({ want }) => {
    want.rules = [rule(source, target)]
  }),
  fc.tuple(outside, inside).map(([source, target]) => ({ have, want }) => {
    have.rules = [rule(source, target)]
    want.rules = [rule(source, target)]
  }),
  fc.constant(({ want }: Scene) => {
    want.settings.default_cluster = 'production'
  }),
  fc.tuple(inside, strange).map(([slug, team]) => ({ have, want }) => {
    have.pipelines[slug]!.archived = true
    have.pipelines[slug]!.teams[team] = 'build_and_read'
    want.pipelines[slug]!.teams[team] = 'build_and_read'
  }),
  fc
    .tuple(fc.constantFrom('ada', 'bob'), outside, privileged)
    .map(([who, slug, cluster]) => ({ want, hand }) => {
      hand.push(['as', person(who), 'start', `pipeline:${slug}`])
      want.pipelines[slug]!.cluster = cluster
      quiet(want.pipelines[slug]!, cluster, 'none')
    }),
  outside.map((slug) => ({ want }) => {
    want.pipelines[slug]!.cluster = 'production'
  }),
]

/** Whatever may be accepted, accepted. */
export const everything = Object.keys(accessCodes).map((finding) => ({
  finding,
  at: 'organization',
  reason: 'looked at',
  until: '2027-02-20',
}))

/** What is otherwise in the sandbox, for members of such an organization, than an acceptance would have it. */
const doubtful: ReadonlySet<string> = new Set([
  'full-access',
  'pipeline-moves-in',
  'observer-maintainers',
  'rebuilds',
  'borrowed-creator',
  'shared-team-trigger',
  'artifact-becomes-code',
  'backlog',
  'planted-schedules',
])

/** The same, with nothing accepted but what holds in the sandbox. */
export const believing = (want: Privileged): Privileged => ({
  ...want,
  accept: everything.filter(({ finding }) => !doubtful.has(finding)),
})

/** Whether somebody may be on a queue, by the files alone. */
export const isAllowed = ({ teams, clusters }: Privileged, email: string, queue: string): boolean => {
  const { allow } = clusters[queue.slice(0, queue.indexOf('/'))] ?? {}
  return (
    allow?.users?.includes(email) === true ||
    allow?.teams?.some((team) => email in (teams[team]?.members ?? {})) === true
  )
}

/** One declaration after another: what was applied, what is done by hand then, and what is wanted now. */
export interface Turn {
  /** Without a word about who is allowed: nothing stands in its way. */
  readonly have: object
  readonly hand: readonly (readonly string[])[]
  readonly want: Privileged
}

/** A turn in which just this happens. */
export const turnWith = (act: (scene: { have: Privileged; want: Privileged }) => void): Turn =>
  turnOf([act], true)

const turnOf = (acts: readonly Act[], accepts: boolean): Turn => {
  const scene: Scene = { have: closed(), want: closed(), hand: [] }
  for (const act of acts) act(scene)
  const { have, want, hand } = scene
  for (const cluster of Object.values(have.clusters)) delete cluster.allow
  return { have, hand, want: { ...want, ...(accepts && { accept: everything }) } }
}

const some = (acts: readonly fc.Arbitrary<Act>[], minLength: number, maxLength: number) =>
  fc.array(fc.oneof(...acts), { minLength, maxLength })

/** At least half of them close and open at once. */
export const turns: fc.Arbitrary<Turn> = fc
  .tuple(
    fc.oneof(
      { weight: 20, arbitrary: fc.tuple(some(closing, 1, 2), some(opening, 1, 3)) },
      { weight: 1, arbitrary: fc.tuple(some(closing, 1, 3), fc.constant<Act[]>([])) },
      { weight: 1, arbitrary: fc.tuple(fc.constant<Act[]>([]), some(opening, 1, 3)) },
    ),
    fc.boolean(),
  )
  .map(([[closes, opens], accepts]) => turnOf([...closes, ...opens], accepts))

/** Half of them let somebody in, among other things. */
export const daringTurns: fc.Arbitrary<Turn> = fc
  .tuple(
    some(daring, 1, 2),
    fc.oneof(fc.constant<Act[]>([]), some(closing, 1, 2), some(opening, 1, 1)),
    fc.boolean(),
  )
  .map(([dares, others, accepts]) => turnOf([...others, ...dares], accepts))

/** What cannot be done by hand is not done. */
const attempt = (it: Sandbox, words: readonly string[]) => {
  try {
    it.edit(...words)
  } catch {
    expect(it.calls.length).toBeGreaterThan(0)
  }
}

/** The organization in which a turn is taken. */
export const stage = async ({ have, hand }: Turn): Promise<Sandbox> => {
  const ground = groundOf(sandbox({ state: peopled(), clock: stoppedClock(), limits: 'off' }))
  const applied = await ground.apply(have)
  expect(errorsIn(applied)).toEqual([])
  expect(applied.outcomes.filter(({ state }) => state !== 'done')).toEqual([])
  for (const words of hand) attempt(ground.sandbox, words)
  return ground.sandbox
}
