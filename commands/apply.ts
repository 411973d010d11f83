import { Args, Flags } from '@oclif/core'
import { organizationFlags } from '../src/cli/flags.js'
import { agreed, identityFlag, removeUsedFlag } from '../src/cli/identities.js'
import { OrganizationCommand } from '../src/cli/organization-command.js'

export default class Apply extends OrganizationCommand {
  static override summary =
    'Carries out the plan, and asks first. Besides `contain`, which can only pause, the one command that changes the organization.'
  static override description =
    'Derives the plan from the files and the organization. With FILE it carries out that reviewed plan and no other: where it would do anything else now, it does nothing.'
  static override examples = [
    { description: 'Shows the plan, asks, and carries it out:', command: '<%= config.bin %> apply' },
    {
      description: 'What was reviewed, and nothing else:',
      command: '<%= config.bin %> apply plan.json --yes',
    },
    { description: 'Try it without Buildkite:', command: '<%= config.bin %> apply --sandbox' },
  ]
  static override args = {
    file: Args.string({
      name: 'FILE',
      description: 'a plan that `bridle plan --out FILE` wrote',
      ignoreStdin: true, // `yes | bridle apply` names no file
    }),
  }
  static override flags = {
    ...organizationFlags,
    yes: Flags.boolean({ char: 'y', description: 'do not ask: for machines' }),
    'allow-widening': Flags.boolean({
      description:
        'somebody may gain access, where the plan says that they do; never onto a queue that it opens',
    }),
    'accept-identity': identityFlag(),
    'remove-used': removeUsedFlag,
    'max-removed': Flags.integer({
      description: 'how many of a kind may be removed, where the plan says that it is too many',
      helpValue: 'N',
      default: 0,
      min: 0,
    }),
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Apply)
    const { readPaper, writeBeside } = await import('../src/cli/papers.js')
    const paper = args.file === undefined ? { text: undefined } : readPaper(this.machine, args.file)
    if ('trouble' in paper) {
      this.misused(paper.trouble, 'name a file that `bridle plan --out FILE` wrote')
      return
    }
    const { apply } = await import('../src/workflow/apply.js')
    const { toTell } = await import('../src/cli/connection-to-write.js')
    const { consentOf } = await import('../src/cli/consent.js')
    const result = await this.about(flags, {
      open: toTell,
      find: (world) =>
        apply(world, {
          maxRemoved: flags['max-removed'],
          ...agreed(flags),
          reviewed: paper.text,
          signer: this.signer,
          keep: (name, text) => {
            const trouble = writeBeside(this.machine, flags.file, name, text)
            this.note(trouble ?? `written to ${name}: commit it with the files`)
          },
          consent: consentOf({
            machine: this.machine,
            isGiven: flags.yes,
            noColor: flags['no-color'],
            progress: this.progress,
            sandbox: this.sandbox,
          }),
        }),
      refuse: (findings) => ({ result: 'apply', findings, outcomes: [], interrupted: false }),
    })
    const isStopped = this.stopping.signal.aborted && result.outcomes.length === 0
    await this.conclude(isStopped ? { ...result, interrupted: true } : result, flags)
  }
}
