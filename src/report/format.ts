import type { AccessWhy, Drifted, Result } from '../model/result.js'
import type { Span } from '../model/span.js'
import { isAboutAccess } from './access.js'
import { annotation } from './annotation.js'
export { driftMessage } from './annotation.js'
import { json } from './json.js'
import { junit } from './junit.js'
import { markdown } from './markdown.js'
import type { Paint } from './paint.js'
import { sarif } from './sarif.js'
import { text } from './text.js'

/** The forms that an answer can take. None changes the verdict. */
export const formats = ['text', 'json', 'markdown', 'sarif', 'junit'] as const
export type Format = (typeof formats)[number]

/** Those of answers that are about jobs, and not about files. */
export type GateForm = 'text' | 'json' | 'markdown'

/** What a report needs to know besides the result. */
export interface Setting {
  readonly paint: Paint
  /** What leads from where the reader stands to the root file's folder, ending in a slash; empty if it is here. */
  readonly folder?: string
  /** The root file's name in that folder. */
  readonly root?: string
  /** The sentence that says the organization is make-believe, where it is. */
  readonly sandbox?: string
}

/** Whether a piece of a result is a place in a file. */
const isSpan = (value: object): value is Span =>
  'file' in value && 'line' in value && 'column' in value && 'length' in value && 'text' in value

/**
 * Places wherever they stand in what bridle itself has made; a value from outside never passes here.
 *
 * @param but  a file that is known by its path from where the reader stands
 */
export const relocated = <T>(value: T, folder: string, but?: string): T => {
  if (Array.isArray(value)) return value.map((one: unknown) => relocated(one, folder, but)) as T
  if (typeof value !== 'object' || value === null) return value
  if (isSpan(value)) return value.file === but ? value : { ...value, file: `${folder}${value.file}` }
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, relocated<unknown>(one, folder, but)]),
  ) as T
}

/** The same, with files under the path by which the reader finds them. A program is told the declaration's own. */
const seenFrom = (folder: string, result: Result): Result => {
  if (folder === '') return result
  if (isAboutAccess(result)) {
    const moved = relocated(result, folder)
    return moved.result === 'access-why' ? withDiff(moved, checkedOut(folder)) : moved
  }
  const findings = relocated(result.findings, folder)
  return result.result === 'validation'
    ? { ...result, findings, elsewhere: relocated(result.elsewhere, folder) }
    : { ...result, findings }
}

/** A difference of files, under the path by which `git apply` and `patch -p1` find them from where the reader stands. */
const withDiff = (result: AccessWhy, folder: string): AccessWhy => {
  const { cut } = result
  return cut?.diff === undefined ? result : { ...result, cut: { ...cut, diff: movedDiff(cut.diff, folder) } }
}

/** A difference under another path. */
export const movedDiff = (diff: string, folder: string): string =>
  diff.replace(
    /^--- a\/(.*)\n\+\+\+ b\/\1\n(?=@@ )/gm,
    (_all, file: string) => `--- a/${folder}${file}\n+++ b/${folder}${file}\n`,
  )

/** A folder above the reader's is no part of any path that they could have checked out: then the declaration's own will do. */
export const checkedOut = (folder: string) => (folder.startsWith('../') ? '' : folder)

/** A result in the form that was asked for. The sandbox is named before anything else. */
export const report = (result: Result, format: Format, setting: Setting): string => {
  const { paint, sandbox, folder = '', root } = setting
  const inTree = checkedOut(folder)
  switch (format) {
    case 'json':
      return json(result, sandbox)
    case 'sarif':
      return sarif(seenFrom(inTree, result), sandbox, root === undefined ? undefined : `${inTree}${root}`)
    case 'junit':
      return junit(seenFrom(folder, result), sandbox)
    case 'markdown':
      return markdown(seenFrom(folder, result), sandbox)
    case 'text':
      return `${sandbox === undefined ? '' : `${paint('warning', sandbox)}\n\n`}${text(seenFrom(folder, result), paint)}`
  }
}

/** A drift for the page of a build, with files under the path by which whoever looks there finds them. */
export const annotated = (
  result: Drifted,
  { sandbox, folder = '' }: Omit<Setting, 'paint'>,
  elsewhere: string,
): string => annotation({ ...result, findings: relocated(result.findings, folder) }, sandbox, elsewhere)
