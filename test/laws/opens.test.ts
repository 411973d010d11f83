import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { exitOf } from '../../src/cli/exit.js'
import type { AccessChecked } from '../../src/model/result.js'
import { law } from '../support/law.js'
import { groundOf, mutationsIn, planOf } from '../support/ground.js'
import { drawUp, nameOfEdge, openEdgesIn, wantedIn, walkOf } from './on-the-way.js'
import { daringTurns, stage, turns, turnWith, type Privileged } from './privileged.js'

const tally = { opening: 0, shrinking: 0, leftOpen: 0, plain: 0 }

/** Whoever is on a queue for certain and not allowed, each with a path. */
const strangersOf = ({ queues }: AccessChecked) =>
  queues.flatMap(({ queue, reachers }) =>
    reachers
      .filter(({ allowed, shortest }) => !allowed && shortest.sureness === 'open')
      .map(({ who, shortest }) => ({ name: `${who} on ${queue}`, hops: shortest.hops })),
  )

const all = { allowWidening: true, maxRemoved: Infinity }

law(
  'no plan opens a privileged queue, whatever the flags',
  fc.oneof({ weight: 3, arbitrary: daringTurns }, { weight: 1, arbitrary: turns }),
  async (turn) => {
    const it = await stage(turn)
    const drawn = await drawUp(it, turn.want)
    if (!('steps' in drawn)) throw new Error(drawn.map(({ what }) => what).join('\n'))
    if (drawn.unguarded.length === 0) return
    const wanted = wantedIn(turn.want)

    // What the calls come to, whoever forbids them.
    const before = strangersOf(await groundOf(it).check(turn.want))
    const there = await walkOf(it, drawn).at(drawn.unguarded.map(({ id }) => id))
    const after = strangersOf(await groundOf(there).check(turn.want))
    const edgesBefore = await openEdgesIn(it, wanted)
    const isNew = ({ name }: { name: string }) => !before.some((one) => one.name === name)
    const usesNew = after.some(({ hops }) => hops.some((hop) => !edgesBefore.has(nameOfEdge(hop))))
    const opens = after.some(isNew) || usesNew

    const ground = groundOf(it)
    const planned = await ground.plan(turn.want, all)
    const sent = mutationsIn(it).length
    if (opens) {
      tally.opening += 1
      expect(exitOf(planned), JSON.stringify(after.filter(isNew))).toBe(11)
      expect(planOf(planned).access?.opens).not.toEqual([])
      expect(exitOf(await ground.apply(turn.want, all))).toBe(11)
      expect(mutationsIn(it).length).toBe(sent)
      return
    }
    tally.plain += 1
    if (after.length < before.length) tally.shrinking += 1
    const stands = planned.findings.filter(({ code }) => ['opens-queue', 'backlog-waits'].includes(code))
    const edgesAfter = await openEdgesIn(there, wanted)
    const addsEdges = [...edgesAfter].some((edge) => !edgesBefore.has(edge))
    // Only where somebody is on a queue already can it take a new edge to add to it.
    if (stands.length > 0) expect([after.length > 0, addsEdges]).toEqual([true, true])
    else if (after.length > 0) {
      tally.leftOpen += 1
      expect(exitOf(planned)).toBe(11)
      const applied = await ground.apply(turn.want, all)
      expect(exitOf(applied)).toBe(11)
      if (!planned.findings.some(({ code }) => code === 'no-safe-order'))
        expect(applied.outcomes.filter(({ state }) => state !== 'done')).toEqual([])
    }
  },
)

describe('what it takes a second word for', () => {
  const may = (team: object, what: string) => Object.assign(team, { [what]: true })
  const cases: readonly (readonly [name: string, widens: boolean, change: (want: Privileged) => void])[] = [
    [
      'somebody allowed gains a queue',
      true,
      ({ teams }) => (teams['release']!.members['dan@acme.test'] = 'member'),
    ],
    [
      'a team gains Full Access',
      true,
      ({ pipelines }) => (pipelines['api']!.teams['web'] = 'manage_build_and_read'),
    ],
    [
      'a team gains builds of a pipeline that is there',
      true,
      ({ pipelines }) => (pipelines['api']!.teams['web'] = 'build_and_read'),
    ],
    ['a team may watch', false, ({ pipelines }) => (pipelines['web']!.teams['data'] = 'read_only')],
    ['a team loses what it had', false, ({ pipelines }) => (pipelines['web']!.teams['web'] = 'read_only')],
    [
      'somebody maintains a cluster',
      true,
      ({ clusters }) => (clusters['general']!.maintainers = { users: ['eve@acme.test'], teams: [] }),
    ],
    [
      'somebody maintains a team',
      true,
      ({ teams }) => (teams['web']!.members['ada@acme.test'] = 'maintainer'),
    ],
    ['a team may create pipelines', true, ({ teams }) => (teams['web']!.members_can_create_pipelines = true)],
    ['a team may create test suites', true, ({ teams }) => may(teams['web']!, 'members_can_create_suites')],
    [
      'a team may create package registries',
      true,
      ({ teams }) => may(teams['web']!, 'members_can_create_registries'),
    ],
    [
      'whoever comes into a team maintains it',
      true,
      ({ teams }) => Object.assign(teams['web']!, { default_member_role: 'maintainer' }),
    ],
    ['a team may delete pipelines', false, ({ teams }) => may(teams['web']!, 'members_can_delete_pipelines')],
    [
      'a queue is paused',
      false,
      ({ clusters }) => (clusters['general']!.queues['default']!.paused = 'for now'),
    ],
    [
      'a new pipeline is built by a team',
      false,
      ({ pipelines }) =>
        (pipelines['new'] = { ...structuredClone(pipelines['web']!), teams: { web: 'build_and_read' } }),
    ],
    [
      'a new pipeline is edited by a team',
      true,
      ({ pipelines }) =>
        (pipelines['new'] = {
          ...structuredClone(pipelines['web']!),
          teams: { web: 'manage_build_and_read' },
        }),
    ],
  ]

  test.each(cases)('%s: %s', async (_name, widens, change) => {
    const before = turnWith(() => undefined)
    const it = await stage(before)
    for (const things of ['pipelines', 'suites', 'registries'])
      it.edit('set', 'team:everyone', `members_can_create_${things}=false`)
    expect((await groundOf(it).apply(before.want, all)).outcomes.every(({ state }) => state === 'done')).toBe(
      true,
    )
    const { want } = turnWith((scene) => {
      change(scene.want)
    })
    const sent = mutationsIn(it).length
    expect(planOf(await groundOf(it).plan(want)).access?.widens).toBe(widens)
    const applied = await groundOf(it).apply(want)
    const codes = applied.findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)
    expect(codes.includes('widens-access')).toBe(widens)
    expect(mutationsIn(it).length > sent).toBe(!widens)
    if (widens) expect((await groundOf(it).apply(want, all)).outcomes).not.toEqual([])
  })
})

afterAll(() => {
  expect(tally.opening, 'many of the plans open').toBeGreaterThan(5)
  expect(tally.plain, 'many do not').toBeGreaterThan(5)
  expect(tally.leftOpen, 'some leave somebody in').toBeGreaterThan(0)
})
