import { Refusal, type RefusalReason } from '../model/refusal.js'

/** A no that is about this thing alone: whoever asks may not see it, or the organization's plan does not have it. */
const aboutSight: ReadonlySet<RefusalReason> = new Set(['forbidden', 'missing-scope', 'not-found'])

/**
 * What was read, or undefined where it is out of sight. Undefined is unknown, so whoever asks has to say so: nothing
 * that is out of sight is taken for closed. Every other refusal still ends the reading.
 */
export const unlessHidden = async <Value>(reading: Promise<Value>): Promise<Value | undefined> => {
  try {
    return await reading
  } catch (error) {
    if (error instanceof Refusal && aboutSight.has(error.reason)) return undefined
    throw error
  }
}

/** All rows, or undefined where they are out of sight. */
export const rowsUnlessHidden = <Row>(rows: AsyncIterable<Row>): Promise<readonly Row[] | undefined> =>
  unlessHidden(gather(rows))

const gather = async <Row>(rows: AsyncIterable<Row>): Promise<readonly Row[]> => {
  const all: Row[] = []
  for await (const row of rows) all.push(row)
  return all
}
