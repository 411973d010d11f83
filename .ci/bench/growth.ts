import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Job, Measured } from './measure.js'

export interface Growth extends Job, Measured {
  readonly name: string
}

/** A program of this folder as one file, so that what is measured is not how long it takes to compile. */
export const bundle = async (program: string, outfile: string): Promise<void> => {
  await build({
    entryPoints: [fileURLToPath(new URL(program, import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    banner: { js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);" },
    logLevel: 'error',
  })
}

/** Measures each use in a process of its own, as it grows: what one leaves in memory, the next does not pay for. */
export const growthOf = async (sizes: readonly number[], show: (row: Growth) => void): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'bridle-bench-'))
  const measure = join(folder, 'measure.mjs')
  const measured = (job: Job): Measured => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [measure, JSON.stringify(job)], {
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`${job.use} of ${job.pipelines} pipelines: ${stderr}`)
    return JSON.parse(stdout) as Measured
  }
  try {
    await bundle('measure.ts', measure)
    for (const limits of ['off', 'on'] as const) {
      for (const pipelines of sizes) {
        const state = join(folder, `${pipelines}.json`)
        const jobs: (Job & { readonly name: string })[] = [
          { name: 'validate', use: 'validate', pipelines, limits },
          { name: 'plan, all new', use: 'plan', pipelines, limits },
          { name: 'apply, all new', use: 'apply', pipelines, limits, to: state },
          { name: 'plan, nothing to do', use: 'plan', pipelines, limits, from: state },
          { name: 'drift, 1 % by hand', use: 'drift', pipelines, limits, from: state },
          { name: 'import', use: 'import', pipelines, limits, from: state },
          { name: 'import --update, 1 % by hand', use: 'update', pipelines, limits, from: state },
        ]
        for (const job of jobs.filter(({ use }) => limits === 'off' || use !== 'validate'))
          show({ ...job, ...measured(job) })
      }
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
