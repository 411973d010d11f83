import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/model/finding.js'
import type { AccessChecked, Planned, Result } from '../../src/model/result.js'
import type { Hop, Path, QueueVerdict } from '../../src/model/verdict.js'
import { report } from '../../src/report/format.js'
import { unpainted } from '../../src/report/paint.js'

const at = { file: 'bridle.yaml', line: 12, column: 5, length: 3, text: '    web: build_and_read' }
const queue = 'queue:production/deploy'

const hops: Hop[] = [
  {
    path: 'rule',
    from: ['user:bob@acme.test'],
    to: 'can act in team:web',
    says: 'is in team:web',
    facts: [
      {
        power: 'in-team',
        of: 'user:bob@acme.test',
        on: 'team:web',
        sure: true,
        field: 'members',
        at: { from: 'api', address: 'team:web', field: 'Team.members', api: 'GraphQL' },
      },
    ],
  },
  {
    path: 'R4',
    from: ['can act in team:web'],
    to: 'can run code in pipeline:deploy',
    says: 'may change its steps',
    facts: [
      {
        power: 'edits',
        of: 'team:web',
        on: 'pipeline:deploy',
        sure: true,
        field: 'access_level',
        at: { from: 'file', address: 'pipeline:deploy', span: at },
      },
    ],
  },
  {
    path: 'R19',
    from: ['can run code in pipeline:deploy'],
    to: `can run on ${queue}`,
    says: 'names it',
    facts: [],
  },
]

const path: Path = { who: 'user:bob@acme.test', hops, numbers: ['R4', 'R19'], sureness: 'open' }

const verdict = (more: Partial<QueueVerdict> = {}): QueueVerdict => ({
  queue,
  verdict: 'closed',
  accepted: 0,
  trusted: 1,
  allowed: ['user:eve@acme.test'],
  paths: [],
  reachers: [],
  at,
  ...more,
})

const open = verdict({
  verdict: 'open',
  reachers: [{ who: 'user:bob@acme.test', allowed: false, shortest: path }],
})

const checked = (more: Partial<AccessChecked>): AccessChecked => ({
  result: 'access-check',
  basis: { on: 'files' },
  asked: '--offline',
  queues: [verdict()],
  assumed: [],
  expected: [],
  findings: [],
  ...more,
})

const text = (result: Result, more: object = {}) => report(result, 'text', { paint: unpainted, ...more })
const lines = (result: Result, more: object = {}) => text(result, more).split('\n')

const opening: Finding = {
  code: 'full-access',
  severity: 'error',
  what: `user:bob@acme.test can run code on ${queue}`,
  where: [at],
  why: 'why',
  fix: 'fix',
  trail: hops,
}

describe('access check', () => {
  test.each([
    ['closed', [verdict()], 'The one privileged queue is closed.'],
    ['open', [open], 'The one privileged queue is open.'],
    [
      'closed because somebody accepted something',
      [verdict({ accepted: 3 })],
      'The one privileged queue is closed, resting on 3 accepted assumptions.',
    ],
    [
      'several',
      [open, verdict({ accepted: 1 }), verdict(), verdict({ verdict: 'held' })],
      '4 privileged queues: 1 open, 1 held, 1 closed and 1 closed, resting on accepted assumptions.',
    ],
    ['none', [], 'There is no privileged queue.'],
  ])('begins with the verdict and what it was given on: %s', (_, queues, sentence) => {
    expect(lines(checked({ queues }))[0]).toBe(
      `${sentence} On files only, as if they were the whole organization.`,
    )
  })

  test.each([
    [1, 'one reading'],
    [2, 'two readings agree'],
    [3, 'three readings, the last two agree'],
  ])('says when it was read, and how often: %i', (readings, words) => {
    const read = { from: '2026-11-22T02:10:03.120Z', to: '2026-11-22T02:10:09.000Z', readings }
    expect(lines(checked({ basis: { on: 'organization', read } }))[0]).toBe(
      `The one privileged queue is closed. On the organization, read 2026-11-22 02:10:03–02:10:09 UTC, ${words}.`,
    )
  })

  test('of a reading over midnight names both days', () => {
    const read = { from: '2026-11-22T23:59:58.000Z', to: '2026-11-23T00:00:02.000Z', readings: 2 }
    expect(lines(checked({ basis: { on: 'snapshot', read } }))[0]).toContain(
      'On a snapshot that was read 2026-11-22 23:59:58–2026-11-23 00:00:02 UTC, two readings agree.',
    )
  })

  test.each(['snapshot', 'plan'] as const)('of a %s says what is not in it about roles', (on) => {
    const untold = 'What is wrong with roles themselves is not to be seen there.'
    const roles = [{ ...verdict(), role: 'role:prod/web-deploy' as const }]
    expect(lines(checked({ basis: { on }, roles }))[0]).toContain(untold)
    expect(lines(checked({ basis: { on: 'organization' }, roles }))[0]).not.toContain(untold)
    expect(lines(checked({ basis: { on } }))[0]).not.toContain(untold)
  })

  test('is a page that can be read at night', () => {
    const result = checked({
      queues: [open, verdict({ queue: 'queue:production/report', accepted: 1 })],
      assumed: [
        {
          finding: 'identity-provider',
          path: 'R25',
          at: 'organization:',
          queues: [queue, 'queue:production/report'],
          facts: '0123456789ab',
          accepted: { reason: 'Okta, reviewed', until: '2027-03-01', at },
        },
        { finding: 'push-to-repository', path: 'R8', at: 'repository:a/b', queues: [queue], facts: 'x' },
      ],
      expected: [
        { who: 'team:web', can: true, verb: 'watch', on: 'pipeline:deploy', holds: true, why: 'it may', at },
        { who: 'team:web', can: false, verb: 'run', on: queue, holds: false, why: 'bob may', at },
      ],
      findings: [
        {
          ...opening,
          code: 'push-to-repository',
          assumes: { finding: 'push-to-repository', at: 'repository:a/b' },
        },
        opening,
      ],
    })
    expect(text(result)).toBe(`\
2 privileged queues: 1 open and 1 closed, resting on accepted assumptions. 1 of 2 expectations does not hold. On files only, as if they were the whole organization.

queue:production/deploy  open to user:bob@acme.test
queue:production/report  closed, resting on 1 accepted assumption

error[full-access]: user:bob@acme.test can run code on queue:production/deploy
  --> bridle.yaml:12:5
   |
12 |     web: build_and_read
   |     ^^^
   |
   = path: user:bob@acme.test
     1. is in team:web → can act in team:web  (GraphQL Team.members of team:web)
     2. may change its steps → can run code in pipeline:deploy  (R4, bridle.yaml:12:5)
     3. names it → can run on queue:production/deploy  (R19)
   = why: why
   = fix: fix
   = see: bridle explain full-access

assumed: nothing readable settles these, so an \`accept\` has to
  R8 push-to-repository  at repository:a/b  for queue:production/deploy

accepted
  R25 identity-provider  at organization  until 2027-03-01: Okta, reviewed

expected
  broken  team:web cannot run on queue:production/deploy  bridle.yaml:12:5: bob may
  holds   team:web can watch pipeline:deploy              bridle.yaml:12:5: it may

next
  bridle access why user:bob@acme.test queue:production/deploy --offline  # every path, and what cuts them
  bridle access who queue:production/deploy --offline                     # everybody who reaches it
  bridle access check --suggest --offline                                 # the \`accept\` lines for what is assumed, to be looked at one by one
`)
  })

  test('gives no verdict where findings stood in the way', () => {
    const findings: Finding[] = [{ ...opening, code: 'unknown-key' }]
    const without: Result = { result: 'access-check', queues: [], assumed: [], expected: [], findings }
    expect(text(without)).toMatch(/^error\[unknown-key\][^]*\n1 error\.\n$/)
    expect(text(without)).not.toMatch(/closed|privileged/)
  })

  test('says of a contained queue that it is contained, and never that it is closed', () => {
    const shown = text(checked({ queues: [{ ...open, contained: true }] }))
    expect(shown).toMatch(new RegExp(`${queue}  open to .+, and contained: bridle has paused its dispatch`))
    expect(shown).not.toContain('closed')
  })

  test('names places under the path by which the reader finds them, on the way as well', () => {
    const shown = text(checked({ queues: [open], findings: [opening] }), { folder: 'infra/' })
    expect(shown).toContain('--> infra/bridle.yaml:12:5')
    expect(shown).toContain('(R4, infra/bridle.yaml:12:5)')
  })

  test('suggests no command that a shell would take for another', () => {
    const who = 'user:$(reboot)@acme.test'
    const queues = [
      verdict({ verdict: 'open', reachers: [{ who, allowed: false, shortest: { ...path, who } }] }),
    ]
    expect(text(checked({ queues }))).toContain(`bridle access why 'user:$(reboot)@acme.test' ${queue}`)
  })
})

describe('access who', () => {
  const assumed: Path = { ...path, who: 'holder:x', numbers: ['R40'], sureness: 'assumed' }
  test('groups those who are not allowed by their path, then names those who are', () => {
    const shown = text({
      result: 'access-who',
      basis: { on: 'files' },
      on: queue,
      verdict: 'open',
      reachers: [
        { who: 'user:bob@acme.test', allowed: false, shortest: path },
        { who: 'user:ada@acme.test', allowed: false, shortest: { ...path, who: 'user:ada@acme.test' } },
        { who: 'holder:x', allowed: false, shortest: assumed },
        { who: 'user:eve@acme.test', allowed: true, by: 'team:release', shortest: path },
      ],
      observed: [],
      findings: [],
    })
    expect(shown.split('\n')[0]).toBe(
      `${queue}: open; 2 not allowed reach it, 1 more may if something assumed is not so, and 1 allowed does. On files only, as if they were the whole organization.`,
    )
    expect(shown).toMatch(
      /R4 full-access, R19 any-queue\n.*\n {2}user:bob@acme\.test\n {2}user:ada@acme\.test\n/,
    )
    expect(shown).toMatch(/R40 shared-hosts\n.*\n {2}holder:x, assumed\n/)
    expect(shown).toContain('allowed\n  team:release  user:eve@acme.test\n')
    expect(shown).toContain('Nobody ran anything there in that time.')
  })
})

describe('access why', () => {
  const whyResult = (more: object): Result => ({
    result: 'access-why',
    basis: { on: 'files' },
    who: 'team:web',
    on: queue,
    paths: [path],
    rest: 0,
    roundabout: [],
    findings: [],
    ...more,
  })
  const why = (more: object) => text(whyResult(more))

  test('says whether a smaller set of edits may do', () => {
    const cuts = [{ says: 'team:web may only read', at }]
    expect(why({ cut: { exact: true, cuts } })).toContain('1 change cuts all of them; no smaller set does')
    expect(why({ cut: { exact: false, cuts } })).toContain('found greedily, so a smaller set may do')
  })

  test('shows the edits as a difference', () => {
    const cut = { exact: true, cuts: [{ says: 'x', at }], diff: '--- a/b.yaml\n+++ b/b.yaml\n-old\n+new\n' }
    expect(why({ cut })).toContain('  --- a/b.yaml\n  +++ b/b.yaml\n  -old\n  +new\n')
  })

  test('says which edits no file has a line for, and which the files have made already', () => {
    const cuts = [
      { says: 'x', before: 'old', after: 'new' },
      { says: 'y' },
      { says: 'z', at, isWritten: true },
    ]
    const diff = '--- a/b.yaml\n+++ b/b.yaml\n@@ -1,1 +1,1 @@\n-old\n+new\n'
    const shown = why({ cut: { exact: true, cuts, diff } })
    expect(shown).toContain('as a difference of the files, without the 1 that no file says\n')
    expect(shown).toMatch(/ {2}y\n/)
    expect(shown).toMatch(/ {2}z .*the files say so already: `bridle apply` carries it out\n/)
  })

  test('shows no line as one that goes where none does', () => {
    expect(why({ cut: { exact: true, cuts: [{ says: 'x', at }] } })).not.toMatch(/^ *- /m)
  })

  test('says what is left, and what was left aside', () => {
    const saying = (more: object) => why({ cut: { exact: true, cuts: [{ says: 'x' }], ...more } })
    expect(saying({ leavesAccepted: true })).toContain('1 change cuts all that is not accepted; ')
    expect(saying({ leavesAssumed: true })).toContain('cuts what is open, and what is assumed is left; ')
    expect(saying({ ofAccepted: true })).toContain(
      'All of it is accepted.\n\n1 change would cut what is accepted; ',
    )
    expect(saying({ isMild: true })).toContain('1 change cuts all of them; no smaller set does')
    expect(saying({ isMild: true, cuts: [{ says: 'x' }, { says: 'y' }] })).toContain(
      '2 changes cut all of them; no smaller set that leaves the allowed what they may does',
    )
  })

  test('tells what nothing cuts from what is accepted and nothing cuts', () => {
    expect(why({})).toContain('No change of the files cuts them')
    expect(why({ paths: [{ ...path, sureness: 'accepted' }] })).toContain(
      'All of it is accepted, and no change of the files would cut it.',
    )
  })

  test.each([
    ['team:web', 'by the files'],
    ['team:release', 'as a member of team:release'],
    ['user', 'by name'],
    ['trust', 'by the trust of the files'],
  ])('says who is allowed, and proposes no edit then: %s', (allowedBy, how) => {
    expect(why({ allowedBy })).toContain(`team:web is allowed there, ${how}: there is nothing to cut.`)
  })

  test('names files in a difference as the reader finds them', () => {
    const diff = '--- a/b.yaml\n+++ b/b.yaml\n@@ -1,1 +1,1 @@\n--- a/c\n+++ b/c\n'
    const result = whyResult({ cut: { exact: true, cuts: [{ says: 'x', before: '', after: '' }], diff } })
    const from = (folder: string) => report(result, 'text', { paint: unpainted, folder })
    expect(from('p2/')).toContain(
      '  --- a/p2/b.yaml\n  +++ b/p2/b.yaml\n  @@ -1,1 +1,1 @@\n  --- a/c\n  +++ b/c\n',
    )
    expect(from('../')).toContain('  --- a/b.yaml\n')
    expect(report(result, 'json', { paint: unpainted, folder: 'p2/' })).toContain('--- a/b.yaml')
  })

  test('says that there is no path, and proposes no edit then', () => {
    expect(why({ paths: [] })).toBe(
      `team:web to ${queue}: no path. On files only, as if they were the whole organization.\n`,
    )
  })

  test('says how many more there are', () => {
    expect(why({ rest: 1204 }).split('\n')[0]).toContain('1 path shown, and 1,204 more.')
  })
})

describe('a plan', () => {
  /** A change of some fields, and a plan that closes something before it moves a pipeline in. */
  const change = (address: string, ...fields: string[]) => ({
    address,
    verb: 'update',
    fields: fields.map((field) => ({ field, before: 1, after: 2 })),
    risk: { level: 'safe' },
  })
  const step = (number: number, after: string[], sets: string[]) => ({
    id: `pipeline:web#${String(number)}`,
    address: 'pipeline:web',
    title: 'PipelineUpdate pipeline:web',
    call: { via: 'graphql', operation: 'PipelineUpdate', input: {}, repeatable: true, sets },
    after,
  })
  const ordered = {
    changes: [change('pipeline:web', 'allow_rebuilds', 'cluster')],
    steps: [step(1, [], ['allow_rebuilds']), step(2, [`barrier:${queue}`], ['cluster'])],
    barriers: [{ id: `barrier:${queue}`, on: queue, after: ['pipeline:web#1'] }],
  }

  const plan = (more: object, rest: object = {}): Planned => ({
    result: 'plan',
    findings: [],
    plan: {
      format: 'bridle.plan/1',
      organization: 'acme',
      madeFrom: { wanted: '', live: '' },
      changes: [],
      steps: [],
      undeclared: [],
      budget: {
        reading: { points: 0, graphqlRequests: 0, restRequests: 0 },
        applying: { points: 0, graphqlRequests: 0, restRequests: 0 },
      },
      access: { gains: [], losses: [], opens: [], widens: false, ...more },
      ...rest,
    },
  })

  test('says first who gains and who loses what, and how', () => {
    const result = plan({
      gains: [
        { who: 'user:bob@acme.test', on: queue, paths: [path] },
        { who: 'user:ada@acme.test', on: queue, paths: [] },
        { who: 'outsider:anybody', can: 'edit', on: 'pipeline:deploy', paths: [] },
      ],
      losses: [{ who: 'user:eve@acme.test', on: queue }],
      widens: true,
    })
    expect(lines(result).slice(0, 16)).toEqual([
      'access',
      `  2 people gain ${queue}, 1 person loses it`,
      '  1 principal gains the right to edit pipeline:deploy',
      '',
      'by name',
      '  outsider:anybody    gains the right to edit pipeline:deploy',
      `  user:eve@acme.test  loses ${queue}`,
      '',
      'the new paths',
      `  user:bob@acme.test to ${queue}`,
      '    by R4, R19',
      '      1. is in team:web → can act in team:web  (GraphQL Team.members of team:web)',
      '      2. may change its steps → can run code in pipeline:deploy  (R4, bridle.yaml:12:5)',
      `      3. names it → can run on ${queue}  (R19)`,
      '',
      'Somebody gains: carrying it out takes `--allow-widening` as well.',
    ])
  })

  test('tells those who are not allowed first, and only names those who come by something assumed', () => {
    const assumed = { ...path, numbers: ['R54'], sureness: 'assumed' } as const
    const shown = lines(
      plan({
        gains: [
          { who: 'user:eve@acme.test', on: queue, by: 'team:release', paths: [path] },
          { who: 'holder:bridle', on: queue, paths: [assumed] },
          { who: 'user:bob@acme.test', on: queue, paths: [path] },
        ],
      }),
    )
    expect(shown[1]).toBe(`  2 people gain ${queue}; 1 principal may reach it if something assumed is not so`)
    expect(shown.filter((line) => line.includes(` to ${queue}`))).toEqual([
      `  user:bob@acme.test to ${queue}`,
      `  user:eve@acme.test to ${queue}, allowed by team:release`,
      `  holder:bridle  to ${queue}  by R54`,
    ])
  })

  test('that opens a queue is refused, and no flag is offered', () => {
    const shown = text(
      plan({ gains: [{ who: 'outsider:anybody', on: queue, paths: [] }], opens: [queue], widens: true }),
    )
    expect(shown).toContain(`it would open these, and is refused whatever the flags\n  ${queue}\n`)
    expect(shown).not.toContain('--allow-widening')
  })

  test('that gives rights by the hundred says so in a line', () => {
    const gains = Array.from({ length: 300 }, (_, n) => ({
      who: `user:${String(n % 3)}@acme.test`,
      can: 'edit',
      on: `pipeline:${String(n)}`,
      paths: [],
    }))
    const rights = [
      { who: 'user:bob@acme.test', can: 'create pipelines', on: 'organization:', paths: [] },
      { who: 'user:bob@acme.test', can: 'administer', on: 'organization:', paths: [] },
    ]
    expect(lines(plan({ gains: [...gains, ...rights] })).slice(1, 4)).toEqual([
      '  3 people gain the right to edit 300 pipelines',
      '  1 person gains the right to create pipelines',
      '  1 person gains the right to administer the organization',
    ])
  })

  test('of which nobody gains or loses says so', () => {
    expect(lines(plan({}))[0]).toBe('Access: nobody gains or loses anything.')
    const watching = plan({}, { changes: [change('grant:web/docs', 'level')] })
    expect(lines(watching)[0]).toBe('Access: nobody gains or loses anything but to watch.')
  })

  test('that takes nothing away, as it is accepted, says so', () => {
    const losses = ['holder:a', 'holder:b'].map((who) => ({ who, on: queue, accepted: true }))
    expect(lines(plan({ losses }))[1]).toBe(
      `  2 principals lose ${queue}, as what they would need is accepted`,
    )
  })

  test('names a few of many', () => {
    const gains = Array.from({ length: 30 }, (_, n) => ({
      who: `user:${String(n + 10)}@acme.test`,
      can: 'edit',
      on: 'pipeline:web',
      paths: [],
    }))
    const next = { who: 'newcomer:web', can: 'maintain', on: 'team:web', paths: [] }
    const shown = lines(plan({ gains: [next, ...gains] }))
    expect(shown).toContain('  whoever is put into team:web  gains the right to maintain team:web')
    expect(shown).toContain('  … and 19 more, all of them in --format json')
  })

  test('that opens a queue is told in no order, and as refused', () => {
    const shown = text(plan({ opens: [queue] }, ordered))
    expect(shown).not.toContain('in this order')
    expect(shown).toMatch(new RegExp(`\nRefused: it would open ${queue}\\.\n$`))
  })

  test('tells calls of one title apart by what they set', () => {
    expect(lines(plan({}, ordered))).toEqual(
      expect.arrayContaining([
        `  ${queue}: first what closes`,
        '    PipelineUpdate pipeline:web: allow_rebuilds',
        '    PipelineUpdate pipeline:web: cluster',
      ]),
    )
  })

  test('that drifted tells what apply would do, and asks for no flag', () => {
    const drifted = (more: object) => text({ ...plan(more), result: 'drift' })
    const shown = drifted({ losses: [{ who: 'user:eve@acme.test', on: queue }], widens: true })
    expect(shown).toContain('what `bridle apply` would do to access\n  1 person loses')
    expect(shown).not.toContain('--allow-widening')
    expect(drifted({})).toContain('Access: by `bridle apply` nobody would gain or lose anything.')
  })

  test('that was applied says where it was proved', () => {
    const done = ['pipeline:web#1', 'pipeline:web#2'].map((step) => ({ step, state: 'done' as const }))
    const shown = text({
      ...plan({}, ordered),
      result: 'apply',
      outcomes: done,
      interrupted: false,
    })
    expect(shown.split('\n').slice(0, 4)).toEqual([
      'done    PipelineUpdate pipeline:web',
      `proved  ${queue}`,
      '        read again: nobody reaches it who neither did before nor should',
      'done    PipelineUpdate pipeline:web',
    ])
  })
})

test('what is assumed is told in a line each, wherever it is said', () => {
  const assumes = { finding: 'control-plane', at: 'organization:' } as const
  const findings: Finding[] = [
    { ...opening, code: 'control-plane', severity: 'warning', assumes },
    { ...opening, code: 'unknown-key', severity: 'warning', trail: [] },
  ]
  for (const result of ['plan', 'drift'] as const) {
    const shown = text({ result, findings })
    expect(shown).toContain('\n  R46 control-plane  at organization\n')
    expect(shown.match(/^warning\[/gm)).toHaveLength(1)
  }
})

describe('contain', () => {
  const contained = (more: object) =>
    text({ result: 'contain', queue, did: 'nothing', stillRunning: [], findings: [], ...more })

  test.each([
    [{ verdict: 'closed' }, 'Nothing was done: it is closed, and only an open queue is contained.'],
    [{ verdict: 'open' }, 'Nothing was done, and it is open. No job was running on it.'],
    [{}, 'Nothing was done.'],
    [
      { did: 'already', verdict: 'open', note: 'bridle: open by R4' },
      'Its dispatch was paused by bridle before; nothing was sent. No job was running on it. It is contained, not closed: whoever could reach it still can, once it is resumed.\n\nthe note of the pause\n  bridle: open by R4',
    ],
    [
      { did: 'already', verdict: 'open', note: 'flaky' },
      'Its dispatch was paused before, by somebody else; nothing was sent. No job was running on it. Whoever may resume it can do so while it is open. It is contained, not closed: whoever could reach it still can, once it is resumed.\n\nthe note of the pause\n  flaky',
    ],
  ])('where nothing was sent says why: %j', (more, sentence) => {
    expect(contained(more)).toBe(`${queue}: ${sentence}\n`)
  })

  test('says contained, never closed, and names what still runs', () => {
    const shown = text({
      result: 'contain',
      queue,
      did: 'paused',
      verdict: 'open',
      note: 'bridle: open to 2',
      stillRunning: ['job 7 of web-deploy'],
      findings: [],
    })
    expect(shown.split('\n')[0]).toBe(
      `${queue}: Contained: its dispatch is paused. 1 job of its cluster is not finished. It is contained, not closed: whoever could reach it still can, once it is resumed.`,
    )
    expect(shown).toContain('job 7 of web-deploy')
  })
})

test('a drift says what is new in privileged clusters, and by whom', () => {
  const shown = text({
    result: 'drift',
    findings: [],
    created: [
      { address: 'pipeline:deploy', at: '2026-11-02T02:10:03.000Z', by: 'user:ada@acme.test' },
      { address: 'agent-token:production/x', at: '2026-11-01T02:10:03.000Z' },
    ],
  })
  expect(shown).toBe(`\
new in privileged clusters
  2026-11-02T02:10:03.000Z  pipeline deploy           by user:ada@acme.test
  2026-11-01T02:10:03.000Z  agent-token production/x  by nobody that Buildkite names
`)
})
