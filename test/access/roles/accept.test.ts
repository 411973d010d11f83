import { expect, test } from 'vitest'
import { settle } from '../../../src/access/accept.js'
import { factsOf } from '../../../src/access/facts.js'
import { lintsIn, misconfigurations } from '../../../src/access/roles/misconfigurations.js'
import type { Accept } from '../../../src/model/declared-access.js'
import { roleWorld, span, type WrittenRole } from '../../rules/roles/world.js'

const open: WrittenRole = { declared: {}, trust: [{ Principal: '*' }] }
const worldWith = (role: WrittenRole) => roleWorld({ roles: { 'prod/app': role } })
const accept = (more: Partial<Accept> = {}): Accept => ({
  finding: 'role-trusts-anybody',
  on: 'role:prod/app',
  reason: 'a public mirror',
  until: '2027-03-01',
  at: span(30),
  ...more,
})

const facts = (role: WrittenRole) =>
  lintsIn(worldWith(role)).find(({ finding }) => finding === 'role-trusts-anybody')?.facts ?? ''

/** What is said about anybody, and about acceptances. */
const said = (role: WrittenRole, accepts: readonly Accept[], today = '2026-11-22') =>
  misconfigurations(worldWith(role), { accepts, today })
    .filter(({ code }) => code === 'role-trusts-anybody' || code.startsWith('accept-'))
    .map(({ code, severity }) => `${severity} ${code}`)

test('what is accepted is not told', () => {
  expect(said(open, [])).toEqual(['error role-trusts-anybody'])
  expect(said(open, [accept({ facts: facts(open) })])).toEqual([])
})

test('without facts it is settled, with a warning', () => {
  expect(said(open, [accept()])).toEqual(['warning accept-without-facts'])
})

test('another statement voids it', () => {
  const given = accept({ facts: facts(open) })
  const wider: WrittenRole = { ...open, trust: [{ Principal: '*', Action: 'sts:*' }] }
  expect(said(wider, [given])).toEqual(['error role-trusts-anybody', 'error accept-void'])
})

test('what has nothing to do with it voids nothing', () => {
  const given = accept({ facts: facts(open) })
  const more: WrittenRole = {
    ...open,
    hours: 4,
    tags: { team: 'web' },
    trust: [{ Sid: 'Mirror', Principal: { AWS: ['*'] } }, { Principal: { AWS: '{role management/web}' } }],
  }
  expect(said(more, [given])).toEqual([])
})

test('another role under the same name voids it', () => {
  expect(said({ ...open, id: 'AROAANOTHER12345678' }, [accept({ facts: facts(open) })])).toEqual([
    'error role-trusts-anybody',
    'error accept-void',
  ])
})

test('one that matches nothing is told, and so is one whose day has passed', () => {
  expect(said(open, [accept({ on: 'role:prod/other' })])).toEqual([
    'error role-trusts-anybody',
    'error accept-unused',
  ])
  expect(said(open, [accept({ on: 'organization' })])).toEqual([
    'error role-trusts-anybody',
    'error accept-unused',
  ])
  expect(said(open, [accept()], '2027-03-02')).toEqual(['error role-trusts-anybody', 'error accept-expired'])
})

test('what no job can have is accepted at the organization, all together', () => {
  const theirs: WrittenRole = { trust: [{ Principal: '*' }] }
  const [lint] = lintsIn(worldWith(theirs)).filter(({ finding }) => finding === 'role-trusts-anybody')
  expect(lint?.at).toBe('organization:')
  expect(said(theirs, [accept({ on: 'organization', facts: lint?.facts ?? '' })])).toEqual([])
})

test('acceptances that are about paths are nothing to roles, and the other way round', () => {
  const path = accept({ finding: 'identity-provider', on: 'organization' })
  expect(said(open, [path])).toEqual(['error role-trusts-anybody'])
  expect(settle([], [accept()], factsOf([]), '2026-11-22').unused).toEqual([])
})
