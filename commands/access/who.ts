import { Args } from '@oclif/core'
import { AccessCommand, groundFlags } from '../../src/cli/access-command.js'
import { targetTyped } from '../../src/cli/address-typed.js'
import { daysFlag } from '../../src/cli/duration.js'

export default class AccessWho extends AccessCommand {
  static override summary = 'Says who reaches something, by which paths, allowed or not. Changes nothing.'
  static override examples = [
    {
      description: 'Whose code can run on a queue:',
      command: '<%= config.bin %> access who queue:production/deploy',
    },
    {
      description: 'And who really ran there in the last month:',
      command: '<%= config.bin %> access who queue:production/deploy --observed 30d',
    },
    {
      description: 'Who can change a pipeline, by the files alone:',
      command: '<%= config.bin %> access who pipeline:web-deploy --offline',
    },
  ]
  static override args = {
    address: Args.string({
      name: 'ADDRESS',
      description: 'what is reached: queue:CLUSTER/KEY, cluster:NAME, pipeline:SLUG, team:SLUG',
      required: true,
    }),
  }
  static override flags = {
    ...groundFlags,
    observed: daysFlag({
      description: 'who really ran jobs there, and whether they would be allowed today',
    }),
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(AccessWho)
    const asked = targetTyped(args.address)
    if ('no' in asked) {
      this.misused(asked.no, asked.fix)
      return
    }
    const { on } = asked
    const { accessWho } = await import('../../src/workflow/access.js')
    const observedDays = flags.observed
    await this.askOnGround(flags, {
      find: (world, options) =>
        accessWho(world, { ...options, on, ...(observedDays === undefined ? {} : { observedDays }) }),
      refuse: (findings) => ({ result: 'access-who', on, reachers: [], findings }),
    })
  }
}
