import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { unsealed } from '../../src/sandbox/aws/ssm/sealed.js'
import { accountsFor, credentialsOf, newAccounts } from '../../src/sandbox/aws/seed.js'
import { sandbox } from '../../src/sandbox/index.js'
import { all } from '../../src/sandbox/table.js'
import { freshState, stoppedClock, token } from '../support/ground.js'
import { law } from '../support/law.js'
import { withToken } from '../support/tokens.js'
import { worldOf } from '../support/world.js'

// The SDK signs by the machine's clock, and the sandbox compares.
const now = Date.now()

const accounts = {
  management: { id: '111111111111', region: 'eu-west-1' },
  prod: { id: '333333333333', region: 'eu-west-1', assume_role: 'bridle-admin', external_id: 'acme-bridle' },
}

const files = {
  ...withToken(),
  aws: {
    accounts,
    oidc_providers: { 'prod/agent.buildkite.com': {} },
    roles: { 'prod/report': { trust: [{ service: 'ec2.amazonaws.com' }] } },
    parameters: { 'prod/buildkite/x': { value: 'plain' } },
  },
}

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
/** The half that is secret, in every spelling that an output could have it in. */
const halves = [
  privateKey.export({ format: 'jwk' }).d!,
  Buffer.from(privateKey.export({ format: 'jwk' }).d!, 'base64url').toString('base64'),
  Buffer.from(privateKey.export({ format: 'jwk' }).d!, 'base64url').toString('hex'),
  pem.split('\n')[1]!,
]

const session = `IQoJb3JpZ2lu${'s3ssion'.repeat(12)}`
const vouched = `${['{"alg":"RS256"}', '{"sub":"0190-job"}'].map((part) => Buffer.from(part).toString('base64url')).join('.')}.${'s1gn'.repeat(20)}`

const services = ['iam', 'ssm', 'sts'] as const

/** What somebody in between, or a service that says too much, answers: everything that it was sent, and more. */
const harms = fc.option(
  fc.record({
    on: fc.constantFrom(
      ...services,
      'AssumeRole',
      'GetCallerIdentity',
      'PutParameter',
      'CreateRole',
      'GetParameters',
      'DescribeParameters',
      'GetAccountAuthorizationDetails',
    ),
    code: fc.constantFrom(
      'AccessDenied',
      'AccessDeniedException',
      'Throttling',
      'ServiceFailure',
      'ValidationError',
      'ExpiredToken',
      'InvalidClientTokenId',
      'html',
    ),
    after: fc.nat(1),
    first: fc.nat(4),
  }),
  { freq: 6 },
)

const shown = { redacted: 0, assumed: 0, stored: 0, echoed: 0 }

interface Harm {
  readonly on: string
  readonly code: string
  readonly after: number
  /** What it begins with. */
  readonly first: number
}

/** All that is said and written in four runs, while this befalls them, and all that should be nowhere in it. */
const said = async (harm: Harm | null, withSession: boolean, format: string) => {
  const state = freshState()
  const declared = Object.entries(accounts).map(([name, { id, region, ...more }]) => ({
    name,
    id,
    region,
    partition: 'aws',
    ...('assume_role' in more && { assumeRole: more.assume_role, externalId: more.external_id }),
  }))
  newAccounts(state, accountsFor(declared))
  const it = sandbox({ state, clock: stoppedClock(now), limits: 'off' })
  const own = credentialsOf(it.state)!
  const secrets = new Set([own.secretAccessKey, own.accessKeyId, session, vouched, ...halves])

  /** What is signed with, by the key's id: whoever answers could know all of it. */
  const triples = new Map<string, readonly string[]>([
    [own.accessKeyId, [own.accessKeyId, own.secretAccessKey, ...(withSession ? [session] : [])]],
  ])
  let seen = 0
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const body =
      typeof init?.body === 'string' ? init.body : new TextDecoder().decode(init?.body as Uint8Array)
    const headers = new Headers(init?.headers)
    const asked = `${headers.get('authorization') ?? ''} ${headers.get('x-amz-target') ?? ''} ${body}`
    const isMeant =
      harm !== null &&
      headers.get('authorization')?.startsWith('AWS4') === true &&
      (asked.includes(`Action=${harm.on}&`) ||
        asked.includes(`.${harm.on} `) ||
        asked.includes(`/${harm.on}/aws4_request`))
    if (isMeant && (seen += 1) > harm.after) {
      shown.echoed += 1
      const [, key = ''] = /Credential=([^/]+)/.exec(asked) ?? []
      const quoted = [...(triples.get(key) ?? []), vouched, asked]
      // A text is cut where it gets long: each of them comes first once.
      const words = quoted.map((_, at) => quoted[(at + harm.first) % quoted.length]).join(' ')
      return echo(harm.code, words, headers.has('x-amz-target'))
    }
    const answer = await it.fetch(input, init)
    const text = await answer.text()
    const given = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map(
      (part) => new RegExp(`<${part}>([^<]+)<`).exec(text)?.[1],
    )
    const triple = given.filter((one) => one !== undefined)
    if (triple.length === 3) {
      shown.assumed += 1
      for (const one of triple) secrets.add(one)
      triples.set(triple[0]!, triple)
    }
    return new Response(text, { status: answer.status, headers: answer.headers })
  }
  const world = worldOf({
    files: { 'bridle.yaml': stringify(files), 'key.pem': pem },
    env: {
      BUILDKITE_API_TOKEN: token,
      AWS_ACCESS_KEY_ID: own.accessKeyId,
      AWS_SECRET_ACCESS_KEY: own.secretAccessKey,
      // Nobody is let in with it: then every answer is about it.
      ...(withSession && harm !== null && { AWS_SESSION_TOKEN: session }),
      BRIDLE_POLICY_KEY_FILE: 'key.pem',
    },
    fetch,
    now,
  })
  const outputs: string[] = []
  for (const argv of [
    ['doctor'],
    ['plan', '--out', 'plan.json'],
    ['apply', '--yes', '--debug'],
    ['drift', '--debug'],
  ]) {
    const { output } = await world.run(...argv, '--format', format)
    outputs.push(output)
    if (output.includes('redacted')) shown.redacted += 1
  }
  for (const { value, type } of all(it.state.tables.awsParameters))
    if (type === 'SecureString') {
      shown.stored += 1
      secrets.add(unsealed(it.state, value).slice('bkct_'.length))
      secrets.add(value)
    }
  for (const [path, text] of Object.entries(world.files))
    if (path !== 'bridle.yaml' && path !== 'key.pem') outputs.push(text)
  return { text: outputs.join('\n'), secrets }
}

law(
  'no secret of AWS is in any output or file',
  fc.record({ harm: harms, withSession: fc.boolean(), format: fc.constantFrom('text', 'json', 'markdown') }),
  async ({ harm, withSession, format }) => {
    const { text, secrets } = await said(harm, harm !== null && withSession, format)
    for (const secret of secrets) expect(text).not.toContain(secret)
  },
  60,
  { few: 12 },
)

test.each(['AccessDenied', 'ValidationError', 'InvalidClientTokenId', 'html'])(
  'what a role is assumed with is not in what is said of an answer that quotes it: %s',
  async (code) => {
    for (const first of [0, 1, 3]) {
      const { text, secrets } = await said({ on: 'AssumeRole', code, after: 0, first }, false, 'text')
      expect(text).toContain('sts:AssumeRole')
      for (const secret of secrets) expect(text).not.toContain(secret)
    }
  },
)

const echo = (code: string, message: string, isJson: boolean): Response => {
  const status = { Throttling: 400, ServiceFailure: 500, html: 502 }[code] ?? 403
  if (code === 'html') return new Response(`<html>${message}</html>`, { status })
  return isJson
    ? Response.json({ __type: code, message }, { status })
    : new Response(
        `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</Message></Error><RequestId>${message.slice(0, 20)}</RequestId></ErrorResponse>`,
        { status, headers: { 'content-type': 'text/xml' } },
      )
}

afterAll(() => {
  for (const [what, times] of Object.entries(shown)) expect(times, what).toBeGreaterThan(0)
})
