import fc from 'fast-check'
import { test } from 'vitest'

/** All generated cases in `npm run test:deep`, a fifth of them in `npm test`. */
export const deep = process.env['BRIDLE_DEEP'] === '1'
const casesOf = (all: number, few = Math.ceil(all / 5)) => (deep ? all : few)

/** The seed of this run: from BRIDLE_SEED to repeat one, else drawn anew and printed with every failure. */
const seed = Number(process.env['BRIDLE_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

interface Effort {
  /** How many cases in `npm test`. */
  readonly few?: number
  /** How long a deep run may take. */
  readonly seconds?: number
  /** False where the law makes its counterexamples small itself. */
  readonly shrinks?: boolean
  /** Which part of a law that is split in several, each with cases of its own. */
  readonly part?: number
}

/** A property that holds for every case a generator can think of: at least 200 of them in a deep run. */
export const law = <Case>(
  name: string,
  cases: fc.Arbitrary<Case>,
  holds: (value: Case) => Promise<void> | void,
  all = 200,
  { few, seconds = 300, shrinks = true, part = 0 }: Effort = {},
) => {
  const count = casesOf(all, few)
  const property = async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (value) => {
        await holds(value)
      }),
      { numRuns: count, seed: seed + part, endOnFailure: !shrinks },
    )
  }
  test(`${name} (${count} cases, BRIDLE_SEED=${seed})`, property, seconds * 1000)
}
