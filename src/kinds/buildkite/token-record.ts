import type { CallValue } from '../../model/call.js'
import type { Ref } from '../../model/ref.js'

/** Whose value a parameter holds. */
interface Record {
  /** The token's. */
  readonly uuid: string
  /** Those of the tokens whose place it took, and which were still good then. */
  readonly before: readonly string[]
}

/** A value that is stored somewhere. */
export interface Stored extends Record {
  /** As the files name it: ACCOUNT/NAME. */
  readonly store: string
  /** When it was written. */
  readonly at: string | null
}

/** More than this no description holds. The oldest have long been taken away. */
const mostBefore = 20

/**
 * What a parameter's description says of the value that is written with it. One call writes both, so however a run ends,
 * they agree; a tag would be written by a second one.
 */
export const recordOf = (uuid: Ref, before: readonly string[]): CallValue => ({
  $json: { made_by: 'bridle', agent_token: uuid, before: before.slice(0, mostBefore) },
})

/** The same, read; nothing where it is no such record. */
export const recordIn = (description: string | null): Record | undefined => {
  const { agent_token: uuid, before } = objectIn(description ?? '')
  if (typeof uuid !== 'string') return undefined
  return { uuid, before: Array.isArray(before) ? before.filter((one) => typeof one === 'string') : [] }
}

const objectIn = (text: string): Readonly<{ agent_token?: unknown; before?: unknown }> => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
