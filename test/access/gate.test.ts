import { expect, test } from 'vitest'
import { accessOf } from '../../src/access/access.js'
import type { Border } from '../../src/access/borders.js'
import { gateOf } from '../../src/access/gate.js'
import type { Judging } from '../../src/access/ground.js'
import { judge } from '../../src/access/judge.js'
import type { LetIn } from '../../src/access/rule.js'
import { rules } from '../../src/access/rules/index.js'
import type { Address } from '../../src/model/address.js'
import { factsIn } from '../rules/facts.js'
import { at } from './organizations.js'

// Ada is allowed on the queue; bob, of team web, and eve, of team tools, only in its cluster; mallory nowhere.

const queue: Address = 'queue:production/deploy'
const cluster: Address = 'cluster:production'

const facts = (...more: readonly string[]) =>
  factsIn([
    `has-queue ${cluster} ${queue}`,
    'in-team user:ada@acme.test team:release',
    'in-team user:bob@acme.test team:web',
    'in-team user:eve@acme.test team:tools',
    ...['deploy', 'tools'].flatMap((slug) => [
      `runs-in pipeline:${slug} ${cluster}`,
      `active pipeline:${slug}`,
    ]),
    'builds team:release pipeline:deploy',
    'builds team:tools pipeline:tools',
    ...more,
  ]).all

/** What R18, R33 and the like assume of every cluster is left out: it would be all that there is to see. */
const some = rules.filter(({ path }) =>
  ['R2', 'R3', 'R4', 'R5', 'R6', 'R9', 'R16', 'R19', 'R24'].includes(path),
)

const people = (...names: readonly string[]) =>
  new Map(names.map((name) => [`user:${name}@acme.test`, 'user']))

const border: Border = { on: queue, cluster, allowed: people('ada', 'bob', 'eve'), narrowed: false, at }
const narrowed: Border = { ...border, narrower: { ...border, allowed: people('ada'), narrowed: true } }

const pushes: LetIn = {
  repository: 'git@github.com:acme/deploy.git',
  sources: ['webhook'],
  branches: ['main'],
}

interface Given {
  readonly border?: Border
  readonly gate?: Readonly<Record<string, LetIn>>
  readonly held?: boolean
  readonly accepted?: boolean
}

const judged = (lines: readonly string[], { border: of = narrowed, gate, held = true, accepted }: Given) => {
  const judging: Judging = {
    borders: [of],
    accepts: accepted
      ? [{ finding: 'any-queue', on: queue, reason: 'looked at', until: '2027-03-01', at }]
      : [],
    today: '2026-11-22',
    ...(gate && { gates: new Map([[queue, gateOf(gate)]]) }),
    ...(held && { held: new Set([queue]) }),
  }
  const [verdict] = judge(accessOf(facts(...lines), some), judging).queues
  const reachers = verdict!.reachers.map(({ who, shortest }) => [who.split(/[:@]/)[1], shortest.sureness])
  return { word: verdict!.verdict, ...Object.fromEntries(reachers) }
}

const word = (lines: readonly string[], given: Given, path: string) => {
  const judging = { borders: [given.border ?? narrowed], accepts: [], today: '2026-11-22' }
  const gates = new Map([[queue, gateOf(given.gate ?? {})]])
  const [verdict] = judge(accessOf(facts(...lines), some), {
    ...judging,
    gates,
    held: new Set([queue]),
  }).queues
  return verdict!.paths.find((one) => one.path === path)?.verdict
}

test.each<readonly [string, readonly string[], Given, Readonly<Record<string, string>>]>([
  [
    'whom only the cluster allows is held, where the gate does not let their pipeline in',
    [],
    { gate: { deploy: pushes } },
    { word: 'held', eve: 'held' },
  ],
  [
    'the same is assumed while nobody has seen the gate refuse',
    [],
    { gate: { deploy: pushes }, held: false },
    { word: 'assumed', eve: 'assumed' },
  ],
  [
    'and is closed, where that was accepted',
    [],
    { gate: { deploy: pushes }, held: false, accepted: true },
    { word: 'closed', eve: 'accepted' },
  ],
  [
    'without a policy nobody knows whom the gate lets in, so nothing is held',
    [],
    {},
    { word: 'assumed', eve: 'assumed' },
  ],
  [
    'who has Full Access to a pipeline that it lets in is not held',
    ['edits team:tools pipeline:deploy'],
    { gate: { deploy: pushes } },
    { word: 'open', eve: 'open' },
  ],
  [
    'nor is that settled by accepting that a gate is there',
    ['edits team:tools pipeline:deploy'],
    { gate: { deploy: pushes }, held: false, accepted: true },
    { word: 'open', eve: 'open' },
  ],
  [
    'who may build one is held where builds by hand are refused',
    ['builds team:web pipeline:deploy'],
    { gate: { deploy: pushes } },
    { word: 'held', bob: 'held', eve: 'held' },
  ],
  [
    'and not where they are let in',
    ['builds team:web pipeline:deploy'],
    { gate: { deploy: { ...pushes, sources: ['ui', 'webhook'] } } },
    { word: 'open', bob: 'open', eve: 'held' },
  ],
  [
    'a fork of what is let in is held',
    ['starts-on pipeline:deploy "fork"'],
    { gate: { deploy: pushes } },
    { word: 'held', anybody: 'held', eve: 'held' },
  ],
  [
    'a gate says nothing of a queue whose pipelines are elsewhere: somebody could move them there',
    [],
    { gate: { deploy: pushes, elsewhere: pushes } },
    { word: 'assumed', eve: 'assumed' },
  ],
  [
    'what a rule brings from a pipeline that is not let in is held',
    ['triggers pipeline:tools pipeline:deploy', 'triggers pipeline:other pipeline:deploy'],
    { gate: { deploy: { ...pushes, sources: ['trigger_job'], triggered_by: ['other'] } } },
    { word: 'held', eve: 'held' },
  ],
  [
    'but where the one that is named has no rule: its slug can be given to another',
    ['triggers pipeline:tools pipeline:deploy'],
    { gate: { deploy: { ...pushes, sources: ['trigger_job'], triggered_by: ['other'] } } },
    { word: 'open', eve: 'open' },
  ],
  [
    'one more pipeline that is let in, and is not there, takes nobody away',
    ['edits team:tools pipeline:deploy'],
    { gate: { deploy: pushes, elsewhere: pushes }, held: false },
    { word: 'open', eve: 'open' },
  ],
  [
    'nor where the gate is accepted',
    ['edits team:tools pipeline:deploy'],
    { gate: { deploy: pushes, elsewhere: pushes }, held: false, accepted: true },
    { word: 'open', eve: 'open' },
  ],
  [
    'of a pipeline that is let in, and whose cluster nobody could read, no gate that is accepted settles whom it brings',
    [
      'unclustered pipeline:hidden organization ?',
      'active pipeline:hidden',
      'edits team:web pipeline:hidden',
    ],
    { gate: { deploy: pushes, hidden: pushes }, held: false, accepted: true },
    { word: 'assumed', bob: 'assumed', eve: 'accepted' },
  ],
  [
    'nor is it known that they come',
    [
      'runs-in pipeline:hidden cluster:production ?',
      'active pipeline:hidden',
      'edits team:web pipeline:hidden',
    ],
    { gate: { deploy: pushes, hidden: pushes }, held: false, accepted: true },
    { word: 'assumed', bob: 'assumed', eve: 'accepted' },
  ],
  [
    'and what it refuses of such a pipeline is settled',
    [
      'unclustered pipeline:hidden organization ?',
      'active pipeline:hidden',
      'builds team:web pipeline:hidden',
    ],
    { gate: { deploy: pushes, hidden: pushes }, held: false, accepted: true },
    { word: 'closed', bob: 'accepted', eve: 'accepted' },
  ],
  [
    'a pipeline that is let in, and is elsewhere, may be moved to the queue',
    [
      'default-cluster cluster:production organization',
      'runs-in pipeline:other cluster:general',
      'active pipeline:other',
      'edits team:web pipeline:other',
    ],
    { gate: { deploy: pushes, other: pushes }, held: false, accepted: true },
    { word: 'assumed', bob: 'assumed', eve: 'accepted' },
  ],
  [
    'and one that is not let in may be moved there in vain',
    [
      'default-cluster cluster:production organization',
      'runs-in pipeline:other cluster:general',
      'active pipeline:other',
      'edits team:web pipeline:other',
    ],
    { gate: { deploy: pushes }, held: false, accepted: true },
    { word: 'closed', bob: 'accepted', eve: 'accepted' },
  ],
  [
    'and not from one that the policy names',
    ['triggers pipeline:tools pipeline:deploy'],
    { gate: { deploy: { ...pushes, sources: ['trigger_job'], triggered_by: ['tools'] } } },
    { word: 'open', eve: 'open' },
  ],
  [
    'whoever maintains the cluster brings a pipeline that is refused',
    ['maintains-cluster user:bob@acme.test cluster:production'],
    { gate: { deploy: pushes } },
    { word: 'held', bob: 'held', eve: 'held' },
  ],
  [
    'administrators come without a job',
    ['administers user:bob@acme.test organization'],
    { gate: { deploy: pushes } },
    { word: 'open', bob: 'open', eve: 'held' },
  ],
])('%s', (_, lines, given, said) => {
  expect(judged(lines, given)).toEqual(said)
})

test('the border of a whole cluster is held by the gate of one queue, too', () => {
  const lines = ['in-team user:mallory@acme.test team:others', 'builds team:others pipeline:tools']
  const given = { border, gate: { deploy: pushes } }
  expect(judged(lines, given)).toEqual({ word: 'held', mallory: 'held' })
  expect(judged(lines, { ...given, held: false })).toEqual({ word: 'open', mallory: 'open' })
  expect(judged(lines, { border })).toEqual({ word: 'open', mallory: 'open' })
  expect(judged(['in-team user:mallory@acme.test team:release'], given)).toEqual({
    word: 'held',
    mallory: 'held',
  })
})

test('of a path it is said that the gate holds it, where its policy decides that path', () => {
  const given = { gate: { deploy: pushes } }
  const of = (path: string) =>
    word(['builds team:web pipeline:deploy', 'starts-on pipeline:deploy "fork"'], given, path)
  expect(['R5', 'R6', 'R9', 'R19'].map(of)).toEqual(['held', 'held', 'held', 'held'])
  expect(of('R4')).toBe('closed')
})
