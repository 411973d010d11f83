import type { Reader } from '../../../graphql/operation.js'
import type { Origin } from '../kind.js'

/**
 * Who made an object of REST, and when.
 *
 * @param path  under the organization
 * @source API reference §8
 */
export const restOrigin = async (buildkite: Reader, path: string): Promise<Origin> => {
  const { created_by: by, created_at: at } = await buildkite.rest(path)
  const email = typeof by === 'object' && by !== null && 'email' in by ? by.email : undefined
  return {
    by: typeof email === 'string' ? email : undefined,
    at: typeof at === 'string' ? at : undefined,
  }
}
