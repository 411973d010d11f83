import { describe, expect, test } from 'vitest'
import { addToken } from '../../src/sandbox/seed.js'
import { fork, type State } from '../../src/sandbox/state.js'
import { printState } from '../../src/sandbox/saved.js'
import { all } from '../../src/sandbox/table.js'
import { act } from '../../src/sandbox/world/act.js'
import { inputsOf, mutations } from '../../src/sandbox/world/calls.js'
import { keyOf } from '../../src/sandbox/world/key.js'
import {
  acts,
  fresh,
  happens,
  idIn,
  person,
  refusal,
  rowOf,
  settled,
  uuidOf,
  withFiles,
  worked,
} from './running.js'
import { begun, denied, edited, mutate, now, opened } from './world.js'

const organization = (...lines: readonly string[]) =>
  fresh(
    'create cluster:ios',
    'create queue:ios/m2',
    'create queue:ios/spare',
    'set cluster:ios default_queue=m2',
    'connect queue:ios/m2 mac-1',
    'create cluster:empty',
    'create pipeline:app cluster=ios',
    'create pipeline:lib',
    'grant team:web pipeline:app build_and_read',
    ...lines,
  )

describe('what is done past the wire', () => {
  test('says what would be said over it', async () => {
    const state = organization()
    const input = { pipelineID: idIn(state, 'pipelines', 'app') }
    const over = async (name: string, given: object, token: string) => {
      const said = await mutate(opened(state), name, given as never, 'clientMutationId', token)
      return typeof said === 'string' ? said : undefined
    }
    for (const [name, given] of [
      ['buildCreate', input],
      ['pipelineUpdate', { id: input.pipelineID, description: 'x' }],
      ['teamDelete', { id: idIn(state, 'teams', 'web') }],
      ['pipelineDelete', { id: 'nothing' }],
    ] as const)
      for (const who of ['ada', 'bob', 'cat', 'eve'])
        expect([name, who, refusal(state, who, name, given)]).toEqual([
          name,
          who,
          await over(name, given, who),
        ])
  })

  test('fills in what the schema does, and refuses what it does', () => {
    const state = organization('set pipeline:app allow_rebuilds=false')
    const id = idIn(state, 'pipelines', 'app')
    expect(rowOf(acts(state, 'ada', 'pipelineUpdate', { id }), 'pipelines', 'app').allowRebuilds).toBe(true)
    expect(refusal(state, 'ada', 'pipelineUpdate', { id, visibility: 'SECRET' })).toMatch('SECRET')
    expect(refusal(state, 'ada', 'pipelineUpdate', {})).toMatch('id')
    expect(() => act(state, { as: person(state, 'ada'), now }, 'pipelineFly', {})).toThrow('pipelineFly')
    expect(() => act(state, { as: person(state, 'ada'), now }, 'GET /nowhere', {})).toThrow('GET /nowhere')
  })

  test('leaves what was as it was, and no trace in the audit log', () => {
    const state = organization()
    const before = printState(state)
    const after = acts(state, 'ada', 'teamDelete', { id: idIn(state, 'teams', 'ops') })
    expect(printState(state)).toBe(before)
    expect(after.tables.auditEvents.rows.size).toBe(state.tables.auditEvents.rows.size)
    expect(all(after.tables.teams).map(({ slug }) => slug)).not.toContain('ops')
  })

  test('asks a token for its scopes, and a browser for none', () => {
    const state = organization()
    addToken(state, rowOf(state, 'organizations', 'acme'), {
      email: 'ada@acme.test',
      token: 'narrow',
      scopes: ['read_teams'],
    })
    const said = (name: string, input: object) => {
      const done = act(state, { as: 'narrow', now }, name, input as never)
      return 'refused' in done ? done.refused : 'done'
    }
    expect(said('teamDelete', { id: idIn(state, 'teams', 'ops') })).toMatch('graphql scope')
    expect(said('DELETE /teams/:team', { params: { team: uuidOf(state, 'teams', 'ops') } })).toMatch(
      'write_teams',
    )
    expect(said('GET /teams', {})).toBe('done')
    expect(act(state, { as: 'no token', now }, 'GET /teams')).toEqual({ refused: 'Authentication required' })
    const outsider = edited(state, 'delete person cat@acme.test')
    expect(act(outsider, { as: person(state, 'cat'), now }, 'GET /teams')).toEqual({
      refused: 'Authentication required',
    })
  })

  test('is refused as over REST', () => {
    const state = organization()
    const input = {
      params: { cluster: uuidOf(state, 'clusters', 'ios') },
      body: { user: person(state, 'cat') },
    }
    expect(refusal(state, 'cat', 'POST /clusters/:cluster/maintainers', input)).toBe(denied)
    expect(
      acts(state, 'ada', 'POST /clusters/:cluster/maintainers', input).tables.maintainers.rows.size,
    ).toBe(1)
  })
})

/** Something of every kind. */
const full = (): State => {
  const begin = organization(
    'maintain cluster:ios team:web',
    'invite person fay@acme.test',
    'create pipeline:old cluster=ios',
    'archive pipeline:old',
    'create queue:ios/held',
    'pause queue:ios/held',
    'set pipeline:lib "steps=steps: [{ block: Go }, { command: x }]"',
  )
  const acme = idIn(begin, 'organizations', 'acme')
  const tokened = acts(begin, 'ada', 'clusterAgentTokenCreate', {
    organizationId: acme,
    clusterId: idIn(begin, 'clusters', 'ios'),
    description: 't',
  })
  const hosted = acts(tokened, 'ada', 'clusterQueueCreate', {
    organizationId: acme,
    clusterId: idIn(tokened, 'clusters', 'ios'),
    key: 'cloud',
    hostedAgents: { instanceShape: 'LINUX_AMD64_2X4' },
  })
  const template = acts(hosted, 'ada', 'pipelineTemplateCreate', {
    organizationId: acme,
    name: 'T',
    configuration: 'steps: [{ command: t }]',
    available: true,
  })
  const ruled = acts(template, 'ada', 'ruleCreate', {
    organizationId: acme,
    type: 'pipeline.trigger_build.pipeline',
    value: JSON.stringify({ source_pipeline: 'lib', target_pipeline: 'app' }),
  })
  const secret = acts(ruled, 'ada', 'POST /clusters/:cluster/secrets', {
    params: { cluster: uuidOf(ruled, 'clusters', 'ios') },
    body: { key: 'KEY', value: 'x', policy: '- build_branch: main' },
  })
  const scheduled = acts(secret, 'ada', 'pipelineScheduleCreate', {
    pipelineID: idIn(secret, 'pipelines', 'app'),
    label: 'nightly',
    cronline: '@daily',
  })
  const other = happens(scheduled, {
    event: 'connect',
    token: uuidOf(scheduled, 'agentTokens', 't'),
    name: 'mac-2',
  })
  const paused = acts(other, 'ada', 'agentPause', { id: btoa(`Agent---${uuidOf(other, 'agents', 'mac-2')}`) })
  const built = ['app', 'lib'].reduce(
    (state, slug) => acts(state, 'ada', 'buildCreate', { pipelineID: idIn(state, 'pipelines', slug) }),
    withFiles(paused, 'github.com/acme/app', { x: '1' }),
  )
  return acts(worked(built), 'ada', 'buildCreate', { pipelineID: idIn(built, 'pipelines', 'lib') })
}

describe('all that can be asked for', () => {
  const state = full()

  test.each(mutations.map((call, at) => [at, call.name, Object.keys(call.takes).join(' '), call] as const))(
    '%i: %s of %s can be done',
    (_at, name, _takes, call) => {
      const inputs = inputsOf(state, call)
      const done = inputs.map((input) => act(state, { as: person(state, 'ada'), now }, name, input))
      const said = [...new Set(done.flatMap((one) => ('refused' in one ? [one.refused] : [])))]
      expect([done.some((one) => 'state' in one), said]).toEqual([true, said])
    },
  )

  test('is not for everybody', () => {
    const permitted = (who: string) =>
      mutations.flatMap((call) =>
        inputsOf(state, call).filter((input) => refusal(state, who, call.name, input) === undefined),
      ).length
    const [ada, bob, cat, eve] = ['ada', 'bob', 'cat', 'eve'].map(permitted)
    expect(ada).toBeGreaterThan(200)
    expect(ada).toBeGreaterThan(bob!)
    expect(bob).toBeGreaterThan(cat!)
    expect(cat).toBeGreaterThan(eve!)
  })
})

describe('the key of a state', () => {
  const state = organization()
  const key = (...does: readonly ((state: State) => State)[]) =>
    keyOf(does.reduce((before, one) => one(before), fork(state)))
  const join = (who: string) => (before: State) =>
    acts(before, 'ada', 'teamMemberCreate', {
      teamID: idIn(before, 'teams', 'ops'),
      userID: idIn(before, 'users', `${who}@acme.test`),
    })
  const team = (name: string) => (before: State) => edited(before, `create team:${name}`)
  const build = (before: State) =>
    acts(before, 'cat', 'buildCreate', { pipelineID: idIn(before, 'pipelines', 'app') })

  test('is the same for what commutes', () => {
    expect(key(join('eve'), join('cat'))).toBe(key(join('cat'), join('eve')))
    expect(key(team('x'), team('y'))).toBe(key(team('y'), team('x')))
    expect(key(team('x'), build)).toBe(key(build, team('x')))
    expect(key(build, (before) => worked(before), join('eve'))).toBe(
      key(join('eve'), build, (before) => worked(before)),
    )
  })

  test('is the same for two builds as for one that can do the same', () => {
    expect(key(build, build)).toBe(key(build))
  })

  test('is the same where nothing has changed that matters', () => {
    expect(key((before) => edited(before, 'set pipeline:app description=x'))).toBe(key())
    expect(key((before) => settled(before, { attacker: person(before, 'cat') }))).toBe(key())
  })

  test.each([
    ['a maintainer', 'maintain cluster:ios eve@acme.test'],
    ['a grant', 'grant team:ops pipeline:app read_only'],
    ['another level', 'grant team:web pipeline:app read_only'],
    ['an admin', 'promote cat@acme.test'],
    ['a move', 'move pipeline:app cluster:empty'],
    ['an archive', 'archive pipeline:app'],
    ['steps', 'set pipeline:app "steps=steps: [x]"'],
    ['a setting', 'set pipeline:app provider_settings.build_tags=true'],
    ['a flag', 'set team:web members_can_create_pipelines=true'],
    ['a default', 'set organization default_cluster=ios'],
    ['a default queue', 'set cluster:ios default_queue=spare'],
    ['a pause', 'pause queue:ios/m2'],
    ['an invitation', 'invite person fay@acme.test'],
    ['a queue', 'create queue:ios/x'],
    ['a name', 'rename pipeline:app other'],
  ] as const)('is another with %s', (_, line) => {
    expect(key((before) => edited(before, line))).not.toBe(key())
  })

  test('is another with another hand, a build, a push, and a secret that is known', () => {
    const by = (who: string) => (before: State) =>
      acts(before, who, 'buildCreate', { pipelineID: idIn(before, 'pipelines', 'app') })
    const push = (name: string) => (before: State) =>
      happens(before, {
        event: 'push',
        repository: 'github.com/acme/app',
        branch: 'main',
        by: name,
        quiet: true,
      })
    const leak = (before: State) =>
      happens(before, {
        event: 'leak',
        by: 'mallory',
        kind: 'webhook',
        subject: uuidOf(before, 'pipelines', 'app'),
      })
    const keys = [key(), key(by('cat')), key(by('bob')), key(push('a')), key(push('b')), key(leak)]
    expect(new Set(keys).size).toBe(keys.length)
  })

  test('does not go stale when a state is written to', () => {
    const open = fork(begun())
    const before = keyOf(open)
    const row = rowOf(open, 'organizations', 'acme')
    open.tables.organizations.rows.set(row.uuid, row)
    open.tables.organizations.version += 1
    expect(keyOf(open)).toBe(before)
    open.tables.organizations.rows.set(row.uuid, { ...row, isTeamsEnabled: false })
    open.tables.organizations.version += 1
    expect(keyOf(open)).not.toBe(before)
  })
})
