import { describe, expect, test } from 'vitest'
import type { State } from '../../src/sandbox/state.js'
import type { Switches } from '../../src/sandbox/switches.js'
import { act } from '../../src/sandbox/world/act.js'
import {
  acts,
  buildsOf,
  came,
  fresh,
  idIn,
  jobsOf,
  person,
  refusal,
  settled,
  withSteps,
  worked,
} from './running.js'
import { denied, now } from './world.js'

const ground = (block: string, ...lines: readonly string[]) => {
  const state = withSteps(
    fresh(
      'create cluster:ios',
      'create queue:ios/m2',
      'set cluster:ios default_queue=m2',
      'connect queue:ios/m2',
      'create pipeline:app cluster=ios',
      'grant team:web pipeline:app build_and_read',
      'grant team:ops pipeline:app read_only',
      ...lines,
    ),
    'app',
    `steps: [${block}, { command: "buildkite-agent meta-data get field" }]`,
  )
  return acts(state, 'ada', 'buildCreate', { pipelineID: idIn(state, 'pipelines', 'app') })
}

const blockIn = (state: State) => [...state.tables.jobs.rows.values()].find(({ type }) => type === 'BLOCK')!

const unblock = (state: State, who: string, switches: Partial<Switches> = {}) =>
  refusal(state, who, 'jobTypeBlockUnblock', { id: btoa(`JobTypeBlock---${blockIn(state).uuid}`) }, switches)

const unblockAs = (
  state: State,
  who: string,
  unblocker: string | undefined,
  switches: Partial<Switches> = {},
) =>
  refusal(
    state,
    who,
    'PUT /pipelines/:pipeline/builds/:build/jobs/:job/unblock',
    {
      params: { pipeline: 'app', build: '1', job: blockIn(state).uuid },
      body: unblocker === undefined ? {} : { unblocker: person(state, unblocker) },
    },
    switches,
  )

describe('a block step', () => {
  test.each([
    ['Build access is enough', '{ block: Go }', 'cat', undefined],
    ['reading is not', '{ block: Go }', 'dan', denied],
    ['of others nothing is seen', '{ block: Go }', 'eve', 'No Job found'],
    ['an input is the same', '{ input: Name }', 'cat', undefined],
    [
      'of a team: its members, though they only read',
      '{ block: Go, allowed_teams: [ops] }',
      'dan',
      undefined,
    ],
    ['of a team: nobody else, though they may build', '{ block: Go, allowed_teams: [ops] }', 'cat', denied],
    ['of a team: an admin', '{ block: Go, allowed_teams: [ops] }', 'ada', undefined],
  ])('%s', (_, block, who, said) => {
    expect(unblock(ground(block), who)).toBe(said)
  })

  test('of a team is closed to admins, or is not (adminUnblocksAll)', () => {
    const state = ground('{ block: Go, allowed_teams: [ops] }')
    expect(unblock(state, 'ada', { adminUnblocksAll: false })).toBe(denied)
  })

  test('of a team asks whom the caller names, or the caller (unblockChecks)', () => {
    const state = ground('{ block: Go, allowed_teams: [ops] }')
    expect(unblockAs(state, 'cat', 'dan')).toBeUndefined()
    expect(unblockAs(state, 'cat', 'dan', { unblockChecks: 'caller' })).toBe(denied)
    expect(unblockAs(state, 'cat', undefined)).toBe(denied)
    expect(unblockAs(state, 'dan', 'cat', { unblockChecks: 'caller' })).toBeUndefined()
    expect(unblockAs(state, 'dan', 'nobody')).toBe('No user found')
  })

  test('is unblocked once', () => {
    const state = ground('{ block: Go }')
    const input = { id: btoa(`JobTypeBlock---${blockIn(state).uuid}`) }
    expect(
      refusal(acts(state, 'cat', 'jobTypeBlockUnblock', input), 'cat', 'jobTypeBlockUnblock', input),
    ).toBe('Job is not blocked')
  })

  test('lets the build go on, which carries who unblocked it and what they said', () => {
    const state = ground('{ block: Go, fields: [{ key: field }] }')
    const input = { id: btoa(`JobTypeBlock---${blockIn(state).uuid}`), fields: { field: 'x; code' } }
    const after = worked(acts(state, 'cat', 'jobTypeBlockUnblock', input))
    expect(jobsOf(after, 'app')[1]).toMatch('finished')
    expect(came(after)).toEqual({ 'ios/m2': 'ada: start, cat: unblock' })
    expect(buildsOf(after, 'app')[0]).toMatchObject({
      unblockedBy: person(after, 'cat'),
      metaData: { field: 'x; code' },
    })
  })

  test('is unblocked in the ordinary course by somebody who may, in good faith', () => {
    const of = (block: string, how: Parameters<typeof settled>[1] = {}) =>
      jobsOf(settled(ground(block), how), 'app').filter((job) => job.startsWith('block '))
    expect(of('{ block: Go }')).toContain('block unblocked')
    const closed = { switches: { adminUnblocksAll: false } }
    expect(of('{ block: Go, allowed_teams: [none] }', closed)).toEqual(['block blocked', 'block blocked'])
    expect(of('{ block: Go, allowed_teams: [ops] }', closed)).toEqual(['block unblocked', 'block unblocked'])
    const dan = person(ground('{ block: Go }'), 'dan')
    expect(of('{ block: Go, allowed_teams: [ops] }', { ...closed, attacker: dan })).toEqual(['block blocked'])
  })
})

test('a retry is refused where rebuilds are, or is not (retryIgnoresAllowRebuilds)', () => {
  const state = worked(ground('{ wait: null }', 'set pipeline:app allow_rebuilds=false'))
  const [job] = [...state.tables.jobs.rows.values()].filter(({ type }) => type === 'COMMAND')
  const retry = (who: string, switches: Partial<Switches> = {}) =>
    refusal(state, who, 'jobTypeCommandRetry', { id: btoa(`JobTypeCommand---${job!.uuid}`) }, switches)
  expect(retry('cat')).toBeUndefined()
  expect(retry('dan')).toBe(denied)
  expect(retry('cat', { retryIgnoresAllowRebuilds: false })).toBe('Rebuilds are not allowed on this pipeline')
  const again = act(
    state,
    { as: person(state, 'cat'), now },
    'PUT /pipelines/:pipeline/builds/:build/jobs/:job/retry',
    { params: { pipeline: 'app', build: '1', job: job!.uuid } },
  )
  expect(again).toMatchObject({ result: { state: 'scheduled' } })
})

describe('builds of somebody who leaves', () => {
  const begun = () => {
    const state = ground('{ block: Go }')
    return acts(state, 'cat', 'buildCreate', { pipelineID: idIn(state, 'pipelines', 'app') })
  }
  const leave = (state: State, switches: Partial<Switches>) =>
    acts(
      state,
      'ada',
      'DELETE /teams/:team/members/:user',
      {
        params: {
          team: [...state.tables.teams.rows.values()].find(({ slug }) => slug === 'web')!.uuid,
          user: person(state, 'cat'),
        },
      },
      switches,
    )
  const states = (state: State) => buildsOf(state, 'app').map((build) => build.state)

  test('go on, or end with them (runningBuildsContinue)', () => {
    expect(states(leave(begun(), {}))).toEqual(['BLOCKED', 'BLOCKED'])
    expect(states(leave(begun(), { runningBuildsContinue: false }))).toEqual(['BLOCKED', 'CANCELED'])
    const stays = acts(begun(), 'ada', 'POST /teams/:team/members', {
      params: { team: [...begun().tables.teams.rows.values()].find(({ slug }) => slug === 'ops')!.uuid },
      body: { user_id: person(begun(), 'cat') },
    })
    expect(states(leave(stays, { runningBuildsContinue: false }))).toEqual(['BLOCKED', 'CANCELED'])
  })
})
