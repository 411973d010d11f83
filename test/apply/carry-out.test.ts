import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { carryOut, type Writer } from '../../src/apply/carry-out.js'
import type { Address } from '../../src/model/address.js'
import type { Call, Made, ReadyCall } from '../../src/model/call.js'
import type { Step } from '../../src/model/plan.js'
import { idOf } from '../../src/model/ref.js'
import { Refusal, type RefusalReason } from '../../src/model/refusal.js'
import { law } from '../support/law.js'

const step = (n: number, after: readonly number[]): Step => ({
  id: `thing:${n}#1`,
  address: `thing:${n}`,
  title: `Make thing:${n}`,
  call: { via: 'graphql', operation: 'Make', input: { n }, repeatable: false },
  after: after.map((m) => `thing:${m}#1`),
})

const refusal = (reason: RefusalReason, perhapsDone = false) =>
  new Refusal(reason, 'no', { call: 'Make', perhapsDone, requestId: 'r-1' })

/** A writer that answers in an order of its own, and says what was under way when. */
const writer = (answer: (n: number) => Made) => {
  const started: number[] = []
  const finished = new Set<number>()
  const startedAfter = new Map<number, Set<number>>()
  let underWay = 0
  let most = 0
  const it: Writer = {
    send: async (_call, address) => {
      const n = Number(address.slice('thing:'.length))
      started.push(n)
      startedAfter.set(n, new Set(finished))
      underWay += 1
      most = Math.max(most, underWay)
      for (let turns = (n * 7) % 5; turns >= 0; turns -= 1) await Promise.resolve()
      underWay -= 1
      const made = answer(n)
      finished.add(n)
      return made
    },
  }
  return { it, started, startedAfter, most: () => most }
}

const graphs = fc.integer({ min: 1, max: 25 }).chain((size) =>
  fc.record({
    edges: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: size * 2 }),
    failing: fc.uniqueArray(fc.nat(size - 1), { maxLength: 4 }),
    abreast: fc.integer({ min: 1, max: 9 }),
    size: fc.constant(size),
  }),
)

law(
  'every step waits for what it names, and only what waits for a failed one is left out',
  graphs,
  async ({ size, edges, failing, abreast }) => {
    const after = (n: number) => [...new Set(edges.filter(([a, b]) => b === n && a < b).map(([a]) => a))]
    const steps = Array.from({ length: size }, (_, n) => step(n, after(n)))
    const { it, started, startedAfter, most } = writer((n) => {
      if (failing.includes(n)) throw refusal('invalid')
      return { id: `id-${n}` }
    })
    const outcomes = await carryOut(steps, { writer: it, known: new Map(), abreast })

    const doomed = new Set<number>()
    for (let n = 0; n < size; n += 1)
      if (after(n).some((m) => doomed.has(m) || failing.includes(m))) doomed.add(n)
    outcomes.forEach(({ state }, n) =>
      expect(state).toBe(doomed.has(n) ? 'skipped' : failing.includes(n) ? 'failed' : 'done'),
    )
    for (const n of started) for (const m of after(n)) expect(startedAfter.get(n)).toContain(m)
    expect(new Set(started).size).toBe(started.length)
    expect(most()).toBeLessThanOrEqual(abreast)
  },
)

describe('carrying out', () => {
  test('what a call makes goes into the calls that name it', async () => {
    const sent: unknown[] = []
    const steps: Step[] = [
      step(0, []),
      {
        ...step(1, [0]),
        call: {
          via: 'graphql',
          operation: 'Use',
          input: { it: idOf('thing:0'), in: [idOf('thing:0')] },
          repeatable: false,
        },
      },
      {
        ...step(2, [1]),
        call: {
          via: 'rest',
          method: 'PATCH',
          path: ['things', idOf('thing:0')],
          body: { it: idOf('thing:1') },
          repeatable: true,
        },
      },
    ]
    await carryOut(steps, {
      writer: { send: async (call, address) => (sent.push(call), { id: `id of ${address}` }) },
      known: new Map<Address, Made>(),
      abreast: 4,
    })
    expect(sent).toMatchObject([
      { input: { n: 0 } },
      { input: { it: 'id of thing:0', in: ['id of thing:0'] } },
      { path: ['things', 'id of thing:0'], body: { it: 'id of thing:1' } },
    ])
  })

  test('a lost answer is unclear, and what waits for it is not attempted', async () => {
    const { it } = writer((n) => {
      if (n === 0) throw refusal('unreachable', true)
      return {}
    })
    const outcomes = await carryOut([step(0, []), step(1, [0])], { writer: it, known: new Map(), abreast: 1 })
    expect(outcomes).toEqual([
      { step: 'thing:0#1', state: 'unclear', why: 'no', requestId: 'r-1' },
      { step: 'thing:1#1', state: 'skipped', why: 'thing:0#1' },
    ])
  })

  test('a token that died ends the conversation', async () => {
    const { it, started } = writer(() => {
      throw refusal('unauthenticated')
    })
    const outcomes = await carryOut([step(0, []), step(1, []), step(2, [])], {
      writer: it,
      known: new Map(),
      abreast: 1,
    })
    expect(started).toEqual([0])
    expect(outcomes.map(({ state }) => state)).toEqual(['failed', 'skipped', 'skipped'])
  })

  test('asked to stop, it finishes what is under way and begins nothing', async () => {
    const stop = new AbortController()
    const { it, started } = writer((n) => {
      if (n === 1) stop.abort()
      return {}
    })
    const steps = [step(0, []), step(1, []), step(2, [0]), step(3, [])]
    const outcomes = await carryOut(steps, { writer: it, known: new Map(), abreast: 2, signal: stop.signal })
    expect(outcomes.map(({ state }) => state).filter((state) => state === 'interrupted').length).toBe(
      4 - started.length,
    )
    expect(outcomes.map(({ state }) => state)).not.toContain('failed')
  })

  test('a bug is thrown, once nothing is under way any more', async () => {
    let finished = 0
    const broken: Writer = {
      send: async (_call, address) => {
        if (address === 'thing:0') throw new TypeError('bug')
        for (let turns = 0; turns < 5; turns += 1) await Promise.resolve()
        finished += 1
        return {}
      },
    }
    await expect(
      carryOut([step(0, []), step(1, []), step(2, [])], { writer: broken, known: new Map(), abreast: 2 }),
    ).rejects.toThrow('bug')
    expect(finished).toBe(1)
  })
})

describe('a value that is said once', () => {
  const undo: Call = {
    via: 'graphql',
    operation: 'Undo',
    input: { id: idOf('thing:0') },
    repeatable: false,
  }
  const maker: Step = { ...step(0, []), call: { ...step(0, []).call, undo } }
  const keeper: Step = {
    ...step(1, [0]),
    call: {
      via: 'aws',
      account: 'management',
      service: 'ssm',
      operation: 'Keep',
      input: { Value: { $ref: 'thing:0', field: 'secret' }, Ends: { $fromNow: 3_600 } },
      repeatable: true,
      aside: true,
    },
  }
  const namer = step(2, [1])
  const nameOf = (call: ReadyCall) => (call.via === 'rest' ? call.method : call.operation)

  const carrying = async (
    answer: (operation: string) => Made,
    { steps = [maker, keeper, namer], signal }: { steps?: readonly Step[]; signal?: AbortSignal } = {},
  ) => {
    const sent: ReadyCall[] = []
    const told: unknown[] = []
    const outcomes = await carryOut(steps, {
      writer: {
        send: async (call, _address, { evenStopping = false } = {}) => {
          if (signal?.aborted === true && !evenStopping) throw refusal('interrupted')
          sent.push(call)
          return nameOf(call) === 'Make'
            ? { id: 'new', secret: 's3cret', ...answer('Make') }
            : answer(nameOf(call))
        },
      },
      known: new Map([['thing:0', { id: 'old' }]]),
      abreast: 4,
      now: () => '2026-11-22T00:00:00.000Z',
      signal,
      onOutcome: (outcome, made) => told.push([outcome, made]),
    })
    return { sent, told, outcomes, states: outcomes.map(({ state }) => state) }
  }
  const failing = (operation: string, error: Refusal) => (it: string) => {
    if (it === operation) throw error
    return {}
  }

  test('goes into the call that keeps it, and is told to nobody', async () => {
    const { sent, told, states } = await carrying(() => ({}))
    expect(sent[1]).toMatchObject({ input: { Value: 's3cret', Ends: '2026-11-22T01:00:00.000Z' } })
    expect(states).toEqual(['done', 'done', 'done'])
    expect(JSON.stringify(told)).not.toContain('s3cret')
  })

  test('what keeps it has a name of its own, which is not the name of the thing', async () => {
    const use = {
      ...namer,
      address: 'thing:0',
      call: { ...namer.call, input: { id: idOf('thing:0') } },
    } as Step
    const { sent } = await carrying((it) => (it === 'Keep' ? { id: 'arn:of:the:place' } : {}), {
      steps: [maker, { ...keeper, address: 'thing:0' }, use],
    })
    expect(sent.at(-1)).toMatchObject({ input: { id: 'new' } })
  })

  test('is taken back where it was not kept', async () => {
    const { sent, told, outcomes } = await carrying(failing('Keep', refusal('invalid')))
    expect(sent.at(-1)).toMatchObject({ operation: 'Undo', input: { id: 'new' } })
    expect(outcomes).toMatchObject([
      { state: 'undone', why: 'thing:1#1' },
      { state: 'failed' },
      { state: 'skipped', why: 'thing:1#1' },
    ])
    expect(told).toHaveLength(4)
  })

  test('stays where nobody can tell whether it was kept', async () => {
    const { sent, states } = await carrying(failing('Keep', refusal('unavailable', true)))
    expect(sent.map(nameOf)).toEqual(['Make', 'Keep'])
    expect(states).toEqual(['done', 'unclear', 'skipped'])
  })

  test('stays where it was kept and something later fails', async () => {
    const { states } = await carrying(failing('Make', refusal('invalid')), {
      steps: [maker, keeper, { ...namer, call: { ...namer.call, operation: 'Name' } as Call }],
    })
    expect(states).toEqual(['failed', 'skipped', 'skipped'])
    const named = await carrying(failing('Name', refusal('invalid')), {
      steps: [maker, keeper, { ...namer, call: { ...namer.call, operation: 'Name' } as Call }],
    })
    expect(named.states).toEqual(['done', 'done', 'failed'])
  })

  test('is taken back where a person stops it all before it is kept', async () => {
    const stop = new AbortController()
    const { sent, states } = await carrying((it) => (it === 'Make' ? (stop.abort(), {}) : {}), {
      signal: stop.signal,
    })
    expect(sent.map(nameOf)).toEqual(['Make', 'Undo'])
    expect(states).toEqual(['undone', 'interrupted', 'interrupted'])
  })

  test('is taken back where the conversation is over before it is kept', async () => {
    const { sent, states } = await carrying(failing('Keep', refusal('unreachable')))
    expect(sent.map(nameOf)).toEqual(['Make', 'Keep', 'Undo'])
    expect(states).toEqual(['undone', 'failed', 'skipped'])
  })

  test('is said to be left where it could not be taken back', async () => {
    const { outcomes } = await carrying((it) => {
      if (it !== 'Make') throw new Refusal('forbidden', `${it}: no to s3cret`, { call: it })
      return {}
    })
    expect(outcomes.slice(0, 2)).toEqual([
      { step: 'thing:0#1', state: 'done', why: 'and could not be taken back: Undo: no to …redacted' },
      { step: 'thing:1#1', state: 'failed', why: 'Keep: no to …redacted' },
    ])
  })
})

describe('a barrier', () => {
  const between = { id: 'barrier:queue:production/deploy', on: 'queue:production/deploy' } as const
  const behind = (n: number): Step => ({ ...step(n, []), after: [between.id] })

  const passing = async (
    failing: readonly number[],
    prove: (() => Promise<string | undefined>) | undefined,
  ) => {
    const { it, started } = writer((n) => {
      if (failing.includes(n)) throw refusal('invalid')
      return {}
    })
    const order: string[] = []
    const outcomes = await carryOut([behind(2), step(0, []), step(1, []), step(3, [])], {
      writer: it,
      known: new Map(),
      abreast: 2,
      barriers: [{ ...between, after: ['thing:0#1', 'thing:1#1'] }],
      ...(prove && {
        prove: async () => {
          order.push(`proved after ${[...started].sort().join(' ')}`)
          return prove()
        },
      }),
      onOutcome: ({ step: id }) => order.push(id),
    })
    return {
      outcomes: new Map(outcomes.map(({ step: id, state, why }) => [id, { state, why }])),
      started,
      order,
    }
  }

  test('is passed when everything before it is done and its proof holds', async () => {
    const { outcomes, order } = await passing([], async () => undefined)
    expect([...outcomes.values()].map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done'])
    const proof = order.findIndex((one) => one.startsWith('proved'))
    expect(order.slice(0, proof)).toEqual(expect.arrayContaining(['thing:0#1', 'thing:1#1']))
    expect(order.slice(proof)).toContain('thing:2#1')
    expect(order).not.toContain(between.id)
  })

  test('stops all behind it where something before it fails, and is not proved then', async () => {
    const { outcomes, started, order } = await passing([1], async () => undefined)
    expect(outcomes.get('thing:2#1')).toEqual({ state: 'skipped', why: 'thing:1#1' })
    expect(outcomes.get('thing:3#1')?.state).toBe('done')
    expect(started).not.toContain(2)
    expect(order.filter((one) => one.startsWith('proved'))).toEqual([])
  })

  test('stops all behind it where its proof does not hold, and says why', async () => {
    const { outcomes, started } = await passing([], async () => 'somebody is there')
    expect(outcomes.get('thing:2#1')).toEqual({ state: 'skipped', why: 'somebody is there' })
    expect(outcomes.get('thing:3#1')?.state).toBe('done')
    expect(started).not.toContain(2)
  })

  test('stops all behind it where nothing could be read to prove it', async () => {
    const { outcomes, started } = await passing([], async () => {
      throw refusal('unreadable')
    })
    expect(outcomes.get('thing:2#1')).toEqual({ state: 'skipped', why: 'no' })
    expect(started).not.toContain(2)
  })
})
