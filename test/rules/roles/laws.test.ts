import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lintsIn, type Lint } from '../../../src/access/roles/misconfigurations.js'
import type { RoleWorld } from '../../../src/access/roles/world.js'
import type { Json } from '../../../src/model/json.js'
import { law } from '../../support/law.js'
import { tables, worldOf, type Case } from './cases.js'
import { roleWorld, type WrittenRole } from './world.js'

type Statement = Readonly<Record<string, Json>>

const isStatements = (trust: WrittenRole['trust']): trust is readonly Statement[] => Array.isArray(trust)

/** Every statement of a trust that some table has. */
const statements = [
  ...new Map(
    tables
      .flatMap(([, cases]) => cases)
      .flatMap(({ role }) => (isStatements(role?.trust) ? role.trust : []))
      .map((one) => [JSON.stringify(one), one]),
  ).values(),
].filter(({ Effect }) => Effect !== 'Deny')

const denies: readonly Statement[] = [
  { Principal: '*', Action: 'sts:*' },
  { Principal: { AWS: '*' }, Action: 'sts:AssumeRole' },
  {
    Principal: '*',
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringNotEquals: { 'agent.buildkite.com:organization_id': '{org}' } },
  },
  {
    Principal: '*',
    Action: 'sts:AssumeRole*',
    Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-acme' } },
  },
  {
    Principal: '*',
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringNotLike: { 'agent.buildkite.com:sub': 'organization:acme:*' } },
  },
  {
    Principal: '*',
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringLike: { 'agent.buildkite.com:build_branch': 'x*' } },
  },
  { Principal: '*', Action: 'sts:TagSession', Condition: { Null: { 'aws:RequestTag/pipeline_id': 'true' } } },
  { Principal: { AWS: '{role management/agent}' }, Action: 'sts:AssumeRole' },
  { NotPrincipal: { AWS: ['{role management/agent}', '{root management}'] }, Action: 'sts:AssumeRole' },
].map((one) => ({ Effect: 'Deny', ...one }))

const trusting = (trust: readonly Statement[]): RoleWorld =>
  roleWorld({
    roles: {
      'prod/app': { trust, declared: {} },
      'management/agent': { inline: { own: [{ Action: 'sts:AssumeRole' }] } },
    },
    instance_roles: { 'production/deploy': 'management/agent' },
  })

/** By rule, how many ways there are in that nobody meant. */
const waysIn = (lints: readonly Lint[]) =>
  new Map(
    lints
      .filter(({ told, at }) => at === 'role:prod/app' && told.severity === 'error')
      .map(({ finding, all }) => [finding, all.filter(({ opens }) => opens === true).length]),
  )

law(
  'a Deny more lets nobody in',
  fc.record({
    trust: fc.uniqueArray(fc.constantFrom(...statements), { minLength: 1, maxLength: 3 }),
    deny: fc.constantFrom(...denies),
    held: fc.subarray([...denies], { maxLength: 2 }),
  }),
  ({ trust, deny, held }) => {
    const before = waysIn(lintsIn(trusting([...trust, ...held])))
    const after = waysIn(lintsIn(trusting([...trust, ...held, deny])))
    // What is said to be a way in by its form alone stays; nothing comes.
    for (const [finding, ways] of after)
      expect([finding, ways <= (before.get(finding) ?? 0)]).toEqual([finding, true])
  },
)

const upper = (text: string) => text.toUpperCase()

/** The same, as somebody else would write it: lists for single values and the other way round, case where it means nothing. */
const respelled = (statement: Statement): Statement => {
  const list = (value: Json | undefined): Json =>
    Array.isArray(value)
      ? value.length === 1
        ? (value[0] as Json)
        : [...(value as readonly Json[])].reverse()
      : [value ?? null]
  const object = (
    value: Json | undefined,
    spell: (key: string) => string,
    each: (one: Json | undefined) => Json,
  ): Json =>
    Object.fromEntries(
      Object.entries(value as Readonly<Record<string, Json>>)
        .map(([key, one]) => [spell(key), each(one)] as const)
        .reverse(),
    )
  const action = (value: Json | undefined): Json =>
    typeof value === 'string' ? [upper(value)] : (value as readonly string[]).map(upper).reverse()
  const principal = (value: Json | undefined): Json =>
    value === '*' ? { AWS: ['*'] } : object(value, (key) => key, list)
  return Object.fromEntries(
    Object.entries(statement).map(([key, value]) => [
      key,
      key === 'Action' || key === 'NotAction'
        ? action(value)
        : key === 'Principal' || key === 'NotPrincipal'
          ? principal(value)
          : key === 'Condition'
            ? object(
                value,
                (operator) => operator.toLowerCase(),
                (keys) => object(keys, upper, list),
              )
            : (value ?? null),
    ]),
  )
}

const told = (world: RoleWorld) =>
  lintsIn(world)
    // Another spelling has another length.
    .filter(({ finding }) => finding !== 'role-trust-near-limit')
    .map(({ finding, at, facts, told: { severity } }) => ({ finding, at, facts, severity }))

const spelled = tables
  .flatMap(([file, cases]) => cases.map((one) => [`${file.slice(0, 3)} ${one.name}`, one] as const))
  .filter(([, { role }]) => isStatements(role?.trust))

describe('how a trust is spelled makes no difference', () => {
  test.each(spelled)('%s', (_, one) => {
    const trust = (one.role?.trust as readonly Statement[]).map(respelled)
    const other: Case = { ...one, role: { ...one.role, trust } }
    expect(told(worldOf(other))).toEqual(told(worldOf(one)))
  })
})

test('the order of accounts and roles makes no difference', () => {
  for (const [, cases] of tables)
    for (const one of cases) {
      const world = worldOf(one)
      const turned: RoleWorld = {
        ...world,
        accounts: new Map(
          [...world.accounts].reverse().map(([name, seen]) => [
            name,
            {
              ...seen,
              authorization: { ...seen.authorization, roles: seen.authorization.roles.toReversed() },
            },
          ]),
        ),
      }
      expect(lintsIn(turned).map(({ told: { what } }) => what)).toEqual(
        lintsIn(world).map(({ told: { what } }) => what),
      )
    }
})
