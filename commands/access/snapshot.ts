import { Flags } from '@oclif/core'
import { AccessCommand } from '../../src/cli/access-command.js'
import { organizationFlags } from '../../src/cli/flags.js'

export default class AccessSnapshot extends AccessCommand {
  static override summary = 'Saves what access is judged by, for judging it later without a token.'
  static override description =
    'A snapshot holds names, emails, settings, and who has which right; no tokens, no webhook addresses, no values of secrets. Whoever reads it learns how the organization is built, so keep it like the files. One that is there is never overwritten: it may be the only witness of a day.'
  static override examples = [
    { description: 'Save it:', command: '<%= config.bin %> access snapshot --out monday.json' },
    {
      description: 'Judge it, today or in a year:',
      command: '<%= config.bin %> access check --snapshot monday.json',
    },
  ]
  static override flags = {
    ...organizationFlags,
    out: Flags.string({ description: 'a file that is not there yet', helpValue: 'FILE', required: true }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(AccessSnapshot)
    const { isThere, noPlaceFor, writePaper } = await import('../../src/cli/papers.js')
    if (isThere(this.machine, flags.out)) {
      this.misused(`${flags.out} is there already, and a snapshot is never overwritten`, 'name another file')
      return
    }
    const nowhere = noPlaceFor(this.machine, flags.out)
    if (nowhere !== undefined) {
      this.misused(nowhere, 'name a file in a folder that is there')
      return
    }
    const { snapshot } = await import('../../src/workflow/access.js')
    const { toAsk } = await import('../../src/cli/connection.js')
    let text: string | undefined
    const result = await this.about(flags, {
      open: toAsk,
      find: async (world) => {
        const taken = await snapshot(world, { now: this.now() })
        text = taken.text
        return taken.result
      },
      refuse: (findings) => ({ result: 'snapshot', holds: {}, findings }),
    })
    await this.conclude(result, flags)
    if (text === undefined) return
    const trouble = writePaper(this.machine, flags.out, text)
    if (trouble === undefined)
      this.note(
        `written to ${flags.out}: \`bridle access check --snapshot ${flags.out}\` judges exactly this`,
      )
    else this.misused(trouble, 'name a file in a folder that you may write to')
  }
}
