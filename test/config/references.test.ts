import { describe, expect, test } from 'vitest'
import { readDeclaration } from '../../src/config/declaration.js'
import { undeclaredReferences, unknownReferences } from '../../src/config/references.js'
import type { Address } from '../../src/model/address.js'
import { filesOf } from '../support/files.js'
import { gardenKinds } from './kinds.js'

const text = `organization: acme
options: { main_garden: hom }
gardens:
  home: { plant_defaults: { keepers: { ada@acme.test: owns } } }
  a/b: {}
  a/c/d: {}
plants:
  rose: { species: x, garden: home }
  lily: { species: x, garden: a/c }
  oak: { species: x, garden: hom, keepers: { bob@acme.test: cuts } }
  elm: { species: x, garden: home }
`
const { wanted } = readDeclaration(filesOf({ 'bridle.yaml': text }), 'bridle.yaml', gardenKinds)

describe('names of what no file declares', () => {
  test('offline they are told, each once, with the nearest name; they may well be there', () => {
    const found = undeclaredReferences(wanted!, gardenKinds)
    expect(
      found.map(({ from, field, address, where, nearest }) => [
        `${where.line}:${where.column}`,
        from,
        field,
        address,
        nearest,
      ]),
    ).toEqual([
      ['2:25', 'options:all', 'main_garden', 'garden:hom', 'home'],
      ['9:31', 'plant:lily', 'garden', 'garden:a%2Fc', 'a/b'],
    ])
  })

  test('what is there is no finding, and what is neither is one at every place', () => {
    const present = new Set<Address>(['garden:a%2Fc', 'person:ada@acme.test', 'person:rob@acme.test'])
    const found = unknownReferences(wanted!, present, gardenKinds)
    expect(
      found.map(({ code, where: [at], what, label, fix }) => [
        code,
        `${at!.line}:${at!.column}`,
        what,
        label,
        fix,
      ]),
    ).toEqual([
      [
        'unknown-reference',
        '2:25',
        'options "all" names garden "hom", which is neither declared nor there',
        'did you mean home?',
        'write "home", or declare garden "hom"',
      ],
      [
        'unknown-reference',
        '10:30',
        'plant "oak" names garden "hom", which is neither declared nor there',
        'did you mean home?',
        'write "home", or declare garden "hom"',
      ],
      [
        'unknown-reference',
        '10:46',
        'keeper "oak/bob@acme.test" names person "bob@acme.test", which is neither declared nor there',
        'did you mean rob@acme.test?',
        'write "rob@acme.test", or declare person "bob@acme.test"',
      ],
    ])
  })

  test('nothing is unknown where everything is there', () => {
    const all = new Set<Address>([
      'garden:hom',
      'garden:a%2Fc',
      'person:ada@acme.test',
      'person:bob@acme.test',
    ])
    expect(unknownReferences(wanted!, all, gardenKinds)).toEqual([])
  })
})
