import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../src/model/json.js'
import type { Answer } from '../../src/policy/answer.js'
import { mayAssume } from '../../src/policy/assume.js'
import { choices } from '../../src/policy/choices.js'
import { decide, type Decision } from '../../src/policy/decide.js'
import { parsePolicy, type PolicyDocument } from '../../src/policy/document.js'
import { indexTrust } from '../../src/policy/index-trust.js'
import { placesIn } from '../../src/policy/json-places.js'
import { arnParts, glob, matches } from '../../src/policy/pattern.js'
import { canonical, diffOf, same } from '../../src/policy/same.js'
import { exactly, free, known, textsLike, type Context, type Value } from '../../src/policy/value.js'
import { mayAssumeWithWebIdentity, type Job } from '../../src/policy/web-identity.js'
import { law } from '../support/law.js'

type Raw = Record<string, Json>

const rank: Readonly<Record<Answer, number>> = { no: 0, depends: 1, yes: 2 }

const read = (statements: readonly Raw[], use: 'identity' | 'trust' = 'identity'): PolicyDocument => {
  if (statements.length === 0) return { version: '2012-10-17', id: null, statements: [] }
  const parsed = parsePolicy({ Version: '2012-10-17', Statement: statements }, { for: use })
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems))
  return parsed.document
}

// Few letters, few keys, and few actions, so that things meet. ------------------------------------------------------

const letters = ['a', 'b', ':']
const numbers = ['1', '2', '10']
const text = fc.oneof(
  { weight: 5, arbitrary: fc.string({ unit: fc.constantFrom(...letters), maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(...numbers) },
)
const pattern = fc.string({ unit: fc.constantFrom(...letters, '*', '?'), maxLength: 4 })
const keys = ['s:k', 's:l', 's:m'] as const

const operator = fc
  .tuple(
    fc.constantFrom('', 'ForAllValues:', 'ForAnyValue:'),
    fc.constantFrom(
      'StringEquals',
      'StringNotEquals',
      'StringLike',
      'StringNotLike',
      'StringEqualsIgnoreCase',
      'StringNotEqualsIgnoreCase',
      'ArnLike',
      'Bool',
      'NumericLessThan',
      'NumericNotEquals',
    ),
    fc.constantFrom('', 'IfExists'),
  )
  .map((parts) => parts.join(''))

const wanted = fc.oneof(
  { weight: 8, arbitrary: fc.oneof(pattern, text) },
  { weight: 1, arbitrary: fc.constantFrom(...keys.map((key) => `\${${key}}`)) },
)

const condition: fc.Arbitrary<Raw> = fc.oneof(
  fc
    .tuple(operator, fc.constantFrom(...keys), fc.array(wanted, { minLength: 1, maxLength: 3 }))
    .map(([name, key, values]) => ({ [name]: { [key]: values } })),
  fc.tuple(fc.constantFrom(...keys), fc.boolean()).map(([key, is]) => ({ Null: { [key]: is } })),
)

const conditions = fc.array(condition, { maxLength: 2 }).map((all) => Object.assign({}, ...all) as Raw)

const actions = ['s:Get', 's:Put', 't:Get']
const named = fc.array(fc.constantFrom(...actions, 's:*', '*', '*:Get', 'S:GET'), {
  minLength: 1,
  maxLength: 2,
})
const resource = fc.array(
  fc.constantFrom('*', 'arn:aws:s:::a', 'arn:aws:s:::*', 'arn:aws:s:::b', 'arn:aws:*'),
  {
    minLength: 1,
    maxLength: 2,
  },
)

const about = fc
  .record({
    acts: fc.constantFrom(true, true, true, false),
    hits: fc.constantFrom(true, true, true, false),
    actions: named,
    resources: resource,
    when: conditions,
  })
  .map((one): Raw => ({
    [one.acts ? 'Action' : 'NotAction']: one.actions,
    [one.hits ? 'Resource' : 'NotResource']: one.resources,
    Condition: one.when,
  }))
const allow = about.map((one): Raw => ({ Effect: 'Allow', ...one }))
const deny = about.map((one): Raw => ({ Effect: 'Deny', ...one }))
const policy = fc.array(fc.oneof({ weight: 3, arbitrary: allow }, { weight: 1, arbitrary: deny }), {
  maxLength: 4,
})

const certainly: fc.Arbitrary<Value> = fc.oneof(
  fc.constant<Value>({ is: 'absent' }),
  text.map((one) => known(one)),
  fc.array(text, { minLength: 2, maxLength: 2 }).map((all) => known(...all)),
)
const picked: fc.Arbitrary<Value> = fc
  .record({
    from: fc.option(fc.array(pattern.map(textsLike), { minLength: 1, maxLength: 2 }), { nil: undefined }),
    always: fc.boolean(),
  })
  .map(({ from, always }) => ({
    is: 'chosen',
    ...(from === undefined ? {} : { from }),
    ...(always ? { always: true } : {}),
  }))
const untold = picked.map((value): Value => ({ ...value, is: 'unknown' }))
const value = fc.oneof({ weight: 2, arbitrary: certainly }, picked, untold)

type Request = Readonly<Record<string, Value>>
const request = (of: fc.Arbitrary<Value>): fc.Arbitrary<Request> =>
  fc.record(Object.fromEntries(keys.map((key) => [key, of])))

const inContext =
  (has: Request): Context =>
  (key) =>
    has[key] ?? { is: 'absent' }

const ask = (document: PolicyDocument, has: Request): Decision =>
  decide({
    actions: ['s:Get'],
    resource: known('arn:aws:s:::a'),
    context: inContext(has),
    policies: { identity: [{ name: 'policy', document }] },
  })

const answer = (statements: readonly Raw[], has: Request): Answer => ask(read(statements), has).answer

describe('policies', () => {
  law(
    'one Allow more never takes access away, wherever it stands',
    fc.tuple(policy, allow, fc.nat(), request(value)),
    ([statements, more, at, has]) => {
      const wider = statements.toSpliced(at % (statements.length + 1), 0, more)
      expect(rank[answer(wider, has)]).toBeGreaterThanOrEqual(rank[answer(statements, has)])
    },
    2_000,
  )

  law(
    'one Deny more never gives access',
    fc.tuple(policy, deny, fc.nat(), request(value)),
    ([statements, more, at, has]) => {
      const narrower = statements.toSpliced(at % (statements.length + 1), 0, more)
      expect(rank[answer(narrower, has)]).toBeLessThanOrEqual(rank[answer(statements, has)])
    },
    2_000,
  )

  law(
    'a statement of several actions and resources is one for each',
    fc.tuple(policy, request(value)),
    ([statements, has]) => {
      const split = statements.flatMap((one) =>
        ['Action', 'Resource'].reduce<Raw[]>(
          (all, part) =>
            all.flatMap((each) =>
              Array.isArray(each[part])
                ? (each[part] as Json[]).map((single) => ({ ...each, [part]: single }))
                : [each],
            ),
          [one],
        ),
      )
      expect(answer(split, has)).toBe(answer(statements, has))
    },
    2_000,
  )

  law(
    'a value asked for is a statement of its own, where what is compared is not negated',
    fc.tuple(
      fc.constantFrom('StringEquals', 'StringLike', 'ForAnyValue:StringLike'),
      fc.array(fc.oneof(pattern, text), { minLength: 1, maxLength: 3 }),
      policy,
      request(fc.oneof(certainly, picked)),
    ),
    ([name, values, others, has]) => {
      const statement = (asked: Json): Raw => ({
        Effect: 'Allow',
        Action: 's:Get',
        Resource: '*',
        Condition: { [name]: { 's:k': asked } },
      })
      const one = answer([...others, statement(values)], has)
      const split = answer([...others, ...values.map(statement)], has)
      // Of a key with several values for an operator of one, a list may be certain where its parts are not.
      expect(split === one || (split === 'depends' && has['s:k']?.is === 'known')).toBe(true)
    },
    2_000,
  )

  law(
    'the order of statements changes nothing',
    fc.tuple(policy, fc.array(fc.nat(), { minLength: 4, maxLength: 4 }), request(value)),
    ([statements, order, has]) => {
      const shuffled = statements
        .map((one, at) => [order[at] ?? 0, one] as const)
        .toSorted(([a], [b]) => a - b)
        .map(([, one]) => one)
      expect(answer(shuffled, has)).toBe(answer(statements, has))
    },
    2_000,
  )

  law(
    'an answer is certain of all that is not known',
    fc.tuple(policy, request(value)),
    ([statements, has]) => {
      const document = read(statements)
      const { answer: said, on } = ask(document, has)
      expect(on.length > 0).toBe(said === 'depends')
      if (said === 'depends') return
      for (const told of every(has, 'unknown')) {
        const found = ask(document, told).answer
        // What is told of several keys at once may say yes or no where one by one it did not.
        expect(found, JSON.stringify(told)).toBe(said)
      }
    },
    400,
  )

  law(
    'whoever asks gets in by what they are said to pick, and by no choice where the answer is no',
    fc.tuple(policy, request(fc.oneof(certainly, picked))),
    ([statements, has]) => {
      const document = read(statements)
      const decision = ask(document, has)
      const best = Math.max(...[...every(has, 'chosen')].map((told) => rank[ask(document, told).answer]))
      expect(rank[decision.answer], JSON.stringify(decision)).toBeGreaterThanOrEqual(best)
      if (decision.answer !== 'yes') return
      const chosen = Object.fromEntries(
        Object.entries(has).map(([key, it]): [string, Value] => {
          const pick = decision.picks[key]
          return [
            key,
            it.is !== 'chosen' || pick === undefined ? it : pick === null ? { is: 'absent' } : known(pick),
          ]
        }),
      )
      expect(ask(document, chosen).answer, JSON.stringify(decision)).toBe('yes')
    },
    400,
  )
})

/** All texts of so many letters at most. */
const textsUpTo = (length: number, of = letters): readonly string[] =>
  length === 0
    ? ['']
    : ['', ...textsUpTo(length - 1, of).flatMap((one) => of.map((letter) => letter + one))].filter(
        (one, at, all) => all.indexOf(one) === at,
      )

const short = [...textsUpTo(3), ...numbers, '0', '1.5']

/** The request with each value that it may have in place of those that are open. */
function* every(has: Request, which: Value['is']): Generator<Request> {
  const open = Object.entries(has).find(([, it]) => it.is === which)
  if (open === undefined) {
    yield has
    return
  }
  const [key, it] = open
  const from = it.is === 'chosen' || it.is === 'unknown' ? (it.from ?? [textsLike('*')]) : []
  const may = short.filter((one) => from.some(({ begins, rest }) => begins === '' && matches(rest, one)))
  // A few of them will do, drawn by no chance: the whole is a law of its own below.
  const some = may.filter((_, at) => at % Math.max(1, Math.floor(may.length / 6)) === 0)
  const always = (it.is === 'chosen' || it.is === 'unknown') && it.always === true
  for (const value of [...(always ? [] : [{ is: 'absent' } as Value]), ...some.map((one) => known(one))])
    yield* every({ ...has, [key]: value }, which)
}

describe('documents that say the same', () => {
  /** The same policy in another spelling. */
  const respelled = (statements: readonly Raw[], odd: boolean): readonly Raw[] => {
    const respell = (one: Raw): Raw =>
      Object.fromEntries(
        Object.entries(one)
          .toReversed()
          .map(([part, it]): [string, Json] => {
            if (Array.isArray(it)) {
              const list = (it as string[])
                .toReversed()
                .map((each) => (part.endsWith('Action') && odd ? each.toUpperCase() : each))
              return [part, list.length === 1 ? (list[0] ?? null) : [...list, ...list.slice(0, 1)]]
            }
            if (part !== 'Condition') return [part, it ?? null]
            return [
              part,
              Object.fromEntries(
                Object.entries(it as Raw)
                  .toReversed()
                  .map(([name, under]) => [
                    odd ? name.toLowerCase() : name,
                    Object.fromEntries(
                      Object.entries(under as Raw).map(([key, values]) => [
                        odd ? key.toUpperCase() : key,
                        Array.isArray(values) ? values.toReversed() : `${values as boolean}`,
                      ]),
                    ),
                  ]),
              ),
            ]
          }),
      )
    return [...statements.toReversed().map(respell), ...statements.slice(0, 1)]
  }

  law(
    'a spelling changes neither what is said nor what is decided',
    fc.tuple(policy, fc.boolean(), request(value)),
    ([statements, odd, has]) => {
      const one = read(statements)
      const other = read(respelled(statements, odd))
      expect(same(one, other)).toBe(true)
      expect(same(other, one)).toBe(true)
      expect(diffOf(one, other)).toEqual([])
      expect(ask(other, has).answer).toBe(ask(one, has).answer)
    },
    1_000,
  )

  law(
    'what differs is told, and what is told is both documents',
    fc.tuple(policy, policy),
    ([one, other]) => {
      const [have, want] = [read(one), read(other)]
      expect(same(have, have)).toBe(true)
      expect(same(have, want)).toBe(same(want, have))
      const lines = diffOf(have, want)
      expect(lines.length === 0).toBe(same(have, want))
      const side = (sign: string) =>
        lines
          .flatMap((line) => (line.startsWith(sign) || line.startsWith('  ') ? [line.slice(2)] : []))
          .join('\n')
      if (lines.length === 0) return
      expect(same(read((JSON.parse(side('- ')) as { Statement: Raw[] }).Statement), have)).toBe(true)
      expect(same(read((JSON.parse(side('+ ')) as { Statement: Raw[] }).Statement), want)).toBe(true)
    },
    500,
  )

  law(
    'the canonical form is its own canonical form',
    policy.filter(({ length }) => length > 0),
    (statements) => {
      const once = canonical(read(statements))
      const parsed = parsePolicy(once, { for: 'identity' })
      expect('document' in parsed && canonical(parsed.document)).toEqual(once)
      const text = parsePolicy(JSON.stringify(once, null, 2), { for: 'identity' })
      expect('document' in text && canonical(text.document)).toEqual(once)
    },
    500,
  )

  law(
    'JSON is read as JSON.parse reads it, and refused where it refuses',
    fc.oneof(
      fc.json(),
      fc
        .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', ' ', '\\', '0'))
        .map(([json, at, put]) => {
          const where = at % (json.length + 1)
          return json.slice(0, where) + put + json.slice(where + 1)
        }),
    ),
    (json) => {
      let means: unknown
      let fails = false
      try {
        means = JSON.parse(json)
      } catch {
        fails = true
      }
      const placed = placesIn(json)
      expect('what' in placed).toBe(fails)
      if ('value' in placed) expect(placed.value).toEqual(means)
      else if (fails) expect(placed.offset).toBeLessThanOrEqual(json.length)
    },
    3_000,
  )
})

describe('patterns', () => {
  const regex = (of: string, any: string, one: string) =>
    new RegExp(
      `^${of.replaceAll(/[\\^$.|+()[\]{}*?]/g, (sign) => (sign === '*' ? any : sign === '?' ? one : `\\${sign}`))}$`,
      's',
    )

  law(
    'a pattern matches what a regular expression matches',
    fc.tuple(
      fc.string({ unit: fc.constantFrom('a', 'b', ':', '.', '*', '?', '[', '$'), maxLength: 8 }),
      fc.string({ unit: fc.constantFrom('a', 'b', ':', '.', '[', '$'), maxLength: 8 }),
    ),
    ([of, against]) => {
      expect(matches(glob(of), against)).toBe(regex(of, '.*', '.').test(against))
    },
    5_000,
  )

  law(
    'a pattern of an ARN matches part by part',
    fc.tuple(
      fc.array(fc.string({ unit: fc.constantFrom('a', '*', '?'), maxLength: 3 }), {
        minLength: 6,
        maxLength: 7,
      }),
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 3 }), { minLength: 5, maxLength: 8 }),
    ),
    ([of, against]) => {
      const parts = (all: readonly string[]) => [...all.slice(0, 5), all.slice(5).join(':')]
      const expected =
        against.length >= 6 &&
        parts(of).every((part, at) => regex(part, '.*', '.').test(parts(against)[at] ?? ''))
      expect(matches(arnParts(glob(of.join(':')))!, against.join(':'))).toBe(expected)
    },
    3_000,
  )

  law(
    'among the choices is one for each set of patterns that some text meets',
    fc.tuple(
      fc.array(pattern, { minLength: 1, maxLength: 3 }),
      pattern,
      fc.option(pattern, { nil: undefined }),
    ),
    ([patterns, from, but]) => {
      const texts = { ...textsLike(from), ...(but === undefined ? {} : { but: [glob(but)] }) }
      const { texts: found, whole } = choices(texts, patterns.map(glob))
      expect(whole).toBe(true)
      const meets = (one: string) => patterns.map((of) => regex(of, '.*', '.').test(one)).join()
      const may = (one: string) =>
        regex(from, '.*', '.').test(one) && (but === undefined || !regex(but, '.*', '.').test(one))
      for (const one of found) expect(may(one), one).toBe(true)
      const sets = new Set(found.map(meets))
      for (const one of longer) if (may(one)) expect(sets, `${one} meets ${meets(one)}`).toContain(meets(one))
    },
    500,
  )

  law(
    'among the choices of certain kinds of characters is one for each set of patterns as well',
    fc.tuple(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'z', ':', '~', '*', '?'), maxLength: 4 }), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.array(fc.constantFrom('a', ':', 'hex', 'part', 'sessionName', 'text'), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.constantFrom('', 'a', ':'),
    ),
    ([patterns, pieces, begins]) => {
      const kinds: Record<string, string> = {
        hex: '[0-9a-f]',
        part: '[^:]+',
        sessionName: '[\\w+=,.@-]{2,}',
        text: '.*',
      }
      const rest = pieces.flatMap((one) =>
        one === 'hex'
          ? free.uuid.slice(0, 1)
          : one === 'part' || one === 'sessionName' || one === 'text'
            ? free[one]
            : glob(one),
      )
      const may = new RegExp(`^${begins}${pieces.map((one) => kinds[one] ?? one).join('')}$`)
      const { texts: found, whole } = choices({ begins, rest }, patterns.map(glob))
      expect(whole).toBe(true)
      const meets = (one: string) => patterns.map((of) => regex(of, '.*', '.').test(one)).join()
      for (const one of found) expect(may.test(one), one).toBe(true)
      const sets = new Set(found.map(meets))
      for (const one of kindly)
        if (may.test(one)) expect(sets, `${one} meets ${meets(one)}`).toContain(meets(one))
    },
    500,
  )

  test('patterns made to be hard are left open, and soon', () => {
    const hard = Array.from({ length: 8 }, (_, at) => glob(`*${'ab'[at % 2] ?? ''}${'?'.repeat(14 + at)}`))
    expect(choices(textsLike('*'), hard).whole).toBe(false)
  })
})

const kindly = textsUpTo(5, ['a', 'z', ':', '~'])
const longer = textsUpTo(6, letters).concat(textsUpTo(4, [...letters, 'x']))

// Trusts of jobs and roles ------------------------------------------------------------------------------------------

const uuid = (at: number) => `0190aaaa-0000-4000-8000-00000000000${at}`
const provider = {
  arn: 'arn:aws:iam::333333333333:oidc-provider/agent.buildkite.com',
  url: 'agent.buildkite.com',
  clientIds: ['sts.amazonaws.com'],
}
const jobs: readonly Job[] = [1, 2].flatMap((organization) =>
  [3, 4].flatMap((pipeline) =>
    [null, 5, 6].map((cluster): Job => ({
      organization: { slug: `org-${organization}`, id: uuid(organization) },
      pipeline: { slug: `web-${pipeline}`, id: uuid(pipeline) },
      cluster: cluster === null ? null : { name: `cluster-${cluster}`, id: uuid(cluster) },
      queue: cluster === null ? null : { key: 'deploy', id: uuid(cluster + 2) },
    })),
  ),
)

const subject = fc.oneof(
  fc.constantFrom(...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(uuid)),
  fc
    .tuple(
      fc.constantFrom('org-1', 'org-2', 'org*', '*', 'org-?'),
      fc.constantFrom('web-3', 'web-4', 'web*', '*', 'web-3:ref:refs/heads/x'),
      fc.constantFrom(
        '*',
        'refs/heads/main:commit:*',
        'main:*',
        'refs/heads/main*',
        'refs/heads/main:commit:1:step:',
      ),
    )
    .map(([organization, pipeline, ref]) => `organization:${organization}:pipeline:${pipeline}:ref:${ref}`),
  fc.constantFrom('*', 'organization:org-1:*', 'organization:org-1*', '*:pipeline:web-3:*', '0190aaaa*'),
  fc
    .constantFrom('web-3:*', 'web-3*', 'w*3:*', 'web-3', 'web-?:*')
    .map((end) => `organization:org-1:pipeline:${end}`),
)
const of = (...numbers: readonly number[]) =>
  fc.array(fc.constantFrom(...numbers.map(uuid)), { minLength: 1, maxLength: 2 })
const claim = fc.oneof(
  fc.array(subject, { minLength: 1, maxLength: 2 }).map((values) => ['sub', values] as const),
  of(1, 2, 9).map((values) => ['organization_id', values] as const),
  of(3, 4, 9).map((values) => ['pipeline_id', values] as const),
  of(5, 6).map((values) => ['cluster_id', values] as const),
  of(7, 8).map((values) => ['queue_id', values] as const),
  fc
    .constantFrom('web-3', 'web-4', 'web-*', 'web-3*', '*-3')
    .map((slug) => ['pipeline_slug', [slug]] as const),
)
const claimed = fc
  .tuple(
    fc.constantFrom('', '', '', 'ForAllValues:', 'ForAnyValue:'),
    fc.constantFrom(
      'StringEquals',
      'StringEquals',
      'StringLike',
      'StringNotEquals',
      'StringEqualsIgnoreCase',
    ),
    fc.constantFrom('', '', '', 'IfExists'),
    claim,
    fc.boolean(),
  )
  .map(([set, name, exists, [key, values], tag]): Raw => ({
    [set + name + exists]: {
      [tag && key !== 'sub' ? `aws:RequestTag/${key}` : `agent.buildkite.com:${key}`]: values,
    },
  }))
const entry = fc
  .record({
    Effect: fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
    Principal: fc.constantFrom<Json>({ Federated: provider.arn }, { Federated: provider.arn }, '*', {
      AWS: '333333333333',
    }),
    Action: fc.constantFrom<Json>(
      ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
      'sts:AssumeRoleWithWebIdentity',
      'sts:*',
      'sts:AssumeRole',
    ),
    Condition: fc.array(claimed, { maxLength: 3 }).map((all) => Object.assign({}, ...all) as Raw),
  })
  .map((one): Raw => one as Raw)
const trust = fc.array(entry, { minLength: 1, maxLength: 3 }).map((statements) => read(statements, 'trust'))

const enter = (job: Job, document: PolicyDocument | undefined): Decision =>
  mayAssumeWithWebIdentity(job, {
    arn: 'arn:aws:iam::333333333333:role/web',
    tags: {},
    trust: { name: 'trust', document },
    providers: [provider],
  })

describe('trusts', () => {
  law(
    'an index finds whoever would be found without it',
    fc.array(fc.option(trust, { nil: undefined, freq: 8 }), { minLength: 1, maxLength: 6 }),
    (trusts) => {
      const index = indexTrust(trusts.map((one, at) => ({ role: at, trust: one })))
      for (const job of jobs) {
        const found = index.forJob(job)
        trusts.forEach((one, at) => {
          if (!found.includes(at)) expect(enter(job, one).answer, JSON.stringify(job)).toBe('no')
        })
      }
    },
    300,
  )

  test('of a thousand exact trusts a job is asked about its own', () => {
    const id = (at: number) => `0190aaaa-0000-4000-8000-${`${at}`.padStart(12, '0')}`
    const trusts = Array.from({ length: 1_000 }, (_, role) => ({
      role,
      trust: read(
        [0, 1, 2, 3, 4].map((at) => ({
          Effect: 'Allow',
          Principal: { Federated: provider.arn },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: {
              'agent.buildkite.com:sub': uuid(7),
              'agent.buildkite.com:organization_id': uuid(1),
              'agent.buildkite.com:pipeline_id': id(role * 5 + at),
            },
          },
        })),
        'trust',
      ),
    }))
    const index = indexTrust(trusts)
    const [job] = jobs
    for (const at of [0, 4, 5, 4_999])
      expect(index.forJob({ ...job!, pipeline: { slug: `p-${at}`, id: id(at) } })).toEqual([
        Math.floor(at / 5),
      ])
    expect(index.forJob({ ...job!, pipeline: { slug: 'other', id: id(5_000) } })).toEqual([])
  })

  law(
    'a job gets in with every token that it could ask for and that is let in',
    fc.tuple(trust, fc.constantFrom(...jobs), fc.nat()),
    ([document, job, seed]) => {
      const may = enter(job, document)
      for (let at = 0; at < 24; at++) {
        const { has, tags } = tokenOf(job, seed + at)
        const found = decide({
          actions: ['sts:AssumeRoleWithWebIdentity', ...(tags ? ['sts:TagSession'] : [])],
          resource: known('arn:aws:iam::333333333333:role/web'),
          principal: { is: 'provider', arn: provider.arn },
          accounts: 'none',
          context: (key) => has.get(key) ?? { is: 'absent' },
          policies: { trust: { name: 'trust', document } },
        })
        if (found.answer === 'yes') expect(may.answer, JSON.stringify([...has])).not.toBe('no')
      }
    },
    600,
  )

  law(
    'the roles that a trust names are found by the index, and only an answer of no is not found',
    fc.tuple(
      fc.array(
        fc.oneof(
          ...[
            { AWS: '111111111111' },
            { AWS: 'arn:aws:iam::111111111111:root' },
            { AWS: 'arn:aws:iam::111111111111:role/a/web' },
            { AWS: 'arn:aws:iam::222222222222:role/web' },
            { AWS: 'arn:aws:sts::111111111111:assumed-role/web/x1' },
            { AWS: ['arn:aws:iam::222222222222:role/web', 'AROAEXAMPLEEXAMPLE01'] },
            '*',
            { Service: 'ec2.amazonaws.com' },
          ].map((one) => fc.constant(one as Json)),
        ),
        { minLength: 1, maxLength: 3 },
      ),
      fc.constantFrom('Principal', 'NotPrincipal'),
      fc.constantFrom('Allow', 'Deny'),
    ),
    ([principals, part, effect]) => {
      const trusts = principals.map((principal) =>
        read([{ Effect: effect, [part]: principal, Action: 'sts:AssumeRole' }], 'trust'),
      )
      const index = indexTrust(trusts.map((one, at) => ({ role: at, trust: one })))
      const all = read([{ Effect: 'Allow', Action: '*', Resource: '*' }])
      for (const arn of [
        'arn:aws:iam::111111111111:role/a/web',
        'arn:aws:iam::222222222222:role/web',
        'arn:aws:iam::333333333333:role/web',
      ])
        trusts.forEach((document, at) => {
          if (index.forRole(arn).includes(at)) return
          const { answer: said } = mayAssume(
            { arn, tags: {}, begun: 'by-choice', identity: [{ name: 'all', document: all }], boundary: null },
            { arn: 'arn:aws:iam::111111111111:role/target', tags: {}, trust: { name: 'trust', document } },
          )
          expect(said).toBe('no')
        })
    },
    300,
  )
})

/** One token that Buildkite could give, by another account of how it does. */
const tokenOf = (job: Job, seed: number): { has: ReadonlyMap<string, Value>; tags: boolean } => {
  const bit = (at: number) => Math.floor(seed / 2 ** at) % 2 === 1
  const ids: Record<string, string> = { organization_id: job.organization.id, pipeline_id: job.pipeline.id }
  if (job.cluster) ids['cluster_id'] = job.cluster.id
  if (job.queue) ids['queue_id'] = job.queue.id
  const text = `organization:${job.organization.slug}:pipeline:${job.pipeline.slug}:ref:refs/heads/${bit(0) ? 'main' : 'x:pipeline:web-3:'}:commit:${bit(1) ? '1' : ''}:step:${bit(2) ? ':pipeline:web-3:' : ''}`
  const subjects = [text, text, ...Object.values(ids)]
  const has = new Map<string, Value>([
    ['agent.buildkite.com:aud', known('sts.amazonaws.com')],
    ['agent.buildkite.com:sub', known(subjects[seed % subjects.length] ?? text)],
    ['agent.buildkite.com:organization_slug', known(job.organization.slug)],
    ['agent.buildkite.com:pipeline_slug', known(job.pipeline.slug)],
  ])
  const tags: string[] = []
  Object.entries(ids).forEach(([name, id], at) => {
    if (bit(3 + at) && name !== 'queue_id') has.set(`agent.buildkite.com:${name}`, known(id))
    if (bit(7 + at)) {
      has.set(`aws:requesttag/${name}`, known(id))
      tags.push(name)
    }
  })
  if (tags.length > 0) has.set('aws:tagkeys', known(...tags))
  return { has, tags: tags.length > 0 }
}

test('the laws are asked of answers of every kind', () => {
  const count: Record<string, number> = {}
  for (const has of fc
    .sample(fc.tuple(policy, request(value)), { numRuns: 500, seed: 1 })
    .map(([statements, of]) => answer(statements, of)))
    count[has] = (count[has] ?? 0) + 1
  for (const one of ['yes', 'no', 'depends']) expect(count[one]).toBeGreaterThan(50)
  const entered: Record<string, number> = {}
  for (const [one, job] of fc.sample(fc.tuple(trust, fc.constantFrom(...jobs)), { numRuns: 500, seed: 1 })) {
    const { answer: said } = enter(job, one)
    entered[said] = (entered[said] ?? 0) + 1
  }
  for (const one of ['yes', 'no']) expect(entered[one]).toBeGreaterThan(50)
})

test('exactly is a text alone', () => {
  expect(choices(exactly('a'), [glob('*')])).toEqual({ texts: ['a'], whole: true })
})
