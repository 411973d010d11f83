import { parse } from 'yaml'
import { describe, expect, test } from 'vitest'
import type { Drifted } from '../../src/model/result.js'
import type { Reacher } from '../../src/model/verdict.js'
import { edit } from '../../src/sandbox/edit.js'
import { sandbox } from '../../src/sandbox/index.js'
import {
  errorsIn,
  fresh,
  groundOf,
  mutationsIn,
  planOf,
  stoppedClock,
  type Ground,
} from '../support/ground.js'

/** A cluster that is for `release` alone, and one for everybody. */
const declaration = {
  organization: 'acme',
  trust: { admins: ['bridle@acme.test'], automation: 'bridle@acme.test' },
  ignore: { teams: ['everyone'] },
  settings: { default_cluster: 'general' },
  teams: {
    web: { members: { 'ada@acme.test': 'member' } },
    release: { members: { 'cy@acme.test': 'member' } },
  },
  clusters: {
    general: { default_queue: 'default', queues: { default: {} } },
    production: { allow: { teams: ['release'] }, queues: { deploy: {} } },
  },
  pipelines: {
    web: { cluster: 'general', repository: 'git@github.com:acme/web.git', teams: { web: 'build_and_read' } },
    deploy: {
      cluster: 'production',
      repository: 'git@github.com:acme/web.git',
      teams: { release: 'build_and_read', web: 'read_only' },
    },
  },
}

type Declaration = typeof declaration

const with_ = (change: (copy: Declaration) => void): Declaration => {
  const copy = structuredClone(declaration)
  change(copy)
  return copy
}

const set = (object: object, key: string, value: unknown) => Object.assign(object, { [key]: value })

const applied = async (files = declaration): Promise<Ground> => {
  const ground = fresh()
  const result = await ground.apply(files, { allowWidening: true })
  expect(errorsIn(result)).toEqual([])
  expect(result.outcomes.every(({ state }) => state === 'done')).toBe(true)
  return ground
}

const byHand = ({ sandbox: it }: Ground, ...words: string[]): Ground => {
  const { state, said } = edit(it.state, words, { now: '2026-11-22T00:00:00.000Z' })
  if (state === undefined) throw new Error(said)
  return groundOf(sandbox({ state, clock: stoppedClock(), limits: 'off' }))
}

const codes = (result: { findings: readonly { code: string; severity: string }[] }) =>
  result.findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)

describe('a plan that would open a privileged queue', () => {
  const opening = with_(({ pipelines }) => set(pipelines.deploy.teams, 'web', 'build_and_read'))

  test('is refused, and says who would get in by which path', async () => {
    const planned = await (await applied()).plan(opening, { allowWidening: true })
    expect(errorsIn(planned)[0]).toBe(
      'opens-queue: the plan would let user:ada@acme.test onto queue:production/deploy, whom nothing allows',
    )
    expect(planOf(planned).access?.opens).toEqual(['queue:production/deploy'])
  })

  test('is not carried out, whatever the flags', async () => {
    const ground = await applied()
    const before = mutationsIn(ground.sandbox).length
    const result = await ground.apply(opening, { allowWidening: true })
    expect(codes(result)).toContain('opens-queue')
    expect(mutationsIn(ground.sandbox).length).toBe(before)
  })

  test('is refused where somebody gets in by another way than before, too', async () => {
    const open = byHand(await applied(), 'grant', 'team:web', 'pipeline:deploy', 'build_and_read')
    const planned = await open.plan(
      with_(({ pipelines, clusters }) => {
        set(pipelines.deploy.teams, 'web', 'build_and_read')
        set(clusters.production, 'maintainers', { users: ['ada@acme.test'], teams: [] })
      }),
    )
    expect(codes(planned)).toContain('opens-queue')
  })
})

describe('a plan that closes', () => {
  test('is shown, carried out, and leaves nothing to find', async () => {
    const open = byHand(await applied(), 'grant', 'team:web', 'pipeline:deploy', 'build_and_read')
    const drifted = await open.drift(declaration)
    expect(codes(drifted)).toContain('chosen-commit')
    const result = await open.apply(declaration)
    expect(codes(result)).toEqual([])
    expect(result.plan?.access?.losses).toEqual([
      { who: 'user:ada@acme.test', can: 'build', on: 'pipeline:deploy' },
      { who: 'user:ada@acme.test', on: 'queue:production/deploy' },
    ])
    expect(planOf(await open.plan(declaration)).steps).toEqual([])
  })

  test('comes before what opens, with a barrier between', async () => {
    // With its steps in the files, so that nothing unseen comes along.
    const staying = with_(({ pipelines }) => {
      set(pipelines.web, 'steps', 'steps:\n  - command: buildkite-agent pipeline upload\n')
    })
    const ground = await applied(staying)
    const moving = structuredClone(staying)
    set(moving.pipelines.web, 'cluster', 'production')
    set(moving.pipelines.web.teams, 'web', 'read_only')
    const plan = planOf(await ground.plan(moving, { allowWidening: true }))
    const [barrier] = plan.barriers ?? []
    expect(barrier?.after).toEqual(['grant:web/web#1'])
    const move = plan.steps.find(({ gives }) => gives?.some(({ power }) => power === 'runs-in'))
    expect(move?.after).toContain(barrier?.id)
    const result = await ground.apply(moving, { allowWidening: true })
    expect(codes(result)).toEqual([])
    expect(result.outcomes.map(({ state }) => state)).toEqual(result.outcomes.map(() => 'done'))
  })
})

describe('giving access away', () => {
  const widening = with_(({ teams }) => set(teams.release.members, 'bob@acme.test', 'member'))

  test('takes a second word', async () => {
    const ground = await applied()
    const refused = await ground.apply(widening)
    expect(codes(refused)).toEqual(['widens-access'])
    const done = await ground.apply(widening, { allowWidening: true })
    expect(codes(done)).toEqual([])
    expect(done.plan?.access?.gains.map(({ who, on }) => `${who} ${on}`)).toContain(
      'user:bob@acme.test queue:production/deploy',
    )
  })
})

describe('who reaches something', () => {
  const accepting = async (ground: Ground) => {
    const { suggestions = '' } = await ground.check(declaration)
    const { accept } = parse(suggestions) as { accept: { reason: string }[] }
    return { ...declaration, accept: accept.map((one) => ({ ...one, reason: 'looked at' })) }
  }
  const allowedIn = (reachers: readonly Reacher[]) =>
    reachers.filter(({ allowed }) => allowed === true).map(({ who, by }) => [who, by])

  test('of a privileged queue is who the check says, in its words', async () => {
    const ground = await applied()
    const accepted = await accepting(ground)
    const open = byHand(await applied(), 'grant', 'team:web', 'pipeline:deploy', 'build_and_read')
    for (const [at, files] of [
      [ground, declaration],
      [ground, accepted],
      [open, accepted],
    ] as const) {
      const [judged] = (await at.check(files)).queues
      const who = await at.who(files, 'queue:production/deploy')
      expect(who).toMatchObject({ verdict: judged?.verdict, accepted: judged?.accepted })
      expect(who.reachers.filter(({ allowed }) => allowed !== true)).toEqual(judged?.reachers)
    }
    const [closed] = (await ground.check(accepted)).queues
    expect(closed?.verdict).toBe('closed')
    expect(closed?.accepted).toBeGreaterThan(10)
  })

  test('is allowed at a pipeline and in a cluster as in the privileged cluster', async () => {
    const ground = await applied()
    for (const on of ['queue:production/deploy', 'cluster:production', 'pipeline:deploy']) {
      const { reachers } = await ground.who(declaration, on)
      expect(allowedIn(reachers)).toEqual([
        ['user:bridle@acme.test', 'trust'],
        ['user:cy@acme.test', 'team:release'],
      ])
      expect(reachers.every(({ allowed }) => allowed !== undefined)).toBe(true)
    }
  })

  test('is neither allowed nor not where nothing is privileged', async () => {
    const ground = await applied()
    for (const on of ['queue:general/default', 'cluster:general', 'pipeline:web', 'team:web']) {
      const { reachers, verdict } = await ground.who(declaration, on)
      expect(verdict).toBe(undefined)
      expect(reachers.map(({ who }) => who)).toContain('user:ada@acme.test')
      expect(reachers.every(({ allowed }) => allowed === undefined)).toBe(true)
    }
  })

  test('says nothing of who ran there, where nobody knows', async () => {
    const { text = '' } = await (await applied()).snapshot(declaration)
    for (const basis of [{ basis: 'files' }, { basis: 'snapshot', text }] as const) {
      const who = await fresh().who(declaration, 'queue:production/deploy', { ...basis, observedDays: 30 })
      expect(codes(who)).toEqual(['nothing-there'])
      expect(who.observed).toBe(undefined)
      expect(who.reachers).not.toEqual([])
    }
  })
})

describe('what comes to a privileged place by itself', () => {
  const warned = ({ findings }: { findings: readonly { code: string; what: string; severity: string }[] }) =>
    findings.filter(({ code }) => code === 'privileged-by-default').map(({ what }) => what)
  const byQueue = 'queue:production/deploy is privileged, and gets the jobs that name no queue'
  const byCluster = 'cluster:production is privileged, and new pipelines land in it'

  test('is found where only the organization says so', async () => {
    const ground = byHand(await applied(), 'set', 'cluster:production', 'default_queue=deploy')
    expect(warned(await ground.check(declaration))).toEqual([byQueue])
    expect(warned(await ground.drift(declaration))).toEqual([byQueue])
    const moved = byHand(ground, 'set', 'organization', 'default_cluster=production')
    const unsaid = { ...declaration, settings: undefined }
    expect(warned(await moved.check(unsaid))).toEqual([byCluster, byQueue])
    expect(warned(await moved.check(declaration))).toEqual([byCluster, byQueue])
    expect(warned(await (await applied()).check(unsaid))).toEqual([])
  })

  test('is said once where the files say so, too', async () => {
    const ground = byHand(await applied(), 'set', 'cluster:production', 'default_queue=deploy')
    const written = with_(({ clusters }) => set(clusters.production, 'default_queue', 'deploy'))
    expect(warned(await ground.check(written))).toHaveLength(1)
    expect(warned(await ground.check(written, { basis: 'files' }))).toHaveLength(1)
  })
})

describe('containing a queue', () => {
  const containable = with_(({ clusters }) => set(clusters.production, 'contain', true))
  const queue = 'queue:production/deploy'
  const open = async () => byHand(await applied(), 'grant', 'team:web', 'pipeline:deploy', 'build_and_read')

  test('pauses one that is open, and says that it is contained, never closed', async () => {
    const ground = await open()
    const contained = await ground.contain(containable, queue)
    expect(contained).toMatchObject({ did: 'paused', verdict: 'open' })
    expect(contained.note).toBe('bridle: open by R5; `bridle access check` says to whom')
    expect(mutationsIn(ground.sandbox).map(({ name }) => name)).toEqual(['QueuePause'])
    const [judged] = (await ground.check(containable)).queues
    expect(judged).toMatchObject({ verdict: 'open', contained: true })
    expect(await ground.contain(containable, queue)).toMatchObject({ did: 'already' })
  })

  test('leaves one alone that is not open, or that nobody said it may pause', async () => {
    const closed = await applied()
    const before = mutationsIn(closed.sandbox).length
    expect(await closed.contain(containable, queue)).toMatchObject({ did: 'nothing', verdict: 'assumed' })
    const other = await open()
    expect(codes(await other.contain(declaration, queue))).toEqual(['can-not-contain'])
    expect(mutationsIn(closed.sandbox).length).toBe(before)
    expect(mutationsIn(other.sandbox)).toEqual([])
  })

  test('ends with the apply that closes it, after everything that closes', async () => {
    const ground = await open()
    await ground.contain(containable, queue)
    const result = await ground.apply(containable)
    expect(codes(result)).toEqual([])
    const resume = result.plan?.steps.find(
      ({ call }) => call.via === 'graphql' && call.operation === 'QueueResume',
    )
    expect(resume?.after).toEqual([`barrier:${queue}`])
    expect((await ground.check(containable)).queues[0]?.contained).toBe(undefined)
  })

  test('a pause of somebody else’s stays', async () => {
    const paused = byHand(await applied(), 'pause', queue, 'maintenance window')
    expect(planOf(await paused.plan(containable)).steps).toEqual([])
  })
})

describe('bridle.lock.yaml', () => {
  const lockOf = async (ground: Ground, how: object = {}) => {
    let lock = ''
    await ground.apply(declaration, { keep: (_name: string, text: string) => (lock = text), ...how })
    return lock
  }
  const locked = (lock: string, files: object = declaration) => ({
    'bridle.yaml': JSON.stringify(files),
    ...(lock === '' ? {} : { 'bridle.lock.yaml': lock }),
  })

  test('keeps what privileged names stand for', async () => {
    const lock = await lockOf(await applied())
    expect(lock).toMatch(/^# Written by `bridle apply`/)
    for (const name of ['cluster:production', 'queue:production/deploy', 'pipeline:deploy', 'team:release'])
      expect(lock).toContain(`${name}: `)
    expect(lock).not.toContain('pipeline:web')
  })

  test('a name that stands for something else stops every command', async () => {
    const ground = await applied()
    const lock = await lockOf(ground)
    const other = lock.replace(/pipeline:deploy: .*/, 'pipeline:deploy: 00000000-0000-4000-8000-000000000000')
    const files = locked(other)
    expect(codes(await ground.plan(files))).toEqual(['identity-changed'])
    expect(codes(await ground.drift(files))).toContain('identity-changed')
    expect(codes(await ground.check(files))).toContain('identity-changed')
    const uuid = /pipeline:deploy: (.*)/.exec(lock)?.[1] ?? ''
    const adopted = await ground.plan(files, { acceptIdentity: new Map([['pipeline:deploy', uuid]]) })
    expect(codes(adopted)).toEqual([])
  })

  test('one that is no lock is no use, and is said to be', async () => {
    const ground = await applied()
    expect(codes(await ground.plan(locked('format: bridle.lock/9\n')))).toEqual(['broken-lock'])
  })

  test('settles that names could be taken over', async () => {
    const ground = await applied()
    const lock = await lockOf(ground)
    const assumed = async (text: string) =>
      (await ground.check(locked(text))).assumed.map(({ finding }) => finding)
    expect(await assumed('')).toContain('name-reuse')
    expect(await assumed(lock)).not.toContain('name-reuse')
  })

  test('and so nobody is said to come by one, whatever is asked', async () => {
    const ground = await applied()
    const files = locked(await lockOf(ground))
    const who = await ground.who(files, 'queue:production/deploy')
    expect(who.reachers.length).toBeGreaterThan(5)
    expect(who.reachers.map(({ who }) => who).filter((who) => who.startsWith('former:name/'))).toEqual([])
  })

  test('remembers who left, until somebody has rotated what they know', async () => {
    const ground = await applied()
    const before = await lockOf(ground)
    const without = with_(({ teams }) => set(teams.release, 'members', {}))
    const assumed = async (text: string) =>
      (await ground.check(locked(text, without))).assumed.filter(
        ({ finding }) => finding === 'former-members',
      )
    expect(await assumed(before)).toMatchObject([{ at: 'cluster:production' }])
    let after = ''
    await ground.apply(locked(before, without), { keep: (_name, text) => (after = text) })
    expect(after).toContain('left:\n  cluster:production:\n    - cy@acme.test\n')
    expect(await assumed(after)).toMatchObject([{ at: 'cluster:production' }])
  })
})

describe('what a verdict is given on', () => {
  const opening = with_(({ pipelines }) => set(pipelines.deploy.teams, 'web', 'build_and_read'))
  const open = async () => byHand(await applied(), 'grant', 'team:web', 'pipeline:deploy', 'build_and_read')

  test('a snapshot says what the organization said', async () => {
    const ground = await open()
    const { text = '', result } = await ground.snapshot(declaration)
    expect(errorsIn(result)).toEqual([])
    const live = await ground.check(declaration)
    const saved = await fresh().check(declaration, { basis: 'snapshot', text })
    expect(saved.queues).toEqual(live.queues)
    expect(saved.assumed).toEqual(live.assumed)
    expect(codes(saved)).toEqual(codes(live))
    expect(saved.basis).toMatchObject({ on: 'snapshot', read: { readings: 2 } })
  })

  test('a snapshot of another organization, another bridle’s, and half of one are none', async () => {
    const { text = '' } = await (await applied()).snapshot(declaration)
    const on = async (other: string) =>
      codes(await fresh().check(declaration, { basis: 'snapshot', text: other }))
    expect(await on(text.replace('"organization": "acme"', '"organization": "other"'))).toEqual([
      'another-organization',
    ])
    expect(await on(text.replace('bridle.snapshot/2', 'bridle.snapshot/3'))).toEqual(['newer-snapshot'])
    expect(await on(text.replace('"active",', '"active",\n    "flies",'))).toEqual(['newer-snapshot'])
    expect(await on(text.replace('bridle.snapshot/2', 'bridle.snapshot/1'))).toEqual(['older-snapshot'])
    expect(await on(text.replace(/ *"dispatches",\n/, ''))).toEqual(['older-snapshot'])
    expect(await on(text.slice(0, -20))).toEqual(['not-a-snapshot'])
    expect(await on(text.replace('["in-team"', '["in-teams"'))).toEqual(['not-a-snapshot'])
  })

  test('what was accepted of those who push is void when another branch is built', async () => {
    const filtered: object = with_(({ pipelines }) => set(pipelines.deploy, 'branch_configuration', 'main'))
    const ground = fresh()
    await ground.apply(filtered, { allowWidening: true })
    const at = 'repository:github.com/acme/web'
    const pushed = ({
      assumed,
    }: {
      readonly assumed: readonly { finding: string; at: string; facts: string }[]
    }) => assumed.find((one) => one.finding === 'push-to-repository' && one.at === at)
    const facts = pushed(await ground.check(filtered))?.facts
    const accept = [
      { finding: 'push-to-repository', at, reason: 'main is protected', until: '2027-01-01', facts },
    ]
    const codes = (result: Parameters<typeof errorsIn>[0]) => result.findings.map(({ code }) => code)
    const files = { ...filtered, accept }
    expect(codes(await ground.check(files))).not.toContain('accept-void')
    const anyBranch = with_(({ pipelines }) => set(pipelines.deploy, 'branch_configuration', null))
    const plan = await ground.plan({ ...anyBranch, accept })
    expect(codes(plan)).toContain('widens-access')
    expect(plan.plan?.access?.widens).toBe(true)
    const byOthers = byHand(ground, 'set', 'pipeline:deploy', 'branch_configuration=')
    expect(codes(await byOthers.check({ ...declaration, accept }))).toContain('accept-void')
  })

  test('of a Git host that nobody knows, files are as sure as Buildkite is', async () => {
    const elsewhere: object = with_(({ pipelines }) =>
      set(pipelines.deploy, 'repository', 'ssh://git@git.acme.test/deploy.git'),
    )
    const ground = fresh()
    const offline = await ground.check(elsewhere, { basis: 'files' })
    await ground.apply(elsewhere, { allowWidening: true })
    const onHost = ({
      assumed,
    }: {
      readonly assumed: readonly { finding: string; at: string; facts: string }[]
    }) =>
      assumed
        .filter(({ finding }) => finding === 'fork-builds' || finding === 'event-builds')
        .map(({ finding, at, facts }) => `${finding} at ${at}: ${facts}`)
    expect(onHost(offline)).toEqual([
      expect.stringContaining('event-builds at repository:git.acme.test/deploy'),
      expect.stringContaining('fork-builds at pipeline:deploy'),
    ])
    expect(onHost(await ground.check(elsewhere))).toEqual(onHost(offline))
  })

  test('a saved plan says what would be, and the files what they would come to', async () => {
    const ground = await applied()
    const plan = planOf(await ground.plan(opening))
    const judged = await ground.check(opening, { basis: 'plan', text: JSON.stringify(plan) })
    expect(judged.queues[0]?.verdict).toBe('open')
    expect(judged.basis?.on).toBe('plan')
    const { text: snapshot = '' } = await ground.snapshot(declaration)
    const offline = await ground.check(opening, { basis: 'plan', text: JSON.stringify(plan), snapshot })
    expect(offline.queues).toEqual(judged.queues)
    expect((await ground.check(opening, { basis: 'files' })).queues[0]?.verdict).toBe('open')
    expect((await ground.check(declaration, { basis: 'files' })).queues[0]?.verdict).toBe('assumed')
  })
})

describe('what nobody declared in a privileged cluster', () => {
  test('is a finding, whatever manage says, and is listed by its age', async () => {
    const made = byHand(
      await applied(),
      'create',
      'pipeline:planted',
      'repository=git@github.com:acme/web.git',
      'cluster=production',
    )
    const drifted = await made.drift(declaration, { createdWithinDays: 7 })
    const undeclared = drifted.findings.find(({ code }) => code === 'undeclared-in-privileged')
    expect(undeclared?.what).toBe('pipeline:planted: a pipeline that no file declares, in cluster:production')
    expect(drifted.created?.map(({ address }) => address)).toContain('pipeline:planted')
    const removing = { ...declaration, manage: { pipelines: 'remove' } }
    const result = await made.apply(removing)
    expect(result.outcomes.every(({ state }) => state === 'done')).toBe(true)
    expect(codes(await made.check(removing))).not.toContain('undeclared-in-privileged')
  })
})

describe('what is new in privileged clusters', () => {
  /** Everything that can be made there, some of it by ada, who may by then. */
  const planted: readonly string[][] = [
    ['create', 'queue:production/extra'],
    ['token', 'cluster:production', 'spare'],
    ['revoke', 'team:web', 'pipeline:deploy'],
    ['promote', 'ada@acme.test'],
    ['as', 'ada@acme.test', 'grant', 'team:web', 'pipeline:deploy', 'build_and_read'],
    ['rule', 'pipeline:web', 'pipeline:deploy'],
    ['as', 'ada@acme.test', 'schedule', 'pipeline:deploy', 'nightly', '0 4 * * *'],
    ['maintain', 'cluster:production', 'team:web'],
  ]
  test('is of every kind that Buildkite keeps a date of, with whoever made it', async () => {
    const weeksAgo = fresh({ clock: { ...stoppedClock(), now: () => Date.UTC(2026, 9, 22) } })
    await weeksAgo.apply(declaration, { allowWidening: true })
    const drifted = await planted
      .reduce((there, words) => byHand(there, ...words), weeksAgo)
      .drift(declaration, { createdWithinDays: 7 })
    const made = new Map(drifted.created?.map(({ address, by }) => [address, by]))
    expect([...made.keys()].sort()).toEqual([
      'grant:deploy/web',
      'queue:production/extra',
      'rule:trigger_build/web/deploy',
      'schedule:deploy/nightly',
      'token:production/spare',
    ])
    expect(made.get('grant:deploy/web')).toBe('user:ada@acme.test')
    expect(made.get('queue:production/extra')).toBe('user:bridle@acme.test')
    expect(drifted.createdUntold).toEqual(['maintainers'])
  })
})

describe('how somebody else gets in by hand, and what drift calls it', () => {
  const queue = 'queue:production/deploy'
  const ways: readonly (readonly [name: string, words: readonly string[][], code: string, who: string])[] = [
    [
      'an administrator whom nobody trusts',
      [['promote', 'ada@acme.test']],
      'administrators',
      'user:ada@acme.test',
    ],
    [
      'Full Access',
      [['grant', 'team:web', 'pipeline:deploy', 'manage_build_and_read']],
      'full-access',
      'user:ada@acme.test',
    ],
    [
      'a maintainer of the cluster',
      [['maintain', 'cluster:production', 'ada@acme.test']],
      'cluster-maintainers',
      'user:ada@acme.test',
    ],
    [
      'a team of everybody',
      [['grant', 'team:everyone', 'pipeline:deploy', 'build_and_read']],
      'chosen-commit',
      'user:bob@acme.test',
    ],
    ['a member more', [['join', 'team:release', 'bob@acme.test']], 'chosen-commit', 'user:bob@acme.test'],
    [
      'a pipeline that comes in',
      [['move', 'pipeline:web', 'cluster:production']],
      'chosen-commit',
      'user:ada@acme.test',
    ],
    [
      'pull requests from forks',
      [
        [
          'set',
          'pipeline:deploy',
          'provider_settings.build_pull_requests=true',
          'provider_settings.build_pull_request_forks=true',
        ],
      ],
      'fork-builds',
      'outsider:anybody',
    ],
    ['a rule', [['rule', 'pipeline:web', 'pipeline:deploy']], 'trigger-rule', 'user:ada@acme.test'],
    [
      'the default cluster',
      [
        ['set', 'organization', 'default_cluster=production'],
        ['set', 'team:web', 'members_can_create_pipelines=true'],
      ],
      'default-cluster',
      'user:ada@acme.test',
    ],
    [
      'an invitation',
      [['invite', 'person', 'new@acme.test', 'admin']],
      'administrators',
      'invitee:new@acme.test',
    ],
  ]

  test.each(ways)('%s', async (_name, words, code, who) => {
    let ground = await applied()
    for (const some of words) ground = byHand(ground, ...some)
    const judged = (await ground.check(declaration)).queues.find((one) => one.queue === queue)
    expect(judged?.verdict).toBe('open')
    expect(
      judged?.reachers.filter(({ shortest }) => shortest.sureness === 'open').map((one) => one.who),
    ).toContain(who)
    const drifted = await ground.drift(declaration)
    expect(codes(drifted)).toContain(code)
    const found = drifted.findings.find((finding) => finding.code === code && finding.trail !== undefined)
    expect(found?.what).toContain('can run code on queue:production/deploy')
  })
})

describe('what is not there any more', () => {
  test('a privileged cluster that was renamed has no verdict, and that is a finding', async () => {
    const renamed = byHand(await applied(), 'rename', 'cluster:production', 'prod2')
    const expecting = {
      ...declaration,
      expect: [{ who: 'team:web', cannot: 'run', on: 'queue:production/deploy' }],
    }
    const judged = await renamed.check(expecting)
    expect(codes(judged)).toContain('privileged-not-there')
    expect(judged.expected).toMatchObject([{ holds: false }])
    expect(judged.findings.map(({ what }) => what)).toContain(
      'team:web may be able to run on queue:production/deploy, and should not',
    )
    expect(codes(await renamed.drift(declaration))).toContain('privileged-not-there')
  })
})

describe('a queue that narrows its cluster', () => {
  const narrowing = (allow: object) =>
    with_(({ clusters, teams }) => {
      set(clusters.production, 'allow', { teams: ['release', 'web'] })
      set(clusters.production.queues.deploy, 'allow', allow)
      set(clusters.production.queues.deploy, 'held_by', 'hook')
      set(teams, 'ops', { members: { 'bob@acme.test': 'member' } })
    })

  test('is still open to whom its cluster does not allow', async () => {
    const files = narrowing({ teams: ['release'] })
    set(files.pipelines.deploy.teams, 'ops', 'build_and_read')
    const [judged] = (await fresh().check(files, { basis: 'files' })).queues
    expect(judged?.verdict).toBe('open')
  })

  test('is never better than assumed for whom only its cluster allows', async () => {
    const files = narrowing({ teams: ['release'] })
    set(files.pipelines.deploy.teams, 'web', 'build_and_read')
    const { queues, assumed } = await fresh().check(files, { basis: 'files' })
    expect(queues[0]?.verdict).toBe('assumed')
    expect(queues[0]?.reachers.map(({ who }) => who)).toContain('user:ada@acme.test')
    expect(assumed.map(({ finding }) => finding)).toContain('any-queue')
  })
})

describe('a schedule that somebody made before anybody declared it', () => {
  const declaring = with_(({ pipelines }) =>
    set(pipelines.deploy, 'schedules', { nightly: { cronline: '0 3 * * *' } }),
  )
  const planted = async (...more: string[]) => {
    const ground = byHand(await applied(), 'grant', 'team:web', 'pipeline:deploy', 'manage_build_and_read')
    const made = byHand(
      ground,
      ...['as', 'ada@acme.test', 'schedule', 'pipeline:deploy', 'nightly', '0 3 * * *', ...more],
    )
    return byHand(made, 'grant', 'team:web', 'pipeline:deploy', 'read_only')
  }

  test('is theirs while it holds what no file says', async () => {
    const judged = await (await planted('commit=deadbeef')).check(declaring)
    expect(codes(judged)).toContain('planted-schedules')
  })

  test('is nobody’s where bridle made it', async () => {
    const ground = await applied()
    expect(errorsIn(await ground.apply(declaring, { allowWidening: true }))).toEqual([])
    expect(codes(await ground.check(declaring))).not.toContain('planted-schedules')
  })
})

test('somebody who is trusted may be invited first', async () => {
  const trusting = with_(({ trust }) => trust.admins.push('new@acme.test'))
  const invited = byHand(await applied(), 'invite', 'person', 'new@acme.test', 'admin')
  const found = (await invited.check(trusting)).findings.filter(({ what }) => what.includes('invitee:'))
  expect(found).toEqual([])
  expect((await invited.check(declaration)).queues[0]?.verdict).toBe('open')
})

describe('a person whom nobody knows', () => {
  const expecting = (who: string, word = 'cannot') => ({
    ...declaration,
    expect: [{ who, [word]: 'run', on: 'queue:production/deploy' }],
  })

  test.each(['cannot', 'can'])('is no answer to an expectation: %s', async (word) => {
    const judged = await (await applied()).check(expecting('user:typo@acme.test', word))
    expect(judged.expected).toMatchObject([
      { holds: false, why: expect.stringContaining('there is no user:typo') },
    ])
    expect(codes(judged)).toContain('expectation-failed')
  })

  test('may be there, where only the files are asked', async () => {
    const judged = await fresh().check(expecting('user:typo@acme.test'), { basis: 'files' })
    expect(judged.expected).toMatchObject([
      { holds: true, why: expect.stringContaining('no file names them') },
    ])
  })

  test('is not one who is there, however the email is written', async () => {
    const judged = await (await applied()).check(expecting('user:Cy@acme.test', 'can'))
    expect(judged.expected).toMatchObject([{ holds: true }])
  })

  test.each([
    ['trust', with_(({ trust }) => trust.admins.push('ghost@acme.test'))],
    ['the allow', with_(({ clusters }) => set(clusters.production.allow, 'users', ['ghost@acme.test']))],
  ])('is trusted or allowed for nothing, which is said: %s', async (_name, files) => {
    const judged = await (await applied()).check(files)
    expect(errorsIn(judged).filter((said) => said.startsWith('unknown-reference'))).toEqual([
      expect.stringContaining('names user "ghost@acme.test", which is not there'),
    ])
    expect(codes(await fresh().check(files, { basis: 'files' }))).not.toContain('unknown-reference')
  })
})

test('whoever is trusted and administers nothing any more is named, and stays allowed', async () => {
  const trusting = with_(({ trust }) => trust.admins.push('bob@acme.test'))
  const ground = await applied()
  const warned = ({ findings }: { findings: readonly { code: string; what: string }[] }) =>
    findings.filter(({ code }) => code === 'trusted-not-admin').map(({ what }) => what)
  const said = ['user:bob@acme.test is trusted with everything, and is no administrator of the organization']
  expect(warned(await ground.check(trusting))).toEqual(said)
  expect(warned(await ground.drift(trusting))).toEqual(said)
  const promoted = byHand(ground, 'promote', 'bob@acme.test')
  expect(warned(await promoted.check(trusting))).toEqual([])
})

describe('what is accepted for nothing', () => {
  const accepting = (finding: string, at: string, until = '2027-01-31') => ({
    ...declaration,
    accept: [{ finding, at, until, reason: 'looked at' }],
  })
  const about = ({ findings }: { findings: readonly { code: string; what: string }[] }) =>
    findings.filter(({ code }) => code.startsWith('accept-')).map(({ what }) => what)

  test('as it is open, says that', async () => {
    const open = byHand(await applied(), 'grant', 'team:web', 'pipeline:deploy', 'build_and_read')
    expect(about(await open.check(accepting('chosen-commit', 'pipeline:deploy')))).toEqual([
      '"chosen-commit" at pipeline:deploy is open, and what is open can\'t be accepted',
    ])
    expect(about(await open.check(accepting('chosen-commit', 'pipeline:web')))).toEqual([
      'nothing assumes "chosen-commit" at pipeline:web',
    ])
  })

  test('as its day has passed, is told once', async () => {
    const expired = accepting('control-plane', 'organization', '2026-11-01')
    expect(about(await (await applied()).check(expired))).toHaveLength(1)
    expect(about(await (await applied()).plan(expired))).toHaveLength(1)
  })
})

test('an expectation that fails says by which path, and not how every path ends', async () => {
  const open = byHand(await applied(), 'grant', 'team:web', 'pipeline:deploy', 'build_and_read')
  const { expected } = await open.check({
    ...declaration,
    expect: [{ who: 'user:ada@acme.test', cannot: 'run', on: 'queue:production/deploy' }],
  })
  expect(expected[0]?.why).toBe(
    'user:ada@acme.test may name any commit that its repository serves, merged or not',
  )
})

describe('whoever loses by a plan', () => {
  const lossesIn = ({ plan }: Drifted) =>
    plan?.access?.losses.filter(({ can }) => can === undefined).map(({ accepted }) => accepted)

  test('loses by an acceptance where nothing is taken away, and that is said', async () => {
    const rule = {
      type: 'pipeline.artifacts_read.pipeline',
      source_pipeline: 'deploy',
      target_pipeline: 'web',
    }
    const ruled = { ...declaration, rules: [rule] }
    const ground = fresh()
    await ground.apply(ruled, { allowWidening: true })
    const { suggestions = '' } = await ground.check(ruled)
    const { accept } = parse(suggestions.replaceAll('reason: ""', 'reason: "looked at"'))
    const gone = byHand(ground, 'unrule', 'pipeline:deploy', 'pipeline:web')
    const losses = lossesIn(await gone.drift({ ...ruled, accept }))
    expect(losses?.length).toBeGreaterThan(0)
    expect(losses?.every((accepted) => accepted === true)).toBe(true)
  })

  test('loses by the plan where it takes something away', async () => {
    const open = byHand(await applied(), 'grant', 'team:web', 'pipeline:deploy', 'build_and_read')
    expect(lossesIn(await open.drift(declaration))).toEqual([undefined])
  })
})
