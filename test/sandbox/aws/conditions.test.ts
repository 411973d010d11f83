import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { actInAws } from '../../../src/sandbox/aws/act.js'
import { addRole, addUser, newAccounts } from '../../../src/sandbox/aws/seed.js'
import { emptyState } from '../../../src/sandbox/state.js'
import { MANAGEMENT } from './world.js'

interface Case {
  readonly name: string
  readonly version?: string
  readonly if: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly k?: string
  readonly from?: string
  readonly through?: string
  readonly keys?: readonly string[]
  readonly yes: boolean
}

const cases = parse(readFileSync(new URL('conditions.yaml', import.meta.url), 'utf8')) as readonly Case[]

const ADA = `arn:aws:iam::${MANAGEMENT}:user/ada`
const keyed = (text: string) => JSON.parse(text.replaceAll('"$k"', '"aws:PrincipalTag/k"')) as object

test.each(cases)('$name', ({ version = '2012-10-17', k, from = '192.0.2.1', through, keys = [], ...one }) => {
  const state = emptyState()
  newAccounts(state, [{ id: MANAGEMENT, name: 'management' }])
  addUser(state, { account: MANAGEMENT, name: 'ada', tags: k === undefined ? [] : [{ key: 'k', value: k }] })
  const Principal = { AWS: ADA }
  const own = {
    Effect: 'Allow',
    Principal,
    Action: 'sts:AssumeRole',
    Condition: keyed(JSON.stringify(one.if)),
  }
  const tags = { Effect: 'Allow', Principal, Action: 'sts:TagSession' }
  addRole(state, { account: MANAGEMENT, name: 'r', trust: { Version: version, Statement: [own, tags] } })
  const network = { sourceIp: from, ...(through !== undefined && { sourceVpce: through }) }
  const done = actInAws(state, { as: ADA, now: '2026-11-02T09:00:00.000Z', network }, 'AssumeRole', {
    RoleArn: `arn:aws:iam::${MANAGEMENT}:role/r`,
    RoleSessionName: 'case',
    Tags: keys.map((key) => ({ Key: key, Value: 'x' })),
  })
  expect('refused' in done ? done.refused.replace(/:.*/, '') : 'yes').toBe(one.yes ? 'yes' : 'AccessDenied')
})
