import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { gatesOf } from '../../src/hook/policy.js'
import { declare } from '../../src/workflow/declare.js'
import { filesOf } from '../support/files.js'
import { law } from '../support/law.js'

type Data = Readonly<Record<string, unknown>>

/** A line of the table: what is written over the base, and what the policy of the queue then says. */
interface Case {
  readonly name: string
  /** Of queue production/deploy. */
  readonly hook?: Data | null
  /** Of pipeline web-deploy; a null takes out what the base has. */
  readonly pipeline?: Data
  readonly files?: Data
  /** What the policy says of web-deploy, but for its repository. */
  readonly allows?: Data
  /** The slugs that it names. */
  readonly slugs?: readonly string[]
  readonly policy?: Data
  /** Parameters by name. */
  readonly leaves?: Data
  /** `code: what`, without those that are not about gates. */
  readonly findings?: readonly string[]
}

const { base, cases } = parse(readFileSync(new URL('policy.yaml', import.meta.url), 'utf8')) as {
  base: Data
  cases: readonly Case[]
}

const isMap = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const over = (below: unknown, above: unknown): unknown =>
  isMap(below) && isMap(above)
    ? Object.fromEntries(
        [...new Set([...Object.keys(below), ...Object.keys(above)])]
          .map((key) => [key, key in above ? over(below[key], above[key]) : below[key]] as const)
          .filter(([, value]) => value !== null),
      )
    : above

const written = ({ hook, pipeline = {}, files = {} }: Partial<Case>): Data =>
  [
    { clusters: { production: { queues: { deploy: hook === undefined ? {} : { hook } } } } },
    { pipelines: { 'web-deploy': pipeline } },
    files,
  ].reduce<Data>((below, above) => over(below, above) as Data, base)

const declared = (data: Data) =>
  declare({
    files: filesOf({ 'bridle.yaml': stringify(data, { aliasDuplicateObjects: false }) }),
    root: 'bridle.yaml',
    today: '2026-11-22',
  })

const aboutGates = /^(gate-|unfit-|unknown-|declared-twice|impossible|wrong|not-granted|missing)/

describe('what a gate is told', () => {
  test('by enough cases', () => expect(cases.length).toBeGreaterThanOrEqual(40))

  test.each(cases)('$name', (one) => {
    const { wanted, findings } = declared(written(one))
    const told = findings.filter(({ code }) => aboutGates.test(code))
    expect(told.map(({ code, what }) => `${code}: ${what}`)).toEqual(one.findings ?? [])
    for (const { where } of told) expect(where[0]).toBeDefined()
    const wants = wanted?.wants ?? []
    const policy = wants.find(({ address }) => address === 'gate-policy:production/deploy')?.spec
    const pipelines = policy?.['pipelines'] as Record<string, Data> | undefined
    if (one.allows !== undefined) {
      const { repository } = pipelines?.['web-deploy'] ?? {}
      expect(pipelines?.['web-deploy']).toEqual({ repository, ...one.allows })
    }
    if (one.slugs !== undefined) expect(Object.keys(pipelines ?? {})).toEqual(one.slugs)
    if (one.policy !== undefined) expect(policy).toMatchObject(one.policy)
    if (one.hook === null) expect(policy).toBeUndefined()
    const leaves = wants.flatMap(({ kind, spec }) =>
      kind === 'parameter'
        ? [[`${String(spec['account'])}:${String(spec['name'])}`, spec['value'] ?? spec['role']]]
        : [],
    )
    if (one.leaves !== undefined) expect(Object.fromEntries(leaves)).toEqual(one.leaves)
  })
})

test('what a gate lets in stands where the root file says', () => {
  const held = (may: readonly string[]) =>
    declare({
      files: filesOf({
        'bridle.yaml': stringify({ ...written({}), include: [{ files: 'more.yaml', may }] }),
        'more.yaml': 'pipelines: { more: { cluster: general, hook: { environment: [MODE] } } }\n',
      }),
      root: 'bridle.yaml',
      today: '2026-11-22',
    }).findings.filter(({ severity }) => severity === 'error')
  expect(held(['pipelines']).map(({ code, what }) => `${code}: ${what}`)).toEqual([
    'not-granted: "more.yaml" may not hold "hook"',
  ])
  expect(held(['pipelines', 'hook'])).toEqual([])
})

const shuffled = <Value>(value: Value, by: fc.GeneratorValue): Value => {
  if (Array.isArray(value)) {
    const items = value.map((one: unknown) => shuffled(one, by))
    return by(fc.shuffledSubarray, items, { minLength: items.length }) as Value
  }
  if (!isMap(value)) return value
  const keys = by(fc.shuffledSubarray, Object.keys(value), { minLength: Object.keys(value).length })
  return Object.fromEntries(keys.map((key) => [key, shuffled(value[key], by)])) as Value
}

const right = cases.filter(({ findings = [] }) => findings.length === 0)

law(
  'a policy does not depend on the order of what is written',
  fc.tuple(fc.constantFrom(...right), fc.gen()),
  ([one, by]) => {
    const first = declared(written(one)).wanted
    const other = declared(shuffled(written(one), by)).wanted
    const shown = (wanted: typeof first) =>
      JSON.stringify(wanted && gatesOf(wanted).wants.map(({ address, spec }) => ({ address, spec })))
    expect(shown(other)).toBe(shown(first))
  },
)
