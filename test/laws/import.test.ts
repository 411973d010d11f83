import fc from 'fast-check'
import { afterAll, expect } from 'vitest'
import { stringify } from 'yaml'
import { all } from '../../src/sandbox/table.js'
import { declare } from '../../src/workflow/declare.js'
import { importing, updating } from '../../src/workflow/import.js'
import type { Wanted } from '../../src/model/wanted.js'
import { filesOf } from '../support/files.js'
import { errorsIn, fresh, planOf, telling, type Ground } from '../support/ground.js'
import { law } from '../support/law.js'
import { declarations } from './declarations.js'

// Law 6, import proves itself: what is imported leaves nothing to plan, and means what was applied.

const tally = { imported: 0, updated: 0, refused: 0 }

const importOf = ({ sandbox }: Ground, by: 'cluster' | 'team') =>
  importing(
    {
      files: filesOf({}),
      root: 'bridle.yaml',
      today: '2026-11-22',
      connect: (wanted) => telling(sandbox, wanted),
    },
    { organization: 'acme', by },
  )

const updateOf = ({ sandbox }: Ground, files: Readonly<Record<string, string>>) =>
  updating(
    {
      files: filesOf(files),
      root: 'bridle.yaml',
      today: '2026-11-22',
      connect: (wanted) => telling(sandbox, wanted),
    },
    {},
  )

const wantedBy = (files: Readonly<Record<string, string>>): Wanted | undefined =>
  declare({ files: filesOf(files), root: 'bridle.yaml', today: '2026-11-22' }).wanted

/** What says nothing where it is off: an import leaves it out, and a plan would not see it. */
const isQuiet = (value: unknown) => value == null || value === false || value === '' || isEmpty(value)
const isEmpty = (value: unknown) => typeof value === 'object' && JSON.stringify(value).length === 2

/** Fields that are on, lists in one order: in a box, so that texts and lists can be held against each other alike. */
const meaning = (value: unknown): unknown => {
  if (Array.isArray(value))
    return { list: [...(value as unknown[])].map((one) => JSON.stringify(one)).sort() }
  if (typeof value !== 'object' || value === null) return { value }
  return Object.fromEntries(Object.entries(value).filter(([, one]) => !isQuiet(one)))
}

law(
  'what is imported leaves nothing to plan, comes out the same again, and says what was declared',
  fc.tuple(declarations, fc.constantFrom('cluster' as const, 'team' as const)),
  async ([declaration, by]) => {
    const ground = fresh()
    const applied = await ground.apply(declaration)
    if (errorsIn(applied).length > 0) return
    const before = ground.sandbox.calls.filter(({ kind }) => kind === 'mutation').length
    const imported = await importOf(ground, by)
    expect(errorsIn(imported)).toEqual([])
    const files = imported.files!
    const again = await ground.plan(files)
    expect(errorsIn(again)).toEqual([])
    expect(planOf(again).changes).toEqual([])
    expect(planOf(again).undeclared.filter(({ address }) => !address.startsWith('member:'))).toEqual([])
    expect((await importOf(ground, by)).files).toEqual(files)
    expect(ground.sandbox.calls.filter(({ kind }) => kind === 'mutation').length).toBe(before)

    // What was declared stands in the files: fields that are off may be left out.
    const meant = wantedBy({ 'bridle.yaml': JSON.stringify(declaration) })!
    const says = new Map(wantedBy(files)!.wants.map((want) => [want.address, want.spec]))
    const archived = new Set(
      all(ground.sandbox.state.tables.pipelines).flatMap((one) => (one.archivedAt == null ? [] : [one.slug])),
    )
    for (const { kind, address, spec } of meant.wants) {
      const pipeline = spec['pipeline'] ?? (kind === 'pipeline' ? spec['slug'] : undefined)
      if (archived.has(String(pipeline))) continue
      // Everybody who joins is in a default team: no file lists them.
      if (kind === 'member' && says.get(`team:${String(spec['team'])}`)?.['is_default_team'] === true)
        continue
      const said = says.get(address)
      expect(said, address).toBeDefined()
      for (const [field, value] of Object.entries(spec)) {
        if (isQuiet(value) || said![field] === undefined) continue
        expect(meaning(said![field]), `${address} ${field}`).toMatchObject(meaning(value) as object)
      }
    }
    tally.imported += 1
  },
  200,
  { few: 20 },
)

/** A declaration with a comment above every section and every thing in it, and one behind each section’s key. */
const commented = (declaration: object): string =>
  stringify(declaration, { aliasDuplicateObjects: false })
    .split('\n')
    .map((line) => {
      const [, pad = '', key] = /^( {0,2})([\w"@./-]+): *$/.exec(line) ?? []
      if (key === undefined) return line
      return `${pad}# about ${key}\n${line} # ${key} itself`
    })
    .join('\n')

law(
  'what has drifted is taken into the files, and the comments stay',
  fc.tuple(declarations, declarations),
  async ([first, second]) => {
    const ground = fresh()
    for (const one of [first, second]) if (errorsIn(await ground.apply(one)).length > 0) return
    const text = commented(first)
    const updated = await updateOf(ground, { 'bridle.yaml': text })
    if (errorsIn(updated).length > 0) {
      tally.refused += 1
      expect(updated.files).toBeUndefined()
      return
    }
    const files = { 'bridle.yaml': text, ...updated.files }
    const again = await ground.plan(files)
    expect(errorsIn(again)).toEqual([])
    expect(planOf(again).changes).toEqual([])
    expect(planOf(again).undeclared.filter(({ ignored }) => !ignored)).toEqual([])
    expect((await updateOf(ground, files)).files).toEqual({})

    // Whatever is still there has what was said about it.
    const before = text.split('\n').filter((line) => line.includes('# about '))
    const after = files['bridle.yaml']
    for (const line of before) {
      const key = line.slice(line.indexOf('# about ') + '# about '.length)
      const isThere = new RegExp(`^${/^ */.exec(line)![0]}${escaped(key)}: .*$`, 'm').test(after)
      if (isThere) expect(after.split('\n'), line).toContain(line)
    }
    tally.updated += 1
  },
  100,
  { few: 12 },
)

const escaped = (key: string) => key.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

afterAll(() => {
  expect(tally.imported + tally.updated).toBeGreaterThan(0)
  expect(tally.updated, 'most drift is taken').toBeGreaterThan(4 * tally.refused)
})
