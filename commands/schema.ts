import { BridleCommand } from '../src/cli/command.js'
import { offlineFlags } from '../src/cli/flags.js'

export default class Schema extends BridleCommand {
  static override summary = 'Prints the JSON Schema of the files, for editors.'
  static override examples = [
    {
      description: 'For the line "# yaml-language-server: $schema=./bridle.schema.json":',
      command: '<%= config.bin %> schema > bridle.schema.json',
    },
  ]

  static override flags = offlineFlags

  async run(): Promise<void> {
    await this.parse(Schema)
    const { schema } = await import('../src/workflow/schema.js')
    this.answer(`${JSON.stringify(schema(), null, 2)}\n`, 0)
  }
}
