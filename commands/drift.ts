import { organizationFlags } from '../src/cli/flags.js'
import { OrganizationCommand } from '../src/cli/organization-command.js'

export default class Drift extends OrganizationCommand {
  static override summary =
    'Says what differs from the files, and what nobody declared. For schedules; changes nothing.'
  static override examples = [
    { description: 'Ends with 10 if something differs:', command: '<%= config.bin %> drift' },
    {
      description: 'As an annotation of a scheduled build:',
      command: '<%= config.bin %> drift --format markdown',
    },
  ]
  static override flags = { ...organizationFlags }

  async run(): Promise<void> {
    const { flags } = await this.parse(Drift)
    const { drift } = await import('../src/workflow/drift.js')
    const { toAsk } = await import('../src/cli/connection.js')
    const result = await this.about(flags, {
      open: toAsk,
      find: drift,
      refuse: (findings) => ({ result: 'drift', findings }),
    })
    await this.conclude(result, flags)
  }
}
