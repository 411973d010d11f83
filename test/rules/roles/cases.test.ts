import { describe, expect, test } from 'vitest'
import { lintsIn } from '../../../src/access/roles/misconfigurations.js'
import { roleRules } from '../../../src/access/roles/rules/index.js'
import { explain } from '../../../src/cli/explain.js'
import { exitOfCode } from '../../../src/cli/exit.js'
import { roleCodes } from '../../../src/model/role-codes.js'
import { tables, worldOf } from './cases.js'

const plain = (_: unknown, text: string) => text

for (const [file, cases] of tables) {
  const [id = ''] = file.split('-')
  const rule = roleRules.find((one) => one.id === id)

  describe(file.replace('.yaml', ''), () => {
    test('is named after its rule', () => {
      expect(file).toBe(`${id}-${rule?.code ?? ''}.yaml`)
    })

    test('has a case that fires and one that does not, three at least', () => {
      expect(cases.length).toBeGreaterThanOrEqual(3)
      expect(cases.some(({ finds }) => finds !== 'nothing')).toBe(true)
      expect(cases.some(({ finds }) => finds === 'nothing')).toBe(true)
    })

    test.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
      const found = lintsIn(worldOf(one)).filter(({ finding }) => finding === rule?.code)
      const here = found.filter((each) => each.at === (one.at ?? `role:${one.called ?? 'prod/app'}`))
      expect(
        here.map(({ told }) => told.severity),
        found.map(({ told }) => told.what).join('\n'),
      ).toEqual(one.finds === 'nothing' ? [] : [one.finds])
      if (one.says !== undefined) expect(here[0]?.told.what).toContain(one.says)
    })
  })
}

test('every rule has a table, a page, and the number of both', () => {
  expect(tables.map(([file]) => file.split('-')[0]).sort()).toEqual(roleRules.map(({ id }) => id).sort())
  expect(roleRules.map(({ id, code }) => [id, code])).toEqual(
    Object.entries(roleCodes).map(([code, { rule }]) => [rule, code]),
  )
})

test.each(roleRules.map(({ id, code }) => [id, code] as const))(
  '%s is explained by its number, too',
  (id, code) => {
    const page = explain(code, 'text', { paint: plain })
    expect(page).toContain(`${code} (${id})`)
    expect(explain(id.toLowerCase(), 'text', { paint: plain })).toBe(page)
  },
)

test('what only ever warns ends no command', () => {
  const errors = new Set(
    tables.flatMap(([file, cases]) =>
      cases.some(({ finds }) => finds === 'error') ? [file.split('-')[0]] : [],
    ),
  )
  for (const { id, code } of roleRules)
    expect([code, exitOfCode(code)]).toEqual([code, errors.has(id) ? 11 : 0])
})

test.each(roleRules.map((rule) => [rule.id, rule] as const))(
  '%s says in a clause what it is about',
  (_, rule) => {
    expect(rule.title).toMatch(/^[a-z].*[^.]$/)
  },
)
