import { Args } from '@oclif/core'
import { AccessCommand, groundFlags } from '../../src/cli/access-command.js'
import { whoTyped } from '../../src/cli/address-typed.js'

export default class AccessWhat extends AccessCommand {
  static override summary = 'Says everything that somebody or something reaches. Changes nothing.'
  static override examples = [
    { description: 'Everything that a team reaches:', command: '<%= config.bin %> access what team:web' },
    { description: 'A person:', command: '<%= config.bin %> access what user:ada@acme.test' },
    {
      description: 'Anybody on the internet:',
      command: '<%= config.bin %> access what outsider --offline',
    },
  ]
  static override args = {
    who: Args.string({
      name: 'WHO',
      description: 'who reaches: user:EMAIL, team:SLUG, pipeline:SLUG, repository:HOST/NAME, or outsider',
      required: true,
    }),
  }
  static override flags = { ...groundFlags }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(AccessWhat)
    const asked = whoTyped(args.who)
    if ('no' in asked) {
      this.misused(asked.no, asked.fix)
      return
    }
    const { who } = asked
    const { accessWhat } = await import('../../src/workflow/access.js')
    await this.askOnGround(flags, {
      find: (world, options) => accessWhat(world, { ...options, who }),
      refuse: (findings) => ({ result: 'access-what', who, reaches: [], findings }),
    })
  }
}
