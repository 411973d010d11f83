import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { fileSchema, jsonSchema } from '../../src/config/schema.js'
import { kinds } from '../../src/kinds/index.js'
import { law } from '../support/law.js'
import { gardenKinds } from './kinds.js'

/** What an editor does with the schema. */
const editor = (of: typeof kinds) =>
  new Ajv2020({ strict: true, allowUnionTypes: true }).compile(jsonSchema(of))

describe('the JSON Schema of the files', () => {
  const accepts = editor(gardenKinds)
  const acme = new URL('../../examples/acme/', import.meta.url)
  const files = readdirSync(acme, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.yaml') && !path.startsWith('pipelines'),
  )

  test('is one that a strict validator takes, and says its draft', () => {
    expect(jsonSchema(kinds)).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' })
    expect(editor(kinds)({})).toBe(true)
  })

  test.each(files)('accepts %s of the example', (path) => {
    const accepts = editor(kinds)
    accepts(parse(readFileSync(new URL(path, acme), 'utf8')))
    expect(accepts.errors).toBeNull()
  })

  test.each([
    ['a part of a thing: the rest may be a default', { plants: { rose: { tags: ['a'] } } }],
    ['null for what is inherited', { plants: { rose: { care: { shade: null }, keepers: { x: null } } } }],
    ['a rename', { gardens: { home: { was: 'old' } } }],
    ['defaults by kind', { defaults: { plants: { species: 'x' }, beds: { size: 1 } } }],
    ['defaults that a thing keeps', { gardens: { home: { plant_defaults: { keepers: { x: 'owns' } } } } }],
    ['an include', { include: [{ files: 'a/*.yaml', may: ['plants', 'organization'] }] }],
    ['manage and ignore', { manage: { keepers: 'remove' }, ignore: { plants: ['x-*'] } }],
    ['a thing that may be null', { tools: { sheds: { old: null } } }],
    ['things in lists', { fences: [{ from: 'a' }], gardens: { home: { visitors: { friends: ['x'] } } } }],
  ])('accepts %s', (_what, file) => {
    accepts(file)
    expect(accepts.errors).toBeNull()
  })

  test.each([
    ['an unknown section', { planets: {} }],
    ['an unknown key', { gardens: { home: { soill: 'clay' } } }],
    ['an unknown key far down', { plants: { rose: { care: { sun: true } } } }],
    ['another type', { gardens: { home: { area: 'wide' } } }],
    ['another word', { gardens: { home: { soil: 'asphalt' } } }],
    ['a section of nothing', { gardens: null }],
    ['a thing of nothing, where there is nothing to inherit', { plants: { rose: null } }],
    ['an include that grants nothing by name', { include: [{ files: '*.yaml' }] }],
    ['an include as text', { include: ['*.yaml'] }],
    ['a grant of what does not exist', { include: [{ files: 'a', may: ['planets'] }] }],
    ['a name in defaults', { defaults: { plants: { was: 'x' } } }],
    ['defaults of what has no fields', { defaults: { keepers: 'owns' } }],
    ['the key by which defaults are found', { gardens: { home: { plant_defaults: { garden: 'home' } } } }],
    ['a map where a list belongs', { fences: { a: { from: 'a' } } }],
    ['a list that a kind does not have', { gardens: { home: { visitors: { foes: [] } } } }],
    ['a third way to manage', { manage: { plants: 'destroy' } }],
  ])('refuses %s', (_what, file) => {
    expect(accepts(file)).toBe(false)
  })

  test('has what the kinds say of themselves, once for each kind', () => {
    expect(jsonSchema(gardenKinds)).toMatchObject({
      $defs: {
        garden: { title: 'Garden', description: 'Where plants are.' },
        plant: {},
        'plant-defaults': {},
      },
    })
  })
})

// A file that is nearly right, so that most of the time only one thing decides.
const anything = fc.oneof(
  fc.constantFrom(null, true, 1, 0, 1.5, -1, '', 'x', 'clay', 'daily', 'owns', 'remove', 'plants'),
  fc.constantFrom<unknown>(
    [],
    {},
    ['x'],
    ['', 'x'],
    { x: 1 },
    { soil: 'clay' },
    { year: 1 },
    { files: 'x', may: [] },
  ),
)
const key = fc.constantFrom(
  ...[
    'gardens',
    'plants',
    'options',
    'tools',
    'sheds',
    'defaults',
    'manage',
    'ignore',
    'include',
    'organization',
  ],
  ...[
    'home',
    'soil',
    'area',
    'note',
    'beds',
    'size',
    'sunny',
    'plant_defaults',
    'species',
    'tags',
    'care',
    'water',
  ],
  ...['labels', 'planted', 'keepers', 'was', 'garden', 'locked', 'open', 'files', 'may', 'x', 'constructor'],
)
const { file } = fc.letrec<{ file: unknown; value: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, { weight: 2, arbitrary: anything }, { weight: 3, arbitrary: tie('file') }),
  file: fc.dictionary(key, tie('value'), { maxKeys: 2 }),
}))
const likely = fc.oneof(
  file,
  fc.record({ gardens: fc.dictionary(key, file, { maxKeys: 2 }) }),
  fc.record({ plants: fc.dictionary(key, file, { maxKeys: 2 }) }),
  fc.record({ defaults: fc.record({ plants: file }) }),
  fc.record({ gardens: fc.record({ home: fc.record({ plant_defaults: file }) }) }),
)
const accepts = editor(gardenKinds)

law(
  'an editor and bridle say the same of the shape of a file',
  likely,
  (file) => expect(accepts(file)).toBe(fileSchema(gardenKinds).safeParse(file).success),
  2_000,
)
