/** Sets of numbers from 0 to a fixed size, as rows of bits: a union of two sets of a thousand people is 32 steps. */
export type Bits = Uint32Array

export const noBits = (size: number): Bits => new Uint32Array((size + 31) >>> 5)

export const allBits = (size: number): Bits => {
  const bits = noBits(size).fill(0xffffffff)
  const rest = size & 31
  const last = bits.length - 1
  if (rest !== 0 && last >= 0) bits[last] = (1 << rest) - 1
  return bits
}

export const add = (bits: Bits, n: number): void => {
  bits[n >>> 5] = (bits[n >>> 5] ?? 0) | (1 << (n & 31))
}

export const has = (bits: Bits, n: number): boolean => (((bits[n >>> 5] ?? 0) >>> (n & 31)) & 1) === 1

export const isEmpty = (bits: Bits): boolean => bits.every((word) => word === 0)

/** Adds all of another set, as far as a third one lets it. @returns whether that added anything */
export const unite = (into: Bits, other: Bits, within?: readonly Bits[]): boolean => {
  let grew = false
  for (let i = 0; i < into.length; i += 1) {
    let word = other[i] ?? 0
    if (within !== undefined) for (const limit of within) word &= limit[i] ?? 0
    const before = into[i] ?? 0
    const after = before | word
    if (after >>> 0 !== before >>> 0) {
      into[i] = after
      grew = true
    }
  }
  return grew
}

/** What is in both, as a set of its own. */
export const both = (a: Bits, b: Bits): Bits => a.map((word, i) => word & (b[i] ?? 0))

/** What is in either, as a set of its own. */
export const either = (a: Bits, b: Bits): Bits => a.map((word, i) => word | (b[i] ?? 0))

/** What is in the one and not in the other. */
export const without = (a: Bits, b: Bits): Bits => a.map((word, i) => word & ~(b[i] ?? 0))

/** The numbers in a set, in order. */
export const members = (bits: Bits): number[] => {
  const found: number[] = []
  bits.forEach((word, i) => {
    let left = word
    while (left !== 0) {
      const lowest = left & -left
      found.push((i << 5) + (31 - Math.clz32(lowest)))
      left ^= lowest
    }
  })
  return found
}
