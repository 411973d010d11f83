import { expect, test } from 'vitest'
import { stack, stackDrift } from '../../src/workflow/stack.js'
import { filesOf } from '../support/files.js'

const declared = (yaml: string) => ({
  files: filesOf({ 'bridle.yaml': yaml }),
  root: 'bridle.yaml',
  today: '2026-11-22',
})

const files = (keyId: string) =>
  declared(`
organization: acme
clusters:
  production:
    allow: { users: [eve@acme.test] }
    queues: { deploy: { instance_role: management/agent-deploy } }
    tokens:
      deploy: { store: management/buildkite/token/deploy }
      spare: {}
aws:
  accounts: { management: { id: "111111111111", region: eu-west-1 } }
  roles: { management/agent-deploy: { trust: [{ service: ec2.amazonaws.com }] } }
  parameters: { management/buildkite/token/deploy: { type: SecureString, key_id: "${keyId}" } }
`)

const id = '1234abcd-12ab-34cd-56ef-1234567890ab'

test.each([
  { keyId: id, given: id },
  { keyId: `arn:aws:kms:eu-west-1:111111111111:key/${id}`, given: id },
  { keyId: 'alias/agents', given: undefined }, // an alias says nothing of the id, and the stack takes nothing else
  { keyId: 'arn:aws:kms:eu-west-1:111111111111:alias/agents', given: undefined },
])('the key of a declared parameter is passed on by its id: $keyId', ({ keyId, given }) => {
  const { stack: implied, findings } = stack(files(keyId), 'queue:production/deploy', {})
  expect(findings).toEqual([])
  expect(
    implied?.parameters.find(({ ParameterKey }) => ParameterKey === 'BuildkiteAgentTokenParameterStoreKMSKey')
      ?.ParameterValue,
  ).toBe(given)
})

test('of several tokens the one that is stored is meant', () => {
  const { stack: implied } = stack(files(id), 'queue:production/deploy', {})
  expect(implied?.parameters).toContainEqual(
    expect.objectContaining({ ParameterValue: '/buildkite/token/deploy' }),
  )
})

test('files that make no sense imply nothing', () => {
  const wrong = declared('organization: acme\nclusters: { production: { queues: { deploy: { x: 1 } } } }\n')
  expect(stack(wrong, 'queue:production/deploy', {})).toMatchObject({ findings: [{ code: 'unknown-key' }] })
  expect(stackDrift(wrong, { text: '{}', file: 'stack.json' })).toMatchObject({
    findings: [{ code: 'unknown-key' }],
  })
})
