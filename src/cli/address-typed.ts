import { kindOf, type Address } from '../model/address.js'

/** What a person typed, if it has the form of an address: a kind, a colon, a key. Whether it is there, others find out. */
export const addressTyped = (text: string): Address | undefined => {
  const address = text as Address
  return /^[a-z][a-z-]*:./s.test(text) && kindOf(address) !== '' ? address : undefined
}

/** The same for somebody: `outsider` has no key, as all outsiders are one. */
export const whoTyped = (text: string): string | undefined =>
  text === 'outsider' ? text : addressTyped(text)
