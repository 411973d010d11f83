import { describe, expect, test } from 'vitest'
import { readDeclaration } from '../../src/config/declaration.js'
import { filesOf } from '../support/files.js'

const accounts = `organization: acme
aws:
  accounts:
    management: { id: "111111111111", region: eu-west-1, profile: mgmt }
    prod: { id: "333333333333", region: eu-west-1, assume_role: bridle-admin, external_id: acme-bridle }
`

const read = (text: string, files: Readonly<Record<string, string>> = {}) =>
  readDeclaration(filesOf({ 'bridle.yaml': text, ...files }), 'bridle.yaml')

const said = (text: string, files: Readonly<Record<string, string>> = {}) =>
  read(text, files).findings.map(({ code, what, where: [at] }) =>
    at === undefined ? `${code}: ${what}` : `${code} ${at.file}:${at.line}:${at.column}: ${what}`,
  )

const specOf = (text: string, address: string, files: Readonly<Record<string, string>> = {}) =>
  read(text, files).wants.find((want) => want.address === address)?.spec

describe('what is declared in AWS', () => {
  test('a role, as its kind has it: seconds, and the documents that it names', () => {
    const text = `${accounts}  roles:
    prod/web:
      trust: [{ service: ec2.amazonaws.com }, { file: trust.yaml }]
      inline_policies: { artifacts: { file: p.json }, more: { document: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:GetObject", Resource: "*" }] } } }
      max_session_duration: 90m
`
    const files = {
      'p.json':
        '{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" }] }',
      'trust.yaml':
        'Version: "2012-10-17"\nStatement:\n  - { Effect: Allow, Principal: { Service: x.amazonaws.com }, Action: "sts:AssumeRole" }\n',
    }
    expect(said(text, files)).toEqual([])
    expect(specOf(text, 'role:prod/web', files)).toMatchObject({
      account: 'prod',
      name: 'web',
      max_session_duration: 5400,
      inline_policies: {
        artifacts: { Statement: [{ Action: 's3:GetObject' }] },
        more: { Statement: [{ Resource: '*' }] },
      },
      trust: [{ service: 'ec2.amazonaws.com' }, { document: { Version: '2012-10-17' } }],
    })
  })

  test('an instance profile comes with the role that asks for one', () => {
    const text = `${accounts}  roles: { management/agent: { trust: [{ service: ec2.amazonaws.com }], instance_profile: true } }\n`
    expect(specOf(text, 'instance-profile:management/agent')).toEqual({
      account: 'management',
      name: 'agent',
      role: 'agent',
      role_account: 'management',
    })
  })

  test('a parameter is called by its account and its levels', () => {
    const text = `${accounts}  parameters: { management/buildkite/a/b: { value: x } }\n`
    expect(specOf(text, 'parameter:management/buildkite/a/b')).toMatchObject({
      account: 'management',
      name: '/buildkite/a/b',
    })
  })

  test('the accounts, in the order of their names', () => {
    expect(read(accounts).wanted?.aws?.accounts).toMatchObject([
      { name: 'management', id: '111111111111', partition: 'aws', profile: 'mgmt' },
      { name: 'prod', assumeRole: 'bridle-admin', externalId: 'acme-bridle' },
    ])
  })
})

describe('what is wrong', () => {
  test.each([
    [
      'an account that nobody declares',
      `${accounts}  roles: { prd/web: { trust: [{ service: ec2.amazonaws.com }] } }`,
      [
        'unknown-account bridle.yaml:6:12: role:prd/web is in account "prd", which `aws.accounts` does not have',
      ],
    ],
    [
      'two names for one account',
      `organization: acme\naws: { accounts: { a: { id: "111111111111", region: eu-west-1 }, b: { id: "111111111111", region: eu-west-1 } } }`,
      ['same-account bridle.yaml:2:66: "b" and "a" are both account 111111111111'],
    ],
    [
      'an account without its digits',
      'organization: acme\naws: { accounts: { a: { id: 111111111111, region: eu-west-1 } } }',
      ['wrong-type bridle.yaml:2:29: aws.accounts.a.id must be text, not a number'],
    ],
    [
      'a role that tokens and instances can enter',
      `${accounts}  roles:
    management/agent: { trust: [{ service: ec2.amazonaws.com }], may_assume: [prod/web] }
    prod/web: { trust: [{ pipeline: web, queue: production/deploy }, { role: management/agent }] }`,
      [
        'two-doors bridle.yaml:8:17: role:prod/web is trusted to pipelines by their tokens, and to role "management/agent" as well',
      ],
    ],
    [
      'may_assume without the trust on the other side',
      `${accounts}  roles:
    management/agent: { trust: [{ service: ec2.amazonaws.com }], may_assume: [prod/web] }
    prod/web: { trust: [{ service: ec2.amazonaws.com }] }`,
      [
        'one-sided-trust bridle.yaml:7:66: role:management/agent may assume "prod/web", which does not trust it',
      ],
    ],
    [
      'trust without may_assume on the other side',
      `${accounts}  roles:
    management/agent: { trust: [{ service: ec2.amazonaws.com }] }
    prod/web: { trust: [{ role: management/agent }] }`,
      [
        'one-sided-trust bridle.yaml:8:17: role:prod/web trusts role "management/agent", which does not say that it may assume it',
      ],
    ],
    [
      'a queue without its cluster',
      `${accounts}  roles: { prod/web: { trust: [{ pipeline: web, queue: deploy }] } }`,
      [
        'wrong-value bridle.yaml:6:56: aws.roles.prod/web.trust.0.queue can\'t be "deploy": a queue is named with its cluster, as in production/deploy',
      ],
    ],
  ])('%s', (_, text, findings) => {
    expect(said(text)).toEqual(findings)
  })

  test.each([
    ['{ pipline: web, queue: production/deploy }', 'pipline', 'write "pipeline", or take the line out'],
    ['{ pipeline: web, queu: production/deploy }', 'queu', 'write "queue", or take the line out'],
    ['{ pipeline: web, queue: a/b, branchs: [x] }', 'branchs', 'write "branches", or take the line out'],
    ['{ rol: prod/x }', 'rol', 'write "role", or take the line out'],
    ['{ sevrice: ec2.amazonaws.com }', 'sevrice', 'write "service", or take the line out'],
    ['{ documnt: {} }', 'documnt', 'write "document", or take the line out'],
    ['{ fiel: x.json }', 'fiel', 'write "file", or take the line out'],
    ['{ service: ec2.amazonaws.com, branches: [main] }', 'branches', 'take the line out'],
  ])('a misspelt key in a line of trust is one finding: %s', (line, key, fix) => {
    const { findings } = read(`${accounts}  roles: { prod/web: { trust: [${line}] } }\n`)
    expect(findings.map((one) => [one.code, one.what, one.fix])).toEqual([
      ['unknown-key', `aws.roles.prod/web.trust.0 can't have a key "${key}"`, fix],
    ])
  })

  test.each([
    ['{}', 'missing-key'],
    ['{ who: me }', 'unknown-key'],
  ])('a line of trust that is like none of its forms is told all of them: %s', (line, code) => {
    const { findings } = read(`${accounts}  roles: { prod/web: { trust: [${line}] } }\n`)
    expect(findings.map((one) => [one.code, one.what, one.fix])).toEqual([
      [
        code,
        'aws.roles.prod/web.trust.0 has none of the keys that it could have',
        'write "pipeline" and "queue", or "role", or "service", or "document", or "file"',
      ],
    ])
  })

  test('misspelt keys of accounts: no key is missing besides, and no two of them are one account', () => {
    const text = `organization: acme
aws:
  accounts:
    a: { ids: "111111111111", regoin: eu-west-1 }
    b: { id: 333333333333, region: eu-west-1 }
    c: { di: "222222222222", region: eu-west-1 }
`
    expect(said(text)).toEqual([
      'unknown-key bridle.yaml:4:10: aws.accounts.a can\'t have a key "ids"',
      'unknown-key bridle.yaml:4:31: aws.accounts.a can\'t have a key "regoin"',
      'wrong-type bridle.yaml:5:14: aws.accounts.b.id must be text, not a number',
      'unknown-key bridle.yaml:6:10: aws.accounts.c can\'t have a key "di"',
    ])
  })

  test('a provider that does not take the tokens by which a role is trusted', () => {
    const roles = '  roles: { prod/web: { trust: [{ pipeline: web, queue: a/b }] } }\n'
    const taking = (written: string) =>
      said(`${accounts}  oidc_providers: { prod/agent.buildkite.com: { ${written} } }\n${roles}`)
    expect(taking('client_ids: [other.example.com]')).toEqual([
      'provider-lacks-audience bridle.yaml:6:49: role:prod/web is trusted to pipelines by tokens for sts.amazonaws.com, which oidc-provider:prod/agent.buildkite.com does not take',
    ])
    expect(taking('client_ids: [other.example.com, sts.amazonaws.com]')).toEqual([])
    expect(taking('tags: {}')).toEqual([])
  })

  test('a role in two files', () => {
    const text = `organization: acme\ninclude: [{ files: a.yaml, may: [aws] }]\n${accounts.replace('organization: acme\n', '')}  roles: { prod/web: { trust: [{ service: ec2.amazonaws.com }] } }`
    expect(
      said(text, { 'a.yaml': 'aws: { roles: { prod/web: { trust: [{ service: ec2.amazonaws.com }] } } }' }),
    ).toEqual(['declared-twice a.yaml:1:17: aws.roles.prod/web is declared twice'])
  })

  test('a document that IAM would not take, at its place in its own file', () => {
    const text = `${accounts}  roles: { prod/web: { trust: [{ service: ec2.amazonaws.com }], inline_policies: { a: { file: p.json } } } }`
    expect(
      said(text, {
        'p.json':
          '{\n  "Version": "2012-10-17",\n  "Statement": [{ "Effect": "Allow", "Action": "s3:*", "Principal": "*", "Resource": "*" }]\n}',
      }),
    ).toEqual([
      'malformed-policy p.json:3:69: Statement[0].Principal can’t be said here: only a trust policy names who may come in',
    ])
  })

  test('a misspelt key of a document is one finding, which names the key that was meant', () => {
    const text = `${accounts}  roles: { prod/web: { trust: [{ service: ec2.amazonaws.com }], inline_policies: { x: { file: p.json } } } }\n`
    const document =
      '{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Actoin": "s3:*", "Resource": "*" }] }'
    const { findings } = read(text, { 'p.json': document })
    expect(findings.map(({ code, what, fix }) => [code, what.slice(0, 37), fix])).toEqual([
      ['malformed-policy', 'Statement[0].Actoin is not one of Sid', 'write "Action"'],
    ])
  })

  test('a document that ends in the middle is one finding', () => {
    const text = `${accounts}  roles: { prod/web: { trust: [{ service: ec2.amazonaws.com }], inline_policies: { x: { file: p.json } } } }\n`
    expect(said(text, { 'p.json': '{ "Statement": [ { "Effect": "Allow",\n' })).toEqual([
      'yaml-syntax p.json:2:1: this is not JSON',
    ])
  })

  test('a document that is no JSON', () => {
    const text = `${accounts}  roles: { prod/web: { trust: [{ service: ec2.amazonaws.com }], inline_policies: { a: { file: p.json } } } }`
    expect(said(text, { 'p.json': '{ "Version": ' })[0]).toMatch(/^yaml|bad-yaml|invalid/)
  })
})
