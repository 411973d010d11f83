import { addressOf } from '../../model/address.js'
import type { Allow } from '../../model/declared-access.js'
import type { Span } from '../../model/span.js'
import type { Wanted } from '../../model/wanted.js'

/** Emails of a team's declared members, in lower case. */
const membersOf = ({ wants }: Wanted, team: string): readonly string[] =>
  wants
    .filter(({ kind, spec }) => kind === 'member' && spec['team'] === team)
    .map(({ spec }) => String(spec['user']).toLowerCase())

/** The slugs of all declared teams. */
export const teamsIn = ({ wants }: Wanted): readonly string[] =>
  wants.filter(({ kind }) => kind === 'team').map(({ key }) => key)

/** The declared teams that somebody is in. */
export const teamsOf = (wanted: Wanted, email: string | undefined): readonly string[] =>
  email === undefined ? [] : teamsIn(wanted).filter((team) => membersOf(wanted, team).includes(email))

/** Whether anybody is named who has this address. */
export const isKnown = (wanted: Wanted, email: string): boolean =>
  teamsOf(wanted, email).length > 0 ||
  isTrusted(wanted, email) ||
  wanted.access.allow.some(({ users }) => users.some(({ value }) => value === email))

const isTrusted = ({ access: { trust } }: Wanted, email: string): boolean =>
  [...trust.admins, ...(trust.automation === undefined ? [] : [trust.automation])].some(
    ({ value }) => value === email,
  )

/** The `allow` that stands in somebody's way at a queue: its cluster's, or its own; none where they may. */
export const keptFrom = (wanted: Wanted, queue: string, email: string | undefined): Allow | undefined => {
  const cluster = queue.slice(0, queue.indexOf('/'))
  const on = [addressOf('cluster', cluster), `queue:${queue}`]
  return wanted.access.allow
    .filter((allow) => on.includes(allow.on))
    .find((allow) => email === undefined || !names(wanted, allow, email))
}

const names = (wanted: Wanted, { teams, users }: Allow, email: string): boolean =>
  isTrusted(wanted, email) ||
  users.some(({ value }) => value === email) ||
  teams.some(({ value }) => membersOf(wanted, value).includes(email))

/** Whether only some may get code there. */
export const isPrivileged = ({ access: { allow } }: Wanted, cluster: string): boolean =>
  allow.some(({ on }) => on === addressOf('cluster', cluster))

/** `team release`, `teams platform and release`, `eve@acme.test`. */
export const whomFor = ({ teams, users }: Allow): string =>
  listed([
    ...(teams.length === 0
      ? []
      : [`${teams.length === 1 ? 'team' : 'teams'} ${listed(teams.map(({ value }) => value))}`]),
    ...users.map(({ value }) => value),
  ]) || 'nobody'

/** Who could let somebody in, and the lines where they would. */
export const whoLetsIn = (
  wanted: Wanted,
  { teams, users, at }: Allow,
): { readonly ask: readonly string[]; readonly where: readonly Span[] } => {
  const inTeams = teams.flatMap(({ value }) => membersOf(wanted, value))
  const ask = [...new Set([...inTeams, ...users.map(({ value }) => value)])]
  const [team] = teams
  const declared = wanted.wants.find(({ kind, key }) => kind === 'team' && key === team?.value)
  return {
    ask: (ask.length > 0 ? ask : wanted.access.trust.admins.map(({ value }) => value)).slice(0, 3),
    where: [at, ...(declared === undefined ? [] : [declared.at])],
  }
}

/** `a`, `a or b`. */
export const either = (some: readonly string[]): string =>
  some.length < 2 ? some.join('') : `${some.slice(0, -1).join(', ')} or ${some.at(-1) ?? ''}`

/** `a`, `a and b`. */
const listed = (some: readonly string[]): string =>
  some.length < 2 ? some.join('') : `${some.slice(0, -1).join(', ')} and ${some.at(-1) ?? ''}`
