import type { Address } from '../model/address.js'
import type { Made, ReadyCall } from '../model/call.js'
import type { Barrier, Step } from '../model/plan.js'
import { Refusal } from '../model/refusal.js'
import type { Outcome } from '../model/result.js'
import { ready } from './ready.js'
import { keepersOf } from './secret.js'
import { signing, type Signing } from './sign.js'

/** Whoever can send a call: the one thing in bridle that changes an organization. */
export interface Writer {
  /** @param how  `evenStopping`: sent although a person has asked to stop, as it takes back what would be left half done */
  send(call: ReadyCall, address: Address, how?: { readonly evenStopping?: boolean }): Promise<Made>
}

export interface CarryingOut {
  readonly writer: Writer
  /** What the API calls the things that are there. */
  readonly known: ReadonlyMap<Address, Made>
  /** Places that steps come after, and that something has to be proved at. */
  readonly barriers?: readonly Barrier[]
  /** Reads and proves again what a barrier stands for. @returns why nothing may go past it */
  readonly prove?: (barrier: Barrier) => Promise<string | undefined>
  /** What policies are signed with, where something is to be signed. */
  readonly signing?: Signing | undefined
  /** How many calls may be under way at once. */
  readonly abreast: number
  /** Aborted when a person asks to stop: what is under way is finished, nothing new begins. */
  readonly signal?: AbortSignal | undefined
  /** What o'clock it is, as ISO says it: for times that a plan counts from when it is carried out. */
  readonly now?: (() => string) | undefined
  /**
   * Told of each outcome as it comes, and of what the answer calls the thing that the call was about. What is taken back
   * is told of twice.
   */
  readonly onOutcome?: ((outcome: Outcome, made?: Omit<Made, 'secret'>) => void) | undefined
}

/** After one of these the next call would only hear the same. */
const endOfConversation = new Set<Refusal['reason']>([
  'unauthenticated',
  'unreachable',
  'untrusted-endpoint',
  'wrong-account',
])

/**
 * Carries out steps, each after those that it waits for, others side by side. What waits for a failed step is not
 * attempted; the rest goes on. A barrier is passed when everything before it has succeeded and its proof holds. What said
 * a secret is taken back at once where nothing has kept it.
 *
 * @returns what became of each step, in the order of the steps
 */
export const carryOut = async (steps: readonly Step[], how: CarryingOut): Promise<Outcome[]> => {
  const known = new Map(how.known)
  const signed = signing(how.signing)
  const outcomes = new Map<string, Outcome>()
  const all: readonly (Step | Barrier)[] = [...(how.barriers ?? []), ...steps]
  const waitsFor = new Map(all.map((one) => [one.id, new Set(one.after)]))
  const waiters = new Map(all.map((one): [string, string[]] => [one.id, []]))
  for (const one of all) for (const id of one.after) waiters.get(id)?.push(one.id)
  const byId = new Map(all.map((one) => [one.id, one]))
  const rank = new Map(all.map((one, i) => [one.id, i]))
  const keepers = keepersOf(steps)

  const startable = ordered(rank)
  for (const one of all) if (one.after.length === 0) startable.add(one.id)
  const underWay = new Set<Promise<void>>()
  const takenBack = new Set<string>()
  let over: string | undefined
  let bug: unknown

  const settle = (outcome: Outcome, made: Made = {}) => {
    if (outcomes.has(outcome.step)) return
    outcomes.set(outcome.step, outcome)
    if (isStep(byId.get(outcome.step))) how.onOutcome?.(outcome, withoutSecret(made))
    for (const waiter of waiters.get(outcome.step) ?? []) {
      if (outcome.state === 'done') {
        const left = waitsFor.get(waiter)
        left?.delete(outcome.step)
        if (left?.size === 0) startable.add(waiter)
      } else if (outcome.state === 'interrupted') settle({ step: waiter, state: 'interrupted' })
      else settle({ step: waiter, state: 'skipped', why: root(outcome) })
    }
  }

  /** What a refusal says, without anything that was said once: whoever refuses may quote what was said. */
  const clean = (text: string): string =>
    [...known.values()].reduce(
      (clean, { secret }) => (secret === undefined ? clean : clean.replaceAll(secret, '…redacted')),
      text,
    )

  /** The steps that have said a secret which certainly nothing has kept, or ever will. */
  const lost = (): Step[] =>
    [...keepers].flatMap(([id, keeping]) => {
      const step = byId.get(id)
      const isLost =
        outcomes.get(id)?.state === 'done' &&
        !takenBack.has(id) &&
        keeping.every((keeper) => keepsNothing.has(outcomes.get(keeper)?.state))
      return isLost && isStep(step) ? [step] : []
    })

  const takeBack = async ({ id, address, call: { undo } }: Step) => {
    takenBack.add(id)
    const why = keepers.get(id)?.[0]
    if (undo === undefined || why === undefined) return
    let outcome: Outcome = { step: id, state: 'undone', why }
    try {
      await how.writer.send(ready(undo, known, how.now), address, { evenStopping: true })
    } catch (error) {
      if (!(error instanceof Refusal)) {
        bug ??= error
        return
      }
      outcome = { step: id, state: 'done', why: `and could not be taken back: ${clean(error.message)}` }
    }
    outcomes.set(id, outcome)
    how.onOutcome?.(outcome)
  }

  const under = (work: Promise<void>) => {
    const running: Promise<void> = work.finally(() => underWay.delete(running))
    underWay.add(running)
  }

  const pass = async (barrier: Barrier) => {
    const why = await how.prove?.(barrier)
    settle(
      why === undefined ? { step: barrier.id, state: 'done' } : { step: barrier.id, state: 'skipped', why },
    )
  }

  const run = async (step: Step | Barrier) => {
    try {
      if (!isStep(step)) {
        await pass(step)
        return
      }
      const made = await how.writer.send(await signed(ready(step.call, known, how.now)), step.address)
      if (step.call.aside !== true) known.set(step.address, { ...known.get(step.address), ...made })
      settle({ step: step.id, state: 'done' }, step.call.aside === true ? {} : made)
    } catch (error) {
      if (!(error instanceof Refusal)) {
        bug ??= error
        return
      }
      if (endOfConversation.has(error.reason)) over ??= step.id
      const outcome = outcomeOf(step.id, error, clean)
      // A barrier that could not be proved tells why: what waits for it has nothing else to name.
      settle(isStep(step) || outcome.state === 'interrupted' ? outcome : { ...outcome, state: 'skipped' })
    }
  }

  for (;;) {
    const stopping = how.signal?.aborted === true || over !== undefined || bug !== undefined
    while (!stopping && underWay.size < how.abreast) {
      const step = byId.get(startable.take() ?? '')
      if (step === undefined) break
      under(run(step))
    }
    for (const step of lost()) under(takeBack(step))
    if (underWay.size === 0) break
    await Promise.race(underWay)
  }

  for (const step of steps)
    if (!outcomes.has(step.id))
      outcomes.set(
        step.id,
        over === undefined
          ? { step: step.id, state: 'interrupted' }
          : { step: step.id, state: 'skipped', why: over },
      )
  for (const step of lost()) await takeBack(step)
  // A bug is thrown only now, when nothing is under way any more.
  if (bug !== undefined) throw bug as Error
  return steps.map((step) => outcomes.get(step.id) ?? { step: step.id, state: 'interrupted' })
}

/** The step that is really to blame: a chain of skipped steps names its first cause. */
const root = (outcome: Outcome): string =>
  outcome.state === 'skipped' && outcome.why !== undefined ? outcome.why : outcome.step

const isStep = (one: Step | Barrier | undefined): one is Step => one !== undefined && 'call' in one

const withoutSecret = (made: Made): Omit<Made, 'secret'> =>
  Object.fromEntries(Object.entries(made).filter(([field]) => field !== 'secret'))

/** What came of a step that was to keep a secret, where it certainly did not; a lost answer is none of these. */
const keepsNothing: ReadonlySet<Outcome['state'] | undefined> = new Set(['failed', 'skipped', 'interrupted'])

const outcomeOf = (step: string, refusal: Refusal, clean: (text: string) => string): Outcome =>
  refusal.reason === 'interrupted' && !refusal.perhapsDone
    ? { step, state: 'interrupted' }
    : {
        step,
        state: refusal.perhapsDone ? 'unclear' : 'failed',
        why: clean(refusal.message),
        ...(refusal.requestId === undefined ? {} : { requestId: refusal.requestId }),
      }

/** The steps that may begin, first in the plan first. */
const ordered = (rank: ReadonlyMap<string, number>) => {
  // Kept backwards, so that taking the first is taking the last of the array.
  const waiting: string[] = []
  const at = (id: string | undefined) => rank.get(id ?? '') ?? 0
  return {
    add: (id: string) => {
      let low = 0
      let high = waiting.length
      while (low < high) {
        const middle = (low + high) >> 1
        if (at(waiting[middle]) > at(id)) low = middle + 1
        else high = middle
      }
      waiting.splice(low, 0, id)
    },
    take: () => waiting.pop(),
  }
}
