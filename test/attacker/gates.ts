import fc from 'fast-check'
import type { LetIn } from '../../src/access/rule.js'
import { buildSources } from '../../src/model/gate.js'
import { fork, type State } from '../../src/sandbox/state.js'
import { all, first, get, put, where } from '../../src/sandbox/table.js'
import { mostly, seldom } from './organizations.js'
import type { Level, Outline, Pipeline } from './outline.js'

/** The queue that has a gate, and allows fewer than its cluster. */
export const GATED = 'production/deploy'

/** Who is allowed on it, and what its policy lets in, by slug. */
export interface Narrowing {
  readonly users: readonly string[]
  readonly pipelines: Readonly<Record<string, LetIn>>
}

const letIn = (repository: string, parents: readonly string[]): fc.Arbitrary<LetIn> =>
  fc
    .record({
      sources: fc.subarray([...buildSources], { minLength: 1 }),
      triggered_by: fc.subarray([...parents]),
      environment: fc.constantFrom([], [], ['CODE']),
      pull_requests: fc.constantFrom(undefined, undefined, 'own' as const, 'forks' as const),
      branches: fc.constantFrom(['main'], ['main'], ['*']),
      tags: fc.constantFrom([], ['*']),
      commands: fc.constantFrom(undefined, undefined, ['make']),
    })
    .map((said): LetIn => ({
      repository,
      ...Object.fromEntries(
        Object.entries(said).filter(([, value]) => value !== undefined && value.length > 0),
      ),
    }))

/** A gate for an organization: some of the pipelines of the cluster are let in, and of each some of what starts them. */
const narrowings = (outline: Outline): fc.Arbitrary<Narrowing> => {
  const slugs = Object.keys(outline.pipelines)
  const inIt = slugs.filter((slug) => outline.pipelines[slug]?.cluster === 'production')
  const policies = inIt.map((slug) =>
    letIn(outline.pipelines[slug]?.repository ?? '', slugs).map((policy) => [slug, policy] as const),
  )
  return fc.record({
    users: fc.constant(['ada']),
    pipelines: fc
      .tuple(fc.tuple(...policies), fc.subarray(inIt))
      .map(([all, chosen]) => Object.fromEntries(all.filter(([slug]) => chosen.includes(slug)))),
  })
}

const level = fc.constantFrom<Level | null>(null, 'read_only', 'build_and_read', 'manage_build_and_read')

interface Drawn {
  readonly release: Level | null
  readonly web: Level | null
  readonly forks: boolean
  readonly comments: boolean
  readonly mode: string
  readonly allowRebuilds: boolean
  readonly steps: Pipeline['steps']
  readonly planted: boolean
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  release: level,
  web: level,
  forks: seldom(3),
  comments: seldom(3),
  mode: mostly('code', 4, 'none'),
  allowRebuilds: fc.boolean(),
  steps: mostly<Pipeline['steps']>('editor', 3, 'repository'),
  planted: seldom(5),
})

const pipelineOf = (
  cluster: string,
  { release, web, forks, comments, mode, allowRebuilds, steps, planted }: Drawn,
): Pipeline => ({
  cluster,
  repository: `git@github.com:acme/${cluster}.git`,
  teams: {
    // Who is of the cluster is allowed to; whoever is not may watch.
    ...(release && { release }),
    ...(web && { web: cluster === 'production' ? ('read_only' as const) : web }),
  },
  steps,
  template: false,
  createdBy: null,
  archived: false,
  public: false,
  branches: 'main',
  settings: {
    build_pull_requests: forks,
    ...(forks && { build_pull_request_forks: true }),
    ...(comments && { build_issue_comment_created: true }),
    trigger_mode: mode,
  },
  allowRebuilds,
  schedules: planted ? { nightly: 'bob' } : {},
  unfinished: [],
})

const bare = { createsPipelines: false, isDefault: false, defaultRole: 'member' } as const
const self = { hosted: false }

interface Small {
  readonly deploy: Drawn
  readonly infra: Drawn
  readonly web: Drawn
  readonly maintains: boolean
  readonly creates: boolean
  readonly rules: readonly (readonly string[])[]
}

/**
 * Small organizations: ada and bob may reach production, and its queue `deploy` is for ada alone, by its gate; cy is in
 * another team. There is nothing that would lead past every gate, such as tokens of agents.
 */
const outlineOf = ({ deploy, infra, web, maintains, creates, rules }: Small): Outline => ({
  teamsEnabled: true,
  people: ['ada', 'bob', 'cy'],
  admins: [],
  teams: {
    release: { ...bare, members: { ada: 'member', bob: 'member' }, createsPipelines: creates },
    web: { ...bare, members: { cy: 'member' } },
  },
  clusters: {
    production: {
      allow: { teams: ['release'], users: [] },
      maintainers: { users: maintains ? ['bob'] : [], teams: [] },
      queues: { deploy: self, other: self },
      defaultQueue: 'other',
      tokens: [],
      secret: null,
    },
    general: {
      maintainers: { users: [], teams: [] },
      queues: { default: self },
      defaultQueue: 'default',
      tokens: [],
      secret: null,
    },
  },
  defaultCluster: 'general',
  pipelines: {
    deploy: pipelineOf('production', deploy),
    infra: pipelineOf('production', infra),
    web: pipelineOf('general', web),
  },
  rules: rules.map(([source = '', target = '']) => ({
    type: 'pipeline.trigger_build.pipeline',
    source,
    target,
    conditions: [],
  })),
  invitations: [],
  template: false,
  portal: false,
  apiTokens: [],
  membersManageAgentTokens: false,
  membersDeletePipelines: false,
  hostedTerminals: false,
})

const small: fc.Arbitrary<Outline> = fc
  .record({
    deploy: drawn,
    infra: drawn,
    web: drawn,
    maintains: seldom(4),
    creates: seldom(4),
    rules: fc.uniqueArray(
      fc.constantFrom(['web', 'deploy'], ['infra', 'deploy'], ['web', 'infra'], ['deploy', 'infra']),
      { maxLength: 2, selector: String },
    ),
  })
  .map(outlineOf)

/** Organizations of which a queue has a gate, and what it lets in. */
export const guarded: fc.Arbitrary<readonly [Outline, Narrowing]> = small.chain((outline) =>
  narrowings(outline).map((narrowing) => [outline, narrowing] as const),
)

const quiet: Drawn = {
  release: null,
  web: null,
  forks: false,
  comments: false,
  mode: 'code',
  allowRebuilds: false,
  steps: 'editor',
  planted: false,
}

/** Bob may build a pipeline of the cluster, and the gate lets in pushes to the other alone. */
export const plain: readonly [Outline, Narrowing] = [
  outlineOf({
    deploy: quiet,
    infra: { ...quiet, release: 'build_and_read' },
    web: quiet,
    maintains: false,
    creates: false,
    rules: [],
  }),
  {
    users: ['ada'],
    pipelines: {
      deploy: {
        repository: 'git@github.com:acme/production.git',
        sources: ['webhook'],
        branches: ['main'],
      },
    },
  },
]

/** The policy as the hosts of the queue have it. */
const policyOf = ({ tables }: State, { pipelines }: Narrowing): string => {
  const [organization] = all(tables.organizations)
  const cluster = first(tables.clusters, 'name', 'production')
  const queue = where(tables.queues, 'cluster', cluster?.uuid ?? '').find(({ key }) => key === 'deploy')
  return JSON.stringify({
    format: 'bridle.gate/1',
    organization: { slug: organization?.slug, uuid: organization?.uuid },
    cluster: { name: cluster?.name, uuid: cluster?.uuid },
    queue: { key: queue?.key, uuid: queue?.uuid },
    mode: 'block',
    serial: 1,
    issued_at: '2026-11-21T00:00:00Z',
    pipelines: Object.entries(pipelines).map(([slug, said]) => ({
      slug,
      uuid: first(tables.pipelines, 'slug', slug)?.uuid,
      ...said,
    })),
  })
}

/** The same organization, whose hosts of the queue have the gate. */
export const gated = (state: State, narrowing: Narrowing): State => {
  const after = fork(state)
  const policy = policyOf(state, narrowing)
  for (const agent of all(after.tables.agents)) {
    const queue = get(after.tables.queues, agent.queue)
    const cluster = get(after.tables.clusters, queue?.cluster)
    if (`${cluster?.name ?? ''}/${queue?.key ?? ''}` === GATED)
      put(after.tables.agents, { ...agent, gate: { policy } })
  }
  return after
}
