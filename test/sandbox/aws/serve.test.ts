import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { printState } from '../../../src/sandbox/saved.js'
import { newOrganization } from '../../../src/sandbox/seed.js'
import { worldOf } from '../../support/world.js'
import { accounts, EC2, MANAGEMENT } from './world.js'

test('sandbox serve answers for AWS on the same port, and says what to export', async () => {
  const file = 'bridle.sandbox.json'
  const world = worldOf({ files: { [file]: printState(accounts()) } })
  const said = new Promise<string>((resolve) => {
    Object.assign(world.machine.stdout, { write: resolve })
  })
  const running = world.run('sandbox', 'serve')
  const exported = Object.fromEntries(
    [...(await said).matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]),
  )
  const config = {
    endpoint: exported['AWS_ENDPOINT_URL']!,
    region: exported['AWS_REGION']!,
    credentials: {
      accessKeyId: exported['AWS_ACCESS_KEY_ID']!,
      secretAccessKey: exported['AWS_SECRET_ACCESS_KEY']!,
    },
  }
  expect(exported['BUILDKITE_REST_URL']).toBe(config.endpoint)
  expect((await new STSClient(config).send(new GetCallerIdentityCommand({}))).Account).toBe(MANAGEMENT)
  await new IAMClient(config).send(new CreateRoleCommand({ RoleName: 'web', AssumeRolePolicyDocument: EC2 }))
  world.interrupt()
  expect((await running).code).toBe(0)
  expect(world.files[file]).toContain(`"key":"${MANAGEMENT}/web"`)
  expect(world.files[file]).not.toContain(config.credentials.secretAccessKey)
})

test('where there are no accounts, nothing is changed in them', async () => {
  const state = newOrganization({ slug: 'acme', admin: { email: 'root@acme.test', token: 'sandbox' } })
  const world = worldOf({ files: { 'bridle.sandbox.json': printState(state) } })
  expect(printState(state)).not.toContain('aws')
  const { code, stderr } = await world.run('sandbox', 'edit', 'tag', 'role:prod/bridle-admin', 'a=b')
  expect(code).toBe(2)
  expect(stderr).toContain('there is no account "prod"; there are none')
  expect((await world.run('sandbox', 'edit', 'create', 'team:x')).code).toBe(0)
})
