import { describe, expect, test } from 'vitest'
import type { State } from '../../src/sandbox/state.js'
import type { Switches } from '../../src/sandbox/switches.js'
import { act } from '../../src/sandbox/world/act.js'
import { eventNames, type Event } from '../../src/sandbox/world/happen.js'
import { fitsBranch, pullActions, type PullAction } from '../../src/sandbox/world/webhooks.js'
import {
  acts,
  buildsOf,
  came,
  fresh,
  happens,
  idIn,
  person,
  refusedEvent,
  settled,
  uuidOf,
  whoCame,
  withFiles,
  worked,
} from './running.js'
import { edited, now } from './world.js'

const ground = (...lines: readonly string[]) =>
  fresh(
    'create cluster:ios',
    'create queue:ios/m2',
    'set cluster:ios default_queue=m2',
    'connect queue:ios/m2 mac-1',
    'create pipeline:app cluster=ios',
    ...lines,
  )

const repository = 'git@github.com:acme/app.git'
const set = (settings: string) => `set pipeline:app ${settings}`
const provider = (...on: readonly string[]) =>
  on.length === 0 ? 'finish pipeline:app' : set(on.map((one) => `provider_settings.${one}`).join(' '))

const started = (state: State) => buildsOf(state, 'app').length

describe('a push', () => {
  const push = (branch: string): Event => ({ event: 'push', repository, branch, by: 'mallory' })

  test.each([
    [[], 'main', 1],
    [[set('branch_configuration=main')], 'main', 1],
    [[set('branch_configuration=main')], 'topic', 0],
    [[provider('build_branches=false')], 'main', 0],
    [[provider('trigger_mode=none')], 'main', 0],
    [[provider('trigger_mode=deployment')], 'main', 0],
    [[provider('trigger_mode=fork')], 'main', 0],
    [['archive pipeline:app'], 'main', 0],
    [[provider('filter_enabled=true', "filter_condition=build.branch=='main'")], 'main', 1],
    [[provider('filter_enabled=true', "filter_condition=build.branch=='main'")], 'topic', 0],
    [[provider('filter_enabled=false', "filter_condition=build.branch=='main'")], 'topic', 1],
  ] as const)('%j of %s starts %s', (lines, branch, count) => {
    expect(started(happens(ground(...lines), push(branch)))).toBe(count)
  })

  test('of a new branch starts another build where that is an event', () => {
    const state = ground(provider('build_create_event=true', 'build_branches=false'))
    const once = happens(state, push('topic'))
    expect([started(once), started(happens(once, push('topic')))]).toEqual([1, 1])
  })

  test('tells every pipeline of the repository, however its address is written, and no other', () => {
    const state = ground(
      'create pipeline:twin repository=https://github.com/Acme/App',
      'create pipeline:other repository=git@github.com:acme/other.git',
    )
    const after = happens(state, push('main'))
    expect(['app', 'twin', 'other'].map((slug) => buildsOf(after, slug).length)).toEqual([1, 1, 0])
  })

  test('brings code to where its builds run, and to where later builds do', () => {
    const after = happens(ground(), push('main'))
    expect(came(worked(after))).toEqual({ 'ios/m2': 'mallory: commit start' })
    const quiet = happens(ground(provider('trigger_mode=none')), push('main'))
    expect(came(worked(quiet))).toEqual({})
    expect(came(settled(quiet))).toEqual({ 'ios/m2': 'mallory: commit' })
    const beside = happens(ground(provider('trigger_mode=none')), push('topic'))
    expect(came(settled(beside))).toEqual({})
  })

  test('that merges a branch brings whoever has written there', () => {
    const topic = happens(ground(provider('trigger_mode=none')), push('topic'))
    const merged = happens(topic, { event: 'push', repository, branch: 'main', from: 'topic', by: 'ada' })
    expect(whoCame(settled(merged))).toEqual({ 'ios/m2': 'ada, mallory' })
  })

  test('builds for hosts that Buildkite knows nothing about, too', () => {
    const state = ground('create pipeline:odd cluster=ios repository=https://git.example/x.git')
    const after = happens(state, {
      event: 'push',
      repository: 'https://git.example/x.git',
      branch: 'main',
      by: 'm',
    })
    expect(buildsOf(after, 'odd').length).toBe(1)
  })

  test.each([
    ['', 'main', true],
    ['main', 'main', true],
    ['main', 'maintain', false],
    ['release/*', 'release/1', true],
    ['main release/*', 'topic', false],
    ['!main', 'main', false],
    ['!main', 'topic', true],
    ['* !wip/*', 'wip/1', false],
  ])('branch filter %j and %s: %s', (filter, branch, expected) => {
    expect(fitsBranch(filter, branch)).toBe(expected)
  })
})

describe('a tag', () => {
  const tag: Event = { event: 'tag', repository, tag: 'v1', by: 'mallory' }
  test.each([
    [[], 0],
    [[provider('build_tags=true')], 1],
    [[provider('build_tags=true'), set('branch_configuration=main')], 1],
    [[provider('build_tags=true', 'trigger_mode=none')], 0],
  ] as const)('%j starts %s', (lines, count) => {
    expect(started(happens(ground(...lines), tag))).toBe(count)
  })
})

describe('a pull request', () => {
  const pull = (more: object = {}): Event => ({
    event: 'pull',
    repository,
    number: 7,
    head: 'topic',
    by: 'mallory',
    ...more,
  })
  const fork = { fork: 'mallory', head: 'main', files: { x: '1' } }

  test.each([
    ['from the repository', [], {}, 1],
    ['where none are built', [provider('build_pull_requests=false')], {}, 0],
    ['whatever the branch filter says', [set('branch_configuration=main')], {}, 1],
    [
      'of a branch that its own filter does not want',
      [
        provider(
          'pull_request_branch_filter_enabled=true',
          'pull_request_branch_filter_configuration=release/*',
        ),
      ],
      {},
      0,
    ],
    ['from a fork', [], fork, 0],
    ['from a fork where these are built', [provider('build_pull_request_forks=true')], fork, 1],
    [
      'from a fork where these are built, and no others',
      [provider('build_pull_requests=false', 'build_pull_request_forks=true')],
      fork,
      0,
    ],
    ['from a fork, where that is the mode', [provider('trigger_mode=fork')], fork, 1],
    ['from the repository, where forks are the mode', [provider('trigger_mode=fork')], {}, 0],
  ] as const)('%s', (_, lines, more, count) => {
    expect(started(happens(ground(...lines), pull(more)))).toBe(count)
  })

  test.each(Object.entries(pullActions))('that is %s is built by the setting %s', (action, setting) => {
    const of = (...lines: readonly string[]) =>
      started(happens(ground(...lines), pull({ action: action as PullAction })))
    if (setting === undefined) expect(of()).toBe(1)
    else expect([of(), of(provider(`${setting}=true`))]).toEqual([0, 1])
  })

  test('from a fork has its owner before its branch, unless that is off', () => {
    const branch = (...lines: readonly string[]) =>
      buildsOf(happens(ground(provider('build_pull_request_forks=true'), ...lines), pull(fork)), 'app')[0]!
        .branch
    expect(branch()).toBe('mallory:main')
    expect(branch(provider('prefix_pull_request_fork_branch_names=false'))).toBe('main')
  })

  test('runs what is in it, and no more than that carries who opened it', () => {
    const state = ground(provider('build_pull_request_forks=true'))
    expect(came(worked(happens(state, pull(fork))))).toEqual({ 'ios/m2': 'mallory: commit start' })
    const opened = happens(state, pull({ by: 'bob' }))
    expect(came(worked(opened))).toEqual({ 'ios/m2': 'bob: start' })
  })

  test('is of whom its commit names, or of nobody (forkCreator)', () => {
    const state = ground(provider('build_pull_request_forks=true'))
    const creator = (switches: Partial<Switches>) =>
      buildsOf(happens(state, pull({ ...fork, author: 'cat@acme.test' }), switches), 'app')[0]!.createdBy
    expect([creator({}), creator({ forkCreator: 'nobody' })]).toEqual([person(state, 'cat'), null])
    const stranger = happens(state, pull({ ...fork, author: 'who@elsewhere.test' }))
    expect(buildsOf(stranger, 'app')[0]).toMatchObject({
      createdBy: null,
      author: { email: 'who@elsewhere.test' },
    })
  })
})

describe('a comment', () => {
  const forked = (...lines: readonly string[]) =>
    happens(ground(...lines), {
      event: 'pull',
      repository,
      number: 7,
      head: 'main',
      fork: 'mallory',
      by: 'mallory',
      files: { x: '1' },
    })
  const comment = (more: object = {}): Event => ({
    event: 'comment',
    repository,
    by: 'mallory',
    text: '/bk',
    number: 7,
    ...more,
  })
  const issue = provider('build_issue_comment_created=true')
  const review = provider('build_pull_request_review_comment_created=true')

  test.each([
    ['where comments do nothing', [], { isCollaborator: true }, 0],
    ['of a collaborator', [issue], { isCollaborator: true }, 1],
    ['of a stranger', [issue], {}, 0],
    ['of somebody who may build', [issue, 'grant team:web pipeline:app build_and_read'], { by: 'cat' }, 1],
    ['of somebody who may read', [issue, 'grant team:web pipeline:app read_only'], { by: 'cat' }, 0],
    ['with other words', [issue], { isCollaborator: true, text: 'please /bk' }, 0],
    [
      'with other words, where it is enough to contain the word',
      [issue, provider('issue_comment_match_mode=contains')],
      { isCollaborator: true, text: 'please /bk' },
      1,
    ],
    ['in a review', [review], { isCollaborator: true, on: 'review' }, 1],
    ['in a review, where only others count', [issue], { isCollaborator: true, on: 'review' }, 0],
    ['where nothing is built', [issue, provider('trigger_mode=none')], { isCollaborator: true }, 0],
  ] as const)('%s', (_, lines, more, count) => {
    const state = forked(...lines)
    const by = 'by' in more ? { by: person(state, more.by) } : {}
    expect(started(happens(state, comment({ ...more, ...by })))).toBe(count)
  })

  test('builds a fork’s code where forks are not built, or does not (commentsBuildForks)', () => {
    const of = (switches: Partial<Switches>) =>
      whoCame(worked(happens(forked(issue), comment({ by: 'dan', isCollaborator: true }), switches)))
    expect(of({})).toEqual({ 'ios/m2': 'dan, mallory' })
    expect(of({ commentsBuildForks: false })).toEqual({})
  })
})

describe('other events', () => {
  test.each([
    ['merge_group', 'build_merge_group_checks_requested'],
    ['release_created', 'build_release_created'],
    ['release_published', 'build_release_published'],
    ['release_released', 'build_release_released'],
    ['check_run', 'build_check_run_completed'],
    ['deployment_status', 'build_deployment_status_created'],
    ['branch_created', 'build_create_event'],
  ] as const)('%s is built by the setting %s', (event, setting) => {
    const of = (...lines: readonly string[]) =>
      started(happens(ground(...lines), { event, repository, by: 'mallory', ref: 'main' }))
    expect([
      of(),
      of(provider(`${setting}=true`)),
      of(provider(`${setting}=true`, 'trigger_mode=none')),
    ]).toEqual([0, 1, 0])
  })

  test('a deployment is built where that is the mode', () => {
    const of = (...lines: readonly string[]) =>
      started(happens(ground(...lines), { event: 'deployment', repository, by: 'mallory', ref: 'main' }))
    expect([of(), of(provider('trigger_mode=deployment'))]).toEqual([0, 1])
  })

  test('every kind of event is known by name, once', () => {
    expect(new Set(eventNames).size).toBe(eventNames.length)
    expect(eventNames.length).toBeGreaterThan(25)
  })
})

describe('a webhook URL', () => {
  const leaked = (...lines: readonly string[]) => {
    const state = withFiles(ground(...lines), 'github.com/acme/app', { x: '1' })
    return happens(state, {
      event: 'leak',
      by: 'mallory',
      kind: 'webhook',
      subject: uuidOf(state, 'pipelines', 'app'),
    })
  }
  const post = (state: State, commit = 'HEAD', by = 'mallory'): Event => ({
    event: 'webhook',
    pipeline: uuidOf(state, 'pipelines', 'app'),
    by,
    delivery: { kind: 'push', branch: 'main', commit },
  })

  test('starts builds of what is there, for whoever knows it', () => {
    const state = leaked()
    expect(came(worked(happens(state, post(state))))).toEqual({ 'ios/m2': 'mallory: start' })
    expect(refusedEvent(state, post(state, 'HEAD', 'trudy'))).toBe('They do not know that secret')
    expect(refusedEvent(state, post(state, '0'.repeat(40)))).toBe('There is no such commit')
  })

  test('starts a pull request’s code as if it were a branch’s', () => {
    const state = happens(leaked(), {
      event: 'pull',
      repository,
      number: 7,
      head: 'main',
      fork: 'mallory',
      by: 'mallory',
      files: { x: '2' },
    })
    expect(started(state)).toBe(0)
    const sha = [...state.tables.commits.rows.values()].at(-1)!.sha
    expect(came(worked(happens(state, post(state, sha))))).toEqual({ 'ios/m2': 'mallory: commit start' })
  })

  test('keeps to the settings, and is worth nothing when it was replaced', () => {
    const closed = leaked(provider('trigger_mode=none'))
    expect(started(happens(closed, post(closed)))).toBe(0)
    const state = leaked()
    const rotated = acts(state, 'ada', 'pipelineRotateWebhookURL', { id: idIn(state, 'pipelines', 'app') })
    expect(refusedEvent(rotated, post(rotated))).toBe('They do not know that secret')
  })

  test('is read by who may edit, who does not forget it', () => {
    const state = withFiles(
      ground('grant team:web pipeline:app manage_build_and_read'),
      'github.com/acme/app',
      { x: '' },
    )
    const subject = uuidOf(state, 'pipelines', 'app')
    const read = (by: string): Event => ({ event: 'read', by: person(state, by), kind: 'webhook', subject })
    expect(refusedEvent(state, read('dan'))).toBe("You're not allowed to do that")
    const known = edited(happens(state, read('cat')), 'delete person cat@acme.test')
    expect(whoCame(worked(happens(known, post(known, 'HEAD', person(state, 'cat')))))).toEqual({
      'ios/m2': 'cat',
    })
  })
})

describe('a pipeline trigger', () => {
  const made = (...lines: readonly string[]) => {
    const state = ground('grant team:web pipeline:app manage_build_and_read', ...lines)
    return happens(state, {
      event: 'make trigger',
      by: person(state, 'cat'),
      pipeline: uuidOf(state, 'pipelines', 'app'),
      wanted: { label: 'url', env: ['A=1'] },
    })
  }
  const url = (state: State) => uuidOf(state, 'triggers', 'url')

  test('is made by who may edit, and starts what it was made for', () => {
    const state = made()
    const cat = person(state, 'cat')
    const after = happens(state, { event: 'trigger', trigger: url(state), by: cat })
    expect(buildsOf(after, 'app')[0]).toMatchObject({
      env: ['A=1'],
      createdBy: null,
      metaData: { 'buildkite:webhook': '{}' },
    })
    expect(came(worked(after))).toEqual({ 'ios/m2': 'cat: start trigger' })
    expect(
      refusedEvent(state, {
        event: 'make trigger',
        by: person(state, 'dan'),
        pipeline: uuidOf(state, 'pipelines', 'app'),
      }),
    ).toBe('No Pipeline found')
  })

  test('is said to be of nobody, or of who made it (triggerUrlCreator)', () => {
    const state = made()
    const cat = person(state, 'cat')
    const after = happens(
      state,
      { event: 'trigger', trigger: url(state), by: cat },
      { triggerUrlCreator: 'maker' },
    )
    expect(buildsOf(after, 'app')[0]!.createdBy).toBe(cat)
  })

  test('is for those who know it, and outlives its maker', () => {
    const state = edited(made(), 'delete person cat@acme.test')
    expect(refusedEvent(state, { event: 'trigger', trigger: url(state), by: 'mallory' })).toBe(
      'They do not know that secret',
    )
    expect(
      started(happens(state, { event: 'trigger', trigger: url(state), by: person(made(), 'cat') })),
    ).toBe(1)
    const gone = happens(made(), { event: 'drop trigger', trigger: url(state), by: person(made(), 'cat') })
    expect(refusedEvent(gone, { event: 'trigger', trigger: url(state), by: person(made(), 'cat') })).toBe(
      'No Pipeline Trigger found',
    )
  })
})

describe('an agent', () => {
  const tokened = (more: object = {}, ...lines: readonly string[]) => {
    const state = ground(...lines)
    return acts(state, 'ada', 'clusterAgentTokenCreate', {
      organizationId: idIn(state, 'organizations', 'acme'),
      clusterId: idIn(state, 'clusters', 'ios'),
      description: 't',
      ...more,
    })
  }
  const token = (state: State) => uuidOf(state, 'agentTokens', 't')
  const leaked = (state: State) =>
    happens(state, { event: 'leak', by: 'mallory', kind: 'agentToken', subject: token(state) })

  test('of somebody who has found a token takes jobs of whatever queue it says', () => {
    const state = leaked(tokened())
    const rogue = happens(state, { event: 'connect', token: token(state), by: 'mallory', queue: 'm2' })
    expect(came(rogue)).toEqual({ 'ios/m2': 'mallory: agent' })
    const built = acts(rogue, 'ada', 'buildCreate', { pipelineID: idIn(rogue, 'pipelines', 'app') })
    expect(whoCame(worked(built))).toEqual({ 'ios/m2': 'ada, mallory' })
    expect(refusedEvent(state, { event: 'connect', token: token(state), by: 'mallory', queue: 'no' })).toBe(
      'There is no such queue for an agent to be in',
    )
    expect(refusedEvent(tokened(), { event: 'connect', token: token(state), by: 'mallory' })).toBe(
      'The agent token is not known to them',
    )
  })

  test('of ours brings nobody', () => {
    const state = tokened()
    expect(came(happens(state, { event: 'connect', token: token(state), queue: 'm2' }))).toEqual({})
  })

  test('registers with no token that is revoked or over', () => {
    const state = leaked(tokened())
    const connect: Event = { event: 'connect', token: token(state), by: 'mallory' }
    const revoked = acts(state, 'ada', 'clusterAgentTokenRevoke', {
      organizationId: idIn(state, 'organizations', 'acme'),
      id: btoa(`ClusterToken---${token(state)}`),
    })
    expect(refusedEvent(revoked, connect)).toBe('The agent token is not valid')
    const connected = happens(state, connect)
    const late = acts(connected, 'ada', 'clusterAgentTokenRevoke', {
      organizationId: idIn(state, 'organizations', 'acme'),
      id: btoa(`ClusterToken---${token(state)}`),
    })
    expect(came(late)).toEqual({ 'ios/m2': 'mallory: agent' })
    expect(came(happens(late, { event: 'disconnect', agent: uuidOf(late, 'agents', 'rogue') }))).toEqual({})
  })

  test('is kept out by addresses, if its holder cannot connect from them (holdersInsideNetwork)', () => {
    const state = leaked(tokened({ allowedIpAddresses: '10.20.0.0/16 192.0.2.0/24' }))
    const connect = (ip: string | undefined, inside: boolean) =>
      refusedEvent(
        state,
        { event: 'connect', token: token(state), by: 'mallory', ...(ip && { ip }) },
        { holdersInsideNetwork: inside },
      )
    expect([connect(undefined, true), connect('10.20.3.4', false)]).toEqual([undefined, undefined])
    expect([connect(undefined, false), connect('10.21.0.1', false)]).toEqual(
      Array(2).fill('The agent token is not for this address'),
    )
  })

  test('is made with a token by who may make one, who then knows it', () => {
    const state = tokened({}, 'maintain cluster:ios cat@acme.test')
    const own = acts(state, 'cat', 'clusterAgentTokenCreate', {
      organizationId: idIn(state, 'organizations', 'acme'),
      clusterId: idIn(state, 'clusters', 'ios'),
      description: 'mine',
    })
    const cat = person(state, 'cat')
    const rogue = happens(own, {
      event: 'connect',
      token: uuidOf(own, 'agentTokens', 'mine'),
      by: cat,
      queue: 'm2',
    })
    expect(came(rogue)).toEqual({ 'ios/m2': 'cat: agent' })
    expect(refusedEvent(own, { event: 'connect', token: token(own), by: cat })).toBe(
      'The agent token is not known to them',
    )
  })
})

describe('people', () => {
  test('who accept an invitation have what it says', () => {
    const state = acts(ground(), 'ada', 'POST /invitations', {
      body: {
        emails: ['fay@acme.test'],
        teams: [{ id: uuidOf(ground(), 'teams', 'web'), role: 'maintainer' }],
      },
    })
    const invitation = uuidOf(state, 'invitations', 'fay@acme.test')
    const after = happens(state, { event: 'accept', invitation })
    const user = uuidOf(after, 'users', 'fay@acme.test')
    const roles = [...after.tables.teamMembers.rows.values()]
      .filter((row) => row.user === user)
      .map(({ role }) => role)
    expect(roles.sort()).toEqual(['MAINTAINER', 'MEMBER'])
    expect(refusedEvent(after, { event: 'accept', invitation })).toBe('There is no such invitation any more')
  })

  test('who come in join the teams that take in everybody', () => {
    const state = ground()
    const after = happens(state, { event: 'join', email: 'gus@acme.test' })
    const user = uuidOf(after, 'users', 'gus@acme.test')
    const teams = [...after.tables.teamMembers.rows.values()].filter((row) => row.user === user)
    expect(teams.map(({ team }) => team)).toEqual([uuidOf(after, 'teams', 'everyone')])
    expect(refusedEvent(after, { event: 'join', email: 'gus@acme.test' })).toBe('They are a member already')
  })

  test('who log in become what the identity provider says', () => {
    const state = ground()
    const cat = person(state, 'cat')
    const admin = happens(state, { event: 'login', user: cat, admin: true })
    const roleOf = (after: State) =>
      [...after.tables.members.rows.values()].find(({ user }) => user === cat)!.role
    expect([roleOf(admin), roleOf(happens(admin, { event: 'login', user: cat }))]).toEqual(['ADMIN', 'ADMIN'])
    const moved = happens(state, {
      event: 'login',
      user: cat,
      teams: { [uuidOf(state, 'teams', 'ops')]: 'MAINTAINER' },
    })
    const teams = [...moved.tables.teamMembers.rows.values()].filter((row) => row.user === cat)
    expect(teams.map(({ team, role }) => [team, role])).toEqual([
      [uuidOf(state, 'teams', 'ops'), 'MAINTAINER'],
    ])
    expect(refusedEvent(state, { event: 'login', user: uuidOf(state, 'teams', 'ops') })).toBe(
      'No member found',
    )
  })
})

describe('a portal', () => {
  const query =
    'mutation ($pipeline: ID!) { buildCreate(input: { pipelineID: $pipeline, env: ["A=1"] }) { build { id } } }'
  const made = (more: object = {}) =>
    acts(ground(), 'ada', 'POST /portals', { body: { name: 'deploy', query, ...more } })
  const use = (state: State, by: string): Event => ({
    event: 'portal',
    portal: uuidOf(state, 'portals', 'deploy'),
    by,
    variables: { pipeline: idIn(state, 'pipelines', 'app') },
  })

  test('does with an admin’s rights what whoever knows it says', () => {
    const state = made()
    expect(refusedEvent(state, use(state, 'mallory'))).toBe('They do not know that secret')
    const leaked = happens(state, {
      event: 'leak',
      by: 'mallory',
      kind: 'portal',
      subject: uuidOf(state, 'portals', 'deploy'),
    })
    expect(came(worked(happens(leaked, use(leaked, 'mallory'))))).toEqual({ 'ios/m2': 'mallory: env start' })
  })

  test('that people invoke has their rights', () => {
    const state = made({ user_invokable: true })
    expect(refusedEvent(state, use(state, person(state, 'dan')))).toBe('No Pipeline found')
    const granted = edited(state, 'grant team:ops pipeline:app build_and_read')
    expect(whoCame(worked(happens(granted, use(granted, person(state, 'dan')))))).toEqual({ 'ios/m2': 'dan' })
  })
})

test('a token that somebody has found does what its owner may, and bears its finder', () => {
  const state = ground('grant team:web pipeline:app build_and_read')
  const cat = person(state, 'cat')
  const token = [...state.tables.tokens.rows.values()].find(({ user }) => user === cat)!.uuid
  const input = { pipelineID: idIn(state, 'pipelines', 'app') }
  const use = (from: State) => act(from, { as: token, by: 'mallory', now }, 'buildCreate', input)
  expect(use(state)).toEqual({ refused: 'Authentication required' })
  const done = use(happens(state, { event: 'leak', by: 'mallory', kind: 'apiToken', subject: token }))
  if ('refused' in done) throw new Error(done.refused)
  expect(buildsOf(done.state, 'app')[0]!.createdBy).toBe(cat)
  expect(came(worked(done.state))).toEqual({ 'ios/m2': 'mallory: start' })
})

test('a schedule fires while it is on', () => {
  const state = ground()
  const made = acts(state, 'ada', 'pipelineScheduleCreate', {
    pipelineID: idIn(state, 'pipelines', 'app'),
    label: 'nightly',
    cronline: '@daily',
    env: 'A=1',
  })
  const schedule = uuidOf(made, 'schedules', 'nightly')
  const fired = happens(made, { event: 'schedule', schedule })
  expect(buildsOf(fired, 'app')[0]).toMatchObject({
    source: 'schedule',
    createdBy: null,
    env: ['A=1'],
    schedule,
  })
  expect(came(worked(fired))).toEqual({ 'ios/m2': 'ada: schedule' })
  const off = acts(made, 'ada', 'pipelineScheduleUpdate', {
    id: btoa(`PipelineSchedule---${schedule}`),
    enabled: false,
  })
  expect(refusedEvent(off, { event: 'schedule', schedule })).toBe('The schedule does not fire')
})
