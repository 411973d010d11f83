import nock from 'nock'
import { afterEach, describe, expect, test } from 'vitest'
import { refusalOf } from '../world.js'
import { asking, fixture, iam, identified, listed, prod, roleXml, ssm, unasked, xml } from './world.js'

afterEach(() => {
  expect(unasked()).toEqual([])
})

describe('the roles of an account', () => {
  const whole = () => {
    identified()
    iam('GetAccountAuthorizationDetails', [200, fixture('details-1')], (body) => {
      expect(body).toMatchObject({
        MaxItems: '1000',
        'Filter.member.1': 'User',
        'Filter.member.2': 'Role',
        'Filter.member.3': 'Group',
        'Filter.member.4': 'LocalManagedPolicy',
        'Filter.member.5': 'AWSManagedPolicy',
      })
      return body['Marker'] === undefined
    })
    iam('GetAccountAuthorizationDetails', [200, fixture('details-2')], ({ Marker }) => Marker === 'PAGE/2==')
    iam('ListRoles', [200, fixture('roles')])
    iam('ListInstanceProfiles', [200, fixture('profiles')])
  }

  test('are put together from three lists, page by page', async () => {
    whole()
    const account = await asking().reader().authorization('prod')
    expect(account.roles).toEqual([
      {
        arn: 'arn:aws:iam::333333333333:role/buildkite/pipeline/web-deploy',
        name: 'web-deploy',
        path: '/buildkite/pipeline/',
        id: 'AROAEXAMPLEWEBDEPLOY1',
        trust: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Federated: 'arn:aws:iam::333333333333:oidc-provider/agent.buildkite.com' },
              Action: 'sts:AssumeRoleWithWebIdentity',
              Condition: { StringEquals: { 'agent.buildkite.com:aud': 'sts.amazonaws.com' } },
            },
          ],
        },
        inline: [
          {
            name: 'artifacts',
            document: {
              Version: '2012-10-17',
              Statement: [
                { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::acme artifacts/*' },
              ],
            },
          },
        ],
        attached: [{ name: 'ReadOnlyAccess', arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
        boundary: 'arn:aws:iam::333333333333:policy/ci-boundary',
        tags: { 'managed-by': 'bridle', team: 'web & co' },
        description: 'Deploys the web',
        maxSessionSeconds: 7200,
        lastUsed: '2026-10-30T11:12:13.000Z',
        createdAt: '2026-01-02T03:04:05.000Z',
        profiles: [],
      },
      {
        arn: 'arn:aws:iam::333333333333:role/buildkite/queue/agent-deploy',
        name: 'agent-deploy',
        path: '/buildkite/queue/',
        id: 'AROAEXAMPLEAGENT00001',
        trust: {
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        },
        inline: [],
        attached: [],
        boundary: null,
        tags: {},
        description: null,
        maxSessionSeconds: 3600,
        lastUsed: null,
        createdAt: '2026-01-02T03:04:05.000Z',
        profiles: ['agent-deploy'],
      },
    ])
    expect(account.profiles).toEqual([
      {
        arn: 'arn:aws:iam::333333333333:instance-profile/buildkite/queue/agent-deploy',
        name: 'agent-deploy',
        path: '/buildkite/queue/',
        id: 'AIPAEXAMPLEAGENT00001',
        role: 'agent-deploy',
      },
      {
        arn: 'arn:aws:iam::333333333333:instance-profile/left-over',
        name: 'left-over',
        path: '/',
        id: 'AIPAEXAMPLELEFTOVER01',
        role: null,
      },
    ])
    expect(account.users).toMatchObject([
      {
        name: 'ada',
        groups: ['auditors', 'platform'],
        boundary: 'arn:aws:iam::333333333333:policy/ci-boundary',
        inline: [{ name: 'parameters', document: { Statement: [{ Action: 'ssm:PutParameter' }] } }],
      },
    ])
    expect(account.groups).toMatchObject([{ name: 'platform', attached: [{ name: 'ReadOnlyAccess' }] }])
    expect([...account.policies]).toEqual([
      ['arn:aws:iam::333333333333:policy/ci-boundary', { Statement: [], Id: 'new' }],
      [
        'arn:aws:iam::aws:policy/ReadOnlyAccess',
        { Statement: { Effect: 'Allow', Action: 's3:Get*', Resource: '*' } },
      ],
    ])
  })

  test('are read once, however often they are asked for, and anew by another reader', async () => {
    whole()
    const connection = asking()
    const reader = connection.reader()
    const [first, second] = await Promise.all([reader.authorization('prod'), reader.authorization('prod')])
    expect(second).toBe(first)
    expect(await reader.identity('prod')).toMatchObject({ account: prod.id })
    expect(connection.spent.requests).toEqual({ prod: { iam: 4, sts: 1, ssm: 0, kms: 0 } })
    listed()
    expect((await connection.reader().authorization('prod')).roles).toEqual([])
  })

  test('are asked for in ten requests, where there are a thousand of them', async () => {
    identified()
    const names = Array.from({ length: 1_000 }, (_, at) => `role-${at}`)
    const page = (rows: readonly string[], next?: string) =>
      xml(
        'GetAccountAuthorizationDetails',
        `<IsTruncated>${next !== undefined}</IsTruncated>${next === undefined ? '' : `<Marker>${next}</Marker>`}<UserDetailList/><GroupDetailList/><RoleDetailList>${rows.map((name) => roleXml(name)).join('')}</RoleDetailList><Policies/>`,
      )
    iam('GetAccountAuthorizationDetails', [200, page(names.slice(0, 500), '2')])
    iam('GetAccountAuthorizationDetails', [200, page(names.slice(500), '3')])
    iam('GetAccountAuthorizationDetails', [200, page([])])
    iam('ListRoles', [
      200,
      xml(
        'ListRoles',
        `<IsTruncated>false</IsTruncated><Roles>${names.map((name) => roleXml(name)).join('')}</Roles>`,
      ),
    ])
    iam('ListInstanceProfiles', [
      200,
      xml('ListInstanceProfiles', '<IsTruncated>false</IsTruncated><InstanceProfiles/>'),
    ])
    iam('ListOpenIDConnectProviders', [200, fixture('providers')])
    iam('GetOpenIDConnectProvider', [200, fixture('provider')])
    const connection = asking()
    const reader = connection.reader()
    expect((await reader.authorization('prod')).roles).toHaveLength(1_000)
    await reader.providers('prod')
    expect(connection.spent.requests['prod']?.iam).toBeLessThanOrEqual(10)
  })

  test('whose lists disagree are read again, once', async () => {
    identified()
    listed({ details: roleXml('old') + roleXml('gone'), roles: roleXml('old') })
    listed({ details: roleXml('old'), roles: roleXml('old') })
    const { roles } = await asking().reader().authorization('prod')
    expect(roles.map(({ name }) => name)).toEqual(['old'])
  })

  test.each([
    [
      'a role is listed that the details do not have',
      { roles: roleXml('new') },
      /role new is in the list of roles and not/,
    ],
    [
      'a role has details and is not listed',
      { details: roleXml('old') },
      /role old is in the account’s details and not/,
    ],
    [
      'another role has the name now',
      { details: roleXml('x', { id: 'AROA1' }), roles: roleXml('x', { id: 'AROA2' }) },
      /role x/,
    ],
    [
      'an instance profile is in the details alone',
      {
        details: roleXml('x', {
          more: '<InstanceProfileList><member><InstanceProfileName>p</InstanceProfileName><InstanceProfileId>AIPA1</InstanceProfileId></member></InstanceProfileList>',
        }),
        roles: roleXml('x'),
      },
      /instance profile p/,
    ],
    [
      'a role has no session length',
      {
        details: roleXml('x'),
        roles: roleXml('x').replace('<MaxSessionDuration>3600</MaxSessionDuration>', ''),
      },
      /session length/,
    ],
  ])('%s, twice: incomplete', async (_, lists, why) => {
    identified()
    listed(lists)
    listed(lists)
    const refusal = await refusalOf(asking().reader().authorization('prod'))
    expect(refusal).toMatchObject({ reason: 'incomplete', api: 'aws' })
    expect(refusal.message).toMatch(why)
  })

  test.each([
    ['without a word whether it is the last', '<Roles/>', /whether it is the last/],
    [
      'that goes on, and does not say where',
      '<IsTruncated>true</IsTruncated><Roles/>',
      /where the next one begins/,
    ],
    ['without rows', '<IsTruncated>false</IsTruncated>', /no rows/],
  ])('a page %s is no list', async (_, page, why) => {
    identified()
    iam('GetAccountAuthorizationDetails', [200, fixture('details-2')])
    iam('ListRoles', [200, xml('ListRoles', page)])
    iam('ListInstanceProfiles', [200, fixture('profiles')])
    const refusal = await refusalOf(asking().reader().authorization('prod'))
    expect(refusal).toMatchObject({
      reason: 'incomplete',
      call: 'iam:ListRoles',
      status: 200,
      requestId: 'request-ListRoles',
    })
    expect(refusal.message).toMatch(why)
    nock.cleanAll()
  })

  test('instance profiles may come without that word, as the details tell which there have to be', async () => {
    identified()
    iam('GetAccountAuthorizationDetails', [200, fixture('details-2')])
    iam('ListRoles', [200, fixture('roles').replace(/<member>.*?<\/member>/s, '')])
    iam('ListInstanceProfiles', [200, fixture('profiles').replace('<IsTruncated>false</IsTruncated>', '')])
    expect((await asking().reader().authorization('prod')).profiles).toHaveLength(2)
  })

  test('pages that go round in a circle are no list', async () => {
    identified()
    const circle = xml('ListRoles', '<IsTruncated>true</IsTruncated><Marker>again</Marker><Roles/>')
    iam('ListRoles', [200, circle])
    iam('ListRoles', [200, circle])
    iam('GetAccountAuthorizationDetails', [200, fixture('details-2')])
    iam('ListInstanceProfiles', [200, fixture('profiles')])
    const refusal = await refusalOf(asking().reader().authorization('prod'))
    expect(refusal).toMatchObject({ reason: 'incomplete' })
    expect(refusal.message).toContain('circle')
  })

  test.each([
    ['an empty answer', ''],
    ['the page of a proxy', '<!doctype html><html><body>Sign in</body></html>'],
    ['an answer that is cut', fixture('roles').slice(0, 500)],
  ])('%s is no list', async (_, body) => {
    identified()
    iam('ListRoles', [200, body])
    iam('GetAccountAuthorizationDetails', [200, fixture('details-2')])
    iam('ListInstanceProfiles', [200, fixture('profiles')])
    expect(await refusalOf(asking().reader().authorization('prod'))).toMatchObject({
      reason: 'unreadable',
      status: 200,
      call: 'iam:ListRoles',
    })
  })

  test('a document that is none stays unknown, and one without percent signs is read as it is', async () => {
    identified()
    const trust = (document: string) =>
      roleXml('x').replace('%7B%7D', document.replaceAll('&', '&amp;').replaceAll('"', '&quot;'))
    listed({ details: trust('%7B%22'), roles: roleXml('x') })
    expect((await asking().reader().authorization('prod')).roles[0]?.trust).toBeUndefined()
    identified()
    listed({ details: trust('{"Id": "100%"}'), roles: roleXml('x') })
    expect((await asking().reader().authorization('prod')).roles[0]?.trust).toEqual({ Id: '100%' })
  })
})

describe('the providers of an account', () => {
  test('are read one by one', async () => {
    identified()
    iam('ListOpenIDConnectProviders', [200, fixture('providers')])
    iam('GetOpenIDConnectProvider', [200, fixture('provider')])
    expect(await asking().reader().providers('prod')).toEqual([
      {
        arn: 'arn:aws:iam::333333333333:oidc-provider/agent.buildkite.com',
        url: 'agent.buildkite.com',
        clientIds: ['other', 'sts.amazonaws.com'],
        thumbprints: ['0123456789abcdef0123456789abcdef01234567'],
        tags: { 'managed-by': 'bridle' },
      },
    ])
  })

  test('one that goes meanwhile is looked for again, once', async () => {
    const gone = [
      404,
      '<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>x</Message></Error></ErrorResponse>',
    ] as const
    identified()
    iam('ListOpenIDConnectProviders', [200, fixture('providers')])
    iam('GetOpenIDConnectProvider', gone)
    iam('ListOpenIDConnectProviders', [
      200,
      xml('ListOpenIDConnectProviders', '<OpenIDConnectProviderList/>'),
    ])
    expect(await asking().reader().providers('prod')).toEqual([])
    identified()
    for (let turn = 0; turn < 2; turn += 1) {
      iam('ListOpenIDConnectProviders', [200, fixture('providers')])
      iam('GetOpenIDConnectProvider', gone)
    }
    expect(await refusalOf(asking().reader().providers('prod'))).toMatchObject({ reason: 'incomplete' })
  })
})

describe('parameters', () => {
  const described = (Name: string, more: object = {}) => ({
    Name,
    ARN: `arn:aws:ssm:eu-west-1:333333333333:parameter${Name}`,
    Type: 'String',
    Version: 1,
    Tier: 'Standard',
    LastModifiedDate: 1_767_323_045,
    ...more,
  })
  const held = (Name: string, more: object = {}) => ({
    Name,
    ARN: `arn:aws:ssm:eu-west-1:333333333333:parameter${Name}`,
    Type: 'String',
    Value: 'a',
    Version: 1,
    ...more,
  })
  const describing = (key: 'Name' | 'Path', rows: readonly object[]) =>
    ssm('DescribeParameters', [200, { Parameters: rows }], (sent) => sent.ParameterFilters?.[0]?.Key === key)
  const byName = (...rows: object[]) => describing('Name', rows)
  const byPath = (...rows: object[]) => describing('Path', rows)
  const tagged = (name: string, ...tags: object[]) =>
    ssm('ListTagsForResource', [200, { TagList: tags }], ({ ResourceId }) => ResourceId === name)

  test('by name and by path, secrets without their value', async () => {
    identified()
    byName(
      described('/b/token', {
        Type: 'SecureString',
        KeyId: 'alias/bridle',
        Description: 'of deploy',
        Tier: 'Advanced',
        Version: 3,
      }),
    )
    byPath(described('/b/queues/deploy/policy'))
    ssm(
      'GetParameters',
      [
        200,
        {
          Parameters: [
            held('/b/queues/deploy/policy'),
            held('/b/token', { Type: 'SecureString', Version: 3, Value: 'kms:x:hunter2' }),
          ],
          InvalidParameters: ['/b/queues'],
        },
      ],
      ({ Names, WithDecryption }) => {
        expect([Names, WithDecryption]).toEqual([['/b/queues', '/b/queues/deploy/policy', '/b/token'], false])
        return true
      },
    )
    tagged('/b/token', { Key: 'managed-by', Value: 'bridle' })
    tagged('/b/queues/deploy/policy')
    const reader = asking().reader()
    const found = await reader.parameters('prod', ['/b/token', '/b/queues'])
    expect(found).toEqual([
      {
        name: '/b/queues/deploy/policy',
        arn: 'arn:aws:ssm:eu-west-1:333333333333:parameter/b/queues/deploy/policy',
        type: 'String',
        value: 'a',
        version: 1,
        tier: 'Standard',
        keyId: null,
        description: null,
        modifiedAt: '2026-01-02T03:04:05.000Z',
        tags: {},
      },
      {
        name: '/b/token',
        arn: 'arn:aws:ssm:eu-west-1:333333333333:parameter/b/token',
        type: 'SecureString',
        version: 3,
        tier: 'Advanced',
        keyId: 'alias/bridle',
        description: 'of deploy',
        modifiedAt: '2026-01-02T03:04:05.000Z',
        tags: { 'managed-by': 'bridle' },
      },
    ])
    expect(await reader.parameters('prod', ['/b/queues', '/b/token', '/b/token'])).toBe(found)
  })

  test('the value of a secret is dropped, wherever it comes from', async () => {
    identified()
    byName()
    byPath()
    ssm('GetParameters', [
      200,
      { Parameters: [held('/b/token', { Type: 'SecureString', Value: 'kms:x:hunter2' })] },
    ])
    byName(described('/b/token', { Type: 'SecureString' }))
    byPath()
    ssm('GetParameters', [
      200,
      { Parameters: [held('/b/token', { Type: 'SecureString', Value: 'kms:x:hunter2' })] },
    ])
    tagged('/b/token')
    expect(JSON.stringify(await asking().reader().parameters('prod', ['/b/token']))).not.toContain('hunter2')
  })

  test('nothing is asked where nothing is asked for', async () => {
    expect(await asking().reader().parameters('prod', [])).toEqual([])
  })

  test('what is there and not described yet is asked for again', async () => {
    identified()
    for (let turn = 0; turn < 3; turn += 1) {
      byName()
      byPath()
      ssm('GetParameters', [200, { Parameters: [held('/b/new')] }])
    }
    const refusal = await refusalOf(asking().reader().parameters('prod', ['/b/new']))
    expect(refusal).toMatchObject({ reason: 'incomplete' })
    expect(refusal.message).toContain('/b/new is there and not described')
  })

  test('what is described in an older version is asked for again', async () => {
    identified()
    byName(described('/b/x'))
    byPath()
    ssm('GetParameters', [200, { Parameters: [held('/b/x', { Version: 2, Value: 'new' })] }])
    tagged('/b/x')
    byName(described('/b/x', { Version: 2 }))
    byPath()
    ssm('GetParameters', [200, { Parameters: [held('/b/x', { Version: 2, Value: 'new' })] }])
    tagged('/b/x')
    expect(await asking().reader().parameters('prod', ['/b/x'])).toMatchObject([{ version: 2, value: 'new' }])
  })

  test('a token whose description is late is asked for again, as what it says is of the token before', async () => {
    identified()
    const secret = (more: object) =>
      held('/b/token', { Type: 'SecureString', Value: 'kms:x:hunter2', ...more })
    for (const [version, says] of [
      [3, 'of the last one'],
      [4, 'of this one'],
    ] as const) {
      byName(described('/b/token', { Type: 'SecureString', Version: version, Description: says }))
      byPath()
      ssm('GetParameters', [200, { Parameters: [secret({ Version: 4 })] }])
      tagged('/b/token')
    }
    const found = await asking().reader().parameters('prod', ['/b/token'])
    expect(found).toMatchObject([{ version: 4, description: 'of this one' }])
    expect(JSON.stringify(found)).not.toContain('hunter2')
  })

  test('one whose description never comes is refused by name', async () => {
    identified()
    for (let turn = 0; turn < 3; turn += 1) {
      byName(described('/b/token', { Type: 'SecureString', Version: 3 }))
      byPath()
      ssm('GetParameters', [
        200,
        { Parameters: [held('/b/token', { Type: 'SecureString', Version: 4, Value: 'kms:x:hunter2' })] },
      ])
      tagged('/b/token')
    }
    const refusal = await refusalOf(asking().reader().parameters('prod', ['/b/token']))
    expect(refusal).toMatchObject({ reason: 'incomplete' })
    expect(refusal.message).toContain('/b/token is described in another version than it has')
    expect(refusal.message).not.toContain('hunter2')
  })

  test('what goes meanwhile is gone', async () => {
    identified()
    byName(described('/b/x', { Type: 'SecureString' }))
    byPath()
    ssm('GetParameters', [200, { Parameters: [held('/b/x', { Type: 'SecureString' })] }])
    ssm('ListTagsForResource', [400, { __type: 'InvalidResourceId' }])
    byName()
    byPath()
    ssm('GetParameters', [200, { Parameters: [], InvalidParameters: ['/b/x'] }])
    expect(await asking().reader().parameters('prod', ['/b/x'])).toEqual([])
  })

  test.each([
    ['DescribeParameters', {}, /no parameters/],
    ['GetParameters', { Parameters: [] }, /0 of 1 names/],
    ['ListTagsForResource', {}, /tags/],
  ])('%s without what it should say is no answer', async (operation, body, why) => {
    identified()
    const many = operation === 'ListTagsForResource' ? 3 : 1
    for (let turn = 0; turn < many; turn += 1) {
      if (operation === 'DescribeParameters') {
        ssm(operation, [200, body])
        ssm(operation, [200, body])
      } else {
        byName(described('/b/x'))
        byPath()
        ssm('GetParameters', [200, operation === 'GetParameters' ? body : { Parameters: [held('/b/x')] }])
        if (operation === 'ListTagsForResource') ssm(operation, [200, body])
      }
    }
    const refusal = await refusalOf(asking().reader().parameters('prod', ['/b/x']))
    expect(refusal).toMatchObject({ reason: 'incomplete' })
    expect(refusal.message).toMatch(why)
    nock.cleanAll()
  })

  test('many are asked for fifty and ten at a time', async () => {
    identified()
    const names = Array.from({ length: 120 }, (_, at) => `/b/${String(at).padStart(3, '0')}`)
    nock('https://ssm.eu-west-1.amazonaws.com')
      .persist()
      .post('/')
      .reply(200, function (_, sent) {
        const target = String(this.req.headers['x-amz-target'])
        const body = (typeof sent === 'string' ? JSON.parse(sent) : sent) as {
          Names?: string[]
          ParameterFilters?: { Key: string; Values: string[] }[]
        }
        if (target.endsWith('ListTagsForResource')) return { TagList: [] }
        if (target.endsWith('GetParameters')) {
          expect(body.Names?.length).toBeLessThanOrEqual(10)
          return { Parameters: body.Names?.map((name) => held(name)) }
        }
        const [filter] = body.ParameterFilters ?? []
        expect(filter?.Values.length).toBeLessThanOrEqual(50)
        return { Parameters: filter?.Key === 'Name' ? filter.Values.map((name) => described(name)) : [] }
      })
    const connection = asking()
    expect(await connection.reader().parameters('prod', names)).toHaveLength(120)
    expect(connection.spent.requests['prod']?.ssm).toBe(3 + 3 + 12 + 120)
    nock.cleanAll()
  })
})
