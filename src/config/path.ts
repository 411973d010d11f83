import { quoted, type Problem } from './problem.js'
import type { Place } from './source.js'

/** A path as the machine is asked for it: without `./` and doubled slashes. */
export const normal = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')

/** What is wrong with a path as it is written. Where it really leads, only the machine can say. */
export const pathProblem = (path: string, at: Place): Problem | undefined => {
  const wrong = wrongs.find(([pattern]) => pattern.test(path))
  if (!wrong && normal(path) !== '') return undefined
  const [, what = 'names no file', fix = 'write a path from the root file’s folder'] = wrong ?? []
  return { code: 'bad-path', at, words: () => ({ what: `${quoted(path)} ${what}`, fix }) }
}

const relative = 'write it relative to the root file’s folder'
const wrongs: readonly (readonly [RegExp, string, string])[] = [
  [/\\/, 'has a backslash', 'write forward slashes, on every system'],
  [/^\//, 'begins at the root of the machine', relative],
  [/^[A-Za-z]:/, 'begins with a drive', relative],
  [/(?:^|\/)\.\.(?:\/|$)/, 'leads upwards', 'keep what belongs to the declaration in the root file’s folder'],
  [/\p{Cc}/u, 'holds characters that can’t be seen', 'type it anew'],
]
