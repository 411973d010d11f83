import { describe, expect, test } from 'vitest'
import { stepsIn } from '../../src/sandbox/world/steps.js'
import {
  acts,
  buildsOf,
  fresh,
  happens,
  idIn,
  jobsOf,
  uuidOf,
  withFiles,
  withSteps,
  worked,
} from './running.js'
import { edited } from './world.js'

const ios = [
  'create cluster:ios',
  'create queue:ios/m2',
  'create queue:ios/deploy',
  'set cluster:ios default_queue=m2',
  'connect queue:ios/m2 mac-1',
  'connect queue:ios/deploy mac-2',
  'create pipeline:app cluster=ios',
  'grant team:web pipeline:app build_and_read',
] as const

const start = (state: ReturnType<typeof fresh>, slug = 'app') =>
  acts(state, 'ada', 'buildCreate', { pipelineID: idIn(state, 'pipelines', slug) })

const ran = (steps: string, ...lines: readonly string[]) =>
  jobsOf(worked(start(withSteps(fresh(...ios, ...lines), 'app', steps))), 'app')

describe('steps', () => {
  test.each([
    ['a command', 'steps: [{ command: make }]', ['COMMAND make']],
    ['several commands are one job', 'steps: [{ commands: [a, b] }]', ['COMMAND a\nb']],
    ['a bare text is a command', 'steps: [make]', ['COMMAND make']],
    ['a list is steps', '- command: make', ['COMMAND make']],
    ['a queue as a map', 'steps: [{ command: x, agents: { queue: deploy } }]', ['COMMAND x queue=deploy']],
    ['a queue as a list', 'steps: [{ command: x, agents: [queue=deploy] }]', ['COMMAND x queue=deploy']],
    ['a queue as a text', 'steps: [{ command: x, agents: "queue=deploy" }]', ['COMMAND x queue=deploy']],
    [
      'the agents of the whole pipeline, less those of the step',
      'agents: { queue: m2, os: mac }\nsteps: [{ command: x, agents: { queue: deploy } }, { command: y }]',
      ['COMMAND x os=mac queue=deploy', 'COMMAND y queue=m2 os=mac'],
    ],
    ['a wait', 'steps: [{ command: a }, wait, { command: b }]', ['COMMAND a', 'WAIT', 'COMMAND b']],
    ['a block', 'steps: [{ block: Go? }]', ['BLOCK']],
    ['an input', 'steps: [{ input: Name }]', ['BLOCK']],
    ['a trigger', 'steps: [{ trigger: deploy }]', ['TRIGGER']],
    ['a group is its steps', 'steps: [{ group: g, steps: [{ command: a }] }]', ['COMMAND a']],
    ['plugins alone', 'steps: [{ plugins: [docker#v1] }]', ['COMMAND ']],
    [
      'a secret is read',
      'steps: [{ command: a, secrets: [KEY] }]',
      ['COMMAND buildkite-agent secret get KEY\na'],
    ],
    ['what nobody knows', 'steps: [{ dance: now }, 7, null]', []],
    ['no steps', 'env: { A: 1 }', []],
    ['no YAML', 'steps: [', []],
    ['nothing', '', []],
  ])('%s', (_, yaml, expected) => {
    const said = stepsIn(yaml).map(({ type, command, agentQueryRules }) =>
      [type, ...(command === null ? [] : [command]), ...agentQueryRules].join(' '),
    )
    expect(said).toEqual(expected)
  })

  test('know their environment, keys, dependencies, teams, fields and cache', () => {
    const [first, second] = stepsIn(
      'env: { A: 1, B: 2 }\nsteps: [{ command: x, key: k, env: { B: 3 }, depends_on: [a, { step: b }], cache: x }, { block: y, allowed_teams: web, fields: [{ key: f }] }]',
    ).map(({ step }) => step)
    expect(first).toMatchObject({ key: 'k', env: ['A=1', 'B=3'], dependsOn: ['a', 'b'], cache: true })
    expect(second).toMatchObject({ allowedTeams: ['web'], fields: ['f'] })
  })
})

describe('a job', () => {
  test('runs on the default queue of its cluster, or on the one that it names', () => {
    expect(ran('steps: [{ command: a }, { command: b, agents: { queue: deploy } }]')).toEqual([
      'a finished m2',
      'b finished deploy',
    ])
  })

  test('waits for a queue that its cluster does not have, whoever else has one', () => {
    const lines = ['create cluster:web', 'create queue:web/gpu', 'connect queue:web/gpu']
    expect(ran('steps: [{ command: a, agents: { queue: gpu } }]', ...lines)).toEqual(['a scheduled'])
  })

  test('waits while its queue is paused, or has no agent that works', () => {
    const steps = 'steps: [{ command: a }]'
    expect(ran(steps, 'pause queue:ios/m2')).toEqual(['a scheduled m2'])
    const state = withSteps(fresh(...ios), 'app', steps)
    const agent = uuidOf(state, 'agents', 'mac-1')
    const alone = happens(state, { event: 'disconnect', agent })
    expect(jobsOf(worked(start(alone)), 'app')).toEqual(['a scheduled m2'])
  })

  test('wants an agent with all its tags', () => {
    const wants = (tag: string) => ran(`steps: [{ command: a, agents: { queue: m2, ${tag} } }]`)
    expect(wants('os: mac')).toEqual(['a scheduled m2'])
    const state = withSteps(fresh(...ios), 'app', 'steps: [{ command: a, agents: { os: "*" } }]')
    const tokened = acts(state, 'ada', 'clusterAgentTokenCreate', {
      organizationId: idIn(state, 'organizations', 'acme'),
      clusterId: idIn(state, 'clusters', 'ios'),
      description: 'macs',
    })
    const token = uuidOf(tokened, 'agentTokens', 'macs')
    const joined = happens(tokened, { event: 'connect', token, tags: ['os=mac'] })
    expect(jobsOf(worked(start(joined)), 'app')).toEqual(['a finished m2'])
  })

  test('is looked a queue up for when it is taken, in the cluster that its pipeline is in then', () => {
    const waiting = start(
      withSteps(
        fresh(...ios, 'pause queue:ios/m2', 'pause queue:ios/deploy'),
        'app',
        'steps: [{ command: a, agents: { queue: deploy } }, { command: b }]',
      ),
    )
    const moved = edited(
      waiting,
      'create cluster:prod',
      'create queue:prod/deploy',
      'connect queue:prod/deploy',
      'set cluster:prod default_queue=deploy',
      'move pipeline:app cluster:prod',
    )
    const after = worked(moved)
    expect(jobsOf(after, 'app')).toEqual(['a finished deploy', 'b finished deploy'])
    const cluster = uuidOf(after, 'clusters', 'prod')
    expect([...after.tables.jobs.rows.values()].map((job) => job.cluster)).toEqual([cluster, cluster])
  })

  test('of no cluster runs on agents of no cluster, by their tags', () => {
    const state = withSteps(
      fresh(...ios, 'move pipeline:app nowhere'),
      'app',
      'steps: [{ command: a }, { command: b, agents: { queue: old } }]',
    )
    const tokened = acts(state, 'ada', 'agentTokenCreate', {
      organizationID: idIn(state, 'organizations', 'acme'),
      description: 'legacy',
    })
    const token = uuidOf(tokened, 'agentTokens', 'legacy')
    const connected = happens(tokened, { event: 'connect', token, queue: 'old' })
    expect(jobsOf(worked(start(connected)), 'app')).toEqual(['a scheduled', 'b finished'])
  })

  test('of a hosted queue needs no agent', () => {
    const state = fresh(...ios)
    const hosted = acts(state, 'ada', 'clusterQueueCreate', {
      organizationId: idIn(state, 'organizations', 'acme'),
      clusterId: idIn(state, 'clusters', 'ios'),
      key: 'cloud',
      hostedAgents: { instanceShape: 'LINUX_AMD64_2X4' },
    })
    const built = start(withSteps(hosted, 'app', 'steps: [{ command: a, agents: { queue: cloud } }]'))
    expect(jobsOf(worked(built), 'app')).toEqual(['a finished cloud'])
  })
})

describe('a build', () => {
  test('goes on where a wait lets it, and passes', () => {
    const built = start(withSteps(fresh(...ios), 'app', 'steps: [{ command: a }, wait, { command: b }]'))
    expect(jobsOf(built, 'app')).toEqual(['a scheduled m2', 'wait waiting', 'b waiting m2'])
    const after = worked(built)
    expect(jobsOf(after, 'app')).toEqual(['a finished m2', 'wait finished', 'b finished m2'])
    expect(buildsOf(after, 'app').map(({ state }) => state)).toEqual(['PASSED'])
  })

  test('stops at a block; who names what they depend on passes it by', () => {
    const steps =
      'steps: [{ command: a, key: k }, { block: Go? }, { command: b }, { command: c, depends_on: k }]'
    const after = worked(start(withSteps(fresh(...ios), 'app', steps)))
    expect(jobsOf(after, 'app')).toEqual(['a finished m2', 'block blocked', 'b waiting m2', 'c finished m2'])
    expect(buildsOf(after, 'app').map(({ state }) => state)).toEqual(['BLOCKED'])
  })

  test('takes its steps from the repository, at its commit', () => {
    const repository = 'github.com/acme/app'
    const main = withFiles(fresh(...ios), repository, {
      '.buildkite/pipeline.yml': 'steps: [{ command: main }]',
    })
    const state = withFiles(
      main,
      repository,
      { '.buildkite/pipeline.yml': 'steps: [{ command: topic, agents: { queue: deploy } }]' },
      'topic',
    )
    const of = (branch: string) =>
      jobsOf(
        worked(acts(state, 'ada', 'buildCreate', { pipelineID: idIn(state, 'pipelines', 'app'), branch })),
        'app',
      ).at(-1)
    expect([of('main'), of('topic'), of('none')]).toEqual([
      'main finished m2',
      'topic finished deploy',
      'buildkite-agent pipeline upload finished m2',
    ])
  })

  test('takes another file where the step says so, and the values of its environment', () => {
    const state = withFiles(
      withSteps(
        fresh(...ios),
        'app',
        'steps: [{ command: "buildkite-agent pipeline upload ci/more.yml" }, wait, { command: last }]',
      ),
      'github.com/acme/app',
      {
        'ci/more.yml':
          'steps: [{ command: "make $$HOME $TARGET", agents: { queue: "${QUEUE:-m2}" } }, wait, { command: then }]',
      },
    )
    const built = acts(state, 'ada', 'buildCreate', {
      pipelineID: idIn(state, 'pipelines', 'app'),
      env: ['QUEUE=deploy', 'TARGET=x'],
    })
    expect(jobsOf(worked(built), 'app')).toEqual([
      'buildkite-agent pipeline upload ci/more.yml finished m2',
      'wait finished',
      'last finished m2',
      'make $HOME x finished deploy',
      'wait finished',
      'then finished m2',
    ])
  })

  test('that uploads itself comes to an end', () => {
    const state = withFiles(fresh(...ios), 'github.com/acme/app', {
      '.buildkite/pipeline.yml': 'steps: [{ command: "buildkite-agent pipeline upload" }]',
    })
    expect(jobsOf(worked(start(state)), 'app')).toHaveLength(11)
  })
})

describe('what was done is done again', () => {
  const steps = 'steps: [{ command: old }]'
  const done = worked(start(withSteps(fresh(...ios), 'app', steps)))
  const later = withSteps(done, 'app', 'steps: [{ command: new }]')

  test('a retry runs the old command, on today’s queue', () => {
    const moved = edited(later, 'set cluster:ios default_queue=deploy')
    const [job] = [...moved.tables.jobs.rows.values()]
    const retried = acts(moved, 'cat', 'jobTypeCommandRetry', { id: btoa(`JobTypeCommand---${job!.uuid}`) })
    expect(jobsOf(worked(retried), 'app')).toEqual(['old finished m2', 'old finished deploy'])
  })

  test('a rebuild has the steps of now', () => {
    const [build] = buildsOf(later, 'app')
    const rebuilt = acts(later, 'cat', 'buildRebuild', { id: btoa(`Build---${build!.uuid}`) })
    expect(jobsOf(worked(rebuilt), 'app')).toEqual(['old finished m2', 'new finished m2'])
    expect(buildsOf(rebuilt, 'app').at(-1)?.rebuiltFrom).toBe(build!.uuid)
  })
})
