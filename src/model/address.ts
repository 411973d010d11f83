/** The name of one thing: `kind:key`, as in `queue:production/deploy`. The same in files, plans and findings. */
export type Address = `${string}:${string}`

/** A slash parts a key, so a slash inside a name is written `%2F`, and a percent sign `%25`. */
const part = (name: string) => name.replaceAll('%', '%25').replaceAll('/', '%2F')

/** One key out of the names that a person chose: `keyOf('production', 'deploy')` is `production/deploy`. */
export const keyOf = (...names: readonly string[]): string => names.map(part).join('/')

/** The names in a key: the opposite of `keyOf`. */
export const namesIn = (key: string): string[] =>
  key.split('/').map((name) => name.replaceAll('%2F', '/').replaceAll('%25', '%'))

/** The address of a thing, from its kind and the names that lead to it. */
export const addressOf = (kind: string, ...names: readonly string[]): Address => `${kind}:${keyOf(...names)}`

/** The kind of thing that an address names. */
export const kindOf = (address: Address): string => address.slice(0, address.indexOf(':'))

/** The key of the thing that an address names. */
export const keyIn = (address: Address): string => address.slice(address.indexOf(':') + 1)
