import { describe, expect, test } from 'vitest'
import { parseState, printState } from '../../src/sandbox/saved.js'
import type { State } from '../../src/sandbox/state.js'
import { put } from '../../src/sandbox/table.js'
import type { Switches } from '../../src/sandbox/switches.js'
import type { Event } from '../../src/sandbox/world/happen.js'
import { innocent, reached, reaches } from '../../src/sandbox/world/reached.js'
import {
  acts,
  buildsOf,
  came,
  fresh,
  happens,
  idIn,
  person,
  refusedEvent,
  rowOf,
  settled,
  uuidOf,
  whoCame,
  withFiles,
  withSteps,
  worked,
} from './running.js'
import { edited } from './world.js'

/** Two clusters: `app` in one with two queues, `far` in the other. */
const ground = (...lines: readonly string[]) =>
  fresh(
    'create cluster:low',
    'create queue:low/q',
    'create queue:low/deploy',
    'set cluster:low default_queue=q',
    'connect queue:low/q',
    'connect queue:low/deploy',
    'create cluster:high',
    'create queue:high/q',
    'set cluster:high default_queue=q',
    'connect queue:high/q',
    'create pipeline:app cluster=low',
    'create pipeline:far cluster=high',
    'grant team:web pipeline:app manage_build_and_read',
    ...lines,
  )

const update = (state: State, who: string, input: object, slug = 'app') =>
  acts(state, who, 'pipelineUpdate', { id: idIn(state, 'pipelines', slug), ...input })

const start = (state: State, who: string, input: object = {}, slug = 'app') =>
  acts(state, who, 'buildCreate', { pipelineID: idIn(state, 'pipelines', slug), ...input })

/** What carries cat, when the ordinary course of things has gone by. */
const carriesCat = (state: State): string => came(settled(state))['low/q'] ?? ''

describe('what somebody writes stays with them', () => {
  test.each<[string, (state: State) => State, string]>([
    ['steps', (state) => update(state, 'cat', { steps: { yaml: 'steps: [{ command: x }]' } }), 'cat: steps'],
    [
      'a repository',
      (state) => update(state, 'cat', { repository: { url: 'git@github.com:cat/x.git' } }),
      'cat: repository',
    ],
    [
      'a mirror',
      (state) => update(state, 'cat', { cloneMirrorUrl: 'https://mirror.example/x.git' }),
      'cat: repository',
    ],
    ['a default branch', (state) => update(state, 'cat', { defaultBranch: 'topic' }), 'cat: settings'],
    ['an environment', (state) => start(state, 'cat', { env: ['A=1'] }), 'cat: env start'],
    [
      'metadata of a build',
      (state) => start(state, 'cat', { metaData: [{ key: 'a', value: 'b' }] }),
      'cat: env start',
    ],
    ['a start', (state) => start(state, 'cat'), 'cat: start'],
    [
      'a schedule',
      (state) =>
        acts(state, 'cat', 'pipelineScheduleCreate', {
          pipelineID: idIn(state, 'pipelines', 'app'),
          label: 'x',
          cronline: '@daily',
        }),
      'cat: schedule',
    ],
    ['a description', (state) => update(state, 'cat', { description: 'x' }), ''],
    ['a color', (state) => update(state, 'cat', { color: '#fff' }), ''],
    [
      'what was there before',
      (state) => update(state, 'cat', { steps: { yaml: rowOf(state, 'pipelines', 'app').steps } }),
      '',
    ],
  ])('%s', (_, does, expected) => {
    expect(carriesCat(does(ground()))).toBe(expected)
  })

  test('until somebody else writes something there', () => {
    const planted = update(ground(), 'cat', { steps: { yaml: 'steps: [{ command: x }]' } })
    expect(carriesCat(update(planted, 'ada', { steps: { yaml: 'steps: [{ command: y }]' } }))).toBe(
      'ada: steps',
    )
    expect(carriesCat(update(planted, 'ada', { steps: { yaml: 'steps: [{ command: x }]' } }))).toBe(
      'cat: steps',
    )
  })

  test('though a build has been made of it, and that is changed', () => {
    const built = start(update(ground(), 'cat', { steps: { yaml: 'steps: [{ command: x }]' } }), 'ada')
    const mended = update(built, 'ada', { steps: { yaml: 'steps: [{ command: y }]' } })
    expect(came(worked(mended))).toEqual({ 'low/q': 'ada: start, cat: steps' })
  })

  test('and a rebuild or a retry takes it along', () => {
    const ran = worked(start(ground(), 'cat', { env: ['A=1'] }))
    const clean = { ...ran, tables: { ...ran.tables, assignments: innocent(ran).tables.assignments } }
    const [build] = buildsOf(clean, 'app')
    const [job] = [...clean.tables.jobs.rows.values()]
    const rebuilt = acts(clean, 'ada', 'buildRebuild', { id: btoa(`Build---${build!.uuid}`) })
    expect(came(worked(rebuilt))).toEqual({ 'low/q': 'ada: start, cat: env start' })
    const retried = acts(clean, 'ada', 'jobTypeCommandRetry', { id: btoa(`JobTypeCommand---${job!.uuid}`) })
    expect(came(worked(retried))).toEqual({ 'low/q': 'ada: start, cat: env start' })
  })

  test('a template is of whom wrote it', () => {
    const state = acts(ground(), 'ada', 'pipelineTemplateCreate', {
      organizationId: idIn(ground(), 'organizations', 'acme'),
      name: 'T',
      configuration: 'steps: [{ command: t }]',
      available: true,
    })
    const template = uuidOf(state, 'templates', 'T')
    const assigned = update(state, 'cat', { pipelineTemplateId: btoa(`PipelineTemplate---${template}`) })
    expect(carriesCat(assigned)).toBe('ada: template, cat: template')
  })

  test('moving a pipeline is a hand in where it runs', () => {
    const state = ground('maintain cluster:high cat@acme.test')
    const moved = update(state, 'cat', { clusterId: idIn(state, 'clusters', 'high') })
    expect(came(settled(moved))).toEqual({ 'high/q': 'cat: cluster' })
  })

  test('so is what a cluster takes for its default', () => {
    const state = ground('maintain cluster:low cat@acme.test')
    const changed = acts(state, 'cat', 'clusterUpdate', {
      organizationId: idIn(state, 'organizations', 'acme'),
      id: idIn(state, 'clusters', 'low'),
      defaultQueueId: idIn(state, 'queues', 'deploy'),
    })
    expect(came(settled(changed))).toEqual({ 'low/deploy': 'cat: settings' })
  })

  test('and a pipeline that somebody makes is all of theirs', () => {
    const state = ground(
      'set team:web members_can_create_pipelines=true',
      'set organization default_cluster=low',
    )
    const made = acts(state, 'cat', 'pipelineCreate', {
      organizationId: idIn(state, 'organizations', 'acme'),
      name: 'mine',
      repository: { url: 'git@github.com:cat/x.git' },
      steps: { yaml: 'steps: [{ command: x }]' },
    })
    expect(carriesCat(made)).toBe('cat: cluster repository settings steps')
  })
})

describe('jobs share', () => {
  /** Cat's code runs in a job of `app` and goes on running. */
  const inside = (...lines: readonly string[]) => {
    const begun = start(ground(...lines), 'cat', { env: ['A=1'] })
    const cat = person(begun, 'cat')
    // As if the job had only just begun: nothing has spread from it.
    const ran = worked(begun)
    const job = [...ran.tables.jobs.rows.values()].at(-1)!
    put(ran.tables.jobs, { ...job, state: 'RUNNING', finishedAt: null, exitStatus: null })
    return { state: ran, cat, job: job.uuid }
  }

  const code = (at: ReturnType<typeof inside>, what: object, switches: Partial<Switches> = {}) =>
    happens(at.state, { event: 'code', job: at.job, by: at.cat, ...what } as Event, switches)

  test('nothing with somebody whose code is not there, or not any more', () => {
    const at = inside()
    const upload = { event: 'code', job: at.job, does: 'upload', steps: 'steps: [x]' } as const
    expect(refusedEvent(at.state, { ...upload, by: 'mallory' })).toBe('No code of theirs runs in that job')
    expect(refusedEvent(worked(at.state), { ...upload, by: at.cat })).toBe(
      'No code of theirs runs in that job',
    )
    const started = worked(start(ground(), 'cat'))
    const job = [...started.tables.jobs.rows.values()].at(-1)!
    put(started.tables.jobs, { ...job, state: 'RUNNING' })
    expect(refusedEvent(started, { ...upload, job: job.uuid, by: at.cat })).toBe(
      'No code of theirs runs in that job',
    )
  })

  test('every queue of the cluster: steps are uploaded', () => {
    const at = inside()
    const after = worked(
      code(at, { does: 'upload', steps: 'steps: [{ command: x, agents: { queue: deploy } }]' }),
    )
    expect(came(after)['low/deploy']).toBe('cat: env start steps')
  })

  test('other builds’ steps, or only their own (jobUploadsElsewhere)', () => {
    const at = inside('create pipeline:near cluster=low')
    const state = start(at.state, 'ada', {}, 'near')
    const far = start(state, 'ada', {}, 'far')
    const upload = (slug: string, switches: Partial<Switches> = {}) => {
      const build = buildsOf(far, slug)[0]!.uuid
      const what = { does: 'upload', build, steps: 'steps: [{ command: theirs }]' }
      const after = code({ ...at, state: far }, what, switches)
      return [...after.tables.jobs.rows.values()].some(
        (job) => job.build === build && job.command === 'theirs',
      )
    }
    const on = { jobUploadsElsewhere: true }
    expect([upload('near'), upload('near', on), upload('far', on), upload('app')]).toEqual([
      false,
      true,
      false,
      true,
    ])
  })

  test('artifacts of every build of the cluster, and of no other', () => {
    const state = inside('create pipeline:near cluster=low')
    const target = start(state.state, 'ada', {}, 'near')
    const near = buildsOf(target, 'near')[0]!.uuid
    const at = { ...state, state: target }
    const poisoned = code(at, { does: 'artifact', build: near, path: 'x' })
    const reader = edited(
      poisoned,
      `set pipeline:near "steps=steps: [{ command: 'buildkite-agent artifact download x . --build ${near}' }]"`,
    )
    expect(came(worked(start(reader, 'ada', {}, 'near')))['low/q']).toMatch(/cat: artifact/)
    const far = start(at.state, 'ada', {}, 'far')
    const untouched = code(
      { ...at, state: far },
      { does: 'artifact', build: buildsOf(far, 'far')[0]!.uuid, path: 'x' },
    )
    expect(untouched.tables.artifacts.rows.size).toBe(0)
  })

  test('metadata of every build of the cluster', () => {
    const at = inside(
      'create pipeline:near cluster=low',
      'set pipeline:near "steps=steps: [{ block: Go }, { command: \'x $(buildkite-agent meta-data get version)\' }]"',
    )
    const waiting = start(at.state, 'ada', {}, 'near')
    const build = buildsOf(waiting, 'near')[0]!.uuid
    const written = code({ ...at, state: waiting }, { does: 'meta-data', build, key: 'version', value: 'x' })
    const other = code({ ...at, state: waiting }, { does: 'meta-data', build, key: 'other', value: 'x' })
    const near = (state: State) => {
      const jobs = [...settled(state).tables.assignments.rows.values()]
      const own = [...state.tables.jobs.rows.values()]
        .filter((job) => job.build === build)
        .map(({ uuid }) => uuid)
      return jobs.filter(({ job }) => own.includes(job)).flatMap(({ by }) => by['meta-data'] ?? [])
    }
    expect([near(written), near(other)]).toEqual([[at.cat], []])
  })

  test('a cache, where jobs use it', () => {
    const at = inside()
    const after = code(at, { does: 'cache' })
    const uses = (steps: string) => came(worked(start(stepped(after, steps), 'ada')))['low/q'] ?? ''
    expect(uses('steps: [{ command: x, cache: node_modules }]')).toMatch(/cat: cache/)
    expect(uses('steps: [{ command: "buildkite-agent cache restore" }]')).toMatch(/cat: cache/)
    expect(uses('steps: [{ command: x }]')).not.toMatch(/cat: cache/)
  })

  test('secrets of the cluster, as far as their policies go', () => {
    const secret = (policy: string | null) => {
      const at = inside()
      const token = [...at.state.tables.tokens.rows.values()][0]!.uuid
      const made = acts(at.state, 'ada', 'POST /clusters/:cluster/secrets', {
        params: { cluster: uuidOf(at.state, 'clusters', 'low') },
        body: { key: 'KEY', value: 'x', policy },
      })
      put(made.tables.secrets, { ...rowOf(made, 'secrets', 'KEY'), holds: token })
      const read = code({ ...at, state: made }, { does: 'secrets' })
      return [...read.tables.known.rows.values()].map(
        ({ principal, kind }) => `${kind} ${principal === at.cat}`,
      )
    }
    const app = uuidOf(ground(), 'pipelines', 'app')
    expect(secret(null)).toEqual(['apiToken true'])
    expect(secret(`- pipeline_id: "${app}"`)).toEqual(['apiToken true'])
    expect(secret(`- pipeline_id: "${uuidOf(ground(), 'pipelines', 'far')}"`)).toEqual([])
    expect(secret('- pipeline_slug: ap*\n  build_branch: [main]')).toEqual(['apiToken true'])
    expect(secret('- pipeline_slug: app\n  build_branch: other')).toEqual([])
    expect(secret('- build_source: schedule\n- build_source: ui')).toEqual(['apiToken true'])
  })

  test('the token of their agent, if a job can read it (jobReadsAgentToken)', () => {
    const tokened = (switches: Partial<Switches>) => {
      const state = acts(ground(), 'ada', 'clusterAgentTokenCreate', {
        organizationId: idIn(ground(), 'organizations', 'acme'),
        clusterId: idIn(ground(), 'clusters', 'low'),
        description: 't',
      })
      const token = uuidOf(state, 'agentTokens', 't')
      const agents = [...state.tables.agents.rows.values()]
      for (const agent of agents) put(state.tables.agents, { ...agent, token })
      const ran = worked(start(state, 'cat', { env: ['A=1'] }))
      const job = [...ran.tables.jobs.rows.values()].at(-1)!
      put(ran.tables.jobs, { ...job, state: 'RUNNING' })
      const by = person(ran, 'cat')
      const after = happens(ran, { event: 'code', job: job.uuid, by, does: 'agent token' }, switches)
      return [...after.tables.known.rows.values()].some(
        ({ principal, kind }) => principal === by && kind === 'agentToken',
      )
    }
    expect([tokened({}), tokened({ jobReadsAgentToken: true })]).toEqual([false, true])
  })
})

/** The pipeline's steps, set by an admin: whatever else carries somebody goes on doing so. */
const stepped = (state: State, steps: string) =>
  acts(state, 'ada', 'PATCH /pipelines/:pipeline', {
    params: { pipeline: 'app' },
    body: { configuration: steps },
  })

describe('code that has come in', () => {
  const from = (state: State) =>
    settled(start(state, 'cat', { env: ['A=1'] }), { attacker: person(state, 'cat') })

  test('comes to every queue of its cluster', () => {
    expect(whoCame(from(ground()))).toEqual({ 'low/q': 'cat', 'low/deploy': 'cat' })
  })

  test('goes on running, and is to be seen', () => {
    const running = [...from(ground()).tables.jobs.rows.values()].filter(({ state }) => state === 'RUNNING')
    expect(running.length).toBeGreaterThan(0)
    const ended = worked(from(ground()))
    expect([...ended.tables.jobs.rows.values()].filter(({ state }) => state === 'RUNNING')).toEqual([])
  })

  test('goes through a rule into another cluster, with what its conditions want to hear', () => {
    const ruled = (conditions: readonly string[]) => {
      const state = ground()
      return acts(state, 'ada', 'ruleCreate', {
        organizationId: idIn(state, 'organizations', 'acme'),
        type: 'pipeline.trigger_build.pipeline',
        value: JSON.stringify({ source_pipeline: 'app', target_pipeline: 'far', conditions }),
      })
    }
    const comes = (conditions: readonly string[]) =>
      reaches(from(ruled(conditions)), person(ground(), 'cat'), 'high/q')
    expect(comes([])).toBe(true)
    expect(
      comes(["target.trigger.branch == 'release'", 'source.build.commit == target.trigger.commit']),
    ).toBe(true)
    expect(comes(["source.build.branch == 'release'"])).toBe(false)
  })

  test('goes with an artifact that another cluster may read', () => {
    const ruled = (type: string, steps: string) => {
      const state = withSteps(ground(), 'far', steps)
      return acts(state, 'ada', 'ruleCreate', {
        organizationId: idIn(state, 'organizations', 'acme'),
        type,
        value: JSON.stringify({ source_pipeline: 'far', target_pipeline: 'app' }),
      })
    }
    const reads = 'steps: [{ command: "buildkite-agent artifact download x . --build app && ./x" }]'
    const rule = 'pipeline.artifacts_read.pipeline'
    const cat = person(ground(), 'cat')
    expect(came(from(ruled(rule, reads)))['high/q']).toBe('cat: artifact')
    expect(reaches(from(ruled(rule, 'steps: [{ command: x }]')), cat, 'high/q')).toBe(false)
    expect(reaches(from(withSteps(ground(), 'far', reads)), cat, 'high/q')).toBe(false)
  })

  test('waits in a schedule, and in a branch that something else triggers', () => {
    const cat = person(ground(), 'cat')
    const watched = (state: State) => came(settled(state, { attacker: cat }))
    const scheduled = acts(ground(), 'cat', 'pipelineScheduleCreate', {
      pipelineID: idIn(ground(), 'pipelines', 'app'),
      label: 'x',
      cronline: '@daily',
    })
    expect(watched(scheduled)['low/q']).toBe('cat: schedule')
    const topic = happens(
      ground('create pipeline:near cluster=low repository=git@github.com:acme/near.git'),
      {
        event: 'push',
        repository: 'github.com/acme/app',
        branch: 'topic',
        by: cat,
        quiet: true,
      },
    )
    expect(watched(topic)).toEqual({})
    const triggers = withSteps(topic, 'near', 'steps: [{ trigger: app, build: { branch: topic } }]')
    const again = happens(triggers, {
      event: 'push',
      repository: 'github.com/acme/app',
      branch: 'topic',
      by: cat,
      quiet: true,
    })
    expect(watched(again)['low/q']).toMatch(/^cat: commit/)
  })

  test('is not there for whom only the start is theirs', () => {
    const begun = start(ground(), 'cat')
    const after = settled(begun, { attacker: person(begun, 'cat') })
    expect(came(after)).toEqual({ 'low/q': 'cat: start' })
    expect([...after.tables.jobs.rows.values()].filter(({ state }) => state === 'RUNNING')).toEqual([])
  })

  test('leaves a later reading of the same world the same', () => {
    const once = from(ground())
    expect([...reached(settled(once, { attacker: person(once, 'cat') }))]).toEqual([...reached(once)])
  })
})

describe('a terminal', () => {
  const hosted = (...lines: readonly string[]) => {
    const state = ground(...lines)
    const queue = acts(state, 'ada', 'clusterQueueCreate', {
      organizationId: idIn(state, 'organizations', 'acme'),
      clusterId: idIn(state, 'clusters', 'low'),
      key: 'cloud',
      hostedAgents: { instanceShape: 'LINUX_AMD64_2X4' },
    })
    const ran = worked(
      start(withSteps(queue, 'app', 'steps: [{ command: x, agents: { queue: cloud } }]'), 'ada'),
    )
    const [job] = [...ran.tables.jobs.rows.values()]
    put(ran.tables.jobs, { ...job!, state: 'RUNNING' })
    return { state: ran, job: job!.uuid }
  }
  const said = ({ state, job }: ReturnType<typeof hosted>, who: string) =>
    refusedEvent(state, { event: 'terminal', job, by: person(state, who) })

  test('in a job of a hosted queue is for who may build, and who runs the cluster', () => {
    const at = hosted('maintain cluster:low dan@acme.test')
    expect([said(at, 'cat'), said(at, 'dan'), said(at, 'eve')]).toEqual([
      undefined,
      undefined,
      "You're not allowed to do that",
    ])
    const after = happens(at.state, { event: 'terminal', job: at.job, by: person(at.state, 'cat') })
    expect(whoCame(after)).toEqual({ 'low/cloud': 'ada, cat' })
  })

  test('is closed for everybody, or after the job', () => {
    const closed = hosted('set organization default_timeout_in_minutes=5')
    const off = acts(closed.state, 'ada', 'DELETE /pipeline-settings/hosted-agents-ssh')
    expect(said({ ...closed, state: off }, 'cat')).toBe('Terminal access is not enabled')
    expect(said({ ...closed, state: worked(closed.state) }, 'cat')).toBe('There is no terminal in that job')
  })
})

describe('an image', () => {
  const choose = (state: State, who: string, image: string | null) =>
    acts(state, who, 'clusterQueueUpdate', {
      organizationId: idIn(state, 'organizations', 'acme'),
      id: idIn(state, 'queues', 'cloud'),
      hostedAgents: { platformSettings: { linux: { agentImageRef: image } } },
    })
  const cloud = () =>
    acts(ground('maintain cluster:low dan@acme.test'), 'ada', 'clusterQueueCreate', {
      organizationId: idIn(ground(), 'organizations', 'acme'),
      clusterId: idIn(ground(), 'clusters', 'low'),
      key: 'cloud',
      hostedAgents: { instanceShape: 'LINUX_AMD64_2X4' },
    })

  test('of a hosted queue is of whoever chose it, and so are the jobs there', () => {
    const steps = withSteps(cloud(), 'app', 'steps: [{ command: x, agents: { queue: cloud } }]')
    const chosen = choose(steps, 'dan', 'images.example/dan')
    expect(whoCame(chosen)).toEqual({ 'low/cloud': 'dan' })
    expect([...worked(start(chosen, 'ada')).tables.assignments.rows.values()]).toMatchObject([
      { by: { image: [person(chosen, 'dan')] } },
    ])
    const dan = person(chosen, 'dan')
    // Watched, it goes on from there: to the other queues, by steps of its own.
    expect(Object.keys(came(settled(chosen, { attacker: dan }))).sort()).toEqual([
      'low/cloud',
      'low/deploy',
      'low/q',
    ])
  })

  test('of another takes its place, and the platform’s own is nobody’s', () => {
    const chosen = choose(cloud(), 'dan', 'images.example/dan')
    expect(whoCame(choose(chosen, 'ada', 'images.example/ada'))).toEqual({ 'low/cloud': 'ada' })
    expect(whoCame(choose(chosen, 'dan', 'images.example/dan'))).toEqual({ 'low/cloud': 'dan' })
    expect(whoCame(choose(chosen, 'ada', null))).toEqual({})
  })
})

describe('a world', () => {
  test('that is innocent carries nobody, and is otherwise the same', () => {
    const state = start(ground(), 'cat')
    expect(innocent(state).tables.pipelines).toEqual(state.tables.pipelines)
    expect(innocent(state).tables.influences.rows.size).toBe(0)
    expect(came(settled(innocent(state)))).toEqual({})
  })

  test('with hands in it survives being printed and read', () => {
    const state = settled(
      start(withFiles(ground(), 'github.com/acme/app', { x: '1' }), 'cat', { env: ['A=1'] }),
    )
    const parsed = parseState(printState(state))
    if ('problems' in parsed) throw new Error(parsed.problems.join('\n'))
    expect(printState(parsed.state)).toBe(printState(state))
    expect([...reached(parsed.state)]).toEqual([...reached(state)])
  })

  test('that was saved before there were any is read as one that carries nobody', () => {
    const text = JSON.parse(printState(start(ground(), 'cat')))
    for (const table of ['influences', 'assignments', 'known', 'commits', 'triggers', 'portals', 'artifacts'])
      Reflect.deleteProperty(text, table)
    const later = [
      'metaData',
      'author',
      'pullRequest',
      'schedule',
      'rebuiltFrom',
      'triggeredFrom',
      'unblockedBy',
    ]
    for (const build of text.builds) for (const field of later) Reflect.deleteProperty(build, field)
    for (const job of text.jobs)
      for (const field of ['step', 'promisedExitStatus', 'retrySource', 'retriedBy', 'triggered'])
        Reflect.deleteProperty(job, field)
    const parsed = parseState(JSON.stringify(text))
    if ('problems' in parsed) throw new Error(parsed.problems.join('\n'))
    expect(came(worked(parsed.state))).toEqual({})
    expect(buildsOf(worked(parsed.state), 'app')[0]).toMatchObject({ state: 'PASSED', metaData: {} })
  })

  test('remembers who came, though pipeline, queue and cluster are gone', () => {
    const ran = settled(
      start(
        ground(
          'create cluster:gone',
          'create queue:gone/q',
          'connect queue:gone/q',
          'create pipeline:old cluster=gone',
          'set cluster:gone default_queue=q',
        ),
        'ada',
        {},
        'old',
      ),
    )
    const deleted = edited(
      ran,
      'delete pipeline:old',
      'set cluster:gone default_queue=null',
      'delete cluster:gone',
    )
    expect(came(deleted)['gone/q']).toBe('ada: start')
    const parsed = parseState(printState(deleted))
    expect('problems' in parsed ? parsed.problems : []).toEqual([])
  })

  test('tells what came after some moment from what came before', () => {
    const first = worked(start(ground(), 'cat'))
    const later = worked(start(first, 'ada'))
    const cat = person(first, 'cat')
    expect([reaches(later, cat, 'low/q'), reaches(later, cat, 'low/q', first.serial)]).toEqual([true, false])
  })
})
