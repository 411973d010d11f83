import type { Asked, Call } from './asked.js'
import { edit } from './edit.js'
import { befalling, one, type Fault, type Sightings } from './faults.js'
import { answer, name, written } from './http.js'
import { usualLimits, type Limits, type Windows } from './limits.js'
import type { Desk, Incoming, Reply } from './reply.js'
import { printState } from './saved.js'
import { fork, uuidAt, type State } from './state.js'
import { switchesOf, type Switches } from './switches.js'
import { all } from './table.js'

/** Time, handed in: nothing here knows what o'clock it is, or waits. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export interface Options {
  /** What there is. It is left as it was: the sandbox changes a fork of it. */
  readonly state: State
  readonly clock: Clock
  /** Where they differ from the published ones. `off`: no windows, though one query can still ask for too much. */
  readonly limits?: Partial<Limits> | 'off'
  readonly faults?: readonly Fault[]
  /** Added to those of the state. */
  readonly switches?: Partial<Switches>
  /** Sees each request before it does anything. What it throws is what `fetch` throws. */
  readonly before?: (asked: Asked) => void | Promise<void>
  /** Sees each call when it is over. */
  readonly after?: (call: Call) => void | Promise<void>
}

/** A Buildkite and an AWS to hold in the hand. */
export interface Sandbox {
  /** Answers whatever `fetch` could be given, whichever host it names. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  /** What there is now. */
  readonly state: State
  /** What was asked since it was made, in the order of the answers. */
  readonly calls: readonly Call[]
  /**
   * Somebody changes something by hand, in the organization that was there first: `edit('pause', 'queue:ios/m2', 'flaky')`.
   *
   * @returns what was done, in words
   * @throws Error if it was not understood, or is refused to an admin
   */
  edit(...words: readonly string[]): string
  /** Add to it, and things go wrong from the next request on. */
  readonly faults: Fault[]
  /** Another one, the same for now: state, windows, and faults half used up. Its log is empty. */
  fork(changes?: Partial<Omit<Options, 'state'>>): Sandbox
  /** The state as text; `parseState` reads it. */
  saved(): string
}

/** What changes while a sandbox lives, besides its state. */
interface Life {
  readonly windows: Windows
  readonly sightings: Sightings
  readonly births: Record<string, number>
  requests: number
}

const limitsOf = (limits: Options['limits']): Limits =>
  limits === 'off' ? { ...usualLimits, graphql: 'off', rest: 'off' } : { ...usualLimits, ...limits }

/** From whatever `fetch` takes to what is asked. Most of it is a string and an object, and needs no `Request`. */
const read = async (input: string | URL | Request, init: RequestInit = {}): Promise<Incoming> => {
  const { body = null } = init
  if (input instanceof Request || (body !== null && typeof body !== 'string')) {
    const request = new Request(input, init)
    const { method, url, headers, signal } = request
    return { method, url: new URL(url), headers, body: await request.text(), signal }
  }
  return {
    method: init.method?.toUpperCase() ?? 'GET',
    url: new URL(input),
    headers: new Headers(init.headers),
    body: body ?? '',
    signal: init.signal ?? undefined,
  }
}

const live = (options: Options, life: Life): Sandbox => {
  let state = fork(options.state)
  state.switches = { ...state.switches, ...options.switches }
  const { clock, before, after } = options
  const limits = limitsOf(options.limits)
  const faults = [...(options.faults ?? [])]
  const calls: Call[] = []

  const log = async (asked: Asked, reply?: Reply) => {
    const { status = null, requestedPoints = 0, points = 0 } = reply ?? {}
    const call: Call = { ...asked, status, requestedPoints, points }
    calls.push(call)
    await after?.(call)
  }

  const deskFor = (asked: Asked, befell: readonly Fault[]): Desk => ({
    state,
    windows: life.windows,
    limits,
    switches: switchesOf(state.switches),
    now: clock.now(),
    asked,
    faults: befell,
    births: life.births,
  })

  const settle = async (asked: Asked, befell: readonly Fault[], incoming: Incoming): Promise<Reply> => {
    let reply: Reply
    try {
      reply = answer(deskFor(asked, befell), incoming)
    } catch (error) {
      await log(asked)
      throw error
    }
    await log(asked, reply)
    return reply
  }

  const change = (words: readonly string[]): string => {
    const organization = all(state.tables.organizations)[0]?.slug
    const now = new Date(clock.now()).toISOString()
    const edited = edit(state, words, { now, ...(organization !== undefined && { organization }) })
    if (!edited.state) throw new Error(edited.said)
    state = edited.state
    return edited.said
  }

  const fetch: Sandbox['fetch'] = async (input, init) => {
    const incoming = await read(input, init)
    incoming.signal?.throwIfAborted()
    const asked: Asked = { n: (life.requests += 1), ...name(incoming) }
    await before?.(asked)
    const befell = befalling(faults, life.sightings, asked)
    const slow = one(befell, 'slow')
    if (slow) await clock.sleep(slow.ms, incoming.signal)
    incoming.signal?.throwIfAborted()
    for (const fault of befell) if (fault.fault === 'edit') change(fault.words)
    const reply = await settle(asked, befell, incoming)
    return written(reply, uuidAt(`${state.seed}/request`, asked.n), one(befell, 'cut') !== undefined)
  }

  return {
    fetch,
    get state() {
      return state
    },
    edit: (...words) => change(words),
    calls,
    faults,
    fork: (changes = {}) =>
      live(
        { ...options, state, faults, ...changes },
        {
          windows: { ...life.windows },
          sightings: changes.faults ? {} : { ...life.sightings },
          births: { ...life.births },
          requests: life.requests,
        },
      ),
    saved: () => printState(state),
  }
}

/** Opens a sandbox: a function from requests to responses, with no socket, no disk and no clock of its own. */
export const sandbox = (options: Options): Sandbox =>
  live(options, { windows: {}, sightings: {}, births: {}, requests: 0 })
