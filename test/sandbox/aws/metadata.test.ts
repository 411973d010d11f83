import { expect, test } from 'vitest'
import { actInAws } from '../../../src/sandbox/aws/act.js'
import { metadataOf } from '../../../src/sandbox/aws/metadata.js'
import { addRole } from '../../../src/sandbox/aws/seed.js'
import { stopped } from '../acme.js'
import { accounts, EC2, PROD } from './world.js'

const ROOT = '/latest/meta-data/iam/security-credentials/'

const instance = (trust = EC2) => {
  const state = accounts()
  addRole(state, { account: PROD, name: 'deploy', path: '/agents/', trust: JSON.parse(trust) })
  const clock = stopped()
  const bridle = { as: `arn:aws:iam::${PROD}:user/bridle`, now: new Date(clock.now()).toISOString() }
  const profile = { InstanceProfileName: 'p' }
  const after = [
    ['CreateInstanceProfile', profile] as const,
    ['AddRoleToInstanceProfile', { ...profile, RoleName: 'deploy' }] as const,
  ].reduce((so, [name, input]) => {
    const done = actInAws(so, bridle, name, input)
    if ('refused' in done) throw new Error(done.refused)
    return done.state
  }, state)
  let later = 0
  const role = `arn:aws:iam::${PROD}:role/agents/deploy`
  const service = metadataOf({ state: after }, { now: () => clock.now() + later }, { id: 'i-1', role })
  const ask = async (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') => {
    const response = await service(new Request(`http://169.254.169.254${path}`, { method, headers }))
    return [response.status, await response.text()] as const
  }
  const token = async (seconds = '60', more = {}) =>
    ask('/latest/api/token', { 'X-aws-ec2-metadata-token-ttl-seconds': seconds, ...more }, 'PUT')
  const wait = (seconds: number) => (later += seconds * 1000)
  return { ask, token, wait }
}

test('an instance tells whoever brings a token, for so long as it holds', async () => {
  const { ask, token, wait } = instance()
  expect((await ask(ROOT))[0]).toBe(401)
  const [, one] = await token()
  const headers = { 'X-aws-ec2-metadata-token': one }
  expect(await ask(ROOT, headers)).toEqual([200, 'deploy'])
  const [, said] = await ask(`${ROOT}deploy`, headers)
  expect(JSON.parse(said)).toMatchObject({ Code: 'Success', Type: 'AWS-HMAC' })
  expect((await ask(`${ROOT}other`, headers))[0]).toBe(404)
  expect((await ask(ROOT, { 'X-aws-ec2-metadata-token': `${one}x` }))[0]).toBe(401)
  wait(61)
  expect((await ask(ROOT, headers))[0]).toBe(401)
})

test('a token is for who asks as it should', async () => {
  const { ask, token } = instance()
  for (const seconds of ['0', '21601', 'x', '']) expect((await token(seconds))[0]).toBe(400)
  expect((await token('60', { 'X-Forwarded-For': '10.0.0.1' }))[0]).toBe(403)
  expect((await ask('/latest/api/token'))[0]).toBe(405)
})

test('a role that does not trust EC2 is there, and nobody gets it', async () => {
  const { ask, token } = instance(EC2.replace('ec2', 'lambda'))
  const [, one] = await token()
  const [, said] = await ask(`${ROOT}deploy`, { 'X-aws-ec2-metadata-token': one })
  expect(JSON.parse(said)).toEqual({
    Code: 'AssumeRoleUnauthorizedAccess',
    Message: 'EC2 cannot assume the role',
  })
})
