import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { deep } from '../support/law.js'
import { agent, lacks, removeHosts, shells } from './host.js'
import { account, arnOf, hostWith, ids, standIn, wrappers, type Run, type StandIn } from './sourced.js'

let world: StandIn
beforeAll(async () => {
  world = await standIn()
})
beforeEach(() => world.anew())
afterAll(async () => {
  removeHosts()
  await world.end()
})

/** Each test takes the next of each, so that all meet. */
let turn = 0
const nextShell = () => shells[(turn += 1) % shells.length]
const host = (roles: Readonly<Record<string, unknown>>, how: Parameters<typeof hostWith>[2] = {}) =>
  hostWith(world, roles, { shell: nextShell(), ...how })
type Host = ReturnType<typeof host>

const deploy = arnOf('deploy')
const declared = { role: deploy, roles: [deploy, arnOf('report')] }
const to = () => world.heard.map((one) => one.to)
const forms = () => world.heard.filter((one) => one.to === 'STS').map(({ body }) => new URLSearchParams(body))

/** Whatever nobody may see: tokens, and what STS gave. */
const secretsIn = ({ env }: Run): string[] =>
  [
    'job-token',
    'api-token',
    ...forms().map((form) => form.get('WebIdentityToken')),
    env['AWS_SECRET_ACCESS_KEY'],
    env['AWS_SESSION_TOKEN'],
  ].filter((one) => typeof one === 'string')

const leaksNothing = (run: Run) => {
  for (const secret of secretsIn(run)) {
    expect(run.said).not.toContain(secret)
    expect(run.seen).not.toContain(secret)
  }
  expect(to()).not.toContain('STRANGER')
}

const gives = (run: Run, role = 'deploy') => {
  expect(run.said).toBe(`bridle: credentials of role ${role}, good for 3600 seconds\n`)
  expect(run.status).toBe(0)
  expect(run.env['AWS_ACCESS_KEY_ID']).toMatch(/^ASIA[A-Z2-7]{16}$/)
  expect(run.env['AWS_SECRET_ACCESS_KEY']).toMatch(/^[A-Za-z0-9+/]{40}$/)
  expect(run.env['AWS_SESSION_TOKEN']).toMatch(/^[\w.-]{100,}$/)
  leaksNothing(run)
}

const refuses = (run: Run, why: string) => {
  expect(run.said).toContain(`bridle: no credentials: ${why}`)
  expect(run.said).toContain('bridle: the job gets no credentials, and does not go on without\n')
  expect(run.status).toBe(1)
  expect(run.env).not.toHaveProperty('AWS_SECRET_ACCESS_KEY')
  leaksNothing(run)
}

/** What a shell has, but for what it counts itself. */
const kept = (text: string) =>
  text
    .split('\n')
    .filter(
      (line) =>
        !/^(_|LINENO|PIPESTATUS|BASH_LINENO|STATUS|RANDOM|SECONDS|SRANDOM|EPOCH\w+|PPID|OPTIND|BASH_\w+)=/.test(
          line,
        ),
    )
    .filter((line) => !/^(FUNCNAME|AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN))=/.test(line))

describe.skipIf(lacks() !== undefined)('the role that the policy names', () => {
  test.each(wrappers)('is entered by OIDC, and %s is left as it was', async (wrapper) => {
    const made = host(declared)
    const run = await made.source(wrapper)
    gives(run)
    expect(kept(run.after)).toEqual(kept(run.before))
    expect(to()).toEqual(['AGENT', 'STS', 'REDACTOR'])
    expect(Object.fromEntries(forms()[0]!)).toMatchObject({
      Action: 'AssumeRoleWithWebIdentity',
      RoleArn: deploy,
      DurationSeconds: '3600',
      RoleSessionName: expect.stringMatching(/^bridle-[0-9a-f-]{36}$/) as unknown,
    })
    expect(JSON.parse(world.heard[2]!.body)).toEqual({
      id: run.env['AWS_ACCESS_KEY_ID'],
      secret: run.env['AWS_SECRET_ACCESS_KEY'],
      token: run.env['AWS_SESSION_TOKEN'],
    })
    expect(world.heard[2]!.headers.get('api-token')).toBe('api-token')
  })

  test.each([
    ['ids', 'deploy', 1],
    ['tags', 'tagged', 2],
    ['tags and a branch', 'branched', 3],
  ])('by a trust of %s', async (_, name, asked) => {
    const made = host({ role: arnOf(name), roles: [arnOf(name)] })
    gives(await made.source(), name)
    expect(forms()).toHaveLength(asked)
  })

  test('by tags alone, where the agent knows no other subject', async () => {
    const made = host({ role: arnOf('tagged'), roles: [arnOf('tagged')] })
    const text = readFileSync(made.at('bin/buildkite-agent'), 'utf8')
    made.put(
      'bin/buildkite-agent',
      text.replace('\n', '\ncase "$*" in *subject-claim*) exit 1 ;; esac\n'),
      0o755,
    )
    gives(await made.source(), 'tagged')
    expect(forms()).toHaveLength(1)
  })

  test('by the aws command, where there is no curl', async () => {
    const made = host({ role: arnOf('tagged'), roles: [arnOf('tagged')] }, { curl: 'none', aws: true })
    gives(await made.source(), 'tagged')
    expect(forms()).toHaveLength(2)
  })

  test.each(wrappers.slice(0, 3))(
    'from the role of the machine, where it trusts no pipeline, in %s',
    async (wrapper) => {
      const made = host({ role: arnOf('chained') })
      gives(await made.source(wrapper), 'chained')
      expect(to()).toEqual(['METADATA', 'METADATA', 'METADATA', 'STS', 'REDACTOR'])
      expect(world.heard[2]!.headers.get('x-aws-ec2-metadata-token')).toBe('pass')
    },
  )

  test.each<[string, Readonly<Record<string, unknown>>, NodeJS.ProcessEnv?]>([
    ['names none', {}],
    ['leaves the choice to the job', { roles: [deploy, arnOf('report')] }],
    ['does not know the pipeline', declared, { BUILDKITE_PIPELINE_ID: ids.queue_id }],
    ['is told of no pipeline', declared, { BUILDKITE_PIPELINE_ID: '' }],
  ])('where it %s, nothing happens', async (_, roles, env = {}) => {
    const run = await host(roles).source(wrappers[turn % 4], { env })
    expect(run).toMatchObject({ status: 0, said: '' })
    expect(run.env).not.toHaveProperty('AWS_ACCESS_KEY_ID')
    expect(kept(run.after)).toEqual(kept(run.before))
    expect(to()).toEqual([])
  })
})

describe.skipIf(lacks() !== undefined)('a job is refused', () => {
  const policyOf = ({ policy }: Host, more: object) => JSON.stringify({ ...policy, ...more })

  test.each<[string, string, (made: Host) => void]>([
    ['no policy', '/var/policy.json is missing', ({ at }) => rmSync(at('var/policy.json'))],
    ['half a policy', 'the files of this host can not be read', ({ put }) => put('var/policy.json', '{')],
    [
      'a policy that jobs can write',
      '/var/policy.json is missing, or in reach',
      ({ at }) => chmodSync(at('var/policy.json'), 0o666),
    ],
    [
      'a policy of another version',
      'the policy of this host is one of another version',
      (made) => made.put('var/policy.json', policyOf(made, { format: 'bridle.gate/2' })),
    ],
    [
      'a policy that has expired',
      'the policy of this host was good until "2020-01-01T00:00:00Z"',
      (made) => made.put('var/policy.json', policyOf(made, { expires_at: '2020-01-01T00:00:00Z' })),
    ],
    [
      'no region',
      '/etc/credentials.json and keeper.json name no region',
      ({ at }) => rmSync(at('etc/credentials.json')),
    ],
    [
      'an endpoint that is not of https',
      '/etc/credentials.json names no endpoint of https',
      ({ put }) => put('etc/credentials.json', '{"region":"eu-west-1","endpoint":"http://example.com"}'),
    ],
    [
      'an endpoint that jobs can write',
      '/etc/credentials.json is in reach of jobs',
      ({ at }) => chmodSync(at('etc/credentials.json'), 0o666),
    ],
    [
      'a program that jobs can write',
      '/lib/credentials is in reach of jobs',
      ({ at }) => chmodSync(at('lib/credentials'), 0o777),
    ],
    ['no agent', 'buildkite-agent is neither in', ({ at }) => rmSync(at('bin/buildkite-agent'))],
    [
      'an agent that jobs can write',
      'buildkite-agent is neither in',
      ({ at }) => chmodSync(at('bin/buildkite-agent'), 0o777),
    ],
    [
      'an agent that gives no token',
      'role deploy is not to be entered by this job: no token: the agent gave none that says who this job is',
      ({ put }) => put('bin/buildkite-agent', '#!/bin/sh\nexit 1\n', 0o755),
    ],
    [
      'an agent that says something else',
      'the agent gave no token that can be read',
      ({ put }) => put('bin/buildkite-agent', '#!/bin/sh\necho "$(id)"\n', 0o755),
    ],
    [
      'an STS that is not there',
      'role deploy is not to be entered by this job: no answer from STS: curl: (7)',
      ({ put }) => put('etc/credentials.json', '{"region":"eu-west-1","endpoint":"http://127.0.0.1:1"}'),
    ],
    [
      'an STS that says nothing of use',
      'role deploy is not to be entered by this job: no answer from STS',
      ({ put }) =>
        put(
          'etc/credentials.json',
          JSON.stringify({ region: 'eu-west-1', endpoint: `${world.url}/elsewhere` }),
        ),
    ],
    [
      'a role that is none',
      'the policy names "deploy", which is no role',
      (made) =>
        made.put(
          'var/policy.json',
          policyOf(made, { pipelines: [{ ...made.policy.pipelines[0], role: 'deploy' }] }),
        ),
    ],
  ])('where there is %s', async (_, why, change) => {
    const made = host(declared)
    change(made)
    const run = await made.source(wrappers[turn % 4])
    expect(run.said).toContain(why)
    refuses(run, '')
    expect(kept(run.after)).toEqual(kept(run.before))
  })

  test('where the hook is there, and nothing else', async () => {
    const made = host(declared)
    rmSync(made.at('lib/take-credentials'))
    expect(await made.source()).toMatchObject({ status: 1 })
  })

  test('whose role trusts somebody else, in the words of STS', async () => {
    refuses(
      await host({ role: arnOf('strangers'), roles: [arnOf('strangers')] }).source(),
      'role strangers is not to be entered by this job: AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\n',
    )
    expect(forms()).toHaveLength(3)
  })

  test('whose role is not there', async () => {
    refuses(
      await host({ role: arnOf('gone'), roles: [arnOf('gone')] }, { curl: 'none', aws: true }).source(),
      'role gone is not to be entered by this job: AccessDenied: An error occurred (AccessDenied)',
    )
  })

  test('where nothing could ask STS', async () => {
    refuses(await host(declared, { curl: 'none' }).source(), 'neither curl nor aws is there')
    refuses(
      await host({ role: arnOf('chained') }, { curl: 'old' }).source(),
      'there is neither a curl that signs (7.75 or later), nor aws',
    )
  })

  test('whose role is entered from the machine’s, where jobs can’t reach it', async () => {
    refuses(
      await host({ role: arnOf('chained') }, { metadata: 'http://127.0.0.1:1' }).source(),
      'role chained is entered from the role of this machine, and jobs can not reach the metadata service here, which is as it should be. Let the role trust the pipeline itself',
    )
  })

  test('where nothing would hide what it is given', async () => {
    const hides = (names: string) =>
      host(declared, { redacts: false }).source(wrappers[0], { env: { BUILDKITE_REDACTED_VARS: names } })
    refuses(await hides('*_TOKEN'), 'the agent does not hide them from the log')
    refuses(await hides('*_ACCESS_KEY'), 'the agent does not hide them from the log')
    gives(await hides('*_ACCESS_KEY,*_TOKEN'))
  })
})

describe.skipIf(lacks() !== undefined)('the plugin', () => {
  const asking = (configuration: unknown, roles: Readonly<Record<string, unknown>> = declared) =>
    host(roles).source(wrappers[turn % 4], {
      hook: 'plugin',
      env: { BUILDKITE_PLUGIN_CONFIGURATION: JSON.stringify(configuration) },
    })
  const twins = { roles: [deploy, arnOf('deploy', '444444444444')] }

  test.each<[string, unknown, Readonly<Record<string, unknown>>, string]>([
    ['by its ARN', { role: arnOf('report') }, declared, 'report'],
    ['by its name', { role: 'report' }, declared, 'report'],
    ['by its ARN, where another has its name', { role: deploy }, twins, 'deploy'],
    ['that the policy names, where it says none', {}, declared, 'deploy'],
    ['that the policy names, where it has no configuration', null, declared, 'deploy'],
  ])('takes a role %s', async (_, configuration, roles, role) => {
    gives(await asking(configuration, roles), role)
  })

  test.each<[string, unknown, Readonly<Record<string, unknown>>, string]>([
    [
      'that is another’s',
      { role: arnOf('tagged') },
      declared,
      'role "arn:aws:iam::333333333333:role/ci/tagged" is none of those that the policy names for this pipeline',
    ],
    [
      'by a name that two have',
      { role: 'deploy' },
      twins,
      'role "deploy" is there in several accounts: name it by its ARN',
    ],
    [
      'of the machine’s',
      { role: arnOf('chained') },
      { role: arnOf('chained') },
      'role "arn:aws:iam::333333333333:role/ci/chained" is none of those',
    ],
    [
      'of the machine’s, unasked',
      {},
      { role: arnOf('chained') },
      'role "arn:aws:iam::333333333333:role/ci/chained" is none of those',
    ],
    ['where there is none to take', {}, {}, 'the policy names no role for this pipeline'],
    ['that is no name', { role: ['deploy'] }, declared, 'role ["deploy"] is none of those'],
    [
      'with lines in its name',
      { role: '\u001b[2J\n::x' },
      declared,
      'role "\\u001b[2J\\n::x" is none of those',
    ],
    ['by no configuration', 'deploy', declared, 'the plugin has a configuration that can not be read'],
  ])('takes none %s', async (_, configuration, roles, why) => {
    refuses(await asking(configuration, roles), why)
    expect(to()).toEqual([])
  })
})

/**
 * What a job can put into the environment or leave on the machine (agent-enforcement, E1 to E10). Whatever makes a shell
 * run code before the hook's first line has won the job, which is the job's anyway: `-p` keeps bash from it, and nothing
 * here could keep a library out that is loaded into the shell itself (E6).
 */
describe.skipIf(lacks() !== undefined)('what a job puts into the environment changes nothing', () => {
  interface Attack {
    readonly env: (made: Host) => NodeJS.ProcessEnv
    readonly in?: readonly (typeof wrappers)[number][]
  }
  const ours = new Set(
    (
      'PATH HOME LC_ALL TZ PWD OLDPWD SHLVL _ BRIDLE_CONFIGURATION BUILDKITE_JOB_ID BUILDKITE_PIPELINE_ID ' +
      'BUILDKITE_AGENT_ENDPOINT BUILDKITE_AGENT_JOB_API_SOCKET BUILDKITE_REDACTED_VARS ' +
      'BUILDKITE_AGENT_ACCESS_TOKEN BUILDKITE_AGENT_JOB_API_TOKEN'
    ).split(' '),
  )
  const all = [...wrappers]
  const safe = all.filter((one) => one !== '/bin/bash')
  const functionsOf = (made: Host, ...names: string[]) =>
    Object.fromEntries(
      names.map((name) => [`BASH_FUNC_${name}%%`, `() { /usr/bin/touch ${made.at('tmp/pwned')}; }`]),
    )
  const evil = (made: Host) => {
    mkdirSync(made.at('tmp/evil'))
    for (const name of [
      'curl',
      'jq',
      'env',
      'timeout',
      'buildkite-agent',
      'date',
      'cut',
      'tr',
      'sh',
      'readlink',
    ])
      made.put(`tmp/evil/${name}`, `#!/bin/sh\n/usr/bin/touch ${made.at('tmp/pwned')}\n`, 0o755, agent)
    return made.at('tmp/evil')
  }

  const attacks: Readonly<Record<string, Attack>> = {
    'E1: a file that bash reads first': {
      in: safe,
      env: (made) => ({
        BASH_ENV: `$(/usr/bin/touch ${made.at('tmp/pwned')})`,
        ENV: made.put('tmp/env.sh', `/usr/bin/touch ${made.at('tmp/pwned')}\n`),
      }),
    },
    'E2, E3: functions in the place of commands': {
      in: safe,
      env: (made) =>
        functionsOf(
          made,
          'exit',
          '[',
          'false',
          'builtin',
          'printf',
          'export',
          'unset',
          'return',
          'set',
          '.',
          'jq',
          'curl',
        ),
    },
    'E4: code in the words that a trace begins with': {
      in: safe,
      env: (made) => ({ SHELLOPTS: 'xtrace:allexport', PS4: `$(/usr/bin/touch ${made.at('tmp/pwned')})` }),
    },
    'E5: other programs of the same names': { env: (made) => ({ PATH: evil(made), IFS: '/:' }) },
    'E6: a library, in whatever the hook starts': {
      env: (made) => ({ LD_LIBRARY_PATH: made.at('tmp'), LD_BIND_NOW: '1', GCONV_PATH: made.at('tmp') }),
    },
    'E7: options of languages': {
      env: () => ({ PYTHONSTARTUP: '/x', NODE_OPTIONS: '--require=/x', PERL5OPT: '-Mx', RUBYOPT: '-rx' }),
    },
    'E8: other endpoints, profiles, proxies': {
      env: () => ({
        ...Object.fromEntries(
          [
            'AWS_ENDPOINT_URL',
            'AWS_ENDPOINT_URL_STS',
            'AWS_EC2_METADATA_SERVICE_ENDPOINT',
            'AWS_CONTAINER_CREDENTIALS_FULL_URI',
            'HTTPS_PROXY',
            'https_proxy',
            'HTTP_PROXY',
            'http_proxy',
            'ALL_PROXY',
            'all_proxy',
          ].map((name) => [name, world.stranger]),
        ),
        AWS_REGION: 'evil',
        AWS_PROFILE: 'evil',
        AWS_ROLE_ARN: arnOf('strangers'),
        AWS_ACCESS_KEY_ID: 'AKIAEVIL',
        BRIDLE_CONFIGURATION: '{"role":"report"}',
        bridle_configuration: '{"role":"report"}',
        bridle_by: 'plugin',
      }),
    },
    'E8: other certificates, and a place for keys': {
      env: (made) => ({
        SSL_CERT_FILE: '/x',
        CURL_CA_BUNDLE: '/x',
        AWS_CA_BUNDLE: '/x',
        SSLKEYLOGFILE: made.at('tmp/keys'),
      }),
    },
    'E9: another home, with files for tools': {
      env: (made) => {
        mkdirSync(made.at('tmp/home'))
        made.put('tmp/home/.curlrc', `proxy = "${world.stranger}"\ntrace-ascii = "${made.at('tmp/pwned')}"\n`)
        return {
          HOME: made.at('tmp/home'),
          CURL_HOME: made.at('tmp/home'),
          XDG_CONFIG_HOME: made.at('tmp/home'),
          TMPDIR: '/x',
        }
      },
    },
    'E10: what an earlier job has left at home': {
      env: (made) => {
        made.put('tmp/.curlrc', `proxy = "${world.stranger}"\n`, 0o644, agent)
        made.put('tmp/.netrc', 'default login evil password evil\n', 0o600, agent)
        made.put(
          'tmp/.jq',
          `def select(f): {role: "${arnOf('strangers')}"}; def any(f; g): true;`,
          0o644,
          agent,
        )
        mkdirSync(made.at('tmp/.aws'))
        made.put('tmp/.aws/config', `[default]\nendpoint_url = ${world.stranger}\n`, 0o644, agent)
        return { JQ_LIBRARY_PATH: made.at('tmp') }
      },
    },
    'what a token is to say': {
      env: () => ({
        BUILDKITE_OIDC_TOKEN_CLAIMS: 'build_id',
        BUILDKITE_OIDC_TOKEN_AWS_SESSION_TAGS: 'build_branch',
        BUILDKITE_OIDC_TOKEN_SUBJECT_CLAIM: 'job_id',
        BUILDKITE_AGENT_DEBUG_HTTP: 'true',
        BUILDKITE_AGENT_DEBUG: 'true',
      }),
    },
  }
  const cases = Object.entries(attacks).flatMap(([name, attack], n) => {
    const [one, another] = attack.in ?? all.slice(n % 3)
    return (deep ? [one, another] : [one]).map((wrapper) => [name, wrapper!, attack] as const)
  })

  test.each(cases)('%s, in %s', async (_, wrapper, attack) => {
    const made = host(declared)
    const run = await made.source(wrapper, { env: attack.env(made) })
    gives({ ...run, said: run.said.replaceAll(/^\/.*: (warning|.*not found|.*No such file).*\n/gm, '') })
    expect(forms().map((form) => form.get('RoleArn'))).toEqual([deploy])
    expect(existsSync(made.at('tmp/pwned'))).toBe(false)
    expect(existsSync(made.at('tmp/keys'))).toBe(false)
    // What the agent's own command and curl were started in: `env` itself is started by the job's shell.
    const inside = run.seen.slice(run.seen.indexOf('called with: oidc'))
    const names = [...inside.matchAll(/^in its environment: (.*)$/gm)].map(([, name]) => name)
    expect(names.filter((name) => !ours.has(name!))).toEqual([])
    expect(names).toContain('HOME')
  })

  test.each([
    ['a job', 'BUILDKITE_JOB_ID', '$(/usr/bin/touch PWNED)', 'the job has no id'],
    ['a job', 'BUILDKITE_JOB_ID', 'x"\nurl = "STRANGER', 'the job has no id'],
    ['a job', 'BUILDKITE_JOB_ID', '', 'the job has no id'],
    ['a token', 'BUILDKITE_AGENT_ACCESS_TOKEN', 'x"\nurl = "STRANGER', ''],
  ])('%s whose %s is code is none: %j', async (_, name, value, why) => {
    const made = host(declared)
    const env = {
      [name]: value.replace('PWNED', made.at('tmp/pwned')).replace('STRANGER', world.stranger),
    }
    const run = await made.source(wrappers[turn % 4], { env })
    expect(existsSync(made.at('tmp/pwned'))).toBe(false)
    expect(to()).not.toContain('STRANGER')
    if (why !== '') refuses(run, why)
  })

  test.each(wrappers)('a trace shows nothing, and goes on, in %s', async (wrapper) => {
    const made = host(declared)
    const run = await made.source(wrapper, { first: 'set -x -u -f' })
    expect(run.status).toBe(0)
    expect(run.said).toContain('bridle: credentials of role deploy, good for 3600 seconds\n')
    leaksNothing({ ...run, said: run.said.slice(0, run.said.indexOf('STATUS=')) })
    expect(/\[\w*x\w*\]/.test(run.after)).toBe(true)
    expect(run.after).toContain('f')
  })

  test('an STS that is told of an attack says no, and no more is said', async () => {
    // A role of another account that trusts nobody here.
    const made = host({
      role: `arn:aws:iam::${account}:role/x+y=z,@-_`,
      roles: [`arn:aws:iam::${account}:role/x+y=z,@-_`],
    })
    refuses(await made.source(), 'role x+y=z,@-_ is not to be entered by this job: AccessDenied')
    expect(forms()[0]!.get('RoleArn')).toBe(`arn:aws:iam::${account}:role/x+y=z,@-_`)
  })
})

test
  .skipIf(spawnSync('shellcheck', ['--version']).error !== undefined)
  .each([
    'src/hook/files/credentials',
    'src/hook/files/take-credentials',
    'src/hook/files/environment',
    'plugin/hooks/environment',
  ])('shellcheck has nothing to say of %s', (file) => {
  const path = new URL(`../../${file}`, import.meta.url).pathname
  expect(spawnSync('shellcheck', ['-o', 'all', '-s', 'sh', path], { encoding: 'utf8' }).stdout).toBe('')
})
