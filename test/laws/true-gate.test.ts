import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { gateOf } from '../../src/access/gate.js'
import { judge } from '../../src/access/judge.js'
import type { AccessChecked } from '../../src/model/result.js'
import { sandbox } from '../../src/sandbox/index.js'
import type { State } from '../../src/sandbox/state.js'
import type { Switches } from '../../src/sandbox/switches.js'
import { grounds } from '../../src/workflow/ground.js'
import { GATED, gated, guarded, plain, type Narrowing } from '../attacker/gates.js'
import { lots } from '../attacker/lots.js'
import { organizationOf, type Organization } from '../attacker/organizations.js'
import { principalsOf, type Principal } from '../attacker/principals.js'
import { shrunk, told } from '../attacker/replay.js'
import { search, type Effort } from '../attacker/search.js'
import { tokenOf } from '../attacker/state.js'
import { drawnSwitches } from '../attacker/switches.js'
import { emailOf, TRUSTED } from '../attacker/texts.js'
import { filesOf } from '../support/files.js'
import { stoppedClock, telling } from '../support/ground.js'
import { law } from '../support/law.js'
import { admits, declarationIn, namesOf, reachersOf } from './said.js'

// Held: whom the analyser calls so comes to the queue by nothing, while the gate decides by its policy; and some of them
// do, where it is taken away.

const tally = { organizations: 0, held: 0, through: 0, past: 0 }

/** The files, in which the queue allows fewer, and its gate is to hold that. */
const narrowed = (declaration: object, { users }: Narrowing): object => {
  const copy = structuredClone(declaration) as {
    clusters: Record<string, { queues: Record<string, object> }>
  }
  const { queues } = copy.clusters['production']!
  queues['deploy'] = { ...queues['deploy'], allow: { users: users.map(emailOf) }, held_by: 'hook' }
  return copy
}

const now = '2026-11-22T00:00:00.000Z'

/** The verdict where the gate was seen to refuse, by this policy. */
const verdictOf = async (
  organization: Organization,
  narrowing: Narrowing,
  switches: Partial<Switches>,
): Promise<AccessChecked> => {
  const it = sandbox({ state: organization.state, clock: stoppedClock(), limits: 'off', switches })
  const declaration = narrowed(declarationIn(organization, switches), narrowing)
  const found = await grounds(
    {
      files: filesOf({ 'bridle.yaml': stringify(declaration, { aliasDuplicateObjects: false }) }),
      root: 'bridle.yaml',
      today: '2026-11-22',
      now: () => now,
      connect: (wanted) => telling(it, wanted, { token: tokenOf(TRUSTED) }),
    },
    { basis: 'organization', now },
  )
  if (!('access' in found)) throw new Error(found.map(({ what }) => what).join('; '))
  const { queues } = judge(found.access, {
    ...found.judging,
    gates: new Map([[`queue:${GATED}` as const, gateOf(narrowing.pipelines)]]),
    held: new Set([`queue:${GATED}` as const]),
  })
  return { result: 'access-check', queues, assumed: [], expected: [], findings: [] }
}

const isFor = ({ kind, who }: Principal, { users }: Narrowing) =>
  (kind === 'member' || kind === 'API token') && users.some((name) => emailOf(name) === who)

const effort: Effort = { depth: 1, states: 20, walks: 0 }

const reaches = (state: State, principal: Principal, switches: Partial<Switches>, random: () => number) =>
  search(state, principal, [GATED], switches, effort, random).witnesses.get(GATED)

/** Whether nobody comes past the gate who is said to be held by it. */
const holds = async (
  organization: Organization,
  narrowing: Narrowing,
  switches: Partial<Switches>,
  random: () => number,
) => {
  const { outline, state } = organization
  const checked = await verdictOf(organization, narrowing, switches)
  const behind = gated(state, narrowing)
  tally.organizations += 1
  for (const principal of principalsOf(
    state,
    outline.people,
    outline.invitations.map(({ name }) => name),
  )) {
    // What a job of a pipeline can do is told by expectations, which look at the border of the cluster.
    if (principal.kind === 'runner' || isFor(principal, narrowing)) continue
    const names = namesOf(principal, outline)
    const steps = reaches(behind, principal, switches, random)
    if (steps !== undefined) {
      tally.past += 1
      if (!admits(checked, principal, outline, GATED))
        expect.fail(
          [
            `${principal.kind} ${principal.who} comes past the gate of ${GATED}, which lets in ${JSON.stringify(narrowing)}:`,
            ...told(shrunk(behind, principal, steps, switches, GATED)).map((line) => `  ${line}`),
            JSON.stringify({ outline, switches }),
          ].join('\n'),
        )
    }
    const isHeld = reachersOf(checked, GATED).some(
      ({ who, shortest }) => names.test(who) && shortest.sureness === 'held',
    )
    if (!isHeld) continue
    tally.held += 1
    if (reaches(state, principal, switches, random) !== undefined) tally.through += 1
  }
}

test('a gate makes a difference: somebody is held by one, and comes to the queue without it', async () => {
  const [outline, narrowing] = plain
  const before = { ...tally }
  await holds(organizationOf(outline), narrowing, {}, lots(1))
  expect(tally.held - before.held).toBeGreaterThan(0)
  expect(tally.through - before.through).toBeGreaterThan(0)
})

law(
  'whom a gate is said to hold comes to the queue by nothing',
  fc.tuple(guarded, drawnSwitches, fc.nat()),
  async ([[outline, narrowing], switches, seed]) => {
    await holds(organizationOf(outline), narrowing, switches, lots(seed))
  },
  12,
  { few: 3, seconds: 300, shrinks: false },
)

afterAll(() => {
  const { organizations, held, through, past } = tally
  console.info(
    `${organizations} organizations with a gate; ${past} came past one, and ${held} were held, of whom ${through} come there without it`,
  )
})
