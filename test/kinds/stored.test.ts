import { expect, test } from 'vitest'
import { mutationsIn, secretsIn } from '../../src/kinds/buildkite/portal.js'
import { isForAll } from '../../src/kinds/buildkite/secret.js'

test.each<[string, string, readonly string[] | undefined]>([
  ['a query', '{ viewer { user { name } } }', []],
  [
    'a mutation under another name',
    'mutation ($id: ID!) { go: buildRebuild(input: { id: $id }) { build { number } } }',
    ['buildRebuild'],
  ],
  ['several, in order', 'mutation { teamCreate { x } buildCreate { x } }', ['buildCreate', 'teamCreate']],
  ['one among queries', 'query A { viewer { id } } mutation B { ruleCreate { x } }', ['ruleCreate']],
  [
    'through fragments',
    'mutation { ...F ... on Mutation { agentStop { x } } } fragment F on Mutation { ...G } fragment G on Mutation { pipelineUpdate { x } ...F }',
    ['agentStop', 'pipelineUpdate'],
  ],
  ['a fragment that is not there', 'mutation { ...F }', undefined],
  ['a fragment that nobody uses', '{ viewer { id } } fragment F on Mutation { buildCreate { x } }', []],
  ['a subscription', 'subscription { buildUpdated { x } }', ['buildUpdated']],
  ['no GraphQL', 'select * from builds', undefined],
  ['nothing', '', undefined],
])('of a stored operation that is %s', (_name, text, mutations) => {
  expect(mutationsIn(text)).toEqual(mutations)
})

test.each<[string, string, readonly string[]]>([
  ['tells none', '{ pipeline(slug: "a/b") { name } }', []],
  ['tells a webhook URL under another name', '{ pipeline(slug: "a/b") { x: webhookURL } }', ['webhookURL']],
  [
    'tells one through fragments',
    '{ viewer { ...F } } fragment F on X { token y { webhookUrl } }',
    ['token', 'webhookUrl'],
  ],
  ['takes one', 'query ($token: String) { agents(token: $token) { count } }', []],
  ['is no GraphQL', 'webhookURL', []],
])('of the secrets of a stored operation that %s', (_name, text, told) => {
  expect(secretsIn(text)).toEqual(told)
})

const id = '01234567-89ab-4cde-8f01-23456789abcd'

test.each<[string, unknown, boolean | undefined]>([
  ['none', null, true],
  ['empty', '', true],
  ['only a comment', '# later', true],
  ['a pipeline', `- pipeline_id: ${id}`, false],
  ['some pipelines, on one branch', `- pipeline_id: [${id}, ${id}]\n  build_branch: main`, false],
  ['a slug, which can be taken over', '- pipeline_slug: web-deploy', true],
  ['a queue, which every pipeline may use', `- cluster_queue_id: ${id}`, true],
  ['a creator, whom a commit can name', '- build_creator: eve@acme.test', true],
  ['a pipeline, or anybody on main', `- pipeline_id: ${id}\n- build_branch: main`, true],
  ['any pipeline', '- pipeline_id: "*"', true],
  ['a pipeline or any', `- pipeline_id: [${id}, "*"]`, true],
  ['no pipeline at all', '- pipeline_id: []', true],
  ['a pipeline whose id is no text', '- pipeline_id: 12', true],
  ['no list', `pipeline_id: ${id}`, undefined],
  ['no rules', '[]', undefined],
  ['a list of words', '- main', undefined],
  ['no YAML', '- [', undefined],
  ['no text', { pipeline_id: id }, undefined],
])('a policy that is %s', (_name, policy, forAll) => {
  expect(isForAll(policy)).toBe(forAll)
})
