import { spawn, spawnSync } from 'node:child_process'
import { hostIn, lacks, removeHosts, shells } from '../../test/hook/host.js'
import { awsServed, here, job, keeperIn, policyOf, region, signed, signing } from '../../test/hook/keeper.js'
import { printGate } from '../../src/model/gate.js'

export interface GateRow {
  readonly name: string
  readonly medianMs: number
}

export interface GateRows {
  readonly rows: readonly GateRow[]
  readonly startUps: readonly GateRow[]
}

const rounds = 15

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN

/** From outside: the process, and whatever it starts. The server that it asks is in this one, so nothing blocks. */
const elapsedMs = async (file: string, argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> => {
  const begun = performance.now()
  const child = spawn(file, argv, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (data: Buffer) => (said += data.toString()))
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (status !== 0) throw new Error(`${file} ${argv.join(' ')} ended with ${String(status)}: ${said}`)
  return performance.now() - begun
}

/** The program itself, where a version manager has put a script of its own before it. */
const awsPath = (): string | undefined => {
  const managed = spawnSync('pyenv', ['which', 'aws'], { encoding: 'utf8' })
  const path = managed.status === 0 ? managed.stdout.trim() : 'aws'
  return spawnSync(path, ['--version']).status === 0 ? path : undefined
}

type Timed = readonly [name: string, once: () => Promise<number>]

const inTurns = async (timed: readonly Timed[]): Promise<GateRow[]> => {
  const took = timed.map(([name, once]) => ({ name, once, times: [] as number[] }))
  for (const { once } of took) await once() // warms the disk
  for (let round = 0; round < rounds; round += 1) for (const { once, times } of took) times.push(await once())
  return took.map(({ name, times }) => ({ name, medianMs: median(times) }))
}

/**
 * What a job waits for at the gate, beside the same questions put to SSM by the `aws` command, in turns; nothing where this
 * machine can't be a host, or has no `aws`.
 */
export const gateRows = async (): Promise<GateRows | undefined> => {
  const aws = awsPath()
  if (lacks() !== undefined || aws === undefined) return undefined
  const served = await awsServed()
  try {
    const leaves = ['repository', 'branches', 'queue', 'role'].map(
      (leaf) => `/buildkite/pipelines/web/${leaf}`,
    )
    for (const leaf of leaves) await served.put(leaf, 'git@github.com:acme/web.git')
    const parameter = served.parameter()
    await served.put(parameter, await signed(policyOf(3)))

    const asked = async (shell: (typeof shells)[number]): Promise<() => Promise<number>> => {
      const host = hostIn(shell)
      host.put('etc/gate.json', JSON.stringify(here))
      host.put('var/policy.json', printGate(policyOf(3)))
      const { status, said } = await host.ask(job)
      if (status !== 0) throw new Error(`the gate let nobody in: ${said}`)
      return async () => (await host.ask(job)).took
    }
    const keeper = keeperIn(shells[0], parameter, served.url)
    const env = {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_PAGER: '',
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region, // for version 1
      ...signing(served),
    }
    const four = async () => {
      let ms = 0
      for (const leaf of leaves)
        ms += await elapsedMs(
          aws,
          ['ssm', 'get-parameter', '--name', leaf, '--endpoint-url', served.url],
          env,
        )
      return ms
    }
    const started = (name: string, file: string, ...argv: string[]): Timed => [
      name,
      () => elapsedMs(file, argv, { PATH: '/usr/bin:/bin', HOME: '/nonexistent' }),
    ]
    const rows = await inTurns([
      ['the gate, whole, under dash', await asked('/bin/dash')],
      ['the gate, whole, under bash', await asked('/bin/bash')],
      ['the gate, whole, under busybox', await asked('/usr/bin/busybox sh')],
      ['the keeper, nothing new', async () => (await keeper.keep(signing(served))).took],
      ['four times `aws ssm get-parameter`', four],
    ])
    const startUps = await inTurns([
      started('dash -c :', '/bin/dash', '-c', ':'),
      started('bash -c :', '/bin/bash', '-c', ':'),
      started('jq -n 0', '/usr/bin/jq', '-n', '0'),
      started('python3 -I -c 0', '/usr/bin/python3', '-I', '-c', '0'),
      started('python3 -I -c "import json"', '/usr/bin/python3', '-I', '-c', 'import json'),
    ])
    return { rows, startUps }
  } finally {
    await served.close()
    removeHosts()
  }
}
