import { expect, test } from 'vitest'
import { agentTokens } from '../../src/access/rules/agent-tokens.js'
import { dormantGrants } from '../../src/access/rules/dormant-grants.js'
import { selfTaggedAgents } from '../../src/access/rules/self-tagged-agents.js'
import { factsIn } from '../rules/facts.js'

const queue = 'queue:production/deploy'

/** All that an acceptance of a rule's assumptions is given for. */
const acceptedFor = (rule: typeof dormantGrants, power: string, ...hosts: readonly string[]) => {
  const lines = hosts.map((host) => `${power} agent:${host} ${queue} "${host}"`)
  const edges = [...rule.edges(factsIn([`has-queue cluster:production ${queue}`, ...lines]))]
  return new Set(edges.flatMap(({ facts }) => facts.map(({ power, of, on }) => `${power} ${of} ${on}`)))
}

test.each([
  [selfTaggedAgents, 'connected'],
  [dormantGrants, 'outlived-token'],
  [agentTokens, 'connected-as-declared'],
] as const)('a machine more is nothing new to accept: $0.code', (rule, power) => {
  expect(acceptedFor(rule, power, 'host-1', 'host-2')).toEqual(acceptedFor(rule, power, 'host-1'))
})
