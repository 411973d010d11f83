import { Flags } from '@oclif/core'
import type { Planned } from '../src/model/result.js'
import { organizationFlags } from '../src/cli/flags.js'
import { agreed, identityFlag, removeUsedFlag } from '../src/cli/identities.js'
import { OrganizationCommand } from '../src/cli/organization-command.js'

export default class Plan extends OrganizationCommand {
  static override summary = 'Shows what apply would do, and what it will cost in API budget. Changes nothing.'
  static override examples = [
    { description: 'What would change:', command: '<%= config.bin %> plan' },
    { description: 'Try it without Buildkite:', command: '<%= config.bin %> plan --sandbox' },
    {
      description: 'Have a plan reviewed, then carry out exactly that:',
      command: '<%= config.bin %> plan --out plan.json',
    },
    { description: 'For a pull request:', command: '<%= config.bin %> plan --format markdown --exit-code' },
  ]
  static override flags = {
    ...organizationFlags,
    out: Flags.string({
      description: 'writes the plan to a file for `bridle apply FILE`',
      helpValue: 'FILE',
    }),
    'exit-code': Flags.boolean({ description: 'ends with 10 if there is something to do' }),
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
    const { flags } = await this.parse(Plan)
    const { isThere, noPlaceFor, writePaper } = await import('../src/cli/papers.js')
    const nowhere = flags.out === undefined ? undefined : noPlaceFor(this.machine, flags.out)
    if (nowhere !== undefined) {
      this.misused(nowhere, 'name a file in a folder that is there')
      return
    }
    const { plan, printPlan, standInTheWay } = await import('../src/workflow/plan.js')
    const { toAsk } = await import('../src/cli/connection.js')
    const result: Planned = await this.about(flags, {
      open: toAsk,
      find: (world) => plan(world, { maxRemoved: flags['max-removed'], ...agreed(flags) }),
      refuse: (findings) => ({ result: 'plan', findings }),
    })
    await this.conclude(result, flags, flags['exit-code'])
    if (flags.out === undefined) return
    if (result.plan === undefined || standInTheWay(result.findings)) {
      const what = isThere(this.machine, flags.out)
        ? `${flags.out} is left as it was, and is an older plan`
        : `${flags.out} is not written`
      this.note(`${what}: nothing could be carried out from this one`)
      return
    }
    const trouble = writePaper(this.machine, flags.out, printPlan(result.plan))
    if (trouble === undefined)
      this.note(`written to ${flags.out}: \`bridle apply ${flags.out}\` carries out exactly this`)
    else this.misused(trouble, 'name a file in a folder that you may write to')
  }
}
