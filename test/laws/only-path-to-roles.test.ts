import { afterAll, describe, expect, test, vi } from 'vitest'
import { accessOf } from '../../src/access/access.js'
import { judge } from '../../src/access/judge.js'
import { rules } from '../../src/access/rules/index.js'
import type { Fact } from '../../src/model/grant.js'
import type { AccessChecked } from '../../src/model/result.js'
import { lots } from '../attacker/lots.js'
import { organizationOf } from '../attacker/organizations.js'
import type {
  Aws,
  AwsRole,
  Cluster,
  Outline,
  Pipeline,
  Team,
  TokenTerms,
  Trust,
} from '../attacker/outline.js'
import { principalsOf, type Principal } from '../attacker/principals.js'
import { trying } from '../attacker/roles.js'
import { search } from '../attacker/search.js'
import { admits, verdictOf } from './said.js'

// For each path into a role, organizations in which it is the only one; and for each check of AWS's that keeps somebody
// out, an organization that it alone keeps closed.

type Judging = Parameters<typeof judge>[1]

const judged = vi.hoisted((): { facts: unknown; judging: unknown } => ({ facts: [], judging: {} }))
const broken = vi.hoisted(() => ({ check: '' }))

vi.mock('../../src/access/judge.js', async (original) => {
  const whole = await original<typeof import('../../src/access/judge.js')>()
  return {
    ...whole,
    judge: (access: { facts: { all: unknown } }, judging: unknown) => {
      judged.facts = access.facts.all
      judged.judging = judging
      return whole.judge(access as never, judging as never)
    },
  }
})

vi.mock('../../src/sandbox/aws/authorize/statements.js', async (original) => {
  const whole = await original<typeof import('../../src/sandbox/aws/authorize/statements.js')>()
  const checks = { AWS: 'the trust, of a role that asks', Federated: 'the trust, of a token', Service: '' }
  return {
    ...whole,
    trustVerdictOf: (...given: Parameters<typeof whole.trustVerdictOf>) =>
      broken.check !== '' && broken.check === checks[given[1].kind]
        ? { denies: false, allows: 'principal' as const }
        : whole.trustVerdictOf(...given),
  }
})

vi.mock('../../src/sandbox/aws/authorize/identity.js', async (original) => {
  const whole = await original<typeof import('../../src/sandbox/aws/authorize/identity.js')>()
  return {
    ...whole,
    ownVerdictOf: (...given: Parameters<typeof whole.ownVerdictOf>) =>
      broken.check === 'the policies of a role that asks'
        ? { denied: undefined, identity: true, boundary: true, session: true }
        : whole.ownVerdictOf(...given),
  }
})

const team = (members: Team['members']): Team => ({
  members,
  createsPipelines: false,
  isDefault: false,
  defaultRole: 'member',
})

const cluster = (changes: Partial<Cluster> = {}): Cluster => ({
  maintainers: { users: [], teams: [] },
  queues: { deploy: { hosted: false } },
  defaultQueue: 'deploy',
  tokens: [],
  secret: null,
  ...changes,
})

const pipeline = (where: string, repository: string, teams: Pipeline['teams']): Pipeline => ({
  cluster: where,
  repository: `git@github.com:acme/${repository}.git`,
  teams,
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
})

const role = (trust: readonly Trust[], changes: Partial<AwsRole> = {}): AwsRole => ({
  trust,
  grown: [],
  claims: 'ids',
  fenced: false,
  asks: [],
  bounded: false,
  ...changes,
})

const terms = (pipeline: string, queue: string, changes: Partial<TokenTerms> = {}): Trust => ({
  by: 'token',
  pipeline,
  queue,
  audience: true,
  sub: 'organization',
  claims: ['organization_id', 'pipeline_id'],
  tag: null,
  ifExists: false,
  fenced: false,
  deny: null,
  ...changes,
})

const deploys: Trust = { by: 'job', pipeline: 'deploy', queue: 'production/deploy', branches: false }
const sites: Trust = { by: 'job', pipeline: 'site', queue: 'general/deploy', branches: false }

/** Production’s pipeline has a role, and nobody but cy has a hand in it; ada may run what she likes elsewhere. */
const closed = (roles: Aws['roles'], machines: Aws['machines'] = {}): Outline => ({
  teamsEnabled: true,
  people: ['ada', 'cy'],
  admins: [],
  teams: { web: team({ ada: 'member' }), release: team({ cy: 'member' }) },
  clusters: {
    production: cluster({ allow: { teams: ['release'], users: [] } }),
    general: cluster(),
  },
  defaultCluster: null,
  pipelines: {
    site: pipeline('general', 'site', { web: 'manage_build_and_read' }),
    deploy: pipeline('production', 'deploy', { release: 'build_and_read' }),
  },
  rules: [],
  invitations: [],
  template: false,
  portal: false,
  apiTokens: [],
  membersManageAgentTokens: false,
  membersDeletePipelines: false,
  hostedTerminals: false,
  aws: { roles, machines },
})

const agent = { role: 'management/agent', said: true }
const asker = (changes: Partial<Extract<Trust, { by: 'asker' }>> = {}): Trust => ({
  by: 'asker',
  role: 'management/agent',
  names: 'role',
  condition: null,
  deny: null,
  ...changes,
})

/** Machines of ada’s queue have a role of their own, which prod/web has come to trust. */
const chained = (grown: Trust, asks: AwsRole['asks']) =>
  closed(
    {
      'prod/web': role([deploys], { grown: [grown] }),
      'management/agent': role([{ by: 'machines' }], { asks }),
    },
    { 'general/deploy': agent },
  )

const asks = [{ role: 'prod/web', by: 'name' }] as const

interface Opening {
  readonly path: `R${number}`
  readonly what: string
  readonly outline: Outline
  readonly role?: string
  readonly by?: readonly [kind: Principal['kind'], who: string]
}

const ada = ['member', 'ada@acme.test'] as const
const anybody = ['outsider', 'anybody'] as const

const openings: readonly Opening[] = [
  ...(['ids', 'tags'] as const).map((claims): Opening => ({
    path: 'R55',
    what: `one pipeline more, by ${claims}`,
    outline: closed({ 'prod/web': role([deploys], { grown: [sites], claims }) }),
  })),
  ...[
    { what: 'a pipeline by its uuid', of: {} },
    { what: 'every job of a cluster', of: { claims: ['cluster_id', 'organization_id'] as const } },
    { what: 'every job of the organization', of: { claims: [] } },
    { what: 'a pipeline by its name', of: { sub: 'pipeline', claims: [] } as const },
    {
      what: 'names that begin alike, from its queue',
      of: { sub: 'letter', claims: [], tag: 'queue_key' } as const,
    },
    { what: 'whoever does not tell their cluster', of: { ifExists: true, claims: ['cluster_id'] as const } },
    { what: 'a branch of it', of: { sub: 'branch', claims: ['organization_id'] as const } as const },
  ].map(({ what, of }): Opening => ({
    path: 'R55',
    what,
    outline: closed({ 'prod/web': role([deploys], { grown: [terms('site', 'general/deploy', of)] }) }),
  })),
  ...[{ 'production/deploy': agent, 'general/deploy': agent }].map((machines): Opening => ({
    path: 'R56',
    what: 'machines of another queue with the same role',
    role: 'management/agent',
    outline: closed({ 'management/agent': role([{ by: 'machines' }]) }, machines),
  })),
  {
    path: 'R56',
    what: 'the role of a pipeline, on machines',
    outline: closed(
      { 'prod/web': role([deploys], { grown: [{ by: 'machines' }] }) },
      { 'general/deploy': { role: 'prod/web', said: true } },
    ),
  },
  {
    path: 'R56',
    what: 'machines that nobody says anything of',
    role: 'management/agent',
    outline: closed(
      { 'management/agent': role([{ by: 'machines' }]) },
      { 'production/deploy': agent, 'general/deploy': { role: 'management/agent', said: false } },
    ),
  },
  ...[
    { what: 'a role by its name', grown: asker() },
    { what: 'an account', grown: asker({ names: 'account' }) },
    { what: 'who knows an external id', grown: asker({ condition: 'external id' }) },
    { what: 'who is called right', grown: asker({ condition: 'session name' }) },
    { what: 'who tags the session', grown: asker({ condition: 'tag' }) },
    { what: 'who says so themselves', grown: asker({ condition: 'source identity' }) },
    { what: 'who is in the network', grown: asker({ condition: 'network' }) },
    { what: 'any account, but this role alone', grown: asker({ names: 'account', condition: 'principal' }) },
  ].map(({ what, grown }): Opening => ({ path: 'R57', what, outline: chained(grown, asks) })),
  ...[
    { what: 'a name in whatever organization', of: { sub: 'any organization' } as const },
    { what: 'anybody', of: { sub: 'any' } as const },
  ].map(({ what, of }): Opening => ({
    path: 'R58',
    what,
    by: anybody,
    outline: closed({
      'prod/web': role([deploys], { grown: [terms('deploy', 'production/deploy', { claims: [], ...of })] }),
    }),
  })),
  {
    path: 'R58',
    what: 'anybody, by the files themselves',
    by: anybody,
    outline: closed({
      'prod/web': role([
        deploys,
        terms('deploy', 'production/deploy', { claims: [], sub: 'any organization' }),
      ]),
    }),
  },
]

const effort = { depth: 1, states: 100, walks: 0 }

const principalIn = ({ outline, state }: ReturnType<typeof organizationOf>, [kind, who]: readonly string[]) =>
  principalsOf(state, outline.people, []).find((one) => one.kind === kind && one.who === who)!

/** Whether somebody comes to have a role, in the sandbox. */
const has = (
  organization: ReturnType<typeof organizationOf>,
  principal: Principal,
  name: string,
): boolean => {
  const { rolesOf } = trying(organization.state, organization.outline.aws!)
  const prizes = { names: [name], had: rolesOf }
  return search(organization.state, principal, [], {}, effort, lots(1), prizes).witnesses.has(name)
}

const plain = (outline: Outline) => organizationOf(JSON.parse(JSON.stringify(outline)) as Outline)

/** Whether the analyser lets somebody have a role, with some of its rules taken out. */
const isAdmitted = async (
  organization: ReturnType<typeof organizationOf>,
  principal: Principal,
  name: string,
) => {
  const checked = await verdictOf(organization, {})
  expect(checked.roles?.map((one) => one.role)).toContain(`role:${name}`)
  const { facts, judging } = judged as { facts: readonly Fact[]; judging: Judging }
  return (without: ReadonlySet<string>) => {
    const { queues, roles } = judge(
      accessOf(
        facts,
        rules.filter(({ path }) => !without.has(path)),
      ),
      judging,
    )
    const again = { queues, roles, expected: [] } as unknown as AccessChecked
    return admits(again, principal, organization.outline, name, 'role')
  }
}

const only = new Map<string, number>()
const deaths: string[] = []
afterAll(() => {
  console.info(
    [
      `the only way into a role, in so many organizations: ${[...only].map((one) => one.join(' ')).join(', ')}`,
      ...deaths,
    ].join('\n'),
  )
})

describe('a path that is the only way into a role', () => {
  test.each(openings.map((one) => [one.path, one.what, one] as const))(
    '%s: %s',
    async (path, _, { outline, role: name = 'prod/web', by = ada }) => {
      const organization = plain(outline)
      const principal = principalIn(organization, by)
      expect(has(organization, principal, name), 'somebody comes to have it').toBe(true)
      const admitted = await isAdmitted(organization, principal, name)
      expect(admitted(new Set()), 'the analyser lets them have it').toBe(true)
      expect(admitted(new Set([path])), 'and by no other path').toBe(false)
      only.set(path, (only.get(path) ?? 0) + 1)
    },
  )
})

/** By check of AWS's, an organization that it alone keeps closed to ada. */
const checks: Readonly<Record<string, Outline>> = {
  'the trust, of a token': closed({ 'prod/web': role([deploys]) }),
  'the trust, of a role that asks': chained(asker({ deny: 'role' }), asks),
  'the policies of a role that asks': chained(asker({ names: 'account' }), []),
}

describe('a check of AWS that the sandbox leaves out is noticed', () => {
  test.each(Object.entries(checks))('%s', async (check, outline) => {
    const organization = plain(outline)
    const principal = principalIn(organization, ada)
    const admitted = await isAdmitted(organization, principal, 'prod/web')
    expect(admitted(new Set()), 'the analyser keeps ada out').toBe(false)
    expect(has(organization, principal, 'prod/web'), 'and she stays out').toBe(false)
    broken.check = check
    try {
      expect(has(organization, principal, 'prod/web'), 'until nobody asks').toBe(true)
      deaths.push(`without ${check}, ada comes to have what is closed to her`)
    } finally {
      broken.check = ''
    }
  })
})
