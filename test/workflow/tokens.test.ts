import { describe, expect, test } from 'vitest'
import { all, drop, put } from '../../src/sandbox/table.js'
import { printPlan } from '../../src/plan/print.js'
import type { Applied } from '../../src/model/result.js'
import { errorsIn, planOf } from '../support/ground.js'
import { tokensIn, withToken, type Tokens } from '../support/tokens.js'

const day = 24

const states = ({ outcomes }: Applied) => outcomes.map(({ state }) => state)
const isDone = (applied: Applied) =>
  errorsIn(applied).length === 0 && states(applied).every((state) => state === 'done')

const fieldsIn = async ({ ground, how }: Tokens, files: object) =>
  planOf(await ground.plan(files, how)).changes.flatMap(({ fields }) => fields)

/** What nobody declares, and no pattern leaves to others. */
const strangersIn = async ({ ground, how }: Tokens, files: object) => {
  const { changes, undeclared } = planOf(await ground.plan(files, how))
  expect(changes).toEqual([])
  return undeclared.filter(({ ignored }) => !ignored).map(({ address }) => address)
}

/** Somebody else has made a token of this description. */
const madeByAda = ({ sandbox: { state } }: Tokens, description: string) => {
  const { agentTokens, users } = state.tables
  const ada = all(users).find(({ email }) => email === 'ada@acme.test')!
  const row = all(agentTokens).find((one) => one.description === description)!
  put(agentTokens, { ...row, createdBy: ada.uuid })
}

/** A world in which the token is made and stored. */
const settled = async (files: object = withToken()): Promise<Tokens> => {
  const world = tokensIn()
  expect(isDone(await world.ground.apply(files, world.how))).toBe(true)
  return world
}

/** The same, and the token has been replaced. */
const rotated = async (files: object = withToken()): Promise<Tokens> => {
  const world = await settled(files)
  world.sandbox.edit('connect', 'queue:production/deploy', 'host-1')
  world.pass(77 * day)
  expect(isDone(await world.ground.apply(files, world.how))).toBe(true)
  return world
}

describe('a token', () => {
  test('is made, and its value is where the files say', async () => {
    const world = await settled()
    expect(world.standing()).toEqual({ tokens: ['deploy 90d'], stored: 1 })
    expect(await fieldsIn(world, withToken())).toEqual([])
  })

  test('is replaced when its end comes near, and not before', async () => {
    const world = await settled()
    world.pass(75 * day)
    expect(await fieldsIn(world, withToken())).toEqual([])
    world.pass(2 * day)
    expect(await fieldsIn(world, withToken())).toMatchObject([
      { field: 'rotation', after: { because: 'it ends in less than 14d', expires_in: '90d' } },
    ])
    expect(isDone(await world.ground.apply(withToken(), world.how))).toBe(true)
    expect(world.standing()).toEqual({ tokens: ['deploy 13d', 'deploy 90d'], stored: 2 })
    expect(await fieldsIn(world, withToken())).toEqual([])
  })

  test('that has been replaced is kept while an agent is there that may hold it', async () => {
    const world = await rotated()
    world.pass(5 * day)
    expect(await fieldsIn(world, withToken())).toEqual([])
    world.sandbox.edit('connect', 'queue:production/deploy', 'host-2')
    for (const agent of all(world.sandbox.state.tables.agents).filter(({ name }) => name === 'host-1'))
      put(world.sandbox.state.tables.agents, { ...agent, connectionState: 'disconnected' as const })
    expect(await fieldsIn(world, withToken())).toMatchObject([{ field: 'replaced', after: [] }])
    expect(isDone(await world.ground.apply(withToken(), world.how))).toBe(true)
    expect(world.standing()).toEqual({ tokens: ['deploy 85d'], stored: 1 })
  })

  test('that has been replaced is kept until machines that were starting have started', async () => {
    const world = await settled()
    world.pass(77 * day)
    await world.ground.apply(withToken(), world.how)
    expect(await fieldsIn(world, withToken())).toEqual([])
    world.pass(2)
    expect(await fieldsIn(world, withToken())).toMatchObject([{ field: 'replaced', after: [] }])
  })

  test('that has been replaced goes when its time is up, whoever is connected', async () => {
    const world = await rotated()
    world.pass(14 * day)
    expect(isDone(await world.ground.apply(withToken(), world.how))).toBe(true)
    expect(world.standing()).toEqual({ tokens: ['deploy 76d'], stored: 1 })
  })

  test('that has no end is replaced where the files give it one', async () => {
    const files = withToken({ expires_in: undefined, rotate_before: undefined })
    const world = await settled(files)
    expect(world.standing()).toEqual({ tokens: ['deploy for ever'], stored: 1 })
    expect(await fieldsIn(world, withToken())).toMatchObject([{ after: { because: 'it has no end' } }])
    expect(isDone(await world.ground.apply(withToken(), world.how))).toBe(true)
    expect(world.standing()).toEqual({ tokens: ['deploy for ever', 'deploy 90d'], stored: 2 })
    expect(await fieldsIn(world, withToken())).toEqual([])
  })

  test('is good from other networks without being replaced, and so is what it has replaced', async () => {
    const files = withToken({ allowed_ip_addresses: ['10.30.0.0/16'] })
    const world = await rotated()
    expect(await fieldsIn(world, files)).toMatchObject([{ field: 'allowed_ip_addresses' }])
    expect(isDone(await world.ground.apply(files, world.how))).toBe(true)
    const rows = all(world.sandbox.state.tables.agentTokens)
    expect(rows.map(({ allowedIpAddresses }) => allowedIpAddresses)).toEqual(['10.30.0.0/16', '10.30.0.0/16'])
    expect(await fieldsIn(world, files)).toEqual([])
  })

  test('gets another place by getting another value', async () => {
    const files = withToken({ store: 'management/agents/deploy' })
    const world = await settled()
    expect(isDone(await world.ground.apply(files, world.how))).toBe(true)
    expect(world.standing().tokens).toEqual(['deploy 90d', 'deploy 90d'])
    expect(await fieldsIn(world, files)).toEqual([])
  })

  test('is kept under the key that its parameter is declared with, and nobody else writes that', async () => {
    const files = withToken()
    const place = 'management/buildkite/production/agent-token/deploy'
    const parameters = { [place]: { type: 'SecureString', key_id: 'alias/aws/ssm' } }
    const world = await settled({ ...files, aws: { ...files.aws, parameters } })
    expect(world.standing().stored).toBe(1)
    expect(await fieldsIn(world, { ...files, aws: { ...files.aws, parameters } })).toEqual([])
  })

  test('is planned with the same bytes at any time of the day', async () => {
    const world = await settled()
    world.pass(77 * day)
    const first = printPlan(planOf(await world.ground.plan(withToken(), world.how)))
    world.pass(7)
    expect(printPlan(planOf(await world.ground.plan(withToken(), world.how)))).toBe(first)
  })

  test('is given no end that Buildkite would refuse, however long an apply takes', async () => {
    const world = tokensIn()
    const files = withToken({ expires_in: '15m', rotate_before: '5m' })
    const consent = async () => {
      world.pass(0.2)
      return 'yes' as const
    }
    expect(isDone(await world.ground.apply(files, { ...world.how, consent }))).toBe(true)
  })

  test('is taken away with its value where the files say so', async () => {
    const world = await settled()
    const files = { ...withToken(), manage: { tokens: 'remove' } }
    const without = { ...files, clusters: { production: { queues: { deploy: {} }, tokens: {} } } }
    expect(isDone(await world.ground.apply(without, world.how))).toBe(true)
    expect(world.standing()).toEqual({ tokens: [] })
    expect(planOf(await world.ground.plan(without, world.how)).changes).toEqual([])
  })

  test('is shown and left where they do not', async () => {
    const world = await settled()
    const without = { ...withToken(), clusters: { production: { queues: { deploy: {} }, tokens: {} } } }
    expect(await strangersIn(world, without)).toEqual(['token:production/deploy'])
  })

  test('owns the parameter with its value, which nobody else takes away', async () => {
    const world = await settled()
    const files = withToken()
    const aws = { ...files.aws, parameters: {} }
    expect(await strangersIn(world, { ...files, aws, manage: { parameters: 'remove' } })).toEqual([])
  })
})

describe('a value that is not stored', () => {
  const harmed = async (on: string, harm: object) => {
    const world = await settled()
    world.pass(77 * day)
    world.sandbox.faults.push({ on, times: 'always', ...harm } as never)
    const applied = await world.ground.apply(withToken(), world.how)
    world.sandbox.faults.length = 0
    return { world, applied }
  }

  test('is of no token any more when the run ends, and the run says so', async () => {
    const { world, applied } = await harmed('PutParameter', { fault: 'denied' })
    expect(applied.outcomes).toMatchObject([
      { state: 'undone', why: 'token:production/deploy#2' },
      { state: 'failed' },
      { state: 'skipped' },
    ])
    expect(world.standing()).toEqual({ tokens: ['deploy 13d'], stored: 1 })
    expect(isDone(await world.ground.apply(withToken(), world.how))).toBe(true)
    expect(world.standing()).toEqual({ tokens: ['deploy 13d', 'deploy 90d'], stored: 2 })
  })

  test('is of no token any more when the next run ends, where this one could not take it away', async () => {
    const { world } = await harmed('PutParameter', { fault: 'denied' })
    world.sandbox.faults.push({ on: 'PutParameter', times: 'always', fault: 'denied' } as never, {
      on: 'TokenRevoke',
      times: 'always',
      fault: 'error',
      message: 'no',
    })
    const applied = await world.ground.apply(withToken(), world.how)
    expect(applied.outcomes[0]).toMatchObject({ state: 'done', why: expect.stringContaining('taken back') })
    expect(world.standing()).toEqual({ tokens: ['deploy 13d', 'deploy (not stored yet) 90d'], stored: 1 })
    world.sandbox.faults.length = 0
    expect(isDone(await world.ground.apply(withToken(), world.how))).toBe(true)
    expect(world.standing()).toEqual({ tokens: ['deploy 13d', 'deploy 90d'], stored: 2 })
  })

  test('may well be stored where no answer came, so the token stays, and the next run looks', async () => {
    const { world, applied } = await harmed('PutParameter', { fault: 'lost' })
    expect(states(applied)).toEqual(['done', 'unclear', 'skipped'])
    expect(world.standing()).toEqual({ tokens: ['deploy 13d', 'deploy (not stored yet) 90d'], stored: 2 })
    expect(await fieldsIn(world, withToken())).toMatchObject([{ field: 'named', after: 'deploy' }])
    expect(isDone(await world.ground.apply(withToken(), world.how))).toBe(true)
    expect(world.standing()).toEqual({ tokens: ['deploy 13d', 'deploy 90d'], stored: 2 })
  })

  test('is of no token where nobody heard what it is', async () => {
    const { world, applied } = await harmed('TokenCreate', { fault: 'lost' })
    expect(states(applied)).toEqual(['unclear', 'skipped', 'skipped'])
    expect(world.standing().tokens).toEqual(['deploy 13d', 'deploy (not stored yet) 90d'])
    expect(isDone(await world.ground.apply(withToken(), world.how))).toBe(true)
    expect(world.standing()).toEqual({ tokens: ['deploy 13d', 'deploy 90d'], stored: 2 })
  })

  test('is of no token where a person stopped it all in between', async () => {
    const world = tokensIn()
    const stop = new AbortController()
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const answer = await world.how.fetch!(input, init)
      if (world.sandbox.calls.at(-1)?.name === 'TokenCreate') stop.abort()
      return answer
    }
    const applied = await world.ground.apply(withToken(), { ...world.how, fetch, signal: stop.signal })
    expect(states(applied).slice(-3)).toEqual(['undone', 'interrupted', 'interrupted'])
    expect(world.standing()).toEqual({ tokens: [] })
  })
})

describe('what nothing is done about', () => {
  test('a token that nobody would ever see the value of', async () => {
    const world = tokensIn()
    const files = withToken({ store: undefined })
    expect(errorsIn(await world.ground.plan(files, world.how))).toEqual([
      'token-without-store: token:production/deploy is not there yet, and nothing says where its value should go',
    ])
    await world.ground.apply(withToken({ expires_in: undefined, rotate_before: undefined }), world.how)
    expect(errorsIn(await world.ground.plan(files, world.how))).toEqual([
      'token-without-store: token:production/deploy needs a new one, as it has no end, and nothing says where its value should go',
    ])
  })

  test('a place in which somebody else has put something', async () => {
    const world = await settled()
    const { awsParameters, agentTokens } = world.sandbox.state.tables
    for (const row of all(awsParameters)) put(awsParameters, { ...row, tags: [], description: null })
    const code = async () => errorsIn(await world.ground.apply(withToken(), world.how))
    expect(await code()).toEqual([
      'store-taken: the parameter management/buildkite/production/agent-token/deploy is there, and bridle has not made it',
    ])
    for (const row of all(agentTokens)) drop(agentTokens, row)
    expect((await code())[0]).toMatch(/^store-taken/)
  })

  test('a place that anybody may read', async () => {
    const world = tokensIn()
    const files = withToken()
    const name = 'management/buildkite/production/agent-token/deploy'
    const parameters = { [name]: { value: 'x' } }
    const before = { ...files, clusters: {}, aws: { ...files.aws, parameters } }
    expect(isDone(await world.ground.apply(before, world.how))).toBe(true)
    expect(errorsIn(await world.ground.apply(files, world.how))).toEqual([
      `store-taken: the parameter ${name} is there, and is no SecureString`,
    ])
  })

  test('what has been replaced, and somebody else made', async () => {
    const world = await rotated()
    madeByAda(world, 'deploy')
    world.pass(14 * day)
    const planned = await world.ground.plan(withToken(), world.how)
    expect(planOf(planned).changes).toEqual([])
    expect(planned.findings.map(({ code, severity, what }) => [code, severity, what])).toEqual([
      [
        'replaced-token-left',
        'warning',
        'the token that production/deploy has replaced is still good, and ada@acme.test made it',
      ],
    ])
  })

  test('what carries the mark, and somebody else made', async () => {
    const world = await settled()
    await world.byHand('deploy (not stored yet)')
    madeByAda(world, 'deploy (not stored yet)')
    expect(await strangersIn(world, withToken())).toEqual(['token:production/deploy (not stored yet)'])
  })

  test('another token of the description, which bridle has neither stored nor replaced', async () => {
    const world = await settled()
    await world.byHand('deploy')
    expect(await strangersIn(world, withToken())).toEqual(['token:production/deploy/2'])
  })
})

test('a token that was made by hand is replaced once, when its value gets a place', async () => {
  const world = tokensIn()
  const files = withToken()
  await world.ground.apply({ ...files, clusters: { production: { queues: { deploy: {} } } } }, world.how)
  await world.byHand('deploy', { allowed_ip_addresses: '10.20.0.0/16' })
  expect(await fieldsIn(world, files)).toMatchObject([
    { field: 'store' },
    { field: 'rotation', after: { because: 'nobody knows its value' } },
  ])
  expect(isDone(await world.ground.apply(files, world.how))).toBe(true)
  expect(world.standing()).toEqual({ tokens: ['deploy for ever', 'deploy 90d'], stored: 2 })
  expect(await fieldsIn(world, files)).toEqual([])
})

describe('in a privileged cluster', () => {
  const files = {
    ...withToken({}, { allow: { users: ['ada@acme.test'] } }),
    trust: { admins: ['bridle@acme.test'], automation: 'bridle@acme.test' },
  }
  const aboutTokens = async ({ ground, how }: Tokens) => {
    const { findings, suggestions = '' } = await ground.check(files, { ...how, now: how.when!() })
    return {
      strangers: findings
        .filter(({ code }) => code === 'undeclared-in-privileged')
        .map(({ what }) => what)
        .filter((what) => what.includes('token')),
      accepted: suggestions.split('\n').filter((line) => line.includes('finding: agent-tokens')),
    }
  }

  test('a token that is replaced is what it was, and what settles it goes on doing so', async () => {
    const world = await rotated(files)
    const [before] = (await aboutTokens(await settled(files))).accepted
    expect(before).toContain('facts: ')
    const { strangers, accepted } = await aboutTokens(world)
    expect(strangers).toEqual([])
    expect(accepted[0]!.replace(/until: \S+/, '')).toBe(before!.replace(/until: \S+/, ''))
  })

  test('another one of the same description is pointed out', async () => {
    const world = await settled(files)
    await world.byHand('deploy')
    expect((await aboutTokens(world)).strangers).toEqual([
      'token:production/deploy/2: an agent token that no file declares, in cluster:production',
    ])
  })
})
