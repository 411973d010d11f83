import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from './growth.js'
import type { RolesJob, RolesMeasured } from './measure-roles.js'

export interface RolesRow extends RolesMeasured {
  readonly roles: number
  readonly pipelines: number
  readonly name: string
}

const uses = [
  ['plan', 'plan, nothing to do'],
  ['drift', 'drift, 1 % by hand'],
  ['trusts', 'who may become which role'],
  ['lints', 'what is wrong with roles'],
] as const

/** Measures what roles cost beside so many pipelines, each use in a process of its own. */
export const rolesOf = async (
  sizes: readonly { readonly roles: number; readonly pipelines: number }[],
  show: (row: RolesRow) => void,
): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'bridle-bench-'))
  const measure = join(folder, 'measure-roles.mjs')
  const measured = (job: RolesJob): RolesMeasured => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [measure, JSON.stringify(job)], {
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`${job.use} of ${job.roles} roles: ${stderr}`)
    return JSON.parse(stdout) as RolesMeasured
  }
  try {
    await bundle('measure-roles.ts', measure)
    for (const size of sizes) {
      const state = join(folder, 'state.json')
      measured({ ...size, use: 'apply', state })
      for (const [use, name] of uses) show({ ...size, name, ...measured({ ...size, use, state }) })
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
