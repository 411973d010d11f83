import { execute, settings, type Interfaces } from '@oclif/core'
import pjson from '../../package.json' with { type: 'json' }
import { argvOf } from './argv.js'

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
  await execute({ args: argvOf(argv), loadOptions: { root, pjson: own as Interfaces.PJSON } })
}
