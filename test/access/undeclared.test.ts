import { expect, test } from 'vitest'
import { undeclaredIn, withoutOwnAgents } from '../../src/access/undeclared.js'
import { addressOf } from '../../src/model/address.js'
import { nothingDeclared, type DeclaredAccess } from '../../src/model/declared-access.js'
import { factsIn } from '../rules/facts.js'

const at = { file: 'bridle.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 } as never
const cluster = addressOf('cluster', 'production')

const access: DeclaredAccess = { ...nothingDeclared, allow: [{ on: cluster, who: [], at }] as never }

const declared = (...descriptions: readonly string[]) =>
  descriptions.map((description) => addressOf('token', 'production', description))

const found = (wanted: readonly string[], ...tokens: readonly string[]) =>
  undeclaredIn(
    factsIn(tokens.map((token) => `registers-agents ${token} cluster:production "from anywhere, for ever"`)),
    access,
    (address) => wanted.includes(address),
  ).map(({ what }) => what)

test('a token that is declared is none of ours to tell', () => {
  expect(found(declared('deploy'), 'token:production/deploy')).toEqual([])
})

test('another token of the same description is not declared', () => {
  expect(found(declared('deploy'), 'token:production/deploy', 'token:production/deploy/2')).toEqual([
    'token:production/deploy/2: an agent token that no file declares, in cluster:production',
  ])
})

test('one whose description only ends like a declared one is not declared', () => {
  expect(found(declared('2'), 'token:production/deploy/2')).toHaveLength(1)
})

test.each(['ci/deploy', '100%'])('a declared description may be %s', (description) => {
  expect(found(declared(description), addressOf('token', 'production', description))).toEqual([])
})

test('an agent that is declared stays connected, and the others may be strangers', () => {
  const queue = addressOf('queue', 'production', 'deploy')
  const facts = factsIn([`connected agent:1 ${queue} "mac-1"`, `connected agent:2 ${queue} "pc-2"`])
  const ours = { ...nothingDeclared, agents: [{ queue, hostname: ['mac-*'], at }] as never }
  expect(withoutOwnAgents(facts.all, ours).map(({ power, by }) => [power, by])).toEqual([
    ['connected-as-declared', 'mac-1'],
    ['connected', 'pc-2'],
  ])
})
