/**
 * Tells apart what Buildkite lets be there several times under one name, which is a person's only handle on it: the
 * first, by UUID, has the name, and the others a number more. So one is managed, and the rest are shown as undeclared.
 *
 * @param keyOf  what a person would call a row
 */
export const numbered = <Row extends { readonly uuid: string }>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): readonly { readonly row: Row; readonly nth: number | undefined }[] => {
  const seen = new Map<string, number>()
  return [...rows]
    .sort((a, b) => (a.uuid < b.uuid ? -1 : a.uuid > b.uuid ? 1 : 0))
    .map((row) => {
      const key = keyOf(row)
      const count = (seen.get(key) ?? 0) + 1
      seen.set(key, count)
      return { row, nth: count === 1 ? undefined : count }
    })
}
