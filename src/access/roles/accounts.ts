import { accountNamed, arnOf, nameIn } from '../../policy/principal.js'
import type { Roles } from './roles.js'

const found = new WeakMap<Roles, ReadonlyMap<string, string>>()

/** The accounts in which instances of queues are, by their ids, with their names. */
export const agentsAccounts = (roles: Roles): ReadonlyMap<string, string> => {
  const before = found.get(roles)
  if (before !== undefined) return before
  const { ofQueues, world } = roles
  const agents = new Map([
    ...ofQueues.map(({ account }) => [account.id, account.name] as const),
    ...world.queues.flatMap(({ instanceRole }) => {
      const name = instanceRole?.split('/')[0] ?? ''
      const id = world.accounts.get(name)?.account.id
      return id === undefined ? [] : [[id, name] as const]
    }),
  ])
  found.set(roles, agents)
  return agents
}

/** Whether a principal is what a job on some queue is, or the account in which all of those are. */
export const isOfAgents = (name: string, roles: Roles): boolean => {
  if (name === '*') return true
  const account = accountNamed(name)
  if (account !== undefined) return agentsAccounts(roles).has(account)
  const { service, account: id, resource } = arnOf(name)
  if (service !== 'sts') return roles.ofQueues.some(({ arn }) => arn === name)
  return roles.ofQueues.some(({ account: of, arn }) => of.id === id && nameIn(arn) === resource.split('/')[1])
}
