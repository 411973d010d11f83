import { Flags } from '@oclif/core'
import { BridleCommand } from '../src/cli/command.js'
import { offlineFlags } from '../src/cli/flags.js'
import { schemaNames } from '../src/cli/schema-names.js'

export default class Schema extends BridleCommand {
  static override summary = 'Prints the JSON Schema of the files, for editors, or of what a command answers.'
  static override description = `NAME is "files", the declaration; a command, for what it answers with \`--format json\`; or what bridle keeps or writes where it is told to. A schema allows no key that it does not name; a newer bridle may say more.

${schemaNames.join(', ')}`
  static override examples = [
    {
      description: 'For the line "# yaml-language-server: $schema=./bridle.schema.json":',
      command: '<%= config.bin %> schema > bridle.schema.json',
    },
    {
      description: 'For a program that reads what drift says:',
      command: '<%= config.bin %> schema --of drift > drift.schema.json',
    },
  ]

  static override flags = {
    of: Flags.string({ description: 'what it is the schema of', default: 'files', helpValue: 'NAME' }),
    ...offlineFlags,
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Schema)
    const { nearestSchema, schemaOf } = await import('../src/cli/schemas.js')
    const schema = schemaOf(flags.of)
    if (schema !== undefined) {
      this.answer(`${JSON.stringify(schema, null, 2)}\n`, 0)
      return
    }
    const nearest = nearestSchema(flags.of)
    const fix = nearest === undefined ? '`bridle schema --help` lists them' : `did you mean ${nearest}?`
    this.misused(`there is no schema of "${flags.of}"`, fix)
  }
}
