import fc from 'fast-check'
import { expect } from 'vitest'
import { stringify } from 'yaml'
import { readDeclaration } from '../../../src/config/declaration.js'
import { codes } from '../../../src/model/codes.js'
import { filesOf } from '../../support/files.js'
import { law } from '../../support/law.js'

const root = 'bridle.yaml'
const written = (value: object) => stringify(value, { aliasDuplicateObjects: false })
const read = (files: Record<string, string>) => readDeclaration(filesOf(files), root, undefined, '2026-11-22')

const email = fc.constantFrom('ada@acme.test', 'Eve@acme.test', 'root@acme.test')
const team = fc.constantFrom('release', 'web', 'unknown')
const partly = <Shape extends object>(shape: { [Key in keyof Shape]: fc.Arbitrary<Shape[Key]> }) =>
  fc.record(shape, { requiredKeys: [] })
const allow = partly({
  teams: fc.uniqueArray(team, { maxLength: 2 }),
  users: fc.uniqueArray(email, { maxLength: 2 }),
})
const mode = fc.constantFrom('observe', 'warn', 'block')
const queue = partly({
  allow,
  held_by: fc.constant('hook'),
  hook: fc.record({ mode }),
  instance_role: fc.constant('management/agent'),
  agents: fc.constant({ hostname: ['deploy-*'] }),
})
const some = <Value>(names: readonly string[], value: fc.Arbitrary<Value>) =>
  fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 3 })
const cluster = partly({
  allow,
  contain: fc.boolean(),
  default_queue: fc.constant('deploy'),
  queues: some(['deploy', 'canary', 'default'], queue),
  tokens: some(
    ['one', 'two'],
    partly({ allowed_ip_addresses: fc.constant(['10.0.0.0/8']), expires_in: fc.constant('90d') }),
  ),
})
const acceptance = fc.record({
  finding: fc.constantFrom('bridle-itself', 'push-to-repository'),
  at: fc.constantFrom('organization', 'cluster:production', 'repository:github.com/acme/web'),
  reason: fc.constantFrom('reviewed', 'owned'),
  until: fc.constantFrom('2026-01-01', '2027-01-01', '2027-11-30'),
})
const expectation = fc.record({
  who: fc.constantFrom('outsider', 'team:web', 'user:Ada@acme.test'),
  cannot: fc.constantFrom('run'),
  on: fc.constantFrom('queue:production/deploy', 'queue:general/default'),
})
const declarations = fc.record({
  trust: fc.option(partly({ admins: fc.uniqueArray(email, { maxLength: 2 }), automation: email }), {
    nil: undefined,
  }),
  teams: some(
    ['release', 'web'],
    partly({ members: some(['ada@acme.test', 'Eve@acme.test'], fc.constant('member')) }),
  ),
  clusters: some(['production', 'general', 'data'], cluster),
  accept: fc.array(acceptance, { maxLength: 4 }),
  expect: fc.array(expectation, { maxLength: 4 }),
})

/** Of the same, those with which nothing is wrong. */
const right = declarations.map(({ clusters, accept, expect, trust }) => {
  const members = { 'ada@acme.test': 'member' }
  const named = (one: { readonly teams?: readonly string[] }) => ({
    ...one,
    teams: (one.teams ?? []).filter((team) => team !== 'unknown'),
  })
  const narrow = { allow: { teams: [] }, held_by: 'hook' }
  const queueOf = (cluster: object, { allow, held_by, ...queue }: { allow?: object; held_by?: string }) => ({
    ...queue,
    ...((allow ?? held_by) && 'allow' in cluster && narrow),
  })
  const first = <Value>(list: readonly Value[], key: (one: Value) => string) => [
    ...new Map(list.map((one) => [key(one), one])).values(),
  ]
  return {
    trust,
    teams: { release: { members }, web: { members: {} } },
    clusters: Object.fromEntries(
      Object.entries({ production: {}, general: {}, ...clusters }).map(
        ([name, { allow, ...cluster }]: [string, { allow?: object; queues?: object }]) => {
          const bordered = { ...cluster, ...(allow && { allow: named(allow) }) }
          const queues = { deploy: {}, default: {}, ...cluster.queues }
          return [
            name,
            {
              ...bordered,
              queues: Object.fromEntries(
                Object.entries(queues).map(([key, queue]) => [key, queueOf(bordered, queue)]),
              ),
            },
          ]
        },
      ),
    ),
    accept: first(
      accept.filter(({ until }) => until !== '2027-11-30'),
      ({ finding, at }) => `${finding} ${at}`,
    ),
    expect,
  }
})

law(
  'the order of files, keys and items changes nothing that is said about access',
  fc.record({ declared: right, coins: fc.infiniteStream(fc.boolean()) }),
  ({ declared, coins }) => {
    const coin = () => coins.next().value as boolean
    const turned = <Value>(list: readonly Value[]) => (coin() ? list.toReversed() : [...list])
    const reordered = (map: object) => Object.fromEntries(turned(Object.entries(map)))
    const one = read({ [root]: written({ organization: 'acme', ...declared }) })
    const half = <Value>(list: readonly Value[]) => list.slice(0, Math.ceil(list.length / 2))
    const rest = <Value>(list: readonly Value[]) => list.slice(Math.ceil(list.length / 2))
    const [accept, expected] = [turned(declared.accept), turned(declared.expect)]
    const other = read({
      [root]: written(
        reordered({
          organization: 'acme',
          include: [{ files: '?.yaml', may: ['clusters', 'allow', 'trust', 'accept', 'expect'] }],
          teams: reordered(declared.teams),
          accept: half(accept),
          expect: half(expected),
        }),
      ),
      'a.yaml': written(reordered({ clusters: reordered(declared.clusters), expect: rest(expected) })),
      'b.yaml': written(
        reordered({ accept: rest(accept), ...(declared.trust && { trust: declared.trust }) }),
      ),
    })
    const plain = ({ wanted }: typeof one) =>
      JSON.stringify(wanted?.access, (key, value: unknown) => (key === 'at' ? undefined : value))
    expect(one.wanted).toBeDefined()
    expect(plain(other)).toBe(plain(one))
    const said = ({ findings }: typeof one) => findings.map(({ code }) => code).sort()
    expect(said(other)).toEqual(said(one))
  },
)

law(
  'whatever is said about access is a declaration or findings, each with a page and a place',
  declarations,
  (declared) => {
    const { wanted, findings } = read({ [root]: written({ organization: 'acme', ...declared }) })
    expect(wanted === undefined).toBe(findings.some(({ severity }) => severity === 'error'))
    for (const { code, where } of findings) {
      expect(codes).toHaveProperty([code])
      expect(where).not.toEqual([])
    }
  },
)

const accident = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat({ max: 30 }),
  instead: fc.constantFrom('', ': ', '[', '\n', 'null', '1', '{}', '- ', 'x'),
})

law(
  'and so is whatever becomes of its text',
  fc.record({ declared: declarations, accidents: fc.array(accident, { maxLength: 4 }) }),
  ({ declared, accidents }) => {
    const text = accidents.reduce(
      (before, { at, length, instead }) => {
        const from = Math.floor(at * before.length)
        return before.slice(0, from) + instead + before.slice(from + length)
      },
      written({ organization: 'acme', ...declared }),
    )
    const { wanted, findings } = read({ [root]: text })
    expect(wanted === undefined).toBe(findings.some(({ severity }) => severity === 'error'))
  },
)
