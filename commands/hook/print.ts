import { Args, Flags } from '@oclif/core'
import { queueTyped } from '../../src/cli/address-typed.js'
import { fileFlags, offlineFlags } from '../../src/cli/flags.js'
import { gateFormFlag } from '../../src/cli/hook-command.js'
import { HookHostCommand } from '../../src/cli/hook-host-command.js'
import { hostFlags } from '../../src/cli/hook-host-flags.js'

export default class HookPrint extends HookHostCommand {
  static override summary = 'Prints what makes a host of a queue a gated one.'
  static override description =
    'By the files and bridle.lock.yaml alone: no token, no network. The files of root’s, the lines for the configuration of the agent and why; or a script that puts the files in place, which needs nothing but sh. BRIDLE_POLICY_KEY_FILE names the key that hosts check policies with; its public half is enough.'
  static override examples = [
    { description: 'What goes where, and why:', command: '<%= config.bin %> hook print production/deploy' },
    {
      description: 'A script for its machines, to be run as root:',
      command: '<%= config.bin %> hook print production/deploy --script > install-gate.sh',
    },
    {
      description: 'The same with what hardens a machine of the Elastic CI Stack, for BootstrapScriptUrl:',
      command: '<%= config.bin %> hook print production/deploy --boot-script --policy policy.json > boot.sh',
    },
  ]
  static override args = {
    queue: Args.string({ name: 'QUEUE', description: 'CLUSTER/KEY, or queue:CLUSTER/KEY', required: true }),
  }
  static override flags = {
    ...fileFlags,
    ...offlineFlags,
    format: gateFormFlag(),
    script: Flags.boolean({ description: 'a script for sh that installs it, and looks whether it stands' }),
    'boot-script': Flags.boolean({
      description: 'the same, with the boot script of `bridle stack`',
      exclusive: ['script'],
    }),
    ...hostFlags,
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(HookPrint)
    const queue = queueTyped(args.queue)
    if (queue === undefined) {
      this.misused(`"${args.queue}" is no queue`, 'write it as production/deploy')
      return
    }
    const isScript = flags.script || flags['boot-script']
    if (isScript && flags.format !== 'text') {
      this.misused('a script has one form', 'leave out --format')
      return
    }
    const plan = await this.planned(queue, flags, flags['boot-script'])
    if (plan === undefined) return
    if (!isScript) await this.conclude(plan.printed, flags)
    else if (plan.script === undefined) await this.refuse(plan.lacking, flags.file)
    else this.answer(plan.script, 0)
  }
}
