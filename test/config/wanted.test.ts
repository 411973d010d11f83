import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readDeclaration } from '../../src/config/declaration.js'
import type { Span } from '../../src/model/span.js'
import { filesOf } from '../support/files.js'
import { gardenKinds } from './kinds.js'

interface Case {
  readonly name: string
  readonly text?: string
  readonly files?: Readonly<Record<string, string>>
  readonly wants: Readonly<Record<string, object>>
  readonly covers: readonly string[]
  readonly was?: Readonly<Record<string, string>>
  readonly manage?: object
  readonly ignore?: object
}

const read = (files: Readonly<Record<string, string>>) =>
  readDeclaration(filesOf(files), 'bridle.yaml', gardenKinds)

const cases = parse(readFileSync(new URL('wanted.yaml', import.meta.url), 'utf8')) as Case[]

describe('wanted', () => {
  test.each(cases)('$name', ({ text, files, wants, covers, was, manage, ignore }) => {
    const { wanted, findings } = read(files ?? { 'bridle.yaml': text ?? '' })
    expect(findings).toEqual([])
    expect(Object.fromEntries(wanted!.wants.map(({ address, spec }) => [address, spec]))).toEqual(wants)
    expect([...wanted!.covers]).toEqual(covers)
    expect(wanted!.manage).toEqual(manage ?? {})
    expect(wanted!.ignore).toEqual(ignore ?? {})
    const renames = wanted!.wants.flatMap((want) =>
      want.was === undefined ? [] : [[want.address, want.was]],
    )
    expect(Object.fromEntries(renames)).toEqual(was ?? {})
    expect(wanted!.organization).toBe('acme')
  })

  test('wants are in the order of their addresses, with kind and key', () => {
    const { wanted } = read({
      'bridle.yaml': 'organization: acme\nplants: { b: { species: x } }\ngardens: { c: {}, a: {} }\n',
    })
    expect(wanted!.wants.map(({ address, kind, key }) => [address, kind, key])).toEqual([
      ['garden:a', 'garden', 'a'],
      ['garden:c', 'garden', 'c'],
      ['plant:b', 'plant', 'b'],
    ])
  })

  test('files are counted with those that things name', () => {
    const files = {
      'bridle.yaml':
        'organization: acme\ninclude: [{ files: a.yaml, may: [plants] }]\nplants: { x: { species: x, guide_file: g.md } }',
      'a.yaml': 'plants: { y: { species: x, guide_file: g.md } }',
      'g.md': 'guide',
    }
    expect(read(files).files).toBe(3)
  })
})

describe('every value has its place', () => {
  const shown = ({ file, line, column, length, text }: Span) =>
    `${file}:${line}:${column}:${length} ${text.slice(column - 1, column - 1 + length)}`

  const { wanted } = read({
    'bridle.yaml': [
      'organization: acme',
      'include: [{ files: a.yaml, may: [plants] }]',
      'defaults:',
      '  plants: { garden: "home", care: { water: daily } }',
      'gardens:',
      '  home:',
      '    plant_defaults:',
      '      tags: [far]',
      'plants:',
      '  rose: # the first',
      '    species: rosa  # Latin',
      '    care:',
      '      shade: true',
      '    planted: >',
      '      long',
      '      ago',
      '    guide_file: g.md',
      '    keepers: { Ada@acme.test: waters }',
      '',
    ].join('\r\n'),
    'a.yaml': 'plants:\n  elm: { species: ulmus, garden: home }\n',
    'g.md': 'guide',
  })
  const placesOf = (address: string) => {
    const { at, spans } = wanted!.wants.find((want) => want.address === address)!
    return {
      at: shown(at),
      ...Object.fromEntries(Object.entries(spans).map(([key, span]) => [key, shown(span)])),
    }
  }

  test('its own, that of a default, that of the key where it is a map, that of the file name', () => {
    expect(placesOf('plant:rose')).toEqual({
      at: 'bridle.yaml:10:3:4 rose',
      slug: 'bridle.yaml:10:3:4 rose',
      species: 'bridle.yaml:11:14:4 rosa',
      garden: 'bridle.yaml:4:21:6 "home"',
      care: 'bridle.yaml:12:5:4 care',
      tags: 'bridle.yaml:8:7:4 tags',
      planted: 'bridle.yaml:14:14:1 >',
      guide: 'bridle.yaml:17:17:4 g.md',
    })
  })

  test('in the file where it stands, and at the name that it follows from', () => {
    expect(placesOf('plant:elm')).toEqual({
      at: 'a.yaml:2:3:3 elm',
      slug: 'a.yaml:2:3:3 elm',
      species: 'a.yaml:2:19:5 ulmus',
      garden: 'a.yaml:2:34:4 home',
      tags: 'bridle.yaml:8:7:4 tags',
    })
    expect(placesOf('keeper:rose/ada@acme.test')).toEqual({
      at: 'bridle.yaml:18:16:13 Ada@acme.test',
      plant: 'bridle.yaml:18:16:13 Ada@acme.test',
      person: 'bridle.yaml:18:16:13 Ada@acme.test',
      role: 'bridle.yaml:18:16:13 Ada@acme.test',
    })
  })

  test('a code frame has the line without its line end', () => {
    const rose = wanted!.wants.find(({ address }) => address === 'plant:rose')!
    expect(rose.at.text).toBe('  rose: # the first')
  })
})
