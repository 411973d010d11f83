import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accessOf } from '../../src/access/access.js'
import type { Border } from '../../src/access/borders.js'
import { deltaOf } from '../../src/access/delta.js'
import { eitherGate, gateOf } from '../../src/access/gate.js'
import type { Judging } from '../../src/access/ground.js'
import { judge } from '../../src/access/judge.js'
import type { LetIn } from '../../src/access/rule.js'
import { rules } from '../../src/access/rules/index.js'
import { atStake } from '../../src/access/safety.js'
import type { Address } from '../../src/model/address.js'
import { grantKey } from '../../src/model/grant.js'
import { factsIn } from '../rules/facts.js'
import { law } from '../support/law.js'
import { at, judgings, organizations } from './organizations.js'

// Law 4 with gates: what is refused of a plan is what the verdict would be told of afterwards. Ada is allowed on the queue
// and eve only in its cluster; that the gate holds is accepted.

const queue: Address = 'queue:production/deploy'
const cluster: Address = 'cluster:production'
const gains = 'edits team:tools pipeline:deploy'

const facts = (...more: readonly string[]) =>
  factsIn([
    `has-queue ${cluster} ${queue}`,
    'in-team user:ada@acme.test team:release',
    'in-team user:eve@acme.test team:tools',
    ...['deploy', 'tools'].flatMap((slug) => [
      `runs-in pipeline:${slug} ${cluster}`,
      `active pipeline:${slug}`,
    ]),
    'builds team:release pipeline:deploy',
    'edits team:tools pipeline:tools',
    ...more,
  ]).all

const some = rules.filter(({ path }) => ['R4', 'R5', 'R6', 'R19'].includes(path))
const people = (...names: readonly string[]) =>
  new Map(names.map((name) => [`user:${name}@acme.test`, 'user']))
const border: Border = { on: queue, cluster, allowed: people('ada', 'eve'), narrowed: false, at }
const narrowed: Border = { ...border, narrower: { ...border, allowed: people('ada'), narrowed: true } }

const one: LetIn = { repository: 'git@github.com:acme/web.git', sources: ['webhook'], branches: ['main'] }

/** What the gate goes by: pipelines; nothing that it refuses; or no policy. */
type Policy = readonly string[] | 'lax'

const judging = (policy: Policy, and?: Policy): Judging => {
  const gate = (slugs: Policy = []) =>
    gateOf(Object.fromEntries((slugs === 'lax' ? [] : slugs).map((slug) => [slug, one])))
  return {
    borders: [narrowed],
    accepts: [{ finding: 'any-queue', on: queue, reason: 'looked at', until: '2027-03-01', at }],
    today: '2026-11-22',
    gates: new Map([[queue, eitherGate(gate(policy), gate(and))]]),
    lax: new Set(policy === 'lax' ? [queue] : []),
  }
}

interface Given {
  readonly before?: readonly string[]
  readonly after?: readonly string[]
  readonly published: Policy
  readonly files: Policy
}

const deltaIn = ({ before = [], after = before, published, files }: Given) =>
  deltaOf({
    before: accessOf(facts(...before), some),
    after: accessOf(facts(...after), some),
    judging: { before: judging(published), after: judging(files, published) },
  })

test.each<readonly [string, Given, boolean]>([
  [
    'whoever comes to edit a pipeline that is let in, is let in',
    { after: [gains], published: ['deploy'], files: ['deploy'] },
    true,
  ],
  [
    'whoever edits a pipeline that nothing lets in, is not',
    { after: ['edits team:tools pipeline:other'], published: ['deploy'], files: ['deploy'] },
    false,
  ],
  [
    'a policy that lets in more lets in who edits that',
    { published: ['deploy'], files: ['deploy', 'tools'] },
    true,
  ],
  [
    'what is published lets them in already: the plan does not',
    { published: ['deploy', 'tools'], files: ['deploy', 'tools'] },
    false,
  ],
  [
    'a policy that was taken away let nobody in, and comes back with them',
    { published: [], files: ['tools'] },
    true,
  ],
  ['a gate that refuses nothing any more lets in the cluster', { published: ['deploy'], files: 'lax' }, true],
  ['where it refused nothing, it can only close', { published: 'lax', files: ['deploy'] }, false],
  [
    'who edits what is taken out of the policy by the same plan comes before the agents have heard of it',
    { after: [gains], published: ['deploy'], files: [] },
    true,
  ],
])('%s', (_, given, opens) => {
  const delta = deltaIn(given)
  expect(delta.opens).toEqual(opens ? [queue] : [])
  const strangers = delta.gains.filter(({ on, by }) => on === queue && by === undefined)
  expect(strangers.map(({ who }) => who)).toEqual(opens ? ['user:eve@acme.test'] : [])
})

test('who is kept out by a gate from now on is said to lose nothing: the cluster is theirs', () => {
  expect(deltaIn({ published: 'lax', files: ['deploy'] }).losses).toEqual([])
})

test('on the way, the gate goes by what is published: what it lets in is given up before anybody may change it', () => {
  const base = facts(
    'builds team:tools pipeline:sign',
    `runs-in pipeline:sign ${cluster}`,
    'active pipeline:sign',
  )
  const moved = factsIn([`runs-in pipeline:deploy ${cluster}`]).all.map(grantKey)
  const before = accessOf(base)
  const after = accessOf([...base.filter((fact) => !moved.includes(grantKey(fact))), ...factsIn([gains]).all])
  const [stake] = atStake(before, after, [], { before: judging(['deploy']), after: judging(['deploy']) })
  const given = factsIn([gains]).all.map(grantKey)
  expect([...stake!.grants]).toEqual(expect.arrayContaining([...given, ...moved]))
  expect(stake!.isSafe(new Set([...stake!.before, ...given]))).toBe(false)
  expect(stake!.isSafe(stake!.before)).toBe(true)
  expect(stake!.isSafe(stake!.after)).toBe(true)
})

test('what a new policy lets in may be there as long as the old one holds: the new one is written last', () => {
  const edits = 'edits team:tools pipeline:tools'
  const after = facts().filter((fact) => grantKey(fact) !== grantKey(factsIn([edits]).all[0]!))
  const [stake] = atStake(accessOf(facts()), accessOf(after), [], {
    before: judging(['deploy']),
    after: judging(['deploy', 'tools'], ['deploy']),
  })
  expect(stake!.isSafe(stake!.before)).toBe(true)
})

law(
  'whoever a verdict finds let in after a plan, and not before it, the plan is refused for',
  fc.tuple(organizations, organizations, judgings),
  ([first, second, judging]) => {
    const [before, after] = [accessOf(first), accessOf(second)]
    const openIn = (of: typeof before) =>
      judge(of, judging).queues.flatMap(({ queue, reachers }) =>
        reachers.flatMap(({ who, shortest }) => (shortest.sureness === 'open' ? [`${queue} ${who}`] : [])),
      )
    const was = new Set(openIn(before))
    const anew = openIn(after).filter((one) => !was.has(one))
    const { opens } = deltaOf({ before, after, judging: { before: judging, after: judging } })
    expect(opens).toEqual(expect.arrayContaining(anew.map((one) => one.split(' ')[0])))
  },
)
