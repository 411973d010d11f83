import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect } from 'vitest'
import { stringify } from 'yaml'
import { readDeclaration, type Declaration } from '../../src/config/declaration.js'
import { kinds } from '../../src/kinds/index.js'
import { codes } from '../../src/model/codes.js'
import { filesOf } from '../support/files.js'
import { law } from '../support/law.js'
import { gardenKinds } from './kinds.js'

/** What is true of every answer, whatever the question. */
const expectSane = ({ wanted, findings }: Declaration, order: readonly string[]) => {
  expect(wanted === undefined).toBe(findings.some(({ severity }) => severity === 'error'))
  const places = findings.map(({ where: [first] }) => first)
  for (const { code, what, why, fix, label, where } of findings) {
    expect(codes).toHaveProperty([code])
    for (const words of [what, why, fix]) expect(words).not.toBe('')
    const said = [what, why, fix, label ?? '', ...where.map(({ text }) => text)]
    for (const words of said) expect(words).not.toMatch(/bkua_\w/)
    for (const { line, column, length, text } of where) {
      expect(line).toBeGreaterThanOrEqual(1)
      expect(text).not.toMatch(/\n/)
      expect(column).toBeGreaterThanOrEqual(1)
      expect(column).toBeLessThanOrEqual(text.length + 1)
      expect(length).toBeGreaterThanOrEqual(1)
      expect(column - 1 + length).toBeLessThanOrEqual(Math.max(text.length, column))
    }
  }
  const rank = places.flatMap((span) => (span ? [[order.indexOf(span.file), span.line, span.column]] : []))
  expect(rank).toEqual([...rank].sort(([a, b, c], [d, e, f]) => a! - d! || b! - e! || c! - f!))
}

const root = 'bridle.yaml'
const onlyRoot = (content: string | Uint8Array) =>
  readDeclaration(filesOf({ [root]: content }), root, gardenKinds)

law('any text at all is a declaration or a finding', fc.string({ unit: 'binary', maxLength: 300 }), (text) =>
  expectSane(onlyRoot(text), [root]),
)

law('any bytes at all are a declaration or a finding', fc.uint8Array({ maxLength: 200 }), (bytes) =>
  expectSane(onlyRoot(bytes), [root]),
)

/** What files are made of, and what breaks them. */
const pieces = [
  ...[
    'organization',
    'include',
    'defaults',
    'manage',
    'ignore',
    'gardens',
    'plants',
    'options',
    'tools',
    'sheds',
  ],
  ...[
    'beds',
    'keepers',
    'plant_defaults',
    'was',
    'species',
    'guide',
    'guide_file',
    'files',
    'may',
    'home',
    'soil',
  ],
  ...[
    ': ',
    ':',
    '- ',
    '? ',
    '{',
    '}',
    '[',
    ']',
    ', ',
    '\n',
    '\n  ',
    '\n    ',
    '\n      ',
    '\t',
    '\r\n',
    '\r',
    '\uFEFF',
  ],
  ...[
    '"',
    "'",
    '|\n',
    '>-\n',
    '#',
    ' # ',
    '&a ',
    '*a',
    '!!str ',
    '!x ',
    '<<',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '@',
    '`',
  ],
  ...[
    'null',
    '~',
    'true',
    '1',
    '1.5',
    '.nan',
    '-.inf',
    '0x1F',
    '__proto__',
    'constructor',
    'toString',
    '""',
    '"\\u0000"',
  ],
  ...[
    '"\\ud800"',
    '\\',
    '../x',
    '/x',
    '**/*.yaml',
    '*.yaml',
    'a.yaml',
    'g.md',
    'bkua_0123456789',
    '\u202E',
    '\u0000',
    '💥',
  ],
]
const word = fc.constantFrom(...pieces)
const yamlish = fc.array(word, { maxLength: 60 }).map((words) => words.join(''))

law('anything made of what files are made of is a declaration or a finding', yamlish, (text) =>
  expectSane(onlyRoot(text), [root]),
)

law(
  'so is anything in files that are included or named',
  fc.record({ a: yamlish, g: fc.string({ unit: 'binary' }), more: yamlish }),
  ({ a, g, more }) => {
    const files = {
      [root]: `organization: acme\ninclude: [{ files: "*.yaml", may: [gardens, plants, options] }]\nplants: { p: { species: x, guide_file: g.md } }\n${more}`,
      'a.yaml': a,
      'g.md': g,
    }
    expectSane(readDeclaration(filesOf(files), root, gardenKinds), [root, 'a.yaml', 'g.md'])
  },
)

// A real declaration, and all that can happen to it on the way.
const acmeFolder = new URL('../../examples/acme/', import.meta.url)
const acme = Object.fromEntries(
  readdirSync(acmeFolder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(yaml|json)$/.test(path))
    .map((path) => [path.replaceAll('\\', '/'), readFileSync(new URL(path, acmeFolder), 'utf8')]),
)
const acmeOrder = [
  root,
  ...Object.keys(acme)
    .filter((path) => path !== root)
    .sort(),
]
const declarations = acmeOrder.filter((path) => !/^(pipelines|policies)\//.test(path))

const accident = fc.record({
  file: fc.constantFrom(...declarations),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat({ max: 40 }),
  what: fc.oneof(
    fc.constant('cut' as const),
    fc.constant('repeat' as const),
    word.map((insert) => ({ insert })),
  ),
})

const befall = (
  files: Record<string, string>,
  { file, at, length, what }: typeof accident extends fc.Arbitrary<infer A> ? A : never,
) => {
  const text = files[file]!
  const from = Math.floor(at * text.length)
  const slice = text.slice(from, from + length)
  const instead = what === 'cut' ? '' : what === 'repeat' ? slice + slice : what.insert
  const to = what === 'cut' || what === 'repeat' ? from + length : from
  return { ...files, [file]: text.slice(0, from) + instead + text.slice(to) }
}

law(
  'whatever happens to the example, it is a declaration or findings',
  fc.array(accident, { maxLength: 6 }),
  (accidents) => {
    const declaration = readDeclaration(filesOf(accidents.reduce(befall, acme)), root, kinds)
    expectSane(declaration, acmeOrder)
    if (accidents.length === 0) expect(declaration.findings).toEqual([])
  },
)

// Law 5: the order of files and keys changes nothing.
const name = fc.stringMatching(/^[a-z][a-z0-9/:%. -]{0,6}[a-z0-9]$/)
const some = <Value>(value: fc.Arbitrary<Value>) => fc.dictionary(name, value, { maxKeys: 4 })
const partly = <Shape extends object>(shape: { [Key in keyof Shape]: fc.Arbitrary<Shape[Key]> }) =>
  fc.record(shape, { requiredKeys: [] })
const plantFields = {
  tags: fc.array(name, { maxLength: 3 }),
  care: partly({ water: fc.constantFrom('daily', 'weekly'), shade: fc.boolean() }),
  labels: some(name),
  planted: fc.oneof(fc.constant('long ago'), fc.record({ year: fc.nat(), month: fc.nat() })),
  guide: name,
  keepers: some(fc.constantFrom('waters', 'cuts', 'owns')),
}
const organizations = fc.record({
  gardens: some(
    partly({
      soil: fc.constantFrom('clay', 'loam'),
      area: fc.integer({ min: 1, max: 99 }),
      note: fc.option(name),
      beds: some(partly({ size: fc.nat(), sunny: fc.option(fc.boolean()) })),
      plant_defaults: partly(plantFields),
    }),
  ),
  plants: some(fc.record({ ...plantFields, garden: name, species: name }, { requiredKeys: ['species'] })),
  sheds: some(fc.option(partly({ locked: fc.boolean() }))),
})

/** The same value, its keys in another order. */
const reordered = (value: unknown, coin: () => boolean): unknown => {
  if (Array.isArray(value)) return value.map((item) => reordered(item, coin))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => [key, reordered(inner, coin)] as const)
  return Object.fromEntries(coin() ? entries.toReversed() : [...entries.slice(1), ...entries.slice(0, 1)])
}

law(
  'the order of files and keys changes nothing',
  fc.record({
    organization: organizations,
    coins: fc.infiniteStream(fc.boolean()),
    files: fc.integer({ min: 1, max: 4 }),
  }),
  ({ organization: { gardens, plants, sheds }, coins, files }) => {
    const coin = () => coins.next().value as boolean
    const head = {
      organization: 'acme',
      manage: { plants: 'remove', beds: 'report' },
      ignore: { gardens: ['x', 'a*'] },
    }
    const whole = { ...head, gardens, plants, tools: { sheds } }

    const spread = Array.from({ length: files }, () => ({ gardens: {}, plants: {}, tools: { sheds: {} } }))
    const put = (things: object, into: (part: (typeof spread)[number]) => object) =>
      Object.entries(things).forEach(([key, value], index) =>
        Object.assign(into(spread[(index * 7 + 3) % files]!), { [key]: value }),
      )
    put(gardens, (part) => part.gardens)
    put(plants, (part) => part.plants)
    put(sheds, (part) => part.tools.sheds)
    const include = [{ files: 'part-?.yaml', may: ['gardens', 'plants', 'tools'] }]

    const read = (texts: Record<string, string>) => readDeclaration(filesOf(texts), root, gardenKinds)
    const one = read({ [root]: stringify(whole) })
    const other = read(
      Object.fromEntries(
        [
          [
            root,
            stringify(reordered({ ...head, include }, coin), coin() ? { collectionStyle: 'flow' } : {}),
          ] as const,
          ...spread.map(
            (part, index) =>
              [
                `part-${index}.yaml`,
                stringify(reordered(part, coin), coin() ? { defaultStringType: 'QUOTE_DOUBLE' } : {}),
              ] as const,
          ),
        ].toSorted(() => (coin() ? 1 : -1)),
      ),
    )
    expect(one.findings).toEqual([])
    expect(other.findings).toEqual([])
    expect(bytes(other)).toBe(bytes(one))
  },
)

/** All that the files say, without where they say it. */
const bytes = ({ wanted }: Declaration) =>
  JSON.stringify({
    organization: wanted!.organization,
    wants: wanted!.wants.map(({ address, kind, key, spec, was }) => ({ address, kind, key, spec, was })),
    covers: [...wanted!.covers],
    manage: wanted!.manage,
    ignore: wanted!.ignore,
  })
