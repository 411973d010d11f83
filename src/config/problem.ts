import { codes, type Code } from '../model/codes.js'
import type { Finding } from '../model/finding.js'
import { redact } from '../model/redact.js'
import { spanOf, type Place } from './source.js'

/** What a finding says. Its `why` is the page's own, where nothing better is known. */
export interface Words {
  readonly what: string
  readonly label?: string
  readonly why?: string
  readonly fix: string
}

/**
 * A finding to be. Its words are found when it is known to be shown: a file of ten megabytes can have a million
 * mistakes, and each wants its nearest valid name.
 */
export interface Problem {
  readonly code: Code
  /** An error, where nothing is said. */
  readonly severity?: 'warning'
  /** None where it is about no file. */
  readonly at?: Place
  /** Other places to look at. */
  readonly also?: readonly Place[]
  /** What it is about, where one place can have several findings of one code. */
  readonly about?: string
  words(): Words
}

/** More than this nobody reads. */
export const mostFindings = 1_000

/**
 * Problems as findings: each once, in the order of the files and of their lines.
 *
 * @param paths all files, in the order in which people think of them
 */
export const findingsOf = (problems: readonly Problem[], paths: readonly string[]): Finding[] => {
  const rank = new Map(paths.map((path, index) => [path, index]))
  const rankOf = ({ at }: Problem) => (at ? (rank.get(at.source.path) ?? paths.length) : -1)
  const unique = new Map(problems.toReversed().map((problem) => [idOf(problem), problem]))
  const inOrder = [...unique.values()].toReversed().sort((a, b) => rankOf(a) - rankOf(b) || compare(a, b))
  const rest = inOrder.length - mostFindings
  return [...inOrder.slice(0, mostFindings), ...(rest > 0 ? [untold(rest)] : [])].map(findingOf)
}

const idOf = ({ code, at, about }: Problem) =>
  `${at?.source.path ?? ''}\n${at?.start ?? ''}\n${code}\n${about ?? ''}`

const compare = (a: Problem, b: Problem) =>
  (a.at?.start ?? 0) - (b.at?.start ?? 0) || order(a.code, b.code) || order(a.about ?? '', b.about ?? '')

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const untold = (count: number): Problem => ({
  code: 'more-findings',
  words: () => ({ what: `${count} more findings are not shown`, fix: codes['more-findings'].fix }),
})

const findingOf = (problem: Problem): Finding => {
  const { what, label, why, fix } = problem.words()
  return {
    code: problem.code,
    severity: problem.severity ?? 'error',
    what: redact(what),
    where: [...(problem.at ? [problem.at] : []), ...(problem.also ?? [])].map(spanOf),
    ...(label === undefined ? {} : { label: redact(label) }),
    why: redact(why ?? codes[problem.code].why),
    fix: redact(fix),
  }
}

/** A name for a sentence: in quotes, and not longer than a person reads. */
export const quoted = (name: string): string => `"${clipped(name, 60)}"`

/** Where in a file, in words: `clusters.production.queues`. */
export const dotted = (path: readonly PropertyKey[]): string =>
  path.length === 0 ? 'the file' : path.map((step) => clipped(String(step), 40)).join('.')

/** A list for a sentence, unless it would be longer than one. */
export const listed = (names: readonly string[]): string | undefined =>
  names.length > 0 && names.length <= 12 ? names.map((name) => clipped(name, 40)).join(', ') : undefined

const clipped = (text: string, most: number) => {
  const points = Array.from(text.slice(0, most * 2 + 2))
  return points.length > most ? `${points.slice(0, most).join('')}…` : text
}
