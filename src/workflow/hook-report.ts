import { saidIn, type GateSaid } from '../hook/log.js'
import { suggest, type Refused } from '../hook/suggestion.js'
import type { GateReported, RefusedAlike } from '../model/result.js'
import { declare } from './declare.js'
import type { Declared } from './world.js'

/** A line of a log; without a text where it is longer than any of a gate's. */
export interface LogLine {
  readonly text?: string
}

/** In bytes: no gate writes a longer line. */
export const mostLogBytes = 64 * 1024

/** What is kept of logs, however long they are and whoever wrote them. */
const most = { groups: 1000, agents: 10_000, saw: 5, others: 10_000, values: 1000 }

/**
 * Says what gates refused, or would have refused, by the logs of their agents.
 *
 * @param declared  the files, where there are any: then suggestions hold what they allow already
 */
export const hookReport = (declared: Declared | undefined, lines: Iterable<LogLine>): GateReported => {
  const groups = new Map<string, Group>()
  const asked = new Map<string, Refused>()
  let [read, unreadable, letIn, refused, untold] = [0, 0, 0, 0, 0]
  for (const { text } of lines) {
    read += 1
    const said = text === undefined ? undefined : saidIn(text)
    if (said === undefined) continue
    if (said === 'no') {
      unreadable += 1
      continue
    }
    if (said.decision === 'accept') {
      letIn += 1
      continue
    }
    refused += 1
    const key = JSON.stringify([
      said.queue ?? '',
      said.pipeline ?? '',
      said.rule ?? '',
      said.mode === 'block',
    ])
    const group = groups.get(key) ?? (groups.size < most.groups ? newGroup(said) : undefined)
    if (group === undefined) {
      untold += 1
      continue
    }
    groups.set(key, group)
    take(group, said)
    if (said.pipeline == null || said.key == null || said.value == null || asked.size >= most.values) continue
    const one = { pipeline: said.pipeline, key: said.key, value: said.value }
    asked.set(JSON.stringify(Object.values(one)), one)
  }
  const wanted = declared && declare(declared).wanted
  const { lines: suggestion, left } = suggest([...asked.values()], wanted)
  return {
    result: 'hook-report',
    lines: read,
    unreadable,
    letIn,
    refused,
    alike: [...groups.values()].map(told).sort((a, b) => b.times - a.times),
    untold,
    suggestion,
    left,
    findings: [],
  }
}

interface Group {
  readonly first: GateSaid
  last: GateSaid
  times: number
  readonly agents: Set<string>
  readonly saw: Set<string>
}

const newGroup = (first: GateSaid): Group => ({
  first,
  last: first,
  times: 0,
  agents: new Set(),
  saw: new Set(),
})

const take = (group: Group, said: GateSaid): void => {
  group.times += 1
  group.last = said
  if (said.agent != null && said.agent !== '' && group.agents.size < most.agents) group.agents.add(said.agent)
  if (said.saw != null && group.saw.size < most.others) group.saw.add(said.saw)
}

const told = ({ first, last, times, agents, saw }: Group): RefusedAlike => ({
  queue: first.queue === '/' ? '' : (first.queue ?? ''),
  pipeline: first.pipeline ?? '',
  rule: first.rule ?? '',
  did: first.mode === 'block' ? 'refused' : 'would have refused',
  times,
  agents: agents.size,
  saw: [...saw].slice(0, most.saw),
  sawMore: Math.max(0, saw.size - most.saw),
  ...(first.build != null && first.build !== '' && { first: first.build }),
  ...(last.build != null && last.build !== '' && { last: last.build }),
})
