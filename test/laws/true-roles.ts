import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import type { AccessChecked } from '../../src/model/result.js'
import type { Hop } from '../../src/model/verdict.js'
import type { Switches } from '../../src/sandbox/switches.js'
import { lots } from '../attacker/lots.js'
import { withoutAPart } from '../attacker/parts.js'
import { organizationOf, type Organization } from '../attacker/organizations.js'
import type { Outline } from '../attacker/outline.js'
import { principalsOf, type Principal } from '../attacker/principals.js'
import { shrunk, told } from '../attacker/replay.js'
import { trying, type Trying } from '../attacker/roles.js'
import { outlinesWithRoles } from '../attacker/roles-drawn.js'
import { search, type Effort, type Prizes, type Step } from '../attacker/search.js'
import { drawnSwitches, generous } from '../attacker/switches.js'
import { deep, law } from '../support/law.js'
import { admits, namesOf, reachersOfRole, rolesFor, verdictOf, replayable } from './said.js'

// Law 9 for roles of AWS: whoever has code of theirs in some job tries to become every role, and whom the analyser
// keeps out of one never has it.

const tally = {
  organizations: 0,
  /** Those in which there was a role to judge. */
  judged: 0,
  roles: 0,
  asked: 0,
  had: 0,
  /** Pairs of somebody and a role that is not for them, and how many of these were had, and are open. */
  pairs: 0,
  won: 0,
  open: 0,
  over: new Map<string, number>(),
}

const add = <K>(map: Map<K, number>, key: K) => map.set(key, (map.get(key) ?? 0) + 1)

const effort: Effort = { depth: 1, states: 100, walks: 1 }

const prizesOf = ({ rolesOf }: Trying, names: readonly string[]): Prizes => ({
  names: names.map((role) => `role:${role}`),
  had: (state, hand) => rolesOf(state, hand).map((role) => `role:${role}`),
})

/** For whoever is said to come in, and has not. */
const harder: Effort = { depth: 2, states: 300, walks: 8 }

/** Who connects agents of their own is given jobs where there are some, and from these comes to the machines. */
const isIdle = ({ pipelines }: Outline, hops: readonly Hop[]): boolean =>
  hops.some(
    ({ path }, at) =>
      path === 'R56' &&
      ['R24', 'R26', 'R32'].includes(hops[at - 1]?.path ?? '') &&
      Object.values(pipelines).every(
        ({ cluster, archived }) =>
          archived || !hops[at]?.from.some((of) => of.includes(`:${cluster ?? ''}/`)),
      ),
  )

/** One organization, and whether the analyser tells the truth about its roles. */
const holdsTrue = async (
  organization: Organization,
  switches: Partial<Switches>,
  random: () => number,
): Promise<void> => {
  const { outline, state } = organization
  if (outline.aws === undefined) return
  const checked = await verdictOf(organization, switches)
  tally.organizations += 1
  tally.roles += checked.roles?.length ?? 0
  if (checked.roles === undefined) return
  tally.judged += 1
  const attempts = trying(state, outline.aws)
  const invited = outline.invitations.map(({ name }) => name)
  for (const principal of principalsOf(state, outline.people, invited)) {
    const roles = rolesFor(principal, checked)
    if (roles.length === 0) continue
    const prizes = prizesOf(attempts, roles)
    const found = search(state, principal, [], switches, effort, random, prizes)
    tally.pairs += roles.length
    for (const role of roles) {
      const steps = found.witnesses.get(`role:${role}`)
      if (steps !== undefined) {
        tally.won += 1
        if (!admits(checked, principal, outline, role, 'role'))
          expect.fail(missed(organization, principal, steps, switches, role, prizes, checked))
      }
      const names = namesOf(principal, outline)
      const reacher = reachersOfRole(checked, role).find(({ who }) => names.test(who))
      if (reacher === undefined) continue
      if (steps !== undefined) for (const path of reacher.shortest.numbers) add(tally.over, path)
      if (reacher.shortest.sureness !== 'open') continue
      tally.open += 1
      const { hops } = reacher.shortest
      if (steps !== undefined || !hops.every(({ path }) => path === 'rule' || replayable.has(path))) continue
      if (isIdle(outline, hops)) continue
      const again = [switches, {}, generous].some((other) =>
        search(state, principal, [], other, harder, random, prizes).witnesses.has(`role:${role}`),
      )
      if (!again)
        expect.fail(
          [
            `${reacher.who} is said to have role:${role}, and does not:`,
            ...hops.map(({ path, says }) => `  ${path} ${says}`),
          ].join('\n'),
        )
    }
  }
  tally.asked += attempts.counts.calls
  tally.had += attempts.counts.had
}

const missed = (
  { state }: Organization,
  principal: Principal,
  steps: readonly Step[],
  switches: Partial<Switches>,
  role: string,
  prizes: Prizes,
  { roles = [] }: AccessChecked,
): string => {
  const verdict = roles.find((one) => one.role === `role:${role}`)?.verdict ?? 'none'
  return [
    `${principal.kind} ${principal.who} has role:${role}, which is said to be ${verdict} to them:`,
    ...told(shrunk(state, principal, steps, switches, `role:${role}`, prizes)).map((line) => `  ${line}`),
  ].join('\n')
}

/** Organizations about which somebody was wrong once. */
const cases = new URL('../attacker/role-cases/', import.meta.url)

interface Case {
  readonly name: string
  readonly outline: Outline
  readonly switches: Partial<Switches>
}

export const roleCases = () => {
  test.each(
    readdirSync(cases).map((file): [string, Case] => {
      const one = JSON.parse(readFileSync(new URL(file, cases), 'utf8')) as Case
      return [one.name, one]
    }),
  )('%s', async (_, { outline, switches }) => {
    await holdsTrue(organizationOf(outline), switches, lots(1))
  })
}

export const truthOfRoles = () => {
  law(
    'what is said about roles is true',
    fc.tuple(outlinesWithRoles, drawnSwitches, fc.nat()),
    async ([outline, switches, seed]) => {
      const falseOf = async (one: Outline) => {
        try {
          await holdsTrue(organizationOf(one), switches, lots(seed))
          return undefined
        } catch (error) {
          return error instanceof Error ? error.message : String(error)
        }
      }
      const said = await falseOf(outline)
      if (said !== undefined) expect.fail(await smallest(outline, switches, said, falseOf))
    },
    80,
    { few: 16, seconds: 900, shrinks: false },
  )
  afterAll(() => {
    console.info(figures())
    if (!deep) return // a few organizations may all be of one sort
    const { won, pairs, over } = tally
    expect(won / pairs, 'of all that is not for somebody, a sensible share is had').toBeGreaterThan(0.15)
    expect(won / pairs).toBeLessThan(0.85)
    for (const path of ['R55', 'R56', 'R57'] as const)
      expect(over.get(path) ?? 0, `somebody has a role by ${path}`).toBeGreaterThan(0)
  })
}

/** Takes parts away for as long as something is still not true, and says it as a case that can be kept. */
const smallest = async (
  outline: Outline,
  switches: Partial<Switches>,
  said: string,
  falseOf: (outline: Outline) => Promise<string | undefined>,
): Promise<string> => {
  const sort = (text: string) => /is said to have|, which is said to be/.exec(text)?.[0]
  let [now, says] = [outline, said]
  for (let smaller = true; smaller;) {
    smaller = false
    for (const next of withoutAPart(now)) {
      const still = await falseOf(next)
      if (still === undefined || sort(still) !== sort(said)) continue
      ;[now, says, smaller] = [next, still, true]
      break
    }
  }
  return [
    says,
    'as test/attacker/role-cases/….json:',
    JSON.stringify({ name: '', outline: now, switches }),
  ].join('\n')
}

const figures = () => {
  const { organizations, judged, roles, asked, had, pairs, won, open, over } = tally
  const ways = [...over].sort(([, a], [, b]) => b - a).map(([path, n]) => `${path} ${n}`)
  return [
    `${organizations} organizations, ${judged} of them with ${roles} roles to judge, in ${Math.round(performance.now() / 1000)} s${deep ? ', deep' : ''}`,
    `${asked} calls of AWS tried, ${had} let; of ${pairs} pairs of somebody and a role that is not for them ${won} were had, ${open} are open`,
    `shortest ways went over: ${ways.join(', ')}`,
  ].join('\n')
}
