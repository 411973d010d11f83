import { Flags } from '@oclif/core'
import { fileFlags } from '../../src/cli/flags.js'
import { OrganizationCommand } from '../../src/cli/organization-command.js'

export default class SandboxServe extends OrganizationCommand {
  static override summary = 'Answers on a local port as Buildkite and AWS would, for other clients.'
  static override description =
    'Begins with what is saved in the sandbox’s file, else with the first day of the organization that the files declare. Ctrl-C saves it and ends.'
  static override examples = [
    { description: 'On a port that is free:', command: '<%= config.bin %> sandbox serve' },
    {
      description: 'What was saved, on one port:',
      command: '<%= config.bin %> sandbox serve --state small.json --port 4711',
    },
  ]
  static override flags = {
    ...fileFlags,
    state: Flags.string({
      description: 'where the sandbox is kept, if not beside the root file',
      helpValue: 'FILE',
    }),
    port: Flags.integer({
      description: 'a free one if left out',
      default: 0,
      min: 0,
      max: 65_535,
      helpValue: 'PORT',
    }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(SandboxServe)
    const { serveSandbox } = await import('../../src/cli/sandbox-serve.js')
    const trouble = await serveSandbox(this.machine, {
      declared: this.declared(flags.file),
      rootFile: flags.file,
      stateFile: flags.state ?? '',
      port: flags.port,
      say: (text) => this.answer(text, 0),
      note: (text) => this.note(text),
    })
    if (trouble === undefined) return
    if ('code' in trouble) await this.stopAt(trouble)
    else this.misused(trouble.what, trouble.fix)
  }
}
