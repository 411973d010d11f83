import { describe, expect, test } from 'vitest'
import { kinds } from '../../src/kinds/index.js'
import type { Address } from '../../src/model/address.js'
import { order } from '../../src/plan/order.js'
import type { Difference } from '../../src/plan/diff.js'

type Spec = Record<string, unknown>

const kindCalled = (name: string) => kinds.find((kind) => kind.name === name)!

const difference = (
  name: string,
  verb: 'create' | 'update' | 'remove',
  want: Spec,
  have: Spec = want,
  was?: Address,
): Difference => {
  const kind = kindCalled(name)
  const live = { key: kind.key(have), id: `id-${kind.key(have)}`, uuid: 'u', spec: have }
  const address: Address = `${name}:${kind.key(verb === 'remove' ? have : want)}`
  const specs = verb === 'create' ? [want] : verb === 'remove' ? [have] : [have, { ...have, ...want }]
  return {
    kind,
    address,
    change:
      verb === 'create'
        ? { verb, want }
        : verb === 'update'
          ? { verb, want, have: live }
          : { verb, have: live },
    calls:
      verb === 'create'
        ? kind.operations.create(want)
        : verb === 'update'
          ? kind.operations.update(want, live)
          : kind.operations.remove(live),
    dependencies: new Set(specs.flatMap((spec) => kind.dependencies(spec).map(({ address }) => address))),
    waitsFor: verb === 'remove' ? [] : (kind.waitsFor?.({ ...have, ...want }) ?? []),
    planned: { address, verb, fields: [], risk: { level: 'safe', why: '' }, ...(was && { was }) },
  }
}

const stepsOf = (differences: Difference[]) => {
  const ordered = order(differences)
  if (!('steps' in ordered)) throw new Error(`no safe order for ${ordered.unsafe}`)
  return ordered.steps
}

/** `a before b`: there is a path from b back to a. */
const comesBefore = (differences: Difference[], a: string, b: string) => {
  const steps = stepsOf(differences)
  const byId = new Map(steps.map((step) => [step.id, step]))
  const waits = (id: string): boolean => id === a || (byId.get(id)?.after ?? []).some(waits)
  expect(byId.has(a), `${a} in ${[...byId.keys()].join(' ')}`).toBe(true)
  return b !== a && waits(b)
}

describe('what must come before what', () => {
  test('a cluster, its queue, then the queue as its default', () => {
    const made = [
      difference('cluster', 'create', { name: 'ios', default_queue: 'm1' }),
      difference('queue', 'create', { cluster: 'ios', key: 'm1' }),
    ]
    expect(comesBefore(made, 'cluster:ios#1', 'queue:ios/m1#1')).toBe(true)
    expect(comesBefore(made, 'queue:ios/m1#1', 'cluster:ios#2')).toBe(true)
  })

  test('another default queue before the old one goes', () => {
    const swap = [
      difference(
        'cluster',
        'update',
        { name: 'ios', default_queue: 'm2' },
        { name: 'ios', default_queue: 'm1' },
      ),
      difference('queue', 'remove', {}, { cluster: 'ios', key: 'm1' }),
    ]
    expect(comesBefore(swap, 'cluster:ios#1', 'queue:ios/m1#1')).toBe(true)
  })

  test('pipelines leave a cluster before it goes, and another default is set', () => {
    const leave = [
      difference('cluster', 'remove', {}, { name: 'old' }),
      difference('cluster', 'create', { name: 'new' }),
      difference('pipeline', 'update', { slug: 'web', cluster: 'new' }, { slug: 'web', cluster: 'old' }),
      difference('settings', 'update', { default_cluster: 'new' }, { default_cluster: 'old' }),
    ]
    expect(comesBefore(leave, 'pipeline:web#1', 'cluster:old#1')).toBe(true)
    expect(comesBefore(leave, 'settings:organization#1', 'cluster:old#1')).toBe(true)
    expect(comesBefore(leave, 'cluster:new#1', 'pipeline:web#1')).toBe(true)
  })

  test('a grant waits for its pipeline to come back, and goes before it is put away', () => {
    const back = [
      difference('pipeline', 'update', { slug: 'web', archived: false }, { slug: 'web', archived: true }),
      difference('grant', 'update', { pipeline: 'web', team: 'ops', level: 'read_only' }),
    ]
    expect(comesBefore(back, 'pipeline:web#1', 'grant:web/ops#1')).toBe(true)
    const away = [
      difference('pipeline', 'remove', {}, { slug: 'web' }),
      difference('grant', 'remove', {}, { pipeline: 'web', team: 'ops' }),
    ]
    expect(comesBefore(away, 'grant:web/ops#1', 'pipeline:web#1')).toBe(true)
  })

  test('a public pipeline waits until public pipelines may be made', () => {
    const made = [
      difference('pipeline', 'create', { slug: 'web', cluster: 'c', repository: 'r', visibility: 'public' }),
      difference(
        'settings',
        'update',
        { public_pipeline_creation: true },
        { public_pipeline_creation: false },
      ),
    ]
    expect(comesBefore(made, 'settings:organization#1', 'pipeline:web#1')).toBe(true)
  })

  test('a pipeline without a cluster waits for the new default, which waits for its cluster', () => {
    const made = [
      difference('pipeline', 'create', { slug: 'web', repository: 'r' }),
      difference('settings', 'update', { default_cluster: 'new' }, { default_cluster: 'old' }),
      difference('cluster', 'create', { name: 'new', default_queue: 'q' }),
      difference('queue', 'create', { cluster: 'new', key: 'q' }),
    ]
    expect(comesBefore(made, 'settings:organization#1', 'pipeline:web#1')).toBe(true)
    expect(comesBefore(made, 'cluster:new#1', 'settings:organization#1')).toBe(true)
  })

  test('a name is given up before it is given away', () => {
    const names = [
      difference('pipeline', 'create', { slug: 'web', repository: 'r' }),
      difference('pipeline', 'update', { slug: 'site' }, { slug: 'web' }, 'pipeline:web'),
    ]
    expect(comesBefore(names, 'pipeline:site#1', 'pipeline:web#1')).toBe(true)
  })

  test('unrelated things wait for nothing', () => {
    const apart = [difference('team', 'create', { slug: 'a' }), difference('team', 'create', { slug: 'b' })]
    expect(stepsOf(apart).map(({ after }) => after)).toEqual([[], []])
  })

  test('the list itself is an order in which they can be carried out', () => {
    const all = [
      difference('grant', 'create', { pipeline: 'web', team: 'ops' }),
      difference('pipeline', 'create', { slug: 'web', cluster: 'ios', repository: 'r' }),
      difference('team', 'create', { slug: 'ops' }),
      difference('queue', 'create', { cluster: 'ios', key: 'm1' }),
      difference('cluster', 'create', { name: 'ios', default_queue: 'm1' }),
    ]
    const done = new Set<string>()
    for (const step of stepsOf(all)) {
      for (const id of step.after) expect(done).toContain(id)
      done.add(step.id)
    }
    expect(done.size).toBe(all.flatMap(({ calls }) => calls).length)
  })
})
