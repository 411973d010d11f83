import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { serve } from '../../src/cli/serve.js'
import { actAsInstance } from '../../src/sandbox/aws/act.js'
import { addRole, newAccounts } from '../../src/sandbox/aws/seed.js'
import { sandbox, type Sandbox } from '../../src/sandbox/index.js'
import { insert } from '../../src/sandbox/state.js'
import { oidcToken } from '../../src/sandbox/world/oidc.js'
import { stopped } from '../sandbox/acme.js'
import { running } from '../sandbox/aws/job.js'
import { uuidOf } from '../sandbox/running.js'
import { agent, hostIn, type Shell } from './host.js'

/** Shells that a hook is sourced in: the one that its own first line names, and those of `hooks-shell`. */
export const wrappers = ['/bin/bash -p', '/bin/bash', '/bin/dash', '/usr/bin/busybox sh'] as const
export type WrapperShell = (typeof wrappers)[number]

export const account = '333333333333'
const other = '444444444444'
const now = '2026-11-02T09:00:00.000Z'

const { state, job } = running()
export const ids = {
  organization_id: uuidOf(state, 'organizations', 'acme'),
  cluster_id: uuidOf(state, 'clusters', 'production'),
  pipeline_id: uuidOf(state, 'pipelines', 'web-deploy'),
  queue_id: uuidOf(state, 'queues', 'deploy'),
}

export const arnOf = (name: string, of = account) => `arn:aws:iam::${of}:role/ci/${name}`

type Conditions = Readonly<Record<string, unknown>>
const trusting = (of: string, conditions: Conditions, Action: unknown = 'sts:AssumeRoleWithWebIdentity') => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::${of}:oidc-provider/agent.buildkite.com` },
      Action,
      Condition: conditions,
    },
  ],
})

const exact = (pipeline = ids.pipeline_id): Conditions => ({
  StringEquals: {
    'agent.buildkite.com:aud': 'sts.amazonaws.com',
    'agent.buildkite.com:sub': ids.queue_id,
    'agent.buildkite.com:organization_id': ids.organization_id,
    'agent.buildkite.com:cluster_id': ids.cluster_id,
    'agent.buildkite.com:pipeline_id': pipeline,
  },
})

const tagged = (more: Readonly<Record<string, string>> = {}): Conditions => {
  const tags = { ...ids, ...more }
  return {
    StringEquals: {
      'agent.buildkite.com:aud': 'sts.amazonaws.com',
      ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    },
    StringLike: { 'agent.buildkite.com:sub': 'organization:acme:*' },
    'ForAllValues:StringEquals': { 'aws:TagKeys': Object.keys(tags).sort() },
  }
}
const withTags = ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession']

const ec2 = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
}

/** Roles as `bridle` compiles their trust, and some that trust somebody else. */
const world = (): Sandbox => {
  const made = sandbox({ state, clock: stopped() })
  const at = { createdAt: now, createdBy: null }
  newAccounts(made.state, [
    { id: account, name: 'prod' },
    { id: other, name: 'test' },
  ])
  for (const of of [account, other])
    insert(made.state, 'awsProviders', at, {
      account: of,
      key: `${of}/agent.buildkite.com`,
      url: 'agent.buildkite.com',
      clientIds: ['sts.amazonaws.com'],
      thumbprints: [],
      tags: [],
    })
  const role = (name: string, trust: unknown, of = account, more = {}) =>
    addRole(made.state, { account: of, path: '/ci/', name, trust, ...more })
  role('deploy', trusting(account, exact()))
  role('report', trusting(account, exact()))
  role('deploy', trusting(other, exact()), other)
  role('tagged', trusting(account, tagged(), withTags))
  role('branched', trusting(account, tagged({ build_branch: 'main' }), withTags))
  role('strangers', trusting(account, exact(ids.queue_id)))
  const machine = role('machine', ec2, account, {
    inline: {
      chain: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: arnOf('chained') }],
      },
    },
  })
  insert(made.state, 'awsProfiles', at, {
    account,
    key: `${account}/machine`,
    name: 'machine',
    path: '/',
    id: 'AIPA',
    holds: machine.uuid,
    tags: [],
  })
  role('chained', {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: arnOf('machine') }, Action: 'sts:AssumeRole' }],
  })
  return made
}

/** What came to the ear of whoever stands behind the socket. */
export interface Heard {
  /** To `AGENT`, `REDACTOR`, `METADATA`, `STS`, or to a `STRANGER`, where nothing of ours should go. */
  readonly to: string
  readonly body: string
  readonly headers: Headers
}

/** A Buildkite, an AWS and a metadata service behind one socket, and an attacker's server. */
export const standIn = async () => {
  const heard: Heard[] = []
  let made = world()
  const says = (text: string, status = 200) => new Response(text, { status })

  /** `oidc request-token --claim a,b` as a request for a token. */
  const tokenFor = (argv: readonly string[]) => {
    const after = (flag: string) => argv[argv.indexOf(flag) + 1] ?? ''
    const list = (flag: string) => (argv.includes(flag) ? after(flag).split(',') : [])
    return oidcToken(
      made.state,
      after('--job'),
      {
        audience: after('--audience'),
        ...(argv.includes('--subject-claim') && { subjectClaim: after('--subject-claim') }),
        claims: list('--claim'),
        awsSessionTags: list('--aws-session-tag'),
      },
      now,
    )
  }

  const instance = (path: string) => {
    if (path === '/latest/api/token') return says('pass')
    const [, name] = /^\/latest\/meta-data\/iam\/security-credentials\/(.*)$/.exec(path) ?? []
    if (name === '') return says('machine')
    const done = actAsInstance(made.state, { now }, arnOf('machine'), 'i-0123456789abcdef0')
    if ('refused' in done) return says(done.refused, 404)
    const { Credentials } = done.result as { Credentials: Readonly<Record<string, string>> }
    return says(
      JSON.stringify({
        AccessKeyId: Credentials['AccessKeyId'],
        SecretAccessKey: Credentials['SecretAccessKey'],
        Token: Credentials['SessionToken'],
      }),
    )
  }

  const answer = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url)
    const body = await request.clone().text()
    const hear = (to: string) => void heard.push({ to, body, headers: request.headers })
    if (pathname === '/agent/token') {
      hear('AGENT')
      const token = tokenFor(body.split('\n'))
      return 'refused' in token ? says(token.refused, 422) : says(token.token)
    }
    if (pathname === '/agent/redact') {
      hear('REDACTOR')
      return says('')
    }
    if (pathname.startsWith('/latest/')) {
      hear('METADATA')
      return instance(pathname)
    }
    hear('STS')
    return made.fetch(request)
  }

  const served = await serve(answer)
  const strange = await serve(async (request) => {
    heard.push({ to: 'STRANGER', body: await request.text(), headers: request.headers })
    return says('HTTP/1.1 200 OK')
  })
  return {
    url: served.url,
    stranger: strange.url,
    heard,
    /** All is as it was in the beginning. */
    anew: () => {
      heard.length = 0
      made = world()
    },
    end: () => Promise.all([served.close(), strange.close()]),
  }
}
export type StandIn = Awaited<ReturnType<typeof standIn>>

const text = (name: string) => readFileSync(new URL(`../../src/hook/files/${name}`, import.meta.url), 'utf8')
const plugin = readFileSync(new URL('../../plugin/hooks/environment', import.meta.url), 'utf8')

/** Writes down what a tool is called with and in what environment, and the arguments of all else that this user runs. */
const seen = (to: string) => `{
  printf 'called with: %s\\n' "$*"
  /usr/bin/env | /usr/bin/sed 's/^\\([^=]*\\)=.*/in its environment: \\1/'
  running=
  for one in /proc/[0-9]*; do if [ -O "$one" ]; then running="$running $one/cmdline"; fi; done
  /usr/bin/cat $running | /usr/bin/tr '\\0' ' '
  echo
} >>${to} 2>/dev/null`

/** An agent that gets its tokens from the sandbox, and hides what it is told to. */
const agentOf = (url: string, to: string, redacts: boolean) => `#!/bin/sh
${seen(to)}
case "$1 $2" in
  'oidc request-token')
    printf '%s\\n' "$@" | /usr/bin/curl -q -s -f --noproxy '*' --data-binary @- \\
      -H "job-token: $BUILDKITE_AGENT_ACCESS_TOKEN" "${url}/agent/token" ;;
  'redactor add')
    ${redacts ? `/usr/bin/curl -q -s --noproxy '*' --data-binary @- -H "api-token: $BUILDKITE_AGENT_JOB_API_TOKEN" "${url}/agent/redact"` : 'exit 1'} ;;
  *) exit 1 ;;
esac
`

/** A tool that is watched. */
const watched = (to: string, real: string) => `#!/bin/sh
${seen(to)}
exec ${real} "$@"
`

/** An `aws` that knows two commands, and asks what it is told to on its input. */
const awsOf = (to: string, url: string) => `#!/bin/sh
${seen(to)}
given="$(cat)"
field() { printf '%s' "$given" | /usr/bin/jq -r ".$1"; }
form="Version=2011-06-15&RoleArn=$(field RoleArn)&RoleSessionName=$(field RoleSessionName)"
case "$2" in
  assume-role-with-web-identity) form="Action=AssumeRoleWithWebIdentity&WebIdentityToken=$(field WebIdentityToken)&$form" ;;
  *) form="Action=None&$form" ;;
esac
answer="$(/usr/bin/curl -q -s --noproxy '*' --data "$form" "${url}/")"
one() { printf '%s' "$answer" | sed -n "s|.*<$1>\\(.*\\)</$1>.*|\\1|p"; }
case "$answer" in
  *'<Code>'*) echo "An error occurred ($(one Code)) when calling an operation: $(one Message)" >&2; exit 254 ;;
esac
echo 'a warning' >&2
printf '%s\\t%s\\t%s\\n' "$(one AccessKeyId)" "$(one SecretAccessKey)" "$(one SessionToken)"
`

export interface Run {
  readonly status: number | null
  readonly said: string
  /** What a later phase of the job finds. */
  readonly env: Readonly<Record<string, string>>
  /** Names of variables and functions, traps, options and the like, before and after. */
  readonly before: string
  readonly after: string
  /** All arguments of all processes whenever a tool was run. */
  readonly seen: string
}

interface HostOf {
  readonly shell?: Shell | undefined
  readonly redacts?: boolean
  /** Which of the two tools that can ask STS there are. `old` curl does not know how to sign. */
  readonly curl?: 'new' | 'old' | 'none'
  readonly aws?: boolean
  /** Where the metadata service is, where that is not the sandbox's. */
  readonly metadata?: string
}

/** A host with the hook on it, whose policy lets the pipeline in with such roles. */
export const hostWith = (
  { url }: StandIn,
  roles: Readonly<Record<string, unknown>>,
  { shell, redacts = true, curl = 'new', aws = false, metadata = url }: HostOf = {},
) => {
  const host = hostIn(shell)
  const { at, put } = host
  const moved = (script: string) =>
    host
      .moved(script)
      .replaceAll('/usr/bin/curl', at('bin/curl'))
      .replaceAll('/usr/bin/aws', at('bin/aws'))
      .replaceAll('/usr/local/bin/aws', at('bin/no-aws'))
      .replaceAll('/usr/bin/env', at('bin/env'))
      .replaceAll('/usr/bin/buildkite-agent', at('bin/no-agent'))
      .replaceAll('http://169.254.169.254', metadata)
  put('lib/credentials', moved(text('credentials')), 0o755)
  put('lib/take-credentials', moved(text('take-credentials')))
  put('hooks/environment', moved(text('environment')), 0o755)
  put('hooks/plugin', moved(plugin), 0o755)
  const record = put('tmp/seen', '', 0o600, agent)
  put('bin/buildkite-agent', agentOf(url, record, redacts), 0o755)
  put('bin/env', watched(record, '/usr/bin/env'), 0o755)
  const real = watched(record, '/usr/bin/curl')
  if (curl !== 'none')
    put(
      'bin/curl',
      curl === 'new' ? real : real.replace('exec', 'case "$*" in *sigv4*) exit 2 ;; esac\nexec'),
      0o755,
    )
  if (aws) put('bin/aws', awsOf(record, url), 0o755)
  put('etc/credentials.json', JSON.stringify({ region: 'eu-west-1', endpoint: url }))
  const policy = {
    format: 'bridle.gate/1',
    pipelines: [{ slug: 'web-deploy', uuid: ids.pipeline_id, repository: 'r', ...roles }],
  }
  put('var/policy.json', JSON.stringify(policy))

  /** Sources the hook as an agent does, in a shell like that, in an environment that the job has had its hand in. */
  const source = async (
    wrapper: WrapperShell = wrappers[0],
    {
      env = {},
      hook = 'environment',
      first = '',
    }: { env?: NodeJS.ProcessEnv; hook?: string; first?: string } = {},
  ): Promise<Run> => {
    const state = (to: string) =>
      `{ set; echo "[$-]"; trap; umask; pwd; } >${at(`tmp/${to}`)} 2>&1; /usr/bin/env -0 >${at(`tmp/${to}-env`)}`
    put(
      'tmp/wrapper',
      `#!${wrapper}\n${first}\n${state('before')}\n. "${at(`hooks/${hook}`)}"\nSTATUS=$?\n${state('after')}\nexit $STATUS\n`,
      0o755,
    )
    for (const name of ['before', 'after', 'before-env', 'after-env']) put(`tmp/${name}`, '', 0o600, agent)
    const child = spawn(
      '/usr/bin/setpriv',
      [
        '--reuid',
        `${agent}`,
        '--regid',
        `${agent}`,
        '--clear-groups',
        '--no-new-privs',
        ...wrapper.split(' '),
        at('tmp/wrapper'),
      ],
      {
        env: {
          PATH: '/usr/bin:/bin',
          HOME: at('tmp'),
          BUILDKITE: 'true',
          BUILDKITE_JOB_ID: job,
          BUILDKITE_PIPELINE_ID: ids.pipeline_id,
          BUILDKITE_AGENT_ACCESS_TOKEN: 'job-token',
          BUILDKITE_AGENT_ENDPOINT: 'http://127.0.0.1:1',
          BUILDKITE_AGENT_JOB_API_SOCKET: '/nonexistent/socket',
          BUILDKITE_AGENT_JOB_API_TOKEN: 'api-token',
          BUILDKITE_REDACTED_VARS: '*_PASSWORD,*_SECRET,*_TOKEN,*_PRIVATE_KEY,*_ACCESS_KEY',
          ...env,
        },
        cwd: at('tmp'),
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    let said = ''
    child.stdout.on('data', (data: Buffer) => (said += data.toString()))
    child.stderr.on('data', (data: Buffer) => (said += data.toString()))
    const status = await new Promise<number | null>((done, failed) =>
      child.on('close', done).on('error', failed),
    )
    const read = (name: string) => readFileSync(at(`tmp/${name}`), 'utf8')
    return {
      status,
      said,
      seen: read('seen'),
      env: Object.fromEntries(
        read('after-env')
          .split('\0')
          .filter((one) => one.includes('='))
          .map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
      ),
      before: read('before'),
      after: read('after'),
    }
  }
  return { ...host, policy, source }
}
