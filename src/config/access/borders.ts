import { addressOf, keyIn, namesIn, type Address } from '../../model/address.js'
import type { Made } from '../complete.js'
import { itemsOf, textOf, valueAt, type Node } from '../node.js'
import { quoted, type Problem } from '../problem.js'
import type { Place } from '../source.js'
import type { AsideAt } from './read.js'
import { allowsIn, asideOf, clusterOf, madeOf, spoken, type Whole } from './whole.js'

/** What is wrong with where borders are: between queues, and around what is privileged. */
export const borderProblems = (whole: Whole): Problem[] => {
  const clusters = new Map(allowsIn(whole, 'cluster').map((allow) => [allow.of, allow]))
  const queues = [...madeOf(whole, 'queue').values()]
  const privileged = queues.flatMap((queue) => {
    const { address } = queue.want
    const allow = asideOf(whole, address, 'allow') ?? clusters.get(clusterOf(address))
    return allow ? [{ queue, allow }] : []
  })
  return [
    ...allowsIn(whole, 'queue').flatMap((allow) =>
      narrowing(whole, allow, clusters.get(clusterOf(allow.of))),
    ),
    ...whole.asides.filter(({ name }) => name === 'held_by').flatMap((held) => holdsNothing(whole, held)),
    ...defaults(whole, clusters),
    ...privileged.flatMap(({ queue, allow }) => hosted(queue, allow)),
    ...maintainers(whole, clusters),
  ]
}

const itemsIn = ({ value }: AsideAt): Node[] => [
  ...itemsOf(valueAt(value, 'teams')),
  ...itemsOf(valueAt(value, 'users')),
]

/** Whom an `allow` comes to: the users, and the declared members of the teams. */
const peopleIn = (whole: Whole, { value }: AsideAt): Set<string> =>
  new Set([
    ...itemsOf(valueAt(value, 'users')).map(nameOf),
    ...itemsOf(valueAt(value, 'teams')).flatMap((team) => membersOf(whole, nameOf(team))),
  ])

const nameOf = (item: Node): string => (textOf(item) ?? '').toLowerCase()

const membersOf = ({ made }: Whole, team: string): string[] =>
  made.flatMap(({ want: { kind, spec } }) =>
    kind === 'member' && String(spec['team']).toLowerCase() === team ? [String(spec['user'])] : [],
  )

const namesOf = (allow: AsideAt): string => [...new Set(itemsIn(allow).map(nameOf))].sort().join('\n')

/** A pipeline can target every queue of its cluster, so Buildkite holds no border between queues. */
const narrowing = (whole: Whole, allow: AsideAt, around: AsideAt | undefined): Problem[] => {
  if (around === undefined) return [noneAround(allow)]
  const people = peopleIn(whole, around)
  const teams = new Set(itemsOf(valueAt(around.value, 'teams')).map(nameOf))
  const wider = [
    ...itemsOf(valueAt(allow.value, 'users')).filter((user) => !people.has(nameOf(user))),
    ...itemsOf(valueAt(allow.value, 'teams')).filter((team) => {
      const members = membersOf(whole, nameOf(team))
      return !teams.has(nameOf(team)) && !(members.length > 0 && members.every((one) => people.has(one)))
    }),
  ]
  if (wider.length > 0) return wider.map((item) => widens(item, allow.of, around.key))
  const isHeld = asideOf(whole, allow.of, 'held_by') !== undefined
  return isHeld || namesOf(allow) === namesOf(around) ? [] : [notHeld(allow, around.key)]
}

const noneAround = ({ of, key }: AsideAt): Problem => ({
  code: 'queue-wider-than-cluster',
  at: key,
  words: () => ({
    what: `${spoken(of)} has an allow, and ${spoken(clusterOf(of))} has none`,
    label: 'the border is the cluster',
    fix: `write \`allow\` under clusters.${nameIn(clusterOf(of))} first`,
  }),
})

const widens = (item: Node, queue: Address, around: Place): Problem => ({
  code: 'queue-wider-than-cluster',
  at: item.at,
  also: [around],
  words: () => ({
    what: `the allow of ${spoken(queue)} names ${quoted(textOf(item) ?? '')}, whom ${spoken(clusterOf(queue))} does not allow`,
    label: 'not allowed in the cluster',
    fix: `take it out, or allow it under clusters.${nameIn(clusterOf(queue))}, too`,
  }),
})

const notHeld = ({ of, key }: AsideAt, around: Place): Problem => ({
  code: 'queue-border',
  at: key,
  also: [around],
  words: () => ({
    what: `${spoken(of)} allows fewer than its cluster, and nothing holds that border`,
    label: 'not enforceable',
    fix: 'give it a cluster of its own; or write `held_by: hook` beside it, which is a weaker promise',
  }),
})

const holdsNothing = (whole: Whole, { of, key }: AsideAt): Problem[] =>
  asideOf(whole, of, 'allow')
    ? []
    : [
        {
          code: 'queue-border',
          at: key,
          words: () => ({
            what: `${spoken(of)} has \`held_by\` and no \`allow\` of its own`,
            label: 'holds what?',
            why: 'the border of the cluster is held by Buildkite; there is none of the queue to hold',
            fix: 'write the `allow` that it should hold, or take the line out',
          }),
        },
      ]

/** What comes to a privileged place by naming no place. */
const defaults = (whole: Whole, clusters: ReadonlyMap<Address, AsideAt>): Problem[] => [
  ...[...madeOf(whole, 'settings').values()].flatMap(({ want, fields, key }): Problem[] => {
    const name = want.spec['default_cluster']
    const allow = typeof name === 'string' ? clusters.get(addressOf('cluster', name)) : undefined
    if (!allow) return []
    return [
      {
        code: 'privileged-by-default',
        severity: 'warning',
        at: fields['default_cluster'] ?? key,
        also: [allow.key],
        words: () => ({
          what: `${spoken(allow.of)} is privileged, and new pipelines land in it`,
          label: 'privileged',
          why: 'whoever may create a pipeline creates it inside of the border',
          fix: 'name a cluster without `allow`, or write `default_cluster: null`',
        }),
      },
    ]
  }),
  ...[...madeOf(whole, 'cluster').values()].flatMap(({ want, fields, key }): Problem[] => {
    const queue = want.spec['default_queue']
    const allow = clusters.get(want.address)
    if (typeof queue !== 'string' || !allow) return []
    return [
      {
        code: 'privileged-by-default',
        severity: 'warning',
        at: fields['default_queue'] ?? key,
        also: [allow.key],
        words: () => ({
          what: `queue ${quoted(`${want.key}/${queue}`)} is privileged, and gets the jobs that name no queue`,
          label: 'privileged',
          why: 'a step whose queue was forgotten runs there, and nobody meant it to',
          fix: 'write `default_queue: null`, and name the queue in the steps that are meant for it',
        }),
      },
    ]
  }),
]

const hosted = ({ want, fields, key }: Made, allow: AsideAt): Problem[] =>
  want.spec['hosted_agents'] == null
    ? []
    : [
        {
          code: 'privileged-hosted',
          severity: 'warning',
          at: fields['hosted_agents'] ?? key,
          also: [allow.key],
          words: () => ({
            what: `queue ${quoted(want.key)} is privileged, and Buildkite runs its machines`,
            label: 'hosted',
            fix: 'use agents of your own; or switch terminal access off in Buildkite, and accept what stays assumed',
          }),
        },
      ]

/** Whoever maintains a cluster moves pipelines into it, and connects agents. */
const maintainers = (whole: Whole, clusters: ReadonlyMap<Address, AsideAt>): Problem[] =>
  [...madeOf(whole, 'maintainer').values()].flatMap(({ want, fields, key }): Problem[] => {
    const { cluster, user, team } = want.spec
    const allow = clusters.get(addressOf('cluster', String(cluster)))
    if (!allow) return []
    const people = peopleIn(whole, allow)
    const teams = new Set(itemsOf(valueAt(allow.value, 'teams')).map(nameOf))
    const isAllowed =
      typeof team === 'string'
        ? teams.has(team.toLowerCase()) || all(membersOf(whole, team.toLowerCase()), people)
        : people.has(String(user).toLowerCase()) || trustedIn(whole).has(String(user).toLowerCase())
    if (isAllowed) return []
    const who = typeof team === 'string' ? `team ${quoted(team)}` : String(user)
    return [
      {
        code: 'maintainer-not-allowed',
        severity: 'warning',
        at: fields[typeof team === 'string' ? 'team' : 'user'] ?? key,
        also: [allow.key],
        about: who,
        words: () => ({
          what: `${who} maintains ${spoken(allow.of)}, and is not allowed there`,
          label: 'not allowed',
          fix: `take the maintainer out, or name them in the allow of ${spoken(allow.of)}`,
        }),
      },
    ]
  })

const all = (members: readonly string[], people: ReadonlySet<string>) =>
  members.length > 0 && members.every((one) => people.has(one))

const trustedIn = ({ sections: { trust } }: Whole): ReadonlySet<string> =>
  new Set(
    trust.flatMap(({ value }) => [
      ...itemsOf(valueAt(value, 'admins')).map(nameOf),
      (textOf(valueAt(value, 'automation')) ?? '').toLowerCase(),
    ]),
  )

const nameIn = (address: Address): string => namesIn(keyIn(address)).join('/')
