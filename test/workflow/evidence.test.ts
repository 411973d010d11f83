import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Address } from '../../src/model/address.js'
import {
  evidenceFile,
  lackingOf,
  printEvidence,
  readEvidence,
  withGate,
  withHosts,
  type Evidence,
  type GateSeen,
  type HostSeen,
} from '../../src/workflow/evidence.js'
import { law } from '../support/law.js'

const queue: Address = 'queue:production/deploy'
const now = '2026-11-28T12:00:00Z'

const seen: GateSeen = {
  serial: 7,
  rule: 'pipeline',
  mode: 'block',
  seen_at: '2026-11-28T05:00:00Z',
  build: 'https://buildkite.com/acme/bridle-canary/builds/12',
  job: '00000000-0000-4000-8000-000000000001',
  agent: 'deploy-1',
}

const report: HostSeen = {
  hostname: 'ip-10-0-0-1',
  checked_at: '2026-11-20T05:00:00Z',
  ok: true,
  files: '0'.repeat(64),
  failed: [],
}

const machines = ['a'.repeat(64), 'b'.repeat(64)] as const

const evidence = (gate: Partial<GateSeen> | undefined, ...hosts: readonly Partial<HostSeen>[]): Evidence => ({
  organization: 'acme',
  gates: new Map(gate === undefined ? [] : [[queue, { ...seen, ...gate }]]),
  hosts: new Map(hosts.length === 0 ? [] : [[queue, hosts.map((one) => ({ ...report, ...one }))]]),
})

const filesWith = (text: string | undefined) => ({
  read: (path: string) =>
    path === evidenceFile && text !== undefined
      ? { bytes: new TextEncoder().encode(text) }
      : { no: 'missing' as const },
  list: () => [],
})

const read = (text: string | undefined) => readEvidence(filesWith(text) as never, { organization: 'acme' })

const whatOf = (text: string) => {
  const answer = read(text)
  return answer !== undefined && 'code' in answer ? answer.what : 'no finding'
}

describe('what is missing for a gate to be believed', () => {
  test.each<
    readonly [string, Evidence | undefined, { mode?: string; published?: object }, readonly string[]]
  >([
    ['nothing', evidence({}, {}), {}, []],
    ['all of it', undefined, {}, ['no canary was seen refused on it', 'no host of it was checked']],
    ['a canary', evidence(undefined, {}), {}, ['no canary was seen refused on it']],
    ['a host', evidence({}), {}, ['no host of it was checked']],
    ['a mode that refuses', evidence({}, {}), { mode: 'warn' }, ['its mode is warn, and only block refuses']],
    [
      'a policy that is published',
      evidence({}, {}),
      { published: { no: 'no policy is published for it' } },
      ['no policy is published for it'],
    ],
    [
      'anybody who has read what is published',
      evidence({}, {}),
      { published: {} },
      ['nobody has read what is published'],
    ],
    [
      'a canary of today',
      evidence({ seen_at: '2026-11-27T11:59:59Z' }, {}),
      {},
      ['its canary was last seen refused at 2026-11-27T11:59:59Z, and that counts for a day'],
    ],
    ['nothing, to the minute', evidence({ seen_at: '2026-11-27T12:00:00Z' }, {}), {}, []],
    [
      'a canary that has been',
      evidence({ seen_at: '2026-11-28T12:06:00Z' }, {}),
      {},
      ['its canary was seen refused at 2026-11-28T12:06:00Z, which is yet to come'],
    ],
    ['nothing, where clocks differ a little', evidence({ seen_at: '2026-11-28T12:04:00Z' }, {}), {}, []],
    [
      'a canary by this policy',
      evidence({ serial: 6 }, {}),
      {},
      ['its canary was refused by policy 6, and policy 7 is published'],
    ],
    [
      'a canary by a policy that is gone',
      evidence({ serial: 8 }, {}),
      {},
      ['its canary was refused by policy 8, and policy 7 is published'],
    ],
    [
      'a gate that refused',
      evidence({ mode: 'observe' }, {}),
      {},
      ['its gate was in mode observe when its canary was seen'],
    ],
    [
      'a gate that could decide',
      evidence({ rule: 'installation' }, {}),
      {},
      ['its canary was refused by rule "installation", and should be for its pipeline'],
    ],
    [
      'a check of this month',
      evidence({}, { checked_at: '2026-10-29T11:00:00Z' }),
      {},
      ['the last check of a host of it is more than 30 days old'],
    ],
    [
      'a check that went well',
      evidence({}, {}, { hostname: 'b', ok: false, failed: ['hooks'] }),
      {},
      ['the check of its host b failed'],
    ],
    [
      'a check that found nothing',
      evidence({}, { failed: ['hooks'] }),
      {},
      ['the check of its host ip-10-0-0-1 failed'],
    ],
    [
      'nothing, where the host that failed is long gone',
      evidence({}, {}, { hostname: 'b', ok: false, checked_at: '2026-08-01T00:00:00Z' }),
      {},
      [],
    ],
  ])('%s', (_, known, { mode = 'block', published = { serial: 7 } }, missing) => {
    expect(lackingOf(queue, known, { mode, published, now })).toEqual(missing)
  })

  test('is told of each queue by itself', () => {
    const other: Address = 'queue:production/sign'
    expect(lackingOf(other, evidence({}, {}), { mode: 'block', published: { serial: 7 }, now })).toHaveLength(
      2,
    )
  })
})

describe('the file', () => {
  test('that is missing says nothing', () => {
    expect(read(undefined)).toBeUndefined()
  })

  test.each([
    ['no JSON', '{'],
    ['another format', '{"format":"bridle.evidence/2","organization":"acme","gates":{},"hosts":{}}'],
    ['a key too many', '{"format":"bridle.evidence/1","organization":"acme","gates":{},"hosts":{},"more":1}'],
    [
      'a queue without a cluster',
      `{"format":"bridle.evidence/1","organization":"acme","gates":{"queue:x":${JSON.stringify(seen)}},"hosts":{}}`,
    ],
    [
      'half of what was seen',
      '{"format":"bridle.evidence/1","organization":"acme","gates":{"queue:a/b":{"serial":1}},"hosts":{}}',
    ],
  ])('that is %s is no use', (_, text) => {
    expect(whatOf(text)).toBe(
      `${evidenceFile} is no use: it is not one that bridle wrote, or not a whole one`,
    )
  })

  test('of another organization is no use', () => {
    expect(whatOf(printEvidence({ ...evidence({}), organization: 'other' }))).toMatch(
      /of organization "other"/,
    )
  })

  test('is the same bytes for the same, in whatever order it was seen', () => {
    const more: Address = 'queue:a/b'
    const reports = [report, { ...report, hostname: 'a' }, { ...report, machine: machines[0] }]
    const one = withHosts(withGate(undefined, 'acme', queue, seen), 'acme', more, reports, now)
    const other = withGate(
      withHosts(undefined, 'acme', more, [reports[1]!, reports[0]!, reports[2]!], now),
      'acme',
      queue,
      Object.fromEntries(Object.entries(seen).reverse()) as GateSeen,
    )
    expect(printEvidence(one)).toBe(printEvidence(other))
  })

  const [a, b] = [
    { ...report, machine: machines[0] },
    { ...report, machine: machines[1] },
  ]
  const early = { ...report, checked_at: '2026-11-01T00:00:00Z', ok: false }
  const ahead = { ...report, checked_at: '2126-11-01T00:00:00Z' }
  test.each<readonly [string, HostSeen, HostSeen, readonly HostSeen[]]>([
    ['the latest', early, report, [report]],
    ['the latest, in whatever order it came', report, early, [report]],
    ['another one beside it that is called alike', a, b, [a, b]],
    ['the one of the machine', { ...a, ...early, machine: a.machine }, a, [a]],
    [
      'another one beside it that is called otherwise',
      a,
      { ...a, hostname: 'a' },
      [{ ...a, hostname: 'a' }, a],
    ],
    [
      'what came before machines were told apart',
      report,
      { ...a, checked_at: now },
      [{ ...a, checked_at: now }],
    ],
    [
      'what failed before machines were told apart',
      { ...report, ok: false },
      a,
      [{ ...report, ok: false }, a],
    ],
    ['no time that is yet to come', ahead, report, [report]],
  ])('has of each host %s', (_, first, then, kept) => {
    const all = withHosts(withHosts(undefined, 'acme', queue, [first], now), 'acme', queue, [then], now)
    expect((read(printEvidence(all)) as Evidence).hosts.get(queue)).toEqual(kept)
  })
})

const some = fc.string({ minLength: 1, maxLength: 20 })
const times = fc
  .date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString())
const queues = fc.constantFrom<Address>('queue:production/deploy', 'queue:production/sign', 'queue:a b/c')

law(
  'what is written of gates reads back as it was',
  fc.record({
    organization: fc.constant('acme'),
    gates: fc
      .array(
        fc.tuple(
          queues,
          fc.record({
            serial: fc.integer({ min: 1 }),
            rule: some,
            mode: fc.constantFrom('observe' as const, 'warn' as const, 'block' as const),
            seen_at: times,
            build: some,
            job: some,
            agent: some,
          }),
        ),
      )
      .map((all) => new Map(all)),
    hosts: fc
      .array(
        fc.tuple(
          queues,
          fc.array(
            fc.record(
              {
                hostname: some,
                machine: fc.constantFrom(...machines),
                checked_at: times,
                ok: fc.boolean(),
                files: some,
                failed: fc.array(some),
              },
              { requiredKeys: ['hostname', 'checked_at', 'ok', 'files', 'failed'] },
            ),
          ),
        ),
      )
      .map(
        (all) =>
          new Map(
            all.map(([on, hosts]) => [
              on,
              [...new Map(hosts.map((one) => [`${one.machine}${one.hostname}`, one])).values()],
            ]),
          ),
      ),
  }),
  (known) => {
    const text = printEvidence(known)
    const back = read(text) as Evidence
    expect(printEvidence(back)).toBe(text)
    expect(back.gates).toEqual(known.gates)
  },
)
