import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { served } from '../served.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const main = join(root, 'dist/src/main.js')
const small = join(root, 'examples/small/bridle.yaml')

/** One thing that a person waits for, and the most that it may take of what an empty Node takes. */
interface Case {
  readonly name: string
  readonly argv: readonly string[]
  readonly most?: number
}

export interface StartUp {
  readonly name: string
  readonly medianMs: number
  /** How many times as long as `node -e 0`. */
  readonly multiple: number
  readonly most: number | undefined
}

/** Every few rounds the sandbox is a new one: its limits are the real ones, and no run is to wait for them. */
const sandboxes = 3
const rounds = 15

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN

const elapsedMs = (node: string, argv: readonly string[], env: NodeJS.ProcessEnv): number => {
  const begun = process.hrtime.bigint()
  const { status, stderr } = spawnSync(node, argv, {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  const took = Number(process.hrtime.bigint() - begun) / 1e6
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${String(status)}: ${stderr}`)
  return took
}

const cases: readonly Case[] = [
  { name: 'node -e 0', argv: ['-e', '0'] },
  { name: 'bridle --version', argv: [main, '--version'], most: 2.3 },
  { name: 'bridle validate', argv: [main, 'validate', '--file', small], most: 2.8 },
  { name: 'bridle plan', argv: [main, 'plan', '--file', small], most: 3.5 },
]

/** How long the bundle takes to begin, beside an empty Node: medians of runs taken in turns. */
export const startUps = async (node = process.execPath): Promise<StartUp[]> => {
  const took = cases.map((one) => ({ ...one, times: [] as number[] }))
  for (let at = 0; at < sandboxes; at += 1) {
    const server = await served(root)
    const env = { ...process.env, ...server.env, NO_COLOR: '1' }
    try {
      for (const { argv } of took) elapsedMs(node, argv, env) // warms the disk, and the sandbox
      for (let round = 0; round < rounds; round += 1)
        for (const { argv, times } of took) times.push(elapsedMs(node, argv, env))
    } finally {
      server.stop()
    }
  }
  const empty = median(took[0]?.times ?? [])
  return took.map(({ name, most, times }) => {
    const medianMs = median(times)
    return { name, medianMs, multiple: medianMs / empty, most }
  })
}
