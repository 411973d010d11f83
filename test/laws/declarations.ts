import fc from 'fast-check'

/** A small world, so that two declarations drawn from it have much in common and much that differs. */
const teamSlugs = ['everyone', 'web', 'release', 'data-people']
const clusterNames = ['general', 'production', 'Mobile / macs']
const queueKeys = ['default', 'deploy', 'hosted']
const pipelineSlugs = ['web', 'web-deploy', 'api', 'docs', 'nightly']
const people = ['ada@acme.test', 'bob@acme.test', 'Cy@acme.test']

/** Everybody who is in the generated organizations, whether or not a team has them. */
export const members = people

/** A part of a map: each key is there or not, so that "unwritten" is drawn as often as any value. */
const some = <T>(values: Record<string, fc.Arbitrary<T>>): fc.Arbitrary<Record<string, T>> =>
  fc.record(values, { requiredKeys: [] }) as fc.Arbitrary<Record<string, T>>

const optional = <T>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(shape, { requiredKeys: [] })

const text = fc.constantFrom(
  '',
  'plain',
  'with "quotes" and: colons',
  'ünïcödé ☂',
  'two\nlines',
  '#hash',
  "it's",
  '0123',
)
const textOrNull = fc.option(text, { nil: null })

const members_ = fc
  .subarray(people)
  .chain((chosen) =>
    fc.tuple(
      ...chosen.map((email) => fc.constantFrom('member', 'maintainer').map((role) => [email, role] as const)),
    ),
  )
  .map((pairs) => Object.fromEntries(pairs))

const team = (slug: string) =>
  optional({
    name: fc.constantFrom(slug, slug.replaceAll('-', ' '), slug.toUpperCase()),
    description: text,
    privacy: fc.constantFrom('visible', 'secret'),
    is_default_team: fc.boolean(),
    default_member_role: fc.constantFrom('member', 'maintainer'),
    members_can_create_pipelines: fc.boolean(),
    members_can_create_suites: fc.boolean(),
    members_can_destroy_packages: fc.boolean(),
    members: members_,
  })

const queue = (key: string) =>
  optional({
    description: textOrNull,
    paused: fc.constantFrom(null, '', null, 'migration', 'why: "flaky"'),
    retry_agent_affinity: fc.constantFrom('prefer-warmest', 'prefer-different'),
    ...(key === 'hosted' && {
      hosted_agents: fc.constantFrom(
        { instance_shape: 'LINUX_AMD64_2X4' },
        { instance_shape: 'LINUX_AMD64_4X16' },
        { instance_shape: 'LINUX_AMD64_2X4', platform_settings: { linux: { agent_image_ref: 'base' } } },
      ),
    }),
  })

/** What a queue runs on is fixed when it is made, so a hosted one says so wherever it is declared. */
const hostedAlways = (key: string, spec: object) =>
  key === 'hosted' ? { hosted_agents: { instance_shape: 'LINUX_AMD64_2X4' }, ...spec } : spec

const cluster = (teams: readonly string[]) =>
  fc.subarray(queueKeys).chain((keys) =>
    fc.record(
      {
        maintainers: optional({ users: fc.subarray(people), teams: fc.subarray([...teams]) }),
        description: textOrNull,
        emoji: fc.constantFrom(':rocket:', null),
        color: fc.constantFrom('#f0ccff', null),
        queues: fc
          .tuple(...keys.map((key) => queue(key).map((spec) => [key, hostedAlways(key, spec)] as const)))
          .map((pairs) => Object.fromEntries(pairs)),
        default_queue: keys.length > 0 ? fc.constantFrom(...keys, null) : fc.constant(null),
      },
      { requiredKeys: ['queues'] },
    ),
  )

const schedule = optional({
  cronline: fc.constantFrom('0 3 * * *', '@daily', '30 6 * * 1-5 Europe/Berlin'),
  message: textOrNull,
  branch: fc.constantFrom('main', 'release'),
  commit: fc.constantFrom('HEAD', 'abc123'),
  env: some({ A: fc.constantFrom('1', ''), B: fc.constantFrom('x=y', 'with "quotes"', '#hash') }),
  enabled: fc.boolean(),
}).map((spec) => ({ cronline: '@hourly', ...spec }))

const labels = ['nightly', 'Every so often / weekly']

/** Two pipelines that are declared, and what one may do to the other; each pair at most once of each type. */
const rules = (pipelines: readonly string[]) =>
  fc.uniqueArray(
    fc.record(
      {
        type: fc.constantFrom('pipeline.trigger_build.pipeline', 'pipeline.artifacts_read.pipeline'),
        source_pipeline: fc.constantFrom(...pipelines),
        target_pipeline: fc.constantFrom(...pipelines),
        conditions: fc.subarray(["source.build.branch == 'main'", "source.build.message != 'x'"]),
        description: textOrNull,
      },
      { requiredKeys: ['type', 'source_pipeline', 'target_pipeline'] },
    ),
    {
      selector: ({ type, source_pipeline, target_pipeline }) =>
        `${type} ${source_pipeline} ${target_pipeline}`,
      maxLength: 3,
    },
  )

/** Each Git host has switches of its own; these are some that every one of its kind has. */
const filters = {
  filter_enabled: fc.boolean(),
  filter_condition: fc.constantFrom('', 'build.branch == "main"'),
}
const hosts = {
  github: { ...filters, build_pull_requests: fc.boolean(), build_tags: fc.boolean() },
  gitlab: { ...filters, build_pull_requests: fc.boolean() },
  other: filters,
}

const repositories = (slug: string) =>
  fc.constantFrom(
    { url: `git@github.com:acme/${slug}.git`, host: hosts.github },
    { url: 'https://github.com/acme/mono', host: hosts.github },
    { url: 'https://gitlab.com/acme/mono.git', host: hosts.gitlab },
    { url: 'ssh://git.internal/mono.git', host: hosts.other },
  )

const pipeline = (slug: string, teams: readonly string[], clusters: readonly string[]) =>
  repositories(slug).chain(({ url, host }) =>
    fc.record(
      {
        repository: fc.constant(url),
        cluster: fc.constantFrom(...clusters),
        name: fc.constantFrom(slug, `The ${slug}!`),
        description: text,
        default_branch: fc.constantFrom('main', 'trunk', ''),
        branch_configuration: fc.constantFrom(null, '', 'main', 'main release/*'),
        skip_queued_branch_builds: fc.boolean(),
        cancel_running_branch_builds_filter: fc.constantFrom(null, '!main'),
        allow_rebuilds: fc.boolean(),
        default_command_step_timeout: fc.constantFrom(null, 5, 60),
        tags: fc.subarray(['a', 'b', 'c'], { minLength: 0 }),
        archived: fc.boolean(),
        steps: fc.constantFrom('steps: []\n', 'steps:\n  - command: make # build\n'),
        provider_settings: optional<Record<string, unknown>>(host),
        schedules: some(Object.fromEntries(labels.map((label) => [label, schedule]))),
        teams: some(
          Object.fromEntries(
            teams.map((team) => [
              team,
              fc.constantFrom('read_only', 'build_and_read', 'manage_build_and_read'),
            ]),
          ),
        ),
      },
      // An archived pipeline is left alone until the files say whether it should be one.
      { requiredKeys: ['repository', 'cluster', 'archived'] },
    ),
  )

/** What a file may hold, drawn at random: every reference leads somewhere, and nothing is declared that can't be. */
export const declarations = fc
  .record({
    teams: fc.subarray(teamSlugs, { minLength: 1 }),
    clusters: fc.subarray(clusterNames.slice(1)).map((names) => ['general', ...names]),
    pipelines: fc.subarray(pipelineSlugs),
  })
  .chain(({ teams, clusters, pipelines }) =>
    fc.record({
      organization: fc.constant('acme'),
      ignore: fc.constant({ members: ['*/bridle@acme.test'], teams: ['everyone'] }), // or most plans would lock it out
      manage: optional({
        teams: fc.constantFrom('report', 'remove'),
        members: fc.constantFrom('report', 'remove'),
        queues: fc.constantFrom('report', 'remove'),
        pipelines: fc.constantFrom('report', 'remove'),
        grants: fc.constantFrom('report', 'remove'),
        maintainers: fc.constantFrom('report', 'remove'),
        schedules: fc.constantFrom('report', 'remove'),
        rules: fc.constantFrom('report', 'remove'),
      }),
      settings: optional({
        default_cluster: fc.constant('general'),
        public_pipeline_creation: fc.boolean(),
        hosted_agents_terminal_access: fc.boolean(),
      }),
      teams: keyed(teams, team),
      clusters: keyed(clusters, () => cluster(teams)),
      pipelines: keyed(pipelines, (slug) => pipeline(slug, teams, clusters)),
      ...(pipelines.length > 0 && { rules: rules(pipelines) }),
    }),
  )

const keyed = (keys: readonly string[], value: (key: string) => fc.Arbitrary<unknown>) =>
  fc
    .tuple(...keys.map((key) => value(key).map((it) => [key, it] as const)))
    .map((pairs) => Object.fromEntries(pairs))
