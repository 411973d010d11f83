/**
 * The next page that a `Link` header names.
 *
 * @source RFC 8288: `<address>; rel="next", <address>; rel="last"`
 */
export const nextIn = (link: string | null): string | undefined => {
  for (const [, address, parameters] of (link ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    const relations = /;\s*rel\s*=\s*"?([^";]*)"?/i.exec(parameters ?? '')?.[1] ?? ''
    if (relations.split(/\s+/).includes('next')) return address
  }
  return undefined
}

/** Whether a page goes on at the list that it is a page of: the token goes nowhere else. */
export const isSameList = (list: string, next: string): boolean => {
  if (!URL.canParse(next, list)) return false
  const [from, to] = [new URL(list), new URL(next, list)]
  return to.origin === from.origin && to.pathname === from.pathname
}
