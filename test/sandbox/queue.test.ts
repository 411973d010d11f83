import { describe, expect, test } from 'vitest'
import { call } from './acme.js'
import { begun, denied, id, mutate, opened, row, world, type Json } from './world.js'

const fields = `clusterQueue {
  id uuid key description hosted retryAgentAffinity dispatchPaused dispatchPausedNote cluster { name }
  hostedAgents {
    instanceShape { name size machineType architecture vcpu memory }
    platformSettings { linux { agentImageRef } macos { macosVersion xcodeVersion } }
  }
}`

const ios = (...lines: readonly string[]) => world('create cluster:ios', ...lines)
const organizationId = (buildkite: ReturnType<typeof world>) => id(buildkite, 'organizations', 'acme')

const create = (buildkite: ReturnType<typeof world>, input: object, token?: string) =>
  mutate(
    buildkite,
    'clusterQueueCreate',
    { organizationId: organizationId(buildkite), clusterId: id(buildkite, 'clusters', 'ios'), ...input },
    fields,
    token,
  )

const update = (buildkite: ReturnType<typeof world>, key: string, input: object) =>
  mutate(
    buildkite,
    'clusterQueueUpdate',
    { organizationId: organizationId(buildkite), id: id(buildkite, 'queues', key), ...input },
    fields,
  )

describe('a queue', () => {
  test('is self-hosted, keeps agents warm and runs unless told otherwise', async () => {
    const { clusterQueue } = await create(ios(), { key: 'm2', hostedAgents: null })
    expect(clusterQueue).toMatchObject({
      key: 'm2',
      description: null,
      hosted: false,
      hostedAgents: null,
      retryAgentAffinity: 'prefer-warmest',
      dispatchPaused: false,
      cluster: { name: 'ios' },
    })
  })

  test.each([
    ['letters only', 'a b', 'Key can only contain'],
    ['no more than 100 of them', 'x'.repeat(101), 'Key can only contain'],
    ['once in a cluster', 'taken', 'already been taken'],
  ])('has a key of %s', async (_, key, message) => {
    expect(await create(ios('create queue:ios/taken'), { key })).toMatch(message)
  })

  test('may have the key of a queue elsewhere', async () => {
    const buildkite = ios('create cluster:web', 'create queue:web/m2')
    expect(await create(buildkite, { key: 'm2' })).toHaveProperty('clusterQueue.key', 'm2')
  })

  test('does not become the default by being first, unless it does', async () => {
    for (const firstQueueIsDefault of [false, true]) {
      const buildkite = opened(begun('create cluster:ios'), { firstQueueIsDefault })
      const { clusterQueue } = await create(buildkite, { key: 'm2' })
      const { defaultQueue } = row(buildkite, 'clusters', 'ios')
      expect(defaultQueue === clusterQueue.uuid).toBe(firstQueueIsDefault)
    }
  })

  test('keeps what an update leaves out', async () => {
    const buildkite = ios('create queue:ios/m2 description=Macs retry_agent_affinity=prefer-different')
    expect(await update(buildkite, 'm2', {})).toMatchObject({
      clusterQueue: { description: 'Macs', retryAgentAffinity: 'prefer-different' },
    })
    expect(await update(buildkite, 'm2', { description: '' })).toMatchObject({
      clusterQueue: { description: '' },
    })
    expect(await update(buildkite, 'm2', { retryAgentAffinity: 'any' })).toMatch('not included in the list')
  })

  test('stays the default through an update, but for the old defect', async () => {
    const state = begun('create cluster:ios', 'create queue:ios/m2', 'set cluster:ios default_queue=m2')
    for (const queueUpdateLosesDefault of [false, true]) {
      const buildkite = opened(state, { queueUpdateLosesDefault })
      await update(buildkite, 'm2', { description: 'x' })
      expect(row(buildkite, 'clusters', 'ios').defaultQueue === null).toBe(queueUpdateLosesDefault)
    }
  })

  test('is made by maintainers of its cluster', async () => {
    const buildkite = ios('maintain cluster:ios cat@acme.test')
    expect(await create(buildkite, { key: 'm1' }, 'cat')).toHaveProperty('clusterQueue')
    expect(await create(buildkite, { key: 'm2' }, 'bob')).toBe(denied)
  })

  test('stays while it is the default, has agents, or jobs that are not done', async () => {
    const state = begun(
      'create cluster:ios',
      'create queue:ios/default',
      'create queue:ios/busy',
      'create queue:ios/m2',
      'set cluster:ios default_queue=busy',
      'create pipeline:app cluster=ios',
      'start pipeline:app',
      'set cluster:ios default_queue=default',
      'connect queue:ios/m2',
    )
    const remove = (buildkite: ReturnType<typeof world>, key: string) => {
      const cluster = row(buildkite, 'clusters', 'ios').uuid
      const queue = [...buildkite.state.tables.queues.rows.values()].find(
        (one) => one.cluster === cluster && one.key === key,
      )!
      const input = { organizationId: organizationId(buildkite), id: btoa(`ClusterQueue---${queue.uuid}`) }
      return mutate(buildkite, 'clusterQueueDelete', input, 'deletedClusterQueueId')
    }
    expect(await remove(opened(state), 'default')).toMatch('default queue')
    expect(await remove(opened(state), 'busy')).toMatch('unfinished jobs')
    expect(await remove(opened(state), 'm2')).toMatch('agents are connected')
    const lenient = opened(state, { deleteQueueInUse: 'allow' })
    expect(await remove(lenient, 'default')).toHaveProperty('deletedClusterQueueId')
    expect(row(lenient, 'clusters', 'ios').defaultQueue).toBeNull()
  })
})

describe('dispatch', () => {
  const pause = (buildkite: ReturnType<typeof world>, input: object = {}) =>
    mutate(
      buildkite,
      'clusterQueuePauseDispatch',
      { id: id(buildkite, 'queues', 'm2'), ...input },
      'queue { dispatchPaused dispatchPausedNote dispatchPausedAt dispatchPausedBy { email } }',
    )
  const resume = (buildkite: ReturnType<typeof world>) =>
    mutate(
      buildkite,
      'clusterQueueResumeDispatch',
      { id: id(buildkite, 'queues', 'm2') },
      'queue { dispatchPaused dispatchPausedNote }',
    )

  test('is paused once, with who, when and why, and then resumed once', async () => {
    const buildkite = ios('create queue:ios/m2')
    expect(await pause(buildkite, { note: 'flaky Xcode' })).toEqual({
      queue: {
        dispatchPaused: true,
        dispatchPausedNote: 'flaky Xcode',
        dispatchPausedAt: '2026-11-02T09:00:00.000Z',
        dispatchPausedBy: { email: 'ada@acme.test' },
      },
    })
    expect(await pause(buildkite)).toBe('Cluster queue is already paused')
    expect(await resume(buildkite)).toEqual({ queue: { dispatchPaused: false, dispatchPausedNote: null } })
    expect(await resume(buildkite)).toBe('Cluster queue is not paused')
  })

  test.each(['note', 'dispatch_paused_note'])('is paused over REST with a %s', async (name) => {
    const buildkite = ios('create queue:ios/m2')
    const { cluster, uuid } = row(buildkite, 'queues', 'm2')
    const base = `/v2/organizations/acme/clusters/${cluster}/queues/${uuid}`
    const paused = await call(buildkite, `POST ${base}/pause_dispatch`, { body: { [name]: 'why' } })
    expect([paused.status, paused.body.dispatch_paused, paused.body.dispatch_paused_note]).toEqual([
      200,
      true,
      'why',
    ])
    const again = await call(buildkite, `POST ${base}/pause_dispatch`)
    expect([again.status, again.body]).toEqual([422, { message: 'Cluster queue is already paused' }])
    await call(buildkite, `POST ${base}/resume_dispatch`)
    const twice = await call(buildkite, `POST ${base}/resume_dispatch`)
    expect([twice.status, twice.body]).toEqual([422, { message: 'Cluster queue is not paused' }])
  })
})

describe('a hosted queue', () => {
  const linux = { instanceShape: 'LINUX_AMD64_2X4', platformSettings: {} }
  const hosted = async (hostedAgents: object = linux) => {
    const buildkite = ios()
    await create(buildkite, { key: 'big', hostedAgents })
    return buildkite
  }

  test('spells its shape out', async () => {
    const image = { instanceShape: 'LINUX_ARM64_8X32', platformSettings: { linux: { agentImageRef: 'a:1' } } }
    expect((await create(ios(), { key: 'big', hostedAgents: image })).clusterQueue).toMatchObject({
      hosted: true,
      hostedAgents: {
        instanceShape: {
          name: 'LINUX_ARM64_8X32',
          size: 'LARGE',
          machineType: 'LINUX',
          architecture: 'ARM64',
          vcpu: 8,
          memory: 32,
        },
        platformSettings: { linux: { agentImageRef: 'a:1' }, macos: null },
      },
    })
  })

  test('grows within its platform, and only there', async () => {
    const buildkite = await hosted()
    const to = (instanceShape: string) => update(buildkite, 'big', { hostedAgents: { instanceShape } })
    expect(await to('LINUX_AMD64_16X64')).toHaveProperty(
      'clusterQueue.hostedAgents.instanceShape.size',
      'EXTRA_LARGE',
    )
    expect(await to('LINUX_ARM64_16X64')).toBe(
      'Validation failed: Instance shape cannot be changed to LINUX_ARM64_16X64',
    )
    expect(await to('MACOS_ARM64_M4_6X28')).toMatch('cannot be changed to MACOS_ARM64_M4_6X28')
  })

  test('takes its image from either place, not from both, and a blank old one as none', async () => {
    const buildkite = await hosted()
    const image = 'clusterQueue.hostedAgents.platformSettings.linux.agentImageRef'
    const set = (hostedAgents: object) => update(buildkite, 'big', { hostedAgents })
    expect(await set({ agentImageRef: 'old:1' })).toHaveProperty(image, 'old:1')
    const both = { agentImageRef: '', platformSettings: { linux: { agentImageRef: 'new:1' } } }
    expect(await set(both)).toHaveProperty(image, 'new:1')
    expect(await set({ ...both, agentImageRef: 'old:1' })).toMatch('in two places')
    expect(await set({ agentImageRef: '', platformSettings: {} })).toHaveProperty(image, 'new:1')
  })

  test('of Macs takes no image', async () => {
    const buildkite = await hosted({
      instanceShape: 'MACOS_ARM64_M4_6X28',
      platformSettings: { macos: { macosVersion: 'TAHOE' } },
    })
    expect(await update(buildkite, 'big', { hostedAgents: { agentImageRef: 'a:1' } })).toBe(
      'Validation failed: Agent image ref cannot be configured for hosted mac queues',
    )
    expect(await update(buildkite, 'big', {})).toMatchObject({
      clusterQueue: { hostedAgents: { platformSettings: { linux: null, macos: { macosVersion: 'TAHOE' } } } },
    })
  })

  test('is never made of a self-hosted one', async () => {
    expect(await update(ios('create queue:ios/m2'), 'm2', { hostedAgents: linux })).toMatch(
      'cannot become a hosted one',
    )
  })

  test('over REST needs its shape with an image, and ignores an image when it is made', async () => {
    const buildkite = ios()
    const cluster = row(buildkite, 'clusters', 'ios').uuid
    const base = `/v2/organizations/acme/clusters/${cluster}/queues`
    const hostedAgents = { ...linux, agentImageRef: 'a:1' }
    const made = await call(buildkite, `POST ${base}`, { body: { key: 'big', hostedAgents } })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      hosted: true,
      hosted_agents: {
        instance_shape: {
          machine_type: 'linux',
          architecture: 'amd64',
          cpu: 2,
          memory: 4,
          name: 'LINUX_AMD64_2X4',
        },
        platform_settings: { linux: { agent_image_ref: null } },
      },
    })
    const refused = await call(buildkite, `PATCH ${base}/${made.body.id}`, {
      body: { hostedAgents: { agentImageRef: 'a:1' } },
    })
    expect([refused.status, refused.body]).toEqual([
      422,
      { message: 'Validation failed: Instance shape cannot be changed to ' },
    ])
    const changed = await call(buildkite, `PUT ${base}/${made.body.id}`, { body: { hostedAgents } })
    expect(changed.body.hosted_agents.platform_settings.linux.agent_image_ref).toBe('a:1')
  })
})

test('over REST a queue keeps its key, and its affinity can be set', async () => {
  const buildkite = ios('create queue:ios/m2')
  const { cluster, uuid } = row(buildkite, 'queues', 'm2')
  const path = `/v2/organizations/acme/clusters/${cluster}/queues/${uuid}`
  const { body } = await call(buildkite, `PATCH ${path}`, {
    body: { key: 'm3', retry_agent_affinity: 'prefer-different' },
  })
  expect(body).toMatchObject({ key: 'm2', retry_agent_affinity: 'prefer-different' })
  expect(body).not.toHaveProperty('hosted')
  const list = await call(buildkite, `GET /v2/organizations/acme/clusters/${cluster}/queues`)
  expect(list.body.map((one: Json) => one.key)).toEqual(['m2'])
})
