import type { State } from '../../src/sandbox/state.js'
import type { Switches } from '../../src/sandbox/switches.js'
import { all } from '../../src/sandbox/table.js'
import { after } from './moves.js'
import type { Principal } from './principals.js'
import { nameIn, pass, placesOf, type Prizes, type Step } from './search.js'

/** Plays a witness again. What is refused is passed over. */
const replay = (
  begin: State,
  principal: Principal,
  steps: readonly Step[],
  switches: Partial<Switches>,
  prizes: Prizes | undefined,
): readonly string[] => {
  let state = principal.begin(begin)
  for (const step of steps)
    state =
      step === 'settle'
        ? pass(state, { principal, switches })
        : (after(state, step, principal, switches) ?? state)
  const places = placesOf(state, principal)
  const queues = all(begin.tables.queues).flatMap(({ uuid }) => {
    const name = nameIn(begin, uuid) ?? ''
    return places.includes(name) || places.includes(nameIn(state, uuid) ?? '') ? [name] : []
  })
  return [...queues, ...(prizes?.had(state, principal.hand) ?? [])]
}

/** The fewest steps of a witness that still come to the queue, or the prize. */
export const shrunk = (
  begin: State,
  principal: Principal,
  steps: readonly Step[],
  switches: Partial<Switches>,
  wanted: string,
  prizes?: Prizes,
): readonly Step[] => {
  let left = steps
  const works = (some: readonly Step[]) => replay(begin, principal, some, switches, prizes).includes(wanted)
  for (let size = Math.ceil(steps.length / 2); size > 0; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = 0; at < left.length;) {
      const without = [...left.slice(0, at), ...left.slice(at + size)]
      if (works(without)) left = without
      else at += size
    }
  return left
}

/** Steps as somebody reads them, one after the other. */
export const told = (steps: readonly Step[]) =>
  steps.map((step) =>
    step === 'settle'
      ? 'time passes'
      : 'call' in step
        ? `${step.call} ${JSON.stringify(step.input)}`
        : JSON.stringify(step.event),
  )
