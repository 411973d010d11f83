/** Addresses as numbers, so that a range is a comparison. */
interface Address {
  readonly value: bigint
  readonly bits: 32 | 128
}

const v4 = (text: string): bigint | undefined => {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n)
}

const groups = (text: string): string[] => (text === '' ? [] : text.split(':'))

/** `::ffff:1.2.3.4` too. */
const v6 = (text: string): bigint | undefined => {
  const last = text.slice(text.lastIndexOf(':') + 1)
  const inner = last.includes('.') ? v4(last) : undefined
  if (last.includes('.') && inner === undefined) return undefined
  const whole =
    inner === undefined
      ? text
      : `${text.slice(0, -last.length)}${(inner >> 16n).toString(16)}:${(inner & 0xffffn).toString(16)}`
  const [head = '', tail, ...more] = whole.split('::')
  if (more.length > 0) return undefined
  const [before, after] = [groups(head), groups(tail ?? '')]
  const missing = 8 - before.length - after.length
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  const all = [...before, ...Array.from({ length: missing }, () => '0'), ...after]
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  return all.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n)
}

const addressIn = (text: string): Address | undefined => {
  const four = v4(text)
  if (four !== undefined) return { value: four, bits: 32 }
  const six = text.includes(':') ? v6(text) : undefined
  return six === undefined ? undefined : { value: six, bits: 128 }
}

/** Whether an address is in a range: `10.0.0.0/8`, or one address. */
export const isInRange = (range: string, text: string): boolean => {
  const [start = '', length, ...more] = range.split('/')
  const [from, address] = [addressIn(start), addressIn(text)]
  if (!from || !address || more.length > 0 || from.bits !== address.bits) return false
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return false
  const count = length === undefined ? from.bits : Number(length)
  if (count > from.bits) return false
  const rest = BigInt(from.bits - count)
  return from.value >> rest === address.value >> rest
}
