import { readFileSync } from 'node:fs'
import { accessCheck, accessWhy, why } from '../../src/workflow/access.js'
import { grounds, type AccessOptions } from '../../src/workflow/ground.js'
import type { World } from '../../src/workflow/world.js'
import { filesOf } from '../../test/support/files.js'

/** What one process measures. `files` and `snapshot` are paths. */
export interface AccessJob {
  readonly use: 'check' | 'why' | 'why-read'
  readonly files: string
  readonly snapshot: string
  readonly who: string
  readonly on: string
}

export interface AccessMeasured {
  readonly seconds: number
  readonly peakMegabytes: number
  /** How many privileged queues there are. */
  readonly queues: number
}

const run = async ({ use, files, snapshot, who, on }: AccessJob): Promise<AccessMeasured> => {
  const world: World = {
    files: filesOf(JSON.parse(readFileSync(files, 'utf8')) as Record<string, string>),
    root: 'bridle.yaml',
    today: '2026-11-22',
    connect: () => {
      throw new Error('nobody is asked')
    },
  }
  const ground = (): AccessOptions => ({
    basis: 'snapshot',
    text: readFileSync(snapshot, 'utf8'),
    now: '2026-11-22T00:00:00.000Z',
  })
  const found = use === 'why-read' ? await grounds(world, ground()) : undefined
  if (found !== undefined && !('access' in found)) throw new Error(found.map(({ what }) => what).join())

  const from = process.hrtime.bigint()
  const asked = { who, on }
  const result =
    use === 'check'
      ? await accessCheck(world, { ...ground(), suggest: false })
      : found === undefined
        ? await accessWhy(world, { ...ground(), ...asked })
        : why(world, found, asked)
  const seconds = Number(process.hrtime.bigint() - from) / 1e9
  const peakMegabytes = process.resourceUsage().maxRSS / 1024

  if (result.basis === undefined) throw new Error(result.findings.map(({ what }) => what).join())
  if (result.result === 'access-why' && result.paths.length === 0)
    throw new Error(`no path from ${who} to ${on}`)
  const queues = result.result === 'access-check' ? result.queues.length : 1
  return { seconds, peakMegabytes, queues }
}

process.stdout.write(JSON.stringify(await run(JSON.parse(process.argv[2] ?? '') as AccessJob)))
