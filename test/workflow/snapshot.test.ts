import { describe, expect, test } from 'vitest'
import { fresh, type Ground } from '../support/ground.js'
import { applied, byHand, codes, declaration, set, with_ } from '../support/privileged-ground.js'

const open = with_(({ clusters }) => set(clusters.production, 'allow', undefined))
const saved = (text: string, files: object = declaration) =>
  fresh().check(files, { basis: 'snapshot' as const, text })

describe('a snapshot that was taken when less was privileged', () => {
  test('is refused for what has become privileged since, and not for the rest', async () => {
    const ground = await applied()
    const wider = with_(({ clusters }) => set(clusters.general, 'allow', { teams: ['web'] }))
    set(wider.settings, 'default_cluster', null)
    const { text = '' } = await ground.snapshot(declaration)
    expect(codes(await saved(text, wider))).toContain('snapshot-too-narrow')
    expect(codes(await saved(text))).not.toContain('snapshot-too-narrow')
    expect(codes(await saved((await ground.snapshot(wider)).text ?? ''))).not.toContain('snapshot-too-narrow')
  })

  test('is refused where nothing was privileged at all', async () => {
    const { text = '' } = await (await applied()).snapshot(JSON.parse(JSON.stringify(open)) as object)
    expect(codes(await saved(text))).toContain('snapshot-too-narrow')
  })
})

describe('a plan on a snapshot', () => {
  const before = with_(({ pipelines }) => set(pipelines.web.teams, 'web', 'manage_build_and_read'))
  /** The same, with web in the privileged cluster, where ada may only watch. */
  const inside = structuredClone(before)
  set(inside.pipelines.web, 'cluster', 'production')
  set(inside.pipelines.web, 'steps', 'steps:\n  - command: make\n')
  set(inside.pipelines.web.teams, 'web', 'read_only')

  const planted = async () =>
    byHand(
      await applied(before),
      ['as', 'ada@acme.test', 'start', 'pipeline:web'],
      ['as', 'ada@acme.test', 'schedule', 'pipeline:web', 'late', '0 3 * * *', 'BASH_ENV=x'],
    )
  const planIn = async (ground: Ground, files: object) =>
    JSON.stringify((await ground.plan(files, { allowWidening: true })).plan)
  const on = async (files: object, text: string, snapshot: string | undefined) =>
    fresh().check(files, { basis: 'plan' as const, text, ...(snapshot !== undefined && { snapshot }) })

  test('that was taken before anybody looked at what moves in is refused', async () => {
    const ground = await planted()
    const narrow = await on(inside, await planIn(ground, inside), (await ground.snapshot(before)).text)
    expect(narrow.findings.filter(({ code }) => code === 'snapshot-too-narrow')).toMatchObject([
      { what: expect.stringContaining('pipeline:web') as string },
    ])
  })

  test('says what is waiting in it, if it was looked at', async () => {
    const ground = await planted()
    const text = await planIn(ground, inside)
    const { queues } = await on(inside, text, (await ground.snapshot(inside)).text)
    expect(queues).toMatchObject([{ verdict: 'open' }])
    expect(queues).toEqual((await ground.check(inside, { basis: 'plan', text })).queues)
  })

  test('and if it is renamed as it moves in', async () => {
    const ground = await planted()
    const { web, ...others } = inside.pipelines
    const renamed: object = { ...inside, pipelines: { ...others, ship: { ...web, was: 'web' } } }
    const { findings } = await ground.plan(renamed, { allowWidening: true })
    expect(findings.map(({ code }) => code)).toContain('planted-schedules')
    const check = await on(renamed, await planIn(ground, renamed), (await ground.snapshot(renamed)).text)
    const open = check.queues.flatMap(({ paths }) => paths.filter(({ verdict }) => verdict === 'open'))
    expect(open.map(({ path }) => path)).toEqual(expect.arrayContaining(['R13', 'R49']))
  })

  test('of another state is stale', async () => {
    const ground = await planted()
    const text = await planIn(ground, inside)
    const later = byHand(ground, ['grant', 'team:everyone', 'pipeline:web', 'build_and_read'])
    expect(codes(await on(inside, text, (await later.snapshot(inside)).text))).toEqual(['stale-plan'])
  })

  test('is refused where what a rule would let in was not looked at, too', async () => {
    const ground = await applied(before)
    const ruled: object = {
      ...before,
      rules: [{ type: 'pipeline.trigger_build.pipeline', source_pipeline: 'web', target_pipeline: 'deploy' }],
    }
    const text = await planIn(ground, ruled)
    expect(codes(await on(ruled, text, (await ground.snapshot(before)).text))).toContain(
      'snapshot-too-narrow',
    )
    expect(codes(await on(ruled, text, (await ground.snapshot(ruled)).text))).not.toContain(
      'snapshot-too-narrow',
    )
    // The verdict on what is there does not hang on what is planned.
    expect(codes(await saved((await ground.snapshot(before)).text ?? '', ruled))).not.toContain(
      'snapshot-too-narrow',
    )
  })
})

describe('a snapshot that lacks whose a privileged name is', () => {
  test('keeps no name, whatever the lock has', async () => {
    const ground = await applied()
    let lock = ''
    await ground.apply(declaration, { keep: (_file, text) => (lock = text) })
    const files = { 'bridle.yaml': JSON.stringify(declaration), 'bridle.lock.yaml': lock }
    const { text = '' } = await ground.snapshot(declaration)
    const assumed = async (one: string) => (await saved(one, files)).assumed.map(({ finding }) => finding)
    expect(await assumed(text)).not.toContain('name-reuse')
    expect(await assumed(text.replace(/ *"pipeline:deploy": "[^"]*",?\n/, ''))).toContain('name-reuse')
  })
})

describe('containing what somebody moves all the time', () => {
  test('takes one reading that says open', async () => {
    const queue = 'queue:production/deploy'
    const files = with_(({ clusters }) => set(clusters.production, 'contain', true))
    const ground = byHand(await applied(), ['grant', 'team:web', 'pipeline:deploy', 'build_and_read'])
    const contained = await ground.contain(files, queue)
    expect(contained).toMatchObject({ did: 'paused', basis: { read: { readings: 1 } } })
  })
})
