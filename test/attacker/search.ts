import type { State } from '../../src/sandbox/state.js'
import type { Switches } from '../../src/sandbox/switches.js'
import { all, get } from '../../src/sandbox/table.js'
import { keyOf } from '../../src/sandbox/world/key.js'
import { reached } from '../../src/sandbox/world/reached.js'
import { settle } from '../../src/sandbox/world/settle.js'
import { commute, footprint, type Footprint } from './footprint.js'
import { after, movesIn, nameOf, type Move } from './moves.js'
import type { Principal } from './principals.js'
import { groundsIn } from './rightful.js'
import { NOW } from './state.js'

/** A step of a witness: a move, or time that passes. */
export type Step = Move | 'settle'

/** How hard to look. */
export interface Effort {
  /** How many calls in a row, every one of them tried. */
  readonly depth: number
  /** How many states may be looked at; beyond it the search is cut short, and says so. */
  readonly states: number
  /** Random walks of twelve moves. */
  readonly walks: number
  /** False where no fixpoint is wanted, and nothing on top of one. */
  readonly gathers?: boolean
}

/** What is to be had besides queues. */
export interface Prizes {
  readonly names: readonly string[]
  /** Those of them that somebody has, who has come as far as this. */
  had(state: State, hand: string): readonly string[]
}

/** What a search came to. */
export interface Found {
  /** By queue or prize, how it was reached. */
  readonly witnesses: ReadonlyMap<string, readonly Step[]>
  /** How many calls in a row were all tried; as many as were wanted, where they have come everywhere before. */
  readonly depth: number
  readonly counts: Counts
  /** A hundredth of the calls that were refused, and where. */
  readonly sample: readonly { readonly state: State; readonly move: Move }[]
}

/** What it took. */
export interface Counts {
  /** Requests and events, refused ones too. */
  calls: number
  /** States that were played out to see who comes where. */
  paths: number
}

interface Search {
  readonly principal: Principal
  readonly switches: Partial<Switches>
  readonly prizes: Prizes | undefined
  /** By name, their uuids. */
  readonly targets: ReadonlyMap<string, string | undefined>
  readonly witnesses: Map<string, readonly Step[]>
  /** By key, the states that were played out. */
  readonly looked: Set<string>
  /** By key, how deep a state was gone into, and what was left out there. */
  readonly visited: Map<string, { readonly depth: number; readonly asleep: ReadonlyMap<string, unknown> }>
  /** Calls that were refused, each with what that rested on. */
  readonly refused: Set<string>
  readonly counts: Counts
  readonly sample: { state: State; move: Move }[]
  readonly random: () => number
  readonly states: number
  /** How many paths there may be at most, just now. */
  most: number
  cut: boolean
}

const isCut = ({ cut }: Search) => cut

const isDone = ({ targets, witnesses }: Search) => witnesses.size === targets.size

/** Where somebody has come to. */
export const placesOf = (state: State, { hand }: Principal): readonly string[] =>
  [...reached(state)].flatMap(([queue, labels]) =>
    Object.values(labels).some((hands) => hands.includes(hand)) ? [queue] : [],
  )

/** What a queue is called now: whoever renames it has not left it. */
export const nameIn = (
  { tables: { queues, clusters } }: State,
  uuid: string | undefined,
): string | undefined => {
  const queue = get(queues, uuid)
  return queue && `${get(clusters, queue.cluster)?.name ?? ''}/${queue.key}`
}

export const pass = (state: State, { principal, switches }: Pick<Search, 'principal' | 'switches'>): State =>
  settle(state, { now: NOW, switches, attacker: principal.hand })

/** Lets the world go on from a state, and notes where that has brought them. */
const look = (search: Search, state: State, trace: readonly Step[]): State => {
  search.counts.paths += 1
  const then = pass(state, search)
  const places = [
    ...placesOf(then, search.principal),
    ...(search.prizes?.had(then, search.principal.hand) ?? []),
  ]
  for (const [queue, uuid] of search.targets)
    if (!search.witnesses.has(queue) && (places.includes(queue) || places.includes(nameIn(then, uuid) ?? '')))
      search.witnesses.set(queue, [...trace, 'settle'])
  return then
}

/** What comes of a move; nothing, if it is refused. What was refused on the same grounds is not asked again. */
const tried = (
  search: Search,
  state: State,
  move: Move,
  groundsFor: (call: string) => string | undefined,
  name = nameOf(move),
): State | undefined => {
  const grounds = 'call' in move ? groundsFor(move.call) : undefined
  const refusal = `${name} ${grounds ?? ''}`
  if (grounds !== undefined && search.refused.has(refusal)) return undefined
  search.counts.calls += 1
  const next = after(state, move, search.principal, search.switches)
  if (next) return next
  if (grounds !== undefined) search.refused.add(refusal)
  if ('call' in move && search.sample.length < SAMPLE && search.random() < 0.01)
    search.sample.push({ state, move })
  return undefined
}

/** No search has more of its refusals asked again: they repeat themselves. */
const SAMPLE = 4

/** A pipeline that is moved is somewhere else until it is moved on; jobs that name no queue go somewhere else, too. */
const moves = (move: Move) =>
  'call' in move &&
  ((move.call === 'pipelineUpdate' && 'clusterId' in move.input) ||
    (move.call === 'clusterUpdate' && 'defaultQueueId' in move.input))

/** Under another name it may be out of reach of what goes by the old one. */
const renames = (move: Move) =>
  'call' in move && move.call.endsWith('Update') && move.input['name'] === 'fresh'

/** Whether there is a call like it that gives more. */
const isLesser = ({ accessLevel, role }: Readonly<Record<string, unknown>>) =>
  accessLevel === 'READ_ONLY' || accessLevel === 'BUILD_AND_READ' || role === 'MEMBER'

/** What takes nothing away, whatever gives most first: of what exists already there is no second. */
const greedy = (all: readonly Move[]): readonly Move[] => {
  const giving = all.filter((move) => !('call' in move && move.takesAway) && !renames(move))
  const lesser = giving.filter((move) => 'call' in move && isLesser(move.input))
  const most = giving.filter((move) => !lesser.includes(move))
  return [...most, ...lesser.filter((move) => 'call' in move && move.call.endsWith('Create'))]
}

const ROUNDS = 4

/** Does all that takes nothing away, again and again, until nothing new comes of it. */
const saturate = (
  search: Search,
  begin: State,
): { readonly state: State; readonly trace: readonly Step[] } => {
  look(search, begin, [])
  let state = begin
  const trace: Step[] = []
  const made = new Set<string>()
  for (let round = 0; round < ROUNDS && !isDone(search); round += 1) {
    const before = keyOf(state)
    let key = before
    for (const move of greedy(movesIn(state, search.principal))) {
      const name = nameOf(move)
      if (made.has(name)) continue
      const next = tried(search, state, move, groundsIn(state), name)
      if (!next) continue
      made.add(name)
      const then = keyOf(next)
      if (then === key) continue
      key = then
      if (moves(move)) look(search, state, trace)
      state = next
      trace.push(move)
      if (moves(move)) look(search, state, trace)
      if (isDone(search)) break
    }
    state = look(search, state, trace)
    trace.push('settle')
    if (keyOf(state) === before) break
  }
  return { state, trace }
}

/** Every move that is let, and the state after it. */
const permitted = (
  search: Search,
  state: State,
  asleep: ReadonlyMap<string, unknown> = new Map(),
): readonly (readonly [Move, State])[] => {
  const groundsFor = groundsIn(state)
  return movesIn(state, search.principal).flatMap((move): (readonly [Move, State])[] => {
    const name = nameOf(move)
    const next = asleep.has(name) ? undefined : tried(search, state, move, groundsFor, name)
    return next ? [[move, next]] : []
  })
}

/**
 * All calls in all orders, to a depth. Of two that come to the same in both orders one order is enough, and states that
 * were gone through to the same depth already are not gone through again.
 *
 * @param asleep  moves that were made before this state was come to, in another order that comes to the same
 */
const explore = (
  search: Search,
  state: State,
  depth: number,
  trace: readonly Step[],
  asleep: ReadonlyMap<string, readonly [Move, Footprint]>,
): void => {
  const before = new Map(asleep)
  for (const [move, next] of permitted(search, state, asleep)) {
    if (isDone(search)) return
    const made = footprint(state, next, move)
    if (made.writes.size === 0) continue
    const key = keyOf(next)
    const further = [...trace, move]
    if (!search.looked.has(key)) {
      search.looked.add(key)
      if (search.counts.paths >= search.most) {
        search.cut = true
        return
      }
      look(search, next, further)
    }
    if (depth === 1) continue
    const pair = [move, made] as const
    const quiet = filtered(before, (one) => commute(one, pair))
    before.set(nameOf(move), pair)
    const visited = search.visited.get(key)
    if (
      visited !== undefined &&
      visited.depth >= depth &&
      [...visited.asleep.keys()].every((one) => quiet.has(one))
    )
      continue
    search.visited.set(key, { depth, asleep: quiet })
    explore(search, next, depth - 1, further, quiet)
  }
}

/** Once more on top of all that could be gathered: what it is good for to take something away then, or to move it. */
const undo = (search: Search, state: State, trace: readonly Step[]): void => {
  const most = search.counts.paths + (isCut(search) ? FEW_STATES : search.states)
  for (const [move, next] of permitted(search, state))
    if ('call' in move && (move.takesAway || renames(move) || moves(move))) {
      if (isDone(search) || search.counts.paths >= most) return
      look(search, next, [...trace, move])
    }
}

const filtered = <K, V>(map: ReadonlyMap<K, V>, is: (value: V) => boolean): ReadonlyMap<K, V> =>
  new Map([...map].filter(([, value]) => is(value)))

const WALK = 12

/** Moves at random: some thing that is let, then another. */
const walk = (search: Search, begin: State, random: () => number, start: readonly Step[]): void => {
  let state = begin
  const trace = [...start]
  for (let step = 1; step <= WALK && !isDone(search); step += 1) {
    const options = movesIn(state, search.principal)
    const groundsFor = groundsIn(state)
    for (let attempt = 0; attempt < 40 && options.length > 0; attempt += 1) {
      const move = options[Math.floor(random() * options.length)]
      const next = move && tried(search, state, move, groundsFor)
      if (!next) continue
      state = next
      trace.push(move)
      break
    }
    if (step % 4 === 0) look(search, state, trace)
  }
}

/** What was cut short does not count: it is not walked about in for long. */
const FEW_WALKS = 4
const FEW_STATES = 100

/**
 * Whether there is no use in going a call deeper, as there will be more states than may be looked at: each of the last
 * leads to as many new ones as those before led to them, less than half of which are the same in another order.
 *
 * @param sizes  by depth, how many states were new
 */
const isHopeless = (sizes: readonly number[], { states }: Effort): boolean => {
  const [before = 1, last = 0] = sizes.length > 1 ? sizes.slice(-2) : [2, ...sizes]
  const known = sizes.reduce((a, b) => a + b, 0)
  return known + (0.4 * last * last) / before > 1.5 * states
}

/** Looks for a way by which somebody comes to each of these queues. */
export const search = (
  begin: State,
  principal: Principal,
  targets: readonly string[],
  switches: Partial<Switches>,
  effort: Effort,
  random: () => number,
  prizes?: Prizes,
): Found => {
  const stack = Error.stackTraceLimit
  Error.stackTraceLimit = 0 // refusals come by the thousand, and nobody asks where they came from
  const it: Search = {
    principal,
    switches,
    prizes,
    targets: new Map(
      [...targets, ...(prizes?.names ?? [])].map((name) => [
        name,
        all(begin.tables.queues).find(({ uuid }) => nameIn(begin, uuid) === name)?.uuid,
      ]),
    ),
    witnesses: new Map(),
    looked: new Set(),
    visited: new Map(),
    refused: new Set(),
    counts: { calls: 0, paths: 0 },
    sample: [],
    random,
    states: effort.states,
    most: Infinity,
    cut: false,
  }
  const state = principal.begin(begin)
  let depth = 0
  if (it.targets.size > 0) {
    const gathered = effort.gathers === false ? undefined : saturate(it, state)
    if (gathered === undefined) look(it, state, [])
    it.most = it.counts.paths + effort.states
    let isWhole = false
    let sizes: readonly number[] = []
    for (let next = 1; next <= effort.depth && depth === next - 1 && !isDone(it) && !isWhole; next += 1) {
      const before = it.looked.size
      if (isHopeless(sizes, effort)) {
        it.cut = true
        break
      }
      it.visited.clear()
      it.cut = false
      explore(it, state, next, [], new Map())
      depth = isCut(it) ? depth : next
      // Where one call more comes to no state that was not come to before, none ever will.
      isWhole = !isCut(it) && it.looked.size === before
      sizes = [...sizes, it.looked.size - before]
    }
    if (isWhole) depth = effort.depth
    if (gathered !== undefined) undo(it, gathered.state, gathered.trace)
    const walks = isCut(it) ? Math.min(effort.walks, FEW_WALKS) : effort.walks
    for (let n = 0; n < walks && !isDone(it) && !isWhole; n += 1)
      if (n % 4 === 3 && gathered !== undefined) walk(it, gathered.state, random, gathered.trace)
      else walk(it, state, random, [])
  }
  Error.stackTraceLimit = stack
  return {
    witnesses: it.witnesses,
    depth: isDone(it) ? effort.depth : depth,
    counts: it.counts,
    sample: it.sample,
  }
}
