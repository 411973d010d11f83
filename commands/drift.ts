import { Flags } from '@oclif/core'
import { queueTyped } from '../src/cli/address-typed.js'
import { daysFlag } from '../src/cli/duration.js'
import { organizationFlags, type OrganizationChoices } from '../src/cli/flags.js'
import { OrganizationCommand } from '../src/cli/organization-command.js'
import { stackFlags, stackOptions } from '../src/cli/stack-flags.js'

type StackChoices = Parameters<typeof stackOptions>[0] &
  Pick<OrganizationChoices, 'file' | 'format'> & { readonly queue?: string | undefined }

export default class Drift extends OrganizationCommand {
  static override summary =
    'Says what differs from the files, and what nobody declared. For schedules; changes nothing.'
  static override examples = [
    { description: 'Ends with 10 if something differs:', command: '<%= config.bin %> drift' },
    {
      description: 'And what is new in privileged clusters:',
      command: '<%= config.bin %> drift --created-within 7d',
    },
    {
      description: 'What is new since last night:',
      command: '<%= config.bin %> drift --since bridle-drift.json',
    },
    {
      description: 'In a job of Buildkite, without an annotation and artifacts:',
      command: '<%= config.bin %> drift --no-annotate',
    },
    {
      description: 'Whether a stack is as its queue implies; no organization is asked:',
      command: '<%= config.bin %> drift --stack stack.json',
    },
  ]
  static override flags = {
    ...organizationFlags,
    'created-within': daysFlag({
      description: 'lists what was created in privileged clusters in that time, and by whom',
      helpValue: '7d',
    }),
    since: Flags.string({
      description: 'says what is new and what is gone since an earlier run: what its --format json printed',
      helpValue: 'FILE',
    }),
    'no-annotate': Flags.boolean({
      description: 'in a job of Buildkite: neither annotates its build nor keeps the report as artifacts',
    }),
    stack: Flags.string({
      description:
        'holds a live stack against its queue, and nothing else: what `aws cloudformation describe-stacks` printed',
      helpValue: 'FILE',
    }),
    queue: Flags.string({
      description: 'the queue that the stack is of, where its parameters do not tell',
      helpValue: 'CLUSTER/KEY',
    }),
    ...stackFlags,
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Drift)
    if (flags.stack !== undefined) {
      if (flags['created-within'] === undefined) await this.ofStack(flags, flags.stack)
      else this.misused('--stack looks at nothing but the stack', 'ask for --created-within by itself')
      return
    }
    const about = (['queue', 'token', 'token-key', 'bootstrap-url'] as const).find(
      (name) => flags[name] !== undefined,
    )
    if (about !== undefined) {
      this.misused(`--${about} is about a stack`, 'add --stack FILE')
      return
    }
    const days = flags['created-within']
    const { drift } = await import('../src/workflow/drift.js')
    const { toBeat } = await import('../src/cli/connection-to-beat.js')
    const { exitOf } = await import('../src/cli/exit.js')
    const { post } = await import('../src/cli/post.js')
    const { compared } = await import('../src/workflow/since.js')
    const since = flags.since === undefined ? undefined : await this.earlier(flags.since)
    const found = await this.about(flags, {
      open: toBeat,
      find: (world) =>
        drift(world, {
          ...(days !== undefined && { createdWithinDays: days }),
          // Whoever looks by hand is no schedule, and must not make a deleted one look alive.
          ...(!this.machine.canAsk && {
            beats: {
              exitOf,
              // A make-believe organization is nobody's business outside.
              post: this.sandbox === undefined ? (url, json) => post(this.machine, url, json) : undefined,
            },
          }),
        }),
      refuse: (findings) => ({ result: 'drift', findings }),
    })
    const at = new Date(this.machine.clock.now()).toISOString()
    const result = compared(found, { at, since, isSandbox: this.sandbox !== undefined })
    await this.conclude(result, flags)
    if (flags['no-annotate']) return
    const { tellBuildOfDrift } = await import('../src/cli/drift-told.js')
    this.aside(tellBuildOfDrift(this.machine, result, this.seenFrom(flags.file)))
  }

  /** Whatever is wrong with it is said in the answer: a night without its labels is better than one without a check. */
  private async earlier(file: string) {
    const { readPaper } = await import('../src/cli/papers.js')
    return { file, ...readPaper(this.machine, file) }
  }

  private async ofStack(flags: StackChoices, file: string): Promise<void> {
    const queue = flags.queue === undefined ? undefined : queueTyped(flags.queue)
    if (flags.queue !== undefined && queue === undefined) {
      this.misused(`"${flags.queue}" is no queue`, 'write it as production/deploy')
      return
    }
    const { readPaper } = await import('../src/cli/papers.js')
    const paper = readPaper(this.machine, file)
    if ('trouble' in paper) {
      this.misused(paper.trouble, 'name a file that `aws cloudformation describe-stacks` wrote')
      return
    }
    const { stackDrift } = await import('../src/workflow/stack.js')
    const missing = this.missing(flags.file)
    const options = { ...stackOptions(flags), ...paper, file, queue }
    await this.conclude(
      missing === undefined
        ? stackDrift(this.declared(flags.file), options)
        : { result: 'drift', findings: [missing] },
      flags,
    )
  }
}
