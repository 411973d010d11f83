import { Args } from '@oclif/core'
import { AccessCommand } from '../src/cli/access-command.js'
import { addressTyped } from '../src/cli/address-typed.js'
import { organizationFlags } from '../src/cli/flags.js'

export default class Contain extends AccessCommand {
  static override summary =
    'Pauses the dispatch of a privileged queue that is open. It can send that one call and no other.'
  static override description =
    'For machines that watch: no new job begins on the queue until `bridle apply` resumes it, which it does only after a verdict that is not open. Jobs that run already go on, and are named. It works on clusters that say `contain: true`, and never touches a pause of somebody else’s.'
  static override examples = [
    {
      description: 'Stop what an open queue starts:',
      command: '<%= config.bin %> contain queue:production/deploy',
    },
  ]
  static override args = {
    queue: Args.string({ name: 'QUEUE', description: 'queue:CLUSTER/KEY', required: true }),
  }
  static override flags = { ...organizationFlags }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Contain)
    const queue = addressTyped(args.queue)
    if (queue?.startsWith('queue:') !== true) {
      this.misused(`"${args.queue}" is no queue`, 'write it as queue:production/deploy')
      return
    }
    const { contain } = await import('../src/workflow/contain.js')
    const { toContain } = await import('../src/cli/connection-to-contain.js')
    const result = await this.about(flags, {
      open: toContain,
      find: (world) => contain(world, { queue, now: this.now() }),
      refuse: (findings) => ({ result: 'contain', queue, did: 'nothing', stillRunning: [], findings }),
    })
    await this.conclude(result, flags)
  }
}
