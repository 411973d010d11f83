import { expect, test } from 'vitest'
import { privilegedByDefault } from '../../src/access/by-default.js'
import { addressOf } from '../../src/model/address.js'
import { nothingDeclared } from '../../src/model/declared-access.js'
import { factsIn } from '../rules/facts.js'

const at = { file: 'bridle.yaml', line: 1, column: 1, length: 5, text: 'allow' }
const access = { ...nothingDeclared, allow: [{ on: addressOf('cluster', 'production'), at }] as never }

const found = (line: string, isWritten = false) =>
  privilegedByDefault(
    factsIn([
      'has-queue cluster:production queue:production/mac',
      'has-queue cluster:general queue:general/mac',
      line,
    ]),
    access,
    () => isWritten,
  ).map(({ code }) => code)

test('a privileged queue whose machines are Buildkite’s is told of, as far as it is known and the files do not say it', () => {
  expect(found('hosted queue:production/mac')).toEqual(['privileged-hosted'])
  expect(found('hosted queue:production/mac', true)).toEqual([])
  expect(found('hosted queue:production/mac ?')).toEqual([])
  expect(found('hosted queue:general/mac')).toEqual([])
})

test('a default is told of where it is privileged', () => {
  expect(found('default-queue queue:production/mac cluster:production')).toEqual(['privileged-by-default'])
  expect(found('default-queue queue:general/mac cluster:general')).toEqual([])
  expect(found('default-cluster cluster:production organization')).toEqual(['privileged-by-default'])
  expect(found('default-cluster cluster:general organization')).toEqual([])
})
