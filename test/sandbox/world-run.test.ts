import { describe, expect, test } from 'vitest'
import { act } from '../../src/sandbox/world/act.js'
import { innocent, reached } from '../../src/sandbox/world/reached.js'
import { settle } from '../../src/sandbox/world/settle.js'
import { idOf } from '../../src/sandbox/ids.js'
import { first } from '../../src/sandbox/table.js'
import type { State } from '../../src/sandbox/state.js'
import { begun, now } from './world.js'

const uuid = (state: State, table: 'pipelines' | 'users', name: string): string =>
  table === 'users'
    ? first(state.tables.users, 'email', name)!.uuid
    : first(state.tables.pipelines, 'slug', name)!.uuid

const state = begun(
  'create cluster:ios',
  'create queue:ios/m2',
  'create queue:ios/deploy',
  'set cluster:ios default_queue=m2',
  'connect queue:ios/m2 mac-1',
  'connect queue:ios/deploy mac-2',
  'create pipeline:app cluster=ios',
  'grant team:web pipeline:app build_and_read',
)

describe('somebody who may build', () => {
  test('comes to every queue of the cluster, by an environment and then by steps of their own', () => {
    const cat = uuid(state, 'users', 'cat@acme.test')
    const before = innocent(state)
    const done = act(before, { as: cat, now }, 'buildCreate', {
      pipelineID: idOf('Pipeline', uuid(state, 'pipelines', 'app')),
      env: ['BASH_ENV=x'],
    })
    if (!('state' in done)) throw new Error(done.refused)
    const after = settle(done.state, { now, attacker: cat })
    expect(Object.fromEntries(reached(after))).toEqual({
      'ios/m2': { env: [cat], start: [cat] },
      'ios/deploy': { env: [cat], start: [cat], steps: [cat] },
    })
    expect(reached(before).size).toBe(0)
  })
})
