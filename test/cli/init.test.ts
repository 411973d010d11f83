import { describe, expect, test } from 'vitest'
import { sandbox, type Sandbox } from '../../src/sandbox/index.js'
import { parseState } from '../../src/sandbox/saved.js'
import { addToken } from '../../src/sandbox/seed.js'
import { all } from '../../src/sandbox/table.js'
import { worldOf, type Setting } from '../support/world.js'

const there = `organization: acme
trust: { admins: [root@acme.test], automation: bridle@acme.test }
teams:
  release: { members: { eve@acme.test: member } }
  web: { members: { ada@acme.test: member } }
clusters:
  general: { queues: { default: {} } }
  production: { queues: { deploy: {} } }
pipelines:
  web: { cluster: general, repository: "git@github.com:acme/web.git", teams: { web: build_and_read } }
  web-deploy: { cluster: production, repository: "git@github.com:acme/web.git", teams: { release: build_and_read } }
`

const token = 'kept-in-no-file-and-no-answer'

/** An organization that nobody has declared, and somebody at a terminal who has a token for it. */
const firstDay = async (typed: Setting['typed'], more: Setting = {}) => {
  const made = worldOf({ files: { 'bridle.yaml': there } })
  const applied = await made.run('apply', '--sandbox', '--yes')
  if (applied.code !== 0) throw new Error(applied.output)
  const parsed = parseState(made.files['bridle.sandbox.json']!)
  if ('problems' in parsed) throw new Error(parsed.problems.join())
  const { state } = parsed
  addToken(state, all(state.tables.organizations)[0]!, { email: 'bridle@acme.test', token })
  const clock = { now: () => Date.UTC(2026, 10, 2, 9), sleep: () => Promise.resolve() }
  const buildkite: Sandbox = sandbox({ state, clock })
  const world = worldOf({ ...(typed && { typed }), columns: 60, fetch: buildkite.fetch, ...more })
  return { world, buildkite }
}

describe('the first run', () => {
  test('every question answered wrong once, and a token that nobody sees', async () => {
    const { world, buildkite } = await firstDay([
      ...['acme inc', 'acme', 'moon', '1', token],
      ...[
        'deploy',
        '3',
        'webb',
        'release',
        'perhaps',
        'yes',
        '111111111111',
        'management 111111111111 eu-west-1',
      ],
      ...['git@github.com:acme/organization.git', '', 'root', 'root@acme.test', 'y'],
    ])
    const { output, stderr, code } = await world.run('init')
    const said = stderr.replaceAll(/\n(?! *\n)/g, ' ')
    for (const no of [
      '"acme inc" can\'t be the slug of an organization. Look at the address bar: buildkite.com/acme is acme.',
      '"moon" is not one of the answers to --by.',
      '"deploy" is not one of the answers to --cluster.',
      '"webb" is not one of the answers to --team. Did you mean web?',
      '"perhaps" is not one of the answers to --schedule.',
      '"111111111111" is not a name, a number of twelve digits, and a region.',
      '"root" is not an email address.',
    ])
      expect(said).toContain(`No: ${no}`)
    expect(code).toBe(0)
    expect(output).toContain('The plan is empty: the files say what is there, and nothing\nelse.\n')
    expect(output).toContain('The one privileged queue is assumed.')
    expect(world.files['clusters/production.yaml']).toContain('allow: { teams: [release] }')
    expect(world.files['drift.yaml']).toContain('repository: "git@github.com:acme/organization.git"')
    for (const text of [output, ...Object.values(world.files)]) expect(text).not.toContain(token)
    const changes = buildkite.calls.filter(({ kind, name }) => kind !== 'query' && !name.startsWith('GET '))
    expect(changes).toEqual([])
  })

  test.each([
    ['the organization', ['\u0003']],
    ['the token', ['acme', '', '\u0003']],
    ['the cluster', ['acme', '', token, '\u0003']],
    ['the last question', ['acme', '', token, 'none', '\u0003']],
  ])('Ctrl-C at %s leaves nothing behind', async (_, typed) => {
    const { world } = await firstDay(typed)
    const { stderr, code } = await world.run('init')
    expect(stderr).toContain('Stopped. No file was changed.\n')
    expect(code).toBe(130)
    expect(world.files).toEqual({})
  })

  test('a no writes nothing', async () => {
    const { world } = await firstDay(['acme', 'team', token, 'none', '', 'no'])
    expect((await world.run('init')).code).toBe(5)
    expect(world.files).toEqual({})
  })

  test('files that somebody wrote meanwhile are left alone', async () => {
    const { world } = await firstDay([
      'acme',
      '',
      token,
      'none',
      'no',
      () => {
        world.files['bridle.yaml'] = there
        return 'y'
      },
    ])
    const { stderr, code } = await world.run('init')
    expect(stderr).toContain('error[files-there]: bridle.yaml is there already')
    expect(code).toBe(5)
    expect(world.files).toEqual({ 'bridle.yaml': there })
  })

  test('a token that is none ends it', async () => {
    const { world } = await firstDay(['acme', '', 'made up'])
    const { code, output } = await world.run('init')
    expect(code).toBe(4)
    expect(output).not.toContain('made up')
    expect(world.files).toEqual({})
  })
})
