import { repositoryAddress } from '../../kinds/index.js'
import { seconds } from '../../kinds/index.js'
import { kindOf, type Address } from '../../model/address.js'
import type {
  Accept,
  AgentsOf,
  Allow,
  DeclaredAccess,
  Expect,
  HookOf,
  JobsOf,
  JobsOfPipeline,
  Placed,
  Trust,
} from '../../model/declared-access.js'
import type { BuildSource, GateCheck, GateMode } from '../../model/gate.js'
import type { Span } from '../../model/span.js'
import { entriesOf, itemsOf, textOf, valueAt, valuePlace, type Entry, type Node } from '../node.js'
import { spanOf } from '../source.js'

/** What stands beside a thing's own keys. */
export interface AsideAt extends Entry {
  readonly of: Address
  readonly name: string
}

/** The sections at the top, from all files that hold them. */
export interface Sections {
  /** One at most. */
  readonly trust: readonly Entry[]
  readonly accept: readonly Node[]
  readonly expect: readonly Node[]
}

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
    accept: sections.accept
      .flatMap(itemsOf)
      .map(acceptOf)
      .sort(by(({ finding, on, until, reason }) => [finding, on, until, reason].join('\n'))),
    expect: sections.expect
      .flatMap(itemsOf)
      .map(expectOf)
      .sort(by(({ on, who, verb, can }) => [on, who, verb, String(can)].join('\n'))),
    agents: agentsOf([
      ...written('queue', 'agents'),
      ...written('queue', 'hook'),
      ...written('queue', 'instance_role'),
    ]).sort(by(({ queue }) => queue)),
    jobs: written('pipeline', 'hook')
      .map(({ of, key, value }): JobsOfPipeline => ({ pipeline: of, ...jobsIn(value), at: spanOf(key) }))
      .sort(by(({ pipeline }) => pipeline)),
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
  teams: textsOf(valueAt(value, 'teams')),
  users: textsOf(valueAt(value, 'users')).map(lowered),
  at: spanOf(key),
  ...(held.has(of) && { heldBy: 'hook' }),
})

const trustOf = ([entry]: readonly Entry[]): Trust => {
  const [automation] = placed(valueAt(entry?.value, 'automation'))
  return {
    admins: textsOf(valueAt(entry?.value, 'admins')).map(lowered),
    ...(automation && { automation: lowered(automation) }),
  }
}

/** What something is accepted for. A repository has one address, whichever of its URLs is written. */
export const acceptedAt = (item: Node): string => {
  const on = textOf(valueAt(item, 'at')) ?? ''
  if (!on.startsWith(repository)) return on
  const url = on.slice(repository.length)
  return repositoryAddress(url.includes(':') ? url : `https://${url}`)
}

const repository = 'repository:'

const acceptOf = (item: Node): Accept => {
  const facts = textOf(valueAt(item, 'facts'))
  return {
    finding: textOf(valueAt(item, 'finding')) ?? '',
    on: acceptedAt(item),
    reason: textOf(valueAt(item, 'reason')) ?? '',
    until: textOf(valueAt(item, 'until')) ?? '',
    ...(facts !== undefined && { facts }),
    at: spanAt(item, 'finding'),
  }
}

const expectOf = (item: Node): Expect => {
  const can = textOf(valueAt(item, 'can'))
  const who = textOf(valueAt(item, 'who')) ?? ''
  return {
    who: who.startsWith('user:') ? who.toLowerCase() : who,
    can: can !== undefined,
    verb: (can ?? textOf(valueAt(item, 'cannot')) ?? 'run') as Expect['verb'],
    on: (textOf(valueAt(item, 'on')) ?? ':') as Address,
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
  if (name === 'agents') return { hostname: textsOf(valueAt(value, 'hostname')).map(({ value }) => value) }
  if (name === 'instance_role') return { instanceRole: textOf(value) ?? '' }
  return { hook: hookIn(value) }
}

const hookIn = (value: Node): HookOf => {
  const one = (key: string) => placed(valueAt(value, key))[0]
  const [account, parameter, age] = [one('account'), one('parameter'), one('max_age')]
  const canary = one('canary')
  const pipelines = valueAt(value, 'pipelines')
  const leaves = valueAt(value, 'leaves')
  const checks = valueAt(value, 'checks')
  return {
    mode: (textOf(valueAt(value, 'mode')) ?? 'observe') as GateMode,
    ...(account && { account }),
    ...(parameter && { parameter }),
    ...(pipelines && { pipelines: textsOf(pipelines) }),
    ...(canary && { canary }),
    ...(leaves && { leaves: leaves.is === 'scalar' && leaves.value === true }),
    ...(checks && { checks: textsOf(checks).map(({ value }) => value as GateCheck) }),
    ...(age && { maxAge: seconds(age.value) }),
    jobs: jobsIn(value),
  }
}

const jobsIn = (value: Node): JobsOf => {
  const list = (key: string) => {
    const node = valueAt(value, key)
    return node && textsOf(node)
  }
  const [branches, tags, triggeredBy] = [list('branches'), list('tags'), list('triggered_by')]
  const [environment, plugins, commands] = [list('environment'), list('plugins'), list('commands')]
  const [sources, creatorTeams] = [list('sources'), list('creator_teams')]
  const pullRequests = textOf(valueAt(value, 'pull_requests'))
  const [role] = placed(valueAt(value, 'role'))
  return {
    ...(branches && { branches }),
    ...(tags && { tags }),
    ...(pullRequests !== undefined && { pullRequests: pullRequests as 'own' | 'forks' }),
    ...(sources && { sources: sources as Placed<BuildSource>[] }),
    ...(triggeredBy && { triggeredBy }),
    ...(environment && { environment }),
    ...(plugins && { plugins }),
    ...(commands && { commands }),
    ...(creatorTeams && { creatorTeams }),
    ...(role && { role }),
  }
}

const placed = (node: Node | undefined): Placed<string>[] => {
  const value = textOf(node)
  return node === undefined || value === undefined ? [] : [{ value, at: spanOf(node.at) }]
}

const textsOf = (list: Node | undefined): Placed<string>[] => itemsOf(list).flatMap(placed)

const lowered = ({ value, at }: Placed<string>): Placed<string> => ({ value: value.toLowerCase(), at })

/** Where an item of a list is shown: at the value that says what it is about. */
const spanAt = (item: Node, key: string): Span => {
  const entry = entriesOf(item).get(key)
  return spanOf(entry ? valuePlace({ node: entry.value, key: entry.key }) : item.at)
}
