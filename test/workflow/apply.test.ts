import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/model/plan.js'
import { printPlan } from '../../src/plan/print.js'
import { edit } from '../../src/sandbox/edit.js'
import { sandbox } from '../../src/sandbox/index.js'
import { addToken } from '../../src/sandbox/seed.js'
import { all } from '../../src/sandbox/table.js'
import {
  errorsIn,
  fresh,
  freshState,
  groundOf,
  mutationsIn,
  planOf,
  stoppedClock,
  token,
  type Ground,
} from '../support/ground.js'

const declaration = {
  organization: 'acme',
  ignore: { teams: ['everyone'] },
  teams: { web: { members: { 'ada@acme.test': 'member' } } },
  clusters: { general: { default_queue: 'default', queues: { default: {} } } },
  pipelines: { web: { cluster: 'general', repository: 'r', teams: { web: 'build_and_read' } } },
}

const now = '2026-11-22T00:00:00.000Z'

/** The same organization after somebody changed it by hand. */
const byHand = ({ sandbox: it }: Ground, ...words: string[]): Ground => {
  const { state, said } = edit(it.state, words, { now })
  if (state === undefined) throw new Error(said)
  return groundOf(sandbox({ state, clock: stoppedClock(), limits: 'off' }))
}

const nothingSent = (ground: Ground) => expect(mutationsIn(ground.sandbox)).toEqual([])
const codes = (result: { findings: readonly { code: string }[] }) => result.findings.map(({ code }) => code)

describe('a reviewed plan', () => {
  test('is carried out where it is the same to the byte', async () => {
    const ground = fresh()
    const reviewed = printPlan(planOf(await ground.plan(declaration)))
    const applied = await ground.apply(declaration, { reviewed })
    expect(errorsIn(applied)).toEqual([])
    expect(applied.outcomes.every(({ state }) => state === 'done')).toBe(true)
  })

  test('is stale once the files change', async () => {
    const ground = fresh()
    const reviewed = printPlan(planOf(await ground.plan(declaration)))
    const applied = await ground.apply({ ...declaration, teams: { web: {} } }, { reviewed })
    expect(errorsIn(applied)[0]).toBe('stale-plan: the plan file is stale: the files have changed')
    nothingSent(ground)
  })

  test('is stale once somebody changes the organization, even where the steps stay the same', async () => {
    const before = fresh()
    const reviewed = printPlan(planOf(await before.plan(declaration)))
    const ground = byHand(before, 'set', 'team:everyone', 'members_can_create_pipelines=false')
    const applied = await ground.apply(declaration, { reviewed })
    expect(errorsIn(applied)[0]).toBe('stale-plan: the plan file is stale: the organization has changed')
    nothingSent(ground)
  })

  test('is not stale because a comment was added, or the lines were moved', async () => {
    const ground = fresh()
    const reviewed = printPlan(planOf(await ground.plan(declaration)))
    const text = `# a comment\n${JSON.stringify(declaration)}`
    expect(errorsIn(await ground.apply({ 'bridle.yaml': text }, { reviewed }))).toEqual([])
  })

  test.each([
    [
      'one step taken out',
      (text: string) => text.replace(/"steps": [^]*"undeclared"/, '"steps": [], "undeclared"'),
      'stale-plan',
    ],
    [
      'another level in it',
      (text: string) => text.replace('BUILD_AND_READ', 'MANAGE_BUILD_AND_READ'),
      'stale-plan',
    ],
    ['a space more', (text: string) => `${text} `, 'stale-plan'],
    ['something else altogether', () => '{"hello": "world"}', 'not-a-plan'],
    ['no JSON', () => 'web: yes', 'not-a-plan'],
    ['nothing', () => '', 'not-a-plan'],
  ])('is never the source of a call: %s', async (_name, spoil, code) => {
    const ground = fresh()
    const reviewed = spoil(printPlan(planOf(await ground.plan(declaration))))
    expect(codes(await ground.apply(declaration, { reviewed }))).toEqual([code])
    nothingSent(ground)
  })
})

describe('consent', () => {
  test('no is no', async () => {
    const ground = fresh()
    const applied = await ground.apply(declaration, { consent: async () => 'no' })
    expect(applied.outcomes).toEqual([])
    expect(errorsIn(applied)).toEqual([])
    nothingSent(ground)
  })

  test('nobody is no, and says so', async () => {
    const ground = fresh()
    expect(codes(await ground.apply(declaration, { consent: async () => 'nobody' }))).toEqual(['no-consent'])
    nothingSent(ground)
  })

  test('is not asked for where there is nothing to do', async () => {
    const ground = fresh()
    await ground.apply(declaration)
    const applied = await ground.apply(declaration, {
      consent: async () => {
        throw new Error('nobody should be asked')
      },
    })
    expect(errorsIn(applied)).toEqual([])
  })

  test('whatever changes while a person thinks is noticed', async () => {
    const ground = fresh()
    const applied = await ground.apply(declaration, {
      consent: async () => {
        await ground.apply({ organization: 'acme', teams: { web: { description: 'somebody was quicker' } } })
        return 'yes'
      },
    })
    expect(codes(applied)).toEqual(['stale-plan'])
    expect(applied.outcomes).toEqual([])
  })
})

describe('who may not', () => {
  const groundWith = (scopes: string[], email = 'bridle@acme.test') => {
    const state = freshState()
    const [organization] = all(state.tables.organizations)
    addToken(state, organization!, { email, token: `${token}x`, scopes })
    return groundOf(sandbox({ state, clock: stoppedClock(), limits: 'off' }))
  }
  const reads = ['graphql', 'read_pipelines', 'read_organization_settings']
  const other = `${token}x`

  test('a token without the scopes to write is told which, before the first call', async () => {
    const ground = groundWith(reads)
    const applied = await ground.apply(declaration, { token: other })
    expect(errorsIn(applied)).toEqual([
      'missing-scope: the token lacks the scope `write_pipelines`, which this plan needs; nothing was changed',
    ])
    nothingSent(ground)
    expect(errorsIn(await ground.plan(declaration, { token: other }))).toEqual([])
  })

  test('a token without GraphQL is told so', async () => {
    const { findings } = await groundWith(['read_pipelines']).plan(declaration, { token: other })
    expect(findings).toMatchObject([{ code: 'missing-scope', fix: 'give the token the scope `graphql`' }])
  })

  test('a token that nobody knows', async () => {
    expect(codes(await fresh().plan(declaration, { token: 'bkua_unknown' }))).toEqual(['token-refused'])
  })

  test('somebody who is no administrator sees too little to plan from', async () => {
    const ground = groundWith(reads, 'ada@acme.test')
    expect(codes(await ground.plan(declaration, { token: other }))).toEqual(['not-an-administrator'])
  })

  test('another organization than the environment says', async () => {
    expect(codes(await fresh().plan(declaration, { organization: 'other' }))).toEqual([
      'another-organization',
    ])
  })

  test('an organization that is not there', async () => {
    expect(codes(await fresh().plan({ ...declaration, organization: 'nowhere' }))).toEqual(['not-there'])
  })
})

describe('guards', () => {
  const many = (count: number) => ({
    organization: 'acme',
    ignore: { teams: ['everyone'] },
    manage: { teams: 'remove' },
    teams: Object.fromEntries(Array.from({ length: count }, (_, n) => [`team-${n}`, {}])),
  })

  test.each([
    [10, 0, []], // ten are free, whatever the share
    [11, 0, ['too-many-removals']],
    [11, 10, ['too-many-removals']],
    [11, 11, []], // as many as a person agreed to
  ])('%i of 20 teams with --max-removed %i', async (gone, maxRemoved, expected) => {
    const ground = fresh()
    await ground.apply(many(20))
    const planned = await ground.plan(many(20 - gone), { maxRemoved })
    expect(codes(planned)).toEqual(expected)
  })

  test('30 % of many are free', async () => {
    const ground = fresh()
    await ground.apply(many(49)) // and Everyone: fifty
    expect(codes(await ground.plan(many(34), { maxRemoved: 0 }))).toEqual([])
    expect(codes(await ground.plan(many(33), { maxRemoved: 0 }))).toEqual(['too-many-removals'])
  })

  test.each([
    [
      'the default cluster',
      { organization: 'acme', manage: { clusters: 'remove' }, clusters: {} },
      'removes-default-cluster',
    ],
    [
      'the last team of who applies',
      { organization: 'acme', manage: { members: 'remove' }, teams: { everyone: { members: {} } } },
      'last-way-in',
    ],
    [
      'the default queue of a cluster',
      { organization: 'acme', manage: { queues: 'remove' }, clusters: { 'Default cluster': { queues: {} } } },
      'removes-default-queue',
    ],
    [
      'a team that a pipeline names',
      {
        ...declaration,
        ignore: { members: ['*'] },
        manage: { teams: 'remove' },
        teams: { web: {} },
        pipelines: { web: { cluster: 'general', repository: 'r', teams: { everyone: 'read_only' } } },
      },
      'removes-what-is-used',
    ],
  ])('never remove %s', async (_name, files, code) => {
    const ground = fresh()
    const applied = await ground.apply(files)
    expect(codes(applied)).toContain(code)
    nothingSent(ground)
  })

  test('a cluster with pipelines', async () => {
    const ground = fresh()
    await ground.apply(declaration)
    const without = {
      ...declaration,
      manage: { clusters: 'remove' },
      clusters: { 'Default cluster': {} },
      pipelines: {},
    }
    expect(codes(await ground.plan(without))).toEqual(['cluster-in-use'])
  })
})

test('a pipeline that is taken out of the files loses its grants and is archived', async () => {
  const ground = fresh()
  await ground.apply(declaration)
  const without = { ...declaration, manage: { pipelines: 'remove' }, pipelines: {} }
  const plan = planOf(await ground.plan(without))
  expect(plan.steps.map(({ title }) => title)).toEqual([
    'GrantDelete grant:web/web',
    'PipelineArchive pipeline:web',
  ])
  await ground.apply(without)
  const after = planOf(await ground.plan(without))
  expect(after.steps).toEqual([])
  expect(after.undeclared).not.toContainEqual(expect.objectContaining({ address: 'pipeline:web' }))
})

test('a renamed team keeps its members and grants', async () => {
  const ground = fresh()
  await ground.apply(declaration)
  const renamed = {
    ...declaration,
    manage: { teams: 'remove', members: 'remove', grants: 'remove' },
    ignore: { teams: ['everyone'] },
    teams: { site: { was: 'web', members: { 'ada@acme.test': 'member' } } },
    pipelines: { web: { cluster: 'general', repository: 'r', teams: { site: 'build_and_read' } } },
  }
  const plan = planOf(await ground.plan(renamed))
  expect(plan.changes.map(({ address, was, verb }) => [address, was, verb])).toEqual([
    ['team:site', 'team:web', 'update'],
  ])
  await ground.apply(renamed)
  expect(planOf(await ground.plan(renamed)).changes).toEqual([])
})

test('a renamed cluster keeps its queues, and a renamed pipeline its grants', async () => {
  const ground = fresh()
  await ground.apply(declaration)
  const renamed = {
    ...declaration,
    clusters: { main: { was: 'general', default_queue: 'default', queues: { default: {} } } },
    pipelines: { site: { was: 'web', cluster: 'main', repository: 'r', teams: { web: 'build_and_read' } } },
  }
  const plan = planOf(await ground.plan(renamed))
  expect(plan.changes.map(({ address, verb }) => [address, verb])).toEqual([
    ['cluster:main', 'update'],
    ['pipeline:site', 'update'],
  ])
  await ground.apply(renamed)
  expect(planOf(await ground.plan(renamed)).changes).toEqual([])
})

test('an undeclared thing is shown, an ignored one is shown as that, and neither is touched', async () => {
  const ground = fresh()
  const plan = planOf(
    await ground.plan({ organization: 'acme', ignore: { teams: ['every*'] }, teams: {}, clusters: {} }),
  )
  expect(plan.steps).toEqual([])
  expect(plan.undeclared).toEqual([
    { address: 'team:everyone', ignored: true },
    { address: 'cluster:Default cluster', ignored: false },
  ])
})

test('a map that nobody wrote is left alone, and not even shown', async () => {
  expect(planOf(await fresh().plan({ organization: 'acme' })).undeclared).toEqual([])
  const { undeclared } = planOf(await fresh().plan({ organization: 'acme', teams: { everyone: {} } }))
  expect(undeclared).toEqual([])
  const written = planOf(await fresh().plan({ organization: 'acme', teams: { everyone: { members: {} } } }))
  expect(written.undeclared).toContainEqual({ address: 'member:everyone/ada@acme.test', ignored: false })
})

test('an organization with teams off can have none declared', async () => {
  const { newOrganization } = await import('../../src/sandbox/seed.js')
  const state = newOrganization({ slug: 'acme', admin: { email: 'bridle@acme.test', token }, teams: false })
  const ground = groundOf(sandbox({ state, clock: stoppedClock(), limits: 'off' }))
  expect(codes(await ground.plan({ organization: 'acme', teams: { web: {} } }))).toEqual(['teams-off'])
  expect(codes(await ground.plan({ organization: 'acme', clusters: { general: {} } }))).toEqual([])
})

test('a plan file hides nothing from who reads it', async () => {
  const hostile = 'ok\u202etxt.exe\u200b\u001b[2J'
  const text = printPlan(
    planOf(await fresh().plan({ organization: 'acme', teams: { web: { description: hostile } } })),
  )
  for (const character of ['\u202e', '\u200b', '\u001b']) expect(text).not.toContain(character)
  expect(text).toContain(String.raw`ok\u202etxt.exe\u200b\u001b[2J`)
  const read = JSON.parse(text) as Plan
  expect(read.changes[0]?.fields).toContainEqual({ field: 'description', before: null, after: hostile })
})
