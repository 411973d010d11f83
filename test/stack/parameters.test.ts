import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { compare } from '../../src/stack/compare.js'
import { liveStacks } from '../../src/stack/live.js'
import { parameters } from '../../src/stack/parameters.js'
import { stackOf, type QueueFacts } from '../../src/stack/stack.js'
import { law } from '../support/law.js'
import { account, facts } from './facts.js'

const table = <Row>(name: string): Row[] =>
  parse(readFileSync(new URL(`${name}.yaml`, import.meta.url), 'utf8')) as Row[]

interface Implied {
  readonly name: string
  readonly queue: {
    readonly privileged?: boolean
    readonly role?: { readonly account?: object } & object
    readonly token?: ({ readonly account?: object } & object) | null
    readonly tokenKey?: string
    readonly bootstrapUrl?: string
  }
  readonly is?: Record<string, string>
  readonly has?: Record<string, string | null>
  readonly notes?: string[]
}

const factsFrom = ({ role, token, ...queue }: Implied['queue']): QueueFacts => {
  const { token: usual, ...others } = facts
  return {
    ...others,
    ...queue,
    role: { ...facts.role, ...role, account: { ...account, ...role?.account } },
    ...(token === null ? {} : { token: { ...usual!, ...token, account: { ...account, ...token?.account } } }),
  }
}

const values = (queue: QueueFacts) =>
  Object.fromEntries(
    stackOf(queue).parameters.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]),
  )

describe('what a queue implies', () => {
  test.each(table<Implied>('parameters'))('$name', ({ queue, is, has = {}, notes = [] }) => {
    const all = values(factsFrom(queue))
    if (is !== undefined) expect(all).toEqual(is)
    for (const [key, value] of Object.entries(has)) expect(all[key] ?? null, key).toBe(value)
    const said = stackOf(factsFrom(queue)).notes.join('\n')
    for (const note of notes) expect(said).toContain(note)
  })

  test('every parameter says why, in half a sentence', () => {
    for (const { ParameterKey, why } of stackOf(facts).parameters)
      expect(why, ParameterKey).toMatch(/^[^A-Z].*[^.]$/)
  })

  test('what is strict is never a danger', () => {
    const all = new Map(parameters.map(({ key, usual, strict }) => [key, strict?.value ?? usual]))
    for (const { key, strict, danger } of parameters)
      if (strict !== undefined) expect(danger?.(strict.value, all), key).toBeUndefined()
  })
})

interface Held {
  readonly name: string
  readonly privileged?: boolean
  readonly live: Record<string, string | null>
  readonly fields?: string[]
  readonly dangers?: string[]
  readonly doubts?: string[]
  readonly untold?: string[]
}

/** As CloudFormation describes it. */
const described = (all: Record<string, string | null>) =>
  JSON.stringify({
    Stacks: [
      {
        StackName: 'acme-deploy',
        Parameters: Object.entries(all).flatMap(([ParameterKey, ParameterValue]) =>
          ParameterValue === null ? [] : [{ ParameterKey, ParameterValue }],
        ),
      },
    ],
  })

describe('a live stack', () => {
  test.each(table<Held>('compare'))(
    '$name',
    ({ privileged = true, live, fields = [], dangers = [], doubts = [], untold = [] }) => {
      const queue = { ...facts, privileged, bootstrapUrl: 's3://acme-ci/harden.sh' }
      const [stack] = liveStacks(described({ ...values({ ...queue, privileged: true }), ...live }))!
      const found = compare(stackOf(queue), stack!, privileged)
      expect({
        fields: found.fields.map(({ field }) => field),
        dangers: found.dangers.filter(({ unsure }) => !unsure).map(({ key }) => key),
        doubts: found.dangers.filter(({ unsure }) => unsure).map(({ key }) => key),
        untold: found.untold,
      }).toEqual({
        fields,
        dangers,
        doubts,
        untold,
      })
    },
  )

  test('a token, and the signature of an address, are never shown', () => {
    const secret = 'a1b2c3d4e5f60718293a4b5c6d7e8f90'
    const live = { BuildkiteAgentToken: secret, AuthorizedUsersUrl: `https://acme.test/keys?sig=${secret}` }
    const [stack] = liveStacks(described({ ...values(facts), ...live }))!
    expect(JSON.stringify(compare(stackOf(facts), stack!, true))).not.toContain(secret)
  })
})

describe('a file about stacks', () => {
  const wanted = new Map([
    ['BuildkiteQueue', 'deploy'],
    ['AgentsPerInstance', '1'],
  ])
  const list = [
    { ParameterKey: 'BuildkiteQueue', ParameterValue: 'deploy' },
    { ParameterKey: 'AgentsPerInstance', ParameterValue: '1' },
  ]
  test.each([
    { form: 'what describe-stacks prints', file: { Stacks: [{ StackName: 'x', Parameters: list }] } },
    { form: 'one of its stacks', file: { StackName: 'x', Parameters: list } },
    { form: 'a list of parameters', file: list },
    { form: 'a map of parameters', file: { BuildkiteQueue: 'deploy', AgentsPerInstance: 1 } },
    {
      form: 'a map, as CodePipeline has it',
      file: { Parameters: { BuildkiteQueue: 'deploy', AgentsPerInstance: '1' } },
    },
  ])('is $form', ({ file }) => {
    expect(liveStacks(JSON.stringify(file))?.map(({ values }) => values)).toEqual([wanted])
  })

  test('may hold stacks of other things', () => {
    const file = {
      Stacks: [
        { StackName: 'vpc', Parameters: [] },
        { StackName: 'x', Parameters: list },
        { StackName: 'bare' },
      ],
    }
    expect(liveStacks(JSON.stringify(file))?.map(({ name }) => name)).toEqual(['x'])
  })

  test('may say that a value stays what it was', () => {
    const file = [...list, { ParameterKey: 'IMDSv2Tokens', UsePreviousValue: true }]
    expect(liveStacks(JSON.stringify(file))?.[0]?.untold).toEqual(new Set(['IMDSv2Tokens']))
  })

  test.each([
    '',
    'BuildkiteQueue: deploy',
    '[]',
    '{}',
    'null',
    '3',
    '[{}]',
    '{"Stacks":[]}',
    '{"Stacks":[{"Parameters":3}]}',
    '{"a":{}}',
  ])('%j is none', (text) => expect(liveStacks(text)).toBeUndefined())
})

const text = fc.string({ maxLength: 12 })
const queues: fc.Arbitrary<QueueFacts> = fc.record({
  key: text,
  privileged: fc.boolean(),
  role: fc.record({ account: fc.constant(account), name: text, path: fc.constantFrom('/', '/buildkite/') }),
  token: fc.record({ description: text, account: fc.constant(account), parameter: text }),
  tokenKey: text,
  bootstrapUrl: text,
})

law('a stack that has what is implied differs in nothing', queues, (queue) => {
  const stack = stackOf(queue)
  const [live] = liveStacks(JSON.stringify(stack.parameters))!
  expect(compare(stack, live!, queue.privileged).fields).toEqual([])
})

law('a file may be anything at all', fc.oneof(fc.json(), fc.string()), (file) => {
  const stacks = liveStacks(file)
  for (const stack of stacks ?? []) compare(stackOf(facts), stack, true)
})

law(
  'what privileged agents lack is shown, whatever it is',
  fc.constantFrom(...parameters.filter(({ strict }) => strict !== undefined)),
  ({ key, strict }) => {
    const [stack] = liveStacks(JSON.stringify({ ...values(facts), [key]: `${strict!.value}x` }))!
    expect(compare(stackOf(facts), stack!, true).fields.map(({ field }) => field)).toEqual([key])
  },
)
