import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { whyOffline } from '../support/why.js'

const files = (roles: object) => ({
  'bridle.yaml': stringify(
    {
      organization: 'acme',
      trust: { admins: ['root@acme.test'], automation: 'bridle@acme.test' },
      teams: {
        web: { members: { 'ada@acme.test': 'member' } },
        release: { members: { 'eve@acme.test': 'member' } },
      },
      clusters: {
        general: { queues: { default: { instance_role: 'none' } } },
        production: { allow: { teams: ['release'] }, queues: { deploy: { instance_role: 'none' } } },
      },
      pipelines: {
        web: {
          cluster: 'general',
          repository: 'git@github.com:acme/web.git',
          teams: { web: 'manage_build_and_read' },
          steps: 'steps: []',
        },
        deploy: {
          cluster: 'production',
          repository: 'git@github.com:acme/deploy.git',
          teams: { release: 'manage_build_and_read' },
          steps: 'steps: []',
        },
      },
      aws: {
        accounts: { prod: { id: '333333333333', region: 'eu-west-1' } },
        oidc_providers: { 'prod/agent.buildkite.com': {} },
        roles,
      },
    },
    { aliasDuplicateObjects: false },
  ),
})

const network = { source_ips: ['10.0.0.0/8'] }
const meant = { pipeline: 'deploy', queue: 'production/deploy' }
const other = { pipeline: 'web', queue: 'general/default' }
const ofAnyJob = {
  Effect: 'Allow',
  Principal: { Federated: 'arn:aws:iam::333333333333:oidc-provider/agent.buildkite.com' },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: {
    StringEquals: { 'agent.buildkite.com:aud': 'sts.amazonaws.com' },
    StringLike: { 'agent.buildkite.com:sub': 'organization:acme:*' },
  },
}

const cutsFor = async (roles: object, on = 'role:prod/deploy') => {
  const { findings, cut } = await whyOffline(files(roles), 'team:web', on)
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
  return cut?.cuts.map(({ says, before }) => [says, before?.trim().split(/\n\s*/)])
}

test('the line of a trust that nobody means is taken out, and a pipeline is left alone', async () => {
  expect(await cutsFor({ 'prod/deploy': { trust: [meant, other], ...network } })).toContainEqual([
    'take jobs of pipeline:web on queue:general/default out of the trust of role:prod/deploy',
    ['- pipeline: web', 'queue: general/default'],
  ])
})

test('a document is taken out whole', async () => {
  const document = { Version: '2012-10-17', Statement: [ofAnyJob] }
  const cuts = await cutsFor({ 'prod/deploy': { trust: [meant, { document }], ...network } })
  expect(cuts?.map(([says]) => says)).toContain(
    'take any job of the organization out of the trust of role:prod/deploy',
  )
  expect(cuts?.[0]?.[1]?.[0]).toBe('- document:')
})

test('a role that becomes another is taken out on both sides', async () => {
  const { cut, findings } = await whyOffline(
    files({
      'prod/web': { trust: [other], ...network, may_assume: ['prod/report'] },
      'prod/deploy': { trust: [meant], ...network, may_assume: ['prod/report'] },
      'prod/report': { trust: [{ role: 'prod/deploy' }, { role: 'prod/web' }] },
    }),
    'team:web',
    'role:prod/report',
  )
  expect(findings).toEqual([])
  const lines = cut?.diff?.split('\n').filter((line) => /^[-+] /.test(line))
  expect(cut?.cuts.map(({ says }) => says)).toContain(
    'take role:prod/web out of the trust of role:prod/report',
  )
  expect(lines?.map((line) => line.replace(/\s+/, ' '))).toEqual(
    expect.arrayContaining(['- - role: prod/web', '+ may_assume: []']),
  )
})

test('the only line of a trust is said, and written by a person', async () => {
  expect(await cutsFor({ 'prod/web': { trust: [other], ...network } }, 'role:prod/web')).toEqual([
    ['take jobs of pipeline:web on queue:general/default out of the trust of role:prod/web', undefined],
  ])
})

test('a role that may write another is told as an action to take from it', async () => {
  const document = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'iam:UpdateAssumeRolePolicy', Resource: '*' }],
  }
  const cuts = await cutsFor({
    'prod/deploy': { trust: [meant], ...network },
    'prod/web': { trust: [other], ...network, inline_policies: { roles: { document } } },
  })
  expect(cuts?.map(([says]) => says)).toContain(
    'take what lets it write or pass role:prod/deploy from the policies of role:prod/web',
  )
})
