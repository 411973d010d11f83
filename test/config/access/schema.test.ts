import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { asides } from '../../../src/config/access/keys.js'
import { jsonSchema } from '../../../src/config/schema.js'

interface Case {
  readonly name: string
  readonly text?: string
  readonly findings: readonly string[]
}

const schema = jsonSchema()
const accepts = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema)
const cases = (parse(readFileSync(new URL('findings.yaml', import.meta.url), 'utf8')) as Case[]).filter(
  ({ text }) => text !== undefined,
)

/** What bridle alone says: an editor knows neither the calendar nor what a key says that is not there. */
const beyond = /there is no such day|either `can` or `cannot`|pipelines are watched/

describe('an editor knows what may be said about access', () => {
  const isShape = (finding: string) =>
    /^(unknown-key|wrong-type|wrong-value|missing-key)/.test(finding) && !beyond.test(finding)

  test.each(cases.filter(({ findings }) => findings.some(isShape)))('and refuses: $name', ({ text = '' }) => {
    expect(accepts(parse(text))).toBe(false)
  })

  test.each(cases.filter(({ findings }) => !findings.some(isShape)))(
    'and accepts: $name',
    ({ text = '' }) => {
      accepts(parse(text))
      expect(accepts.errors).toBeNull()
    },
  )

  test('with a description for every key', () => {
    const nodes = (node: unknown, path: string[]): [string, unknown][] =>
      typeof node !== 'object' || node === null
        ? []
        : Object.entries(node).flatMap(([key, value]): [string, unknown][] => [
            ...(path.at(-1) === 'properties' ? [[key, value] as [string, unknown]] : []),
            ...nodes(value, [...path, key]),
          ])
    const names = new Set(asides.map(({ place }) => place.at(-1)))
    const described = nodes(schema, []).filter(([key]) => names.has(key))
    expect(new Set(described.map(([key]) => key))).toEqual(names)
    for (const [key, value] of described) {
      if (JSON.stringify(value).includes('"not":{}')) continue // a default that nobody may write
      expect([key, JSON.stringify(value)]).toEqual([key, expect.stringContaining('"description"')])
    }
  })
})
