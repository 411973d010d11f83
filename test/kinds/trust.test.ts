import { describe, expect, test } from 'vitest'
import { compiledTrust, type TrustStatement, type TrustTerms } from '../../src/kinds/aws/trust.js'
import type { Known } from '../../src/kinds/index.js'
import type { Address } from '../../src/model/address.js'
import { sizeOf } from '../../src/policy/size.js'
import { parsePolicy } from '../../src/policy/document.js'
import type { Json } from '../../src/model/json.js'

const uuids: Readonly<Record<Address, string>> = {
  'cluster:production': '0190c1a5-0000-4000-8000-0000000000c1',
  'queue:production/deploy': '0190c1a5-0000-4000-8000-0000000000d1',
  'pipeline:web-deploy': '0190c1a5-0000-4000-8000-0000000000f1',
}

const known: Known = {
  organization: { slug: 'acme', uuid: '0190c1a5-0000-4000-8000-0000000000a1' },
  accounts: [{ name: 'prod', id: '333333333333', partition: 'aws', region: 'eu-west-1' }],
  made: (address) => {
    const uuid = uuids[address]
    if (address === 'role:management/agent-deploy')
      return { id: 'arn:aws:iam::111111111111:role/buildkite/agent-deploy' }
    if (address === 'oidc-provider:prod/agent.buildkite.com')
      return { id: 'arn:aws:iam::333333333333:oidc-provider/agent.buildkite.com' }
    return uuid === undefined ? undefined : { uuid }
  },
  live: () => undefined,
  declared: () => [],
  now: '2026-11-27T00:00:00Z',
  serial: () => 0,
  appliers: new Set(),
}

const compiled = (statements: readonly TrustStatement[], terms: TrustTerms = { claims: 'ids' }) =>
  compiledTrust(statements, terms, 'prod', known)

const one = { pipeline: 'web-deploy', queue: 'production/deploy', branches: ['main'] } as const

describe('what a trust comes to', () => {
  test('by the claims that AWS knows: ids alone, the queue as the subject, no wildcard, one action', () => {
    expect(compiled([one])).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: 'arn:aws:iam::333333333333:oidc-provider/agent.buildkite.com' },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: {
              'agent.buildkite.com:aud': 'sts.amazonaws.com',
              'agent.buildkite.com:sub': uuids['queue:production/deploy'],
              'agent.buildkite.com:organization_id': known.organization.uuid,
              'agent.buildkite.com:cluster_id': uuids['cluster:production'],
              'agent.buildkite.com:pipeline_id': uuids['pipeline:web-deploy'],
              'agent.buildkite.com:build_branch': 'main',
            },
          },
        },
      ],
    })
  })

  test('by session tags: exactly these tags, and the organization’s slug with its colon', () => {
    expect(compiled([one], { claims: 'tags' })).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: 'arn:aws:iam::333333333333:oidc-provider/agent.buildkite.com' },
          Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
          Condition: {
            StringEquals: {
              'agent.buildkite.com:aud': 'sts.amazonaws.com',
              'aws:RequestTag/organization_id': known.organization.uuid,
              'aws:RequestTag/cluster_id': uuids['cluster:production'],
              'aws:RequestTag/pipeline_id': uuids['pipeline:web-deploy'],
              'aws:RequestTag/queue_id': uuids['queue:production/deploy'],
              'aws:RequestTag/build_branch': 'main',
            },
            StringLike: { 'agent.buildkite.com:sub': 'organization:acme:*' },
            'ForAllValues:StringEquals': {
              'aws:TagKeys': ['build_branch', 'cluster_id', 'organization_id', 'pipeline_id', 'queue_id'],
            },
          },
        },
      ],
    })
  })

  test('two pipelines are two statements: two lists in one would allow their product', () => {
    const { Statement } = compiled([one, { ...one, queue: 'production/other', branches: undefined }]) as {
      Statement: readonly unknown[]
    }
    expect(Statement).toHaveLength(2)
  })

  test('what is not there yet is a Ref', () => {
    expect(JSON.stringify(compiled([{ pipeline: 'new', queue: 'production/deploy' }]))).toContain(
      '{"$ref":"pipeline:new","field":"uuid"}',
    )
  })

  test('a chained role is trusted by its exact ARN, wherever it lies', () => {
    expect(compiled([{ role: 'management/agent-deploy' }])).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::111111111111:role/buildkite/agent-deploy' },
          Action: 'sts:AssumeRole',
        },
      ],
    })
  })

  test('networks stand in every statement that a token opens', () => {
    const text = JSON.stringify(
      compiled([one], { claims: 'ids', source_ips: ['10.0.0.0/8'], source_vpces: ['vpce-1'] }),
    )
    expect(text).toContain('"IpAddress":{"aws:SourceIp":["10.0.0.0/8"]}')
    expect(text).toContain('"aws:SourceVpce":"vpce-1"')
  })

  test('a document alone is sent as it is', () => {
    const document = { Version: '2012-10-17', Statement: [] }
    expect(compiled([{ document }])).toEqual(document)
  })

  test.each(['ids', 'tags'] as const)('IAM takes it, and it is short (%s)', (claims) => {
    const trust = compiled([one], { claims }) as Json
    expect(parsePolicy(trust, { for: 'trust' })).toHaveProperty('document')
    expect(sizeOf(trust)).toBeLessThan(800)
  })
})
