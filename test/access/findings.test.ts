import { expect, test } from 'vitest'
import { accessOf } from '../../src/access/access.js'
import { findingsOf } from '../../src/access/findings.js'
import { judge } from '../../src/access/judge.js'
import type { Fact } from '../../src/model/grant.js'
import { at, fact } from './organizations.js'

const base: readonly Fact[] = [
  fact('has-queue', 'cluster:production', 'queue:production/deploy'),
  ...(['pipeline:deploy', 'pipeline:sign'] as const).flatMap((pipeline) => [
    fact('runs-in', pipeline, 'cluster:production'),
    fact('active', pipeline),
    fact('runs-steps-of', pipeline, pipeline, 'editor'),
  ]),
  fact('builds', 'team:release', 'pipeline:deploy'),
]

/** What is open in an organization with `eve` in its allowed team, and with some facts more. */
const openWith = (...more: readonly Fact[]) =>
  findingsOf(
    judge(accessOf([...base, ...more]), {
      borders: [
        {
          on: 'queue:production/deploy',
          cluster: 'cluster:production',
          allowed: new Map([['user:eve@acme.test', 'team:release']]),
          at,
          narrowed: false,
        },
      ],
      accepts: [],
      today: '2026-11-22',
    }),
    () => undefined,
  )
    .filter(({ trail }) => trail !== undefined)
    .map(({ code, what, fix }) => ({ code, what, fix }))

test('whoever is in an allowed team, and not in the files, is what is wrong: not what the team may', () => {
  expect(
    openWith(
      fact('in-team', 'user:eve@acme.test', 'team:release'),
      fact('in-team', 'user:mal@acme.test', 'team:release'),
    ),
  ).toEqual([
    {
      code: 'chosen-commit',
      what: 'user:mal@acme.test can run code on queue:production/deploy: in team:release, which is allowed, and no file has them in it',
      fix: 'take user:mal@acme.test out of team:release, or declare them under teams.release.members',
    },
  ])
})

test('with teams off it is said once, and what mends it is to switch them on', () => {
  const found = openWith(
    fact('teams-off', 'organization:'),
    fact('belongs', 'user:mal@acme.test', 'organization:'),
  )
  expect(found.map(({ code }) => code)).toEqual(['open-teams'])
  expect(found[0]?.what).toContain('because teams are off')
  expect(found[0]?.fix).toMatch(/^Switch teams on/)
})
