import { Args, Flags } from '@oclif/core'
import { fileFlags, offlineFlags } from '../../src/cli/flags.js'
import { gateFormFlag, HookCommand } from '../../src/cli/hook-command.js'
import { linesOf, troubleIn } from '../../src/cli/lines.js'

export default class HookReport extends HookCommand {
  static override summary = 'Says what gates refused, or would have refused, by the logs of their agents.'
  static override description =
    'A gate writes one line for each job into the log of its agent; every other line is passed over. What the lines say is what jobs say of themselves, so what is suggested is for a person to read: nothing is let in before it is in the files, planned and applied.'
  static override examples = [
    {
      description: 'What a gate in mode observe has seen:',
      command: '<%= config.bin %> hook report buildkite-agent-*.log',
    },
    {
      description: 'From a machine, as lines of YAML:',
      command: 'journalctl -u buildkite-agent -o cat | <%= config.bin %> hook report - --suggest',
    },
  ]
  static override usage = 'hook report LOG… [-f FILE] [--format text|json|markdown] [--suggest]'
  static override strict = false
  static override args = {
    log: Args.string({
      name: 'LOG',
      description: 'a log; - for what is piped in. There may be several',
      required: true,
    }),
  }
  static override flags = {
    ...fileFlags,
    ...offlineFlags,
    format: gateFormFlag(),
    suggest: Flags.boolean({
      description: 'prints lines of YAML that would let in what was refused, and nothing else',
    }),
  }

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(HookReport)
    const files = argv.map(String)
    for (const file of files) {
      const trouble = troubleIn(this.machine, file)
      if (trouble === undefined) continue
      this.misused(trouble, 'name the logs of agents')
      return
    }
    const { hookReport, mostLogBytes } = await import('../../src/workflow/hook-report.js')
    const { machine } = this
    const lines = function* () {
      for (const file of files) yield* linesOf(machine, file, mostLogBytes)
    }
    const declared = this.missing(flags.file) === undefined ? this.declared(flags.file) : undefined
    const result = hookReport(declared, lines())
    if (!flags.suggest) {
      await this.conclude(result, flags)
      return
    }
    await this.suggest(result)
    if (result.suggestion.length === 0) this.note('there is nothing to suggest')
  }
}
