import { describe, expect, test } from 'vitest'
import { fresh, groundOf, type Ground } from '../support/ground.js'

/** A pipeline that ada may change, and that is to come into a cluster where she may nothing. */
const declaration = {
  organization: 'acme',
  trust: { admins: ['bridle@acme.test'], automation: 'bridle@acme.test' },
  ignore: { teams: ['everyone'] },
  manage: { schedules: 'remove' },
  teams: {
    web: { members: { 'ada@acme.test': 'member' } },
    release: { members: { 'cy@acme.test': 'member' } },
  },
  clusters: {
    general: { queues: { default: {} } },
    production: { allow: { teams: ['release'] }, queues: { deploy: {} } },
  },
  pipelines: {
    web: {
      cluster: 'general',
      repository: 'git@github.com:acme/web.git',
      steps: 'steps:\n  - command: make\n',
      schedules: {},
      teams: { web: 'manage_build_and_read' },
    },
  },
}

type Declaration = typeof declaration

const with_ = (change: (copy: Declaration) => void): Declaration => {
  const copy = structuredClone(declaration)
  change(copy)
  return copy
}

const moved = with_(({ pipelines: { web } }) => {
  web.cluster = 'production'
  web.teams.web = 'read_only'
})

const applied = async (of: object = declaration): Promise<Ground> => {
  const ground = fresh()
  const { outcomes } = await ground.apply(of, { allowWidening: true })
  expect(outcomes.filter(({ state }) => state !== 'done')).toEqual([])
  return ground
}

const errors = ({ findings }: { findings: readonly { code: string; severity: string; what: string }[] }) =>
  findings.filter(
    ({ severity, code }) => severity === 'error' && ['left-behind', 'backlog-waits'].includes(code),
  )

/** Somebody does something by hand at the moment when bridle sends its first change. */
const while_ = (ground: Ground, ...words: string[]): Ground =>
  groundOf(ground.sandbox.fork({ faults: [{ on: 'mutation', fault: 'edit', after: 0, times: 1, words }] }))

const stateOf = async (ground: Ground, wanted: object = moved) => {
  const result = await ground.apply(wanted, { allowWidening: true })
  const move = result.outcomes.find(({ step }) => step === 'pipeline:web#1')
  return { result, move }
}

describe('a pipeline does not move in', () => {
  test('with a build of somebody who may not build there, from before', async () => {
    const ground = await applied()
    ground.sandbox.edit('as', 'ada@acme.test', 'start', 'pipeline:web')
    const { result } = await stateOf(ground)
    expect(result.outcomes).toEqual([])
    expect(errors(result).map(({ code }) => code)).toEqual(['backlog-waits'])
  })

  test('with a build that was started on the way', async () => {
    const { move } = await stateOf(while_(await applied(), 'as', 'ada@acme.test', 'start', 'pipeline:web'))
    expect(move).toMatchObject({
      state: 'skipped',
      why: 'user:ada@acme.test would come to reach queue:production/deploy, and could not before: has had a hand in build 1, which has not finished (can run code in pipeline:web)',
    })
  })

  test('with a schedule that was made on the way', async () => {
    const ground = while_(
      await applied(),
      ...['as', 'ada@acme.test', 'schedule', 'pipeline:web', 'late', '0 3 * * *', 'BASH_ENV=x'],
    )
    const { move } = await stateOf(ground)
    expect(move).toMatchObject({ state: 'skipped', why: 'somebody changed schedule:web/late meanwhile' })
  })

  test('with steps that were changed on the way', async () => {
    const ground = while_(
      await applied(),
      ...['as', 'ada@acme.test', 'set', 'pipeline:web', 'steps=steps:\n  - command: curl evil'],
    )
    const { move } = await stateOf(ground)
    expect(move).toMatchObject({
      state: 'skipped',
      why: 'somebody changed `steps` of pipeline:web meanwhile',
    })
  })
})

describe('what was left behind', () => {
  const unwritten = (of: Declaration) => {
    const copy = structuredClone(of)
    Reflect.deleteProperty(copy.pipelines.web, 'steps')
    return copy
  }

  test('is named, where no file says what a pipeline runs that a stranger could change', async () => {
    const result = await (await applied()).plan(unwritten(moved), { allowWidening: true })
    expect(errors(result).map(({ what }) => what)).toEqual([
      'user:ada@acme.test had Full Access to pipeline:web, and no file says what is in cluster:production of theirs: its steps',
    ])
  })

  test('does not stop the plan that closes', async () => {
    const { result, move } = await stateOf(await applied(), unwritten(moved))
    expect(move?.state).toBe('done')
    expect(errors(result)).toHaveLength(1)
  })

  test('is nothing where the files say it', async () => {
    expect(errors(await (await applied()).plan(moved, { allowWidening: true }))).toEqual([])
  })

  test('is named after the apply, where it was changed when nothing stood in the way any more', async () => {
    // In the cluster already, so that nothing waits for a barrier.
    const inside = with_(({ pipelines: { web } }) => {
      web.cluster = 'production'
    })
    const open = await applied({
      ...inside,
      clusters: { ...inside.clusters, production: { queues: { deploy: {} } } },
    })
    const ground = while_(
      open,
      ...['as', 'ada@acme.test', 'set', 'pipeline:web', 'steps=steps:\n  - command: curl evil'],
    )
    const { result } = await stateOf(ground)
    expect(errors(result).map(({ what }) => what)).toEqual([
      'somebody changed `steps` of pipeline:web while the plan was carried out',
    ])
  })
})
