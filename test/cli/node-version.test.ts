import { expect, test } from 'vitest'
import { isEnough } from '../../src/cli/node-version.js'

test.each([
  { version: '20.19.0', enough: true },
  { version: '20.20.2', enough: true },
  { version: '22.0.0', enough: true },
  { version: '20.18.3', enough: false },
  { version: '18.20.8', enough: false },
  { version: '9.99.0', enough: false },
])('Node $version is enough: $enough', ({ version, enough }) => {
  expect(isEnough(version, '>=20.19')).toBe(enough)
})
