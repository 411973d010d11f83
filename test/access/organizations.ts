import fc from 'fast-check'
import type { Border } from '../../src/access/borders.js'
import { codeOf } from '../../src/access/findings.js'
import { gateOf } from '../../src/access/gate.js'
import type { Judging } from '../../src/access/ground.js'
import type { LetIn } from '../../src/access/rule.js'
import type { Address } from '../../src/model/address.js'
import { buildSources } from '../../src/model/gate.js'
import type { Accept } from '../../src/model/declared-access.js'
import type { Fact, Power } from '../../src/model/grant.js'
import type { Span } from '../../src/model/span.js'

/** A place in a file, for what has to have one. */
export const at: Span = { file: 'bridle.yaml', line: 1, column: 1, length: 1, text: 'organization: acme' }

/** A fact as if it had been read. */
export const fact = (power: Power, of: Address, on: Address = of, by?: string): Fact => ({
  power,
  of,
  on,
  ...(by === undefined ? {} : { by }),
  sure: true,
  field: power,
  at: { from: 'api', address: of, field: power, api: 'a generator' },
})

const production: Address = 'cluster:production'
const general: Address = 'cluster:general'
const queues = [
  ['queue:production/deploy', production],
  ['queue:production/sign', production],
  ['queue:general/default', general],
] as const
const organization: Address = 'organization:'
const users: Address[] = [
  'user:ada@acme.test',
  'user:bob@acme.test',
  'user:eve@acme.test',
  'user:root@acme.test',
]
const teams: Address[] = ['team:web', 'team:release', 'team:ops']
const pipelines = [
  ['pipeline:web', general],
  ['pipeline:tools', general],
  ['pipeline:deploy', production],
  ['pipeline:sign', production],
] as const
const repositories: Address[] = ['repository:github.com/acme/web', 'repository:github.com/acme/tools']

/** What every organization of these has. */
const always: readonly Fact[] = queues.map(([queue, cluster]) => fact('has-queue', cluster, queue))

/** Whatever else it may have: facts that meet, so that few of them make paths. */
const everything: readonly Fact[] = [
  ...users.flatMap((user) => [
    fact('belongs', user, organization),
    ...teams.flatMap((team) => [fact('in-team', user, team), fact('maintains-team', user, team)]),
    ...pipelines.flatMap(([pipeline]) => [
      fact('created', user, pipeline),
      fact('scheduled', user, pipeline, 'nightly'),
      fact('unfinished', user, pipeline, 'build 1'),
    ]),
    fact('acts-as', 'api-token:laptop', user),
    fact('left', user, 'team:release'),
    fact('maintains-cluster', user, production),
  ]),
  fact('administers', 'user:root@acme.test', organization),
  fact('administers', 'user:bob@acme.test', organization),
  fact('in-team', 'newcomer:anybody', 'team:web'),
  fact('in-team', 'invitee:guest@acme.test', 'team:release'),
  ...teams.flatMap((team) => [
    fact('creates-pipelines', team, organization),
    fact('maintains-cluster', team, production),
    ...pipelines.flatMap(([pipeline]) => [
      fact('watches', team, pipeline),
      fact('builds', team, pipeline),
      fact('edits', team, pipeline),
      fact('unblocks', team, pipeline),
    ]),
  ]),
  ...pipelines.flatMap(([pipeline, cluster], n) => [
    fact('runs-in', pipeline, cluster),
    fact('runs-in', pipeline, cluster),
    fact('active', pipeline),
    fact('active', pipeline),
    fact('archived', pipeline),
    fact('rebuilds', pipeline),
    ...repositories.map((repository) => fact('checks-out', pipeline, repository)),
    fact('mints-repository-tokens', pipeline, repositories[n % 2]),
    fact('clones-from', pipeline, 'repository:github.com/acme/mirror'),
    ...['push', 'pull-request', 'fork', 'comment'].map((by) => fact('starts-on', pipeline, pipeline, by)),
    fact('takes-webhooks', pipeline),
    fact('reads-input', pipeline, pipeline, 'BUILDKITE_MESSAGE'),
    fact('runs-code-of', pipeline, pipeline, 'plugin docker#v5'),
    fact('shows-to-all', pipeline, organization),
    fact('uses-template', pipeline, 'pipeline-template:small'),
    fact('scheduled', organization, pipeline, 'hourly'),
    ...pipelines.flatMap(([other]) =>
      other === pipeline ? [] : [fact('triggers', pipeline, other), fact('reads-artifacts', pipeline, other)],
    ),
  ]),
  ...[production, general].map((cluster) => fact('default-cluster', cluster, organization)),
  fact('registers-agents', 'token:production/deploy', production),
  fact('secret-for-all', 'secret:production/KEY', production),
  fact('hosted', 'queue:production/sign'),
  fact('opens-terminals', organization),
  fact('default-queue', 'queue:production/deploy', production),
  ...queues.map(([queue]) => fact('connected', `agent:one/${queue}`, queue, 'one.acme.test')),
  ...(['pipeline:old', 'pipeline:deploy', 'pipeline:tools'] as const).map((pipeline) =>
    fact('unclustered', pipeline, organization),
  ),
  fact('triggers', 'pipeline:old', 'pipeline:deploy'),
  fact('runs-operation', 'portal:report', organization, 'pipelineUpdate'),
  fact('signs-in', 'sso-provider:okta', organization),
]

const one = fc
  .tuple(fc.constantFrom(...everything), fc.integer({ min: 0, max: 9 }))
  .map(([some, luck]): Fact => ({ ...some, sure: luck > 1 }))

/** Facts of a small organization: two clusters, three queues, four pipelines and what else there may be. */
export const organizations: fc.Arbitrary<readonly Fact[]> = fc
  .uniqueArray(one, {
    selector: ({ power, of, on, by }) => `${power} ${of} ${on} ${by ?? ''}`,
    minLength: 4,
    maxLength: 60,
    size: 'max',
  })
  .map((some) => [...always, ...some])

/** The borders of production's two queues: eve and root are allowed; on one of them perhaps root alone, by its hook. */
export const bordersOf = (isNarrowed: boolean): readonly Border[] => {
  const root = ['user:root@acme.test', 'trust'] as const
  const allowed = new Map([['user:eve@acme.test', 'team:release'], root])
  return queues
    .filter(([, cluster]) => cluster === production)
    .map(([queue], n) => {
      const border = { on: queue, cluster: production, allowed, narrowed: false, at }
      if (!isNarrowed || n > 0) return border
      return { ...border, narrower: { ...border, allowed: new Map([root]), narrowed: true } }
    })
}

const accepting = fc.record({
  finding: fc.integer({ min: 1, max: 54 }).map((number) => codeOf(`R${number}`) ?? 'default-cluster'),
  on: fc.constantFrom(
    'organization',
    'organization',
    'cluster:production',
    'cluster:general',
    ...pipelines.map(([pipeline]) => pipeline),
    ...repositories,
    'queue:production/deploy',
  ),
})

const some = <Value>(values: readonly Value[]) =>
  fc.option(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 }), { nil: undefined })

/** What a policy says of one pipeline, as far as rules ask. */
const letIn = fc
  .record({
    sources: some(buildSources),
    triggered_by: some(['web', 'tools', 'deploy', 'sign', 'gone']),
    environment: some(['STAGE']),
    pull_requests: fc.constantFrom('own' as const, 'forks' as const, undefined),
  })
  .map((said): LetIn => ({
    repository: 'git@github.com:acme/web.git',
    ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)),
  }))

const gate = fc.dictionary(fc.constantFrom('deploy', 'sign', 'tools'), letIn)

/** What the files say about production: who is allowed, and what of the rest is accepted. */
export const judgings: fc.Arbitrary<Judging> = fc
  .record({
    accepts: fc.array(accepting, { maxLength: 30, size: 'max' }),
    isNarrowed: fc.boolean(),
    locked: fc.boolean(),
    isHeld: fc.boolean(),
    gate: fc.option(gate, { nil: undefined }),
  })
  .map(({ accepts, isNarrowed, locked, isHeld, gate }): Judging => ({
    borders: bordersOf(isNarrowed),
    accepts: accepts.map((some): Accept => ({ ...some, reason: 'looked at', until: '2027-03-01', at })),
    today: '2026-11-22',
    locked,
    ...(isHeld ? { held: new Set<Address>(['queue:production/deploy']) } : {}),
    ...(gate && { gates: new Map([['queue:production/deploy', gateOf(gate)]]) }),
  }))
