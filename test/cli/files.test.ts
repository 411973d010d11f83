import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { filesUnder } from '../../src/cli/files.js'
import { thisMachine } from '../../src/cli/this-machine.js'

const { disk } = thisMachine()
let base = ''
let folder = ''

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'bridle-files-'))
  folder = join(base, 'acme')
  mkdirSync(join(folder, 'teams'), { recursive: true })
  mkdirSync(join(base, 'acme-secrets'))
  writeFileSync(join(folder, 'bridle.yaml'), 'organization: acme\n')
  writeFileSync(join(folder, 'teams/web.yaml'), 'web: {}\n')
  writeFileSync(join(base, 'acme-secrets/key'), 'secret')
  symlinkSync(join(folder, 'teams/web.yaml'), join(folder, 'inside.yaml'))
  symlinkSync('../acme-secrets/key', join(folder, 'outside.yaml'))
  symlinkSync('../acme-secrets', join(folder, 'secrets'))
  symlinkSync('nowhere', join(folder, 'dangling.yaml'))
  symlinkSync('circle.yaml', join(folder, 'circle.yaml'))
  symlinkSync(folder, join(base, 'another-name'))
  execFileSync('mkfifo', [join(folder, 'pipe')])
})
afterAll(() => rmSync(base, { recursive: true }))

const text = (path: string, maxBytes = 1_000) => {
  const answer = filesUnder(disk, folder).read(path, maxBytes)
  return 'no' in answer ? answer.no : new TextDecoder().decode(answer.bytes)
}

describe('a file of the declaration', () => {
  test.each([
    ['a file', 'bridle.yaml', 'organization: acme\n'],
    ['a file in a folder', 'teams/web.yaml', 'web: {}\n'],
    ['a link to a file inside', 'inside.yaml', 'web: {}\n'],
    ['a link out of the folder, to one whose name begins alike', 'outside.yaml', 'outside'],
    ['a file behind a link out of the folder', 'secrets/key', 'outside'],
    ['a path with two dots', '../acme-secrets/key', 'outside'],
    ['nothing', 'nothing.yaml', 'missing'],
    ['a file in the place of a folder', 'bridle.yaml/x', 'missing'],
    ['a link to nothing', 'dangling.yaml', 'missing'],
    ['a link to itself', 'circle.yaml', 'unreadable'],
    ['a folder', 'teams', 'not-a-file'],
    ['a pipe, which would be waited on for ever', 'pipe', 'not-a-file'],
    ['a name with a zero in it', 'a\u0000b', 'unreadable'],
  ])('%s', (_, path, expected) => expect(text(path)).toBe(expected))

  test('one byte too many', () => {
    expect(text('bridle.yaml', 19)).toBe('organization: acme\n')
    expect(text('bridle.yaml', 18)).toBe('too-large')
  })

  test('one that may not be read', () => {
    const locked = () => {
      throw Object.assign(new Error('permission denied'), { code: 'EACCES' })
    }
    expect(filesUnder({ ...disk, read: locked }, folder).read('bridle.yaml', 100)).toEqual({
      no: 'unreadable',
    })
  })

  test('a bug in the disk is no answer', () => {
    const broken = () => {
      throw new TypeError('undefined is not a function')
    }
    expect(() => filesUnder({ ...disk, read: broken }, folder).read('bridle.yaml', 100)).toThrow(TypeError)
  })

  test('the folder itself may be a link', () => {
    const answer = filesUnder(disk, join(base, 'another-name')).read('bridle.yaml', 100)
    expect('bytes' in answer).toBe(true)
  })
})

describe('a folder of the declaration', () => {
  const names = (path: string) => {
    const answer = filesUnder(disk, folder).list(path)
    return 'no' in answer ? answer.no : answer.entries.map(({ name, is }) => `${name} ${is}`).sort()
  }

  test('links are files, whatever they lead to', () => {
    expect(names('')).toContain('secrets file')
    expect(names('')).toContain('teams folder')
  })
  test('one folder further down', () => expect(names('teams')).toEqual(['web.yaml file']))
  test.each([
    ['bridle.yaml', 'not-a-file'],
    ['nothing', 'missing'],
    ['secrets', 'outside'],
  ])('%s: %s', (path, expected) => expect(names(path)).toBe(expected))
})

test('a file is written whole or not at all', () => {
  const path = join(folder, 'out.json')
  disk.write(path, 'one')
  disk.write(path, 'two')
  expect(new TextDecoder().decode(disk.read(path, 100))).toBe('two')
  expect(() => disk.write(join(folder, 'teams'), 'x')).toThrow()
  expect(
    disk
      .list(base)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['acme', 'acme-secrets', 'another-name'])
  expect(disk.list(folder).filter(({ name }) => name.endsWith('.tmp'))).toEqual([])
})
