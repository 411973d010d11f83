import { expect, test } from 'vitest'
import { ruleCards, rules } from '../../src/access/rules/index.js'
import { explain } from '../../src/cli/explain.js'
import { accessCodes, type AccessCode } from '../../src/model/access-codes.js'
import { verdicts } from '../../src/model/verdict.js'

const plain = (_: unknown, text: string) => text
const numbers = Array.from({ length: 59 }, (_, at) => `R${at + 1}`)

test('there is one rule for each path of the access model, in the order of their numbers', () => {
  expect(rules.map(({ path }) => path)).toEqual(numbers)
})

test('there is one page for each path, in the same order', () => {
  expect(Object.values(accessCodes).map(({ path }) => path)).toEqual(numbers)
})

test('every rule has a card, which carries the page of its own path', () => {
  expect(ruleCards.map(({ path, finding }) => [path, finding])).toEqual(
    (Object.keys(accessCodes) as AccessCode[]).map((code) => [accessCodes[code].path, code]),
  )
})

test.each(ruleCards.map((card) => [card.finding, card] as const))('the card of %s says it all', (_, card) => {
  expect(card.title).toMatch(/^\S.*[^.]$/)
  expect(card.title).not.toBe(card.finding)
  expect(card.enforcedAt).not.toEqual([])
  // The worst first, each once: what can not be read is never closed, so "nothing" may not claim to be.
  const worstFirst = verdicts.toReversed().filter((word) => card.verdicts.includes(word))
  expect(card.verdicts).toEqual(worstFirst)
  expect(card.verdicts.includes('assumed')).toBe(true)
  if (card.verdicts.includes('open')) expect(card.decidedFrom).not.toEqual([])
})

test.each(numbers)('%s has the same page under its number and under its slug', (path) => {
  const { finding } = ruleCards.find((card) => card.path === path)!
  const page = explain(finding, 'text', { paint: plain })
  expect(page).toContain(finding)
  expect(page?.replaceAll(/\s+/g, ' ')).toContain(accessCodes[finding].fix)
  expect(explain(path, 'text', { paint: plain })).toBe(page)
  expect(explain(path.toLowerCase(), 'text', { paint: plain })).toBe(page)
})

test('a number that no path has is explained by nothing', () => {
  expect(explain('R60', 'text', { paint: plain })).toBeUndefined()
  expect(explain('R0', 'text', { paint: plain })).toBeUndefined()
})
