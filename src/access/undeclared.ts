import picomatch from 'picomatch'
import type { Address } from '../model/address.js'
import type { DeclaredAccess } from '../model/declared-access.js'
import type { Fact, Power } from '../model/grant.js'
import type { Finding } from '../model/finding.js'
import type { Span } from '../model/span.js'
import type { Facts } from './facts.js'
import { listed } from './findings.js'

/** Powers over what is in a cluster, by the words for what gives them. */
const inPipelines: Partial<Record<Power, string>> = {
  watches: 'lets a team watch',
  builds: 'lets a team build',
  edits: 'gives a team Full Access to',
  scheduled: 'starts builds of',
  triggers: 'lets a pipeline trigger',
}

/**
 * What is in privileged clusters, or reaches into them, that nobody declared: pipelines, grants, maintainers, rules,
 * schedules, queues, agent tokens, agents. What is not declared still reaches, whatever `manage` says.
 *
 * @param isDeclared  whether the files declare an address
 */
export const undeclaredIn = (
  facts: Facts,
  access: DeclaredAccess,
  isDeclared: (address: Address) => boolean,
): readonly Finding[] => {
  const found = new Map<string, { cluster: Address; says: string; objects: Set<Address>; at: Span }>()
  const note = (cluster: Address, says: string, object: Address, at: Span) => {
    const key = `${cluster} ${says}`
    const known = found.get(key) ?? { cluster, says, objects: new Set(), at }
    known.objects.add(object)
    found.set(key, known)
  }
  for (const { on: cluster, at } of access.allow.filter(({ on }) => on.startsWith('cluster:'))) {
    const look = (some: readonly Fact[], says: string) => {
      for (const fact of some) if (!isDeclared(fact.at.address)) note(cluster, says, fact.at.address, at)
    }
    look(facts.from('has-queue', cluster), 'queue')
    look(facts.on('maintains-cluster', cluster), 'maintainer')
    look(facts.on('runs-in', cluster), 'pipeline')
    for (const { of: pipeline } of facts.on('runs-in', cluster))
      for (const power of Object.keys(inPipelines) as Power[]) look(facts.on(power, pipeline), nameOf(power))
    // Another token of the same description has a number, and nobody declared it.
    for (const { of: token } of facts.on('registers-agents', cluster))
      if (!isDeclared(token)) note(cluster, 'agent token', token, at)
    for (const { on: queue } of facts.from('has-queue', cluster)) {
      const isOurs = hostsOf(access, queue)
      if (isOurs === undefined) continue
      for (const { by = '', of: agent } of facts.on('connected', queue))
        if (!isOurs(by))
          note(cluster, 'agent', agent, access.agents.find((one) => one.queue === queue)?.at ?? at)
    }
  }
  return [...found.values()].map(({ cluster, says, objects, at }) => ({
    code: 'undeclared-in-privileged',
    severity: 'error',
    what: `${listed([...objects].sort())}: ${objects.size === 1 ? `${/^[aeiou]/.test(says) ? 'an' : 'a'} ${says}` : `${objects.size} ${says}s`} that no file declares, in ${cluster}`,
    where: [at],
    why: 'what is not declared still reaches, and nobody has reviewed it',
    fix:
      says === 'agent'
        ? `write the host under \`agents.hostname\` of its queue, or stop the agent and revoke the token that it came with`
        : `declare ${objects.size === 1 ? 'it' : 'them'}, or take ${objects.size === 1 ? 'it' : 'them'} away`,
  }))
}

/** Whether a host name is one of those that the files give a queue's agents; nothing where they give none. */
const hostsOf = ({ agents }: DeclaredAccess, queue: Address): ((host: string) => boolean) | undefined => {
  const hosts = agents.find((one) => one.queue === queue)?.hostname
  return hosts === undefined ? undefined : picomatch([...hosts], { dot: true, bash: true })
}

/**
 * The facts without strangers among the agents that the files declare: whose those are has been said. They are
 * connected all the same, and what is true of their machines stays.
 */
export const withoutOwnAgents = (facts: readonly Fact[], access: DeclaredAccess): readonly Fact[] => {
  const known = new Map<Address, ReturnType<typeof hostsOf>>()
  return facts.map((fact) => {
    const { power, on, by = '' } = fact
    if (power !== 'connected') return fact
    if (!known.has(on)) known.set(on, hostsOf(access, on))
    return known.get(on)?.(by) === true ? { ...fact, power: 'connected-as-declared' } : fact
  })
}

const nameOf = (power: Power): string =>
  power === 'scheduled' ? 'schedule' : power === 'triggers' ? 'rule' : 'grant'
