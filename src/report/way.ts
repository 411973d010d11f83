import type { AccessWhat, AccessWho, AccessWhy, Result } from '../model/result.js'
import type { Path, PathNumber } from '../model/verdict.js'
import { byNumbers, placeName } from './trail.js'

/** One way that an answer tells, for forms that know nothing but single results. */
export interface Way {
  /** Who reaches what, in a few words. */
  readonly says: string
  /** The number that it is known by; nothing where levels, teams and roles alone allow it. */
  readonly number?: PathNumber
  readonly path: Path
  /** True where somebody reaches, or may reach, what they are not allowed to. */
  readonly fails: boolean
}

/**
 * Whoever has a job in a cluster has its queues, and its data; whoever has a trusted job or a machine has its roles: no
 * way is known by that.
 */
const forAllInside: readonly PathNumber[] = ['R18', 'R19', 'R55', 'R56', 'R57']

const numberOf = ({ numbers }: Path): PathNumber | undefined =>
  numbers.findLast((number) => !forAllInside.includes(number)) ?? numbers.at(-1)

const way = (says: string, path: Path, fails = false): Way => {
  const number = numberOf(path)
  return { says, path, fails, ...(number === undefined ? {} : { number }) }
}

type Asked = AccessWho | AccessWhat | AccessWhy

const isAsked = (result: Result): result is Asked =>
  ['access-who', 'access-what', 'access-why'].includes(result.result)

/** The ways that answer who reaches something, what somebody reaches, and why; nothing for other questions. */
export const waysIn = (result: Result): readonly Way[] | undefined => {
  if (!isAsked(result) || result.basis === undefined) return undefined
  switch (result.result) {
    case 'access-who':
      return result.reachers.map(({ who, allowed, shortest }) =>
        way(
          `${who} ${sureWords[shortest.sureness]} ${placeName(result.on)}${allowed === undefined ? '' : allowed ? ', and is allowed' : ', and is not allowed'}`,
          shortest,
          allowed === false && (shortest.sureness === 'open' || shortest.sureness === 'assumed'),
        ),
      )
    case 'access-what':
      return result.reaches.map(({ can, on, path }) =>
        way(`${result.who} can ${can} ${placeName(on)}, ${path.sureness}`, path),
      )
    case 'access-why':
      return result.paths.map((path) =>
        way(`${result.who} ${sureWords[path.sureness]} ${placeName(result.on)} ${byNumbers(path)}`, path),
      )
  }
}

const sureWords: Readonly<Record<Path['sureness'], string>> = {
  open: 'reaches',
  assumed: 'may reach',
  held: 'is held back from',
  accepted: 'is accepted not to reach',
}
