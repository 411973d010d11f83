import { Args } from '@oclif/core'
import { AccessCommand, groundFlags } from '../../src/cli/access-command.js'
import { bothTyped } from '../../src/cli/address-typed.js'

export default class AccessWhy extends AccessCommand {
  static override summary =
    'Says by which paths somebody reaches something, hop by hop, and what would cut them. Changes nothing.'
  static override examples = [
    {
      description: 'How a team gets code onto a queue:',
      command: '<%= config.bin %> access why team:web queue:production/deploy',
    },
    {
      description: 'Why a person may change a pipeline:',
      command: '<%= config.bin %> access why user:ada@acme.test pipeline:web-deploy',
    },
  ]
  static override args = {
    who: Args.string({
      name: 'WHO',
      description: 'who reaches: user:EMAIL, team:SLUG, pipeline:SLUG, repository:HOST/NAME, or outsider',
      required: true,
    }),
    address: Args.string({
      name: 'ADDRESS',
      description: 'what is reached: queue:CLUSTER/KEY, cluster:NAME, pipeline:SLUG, team:SLUG',
      required: true,
    }),
  }
  static override flags = { ...groundFlags }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(AccessWhy)
    const asked = bothTyped(args.who, args.address)
    if ('no' in asked) {
      this.misused(asked.no, asked.fix)
      return
    }
    const { who, on } = asked
    const { accessWhy } = await import('../../src/workflow/access.js')
    await this.askOnGround(flags, {
      find: (world, options) => accessWhy(world, { ...options, who, on }),
      refuse: (findings) => ({ result: 'access-why', who, on, paths: [], rest: 0, roundabout: [], findings }),
    })
  }
}
