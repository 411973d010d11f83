import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { questions } from '../../src/providers/aws/operations.js'
import { printPipeline, type PipelineOptions } from '../../src/workflow/print-pipeline.js'
import { validate } from '../../src/workflow/validate.js'
import { filesOf } from '../support/files.js'
import { worldOf } from '../support/world.js'

const examples = fileURLToPath(new URL('../../examples/', import.meta.url))
const today = '2026-11-02'

const filesIn = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  )

const usual: PipelineOptions = {
  repository: 'git@github.com:acme/organization.git',
  branch: 'main',
  folder: '',
  root: 'bridle.yaml',
}

const account = (name: string, id: string, more = '') =>
  `    ${name}: { id: "${id}", region: eu-west-1${more} }\n`

const plain = (accounts: string, more = '') => ({
  'bridle.yaml': `organization: acme\nignore: { clusters: ["Default cluster"], teams: [everyone] }\ntrust: { admins: [bridle@acme.test], automation: bridle@acme.test }\naws:\n  accounts:\n${accounts}${more}`,
})

const organizations: Record<string, Record<string, string>> = {
  'examples/acme': filesIn(`${examples}acme`),
  'examples/product': filesIn(`${examples}product`),
  'one account': plain(account('management', '111111111111')),
  'a profile, and others': plain(
    account('prod', '333333333333', ', assume_role: admin, external_id: acme-x') +
      account('home', '111111111111', ', profile: mgmt') +
      account('test', '222222222222', ', profile: test'),
  ),
  'another partition': plain(account('cn', '111111111111', ', partition: aws-cn')),
  'a heartbeat of its own': plain(
    account('management', '111111111111'),
    'drift: { heartbeat: "ssm:management/x/y" }\n',
  ),
  'an address': plain(
    account('management', '111111111111'),
    'drift: { heartbeat: "https://alarm.acme.test/x" }\n',
  ),
}

const print = (files: Record<string, string>, options: Partial<PipelineOptions> = {}) => {
  const printed = printPipeline(
    { files: filesOf(files), root: 'bridle.yaml', today },
    { ...usual, ...options },
  )
  if (!('files' in printed)) throw new Error(JSON.stringify(printed))
  return printed.files
}

/** The declaration, with the line that its first comment says to write. */
const including = (files: Record<string, string>, printed: Readonly<Record<string, string>>) => {
  const [, line = ''] = /^#( {5}- \{ files: .*\})$/m.exec(printed['drift.yaml']!) ?? []
  const root = files['bridle.yaml']!
  const own = `include:\n${line.slice(3)}`
  return {
    ...files,
    ...printed,
    'bridle.yaml': root.includes('\ninclude:') ? root.replace('\ninclude:', `\n${own}`) : `${root}${own}\n`,
  }
}

const said = (files: Record<string, string>) =>
  validate({ files: filesOf(files), root: 'bridle.yaml', today }).findings.map(
    ({ code, what }) => `${code}: ${what}`,
  )

const hasShellcheck = spawnSync('shellcheck', ['--version']).error === undefined
const folders: string[] = []
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

describe.each(Object.entries(organizations))('the pipeline of %s', (_, files) => {
  const printed = print(files)

  test('makes sense in its files, and says nothing that was not said before', () => {
    expect(said(including(files, printed))).toEqual(said(files))
  })

  test('has steps that Buildkite can read, and no variable that it would fill in', () => {
    for (const name of ['drift/pipeline.yaml', 'drift/pull-request.yaml']) {
      expect(parse(printed[name]!)).toMatchObject({ steps: [{ command: expect.any(String) }] })
      expect(printed[name]).not.toContain('$')
    }
  })

  test.skipIf(!hasShellcheck)('has scripts that shellcheck has nothing to say of', () => {
    for (const name of ['drift/nightly.sh', 'drift/check.sh']) {
      const { stdout } = spawnSync('shellcheck', ['-o', 'all', '-'], {
        input: printed[name],
        encoding: 'utf8',
      })
      expect(stdout).toBe('')
    }
  })
})

test('its role may ask all that bridle asks, and open no secret but its own', () => {
  const { aws } = parse(print(organizations['a profile, and others']!)['drift.yaml']!)
  const iam = [...questions].filter(
    (one) => !/Parameter|Tags|^(Get(CallerIdentity|PublicKey)|Sign)$/.test(one),
  )
  const asked = [
    ...iam.map((one) => `iam:${one}`),
    'ssm:DescribeParameters',
    'ssm:GetParameters',
    'ssm:ListTagsForResource',
  ]
  for (const [role, policy] of [
    ['home/bridle-drift', 'drift'],
    ['prod/bridle-read', 'read'],
  ] as const) {
    const statements: { Effect: string; Action: string | string[]; Condition?: object }[] =
      aws.roles[role].inline_policies[policy].document.Statement
    const allowed = statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action)
    expect(asked.filter((action) => !allowed.includes(action))).toEqual([])
    expect(allowed.filter((action) => !/^(iam|ssm):(Get|List|Describe)/.test(action))).toEqual(
      role === 'home/bridle-drift' ? ['ssm:PutParameter'] : [],
    )
    expect(statements.filter(({ Effect }) => Effect === 'Deny')).toEqual([
      {
        Effect: 'Deny',
        Action: 'kms:Decrypt',
        Resource: '*',
        ...(role === 'home/bridle-drift' && {
          Condition: {
            StringNotEquals: {
              'kms:EncryptionContext:PARAMETER_ARN':
                'arn:aws:ssm:eu-west-1:111111111111:parameter/bridle/buildkite-token',
            },
          },
        }),
      },
    ])
  }
})

test('its queue is open to nobody but whom the files trust, and rests on bridle itself', async () => {
  const files = organizations['one account']!
  const world = worldOf({ files: including(files, print(files)) })
  const { stdout } = await world.run('access', 'check', '--offline')
  expect(stdout).toContain('queue:bridle/drift                  assumed')
  expect(stdout).not.toMatch(/ open$/m)
  expect(stdout).toMatch(/R54 bridle-itself +at organization/)
})

test('what it declares can be applied, and is no difference afterwards', { timeout: 30_000 }, async () => {
  const files = organizations['one account']!
  const world = worldOf({ files: including(files, print(files)) })
  const applied = await world.run('apply', '--sandbox', '--yes', '--allow-widening')
  expect(applied.output).toMatch(/calls done\.$/m)
  const { output } = await world.run('drift', '--sandbox')
  expect(output).toContain('No difference: the organization is as declared.')
})

/** Programs that write down how they are called, and with which of some variables. */
const machineWith = (scripts: Readonly<Record<string, string>>) => {
  const folder = mkdtempSync(join(tmpdir(), 'bridle-nightly-'))
  folders.push(folder)
  mkdirSync(join(folder, 'bin'))
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${text}\n`)
    chmodSync(join(folder, 'bin', name), 0o755)
  }
  return folder
}

const build = '0193a1e0-0000-4000-8000-000000000001'
const token = 'bkua_of-the-nightly-check'

describe('the nightly script', () => {
  const run = (heartbeat: string, downloads: number) => {
    const folder = machineWith({
      'buildkite-agent': `echo "agent $*" >>"$LOG"; case "$1" in oidc) echo identity ;; artifact) exit ${String(downloads)} ;; esac`,
      aws: `echo "aws $*" >>"$LOG"; case "$*" in *token*) echo ${token} ;; *) echo '${heartbeat}' ;; esac`,
      bridle:
        'echo "bridle $*" >>"$LOG"; echo "token $BUILDKITE_API_TOKEN" >>"$LOG"; cat "$AWS_WEB_IDENTITY_TOKEN_FILE" >>"$LOG"; exit 10',
    })
    const script = join(folder, 'nightly.sh')
    writeFileSync(script, print(organizations['a profile, and others']!)['drift/nightly.sh']!)
    mkdirSync(join(folder, 'tmp'))
    const log = join(folder, 'log')
    const { status } = spawnSync('sh', [script], {
      env: { PATH: `${folder}/bin:/usr/bin:/bin`, TMPDIR: `${folder}/tmp`, LOG: log },
    })
    return { status, log: readFileSync(log, 'utf8'), left: readdirSync(join(folder, 'tmp')) }
  }

  test('hands on how bridle ended, and leaves nothing behind', () => {
    const { status, log, left } = run(`{"exit":0,"build":"${build}"}`, 0)
    expect(status).toBe(10)
    expect(left).toEqual([])
    expect(log).toContain(`agent artifact download bridle-drift.json`)
    expect(log).toContain(`--build ${build}`)
    expect(log).toMatch(/^bridle drift --who --since .*\/bridle-drift\.json$/m)
    expect(log).toContain(`token ${token}\nidentity\n`)
    expect(
      log
        .split('\n')
        .filter((line) => !line.startsWith('token '))
        .join('\n'),
    ).not.toContain(token)
  })

  test.each([
    ['no heartbeat yet', '', 0],
    ['one without a build', '{"exit":0}', 0],
    ['artifacts that are gone', `{"build":"${build}"}`, 1],
    ['something else', '{"build":"$(id)"}', 0],
  ])('goes on without labels: %s', (_, heartbeat, downloads) => {
    const { status, log } = run(heartbeat, downloads)
    expect(status).toBe(10)
    expect(log).toMatch(/^bridle drift --who$/m)
  })
})

test('a pull request is checked with nothing of the environment', () => {
  const folder = machineWith({ bridle: 'echo "bridle $*"; env' })
  writeFileSync(join(folder, 'check.sh'), print(organizations['one account']!)['drift/check.sh']!)
  const { stdout } = spawnSync('sh', ['check.sh'], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${folder}/bin:/usr/bin:/bin`, BUILDKITE_API_TOKEN: token, AWS_PROFILE: 'x', HOME: '/root' },
  })
  expect(stdout).toMatch(/^bridle validate$/m)
  expect(stdout).toMatch(/^bridle access check --offline$/m)
  const variables = stdout.split('\n').flatMap((line) => /^([A-Za-z_]+)=/.exec(line)?.[1] ?? [])
  expect(variables.filter((name) => !['PATH', 'PWD', 'SHLVL', 'OLDPWD', '_'].includes(name))).toEqual([])
})

describe('on the command line', () => {
  test('files are written once, and where nothing is in the way', async () => {
    const world = worldOf({ files: { ...organizations['one account']!, 'here/x': '' } })
    const argv = [
      'drift',
      '--print-pipeline',
      '--repository',
      'git@github.com:acme/o.git',
      '--out-dir',
      'here',
    ] as const
    const first = await world.run(...argv)
    expect([first.code, first.stdout.split('\n')[0]]).toEqual([0, 'here/drift.yaml'])
    expect(world.files['here/drift/nightly.sh']).toContain('bridle drift')
    expect(first.stderr).toContain('they belong beside bridle.yaml')
    const second = await world.run(...argv)
    expect([second.code, second.stdout]).toEqual([2, ''])
  })

  test('beside the root file there is nothing more to say', async () => {
    const world = worldOf({ files: organizations['one account']! })
    const { code, stderr } = await world.run(
      'drift',
      '--print-pipeline',
      '--repository',
      'x',
      '--out-dir',
      '.',
    )
    expect([code, stderr]).toEqual([0, ''])
  })

  test.each([
    [[], /git knows no `origin` here/],
    [['--repository', 'x', '--account', 'nope'], /no account "nope"/],
  ])('%j makes no sense', async (argv, says) => {
    const { code, stderr } = await worldOf({ files: organizations['one account']! }).run(
      'drift',
      '--print-pipeline',
      ...argv,
    )
    expect(stderr).toMatch(says)
    expect(code).toBe(2)
  })

  test('without an account there is no place for the token', async () => {
    const files = { 'bridle.yaml': 'organization: acme\n' }
    const { code, stderr } = await worldOf({ files }).run('drift', '--print-pipeline', '--repository', 'x')
    expect([code, stderr]).toEqual([2, expect.stringContaining('declare no AWS account')])
  })
})
