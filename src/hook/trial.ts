import * as z from 'zod'
import { shipped } from './shipped.js'

/** In bytes: a gate reads no more of a job, and no job has more. */
export const mostJobBytes = 2_097_152

/** A job, as the agent wrote down its variables. */
export interface JobFile {
  /** Where it came from: `job.json`, `jobs.ndjson:3`. */
  readonly at: string
  /** What is in it; nothing where it is larger than a gate reads. */
  readonly text?: string
  readonly bytes: number
}

/** What a gate is asked about a job, and what it would say. */
const decision = z.object({
  decision: z.enum(['accept', 'refuse']),
  mode: z.enum(['observe', 'warn', 'block']).catch('block'),
  rule: z.string().nullish(),
  saw: z.string().nullish(),
  key: z.string().nullish(),
  value: z.string().nullish(),
  pipeline: z.string().nullish(),
  build: z.string().nullish(),
  job: z.string().nullish(),
  checks: z.array(z.string()).nullish(),
  tells: z.string().nullish(),
})
export type GateDecision = z.infer<typeof decision>

/** A policy for a trial. A uuid that is empty is one that nobody knows: the job's word is taken for it. */
export interface OnTrial {
  readonly policy: Readonly<Record<string, unknown>>
  /** Whether it has a number yet. */
  readonly isNumbered: boolean
}

/**
 * The gate's own rules and words, byte for byte, as two functions; and around them what the gate's shell does. One process
 * tries many jobs: each with the pipelines of the policy that it could be of, as the rules look at no other ones, and as
 * the policy is looked at whole once before.
 */
export const trialProgram = `def decide($job; $policy; $host; $now; $id):
${shipped['decide.jq']}
;
def tell:
${shipped['tell.jq']}
;
def text($name): .["BUILDKITE_" + $name] | if type == "string" and . != "" then . else "not told" end;
def known($job):
  (if .organization.uuid == "" then .organization.uuid = ($job | text("ORGANIZATION_ID")) else . end)
  | (if .cluster.uuid == "" then .cluster.uuid = ($job | text("CLUSTER_ID")) else . end)
  | (if .queue.uuid == "" then .queue.uuid = "not known" else . end)
  | .pipelines |= map(
      if .uuid != "" then .
      elif .slug == ($job | text("PIPELINE_SLUG")) then .uuid = ($job | text("PIPELINE_ID"))
      else .uuid = "not known " + .slug end);
def host: {organization: .organization.uuid?, cluster: .cluster.uuid?, queue: .queue.uuid?};
input as $given
| [$given.policies[]
  | .policy as $whole
  | {numbered, whole: $whole,
    isRead: (($whole | try known({}) catch $whole) as $asked
      | decide([]; [$asked]; [$asked | host]; $given.now; "").rule != "policy"),
    by: (reduce ($whole.pipelines? // [] | if type == "array" then .[] else empty end | objects) as $one ({};
      reduce ($one.uuid, $one.slug | strings) as $name (.; .[$name] += [$one])))}] as $policies
| inputs
| . as $asked
| ((try ($asked.text | [fromjson]) catch []) | if length == 1 and (.[0] | type == "object") then . else [] end) as $job
| ($job[0] // {}) as $texts
| [$policies[]
  | . as $one
  | (if .isRead | not then .whole
    else .whole + {pipelines: ([.by[$texts | text("PIPELINE_ID"), text("PIPELINE_SLUG")] // [] | .[]] | unique)}
      | known($texts) end) as $policy
  | (if $asked.cannot then
      {gate: "bridle/1", decision: "refuse", mode: ($policy.mode? // "block"), rule: "job-file", saw: $asked.cannot}
    else decide($job; [$policy]; [$policy | host]; $given.now; $texts | text("JOB_ID")) end)
  | if $one.numbered then . else .serial = null end
  | . + {tells: (if .decision == "refuse" and .mode != "observe" then tell else null end)}]`

/** A line for each job, behind one for all of them. */
export const trialInput = (policies: readonly OnTrial[], jobs: readonly JobFile[], now: string): string =>
  [
    JSON.stringify({
      policies: policies.map((one) => ({ policy: one.policy, numbered: one.isNumbered })),
      now,
    }),
    ...jobs.map((one) => JSON.stringify(askedOf(one))),
    '',
  ].join('\n')

/** As the gate's shell looks at a file before jq does. */
const askedOf = ({ text, bytes }: JobFile): { readonly text: string } | { readonly cannot: string } =>
  text === undefined || bytes > mostJobBytes
    ? { cannot: `they are ${bytes} bytes` }
    : { text: isOneLine(text) ? text : '' }

/** Not every jq minds control characters, and no JSON has them inside a text. One ends the file. */
// eslint-disable-next-line no-control-regex
export const isOneLine = (text: string): boolean => (text.match(/[\0-\x1f]/g)?.length ?? 0) <= 1

/** What jq printed: for each job what each policy makes of it. */
export const trialAnswers = (stdout: string): readonly (readonly GateDecision[])[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => z.array(decision).parse(JSON.parse(line)))
