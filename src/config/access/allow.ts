import { addressOf, type Address } from '../../model/address.js'
import { coverOf } from '../../model/wanted.js'
import { nearest } from '../nearest.js'
import { entriesOf, itemsOf, textOf, valueAt, type Node } from '../node.js'
import { quoted, type Problem } from '../problem.js'
import type { AsideAt } from './read.js'
import { allowsIn, madeOf, spoken, type Whole } from './whole.js'

/** What is wrong with whom an `allow` names. */
export const allowProblems = (whole: Whole): Problem[] => {
  const teams = [...madeOf(whole, 'team').values()].map(({ want }) => want.key)
  const known = new Set(teams)
  return [...allowsIn(whole, 'cluster'), ...allowsIn(whole, 'queue')].flatMap((allow): Problem[] => {
    if (entriesOf(allow.value).size === 0) return [nobody(allow)]
    const named = itemsOf(valueAt(allow.value, 'teams'))
    return [
      ...twice(named, allow.of),
      ...twice(itemsOf(valueAt(allow.value, 'users')), allow.of),
      ...named.flatMap((item): Problem[] => {
        const team = textOf(item)
        if (team === undefined) return []
        const address = addressOf('team', team)
        if (!known.has(team)) return [unknownTeam(item, allow.of, team, teams)]
        return whole.covers.has(coverOf(address, 'members')) ? [] : [withoutMembers(item, team)]
      }),
    ]
  })
}

const nobody = ({ key, of }: AsideAt): Problem => ({
  code: 'allow-nobody',
  at: key,
  words: () => ({
    what: `the allow of ${spoken(of)} names neither teams nor users`,
    label: 'who?',
    fix: 'name `teams` or `users`; `teams: []` says "nobody but those whom `trust` names"',
  }),
})

const unknownTeam = (item: Node, of: Address, team: string, teams: readonly string[]): Problem => ({
  code: 'unknown-reference',
  at: item.at,
  about: team,
  words: () => {
    const meant = nearest(team, teams)
    return {
      what: `the allow of ${spoken(of)} names team ${quoted(team)}, which no file declares`,
      label: meant === undefined ? 'unknown' : `did you mean ${meant}?`,
      why: 'only the declared members of a team are allowed, so a team that is not declared allows nobody',
      fix:
        meant === undefined
          ? `declare the team under \`teams\`, with its members`
          : `write ${quoted(meant)}, or declare team ${quoted(team)} with its members`,
    }
  },
})

const withoutMembers = (item: Node, team: string): Problem => ({
  code: 'allow-without-members',
  at: item.at,
  about: team,
  words: () => ({
    what: `team ${quoted(team)} is allowed, and its members are not declared`,
    label: 'whoever is in it',
    fix: `write \`members\` under teams.${team}; {} says "nobody"`,
  }),
})

const twice = (items: readonly Node[], of: Address): Problem[] =>
  items.flatMap((item, index) => {
    const name = textOf(item)?.toLowerCase()
    const first = items.find((other) => textOf(other)?.toLowerCase() === name)
    if (name === undefined || first === undefined || items.indexOf(first) === index) return []
    return [
      {
        code: 'declared-twice' as const,
        at: item.at,
        also: [first.at],
        words: () => ({
          what: `the allow of ${spoken(of)} names ${quoted(name)} twice`,
          label: 'the second time',
          fix: 'keep one of the two',
        }),
      },
    ]
  })
