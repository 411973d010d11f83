import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { actInAws } from '../../../src/sandbox/aws/act.js'
import { fits, fitsAction, patternOf } from '../../../src/sandbox/aws/authorize/pattern.js'
import { law } from '../../support/law.js'
import { accounts, PROD } from './world.js'

/** All that bridle asks of AWS. */
const operations = [
  'GetAccountAuthorizationDetails ListRoles GetRole CreateRole UpdateRole UpdateAssumeRolePolicy DeleteRole TagRole UntagRole',
  'PutRolePolicy DeleteRolePolicy GetRolePolicy ListRolePolicies AttachRolePolicy DetachRolePolicy ListAttachedRolePolicies',
  'PutRolePermissionsBoundary DeleteRolePermissionsBoundary CreateInstanceProfile GetInstanceProfile ListInstanceProfiles',
  'ListInstanceProfilesForRole AddRoleToInstanceProfile RemoveRoleFromInstanceProfile DeleteInstanceProfile',
  'TagInstanceProfile UntagInstanceProfile CreateOpenIDConnectProvider GetOpenIDConnectProvider ListOpenIDConnectProviders',
  'AddClientIDToOpenIDConnectProvider RemoveClientIDFromOpenIDConnectProvider UpdateOpenIDConnectProviderThumbprint',
  'TagOpenIDConnectProvider UntagOpenIDConnectProvider DeleteOpenIDConnectProvider CreatePolicy GetPolicy GetPolicyVersion',
  'ListPolicies GetAccountSummary GetCallerIdentity AssumeRole AssumeRoleWithWebIdentity PutParameter GetParameter',
  'GetParameters GetParametersByPath DescribeParameters DeleteParameter DeleteParameters AddTagsToResource',
  'RemoveTagsFromResource ListTagsForResource CreateKey CreateAlias EnableKey DisableKey GetPublicKey Sign',
].flatMap((line) => line.split(' '))

const as = `arn:aws:iam::${PROD}:user/bridle`
const now = '2026-11-02T09:00:00.000Z'

/** What is given to them, whatever it is, is answered: nothing falls over. */
const fields = [
  ...[
    'RoleName',
    'Path',
    'PolicyName',
    'PolicyArn',
    'PolicyDocument',
    'AssumeRolePolicyDocument',
    'Name',
    'Names',
    'Value',
  ],
  ...[
    'Tags',
    'TagKeys',
    'InstanceProfileName',
    'OpenIDConnectProviderArn',
    'Url',
    'ClientIDList',
    'ThumbprintList',
    'Marker',
  ],
  ...[
    'RoleArn',
    'RoleSessionName',
    'WebIdentityToken',
    'ResourceType',
    'ResourceId',
    'NextToken',
    'ParameterFilters',
    'Type',
    'KeyId',
    'KeySpec',
    'Message',
    'SigningAlgorithm',
  ],
]
const texts = [
  ...[
    '',
    'web',
    'bridle-admin',
    '/',
    '/a/b',
    '{}',
    '[]',
    '{"Statement":[]}',
    '__proto__',
    'arn:aws:iam::333333333333:role/x',
  ],
  ...[
    '{"Statement":{"Effect":"Allow","Principal":"*","Action":"sts:*"}}',
    'a.b.c',
    'https://x',
    'Parameter',
    'String',
    '💥',
  ],
]
const value = fc.oneof(
  fc.constantFrom(...texts),
  fc.integer(),
  fc.constant(null),
  fc.array(fc.constantFrom(...texts), { maxLength: 3 }),
  fc.array(fc.record({ Key: fc.constantFrom(...texts), Value: fc.constantFrom(...texts) }), { maxLength: 3 }),
)

test('every operation is there', () => {
  const unknown = operations.filter((name) => {
    const done = actInAws(accounts(), { as, now }, name)
    return !('result' in done) && !/^(Validation|InvalidClient)/.test(done.refused)
  })
  expect(unknown).toEqual([])
})

const state = accounts()

law(
  'whatever is asked is answered',
  fc.tuple(fc.constantFrom(...operations), fc.dictionary(fc.constantFrom(...fields), value)),
  ([name, input]) => {
    const done = actInAws(state, { as, now }, name, input)
    expect('result' in done || 'refused' in done).toBe(true)
  },
  5000,
)

const reading = { lookup: () => undefined, hasVariables: true }
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const sign = fc.constantFrom('a', 'b', ':', '*', '?', '.')
const word = fc.array(sign, { maxLength: 8 }).map((signs) => signs.join(''))

law(
  'a pattern is what a regular expression would say',
  fc.tuple(word, word),
  ([pattern, text]) => {
    const expression = new RegExp(`^${escaped(pattern).replaceAll('\\*', '.*').replaceAll('\\?', '.')}$`)
    expect(fits(patternOf(pattern, reading, true)!, text)).toBe(expression.test(text))
    expect(fits(patternOf(pattern, reading, false)!, text)).toBe(pattern === text)
    expect(fitsAction(pattern.toUpperCase(), text)).toBe(expression.test(text))
  },
  5000,
)
