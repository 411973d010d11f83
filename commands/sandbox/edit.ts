import { Flags } from '@oclif/core'
import { BridleCommand } from '../../src/cli/command.js'
import { fileFlags } from '../../src/cli/flags.js'

export default class SandboxEdit extends BridleCommand {
  static override summary = 'Changes a sandbox by hand, as somebody at Buildkite’s own pages would.'
  static override description =
    'For seeing drift. Without words it lists what can be said. The rules are those that hold for an administrator, or for whom the words name: `as ada@acme.test start pipeline:web`.'
  static override usage = 'sandbox edit WORDS… [--state FILE] [-f FILE]'
  static override examples = [
    {
      description: 'Pause a queue:',
      command: '<%= config.bin %> sandbox edit pause queue:general/default "flaky disks"',
    },
    {
      description: 'Give access by hand:',
      command: '<%= config.bin %> sandbox edit grant team:web pipeline:web-deploy build_and_read',
    },
    {
      description: 'Set a field:',
      command: '<%= config.bin %> sandbox edit set pipeline:web default_branch=trunk',
    },
  ]
  static override strict = false
  static override flags = {
    ...fileFlags,
    state: Flags.string({
      description: 'where the sandbox is kept, if not beside the root file',
      helpValue: 'FILE',
    }),
  }

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(SandboxEdit)
    const { editSandbox } = await import('../../src/cli/sandbox-edit.js')
    const edited = editSandbox(this.machine, flags.file, flags.state ?? '', argv.map(String))
    if ('said' in edited) this.answer(`${edited.sentence}\n\n${edited.said}\n`, 0)
    else if ('code' in edited) await this.stopAt(edited)
    else if ('refused' in edited) this.notUnderstood(edited.refused)
    else this.misused(edited.what, edited.fix)
  }
}
