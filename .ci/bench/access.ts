import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from './growth.js'
import type { AccessJob, AccessMeasured } from './measure-access.js'
import { privilegedOf } from './privileged.js'

export interface AccessRow extends AccessMeasured {
  readonly pipelines: number
  readonly grants: number
  readonly name: string
}

const uses = [
  ['check', '`access check`'],
  ['why', '`access why`'],
  ['why-read', '`access why`, once it is read'],
] as const

/** Measures questions about access on snapshots of such sizes, each in a process of its own. */
export const accessOf = async (sizes: readonly number[], show: (row: AccessRow) => void): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'bridle-bench-'))
  const measure = join(folder, 'measure-access.mjs')
  try {
    await bundle('measure-access.ts', measure)
    for (const pipelines of sizes) {
      const { files, snapshot, grants, stranger, queue } = privilegedOf(pipelines)
      const texts = { files: join(folder, 'files.json'), snapshot: join(folder, 'snapshot.json') }
      writeFileSync(texts.files, JSON.stringify(files))
      writeFileSync(texts.snapshot, snapshot)
      for (const [use, name] of uses) {
        const job: AccessJob = { use, ...texts, who: stranger, on: queue }
        const { status, stdout, stderr } = spawnSync(process.execPath, [measure, JSON.stringify(job)], {
          encoding: 'utf8',
        })
        if (status !== 0) throw new Error(`${name} of ${pipelines} pipelines: ${stderr}`)
        show({ pipelines, grants, name, ...(JSON.parse(stdout) as AccessMeasured) })
      }
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
