import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { accessOf, edgesFrom } from '../../src/access/access.js'
import { judge } from '../../src/access/judge.js'
import { can } from '../../src/access/node.js'
import { rules } from '../../src/access/rules/index.js'
import type { Fact } from '../../src/model/grant.js'
import type { AccessChecked } from '../../src/model/result.js'
import { lots } from '../attacker/lots.js'
import type { Cluster, Outline, Pipeline, Team } from '../attacker/outline.js'
import { organizationOf, outlines, type Organization } from '../attacker/organizations.js'
import { principalsOf, type Principal } from '../attacker/principals.js'
import { search } from '../attacker/search.js'
import { factsIn } from '../rules/facts.js'
import { whoReaches } from '../rules/reach.js'
import { deep } from '../support/law.js'
import { admits, privilegedIn, targetsOf, verdictOf } from './said.js'

type Judging = Parameters<typeof judge>[1]

// Whether the law would notice: with a rule of the analyser taken out, and with a check of the sandbox left out.

const broken = vi.hoisted(() => ({ check: '' }))
interface Given {
  facts: unknown
  judging: unknown
}
const judged = vi.hoisted((): Given => ({ facts: [], judging: {} }))

vi.mock('../../src/sandbox/rights.js', async (original) => {
  const whole = await original<Record<string, (...given: unknown[]) => unknown>>()
  return Object.fromEntries(
    Object.entries(whole).map(([name, check]) => [
      name,
      (...given: unknown[]) => (broken.check === name ? true : check(...given)),
    ]),
  )
})

vi.mock('../../src/access/judge.js', async (original) => {
  const whole = await original<typeof import('../../src/access/judge.js')>()
  return {
    ...whole,
    judge: (access: { facts: { all: unknown } }, judging: unknown) => {
      judged.facts = access.facts.all
      judged.judging = judging
      return whole.judge(access as never, judging as never)
    },
  }
})

/** An organization as the law left it: the verdict, what it was given on, and the ways in that were found. */
interface Tried {
  readonly organization: Organization
  readonly checked: AccessChecked
  readonly facts: readonly Fact[]
  readonly judging: Judging
  readonly ways: readonly { readonly principal: Principal; readonly queue: string }[]
}

const effort = { depth: 1, states: 400, walks: 0 }

const waysIn = ({ outline, state }: Organization, principals: readonly Principal[]) =>
  principals.flatMap((principal) => {
    const targets = targetsOf(principal, outline, privilegedIn(outline))
    const { witnesses } = search(state, principal, targets, {}, effort, lots(1))
    return [...witnesses.keys()].map((queue) => ({ principal, queue }))
  })

const deaths: string[] = []
afterAll(() => {
  console.info(deaths.join('\n'))
})

/** Nobody comes in: cy is allowed, and ada in team web is not, who may create nothing and only watches. */
const closed = (changes: Partial<Outline> = {}): Outline => ({
  teamsEnabled: true,
  people: ['ada', 'cy'],
  admins: [],
  teams: { web: team({ ada: 'member' }), ops: team({ cy: 'member' }), release: team({ cy: 'member' }) },
  clusters: { production: { ...cluster, allow: { teams: ['release'], users: [] } }, general: cluster },
  defaultCluster: 'general',
  pipelines: {
    deploy: { ...pipeline, cluster: 'production', teams: { web: 'read_only', release: 'build_and_read' } },
  },
  rules: [],
  invitations: [],
  template: false,
  portal: false,
  apiTokens: [],
  membersManageAgentTokens: false,
  membersDeletePipelines: false,
  hostedTerminals: false,
  ...changes,
})

const team = (members: Team['members'], createsPipelines = false): Team => ({
  members,
  createsPipelines,
  isDefault: false,
  defaultRole: 'member',
})

const cluster: Cluster = {
  maintainers: { users: [], teams: [] },
  queues: { deploy: { hosted: false } },
  defaultQueue: 'deploy',
  tokens: ['agents'],
  secret: null,
}

const pipeline: Pipeline = {
  cluster: 'general',
  repository: 'git@github.com:acme/web.git',
  teams: {},
  steps: 'editor',
  template: false,
  createdBy: null,
  archived: false,
  public: false,
  branches: 'main',
  settings: { build_pull_requests: false },
  allowRebuilds: true,
  schedules: {},
  unfinished: [],
}

/** Web may create pipelines, and owns one elsewhere. */
const elsewhere = closed({
  teams: { ...closed().teams, web: team({ ada: 'member' }, true) },
  pipelines: { ...closed().pipelines, web: { ...pipeline, teams: { web: 'manage_build_and_read' } } },
})

/** By check, an organization that it alone keeps closed. */
const checks: Readonly<Record<string, Outline>> = {
  runsTeam: closed(),
  buildsPipeline: closed(),
  editsPipeline: closed(),
  changesGrant: closed(),
  givesGrant: closed({
    teams: { ...closed().teams, web: team({ ada: 'member' }), visitors: team({ ada: 'member' }) },
  }),
  runsCluster: closed(),
  runsAgentTokens: closed(),
  createsPipelinesIn: elsewhere,
  movesPipeline: elsewhere,
  isAdmin: closed(),
}

describe('a check that the sandbox leaves out is noticed', () => {
  test.each(Object.entries(checks))('%s', async (name, given) => {
    const outline = JSON.parse(JSON.stringify(given)) as Outline // or YAML would write what is shared once
    const organization = organizationOf(outline)
    const checked = await verdictOf(organization, { fullAccessMovesToDefault: false })
    const ada = principalsOf(organization.state, outline.people, []).filter(
      ({ who }) => who === 'ada@acme.test',
    )
    const missed = () =>
      waysIn(organization, ada).find(({ principal, queue }) => !admits(checked, principal, outline, queue))
    expect(missed()).toBeUndefined()
    broken.check = name
    try {
      const found = missed()
      deaths.push(`${name} is missed: ada comes onto ${found?.queue ?? 'nothing'}`)
      expect(found).toBeDefined()
    } finally {
      broken.check = ''
    }
  })
})

/** Always the same ones: a mutant lives or dies whatever the seed of the day. */
const SEED = 20261122
const SIZE = deep ? 100 : 12

const tried: Tried[] = []

const told = (at: number, { kind, who }: Principal, queue: string) =>
  `organization ${at} of seed ${SEED}: ${kind} ${who} on ${queue}`

/** The first smallest case of a rule's table, and whether it comes out otherwise without the rule. */
const missedByTable = (path: string): string | undefined => {
  const folder = new URL('../rules/', import.meta.url)
  const number = path.slice(1).padStart(2, '0')
  const file = readdirSync(folder).find((name) => name.startsWith(`R${number}-`))
  const table = parse(readFileSync(new URL(file ?? '', folder), 'utf8')) as {
    base?: string[]
    cases: {
      name: string
      facts?: string[]
      without?: string[]
      with?: string[]
      to?: string
      queue?: string
      smallest?: boolean
      held?: boolean
    }[]
  }
  const one = table.cases.find(({ smallest }) => smallest === true)
  if (one === undefined) return undefined
  const base = ['has-queue cluster:production queue:production/deploy', ...(table.base ?? [])]
  const lines = [...base.filter((line) => one.without?.includes(line) !== true), ...(one.facts ?? [])]
  const facts = factsIn(lines)
  const reachOver = (without: string | undefined) => {
    const taking = rules.filter(
      (rule) =>
        rule.path !== without &&
        ((rule.path === 'R19' && one.held !== true) ||
          rule.path === path ||
          one.with?.includes(rule.path) === true),
    )
    const edges = edgesFrom(facts, taking)
    const end = one.to ?? can.run(one.queue ?? 'queue:production/deploy')
    return [...whoReaches(end, edges)]
      .map(([who, { sureness }]) => `${who} ${sureness}`)
      .sort()
      .join()
  }
  return reachOver(undefined) === reachOver(path) ? undefined : `${file ?? ''}: ${one.name}`
}

/** The first way in that the analyser does not see any more. */
const missedByLaw = (path: string): string | undefined => {
  const others = rules.filter((rule) => rule.path !== path)
  for (const [at, { organization, facts, judging, ways }] of tried.entries()) {
    const some = ways.filter(({ principal }) => principal.kind !== 'runner')
    if (some.length === 0) continue
    const { queues } = judge(accessOf(facts, others), judging)
    const checked = { queues, expected: [] } as unknown as AccessChecked
    const missed = some.find(
      ({ principal, queue }) => !admits(checked, principal, organization.outline, queue),
    )
    if (missed) return told(at, missed.principal, missed.queue)
  }
  return undefined
}

describe('a rule that is taken out is noticed', () => {
  beforeAll(async () => {
    for (const outline of fc.sample(outlines, { numRuns: SIZE, seed: SEED })) {
      const organization = organizationOf(outline)
      const checked = await verdictOf(organization, {})
      const { facts, judging } = judged as { facts: readonly Fact[]; judging: Judging }
      const invited = outline.invitations.map(({ name }) => name)
      const principals = principalsOf(organization.state, outline.people, invited)
      tried.push({ organization, checked, facts, judging, ways: waysIn(organization, principals) })
    }
  }, 1_200_000)

  test.each(rules.map(({ path, code }) => [path, code] as const))('%s %s', (path, code) => {
    const table = missedByTable(path)
    const law = missedByLaw(path)
    deaths.push(`${path} ${code} is missed by ${law ?? table ?? 'nobody'}`)
    expect(law ?? table).toBeDefined()
  })
})
