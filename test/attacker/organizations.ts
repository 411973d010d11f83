import fc from 'fast-check'
import { awsDeclarationOf } from './aws.js'
import { declarationOf } from './declared.js'
import type { Cluster, Invitation, Level, Outline, Pipeline, Role, Rule, Team } from './outline.js'
import { stateOf } from './state.js'
import type { State } from '../../src/sandbox/state.js'

/** An organization as it is, and files that declare all that is there. */
export interface Organization {
  readonly outline: Outline
  readonly state: State
  readonly declaration: object
}

export const organizationOf = (outline: Outline): Organization => {
  const state = stateOf(outline)
  return {
    outline,
    state,
    declaration: {
      ...declarationOf(outline),
      ...(outline.aws && { aws: awsDeclarationOf(state, outline.aws) }),
    },
  }
}

const PEOPLE = ['ada', 'bob', 'cy', 'dee']
const TEAMS = ['everyone', 'web', 'release', 'ops']
const CLUSTERS = ['production', 'general', 'staging']
const PIPELINES = ['deploy', 'web', 'infra', 'api', 'docs']
const REPOSITORIES = ['git@github.com:acme/web.git', 'git@github.com:acme/infra.git']

/** True once in a while. */
export const seldom = (oneIn: number): fc.Arbitrary<boolean> =>
  fc.nat({ max: oneIn - 1 }).map((n) => n === oneIn - 1)

/** The first, mostly. */
export const mostly = <T>(often: T, weight: number, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight, arbitrary: fc.constant(often) },
    ...others.map((one) => ({ weight: 1, arbitrary: fc.constant(one) })),
  )

const role: fc.Arbitrary<Role> = mostly<Role>('member', 7, 'maintainer')

/** Each key is there once in so many times. */
const some = <T>(keys: readonly string[], oneIn: number, value: fc.Arbitrary<T>) =>
  fc
    .tuple(...keys.map((key) => fc.tuple(seldom(oneIn), value).map(([is, it]) => (is ? [[key, it]] : []))))
    .map((pairs): Record<string, T> => Object.fromEntries(pairs.flatMap((pair) => pair)))

const few = (keys: readonly string[], oneIn: number) =>
  some(keys, oneIn, fc.constant(true)).map((chosen) => Object.keys(chosen))

const team = (slug: string, people: readonly string[]): fc.Arbitrary<Team> =>
  fc.record({
    members:
      slug === 'everyone'
        ? fc.constant(Object.fromEntries(people.map((name) => [name, 'member' as const])))
        : some(people, slug === 'ops' ? 4 : 3, role),
    createsPipelines: seldom(slug === 'release' ? 2 : 4),
    isDefault: slug === 'everyone' ? fc.constant(true) : seldom(12),
    defaultRole: mostly<Role>('member', 9, 'maintainer'),
  })

const cluster = (privileged: boolean, world: Drawn): fc.Arbitrary<Cluster> =>
  fc.constantFrom(['deploy'], ['deploy', 'default']).chain((keys) =>
    fc.record({
      ...(privileged && {
        allow: fc.record({
          teams: fc.constant(world.teams.includes('release') ? ['release'] : []),
          users: few(world.people, 5),
        }),
      }),
      maintainers: fc.record({
        users: few(world.people, privileged ? 8 : 6),
        teams: few(world.teams, privileged ? 12 : 10),
      }),
      queues: fc
        .tuple(...keys.map((key) => seldom(6).map((hosted) => [key, { hosted }] as const)))
        .map((pairs) => Object.fromEntries(pairs)),
      defaultQueue: fc.constantFrom(...keys, null),
      tokens: mostly<readonly string[]>(['agents'], 5, []),
      secret: mostly<Cluster['secret']>(
        null,
        6,
        { holds: 'agent token', policy: 'none' },
        { holds: 'agent token', policy: 'pipeline' },
        { holds: 'nothing', policy: 'none' },
      ),
    }),
  )

const events = [
  'build_tags',
  'build_pull_requests',
  'build_issue_comment_created',
  'build_release_published',
  'build_check_run_completed',
  'build_create_event',
]

const settings: fc.Arbitrary<Pipeline['settings']> = fc
  .tuple(
    some<boolean | string>(events, 6, fc.constant(true)),
    seldom(7),
    mostly('code', 10, 'none', 'fork', 'deployment'),
  )
  .map(([chosen, forks, mode]) => ({
    build_pull_requests: false,
    ...chosen,
    ...(forks && { build_pull_requests: true, build_pull_request_forks: true }),
    ...(mode !== 'code' && { trigger_mode: mode }),
  }))

const steps = mostly<Pipeline['steps']>(
  'editor',
  6,
  'repository',
  'repository',
  'block',
  'gate',
  'artifact',
  'cache',
  'meta-data',
  'trigger',
  'secret',
)

const pipeline = (slug: string, world: Drawn): fc.Arbitrary<Pipeline> =>
  fc
    .tuple(
      seldom(10),
      fc.constantFrom(...world.clusters, ...(slug === 'deploy' ? ['production', 'production'] : [])),
    )
    .chain(([isNowhere, cluster]) => {
      const where = isNowhere ? null : cluster
      const isPrivileged = where !== null && world.privileged.includes(where)
      const allowed = isPrivileged ? world.teams.filter((one) => one === 'release') : world.teams
      const level = mostly<Level>('build_and_read', 2, 'manage_build_and_read', 'read_only')
      return fc.record({
        cluster: fc.constant(where),
        repository: fc.constantFrom(...REPOSITORIES),
        teams: fc
          .tuple(
            some(allowed, 2, level),
            // Others may watch; once in a while somebody has given them more.
            some(world.teams, 3, isPrivileged ? mostly<Level>('read_only', 2, 'build_and_read') : level),
          )
          .map(([own, others]) => ({ ...others, ...own })),
        steps,
        template: seldom(10),
        createdBy: fc
          .tuple(seldom(16), fc.constantFrom(null, ...world.people))
          .map(([is, by]) => (is ? by : null)),
        archived: seldom(12),
        public: seldom(16),
        branches: mostly<string | null>('main', 2, null),
        settings,
        allowRebuilds: fc.boolean(),
        schedules: some(['nightly'], 5, mostly<string | null>(null, 5, ...world.people)),
        unfinished: few(world.people, 24),
      })
    })

const rule = (slugs: readonly string[]): fc.Arbitrary<Rule> =>
  fc.record({
    type: fc.constantFrom('pipeline.trigger_build.pipeline', 'pipeline.artifacts_read.pipeline'),
    source: fc.constantFrom(...slugs),
    target: fc.constantFrom(...slugs),
    conditions: fc.subarray(["source.build.branch == 'main'", "source.build.message != 'x'"]),
  })

const invitation = (teams: readonly string[]): fc.Arbitrary<Invitation> =>
  fc.record({ name: fc.constant('ivy'), admin: seldom(8), teams: some(teams, 3, role) })

/** What everything else refers to. */
interface Drawn {
  readonly people: readonly string[]
  readonly teams: readonly string[]
  readonly clusters: readonly string[]
  readonly privileged: readonly string[]
  readonly pipelines: readonly string[]
}

const drawn: fc.Arbitrary<Drawn> = fc
  .record({
    people: fc.subarray(PEOPLE, { minLength: 1 }),
    teams: fc.subarray(TEAMS, { minLength: 1 }),
    clusters: fc.subarray(CLUSTERS, { minLength: 2 }),
    pipelines: fc.subarray(PIPELINES, { minLength: 1 }),
    both: seldom(5),
  })
  .map(({ clusters, both, ...rest }) => {
    const all = clusters.includes('production') ? clusters : ['production', ...clusters]
    return {
      ...rest,
      clusters: all,
      privileged: both && all.includes('staging') ? ['production', 'staging'] : ['production'],
    }
  })

const keyed = <T>(keys: readonly string[], value: (key: string) => fc.Arbitrary<T>) =>
  fc
    .tuple(...keys.map((key) => value(key).map((it) => [key, it] as const)))
    .map((pairs): Record<string, T> => Object.fromEntries(pairs))

/** Organizations of which somewhere between a quarter and three quarters can be reached by those who should not. */
export const outlines: fc.Arbitrary<Outline> = drawn.chain((world) =>
  fc
    .record({
      teamsEnabled: seldom(24).map((is) => !is),
      people: fc.constant(world.people),
      admins: few(world.people, 40),
      teams: keyed(world.teams, (slug) => team(slug, world.people)),
      clusters: keyed(world.clusters, (name) => cluster(world.privileged.includes(name), world)),
      defaultCluster: fc.constantFrom(
        ...world.clusters.filter((name) => name !== 'production'),
        ...world.clusters,
        null,
      ),
      pipelines: keyed(world.pipelines, (slug) => pipeline(slug, world)),
      rules: fc.uniqueArray(rule(world.pipelines), {
        maxLength: 2,
        selector: ({ type, source, target }) => `${type} ${source} ${target}`,
      }),
      invitations: fc.array(invitation(world.teams), { maxLength: 1 }),
      portal: seldom(8),
      apiTokens: few(world.people, 5),
      membersManageAgentTokens: seldom(16),
      membersDeletePipelines: fc.boolean(),
      hostedTerminals: fc.boolean(),
    })
    .map((outline) => ({
      ...outline,
      rules: outline.rules.filter(({ source, target }) => source !== target),
      template: Object.values(outline.pipelines).some(({ template }) => template),
    })),
)
