import { describe, expect, test } from 'vitest'
import { readDeclaration } from '../../src/config/declaration.js'
import { undeclaredReferences, unknownReferences } from '../../src/config/references.js'
import type { Address } from '../../src/model/address.js'
import { filesOf } from '../support/files.js'
import { errorsIn, fresh } from '../support/ground.js'
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
        'keeper "oak/bob@acme.test" names person "bob@acme.test", which is not there',
        'did you mean rob@acme.test?',
        'write "rob@acme.test", or see that person "bob@acme.test" is there first: bridle makes none',
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

describe('people whom access names', () => {
  const { wanted } = readDeclaration(
    filesOf({
      'bridle.yaml': `organization: acme
trust: { admins: [root@acme.test, roo@acme.test], automation: bot@acme.test }
clusters:
  production:
    allow: { users: [ada@acme.test, Eve@acme.test] }
    queues: { deploy: { allow: { users: [eve@acme.test] }, held_by: hook } }
expect:
  - { who: user:zoe@acme.test, cannot: run, on: queue:production/deploy }
  - { who: outsider, cannot: run, on: queue:production/deploy }
`,
    }),
    'bridle.yaml',
  )

  test('are looked up where the organization is read', () => {
    const present = new Set<Address>(['user:root@acme.test', 'user:ada@acme.test', 'user:evi@acme.test'])
    expect(
      unknownReferences(wanted!, present).map(({ where: [at], what, fix }) => [
        `${at!.line}:${at!.column}`,
        what,
        fix,
      ]),
    ).toEqual([
      [
        '2:35',
        '`trust` names user "roo@acme.test", which is not there',
        'write "root@acme.test", or see that user "roo@acme.test" is there first: bridle makes none',
      ],
      [
        '2:63',
        '`trust` names user "bot@acme.test", which is not there',
        'correct the name, or see that user "bot@acme.test" is there first: bridle makes none',
      ],
      [
        '5:37',
        'the allow of cluster "production" names user "eve@acme.test", which is not there',
        'write "evi@acme.test", or see that user "eve@acme.test" is there first: bridle makes none',
      ],
      [
        '6:42',
        'the allow of queue "production/deploy" names user "eve@acme.test", which is not there',
        'write "evi@acme.test", or see that user "eve@acme.test" is there first: bridle makes none',
      ],
      [
        '8:12',
        'an expectation names user "zoe@acme.test", which is not there',
        'correct the name, or see that user "zoe@acme.test" is there first: bridle makes none',
      ],
    ])
  })

  test('even where nothing else asks for people', async () => {
    const trust = { admins: ['bridle@acme.test', 'nobody@acme.test'] }
    expect(errorsIn(await fresh().plan({ organization: 'acme', trust }))).toEqual([
      'unknown-reference: `trust` names user "nobody@acme.test", which is not there',
    ])
  })

  test('and are nobody’s business offline', () => expect(undeclaredReferences(wanted!)).toEqual([]))
})
