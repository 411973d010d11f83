import { Flags } from '@oclif/core'
import { fileFlags, stageFlags } from '../src/cli/flags.js'
import { InitCommand } from '../src/cli/init-command.js'

export default class Init extends InitCommand {
  static override summary =
    'The first run: asks for what it needs, and writes files that say what is there. Changes no organization.'
  static override description =
    'Token and organization come from the environment, or are asked for; the token is not shown and never kept. Then: what works and what is missing, an import of all that is there, and which agents only some people may get code onto. It ends with the plan that the files leave.'
  static override examples = [
    { description: 'Begin, and be asked:', command: '<%= config.bin %> init' },
    {
      description: 'With a token in the environment and nobody there:',
      command: 'BUILDKITE_API_TOKEN=… <%= config.bin %> init --organization acme --yes',
    },
  ]
  static override flags = {
    ...fileFlags,
    ...stageFlags,
    answers: Flags.string({ description: 'answers from a file, in YAML or JSON', helpValue: 'FILE' }),
    yes: Flags.boolean({ char: 'y', description: 'write the files without asking' }),
    organization: Flags.string({
      description: 'the organization’s slug; BUILDKITE_ORGANIZATION_SLUG if left out',
      helpValue: 'SLUG',
      helpGroup: 'ANSWER',
    }),
    by: Flags.string({
      description: 'what a file is about: cluster or team',
      helpValue: 'WHAT',
      helpGroup: 'ANSWER',
    }),
    cluster: Flags.string({
      description: 'the cluster that only some may get code onto, or none',
      helpValue: 'NAME',
      helpGroup: 'ANSWER',
    }),
    team: Flags.string({ description: 'the team that may', helpValue: 'SLUG', helpGroup: 'ANSWER' }),
    schedule: Flags.string({
      description: 'whether a pipeline compares the files with the organization every night: yes or no',
      helpValue: 'YES|NO',
      helpGroup: 'ANSWER',
    }),
    account: Flags.string({
      description: 'where that pipeline’s token is: "NAME NUMBER REGION" of an AWS account',
      helpValue: 'ACCOUNT',
      helpGroup: 'ANSWER',
    }),
    repository: Flags.string({
      description: 'what it clones: the repository of these files',
      helpValue: 'URL',
      helpGroup: 'ANSWER',
    }),
    branch: Flags.string({
      description: 'the protected branch that it runs; main if left out',
      helpValue: 'NAME',
      helpGroup: 'ANSWER',
    }),
    admins: Flags.string({
      description: 'who may do anything at all: emails, with commas between',
      helpValue: 'EMAILS',
      helpGroup: 'ANSWER',
    }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Init)
    await this.begin(flags)
  }
}
