import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { accessOf } from '../../src/access/access.js'
import { judge } from '../../src/access/judge.js'
import { ruleCards, rules } from '../../src/access/rules/index.js'
import type { AccessChecked } from '../../src/model/result.js'
import { sandbox } from '../../src/sandbox/index.js'
import type { Switches } from '../../src/sandbox/switches.js'
import { lots } from '../attacker/lots.js'
import { organizationOf, type Organization } from '../attacker/organizations.js'
import type { Cluster, Outline, Pipeline, Team } from '../attacker/outline.js'
import { principalsOf, type Principal } from '../attacker/principals.js'
import { search } from '../attacker/search.js'
import { tokenOf } from '../attacker/state.js'
import { TRUSTED } from '../attacker/texts.js'
import { deep } from '../support/law.js'
import { stoppedClock } from '../support/ground.js'
import { groundsIn, wantedIn } from './on-the-way.js'
import { admits, declarationIn } from './said.js'

// For each path that the attacker plays, organizations into which it is the only way: whoever takes it comes in, and the
// analyser that lacks its rule does not see it.

type Change = (outline: Outline) => Outline

/** A path, and what opens it in an organization in which nothing else is open. */
interface Opening {
  readonly path: `R${number}`
  readonly opens: Change
  /** Who comes in: what sort of principal, and who of them. */
  readonly by: readonly [kind: Principal['kind'], who: string]
  readonly switches?: Partial<Switches>
  /**
   * Rules that lead wherever this one leads, from whatever it starts from: it can be seen to be missing only where they
   * are missing, too.
   */
  readonly beside?: readonly `R${number}`[]
  readonly queue?: string
}

const team = (members: Team['members'] = {}, createsPipelines = false): Team => ({
  members,
  createsPipelines,
  isDefault: false,
  defaultRole: 'member',
})

const cluster = (changes: Partial<Cluster> = {}): Cluster => ({
  maintainers: { users: [], teams: [] },
  queues: { deploy: { hosted: false } },
  defaultQueue: 'deploy',
  tokens: ['agents'],
  secret: null,
  ...changes,
})

const pipeline = (where: string | null, repository: string, changes: Partial<Pipeline> = {}): Pipeline => ({
  cluster: where,
  repository: `git@github.com:acme/${repository}.git`,
  teams: {},
  steps: 'editor',
  template: false,
  createdBy: null,
  archived: false,
  public: false,
  branches: 'main',
  settings: { build_pull_requests: false, trigger_mode: 'none' },
  allowRebuilds: false,
  schedules: {},
  unfinished: [],
  ...changes,
})

/** Nobody comes in: cy is allowed; ada may do what she likes in a cluster of her own. */
const closed: Outline = {
  teamsEnabled: true,
  people: ['ada', 'cy'],
  admins: [],
  teams: { web: team({ ada: 'member' }), release: team({ cy: 'member' }), ops: team() },
  clusters: {
    production: cluster({ allow: { teams: ['release'], users: [] } }),
    general: cluster({ tokens: [] }),
  },
  defaultCluster: null,
  pipelines: {
    site: pipeline('general', 'site', { teams: { web: 'build_and_read' } }),
    deploy: pipeline('production', 'deploy', { teams: { release: 'build_and_read' } }),
  },
  rules: [],
  invitations: [],
  template: false,
  portal: false,
  apiTokens: [],
  membersManageAgentTokens: false,
  membersDeletePipelines: false,
  hostedTerminals: false,
}

const changed =
  (slug: string, changes: Partial<Pipeline>): Change =>
  (outline) => ({
    ...outline,
    pipelines: { ...outline.pipelines, [slug]: { ...outline.pipelines[slug]!, ...changes } },
  })

const given =
  (slug: string, level: Pipeline['teams'][string], to = 'web'): Change =>
  (outline) =>
    changed(slug, { teams: { ...outline.pipelines[slug]!.teams, [to]: level } })(outline)

const inCluster =
  (name: string, changes: Partial<Cluster>): Change =>
  (outline) => ({
    ...outline,
    clusters: { ...outline.clusters, [name]: { ...outline.clusters[name]!, ...changes } },
  })

const teamed =
  (slug: string, changes: Partial<Team>): Change =>
  (outline) => ({ ...outline, teams: { ...outline.teams, [slug]: { ...outline.teams[slug]!, ...changes } } })

const also =
  (changes: Partial<Outline>): Change =>
  (outline) => ({ ...outline, ...changes })

const all =
  (...some: readonly Change[]): Change =>
  (outline) =>
    some.reduce((now, change) => change(now), outline)

const rule = (source: string, target: string, type: 'trigger_build' | 'artifacts_read'): Change =>
  also({ rules: [{ type: `pipeline.${type}.pipeline`, source, target, conditions: [] }] })

/** A pipeline beside site that nobody may touch, and that may start deploy. */
const between = (changes: Partial<Pipeline> = {}): Change =>
  all(
    (outline) => ({
      ...outline,
      pipelines: { ...outline.pipelines, relay: pipeline('general', 'relay', changes) },
    }),
    rule('relay', 'deploy', 'trigger_build'),
  )

const ada = ['member', 'ada@acme.test'] as const
const pushes = { build_pull_requests: false, trigger_mode: 'code' }

const openings: readonly Opening[] = [
  {
    path: 'R1',
    opens: all(also({ defaultCluster: 'production' }), teamed('web', { createsPipelines: true })),
    by: ada,
    switches: { fullAccessMovesToDefault: false },
  },
  {
    path: 'R2',
    opens: all(
      inCluster('production', { maintainers: { users: ['ada'], teams: [] } }),
      teamed('web', { createsPipelines: true }),
    ),
    by: ada,
    beside: ['R3', 'R26'],
  },
  {
    path: 'R3',
    opens: inCluster('production', { maintainers: { users: [], teams: ['web'] } }),
    by: ada,
    switches: { moveIntoCluster: 'maintainer' },
    beside: ['R26'],
  },
  {
    path: 'R4',
    opens: changed('deploy', { createdBy: 'ada' }),
    by: ada,
    switches: { creatorKeepsFullAccess: true },
  },
  { path: 'R5', opens: given('deploy', 'build_and_read'), by: ada, beside: ['R6', 'R7'] },
  { path: 'R6', opens: given('deploy', 'build_and_read'), by: ada, beside: ['R5', 'R7'] },
  {
    path: 'R7',
    opens: all(given('deploy', 'build_and_read'), changed('deploy', { allowRebuilds: true })),
    by: ada,
    beside: ['R5', 'R6'],
  },
  {
    path: 'R8',
    opens: changed('deploy', { settings: pushes }),
    by: ['pusher', 'github.com/acme/deploy'],
  },
  {
    path: 'R9',
    opens: changed('deploy', {
      settings: { trigger_mode: 'code', build_pull_requests: true, build_pull_request_forks: true },
    }),
    by: ['outsider', 'anybody'],
  },
  {
    path: 'R10',
    opens: changed('deploy', { settings: { ...pushes, build_check_run_completed: true } }),
    by: ['pusher', 'github.com/acme/deploy'],
    beside: ['R8'],
  },
  { path: 'R11', opens: changed('deploy', { settings: pushes }), by: ['webhook URL', 'deploy'] },
  { path: 'R12', opens: all(), by: ['trigger URL', 'deploy'] },
  { path: 'R13', opens: changed('deploy', { schedules: { nightly: 'ada' } }), by: ada },
  {
    path: 'R14',
    opens: all(changed('site', { settings: pushes }), between()),
    by: ['pusher', 'github.com/acme/site'],
  },
  {
    path: 'R15',
    opens: all(
      changed('site', { schedules: { nightly: 'ada' } }),
      given('site', 'build_and_read', 'ops'),
      between({ teams: { ops: 'build_and_read' } }),
    ),
    by: ada,
    beside: ['R14'],
  },
  { path: 'R16', opens: rule('site', 'deploy', 'trigger_build'), by: ada },
  {
    path: 'R17',
    opens: all(rule('deploy', 'site', 'artifacts_read'), changed('deploy', { steps: 'artifact' })),
    by: ada,
  },
  {
    path: 'R18',
    opens: between({ steps: 'artifact', teams: { web: 'read_only' } }),
    by: ada,
    beside: ['R14', 'R15'],
  },
  {
    path: 'R19',
    opens: changed('deploy', { createdBy: 'ada' }),
    by: ada,
    switches: { creatorKeepsFullAccess: true },
    beside: ['R32'],
  },
  {
    path: 'R21',
    opens: all(
      (outline) => ({
        ...outline,
        teams: {
          ops: team({ ada: 'member' }),
          web: outline.teams['web']!,
          release: outline.teams['release']!,
        },
      }),
      changed('deploy', { steps: 'block' }),
      given('deploy', 'read_only', 'ops'),
    ),
    by: ada,
  },
  { path: 'R22', opens: also({ teamsEnabled: false }), by: ada },
  { path: 'R24', opens: also({ admins: ['ada'] }), by: ada },
  {
    path: 'R26',
    opens: inCluster('production', { maintainers: { users: ['ada'], teams: [] } }),
    by: ada,
    beside: ['R3'],
  },
  { path: 'R27', opens: also({ membersManageAgentTokens: true }), by: ada },
  { path: 'R28', opens: all(also({ apiTokens: ['cy'] })), by: ['API token', 'cy@acme.test'] },
  { path: 'R32', opens: all(), by: ['agent token', 'production/agents'] },
  {
    path: 'R35',
    opens: all(also({ portal: true, template: true }), changed('deploy', { template: true })),
    by: ['portal', 'starter'],
    beside: ['R24'],
  },
  {
    path: 'R37',
    opens: all(
      inCluster('production', { secret: { holds: 'agent token', policy: 'none' } }),
      changed('deploy', { createdBy: 'ada' }),
    ),
    by: ada,
    beside: ['R19', 'R32'],
  },
  {
    path: 'R39',
    opens: all(
      inCluster('production', { queues: { deploy: { hosted: true } } }),
      changed('deploy', { createdBy: 'ada' }),
    ),
    by: ada,
    beside: ['R19', 'R32'],
  },
  {
    path: 'R44',
    opens: all(given('deploy', 'manage_build_and_read'), changed('deploy', { archived: true })),
    by: ada,
    beside: ['R4', 'R7'],
  },
  { path: 'R49', opens: changed('deploy', { unfinished: ['ada'] }), by: ada },
  {
    path: 'R50',
    opens: all(given('deploy', 'read_only'), teamed('web', { members: { ada: 'maintainer' } })),
    by: ada,
    switches: { teamMaintainerChangesLevels: true },
  },
  {
    path: 'R52',
    opens: all(
      (outline) => ({
        ...outline,
        pipelines: {
          ...outline.pipelines,
          cached: pipeline('production', 'cached', { steps: 'cache', createdBy: 'ada' }),
        },
      }),
      changed('deploy', { steps: 'cache' }),
    ),
    by: ada,
    beside: ['R19', 'R32'],
  },
]

/** Paths that are played by nobody, or that are never the only one, and why. */
const otherwise: Readonly<Record<string, string>> = {
  R23: 'whoever maintains a team is in it: the rule is about those whom they would add',
  R34: 'jobs that share machines without a cluster are not played: rules/R34 holds it to its table',
  R43: 'names that others take over are not played: rules/R43 holds it to its table',
  R45: 'an agent that is there already is somebody only by what it is called: rules/R45 holds it to its table',
  ...Object.fromEntries(
    ['R55', 'R56', 'R57', 'R58'].map((path) => [
      path,
      'ways into roles: only-path-to-roles.test.ts has them',
    ]),
  ),
  R51: 'what whoever left can do is what those can who hold what they know: R11, R12, R32',
}

test('every path that is played out has such organizations, or a reason not to', () => {
  const played = ruleCards.filter(({ replayable }) => replayable).map(({ path }) => path)
  const told = new Set([...openings.map(({ path }) => path), ...Object.keys(otherwise)])
  expect(played.filter((path) => !told.has(path))).toEqual([])
  expect(openings.filter(({ path }) => path in otherwise)).toEqual([])
})

/** What makes no difference: whoever is allowed may do more, and elsewhere there is more. */
const harmless: readonly Change[] = [
  all(),
  (outline) => ({ ...outline, pipelines: { ...outline.pipelines, docs: pipeline('general', 'docs') } }),
  (outline) => ({
    ...outline,
    clusters: {
      ...outline.clusters,
      lab: cluster({ tokens: [], queues: { default: { hosted: false } }, defaultQueue: null }),
    },
  }),
  (outline) => ({ ...outline, teams: { ...outline.teams, quiet: team({ cy: 'maintainer' }) } }),
  inCluster('general', { queues: { deploy: { hosted: false }, default: { hosted: false } } }),
  (outline) => ({
    ...outline,
    people: [...outline.people, 'bob'],
    pipelines: { ...outline.pipelines, old: pipeline('general', 'old', { archived: true }) },
  }),
]

const drawn = (seed: number): readonly Change[] =>
  fc.sample(
    fc.subarray([...harmless], { minLength: 1 }).map((some) => all(...some)),
    { numRuns: deep ? 6 : 2, seed },
  )

const effort = { depth: 3, states: 1500, walks: 0 }

/** Whether the analyser lets somebody in, with some of its rules taken out. */
const isAdmitted = async (
  { outline, state, declaration }: Organization,
  principal: Principal,
  queue: string,
  switches: Partial<Switches>,
) => {
  const it = sandbox({ state, clock: stoppedClock(), limits: 'off', switches })
  const wanted = wantedIn(declarationIn({ outline, declaration }, switches))
  const { access, judging } = await groundsIn(it, wanted, tokenOf(TRUSTED))
  return (without: ReadonlySet<string>) => {
    const left = accessOf(
      access.facts.all,
      rules.filter(({ path }) => !without.has(path)),
    )
    const { queues } = judge(left, judging)
    return admits({ queues, expected: [] } as unknown as AccessChecked, principal, outline, queue)
  }
}

const only = new Map<string, number>()
afterAll(() => {
  console.info(
    `the only way in, in so many organizations: ${[...only].map((one) => one.join(' ')).join(', ')}`,
  )
})

describe('a path that is the only way into an organization', () => {
  test.each(openings.map((one) => [one.path, one] as const))(
    '%s',
    async (path, { opens, by: [kind, who], switches = {}, beside = [], queue = 'production/deploy' }) => {
      for (const decoration of drawn(Number(path.slice(1)))) {
        const organization = organizationOf(JSON.parse(JSON.stringify(opens(decoration(closed)))) as Outline)
        const { outline, state } = organization
        const principal = principalsOf(state, outline.people, []).find(
          (one) => one.kind === kind && one.who === who,
        )!
        const { witnesses } = search(state, principal, [queue], switches, effort, lots(1))
        expect([...witnesses.keys()], 'somebody comes in').toEqual([queue])
        const admitted = await isAdmitted(organization, principal, queue, switches)
        expect(admitted(new Set()), 'the analyser lets them in').toBe(true)
        expect(admitted(new Set(beside)), 'by this path').toBe(true)
        expect(admitted(new Set([...beside, path])), 'and by no other').toBe(false)
        only.set(path, (only.get(path) ?? 0) + 1)
      }
    },
  )
})

test('nobody comes in where nothing is open', async () => {
  for (const decoration of drawn(0)) {
    const organization = organizationOf(JSON.parse(JSON.stringify(decoration(closed))) as Outline)
    const { outline, state } = organization
    const principal = principalsOf(state, outline.people, []).find(({ who }) => who === ada[1])!
    const admitted = await isAdmitted(organization, principal, 'production/deploy', {})
    expect(admitted(new Set())).toBe(false)
    const { witnesses } = search(state, principal, ['production/deploy'], {}, effort, lots(1))
    expect([...witnesses.keys()]).toEqual([])
  }
})
