import { Args, Flags } from '@oclif/core'
import { queueTyped } from '../src/cli/address-typed.js'
import { fileFlags, offlineFlags } from '../src/cli/flags.js'
import { StackCommand } from '../src/cli/stack-command.js'
import { brokerFlag, formFlag, stackFlags, stackOptions } from '../src/cli/stack-flags.js'
import type { FirewallForm } from '../src/workflow/stack.js'

const firewalls: readonly FirewallForm[] = ['iptables', 'nftables']

export default class Stack extends StackCommand {
  static override summary =
    'Prints what a queue implies for the Elastic CI Stack for AWS that runs its agents.'
  static override description =
    'By the files alone: no token, no network. A privileged queue gets the strict parameters, any other one only what its declaration says. What the machines themselves need is in the boot script.'
  static override examples = [
    { description: 'The parameters, and why:', command: '<%= config.bin %> stack production/deploy' },
    {
      description: 'For `aws cloudformation … --parameters file://parameters.json`:',
      command: '<%= config.bin %> stack production/deploy --format json > parameters.json',
    },
    {
      description: 'What hardens its machines at boot:',
      command: '<%= config.bin %> stack production/deploy --boot-script > harden.sh',
    },
    {
      description: 'The firewall around the metadata service alone:',
      command: '<%= config.bin %> stack production/deploy --firewall nftables',
    },
  ]
  static override args = {
    queue: Args.string({ name: 'QUEUE', description: 'CLUSTER/KEY, or queue:CLUSTER/KEY', required: true }),
  }
  static override flags = {
    ...fileFlags,
    ...offlineFlags,
    format: formFlag(),
    ...stackFlags,
    'boot-script': Flags.boolean({
      description: 'the script that hardens a machine, for BootstrapScriptUrl',
    }),
    firewall: Flags.custom<FirewallForm>({
      description: 'the firewall around the metadata service, in these words; alone, or in the boot script',
      options: [...firewalls],
    })(),
    broker: brokerFlag({
      description: 'a user besides root that may ask the metadata service',
      multiple: true,
      multipleNonGreedy: true,
    }),
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Stack)
    const queue = queueTyped(args.queue)
    if (queue === undefined) {
      this.misused(`"${args.queue}" is no queue`, 'write it as production/deploy')
      return
    }
    const isScript = flags['boot-script'] || flags.firewall !== undefined
    if (isScript && flags.format !== undefined) {
      this.misused('a script has one form', 'leave out --format, or ask for the parameters alone')
      return
    }
    if (!isScript && flags.broker !== undefined) {
      this.misused('--broker is about the firewall', 'add --boot-script or --firewall')
      return
    }
    const missing = this.missing(flags.file)
    if (missing !== undefined) {
      await this.refuse([missing], flags.file)
      return
    }
    const { stack, stackScript } = await import('../src/workflow/stack.js')
    const declared = this.declared(flags.file)
    if (isScript) {
      const firewall = { form: flags.firewall ?? 'iptables', brokers: flags.broker ?? [] }
      const script = stackScript(declared, queue, { firewall, alone: !flags['boot-script'] })
      if ('text' in script) this.answer(script.text, 0)
      else await this.refuse(script.findings, flags.file)
      return
    }
    await this.print(stack(declared, queue, stackOptions(flags)), flags.file, flags.format ?? 'text')
  }
}
