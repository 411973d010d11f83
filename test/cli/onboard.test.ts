import { describe, expect, test } from 'vitest'
import type { Ran } from '../../src/cli/machine.js'
import { worldOf, type Setting } from '../support/world.js'

/** Who builds what at acme: a border, and agents for everybody else. */
const bridle = `organization: acme
trust: { admins: [root@acme.test], automation: bridle@acme.test }
settings: { default_cluster: general }

teams:
  # Deploys.
  release: { members: { eve@acme.test: member, root@acme.test: member } }
  web:
    members: { ada@acme.test: member, bob@acme.test: member } # two
  docs: { members: { bob@acme.test: member } }

clusters:
  general:
    default_queue: default
    queues:
      default: { description: Builds and tests }
      large: { description: Big machines }
  production:
    allow: { teams: [release] } # a border
    queues: { deploy: { description: Deploys } }

pipelines:
  # Everybody's.
  web:
    cluster: general
    repository: git@github.com:acme/web.git
    teams: { web: build_and_read }

  web-deploy: # by hand
    cluster: production
    repository: git@github.com:acme/web.git
    teams: { release: build_and_read, web: read_only }

aws:
  accounts:
    prod: { id: "333333333333", region: eu-west-1 }
  roles:
    prod/web-deploy:
      trust: [{ pipeline: web-deploy, queue: production/deploy }]
`

/** A git that is only thought of. */
const gitOf =
  (
    said: { email?: string; origin?: string; top?: string; dirty?: string; branch?: string; fails?: string },
    ran: string[][] = [],
  ) =>
  (program: string, args: readonly string[]): Ran | undefined => {
    if (program !== 'git') return undefined
    const words = args.slice(2)
    const no = { status: 1, stdout: '', stderr: 'fatal: no' }
    const yes = (stdout = '') => ({ status: 0, stdout: `${stdout}\n`, stderr: '' })
    ran.push([...words])
    if (said.top === undefined && words[0] !== 'config') return no
    switch (words[0]) {
      case 'rev-parse':
        return words[1] === '--show-toplevel'
          ? yes(said.top)
          : said.branch === words.at(-1)?.slice(11)
            ? yes()
            : no
      case 'config':
        return said.email === undefined ? no : yes(said.email)
      case 'remote':
        return said.origin === undefined ? no : yes(said.origin)
      case 'status':
        return yes(words.at(-1) === said.dirty ? ` M ${said.dirty}` : '')
      case undefined:
      default:
        return words[0] === said.fails ? { status: 1, stdout: '', stderr: `${words[0]} hook says no` } : yes()
    }
  }

const shop = { email: 'ada@acme.test', origin: 'git@github.com:acme/shop.git', top: '/elsewhere' }

const worldWith = (typed: Setting['typed'], said: Parameters<typeof gitOf>[0] = shop, more: Setting = {}) =>
  worldOf({
    files: { 'bridle.yaml': bridle },
    run: gitOf(said),
    columns: 60,
    ...(typed && { typed }),
    ...more,
  })

const added = (before: string, after: string) =>
  after.split('\n').filter((line) => !before.split('\n').includes(line))

describe('somebody who never read a manual', () => {
  test('gets a pipeline by Enter alone', async () => {
    const world = worldWith(['1', '', '', 'y'])
    const { output, code } = await world.run('onboard')
    expect(code).toBe(0)
    expect(world.asked).toEqual([
      '? A number, or a name: 1',
      '? A number, or a name: none',
      '? A number, or a name: general/default',
      '? Write this to bridle.yaml? [y/N] y',
    ])
    expect(added(bridle, world.files['bridle.yaml']!)).toEqual([
      '  shop:',
      '    repository: git@github.com:acme/shop.git',
    ])
    expect(output).toContain('Not for you: production/deploy is for team release\n(bridle.yaml:19).')
    expect(output).toContain("  git commit -m 'Add pipeline shop'\n")
    const longest = output.split('\n').filter((line) => line.length > 60)
    // A finding, or a file, is as wide as it is.
    expect(longest.filter((line) => !/^(Verdict|\? )/.test(line))).toEqual([])
    expect((await world.run('validate')).code).toBe(0)
  })

  test('every question answered wrong once', async () => {
    const world = worldWith(
      [
        'cheese',
        'pipeline',
        'me',
        'bob@acme.test',
        'shop',
        'git@github.com:acme/web.git',
        'web',
        'Web 2',
        'web-2',
      ].concat([
        'prod/web-deploy',
        'prod/other',
        'none',
        'production/deploy',
        'general/huge',
        '7',
        '2',
        'wep',
        'web',
        'what?',
      ]),
      {},
    )
    const { stderr, code } = await world.run('onboard')
    const said = stderr.replaceAll(/\n(?! *\n)/g, ' ')
    for (const no of [
      '"cheese" is not one of the answers to --what. Say one of: pipeline, team, queue, role.',
      '"me" is not an email address. Write it as ada@acme.test.',
      '"shop" is not the URL of a repository. Write it as git@github.com:OWNER/NAME.git.',
      'there is a pipeline "web" already.',
      '"Web 2" can\'t be the slug of a pipeline. Call it "web-2".',
      'role prod/web-deploy is for team release, and bob@acme.test is not among them. Take none, or ask eve@acme.test or root@acme.test: who may is written at bridle.yaml:7.',
      'no pipeline can become a role "prod/other".',
      'production/deploy is for team release, and bob@acme.test is not among them. Take general/default or general/large, or ask eve@acme.test or root@acme.test',
      'there is no queue "general/huge". Say one of: general/default, general/large;',
      'there is no queue "7". Say one of: general/default, general/large;',
      'there is no team "wep" in the files.',
    ])
      expect(said).toContain(`No: ${no}`)
    expect(stderr).toContain('Nothing was written.')
    expect(code).toBe(5)
    expect(world.files).toEqual({ 'bridle.yaml': bridle })
  })
})

describe('the other things, every question answered wrong once', () => {
  test.each([
    {
      what: 'team',
      typed: ['web', 'Shop!', 'shop', 'ada', 'ada@acme.test bob@acme.test', 'y'],
      no: [
        'there is a team "web" already.',
        '"Shop!" can\'t be the slug of a team. Call it "shop".',
        '"ada" is not an email address.',
      ],
      lines: ['  shop:', '    members: { ada@acme.test: member, bob@acme.test: member }'],
    },
    {
      what: 'queue',
      typed: ['moon', 'production', 'general', 'large', 'a b', 'arm', '', 'Small and cheap', 'y'],
      no: [
        'there is no cluster "moon" in the files.',
        'production is for team release, and ada@acme.test is not among them. Take general, or ask eve@acme.test or root@acme.test.',
        'cluster general has a queue "large" already.',
        '"a b" can\'t be the key of a queue.',
        'description is empty.',
      ],
      lines: ['      arm: { description: Small and cheap }'],
    },
    {
      what: 'role',
      typed: ['shop', 'web-deploy', 'web', 'production/deploy', 'general/large', 'web/x', ''].concat([
        'main, stable',
        'Administrator',
        'arn:aws:iam::aws:policy/ReadOnlyAccess',
        'y',
      ]),
      no: [
        'there is no pipeline "shop" in the files.',
        'pipeline web-deploy is in production, which is for team release, and ada@acme.test is not among them.',
        'pipeline web is in cluster general, which has no queue "production/deploy".',
        '"web/x" can\'t be the name of a role.',
        '"Administrator" is not the ARN of a policy.',
      ],
      lines: [
        '    prod/web:',
        '      trust: [{ pipeline: web, queue: general/large, branches: [main, stable] }]',
        '      managed_policies: [arn:aws:iam::aws:policy/ReadOnlyAccess]',
      ],
    },
  ])('$what', async ({ what, typed, no, lines }) => {
    const world = worldWith(typed)
    const { stderr, code } = await world.run('onboard', what)
    const said = stderr.replaceAll(/\n(?! *\n)/g, ' ')
    for (const one of no) expect(said).toContain(`No: ${one}`)
    expect(code).toBe(0)
    expect(added(bridle, world.files['bridle.yaml']!)).toEqual(lines)
    // Nothing else is another line than before, comments and all.
    expect(added(world.files['bridle.yaml']!, bridle)).toEqual([])
  })
})

/** All answers for a pipeline, so that nobody has to be asked. */
const whole = ['onboard', 'pipeline', '--queue', 'general/large', '--yes']

describe('a file is written whole, or not at all', () => {
  test.each([0, 1, 2, 3])('Ctrl-C at question %i leaves every file as it was', async (at) => {
    const world = worldWith([...['1', '', ''].slice(0, at), '\u0003'])
    const { stderr, code } = await world.run('onboard')
    expect(stderr).toContain('Stopped. No file was changed.\n')
    expect(code).toBe(130)
    expect(world.files).toEqual({ 'bridle.yaml': bridle })
  })

  test('a file that changed under the wizard is refused', async () => {
    const changed = bridle.replace('# two', '# three')
    const world = worldWith([
      '1',
      '',
      '',
      () => {
        world.files['bridle.yaml'] = changed
        return 'y'
      },
    ])
    const { stderr, code } = await world.run('onboard')
    expect(stderr).toContain('error[file-changed]: bridle.yaml changed meanwhile, so nothing was written\n')
    expect(code).toBe(5)
    expect(world.files).toEqual({ 'bridle.yaml': changed })
  })

  test('a team’s file that somebody made meanwhile is refused, too', async () => {
    const root = 'organization: acme\ninclude: [{ files: "teams/*.yaml", may: [teams] }]\n'
    const files = {
      'bridle.yaml': root,
      'teams/web.yaml': 'teams: { web: { members: { ada@acme.test: member } } }\n',
    }
    const other = 'teams: { shop: {} }\n'
    const world = worldWith(
      [
        'shop',
        '',
        () => {
          world.files['teams/shop.yaml'] = other
          return 'y'
        },
      ],
      shop,
      { files },
    )
    const { stderr, code } = await world.run('onboard', 'team')
    expect(stderr).toContain('error[file-changed]')
    expect(code).toBe(5)
    expect(world.files).toEqual({ ...files, 'teams/shop.yaml': other })
  })
})

describe('git', () => {
  const committed = async (said: Parameters<typeof gitOf>[0]) => {
    const ran: string[][] = []
    const world = worldWith(undefined, said, { run: gitOf(said, ran) })
    const done = await world.run(
      ...whole,
      '--commit',
      '--repository',
      shop.origin,
      '--email',
      'ada@acme.test',
    )
    return { ...done, ran, isWritten: world.files['bridle.yaml'] !== bridle }
  }

  test('commits what it wrote and nothing else, and pushes nothing', async () => {
    const { ran, code, stdout } = await committed(shop)
    expect(code).toBe(0)
    expect(ran.slice(-3)).toEqual([
      ['switch', '--quiet', '-c', 'bridle/pipeline-shop'],
      ['add', '--', 'bridle.yaml'],
      ['commit', '--quiet', '-m', 'Add pipeline shop', '--', 'bridle.yaml'],
    ])
    expect(ran.map(([verb]) => verb)).not.toContain('push')
    expect(stdout).toContain('Committed on branch bridle/pipeline-shop.')
  })

  test.each([
    ['no repository', { email: 'ada@acme.test' }, 'there is no git repository here'],
    [
      'work that nobody committed',
      { ...shop, dirty: 'bridle.yaml' },
      'bridle.yaml has changes that nobody committed',
    ],
    [
      'a branch of the name',
      { ...shop, branch: 'bridle/pipeline-shop' },
      'there is a branch bridle/pipeline-shop already',
    ],
  ])('%s: nothing is written', async (_, said, why) => {
    const { stderr, code, isWritten } = await committed(said)
    expect(stderr).toContain(`error[can-not-commit]: ${why}\n`)
    expect({ code, isWritten }).toEqual({ code: 5, isWritten: false })
  })

  test('that refuses the commit is quoted', async () => {
    const { stderr, code, isWritten } = await committed({ ...shop, fails: 'commit' })
    expect(stderr).toContain('it is written, and not committed: git commit: commit hook says no\n')
    expect({ code, isWritten }).toEqual({ code: 5, isWritten: true })
  })

  test('a token in the URL of origin gets into no file', async () => {
    const world = worldWith(undefined, { ...shop, origin: 'https://ada:s3cret@git.acme.test/shop.git' })
    expect((await world.run(...whole)).code).toBe(0)
    expect(world.files['bridle.yaml']).toContain('repository: https://git.acme.test/shop.git\n')
    const typed = await worldWith(undefined).run(
      ...whole,
      '--repository',
      'https://ada:s3cret@git.acme.test/shop.git',
    )
    expect(typed.code).toBe(2)
    expect(typed.output).not.toContain('s3cret')
  })

  test('where the files are in the repository itself, it is asked what is built', async () => {
    const world = worldWith(['', '', '', 'n'], { ...shop, top: '/here' })
    await world.run('onboard', 'pipeline')
    expect(world.asked[0]).toBe('? Which repository does it build? git@github.com:acme/shop.git')
  })
})

describe('what would open a border is refused', () => {
  const eve = { ...shop, email: 'eve@acme.test' }
  const toDeploy = ['onboard', 'pipeline', '--queue', 'production/deploy', '--yes']

  test('a team that is not allowed gets nothing there', async () => {
    const world = worldWith(undefined, eve)
    const { stderr, code } = await world.run(...toDeploy, '--team', 'web')
    expect(stderr).toContain(
      'error[not-for-you]: team web may not have a pipeline in production, which is for team release',
    )
    expect(code).toBe(11)
    expect(world.files).toEqual({ 'bridle.yaml': bridle })
  })

  test('whom a default would let in is told, with the path', async () => {
    // Nothing is open yet: there is no pipeline that the default could be about.
    const [before, after] = bridle.split(/ {2}web-deploy: # by hand[^]*?(?=\naws:)/)
    const files = {
      'bridle.yaml': (before! + after!)
        .replace('# a border', '# a border\n    pipeline_defaults: { teams: { web: build_and_read } }')
        .replace(/ {2}roles:[^]*/, ''),
    }
    const world = worldWith(undefined, eve, { files })
    const { stdout, stderr, code } = await world.run(...toDeploy)
    expect(stdout).toContain(
      'error[opens-queue]: this would let user:ada@acme.test and user:bob@acme.test onto queue:production/deploy',
    )
    expect(stdout).toContain('= path: user:ada@acme.test\n')
    expect(stderr).toContain('Refused: nothing was written.\n')
    expect(code).toBe(11)
    expect(world.files).toEqual(files)
  })
})

describe('with an organization', () => {
  test('what would open a queue there is refused, whatever the files say', async () => {
    const files = { 'bridle.yaml': bridle.replace(/\naws:[^]*/, '\n') }
    const world = worldWith(undefined, { ...shop, email: 'eve@acme.test' }, { files })
    expect((await world.run('apply', '--sandbox', '--yes', '--allow-widening')).code).toBe(0)
    // Somebody puts a stranger into the team that is allowed, by hand.
    expect((await world.run('sandbox', 'edit', 'join', 'team:release', 'ada@acme.test')).code).toBe(0)
    const { stdout, stderr, code } = await world.run(
      ...['onboard', 'pipeline', '--queue', 'production/deploy', '--sandbox', '--yes'],
    )
    expect(stdout).toContain(
      'error[opens-queue]: the plan would add to the ways in which queue:production/deploy is open',
    )
    // By the files alone nothing is wrong with it.
    expect(stdout).toContain('Verdict, on files only: 1 assumed, as before.')
    expect(stdout).not.toContain('former:')
    expect(stderr).toContain('Refused: nothing was written.')
    expect(code).toBe(11)
    expect(world.files['bridle.yaml']).toBe(files['bridle.yaml'])
  })
})
