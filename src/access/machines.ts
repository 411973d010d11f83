import { instanceRoleOf, type AgentsOf, type DeclaredAccess } from '../model/declared-access.js'
import { granted, type Fact, type Grant } from '../model/grant.js'

/**
 * Which role the machines of each queue have: no API says, so the files do. Where they are silent, it may be any; but the
 * machines of hosted queues are Buildkite's, and have none of ours.
 */
export const machineFacts = (facts: readonly Fact[], { agents }: DeclaredAccess): readonly Fact[] => {
  const declared = new Map(agents.map((one) => [one.queue, one]))
  const saidOf = (one: AgentsOf): readonly Fact[] => {
    const role = instanceRoleOf(one)
    if (role === null || role === undefined) return []
    const grant = granted('carries', one.queue, role, 'instance_role')
    return [{ ...grant, at: { from: 'file', address: one.queue, span: one.at } }]
  }
  if (!facts.some(({ power }) => power === 'is-role')) return []
  const there = new Set(facts.flatMap(({ power, on }) => (power === 'is-role' ? [on] : [])))
  const hosted = new Set(facts.flatMap(({ power, of, sure }) => (power === 'hosted' && sure ? [of] : [])))
  const unsaid = facts.filter(({ power, on }) => {
    const one = declared.get(on)
    const role = one && instanceRoleOf(one)
    // A role that is not there is a slip, and the machines have another one.
    return (
      power === 'has-queue' && !hosted.has(on) && (role === undefined || (role !== null && !there.has(role)))
    )
  })
  return [...agents.flatMap(saidOf), ...unsaid.map((queue) => ({ ...mayCarry(queue), at: queue.at }))]
}

const mayCarry = ({ on }: Fact): Grant => granted('may-carry', on, on, 'instance_role')
