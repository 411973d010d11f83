import { describe, expect, test } from 'vitest'
import { holds } from '../../src/sandbox/world/condition.js'
import type { Switches } from '../../src/sandbox/switches.js'
import {
  acts,
  buildsOf,
  fresh,
  happens,
  idIn,
  jobsOf,
  rowOf,
  settled,
  uuidOf,
  withSteps,
  worked,
} from './running.js'
import { edited } from './world.js'
import type { State } from '../../src/sandbox/state.js'

/** Two clusters with a queue and an agent each; `src` and `same` in one of them, `far` in the other. */
const ground = (...lines: readonly string[]) =>
  withSteps(
    fresh(
      ...['low', 'high'].flatMap((name) => [
        `create cluster:${name}`,
        `create queue:${name}/q`,
        `connect queue:${name}/q`,
        `set cluster:${name} default_queue=q`,
      ]),
      'create pipeline:src cluster=low',
      'create pipeline:same cluster=low',
      'create pipeline:far cluster=high',
      'grant team:web pipeline:src build_and_read',
      ...lines,
    ),
    'src',
    'steps: [{ trigger: same, build: { branch: main, commit: abc, env: { A: 1 }, meta_data: { m: 2 } } }, { trigger: far, build: { branch: main, commit: abc } }]',
  )

const started = (state: State, who = 'cat', more: object = {}) =>
  acts(state, who, 'buildCreate', { pipelineID: idIn(state, 'pipelines', 'src'), ...more })

/** Which of the two were triggered. */
const triggered = (state: State) =>
  ['same', 'far'].filter((slug) => buildsOf(state, slug).some(({ source }) => source === 'trigger_job'))

describe('a trigger step', () => {
  test('starts what its build’s creator may build, in the same cluster', () => {
    expect(triggered(started(ground()))).toEqual([])
    expect(triggered(started(ground('grant team:web pipeline:same read_only')))).toEqual([])
    expect(triggered(started(ground('grant team:web pipeline:same build_and_read')))).toEqual(['same'])
    expect(triggered(started(ground(), 'ada'))).toEqual(['same'])
  })

  test('hands over branch, commit, environment and metadata, and the creator', () => {
    const state = started(ground('grant team:web pipeline:same build_and_read'))
    const [build] = buildsOf(state, 'same')
    expect(build).toMatchObject({
      branch: 'main',
      commit: 'abc',
      env: ['A=1'],
      metaData: { m: '2' },
      source: 'trigger_job',
      createdBy: uuidOf(state, 'users', 'cat@acme.test'),
    })
    const [job] = [...state.tables.jobs.rows.values()].filter(({ triggered: it }) => it === build!.uuid)
    expect(build!.triggeredFrom).toBe(job!.uuid)
  })

  test('without a rule reaches no other cluster, whoever started it', () => {
    expect(triggered(started(ground('grant team:web pipeline:far manage_build_and_read')))).toEqual([])
    const together = edited(ground(), 'move pipeline:far cluster:low')
    expect(triggered(started(together, 'ada'))).toEqual(['same', 'far'])
  })

  test('asks for no permission where there are no teams', () => {
    const state = ground()
    const row = rowOf(state, 'organizations', 'acme')
    state.tables.organizations.rows.set(row.uuid, { ...row, isTeamsEnabled: false })
    expect(triggered(started(state, 'eve'))).toEqual(['same'])
  })

  test('starts nothing that is archived, or is not there', () => {
    expect(triggered(started(ground('archive pipeline:same'), 'ada'))).toEqual([])
    const state = withSteps(ground(), 'src', 'steps: [{ trigger: nothing }]')
    expect(jobsOf(started(state, 'ada'), 'src')).toEqual(['trigger broken'])
  })

  test('waits for what comes before it', () => {
    const state = withSteps(ground(), 'src', 'steps: [{ command: a }, wait, { trigger: same }]')
    const begun = started(state, 'ada')
    expect(triggered(begun)).toEqual([])
    expect(triggered(worked(begun))).toEqual(['same'])
  })

  test('that comes round to itself is cut', () => {
    const state = withSteps(ground(), 'same', 'steps: [{ trigger: src }]')
    expect(buildsOf(started(state, 'ada'), 'src').length).toBeLessThan(10)
  })
})

describe('a build of nobody’s', () => {
  const scheduled = (...lines: readonly string[]) => {
    const state = ground(...lines)
    const made = acts(state, 'ada', 'pipelineScheduleCreate', {
      pipelineID: idIn(state, 'pipelines', 'src'),
      label: 'nightly',
      cronline: '@daily',
    })
    return happens(made, { event: 'schedule', schedule: uuidOf(made, 'schedules', 'nightly') })
  }

  test('starts what shares a team that may build both', () => {
    expect(triggered(scheduled())).toEqual([])
    expect(triggered(scheduled('grant team:ops pipeline:same build_and_read'))).toEqual([])
    expect(triggered(scheduled('grant team:web pipeline:same build_and_read'))).toEqual(['same'])
    expect(triggered(scheduled('grant team:web pipeline:same read_only'))).toEqual([])
  })

  test.each<[string, Partial<Switches>, string[]]>([
    ['nobody has unblocked', {}, ['same']],
    [
      'somebody has unblocked who may build the other (unblockerTriggers)',
      { unblockerTriggers: true },
      ['same'],
    ],
    ['and whose right does not count (unblockerTriggers off)', { unblockerTriggers: false }, []],
  ])('and which %s', (what, switches, expected) => {
    const blocked = what.includes('somebody') || what.includes('whose')
    const steps = `steps: [${blocked ? '{ block: Go }, ' : ''}{ trigger: same }]`
    const state = withSteps(ground('grant team:web pipeline:same build_and_read'), 'src', steps)
    const made = acts(state, 'ada', 'pipelineScheduleCreate', {
      pipelineID: idIn(state, 'pipelines', 'src'),
      label: 'nightly',
      cronline: '@daily',
    })
    const fired = happens(
      made,
      { event: 'schedule', schedule: uuidOf(made, 'schedules', 'nightly') },
      switches,
    )
    const [job] = [...fired.tables.jobs.rows.values()].filter(({ type }) => type === 'BLOCK')
    const after = job
      ? acts(fired, 'cat', 'jobTypeBlockUnblock', { id: btoa(`JobTypeBlock---${job.uuid}`) }, switches)
      : fired
    expect(triggered(after)).toEqual(expected)
  })
})

describe('a build that a push has started', () => {
  const pushed = (
    author: string | undefined,
    switches: Partial<Switches> = {},
    ...lines: readonly string[]
  ) =>
    triggered(
      happens(
        ground(...lines),
        {
          event: 'push',
          repository: 'github.com/acme/src',
          branch: 'main',
          by: 'mallory',
          ...(author && { author }),
        },
        switches,
      ),
    )

  test('is of whom its commit names, if that is what creators are (pushCreator)', () => {
    const grant = 'grant team:web pipeline:same build_and_read'
    expect(pushed('cat@acme.test', {}, grant, 'revoke team:web pipeline:src')).toEqual(['same'])
    expect(pushed('eve@acme.test', {}, grant, 'revoke team:web pipeline:src')).toEqual([])
    expect(pushed('cat@acme.test', { pushCreator: 'nobody' }, grant, 'revoke team:web pipeline:src')).toEqual(
      [],
    )
    expect(pushed('cat@acme.test', { pushCreator: 'nobody' }, grant)).toEqual(['same'])
  })

  test('is nobody’s, if its author has no account (strangerIsNoCreator)', () => {
    const grant = 'grant team:web pipeline:same build_and_read'
    expect(pushed('who@elsewhere.test', {}, grant)).toEqual(['same'])
    expect(pushed('who@elsewhere.test', { strangerIsNoCreator: false }, grant)).toEqual([])
  })
})

test('the author that a caller names counts as the creator, or does not (authorIsCreator)', () => {
  const state = ground(
    'grant team:ops pipeline:src build_and_read',
    'grant team:web pipeline:same build_and_read',
    'revoke team:web pipeline:src',
  )
  const of = (author: object | undefined, switches: Partial<Switches> = {}) =>
    triggered(
      acts(
        state,
        'dan',
        'buildCreate',
        { pipelineID: idIn(state, 'pipelines', 'src'), ...(author && { author }) },
        switches,
      ),
    )
  const cat = { name: 'Cat', email: 'cat@acme.test' }
  expect([of(undefined), of(cat), of(cat, { authorIsCreator: false })]).toEqual([[], ['same'], []])
  expect(of({ name: 'Who', email: 'who@elsewhere.test' })).toEqual([])
})

describe('a rule', () => {
  const ruled = (conditions: readonly string[], target = 'far', ...lines: readonly string[]) => {
    const state = ground(...lines)
    return acts(state, 'ada', 'ruleCreate', {
      organizationId: idIn(state, 'organizations', 'acme'),
      type: 'pipeline.trigger_build.pipeline',
      value: JSON.stringify({ source_pipeline: 'src', target_pipeline: target, conditions }),
    })
  }

  test('lets a build across clusters, whoever has started it', () => {
    expect(triggered(started(ruled([])))).toEqual(['far'])
    expect(triggered(started(ruled([]), 'ada'))).toEqual(['same', 'far'])
  })

  test.each([
    ["source.build.branch == 'main'", { branch: 'main' }, true],
    ["source.build.branch == 'main'", { branch: 'topic' }, false],
    ["target.trigger.branch == 'main'", {}, true],
    ["target.trigger.branch == 'release'", {}, false],
    ["target.trigger.commit == 'abc'", {}, true],
    ['source.build.commit == target.trigger.commit', { commit: 'abc' }, true],
    ['source.build.commit == target.trigger.commit', { commit: 'def' }, false],
    ["source.build.creator.email == 'cat@acme.test'", {}, true],
    ["source.build.creator.teams includes 'web'", {}, true],
    ["source.build.creator.teams includes 'ops'", {}, false],
    ["source.build.source == 'ui'", {}, true],
    ['source.build.message =~ /deploy/', { message: 'please deploy' }, true],
    ['no condition at all (', {}, false],
  ])('with the condition %s, of %j: %s', (condition, more, expected) => {
    expect(triggered(started(ruled([condition]), 'cat', more)).includes('far')).toBe(expected)
  })

  test('refuses what its conditions do not let through, even what would be allowed without it', () => {
    const grant = 'grant team:web pipeline:same build_and_read'
    expect(triggered(started(ruled(["source.build.branch == 'never'"], 'same', grant)))).toEqual([])
    expect(triggered(started(ruled([], 'same')))).toEqual(['same'])
  })

  test('within a cluster leaves Build access to be asked for, or not (ruleNeedsBuildInCluster)', () => {
    const switches = { ruleNeedsBuildInCluster: true }
    const of = (target: string) => {
      const state = ruled([], target)
      return triggered(
        acts(state, 'cat', 'buildCreate', { pipelineID: idIn(state, 'pipelines', 'src') }, switches),
      )
    }
    expect(of('same')).toEqual([])
    expect(of('far')).toEqual(['far'])
  })

  test('carries whoever has made it', () => {
    const state = settled(ruled([]))
    const [assignment] = [...state.tables.assignments.rows.values()]
    expect(assignment).toMatchObject({
      place: 'high/q',
      by: { rule: [uuidOf(state, 'users', 'ada@acme.test')] },
    })
  })
})

describe('a condition', () => {
  const lookup = (name: string, argument?: string) =>
    ({ a: 'x', n: 3, none: null, yes: true, list: ['p', 'q'], env: argument === 'K' ? 'v' : undefined })[name]

  test.each([
    ["a == 'x'", true],
    ['a == "y"', false],
    ["a != 'y'", true],
    ['n == 3', true],
    ['none == null', true],
    ['missing == null', true],
    ['yes', true],
    ['!yes', false],
    ['a =~ /^X$/i', true],
    ['a !~ /x/', false],
    ["list includes 'q'", true],
    ["list includes 'r'", false],
    ["a == 'y' || n == 3", true],
    ["a == 'x' && n == 4", false],
    ["a == 'y' || a == 'x' && n == 3", true],
    ["!(a == 'y') && (n == 3 || yes)", true],
    ["['a', 'b'] includes 'b'", true],
    ['env("K") == "v"', true],
    ["env('L') == null", true],
    ['a ==', false],
    ['a == (', false],
    ['a =~ /(/', false],
    ['"open', false],
    ['', false],
  ])('%s is %s', (condition, expected) => {
    expect(holds(condition, lookup)).toBe(expected)
  })
})
