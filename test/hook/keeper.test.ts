import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serve } from '../../src/cli/serve.js'
import { printGate, type GatePayload } from '../../src/model/gate.js'
import { newKey, signerOf } from '../support/policy-key.js'
import { deep } from '../support/law.js'
import { agent, lacks, removeHosts, shells } from './host.js'
import {
  awsServed,
  badServer,
  here,
  job,
  keeperIn,
  parted,
  policyOf,
  region,
  signed,
  signer,
  signing,
  type Aws,
  type Changed,
} from './keeper.js'

let aws: Aws
let turn = 0
beforeAll(async () => {
  aws = await awsServed()
})
afterAll(async () => {
  removeHosts()
  await aws.close()
})

/** A host whose queue has a parameter of its own, and mostly a policy already: number 3. */
const hostOf = (changed: Changed & { readonly endpoint?: string; readonly isNew?: boolean } = {}) => {
  const parameter = aws.parameter()
  const host = keeperIn(shells[(turn += 1) % shells.length]!, parameter, changed.endpoint ?? aws.url, changed)
  if (changed.isNew !== true) {
    host.put('var/policy.json', printGate(policyOf(3)))
    host.put('var/serial.json', JSON.stringify({ queue: here.queue, serial: 3 }))
  }
  const publish = async (policy: GatePayload) => aws.put(parameter, await signed(policy))
  return {
    ...host,
    parameter,
    publish,
    keep: (env = signing(aws), ...argv: string[]) => host.keep(env, ...argv),
  }
}
type Made = ReturnType<typeof hostOf>

/** Whatever went wrong: all is as it was, nothing is left lying about, and the gate goes by what there was. */
const expectKept = async (host: Made, what: RegExp, env?: NodeJS.ProcessEnv) => {
  const had = host.left()
  const { status, line, said, took } = await host.keep(env)
  expect(line?.['what'], said).toMatch(what)
  expect(line).toMatchObject({ keeper: 'bridle/1', did: 'kept' })
  expect(status).toBe(1)
  expect(took).toBeLessThan(15_000)
  expect(host.left()).toEqual(had)
}

const isMissing = lacks() !== undefined

/** What the short run leaves out, for the time that it takes. */
const inDepth = (name: string, does: () => Promise<void>) => {
  if (deep) test.concurrent(name, does)
}

/** Of a table, one in five: each costs a quarter of a second. The deep run takes all. */
const some = <Row>(rows: readonly Row[]): readonly Row[] => (deep ? rows : rows.filter((_, n) => n % 5 === 0))

describe.skipIf(isMissing)('the keeper takes what is in SSM to where the gate reads it', () => {
  test.concurrent.each(shells)('as an instance, under %s', async (shell) => {
    const parameter = aws.parameter()
    await aws.put(parameter, await signed(policyOf(3)))
    const host = keeperIn(shell, parameter, aws.url, { metadata: aws.metadata })
    const first = await host.keep()
    expect(first.line, first.said).toMatchObject({ did: 'written', serial: 3 })
    expect(first.status).toBe(0)
    expect(host.policy()).toBe(printGate(policyOf(3)))
    expect(host.left()).toEqual(['policy.json', 'serial.json'])
    expect((await host.ask(job)).line).toMatchObject({ decision: 'accept', serial: 3 })
    const second = await host.keep()
    expect(second.line, second.said).toMatchObject({ did: 'same', serial: 3 })
    expect(second.status).toBe(0)
  })

  test.concurrent('with the small tools of busybox alone', async () => {
    const host = hostOf({ busybox: true, metadata: aws.metadata })
    await aws.put(host.parameter, ...(await parted(policyOf(4), 2)))
    const { status, line, said } = await host.keep({})
    expect(line, said).toMatchObject({ did: 'written', serial: 4 })
    expect(status).toBe(0)
  })

  test.concurrent('as root without any of root’s powers', async () => {
    const host = hostOf()
    await host.publish(policyOf(4))
    const { stdout } = spawnSync('setpriv', ['--bounding-set=-all', '--inh-caps=-all', 'id', '-u'])
    expect(stdout.toString()).toBe('0\n')
    const wrapped = host.put(
      'lib/bound',
      `#!/bin/sh\nexec setpriv --bounding-set=-all --inh-caps=-all ${host.at('lib/keep-policy')}\n`,
      0o755,
    )
    const { line, said } = await host.run(wrapped, signing(aws))
    expect(line, said).toMatchObject({ did: 'written', serial: 4 })
  })

  test.concurrent('out of several parameters', async () => {
    const host = hostOf()
    await aws.put(host.parameter, ...(await parted(policyOf(4), 3)))
    expect((await host.keep()).line).toMatchObject({ did: 'written', serial: 4 })
    expect(host.policy()).toBe(printGate(policyOf(4)))
  })

  test.concurrent('a second time, where somebody was writing meanwhile', async () => {
    const before = await parted(policyOf(4), 2)
    const after = await parted(policyOf(5), 2)
    let asked = 0
    const server = await serve(async (request) => {
      const { Name } = (await request.json()) as { readonly Name: string }
      asked += 1
      const Value = (asked === 1 ? before : after)[Name.endsWith('/1') ? 1 : 0]
      return Response.json({ Parameter: { Name, Value } })
    })
    const host = hostOf({ endpoint: server.url })
    expect((await host.keep()).line).toMatchObject({ did: 'written', serial: 5 })
    expect(asked).toBe(4)
    await server.close()
  })

  inDepth('a policy of many pipelines, with names of all kinds', async () => {
    const host = hostOf()
    const [one] = policyOf(4).pipelines
    const pipelines = Array.from({ length: 60 }, (_, n) => ({
      ...one!,
      slug: `web-${n}`,
      uuid: `pipeline-${n}`,
      branches: ['main', 'ü"\\\u007f\u2028😀'],
    }))
    const policy = policyOf(4, { pipelines })
    await aws.put(host.parameter, ...(await parted(policy, 6)))
    expect((await host.keep()).line).toMatchObject({ did: 'written' })
    expect(host.policy()).toBe(printGate(policy))
  })

  inDepth('and puts right what was changed there, and whose it is', async () => {
    const host = hostOf({ isNew: true })
    await host.publish(policyOf(4))
    await host.keep()
    for (const change of [
      () => host.put('var/policy.json', `${printGate(policyOf(4))}\n`),
      () => host.put('var/policy.json', '{'),
      () => chmodSync(host.at('var/policy.json'), 0o666),
      () => host.put('var/policy.json', printGate(policyOf(4)), 0o644, agent),
      () => rmSync(host.at('var/policy.json')),
    ]) {
      change()
      expect((await host.keep()).line).toMatchObject({ did: 'written', serial: 4 })
      expect(host.policy()).toBe(printGate(policyOf(4)))
    }
    expect((await host.keep()).line).toMatchObject({ did: 'same' })
  })

  test.concurrent('two at once', async () => {
    const host = hostOf()
    await host.publish(policyOf(4))
    const both = await Promise.all([host.keep(), host.keep()])
    expect(both.map(({ status }) => status)).toEqual([0, 0])
    expect(both.map(({ line }) => line?.['did']).sort()).toEqual(['same', 'written'])
    expect(host.left()).toEqual(['policy.json', 'serial.json'])
  })

  test.concurrent('whatever a job locks', async () => {
    const host = hostOf()
    await host.publish(policyOf(4))
    expect((await host.keep()).status).toBe(0)
    // All that the user of jobs can open there: the folder, and what everybody may read.
    const lock = (path: string) =>
      spawn(
        'setpriv',
        ['--reuid', `${agent}`, '--regid', `${agent}`, '--clear-groups', 'flock', path, 'cat'],
        {
          stdio: ['pipe', 'pipe', 'ignore'],
        },
      )
    const holding = ['var', 'var/policy.json', 'var/serial.json'].map((path) => lock(host.at(path)))
    for (const child of holding) {
      child.stdin.write('held')
      await new Promise((done) => child.stdout.once('data', done))
    }
    const refused = lock(host.at('var/lock'))
    expect(await new Promise((done) => refused.on('exit', done))).not.toBe(0)
    expect((await host.keep()).status).toBe(0)
    for (const child of holding) child.stdin.end()
  })

  test.concurrent('and takes away what one that was killed has left', async () => {
    const host = hostOf()
    await host.publish(policyOf(4))
    host.put('var/policy.json.new.1', 'half')
    expect((await host.keep()).status).toBe(0)
    expect(host.left()).toEqual(['policy.json', 'serial.json'])
  })
})

describe.skipIf(isMissing)('credentials', () => {
  test.concurrent('are in no argument, in no file and in no environment', async () => {
    const host = hostOf()
    await host.publish(policyOf(4))
    rmSync(host.at('tools/curl'))
    host.put(
      'tools/curl',
      `#!/bin/sh\n{ echo "$@"; env; ls /proc/self/fd; } >>${host.at('tmp/seen')}\nexec /usr/bin/curl "$@"\n`,
      0o755,
    )
    host.put('tmp/.curlrc', 'url = "http://127.0.0.1:1"')
    const { line, said } = await host.keep({
      ...signing(aws),
      HOME: host.at('tmp'),
      http_proxy: 'http://127.0.0.1:1',
      CURL_HOME: host.at('tmp'),
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    })
    expect(line, said).toMatchObject({ did: 'written' })
    const seen = readFileSync(host.at('tmp/seen'), 'utf8')
    expect(seen).toContain('-q -s --proto =http')
    for (const secret of Object.values(signing(aws))) {
      expect(seen).not.toContain(secret)
      expect(said).not.toContain(secret)
    }
    expect(seen).not.toContain('proxy=')
  })

  test.concurrent('of a container, by a token in a file', async () => {
    const asked: string[] = []
    const container = await serve((request) => {
      asked.push(`${new URL(request.url).pathname} ${request.headers.get('authorization') ?? ''}`)
      const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } = aws.credentials
      // A user's own keys have no token; whoever asks for a container's always gets one.
      return Promise.resolve(Response.json({ AccessKeyId, SecretAccessKey, Token: 'none' }))
    })
    const host = hostOf({ container: container.url })
    host.put('tmp/token', 'Bearer abc', 0o600)
    await expectKept(host, /UnrecognizedClientException/, { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/x' })
    await expectKept(host, /UnrecognizedClientException/, {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${container.url}/full`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: host.at('tmp/token'),
    })
    expect(asked).toEqual(['/v2/x ', '/full Bearer abc'])
    await container.close()
  })

  test.concurrent.each([
    'http://example.com/',
    'http://169.254.170.2.example.com/',
    'http://127.0.0.1:80@example.com/',
    'file:///etc/passwd',
  ])('of a container are not asked for at %s', async (AWS_CONTAINER_CREDENTIALS_FULL_URI) => {
    await expectKept(hostOf(), /this machine, or over https|address .* is none/, {
      AWS_CONTAINER_CREDENTIALS_FULL_URI,
    })
  })

  test.concurrent('of a web identity', async () => {
    const host = hostOf({ sts: aws.url })
    await host.publish(policyOf(4))
    const { token, role } = aws.webIdentity()
    host.put('tmp/web', token, 0o600)
    const env = { AWS_WEB_IDENTITY_TOKEN_FILE: host.at('tmp/web'), AWS_ROLE_ARN: role }
    const { line, said } = await host.keep(env)
    expect(line, said).toMatchObject({ did: 'written' })
    host.put('tmp/web', `${token}x`, 0o600)
    await expectKept(host, /STS said 400/, env)
  })

  test.concurrent('of version 1 of the metadata service are not asked for', async () => {
    let asked = 0
    const old = await badServer((to) => {
      asked += 1
      to.writeHead(404).end()
    })
    await expectKept(hostOf({ metadata: old.url }), /no credentials: the metadata service said 404/, {})
    expect(asked).toBe(1)
    await old.close()
  })

  inDepth('that are none', async () => {
    await expectKept(hostOf(), /no credentials: the metadata service can not be reached/, {})
    await expectKept(hostOf(), /UnrecognizedClientException/, {
      AWS_ACCESS_KEY_ID: 'AKIANONE',
      AWS_SECRET_ACCESS_KEY: 'none',
    })
    await expectKept(hostOf(), /InvalidSignatureException/, {
      ...signing(aws),
      AWS_SECRET_ACCESS_KEY: 'none',
    })
    await expectKept(hostOf(), /line end in a variable/, { ...signing(aws), AWS_SECRET_ACCESS_KEY: 'a\nb' })
    await expectKept(hostOf(), /can not be read/, { ...signing(aws), AWS_SECRET_ACCESS_KEY: 'a"\\' })
  })

  inDepth('that may not read this parameter', async () => {
    const host = hostOf({ metadata: aws.metadata })
    host.put('etc/keeper.json', JSON.stringify({ parameter: '/other', region, endpoint: aws.url }))
    await expectKept(host, /AccessDeniedException/, {})
  })
})

describe.skipIf(isMissing)('a policy that does not hold changes nothing', () => {
  const other = signerOf(newKey())
  const textOf = (change: (text: string) => string) => async (host: Made) =>
    aws.put(host.parameter, change(await signed(policyOf(4))))
  const policy = (changes: object) => (host: Made) => host.publish({ ...policyOf(4), ...changes })

  test.concurrent.each(
    some<readonly [string, RegExp, (host: Made) => unknown]>([
      ['half a policy', /no signed policy/, textOf((text) => text.slice(0, -9))],
      ['no JSON', /no signed policy/, textOf(() => 'policy')],
      ['a policy with white space', /no signed policy/, textOf((text) => `${text} `)],
      ['a name that is there twice', /no signed policy/, textOf((text) => `{"kid":"x",${text.slice(1)}`)],
      ['one name too many', /no signed policy/, textOf((text) => text.replace(/}$/, ',"more":"x"}'))],
      [
        'a payload that was changed',
        /signature .* not good/,
        textOf((text) => text.replace('web.git', 'evil.git')),
      ],
      [
        'no signature',
        /signature .* not good/,
        textOf((text) => text.replace(/"sig":"[^"]*"/, '"sig":"AAAA"')),
      ],
      [
        'a signature with bits to spare',
        /signature .* not good|no signed/,
        textOf((text) => text.replace(/"}$/, 'A"}')),
      ],
      [
        'a key that is a path',
        /no signed policy/,
        textOf((text) => text.replace(signer.kid, '../'.repeat(14) + 'a')),
      ],
      [
        'the key of somebody else',
        /does not trust/,
        async (host) => aws.put(host.parameter, await signed(policyOf(4), other)),
      ],
      [
        'the name of a key of ours, and the signature of somebody else',
        /signature .* not good/,
        async (host) =>
          aws.put(host.parameter, (await signed(policyOf(4), other)).replace(other.kid, signer.kid)),
      ],
      ['an older number', /number 2, and this host has had 3/, (host) => host.publish(policyOf(2))],
      [
        'the same number for something else',
        /two policies of number 3/,
        (host) => host.publish(policyOf(3, { mode: 'observe' })),
      ],
      [
        'an older number, where the policy is gone',
        /number 2, and this host has had 3/,
        async (host) => {
          rmSync(host.at('var/policy.json'))
          await host.publish(policyOf(2))
        },
      ],
      [
        'an older number, where nobody wrote down the highest',
        /number 2, and this host has had 3/,
        async (host) => {
          rmSync(host.at('var/serial.json'))
          await host.publish(policyOf(2))
        },
      ],
      [
        'numbers that can not be read',
        /keep-policy forget/,
        async (host) => {
          host.put('var/serial.json', '{')
          await host.publish(policyOf(4))
        },
      ],
      ['a policy from tomorrow', /not issued yet/, policy({ issued_at: '2999-01-01T00:00:00Z' })],
      ['a policy that is over', /good until 2026-01-02/, policy({ expires_at: '2026-01-02T00:00:00Z' })],
      [
        'the policy of another queue',
        /policy of queue production\/x/,
        policy({ queue: { key: 'x', uuid: 'q' } }),
      ],
      ['the policy of another cluster', /policy of queue/, policy({ cluster: { name: 'x', uuid: 'c' } })],
      [
        'the policy of another organization',
        /policy of queue/,
        policy({ organization: { slug: 'x', uuid: 'o' } }),
      ],
      ['a policy of another version', /another version/, policy({ format: 'bridle.gate/2' })],
      ['a mode that is no word', /another version/, policy({ mode: { rule: 'job-file' } })],
      ['a number that is none', /can not be read|another version/, policy({ serial: 4.5 })],
      [
        'one part of three',
        /torn: part 1 of the policy is not there/,
        async (host) => aws.put(host.parameter, (await parted(policyOf(4), 3))[0]!),
      ],
      [
        'a part of another',
        /torn/,
        async (host) =>
          aws.put(host.parameter, (await parted(policyOf(4), 2))[0]!, (await parted(policyOf(5), 2))[1]!),
      ],
      [
        'parts that are not what they say',
        /torn/,
        async (host) => {
          const [first = '', second = ''] = await parted(policyOf(4), 2)
          await aws.put(host.parameter, first, second.replace(/"part":"..../, '"part":"AAAA'))
        },
      ],
      [
        'a key that others can change',
        /in reach of others/,
        async (host) => {
          await host.publish(policyOf(4))
          chmodSync(host.at(`etc/policy-keys/${signer.kid}.pem`), 0o666)
        },
      ],
      [
        'keys in a folder that others can change',
        /in reach of others/,
        async (host) => {
          await host.publish(policyOf(4))
          chmodSync(host.at('etc/policy-keys'), 0o1777)
        },
      ],
      [
        'a key that is none',
        /signature .* not good/,
        async (host) => {
          await host.publish(policyOf(4))
          host.put(`etc/policy-keys/${signer.kid}.pem`, 'x')
        },
      ],
    ]),
  )('%s', async (_, what, change) => {
    const host = hostOf()
    await change(host)
    const had = host.policy()
    await expectKept(host, what)
    expect(host.policy()).toBe(had)
  })
})

describe.skipIf(isMissing)('where SSM does not answer well, nothing changes', () => {
  const words = (status: number, body: string | Buffer, headers = {}) =>
    badServer((to) => to.writeHead(status, headers).end(body))

  test.concurrent.each(
    some<readonly [string, RegExp, () => ReturnType<typeof badServer>]>([
      ['never', /did not answer in time|took more than 4/, () => badServer(() => undefined)],
      [
        'by and by',
        /did not answer in time|took more than 4/,
        () => badServer((to) => to.writeHead(200).write('{')),
      ],
      ['with 500', /SSM said 500/, () => words(500, '{"__type":"InternalServerError"}')],
      ['with 403', /SSM said 403$/, () => words(403, '<html>"no"\\</html>')],
      ['with another address', /SSM said 302/, () => words(302, '', { Location: 'http://127.0.0.1:1/' })],
      ['with garbage', /no parameter/, () => words(200, Buffer.from([0, 255, 10, 0, 123, 200]))],
      ['with nothing', /no parameter/, () => words(200, '')],
      [
        'with the parameter of others',
        /no parameter/,
        () => words(200, '{"Parameter":{"Name":"/x","Value":"{}"}}'),
      ],
      ['with very much', /more than 65536 bytes/, () => words(200, 'x'.repeat(1_000_000))],
      [
        'with no end',
        /more than 65536 bytes/,
        () =>
          badServer((to) => {
            to.writeHead(200)
            const more = () => {
              if (!to.destroyed) to.write('{"x":'.repeat(20_000))
            }
            to.on('drain', more)
            more()
          }),
      ],
      [
        'with half an answer',
        /curl ended with 18/,
        () =>
          badServer((to) => {
            to.writeHead(200, { 'Content-Length': '1000' }).write('half', () => to.destroy())
          }),
      ],
      ['with a no that is not its own', /SSM said 404/, () => words(404, '{"__type":"ParameterNotFound"}')],
    ]),
  )('but %s', async (_, what, server) => {
    const it = await server()
    const host = hostOf({ endpoint: it.url, ...(what.source.includes('in time') && { seconds: 4 }) })
    await expectKept(host, what)
    expect((await host.ask(job)).line).toMatchObject({ decision: 'accept', serial: 3 })
    await it.close()
  })

  test.concurrent('nor where there is nobody', async () => {
    await expectKept(hostOf({ endpoint: 'http://127.0.0.1:1' }), /SSM can not be reached: curl ended with 7/)
  })

  test.concurrent('and a host that had none has none: the gate refuses', async () => {
    const host = hostOf({ isNew: true, endpoint: 'http://127.0.0.1:1' })
    await expectKept(host, /can not be reached/)
    expect(host.left()).toEqual([])
    expect((await host.ask(job)).line).toMatchObject({ decision: 'refuse', rule: 'policy' })
  })

  test.concurrent('and all of it takes no longer than it has', async () => {
    const slow = await badServer(() => undefined)
    const host = hostOf({ seconds: 1, metadata: slow.url })
    const { status, line, took } = await host.keep({})
    expect(line).toMatchObject({ did: 'kept' })
    expect(status).toBe(1)
    expect(took).toBeLessThan(10_000)
    expect(host.left()).toEqual(['policy.json', 'serial.json'])
    await slow.close()
  })
})

describe.skipIf(isMissing)('a host that is not as it should be changes nothing', () => {
  test.concurrent.each(
    some<readonly [string, RegExp, (host: Made) => unknown]>([
      [
        'half a word on where the policy is',
        /keeper.json can not be read/,
        ({ put }) => put('etc/keeper.json', '{'),
      ],
      [
        'a word too many on where the policy is',
        /keeper.json can not be read/,
        ({ put, parameter }) => put('etc/keeper.json', JSON.stringify({ parameter, region, more: 'x' })),
      ],
      [
        'a parameter that is none',
        /names no parameter/,
        ({ put }) => put('etc/keeper.json', JSON.stringify({ parameter: '/a"b', region })),
      ],
      [
        'a region that is none',
        /names no region/,
        ({ put, parameter }) =>
          put('etc/keeper.json', JSON.stringify({ parameter, region: 'evil.example/' })),
      ],
      [
        'an endpoint that is none',
        /names no endpoint/,
        ({ put, parameter }) =>
          put('etc/keeper.json', JSON.stringify({ parameter, region, endpoint: 'file:///x' })),
      ],
      [
        'a word of others',
        /keeper.json is missing, or in reach/,
        ({ at }) => chmodSync(at('etc/keeper.json'), 0o666),
      ],
      ['no word on which queue this is', /gate.json is missing/, ({ at }) => rmSync(at('etc/gate.json'))],
      ['half a word on which queue this is', /no policy/, ({ put }) => put('etc/gate.json', '{')],
      [
        'rules of others',
        /decide.jq is missing, or in reach/,
        ({ at }) => chmodSync(at('lib/decide.jq'), 0o666),
      ],
      ['rules that are none', /no policy/, ({ put }) => put('lib/decide.jq', 'def')],
      ['a keeper of others', /keep-policy is missing, or in reach/, ({ at }) => chmodSync(at('lib'), 0o777)],
      ['a folder of others', /var is missing, or in reach/, ({ at }) => chmodSync(at('var'), 0o1777)],
      [
        'a folder for a policy',
        /policy.json is a folder/,
        ({ at }) => {
          rmSync(at('var/policy.json'))
          mkdirSync(at('var/policy.json'))
        },
      ],
      [
        'a link for a folder',
        /var is missing, or in reach/,
        ({ at }) => {
          rmSync(at('var'), { recursive: true })
          mkdirSync(at('real'))
          symlinkSync(at('real'), at('var'))
        },
      ],
    ]),
  )('%s', async (_, what, change) => {
    const host = hostOf()
    await host.publish(policyOf(4))
    change(host)
    await expectKept(host, what)
  })

  test.concurrent.each(['jq', 'openssl', 'curl', 'flock', 'stat'])('without %s', async (tool) => {
    const host = hostOf({ without: [tool] })
    await host.publish(policyOf(4))
    await expectKept(
      host,
      tool === 'curl' ? /no curl that signs, and no aws/ : new RegExp(`${tool} is missing`),
    )
  })

  test.concurrent('without timeout', async () => {
    await expectKept(hostOf({ without: ['timeout'] }), /it ended with 127/)
  })

  test.concurrent('as somebody else than root', async () => {
    const host = hostOf()
    const wrapped = host.put(
      'lib/nobody',
      `#!/bin/sh\nexec setpriv --reuid ${agent} --clear-groups ${host.at('lib/keep-policy')}\n`,
      0o755,
    )
    expect((await host.run(wrapped, signing(aws))).line).toMatchObject({ what: 'it is not run by root' })
  })

  // No room for the policy; none for its number.
  test.concurrent.each(['8k', '12k'])('with a disk of %s, which is full', async (size) => {
    const host = hostOf()
    await host.publish(policyOf(4))
    const mounted = spawnSync('mount', [
      '-t',
      'tmpfs',
      '-o',
      `size=${size},mode=755`,
      'tmpfs',
      host.at('var'),
    ])
    if (mounted.status !== 0) return // not every container may mount something
    try {
      host.put('var/policy.json', printGate(policyOf(3)))
      host.put('var/serial.json', JSON.stringify({ queue: here.queue, serial: 3 }))
      await expectKept(host, /can not be written to/)
      expect(host.policy()).toBe(printGate(policyOf(3)))
      expect((await host.ask(job)).line).toMatchObject({ decision: 'accept', serial: 3 })
    } finally {
      spawnSync('umount', [host.at('var')])
    }
  })
})

describe.skipIf(isMissing)('a parameter that is deleted', () => {
  test.concurrent(
    'takes the policy with it, and no older one comes back until the host is told to forget',
    async () => {
      const host = hostOf({ isNew: true })
      await host.publish(policyOf(3))
      await host.keep()
      await aws.remove(host.parameter)
      const gone = await host.keep()
      expect(gone.line, gone.said).toMatchObject({ did: 'removed' })
      expect(gone.line?.['what']).toMatch(/ParameterNotFound/)
      expect(gone.status).toBe(1)
      expect(host.left()).toEqual(['serial.json'])
      expect((await host.ask(job)).line).toMatchObject({ decision: 'refuse', rule: 'policy' })
      await host.publish(policyOf(1))
      await expectKept(host, /number 1, and this host has had 3/)
      expect((await host.keep(signing(aws), 'forget')).line).toMatchObject({ did: 'written', serial: 1 })
      expect((await host.keep()).line).toMatchObject({ did: 'same', serial: 1 })
    },
  )
})

describe.skipIf(isMissing)('again and again', () => {
  test.concurrent('until it is told to stop: then at once, whatever it waits for', async () => {
    const slow = await badServer(() => undefined)
    const host = hostOf({ endpoint: slow.url, isNew: true })
    const asking = new Promise<void>((done) => slow.server.once('request', () => done()))
    const child = host.started(signing(aws), ['every', '60'])
    await asking
    const begun = performance.now()
    child.kill('SIGTERM')
    expect(await new Promise((done) => child.on('exit', done))).toBe(143)
    expect(performance.now() - begun).toBeLessThan(5_000)
    expect(host.left()).toEqual([])
    await slow.close()
  })

  test.concurrent('it asks anew', async () => {
    const host = hostOf({ isNew: true })
    await host.publish(policyOf(3))
    const child = host.started(signing(aws), ['every', '1'])
    const lines: unknown[] = []
    await new Promise<void>((done) => {
      child.stdout.on('data', (data: Buffer) => {
        lines.push(...data.toString().trim().split('\n'))
        if (lines.length >= 2) done()
      })
    })
    child.kill('SIGTERM')
    expect(lines.map((line) => (JSON.parse(String(line)) as { did: string }).did).slice(0, 2)).toEqual([
      'written',
      'same',
    ])
    expect(await new Promise((done) => child.on('exit', done))).toBe(143)
  })

  test.concurrent.each(['every', 'every 0', 'every 1m', 'often'])(
    'words that mean nothing do nothing: %s',
    async (words) => {
      const { status, said } = await hostOf().keep(signing(aws), ...words.split(' '))
      expect(status).toBe(2)
      expect(said).toMatch(/^use: keep-policy/)
    },
  )
})

const home = process.env['HOME'] ?? '/root'
describe.skipIf(isMissing || spawnSync('aws', ['--version']).error !== undefined)('the aws command', () => {
  test.concurrent('asks where there is no curl that signs', async () => {
    const host = hostOf({ without: ['curl'], isNew: true })
    const env = [`HOME=${home}`, `PATH=${process.env['PATH'] ?? ''}`, 'AWS_EC2_METADATA_DISABLED=true']
    host.put('tools/aws', `#!/bin/sh\nexec /usr/bin/env ${env.join(' ')} aws "$@"\n`, 0o755)
    host.put('tools/curl', '#!/bin/sh\necho "     --anyauth"\n', 0o755)
    await host.publish(policyOf(4))
    const { line, said } = await host.keep()
    expect(line, said).toMatchObject({ did: 'written', serial: 4 })
    await aws.remove(host.parameter)
    expect((await host.keep()).line).toMatchObject({ did: 'removed' })
    await expectKept(host, /the aws command could not tell/, {})
  })
})

test.skipIf(spawnSync('shellcheck', ['--version']).error !== undefined)(
  'shellcheck has nothing to say',
  () => {
    const keeper = new URL('../../src/hook/files/keep-policy', import.meta.url).pathname
    expect(spawnSync('shellcheck', ['-o', 'all', '-s', 'sh', keeper], { encoding: 'utf8' }).stdout).toBe('')
  },
)

test.skipIf(!existsSync('/usr/bin/systemd-analyze'))('systemd has nothing to say of the units', () => {
  const host = hostOf()
  const units = ['bridle-policy.service', 'bridle-policy.timer'].map((name) =>
    host.put(
      `tmp/${name}`,
      readFileSync(new URL(`../../src/hook/files/${name}`, import.meta.url), 'utf8').replace(
        '/usr/lib/bridle/keep-policy',
        '/bin/true',
      ),
    ),
  )
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...units], { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(status).toBe(0)
})
