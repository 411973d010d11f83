import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts'
import { describe, expect, test } from 'vitest'
import { actInAws } from '../../../src/sandbox/aws/act.js'
import { addRole, newAccounts } from '../../../src/sandbox/aws/seed.js'
import { sandbox } from '../../../src/sandbox/index.js'
import { insert } from '../../../src/sandbox/state.js'
import { all, get, put } from '../../../src/sandbox/table.js'
import { oidcToken, type TokenRequest } from '../../../src/sandbox/world/oidc.js'
import { signClaims } from '../../../src/sandbox/oidc.js'
import { clientsOf } from '../../support/aws-over-fetch.js'
import { stopped } from '../acme.js'
import { uuidOf, worked } from '../running.js'
import { running } from './job.js'
import { no, PROD } from './world.js'

const now = '2026-11-02T09:00:00.000Z'

const { state: at, job } = running()
const ids = {
  organization: uuidOf(at, 'organizations', 'acme'),
  cluster: uuidOf(at, 'clusters', 'production'),
  queue: uuidOf(at, 'queues', 'deploy'),
  pipeline: uuidOf(at, 'pipelines', 'web-deploy'),
}

const tokenOf = (request: TokenRequest = {}, state = at): string => {
  const said = oidcToken(state, job, request, now)
  if ('refused' in said) throw new Error(said.refused)
  return said.token
}

const claimsIn = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>

describe('a token', () => {
  test('says what Buildkite knows of the job', () => {
    const [agent] = all(at.tables.agents)
    expect(claimsIn(tokenOf())).toEqual({
      iss: 'https://agent.buildkite.com',
      sub: 'organization:acme:pipeline:web-deploy:ref:refs/heads/main:commit:abc:step:ship',
      aud: 'https://buildkite.com/acme',
      iat: 1793610000,
      nbf: 1793610000,
      exp: 1793610300,
      organization_slug: 'acme',
      pipeline_slug: 'web-deploy',
      build_number: 1,
      build_branch: 'main',
      build_commit: 'abc',
      step_key: 'ship',
      job_id: job,
      agent_id: agent!.uuid,
      build_source: 'ui',
      runner_environment: 'self-hosted',
    })
  })

  test('says more for the asking', () => {
    const token = tokenOf({
      audience: 'sts.amazonaws.com',
      lifetime: 60,
      subjectClaim: 'queue_id',
      claims: ['organization_id', 'cluster_name', 'agent_tag:queue'],
      awsSessionTags: ['pipeline_id', 'build_number', 'agent_tag:none'],
    })
    expect(claimsIn(token)).toMatchObject({
      aud: 'sts.amazonaws.com',
      sub: ids.queue,
      exp: 1793610060,
      queue_id: ids.queue,
      organization_id: ids.organization,
      cluster_name: 'production',
      'agent_tag:queue': 'deploy',
      'https://aws.amazon.com/tags': {
        principal_tags: { pipeline_id: [ids.pipeline], build_number: ['1'], 'agent_tag:none': [''] },
      },
    })
    expect(claimsIn(token)).not.toHaveProperty('pipeline_id')
  })

  test.each<[string, TokenRequest, string]>([
    [
      'a subject that changes',
      { subjectClaim: 'pipeline_slug' },
      'subject_claim pipeline_slug is not supported',
    ],
    ['a claim that there is not', { claims: ['creator'] }, 'claim creator is not supported'],
    ['more than two hours', { lifetime: 7201 }, 'lifetime must be between 1 and 7200 seconds'],
  ])('%s is refused', (_, request, refused) => {
    expect(oidcToken(at, job, request, now)).toEqual({ refused })
  })

  test('is only for a job that runs', () => {
    const done = worked(at)
    expect(oidcToken(done, job, {}, now)).toEqual({ refused: 'Job is not running' })
    expect(oidcToken(at, ids.queue, {}, now)).toEqual({ refused: 'Job is not running' })
  })
})

const provider = `arn:aws:iam::${PROD}:oidc-provider/agent.buildkite.com`
const exact = {
  'agent.buildkite.com:aud': 'sts.amazonaws.com',
  'agent.buildkite.com:sub': ids.queue,
  'agent.buildkite.com:organization_id': ids.organization,
  'agent.buildkite.com:cluster_id': ids.cluster,
  'agent.buildkite.com:pipeline_id': ids.pipeline,
}
const trusting = (
  Condition: object,
  Action: unknown = 'sts:AssumeRoleWithWebIdentity',
  more: object = {},
) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Federated: provider }, Action, Condition, ...more }],
})
/** A request that asks for everything that the exact form looks at. */
const wanted: TokenRequest = {
  audience: 'sts.amazonaws.com',
  subjectClaim: 'queue_id',
  claims: ['organization_id', 'cluster_id', 'pipeline_id'],
}
const tags = ['organization_id', 'cluster_id', 'pipeline_id', 'queue_id']
const byTags = trusting(
  {
    StringEquals: {
      'agent.buildkite.com:aud': 'sts.amazonaws.com',
      'aws:RequestTag/organization_id': ids.organization,
      'aws:RequestTag/cluster_id': ids.cluster,
      'aws:RequestTag/pipeline_id': ids.pipeline,
      'aws:RequestTag/queue_id': ids.queue,
    },
    StringLike: { 'agent.buildkite.com:sub': 'organization:acme:*' },
    'ForAllValues:StringEquals': { 'aws:TagKeys': tags },
  },
  ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
)

const withRole = (trust: object, clientIds: readonly string[] = ['sts.amazonaws.com']) => {
  const state = { ...at, tables: { ...at.tables } }
  const world = sandbox({ state, clock: stopped() }).state
  newAccounts(world, [{ id: PROD, name: 'prod' }])
  insert(
    world,
    'awsProviders',
    { createdAt: now, createdBy: null },
    {
      account: PROD,
      key: `${PROD}/agent.buildkite.com`,
      url: 'agent.buildkite.com',
      clientIds,
      thumbprints: [],
      tags: [],
    },
  )
  addRole(world, { account: PROD, path: '/buildkite/', name: 'web', trust })
  return world
}

const RoleArn = `arn:aws:iam::${PROD}:role/buildkite/web`

const entered = (trust: object, request: TokenRequest = wanted, network?: { sourceIp: string }) => {
  const done = actInAws(withRole(trust), { now, ...(network && { network }) }, 'AssumeRoleWithWebIdentity', {
    RoleArn,
    RoleSessionName: 'job',
    WebIdentityToken: tokenOf(request),
  })
  return 'refused' in done ? done.refused : 'yes'
}

const denied = 'AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity'
const deniedTags = 'AccessDenied: Not authorized to perform sts:TagSession'

describe('a trust', () => {
  const sub = { StringEquals: { 'agent.buildkite.com:sub': 'x' } }
  test.each<[string, object, TokenRequest, string]>([
    ['of ids, for the job that it means', trusting({ StringEquals: exact }), wanted, 'yes'],
    [
      'of ids, for a job that does not say its pipeline',
      trusting({ StringEquals: exact }),
      { ...wanted, claims: ['organization_id', 'cluster_id'] },
      denied,
    ],
    [
      'of ids, for a job with another subject',
      trusting({ StringEquals: exact }),
      { ...wanted, subjectClaim: 'pipeline_id' },
      denied,
    ],
    [
      'of ids, of another pipeline',
      trusting({ StringEquals: { ...exact, 'agent.buildkite.com:pipeline_id': ids.queue } }),
      wanted,
      denied,
    ],
    [
      'of ids and a branch',
      trusting({ StringEquals: { ...exact, 'agent.buildkite.com:build_branch': ['main', 'release'] } }),
      wanted,
      'yes',
    ],
    [
      'of ids and another branch',
      trusting({ StringEquals: { ...exact, 'agent.buildkite.com:build_branch': 'release' } }),
      wanted,
      denied,
    ],
    [
      'of ids does not let tags along',
      trusting({ StringEquals: exact }),
      { ...wanted, awsSessionTags: ['queue_id'] },
      deniedTags,
    ],
    [
      'of tags, for the job that it means',
      byTags,
      { audience: 'sts.amazonaws.com', awsSessionTags: tags },
      'yes',
    ],
    [
      'of tags, for one tag fewer',
      byTags,
      { audience: 'sts.amazonaws.com', awsSessionTags: tags.slice(1) },
      denied,
    ],
    [
      'of tags, for one tag more',
      byTags,
      { audience: 'sts.amazonaws.com', awsSessionTags: [...tags, 'build_id'] },
      denied,
    ],
    ['of tags, for no tags', byTags, { audience: 'sts.amazonaws.com' }, denied],
    [
      'of tags, for a subject that is no text of slugs',
      byTags,
      { audience: 'sts.amazonaws.com', subjectClaim: 'queue_id', awsSessionTags: tags },
      denied,
    ],
    [
      'of the subject of everybody',
      trusting({ StringLike: { 'agent.buildkite.com:sub': '*' } }),
      { audience: 'sts.amazonaws.com' },
      'yes',
    ],
    [
      'of a subject by its beginning',
      trusting({ StringLike: { 'agent.buildkite.com:sub': 'organization:acme:pipeline:web*' } }),
      { audience: 'sts.amazonaws.com' },
      'yes',
    ],
    [
      'of slugs',
      trusting({
        StringEquals: {
          'agent.buildkite.com:organization_slug': 'acme',
          'agent.buildkite.com:pipeline_slug': 'web-deploy',
        },
      }),
      { audience: 'sts.amazonaws.com' },
      'yes',
    ],
    [
      'of the queue by a key that AWS does not have',
      trusting({ StringEquals: { 'agent.buildkite.com:queue_id': ids.queue } }),
      { audience: 'sts.amazonaws.com', claims: ['queue_id'] },
      denied,
    ],
    [
      'that misses what is not there',
      trusting({ StringNotEquals: { 'agent.buildkite.com:pipeline_id': 'x' } }),
      { audience: 'sts.amazonaws.com' },
      'yes',
    ],
    [
      'that asks only if it exists',
      trusting({ StringEqualsIfExists: { 'agent.buildkite.com:pipeline_id': 'x' } }),
      { audience: 'sts.amazonaws.com' },
      'yes',
    ],
    [
      'of another account’s provider',
      {
        ...trusting({}),
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Federated: provider.replace(PROD, '111111111111') },
            Action: 'sts:*',
          },
        ],
      },
      wanted,
      denied,
    ],
    [
      'of everybody',
      { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:*' }] },
      wanted,
      'yes',
    ],
    [
      'of all providers, which there is no word for',
      {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Federated: '*' }, Action: 'sts:*' }],
      },
      wanted,
      denied,
    ],
    ['of another action', trusting({ StringEquals: exact }, 'sts:AssumeRole'), wanted, denied],
    [
      'that denies',
      {
        Version: '2012-10-17',
        Statement: [
          ...trusting({ StringEquals: exact }).Statement,
          {
            ...trusting({ StringNotEquals: exact }).Statement[0],
            Effect: 'Deny',
            Condition: { StringEquals: { 'agent.buildkite.com:build_branch': 'main' } },
          },
        ],
      },
      wanted,
      denied,
    ],
    [
      'of instances',
      {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      },
      wanted,
      denied,
    ],
    ['of something else', trusting(sub), wanted, denied],
  ])('%s', (_, trust, request, said) => {
    expect(entered(trust, request)).toBe(said)
  })

  test('of a network', () => {
    const trust = trusting({ StringEquals: exact, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })
    expect(entered(trust, wanted, { sourceIp: '10.1.1.1' })).toBe('yes')
    expect(entered(trust, wanted, { sourceIp: '192.0.2.1' })).toBe(denied)
  })
})

describe('what is no good token', () => {
  const asked = (
    WebIdentityToken: string,
    state = withRole(trusting({ StringEquals: exact })),
    time = now,
  ) => {
    const input = { RoleArn, RoleSessionName: 'job', WebIdentityToken }
    const done = actInAws(state, { now: time }, 'AssumeRoleWithWebIdentity', input)
    return 'refused' in done ? done.refused : 'yes'
  }
  const good = claimsIn(tokenOf(wanted))

  test.each([
    ['no JWT', () => asked('xyzzy'), /^InvalidIdentityToken: The ID Token provided is not a valid JWT/],
    [
      'another signature',
      () => asked(signClaims({ seed: 'another' }, good)),
      /^InvalidIdentityToken: Token signature invalid/,
    ],
    [
      'another audience',
      () => asked(tokenOf({ ...wanted, audience: 'x' })),
      /^InvalidIdentityToken: Incorrect token audience/,
    ],
    [
      'another issuer',
      () => asked(signClaims(at, { ...good, iss: 'https://accounts.example' })),
      /^InvalidIdentityToken: No OpenIDConnect provider found in your account for https:\/\/accounts.example/,
    ],
    [
      'one that is over',
      () => asked(tokenOf(wanted), undefined, '2026-11-02T09:05:00.000Z'),
      /^ExpiredTokenException: Token expired: current date\/time 1793610300 must be before the expiration date\/time 1793610300/,
    ],
    [
      'one that has not begun',
      () => asked(tokenOf(wanted), undefined, '2026-11-02T08:59:00.000Z'),
      /^InvalidIdentityToken: Token is not yet valid/,
    ],
  ])('%s', (_, said, expected) => {
    expect(said()).toMatch(expected)
  })

  test('a tag that AWS can’t hold', () => {
    const build = get(at.tables.builds, all(at.tables.jobs)[0]!.build)!
    const forked = sandbox({ state: at, clock: stopped() }).state
    put(forked.tables.builds, { ...build, branch: 'feature#1' })
    const token = tokenOf({ ...wanted, awsSessionTags: ['build_branch'] }, forked)
    expect(asked(token)).toMatch(/^InvalidIdentityToken: .*build_branch is not a session tag/)
  })
})

test('an unsigned request, by AWS’s own client', async () => {
  const clock = stopped()
  const world = sandbox({ state: withRole(trusting({ StringEquals: exact })), clock })
  const { sts } = clientsOf(
    world.fetch,
    { accessKeyId: 'none', secretAccessKey: 'none' },
    { now: clock.now() },
  )
  const input = { RoleArn, RoleSessionName: 'job', WebIdentityToken: tokenOf(wanted) }
  const said = await sts.send(new AssumeRoleWithWebIdentityCommand(input))
  expect(said).toMatchObject({
    AssumedRoleUser: { Arn: `arn:aws:sts::${PROD}:assumed-role/web/job` },
    Audience: 'sts.amazonaws.com',
    Provider: provider,
    SubjectFromWebIdentityToken: ids.queue,
  })
  expect(await no(sts.send(new AssumeRoleWithWebIdentityCommand({ ...input, RoleArn: `${RoleArn}x` })))).toBe(
    'AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity',
  )
})
