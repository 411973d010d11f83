import { beforeAll, describe, expect, test } from 'vitest'
import { roleCodes } from '../../src/model/role-codes.js'
import { whoParts } from '../../src/report/access-who.js'
import { errorsIn, fresh, type Ground } from '../support/ground.js'
import { declaration } from '../support/privileged-ground.js'

/** A queue with a role, a role of a pipeline, and one that is chained. */
const files = (change: (roles: Roles) => void = () => undefined) => {
  const roles: Roles = {
    'prod/deploy': { trust: [{ pipeline: 'deploy', queue: 'production/deploy' }] },
    'prod/report': { trust: [{ role: 'management/agent' }] },
    'management/agent': {
      trust: [{ service: 'ec2.amazonaws.com' }],
      instance_profile: true,
      may_assume: ['prod/report'],
    },
  }
  change(roles)
  return {
    ...declaration,
    clusters: {
      general: { default_queue: 'default', queues: { default: { instance_role: 'none' } } },
      production: {
        allow: { teams: ['release'] },
        queues: { deploy: { instance_role: 'management/agent' } },
      },
    },
    aws: {
      accounts: {
        management: { id: '111111111111', region: 'eu-west-1' },
        prod: {
          id: '333333333333',
          region: 'eu-west-1',
          assume_role: 'bridle-admin',
          external_id: 'acme-bridle',
        },
      },
      oidc_providers: { 'prod/agent.buildkite.com': {} },
      roles,
    },
  }
}

type Roles = Record<string, { trust: object[]; instance_profile?: true; may_assume?: string[] }>

/** One more way into the role of production’s pipeline. */
const loose = files((roles) =>
  roles['prod/deploy']?.trust.push({ pipeline: 'web', queue: 'general/default' }),
)

const codesIn = (result: { findings: readonly { code: string; severity: string }[] }) =>
  new Set(result.findings.filter(({ severity }) => severity === 'error').map(({ code }) => code))

describe('roles of AWS', () => {
  let ground: Ground
  beforeAll(async () => {
    ground = fresh()
    const applied = await ground.apply(files(), { allowWidening: true })
    expect(errorsIn(applied)).toEqual([])
    expect(applied.outcomes.filter(({ state }) => state !== 'done')).toEqual([])
  })

  test('are judged like the queues that lead to them', async () => {
    const { roles } = await ground.check(files())
    expect(roles?.map(({ role, verdict }) => `${role} ${verdict}`)).toEqual([
      'role:management/agent assumed',
      'role:prod/deploy assumed',
      'role:prod/report assumed',
    ])
    expect(
      roles?.flatMap(({ reachers }) => reachers).filter(({ shortest }) => shortest.sureness === 'open'),
    ).toEqual([])
  })

  test('are assumed by those who are allowed, each by a way of their own', async () => {
    const { reachers } = await ground.who(files(), 'role:prod/report')
    const cy = reachers.find(({ who }) => who === 'user:cy@acme.test')
    expect([cy?.allowed, cy?.by]).toEqual([true, 'team:release'])
    expect(cy?.shortest.hops.slice(-3).map(({ to }) => to)).toEqual([
      'can run on queue:production/deploy',
      'can assume role:management/agent',
      'can assume role:prod/report',
    ])
  })

  test('a plan that lets somebody else in is refused, and says by which door', async () => {
    const planned = await ground.plan(loose)
    expect(codesIn(planned)).toContain('opens-role')
    expect(planned.plan?.access?.opens).toEqual(['role:prod/deploy'])
    const ada = planned.plan?.access?.gains.find(({ who }) => who === 'user:ada@acme.test')
    expect([ada?.can, ada?.on, ada?.paths[0]?.hops.at(-1)?.path]).toEqual([
      'assume',
      'role:prod/deploy',
      'R55',
    ])
    expect(planned.plan?.steps.map(({ title, gives = [] }) => [title, gives.map(({ of }) => of)])).toEqual([
      ['iam:UpdateAssumeRolePolicy role:prod/deploy', ['pipeline:web']],
    ])
  })

  test('what expectations say of them is held, too', async () => {
    const expect_ = [
      { who: 'team:release', can: 'assume', on: 'role:prod/deploy' },
      { who: 'team:web', can: 'assume', on: 'role:prod/deploy' },
    ]
    const { expected } = await ground.check({ ...files(), expect: expect_ })
    expect(expected.map(({ who, holds }) => [who, holds])).toEqual([
      ['team:release', true],
      ['team:web', false],
    ])
  })

  test('what is trusted beside the files is found, and closing it is no opening', async () => {
    const other = fresh()
    const open = {
      ...loose,
      clusters: { ...loose.clusters, production: { ...loose.clusters.production, allow: undefined } },
    }
    await other.apply(JSON.parse(JSON.stringify(open)) as object, { allowWidening: true })
    const checked = await other.check(files())
    expect(codesIn(checked)).toContain('role-trusts-more')
    expect(checked.findings.find(({ code }) => code === 'role-trusts-more')?.what).toBe(
      'role:prod/deploy lets in jobs of pipeline:web on queue:general/default, and no file says so',
    )
    const planned = await other.plan(files())
    expect(codesIn(planned)).not.toContain('opens-role')
    expect(planned.plan?.access?.losses).toContainEqual({
      who: 'user:ada@acme.test',
      can: 'assume',
      on: 'role:prod/deploy',
    })
  })

  test('whoever comes to a role that may write policies can write them', async () => {
    const other = fresh()
    const writing = files()
    const Statement = [{ Effect: 'Allow', Action: 'ssm:PutParameter', Resource: '*' }]
    Object.assign(writing.aws.roles['management/agent'] ?? {}, {
      inline_policies: { own: { document: { Version: '2012-10-17', Statement } } },
    })
    await other.apply(writing, { allowWidening: true })
    const result = await other.who(writing, 'queue:production/deploy')
    expect(result.writers?.filter(({ can }) => can === 'write parameters')).toContainEqual(
      expect.objectContaining({
        principal: 'arn:aws:iam::111111111111:role/buildkite/agent',
        role: 'role:management/agent',
      }),
    )
    const others = result.writers?.filter(({ principal }) => !principal.endsWith('role/buildkite/agent'))
    expect(others?.filter(({ role }) => role !== undefined)).toEqual([])
    const said = whoParts(result).flatMap((part) => ('says' in part ? [part.says] : []))
    expect(said.join(' ')).toContain('The policies of keys of KMS are not read')
    expect((await other.who(writing, 'queue:production/deploy', { basis: 'files' })).writers).toBeUndefined()
  })

  test('queues of a cluster whose machines have no role in the files are told together, and accepted by one line or each', async () => {
    const silent = {
      ...files(),
      clusters: {
        ...files().clusters,
        general: { default_queue: 'default', queues: { default: {}, other: {} } },
      },
    }
    const told = async (accept: readonly string[]) =>
      (
        await ground.check(
          {
            ...silent,
            accept: accept.map((at) => ({
              finding: 'instance-roles',
              at,
              reason: 'they have role:management/agent',
              until: '2026-12-24',
            })),
          },
          { basis: 'files' },
        )
      ).findings
        .filter(({ code }) => code === 'instance-roles')
        .map(({ what, assumes }) => `${assumes?.at ?? ''}: ${what.split(',')[0] ?? ''}`)
    const which = 'no file says which role the machines of'
    expect(await told([])).toEqual([
      `cluster:general: ${which} queue:general/default and queue:general/other have`,
    ])
    expect(await told(['queue:general/default'])).toEqual([
      `queue:general/other: ${which} queue:general/other have`,
    ])
    expect(await told(['cluster:general'])).toEqual([])
  })

  test('files alone are told what is wrong with the roles that they declare', async () => {
    const Statement = [
      {
        Effect: 'Allow',
        Principal: { Federated: 'arn:aws:iam::333333333333:oidc-provider/agent.buildkite.com' },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringLike: { 'agent.buildkite.com:sub': 'organization:*' } },
      },
    ]
    const open = files((roles) => {
      roles['prod/deploy']?.trust.push({ document: { Version: '2012-10-17', Statement } })
    })
    const told = async (some: object, basis: 'files' | 'organization' = 'files') =>
      (await ground.check(some, { basis })).findings
        .filter(({ code }) => Object.hasOwn(roleCodes, code))
        .map(({ code, severity, what }) => `${severity} ${code} ${what.split(' ')[0] ?? ''}`)
    const atHome = await told(files(), 'organization')
    expect(atHome).toEqual(expect.arrayContaining(await told(files())))
    expect(await told(open)).toContain('error role-open-organization role:prod/deploy')
    const accept = [
      {
        finding: 'role-open-organization',
        at: 'role:prod/deploy',
        reason: 'meant',
        until: '2026-12-24',
      },
    ]
    const left = await told({ ...open, accept })
    expect(left).not.toContain('error role-open-organization role:prod/deploy')
    expect(left).toContain('warning role-no-boundary role:prod/deploy')
  })

  test('a snapshot answers the same, and one without the accounts is too narrow', async () => {
    const { text } = await ground.snapshot(files())
    const { roles } = await ground.check(files(), { basis: 'snapshot', text: text! })
    expect(roles).toHaveLength(3)
    const without = Object.fromEntries(Object.entries(files()).filter(([key]) => key !== 'aws'))
    const { text: narrow } = await ground.snapshot(without)
    const refused = await ground.check(files(), { basis: 'snapshot', text: narrow! })
    expect(refused.findings.map(({ code }) => code)).toContain('snapshot-too-narrow')
  })
})
