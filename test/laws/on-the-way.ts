import { stringify } from 'yaml'
import { whoComes } from '../../src/access/coming.js'
import { groundOf } from '../../src/access/ground.js'
import { reachesOf } from '../../src/access/judge.js'
import { rankOf } from '../../src/access/sureness.js'
import { ready } from '../../src/apply/ready.js'
import type { Sandbox } from '../../src/sandbox/index.js'
import type { Made } from '../../src/model/call.js'
import { grantKey, type Grant } from '../../src/model/grant.js'
import type { Address } from '../../src/model/address.js'
import type { Barrier, Step } from '../../src/model/plan.js'
import type { Finding } from '../../src/model/finding.js'
import type { Wanted } from '../../src/model/wanted.js'
import { diff } from '../../src/plan/diff.js'
import { liveFacts } from '../../src/plan/facts.js'
import { order } from '../../src/plan/order.js'
import { renamed } from '../../src/plan/renames.js'
import { resolved } from '../../src/plan/resolve.js'
import { survey as surveyOf, type Survey } from '../../src/plan/survey.js'
import { readOrganization } from '../../src/plan/who.js'
import { declare } from '../../src/workflow/declare.js'
import { groundsOn, type Grounds } from '../../src/workflow/ground.js'
import { begin } from '../../src/workflow/plan.js'
import type { Telling, World } from '../../src/workflow/world.js'
import { filesOf } from '../support/files.js'
import { telling, token } from '../support/ground.js'

const now = '2026-11-22T00:00:00.000Z'

const filesWith = (declaration: object) => filesOf({ 'bridle.yaml': stringify(declaration) })

const worldOn = (it: Sandbox, declaration: object): World<Telling> => ({
  files: filesWith(declaration),
  root: 'bridle.yaml',
  today: now.slice(0, 10),
  connect: (wanted) => telling(it, wanted),
})

/** What the files of a declaration ask for. */
export const wantedIn = (declaration: object): Wanted => {
  const { wanted, findings } = declare({
    files: filesWith(declaration),
    root: 'bridle.yaml',
    today: now.slice(0, 10),
  })
  if (wanted === undefined) throw new Error(findings.map(({ code, what }) => `${code}: ${what}`).join('\n'))
  return wanted
}

/** A plan with everything that carrying it out by hand takes. */
export interface Drawn {
  readonly wanted: Wanted
  readonly steps: readonly Step[]
  readonly barriers: readonly Barrier[]
  readonly known: ReadonlyMap<Address, Made>
  readonly findings: readonly Finding[]
  /** The same calls, in an order that knows of creations and names alone. */
  readonly unguarded: readonly Step[]
}

/** The plan that `apply` would carry out, with the word that widening takes. */
export const drawUp = async (it: Sandbox, declaration: object): Promise<Drawn | readonly Finding[]> => {
  const begun = await begin(worldOn(it, declaration), { maxRemoved: Infinity, allowWidening: true }, 'apply')
  if (!('derived' in begun)) return begun
  const { making, read } = begun.derived
  if (making === undefined || read === undefined) return begun.findings
  const { wanted, findings } = begun
  const ordered = order(diff(resolved(wanted, read.survey), read.survey).differences)
  if (!('steps' in ordered)) throw new Error('without anything at stake, every order is safe')
  const { steps, barriers = [] } = making.plan
  return { wanted, steps, barriers, known: making.known, findings, unguarded: ordered.steps }
}

const surveyIn = async (it: Sandbox, wanted: Wanted, as: string): Promise<Survey> => {
  const reader = telling(it, wanted, { token: as }).reader()
  return surveyOf(reader, await readOrganization(reader), wanted)
}

/** What an organization is judged on, as it is, by what files want of it. */
export const groundsIn = async (it: Sandbox, wanted: Wanted, as = token): Promise<Grounds> => {
  const survey = await surveyIn(it, wanted, as)
  const facts = liveFacts({ ...survey, live: renamed(wanted, survey).live }, wanted)
  return groundsOn(wanted, { facts, basis: { on: 'plan' } }, now, [])
}

/**
 * Whoever reaches a privileged queue by now and is not allowed, as `user:ada@acme.test on queue:production/deploy`: for
 * certain, and as far as nobody has accepted what it would take. Who is certain is among both.
 */
export interface Strangers {
  readonly open: ReadonlySet<string>
  readonly assumed: ReadonlySet<string>
}

const strangersIn = async (it: Sandbox, wanted: Wanted): Promise<Strangers> => {
  const { access, judging } = await groundsIn(it, wanted)
  const { graph } = access
  const reaching = (sureness: 'open' | 'assumed') =>
    new Set(
      reachesOf(groundOf(access, judging), judging.borders).flatMap((one) =>
        whoComes(graph, one, rankOf(sureness))
          .filter((who) => !one.border.allowed.has(who))
          .map((who) => `${who} on ${one.border.on}`),
      ),
    )
  return { open: reaching('open'), assumed: reaching('assumed') }
}

/** The edges over which somebody comes to a privileged queue for certain, each once, as they would be told apart. */
export const openEdgesIn = async (it: Sandbox, wanted: Wanted): Promise<ReadonlySet<string>> => {
  const { access } = await groundsIn(it, wanted)
  return new Set(access.graph.edges.filter(({ assumes }) => assumes === undefined).map(nameOfEdge))
}

/** An edge or a hop, by everything but where its facts were read. */
export const nameOfEdge = ({
  path,
  from,
  to,
  facts,
}: {
  readonly path: string
  readonly from: readonly string[]
  readonly to: string
  readonly facts: readonly Grant[]
}): string => [path, ...from, to, ...facts.map(grantKey)].join('\n')

/** A place on the way: what has been sent, and what is there then. */
interface Halfway {
  readonly it: Sandbox
  readonly known: ReadonlyMap<Address, Made>
}

const sent = async ({ it, known }: Halfway, { call, address }: Step, wanted: Wanted): Promise<Halfway> => {
  const after = it.fork()
  const made = await telling(after, wanted).writer.send(ready(call, known), address)
  return { it: after, known: new Map(known).set(address, { ...known.get(address), ...made }) }
}

/**
 * The sets of steps that are closed under an order, smallest first: what an apply can have sent when it stops, whichever
 * calls failed.
 *
 * @param most  no more than these
 * @returns `whole` if that is all of them
 */
export const statesOf = (
  steps: readonly Step[],
  barriers: readonly Barrier[],
  most: number,
): { readonly states: readonly (readonly string[])[]; readonly whole: boolean } => {
  const waits = waitsOf(steps, barriers)
  const seen = new Set<string>([''])
  const states: string[][] = [[]]
  for (const state of states)
    for (const { id } of steps) {
      if (state.includes(id) || !waits.get(id)!.every((one) => state.includes(one))) continue
      const grown = [...state, id].sort()
      const name = grown.join('\n')
      if (seen.has(name)) continue
      if (states.length >= most) return { states, whole: false }
      seen.add(name)
      states.push(grown)
    }
  return { states, whole: true }
}

/** States on some ways through a plan, drawn at random, and those in which a single step failed. */
export const waysOf = (
  steps: readonly Step[],
  barriers: readonly Barrier[],
  ways: number,
  seed: number,
): readonly (readonly string[])[] => {
  const waits = waitsOf(steps, barriers)
  const found = new Map<string, readonly string[]>()
  const note = (state: readonly string[]) => found.set([...state].sort().join('\n'), state)
  let last = (seed % 233_280) + 1
  for (let way = 0; way < ways; way += 1) {
    const state: string[] = []
    while (state.length < steps.length) {
      const ready = steps.filter(
        ({ id }) => !state.includes(id) && waits.get(id)!.every((one) => state.includes(one)),
      )
      last = (last * 9301 + 49_297) % 233_280
      state.push(ready[last % ready.length]!.id)
      note([...state])
    }
  }
  for (const failed of steps) {
    const gone = new Set([failed.id])
    for (const { id } of steps) if (waits.get(id)!.some((one) => gone.has(one))) gone.add(id)
    note(steps.map(({ id }) => id).filter((id) => !gone.has(id)))
  }
  return [...found.values()]
}

/** The steps that each step waits for, itself or behind a barrier. */
const waitsOf = (steps: readonly Step[], barriers: readonly Barrier[]) => {
  const behind = new Map(barriers.map(({ id, after }) => [id, after]))
  return new Map(steps.map(({ id, after }) => [id, after.flatMap((one) => behind.get(one) ?? [one])]))
}

/** A walk through the states of a plan, each sent on a fork of the one before it, once. */
export const walkOf = (it: Sandbox, { wanted, known, unguarded }: Drawn) => {
  const byId = new Map(unguarded.map((step) => [step.id, step]))
  const places = new Map<string, Promise<Halfway>>([['', Promise.resolve({ it, known })]])
  const reaches = new Map<string, Promise<Strangers>>()
  const place = (state: readonly string[], way: readonly string[]): Promise<Halfway> => {
    const name = [...state].sort().join('\n')
    const there = places.get(name)
    if (there !== undefined) return there
    const last = way.at(-1)!
    const going = place(
      state.filter((id) => id !== last),
      way.slice(0, -1),
    ).then((from) => sent(from, byId.get(last)!, wanted))
    places.set(name, going)
    return going
  }
  /** A way to a state: its steps in an order in which they can be sent. */
  const wayTo = (state: readonly string[]) => unguarded.map(({ id }) => id).filter((id) => state.includes(id))
  return {
    at: async (state: readonly string[]): Promise<Sandbox> => (await place(state, wayTo(state))).it,
    strangers: (state: readonly string[]): Promise<Strangers> => {
      const name = [...state].sort().join('\n')
      const known = reaches.get(name)
      if (known !== undefined) return known
      const asked = place(state, wayTo(state)).then((there) => strangersIn(there.it, wanted))
      reaches.set(name, asked)
      return asked
    },
  }
}

/** Whoever is somewhere on the way, and neither where it began nor where it ends. */
export const between = (now: Strangers, before: Strangers, after: Strangers): readonly string[] =>
  (['open', 'assumed'] as const).flatMap((sureness) =>
    [...now[sureness]].filter((who) => !before[sureness].has(who) && !after[sureness].has(who)),
  )
