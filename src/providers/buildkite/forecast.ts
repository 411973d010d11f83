import type { Budget } from '../../model/plan.js'
import type { Census } from './counts.js'
import { connectionsIn, pointsOf } from './points.js'

/** Any list or question. */
export interface AnyReading {
  readonly name: string
  readonly document: { toString(): string }
}

/** Rows of a REST page, and the most that a nested connection is asked for when it goes on. */
const restPage = 100
const nestedPage = 500

/** What a connection is taken to hold where nobody has counted it. */
export const uncountedRows = 10
/** The same for what hangs on a pipeline of a cluster that is looked at closely: a build that has not finished. */
const uncountedClosely = 1

/** What is walked for some clusters alone. */
export interface Closely {
  readonly readings: readonly AnyReading[]
  readonly clusters: number
  /** Pipelines in all of these clusters. */
  readonly pipelines: number
}

type Talk = Pick<Budget, 'points' | 'graphqlRequests'>

const ofOne = (census: Census, { document }: AnyReading, uncounted = uncountedRows): Talk => {
  const text = document.toString()
  const connections = connectionsIn(text)
  const page = connections.find(({ alias }) => alias === 'page')
  const rowsAt = (path: string, first: number) => census[path] ?? Math.min(first, uncounted)
  // A question is asked once: what does not fit its connections is not asked for.
  if (page === undefined)
    return {
      points: pointsOf(text, ({ path, first }) => Math.min(first, rowsAt(path, first))),
      graphqlRequests: 1,
    }
  const cost = (rows: number) =>
    pointsOf(text, ({ path, first }) => (path === page.path ? rows : rowsAt(path, first)))

  const total = rowsAt(page.path, page.first)
  const full = Math.floor(total / page.first)
  const rest = total - full * page.first
  const more = connections
    .filter(({ path }) => path.startsWith(`${page.path}.`))
    .map(({ path, first }) => total * Math.ceil(Math.max(0, rowsAt(path, first) - first) / nestedPage))
    .reduce((sum, requests) => sum + requests, 0)
  return {
    points: full * cost(page.first) + (rest > 0 || full === 0 ? cost(rest) : 0),
    graphqlRequests: Math.max(1, Math.ceil(total / page.first)) + more,
  }
}

/** The census counts the pipelines of the whole organization, and a close look walks those of a cluster. */
const ofClosely = (census: Census, { readings, clusters, pipelines }: Closely): Talk[] =>
  readings.flatMap((reading) => {
    const page = connectionsIn(reading.document.toString()).find(({ alias }) => alias === 'page')
    const inOne = { ...census, ...(page && { [page.path]: Math.ceil(pipelines / Math.max(1, clusters)) }) }
    return Array.from({ length: clusters }, () => ofOne(inOne, reading, uncountedClosely))
  })

/**
 * What reading will cost, before it is done: near enough to decide whether to wait for a quieter hour.
 *
 * @param census     rows by connection path, as `countIn` finds them; what is not in it is guessed
 * @param readings   the lists and questions that will be asked, each once
 * @param restLists  for each REST list its number of rows; 1 for a single object
 * @param closely    what is walked for some clusters alone
 */
export const forecastReading = (
  census: Census,
  readings: readonly AnyReading[],
  restLists: readonly number[] = [],
  closely: Closely = { readings: [], clusters: 0, pipelines: 0 },
): Budget => {
  const each = [...readings.map((reading) => ofOne(census, reading)), ...ofClosely(census, closely)]
  return {
    points: Math.ceil(each.reduce((sum, { points }) => sum + points, 0)),
    graphqlRequests: Math.ceil(each.reduce((sum, { graphqlRequests }) => sum + graphqlRequests, 0)),
    restRequests: restLists.reduce((sum, rows) => sum + Math.max(1, Math.ceil(rows / restPage)), 0),
  }
}
