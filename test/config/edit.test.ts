import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { changedLines } from '../../src/config/difference.js'
import { edited, type Edit } from '../../src/config/edit.js'
import { find } from '../../src/config/node.js'
import { sourceOf, topOf } from '../../src/config/source.js'
import { parseYaml } from '../../src/config/yaml.js'
import type { Json } from '../../src/model/json.js'
import { law } from '../support/law.js'

const text = `# Who builds what.
organization: acme      # the slug

teams:
  release:              # careful
    members: { eve@acme.test: member, "bob@acme.test": 'maintainer' }   # two
    privacy: visible
  # everybody else
  web: {}

clusters:
  production:
    # a border
    allow: { teams: [release,  web] }
    queues:
      deploy:
        description: >
          Deploys
          things
      canary:
pipelines:
  web:
    steps: |
      steps:
        - command: make

        - command: test
accept:
  # until we know better
  - { finding: bridle-itself, at: organization }   # ours
  - finding: identity-provider # theirs
    at: organization
`

test.each(['  steps: []\n', 'steps: []\n\n\n'])(
  '%j is no text for a literal, and is said in quotes',
  (value) => {
    const changed = edited(text, [{ act: 'set', path: ['pipelines', 'web', 'steps'], value }])
    const [before, after] = [text, changed].map((one) => one.slice(0, one.indexOf('    steps: ')))
    expect(after).toBe(before)
    expect(changed.slice(changed.indexOf('    steps: '))).toBe(
      `    steps: ${JSON.stringify(value)}\n${text.slice(text.indexOf('accept:'))}`,
    )
  },
)

describe('an edit changes its line, and nothing else', () => {
  const lines = (changed: string) => {
    const [before, after] = [text.split('\n'), changed.split('\n')]
    const gone = before.filter((line) => !after.includes(line))
    const come = after.filter((line) => !before.includes(line))
    expect(after.filter((line) => before.includes(line))).toEqual(
      before.filter((line) => after.includes(line)),
    )
    return { gone, come }
  }
  const cases: [string, Edit, { gone: string[]; come: string[] }][] = [
    [
      'a value before its comment',
      { act: 'set', path: ['organization'], value: 'a, b' },
      { gone: ['organization: acme      # the slug'], come: ['organization: "a, b"      # the slug'] },
    ],
    [
      'an item of a list in brackets',
      { act: 'remove', path: ['clusters', 'production', 'allow', 'teams', 0] },
      { gone: ['    allow: { teams: [release,  web] }'], come: ['    allow: { teams: [web] }'] },
    ],
    [
      'lines of a literal',
      {
        act: 'set',
        path: ['pipelines', 'web', 'steps'],
        value: 'steps:\n  - command: make\n\n  - command: ship\n',
      },
      { gone: ['        - command: test'], come: ['        - command: ship'] },
    ],
    [
      'lines of a literal, the last without an end',
      {
        act: 'set',
        path: ['pipelines', 'web', 'steps'],
        value: 'steps:\n  - command: make\n\n  - command: ship',
      },
      {
        gone: ['    steps: |', '        - command: test'],
        come: ['    steps: |-', '        - command: ship'],
      },
    ],
    [
      'one more in brackets',
      { act: 'append', path: ['clusters', 'production', 'allow', 'users'], value: 'ada@acme.test' },
      {
        gone: ['    allow: { teams: [release,  web] }'],
        come: ['    allow: { teams: [release,  web], users: [ada@acme.test] }'],
      },
    ],
    [
      'a key of a map in braces',
      { act: 'remove', path: ['teams', 'release', 'members', 'bob@acme.test'] },
      {
        gone: [`    members: { eve@acme.test: member, "bob@acme.test": 'maintainer' }   # two`],
        come: ['    members: { eve@acme.test: member }   # two'],
      },
    ],
    [
      'the last in braces leaves braces',
      { act: 'remove', path: ['clusters', 'production', 'allow', 'teams'] },
      { gone: ['    allow: { teams: [release,  web] }'], come: ['    allow: {}'] },
    ],
    [
      'a key of a map of lines',
      { act: 'set', path: ['teams', 'release', 'members_can_create_pipelines'], value: false },
      { gone: [], come: ['    members_can_create_pipelines: false'] },
    ],
    [
      'an item of a list of lines, with the comment behind it',
      { act: 'remove', path: ['accept', 0] },
      { gone: ['  - { finding: bridle-itself, at: organization }   # ours'], come: [] },
    ],
    [
      'one more line of a list',
      { act: 'append', path: ['accept'], value: { finding: 'control-plane', until: '2027-03-01' } },
      { gone: [], come: ['  - { finding: control-plane, until: 2027-03-01 }'] },
    ],
    [
      'a list that is not there yet',
      { act: 'append', path: ['expect'], value: { who: 'outsider' } },
      { gone: [], come: ['expect: [{ who: outsider }]'] },
    ],
    [
      'a text over several lines',
      { act: 'remove', path: ['clusters', 'production', 'queues', 'deploy', 'description'] },
      {
        gone: ['      deploy:', '        description: >', '          Deploys', '          things'],
        come: ['      deploy: {}'],
      },
    ],
    [
      'something where nothing stands yet',
      { act: 'set', path: ['clusters', 'production', 'queues', 'canary', 'hook', 'mode'], value: 'block' },
      { gone: ['      canary:'], come: ['      canary: { hook: { mode: block } }'] },
    ],
    ['nothing where nothing is', { act: 'remove', path: ['teams', 'nobody'] }, { gone: [], come: [] }],
    [
      'the first key behind a dash',
      { act: 'remove', path: ['accept', 1, 'finding'] },
      {
        gone: ['  - finding: identity-provider # theirs', '    at: organization'],
        come: ['  - at: organization'],
      },
    ],
  ]
  test.each(cases)('%s', (_name, edit, expected) => {
    const changed = edited(text, [edit])
    expect(lines(changed)).toEqual(expected)
  })

  test('several, one after another, and line ends as they are', () => {
    const changed = edited('a: 1 # one\r\nb: [x]\r\n', [
      { act: 'set', path: ['c', 'd'], value: true },
      { act: 'append', path: ['b'], value: 'y' },
      { act: 'remove', path: ['a'] },
    ])
    expect(changed).toBe('b: [x, y]\r\nc: { d: true }\r\n')
  })

  test('an empty file, or one of comments, begins with what is set', () => {
    expect(edited('', [{ act: 'set', path: ['a', 'b'], value: 1 }])).toBe('a: { b: 1 }\n')
    expect(edited('# soon', [{ act: 'set', path: ['a'], value: [] }])).toBe('# soon\na: []\n')
  })

  test('where a cut would take another’s comment along, the file is written anew with it', () => {
    const list = 'a:\n    - k: v # of k\n      # of l\n      l: w\n'
    const changed = edited(list, [{ act: 'remove', path: ['a', 0, 'k'] }])
    expect(parse(changed)).toEqual({ a: [{ l: 'w' }] })
    expect(changed).toContain('# of l')
    const braces = 'a: { # first\n  k: v, # of k\n  l: w }\n'
    const cut = edited(braces, [{ act: 'remove', path: ['a', 'l'] }])
    expect(parse(cut)).toEqual({ a: { k: 'v' } })
    expect(cut).toContain('# of k')
  })

  describe('what is asked for in lines gets them', () => {
    const web = { cluster: 'general', teams: { web: 'build_and_read' } }
    const put = (text: string, path: string[], value: Json = web) =>
      edited(text, [{ act: 'set', path, value, lines: true }])

    test('beside what is there, as far in and as far apart, before what follows', () => {
      const text =
        'pipelines:\n    api: # ours\n        cluster: general\n        # more to come\n\n    # The second.\n    docs:\n        cluster: general\n        steps: |\n            steps: []\n        # not yet: tags\n\n# Rules.\nrules: []\n'
      const [before, after] = text.split('\n# Rules.')
      expect(put(text, ['pipelines', 'web'])).toBe(
        `${before}\n    web:\n        cluster: general\n        teams: { web: build_and_read }\n\n# Rules.${after}`,
      )
    })

    test('a section that is not there yet', () => {
      expect(put('organization: acme', ['pipelines', 'web'])).toBe(
        'organization: acme\npipelines:\n  web:\n    cluster: general\n    teams: { web: build_and_read }\n',
      )
      expect(put('', ['pipelines', 'web'], {})).toBe('pipelines:\n  web: {}\n')
    })

    test.each(['pipelines: {} # none\n', 'pipelines: # none\n'])('%j is filled', (text) => {
      expect(put(text, ['pipelines', 'web'])).toMatch(
        /^pipelines: +# none\n {2}web:\n {4}cluster: general\n {4}teams: \{ web: build_and_read \}\n$/,
      )
    })

    test('inside of braces there are no lines', () => {
      expect(put('pipelines: { api: {} } # all\n', ['pipelines', 'web'])).toBe(
        'pipelines: { api: {}, web: { cluster: general, teams: { web: build_and_read } } } # all\n',
      )
    })

    test('texts of several lines, and what is too long for one', () => {
      const long = Array.from({ length: 12 }, (_, n) => `somebody-${n}@acme.test`)
      expect(
        put('a: 1\r\n', ['b'], { steps: 'steps:\n\n  - x\n', users: long.slice(0, 2), teams: long }),
      ).toBe(
        [
          'a: 1',
          'b:',
          '  steps: |',
          '    steps:',
          '',
          '      - x',
          '  users: [somebody-0@acme.test, somebody-1@acme.test]',
          '  teams:',
          ...long.map((one) => `    - ${one}`),
          '',
        ].join('\r\n'),
      )
    })
  })

  test('nothing can stand under a text', () => {
    expect(() => edited('a: x', [{ act: 'set', path: ['a', 'b'], value: 1 }])).toThrow(TypeError)
    expect(() => edited('a: x', [{ act: 'append', path: ['a'], value: 1 }])).toThrow(TypeError)
  })
})

type Value = string | number | boolean | null | Value[] | { [key: string]: Value }

const name = fc.stringMatching(/^[a-z][a-z0-9_ @.:#-]{0,8}$/)
const scalar = fc.oneof(
  name,
  fc.string({ maxLength: 12 }),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom('yes', 'two\nlines', '', 'a, [b', `${'long '.repeat(30)}text`),
  fc.constant('1.10'),
)
const { map } = fc.letrec<{ map: Record<string, Value>; value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    { weight: 3, arbitrary: scalar },
    { weight: 2, arbitrary: tie('map') },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 4 }) },
  ),
  map: fc.dictionary(name, tie('value'), { maxKeys: 4 }),
}))

/** How a file happens to be written. */
interface Style {
  readonly coin: () => boolean
  readonly newline: string
}

/** The same values as somebody might write them: in lines or in brackets, with comments that are all different. */
const written = (value: Record<string, Value>, { coin, newline }: Style): string => {
  let comments = 0
  const comment = () => (coin() && coin() ? `   # comment ${++comments}` : '')
  const own = (indent: string) =>
    coin() && coin() ? `${coin() ? newline : ''}${indent}# comment ${++comments}${newline}` : ''
  const word = (value: string | number | boolean | null) =>
    typeof value === 'string' && (coin() || !/^[a-z]+$/.test(value)) ? JSON.stringify(value) : String(value)
  const flow = (value: Value): string => {
    const gap = coin() ? ' ' : ''
    if (Array.isArray(value)) return `[${gap}${value.map(flow).join(coin() ? ', ' : ',  ')}${gap}]`
    if (typeof value !== 'object' || value === null) return word(value)
    return `{${gap}${Object.entries(value)
      .map(([key, inner]) => `${JSON.stringify(key)}: ${flow(inner)}`)
      .join(', ')}${gap}}`
  }
  const isEmpty = (value: Value) =>
    typeof value !== 'object' || value === null || Object.keys(value).length === 0
  const after = (value: Value, indent: string): string =>
    isEmpty(value) || coin()
      ? ` ${flow(value)}${comment()}${newline}`
      : `${comment()}${newline}${lines(value as Value[] | Record<string, Value>, indent + (coin() ? '  ' : '    '))}`
  const lines = (value: Value[] | Record<string, Value>, indent: string): string =>
    Array.isArray(value)
      ? value
          .map((item) =>
            !isEmpty(item) && !Array.isArray(item) && coin()
              ? `${own(indent)}${indent}- ${lines(item as Record<string, Value>, `${indent}  `)
                  .trimStart()
                  .replace(/^(#.*\r?\n\s*)+/, '')}`
              : `${own(indent)}${indent}- ${flow(item)}${comment()}${newline}`,
          )
          .join('')
      : Object.entries(value)
          .map(([key, inner]) => `${own(indent)}${indent}${JSON.stringify(key)}:${after(inner, indent)}`)
          .join('')
  return isEmpty(value) ? '' : lines(value, '')
}

/** Every path to something. */
const pathsIn = (value: Value): (string | number)[][] =>
  typeof value !== 'object' || value === null
    ? []
    : (Array.isArray(value) ? [...value.entries()] : Object.entries(value)).flatMap(([step, inner]) => [
        [step],
        ...pathsIn(inner).map((rest) => [step, ...rest]),
      ])

const at = (value: Value, path: readonly (string | number)[]): Value =>
  path.reduce<Value>((inner, step) => (inner as Record<string | number, Value>)[step]!, value)

/** What an edit comes to, said without any text. */
const after = (value: Value, { path, ...edit }: Edit): Value => {
  const whole = structuredClone(value)
  const last = path.at(-1)!
  const parent = at(whole, path.slice(0, -1)) as Value[] & Record<string, Value>
  if (edit.act === 'append') (parent[last as number] as Value[]).push(edit.value as Value)
  else if (edit.act === 'set') parent[last as number] = edit.value as Value
  else if (Array.isArray(parent)) parent.splice(last as number, 1)
  else Reflect.deleteProperty(parent, last)
  return whole
}

law(
  'an edit says what it should, and keeps every line and comment that is not of its place',
  fc.record({
    value: map.filter((value) => Object.keys(value).length > 0),
    coins: fc.infiniteStream(fc.boolean()),
    crlf: fc.boolean(),
    pick: fc.nat(),
    act: fc.constantFrom('set' as const, 'add' as const, 'remove' as const, 'append' as const),
    put: scalar,
  }),
  ({ value, coins, crlf, pick, act, put }) => {
    const coin = () => coins.next().value as boolean
    const before = written(value, { coin, newline: crlf ? '\r\n' : '\n' })
    expect(parse(before)).toEqual(value)
    const paths = pathsIn(value)
    const path = paths[pick % paths.length]!
    const there = at(value, path)
    const edit: Edit =
      act === 'remove'
        ? { act, path }
        : act === 'add' && typeof there === 'object' && there !== null && !Array.isArray(there)
          ? { act: 'set', path: [...path, 'quite new'], value: put }
          : act === 'append' && Array.isArray(there)
            ? { act, path, value: put }
            : { act: 'set', path, value: put }
    const changed = edited(before, [edit])
    const expected = after(value, edit)
    expect(parse(changed) ?? {}).toEqual(expected)

    // What stands on other lines than the place is as it was, byte for byte.
    const parent = at(value, path.slice(0, -1))
    const isLast = act === 'remove' && Object.keys(parent as object).length === 1 && path.length > 1
    const [from, to] = linesOf(before, isLast ? path.slice(0, -1) : path)
    const isBehindDash =
      act === 'remove' && typeof path.at(-2) === 'number' && Object.keys(parent as object)[0] === path.at(-1)
    if (isBehindDash) return
    expect(changed.slice(0, from)).toBe(before.slice(0, from))
    expect(changed.endsWith(before.slice(to))).toBe(true)
    const comments = (text: string) => text.match(/# comment \d+/g) ?? []
    if (edit.act === 'append' || path !== edit.path) expect(comments(changed)).toEqual(comments(before))
  },
  1_000,
)

law(
  'what is put on lines of its own says what it should, and takes no line or comment from anything else',
  fc.record({
    value: map,
    coins: fc.infiniteStream(fc.boolean()),
    crlf: fc.boolean(),
    pick: fc.nat(),
    deeper: fc.boolean(),
    put: fc.oneof(map, scalar, fc.constant('steps:\n  - command: make\n\n  - wait\n')),
  }),
  ({ value, coins, crlf, pick, deeper, put }) => {
    const coin = () => coins.next().value as boolean
    const before = written(value, { coin, newline: crlf ? '\r\n' : '\n' })
    const maps = [[], ...pathsIn(value)].filter((path) => {
      const there = at(value, path)
      return typeof there === 'object' && there !== null && !Array.isArray(there)
    })
    const parent = maps[pick % maps.length]!
    const path = [...parent, 'quite new', ...(deeper ? ['within'] : [])]
    const changed = edited(before, [{ act: 'set', path, value: put, lines: true }])
    const whole = structuredClone(value)
    Object.assign(at(whole, parent) as object, { 'quite new': deeper ? { within: put } : put })
    expect(parse(changed)).toEqual(whole)
    const comments = (text: string) => text.match(/# comment \d+/g) ?? []
    expect(comments(changed)).toEqual(comments(before))
    // One line at most is another than before: the braces that something was put into, or that were filled.
    expect(changedLines(before, changed).out.length).toBeLessThanOrEqual(1)
  },
  1_000,
)

/** The offsets of the lines that a place is on, told by the reader of declarations. */
const linesOf = (text: string, path: readonly (string | number)[]) => {
  const source = sourceOf('bridle.yaml', text)
  const { root } = parseYaml(source)
  const { node, key } = find(root!, path, topOf(source))
  const [first, last] = [Math.min(key.start, node!.at.start), Math.max(key.end, node!.at.end)]
  const end = text[last - 1] === '\n' ? last : text.indexOf('\n', last) + 1
  return [text.lastIndexOf('\n', first - 1) + 1, end] as const
}
