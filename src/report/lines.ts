/** A line of a difference; a gap stands for lines that are the same on both sides, or that would be too many to show. */
export type Line =
  { readonly sign: '+' | '-' | ' '; readonly text: string } | { readonly sign: '…'; readonly same: number }

/** Above this many pairs of lines, what changed in the middle is shown as all out and all in. */
const mostPairs = 1_000_000

/** How many lines stay the same at the beginning of both. */
const common = (a: readonly string[], b: readonly string[]) => {
  let same = 0
  while (same < a.length && same < b.length && a[same] === b[same]) same += 1
  return same
}

const signed = (sign: '+' | '-' | ' ', lines: readonly string[]): Line[] =>
  lines.map((text) => ({ sign, text }))

/** The longest common subsequence, by the table of textbooks: `lengths[i][j]` is that of `a` from i and `b` from j. */
const middle = (a: readonly string[], b: readonly string[]): Line[] => {
  if (a.length * b.length > mostPairs) return [...signed('-', a), ...signed('+', b)]
  const width = b.length + 1
  const lengths = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const lines: Line[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]]
    if (left !== undefined && left === right) {
      lines.push({ sign: ' ', text: left })
      i += 1
      j += 1
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ sign: '-', text: left })
      i += 1
    } else if (right !== undefined) {
      lines.push({ sign: '+', text: right })
      j += 1
    }
  }
  return lines
}

/** How many lines around a change are shown with it. */
const context = 2

/** Leaves out what is the same, except near a change. */
const folded = (lines: readonly Line[]): Line[] => {
  const kept: Line[] = []
  let same = 0
  const gap = () => {
    if (same > 0) kept.push({ sign: '…', same })
    same = 0
  }
  lines.forEach((line, at) => {
    const isNear = lines.slice(Math.max(0, at - context), at + context + 1).some(({ sign }) => sign !== ' ')
    if (!isNear) return void (same += 1)
    gap()
    kept.push(line)
  })
  gap()
  return kept
}

/** What differs between two texts, line by line, with a little of what is around it. */
export const difference = (before: readonly string[], after: readonly string[]): Line[] => {
  const head = common(before, after)
  const tail = common(before.slice(head).reverse(), after.slice(head).reverse())
  return folded([
    ...signed(' ', before.slice(0, head)),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...signed(' ', before.slice(before.length - tail)),
  ])
}
