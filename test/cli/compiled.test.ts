import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cacheOf, load } from '../../src/cli/compiled.js'

interface Program {
  readonly add: (a: number, b: number) => number
  readonly place: string
  readonly separator: string
}

const text = `
exports.add = (a, b) => a + b
exports.place = __filename
exports.separator = require('node:path').posix.sep
`

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridle-compiled-'))
  file = join(folder, 'program.cjs')
  writeFileSync(file, text)
})
afterEach(() => rmSync(folder, { recursive: true }))

const works = ({ program }: { program: Program }) =>
  expect({ ...program, add: program.add(1, 2) }).toEqual({ add: 3, place: file, separator: '/' })

describe('a program and what V8 compiled of it', () => {
  test('runs without', () => works(load(file)))

  test('runs with, and V8 takes it', () => {
    const before = load<Program>(file)
    before.program.add(1, 2)
    writeFileSync(cacheOf(file), before.script.createCachedData())
    const after = load<Program>(file)
    works(after)
    expect(after.script.cachedDataRejected).toBe(false)
  })

  test('what is kept does not say where it was made', () => {
    const { script } = load<Program>(file)
    expect(script.createCachedData().includes(folder)).toBe(false)
  })

  test.each([
    { name: 'nothing', bytes: Buffer.alloc(0) },
    { name: 'something else', bytes: Buffer.from('not what V8 makes') },
  ])('runs where the cache holds $name', ({ bytes }) => {
    writeFileSync(cacheOf(file), bytes)
    works(load(file))
  })

  test('runs as it is now, where the cache is of another text', () => {
    writeFileSync(cacheOf(file), load(file).script.createCachedData())
    writeFileSync(file, `${text}exports.add = () => 4\n`)
    expect(load<Program>(file).program.add(1, 2)).toBe(4)
  })

  test('whoever requires the file gets the same exports', () => {
    const { program } = load<Program>(file)
    expect(createRequire(import.meta.url)(file)).toBe(program)
  })
})
