import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { factsOf } from '../../src/access/facts.js'
import { can, isPrincipal, newcomer, outsider } from '../../src/access/node.js'
import type { Edge, Rule } from '../../src/access/rule.js'
import { rules } from '../../src/access/rules/index.js'
import { standing } from '../../src/access/standing.js'
import { accessCodes } from '../../src/model/access-codes.js'
import type { Address } from '../../src/model/address.js'
import { grantKey, powers, type Fact, type Power } from '../../src/model/grant.js'
import { law } from '../support/law.js'

/** Few words, so that facts meet: what a grant is of and on, by the words that `powers` says it with. */
const vocabulary: Readonly<Record<string, readonly Address[]>> = {
  user: ['user:ada@acme.test', 'user:bob@acme.test'],
  invitee: ['invitee:eve@acme.test'],
  newcomer: [newcomer as Address],
  unknown: ['organization:'],
  team: ['team:web', 'team:release'],
  organization: ['organization:'],
  pipeline: ['pipeline:web', 'pipeline:deploy', 'pipeline:other', 'pipeline:?'],
  repository: ['repository:github.com/acme/web', 'repository:github.com/acme/mirror'],
  cluster: ['cluster:production', 'cluster:general'],
  queue: ['queue:production/deploy', 'queue:general/default'],
  token: ['token:production/deploy'],
  agent: ['agent:mac-1'],
  secret: ['secret:production/key'],
  'api-token': ['api-token:ci'],
  portal: ['portal:report'],
  'pipeline-template': ['pipeline-template:small'],
  'sso-provider': ['sso-provider:okta'],
  role: ['role:prod/web-deploy', 'role:management/agent'],
  principal: ['principal:arn:aws:iam::999999999999:root'],
  outsider: [outsider as Address],
}
const bys = [undefined, 'fork', 'push', 'comment', 'fjord', 'mac-1', 'production/deploy'] as const

const wordsIn = (side: string) =>
  Object.keys(vocabulary).filter((word) => new RegExp(`(?<![-\\w])${word}(?![-\\w])`).test(side))

/** Facts of every power, over things of the kinds that its description names. */
const anyFact: fc.Arbitrary<Fact> = fc.constantFrom(...(Object.keys(powers) as Power[])).chain((power) => {
  const [from = '', to = ''] = powers[power].split('→')
  const some = (side: string) => fc.constantFrom(...wordsIn(side).flatMap((word) => vocabulary[word] ?? []))
  return fc
    .record({
      of: some(from),
      on: some(to.replace(/[:,].*/, '')),
      by: fc.constantFrom(...bys),
      sure: fc.boolean(),
    })
    .map(({ of, on, by, sure }): Fact => ({
      power,
      of,
      // What a pipeline, a queue or the organization says of itself.
      on: from.trim() === to.replace(/[:,].*/, '').trim() ? of : on,
      sure,
      field: power,
      ...(by === undefined ? {} : { by }),
      at: { from: 'api', address: of, field: power, api: 'a law' },
    }))
})
const someFacts = fc.uniqueArray(anyFact, { selector: grantKey, maxLength: 40, size: 'max' })

const written = ({ from, to, path }: Edge) => `${path}: ${[...from].sort().join(' + ')} → ${to}`
const isCertain = ({ assumes }: Edge) => assumes === undefined
const settledBy = (edge: Edge) =>
  `${written(edge)} if ${edge.assumes?.finding ?? ''} at ${edge.assumes?.at ?? ''}`

const everything: readonly { readonly name: string; readonly edges: Rule['edges'] }[] = [
  { name: 'standing', edges: standing },
  ...rules.map((rule) => ({
    name: rule.code,
    edges: (facts: Parameters<Rule['edges']>[0]) => rule.edges(facts),
  })),
]

describe.each(everything)('$name', ({ edges }) => {
  law(
    'a fact more takes no edge away, and makes none less certain',
    fc.tuple(someFacts, anyFact),
    ([few, one]) => {
      const after = [...edges(factsOf([...few, one]))]
      const certain = new Set(after.filter(isCertain).map(written))
      const assumed = new Set(after.map(settledBy))
      for (const edge of edges(factsOf(few)))
        if (!certain.has(written(edge)))
          // Assumed edges stay where they are settled: else a fact more would hide what was accepted.
          expect(isCertain(edge) ? certain : assumed).toContain(
            isCertain(edge) ? written(edge) : settledBy(edge),
          )
    },
  )

  law('an edge that cites an unsure fact is assumed', someFacts, (facts) => {
    for (const edge of edges(factsOf(facts)))
      if (edge.facts.some(({ sure }) => !sure)) expect(edge.assumes, written(edge)).toBeDefined()
  })

  law('making facts sure makes edges certain, and adds no other', someFacts, (facts) => {
    const sure = factsOf(facts.map((fact) => ({ ...fact, sure: true })))
    const unsure = [...edges(factsOf(facts.map((fact) => ({ ...fact, sure: false }))))]
    const known = new Set(unsure.map(({ to }) => to))
    for (const edge of edges(sure)) expect(known, written(edge)).toContain(edge.to)
  })

  law('the order of facts changes no edge', someFacts, (facts) => {
    const told = (some: readonly Fact[]) => [...edges(factsOf(some))].map(settledBy).sort()
    expect(new Set(told([...facts].reverse()))).toEqual(new Set(told(facts)))
  })

  law('an edge leads from somebody, or from what they can do, to what they can do', someFacts, (facts) => {
    for (const { from, to, says } of edges(factsOf(facts))) {
      expect(from).not.toEqual([])
      expect([...from, to].filter((node) => !isPrincipal(node) && !isAbility.test(node))).toEqual([])
      expect(isPrincipal(to)).toBe(false)
      expect(says).toMatch(/^[a-z](?!.*\. ).*[^.\s]$/)
    }
  })
})

/** What `can` calls the things that one can be able to do. */
const isAbility = new RegExp(
  `^(${Object.values(can)
    .map((name) => name('THING', 'THING'))
    .map((name) => name.replaceAll('THING', '\\S.*'))
    .join('|')})$`,
)

describe.each(rules)('$path $code', (rule) => {
  test('carries the number that its page has', () => {
    expect(accessCodes[rule.code].path).toBe(rule.path)
  })

  law('its edges carry its number, and what they assume its own finding', someFacts, (facts) => {
    for (const edge of rule.edges(factsOf(facts))) {
      expect(edge.path).toBe(rule.path)
      if (edge.assumes !== undefined) expect(edge.assumes.finding).toBe(rule.code)
      if (edge.assumes !== undefined) expect(rule.verdicts).toContain('assumed')
    }
  })

  law('without an assumption it comes to code only where it says that it can be open', someFacts, (facts) => {
    if (rule.verdicts.includes('open')) return
    const certain = [...rule.edges(factsOf(facts))].filter(isCertain)
    const stops = certain.filter(({ from }) => from.every((node) => !node.startsWith('can use ')))
    const reached = new Set(stops.map(({ to }) => to))
    for (const node of reached) for (const { from, to } of certain) if (from.includes(node)) reached.add(to)
    expect([...reached].filter((node) => /^can (run|enter|connect|administer)/.test(node))).toEqual([])
  })
})

test('there is one rule for each page, in the order of their numbers', () => {
  expect(rules.map(({ path, code }) => `${path} ${code}`)).toEqual(
    Object.entries(accessCodes).map(([code, { path }]) => `${path} ${code}`),
  )
})

test('everybody on the internet is one, and so is whoever joins', () => {
  expect([outsider, newcomer].map(isPrincipal)).toEqual([true, true])
})

/** A large organization: 5,000 pipelines in 60 clusters, 15,000 grants to 200 teams. */
const large = (): readonly Fact[] => {
  const fact = (power: Power, of: Address, on: Address = of, by?: string): Fact => ({
    power,
    of,
    on,
    sure: true,
    field: power,
    ...(by === undefined ? {} : { by }),
    at: { from: 'api', address: of, field: power, api: 'a law' },
  })
  const facts: Fact[] = []
  for (let n = 0; n < 60; n++) facts.push(fact('has-queue', `cluster:c${n}`, `queue:c${n}/q`))
  facts.push(fact('default-cluster', 'cluster:c0', 'organization:'))
  for (let n = 0; n < 500; n++) {
    facts.push(fact('belongs', `user:u${n}@acme.test`, 'organization:'))
    facts.push(fact('in-team', `user:u${n}@acme.test`, `team:t${n % 200}`))
  }
  for (let n = 0; n < 5_000; n++) {
    const pipeline: Address = `pipeline:p${n}`
    facts.push(fact('runs-in', pipeline, `cluster:c${n % 60}`), fact('active', pipeline))
    facts.push(fact('takes-webhooks', pipeline), fact('starts-on', pipeline, pipeline, 'push'))
    facts.push(fact('checks-out', pipeline, `repository:github.com/acme/r${n % 1_000}`))
    for (let grant = 0; grant < 3; grant++)
      facts.push(fact('builds', `team:t${(n * 7 + grant * 13) % 200}`, pipeline))
  }
  return facts
}

test('the edges of a large organization are linear in its grants', () => {
  const facts = large()
  const count = [...standing(factsOf(facts)), ...rules.flatMap((rule) => [...rule.edges(factsOf(facts))])]
    .length
  expect(count).toBeLessThan(facts.length * 5)
})
