import fc from 'fast-check'
import { addRole } from '../../src/sandbox/aws/seed.js'
import type { Sandbox } from '../../src/sandbox/index.js'
import { closed, everything, type Privileged, type Turn } from './privileged.js'

/** A role as the files have it, to be changed piece by piece. */
interface Role {
  trust: object[]
  claims?: 'ids' | 'tags'
  description?: string
  may_assume?: string[]
  instance_profile?: true
  inline_policies?: Record<string, object>
  permissions_boundary?: string | null
  tags?: Record<string, string>
}

/** The same, with two accounts and the roles of its queues and pipelines. */
export interface PrivilegedRoles extends Privileged {
  aws: { accounts: object; oidc_providers: object; roles: Record<string, Role> }
}

/** What there is, what is wanted, and whether somebody makes a role anew by hand between the two. */
interface Scene {
  readonly have: PrivilegedRoles
  readonly want: PrivilegedRoles
  again?: string
}

type Act = (scene: Scene) => void

/** A turn of an organization with roles. */
export interface RolesTurn extends Turn {
  readonly want: PrivilegedRoles
  /** A role that somebody deletes and makes anew under the same name, before what is wanted is planned. */
  readonly again?: string
}

const ids = { management: '111111111111', prod: '333333333333' }
const issuer = 'agent.buildkite.com'

const ofInstances = (): Role => ({ trust: [{ service: 'ec2.amazonaws.com' }], instance_profile: true })
const of = (pipeline: string, queue: string) => ({ pipeline, queue })

/** Each queue's machines have a role, each pipeline that deploys has one, and one is for whatever deploys. */
const base = (): PrivilegedRoles => {
  const { clusters, manage, ...rest } = closed()
  clusters['general']!.queues['default'] = { instance_role: 'management/agent-general' }
  clusters['production']!.queues['deploy'] = { instance_role: 'management/agent-deploy' }
  clusters['mobile']!.queues['macs'] = { instance_role: 'none' }
  return {
    ...rest,
    clusters,
    manage: { ...manage, roles: 'remove', instance_profiles: 'remove' },
    aws: {
      accounts: {
        management: { id: ids.management, region: 'eu-west-1' },
        prod: { id: ids.prod, region: 'eu-west-1', assume_role: 'bridle-admin' },
      },
      oidc_providers: { [`prod/${issuer}`]: {} },
      roles: {
        'management/agent-deploy': { ...ofInstances(), may_assume: ['prod/report'] },
        'management/agent-general': ofInstances(),
        'management/agent-other': ofInstances(),
        'prod/report': { trust: [{ role: 'management/agent-deploy' }] },
        'prod/deploy': { trust: [of('deploy', 'production/deploy')] },
        'prod/nightly': { trust: [of('nightly', 'production/deploy')] },
        'prod/app': { trust: [of('app', 'mobile/macs')] },
      },
    },
  }
}

const statement = (Principal: object, Action: string, Condition?: object) => ({
  document: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action, ...(Condition && { Condition }) }],
  },
})

/** A trust by hand that knows a pipeline by its name, wherever it runs. */
const byName = (slug: string) =>
  statement(
    { Federated: `arn:aws:iam::${ids.prod}:oidc-provider/${issuer}` },
    'sts:AssumeRoleWithWebIdentity',
    {
      StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' },
      StringLike: { [`${issuer}:sub`]: `organization:acme:pipeline:${slug}:ref:refs/heads/*` },
    },
  )

/** A trust by hand that names a role of the machines. */
const byRole = (agent: string) =>
  statement({ AWS: `arn:aws:iam::${ids.management}:role/buildkite/${agent}` }, 'sts:AssumeRole')

/** A policy by hand that lets machines ask for the role of whatever deploys. */
const asking = () => ({
  report: {
    document: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Resource: `arn:aws:iam::${ids.prod}:role/buildkite/report`,
        },
      ],
    },
  },
})

const narrow = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'

const target = fc.constantFrom('prod/deploy', 'prod/nightly', 'prod/report')
const agent = fc.constantFrom('agent-general', 'agent-other')
const team = fc.constantFrom('web', 'data')
const given = fc.constantFrom('build_and_read', 'manage_build_and_read')
const outside = fc.constantFrom('web', 'api', 'docs')

/** Only those of a cluster may build, or start to. */
const shut = (scene: PrivilegedRoles, slug: string) => {
  scene.pipelines[slug]!.teams = { release: 'manage_build_and_read' }
}

const trusting = ({ aws }: PrivilegedRoles, role: string, ...more: object[]) => {
  aws.roles[role]!.trust.push(...more)
}

/** The machines of the general queue have this role by the files. */
const carries = ({ want }: Scene, name: string) => {
  want.clusters['general']!.queues['default'] = { instance_role: `management/${name}` }
}

/** A role of machines, as it is and as it is wanted. */
const rolesOf = ({ have, want }: Scene, name: string): readonly [Role, Role] => [
  have.aws.roles[`management/${name}`]!,
  want.aws.roles[`management/${name}`]!,
]

/** What takes and gives at once: halfway there is somebody who never had it and never will, if the order is wrong. */
export const stories = {
  'a pipeline moves to other people when no role of these trusts it any more': target.map(
    (role): Act =>
      ({ have, want }) => {
        shut(have, 'app')
        have.pipelines['app']!.cluster = 'production'
        trusting(have, role, byName('app'))
        want.pipelines['app']!.teams = { data: 'manage_build_and_read' }
      },
  ),
  'a role trusts a pipeline when it has moved away from other people': target.map(
    (role): Act =>
      ({ have, want }) => {
        have.pipelines['app']!.teams = { data: 'manage_build_and_read' }
        shut(want, 'app')
        want.pipelines['app']!.cluster = 'production'
        trusting(want, role, byName('app'))
      },
  ),
  'a trust widens to a pipeline that moves in': fc
    .tuple(outside, target, team)
    .map(([slug, role, who]): Act => ({ have, want }) => {
      have.pipelines[slug]!.teams = { [who]: 'manage_build_and_read' }
      shut(want, slug)
      want.pipelines[slug]!.cluster = 'production'
      trusting(want, role, byName(slug))
    }),
  'a pipeline moves out when no role trusts it any more': fc
    .tuple(outside, target, team)
    .map(([slug, role, who]): Act => ({ have, want }) => {
      shut(have, slug)
      have.pipelines[slug]!.cluster = 'production'
      trusting(have, role, byName(slug))
      want.pipelines[slug]!.teams = { [who]: 'manage_build_and_read' }
    }),
  'machines ask for a role when it does not trust them any more': agent.map((name): Act => (scene) => {
    carries(scene, name)
    trusting(scene.have, 'prod/report', byRole(name))
    scene.want.aws.roles[`management/${name}`]!.inline_policies = asking()
  }),
  'a role trusts machines when they do not ask for it any more': agent.map((name): Act => (scene) => {
    carries(scene, name)
    scene.have.aws.roles[`management/${name}`]!.inline_policies = asking()
    scene.want.aws.roles[`management/${name}`]!.inline_policies = {}
    trusting(scene.want, 'prod/report', byRole(name))
  }),
  'a boundary goes when no role trusts what it held back': agent.map((name): Act => (scene) => {
    carries(scene, name)
    trusting(scene.have, 'prod/report', byRole(name))
    const [had, has] = rolesOf(scene, name)
    Object.assign(had, { inline_policies: asking(), permissions_boundary: narrow })
    Object.assign(has, { inline_policies: asking(), permissions_boundary: null })
  }),
  'a role trusts machines when a boundary holds them back': agent.map((name): Act => (scene) => {
    carries(scene, name)
    trusting(scene.want, 'prod/report', byRole(name))
    const [had, has] = rolesOf(scene, name)
    Object.assign(had, { inline_policies: asking(), permissions_boundary: null })
    Object.assign(has, { inline_policies: asking(), permissions_boundary: narrow })
  }),
  'a trust means a role that was made anew when that does not ask any more': fc.constant<Act>((scene) => {
    // It is named by the id of the one that is gone, and means nobody until it is written again.
    scene.again = 'agent-general'
    for (const one of [scene.have, scene.want]) trusting(one, 'prod/report', byRole('agent-general'))
    scene.want.aws.roles['management/agent-general']!.inline_policies = {}
  }),
} as const

/** The same within one role: its own calls are in an order that is right whichever way it goes. */
export const ofOneRole = {
  'a boundary goes when what it held back is gone': agent.map((name): Act => (scene) => {
    carries(scene, name)
    for (const one of [scene.have, scene.want]) trusting(one, 'prod/report', byRole(name))
    const [had, has] = rolesOf(scene, name)
    Object.assign(had, { inline_policies: asking(), permissions_boundary: narrow })
    Object.assign(has, { inline_policies: {}, permissions_boundary: null })
  }),
  'a boundary is there before what it holds back': agent.map((name): Act => (scene) => {
    carries(scene, name)
    for (const one of [scene.have, scene.want]) trusting(one, 'prod/report', byRole(name))
    const [had, has] = rolesOf(scene, name)
    Object.assign(had, { inline_policies: {}, permissions_boundary: null })
    Object.assign(has, { inline_policies: asking(), permissions_boundary: narrow })
  }),
} as const

/** Changes that give nobody anything, or to everybody at once. */
const beside: readonly fc.Arbitrary<Act>[] = [
  target.map((role) => ({ want }) => {
    want.aws.roles[role]!.description = 'Another one'
  }),
  target.map((role) => ({ want }) => {
    want.aws.roles[role]!.claims = 'tags'
  }),
  fc.constant(({ want }: Scene) => {
    want.aws.roles['prod/deploy']!.tags = { team: 'web' }
  }),
  fc.constant(({ have }: Scene) => {
    have.aws.roles['prod/old'] = { trust: [of('deploy', 'production/deploy'), byName('docs')] }
  }),
  fc.constant(({ want }: Scene) => {
    want.aws.roles['prod/fresh'] = { trust: [of('nightly', 'production/deploy')] }
  }),
  // One that is of other machines from now on, and may become what those of before might.
  fc.constant(({ have, want }: Scene) => {
    have.aws.roles['management/agent-other']!.may_assume = ['prod/nightly']
    have.aws.roles['prod/nightly'] = { trust: [{ role: 'management/agent-other' }] }
    want.clusters['production']!.queues['deploy'] = { instance_role: 'management/agent-other' }
    want.aws.roles['management/agent-other']!.may_assume = ['prod/report']
    want.aws.roles['management/agent-deploy']!.may_assume = []
    want.aws.roles['prod/report'] = { trust: [{ role: 'management/agent-other' }] }
  }),
  fc.tuple(fc.constantFrom('deploy', 'nightly'), team).map(([slug, who]) => ({ want }) => {
    want.pipelines[slug]!.cluster = 'general'
    want.pipelines[slug]!.teams = { [who]: 'manage_build_and_read' }
  }),
  fc.tuple(fc.constantFrom('deploy', 'nightly'), team, given).map(([slug, who, level]) => ({ have }) => {
    have.pipelines[slug]!.teams[who] = level
  }),
]

const turnOf = (acts: readonly Act[]): RolesTurn => {
  const scene: Scene = { have: base(), want: base() }
  for (const act of acts) act(scene)
  const { have, want, again } = scene
  for (const cluster of Object.values(have.clusters)) delete cluster.allow
  // Who the machines are is for the files that say who is allowed.
  for (const { queues } of Object.values(have.clusters))
    for (const queue of Object.values(queues)) delete queue.instance_role
  return { have, hand: [], want: { ...want, accept: everything }, ...(again !== undefined && { again }) }
}

/** Turns in which just one thing takes and gives. */
export const told = (story: fc.Arbitrary<Act>): fc.Arbitrary<RolesTurn> => story.map((act) => turnOf([act]))

/** Turns in which one or two things take and give, and something happens beside. */
export const roleTurns: fc.Arbitrary<RolesTurn> = fc
  .tuple(
    fc.array(fc.oneof(...Object.values(stories), ...Object.values(ofOneRole)), {
      minLength: 1,
      maxLength: 2,
    }),
    fc.array(fc.oneof(...beside), { maxLength: 1 }),
  )
  .map(([acts, others]) => turnOf([...others, ...acts]))

/** Somebody with the console deletes a role of machines and makes it anew: it may ask for what it could not before. */
export const madeAnew = (it: Sandbox, name: string): void => {
  it.edit('delete', `instance-profile:${ids.management}/${name}`)
  it.edit('delete', `role:${ids.management}/${name}`)
  addRole(it.state, {
    account: ids.management,
    name,
    path: '/buildkite/',
    tags: { 'managed-by': 'bridle' },
    trust: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    inline: { report: asking().report.document },
  })
}
