import { Refused } from '../refused.js'
import type { Agent, AgentToken, Gate } from '../rows.js'
import { insert } from '../state.js'
import { all, get, put, where } from '../table.js'
import { knows } from './known.js'
import { label, setLabels, type World } from './labels.js'

export interface Connecting {
  readonly name?: string | undefined
  /** The queue's key; the cluster's default queue, if nothing is said. */
  readonly queue?: string | undefined
  /** Besides `queue=`: whatever it likes to say about itself. */
  readonly tags?: readonly string[] | undefined
  readonly ip?: string | undefined
  /** Somebody who has found the token; nobody, for a machine of ours. */
  readonly by?: string | undefined
}

const numberOf = (ip: string) => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)

/** Whether an address is in `10.20.0.0/16`. */
const isWithin = (ip: string, cidr: string): boolean => {
  const [base = '', bits = '32'] = cidr.split('/')
  const size = 2 ** (32 - Number(bits))
  return Math.floor(numberOf(ip) / size) === Math.floor(numberOf(base) / size)
}

const isAdmitted = ({ allowedIpAddresses }: AgentToken, ip: string) => {
  const ranges = (allowedIpAddresses ?? '').split(/\s+/).filter(Boolean)
  return ranges.length === 0 || ranges.some((range) => isWithin(ip, range))
}

const checkToken = (world: World, token: AgentToken | undefined, { by, ip = OUTSIDE }: Connecting) => {
  if (token?.revokedAt !== null || (token.expiresAt !== null && token.expiresAt <= world.now))
    throw new Refused('The agent token is not valid')
  if (by === undefined) return token
  if (!knows(world, by, 'agentToken', token.uuid)) throw new Refused('The agent token is not known to them')
  if (!world.switches.holdersInsideNetwork && !isAdmitted(token, ip))
    throw new Refused('The agent token is not for this address')
  return token
}

/** @source RFC 5737: nobody's address */
const OUTSIDE = '203.0.113.9'
const INSIDE = '192.0.2.1'

const queueFor = ({ state }: World, { cluster }: AgentToken, key: string | undefined): string | null => {
  if (cluster === null) return null
  const { queues, clusters } = state.tables
  const queue =
    key === undefined
      ? get(queues, get(clusters, cluster)?.defaultQueue)
      : where(queues, 'cluster', cluster).find((row) => row.key === key)
  if (queue?.hosted !== null) throw new Refused('There is no such queue for an agent to be in')
  return queue.uuid
}

/** What is the same of every agent. */
export const newAgent = {
  connectionState: 'connected',
  version: '3.100.0',
  priority: 0,
  pausedAt: null,
  pausedBy: null,
  pausedNote: null,
  pausedTimeoutInMinutes: 5,
  stoppedAt: null,
  stoppedBy: null,
  stoppedGracefully: false,
  gate: null,
} as const

/** What hosts of a queue refuse jobs by: all of ours begin with the same. */
export const gateOf = ({ state }: Pick<World, 'state'>, queue: string | null): Gate | null =>
  where(state.tables.agents, 'queue', queue).find(({ gate }) => gate !== null)?.gate ?? null

/** Whether some host has a gate: then what runs there says its whole commit, as what a Git host tells of does. */
export const hasGates = ({ state }: Pick<World, 'state'>): boolean =>
  all(state.tables.agents).some(({ gate }) => gate !== null)

/** A machine registers with a token, into any queue of the token's cluster that it names. @source Buildkite docs, "Agent tokens" */
export const connectAgent = (world: World, uuid: string, connecting: Connecting): Agent => {
  const token = checkToken(world, get(world.state.tables.agentTokens, uuid), connecting)
  const { by, tags = [], name = by === undefined ? 'agent' : 'rogue' } = connecting
  const queue = queueFor(world, token, connecting.queue)
  const key = get(world.state.tables.queues, queue)?.key ?? connecting.queue ?? 'default'
  const agent = insert(
    world.state,
    'agents',
    { createdAt: world.now, createdBy: null },
    {
      ...newAgent,
      organization: token.organization,
      queue,
      name,
      hostname: name,
      ipAddress: connecting.ip ?? (by === undefined ? INSIDE : OUTSIDE),
      metaData: [`queue=${key}`, ...tags],
      token: token.uuid,
      gate: by === undefined ? gateOf(world, queue) : null,
    },
  )
  if (by !== undefined) setLabels(world, agent.uuid, label('agent', [by]))
  return agent
}

export const disconnectAgent = ({ state }: World, uuid: string): Agent => {
  const agent = get(state.tables.agents, uuid)
  if (!agent) throw new Refused('There is no such agent')
  return put(state.tables.agents, { ...agent, connectionState: 'disconnected' })
}
