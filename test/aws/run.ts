// `npm run test:aws -- URL`: our reader and our writer against whatever answers at URL: moto, another emulator, or AWS.
//
// What it makes has a name of its own, under /buildkite/bridle-test/, and is taken away again. It rests on nothing that
// emulators are known to have wrong: no limit, no check of a document, no enforced trust.
import { isDeepStrictEqual } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AwsAccount, AwsReader, ParameterDetail, RoleDetail } from '../../src/model/aws.js'
import type { Clock } from '../../src/model/clock.js'
import type { Made } from '../../src/model/call.js'
import { Refusal, type RefusalReason } from '../../src/model/refusal.js'
import { partsOf } from '../../src/providers/aws/arn.js'
import { clientsFor, type Clients } from '../../src/providers/aws/clients.js'
import { connectAwsToWrite } from '../../src/providers/aws/connect-to-write.js'
import { troubleIn } from '../../src/providers/aws/trouble.js'
import type { AwsReadyCall } from '../../src/providers/aws/writer.js'

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'

const clock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal ? { signal } : {}).catch(() => undefined),
}

const say = (line: string) => process.stdout.write(`${line}\n`)

let passed = 0
let failed = 0

/** One thing that has to hold. What comes after it is tried all the same. */
const check = async (name: string, holds: () => Promise<void>): Promise<void> => {
  try {
    await holds()
    passed += 1
    say(`ok      ${name}`)
  } catch (error) {
    failed += 1
    say(`FAILED  ${name}\n        ${error instanceof Error ? error.message : String(error)}`)
  }
}

const expect = (what: string, is: unknown, should: unknown) => {
  if (!isDeepStrictEqual(is, should))
    throw new Error(`${what} is ${JSON.stringify(is)}, and should be ${JSON.stringify(should)}`)
}

/** The reason that something is refused for. */
const reasonOf = async (act: () => Promise<unknown>): Promise<RefusalReason | 'nothing'> => {
  try {
    await act()
    return 'nothing'
  } catch (error) {
    if (error instanceof Refusal) return error.reason
    throw error
  }
}

const endpointIn = (words: readonly string[]): string | undefined =>
  words.find((word) => URL.canParse(word) && /^https?:$/.test(new URL(word).protocol))

const endpoint = endpointIn(process.argv.slice(2))
if (endpoint === undefined) {
  say('usage: npm run test:aws -- URL   (with AWS_ACCESS_KEY_ID and so on, where they matter there)')
  process.exit(2)
}

const { env } = process
const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'eu-west-1'
const credentials = {
  accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? 'test',
  secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? 'test',
  ...(env['AWS_SESSION_TOKEN'] === undefined ? {} : { sessionToken: env['AWS_SESSION_TOKEN'] }),
}
const clients = clientsFor({
  fetch: (url, init) => fetch(url, init),
  clock,
  timeoutSeconds: 30,
  userAgent: 'bridle/test',
  trustEndpoint: new URL(endpoint).origin, // who types it trusts it
  credentials: () => Promise.resolve(credentials),
  endpoints: { iam: endpoint, sts: endpoint, ssm: endpoint },
})

const nobody: AwsAccount = { name: 'there', id: '', partition: 'aws', region }

/** Whoever it is that answers. */
const found = async (): Promise<{ account: AwsAccount; theirs: Clients }> => {
  const theirs = await clients(nobody)
  const { Account = '', Arn = '' } = await theirs.sts.getCallerIdentity({})
  return { theirs, account: { ...nobody, id: Account, partition: partsOf(Arn)?.partition ?? '' } }
}

const { account, theirs } = await found().catch((error: unknown) => {
  const about = { account: nobody, call: 'sts:GetCallerIdentity', clean: (text: string) => text }
  const trouble = troubleIn(error, about)
  if (trouble === undefined) throw error
  say(`nobody answers at ${endpoint}: ${trouble.what}`)
  say('0 passed, 1 failed')
  process.exit(1)
})

const means = { accounts: [account], clients, clock, random: () => Math.random() }
const connection = connectAwsToWrite(means)
const { writer } = connection

/** Reads anew until it is so: what was just written may not be seen at once. */
const see = async <Value>(
  read: (reader: AwsReader) => Promise<Value>,
  is: (value: Value) => void,
): Promise<void> => {
  for (let turn = 0; ; turn += 1) {
    try {
      is(await read(connection.reader()))
      return
    } catch (error) {
      if (turn === 5) throw error
      await clock.sleep(500 * 2 ** turn)
    }
  }
}

const tell = (
  service: 'iam' | 'ssm',
  operation: string,
  input: AwsReadyCall['input'],
  more: Partial<AwsReadyCall> = {},
): Promise<Made> =>
  writer.send({ via: 'aws', account: 'there', service, operation, input, repeatable: false, ...more })

// --- what is made, and what it is called ---

const mark = Math.floor(Math.random() * 2 ** 32)
  .toString(16)
  .padStart(8, '0')
const name = `bridle-test-${mark}`
const path = '/buildkite/bridle-test/'
const host = `${name}.example.com`
const parameter = `/buildkite/bridle-test/${mark}/policy`
const secret = `/buildkite/bridle-test/${mark}/token`
const Tags = [
  { Key: 'managed-by', Value: 'bridle' },
  { Key: 'team', Value: 'web + co: 1' },
]
const tags = { 'managed-by': 'bridle', team: 'web + co: 1' }
const { id, partition } = account
const arnOf = (rest: string) => `arn:${partition}:iam::${id}:${rest}`

const trusting = (...services: string[]) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: services.length === 1 ? services[0] : services },
      Action: 'sts:AssumeRole',
    },
  ],
})
const trust = trusting('ec2.amazonaws.com') as AwsReadyCall['input']
const wider = trusting('ec2.amazonaws.com', 'autoscaling.amazonaws.com') as AwsReadyCall['input']
const allowed = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:${partition}:s3:::acme artifacts/*` },
  ],
}

const role = async (reader: AwsReader): Promise<RoleDetail | undefined> =>
  (await reader.authorization('there')).roles.find((one) => one.name === name)
const profile = async (reader: AwsReader) =>
  (await reader.authorization('there')).profiles.find((one) => one.name === name)
const provider = async (reader: AwsReader) =>
  (await reader.providers('there')).find(({ url }) => url === host)
const parameterAt = async (reader: AwsReader, at: string): Promise<ParameterDetail | undefined> =>
  (await reader.parameters('there', [at])).find((one) => one.name === at)

// --- who asks ---

await check('who asks is in the declared account', async () => {
  const { account: asker } = await connection.reader().identity('there')
  expect('the account', asker, id)
})

await check('another account than the declared one is refused before anything is read', async () => {
  const other = id === '111111111111' ? '222222222222' : '111111111111'
  const wrong = connectAwsToWrite({ ...means, accounts: [{ ...account, id: other }] })
  expect('reading', await reasonOf(() => wrong.reader().authorization('there')), 'wrong-account')
  const call = { via: 'aws', account: 'there', service: 'iam', repeatable: false } as const
  const send = () => wrong.writer.send({ ...call, operation: 'DeleteRole', input: { RoleName: name } })
  expect('writing', await reasonOf(send), 'wrong-account')
  expect('the requests', wrong.spent.requests['there']?.iam, 0)
})

// --- a policy to attach, which is no kind of bridle's ---

const policyArn = arnOf(`policy${path}${name}`)
await theirs.iam.createPolicy({
  PolicyName: name,
  Path: path,
  PolicyDocument: JSON.stringify(allowed),
})

try {
  // --- a role ---

  await check('a role is made, and says what it is called', async () => {
    const made = await tell('iam', 'CreateRole', {
      RoleName: name,
      Path: path,
      AssumeRolePolicyDocument: JSON.stringify(trust),
      Description: 'Deploys nothing',
      MaxSessionDuration: 7200,
      Tags,
    })
    expect('its ARN', made.id, arnOf(`role${path}${name}`))
    expect('that it has an id', typeof made.uuid, 'string')
  })

  await check('a role is read as it was made', async () => {
    await see(role, (is) => {
      expect('the trust', is?.trust, trust)
      expect('the path', is?.path, path)
      expect('the tags', is?.tags, tags)
      expect('the description', is?.description, 'Deploys nothing')
      expect('the session', is?.maxSessionSeconds, 7200)
      expect('the inline policies', is?.inline, [])
      expect('the attached policies', is?.attached, [])
      expect('the boundary', is?.boundary, null)
    })
  })

  await check('a role that is there is not made again', async () => {
    const again = () =>
      tell('iam', 'CreateRole', {
        RoleName: name,
        Path: path,
        AssumeRolePolicyDocument: JSON.stringify(trust),
      })
    expect('making it', await reasonOf(again), 'invalid')
  })

  await check('a role is changed', async () => {
    await tell(
      'iam',
      'UpdateRole',
      { RoleName: name, Description: 'Deploys less', MaxSessionDuration: 3600 },
      { repeatable: true },
    )
    await tell(
      'iam',
      'TagRole',
      { RoleName: name, Tags: [{ Key: 'more', Value: '1' }] },
      { repeatable: true },
    )
    await tell('iam', 'UntagRole', { RoleName: name, TagKeys: ['team'] }, { repeatable: true })
    const PolicyDocument = JSON.stringify(allowed)
    await tell(
      'iam',
      'PutRolePolicy',
      { RoleName: name, PolicyName: 'artifacts', PolicyDocument },
      { repeatable: true },
    )
    await tell('iam', 'AttachRolePolicy', { RoleName: name, PolicyArn: policyArn }, { repeatable: true })
    await tell(
      'iam',
      'PutRolePermissionsBoundary',
      { RoleName: name, PermissionsBoundary: policyArn },
      { repeatable: true },
    )
    await see(role, (is) => {
      expect('the description', is?.description, 'Deploys less')
      expect('the session', is?.maxSessionSeconds, 3600)
      expect('the tags', is?.tags, { 'managed-by': 'bridle', more: '1' })
      expect('the inline policies', is?.inline, [{ name: 'artifacts', document: allowed }])
      expect('the attached policies', is?.attached, [{ name, arn: policyArn }])
      expect('the boundary', is?.boundary, policyArn)
    })
  })

  await check('a managed policy is read with its document', async () => {
    await see(
      async (reader) => (await reader.authorization('there')).policies.get(policyArn),
      (is) => expect('the document', is, allowed),
    )
  })

  await check('a trust policy is replaced where it is the expected one', async () => {
    const PolicyDocument = JSON.stringify(wider)
    await tell('iam', 'UpdateAssumeRolePolicy', { RoleName: name, PolicyDocument }, { expects: trust })
    await see(role, (is) => expect('the trust', is?.trust, wider))
  })

  await check('what somebody else does to a role is seen', async () => {
    await theirs.iam.updateAssumeRolePolicy({
      RoleName: name,
      PolicyDocument: JSON.stringify(trusting('lambda.amazonaws.com')),
    })
    await theirs.iam.tagRole({ RoleName: name, Tags: [{ Key: 'more', Value: '2' }] })
    await theirs.iam.detachRolePolicy({ RoleName: name, PolicyArn: policyArn })
    await see(role, (is) => {
      expect('the trust', is?.trust, trusting('lambda.amazonaws.com'))
      expect('the tag', is?.tags['more'], '2')
      expect('the attached policies', is?.attached, [])
    })
  })

  await check('a trust policy that somebody else changed is left alone, and then put back', async () => {
    // A writer of its own: the other one has replaced it itself, and would wait for IAM to show that.
    const fresh = connectAwsToWrite(means).writer
    const send = (expects: AwsReadyCall['input']) =>
      fresh.send({
        via: 'aws',
        account: 'there',
        service: 'iam',
        operation: 'UpdateAssumeRolePolicy',
        input: { RoleName: name, PolicyDocument: JSON.stringify(trust) },
        repeatable: true,
        expects,
      })
    expect('replacing it', await reasonOf(() => send(wider)), 'invalid')
    await send(trusting('lambda.amazonaws.com'))
    await see(role, (is) => expect('the trust', is?.trust, trust))
  })

  // --- an instance profile ---

  await check('an instance profile is made, and a role is put into it', async () => {
    const made = await tell('iam', 'CreateInstanceProfile', { InstanceProfileName: name, Path: path, Tags })
    expect('its ARN', made.id, arnOf(`instance-profile${path}${name}`))
    expect('that it has an id', typeof made.uuid, 'string')
    await tell('iam', 'AddRoleToInstanceProfile', { InstanceProfileName: name, RoleName: name })
    await see(profile, (is) => expect('the role in it', [is?.path, is?.role], [path, name]))
    await see(role, (is) => expect('the profiles of the role', is?.profiles, [name]))
  })

  await check('a role that somebody else takes out of it is put back', async () => {
    await theirs.iam.removeRoleFromInstanceProfile({ InstanceProfileName: name, RoleName: name })
    await see(profile, (is) => expect('the role in it', is?.role, null))
    await tell('iam', 'AddRoleToInstanceProfile', { InstanceProfileName: name, RoleName: name })
    await see(profile, (is) => expect('the role in it', is?.role, name))
  })

  await check('an instance profile is deleted, and deleting it again is no harm', async () => {
    await tell('iam', 'RemoveRoleFromInstanceProfile', { InstanceProfileName: name, RoleName: name })
    for (let turn = 0; turn < 2; turn += 1)
      await tell('iam', 'DeleteInstanceProfile', { InstanceProfileName: name })
    await see(profile, (is) => expect('it', is, undefined))
  })

  // --- the end of the role ---

  await check('a role with a policy in it is not deleted', async () => {
    // Not by the writer that took something out of it: that one would wait for IAM to have heard.
    const fresh = connectAwsToWrite(means).writer
    const call = { via: 'aws', account: 'there', service: 'iam', repeatable: false } as const
    const send = () => fresh.send({ ...call, operation: 'DeleteRole', input: { RoleName: name } })
    expect('deleting it', await reasonOf(send), 'invalid')
  })

  await check('a role is deleted, and deleting it again is no harm', async () => {
    for (let turn = 0; turn < 2; turn += 1) {
      await tell('iam', 'DetachRolePolicy', { RoleName: name, PolicyArn: policyArn })
      await tell('iam', 'DeleteRolePolicy', { RoleName: name, PolicyName: 'artifacts' })
      await tell('iam', 'DeleteRolePermissionsBoundary', { RoleName: name })
      await tell('iam', 'DeleteRole', { RoleName: name })
    }
    await see(role, (is) => expect('it', is, undefined))
  })

  // --- a provider ---

  const providerArn = arnOf(`oidc-provider/${host}`)
  const thumbprint = (digit: string) => digit.repeat(40)

  await check('a provider is made and read', async () => {
    const made = await tell('iam', 'CreateOpenIDConnectProvider', {
      Url: `https://${host}`,
      ClientIDList: ['sts.amazonaws.com'],
      ThumbprintList: [thumbprint('a')],
      Tags,
    })
    expect('its ARN', made.id, providerArn)
    await see(provider, (is) =>
      expect('it', is, {
        arn: providerArn,
        url: host,
        clientIds: ['sts.amazonaws.com'],
        thumbprints: [thumbprint('a')],
        tags,
      }),
    )
  })

  await check('a provider is changed, and what somebody else does to it is seen', async () => {
    await tell(
      'iam',
      'UpdateOpenIDConnectProviderThumbprint',
      { OpenIDConnectProviderArn: providerArn, ThumbprintList: [thumbprint('b')] },
      { repeatable: true },
    )
    await tell(
      'iam',
      'TagOpenIDConnectProvider',
      { OpenIDConnectProviderArn: providerArn, Tags: [{ Key: 'team', Value: 'ops' }] },
      { repeatable: true },
    )
    await see(provider, (is) => expect('it', [is?.thumbprints, is?.tags['team']], [[thumbprint('b')], 'ops']))
    await theirs.iam.untagOpenIDConnectProvider({
      OpenIDConnectProviderArn: providerArn,
      TagKeys: ['managed-by'],
    })
    await see(provider, (is) => expect('its tags', is?.tags, { team: 'ops' }))
  })

  await check('a provider is deleted, and deleting it again is no harm', async () => {
    for (let turn = 0; turn < 2; turn += 1)
      await tell('iam', 'DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn: providerArn })
    await see(provider, (is) => expect('it', is, undefined))
  })

  // --- parameters ---

  await check('a parameter is made and read', async () => {
    const made = await tell('ssm', 'PutParameter', {
      Name: parameter,
      Type: 'String',
      Value: '{"version":1}',
      Description: 'of a test',
      Tags,
    })
    expect('its ARN', made.id, `arn:${partition}:ssm:${region}:${id}:parameter${parameter}`)
    await see(
      (reader) => parameterAt(reader, parameter),
      (is) =>
        expect(
          'it',
          [is?.type, is?.value, is?.version, is?.description, is?.tags],
          ['String', '{"version":1}', 1, 'of a test', tags],
        ),
    )
  })

  await check('a parameter that is there is not made again', async () => {
    const again = () => tell('ssm', 'PutParameter', { Name: parameter, Type: 'String', Value: 'x' })
    expect('making it', await reasonOf(again), 'invalid')
  })

  await check('a parameter is changed, and what somebody else does to it is seen', async () => {
    await tell(
      'ssm',
      'PutParameter',
      { Name: parameter, Type: 'String', Value: '{"version":2}', Overwrite: true },
      { repeatable: true },
    )
    await tell(
      'ssm',
      'AddTagsToResource',
      { ResourceType: 'Parameter', ResourceId: parameter, Tags: [{ Key: 'team', Value: 'ops' }] },
      { repeatable: true },
    )
    await see(
      (reader) => parameterAt(reader, parameter),
      (is) => expect('it', [is?.value, is?.version, is?.tags['team']], ['{"version":2}', 2, 'ops']),
    )
    await theirs.ssm.putParameter({ Name: parameter, Value: 'theirs', Overwrite: true })
    await see(
      (reader) => parameterAt(reader, parameter),
      (is) => expect('it', [is?.value, is?.version], ['theirs', 3]),
    )
  })

  await check('a secret is stored, found under its path, and never read', async () => {
    await tell('ssm', 'PutParameter', { Name: secret, Type: 'SecureString', Value: 'hunter2-hunter2', Tags })
    await see(
      (reader) => reader.parameters('there', [`/buildkite/bridle-test/${mark}`]),
      (is) => {
        expect(
          'what is there',
          is.map(({ name, type }) => [name, type]),
          [
            [parameter, 'String'],
            [secret, 'SecureString'],
          ],
        )
        expect('that the secret is told', JSON.stringify(is).includes('hunter2'), false)
      },
    )
  })

  await check('parameters are deleted, and deleting them again is no harm', async () => {
    for (let turn = 0; turn < 2; turn += 1)
      for (const Name of [parameter, secret]) await tell('ssm', 'DeleteParameter', { Name })
    await see(
      (reader) => reader.parameters('there', [parameter, secret]),
      (is) => expect('what is there', is, []),
    )
  })
} finally {
  const gone = async (act: () => Promise<unknown>) => act().catch(() => undefined)
  const role = { RoleName: name }
  await gone(() => theirs.iam.removeRoleFromInstanceProfile({ InstanceProfileName: name, ...role }))
  await gone(() => theirs.iam.deleteInstanceProfile({ InstanceProfileName: name }))
  await gone(() => theirs.iam.detachRolePolicy({ ...role, PolicyArn: policyArn }))
  await gone(() => theirs.iam.deleteRolePolicy({ ...role, PolicyName: 'artifacts' }))
  await gone(() => theirs.iam.deleteRolePermissionsBoundary(role))
  await gone(() => theirs.iam.deleteRole(role))
  await gone(() =>
    theirs.iam.deleteOpenIDConnectProvider({ OpenIDConnectProviderArn: arnOf(`oidc-provider/${host}`) }),
  )
  await gone(() => theirs.ssm.deleteParameters({ Names: [parameter, secret] }))
  await gone(() => theirs.iam.deletePolicy({ PolicyArn: policyArn }))
}

const { iam = 0, sts = 0, ssm = 0 } = connection.spent.requests['there'] ?? {}
say(`asked IAM ${iam}, STS ${sts} and SSM ${ssm} times`)
say(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
