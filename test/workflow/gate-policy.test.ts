import { describe, expect, test } from 'vitest'
import { joined, opened } from '../../src/model/envelope.js'
import { all, drop, put } from '../../src/sandbox/table.js'
import { errorsIn, fresh, type Ground } from '../support/ground.js'
import { newKey, signerOf } from '../support/policy-key.js'

const signer = signerOf(newKey())
const name = '/buildkite/production/queues/deploy/policy'

const declared = (count: number, hook: object = {}) => ({
  organization: 'acme',
  clusters: {
    production: { queues: { deploy: { hook: { mode: 'block', account: 'management', ...hook } } } },
  },
  pipelines: Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `web-${i}`,
      { cluster: 'production', repository: `git@github.com:acme/web-${i}.git`, default_branch: 'main' },
    ]),
  ),
  aws: { accounts: { management: { id: '111111111111', region: 'eu-west-1' } } },
})

const stored = ({ sandbox }: Ground) =>
  new Map(all(sandbox.state.tables.awsParameters).map((one) => [one.name, one.value]))

const policyIn = (ground: Ground) => {
  const parts = stored(ground)
  const whole = joined((part) => parts.get(part === 0 ? name : `${name}/${part}`))
  const read = 'text' in whole ? opened(whole.text, signer.publicKey) : whole
  return 'policy' in read ? { ...read.policy, signature: read.signature } : read
}

const nothingLeft = async (ground: Ground, declaration: object) => {
  const { plan, findings } = await ground.plan(declaration, { signer })
  expect(errorsIn({ findings })).toEqual([])
  expect(plan?.changes).toEqual([])
}

describe('policies of gates in an account', () => {
  test('uuids of what was made in the same apply are in what is signed', async () => {
    const ground = fresh()
    await ground.apply(declared(2), { signer })
    const uuids = all(ground.sandbox.state.tables.pipelines).map(({ uuid }) => uuid)
    expect(policyIn(ground)).toMatchObject({
      signature: 'good',
      serial: 1,
      pipelines: [{ slug: 'web-0' }, { slug: 'web-1' }],
    })
    const { pipelines } = policyIn(ground) as { pipelines: { uuid: string }[] }
    expect(pipelines.map(({ uuid }) => uuid).sort()).toEqual(uuids.sort())
    await nothingLeft(ground, declared(2))
  })

  test('a large one takes several parameters, and a small one again only one', async () => {
    const ground = fresh()
    await ground.apply(declared(70), { signer })
    expect(policyIn(ground)).toMatchObject({ signature: 'good', serial: 1 })
    expect([...stored(ground).keys()].length).toBeGreaterThan(3)
    await nothingLeft(ground, declared(70))
    const few = { pipelines: ['web-3', 'web-4'] }
    await ground.apply(declared(70, few), { signer })
    expect([...stored(ground).keys()]).toEqual([name])
    expect(policyIn(ground)).toMatchObject({ signature: 'good', serial: 2 })
    await nothingLeft(ground, declared(70, few))
  }, 60_000)

  test.each([0, 1, 2, 3])(
    'one that was interrupted after %i calls is finished by the next apply',
    async (calls) => {
      const ground = fresh()
      await ground.apply(declared(70), { signer })
      const changed = declared(70, { environment: ['MODE'] })
      let left = calls
      const cut: typeof fetch = (input, init) => {
        const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : {}))
        const isWrite = headers.get('x-amz-target')?.endsWith('PutParameter') === true
        if (isWrite && (left -= 1) < 0) return Promise.reject(new TypeError('fetch failed'))
        return ground.sandbox.fetch(input, init)
      }
      const { outcomes } = await ground.apply(changed, { signer, fetch: cut })
      expect(outcomes.map(({ state }) => state)).not.toEqual(outcomes.map(() => 'done'))
      await ground.apply(changed, { signer })
      expect(policyIn(ground)).toMatchObject({ signature: 'good' })
      await nothingLeft(ground, changed)
    },
    60_000,
  )

  test('what lets in more is written after all that takes something away', async () => {
    const ground = fresh()
    const files = (pipelines: readonly string[], level: string) => ({
      ...declared(2, { pipelines }),
      trust: { admins: [], automation: 'bridle@acme.test' },
      teams: { ops: { members: { 'ada@acme.test': 'member' } } },
      clusters: {
        production: {
          allow: { teams: ['ops'], users: ['bridle@acme.test'] },
          queues: {
            deploy: {
              allow: { users: ['bridle@acme.test'] },
              held_by: 'hook',
              hook: { mode: 'block', account: 'management', pipelines },
            },
          },
        },
      },
      pipelines: Object.fromEntries(
        Object.entries(declared(2).pipelines).map(([slug, one]) => [
          slug,
          { ...one, teams: { ops: slug === 'web-1' ? level : 'read_only' } },
        ]),
      ),
    })
    await ground.apply(files(['web-0'], 'build_and_read'), { signer, allowWidening: true })
    const { plan, findings } = await ground.plan(files(['web-0', 'web-1'], 'read_only'), { signer })
    expect(errorsIn({ findings })).toEqual([])
    const [policy] = plan!.steps.filter(({ address }) => address.startsWith('gate-policy:'))
    const takes = plan!.steps.filter(({ takes = [] }) => takes.length > 0).map(({ id }) => id)
    expect(takes.length).toBeGreaterThan(0)
    expect(policy!.after).toEqual(expect.arrayContaining(takes))
  })

  describe('hosts take no lower number than they have seen', () => {
    const privileged = {
      ...declared(1),
      trust: { admins: ['bridle@acme.test'], automation: 'bridle@acme.test' },
      clusters: {
        production: {
          allow: { users: ['bridle@acme.test'] },
          maintainers: { users: [], teams: [] },
          queues: { deploy: { hook: { mode: 'block', account: 'management' } } },
        },
      },
    }
    const locked = async (ground: Ground, lock: string, files: object = privileged) => {
      let kept = lock
      const of = {
        'bridle.yaml': JSON.stringify(files),
        ...(lock !== '' && { 'bridle.lock.yaml': lock }),
      }
      await ground.apply(of, { signer, keep: (_file, text) => (kept = text), allowWidening: true })
      return kept
    }
    const changed = {
      ...privileged,
      pipelines: { 'web-0': { ...privileged.pipelines['web-0'], hook: { environment: ['MODE'] } } },
    }
    const twice = async () => {
      const ground = fresh()
      const first = await locked(ground, '')
      expect(first).toContain('serials:\n  queue:production/deploy: 1\n')
      const old = stored(ground).get(name) ?? ''
      const second = await locked(ground, first, changed)
      expect(second).toContain('queue:production/deploy: 2\n')
      return { ground, old, lock: second }
    }

    test('so one that was deleted goes on above what the lock remembers', async () => {
      const { ground, lock } = await twice()
      const rows = ground.sandbox.state.tables.awsParameters
      for (const one of all(rows)) if (one.name === name) drop(rows, one)
      await locked(ground, lock, changed)
      expect(policyIn(ground)).toMatchObject({ signature: 'good', serial: 3 })
    })

    test('so an older one that somebody put back is signed anew, though it says what is wanted', async () => {
      const { ground, old, lock } = await twice()
      for (const one of all(ground.sandbox.state.tables.awsParameters))
        if (one.name === name) put(ground.sandbox.state.tables.awsParameters, { ...one, value: old })
      await locked(ground, lock, privileged)
      expect(policyIn(ground)).toMatchObject({ signature: 'good', serial: 3 })
    })

    test('and a number that nobody signed is not remembered', async () => {
      const { ground, lock } = await twice()
      for (const one of all(ground.sandbox.state.tables.awsParameters))
        if (one.name === name)
          put(ground.sandbox.state.tables.awsParameters, {
            ...one,
            value: one.value.replace(String.raw`\"serial\":2`, String.raw`\"serial\":9`),
          })
      expect(await locked(ground, lock, changed)).not.toContain('queue:production/deploy: 9')
    })
  })

  test.each([
    ['2026-11-22T17:59:59Z', []],
    [
      '2026-11-22T18:00:00Z',
      ['warning: the policy of queue "production/deploy" ends at 2026-11-23T00:00:00Z'],
    ],
    [
      '2026-11-23T00:00:00Z',
      [
        'error: the policy of queue "production/deploy" ended at 2026-11-23T00:00:00Z, and its agents refuse every job',
      ],
    ],
  ])('that ends is told of at %s', async (now, told) => {
    const ground = fresh()
    const files = declared(1, { max_age: '24h' })
    await ground.apply(files, { signer, when: () => '2026-11-22T00:00:00Z' })
    const { findings } = await ground.drift(files, { signer, when: () => now })
    const said = findings.filter(({ code }) => code === 'policy-ends')
    expect(said.map(({ severity, what }) => `${severity}: ${what}`)).toEqual(told)
    await ground.apply(files, { signer, when: () => now })
    const after = await ground.drift(files, { signer, when: () => now })
    expect(after.findings.filter(({ code }) => code === 'policy-ends')).toEqual([])
  })

  test('without a key nothing is sent', async () => {
    const ground = fresh()
    const { findings, outcomes } = await ground.apply(declared(1))
    expect(errorsIn({ findings })).toEqual([
      'no-signing-key: there is 1 policy to sign, and neither BRIDLE_POLICY_KMS_KEY nor BRIDLE_POLICY_KEY_FILE names a key; nothing was changed',
    ])
    expect(outcomes).toEqual([])
    expect(stored(ground).size).toBe(0)
  })
})
