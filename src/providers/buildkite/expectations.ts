import { countIn, type Census } from './counts.js'
import { uncountedRows } from './forecast.js'
import { expectedPoints } from './points.js'

/** What the conversation so far teaches about what the next request will cost. */
export interface Expectations {
  /** The sizes of connections, as far as answers have told. */
  readonly census: Census
  /** Points that a request is expected to be charged. */
  cost(operation: string, text: string): number
  /**
   * Takes in an answer, and what the API says that it charged.
   *
   * @returns the points charged, or, where the API did not say, what our own rule makes of the answer
   */
  learn(operation: string, text: string, answer: unknown, charged: number | undefined): number
}

/**
 * Sizes come from the counts in earlier answers, and weights from what earlier answers were charged: Buildkite may
 * weigh a field as it likes.
 */
export const expectations = (): Expectations => {
  const sizes = new Map<string, number>()
  const weights = new Map<string, number>()
  return {
    get census() {
      return Object.fromEntries(sizes)
    },
    cost: (operation, text) =>
      Math.ceil(
        (weights.get(operation) ?? 1) * expectedPoints(text, (path) => sizes.get(path) ?? uncountedRows),
      ),
    learn(operation, text, answer, charged) {
      const { counted, came } = countIn(text, answer)
      for (const [path, rows] of Object.entries(counted)) sizes.set(path, rows)
      const reckoned = expectedPoints(text, (path) => came[path] ?? 0)
      if (charged !== undefined && reckoned > 0) weights.set(operation, charged / reckoned)
      return charged ?? reckoned
    },
  }
}
