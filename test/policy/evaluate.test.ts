import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Json } from '../../src/model/json.js'
import { mayAssume, type Given } from '../../src/policy/assume.js'
import { decide, type Decision } from '../../src/policy/decide.js'
import { parsePolicy, type PolicyDocument, type PolicyUse } from '../../src/policy/document.js'
import type { Policies } from '../../src/policy/layers.js'
import type { Named } from '../../src/policy/rule.js'
import { exactly, known, textsLike, type Context, type Value } from '../../src/policy/value.js'
import { mayAssumeWithWebIdentity, type Provider } from '../../src/policy/web-identity.js'

type Open = true | readonly string[]
type Had =
  | string
  | readonly string[]
  | null
  | (({ chosen: Open } | { unknown: Open }) & { always?: boolean; many?: boolean })
type Statements = readonly Record<string, Json>[] | 'unread'

interface Expected {
  readonly is: 'yes' | 'no' | 'depends'
  readonly on?: readonly string[]
  readonly says?: string
  readonly picks?: Readonly<Record<string, string | null>>
}

interface Group<Case> {
  readonly rule: string
  readonly cases: readonly (Case & Expected)[]
}

const table = <Case>(name: string) =>
  parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as readonly Group<Case>[]

let cases = 0

/** Each case by itself, under its rule. */
const each = <Case>(groups: readonly Group<Case>[], check: (one: Case & Expected) => void) => {
  for (const { rule, cases: under } of groups) {
    cases += under.length
    describe(rule, () => {
      test.each(under.map((one) => [JSON.stringify(one), one] as const))('%s', (_, one) => check(one))
    })
  }
}

const read = (source: Json, use: PolicyUse): PolicyDocument => {
  const parsed = parsePolicy(source, { for: use })
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems, null, 2))
  return parsed.document
}

const named = (
  name: string,
  statements: Statements,
  use: PolicyUse = 'identity',
  version: string | null = '2012-10-17',
): Named => ({
  name,
  document:
    statements === 'unread' || statements.length === 0
      ? statements === 'unread'
        ? undefined
        : { version: '2012-10-17', id: null, statements: [] }
      : read({ ...(version === null ? {} : { Version: version }), Statement: statements as Json }, use),
})

const value = (had: Had): Value => {
  if (had === null) return { is: 'absent' }
  if (typeof had === 'string') return known(had)
  if (Array.isArray(had)) return known(...(had as readonly string[]))
  const open = had as { chosen?: Open; unknown?: Open; always?: boolean; many?: boolean }
  const from = open.chosen ?? open.unknown
  return {
    is: open.chosen === undefined ? 'unknown' : 'chosen',
    ...(Array.isArray(from)
      ? { from: from.map((text: string) => (/[*?]/.test(text) ? textsLike(text) : exactly(text))) }
      : {}),
    ...(open.always === true ? { always: true } : {}),
    ...(open.many === true ? { many: true } : {}),
  }
}

const context = (has: Readonly<Record<string, Had>>): Context => {
  const values = new Map(Object.entries(has).map(([key, had]) => [key.toLowerCase(), value(had)]))
  return (key) => values.get(key) ?? { is: 'absent' }
}

const expectDecision = (decision: Decision, { is, on, says, picks }: Expected) => {
  expect(decision.answer, JSON.stringify(decision, null, 2)).toBe(is)
  if (is === 'depends') expect(decision.on).not.toEqual([])
  else expect(decision.on).toEqual([])
  expect(decision.by).not.toEqual([])
  if (on !== undefined) expect(decision.on).toEqual(on)
  if (says !== undefined) expect(decision.by.map((reason) => reason.says).join('\n')).toContain(says)
  if (picks !== undefined) expect(decision.picks).toMatchObject(picks)
}

interface ConditionCase {
  readonly when: Record<string, Json>
  readonly with: Readonly<Record<string, Had>>
  readonly version?: string | null
  readonly deny?: Expected['is']
}

const opposite = { yes: 'no', no: 'yes', depends: 'depends' } as const

for (const file of readdirSync(new URL('conditions/', import.meta.url)))
  describe(file, () => {
    each(table<ConditionCase>(`conditions/${file}`), (one) => {
      const ask = (...statements: readonly Record<string, Json>[]) =>
        decide({
          actions: ['s:Do'],
          resource: known('*'),
          context: context(one.with),
          policies: { identity: [named('identity', statements, 'identity', one.version)] },
        })
      const about = { Action: 's:Do', Resource: '*' }
      expectDecision(ask({ Effect: 'Allow', ...about, Condition: one.when }), one)
      const denied = ask({ Effect: 'Allow', ...about }, { Effect: 'Deny', ...about, Condition: one.when })
      expect(denied.answer, 'as a Deny').toBe(one.deny ?? opposite[one.is])
    })
  })

interface PoliciesCase {
  readonly ask: readonly [string, Had]
  readonly identity: Statements
  readonly boundary?: Statements
  readonly session?: Statements
  readonly scp?: readonly Statements[]
  readonly rcp?: readonly Statements[]
  readonly with?: Readonly<Record<string, Had>>
}

describe('policies.yaml', () => {
  each(table<PoliciesCase>('policies.yaml'), (one) => {
    const policies: Policies = {
      identity: [named('identity', one.identity)],
      boundary: one.boundary === undefined ? null : named('boundary', one.boundary),
      session: one.session === undefined ? null : [named('session', one.session)],
      scp: (one.scp ?? []).map((level, at) => [named(`scp ${at}`, level)]),
      rcp: (one.rcp ?? []).map((level, at) => [resourcePolicy(`rcp ${at}`, level)]),
    }
    const [action, resource] = one.ask
    const decision = decide({
      actions: [action],
      resource: value(resource),
      principal: { is: 'user', arn: 'arn:aws:iam::111111111111:user/ada' },
      context: context(one.with ?? {}),
      policies,
    })
    expectDecision(decision, one)
  })
})

/** It has principals and resources, both: the one kind of policy that is neither trust nor identity. */
const resourcePolicy = (name: string, statements: Statements): Named => {
  const { document } = named(
    name,
    statements === 'unread'
      ? statements
      : statements.map((one) =>
          Object.fromEntries(Object.entries(one).filter(([key]) => key !== 'Principal')),
        ),
  )
  return { name, document }
}

interface AssumeCase {
  readonly trust: Statements
  readonly may: 'all' | 'target' | 'nothing' | Statements
  readonly far?: boolean
  readonly to?: string
  readonly begun?: 'by-ec2'
  readonly id?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly target_tags?: Readonly<Record<string, string>>
  readonly boundary?: Statements
  readonly given?: Readonly<Record<string, Had>>
}

const givenIn = (given: Readonly<Record<string, Had>> = {}): Given =>
  new Map(Object.entries(given).map(([key, had]) => [key, value(had)]))

/** Statements of a trust, with what most of them share filled in. */
const trustOf = (statements: Statements, action: string): Named =>
  named(
    'trust',
    statements === 'unread'
      ? statements
      : statements.map((one) => ({
          Effect: 'Allow',
          ...(one['NotAction'] === undefined ? { Action: action } : {}),
          ...one,
        })),
    'trust',
  )

describe('assume.yaml', () => {
  each(table<AssumeCase>('assume.yaml'), (one) => {
    const target = one.to ?? `arn:aws:iam::${one.far === true ? '333333333333' : '111111111111'}:role/web`
    const may: Statements =
      one.may === 'all'
        ? [{ Effect: 'Allow', Action: 'sts:*', Resource: '*' }]
        : one.may === 'target'
          ? [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: target }]
          : one.may === 'nothing'
            ? []
            : one.may
    const decision = mayAssume(
      {
        arn: 'arn:aws:iam::111111111111:role/queue/deploy',
        ...(one.id === undefined ? {} : { id: one.id }),
        tags: one.tags ?? {},
        begun: one.begun ?? 'by-choice',
        identity: [named('identity', may)],
        boundary: one.boundary === undefined ? null : named('boundary', one.boundary),
      },
      { arn: target, tags: one.target_tags ?? {}, trust: trustOf(one.trust, 'sts:AssumeRole') },
      givenIn(one.given),
    )
    expectDecision(decision, one)
  })
})

interface TokenCase {
  readonly when?: Record<string, Json>
  readonly do?: readonly string[]
  readonly trust?: Statements
  readonly from?: 'evil' | 'stranger'
  readonly slug?: string
  readonly queue?: string
  readonly cluster?: string
  readonly unclustered?: boolean
  readonly providers?: readonly Provider[]
  readonly rcp?: Statements
  readonly tags?: Readonly<Record<string, string>>
  readonly given?: Readonly<Record<string, Had>>
}

const uuid = (at: number) => `0190aaaa-0000-4000-8000-00000000000${at}`
const names: Readonly<Record<string, string>> = {
  ORG: uuid(1),
  PIPELINE: uuid(2),
  CLUSTER: uuid(3),
  QUEUE: uuid(4),
  OTHER: uuid(7),
  EVIL: uuid(9),
  PROVIDER: 'arn:aws:iam::333333333333:oidc-provider/agent.buildkite.com',
}

/** The case with names and short keys written out. */
const spelledOut = <Case>(one: Case): Case =>
  JSON.parse(
    JSON.stringify(one)
      .replaceAll(/"([A-Z]{3,})"/g, (whole, name: string) =>
        names[name] === undefined ? whole : `"${names[name]}"`,
      )
      .replaceAll('":', '" :')
      .replaceAll('" :', '":')
      .replaceAll(/([{,])":([a-z_]+)":/g, '$1"agent.buildkite.com:$2":'),
  ) as Case

describe('web-identity.yaml', () => {
  each(table<TokenCase>('web-identity.yaml'), (written) => {
    const one = spelledOut(written)
    const evil = one.from === 'evil'
    const job =
      one.from === 'stranger'
        ? { strangerTo: { slug: 'acme' } }
        : {
            organization: { slug: 'acme', id: uuid(1) },
            pipeline: evil
              ? { slug: 'evil', id: uuid(9) }
              : { slug: one.slug ?? 'web', id: one.slug ? uuid(8) : uuid(2) },
            cluster: one.unclustered === true ? null : { name: 'production', id: one.cluster ?? uuid(3) },
            queue: one.unclustered === true ? null : { key: 'deploy', id: one.queue ?? uuid(4) },
          }
    const provider = { arn: names['PROVIDER']!, url: 'agent.buildkite.com', clientIds: ['sts.amazonaws.com'] }
    const actions = (one.do ?? ['AssumeRoleWithWebIdentity']).map((action) => `sts:${action}`)
    const trust: Statements = one.trust ?? [
      { Principal: { Federated: provider.arn }, Action: actions, Condition: one.when ?? {} },
    ]
    const decision = mayAssumeWithWebIdentity(
      job,
      {
        arn: 'arn:aws:iam::333333333333:role/web',
        tags: one.tags ?? {},
        trust: trustOf(trust, 'sts:AssumeRoleWithWebIdentity'),
        providers: one.providers ?? [provider],
        ...(one.rcp === undefined ? {} : { rcp: [[resourcePolicy('rcp', one.rcp)]] }),
      },
      givenIn(one.given),
    )
    expectDecision(decision, one)
  })
})

test('more choices than are tried are a depends, and soon', () => {
  const keys = Array.from({ length: 16 }, (_, at) => `s:k${at}`)
  const equal = (values: Record<string, Json>) => ({
    Effect: 'Allow',
    Action: '*',
    Resource: '*',
    Condition: values,
  })
  const decision = decide({
    actions: ['s:Do'],
    resource: known('*'),
    context: () => ({ is: 'chosen' }),
    policies: {
      identity: [
        named('identity', [
          equal({
            StringEquals: Object.fromEntries(keys.map((key) => [key, 'a'])),
            StringLike: Object.fromEntries(keys.map((key) => [key, '?b'])),
          }),
        ]),
      ],
    },
  })
  expectDecision(decision, { is: 'depends', on: keys.toSorted() })
})

test('there are at least 300 cases', () => {
  expect(cases).toBeGreaterThanOrEqual(300)
})
