import type { Live } from '../../src/model/live.js'
import { keyOf } from '../../src/model/address.js'
import { liveDigest } from '../../src/plan/digest.js'
import { liveFacts } from '../../src/plan/facts.js'
import { printSnapshot } from '../../src/workflow/snapshot.js'

/** An organization of which a third is privileged: what was read of it, and the files that say who is allowed. */
export interface Privileged {
  readonly files: Readonly<Record<string, string>>
  readonly snapshot: string
  readonly grants: number
  /** Somebody who reaches a queue without being allowed, and the queue. */
  readonly stranger: string
  readonly queue: string
}

const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at))

/** 5,000 pipelines go with 200 teams, 500 people, 20 clusters of three queues, and 15,000 grants. */
const sizesOf = (pipelines: number) => ({
  teams: Math.max(20, Math.round(pipelines / 25)),
  people: Math.max(50, Math.round(pipelines / 10)),
  clusters: Math.max(3, Math.round(pipelines / 250)),
})

const queues = ['default', 'large', 'deploy']
const isPrivileged = (cluster: number) => cluster % 3 === 1
const clusterOf = (at: number) => `cluster-${at}`
const teamOf = (at: number) => `team-${at}`
const emailOf = (at: number) => `user-${at}@acme.test`
const pipelineOf = (at: number) => `service-${at}`

/** What GitHub can tell of that starts builds, and is off by default: a reading finds a value for each. */
const off = Object.fromEntries(
  [
    'tags',
    'create_event',
    'deployment_status_created',
    'issue_comment_created',
    'pull_request_review_comment_created',
    'pull_request_review_requested',
    'pull_request_review_submitted',
    'pull_request_review_dismissed',
    'pull_request_labels_changed',
    'release_created',
    'release_published',
    'release_released',
    'check_run_completed',
    'merge_group_checks_requested',
  ].map((event) => [`build_${event}`, false]),
)

const uuidOf = (kind: string, at: number) =>
  `0${Buffer.from(kind).toString('hex').slice(0, 7).padEnd(7, '0')}-0000-4000-8000-${at.toString(16).padStart(12, '0')}`

const steps = (queue: string) =>
  `steps:\n  - { label: Test, command: make test, agents: { queue: ${queue} } }\n  - { label: Say, command: "echo $BUILDKITE_MESSAGE" }\n`

/**
 * Everything that a reading of it would find. Teams build where they are at home; in privileged clusters the first of a
 * cluster's teams are allowed and the others watch, but for one pipeline in fifty. Rules lead from cluster to cluster.
 */
const liveOf = (pipelines: number): Map<string, Live<unknown>[]> => {
  const { teams, people, clusters } = sizesOf(pipelines)
  const homeTeams = Math.floor(teams / clusters)
  const teamAt = (cluster: number, nth: number) => cluster + clusters * (nth % homeTeams)
  const made = new Map<string, Live<unknown>[]>()
  const add = (kind: string, key: string, spec: Readonly<Record<string, unknown>>) => {
    const known = made.get(kind) ?? []
    const uuid = uuidOf(kind, known.length)
    known.push({ key, id: uuid, uuid, spec })
    made.set(kind, known)
  }
  add('settings', 'organization', { default_cluster: clusterOf(0), hosted_agents_terminal_access: true })
  for (let at = 0; at < people; at += 1)
    add('user', keyOf(emailOf(at)), { email: emailOf(at), role: at < 3 ? 'admin' : 'member' })
  for (let at = 0; at < teams; at += 1)
    add('team', teamOf(at), {
      slug: teamOf(at),
      members_can_create_pipelines: at % 2 === 0,
      is_default_team: at === 0,
      default_member_role: 'member',
    })
  for (let at = 0; at < people; at += 1)
    for (const [nth, team] of new Set([at % teams, (at * 7 + 3) % teams]).entries())
      add('member', keyOf(teamOf(team), emailOf(at)), {
        team: teamOf(team),
        user: emailOf(at),
        role: nth === team && at % 20 === 0 ? 'maintainer' : 'member',
      })
  for (let at = 0; at < clusters; at += 1) {
    const cluster = clusterOf(at)
    add('cluster', keyOf(cluster), { name: cluster, default_queue: 'default' })
    for (const key of queues)
      add('queue', keyOf(cluster, key), { cluster, key, hosted_agents: at % 5 === 0 ? { linux: {} } : null })
    add('maintainer', keyOf(cluster, teamOf(teamAt(at, 0))), { cluster, team: teamOf(teamAt(at, 0)) })
    for (let nth = 0; nth < 2; nth += 1)
      add('agent-token', keyOf(cluster, `token-${nth}`), {
        cluster,
        description: `token-${nth}`,
        allowed_ip_addresses: nth === 0 ? ['10.20.0.0/16'] : [],
        expires_at: null,
      })
    add('secret', keyOf(cluster, 'KEY'), { cluster, key: 'KEY', for_all: true })
    if (!isPrivileged(at)) continue
    for (const queue of queues)
      for (let nth = 0; nth < 10; nth += 1)
        add('agent', keyOf(cluster, queue, `agent-${nth}`), {
          name: `agent-${nth}`,
          hostname: `${cluster}-${queue}-${nth}.acme.test`,
          cluster,
          queue,
          connected: true,
          outlived: false,
        })
  }
  for (let at = 0; at < pipelines; at += 1) {
    const cluster = at % clusters
    const privileged = isPrivileged(cluster)
    const pipeline = pipelineOf(at)
    add('pipeline', pipeline, {
      slug: pipeline,
      cluster: clusterOf(cluster),
      repository: `git@github.com:acme/service-${Math.floor(at * 0.6)}.git`,
      provider: 'github',
      provider_settings: {
        ...off,
        github_workflow_access_tokens_enabled: at % 100 === 11,
        trigger_mode: 'code',
        build_branches: true,
        build_pull_requests: !privileged,
        build_pull_request_forks: at % 500 === 2,
        build_issue_comment_created: at % 10 === 0,
      },
      steps: steps(queues[at % 3] ?? 'default'),
      pipeline_template: null,
      allow_rebuilds: at % 2 === 0,
      archived: at % 40 === 7,
      visibility: at % 400 === 9 ? 'public' : 'private',
      clone_mirror_url: null,
      created_by: emailOf(at % people),
    })
    const round = Math.floor(at / clusters)
    const levels = privileged
      ? [
          [0, 'build_and_read'],
          [1, 'build_and_read'],
          [2 + (round % (homeTeams - 2)), round % 50 === 0 ? 'build_and_read' : 'read_only'],
        ]
      : [
          [round, 'manage_build_and_read'],
          [round + 1, 'build_and_read'],
          [round + 2, 'read_only'],
        ]
    for (const [nth, level] of levels as [number, string][]) {
      const team = teamOf(teamAt(cluster, nth))
      add('grant', keyOf(pipeline, team), { pipeline, team, level })
    }
    if (at % 5 === 0)
      add('schedule', keyOf(pipeline, 'nightly'), {
        pipeline,
        label: 'nightly',
        enabled: true,
        created_by: emailOf((at * 3) % people),
      })
    if (at % 50 === 3) {
      const target = pipelineOf((at + clusters * 7 + 1 + (round % 5)) % pipelines)
      const artifacts = at % 100 === 3
      add('rule', `rule-${at}`, {
        type: artifacts ? 'pipeline.artifacts_read.pipeline' : 'pipeline.trigger_build.pipeline',
        source_pipeline: pipeline,
        target_pipeline: target,
        conditions: [],
      })
    }
    if (privileged && at % 20 === 3)
      add('build', keyOf(pipeline, String(at)), { pipeline, number: at, hands: [emailOf(at % people)] })
  }
  for (let at = 0; at < people; at += 2)
    add('api-token', keyOf(emailOf(at), 'laptop'), {
      owner: emailOf(at),
      description: 'laptop',
      scopes: ['read_builds', 'write_builds'],
      expires_at: null,
    })
  return made
}

const filesOf = (pipelines: number): Readonly<Record<string, string>> => {
  const { teams, people, clusters } = sizesOf(pipelines)
  const privileged = times(clusters, (at) => at).filter(isPrivileged)
  const allowed = (cluster: number) => [cluster, cluster + clusters]
  const membersOf = (team: number) =>
    times(people, (at) => at).filter((at) => at % teams === team || (at * 7 + 3) % teams === team)
  const lines = [
    'organization: acme',
    `trust: { admins: [${times(3, emailOf).join(', ')}], automation: ${emailOf(0)} }`,
    'teams:',
    ...privileged.flatMap(allowed).map(
      (team) =>
        `  ${teamOf(team)}: { members: { ${membersOf(team)
          .map((at) => `${emailOf(at)}: member`)
          .join(', ')} } }`,
    ),
    ...privileged.map((at) => `  ${teamOf(at + 2 * clusters)}: {}`),
    'clusters:',
    ...privileged.map(
      (at) =>
        `  ${clusterOf(at)}: { allow: { teams: [${allowed(at).map(teamOf).join(', ')}] }, queues: { ${queues.map((queue) => `${queue}: {}`).join(', ')} } }`,
    ),
    'accept:',
    '  - { finding: control-plane, at: organization, reason: "a supplier that we trust", until: 2027-03-01 }',
    '  - { finding: push-to-repository, at: organization, reason: "main is protected", until: 2027-03-01 }',
    'expect:',
    '  - { who: outsider, cannot: run, on: "queue:cluster-1/deploy" }',
    ...privileged.map(
      (at) =>
        `  - { who: team:${teamOf(at + 2 * clusters)}, cannot: run, on: "queue:${clusterOf(at)}/deploy" }`,
    ),
    ...privileged.map(
      (at) => `  - { who: team:${teamOf(at)}, can: run, on: "queue:${clusterOf(at)}/deploy" }`,
    ),
  ]
  return { 'bridle.yaml': `${lines.join('\n')}\n` }
}

/** An organization of so many pipelines. The same number makes the same bytes. */
export const privilegedOf = (pipelines: number): Privileged => {
  const live = liveOf(pipelines)
  const organization = {
    id: '',
    uuid: uuidOf('organization', 0),
    slug: 'acme',
    teamsEnabled: true,
    identity: { uuid: uuidOf('user', 0), email: emailOf(0), admin: true },
  }
  const facts = liveFacts({ live, organization })
  const identities = Object.fromEntries(
    ['cluster', 'queue', 'pipeline', 'team'].flatMap((kind) =>
      (live.get(kind) ?? []).map(({ key, uuid }) => [`${kind}:${key}`, uuid]),
    ),
  )
  const close = { clusters: (live.get('cluster') ?? []).map(({ key }) => key), pipelines: [], accounts: [] }
  const read = { from: '2026-11-02T09:00:00.000Z', to: '2026-11-02T09:04:00.000Z', readings: 2 }
  return {
    files: filesOf(pipelines),
    snapshot: printSnapshot(
      {
        organization: organization.slug,
        uuid: organization.uuid,
        read,
        identities,
        live: liveDigest({ live, organization }),
        close,
      },
      facts,
    ),
    grants: live.get('grant')?.length ?? 0,
    stranger: `user:${emailOf(4)}`,
    queue: `queue:${clusterOf(1)}/deploy`,
  }
}
