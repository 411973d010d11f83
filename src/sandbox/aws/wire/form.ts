/** What a form says: texts, lists and structures, as deep as their names go. */
export type Form = string | readonly Form[] | { readonly [name: string]: Form }

interface Branch {
  [name: string]: string | Branch
}

const DEPTH_AT_MOST = 8

const branch = (): Branch => Object.create(null) as Branch

const isIndex = (name: string) => /^[1-9]\d*$/.test(name)

/** `Tags.member.2.Key` is the key of the second tag. */
const grown = (node: string | Branch): Form => {
  if (typeof node === 'string') return node
  const members = node['member']
  const names = Object.keys(node)
  if (names.length === 1 && typeof members === 'object' && Object.keys(members).every(isIndex))
    return Object.entries(members)
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([, one]) => grown(one))
  return Object.fromEntries(Object.entries(node).map(([name, one]) => [name, grown(one)]))
}

/** The parameters of the query protocol as what they stand for. */
export const formIn = (params: URLSearchParams): Readonly<Record<string, Form>> => {
  const root = branch()
  for (const [name, value] of params) {
    const parts = name.split('.').slice(0, DEPTH_AT_MOST)
    const last = parts.pop() ?? ''
    let at = root
    for (const part of parts) {
      const next = at[part]
      at = typeof next === 'object' ? next : (at[part] = branch())
    }
    at[last] = value
  }
  return Object.fromEntries(Object.entries(root).map(([name, one]) => [name, grown(one)]))
}
