import { Args } from '@oclif/core'
import { BridleCommand } from '../src/cli/command.js'
import { offlineFlags, pageFlags } from '../src/cli/flags.js'

export default class Explain extends BridleCommand {
  static override summary = 'Says what a finding means, why it matters and how to fix it.'
  static override examples = [
    { description: 'What one finding means:', command: '<%= config.bin %> explain unknown-key' },
    { description: 'What one path of the access model means:', command: '<%= config.bin %> explain R9' },
    { description: 'What the exit code of a command means:', command: '<%= config.bin %> explain 11' },
    { description: 'All that bridle can find:', command: '<%= config.bin %> explain' },
  ]
  static override args = {
    code: Args.string({
      description:
        'the word in brackets after "error", a path’s number, or an exit code; all of them if left out',
      ignoreStdin: true,
    }),
  }
  static override flags = { ...pageFlags, ...offlineFlags }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Explain)
    const { explain, explainAll, nearestCode } = await import('../src/cli/explain.js')
    const { isTTY, columns } = this.machine.stdout
    const look = { paint: this.paint(), ...(isTTY && { columns }) }
    if (args.code === undefined) {
      this.answer(explainAll(flags.format, look), 0)
      return
    }
    const page = explain(args.code, flags.format, look)
    if (page !== undefined) {
      this.answer(page, 0)
      return
    }
    const nearest = nearestCode(args.code)
    const fix = nearest === undefined ? '`bridle explain` lists the codes' : `did you mean ${nearest}?`
    this.misused(`there is no page about "${args.code}"`, fix)
  }
}
