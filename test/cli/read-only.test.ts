import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { edit } from '../../src/sandbox/edit.js'
import { sandbox } from '../../src/sandbox/index.js'
import { parseState, printState } from '../../src/sandbox/saved.js'
import { worldOf } from '../support/world.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Every file of ours that a command can load, however late. */
const loadedBy = async (command: string): Promise<string[]> => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [`commands/${command}.ts`],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    write: false,
    metafile: true,
    outdir: 'dist',
  })
  // What is left after unused code is shaken off: a type, or a constant beside a writer, is no writer.
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  )
}

const writers = [
  'src/cli/connection-to-write.ts',
  'src/providers/buildkite/connect-to-write.ts',
  'src/providers/buildkite/writer.ts',
  'src/providers/aws/connect-to-write.ts',
  'src/providers/aws/writer.ts',
  'src/apply/carry-out.ts',
]

const reading = [
  ...['plan', 'drift', 'doctor', 'validate', 'explain', 'schema', 'stack'],
  ...['check', 'who', 'what', 'why', 'snapshot'].map((question) => `access/${question}`),
  ...['hook/test', 'hook/report'],
  ...['init', 'onboard'],
]

describe('a command that only reads', () => {
  test.each(reading)('%s has no writer to load', { timeout: 30_000 }, async (command) => {
    const loaded = await loadedBy(command)
    expect(writers.filter((file) => loaded.includes(file))).toEqual([])
  })

  test(
    'drift can load what writes a heartbeat, and nothing that writes anything else',
    { timeout: 30_000 },
    async () => {
      const loaded = await loadedBy('drift')
      expect(loaded).toContain('src/providers/aws/connect-to-beat.ts')
      for (const other of reading.filter((one) => one !== 'drift'))
        expect(await loadedBy(other)).not.toContain('src/providers/aws/connect-to-beat.ts')
    },
  )

  test.each(['contain', 'hook/canary'])(
    '%s can load what sends a call, and nothing that carries out a plan',
    { timeout: 30_000 },
    async (command) => {
      const loaded = await loadedBy(command)
      expect(loaded).not.toContain('src/apply/carry-out.ts')
      expect(loaded).not.toContain('src/cli/connection-to-write.ts')
    },
  )

  test('apply has them all', { timeout: 30_000 }, async () => {
    const loaded = await loadedBy('apply')
    expect(writers.filter((file) => !loaded.includes(file))).toEqual([])
  })
})

const declaration = `
organization: acme
manage: { grants: remove, members: remove, teams: remove, pipelines: remove, clusters: remove, queues: remove }
ignore: { clusters: ["Default cluster"], teams: [everyone] }
teams:
  web: { members: { ada@acme.test: maintainer } }
  release: {}
clusters:
  general: { default_queue: default, queues: { default: { paused: null }, large: {} } }
pipelines:
  web: { cluster: general, repository: "git@github.com:acme/web.git", steps: "steps: []", teams: { web: read_only } }
`

/** An organization that differs from the declaration in all ways there are. */
const drifted = async () => {
  const world = worldOf({ files: { 'bridle.yaml': declaration } })
  const applied = await world.run('apply', '--sandbox', '--yes')
  if (applied.code !== 0) throw new Error(applied.output)
  const byHand = [
    ['pause', 'queue:general/default'],
    ['create', 'team:ops'],
    ['create', 'cluster:other'],
    ['create', 'pipeline:other'],
    ['grant', 'team:web', 'pipeline:web', 'manage_build_and_read'],
    ['grant', 'team:ops', 'pipeline:web', 'read_only'],
    ['set', 'team:release', 'description=x'],
    ['delete', 'queue:general/large'],
  ]
  const parsed = parseState(world.files['bridle.sandbox.json']!)
  if ('problems' in parsed) throw new Error(parsed.problems.join())
  return byHand.reduce((state, words) => {
    const after = edit(state, words, { now: '2026-11-02T09:00:00.000Z' })
    if (after.state === undefined) throw new Error(after.said)
    return after.state
  }, parsed.state)
}

describe('against an organization with everything to do', () => {
  const commands = [
    ['plan'],
    ['plan', '--out', 'plan.json', '--max-removed', '100'],
    ['drift'],
    ['drift', '--format', 'json'],
    ['doctor'],
    ['validate'],
    ['explain', 'unknown-key'],
    ['schema'],
  ]

  test.each(commands.map((argv) => [argv.join(' '), argv] as const))(
    '%s sends nothing that changes anything',
    async (_, argv) => {
      const state = await drifted()
      const clock = { now: () => Date.UTC(2026, 10, 2, 9), sleep: () => Promise.resolve() }
      const buildkite = sandbox({ state, clock })
      const { code } = await worldOf({
        files: { 'bridle.yaml': declaration },
        env: { BUILDKITE_API_TOKEN: 'sandbox' },
        fetch: buildkite.fetch,
      }).run(...argv)
      expect(code).toBe(argv[0] === 'drift' ? 10 : 0)
      const changes = buildkite.calls.filter(({ kind, name }) => kind !== 'query' && !name.startsWith('GET '))
      expect(changes).toEqual([])
      expect(buildkite.calls.length > 0).toBe(['plan', 'drift', 'doctor'].includes(argv[0]!))
      expect(printState(buildkite.state)).toBe(printState(state))
    },
  )

  test('apply with nobody to ask sends nothing either', async () => {
    const state = await drifted()
    const clock = { now: () => Date.UTC(2026, 10, 2, 9), sleep: () => Promise.resolve() }
    const buildkite = sandbox({ state, clock })
    const { code } = await worldOf({
      files: { 'bridle.yaml': declaration },
      env: { BUILDKITE_API_TOKEN: 'sandbox' },
      fetch: buildkite.fetch,
    }).run('apply')
    expect(code).toBe(5)
    expect(buildkite.calls.filter(({ kind }) => kind === 'mutation')).toEqual([])
  })
})
