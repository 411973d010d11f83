import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { carryOut } from '../../src/apply/carry-out.js'
import { gatePolicy } from '../../src/kinds/aws/gate-policy.js'
import { parameter } from '../../src/kinds/aws/parameter.js'
import { joined, opened, sealed } from '../../src/model/envelope.js'
import type { GatePayload } from '../../src/model/gate.js'
import type { Live } from '../../src/model/live.js'
import type { Plan } from '../../src/model/plan.js'
import type { Signer } from '../../src/model/signer.js'
import { makePlan } from '../../src/plan/make.js'
import { printPlan } from '../../src/plan/print.js'
import type { Sources, Survey } from '../../src/plan/survey.js'
import { rowsOf } from '../../src/report/change.js'
import { declare } from '../../src/workflow/declare.js'
import { filesOf } from '../support/files.js'
import { law } from '../support/law.js'
import { Parameters } from '../support/parameters.js'
import { newKey, signerOf } from '../support/policy-key.js'

const name = '/buildkite/production/queues/deploy/policy'
const signer = signerOf(newKey())
const stranger = signerOf(newKey())

interface Said {
  readonly hook?: object | null
  readonly pipelines?: Readonly<Record<string, object>>
  readonly role?: boolean
}

/** What the files want of gates and parameters. */
const wantedBy = ({ hook = {}, pipelines = { 'web-deploy': {} }, role = false }: Said) => {
  const text = stringify(
    {
      organization: 'acme',
      trust: { admins: ['root@acme.test'], automation: 'bridle@acme.test' },
      teams: { release: { members: {} } },
      clusters: {
        production: {
          allow: { teams: ['release'] },
          queues: {
            deploy: hook === null ? {} : { hook: { mode: 'block', account: 'management', ...hook } },
            canary: {},
          },
        },
      },
      pipelines: Object.fromEntries(
        Object.entries(pipelines).map(([slug, more]) => [
          slug,
          {
            cluster: 'production',
            repository: `git@github.com:acme/${slug}.git`,
            branch_configuration: 'main',
            ...more,
          },
        ]),
      ),
      aws: {
        accounts: { management: { id: '111111111111', region: 'eu-west-1' } },
        ...(role && {
          roles: { 'management/web': { trust: [{ pipeline: 'web-deploy', queue: 'production/deploy' }] } },
        }),
      },
    },
    { aliasDuplicateObjects: false },
  )
  const { wanted, findings } = declare({
    files: filesOf({ 'bridle.yaml': text }),
    root: 'bridle.yaml',
    today: '2026-11-22',
  })
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
  return {
    ...wanted!,
    wants: wanted!.wants.filter(({ kind }) => ['queue', 'gate-policy', 'parameter'].includes(kind)),
  }
}

const at = (key: string, uuid = `uuid-of-${key}`): Live<unknown> => ({
  key,
  id: `id-of-${key}`,
  uuid,
  spec: {},
})

interface There {
  readonly ssm: Parameters
  readonly key?: Signer['publicKey']
  readonly now?: string
  /** uuids of pipelines; undefined for one that is not there yet. */
  readonly pipelines?: Readonly<Record<string, string | undefined>>
}

const all = async <Spec>(things: AsyncIterable<Live<Spec>>) => {
  const found: Live<Spec>[] = []
  for await (const one of things) found.push(one)
  return found
}

const surveyOf = async (wanted: ReturnType<typeof wantedBy>, there: There): Promise<Survey> => {
  const { ssm, key, now = '2026-11-22T10:00:00Z', pipelines = {} } = there
  const specs = (kind: string) => wanted.wants.flatMap((want) => (want.kind === kind ? [want.spec] : []))
  const sources = {
    aws: {
      accounts: wanted.aws!.accounts,
      parameters: (_account: string, paths: readonly string[]) => Promise.resolve(ssm.under(paths)),
    },
    declared: (kind: string) => wanted.wants.flatMap((want) => (want.kind === kind ? [want.key] : [])),
    specs,
  } as unknown as Sources
  const slugs = new Set([
    ...specs('gate-policy').flatMap((spec) => Object.keys(spec['pipelines'] as object)),
    ...Object.keys(pipelines),
  ])
  return {
    organization: {
      id: 'id',
      uuid: 'uuid-of-acme',
      slug: 'acme',
      teamsEnabled: true,
      identity: { uuid: 'me', email: 'bridle@acme.test', admin: true },
    },
    live: new Map<string, readonly Live<unknown>[]>([
      ['cluster', [at('production')]],
      ['queue', [at('production/deploy'), at('production/canary')]],
      [
        'pipeline',
        [...slugs].flatMap((slug) => {
          const uuid = slug in pipelines ? pipelines[slug] : `uuid-of-${slug}`
          return uuid === undefined ? [] : [at(slug, uuid)]
        }),
      ],
      ['gate-policy', await all(gatePolicy.read(sources))],
      ['parameter', await all(parameter.read(sources))],
    ]),
    now,
    ...(key && { policyKey: key }),
  }
}

const nothing = { points: 0, graphqlRequests: 0, restRequests: 0 }

const planned = async (said: Said, there: There) => {
  const wanted = wantedBy(said)
  const survey = await surveyOf(wanted, { key: signer.publicKey, ...there })
  return makePlan(wanted, survey, { maxRemoved: 0 }, { reading: nothing, applying: () => nothing })
}

/** What is shown as undeclared, of the kinds that these files declare. */
const undeclared = ({ undeclared: all }: Plan) =>
  all.flatMap(({ address }) => (/^(gate-policy|parameter):/.test(address) ? [address] : []))

/** What a plan says of the policy, a row each. */
const rows = ({ plan }: Awaited<ReturnType<typeof planned>>) =>
  plan.changes.flatMap((change) => [
    `${change.verb} ${change.address}`,
    ...rowsOf(change).map(
      ({ sign, text }) => `${sign} ${text.replaceAll(signer.kid, 'OURS').replaceAll(stranger.kid, 'THEIRS')}`,
    ),
  ])

const applied = async (
  said: Said,
  there: There,
  now = there.now ?? '2026-11-22T10:00:00Z',
  calls = Infinity,
) => {
  const making = await planned(said, there)
  expect(making.findings).toEqual([])
  let sent = 0
  return carryOut(making.plan.steps, {
    writer: {
      send: (call) => {
        sent += 1
        if (sent > calls) return new Promise(() => undefined)
        there.ssm.send(call)
        return Promise.resolve({})
      },
    },
    known: making.known,
    abreast: 1,
    signing: { signer, now: () => now },
  })
}

const policyIn = (ssm: Parameters) => {
  const whole = joined((part) => ssm.all.get(part === 0 ? name : `${name}/${part}`)?.value)
  const read = 'text' in whole ? opened(whole.text, signer.publicKey) : whole
  return 'policy' in read ? { ...read.policy, signature: read.signature } : read
}

/** SSM with the policy of some files in it. */
const holding = async (said: Said = {}) => {
  const ssm = new Parameters()
  await applied(said, { ssm })
  return ssm
}

describe('the policy of a gate', () => {
  test('is made, and then there is nothing to do', async () => {
    const ssm = new Parameters()
    const making = await planned({}, { ssm })
    expect(rows(making)).toEqual([
      'create gate-policy:production/deploy',
      '+ tags.managed-by       "bridle"',
      '+ mode                  "block"',
      '+ pipelines.web-deploy  { repository: "git@github.com:acme/web-deploy.git", branches: ["main"], sources: ["webhook"] }',
      '+ serial                1',
      '! access: what is signed lets in what was refused: pipeline web-deploy',
    ])
    expect(making.plan.steps.map(({ title }) => title)).toEqual([
      'ssm:PutParameter gate-policy:production/deploy',
    ])
    await applied({}, { ssm })
    expect(policyIn(ssm)).toEqual({
      format: 'bridle.gate/1',
      organization: { slug: 'acme', uuid: 'uuid-of-acme' },
      cluster: { name: 'production', uuid: 'uuid-of-production' },
      queue: { key: 'deploy', uuid: 'uuid-of-production/deploy' },
      mode: 'block',
      serial: 1,
      issued_at: '2026-11-22T10:00:00Z',
      pipelines: [
        {
          slug: 'web-deploy',
          uuid: 'uuid-of-web-deploy',
          repository: 'git@github.com:acme/web-deploy.git',
          branches: ['main'],
          sources: ['webhook'],
        },
      ],
      signature: 'good',
    })
    expect(ssm.all.get(name)).toMatchObject({
      type: 'String',
      tier: 'Standard',
      tags: { 'managed-by': 'bridle' },
    })
    expect(rows(await planned({}, { ssm }))).toEqual([])
    expect(rows(await planned({}, { ssm, now: '2027-11-22T10:00:00Z' }))).toEqual([])
  })

  test('a plan is the same with a key and without, and holds none', async () => {
    const made = await planned({}, { ssm: new Parameters() })
    const without = await planned({}, { ssm: new Parameters(), key: undefined as never })
    expect(printPlan(without.plan)).toBe(printPlan(made.plan))
    expect(printPlan(made.plan)).not.toContain(signer.kid)
    expect(printPlan(made.plan)).not.toContain('issued_at')
  })

  test('what changes is told pipeline by pipeline, and what it lets in and refuses', async () => {
    const before = { pipelines: { 'web-deploy': { branch_configuration: 'main dev' }, old: {} } }
    const ssm = await holding(before)
    const making = await planned(
      { hook: { environment: ['MODE'] }, pipelines: { 'web-deploy': {}, 'api-deploy': {} } },
      { ssm },
    )
    expect(rows(making)).toEqual([
      'update gate-policy:production/deploy',
      '~ pipelines.api-deploy  0 lines out, 4 lines in',
      '+ repository: "git@github.com:acme/api-deploy.git"',
      '+ branches: ["main"]',
      '+ sources: ["webhook"]',
      '+ environment: ["MODE"]',
      '~ pipelines.web-deploy  1 line out, 2 lines in',
      '  repository: "git@github.com:acme/web-deploy.git"',
      '- branches: ["dev", "main"]',
      '+ branches: ["main"]',
      '  sources: ["webhook"]',
      '+ environment: ["MODE"]',
      '~ pipelines.old         { repository: "git@github.com:acme/old.git", branches: ["main"], sources: ["webhook"] } → nothing',
      '~ serial                1 → 2',
      '! access: what is signed lets in what was refused: pipeline api-deploy, variable MODE of web-deploy; and refuses what it let in: pipeline old, branch dev of web-deploy',
    ])
  })

  test('a policy that only refuses more is an outage for whoever was let in', async () => {
    const ssm = await holding({ hook: { mode: 'warn' } })
    expect(rows(await planned({}, { ssm })).at(-1)).toBe(
      '! outage: what is signed refuses what it let in: whatever it does not name, since it refuses nothing',
    )
  })

  test.each([
    ['a text that is none', 'hello', 'it is no signed policy'],
    ['nothing but a space', ' ', 'it is no signed policy'],
    ['half of it', undefined, 'it is no signed policy'],
  ])('%s is put right', async (_name, value, said) => {
    const ssm = await holding()
    ssm.put(name, value ?? ssm.all.get(name)!.value!.slice(0, 100))
    expect(rows(await planned({}, { ssm }))).toEqual([
      'update gate-policy:production/deploy',
      expect.stringMatching(/~ mode +nothing → "block"/),
      expect.stringMatching(/~ pipelines.web-deploy +nothing → \d lines|~ pipelines.web-deploy/),
      expect.stringMatching(/~ serial +nothing → 3/),
      `~ signature             "${said}" → "by the key here"`,
      '! access: what is signed lets in what was refused: pipeline web-deploy',
    ])
    await applied({}, { ssm })
    expect(policyIn(ssm)).toMatchObject({ serial: 3, signature: 'good' })
  })

  test('a policy that somebody else signed is signed anew, and its number counts for nothing', async () => {
    const ssm = await holding()
    ssm.put(name, await sealed({ ...(policyIn(ssm) as GatePayload), serial: 900 }, stranger))
    expect(rows(await planned({}, { ssm }))).toEqual([
      'update gate-policy:production/deploy',
      '~ serial     900 → 3',
      '~ signature  "said to be by THEIRS" → "by the key here"',
      '! access: what is signed lets in what was refused: pipeline web-deploy',
    ])
    await applied({}, { ssm })
    expect(policyIn(ssm)).toMatchObject({ serial: 3, signature: 'good' })
  })

  test('a policy under a signature of another one is signed anew', async () => {
    const ssm = await holding()
    const good = JSON.parse(ssm.all.get(name)!.value!) as { payload: string }
    ssm.put(name, JSON.stringify({ ...good, payload: good.payload.replace('"block"', '"observe"') }))
    const making = await planned({}, { ssm })
    expect(rows(making)).toContain('~ signature  "said to be by OURS" → "by the key here"')
    expect(rows(making)).toContain('~ mode       "observe" → "block"')
  })

  test('an older policy that was put back is replaced under a number that no host has seen', async () => {
    const ssm = await holding()
    const older = ssm.all.get(name)!.value!
    await applied({ hook: { mode: 'warn' } }, { ssm })
    await applied({ hook: { mode: 'observe' } }, { ssm })
    ssm.put(name, older)
    await applied({ hook: { mode: 'warn' } }, { ssm })
    expect(policyIn(ssm)).toMatchObject({ serial: 5, mode: 'warn' })
  })

  test('a check that is no longer made lets in what it refused', async () => {
    const ssm = await holding({ hook: { checks: ['metadata', 'ancestor'] } })
    expect(policyIn(ssm)).toMatchObject({ checks: ['ancestor', 'metadata'] })
    const fewer = { hook: { checks: ['metadata'] } }
    expect(rows(await planned(fewer, { ssm }))).toEqual([
      'update gate-policy:production/deploy',
      '~ checks  ["ancestor", "metadata"] → ["metadata"]',
      '~ serial  1 → 2',
      '! access: what is signed lets in what was refused: what its check ancestor refused',
    ])
    await applied(fewer, { ssm })
    await applied({}, { ssm })
    expect(policyIn(ssm)).not.toHaveProperty('checks')
    expect(rows(await planned({}, { ssm }))).toEqual([])
  })

  test('another pipeline under an old name is told, and let in under its own uuid', async () => {
    const ssm = await holding()
    const there = { ssm, pipelines: { 'web-deploy': 'another-uuid' } }
    expect(rows(await planned({}, there))).toEqual([
      'update gate-policy:production/deploy',
      '~ serial                   1 → 2',
      '~ ids.pipeline:web-deploy  "uuid-of-web-deploy" → ‹uuid of pipeline:web-deploy›',
      '! access: what is signed lets in what was refused: another pipeline web-deploy than until now',
    ])
    await applied({}, there)
    expect(policyIn(ssm)).toMatchObject({ pipelines: [{ uuid: 'another-uuid' }] })
  })

  test('a pipeline that is not there yet is waited for', async () => {
    const { plan } = await planned({}, { ssm: new Parameters(), pipelines: { 'web-deploy': undefined } })
    expect(JSON.stringify(plan.steps)).toContain('{"$ref":"pipeline:web-deploy","field":"uuid"}')
  })

  test('a policy with an end is renewed when a quarter of its time is left', async () => {
    const said = { hook: { max_age: '24h' } }
    const ssm = await holding(said)
    expect(policyIn(ssm)).toMatchObject({ expires_at: '2026-11-23T10:00:00Z' })
    expect(rows(await planned(said, { ssm, now: '2026-11-23T03:59:00Z' }))).toEqual([])
    expect(rows(await planned(said, { ssm, now: '2026-11-23T04:00:00Z' }))).toEqual([
      'update gate-policy:production/deploy',
      '~ serial      1 → 2',
      '~ expires_at  "2026-11-23T10:00:00Z" → "86400 seconds from when it is applied"',
    ])
    await applied(said, { ssm, now: '2026-11-23T04:00:00Z' })
    expect(policyIn(ssm)).toMatchObject({ serial: 2, expires_at: '2026-11-24T04:00:00Z' })
    expect(rows(await planned({}, { ssm, now: '2026-11-23T04:00:00Z' }))).toEqual([
      'update gate-policy:production/deploy',
      '~ max_age  86400 → nothing',
      '~ serial   2 → 3',
    ])
    await applied({}, { ssm, now: '2026-11-23T04:00:00Z' })
    expect(policyIn(ssm)).not.toHaveProperty('expires_at')
  })

  test('a parameter of another type is left alone', async () => {
    const ssm = new Parameters()
    ssm.put(name, 'x', { type: 'SecureString' })
    const { findings, plan } = await planned({}, { ssm })
    expect(findings.map(({ code, what }) => `${code}: ${what}`)).toEqual([
      `needs-replacing: ${name} is there, and is a SecureString`,
    ])
    expect(plan.steps).toEqual([])
  })

  test('a parameter that bridle did not make is taken over where a policy is declared', async () => {
    const ssm = new Parameters()
    ssm.put(name, 'x')
    await applied({}, { ssm })
    expect(policyIn(ssm)).toMatchObject({ serial: 2, signature: 'good' })
  })

  test('nobody manages it as a parameter, and a policy that nobody wants is shown', async () => {
    const ssm = await holding()
    ssm.put('/buildkite/production/policy-key', 'x', {
      type: 'SecureString',
      tags: { 'managed-by': 'bridle' },
    })
    const { plan } = await planned({ hook: null }, { ssm })
    expect(undeclared(plan)).toEqual(['gate-policy:production/deploy'])
    expect(plan.steps).toEqual([])
  })

  test('another name is another parameter, and the old one is shown', async () => {
    const ssm = await holding()
    const said = { hook: { parameter: '/acme/gate' } }
    await applied(said, { ssm })
    const { plan } = await planned(said, { ssm })
    expect(plan.steps).toEqual([])
    expect(undeclared(plan)).toEqual([
      'gate-policy:production/deploy/management/buildkite/production/queues/deploy/policy',
    ])
  })

  test('leaves are parameters like any others', async () => {
    const said = { hook: { leaves: true }, role: true }
    const ssm = await holding(said)
    const leaves = [...ssm.all.values()].filter(({ name }) => name.startsWith('/buildkite/pipelines/'))
    expect(leaves.map(({ name, value }) => [name, value])).toEqual([
      ['/buildkite/pipelines/web-deploy/branches', 'main'],
      ['/buildkite/pipelines/web-deploy/queue', 'deploy'],
      ['/buildkite/pipelines/web-deploy/repository', 'git@github.com:acme/web-deploy.git'],
      ['/buildkite/pipelines/web-deploy/role', 'arn:aws:iam::111111111111:role/buildkite/web'],
    ])
    expect(rows(await planned(said, { ssm }))).toEqual([])
    const fewer = await planned({ hook: { leaves: true } }, { ssm })
    expect(undeclared(fewer.plan)).toEqual(['parameter:management/buildkite/pipelines/web-deploy/role'])
  })
})

const many = (count: number) => ({
  pipelines: Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`web-${String(i).padStart(3, '0')}`, {}]),
  ),
})

describe('a policy in several parameters', () => {
  test('its first part is written last', async () => {
    const { plan } = await planned(many(60), { ssm: new Parameters() })
    expect(plan.steps.map(({ call }) => (call.via === 'aws' ? call.input['Name'] : ''))).toEqual([
      `${name}/3`,
      `${name}/2`,
      `${name}/1`,
      name,
    ])
  })

  test('one that was written half is written again', async () => {
    const ssm = await holding(many(60))
    expect(rows(await planned(many(60), { ssm }))).toEqual([])
    void applied(many(61), { ssm }, undefined, 2)
    await new Promise((resolve) => setImmediate(resolve))
    expect(policyIn(ssm)).toHaveProperty('no')
    const text = rows(await planned(many(61), { ssm }))
    expect(text).toContainEqual(
      expect.stringMatching(
        /~ signature +"torn: part \d is of serial 2, and the first one of 1" → "by the key here"/,
      ),
    )
    await applied(many(61), { ssm })
    expect(policyIn(ssm)).toMatchObject({ serial: 2, signature: 'good' })
  })

  test('one that has become short leaves nothing behind', async () => {
    const ssm = await holding(many(60))
    await applied(many(2), { ssm })
    expect([...ssm.all.keys()]).toEqual([name])
    expect(rows(await planned(many(2), { ssm }))).toEqual([])
  })

  test('parts that an interrupted apply left are taken away', async () => {
    const ssm = await holding()
    ssm.put(`${name}/3`, 'x')
    expect(rows(await planned({}, { ssm }))).toEqual([
      'update gate-policy:production/deploy',
      `~ leftovers  ["${name}/3"] → none`,
    ])
    await applied({}, { ssm })
    expect([...ssm.all.keys()]).toEqual([name])
  })

  test('an advanced parameter stays one', async () => {
    const ssm = await holding(many(25))
    expect(ssm.all.get(name)?.tier).toBe('Advanced')
    await applied(many(2), { ssm })
    await applied(many(60), { ssm })
    expect(policyIn(ssm)).toMatchObject({ signature: 'good' })
  })
})

const hooks = fc.record(
  {
    mode: fc.constantFrom('observe', 'warn', 'block'),
    max_age: fc.constantFrom('1h', '24h'),
    leaves: fc.boolean(),
    environment: fc.subarray(['MODE', 'REGION'], { minLength: 1 }),
  },
  { requiredKeys: [] },
)

const declarations = fc.record({
  hook: hooks,
  pipelines: fc.oneof(
    fc.dictionary(
      fc.constantFrom('a', 'b', 'c'),
      fc.record(
        { branch_configuration: fc.constantFrom('main', 'main dev'), hook: fc.constant({ tags: ['v*'] }) },
        { requiredKeys: [] },
      ),
    ),
    fc.integer({ min: 20, max: 90 }).map((count) => many(count).pipelines),
  ),
})

law(
  'after any change, and any number of calls of the one before, nothing is left to plan, and the number has grown',
  fc.tuple(declarations, declarations, fc.nat({ max: 9 })),
  async ([first, second, calls]) => {
    const ssm = await holding(first)
    const before = policyIn(ssm) as { serial: number }
    void applied(second, { ssm }, undefined, calls)
    for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve))
    await applied(second, { ssm })
    const after = policyIn(ssm) as { serial: number; signature: string }
    expect(after.signature).toBe('good')
    expect(after.serial).toBeGreaterThanOrEqual(before.serial)
    const { plan } = await planned(second, { ssm })
    expect(plan.steps).toEqual([])
    expect(plan.changes).toEqual([])
  },
)
