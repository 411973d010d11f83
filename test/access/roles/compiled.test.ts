import { expect, test } from 'vitest'
import { lintsIn, misconfigurations } from '../../../src/access/roles/misconfigurations.js'
import { worldAsWanted } from '../../../src/access/roles/wanted.js'
import type { DeclaredRole, RoleWorld } from '../../../src/access/roles/world.js'
import { compiledTrust, type TrustStatement, type TrustTerms } from '../../../src/kinds/aws/trust.js'
import type { Known } from '../../../src/kinds/kind.js'
import type { Address } from '../../../src/model/address.js'
import { roleWorld, span } from '../../rules/roles/world.js'

const base = roleWorld({})

const known = (world: RoleWorld): Known => ({
  organization: world.organization,
  accounts: [...world.accounts.values()].map(({ account }) => account),
  made: (address) => {
    const found = [...world.clusters, ...world.queues, ...world.pipelines].find(
      (one) => one.address === address,
    )
    if (found?.uuid !== undefined) return { id: found.uuid, uuid: found.uuid }
    return address === 'role:management/agent'
      ? { id: 'arn:aws:iam::111111111111:role/buildkite/agent', uuid: 'AROAAGENT' }
      : undefined
  },
  live: () => undefined,
  declared: () => [],
  now: '2026-11-22T00:00:00Z',
  serial: () => 0,
  appliers: new Set(),
})

/** The world in which bridle has made a role, and nothing else. */
const made = (trust: readonly TrustStatement[], terms: TrustTerms, world = base): RoleWorld => {
  const want: DeclaredRole = {
    address: 'role:prod/web-deploy',
    spec: { trust: compiledTrust(trust, terms, 'prod', known(world)) },
    at: span(1),
    spans: {},
  }
  return worldAsWanted({ ...world, declared: new Map<Address, DeclaredRole>([[want.address, want]]) })
}

const aboutTrust = (world: RoleWorld) =>
  lintsIn(world)
    .filter(({ at, finding }) => at === 'role:prod/web-deploy' && finding !== 'role-no-boundary')
    .map(({ told }) => told.what)

const pipeline: TrustStatement = { pipeline: 'web-deploy', queue: 'production/deploy' }

test.each([
  ['a pipeline', [pipeline]],
  ['a pipeline on some branches', [{ ...pipeline, branches: ['main', 'release'] }]],
  ['two pipelines', [pipeline, { pipeline: 'api-deploy', queue: 'production/release' }]],
  ['a chained role', [{ role: 'management/agent' }]],
  ['instances', [{ service: 'ec2.amazonaws.com' }]],
] as const)('what bridle compiles for %s is as it should be', (_, trust) => {
  expect(aboutTrust(made(trust, { claims: 'ids' }))).toEqual([])
  expect(aboutTrust(made(trust, { claims: 'tags' }))).toEqual([])
  expect(
    aboutTrust(made(trust, { claims: 'ids', source_ips: ['10.0.0.0/8'], source_vpces: ['vpce-1'] })),
  ).toEqual([])
})

const unmade = <One extends { readonly uuid?: string }>(one: One): One => {
  const made: One & { uuid?: string } = { ...one }
  delete made.uuid
  return made
}

test('a pipeline that is not made yet is no pipeline that is missing', () => {
  const world = {
    ...base,
    pipelines: base.pipelines.map(unmade),
    queues: base.queues.map(unmade),
  }
  expect(aboutTrust(made([pipeline], { claims: 'ids' }, world))).toEqual([])
  expect(aboutTrust(made([pipeline], { claims: 'tags' }, world))).toEqual([])
})

test('what a document of the files lets in is told before it is applied', () => {
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }],
  }
  const found = misconfigurations(made([{ document: trust }], { claims: 'ids' }))
  expect(
    found.filter(({ severity }) => severity === 'error').map(({ code, what, where }) => [code, what, where]),
  ).toEqual([
    [
      'role-trusts-anybody',
      'role:prod/web-deploy trusts everybody who has an AWS account [statement 1]',
      [span(1)],
    ],
  ])
})
