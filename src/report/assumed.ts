import { accessCodes } from '../model/access-codes.js'
import type { Finding } from '../model/finding.js'
import type { Assumption } from '../model/verdict.js'
import { widthOf } from './escape.js'
import { block, capped, columns, type BlockLine, type Part } from './part.js'
import { numberAndSlug, placeName } from './trail.js'

/** How many assumptions are named. The JSON report has them all. */
const mostNamed = 40

const numberOf = ({ finding }: Assumption) => Number(accessCodes[finding].path.slice(1))

/** Assumptions, a line each, in the order of their numbers; with what more there is to say of each. */
export const assumptionLines = <One extends Assumption>(
  all: readonly One[],
  more: (one: One) => string,
  line: (text: string) => BlockLine,
): BlockLine[] => {
  const rows = all
    .toSorted((a, b) => numberOf(a) - numberOf(b))
    .map((one) => [numberAndSlug(accessCodes[one.finding].path), `at ${placeName(one.at)}`, more(one)])
  return capped(columns(rows, widthOf).map(line), mostNamed)
}

/** Whether a finding is more than a line among others that are alike. */
export const isShownWhole = ({ assumes, whole }: Finding): boolean => assumes === undefined || whole === true

/** Findings as they are; but those that say what is assumed are many and alike, so they are told in a line each. */
export const findingParts = (findings: readonly Finding[]): Part[] => {
  const assumptions = findings.flatMap(({ assumes }) => assumes ?? [])
  return [
    ...findings.filter(isShownWhole).map((finding) => ({ finding })),
    ...block(
      'assumed: nothing readable settles these; `bridle access check --suggest` prints the `accept` lines',
      assumptionLines(
        assumptions,
        () => '',
        (text) => ({ text, tone: 'warning' }),
      ),
    ),
  ]
}
