import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { accessThings, kinds, things, type Thing } from '../../src/kinds/index.js'
import type { Grant } from '../../src/model/grant.js'

/**
 * A line of a table: a thing as a file has it (creation values fill in what is unwritten) or as it was read, and the
 * grants that follow: `builds team:web → pipeline:web`. An unsure one ends in a question mark.
 */
interface Case {
  readonly name: string
  readonly file?: object
  readonly live?: object
  readonly grants: readonly string[]
}

const shown = ({ power, of, on, by, sure }: Grant) =>
  `${power} ${of} → ${on}${by === undefined ? '' : `, ${by}`}${sure ? '' : ' ?'}`

const every = [...kinds, ...things, ...accessThings] as readonly (Thing<unknown> & {
  atCreation?: (spec: never) => object
})[]
const folder = new URL('grants/', import.meta.url)
const tables = readdirSync(folder)

for (const file of tables) {
  const thing = every.find(({ name }) => `${name}.yaml` === file)!
  describe(thing.name, () => {
    test.each(parse(readFileSync(new URL(file, folder), 'utf8')) as Case[])('$name', (one) => {
      const spec = one.live ?? { ...thing.atCreation?.((one.file ?? {}) as never), ...one.file }
      const grants = thing.grants!(spec)
      expect(grants.map(shown)).toEqual(one.grants)
      for (const { field } of grants) expect(field).not.toBe('')
    })
  })
}

test('everything that gives grants has a table, and says where it is read', () => {
  const giving = every.filter((thing) => thing.grants !== undefined)
  expect(tables.map((file) => file.replace('.yaml', '')).sort()).toEqual(
    giving.map(({ name }) => name).sort(),
  )
  expect(giving.filter(({ source }) => source === undefined).map(({ name }) => name)).toEqual([])
})
