import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Json } from '../../src/model/json.js'
import { parsePolicy, type PolicyDocument } from '../../src/policy/document.js'
import { canonical, diffOf, same } from '../../src/policy/same.js'
import { limits, sizeOf } from '../../src/policy/size.js'

const table = (name: string) => parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as unknown

const whole = (statement: Json, version: Json = '2012-10-17'): Json => ({
  ...(version === null ? {} : { Version: version }),
  Statement: statement,
})

const read = (source: Json, use: 'trust' | 'identity' = 'trust'): PolicyDocument => {
  const parsed = parsePolicy(source, { for: use })
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems, null, 2))
  return parsed.document
}

describe('what IAM refuses', () => {
  interface Case {
    readonly name: string
    readonly for?: 'trust' | 'identity'
    readonly document?: Json
    readonly statement?: Json
    readonly text?: string
    readonly at?: string
    readonly says?: string
    readonly column?: number
  }
  const cases = table('document.yaml') as readonly Case[]

  test.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const source = one.text ?? one.document ?? whole([one.statement ?? null])
    const parsed = parsePolicy(source, { for: one.for ?? 'trust' })
    if (one.at === undefined) {
      expect(parsed).toHaveProperty('document')
      return
    }
    const found = 'problems' in parsed ? parsed.problems : []
    expect(found.map(({ path }) => path)).toContain(one.at)
    const [first] = found.filter(({ path }) => path === one.at)
    expect(first?.what).toContain(one.says)
    expect(first?.offset).toBe(one.column === undefined ? undefined : one.column - 1)
  })

  test('everything that is wrong is said at once, in the order of the text', () => {
    const parsed = parsePolicy('{ "Version": "1", "Statement": { "Effect": "no", "Action": "x" } }', {
      for: 'trust',
    })
    expect('problems' in parsed && parsed.problems.map(({ path }) => path)).toEqual([
      'Version',
      'Statement',
      'Statement.Effect',
      'Statement.Action',
    ])
  })

  test('what JSON.parse reads is read the same', () => {
    const escaped = String.raw`{"Version":"2012-10-17","Statement":{"Sid":"\u0041","Effect":"Allow","Principal":"*","Action":"sts:\u0041ssumeRole"}}`
    expect(read(escaped)).toEqual(read(JSON.parse(escaped) as Json))
  })
})

describe('the same policy', () => {
  interface Case {
    readonly name: string
    readonly for?: 'trust' | 'identity'
    readonly a: Json
    readonly b: Json
    readonly versions?: readonly [string | null, string | null]
    readonly is: 'same' | 'different'
  }
  const cases = table('same.yaml') as readonly Case[]

  test.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const [first, second] = one.versions ?? ['2012-10-17', '2012-10-17']
    const a = read(whole(one.a, first), one.for)
    const b = read(whole(one.b, second), one.for)
    expect(same(a, b)).toBe(one.is === 'same')
    expect(diffOf(a, b).length === 0).toBe(one.is === 'same')
    for (const document of [a, b])
      expect(canonical(read(canonical(document), one.for))).toEqual(canonical(document))
  })
})

test('a difference is lines of both, spelled as they are wanted', () => {
  const have = read(whole({ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'STS:ASSUMEROLE' }))
  const want = read(
    whole({
      Sid: 'In',
      Effect: 'Allow',
      Principal: { AWS: '111122223333' },
      Action: 'sts:AssumeRole',
      Condition: { Bool: { 'aws:SecureTransport': true } },
    }),
  )
  expect(diffOf(have, want)).toMatchInlineSnapshot(`
    [
      "  {",
      "    "Version": "2012-10-17",",
      "    "Statement": [",
      "      {",
      "        "Effect": "Allow",",
      "        "Principal": {",
      "          "AWS": [",
      "            "111122223333"",
      "          ]",
      "        },",
      "        "Action": [",
      "          "sts:AssumeRole"",
      "-       ]",
      "+       ],",
      "+       "Condition": {",
      "+         "Bool": {",
      "+           "aws:SecureTransport": [",
      "+             "true"",
      "+           ]",
      "+         }",
      "+       }",
      "      }",
      "    ]",
      "  }",
    ]
  `)
})

describe('the size of a policy', () => {
  test.each([
    ['{}', 2],
    ['{ "a" : [ 1 ,\n\t2 ] }', 11],
    ['{"a b":"c d"}', 13],
    ['{"a":"\\" "}', 11],
    ['{"a":"\\\\" }', 10],
  ])('%s', (text, size) => {
    expect(sizeOf(text)).toBe(size)
  })

  test('a value is as long as its shortest text', () => {
    const value = { Version: '2012-10-17', Statement: [{ Sid: 'A "b"', Effect: 'Allow' }] }
    expect(sizeOf(value)).toBe(JSON.stringify(value).length)
    expect(sizeOf(JSON.stringify(value, null, 2))).toBe(sizeOf(value))
  })

  test('the limits that the reference has', () => {
    expect(limits).toMatchObject({
      roleName: 64,
      trustPolicy: 2048,
      inlinePolicies: 10240,
      managedPolicy: 6144,
      managedPoliciesPerRole: 10,
      tags: 50,
      path: 512,
    })
  })
})
