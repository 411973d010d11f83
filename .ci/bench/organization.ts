/** A declared organization of some size: its files by path, and everybody whom they name. */
export interface Declared {
  readonly files: Readonly<Record<string, string>>
  readonly emails: readonly string[]
}

const within = (least: number, most: number, wish: number) =>
  Math.min(most, Math.max(least, Math.round(wish)))
const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at))
const indented = (depth: number, lines: readonly string[]) => lines.map((line) => '  '.repeat(depth) + line)

const queues = ['default', 'large', 'arm', 'macos', 'gpu', 'deploy']
const levels = ['manage_build_and_read', 'build_and_read', 'read_only']
const seats = 5

/** How many of each there are, in proportions seen in practice: 1,000 pipelines go with 10 clusters and 60 teams. */
const sizesOf = (pipelines: number) => {
  const teams = within(4, 200, pipelines * 0.06)
  return {
    pipelines,
    teams,
    clusters: within(2, 10, pipelines / 100),
    users: teams * 2,
    grants: pipelines * 3,
  }
}

const emailOf = (user: number) => `user-${user}@acme.test`

const cluster = (name: string) => [
  `${name}:`,
  ...indented(1, [
    `description: Where ${name} runs`,
    'default_queue: default',
    'queues:',
    ...indented(
      1,
      queues.map((queue) => `${queue}: { description: ${queue} machines of ${name} }`),
    ),
    'pipeline_defaults: { default_branch: main, skip_queued_branch_builds: true }',
  ]),
]

const team = (at: number, users: number) => {
  const members = times(seats, (seat) => (at * 2 + seat) % users)
  return [
    `team-${at}:`,
    ...indented(1, [
      `description: The people of team ${at}`,
      'members:',
      ...indented(
        1,
        members.map((user, seat) => `${emailOf(user)}: ${seat === 0 ? 'maintainer' : 'member'}`),
      ),
    ]),
  ]
}

const pipeline = (at: number, { clusters, teams }: { clusters: number; teams: number }) => [
  `service-${at}:`,
  ...indented(1, [
    `description: Builds, tests and ships service ${at}`,
    `cluster: cluster-${at % clusters}`,
    `repository: git@github.com:acme/service-${at}.git`,
    `tags: [service, tier-${at % 3}]`,
    'provider_settings: { build_pull_requests: true, publish_commit_status: true }',
    `teams: { ${levels.map((level, step) => `team-${(at + step) % teams}: ${level}`).join(', ')} }`,
    'steps: |',
    ...indented(1, [
      'steps:',
      `  - { label: Test, command: make test, agents: { queue: ${queues[at % queues.length]} } }`,
    ]),
  ]),
]

const inOneFile = 500

/** An organization of so many pipelines. The same number makes the same bytes. */
export const organizationOf = (pipelines: number): Declared => {
  const sizes = sizesOf(pipelines)
  const fileOf = (part: number) => {
    const count = Math.min(inOneFile, pipelines - part * inOneFile)
    return ['pipelines:', ...indented(1, times(count, (at) => pipeline(part * inOneFile + at, sizes)).flat())]
  }
  const files = {
    'bridle.yaml': [
      'organization: acme',
      'include:',
      '  - { files: clusters.yaml, may: [clusters] }',
      '  - { files: teams.yaml, may: [teams] }',
      '  - { files: "pipelines/*.yaml", may: [pipelines] }',
      'settings: { default_cluster: cluster-0 }',
    ],
    'clusters.yaml': [
      'clusters:',
      ...indented(1, times(sizes.clusters, (at) => cluster(`cluster-${at}`)).flat()),
    ],
    'teams.yaml': ['teams:', ...indented(1, times(sizes.teams, (at) => team(at, sizes.users)).flat())],
    ...Object.fromEntries(
      times(Math.ceil(pipelines / inOneFile), (part) => [`pipelines/${part}.yaml`, fileOf(part)]),
    ),
  }
  return {
    files: Object.fromEntries(Object.entries(files).map(([path, lines]) => [path, `${lines.join('\n')}\n`])),
    emails: times(sizes.users, emailOf),
  }
}
