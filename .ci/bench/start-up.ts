import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

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

const rounds = 41

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

/** A sandbox behind a socket, and the environment that leads to it. */
const served = async (folder: string) => {
  const child = spawn(process.execPath, [main, 'sandbox', 'serve', '--file', small, '--state', join(folder, 'state.json')], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  const env = await new Promise<Record<string, string>>((resolve, reject) => {
    child.on('exit', (code) => reject(new Error(`the sandbox ended with ${String(code)}: ${said}`)))
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const found = Object.fromEntries(
        [...said.matchAll(/(BUILDKITE_[A-Z_]+)=(\S+)\n/g)].map(([, name = '', value = '']) => [name, value]),
      )
      if ('BUILDKITE_API_TOKEN' in found && 'BUILDKITE_GRAPHQL_URL' in found && 'BUILDKITE_REST_URL' in found)
        resolve(found)
    })
  })
  return { env, stop: () => child.kill() }
}

/** How long the bundle takes to begin, beside an empty Node: medians of runs taken in turns. */
export const startUps = async (node = process.execPath): Promise<StartUp[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'bridle-bench-'))
  const server = await served(folder)
  const cases: Case[] = [
    { name: 'node -e 0', argv: ['-e', '0'] },
    { name: 'bridle --version', argv: [main, '--version'], most: 2.3 },
    { name: 'bridle validate', argv: [main, 'validate', '--file', small], most: 2.8 },
    { name: 'bridle plan', argv: [main, 'plan', '--file', small], most: 3.5 },
  ]
  const env = { ...process.env, ...server.env, NO_COLOR: '1' }
  try {
    const took = cases.map(({ argv }) => ({ argv, times: [] as number[] }))
    for (const { argv } of took) elapsedMs(node, argv, env) // warms the disk
    for (let round = 0; round < rounds; round += 1)
      for (const { argv, times } of took) times.push(elapsedMs(node, argv, env))
    const medians = took.map(({ times }) => median(times))
    const [empty = NaN] = medians
    return cases.map(({ name, most }, at) => {
      const medianMs = medians[at] ?? NaN
      return { name, medianMs, multiple: medianMs / empty, most }
    })
  } finally {
    server.stop()
    rmSync(folder, { recursive: true })
  }
}
