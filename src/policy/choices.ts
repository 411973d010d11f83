import { beginning, onlyText, overflow, readerOf, type Pattern, type Reader, type Takes } from './pattern.js'
import { isOne, type Texts } from './value.js'

/** Texts to try, so that whatever can be told apart by the patterns is among them. */
export interface Choices {
  readonly texts: readonly string[]
  /** False where there was too much to look through: other texts may behave otherwise. */
  readonly whole: boolean
}

/** More than this is not looked through: it takes patterns made to be hard. */
const mostStates = 20_000

/** One of each kind, so that classes are told apart; letters first, since people read what is found. */
const kinds = ['xyzwvutsrqpomnlkjihgXYZQ_', '0123456789abcdef', ':', '/ ~!#%&<>;|^$(){}[]"\'`\\*?']

/**
 * For every combination of patterns that one text can meet at once (and others not), one such text. It is a walk
 * through all machines side by side: what they tell apart are the units that they wait for, and one other will do for
 * all the rest.
 */
export const choices = (from: Texts, patterns: readonly Pattern[]): Choices => {
  if (from.rest.length === 0) return { texts: isOne(from, from.begins) ? [from.begins] : [], whole: true }
  const machines: Machine[] = []
  for (const pattern of patterns) {
    const only = onlyText(pattern)
    if (only !== undefined && !isOne(from, only)) continue
    const state = isAll(pattern) ? overflow : stateAfter(pattern, from.begins)
    if (state === overflow) continue
    if (!readerOf(pattern).isDead(state) && mayMeet(from.rest, pattern, state))
      machines.push({ pattern, state, keepsOut: false })
  }
  for (const pattern of from.but ?? [])
    machines.push({ pattern, state: stateAfter(pattern, from.begins), keepsOut: true })
  const { texts, whole } = remembered(from.rest, machines)
  return { texts: texts.map((text) => from.begins + text), whole }
}

/** A pattern that reads along, from the state that it is in after what all the texts begin with. */
interface Machine {
  readonly pattern: Pattern
  readonly state: number
  readonly keepsOut: boolean
}

const isAll = ([first, ...more]: Pattern): boolean =>
  first?.takes === 'any' && first.many && more.length === 0

const stateAfter = (pattern: Pattern, text: string): number => {
  const reader = readerOf(pattern)
  let state = reader.start
  for (let at = 0; at < text.length && state !== overflow; at++)
    state = reader.step(state, text.charCodeAt(at))
  return state
}

/** False where already the fixed beginning of a pattern keeps it from all of the texts. */
const mayMeet = (rest: Pattern, pattern: Pattern, state: number): boolean => {
  if (state !== readerOf(pattern).start) return true
  const after = stateAfter(rest, beginning(pattern))
  return after === overflow || !readerOf(rest).isDead(after)
}

const numbers = new WeakMap<Pattern, number>()
let last = 0
const numberOf = (pattern: Pattern): number => {
  const number = numbers.get(pattern) ?? ++last
  numbers.set(pattern, number)
  return number
}

/** The same walk is asked for by each of thousands of pipelines, whose subjects differ in their beginnings only. */
const walks = new WeakMap<Pattern, Map<string, Choices>>()

const remembered = (rest: Pattern, machines: readonly Machine[]): Choices => {
  const owner = machines[0]?.pattern ?? rest
  const known = walks.get(owner) ?? new Map<string, Choices>()
  walks.set(owner, known)
  const key = [
    numberOf(rest),
    ...machines.map(({ pattern, state, keepsOut }) => `${numberOf(pattern)}${keepsOut ? '!' : '@'}${state}`),
  ].join()
  const found = known.get(key) ?? walk(rest, machines)
  known.set(key, found)
  return found
}

interface Step {
  readonly rest: number
  readonly states: readonly number[]
  readonly text: string
}

const walk = (rest: Pattern, machines: readonly Machine[]): Choices => {
  const reader = readerOf(rest)
  const readers = machines.map(({ pattern }) => readerOf(pattern))
  const found = new Map<string, string>()
  const first: Step = { rest: reader.start, states: machines.map(({ state }) => state), text: '' }
  const seen = new Set([`${first.rest}:${first.states.join()}`])
  let whole = !first.states.includes(overflow)

  const end = (states: readonly number[], text: string) => {
    const met = readers.map((one, at) => one.accepts(states[at] ?? 0))
    if (met.some((so, at) => so && machines[at]?.keepsOut)) return
    const key = met.join()
    if (!found.has(key)) found.set(key, text)
  }

  let steps: Step[] = whole ? [first] : []
  while (steps.length > 0) {
    const after: Step[] = []
    for (const step of steps) {
      // Where no machine can change its mind any more, the shortest end will do.
      if (readers.every((one, at) => one.isSettled(step.states[at] ?? 0))) {
        const ending = reader.finish(step.rest)
        if (ending !== undefined) end(step.states, step.text + ending)
        continue
      }
      if (reader.accepts(step.rest)) end(step.states, step.text)
      for (const code of unitsAt(reader, readers, step)) {
        const next = reader.step(step.rest, code)
        const states = readers.map((one, at) => one.step(step.states[at] ?? 0, code))
        if (next === overflow || states.includes(overflow)) whole = false
        else if (!reader.isDead(next)) {
          const key = `${next}:${states.join()}`
          if (seen.has(key)) continue
          if (seen.size >= mostStates) return { texts: [...found.values()], whole: false }
          seen.add(key)
          after.push({ rest: next, states, text: step.text + String.fromCharCode(code) })
        }
      }
    }
    steps = after
  }
  return { texts: [...found.values()], whole }
}

/** The units that one of the machines waits for, and one of each kind of the others. */
const unitsAt = (reader: Reader, readers: readonly Reader[], { rest, states }: Step): Iterable<number> => {
  const named = new Set<number>()
  const classes = new Set<Takes>()
  const gather = (takes: readonly Takes[]) => {
    for (const one of takes)
      if (typeof one === 'string') classes.add(one)
      else for (const code of one) named.add(code)
  }
  gather(reader.next(rest))
  // Where only certain units go on at all, no others need be tried.
  if (classes.size === 0) return named
  readers.forEach((one, at) => gather(one.next(states[at] ?? 0)))
  const others =
    classes.size === 1 && classes.has('any')
      ? [otherThan(named, kinds.join(''))]
      : kinds.map((kind, at) => otherThan(named, kind, at === kinds.length - 1))
  return [...others.filter((code) => code !== undefined), ...named]
}

const otherThan = (named: ReadonlySet<number>, kind: string, endless = true): number | undefined => {
  for (let at = 0; at < kind.length; at++) if (!named.has(kind.charCodeAt(at))) return kind.charCodeAt(at)
  let code = 0x100
  while (named.has(code)) code++
  return endless ? code : undefined
}

/** Whether nothing is kept from being chosen. */
export const isAnything = ({ begins, rest, but }: Texts): boolean =>
  begins === '' && isAll(rest) && but === undefined

/** The one text that there is to choose; undefined where there are more. */
export const onlyOf = ({ begins, rest }: Texts): string | undefined => {
  const text = onlyText(rest)
  return text === undefined ? undefined : begins + text
}
