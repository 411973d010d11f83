import * as z from 'zod'
import { jsonSchema } from '../config/schema.js'
import { signedPolicySchema } from '../model/envelope.js'
import { evidenceSchema } from './evidence.js'
import { hostReportSchema } from './hook-check.js'
import { lockSchema } from './lock.js'
import { snapshotSchema } from './snapshot.js'

/** What is kept in files, by the name that `bridle schema --of` knows. */
const papers = {
  'lock-file': lockSchema,
  'evidence-file': evidenceSchema,
  'snapshot-file': snapshotSchema,
  'policy-file': signedPolicySchema,
  'host-report': hostReportSchema.strict(),
} satisfies Readonly<Record<string, z.ZodType>>

/** The files whose schema there is: the declaration, and what bridle keeps beside it. */
export type PaperName = 'files' | keyof typeof papers

/** Whether a schema is that of a file, and not of an answer. */
export const isPaper = (name: string): name is PaperName => name === 'files' || Object.hasOwn(papers, name)

/** The JSON Schema of a file, draft 2020-12; of those that a person writes, for editors. */
export const paperSchema = (name: PaperName): object =>
  name === 'files' ? jsonSchema() : { title: `bridle ${name}`, ...z.toJSONSchema(papers[name]) }
