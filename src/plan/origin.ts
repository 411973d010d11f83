import { kinds } from '../kinds/index.js'
import type { Origin } from '../kinds/kind.js'
import { kindOf, type Address } from '../model/address.js'
import type { Sources, Survey } from './survey.js'

/**
 * Who made one of the things that were read, and when: a request each, so it is asked of few.
 *
 * @returns nothing where its kind does not know how to ask
 * @throws Refusal where Buildkite does not let it be asked
 */
export const readOrigin = async (
  reader: Sources,
  { live }: Pick<Survey, 'live'>,
  { name, uuid }: { readonly name: Address; readonly uuid: string },
): Promise<Origin | undefined> => {
  const kind = kinds.find((one) => one.name === kindOf(name))
  const have = live.get(kindOf(name))?.find((one) => one.uuid === uuid)
  return have === undefined ? undefined : kind?.origin?.(reader, have)
}
