import { expect, test } from 'vitest'
import { granted } from '../../src/model/grant.js'
import { clustersLeadingTo } from '../../src/plan/role-scope.js'

const file = { file: 'bridle.yaml', line: 1, column: 1 } as never
const agent = 'role:management/agent'
const entries = [
  granted('is-role', agent, agent, 'name'),
  granted('for-machines', agent, agent, 'trust'),
  granted('is-role', 'role:management/other', 'role:management/other', 'name'),
]

test.each<readonly [string, string | undefined, boolean]>([
  ['this role', 'management/agent', true],
  ['another one that is there', 'management/other', false],
  ['no role', 'none', false],
  ['a role that is not there, so they have whichever they have', 'management/agnet', true],
  ['what no file says', undefined, true],
])('a cluster whose machines have %s is looked at for that role, or not', (_, instanceRole, expected) => {
  const agents = [
    { queue: 'queue:general/default', at: file, ...(instanceRole !== undefined && { instanceRole }) },
  ]
  const found = clustersLeadingTo(new Set([agent]), entries, { access: { agents } } as never, {
    clusterOf: () => undefined,
    queues: ['queue:general/default'],
  })
  expect([...found]).toEqual(expected ? ['general'] : [])
})

test.each(['assumes', 'rewrites'] as const)(
  'a cluster from which a role is entered that %s it is looked at',
  (power) => {
    const other = 'role:management/other'
    const found = clustersLeadingTo(
      new Set([agent]),
      [
        granted(power, other, agent, 'trust'),
        granted('becomes', 'pipeline:web', other, 'trust', 'general/default'),
      ],
      { access: { agents: [] } } as never,
      { clusterOf: () => undefined, queues: [] },
    )
    expect([...found]).toEqual(['general'])
  },
)
