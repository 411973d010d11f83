import { describe, expect, test } from 'vitest'
import { edit, editVerbs } from '../../src/sandbox/edit.js'
import { printState } from '../../src/sandbox/saved.js'
import { addOrganization } from '../../src/sandbox/seed.js'
import type { State } from '../../src/sandbox/state.js'
import { innocent } from '../../src/sandbox/world/reached.js'
import { begun, edited, now, opened, row } from './world.js'

const ios = ['create cluster:ios', 'create queue:ios/macos-m2', 'create pipeline:web cluster=ios'] as const

describe('by hand', () => {
  test('a queue is paused and resumed', () => {
    const state = begun(...ios, 'pause queue:ios/macos-m2 "flaky Xcode"')
    expect(row(opened(state), 'queues', 'macos-m2')).toMatchObject({
      dispatchPaused: true,
      dispatchPausedNote: 'flaky Xcode',
    })
    expect(row(opened(edited(state, 'resume queue:ios/macos-m2')), 'queues', 'macos-m2').dispatchPaused).toBe(
      false,
    )
  })

  test.each([
    ['set pipeline:web default_branch=trunk', 'pipelines', 'web', { defaultBranch: 'trunk' }],
    [
      'set pipeline:web allow_rebuilds=false tags=[a,b]',
      'pipelines',
      'web',
      { allowRebuilds: false, tags: ['a', 'b'] },
    ],
    ['set pipeline:web default_command_step_timeout=10', 'pipelines', 'web', { defaultTimeoutInMinutes: 10 }],
    ['set pipeline:web branch_configuration=null', 'pipelines', 'web', { branchConfiguration: null }],
    [
      'set pipeline:web provider_settings.trigger_mode=none',
      'pipelines',
      'web',
      { providerSettings: { trigger_mode: 'none' } },
    ],
    ['set pipeline:web "steps=steps: []"', 'pipelines', 'web', { steps: 'steps: []' }],
    [
      'set team:web members_can_create_pipelines=true privacy=secret',
      'teams',
      'web',
      { membersCanCreatePipelines: true, privacy: 'SECRET' },
    ],
    [
      'set queue:ios/macos-m2 retry_agent_affinity=prefer-different',
      'queues',
      'macos-m2',
      { retryAgentAffinity: 'prefer-different' },
    ],
    ['set cluster:ios color=#fff', 'clusters', 'ios', { color: '#fff' }],
    [
      'set organization default_timeout_in_minutes=60',
      'organizations',
      'acme',
      { defaultTimeoutInMinutes: 60 },
    ],
    [
      'set organization template_requirement=all_pipelines',
      'organizations',
      'acme',
      { templateRequirement: 'ALL_PIPELINES' },
    ],
    ['archive pipeline:web', 'pipelines', 'web', { archivedAt: now }],
    ['rename pipeline:web Web App', 'pipelines', 'web-app', { name: 'Web App' }],
    ['rename cluster:ios mac', 'clusters', 'mac', {}],
    ['promote cat@acme.test', 'users', 'cat@acme.test', {}],
  ] as const)('%s', (line, table, name, fields) => {
    expect(row(opened(begun(...ios, line)), table, name)).toMatchObject(fields)
  })

  test('names become ids', () => {
    const state = begun(
      ...ios,
      'create cluster:web',
      'set cluster:ios default_queue=macos-m2',
      'set organization default_cluster=ios',
      'move pipeline:web cluster:web',
    )
    const buildkite = opened(state)
    const [queue, cluster, web] = [
      row(buildkite, 'queues', 'macos-m2').uuid,
      row(buildkite, 'clusters', 'ios'),
      row(buildkite, 'clusters', 'web').uuid,
    ]
    expect(cluster.defaultQueue).toBe(queue)
    expect(row(buildkite, 'organizations', 'acme').defaultCluster).toBe(cluster.uuid)
    expect(row(buildkite, 'pipelines', 'web').cluster).toBe(web)
    expect(row(opened(edited(state, 'move pipeline:web nowhere')), 'pipelines', 'web').cluster).toBeNull()
  })

  test('levels are given, raised and taken; people join and leave', () => {
    const given = begun(
      ...ios,
      'grant team:web pipeline:web read_only',
      'grant team:web pipeline:web build_and_read',
    )
    expect([...given.tables.grants.rows.values()].map(({ accessLevel }) => accessLevel)).toEqual([
      'BUILD_AND_READ',
    ])
    expect(edited(given, 'revoke team:web pipeline:web').tables.grants.rows.size).toBe(0)
    const joined = begun('join team:ops eve@acme.test', 'join team:ops eve@acme.test maintainer')
    const roles = [...joined.tables.teamMembers.rows.values()].map(({ role }) => role)
    expect(roles.filter((role) => role === 'MAINTAINER')).toHaveLength(2)
    expect(edited(joined, 'leave team:ops eve@acme.test').tables.teamMembers.rows.size).toBe(roles.length - 1)
  })

  test.each([
    ['', 'say what to do'],
    ['frobnicate', '"frobnicate" is nothing that can be done'],
    ['pause', 'queue:NAME is missing'],
    ['pause pipeline:web', '"pipeline:web" should be queue:NAME'],
    ['pause queue:ios/macos-m3', 'there is no queue "macos-m3" in cluster "ios"; there are: macos-m2'],
    ['pause queue:macos-m2', 'there is no cluster ""'],
    ['set pipeline:web', 'say what to set'],
    ['set pipeline:web colour', 'should be KEY=VALUE'],
    ['set pipeline:web colour=red', 'colour cannot be set; what can be is among'],
    ['set pipeline:web id=1', 'id cannot be set'],
    ['set pipeline:web provider_settings.nonsense=1', "no setting of this pipeline's provider"],
    ['set team:web privacy=open', 'Validation failed'],
    ['set organization nonsense=1', 'nonsense cannot be set'],
    ['grant team:web pipeline:web admin', '"admin" should be one of read_only, build_and_read'],
    ['revoke team:web pipeline:web', 'has nothing on'],
    ['join team:web nobody@acme.test', 'there is no member "nobody@acme.test"; there are: ada@acme.test'],
    ['move pipeline:web cluster:macos', 'there is no cluster "macos"'],
    ['unarchive pipeline:web', 'could not be unarchived'],
    ['dismiss cluster:ios cat@acme.test', 'does not maintain'],
    ['accept cat@acme.test', 'nobody called'],
    ['invite cat@acme.test', 'say whom'],
    ['delete "cluster:Default cluster"', 'default cluster'],
    ['demote ada@acme.test', 'last administrator'],
  ])('%j is answered kindly', (line, message) => {
    const state = begun(...ios)
    const before = printState(state)
    const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
    const after = edit(state, words, { now })
    expect(after.said).toContain(message)
    expect(after.said).toContain(
      words[0] && editVerbs.some((verb) => verb.startsWith(`${words[0]} `)) ? 'usage: ' : 'pause queue:',
    )
    expect(after).not.toHaveProperty('state')
    expect(printState(state)).toBe(before)
  })

  test('it is done by whom the words name, who may or may not', () => {
    const state = begun(...ios, 'grant team:web pipeline:web build_and_read')
    const as = (line: string) => edit(state, line.split(' '), { now })
    const done = as('as cat@acme.test start pipeline:web')
    expect(done.said).toBe('pipeline:web: build 1 of main')
    const [build] = [...done.state!.tables.builds.rows.values()]
    expect(build!.createdBy).toBe(row(opened(state), 'users', 'cat@acme.test').uuid)
    expect(as('as eve@acme.test start pipeline:web').said).toContain("You're not allowed to do that")
    expect(as('as cat@acme.test promote cat@acme.test').said).toContain("You're not allowed to do that")
    expect(as('as who@acme.test start pipeline:web').said).toContain('there is no member "who@acme.test"')
    expect(as('as').said).toContain('say what to do')
  })

  const running = [
    'create cluster:ios',
    'create queue:ios/m2',
    'set cluster:ios default_queue=m2',
    'connect queue:ios/m2',
    'create pipeline:web cluster=ios',
  ]
  const said = (state: State, ...words: readonly string[]) => edit(state, words, { now }).said

  test.each([
    [['push', 'pipeline:web', 'mallory'], 'mallory has pushed to main; new jobs: 1', 'queue:ios/m2: mallory'],
    [
      ['push', 'pipeline:web', 'cat@acme.test', 'topic', 'steps: [{ command: x }]'],
      'cat@acme.test has pushed to topic; new jobs: 1',
      'queue:ios/m2: cat@acme.test',
    ],
    [
      ['rogue', 'queue:ios/m2', 'mallory'],
      "an agent of mallory's is connected to queue:ios/m2",
      'queue:ios/m2: mallory',
    ],
    [
      ['fork-pr', 'pipeline:web', 'mallory'],
      'mallory has opened a pull request from a fork; new jobs: 0',
      '',
    ],
    [
      ['schedule', 'pipeline:web', 'nightly', '@daily', 'A=1'],
      'pipeline:web is built @daily',
      'queue:ios/m2: ada@acme.test',
    ],
  ])('%j: %s', (words, expected, came) => {
    const begin = innocent(begun(...running, 'token cluster:ios machines'))
    const after = edit(begin, words, { now })
    expect(after.said).toBe(expected)
    expect(said(after.state!, 'settle')).toBe(['nothing left to do', came].filter(Boolean).join('\n'))
  })

  test('a pull request from a fork is built where that is on', () => {
    const state = innocent(
      begun(...running, 'set pipeline:web provider_settings.build_pull_request_forks=true'),
    )
    const after = edited(state, 'fork-pr pipeline:web mallory 7')
    expect(said(after, 'work')).toBe('nothing left to do\nqueue:ios/m2: mallory')
  })

  test('a rule is made, and goes', () => {
    const state = begun(
      ...running,
      'create pipeline:other',
      'rule pipeline:web pipeline:other "source.build.branch == \'main\'"',
    )
    const [rule] = [...state.tables.rules.rows.values()]
    expect(rule!.conditions).toEqual(["source.build.branch == 'main'"])
    expect(edited(state, 'unrule pipeline:web pipeline:other').tables.rules.rows.size).toBe(0)
    expect(said(state, 'unrule', 'pipeline:other', 'pipeline:web')).toContain('there is no rule')
  })

  test('somebody is hired, and what is blocked goes on', () => {
    const state = begun(
      ...running,
      'hire gus@acme.test',
      'set pipeline:web "steps=steps: [{ block: Go }]"',
      'start pipeline:web',
    )
    expect(row(opened(state), 'users', 'gus@acme.test')).toBeDefined()
    expect(said(state, 'work')).toBe('1 left to do')
    expect(said(state, 'unblock', 'pipeline:web')).toBe('pipeline:web: 1 unblocked')
    expect(said(edited(state, 'unblock pipeline:web'), 'work')).toBe('nothing left to do')
  })

  test.each([
    ['hire gus', 'say whom'],
    ['push pipeline:web', 'say who pushes'],
    ['fork-pr pipeline:web mallory x', 'say who'],
    ['rogue queue:ios/m2 mallory', 'no agent token'],
    ['rogue queue:ios/m2', 'say whose agent'],
    ['schedule pipeline:web x', 'say what it is called'],
  ])('%j is answered kindly, too', (line, message) => {
    expect(said(begun(...running), ...line.split(' '))).toContain(message)
  })

  test('one organization of several is named', () => {
    const state = begun()
    addOrganization(state, { slug: 'other', admin: { email: 'zoe@other.test', token: 'zoe' } })
    expect(edit(state, ['create', 'cluster:x'], { now }).said).toContain(
      'say which organization: acme, other',
    )
    const { state: after } = edit(state, ['create', 'cluster:x'], { now, organization: 'other' })
    expect(after?.tables.clusters.rows.size).toBe(3)
  })
})
