/**
 * Sets of numbers, as rows of bits: the union of two sets of a thousand people is 32 steps. A row is as long as its
 * highest number needs, and numbers beyond its end are not in it.
 */
export type Bits = Uint32Array

export const noBits: Bits = new Uint32Array(0)

/** The set of some numbers. */
export const bitsOf = (numbers: readonly number[]): Bits => {
  const bits = new Uint32Array((numbers.reduce((most, n) => Math.max(most, n), -1) + 32) >>> 5)
  for (const n of numbers) bits[n >>> 5] = (bits[n >>> 5] ?? 0) | (1 << (n & 31))
  return bits
}

export const has = (bits: Bits, n: number): boolean => (((bits[n >>> 5] ?? 0) >>> (n & 31)) & 1) === 1

/** All of both. Sets are never changed, so it is one of the two where that holds the other: most places share theirs. */
export const either = (set: Bits, more: Bits): Bits => {
  if (set === more || holds(set, more)) return set
  if (holds(more, set)) return more
  const united = new Uint32Array(Math.max(set.length, more.length))
  united.set(set)
  for (let i = 0; i < more.length; i += 1) united[i] = (united[i] ?? 0) | (more[i] ?? 0)
  return united
}

const holds = (set: Bits, other: Bits): boolean => !exceeds(other, set)

/** What is in both. */
export const both = (a: Bits, b: Bits): Bits => {
  if (a === b || !exceeds(a, b)) return a
  let length = Math.min(a.length, b.length)
  while (length > 0 && ((a[length - 1] ?? 0) & (b[length - 1] ?? 0)) === 0) length -= 1
  return length === 0 ? noBits : a.slice(0, length).map((word, i) => word & (b[i] ?? 0))
}

/** Whether a set has something that another one has not. */
export const exceeds = (set: Bits, other: Bits): boolean => {
  for (let i = 0; i < set.length; i += 1) if (((set[i] ?? 0) & ~(other[i] ?? 0)) !== 0) return true
  return false
}

/** What is in the one and not in the other: the first itself, where nothing is in both. */
export const without = (a: Bits, b: Bits): Bits => {
  let meets = false
  let length = 0
  for (let i = 0; i < a.length; i += 1) {
    const [word, other] = [a[i] ?? 0, b[i] ?? 0]
    if ((word & other) !== 0) meets = true
    if ((word & ~other) !== 0) length = i + 1
  }
  if (!meets) return a
  if (length === 0) return noBits
  const left = a.slice(0, length)
  for (let i = 0; i < length; i += 1) left[i] = (left[i] ?? 0) & ~(b[i] ?? 0)
  return left
}

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
