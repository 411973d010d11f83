import { describe, expect, test } from 'vitest'
import * as api from '../../graphql/api.js'
import type { ReadyCall } from '../../src/model/call.js'
import { madeIn, madeInRest } from '../../src/providers/buildkite/writer.js'
import { answering, json, writing } from './world.js'

describe('what was made', () => {
  const made = { id: 'Q2x', uuid: 'u', slug: 's' }
  test.each<[string, unknown, object]>([
    ['beside the payload', { clusterCreate: { made: { id: 'Q2x', uuid: 'u' } } }, { id: 'Q2x', uuid: 'u' }],
    ['on an edge', { teamCreate: { teamEdge: { made } } }, made],
    ['nowhere', { clusterDelete: { deletedClusterId: 'x' } }, {}],
    ['null', { clusterCreate: { made: null } }, {}],
    ['with a null in it', { pipelineCreate: { made: { ...made, slug: null } } }, { id: 'Q2x', uuid: 'u' }],
    ['with what a later call may not name', { a: { made: { ...made, token: 'secret' } } }, made],
    [
      'with a value that is said once beside it',
      { a: { made, secret: 'bkct_x' } },
      { ...made, secret: 'bkct_x' },
    ],
    ['no answer', undefined, {}],
  ])('%s', (_, answer, expected) => {
    expect(madeIn(answer)).toEqual(expected)
  })

  test.each<[string, unknown, object]>([
    [
      'a pipeline',
      { id: 'u', graphql_id: 'UGlw', slug: 'web', name: 'Web' },
      { id: 'UGlw', uuid: 'u', slug: 'web' },
    ],
    ['a rule, which calls it uuid', { uuid: 'u', graphql_id: 'UnVs' }, { id: 'UnVs', uuid: 'u' }],
    ['a maintainer', { id: 'm', actor: { id: 'x', graphql_id: 'y', slug: 'z' } }, { uuid: 'm' }],
    ['a list', [{ id: 'u' }], {}],
    ['nothing', undefined, {}],
  ])('in REST: %s', (_, answer, expected) => {
    expect(madeInRest(answer)).toEqual(expected)
  })
})

const recording = (answer: () => unknown = () => ({ data: { x: {} } })) => {
  const sent: unknown[] = []
  const fetch = answering(({ url, body, init }) => {
    sent.push([init.method, `${url.pathname}${url.search}`, body])
    return json(answer())
  })
  return { fetch, sent }
}

test('a mutation is sent by the name of its document, without what is not said', async () => {
  const { fetch, sent } = recording(() => ({
    data: { clusterQueuePauseDispatch: { made: { id: 'Q', uuid: 'q' } } },
  }))
  const input = { id: 'Q', note: null, nothing: undefined }
  const call: ReadyCall = { via: 'graphql', operation: 'QueuePause', repeatable: false, input }
  expect(await writing({ fetch }).send(call, 'queue:ios/default')).toEqual({ id: 'Q', uuid: 'q' })
  expect(sent).toEqual([
    [
      'POST',
      '/v1',
      {
        query: api.QueuePause.document.toString(),
        operationName: 'QueuePause',
        variables: { input: { id: 'Q', note: null } },
      },
    ],
  ])
})

test('a REST call is sent under its organization, each step of its path as one', async () => {
  const { fetch, sent } = recording(() => ({ id: 'u', graphql_id: 'P', slug: 'new/slug' }))
  const call: ReadyCall = {
    via: 'rest',
    method: 'PATCH',
    path: ['pipelines', 'a/../b?c', 'ü'],
    repeatable: true,
    body: { slug: 'x', name: undefined, provider_settings: { a: null } },
  }
  expect(await writing({ fetch }).send(call)).toEqual({ id: 'P', uuid: 'u', slug: 'new/slug' })
  expect(sent).toEqual([
    [
      'PATCH',
      '/v2/organizations/acme/pipelines/a%2F..%2Fb%3Fc/%C3%BC',
      { slug: 'x', provider_settings: { a: null } },
    ],
  ])
})

test.each(['..', '.', ''])('a path step of %j is a bug, not another path', async (step) => {
  const { fetch, sent } = recording()
  const call: ReadyCall = {
    via: 'rest',
    method: 'DELETE',
    path: ['pipelines', step, 'x'],
    repeatable: false,
    body: {},
  }
  await expect(writing({ fetch }).send(call)).rejects.toThrow(/path/)
  expect(sent).toEqual([])
})

test('an operation that there is not is a bug', async () => {
  const { fetch, sent } = recording()
  const call: ReadyCall = { via: 'graphql', operation: 'toString', repeatable: false, input: {} }
  await expect(writing({ fetch }).send(call)).rejects.toThrow(/no mutation called toString/)
  expect(sent).toEqual([])
})

describe('a writer of certain calls only', () => {
  const pause: ReadyCall = { via: 'graphql', operation: 'QueuePause', repeatable: false, input: { id: 'Q' } }
  const resume: ReadyCall = { ...pause, operation: 'QueueResume' }
  const rest = (method: 'POST' | 'PATCH', step: string): ReadyCall => ({
    via: 'rest',
    method,
    path: [step, 'x'],
    repeatable: true,
    body: {},
  })

  test.each<[string, ReadyCall, boolean]>([
    ['the one', pause, true],
    ['its opposite', resume, false],
    ['a REST call', rest('PATCH', 'pipelines'), true],
    ['by another method', rest('POST', 'pipelines'), false],
    ['at another path', rest('PATCH', 'clusters'), false],
  ])('%s', async (_, call, may) => {
    const { fetch, sent } = recording()
    const sending = writing({ fetch, only: ['QueuePause', 'PATCH pipelines'] }).send(call)
    if (may) await sending
    else await expect(sending).rejects.toThrow(/may not send/)
    expect(sent).toHaveLength(may ? 1 : 0)
  })
})
