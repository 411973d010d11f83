import { emptyState, fork, type State } from '../state.js'
import { all, get } from '../table.js'
import { imageLabels, isNobody, labelsOf, union, type Labels } from './labels.js'
import { queueName } from './placement.js'

/** By queue (`production/deploy`), who has a hand in what ran there, and in which way. */
export type Reached = ReadonlyMap<string, Labels>

/** The same world, in which nobody has had a hand in anything yet: a world to begin with. */
export const innocent = (state: State): State => {
  const { influences, assignments, known } = emptyState().tables
  const after = fork(state)
  return { ...after, tables: { ...after.tables, influences, assignments, known } }
}

const connected = ['connected', 'stopping']

/**
 * Who reaches which queue: whoever had a hand in a job that came to an agent there, whoever has slipped an agent in, and
 * whoever chose what a hosted queue's machines start from.
 *
 * @param since  only what came to an agent when this many rows had been made
 */
export const reached = (state: State, since = 0): Reached => {
  const { assignments, agents, queues } = state.tables
  const sum = new Map<string, Labels>()
  const add = (queue: string, labels: Labels) => sum.set(queue, union(sum.get(queue) ?? {}, labels))
  for (const { place, by, serial } of all(assignments)) if (serial > since) add(place, by)
  for (const agent of all(agents)) {
    if (!connected.includes(agent.connectionState)) continue
    const labels = labelsOf({ state }, agent.uuid)
    if (isNobody(labels)) continue
    const tag = agent.metaData.find((one) => one.startsWith('queue='))?.slice('queue='.length) ?? 'default'
    const queue = get(queues, agent.queue)
    add(agent.queue === null ? `unclustered/${tag}` : queueName({ state }, queue), labels)
  }
  for (const queue of all(queues)) {
    const labels = imageLabels({ state }, queue.uuid)
    if (queue.hosted !== null && !isNobody(labels)) add(queueName({ state }, queue), labels)
  }
  return sum
}

/** Whether somebody reaches a queue, in whatever way. */
export const reaches = (state: State, principal: string, queue: string, since = 0): boolean =>
  Object.values(reached(state, since).get(queue) ?? {}).some((hands) => hands.includes(principal))
