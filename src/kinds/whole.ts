import type { Connection } from '../../graphql/operation.js'
import { incomplete } from './incomplete.js'

/**
 * All rows of a connection that the API gives no way to go on in.
 *
 * @param most  as many as were asked for: a list that is just as long may have been cut off
 * @param what  what the list is of, for people: `agent tokens of cluster "ios"`
 * @throws Refusal `incomplete`
 */
export const whole = <Node>(
  { count, edges }: Pick<Connection<Node>, 'count' | 'edges'>,
  most: number,
  { call, what }: { readonly call: string; readonly what: string },
): readonly Node[] => {
  const rows = (edges ?? []).flatMap((edge) => (edge?.node == null ? [] : [edge.node]))
  if (rows.length !== count || rows.length >= most)
    throw incomplete(
      call,
      `${rows.length} of ${count} ${what} came, and ${most} are the most that can be read`,
    )
  return rows
}
