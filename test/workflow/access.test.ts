import { describe, expect, test } from 'vitest'
import { edit } from '../../src/sandbox/edit.js'
import { sandbox } from '../../src/sandbox/index.js'
import {
  errorsIn,
  fresh,
  groundOf,
  mutationsIn,
  planOf,
  stoppedClock,
  type Ground,
} from '../support/ground.js'

/** A cluster that is for `release` alone, and one for everybody. */
const declaration = {
  organization: 'acme',
  trust: { admins: ['bridle@acme.test'], automation: 'bridle@acme.test' },
  ignore: { teams: ['everyone'] },
  settings: { default_cluster: 'general' },
  teams: {
    web: { members: { 'ada@acme.test': 'member' } },
    release: { members: { 'cy@acme.test': 'member' } },
  },
  clusters: {
    general: { default_queue: 'default', queues: { default: {} } },
    production: { allow: { teams: ['release'] }, queues: { deploy: {} } },
  },
  pipelines: {
    web: { cluster: 'general', repository: 'git@github.com:acme/web.git', teams: { web: 'build_and_read' } },
    deploy: {
      cluster: 'production',
      repository: 'git@github.com:acme/web.git',
      teams: { release: 'build_and_read', web: 'read_only' },
    },
  },
}

type Declaration = typeof declaration

const with_ = (change: (copy: Declaration) => void): Declaration => {
  const copy = structuredClone(declaration)
  change(copy)
  return copy
}

const set = (object: object, key: string, value: unknown) => Object.assign(object, { [key]: value })

const applied = async (): Promise<Ground> => {
  const ground = fresh()
  const result = await ground.apply(declaration, { allowWidening: true })
  expect(errorsIn(result)).toEqual([])
  expect(result.outcomes.every(({ state }) => state === 'done')).toBe(true)
  return ground
}

const byHand = ({ sandbox: it }: Ground, ...words: string[]): Ground => {
  const { state, said } = edit(it.state, words, { now: '2026-11-22T00:00:00.000Z' })
  if (state === undefined) throw new Error(said)
  return groundOf(sandbox({ state, clock: stoppedClock(), limits: 'off' }))
}

const codes = (result: { findings: readonly { code: string; severity: string }[] }) =>
  result.findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)

describe('a plan that would open a privileged queue', () => {
  const opening = with_(({ pipelines }) => set(pipelines.deploy.teams, 'web', 'build_and_read'))

  test('is refused, and says who would get in by which path', async () => {
    const planned = await (await applied()).plan(opening, { allowWidening: true })
    expect(errorsIn(planned)[0]).toBe(
      'opens-queue: the plan would let user:ada@acme.test onto queue:production/deploy, whom nothing allows',
    )
    expect(planOf(planned).access?.opens).toEqual(['queue:production/deploy'])
  })

  test('is not carried out, whatever the flags', async () => {
    const ground = await applied()
    const before = mutationsIn(ground.sandbox).length
    const result = await ground.apply(opening, { allowWidening: true })
    expect(codes(result)).toContain('opens-queue')
    expect(mutationsIn(ground.sandbox).length).toBe(before)
  })

  test('is refused where somebody gets in by another way than before, too', async () => {
    const open = byHand(await applied(), 'grant', 'team:web', 'pipeline:deploy', 'build_and_read')
    const planned = await open.plan(
      with_(({ pipelines, clusters }) => {
        set(pipelines.deploy.teams, 'web', 'build_and_read')
        set(clusters.production, 'maintainers', { users: ['ada@acme.test'], teams: [] })
      }),
    )
    expect(codes(planned)).toContain('opens-queue')
  })
})

describe('a plan that closes', () => {
  test('is shown, carried out, and leaves nothing to find', async () => {
    const open = byHand(await applied(), 'grant', 'team:web', 'pipeline:deploy', 'build_and_read')
    const drifted = await open.drift(declaration)
    expect(codes(drifted)).toContain('chosen-commit')
    const result = await open.apply(declaration)
    expect(codes(result)).toEqual([])
    expect(result.plan?.access?.losses).toEqual([
      { who: 'user:ada@acme.test', can: 'build', on: 'pipeline:deploy' },
      { who: 'user:ada@acme.test', on: 'queue:production/deploy' },
    ])
    expect(planOf(await open.plan(declaration)).steps).toEqual([])
  })

  test('comes before what opens, with a barrier between', async () => {
    const ground = await applied()
    const moving = with_(({ pipelines }) => {
      set(pipelines.web, 'cluster', 'production')
      set(pipelines.web.teams, 'web', 'read_only')
    })
    const plan = planOf(await ground.plan(moving, { allowWidening: true }))
    const [barrier] = plan.barriers ?? []
    expect(barrier?.after).toEqual(['grant:web/web#1'])
    const move = plan.steps.find(({ gives }) => gives?.some(({ power }) => power === 'runs-in'))
    expect(move?.after).toContain(barrier?.id)
    const result = await ground.apply(moving, { allowWidening: true })
    expect(codes(result)).toEqual([])
    expect(result.outcomes.map(({ state }) => state)).toEqual(result.outcomes.map(() => 'done'))
  })
})

describe('giving access away', () => {
  const widening = with_(({ teams }) => set(teams.release.members, 'bob@acme.test', 'member'))

  test('takes a second word', async () => {
    const ground = await applied()
    const refused = await ground.apply(widening)
    expect(codes(refused)).toEqual(['widens-access'])
    const done = await ground.apply(widening, { allowWidening: true })
    expect(codes(done)).toEqual([])
    expect(done.plan?.access?.gains.map(({ who, on }) => `${who} ${on}`)).toContain(
      'user:bob@acme.test queue:production/deploy',
    )
  })
})
