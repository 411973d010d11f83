import { join } from 'node:path/posix'
import type { Config } from '@oclif/core'
import { BridleCommand } from '../../src/cli/command.js'

/** A command as oclif runs one. */
type Runnable = new (argv: string[], config: Config) => { _run(): Promise<unknown> }

const commands: Readonly<Record<string, () => Promise<{ default: unknown }>>> = {
  validate: () => import('../validate.js'),
  plan: () => import('../plan.js'),
  apply: () => import('../apply.js'),
  drift: () => import('../drift.js'),
  'access check': () => import('../access/check.js'),
  'sandbox edit': () => import('./edit.js'),
}

export default class SandboxDemo extends BridleCommand {
  static override summary = 'Tells what bridle does, with an organization that is nowhere else.'
  static override description =
    'Declares examples/acme, proves who can deploy, applies it, opens a queue by hand, finds the way in and closes it. Needs no token and no network, and writes no file.'
  static override examples = [{ description: 'The whole story:', command: '<%= config.bin %> sandbox demo' }]

  async run(): Promise<void> {
    const { flags } = await this.parse(SandboxDemo)
    const { tell } = await import('../../src/cli/demo.js')
    await tell({
      machine: this.machine,
      paint: this.paint(),
      folder: join(this.config.root, 'examples', 'acme'),
      perform: (words) => this.perform([...words, ...(flags['no-color'] ? ['--no-color'] : [])]),
    })
  }

  private async perform(words: readonly string[]): Promise<void> {
    const count = words[0] === 'sandbox' || words[0] === 'access' ? 2 : 1
    const name = words.slice(0, count).join(' ')
    const load = commands[name]
    if (load === undefined) throw new Error(`the story knows no command ${name}`)
    const { default: command } = (await load()) as { default: Runnable }
    await new command(words.slice(count), this.config)._run()
  }
}
