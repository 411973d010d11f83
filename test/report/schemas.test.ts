import { describe, expect, test } from 'vitest'
import { schemaNames } from '../../src/cli/schema-names.js'
import { schemaOf } from '../../src/cli/schemas.js'
import { json } from '../../src/report/json.js'
import { answersWith, complaints } from '../support/schemas.js'
import { run } from '../support/world.js'
import { resultsWith } from './results.js'

/** Where a schema has an object whose other keys are anybody's. */
const openIn = (schema: unknown, at = '#'): string[] => {
  if (typeof schema !== 'object' || schema === null) return []
  const inside = Object.entries(schema).flatMap(([key, one]) => openIn(one, `${at}/${key}`))
  const isMap = 'properties' in schema && !at.endsWith('/properties')
  return isMap && !('additionalProperties' in schema) ? [at, ...inside] : inside
}

describe('the JSON Schemas of what bridle says', () => {
  test.each(schemaNames)('%s: a strict validator takes it, and it names every key that there is', (name) => {
    expect(complaints(name, { surely: 'not' })).not.toEqual([])
    expect(openIn(schemaOf(name))).toEqual([])
    expect(schemaOf(name)).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' })
  })

  test.each([undefined, 'A make-believe organization.'])(
    'every kind of result fits its own: %s',
    (sandbox) => {
      for (const result of resultsWith('ios\u202e\u001b[31m"')) {
        const name = answersWith.get(result.result)!
        expect(complaints(name, JSON.parse(json(result, sandbox))), name).toEqual([])
      }
    },
  )

  test('a key that no schema has does not pass', () => {
    const [result] = resultsWith('ios')
    expect(complaints('validate', { ...JSON.parse(json(result!, undefined)), more: 1 })).toEqual([
      'validate must NOT have additional properties {"additionalProperty":"more"}',
    ])
  })

  test.each([
    ['explain', ['explain', 'R9']],
    ['explain', ['explain', 'role-chain']],
    ['explain', ['explain']],
    ['stack', ['stack', 'general/idle']],
  ] as const)('%s: %o', async (name, words) => {
    const declared = [
      'organization: acme',
      'clusters: { general: { queues: { idle: { instance_role: m/idle } } } }',
      'aws:',
      '  accounts: { m: { id: "111111111111", region: eu-west-1 } }',
      '  roles: { m/idle: { trust: [{ service: ec2.amazonaws.com }] } }',
    ].join('\n')
    const { stdout, code } = await run([...words, '--format', 'json'], { files: { 'bridle.yaml': declared } })
    expect({ code, complaints: complaints(name, JSON.parse(stdout)) }).toEqual({ code: 0, complaints: [] })
  })
})
