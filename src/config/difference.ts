/** How many lines are shown around a change: what `git apply` expects. */
const around = 3

/** More changed lines than these are not told apart: the whole stretch between the first and the last is. */
const mostChanged = 400

/** Where a text has lines that another has not: from where to where, in both. Lines count from 0. */
interface Stretch {
  readonly out: readonly [from: number, to: number]
  readonly in: readonly [from: number, to: number]
}

/**
 * What makes one text of another, as `git apply` and `patch -p1` take it. Nothing where they are the same.
 *
 * @param file  its path, with forward slashes
 */
export const difference = (file: string, before: string, after: string): string => {
  if (before === after) return ''
  const [old, young] = [linesOf(before), linesOf(after)]
  // A name with a space in it ends at a tab.
  const end = file.includes(' ') ? '\t' : ''
  const hunks = hunksOf(changedIn(old, young), old.length)
  return [
    `--- a/${file}${end}\n`,
    `+++ b/${file}${end}\n`,
    ...hunks.map((stretches) => hunk(stretches, old, young)),
  ].join('')
}

/** The lines that differ, of a text and another. */
export const changedLines = (
  before: string,
  after: string,
): { readonly out: readonly string[]; readonly in: readonly string[] } => {
  const [old, young] = [linesOf(before), linesOf(after)]
  const changed = changedIn(old, young)
  const taken = (lines: readonly string[], side: 'out' | 'in') =>
    changed.flatMap((stretch) => lines.slice(...stretch[side]).map((line) => line.replace(/\r?\n$/, '')))
  return { out: taken(old, 'out'), in: taken(young, 'in') }
}

/** Lines, each with its end: one without is another than one with. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

/** What differs, from top to bottom. */
const changedIn = (old: readonly string[], young: readonly string[]): readonly Stretch[] => {
  let head = 0
  while (head < old.length && old[head] === young[head]) head += 1
  let tail = 0
  while (
    tail < Math.min(old.length, young.length) - head &&
    old[old.length - 1 - tail] === young[young.length - 1 - tail]
  )
    tail += 1
  const whole: Stretch = { out: [head, old.length - tail], in: [head, young.length - tail] }
  return (
    between(old.slice(...whole.out), young.slice(...whole.in))?.map((stretch) => moved(stretch, head)) ?? [
      whole,
    ]
  )
}

const moved = (stretch: Stretch, by: number): Stretch => ({
  out: [stretch.out[0] + by, stretch.out[1] + by],
  in: [stretch.in[0] + by, stretch.in[1] + by],
})

/**
 * The fewest lines that make one list of another; nothing where they are too many to look for.
 *
 * @source E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986
 */
const between = (old: readonly string[], young: readonly string[]): readonly Stretch[] | undefined => {
  const furthest = new Map<number, number>([[1, 0]])
  const steps: ReadonlyMap<number, number>[] = []
  for (let changed = 0; changed <= mostChanged; changed += 1) {
    steps.push(new Map(furthest))
    for (let diagonal = -changed; diagonal <= changed; diagonal += 2) {
      let x = isDown(furthest, diagonal, changed)
        ? (furthest.get(diagonal + 1) ?? 0)
        : (furthest.get(diagonal - 1) ?? 0) + 1
      while (x < old.length && x - diagonal < young.length && old[x] === young[x - diagonal]) x += 1
      furthest.set(diagonal, x)
      if (x >= old.length && x - diagonal >= young.length) return wayBack(steps, old.length, young.length)
    }
  }
  return undefined
}

const isDown = (furthest: ReadonlyMap<number, number>, diagonal: number, changed: number): boolean =>
  diagonal === -changed ||
  (diagonal !== changed && (furthest.get(diagonal - 1) ?? 0) < (furthest.get(diagonal + 1) ?? 0))

/** The steps of the way that was found: neighbours together. */
const wayBack = (
  steps: readonly ReadonlyMap<number, number>[],
  fromOld: number,
  fromYoung: number,
): readonly Stretch[] => {
  const found: Stretch[] = []
  let [x, y] = [fromOld, fromYoung]
  for (let changed = steps.length - 1; changed > 0; changed -= 1) {
    const furthest = steps[changed] ?? new Map<number, number>()
    const diagonal = x - y
    const down = isDown(furthest, diagonal, changed)
    const before = down ? diagonal + 1 : diagonal - 1
    x = furthest.get(before) ?? 0
    y = x - before
    const one: Stretch = down ? { out: [x, x], in: [y, y + 1] } : { out: [x, x + 1], in: [y, y] }
    const next = found[0]
    if (next?.out[0] === one.out[1] && next.in[0] === one.in[1])
      found[0] = { out: [one.out[0], next.out[1]], in: [one.in[0], next.in[1]] }
    else found.unshift(one)
  }
  return found
}

/** Changes whose surroundings meet stand in one hunk. */
const hunksOf = (changed: readonly Stretch[], lines: number): readonly (readonly Stretch[])[] => {
  const hunks: Stretch[][] = []
  for (const stretch of changed) {
    const last = hunks.at(-1)
    const end = last?.at(-1)?.out[1] ?? -lines
    if (last !== undefined && stretch.out[0] - end <= 2 * around) last.push(stretch)
    else hunks.push([stretch])
  }
  return hunks
}

const hunk = (stretches: readonly Stretch[], old: readonly string[], young: readonly string[]): string => {
  const [first, last] = [stretches[0], stretches.at(-1)]
  if (first === undefined || last === undefined) return ''
  const lead = Math.min(around, first.out[0])
  const rest = Math.min(around, old.length - last.out[1])
  const from = { out: first.out[0] - lead, in: first.in[0] - lead }
  const to = { out: last.out[1] + rest, in: last.in[1] + rest }
  let at = from.out
  const lines = stretches.flatMap((stretch) => {
    const kept = old.slice(at, stretch.out[0])
    at = stretch.out[1]
    return [
      ...kept.map((line) => shown(' ', line)),
      ...old.slice(...stretch.out).map((line) => shown('-', line)),
      ...young.slice(...stretch.in).map((line) => shown('+', line)),
    ]
  })
  const range = (start: number, end: number) => `${start === end ? start : start + 1},${end - start}`
  return [
    `@@ -${range(from.out, to.out)} +${range(from.in, to.in)} @@\n`,
    ...lines,
    ...old.slice(at, to.out).map((line) => shown(' ', line)),
  ].join('')
}

const shown = (mark: string, line: string): string =>
  line.endsWith('\n') ? `${mark}${line}` : `${mark}${line}\n\\ No newline at end of file\n`
