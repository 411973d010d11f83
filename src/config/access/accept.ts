import { itemsOf, textOf, valueAt, type Node } from '../node.js'
import { quoted, type Problem } from '../problem.js'
import { acceptedAt } from './read.js'
import type { Whole } from './whole.js'

/** What is wrong with what is accepted: its day, and whether it is said twice. */
export const acceptProblems = ({ sections, today }: Whole): Problem[] => {
  const seen = new Map<string, Node>()
  return sections.accept.flatMap(itemsOf).flatMap((item) => {
    const finding = valueAt(item, 'finding')
    const name = `${textOf(finding) ?? ''} at ${acceptedAt(item)}`
    const first = seen.get(name)
    if (!first && finding) seen.set(name, finding)
    return [
      ...(first && finding ? [twice(finding, first, name)] : []),
      ...(today === undefined ? [] : days(item, name, today)),
    ]
  })
}

const twice = ({ at }: Node, first: Node, name: string): Problem => ({
  code: 'declared-twice',
  at,
  also: [first.at],
  words: () => ({
    what: `${quoted(name)} is accepted twice`,
    label: 'the second time',
    fix: 'keep one of the two',
  }),
})

const days = (item: Node, name: string, today: string): Problem[] => {
  const node = valueAt(item, 'until')
  const until = textOf(node)
  if (node === undefined || until === undefined) return []
  const last = nextYear(today)
  if (until > last)
    return [
      {
        code: 'accept-too-long',
        at: node.at,
        words: () => ({
          what: `${quoted(name)} is accepted for more than a year`,
          label: `at most ${last}`,
          fix: `write a day up to ${last}`,
        }),
      },
    ]
  if (until >= today) return []
  return [
    {
      code: 'accept-expired',
      severity: 'warning',
      at: node.at,
      words: () => ({
        what: `${quoted(name)} was accepted until ${until}, and is not any more`,
        label: `today is ${today}`,
        fix: `look at it again, and write a day up to ${last}; or take the line out`,
      }),
    },
  ]
}

/** The same day a year later; of a leap day, the day before. */
const nextYear = (today: string): string => {
  const day = `${String(Number(today.slice(0, 4)) + 1).padStart(4, '0')}${today.slice(4)}`
  return day.endsWith('-02-29') ? `${day.slice(0, 4)}-02-28` : day
}
