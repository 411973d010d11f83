import { describe, expect, test } from 'vitest'
import { readDeclaration } from '../../src/config/declaration.js'
import type { Files } from '../../src/config/files.js'
import { declarationBytes, namedFileBytes } from '../../src/config/files.js'
import { mostNames } from '../../src/config/glob.js'
import { mostFindings } from '../../src/config/problem.js'
import { filesOf } from '../support/files.js'
import { gardenKinds } from './kinds.js'

const read = (files: Readonly<Record<string, string>>) =>
  readDeclaration(filesOf(files), 'bridle.yaml', gardenKinds)
const readText = (text: string) => read({ 'bridle.yaml': text })
const codesOf = (text: string) => readText(text).findings.map(({ code }) => code)

describe('size', () => {
  const head = 'organization: acme # '

  test('a declaration of ten megabytes is read, and one byte more is a finding', () => {
    const full = head.padEnd(declarationBytes, 'x')
    expect(readText(full).wanted?.organization).toBe('acme')
    expect(codesOf(`${full}x`)).toEqual(['file-too-large'])
  })

  test('a limit counts bytes, whatever the machine said', () => {
    const files: Files = {
      read: () => ({ bytes: new Uint8Array(declarationBytes + 1).fill(0x23) }),
      list: () => ({ no: 'missing' }),
    }
    const { findings } = readDeclaration(files, 'bridle.yaml', gardenKinds)
    expect(findings.map(({ code }) => code)).toEqual(['file-too-large'])
  })

  test('a named file may have one mebibyte', () => {
    const root = 'organization: acme\nplants: { a: { species: x, guide_file: g.md } }'
    expect(read({ 'bridle.yaml': root, 'g.md': 'x'.repeat(namedFileBytes) }).findings).toEqual([])
    const { findings } = read({ 'bridle.yaml': root, 'g.md': 'x'.repeat(namedFileBytes + 1) })
    expect(findings.map(({ code }) => code)).toEqual(['file-too-large'])
  })

  test('ten megabytes of nothing but structure are a finding before they fill the memory', () => {
    expect(codesOf(`[${','.repeat(9_000_000)}`)).toEqual(['file-too-large'])
  })

  test('five thousand things over fifty files', () => {
    const files = Array.from({ length: 50 }, (_, file) => {
      const plants = Array.from({ length: 100 }, (_, n) => `  p${file}-${n}: { species: x, garden: home }\n`)
      return [`p/${file}.yaml`, `plants:\n${plants.join('')}`] as const
    })
    const root =
      'organization: acme\ninclude: [{ files: "p/*.yaml", may: [plants] }]\ngardens: { home: { plant_defaults: { keepers: { a: owns, b: cuts } } } }'
    const { wanted, findings } = read({ 'bridle.yaml': root, ...Object.fromEntries(files) })
    expect(findings).toEqual([])
    expect(wanted!.wants).toHaveLength(1 + 5_000 * 3)
  })
})

describe('depth', () => {
  test.each([
    ['brackets', '['.repeat(100_000)],
    ['braces', '{ a: '.repeat(100_000)],
    ['closed brackets', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['dashes', '- '.repeat(100_000)],
    ['questions', '? '.repeat(100_000)],
    ['indents', Array.from({ length: 500 }, (_, n) => `${' '.repeat(n)}a:`).join('\n')],
  ])('%s that never end are a finding, and no stack is exhausted', (_what, text) => {
    expect(codesOf(`organization: acme\ngardens:\n ${text}`)).toEqual(['too-deep'])
  })

  test('sixty brackets are no depth', () => {
    expect(codesOf(`organization: acme\noptions: ${'['.repeat(50)}${']'.repeat(50)}`)).toEqual(['wrong-type'])
  })
})

describe('a great many mistakes', () => {
  test('the first are told, and the rest are counted', () => {
    const mistakes = Array.from({ length: mostFindings + 234 }, (_, n) => `mistake-${n}: 1\n`).join('')
    const { findings, wanted } = readText(`organization: acme\n${mistakes}`)
    expect(findings).toHaveLength(mostFindings + 1)
    expect(findings[mostFindings - 1]?.where[0]?.line).toBe(mostFindings + 1)
    expect(findings[mostFindings]).toMatchObject({
      code: 'more-findings',
      what: '234 more findings are not shown',
    })
    expect(wanted).toBeUndefined()
  })

  test('syntax errors, anchors and tags are told in part: one mistake can look like many', () => {
    expect(codesOf(`a: ${'&a '.repeat(100_000)}`).length).toBeLessThan(200)
    expect(codesOf(`a: ${'!a '.repeat(100_000)}`).length).toBeLessThan(200)
    expect(codesOf(']'.repeat(100_000)).length).toBeLessThan(200)
  })

  test('a few lines that stand for gigabytes are a finding', () => {
    const lines = Array.from(
      { length: 30 },
      (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}, *a${n}, *a${n}]`,
    )
    expect(new Set(codesOf(['a0: &a0 [x]', ...lines].join('\n')))).toContain('yaml-feature')
  })

  test('a line that is too long to show has no frame', () => {
    const { findings } = readText(`organization: acme\ngardens: { ${'a: {}, '.repeat(2_000)} }`)
    expect(findings).toHaveLength(1_001)
    expect(findings[0]?.where[0]).toMatchObject({ line: 2, text: '' })
  })
})

describe('looking through folders', () => {
  const root = (glob: string) => `organization: acme\ninclude: [{ files: "${glob}", may: [gardens] }]`

  test('a pattern that looks through too much is a finding', () => {
    const files: Files = {
      read: () => ({ bytes: new TextEncoder().encode(root('**/*.yaml')) }),
      list: (folder) => ({
        entries: [
          { name: 'x', is: 'folder' },
          { name: `${folder.length}.txt`, is: 'file' },
        ],
      }),
    }
    const { findings } = readDeclaration(files, 'bridle.yaml', gardenKinds)
    expect(findings.map(({ code, what }) => [code, what])).toEqual([
      ['bad-path', `"**/*.yaml" looks through more than ${mostNames} names`],
    ])
  })

  test.each([
    ['outside', 'file-outside'],
    ['unreadable', 'file-unreadable'],
    ['not-a-file', 'file-unreadable'],
  ] as const)('a folder that is %s is %s: what is in it would be passed over', (no, code) => {
    const files: Files = {
      read: () => ({ bytes: new TextEncoder().encode(root('a/**/*.yaml')) }),
      list: (folder) => (folder === 'a' ? { entries: [{ name: 'b', is: 'folder' }] } : { no }),
    }
    expect(readDeclaration(files, 'bridle.yaml', gardenKinds).findings.map((one) => one.code)).toEqual([code])
  })
})
