import type { Problem } from '../problem.js'
import { acceptProblems } from './accept.js'
import { allowProblems } from './allow.js'
import { borderProblems } from './borders.js'
import { expectProblems } from './expect.js'
import { notCarriedOut } from './not-carried-out.js'
import { trustProblems } from './trust.js'
import type { Whole } from './whole.js'

/** What is wrong with what the files say about access, as far as the files alone can tell. */
export const accessProblems = (whole: Whole): Problem[] => [
  ...allowProblems(whole),
  ...borderProblems(whole),
  ...trustProblems(whole),
  ...acceptProblems(whole),
  ...expectProblems(whole),
  ...notCarriedOut(whole),
]
