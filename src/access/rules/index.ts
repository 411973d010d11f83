import type { Rule } from '../rule.js'
import { anyQueue } from './any-queue.js'
import { forkBuilds } from './fork-builds.js'
import { fullAccess } from './full-access.js'

/** One rule for each path, in the order of their numbers. */
export const rules: readonly Rule[] = [
  fullAccess, // R4
  forkBuilds, // R9
  anyQueue, // R19
]
