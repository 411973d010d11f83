import { describe, expect, test } from 'vitest'
import { toContain } from '../../src/cli/connection-to-contain.js'
import { daysIn } from '../../src/cli/duration.js'
import { identityIn } from '../../src/cli/identities.js'
import { run, worldOf } from '../support/world.js'

const declaration = 'organization: acme\nteams: { web: {} }\n'
const files = { 'bridle.yaml': declaration }
const id = '01234567-89ab-cdef-0123-456789abcdef'

describe('a length of time', () => {
  test.each([
    ['1d', 1],
    ['30d', 30],
    ['2w', 14],
    ['3650d', 3650],
  ])('%s is %i days', (text, days) => expect(daysIn(text)).toBe(days))

  test.each(['', '30', 'd', '0d', '-1d', '1.5d', '30 d', '30D', '1m', '3651d', '9999w', '1d1d', '٣d'])(
    '%j is none',
    (text) => expect(daysIn(text)).toBe(undefined),
  )

  test.each([
    ['drift', '--created-within', 'soon'],
    ['access', 'who', 'queue:a/b', '--observed', '1y'],
  ])('one that is none ends with 2: %s', async (...argv) => {
    const { code, stderr } = await run(argv, { files })
    expect(code).toBe(2)
    expect(stderr).toContain('is no length of time: write days as 30d, or weeks as 2w')
  })
})

describe('an identity', () => {
  test.each([
    [`cluster:production=${id}`, ['cluster:production', id]],
    [`pipeline:a=b=${id.toUpperCase()}`, ['pipeline:a=b', id]],
  ])('%s is a name and a UUID', (text, identity) => expect(identityIn(text)).toEqual(identity))

  test.each(['', id, `=${id}`, 'cluster:production', 'cluster:production=', `cluster:production=${id}0`])(
    '%j is none',
    (text) => expect(identityIn(text)).toBe(undefined),
  )

  test('may be given more than once, and an argument may follow', async () => {
    const argv = ['apply', '--accept-identity', `a=${id}`, '--accept-identity', `b=${id}`, 'plan.json']
    const { stderr } = await run(argv, { files })
    expect(stderr).toContain('there is no file plan.json')
  })
})

describe('what is judged', () => {
  test('is one thing: files, a snapshot, a plan or the organization', async () => {
    for (const other of ['--snapshot', '--plan']) {
      const { code, stderr } = await run(['access', 'check', '--offline', other, 'x.json'], { files })
      expect(code).toBe(2)
      expect(stderr).toContain('exclude each other')
    }
  })

  test.each([
    ['--snapshot', 'bridle access snapshot --out FILE'],
    ['--plan', 'bridle plan --out FILE'],
  ])('in a file that is not there ends with 2, and says what would write it: %s', async (flag, command) => {
    const { code, stderr } = await run(['access', 'check', flag, 'gone.json'], { files })
    expect(code).toBe(2)
    expect(stderr).toContain('there is no file gone.json')
    expect(stderr).toContain(command)
  })

  test.each([['--offline'], ['--snapshot', 'bridle.yaml']])(
    'needs no token where nobody is asked: %s',
    async (...flags) => {
      const fetch = () => Promise.reject(new Error('somebody was asked'))
      const { output } = await run(['access', 'check', ...flags], { files, fetch })
      expect(output).not.toMatch(/no-token|somebody was asked|bug/)
    },
  )

  test('without a token is no verdict', async () => {
    const { code, stdout } = await run(['access', 'check'], { files })
    expect(code).toBe(4)
    expect(stdout).not.toMatch(/closed|privileged queue/)
  })

  test('without a file is no verdict', async () => {
    const { code, stdout } = await run(['access', 'check', '--offline'])
    expect({ code, stdout }).toEqual({ code: 3, stdout: expect.stringContaining('error[file-missing]') })
  })
})

test.each([
  ['who', 'production'],
  ['why', 'team:web', 'production'],
  ['why', 'web', 'queue:production/deploy'],
  ['what', 'Team'],
])('what is no address ends with 2: access %s %s %s', async (...words) => {
  const { code, stderr } = await run(['access', ...words, '--offline'], { files })
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/is (no address|nobody)/) })
})

describe('the list of all paths', () => {
  test.each(['text', 'json', 'markdown', 'sarif'])(
    'needs neither files nor a token, as %s',
    async (format) => {
      const { code, stdout } = await run(['access', 'check', '--list', '--format', format])
      expect(code).toBe(0)
      for (const slug of ['default-cluster', 'fork-builds', 'bridle-itself']) expect(stdout).toContain(slug)
      expect(stdout).not.toContain('There is no privileged queue')
    },
  )

  test('is no test', async () => {
    const { code, stderr } = await run(['access', 'check', '--list', '--format', 'junit'])
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('a list is no test') })
  })
})

describe('a command that an answer names', () => {
  const broken = `
organization: acme
trust: { admins: [root@acme.test], automation: bridle@acme.test }
teams: { web: { members: { ada@acme.test: member } }, release: { members: { eve@acme.test: member } } }
clusters: { production: { allow: { teams: [release] }, queues: { deploy: {} } } }
pipelines:
  deploy: { cluster: production, repository: "git@github.com:acme/web.git" }
expect: [{ who: team:web, cannot: run, on: queue:production/deploy }]
`

  test.each([
    [['--offline', '-f', 'acme/my acme.yaml'], "--file 'acme/my acme.yaml' --offline"],
    [['--sandbox', '-f', 'acme/my acme.yaml'], "--file 'acme/my acme.yaml' --sandbox"],
    [['--sandbox', 's.json', '-f', 'acme/my acme.yaml'], "--file 'acme/my acme.yaml' --sandbox s.json"],
    [
      ['--snapshot', 'monday.json', '-f', 'acme/my acme.yaml'],
      "--file 'acme/my acme.yaml' --snapshot monday.json",
    ],
  ])('is asked on the same ground: %j', async (flags, asked) => {
    const world = worldOf({ files: { 'acme/my acme.yaml': broken } })
    const file = ['-f', 'acme/my acme.yaml']
    const on = flags[0] === '--sandbox' ? flags : ['--sandbox', ...file]
    await world.run('apply', '--yes', '--allow-widening', ...on)
    await world.run('access', 'snapshot', '--sandbox', '--out', 'monday.json', ...file)
    const { stdout } = await world.run('access', 'check', ...flags)
    expect(stdout).toContain(`\`bridle access why team:web queue:production/deploy ${asked}\` shows where`)
    if (flags[0] === '--offline') expect(stdout).toContain(`\n  bridle access check --suggest ${asked}  #`)
  })
})

describe('what can not be asked ends with 2, and says what can', () => {
  test.each([
    [['who', 'user:ada@acme.test'], 'name a queue, role, cluster, pipeline or team'],
    [['who', 'repository:github.com/acme/web'], 'name a queue, role, cluster, pipeline or team'],
    [['what', 'queue:production/deploy'], 'name a user, team, pipeline, repository or role, or outsider'],
    [['why', 'queue:production/deploy', 'team:web'], '`bridle access why team:web queue:production/deploy`?'],
    [['why', 'team:web', 'user:ada@acme.test'], '`bridle access why user:ada@acme.test team:web`?'],
  ])('%j', async (words, fix) => {
    const { code, stdout, stderr } = await run(['access', ...words, '--offline'], { files })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(fix)
  })
})

describe('a name that nothing has', () => {
  const people = {
    'bridle.yaml': 'organization: acme\nteams: { web: { members: { ada@acme.test: member } } }\n',
  }

  test.each([
    [['what', 'team:webs'], 'did you mean team:web?'],
    [['who', 'team:webs'], 'did you mean team:web?'],
    [['why', 'team:webs', 'team:web'], 'did you mean team:web?'],
    [['why', 'user:ada@acme.test', 'team:webs'], 'did you mean team:web?'],
    [['what', 'user:eda@acme.test'], 'did you mean user:ada@acme.test?'],
    [['what', 'pipeline:nothing-like-it'], 'look at the spelling'],
  ])('is not answered about: %j', async (words, fix) => {
    const { code, stdout } = await run(['access', ...words, '--offline'], { files: people })
    expect({ code, stdout }).toEqual({ code: 3, stdout: expect.stringContaining(fix) })
    expect(stdout.split('\n')[0]).toMatch(/^error\[nothing-there]/)
  })

  test('is not a matter of how an email is written', async () => {
    const asked = (email: string) => run(['access', 'what', `user:${email}`, '--offline'], { files: people })
    expect(await asked('ADA@acme.test')).toEqual(await asked('ada@acme.test'))
    expect((await asked('ADA@acme.test')).code).toBe(0)
  })
})

describe('a snapshot', () => {
  test('is written, and judged without a token', async () => {
    const world = worldOf({ files })
    await world.run('apply', '--sandbox', '--yes')
    const taken = await world.run('access', 'snapshot', '--sandbox', '--out', 'monday.json')
    expect(taken.code, taken.output).toBe(0)
    expect(taken.stderr).toContain('`bridle access check --snapshot monday.json` judges exactly this')
    const { code, stdout } = await world.run('access', 'check', '--snapshot', 'monday.json')
    expect(code).toBe(0)
    expect(stdout.split('\n')[0]).toContain('On a snapshot that was read 2026-11-02')
  })

  test('is never overwritten, and nobody is asked for one that could not be kept', async () => {
    const world = worldOf({ files: { ...files, 'monday.json': 'a witness' } })
    const { code, stdout, stderr } = await world.run('access', 'snapshot', '--out', 'monday.json')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('a snapshot is never overwritten')
    expect(world.files['monday.json']).toBe('a witness')
  })

  test('is not written where the organization could not be read', async () => {
    const world = worldOf({ files })
    expect((await world.run('access', 'snapshot', '--out', 'monday.json')).code).toBe(4)
    expect(world.files['monday.json']).toBe(undefined)
  })
})

describe('contain', () => {
  test('takes a queue, and nothing else', async () => {
    const { code, stderr } = await run(['contain', 'cluster:production'], { files })
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('is no queue') })
  })

  test('has a conversation that refuses every call but a pause', async () => {
    const sent: string[] = []
    const { writer } = toContain({
      fetch: (_url, init) => {
        sent.push(typeof init.body === 'string' ? init.body : '')
        return Promise.reject(new TypeError('fetch failed'))
      },
      clock: { now: () => 0, sleep: () => Promise.resolve() },
      random: () => 0.5,
      token: 'sandbox',
      organization: 'acme',
      graphqlUrl: 'http://127.0.0.1:1/v1',
      restUrl: 'http://127.0.0.1:1',
      userAgent: 'test',
    })
    const send = (operation: string) =>
      writer.send({ via: 'graphql', operation, input: { id: 'x' }, repeatable: false }, 'queue:a/b')
    for (const operation of ['QueueResume', 'QueueDelete', 'QueueUpdate', 'TeamDelete', 'ClusterUpdate'])
      await expect(send(operation)).rejects.toThrow(`this writer may not send ${operation}`)
    const rest = {
      via: 'rest',
      method: 'PATCH',
      path: ['clusters', 'x'],
      body: {},
      repeatable: false,
    } as const
    await expect(writer.send(rest, 'cluster:a')).rejects.toThrow('this writer may not send PATCH clusters')
    expect(sent).toEqual([])
    await expect(send('QueuePause')).rejects.toMatchObject({ reason: 'unreachable' })
    expect(sent.length).toBeGreaterThan(0)
  })
})

test.each(['R9', 'r9', 'fork-builds'])('explain %s is the page of fork builds', async (typed) => {
  const { code, stdout } = await run(['explain', typed])
  expect(code).toBe(0)
  expect(stdout.split('\n')[0]).toBe('fork-builds (R9)')
})

test.each(['R60', 'R0', 'R', 'R09'])('explain %s is nothing', async (typed) => {
  expect((await run(['explain', typed])).code).toBe(2)
})

test('pages are not findings, so explain knows no SARIF', async () => {
  const { code, stderr } = await run(['explain', '--format', 'sarif'])
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('text, json, markdown') })
})
