import type { Answers } from '../report/told.js'
import type { PaperName } from '../workflow/schema.js'

/** All that `bridle schema --of` knows: files, and what commands answer with `--format json`. */
export type SchemaName = PaperName | keyof Answers

/** In the order in which help names them. A command that is asked for help loads no schema. */
const named: Readonly<Record<SchemaName, true>> = {
  files: true,
  validate: true,
  plan: true,
  apply: true,
  drift: true,
  doctor: true,
  import: true,
  contain: true,
  'access-check': true,
  'access-who': true,
  'access-what': true,
  'access-why': true,
  'access-snapshot': true,
  'hook-print': true,
  'hook-install': true,
  'hook-test': true,
  'hook-canary': true,
  'hook-report': true,
  stack: true,
  explain: true,
  'plan-file': true,
  'lock-file': true,
  'evidence-file': true,
  'snapshot-file': true,
  'policy-file': true,
  'host-report': true,
}

export const schemaNames = Object.keys(named) as SchemaName[]
