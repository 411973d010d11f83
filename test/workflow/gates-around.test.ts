import { expect, test } from 'vitest'
import { joined } from '../../src/model/envelope.js'
import type { VerifyingKey } from '../../src/model/signer.js'
import { all } from '../../src/sandbox/table.js'
import { declare } from '../../src/workflow/declare.js'
import { gatesAround } from '../../src/workflow/held.js'
import { filesOf } from '../support/files.js'
import { fresh } from '../support/ground.js'
import { newKey, signerOf } from '../support/policy-key.js'

// What a gate goes by before a plan decides what the plan can open. What is taken for published without being so would
// hide an opening.

const queue = 'queue:production/deploy'
const signer = signerOf(newKey())

const declared = (slugs: readonly string[], mode = 'block') => ({
  organization: 'acme',
  clusters: {
    production: { queues: { deploy: { hook: { mode, account: 'management', pipelines: slugs } } } },
  },
  pipelines: Object.fromEntries(
    ['web', 'tools'].map((slug) => [
      slug,
      { cluster: 'production', repository: `git@github.com:acme/${slug}.git`, default_branch: 'main' },
    ]),
  ),
  aws: { accounts: { management: { id: '111111111111', region: 'eu-west-1' } } },
})

const wantedBy = (declaration: object) => {
  const files = filesOf({ 'bridle.yaml': JSON.stringify(declaration) })
  return declare({ files, root: 'bridle.yaml', today: '2026-11-22' }).wanted!
}

const publishedBy = async (declaration: object): Promise<string> => {
  const ground = fresh()
  await ground.apply(declaration, { signer })
  const parts = new Map(
    all(ground.sandbox.state.tables.awsParameters).map(({ name, value }) => [name, value]),
  )
  const name = '/buildkite/production/queues/deploy/policy'
  const whole = joined((part) => parts.get(part === 0 ? name : `${name}/${part}`))
  return 'text' in whole ? whole.text : ''
}

const files = wantedBy(declared(['web']))

const around = (text: string | null, key?: VerifyingKey, serial?: number) => {
  const spec = { cluster: 'production', queue: 'deploy', text }
  const { before, after } = gatesAround(files, {
    live: new Map([['gate-policy', [{ key: 'production/deploy', id: '', uuid: '', spec }]]]),
    ...(key && { policyKey: key }),
    ...(serial && { serials: new Map([[queue, serial]]) }),
  })
  const slugs = ({ gates, lax }: typeof before) => ({
    lets: [...(gates.get(queue)?.keys() ?? [])].sort(),
    isLax: lax.has(queue),
  })
  return [slugs(before), slugs(after)]
}

const [web, both] = [['pipeline:web'], ['pipeline:tools', 'pipeline:web']]

test('what is published lets in what it says, and after the plan for a while still does', async () => {
  const text = await publishedBy(declared(['web', 'tools']))
  expect(around(text, signer.publicKey)).toEqual([
    { lets: both, isLax: false },
    { lets: both, isLax: false },
  ])
})

test('a policy by another key lets nobody in: hosts refuse it', async () => {
  const text = await publishedBy(declared(['web', 'tools']))
  expect(around(text, signerOf(newKey()).publicKey)).toEqual([
    { lets: [], isLax: false },
    { lets: web, isLax: false },
  ])
})

test('where no key is here to tell, the files are taken for what is published', async () => {
  const text = await publishedBy(declared(['web', 'tools']))
  expect(around(text)[0]).toEqual({ lets: web, isLax: false })
})

test('a policy that only observes lets everybody in before, and not after', async () => {
  const text = await publishedBy(declared(['web'], 'observe'))
  expect(around(text, signer.publicKey).map(({ isLax }) => isLax)).toEqual([true, false])
})

test.each([
  ['a gate that was never told anything is taken for none', undefined, true],
  ['one whose policy was taken away lets nobody in', 3, false],
])('%s', (_, serial, isLax) => {
  expect(around(null, signer.publicKey, serial)[0]).toEqual({ lets: [], isLax })
})
