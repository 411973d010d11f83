import { Args, Flags } from '@oclif/core'
import { fileFlags, stageFlags } from '../src/cli/flags.js'
import { answerFlags } from '../src/cli/onboard-flags.js'
import { OnboardCommand } from '../src/cli/onboard-command.js'

export default class Onboard extends OnboardCommand {
  static override summary =
    'Asks what you need, and writes it into the files: a pipeline, a team, a queue or a role. Changes no organization.'
  static override description =
    'Asks only what can’t be found out, offers what the files allow you, and shows what it would write and what that does to access before anything is written. Every question has a flag; Ctrl-C at any of them leaves every file as it was.'
  static override examples = [
    { description: 'Begin, and be asked:', command: '<%= config.bin %> onboard' },
    {
      description: 'A pipeline for the repository that you are in:',
      command: '<%= config.bin %> onboard pipeline --queue general/default',
    },
    {
      description: 'The same answers again, with nobody there, on a branch of its own:',
      command: '<%= config.bin %> onboard --answers answers.yaml --yes --commit',
    },
  ]
  static override args = {
    what: Args.string({ description: 'pipeline, team, queue or role', required: false, ignoreStdin: true }),
  }
  static override flags = {
    ...fileFlags,
    ...stageFlags,
    offline: Flags.boolean({ description: 'goes by the files alone, whatever token there is' }),
    answers: Flags.string({ description: 'answers from a file, in YAML or JSON', helpValue: 'FILE' }),
    yes: Flags.boolean({ char: 'y', description: 'write it without asking' }),
    commit: Flags.boolean({ description: 'commit it on a new branch of git; nothing is pushed' }),
    ...answerFlags,
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Onboard)
    await this.onboard(args.what, flags)
  }
}
