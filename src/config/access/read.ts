import { kindOf, type Address } from '../../model/address.js'
import type {
  Accept,
  AgentsOf,
  Allow,
  DeclaredAccess,
  DeclaredToken,
  Expect,
  Placed,
  Trust,
} from '../../model/declared-access.js'
import type { Span } from '../../model/span.js'
import { entriesOf, textOf, valuePlace, type Entry, type Node } from '../node.js'
import { spanOf } from '../source.js'

/** What stands beside a thing's own keys. */
export interface AsideAt extends Entry {
  readonly of: Address
  readonly name: string
}

/** The sections at the top, from all files that hold them. */
export type Sections = Readonly<Record<'trust' | 'accept' | 'expect', readonly Node[]>>

/**
 * All that the files say about access, in an order that no order of files changes. What has not the shape that it
 * should have is passed over: there is a finding about it.
 */
export const readAccess = (sections: Sections, asides: readonly AsideAt[]): DeclaredAccess => {
  const written = (kind: string, name: string) =>
    asides.filter((aside) => aside.name === name && kindOf(aside.of) === kind)
  const held = new Set(written('queue', 'held_by').map(({ of }) => of))
  return {
    allow: [...written('cluster', 'allow'), ...written('queue', 'allow')]
      .map((aside) => allowOf(aside, held))
      .sort(by(({ on }) => on)),
    trust: trustOf(sections.trust),
    accept: itemsOf(sections.accept)
      .map(acceptOf)
      .sort(by(({ finding, on, until, reason }) => [finding, on, until, reason].join('\n'))),
    expect: itemsOf(sections.expect)
      .map(expectOf)
      .sort(by(({ on, who, verb, can }) => [on, who, verb, String(can)].join('\n'))),
    agents: agentsOf([
      ...written('queue', 'agents'),
      ...written('queue', 'hook'),
      ...written('queue', 'instance_role'),
    ]).sort(by(({ queue }) => queue)),
    tokens: written('cluster', 'tokens')
      .flatMap(tokensOf)
      .sort(by(({ cluster, description }) => `${cluster}\n${description}`)),
    contain: written('cluster', 'contain')
      .filter(({ value }) => value.is === 'scalar' && value.value === true)
      .map(({ of }) => of)
      .sort(),
  }
}

const by =
  <One>(key: (one: One) => string) =>
  (a: One, b: One) => {
    const [x, y] = [key(a), key(b)]
    return x < y ? -1 : x > y ? 1 : 0
  }

const allowOf = ({ of, key, value }: AsideAt, held: ReadonlySet<Address>): Allow => ({
  on: of,
  teams: textsOf(at(value, 'teams')),
  users: textsOf(at(value, 'users')).map(lowered),
  at: spanOf(key),
  ...(held.has(of) && { heldBy: 'hook' }),
})

const trustOf = ([section]: readonly Node[]): Trust => {
  const [automation] = placed(at(section, 'automation'))
  return {
    admins: textsOf(at(section, 'admins')).map(lowered),
    ...(automation && { automation: lowered(automation) }),
  }
}

const acceptOf = (item: Node): Accept => {
  const facts = textOf(at(item, 'facts'))
  return {
    finding: textOf(at(item, 'finding')) ?? '',
    on: textOf(at(item, 'at')) ?? '',
    reason: textOf(at(item, 'reason')) ?? '',
    until: textOf(at(item, 'until')) ?? '',
    ...(facts !== undefined && { facts }),
    at: spanAt(item, 'finding'),
  }
}

const expectOf = (item: Node): Expect => {
  const can = textOf(at(item, 'can'))
  const who = textOf(at(item, 'who')) ?? ''
  return {
    who: who.startsWith('user:') ? who.toLowerCase() : who,
    can: can !== undefined,
    verb: (can ?? textOf(at(item, 'cannot')) ?? 'run') as Expect['verb'],
    on: (textOf(at(item, 'on')) ?? ':') as Address,
    at: spanAt(item, 'who'),
  }
}

const agentsOf = (asides: readonly AsideAt[]): AgentsOf[] => {
  const queues = new Map<Address, AgentsOf>()
  for (const { of, name, key, value } of asides) {
    const known = queues.get(of) ?? { queue: of, at: spanOf(key) }
    queues.set(of, { ...known, ...agentsSaid(name, value) })
  }
  return [...queues.values()]
}

const agentsSaid = (name: string, value: Node): Partial<AgentsOf> => {
  if (name === 'agents') return { hostname: textsOf(at(value, 'hostname')).map(({ value }) => value) }
  if (name === 'instance_role') return { instanceRole: textOf(value) ?? '' }
  return { hook: { mode: (textOf(at(value, 'mode')) ?? 'observe') as NonNullable<AgentsOf['hook']>['mode'] } }
}

const tokensOf = ({ of, value }: AsideAt): DeclaredToken[] =>
  [...entriesOf(value)].map(([description, { key, value: token }]) => {
    const addresses = at(token, 'allowed_ip_addresses')
    return {
      cluster: of,
      description,
      ...(addresses && { allowedIpAddresses: textsOf(addresses).map(({ value }) => value) }),
      at: spanOf(key),
    }
  })

const at = (node: Node | undefined, key: string): Node | undefined => entriesOf(node).get(key)?.value

const itemsOf = (lists: readonly Node[]): Node[] =>
  lists.flatMap((list) => (list.is === 'list' ? list.items : []))

const placed = (node: Node | undefined): Placed<string>[] => {
  const value = textOf(node)
  return node === undefined || value === undefined ? [] : [{ value, at: spanOf(node.at) }]
}

const textsOf = (list: Node | undefined): Placed<string>[] =>
  list?.is === 'list' ? list.items.flatMap(placed) : []

const lowered = ({ value, at }: Placed<string>): Placed<string> => ({ value: value.toLowerCase(), at })

/** Where an item of a list is shown: at the value that says what it is about. */
const spanAt = (item: Node, key: string): Span => {
  const entry = entriesOf(item).get(key)
  return spanOf(entry ? valuePlace({ node: entry.value, key: entry.key }) : item.at)
}
