import { describe, expect, test } from 'vitest'
import { edit } from '../../src/sandbox/edit.js'
import { sandbox } from '../../src/sandbox/index.js'
import { printPlan } from '../../src/plan/print.js'
import {
  errorsIn,
  fresh,
  groundOf,
  mutationsIn,
  planOf,
  stoppedClock,
  type Ground,
} from '../support/ground.js'

const now = '2026-11-22T00:00:00.000Z'

/** The same organization after somebody changed it by hand. */
const byHand = ({ sandbox: it }: Ground, ...words: string[]): Ground => {
  const { state, said } = edit(it.state, words, { now })
  if (state === undefined) throw new Error(said)
  return groundOf(sandbox({ state, clock: stoppedClock(), limits: 'off' }))
}

const acme = (rest: object) => ({
  organization: 'acme',
  ignore: { teams: ['everyone'], members: ['everyone/*'] },
  ...rest,
})
const codes = (result: { findings: readonly { code: string }[] }) => result.findings.map(({ code }) => code)
const changes = async (ground: Ground, declaration: object) =>
  planOf(await ground.plan(declaration)).changes.map(({ address, verb }) => `${verb} ${address}`)

describe('a pause', () => {
  const queue = (paused: string | null) =>
    acme({ clusters: { general: { queues: { default: { paused } } } } })

  test('without a note is a pause, and is seen', async () => {
    const ground = fresh()
    await ground.apply(queue(null))
    const paused = byHand(ground, 'pause', 'queue:general/default')
    expect(await changes(paused, queue(null))).toEqual(['update queue:general/default'])
  })

  test('without a note can be asked for', async () => {
    const ground = fresh()
    await ground.apply(queue(null))
    expect(await changes(ground, queue(''))).toEqual(['update queue:general/default'])
    await ground.apply(queue(''))
    expect(await changes(ground, queue(''))).toEqual([])
  })
})

describe('an archived pipeline', () => {
  const web = (rest: object) =>
    acme({ pipelines: { web: { repository: 'r', cluster: 'Default cluster', ...rest } } })

  test('is left alone, aloud, while nothing says whether it should be one', async () => {
    const ground = fresh()
    await ground.apply(web({ archived: true }))
    const same = await ground.plan(web({}))
    expect(codes(same)).toEqual(['stays-archived'])
    expect(errorsIn(same)).toEqual([])
    const other = await ground.plan(web({ description: 'new' }))
    expect(errorsIn(other)).toHaveLength(1)
    expect(codes(other)).toContain('stays-archived')
  })

  test('that came back for a change goes away again, whatever happens in between', async () => {
    const ground = fresh()
    await ground.apply(web({ archived: true }))
    ground.sandbox.faults.push({ on: 'PipelineArchive', fault: 'error', message: 'no' })
    await ground.apply(web({ archived: true, description: 'new' }))
    expect(await changes(ground, web({ archived: true, description: 'new' }))).toEqual([
      'update pipeline:web',
    ])
    await ground.apply(web({ archived: true, description: 'new' }))
    expect(await changes(ground, web({ archived: true, description: 'new' }))).toEqual([])
  })
})

describe('a pipeline whose making was interrupted', () => {
  const web = acme({
    pipelines: { web: { repository: 'git@github.com:acme/web.git', cluster: 'Default cluster' } },
  })

  test('had the least access from the start, and loses its mark', async () => {
    const ground = fresh()
    ground.sandbox.faults.push({
      on: 'PATCH /v2/organizations/acme/pipelines/*',
      fault: 'answer',
      status: 422,
      body: '{"message":"no"}',
    })
    await ground.apply(web)
    const plan = planOf(await ground.plan(web))
    expect(plan.changes[0]?.fields).toEqual([{ field: 'tags', before: ['bridle-unfinished'], after: [] }])
    await ground.apply(web)
    expect(planOf(await ground.plan(web)).changes).toEqual([])
    const [row] = [...ground.sandbox.state.tables.pipelines.rows.values()] as unknown as { tags: string[] }[]
    expect(row?.tags).toEqual([])
  })
})

describe('ignore', () => {
  test('matches names as people write them', async () => {
    const clusters = (names: string[]) => Object.fromEntries(names.map((name) => [name, {}]))
    const ground = fresh()
    await ground.apply(acme({ clusters: clusters(['Mobile / macs', 'a%b', 'other']) }))
    const without = acme({
      ignore: { clusters: ['Mobile / macs', 'a%b', 'Default*'] },
      manage: { clusters: 'remove' },
      clusters: {},
    })
    expect(await changes(ground, without)).toEqual(['remove cluster:other'])
  })

  test('knows people in whatever case', async () => {
    const ground = fresh()
    await ground.apply(acme({ teams: { web: { members: { 'Cy@acme.test': 'member' } } } }))
    const without = acme({
      ignore: { teams: ['everyone'], members: ['everyone/*', 'web/Cy@acme.test'] },
      manage: { members: 'remove' },
      teams: { web: { members: {} } },
    })
    expect(await changes(ground, without)).toEqual([])
  })
})

describe('guards look at the names that things will have', () => {
  test('the last way in, in a team that is being renamed', async () => {
    const ground = fresh()
    const old = acme({
      manage: { members: 'remove' },
      teams: {
        everyone: { members: { 'ada@acme.test': 'member' } },
        old: { members: { 'bridle@acme.test': 'member' } },
      },
    })
    await ground.apply({ ...old, ignore: {} })
    const renamed = await ground.plan(
      acme({
        ignore: {},
        manage: { members: 'remove' },
        teams: { neu: { was: 'old', members: { 'ada@acme.test': 'member' } } },
      }),
    )
    expect(codes(renamed)).toContain('last-way-in')
  })

  test('the default queue of a cluster that is being renamed', async () => {
    const ground = fresh()
    const renamed = acme({
      manage: { queues: 'remove' },
      clusters: { neu: { was: 'Default cluster', queues: { b: {} } } },
    })
    expect(codes(await ground.plan(renamed))).toContain('removes-default-queue')
  })

  test('a pipeline that leaves a removed cluster under another name', async () => {
    const ground = fresh()
    await ground.apply(
      acme({ clusters: { a: {}, b: {} }, pipelines: { p: { repository: 'r', cluster: 'b' } } }),
    )
    const leaving = acme({
      manage: { clusters: 'remove' },
      ignore: { clusters: ['Default cluster'] },
      clusters: { a: {} },
      pipelines: { q: { was: 'p', cluster: 'a', repository: 'r' } },
    })
    expect(codes(await ground.plan(leaving))).toEqual([])
    await ground.apply(leaving)
    expect(await changes(ground, leaving)).toEqual([])
  })
})

describe('removals are counted', () => {
  test('without what is archived already', async () => {
    const slugs = (count: number, archived: boolean) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, n) => [
          `${archived ? 'old' : 'new'}-${n}`,
          { repository: 'r', cluster: 'Default cluster', archived },
        ]),
      )
    const ground = fresh()
    await ground.apply(acme({ pipelines: { ...slugs(40, true), ...slugs(12, false) } }))
    const none = acme({ manage: { pipelines: 'remove' }, pipelines: {} })
    expect(codes(await ground.plan(none, { maxRemoved: 0 }))).toEqual(['too-many-removals'])
  })

  test('with what goes along', async () => {
    const queues = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`q${n}`, {}]))
    const ground = fresh()
    await ground.apply(acme({ clusters: { big: { queues } } }))
    const none = acme({
      manage: { clusters: 'remove' },
      ignore: { clusters: ['Default cluster'] },
      clusters: {},
    })
    expect(codes(await ground.plan(none, { maxRemoved: 0 }))).toEqual(['too-many-removals'])
  })
})

describe('a name that two clusters have', () => {
  const twins = () => byHand(byHand(fresh(), 'create', 'cluster:dup'), 'create', 'cluster:dup')

  test.each([
    ['a pipeline names it', { pipelines: { p: { repository: 'r', cluster: 'dup' } } }],
    ['the settings name it', { settings: { default_cluster: 'dup' } }],
    ['it is declared', { clusters: { dup: {} } }],
    [
      'both would be removed',
      { manage: { clusters: 'remove' }, ignore: { clusters: ['Def*'] }, clusters: {} },
    ],
  ])('is a finding where %s', async (_name, rest) => {
    const ground = twins()
    expect(codes(await ground.apply(acme(rest)))).toEqual(['ambiguous-name'])
    expect(mutationsIn(ground.sandbox)).toEqual([])
  })

  test('is nobody’s business otherwise', async () => {
    expect(codes(await twins().plan(acme({ teams: { web: {} } })))).toEqual([])
  })
})

test('a build number that grows makes no reviewed plan stale', async () => {
  const web = (rest: object) =>
    acme({ pipelines: { web: { repository: 'r', cluster: 'Default cluster', ...rest } } })
  const ground = fresh()
  await ground.apply(web({}))
  const reviewed = printPlan(planOf(await ground.plan(web({ next_build_number: 1000 }))))
  await ground.apply(web({ next_build_number: 7 })) // as if six builds had been started
  expect(codes(await ground.apply(web({ next_build_number: 1000 }), { reviewed }))).toEqual([])
})

test('a `was` that names nothing is said aloud', async () => {
  const planned = await fresh().plan(acme({ teams: { release: { was: 'relaese' } } }))
  expect(codes(planned)).toEqual(['rename-of-nothing'])
  expect(errorsIn(planned)).toEqual([])
})

test('no default cluster may be wanted, and the old one removed', async () => {
  const ground = fresh()
  const none = acme({
    settings: { default_cluster: null },
    manage: { clusters: 'remove' },
    clusters: { general: {} },
  })
  const applied = await ground.apply(none)
  expect(codes(applied)).toEqual([])
  expect(applied.outcomes.every(({ state }) => state === 'done')).toBe(true)
})

test('another Git host does not open a pipeline to strangers', async () => {
  const web = (repository: string) => acme({ pipelines: { web: { repository, cluster: 'Default cluster' } } })
  const ground = fresh()
  await ground.apply(web('ssh://git.internal/x.git'))
  await ground.apply(web('git@github.com:acme/x.git'))
  const settled = acme({
    pipelines: {
      web: {
        repository: 'git@github.com:acme/x.git',
        cluster: 'Default cluster',
        provider_settings: { build_pull_requests: false, build_pull_request_forks: false },
      },
    },
  })
  expect(await changes(ground, settled)).toEqual([])
})

test('half of a surrogate pair in a name from outside is a name like others', async () => {
  const ground = byHand(fresh(), 'set', 'team:everyone', 'description=\ud800')
  expect(errorsIn(await ground.plan(acme({ teams: { web: {} } })))).toEqual([])
})

test('what is impossible is said beside what is misspelt, in the order of the file', async () => {
  const planned = await fresh().plan({
    'bridle.yaml':
      'organization: acme\nclusters: { a: { queues: { "not a key": {} } } }\nteams: { web: { nam: x } }\n',
  })
  expect(planned.findings.map(({ code, where: [span] }) => [code, span?.line])).toEqual([
    ['impossible-value', 2],
    ['unknown-key', 3],
  ])
})
