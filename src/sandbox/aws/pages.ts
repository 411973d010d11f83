import { one } from '../faults.js'
import type { Aws } from './desk.js'
import { AwsRefused } from './refused.js'

export interface AwsPage<R> {
  readonly rows: readonly R[]
  /** Where the next page begins; undefined at the end. */
  readonly next: string | undefined
}

const markAt = (key: string) => Buffer.from(`after:${key}`).toString('base64')

const noMarker = new AwsRefused('ValidationError', 'Invalid Marker.')

const keyAt = (mark: string, no: AwsRefused): string => {
  const text = Buffer.from(mark, 'base64').toString()
  if (!text.startsWith('after:')) throw no
  return text.slice('after:'.length)
}

/**
 * A page of rows, in the order of their keys; it begins behind a key, so rows that come and go don't shift it.
 *
 * @param most  how many rows there are on a page
 * @param no    what is said to a mark that was never made here
 */
export const pageOf = <R>(
  aws: Pick<Aws, 'faults'>,
  rows: readonly R[],
  keyOf: (row: R) => string,
  most: number,
  mark: string | undefined,
  no = noMarker,
): AwsPage<R> => {
  const after = mark === undefined ? undefined : keyAt(mark, no)
  const keyed = rows.map((row) => [keyOf(row), row] as const).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  const rest = after === undefined ? keyed : keyed.filter(([key]) => key > after)
  const page = rest.slice(0, most)
  const truncated = one(aws.faults, 'truncated')
  if (truncated) return { rows: page.slice(0, truncated.keep ?? -1).map(([, row]) => row), next: undefined }
  const last = page.at(-1)
  return {
    rows: page.map(([, row]) => row),
    next: last && rest.length > page.length ? markAt(last[0]) : undefined,
  }
}

/** What lists of IAM end with. */
export const ending = (next: string | undefined) => ({ IsTruncated: next !== undefined, Marker: next })
