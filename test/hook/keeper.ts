import { spawn, spawnSync } from 'node:child_process'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { DeleteParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm'
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateOpenIDConnectProviderCommand,
} from '@aws-sdk/client-iam'
import { serve } from '../../src/cli/serve.js'
import { cut, sealed } from '../../src/model/envelope.js'
import type { GatePayload } from '../../src/model/gate.js'
import { metadataOf } from '../../src/sandbox/aws/metadata.js'
import { addRole, credentialsOf, newAccounts } from '../../src/sandbox/aws/seed.js'
import { sandbox } from '../../src/sandbox/index.js'
import { oidcToken } from '../../src/sandbox/world/oidc.js'
import { clientsOf } from '../support/aws-over-fetch.js'
import { newKey, signerOf } from '../support/policy-key.js'
import { running } from '../sandbox/aws/job.js'
import { EC2, PROD } from '../sandbox/aws/world.js'
import { answerOf, hostIn, type Answer, type Shell } from './host.js'

export const region = 'eu-west-1'
const folder = '/buildkite/production/queues'
export const here = { organization: 'organization-1', cluster: 'cluster-1', queue: 'queue-1' }

/** A policy that lets in `web-deploy`, as of a while ago. */
export const policyOf = (serial: number, changes: Partial<GatePayload> = {}): GatePayload => ({
  format: 'bridle.gate/1',
  organization: { slug: 'acme', uuid: here.organization },
  cluster: { name: 'production', uuid: here.cluster },
  queue: { key: 'deploy', uuid: here.queue },
  mode: 'block',
  serial,
  issued_at: '2026-01-01T00:00:00Z',
  pipelines: [
    {
      slug: 'web-deploy',
      uuid: 'pipeline-1',
      repository: 'git@github.com:acme/web.git',
      branches: ['main'],
      sources: ['webhook'],
    },
  ],
  ...changes,
})

/** A job that such a policy lets in. */
export const job = `${JSON.stringify({
  BUILDKITE_JOB_ID: 'job-1',
  BUILDKITE_ORGANIZATION_ID: here.organization,
  BUILDKITE_ORGANIZATION_SLUG: 'acme',
  BUILDKITE_AGENT_META_DATA_QUEUE: 'deploy',
  BUILDKITE_PIPELINE_ID: 'pipeline-1',
  BUILDKITE_PIPELINE_SLUG: 'web-deploy',
  BUILDKITE_REPO: 'git@github.com:acme/web.git',
  BUILDKITE_SOURCE: 'webhook',
  BUILDKITE_PULL_REQUEST: 'false',
  BUILDKITE_BRANCH: 'main',
  BUILDKITE_COMMIT: '0123456789012345678901234567890123456789',
})}\n`

export const signer = signerOf(newKey())

/** The same key as a host has it: pinned. */
const pemOf = ({ publicKey }: typeof signer): string => {
  const { x, y } = publicKey.jwk
  const head = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex')
  const point = [Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]
  const spki = Buffer.concat([head, ...point]).toString('base64')
  return [
    '-----BEGIN PUBLIC KEY-----',
    ...(spki.match(/.{1,64}/g) ?? []),
    '-----END PUBLIC KEY-----',
    '',
  ].join('\n')
}

/** AWS on two sockets: SSM, and the metadata service of an instance that may read the policy. */
export const awsServed = async () => {
  const { state, job: building } = running()
  newAccounts(state, [{ id: PROD, name: 'prod', user: true }])
  const clock = { now: () => Date.now(), sleep: () => Promise.resolve() }
  const reads = (name: string, trust: unknown) =>
    addRole(state, {
      account: PROD,
      name,
      trust,
      inline: {
        policy: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: 'ssm:GetParameter',
              Resource: `arn:aws:ssm:${region}:${PROD}:parameter${folder}/*`,
            },
          ],
        },
      },
    })
  const role = reads('agent-deploy', JSON.parse(EC2))
  reads('pod', {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${PROD}:oidc-provider/agent.buildkite.com` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { 'agent.buildkite.com:aud': 'sts.amazonaws.com' } },
      },
    ],
  })
  const world = sandbox({ state, clock, limits: 'off' })
  const credentials = credentialsOf(world.state, PROD)!
  const { ssm, iam } = clientsOf(world.fetch, credentials, { now: Date.now() })
  await iam.send(
    new CreateOpenIDConnectProviderCommand({
      Url: 'https://agent.buildkite.com',
      ClientIDList: ['sts.amazonaws.com'],
    }),
  )
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: 'agents' }))
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: 'agents', RoleName: role.name }))
  /** The parameter that nobody else has. */
  let made = 0
  const parameter = () => `${folder}/q${(made += 1)}/policy`
  const put = async (name: string, ...texts: readonly string[]) => {
    for (const [n, Value] of texts.entries())
      await ssm.send(
        new PutParameterCommand({
          Name: n === 0 ? name : `${name}/${n}`,
          Value,
          Type: 'String',
          Overwrite: true,
        }),
      )
  }
  const remove = (name: string) => ssm.send(new DeleteParameterCommand({ Name: name }))
  const aws = await serve((request) => world.fetch(request))
  const instance = { id: 'i-0123456789abcdef0', role: `arn:aws:iam::${PROD}:role/agent-deploy`, region }
  const metadata = await serve(metadataOf(world, clock, instance))
  /** What a cluster would put into a pod for a role of its own: here, what a job can say of itself. */
  const webIdentity = () => {
    const request = { audience: 'sts.amazonaws.com' }
    const said = oidcToken(world.state, building, request, new Date().toISOString())
    if ('refused' in said) throw new Error(said.refused)
    return { token: said.token, role: `arn:aws:iam::${PROD}:role/pod` }
  }
  const close = async () => {
    await aws.close()
    await metadata.close()
  }
  return {
    world,
    parameter,
    put,
    remove,
    webIdentity,
    credentials,
    url: aws.url,
    metadata: metadata.url,
    close,
  }
}
export type Aws = Awaited<ReturnType<typeof awsServed>>

/** A server that does as it likes. */
export const badServer = async (does: (to: ServerResponse) => void) => {
  const server = createServer((_, to) => does(to))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    server,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

const keeper = readFileSync(new URL('../../src/hook/files/keep-policy', import.meta.url), 'utf8')

/** Every tool that the keeper asks for, by where it is. */
const tools = [
  'jq openssl base64 stat flock date head tr cut sed grep curl cat id rm mv chmod chown sync',
  'timeout',
]
  .join(' ')
  .split(' ')

const whereIs = (tool: string): string =>
  spawnSync('/bin/sh', ['-c', `PATH=/usr/sbin:/usr/bin:/sbin:/bin command -v ${tool}`], {
    encoding: 'utf8',
  }).stdout.trim()

export interface Changed {
  /** Of the script: how long it has. */
  readonly seconds?: number
  /** Tools that are not there. */
  readonly without?: readonly string[]
  /** Where small tools are all busybox's. */
  readonly busybox?: boolean
  readonly metadata?: string
  readonly container?: string
  readonly sts?: string
}

/** A host with the keeper and the gate, in a folder. */
export const keeperIn = (shell: Shell, parameter: string, endpoint: string, changed: Changed = {}) => {
  const host = hostIn(shell)
  const { at, put } = host
  mkdirSync(at('tools'))
  mkdirSync(at('etc/policy-keys'))
  // Debian's has no flock; that of others has.
  const big = ['jq', 'openssl', 'curl', 'flock']
  for (const tool of tools) {
    if (changed.without?.includes(tool) === true) continue
    const isSmall = changed.busybox === true && !big.includes(tool)
    symlinkSync(isSmall ? '/usr/bin/busybox' : whereIs(tool), at(`tools/${tool}`))
  }
  const replaced = host
    .moved(keeper)
    .replace('/usr/sbin:/usr/bin:/sbin:/bin', at('tools'))
    .replace('/usr/bin/timeout', at('tools/timeout'))
    .replace('/usr/local/bin/aws', at('tools/aws'))
    .replace('http://169.254.169.254', changed.metadata ?? 'http://127.0.0.1:1')
    .replace('http://169.254.170.2\n', `${changed.container ?? 'http://127.0.0.1:1'}\n`)
    .replace('seconds=30', `seconds=${changed.seconds ?? 20}`)
  const sts = changed.sts
  put(
    'lib/keep-policy',
    sts === undefined
      ? replaced
      : replaced.replace(
          'ask https "url = \\"https://sts.${region}.${domain}/',
          `ask http "url = \\"${sts}/`,
        ),
    0o755,
  )
  put('etc/gate.json', JSON.stringify(here))
  put('etc/keeper.json', JSON.stringify({ parameter, region, endpoint }))
  put(`etc/policy-keys/${signer.kid}.pem`, pemOf(signer))

  const started = (env: NodeJS.ProcessEnv, argv: readonly string[], program = at('lib/keep-policy')) =>
    spawn(program, argv, { env, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] })

  const run = (program: string, env: NodeJS.ProcessEnv, argv: readonly string[] = []): Promise<Answer> =>
    answerOf(started(env, argv, program))
  const keep = (env: NodeJS.ProcessEnv = {}, ...argv: readonly string[]) =>
    run(at('lib/keep-policy'), env, argv)
  const policy = () =>
    existsSync(at('var/policy.json')) ? readFileSync(at('var/policy.json'), 'utf8') : undefined
  const left = () =>
    readdirSync(at('var'))
      .filter((name) => name !== 'lock')
      .sort()
  return { ...host, run, keep, started, policy, left }
}

/** A signed policy as text. */
export const signed = (policy: GatePayload, by = signer) => sealed(policy, by)

/** The same in parts. */
export const parted = async (policy: GatePayload, count: number) =>
  cut(await sealed(policy, signer), policy.serial, count)

/** What leads to credentials in an environment. */
export const signing = ({ credentials }: Aws): NodeJS.ProcessEnv => ({
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
})
