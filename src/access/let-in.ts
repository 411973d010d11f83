import { addressOf } from '../model/address.js'
import type { Facts } from './facts.js'
import type { Edge, LetIn } from './rule.js'

// What rules ask of the policy of a gate.

/** Whether builds are let in that somebody starts, in the browser or over an API. */
export const startsByHand = ({ sources = [] }: LetIn): boolean =>
  sources.includes('ui') || sources.includes('api')

/** Whether builds are let in that events of the Git host start. */
export const isPushed = ({ sources = [] }: LetIn): boolean => sources.includes('webhook')

/** Whether builds are let in that other builds start. */
export const isTriggered = ({ sources = [] }: LetIn): boolean => sources.includes('trigger_job')

/**
 * Whether the policy may let in what a pipeline starts by a rule. It goes by slugs: one that nothing has now is there for
 * the taking, and so is one whose pipeline somebody may rename. Where the named one has a rule of its own, whoever can do
 * that gets in by it anyway.
 */
export const namesParent = (
  { triggered_by: parents = [] }: LetIn,
  { facts: step }: Edge,
  facts: Facts,
): boolean => {
  const rule = step.find(({ power }) => power === 'triggers')
  if (rule === undefined || rule.of === 'pipeline:?') return true
  const named = parents.map((slug) => addressOf('pipeline', slug))
  const hasRule = (pipeline: (typeof named)[number]) =>
    facts.from('triggers', pipeline).some(({ on, sure }) => on === rule.on && sure)
  return named.includes(rule.of) || !named.every(hasRule)
}
