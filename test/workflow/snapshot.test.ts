import { describe, expect, test } from 'vitest'
import { fresh } from '../support/ground.js'
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
