import { describe, expect, test } from 'vitest'
import { edit } from '../../src/sandbox/edit.js'
import { sandbox } from '../../src/sandbox/index.js'
import { errorsIn, fresh, groundOf, stoppedClock, type Ground } from '../support/ground.js'
import { patched } from '../support/patch.js'
import { whyOffline } from '../support/why.js'

const queue = 'queue:production/deploy'

/** Files in which nothing is open, but for what is put in. */
const filesWith = ({
  settings = '{ default_cluster: general }',
  web = '{ members: { ada@acme.test: member, bob@acme.test: maintainer } }',
  docs = '{ members: { bob@acme.test: member } }',
  maintainers = '{ users: [], teams: [] }',
  grants = '{ release: build_and_read, web: read_only }',
  steps = '    steps: "steps: []"\n',
  more = '',
} = {}) => `organization: acme
trust: { admins: [bridle@acme.test], automation: bridle@acme.test }
settings: ${settings}
teams:
  release: { members: { cy@acme.test: member } }
  web: ${web}
  docs: ${docs}
clusters:
  general: { queues: { default: {} }, default_queue: default }
  production:
    allow: { teams: [release] }
    maintainers: ${maintainers}
    queues: { deploy: {} }
pipelines:
  web:
    cluster: general
    repository: git@github.com:acme/web.git
    teams: { web: manage_build_and_read }
    steps: "steps: []"
  web-deploy:
    cluster: production
    repository: git@github.com:acme/web.git
    teams: ${grants}
${steps}${more}`

const rule =
  'rules:\n  - { type: pipeline.trigger_build.pipeline, source_pipeline: web, target_pipeline: web-deploy }\n'

const ask = (text: string, who: string, on = queue) => whyOffline({ 'bridle.yaml': text }, who, on)

/** The lines that go and come in a difference. */
const changed = (diff = '') => diff.split('\n').filter((line) => /^[-+](?![-+]{2} [ab]\/)/.test(line))

describe('what cuts', () => {
  const cases: readonly (readonly [string, string, string, readonly string[], readonly string[]])[] = [
    [
      'takes out a rule, where what else a path uses has another witness',
      filesWith({
        web: '{ members_can_create_pipelines: true, members: { ada@acme.test: member, bob@acme.test: maintainer } }',
        more: rule,
      }),
      'team:web',
      ['take out the rule by which pipeline:web triggers pipeline:web-deploy'],
      [
        '-rules:',
        '-  - { type: pipeline.trigger_build.pipeline, source_pipeline: web, target_pipeline: web-deploy }',
        '+rules: []',
      ],
    ],
    [
      'takes nobody’s team out of the allowed, and moves nothing, where something milder does',
      filesWith({
        grants: '{ release: build_and_read, web: build_and_read, docs: manage_build_and_read }',
        docs: '{ members: { ada@acme.test: member } }',
      }),
      'user:ada@acme.test',
      ['give team:docs read_only on pipeline:web-deploy', 'give team:web read_only on pipeline:web-deploy'],
      [
        '-    teams: { release: build_and_read, web: build_and_read, docs: manage_build_and_read }',
        '+    teams: { release: build_and_read, web: read_only, docs: read_only }',
      ],
    ],
    [
      'takes maintainers from their list',
      filesWith({ maintainers: '{ users: [Ada@acme.test], teams: [web] }' }),
      'user:ada@acme.test',
      [
        'take team:web from the maintainers of cluster:production',
        'take user:ada@acme.test from the maintainers of cluster:production',
      ],
      [
        '-    maintainers: { users: [Ada@acme.test], teams: [web] }',
        '+    maintainers: { users: [], teams: [] }',
      ],
    ],
    [
      'makes no cluster the default one',
      filesWith({
        settings: '{ default_cluster: production }',
        docs: '{ members: { bob@acme.test: maintainer } }',
      }),
      'user:bob@acme.test',
      ['make another cluster than cluster:production the default one, or none'],
      ['-settings: { default_cluster: production }', '+settings: { default_cluster: null }'],
    ],
    [
      'takes a team from those who may unblock a step, in the step',
      filesWith({
        steps:
          '    steps: |\n      steps:\n        - block: Go?\n          allowed_teams: [release, web]   # for now\n        - command: make\n',
        more: '    schedules: { nightly: { cronline: "0 3 * * *", branch: main } }\n',
      }),
      'team:web',
      ['take team:web from the allowed_teams of pipeline:web-deploy'],
      [
        '-          allowed_teams: [release, web]   # for now',
        '+          allowed_teams: [release]   # for now',
      ],
    ],
  ]

  test.each(cases)('%s', async (_name, text, who, says, lines) => {
    const { cut, paths } = await ask(text, who)
    expect(paths[0]?.sureness).toBe('open')
    expect(cut?.cuts.map((one) => one.says)).toEqual(says)
    expect(cut).toMatchObject({ exact: true })
    expect(changed(cut?.diff)).toEqual(lines)
    const after = await whyOffline(patched({ 'bridle.yaml': text }, cut?.diff ?? ''), who, queue)
    expect(after.paths.filter(({ sureness }) => sureness === 'open')).toEqual([])
  })

  test('moves a pipeline out where nothing else cuts, to a cluster that is not privileged', async () => {
    const text = filesWith({ more: '    archived: false\n' })
    const { cut } = await ask(text, 'repository:github.com/acme/web')
    expect(cut?.cuts.map(({ says }) => says)).toEqual(['move pipeline:web-deploy out of cluster:production'])
    expect(changed(cut?.diff)).toEqual(['-    cluster: production', '+    cluster: general'])
  })
})

test('a step that asks for two things is no detour, though each has a way of its own', async () => {
  const text = filesWith({
    steps: '    steps: |\n      steps:\n        - block: Go?\n          allowed_teams: [web]\n',
    more: '    schedules: { nightly: { cronline: "0 3 * * *", branch: main } }\n',
  })
  const { paths } = await ask(text, 'user:ada@acme.test')
  expect(paths[0]).toMatchObject({ sureness: 'open', numbers: ['R21', 'R19'] })
})

describe('where nothing is open', () => {
  const grants = '{ release: build_and_read, web: read_only }'
  const accepting = (...findings: readonly string[]) =>
    filesWith({
      grants,
      more: `accept:\n${findings.map((finding) => `  - { finding: ${finding}, at: organization, reason: looked at, until: 2027-03-01 }\n`).join('')}`,
    })

  test('what is accepted is said to be, and what would cut it', async () => {
    const text = accepting('push-to-repository')
    const { cut, paths } = await ask(text, 'repository:github.com/acme/web')
    const assumed = paths.filter(({ sureness }) => sureness === 'assumed')
    const findings = assumed.flatMap(({ hops }) => hops.flatMap(({ assumes }) => assumes?.finding ?? []))
    const all = await ask(accepting('push-to-repository', ...findings), 'repository:github.com/acme/web')
    expect(all.paths.map(({ sureness }) => sureness)).toContain('accepted')
    expect(all.paths.filter(({ sureness }) => sureness !== 'accepted')).toEqual([])
    expect(all.cut).toMatchObject({ ofAccepted: true, exact: true })
    expect(cut?.ofAccepted).toBe(assumed.length === 0 ? true : undefined)
  })
})

describe('somebody who is allowed', () => {
  test.each([
    ['team:release', 'team:release'],
    ['user:cy@acme.test', 'team:release'],
    ['user:bridle@acme.test', 'trust'],
  ])('%s: is told so, and is cut off from nothing', async (who, by) => {
    for (const on of [queue, 'cluster:production', 'pipeline:web-deploy']) {
      const { allowedBy, cut, paths } = await ask(filesWith(), who, on)
      expect(paths.length).toBeGreaterThan(0)
      expect(allowedBy).toBe(by)
      expect(cut).toBe(undefined)
    }
  })

  test('is nobody where nothing is privileged', async () => {
    expect((await ask(filesWith(), 'team:web', 'pipeline:web')).allowedBy).toBe(undefined)
  })
})

describe('what is there and not in the files', () => {
  const applied = async (): Promise<Ground> => {
    const ground = fresh()
    expect(errorsIn(await ground.apply({ 'bridle.yaml': filesWith() }, { allowWidening: true }))).toEqual([])
    return ground
  }
  const byHand = ({ sandbox: it }: Ground, ...words: string[]): Ground => {
    const { state, said } = edit(it.state, words, { now: '2026-11-22T00:00:00.000Z' })
    if (state === undefined) throw new Error(said)
    return groundOf(sandbox({ state, clock: stoppedClock(), limits: 'off' }))
  }

  test('an edit that the files have made already is for apply', async () => {
    const ground = byHand(await applied(), 'grant', 'team:web', 'pipeline:web-deploy', 'build_and_read')
    const { cut } = await ground.why({ 'bridle.yaml': filesWith() }, 'user:ada@acme.test', queue)
    expect(cut?.cuts).toMatchObject([
      { says: 'give team:web read_only on pipeline:web-deploy', isWritten: true },
    ])
    expect(cut?.diff).toBe(undefined)
  })

  test('whoever was put into an allowed team is taken out of it, and the team keeps what it may', async () => {
    const ground = byHand(await applied(), 'join', 'team:release', 'bob@acme.test')
    const { cut } = await ground.why({ 'bridle.yaml': filesWith() }, 'user:bob@acme.test', queue)
    expect(cut).toMatchObject({ exact: true, isMild: true })
    expect(cut?.cuts.map(({ says }) => says)).toEqual(['take user:bob@acme.test out of team:release'])
  })
})
