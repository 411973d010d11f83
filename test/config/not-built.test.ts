import { expect, test } from 'vitest'
import { notBuilt } from '../../src/config/not-built.js'
import { kinds } from '../../src/kinds/index.js'

test('a promise leaves the list when a kind takes its place', () => {
  const built = new Set(kinds.map(({ place }) => place.join(' ')))
  const stale = notBuilt.filter(
    ({ place = [], plural }) =>
      built.has(place.join(' ')) ||
      built.has([...place, '*'].join(' ')) ||
      kinds.some((kind) => kind.plural === plural),
  )
  expect(stale).toEqual([])
})
