import { describe, expect, test } from 'vitest'
import { exitOf } from '../../src/cli/exit.js'
import { applySummary } from '../../src/report/apply.js'
import { errorsIn, fresh, groundOf, type Ground } from '../support/ground.js'
import { byHand, meddled } from '../support/privileged-ground.js'

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
    ({ severity, code }) =>
      severity === 'error' && ['left-behind', 'backlog-waits', 'changed-meanwhile'].includes(code),
  )

/** Somebody does something by hand when bridle has sent so many changes, just before the next. */
const after = (sent: number, ground: Ground, ...words: string[]): Ground =>
  groundOf(ground.sandbox.fork({ faults: [{ on: 'mutation', fault: 'edit', after: sent, times: 1, words }] }))

/** Somebody does something by hand at the moment when bridle sends its first change. */
const while_ = (ground: Ground, ...words: string[]): Ground => after(0, ground, ...words)

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

  test('and every such build is named, with what cancels it', async () => {
    const three = with_(({ teams: { web } }) => Object.assign(web.members, { 'bob@acme.test': 'member' }))
    const ground = await applied(three)
    for (const who of ['ada', 'bob', 'ada'])
      ground.sandbox.edit('as', `${who}@acme.test`, 'start', 'pipeline:web')
    ground.sandbox.edit('start', 'pipeline:web')
    const { result } = await stateOf(
      ground,
      with_(({ teams, pipelines: { web } }) => {
        Object.assign(teams.web.members, { 'bob@acme.test': 'member' })
        web.cluster = 'production'
        web.teams.web = 'read_only'
      }),
    )
    const [refused] = result.findings.filter(({ code }) => code === 'backlog-waits')
    const cancels = (number: number, who: string) => ({
      words: ['bk', 'build', 'cancel', String(number), '--pipeline', 'web'],
      about: `user:${who}@acme.test`,
    })
    expect(refused?.commands).toEqual([cancels(1, 'ada'), cancels(2, 'bob'), cancels(3, 'ada')])
    expect(refused?.what).toBe(
      '3 builds that user:ada@acme.test and user:bob@acme.test had a hand in would go on on queue:production/deploy',
    )
  })

  test('and the smallest cut of them is to cancel all of somebody’s', async () => {
    const ground = await applied(moved)
    ground.sandbox.edit('grant', 'team:web', 'pipeline:web', 'build_and_read')
    for (const who of ['ada', 'ada']) ground.sandbox.edit('as', `${who}@acme.test`, 'start', 'pipeline:web')
    ground.sandbox.edit('grant', 'team:web', 'pipeline:web', 'read_only')
    const { cut } = await ground.why(moved, 'user:ada@acme.test', 'queue:production/deploy')
    expect(cut?.cuts.map(({ says }) => says)).toEqual(['cancel build 1, build 2 of pipeline:web'])
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

/** New steps, and then the move. */
const rewritten = with_(({ pipelines: { web } }) => {
  web.cluster = 'production'
  web.teams.web = 'read_only'
  web.steps = 'steps:\n  - command: make all\n'
})

describe('a pipeline does not move in, although bridle has done its part,', () => {
  const steps = ['as', 'ada@acme.test', 'set', 'pipeline:web', 'steps=steps:\n  - command: curl evil']

  const last = (ground: Ground) =>
    ground.apply(rewritten, { allowWidening: true }).then((result) => ({
      result,
      move: result.outcomes.find(({ step }) => step === 'pipeline:web#2'),
    }))

  test('with steps that were changed once they had been written', async () => {
    const { result, move } = await last(after(1, await applied(), ...steps))
    expect(move).toMatchObject({
      state: 'skipped',
      why: 'somebody changed `steps` of pipeline:web meanwhile',
    })
    expect(errors(result).map(({ what }) => what)).toEqual([
      'somebody changed `steps` of pipeline:web while the plan was carried out',
    ])
  })

  test('and does with steps that were written over', async () => {
    const { result, move } = await last(after(0, await applied(), ...steps))
    expect(move?.state).toBe('done')
    expect(errors(result)).toEqual([])
  })

  test('with a grant that was given back once it had been taken', async () => {
    const ground = await applied()
    const isGrant = (body: string) => body.includes('GrantUpdate')
    const result = await ground.apply(moved, {
      allowWidening: true,
      fetch: meddled(ground, isGrant, ['grant', 'team:web', 'pipeline:web', 'manage_build_and_read']),
    })
    expect(result.outcomes.map(({ state }) => state)).toEqual(['done', 'skipped'])
    expect(errors(result)[0]?.what).toMatch(
      /^user:ada@acme.test would come to reach queue:production\/deploy, and could not before/,
    )
  })

  test('without the steps that were refused', async () => {
    const ground = await applied(
      with_(({ pipelines: { web } }) => Object.assign(web, { allow_rebuilds: false })),
    )
    const refusing: typeof fetch = async (input, init) =>
      typeof init?.body === 'string' && init.body.includes('make all')
        ? Response.json({ data: null, errors: [{ message: 'Steps are invalid' }] })
        : ground.sandbox.fetch(input, init)
    const { outcomes } = await ground.apply(rewritten, { allowWidening: true, fetch: refusing })
    expect(outcomes.map(({ step, state, why }) => [step, state, state === 'skipped' && why])).toEqual([
      ['pipeline:web#1', 'failed', false],
      ['grant:web/web#1', 'done', false],
      ['pipeline:web#2', 'skipped', 'pipeline:web#1'],
    ])
  })
})

describe('an apply that is refused at a barrier', () => {
  const refused = async () => {
    const ground = await applied()
    const isGrant = (body: string) => body.includes('GrantUpdate')
    return ground.apply(moved, {
      allowWidening: true,
      fetch: meddled(ground, isGrant, ['maintain', 'cluster:production', 'ada@acme.test']),
    })
  }

  test('is refused for access, and says who is there', async () => {
    const result = await refused()
    expect(result.outcomes.map(({ state }) => state)).toEqual(['done', 'skipped'])
    expect(exitOf(result)).toBe(11)
    expect(errors(result).map(({ what }) => what)).toEqual([
      expect.stringMatching(/^user:ada@acme.test can reach queue:production\/deploy, and could not before/),
    ])
  })

  test('is not to be run again while the queue is open', async () => {
    expect(applySummary(await refused())).toBe(
      '1 of 2 calls done, 1 not attempted. First settle what somebody changed meanwhile; then `bridle apply` goes on from here.',
    )
  })

  test('is refused by whoever does not administer the organization any more, too', async () => {
    const trusted = (of: Declaration) => ({
      ...of,
      trust: { ...of.trust, admins: ['bridle@acme.test', 'bob@acme.test'] },
    })
    const ground = byHand(await applied(trusted(declaration)), ['promote', 'bob@acme.test'])
    const isGrant = (body: string) => body.includes('GrantUpdate')
    const result = await ground.apply(trusted(moved), {
      allowWidening: true,
      fetch: meddled(ground, isGrant, ['as', 'bob@acme.test', 'demote', 'bridle@acme.test']),
    })
    expect(result.outcomes.map(({ state }) => state)).toEqual(['done', 'skipped'])
    expect(errorsIn(result).join()).toContain('not-an-administrator')
  })
})

describe('an apply that only closes', () => {
  /** In the cluster already, so that nothing waits for a barrier. */
  const inside = with_(({ pipelines: { web } }) => {
    web.cluster = 'production'
  })
  const open = () =>
    applied({ ...inside, clusters: { ...inside.clusters, production: { queues: { deploy: {} } } } })

  test.each([
    ['a build', 'has had a hand in build 1', ['as', 'ada@acme.test', 'start', 'pipeline:web']],
    ['a schedule', 'schedule', ['as', 'ada@acme.test', 'schedule', 'pipeline:web', 'x', '0 3 * * *', 'A=x']],
    ['a grant', 'any commit', ['grant', 'team:everyone', 'pipeline:web', 'build_and_read']],
    ['a maintainer', 'may decide which agents', ['maintain', 'cluster:production', 'ada@acme.test']],
  ])('says who is still there by %s of meanwhile', async (_, by, words) => {
    const files = { ...moved, manage: {} }
    const result = await while_(await open(), ...words).apply(files, { allowWidening: true })
    expect(result.outcomes.filter(({ state }) => state !== 'done')).toEqual([])
    expect(exitOf(result)).toBe(11)
    const said = result.findings.filter(({ code }) => code === 'changed-meanwhile').map(({ what }) => what)
    expect(said.join()).toContain('can reach queue:production/deploy, and should not after the plan')
    expect(said.join()).toContain(by)
  })

  test.each([
    ['of somebody who may', ['as', 'cy@acme.test', 'start', 'pipeline:ship']],
    ['elsewhere', ['grant', 'team:everyone', 'pipeline:docs', 'manage_build_and_read']],
    ['in what nobody declares', ['set', 'pipeline:web', 'description=a site']],
  ])('says nothing of what happens %s', async (_, words) => {
    const more = (of: Declaration) => ({
      ...of,
      pipelines: {
        ...of.pipelines,
        ship: { ...of.pipelines.web, cluster: 'production', teams: { release: 'build_and_read' } },
        docs: { ...of.pipelines.web, cluster: 'general', teams: {} },
      },
    })
    const start = {
      ...more(inside),
      clusters: { ...inside.clusters, production: { queues: { deploy: {} } } },
    }
    const result = await while_(await applied(start), ...words).apply(more(moved), { allowWidening: true })
    expect(result.outcomes.filter(({ state }) => state !== 'done')).toEqual([])
    expect(result.findings.filter(({ code }) => code === 'changed-meanwhile')).toEqual([])
    expect(errors(result)).toEqual([])
  })

  test('does not end well where somebody stops it before it has looked', async () => {
    const ground = await open()
    const stop = new AbortController()
    const { length: calls } = (await ground.plan(moved)).plan?.steps ?? []
    let sent = 0
    const stopping: typeof fetch = async (input, init) => {
      const answer = await ground.sandbox.fetch(input, init)
      sent += typeof init?.body === 'string' && init.body.includes('mutation') ? 1 : 0
      if (sent === calls) stop.abort()
      return answer
    }
    const result = await ground.apply(moved, { allowWidening: true, fetch: stopping, signal: stop.signal })
    expect(result.outcomes.filter(({ state }) => state !== 'done')).toEqual([])
    expect(exitOf(result)).toBe(130)
  })

  test('does not end well where what came of it can not be read', async () => {
    const ground = await open()
    let sent = false
    const unread: typeof fetch = async (input, init) => {
      const isMutation = typeof init?.body === 'string' && init.body.includes('mutation')
      if (sent && !isMutation) return Response.json({ message: 'no' }, { status: 403 })
      sent ||= isMutation
      return ground.sandbox.fetch(input, init)
    }
    const result = await ground.apply(moved, { allowWidening: true, fetch: unread })
    expect(result.outcomes.filter(({ state }) => state !== 'done')).toEqual([])
    expect(exitOf(result)).toBe(4)
    expect(result.findings.map(({ why }) => why).join()).toContain(
      'whether somebody changed something meanwhile',
    )
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

  test('is named as well where it comes in later than those who left it are gone', async () => {
    const ground = await applied()
    ground.sandbox.edit('as', 'ada@acme.test', 'set', 'pipeline:web', 'steps=steps:\n  - command: curl evil')
    const gone = with_(({ pipelines: { web } }) => {
      web.teams.web = 'read_only'
    })
    expect(errors(await ground.apply(unwritten(gone)))).toEqual([])
    expect(
      errors(await ground.apply(unwritten(moved), { allowWidening: true })).map(({ what }) => what),
    ).toEqual([
      'pipeline:web comes into cluster:production, and no file says what it brings along of those who could change it: its steps',
    ])
  })

  test('is its mirror, too, where it has one', async () => {
    const ground = await applied()
    ground.sandbox.edit(
      'as',
      'ada@acme.test',
      'set',
      'pipeline:web',
      'clone_mirror_url=https://evil.test/web.git',
    )
    expect(errors(await ground.plan(moved, { allowWidening: true })).map(({ what }) => what)).toEqual([
      'user:ada@acme.test had Full Access to pipeline:web, and no file says what is in cluster:production of theirs: its mirror',
    ])
  })

  test('keeps a queue contained', async () => {
    const containing = unwritten(
      with_(({ clusters, pipelines: { web } }) => {
        Object.assign(clusters.production, { contain: true })
        web.cluster = 'production'
        web.teams.web = 'read_only'
      }),
    )
    const ground = byHand(await applied(containing), [
      'grant',
      'team:web',
      'pipeline:web',
      'manage_build_and_read',
    ])
    expect((await ground.contain(containing, 'queue:production/deploy')).did).toBe('paused')
    const result = await ground.apply(containing, { allowWidening: true })
    expect(result.outcomes.map(({ step }) => step)).toEqual(['grant:web/web#1'])
    expect(errors(result)).toHaveLength(1)
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
