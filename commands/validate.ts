import { OrganizationCommand } from '../src/cli/organization-command.js'
import { answerFlags, fileFlags, offlineFlags } from '../src/cli/flags.js'

export default class Validate extends OrganizationCommand {
  static override summary = 'Checks the files by themselves: no token, no network.'
  static override examples = [
    { description: 'Check bridle.yaml here:', command: '<%= config.bin %> validate' },
    {
      description: 'Check another declaration:',
      command: '<%= config.bin %> validate --file acme/bridle.yaml',
    },
  ]
  static override flags = { ...fileFlags, ...answerFlags, ...offlineFlags }

  async run(): Promise<void> {
    const { flags } = await this.parse(Validate)
    const { validate } = await import('../src/workflow/validate.js')
    const missing = this.missing(flags.file)
    const nothing = { result: 'validation', files: 0, declared: {}, elsewhere: [] } as const
    const result =
      missing === undefined ? validate(this.declared(flags.file)) : { ...nothing, findings: [missing] }
    await this.conclude(result, flags)
  }
}
