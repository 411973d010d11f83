import { Flags } from '@oclif/core'
import { AccessCommand, groundFlags } from '../../src/cli/access-command.js'

export default class AccessCheck extends AccessCommand {
  static override summary =
    'Judges every privileged queue by every path, and tests every expectation. Changes nothing.'
  static override description =
    'Ends with 0 if every privileged queue is closed or held and every expectation holds, with 11 if one is open or assumed, and with 3 or 4 if there could be no verdict.'
  static override examples = [
    { description: 'The organization as it is:', command: '<%= config.bin %> access check' },
    {
      description: 'The files alone, in a pull request and without a token:',
      command: '<%= config.bin %> access check --offline --format sarif',
    },
    {
      description: 'What a plan would make of it:',
      command: '<%= config.bin %> access check --plan plan.json',
    },
    {
      description: 'The lines that accept what nothing readable can settle:',
      command: '<%= config.bin %> access check --suggest',
    },
    { description: 'All paths that are judged:', command: '<%= config.bin %> access check --list' },
  ]
  static override flags = {
    ...groundFlags,
    suggest: Flags.boolean({ description: 'prints the `accept` lines for what is assumed' }),
    list: Flags.boolean({
      description: 'prints every path, and what it is decided from; judges nothing',
      exclusive: ['suggest'],
    }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(AccessCheck)
    const { accessCheck, listRules } = await import('../../src/workflow/access.js')
    if (flags.list) {
      if (flags.format === 'junit') this.misused('a list is no test', 'ask for text, json, markdown or sarif')
      else await this.conclude(listRules(), flags)
      return
    }
    await this.askOnGround(flags, {
      find: (world, options) => accessCheck(world, { ...options, suggest: flags.suggest }),
      refuse: (findings) => ({ result: 'access-check', queues: [], assumed: [], expected: [], findings }),
    })
  }
}
