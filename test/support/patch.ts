/**
 * Files after a difference, taken as strictly as `git apply` takes it: every line that is kept or goes has to stand where
 * it says, hunks come in order and do not meet, and their counts are right.
 */
export const patched = (
  files: Readonly<Record<string, string>>,
  diff: string,
): Readonly<Record<string, string>> => {
  const lines = diff.match(/[^\n]*\n/g) ?? []
  if (lines.join('') !== diff) throw new Error('the difference does not end at the end of a line')
  const after: Record<string, string> = { ...files }
  let at = 0
  const next = () => lines[at++] ?? ''
  while (at < lines.length) {
    const [from, to] = [/^--- a\/(.*?)\t?\n$/.exec(next())?.[1], /^\+\+\+ b\/(.*?)\t?\n$/.exec(next())?.[1]]
    if (from === undefined || from !== to) throw new Error(`line ${at} names no file`)
    const old = files[from]?.match(/[^\n]*\n|[^\n]+$/g) ?? []
    const made: string[] = []
    let read = 0
    while (lines[at]?.startsWith('@@ ') === true) {
      const head = /^@@ -(\d+),(\d+) \+(\d+),(\d+) @@\n$/.exec(next())?.slice(1).map(Number)
      const [start = NaN, out = NaN, begin = NaN, into = NaN] = head ?? []
      const first = out === 0 ? start : start - 1
      if (!(first >= read)) throw new Error(`line ${at}: this hunk begins within the one before`)
      made.push(...old.slice(read, first))
      read = first
      if (made.length !== (into === 0 ? begin : begin - 1))
        throw new Error(`line ${at}: it would begin elsewhere`)
      const counts = { out: 0, in: 0 }
      while (/^[ +-]/.test(lines[at] ?? '') && (counts.out < out || counts.in < into)) {
        const line = next()
        const isLast = lines[at]?.startsWith('\\') === true
        if (isLast) at += 1
        const text = isLast ? line.slice(1, -1) : line.slice(1)
        if (!line.startsWith('+')) {
          if (old[read] !== text)
            throw new Error(`line ${at}: ${from} has ${JSON.stringify(old[read])} there`)
          read += 1
          counts.out += 1
        }
        if (line.startsWith('-')) continue
        made.push(text)
        counts.in += 1
      }
      if (counts.out !== out || counts.in !== into) throw new Error(`line ${at}: the counts are wrong`)
    }
    after[from] = [...made, ...old.slice(read)].join('')
  }
  return after
}
