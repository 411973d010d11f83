import { daysFlag } from '../src/cli/duration.js'
import { organizationFlags } from '../src/cli/flags.js'
import { OrganizationCommand } from '../src/cli/organization-command.js'

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
      description: 'As an annotation of a scheduled build:',
      command: '<%= config.bin %> drift --format markdown',
    },
  ]
  static override flags = {
    ...organizationFlags,
    'created-within': daysFlag({
      description: 'lists what was created in privileged clusters in that time, and by whom',
      helpValue: '7d',
    }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Drift)
    const days = flags['created-within']
    const { drift } = await import('../src/workflow/drift.js')
    const { toAsk } = await import('../src/cli/connection.js')
    const result = await this.about(flags, {
      open: toAsk,
      find: (world) => drift(world, days === undefined ? {} : { createdWithinDays: days }),
      refuse: (findings) => ({ result: 'drift', findings }),
    })
    await this.conclude(result, flags)
  }
}
