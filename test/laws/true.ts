import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import type { AccessChecked } from '../../src/model/result.js'
import type { State } from '../../src/sandbox/state.js'
import type { Switches } from '../../src/sandbox/switches.js'
import { lots } from '../attacker/lots.js'
import { withoutAPart } from '../attacker/parts.js'
import { organizationOf, outlines, type Organization } from '../attacker/organizations.js'
import type { Outline } from '../attacker/outline.js'
import { principalsOf, type Principal } from '../attacker/principals.js'
import { shrunk, told } from '../attacker/replay.js'
import { search, type Counts, type Effort, type Step } from '../attacker/search.js'
import { drawnSwitches, generous } from '../attacker/switches.js'
import { answered } from '../attacker/wire.js'
import { deep, law } from '../support/law.js'
import { admits, namesOf, privilegedIn, reachersOf, targetsOf, verdictOf, replayable } from './said.js'

/** What all cases of a run came to. */
const tally = {
  /** Those in which everything was tried for everybody. */
  organizations: 0,
  /** Those in which somebody can do so much that not all of it was tried, by how many calls in a row were. */
  cut: new Map<number, number>(),
  calls: 0,
  paths: 0,
  witnesses: 0,
  replayed: 0,
  refusals: 0,
  pairs: 0,
  open: 0,
  /** By path, how often a shortest path that was seen to be open goes over it. */
  over: new Map<string, number>(),
  /** By assumption, how often somebody came in because it failed. */
  failed: new Map<string, number>(),
}

const add = <K>(map: Map<K, number>, key: K) => map.set(key, (map.get(key) ?? 0) + 1)

/** Somebody else can do too much to try it all: of the others, the first things that come to mind are enough. */
const FEW = 100

/**
 * One organization, and whether the analyser tells the truth about it.
 *
 * @returns whether everything was tried for everybody
 */
const holdsTrue = async (
  organization: Organization,
  switches: Partial<Switches>,
  effort: Effort,
  random: () => number,
): Promise<boolean> => {
  const { outline, state } = organization
  const checked = await verdictOf(organization, switches)
  const queues = privilegedIn(outline)
  const invited = outline.invitations.map(({ name }) => name)
  let depth = effort.depth
  for (const principal of principalsOf(state, outline.people, invited)) {
    const targets = targetsOf(principal, outline, queues)
    if (targets.length === 0) continue
    const trying = depth < effort.depth ? { depth: 1, states: FEW, walks: 1 } : effort
    const found = search(state, principal, targets, switches, trying, random)
    count(found.counts)
    if (trying === effort) depth = Math.min(depth, found.depth)
    for (const [queue, steps] of found.witnesses) {
      tally.witnesses += 1
      if (!admits(checked, principal, outline, queue))
        expect.fail(missed(state, principal, steps, switches, queue, checked))
      noteWhy(checked, principal, outline, queue)
    }
    await sameOverTheWire(state, principal, found, switches, random)
    for (const queue of targets) {
      if (principal.kind === 'member') tally.pairs += 1
      const names = namesOf(principal, outline)
      const reacher = reachersOf(checked, queue).find(({ who }) => names.test(who))
      if (reacher?.shortest.sureness !== 'open') continue
      if (principal.kind === 'member') tally.open += 1
      if (
        found.witnesses.has(queue) ||
        !reacher.shortest.hops.every(({ path }) => path === 'rule' || replayable.has(path))
      )
        continue
      const again = [{}, generous].some((other) => {
        const more = search(state, principal, [queue], other, effort, random)
        count(more.counts)
        return more.witnesses.size > 0
      })
      if (!again)
        expect.fail(
          [
            `${reacher.who} is said to reach ${queue}, and does not:`,
            ...reacher.shortest.hops.map(({ path, says }) => `  ${path} ${says}`),
          ].join('\n'),
        )
    }
  }
  const isWhole = depth === effort.depth
  if (isWhole) tally.organizations += 1
  else add(tally.cut, depth)
  return isWhole
}

const count = ({ calls, paths }: Counts) => {
  tally.calls += calls
  tally.paths += paths
}

const noteWhy = (checked: AccessChecked, principal: Principal, outline: Outline, queue: string) => {
  const names = namesOf(principal, outline)
  const reacher = reachersOf(checked, queue).find(({ who }) => names.test(who))
  for (const { path, assumes, accepted } of reacher?.shortest.hops ?? []) {
    if (path !== 'rule') add(tally.over, path)
    if (assumes && accepted !== true) add(tally.failed, assumes.finding)
  }
}

const missed = (
  state: State,
  principal: Principal,
  steps: readonly Step[],
  switches: Partial<Switches>,
  queue: string,
  checked: AccessChecked,
): string => {
  const verdict = checked.queues.find((one) => one.queue === `queue:${queue}`)?.verdict ?? 'none'
  return [
    `${principal.kind} ${principal.who} reaches ${queue}, which is said to be ${verdict} to them:`,
    ...told(shrunk(state, principal, steps, switches, queue)).map((line) => `  ${line}`),
  ].join('\n')
}

/** What was let and what was refused is so for those who ask over the wire, too. */
const sameOverTheWire = async (
  state: State,
  principal: Principal,
  { witnesses, sample }: ReturnType<typeof search>,
  switches: Partial<Switches>,
  random: () => number,
) => {
  const [first] = witnesses
  if (first !== undefined && random() < (principal.user === undefined ? 0.1 : 0.5)) {
    const [queue, steps] = first
    const short = shrunk(state, principal, steps, switches, queue)
    for await (const said of answered(state, principal, short, switches)) {
      tally.replayed += 1
      expect(said.wire, `${said.move} over the wire`).toBe(said.layer)
    }
  }
  for (const { state: at, move } of sample)
    for await (const said of answered(at, { ...principal, begin: (it) => it }, [move], switches)) {
      tally.refusals += 1
      expect(said.wire, `${said.move} over the wire`).toBe(said.layer)
    }
}

/** Organizations about which somebody was wrong once. */
const cases = new URL('../attacker/cases/', import.meta.url)

interface Case {
  readonly name: string
  readonly outline: Outline
  readonly switches: Partial<Switches>
}

const effort: Effort = deep ? { depth: 3, states: 800, walks: 50 } : { depth: 3, states: 400, walks: 5 }

/** The cases that were found first. */
export const truthOfCases = () => {
  test.each(
    readdirSync(cases).map((file): [string, Case] => {
      const one = JSON.parse(readFileSync(new URL(file, cases), 'utf8')) as Case
      return [one.name, one]
    }),
  )('%s', async (_, { outline, switches }) => {
    await holdsTrue(organizationOf(outline), switches, { depth: 3, states: 600, walks: 8 }, lots(1))
  })
}

/**
 * The law, for organizations drawn at random. One that was cut short does not count: another is drawn instead.
 *
 * @param part  which of two halves: they run beside each other
 */
export const truth = (part: 0 | 1) => {
  law(
    'what is said about access is true',
    fc.tuple(outlines, drawnSwitches, fc.nat()),
    async ([outline, switches, seed]) => {
      const falseOf = async (one: Outline) => {
        try {
          return { isWhole: await holdsTrue(organizationOf(one), switches, effort, lots(seed)) }
        } catch (error) {
          return { said: error instanceof Error ? error.message : String(error) }
        }
      }
      const { said, isWhole } = await falseOf(outline)
      if (said !== undefined)
        expect.fail(await smallest(outline, switches, said, async (one) => (await falseOf(one)).said))
      fc.pre(isWhole)
    },
    150,
    { few: 18, seconds: 3000, shrinks: false, part },
  )

  afterAll(() => {
    console.info(figures())
    const share = tally.open / tally.pairs
    expect(share, 'of all that members could reach, a quarter to three quarters is open').toBeGreaterThan(
      0.25,
    )
    expect(share).toBeLessThan(0.75)
  })
}

/** Takes parts away for as long as something is still not true, and says it as a case that can be kept. */
const smallest = async (
  outline: Outline,
  switches: Partial<Switches>,
  said: string,
  falseOf: (outline: Outline) => Promise<string | undefined>,
): Promise<string> => {
  let [now, says] = [outline, said]
  for (let smaller = true; smaller;) {
    smaller = false
    for (const next of withoutAPart(now)) {
      const still = await falseOf(next)
      if (still === undefined) continue
      ;[now, says, smaller] = [next, still, true]
      break
    }
  }
  return [says, 'as test/attacker/cases/….json:', JSON.stringify({ name: '', outline: now, switches })].join(
    '\n',
  )
}

const sorted = <K>(map: ReadonlyMap<K, number>) =>
  [...map]
    .sort(([, a], [, b]) => b - a)
    .map(([key, n]) => `${String(key)} ${n}`)
    .join(', ')

const figures = (): string => {
  const { organizations, cut, calls, paths, witnesses, replayed, refusals, over, failed } = tally
  return [
    `${organizations} organizations in which everything was tried for everybody, ${calls} calls, ${paths} paths tried in ${Math.round(performance.now() / 1000)} s; cut short, at depth: ${sorted(cut)}`,
    `${witnesses} ways in; ${replayed} calls of them and ${refusals} refusals asked again over the wire`,
    `shortest ways in went over: ${sorted(over)}`,
    `and rested on what did not hold: ${sorted(failed)}`,
  ].join('\n')
}
