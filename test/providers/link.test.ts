import { expect, test } from 'vitest'
import { isSameList, nextIn } from '../../src/providers/buildkite/link.js'

test.each<[string | null, string | undefined]>([
  [null, undefined],
  ['', undefined],
  ['<https://a.test/x?page=2>; rel="next"', 'https://a.test/x?page=2'],
  [
    '<https://a.test/x?page=1>; rel="first", <https://a.test/x?page=3>; rel="next", <https://a.test/x?page=9>; rel="last"',
    'https://a.test/x?page=3',
  ],
  ['<https://a.test/x?a=1,2>; rel=next', 'https://a.test/x?a=1,2'],
  ['<https://a.test/x>; title="next"; rel="last"', undefined],
  ['<https://a.test/x>; rel="prev next"', 'https://a.test/x'],
  ['<https://a.test/next>; rel="last"', undefined],
  ['nonsense', undefined],
])('the next page in %j', (link, next) => {
  expect(nextIn(link)).toBe(next)
})

const list = 'https://api.buildkite.com/v2/organizations/acme/pipelines?per_page=100'
test.each([
  ['https://api.buildkite.com/v2/organizations/acme/pipelines?page=2', true],
  ['/v2/organizations/acme/pipelines?page=2', true],
  ['?page=2', true],
  ['https://evil.example/v2/organizations/acme/pipelines?page=2', false],
  ['http://api.buildkite.com/v2/organizations/acme/pipelines?page=2', false],
  ['https://api.buildkite.com/v2/organizations/other/pipelines?page=2', false],
  ['//evil.example/v2/organizations/acme/pipelines', false],
  ['https://', false],
])('%s is the same list: %s', (next, same) => {
  expect(isSameList(list, next)).toBe(same)
})
