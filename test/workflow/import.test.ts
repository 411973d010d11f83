import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { thisMachine } from '../../src/cli/this-machine.js'
import { writeFiles } from '../../src/cli/write-files.js'
import { all, put } from '../../src/sandbox/table.js'
import { importing, updating } from '../../src/workflow/import.js'
import { filesOf } from '../support/files.js'
import { errorsIn, fresh, planOf, telling, type Ground } from '../support/ground.js'

const worldOf = (
  { sandbox }: Ground,
  files: Readonly<Record<string, string>> = {},
  organization?: string,
) => ({
  files: filesOf(files),
  root: 'bridle.yaml',
  today: '2026-11-22',
  organization,
  connect: (wanted: Parameters<typeof telling>[1]) => telling(sandbox, wanted),
})

const imported = (ground: Ground, files: Readonly<Record<string, string>> = {}) =>
  importing(worldOf(ground, files), { organization: 'acme', by: 'cluster' })

const small = {
  organization: 'acme',
  clusters: { general: { queues: { default: {} } } },
  pipelines: {
    web: { cluster: 'general', repository: 'git@github.com:acme/web.git' },
    api: { cluster: 'general', repository: 'git@github.com:acme/api.git' },
  },
  rules: [
    { type: 'pipeline.trigger_build.pipeline', source_pipeline: 'web', target_pipeline: 'api' },
    { type: 'pipeline.artifacts_read.pipeline', source_pipeline: 'api', target_pipeline: 'web' },
  ],
}

/** An organization, and something done to its tables that no page of Buildkite's would do today. */
const withRow = async (change: (ground: Ground) => void): Promise<Ground> => {
  const ground = fresh()
  await ground.apply(small)
  change(ground)
  return ground
}

const said = ({ findings }: Awaited<ReturnType<typeof imported>>) =>
  findings.map(({ code, what }) => `${code}: ${what}`)

describe('what bridle does not know is left as it is, and named', () => {
  test('a rule of another type', async () => {
    const ground = await withRow(({ sandbox: { state } }) => {
      const [rule] = all(state.tables.rules)
      put(state.tables.rules, { ...rule!, type: 'pipeline.read_secrets.pipeline' } as typeof rule & object)
    })
    const result = await imported(ground)
    expect(said(result)).toContainEqual(
      expect.stringMatching(/^import-left-out: rule .* is not written: bridle does not know what it says/),
    )
    expect(parse(result.files!['bridle.yaml']!)).toMatchObject({
      rules: [
        { type: expect.stringMatching(/^pipeline\.(trigger_build|artifacts_read)\.pipeline$/) as unknown },
      ],
    })
    expect(result.files!['bridle.yaml']).toMatch(/^# rule .* is not written/)
    expect(planOf(await ground.plan(result.files!)).changes).toEqual([])
    const updated = await updating(worldOf(ground, result.files), {})
    expect(errorsIn(updated), 'and stands in no later one’s way').toEqual([])
    expect(updated.files).toEqual({})
  })

  test.each(['<<', '__proto__'])('a cluster that is called %s', async (name) => {
    const ground = await withRow(({ sandbox: { state } }) => {
      const [cluster] = all(state.tables.clusters)
      put(state.tables.clusters, { ...cluster!, uuid: '0b1c5c3e-0000-4000-8000-000000000001', name })
    })
    const result = await imported(ground)
    expect(said(result)).toContain(
      `import-left-out: cluster ${name} is not written: its name is no name that a file can have`,
    )
    expect(planOf(await ground.plan(result.files!)).changes).toEqual([])
  })

  test('steps that hold a secret stay in Buildkite', async () => {
    const secret = `bkua_${'0'.repeat(40)}`
    const ground = await withRow(({ sandbox: { state } }) => {
      const web = all(state.tables.pipelines).find(({ slug }) => slug === 'web')!
      put(state.tables.pipelines, { ...web, steps: `env: { TOKEN: ${secret} }\nsteps: []\n` })
    })
    const result = await imported(ground)
    expect(said(result)).toContain(
      'import-left-out: `steps` of pipeline web is not written: it holds a secret',
    )
    expect(JSON.stringify(result)).not.toContain(secret)
    expect(planOf(await ground.plan(result.files!)).changes).toEqual([])
  })

  test('steps with carriage returns, tabs and spaces at their ends come back as they were', async () => {
    const steps = 'steps:\r\n  - command: "a\tb"   \r\n# the end\r\n\r\n'
    const ground = await withRow(({ sandbox: { state } }) => {
      const web = all(state.tables.pipelines).find(({ slug }) => slug === 'web')!
      put(state.tables.pipelines, { ...web, steps })
    })
    const result = await imported(ground)
    expect(errorsIn(result)).toEqual([])
    expect(planOf(await ground.plan(result.files!)).changes).toEqual([])
  })
})

describe('nothing is written over', () => {
  test.each(['bridle.yaml', 'clusters/general.yaml'])('%s that is there', async (path) => {
    const ground = await withRow(() => undefined)
    const result = await imported(ground, { [path]: '# mine\n' })
    expect(said(result)).toEqual([`files-there: ${path} is there already`])
    expect(result.files).toBeUndefined()
  })

  test('files of another organization', async () => {
    const ground = await withRow(() => undefined)
    const files = { 'bridle.yaml': 'organization: globex\n' }
    const result = await updating(worldOf(ground, files, 'acme'), {})
    expect(said(result)[0]).toMatch(/^another-organization: /)
  })

  test('steps beside the files that are somebody else’s', async () => {
    const ground = await withRow(({ sandbox: { state } }) => {
      const web = all(state.tables.pipelines).find(({ slug }) => slug === 'web')!
      put(state.tables.pipelines, { ...web, steps: 'steps:\n  - command: make\n' })
    })
    const files = {
      'bridle.yaml':
        'organization: acme\npipelines: { api: {} }\nclusters: {}\nignore: { clusters: ["*"] }\n',
      'pipelines/web.yaml': 'mine',
    }
    const { files: written } = await updating(worldOf(ground, files), {})
    expect(Object.keys(written!).sort()).toEqual(['bridle.yaml', 'pipelines/web-2.yaml'])
  })
})

describe('what has drifted', () => {
  const lines = [
    'organization: acme',
    'ignore: { clusters: ["*"], teams: ["*"], grants: ["*"] }',
    'pipelines:',
    '  web: { repository: "git@github.com:acme/web.git", steps_file: shared.yaml }',
    '  api: { repository: "git@github.com:acme/api.git", steps_file: shared.yaml }',
    'rules:',
    '  - { type: pipeline.trigger_build.pipeline, source_pipeline: web, target_pipeline: api, description: a } # one',
    '  - source_pipeline: api # two',
    '    target_pipeline: web',
    '    type: pipeline.artifacts_read.pipeline',
    '',
  ]
  const files = { 'bridle.yaml': lines.join('\n'), 'shared.yaml': 'steps: []\n' }
  const steps = 'steps:\n  - command: make\n'
  const applied = async (): Promise<Ground> => {
    const ground = fresh()
    await ground.apply({
      ...small,
      pipelines: {
        web: { ...small.pipelines.web, steps: 'steps: []\n' },
        api: { ...small.pipelines.api, steps: 'steps: []\n' },
      },
      rules: [{ ...small.rules[0], description: 'a' }, small.rules[1]],
    })
    return ground
  }

  test('a rule in braces', async () => {
    const ground = await applied()
    const { rules } = ground.sandbox.state.tables
    const rule = all(rules).find(({ description }) => description === 'a')!
    put(rules, { ...rule, description: 'b' })
    const result = await updating(worldOf(ground, files), {})
    expect(errorsIn(result)).toEqual([])
    expect(result.files).toEqual({
      'bridle.yaml': files['bridle.yaml'].replace('description: a }', 'description: b }'),
    })
  })

  test('steps that another pipeline has, too, are not changed for a part', async () => {
    const ground = await applied()
    const { pipelines } = ground.sandbox.state.tables
    put(pipelines, { ...all(pipelines).find(({ slug }) => slug === 'api')!, steps })
    const part = { clusters: [], teams: [], pipelines: ['api'] }
    const result = await updating(worldOf(ground, files), { part })
    expect(said(result)).toEqual(['import-differs: steps of pipeline:web would be changed by the next apply'])
    expect(result.files).toBeUndefined()
  })

  describe('a border is not moved by what somebody has done by hand', () => {
    const guarded = {
      organization: 'acme',
      ignore: { clusters: ['Default cluster'], teams: ['everyone'] },
      teams: { release: { members: { 'cy@acme.test': 'member' } } },
      clusters: { production: { allow: { teams: ['release'] }, queues: { deploy: {} } } },
    }
    const text = { 'bridle.yaml': stringify(guarded) }
    const before = { ...guarded, teams: { release: { members: {} } } }
    const there = { ...guarded, clusters: { production: { queues: { deploy: {} } } } }

    test('somebody has joined a team that is allowed', async () => {
      const ground = fresh()
      await ground.apply(there)
      const files = { 'bridle.yaml': stringify(before) }
      const result = await updating(worldOf(ground, files), {})
      expect(said(result)).toContainEqual(
        expect.stringMatching(
          /^import-differs: member:release\/cy@acme.test .* allowed on cluster:production/,
        ),
      )
      expect(result.files).toBeUndefined()
    })

    test('a privileged cluster has another name', async () => {
      const ground = fresh()
      await ground.apply(there)
      const { clusters } = ground.sandbox.state.tables
      put(clusters, { ...all(clusters).find(({ name }) => name === 'production')!, name: 'Prod' })
      const result = await updating(worldOf(ground, text), {})
      expect(said(result)).toContainEqual(
        expect.stringMatching(/^import-differs: cluster:production .* its `allow` would go with it/),
      )
      expect(result.files).toBeUndefined()
    })
  })

  test('a secret that has come is not written, and what stands there is not lost', async () => {
    const ground = await applied()
    const { pipelines } = ground.sandbox.state.tables
    const secret = `bkua_${'0'.repeat(40)}`
    for (const one of all(pipelines))
      put(pipelines, { ...one, steps: `env: { TOKEN: ${secret} }\nsteps: []\n` })
    const result = await updating(worldOf(ground, files), {})
    expect(said(result)).toContainEqual(
      expect.stringMatching(/^import-differs: pipeline:web .*it holds a secret$/),
    )
    expect(JSON.stringify(result)).not.toContain(secret)
    expect(result.files).toBeUndefined()
  })
})

test('something new has a file of its own, where every other has one that is called after it', async () => {
  const ground = fresh()
  const files = {
    'bridle.yaml':
      'organization: acme\ninclude: [{ files: "teams/*.yaml", may: [teams] }]\nignore: { teams: [everyone] }\n',
    'teams/web.yaml': '# theirs\nteams: { web: {} }\n',
    'teams/ops.yaml': 'teams: { ops: {} }\n',
  }
  await ground.apply(files)
  await ground.apply({ organization: 'acme', teams: { data: { members: { 'ada@acme.test': 'member' } } } })
  const { files: written } = await updating(worldOf(ground, files), {})
  expect(Object.keys(written!)).toEqual(['teams/data.yaml'])
  expect(parse(written!['teams/data.yaml']!)).toMatchObject({
    teams: { data: { members: { 'ada@acme.test': 'member' } } },
  })
})

describe('roles of declared accounts', () => {
  const accounts = { management: { id: '111111111111', region: 'eu-west-1' } }
  const withRoles = {
    ...small,
    aws: {
      accounts,
      oidc_providers: { 'management/agent.buildkite.com': {} },
      roles: {
        'management/web': {
          trust: [{ pipeline: 'web', queue: 'general/default' }],
          max_session_duration: '2h',
          description: 'What web does',
          inline_policies: {
            read: {
              document: {
                Version: '2012-10-17',
                Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::acme/*' }],
              },
            },
          },
        },
        'management/nightly': { trust: [{ service: 'lambda.amazonaws.com' }] },
      },
    },
  }

  test('what trusts Buildkite is taken into the files, and nothing else of the account', async () => {
    const ground = fresh()
    await ground.apply(withRoles)
    const files = { 'bridle.yaml': stringify({ ...small, aws: { accounts } }) }
    const result = await updating(worldOf(ground, files), {})
    expect(errorsIn(result)).toEqual([])
    const written = parse(result.files!['bridle.yaml']!) as { aws: { roles: object; oidc_providers: object } }
    expect(Object.keys(written.aws.roles)).toEqual(['management/web'])
    expect(written.aws.roles).toMatchObject({
      'management/web': { max_session_duration: '2h', description: 'What web does' },
    })
    expect(Object.keys(written.aws.oidc_providers)).toEqual(['management/agent.buildkite.com'])
    expect(planOf(await ground.plan({ ...files, ...result.files })).changes).toEqual([])
    expect((await updating(worldOf(ground, { ...files, ...result.files }), {})).files).toEqual({})
  })
})

describe('on a disk', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bridle-import-'))
    mkdirSync(join(folder, 'half'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('where one file can’t be written, every one is as it was, and nothing is left beside them', () => {
    const half = join(folder, 'half')
    writeFileSync(join(half, 'bridle.yaml'), 'old\n')
    writeFileSync(join(half, 'clusters'), 'a file, where a folder should be\n')
    const { disk } = thisMachine()
    const trouble = writeFiles({ cwd: half, disk }, 'bridle.yaml', {
      'bridle.yaml': 'new\n',
      'teams.yaml': 'new\n',
      'clusters/general.yaml': 'new\n',
    })
    expect(trouble).toMatch(/^the files can't be written: /)
    expect(readdirSync(half).sort()).toEqual(['bridle.yaml', 'clusters'])
    expect(readFileSync(join(half, 'bridle.yaml'), 'utf8')).toBe('old\n')
  })

  test('nothing is written where a link leads out of the folder', () => {
    const [inside, outside] = ['inside', 'outside'].map((name) => join(folder, name))
    mkdirSync(inside!)
    mkdirSync(outside!)
    symlinkSync(outside!, join(inside!, 'clusters'))
    const { disk } = thisMachine()
    const trouble = writeFiles({ cwd: inside!, disk }, 'bridle.yaml', {
      'bridle.yaml': 'new\n',
      'clusters/general.yaml': 'new\n',
    })
    expect(trouble).toMatch(/would be written outside of the folder of the root file: a link leads there$/)
    expect(readdirSync(outside!)).toEqual([])
    expect(readdirSync(inside!)).toEqual(['clusters'])
  })
})
