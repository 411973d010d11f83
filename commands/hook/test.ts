import { Args, Flags } from '@oclif/core'
import { queueTyped } from '../../src/cli/address-typed.js'
import { fileFlags, offlineFlags } from '../../src/cli/flags.js'
import { askJq, gateFormFlag, HookCommand } from '../../src/cli/hook-command.js'
import { linesOf, troubleIn, wholeOf } from '../../src/cli/lines.js'
import type { JobFile } from '../../src/workflow/hook-test.js'

export default class HookTest extends HookCommand {
  static override summary = 'Says what the gate of a queue would decide about jobs, and why.'
  static override description =
    'By the rules that are on hosts, word for word, and by the policy that the files come to: no token, no network, but jq. A job is what its agent wrote into BUILDKITE_ENV_JSON_FILE: an object of names and texts, on one line.'
  static override examples = [
    {
      description: 'One job, as its agent wrote it down:',
      command: '<%= config.bin %> hook test production/deploy --job job.json',
    },
    {
      description: 'What a change of the files would refuse, of jobs that were:',
      command:
        '<%= config.bin %> hook test production/deploy --jobs jobs.ndjson --against /var/lib/bridle/policy.json',
    },
  ]
  static override args = {
    queue: Args.string({ name: 'QUEUE', description: 'CLUSTER/KEY, or queue:CLUSTER/KEY', required: true }),
  }
  static override flags = {
    ...fileFlags,
    ...offlineFlags,
    format: gateFormFlag(),
    job: Flags.string({
      description: 'the variables of one job; - for what is piped in',
      helpValue: 'FILE',
      exclusive: ['jobs'],
    }),
    jobs: Flags.string({
      description: 'the same of many jobs, one on each line; they are counted',
      helpValue: 'FILE',
    }),
    policy: Flags.string({
      description: 'a policy instead of what the files come to; its signature is not looked at',
      helpValue: 'FILE',
    }),
    against: Flags.string({
      description: 'another policy, for what it decides otherwise',
      helpValue: 'FILE',
    }),
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(HookTest)
    const queue = queueTyped(args.queue)
    if (queue === undefined) {
      this.misused(`"${args.queue}" is no queue`, 'write it as production/deploy')
      return
    }
    const file = flags.job ?? flags.jobs
    if (file === undefined) {
      this.misused('there is no job to ask about', 'name one with --job FILE, or many with --jobs FILE')
      return
    }
    const trouble = troubleIn(this.machine, file)
    if (trouble !== undefined) {
      this.misused(trouble, 'name what an agent wrote into BUILDKITE_ENV_JSON_FILE')
      return
    }
    const { hookTest, isOneLine, mostJobBytes } = await import('../../src/workflow/hook-test.js')
    const policy = await this.policyIn(flags.policy)
    if (policy === 'none') return
    const against = await this.policyIn(flags.against)
    if (against === 'none') return
    if (policy === undefined) {
      const missing = this.missing(flags.file)
      if (missing !== undefined) {
        await this.stopAt(missing)
        return
      }
    }
    const isMany = flags.jobs !== undefined
    const job = isMany ? undefined : { at: file, ...wholeOf(this.machine, file, mostJobBytes) }
    const result = hookTest(this.declared(flags.file), {
      queue,
      isMany,
      jobs: job === undefined ? this.jobsIn(file, mostJobBytes) : [job],
      policy,
      against,
      now: this.second(),
      jq: askJq(this.machine),
    })
    await this.conclude(result, flags)
    if (job?.text !== undefined && result.job?.rule === 'job-file' && !isOneLine(job.text))
      this.note('note: an agent writes it on one line; `jq -c .` makes that of it')
  }

  private *jobsIn(file: string, most: number): Generator<JobFile> {
    for (const { number, ...line } of linesOf(this.machine, file, most))
      if (line.text?.trim() !== '') yield { at: `${file}:${number}`, ...line }
  }
}
