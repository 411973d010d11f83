import { Config, flush, handle, run as runOclif, settings, type Interfaces } from '@oclif/core'
import pjson from '../../package.json' with { type: 'json' }
import { visible } from '../report/escape.js'
import { argvOf } from './argv.js'
import { currentMachine } from './current-machine.js'
import { misuseOf } from './misuse.js'
import notFound from './not-found.js'

/**
 * Hands what a person typed to oclif.
 *
 * @param root  the folder of package.json
 */
export const run = async (
  argv: readonly string[],
  root: string,
  { plugins }: { readonly plugins: boolean },
): Promise<void> => {
  // What runs is the bundle: under NODE_ENV=test or development, oclif would go looking for sources beside it.
  settings.enableAutoTranspile = false
  const own = { ...pjson, oclif: { ...pjson.oclif, plugins: plugins ? pjson.oclif.plugins : [] } }
  const options = { root, pjson: own as Interfaces.PJSON }
  try {
    await runOclif(argvOf(argv), options)
    await flush()
  } catch (error) {
    // Our own commands throw nothing to oclif; those of plugins do.
    if (isOfPlugins(error)) await complain(error, options)
    else await handle(error as Error)
  }
}

/** Plugins have an oclif of their own, so their errors are of another class than ours would be. */
const isOfPlugins = (error: unknown): error is Error =>
  error instanceof Error && 'oclif' in error && !('code' in error && error.code === 'EEXIT')

/** A command of a plugin makes no sense: said as ours say it. */
const complain = async (error: Error, options: Interfaces.LoadOptions): Promise<void> => {
  const [, asked] = /^Command (.+) not found\.?$/.exec(error.message) ?? []
  if (asked !== undefined) {
    const config = await Config.load(options)
    await notFound.call({} as never, { config, id: asked.replaceAll(' ', ':') } as never)
    return
  }
  const { what, fix = '`bridle help` lists the commands' } = misuseOf(error, [])
  const machine = currentMachine()
  machine.stderr.write(`error: ${visible(what)}\n  = fix: ${fix}\n`)
  machine.setExitCode(2)
}
