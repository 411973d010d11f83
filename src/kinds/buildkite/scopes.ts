import type { Reader } from '../../../graphql/operation.js'
import { Refusal } from '../../model/refusal.js'

/**
 * The scopes of the token in use, as Buildkite spells them. Needs no scope itself.
 *
 * @source API reference §1.2
 */
export const readToken = async (buildkite: Reader): Promise<readonly string[]> => {
  const { scopes } = await buildkite.rest('/access-token')
  if (!Array.isArray(scopes))
    throw new Refusal('unreadable', 'Buildkite did not say what the token may do', {
      call: 'GET access-token',
    })
  return scopes.filter((scope) => typeof scope === 'string').map((scope) => scope.toLowerCase())
}
