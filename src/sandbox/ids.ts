/** What the API calls an id: opaque by contract, Base64 of `Type---uuid` in fact. @source ids in Buildkite's doc samples */
export const idOf = (type: string, uuid: string): string => btoa(`${type}---${uuid}`)

/** Takes an id apart, and forgives it white space and missing padding. Nothing, if it never was one. */
export const readId = (id: string): { readonly type: string; readonly uuid: string } | undefined => {
  try {
    const [, type, uuid] = /^([A-Za-z]+)---([0-9a-f-]{36})\s*$/.exec(atob(id)) ?? []
    return type && uuid ? { type, uuid } : undefined
  } catch {
    return undefined
  }
}

/** The uuid that an id of this type holds. */
export const uuidIn = (type: string, id: string | null | undefined): string | undefined => {
  const read = id ? readId(id) : undefined
  return read?.type === type ? read.uuid : undefined
}
