import type { Address } from '../model/address.js'
import type { Facts } from './facts.js'
import { groundsToRun } from './places.js'

/** How many of each are named. Past that, all of the cluster is meant. */
const mostNamed = 40

/**
 * What lets anybody into a cluster who knows it, and does not change when somebody leaves: each thing by name, with what
 * changes it, and then the agents that are connected with what is changed.
 *
 * @returns nothing where nothing of that was read
 * @source API reference §4.4, §4.11, §4.16; access model R11, R12, R32, §0.0 (R51)
 */
export const toRotate = (facts: Facts, cluster: Address): string => {
  const pipelines = facts
    .on('runs-in', cluster)
    .map(({ of }) => of)
    .filter((pipeline) => groundsToRun(facts, pipeline).length > 0)
  const hooked = pipelines.filter((pipeline) => facts.on('takes-webhooks', pipeline).length > 0)
  const tokens = facts.on('registers-agents', cluster).map(({ of }) => of)
  const secrets = facts.on('secret-for-all', cluster).map(({ of }) => of)
  const queues = facts.from('has-queue', cluster).map(({ on }) => on)
  const agents = queues.flatMap((queue) =>
    [...facts.on('connected', queue), ...facts.on('outlived-token', queue)].map(({ of }) => of),
  )
  const parts = [
    said(hooked, 'the webhook URL of', '`pipelineRotateWebhookURL`, and the new URL to the Git host'),
    said(pipelines, 'the trigger URLs of', 'under Triggers in its settings: no list of them can be read'),
    said(
      tokens,
      'the agent',
      '`clusterAgentTokenCreate`, the new one to the agents, `clusterAgentTokenRevoke`',
    ),
    said(secrets, 'the value of', 'under Secrets of the cluster'),
  ].flat()
  const stops = said(agents, 'stop', '`agentStop`: revoking a token ends no connection')
  return [...(parts.length === 0 ? [] : [`rotate ${parts.join('; ')}`]), ...stops].join('; then ')
}

/**
 * Whether somebody who reaches a cluster can read any of that: they have what the allowed have, or Full Access to what is
 * there, or they maintain the cluster; or there are tokens and secrets, which lie beside the jobs on its machines.
 *
 * @param teams  those that are allowed there
 */
export const canReadIn = (
  facts: Facts,
  cluster: Address,
  who: Address,
  teams: ReadonlySet<Address>,
): boolean => {
  const own = facts.from('in-team', who).map(({ on }) => on)
  const isThere = ({ on }: { readonly on: Address }) =>
    on === cluster || facts.from('runs-in', on).some((runsIn) => runsIn.on === cluster)
  return (
    facts.on('registers-agents', cluster).length > 0 ||
    facts.on('secret-for-all', cluster).length > 0 ||
    facts.from('administers', who).length > 0 ||
    own.some((team) => teams.has(team) || facts.from('edits', team).some(isThere)) ||
    [who, ...own].some((one) => facts.from('maintains-cluster', one).some(isThere)) ||
    facts.from('created', who).some(isThere)
  )
}

/** All of them: whoever is left out would be forgotten. */
export const everyOne = (who: readonly Address[]): string =>
  who.length < 2 ? who.join('') : `${who.slice(0, -1).join(', ')} and ${who.at(-1) ?? ''}`

const said = (all: readonly Address[], what: string, how: string): readonly string[] => {
  const names = [...new Set(all)].sort()
  const [first] = names
  if (first === undefined) return []
  const more = names.length - mostNamed
  const few = names.slice(0, mostNamed).join(', ')
  return [`${what} ${more > 0 ? `${few} and ${more} more, all of the cluster` : few} (${how})`]
}
