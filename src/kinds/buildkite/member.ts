import * as z from 'zod'
import * as api from '../../../graphql/api.js'
import { keyOf } from '../../model/address.js'
import { idOf } from '../../model/ref.js'
import { granted, switched } from '../../model/grant.js'
import { access } from '../../model/risk.js'
import { call } from '../call.js'
import { incomplete } from '../incomplete.js'
import { defineKind } from '../kind.js'
import { teamAddress } from './team.js'
import { userAddress } from './user.js'

const written = z
  .enum(['member', 'maintainer'])
  .meta({ title: 'Role', description: 'A maintainer of a team decides who else is in it.' })

export interface Member {
  readonly team: string
  readonly user: string
  readonly role?: z.infer<typeof written> | undefined
}

const upper = { member: 'MEMBER', maintainer: 'MAINTAINER' } as const
const lower = { MEMBER: 'member', MAINTAINER: 'maintainer' } as const

/** A person in a team. */
export const member = defineKind<Member, z.infer<typeof written>>({
  name: 'member',
  plural: 'members',
  provider: 'buildkite',
  place: ['teams', '*', 'members', '*'],
  written,
  spec: ([team = '', email = ''], role) => ({ team, user: email.toLowerCase(), role }),
  worded: ({ team, user, role }) => ({ names: [team, user], written: role }),
  identity: ['team', 'user'],
  caseless: true,
  key: ({ team, user }) => keyOf(team, user),
  atCreation: () => ({ role: 'member' }),
  dependencies: ({ team, user }) => [
    { address: teamAddress(team), field: 'team' },
    { address: userAddress(user), field: 'user' },
  ],

  source: 'GraphQL Organization.teams.members',
  grants: ({ team, user, role }) => [
    granted('in-team', userAddress(user), teamAddress(team), 'role'),
    ...switched(
      role === undefined ? undefined : role === 'maintainer',
      'maintains-team',
      userAddress(user),
      teamAddress(team),
      'role',
    ),
  ],
  asks: { graphql: [api.Teams] },
  async *read(buildkite) {
    for await (const team of buildkite.pages(api.Teams, {})) {
      const members = buildkite.more(team.members, api.TeamMembers, {
        team: `${buildkite.organization}/${team.slug}`,
      })
      for await (const { id, uuid, role, user } of members) {
        if (user === null) throw incomplete('Teams', `a member of team "${team.slug}" has no user`)
        const spec: Member = {
          team: team.slug,
          user: user.email.toLowerCase(),
          role: lower[role],
        }
        yield { key: keyOf(spec.team, spec.user), id, uuid, spec }
      }
    }
  },

  operations: {
    create: ({ team, user, role = 'member' }) => [
      call(api.MemberCreate, {
        teamID: idOf(teamAddress(team)),
        userID: idOf(userAddress(user)),
        role: upper[role],
      }),
    ],
    update: ({ role = 'member' }, { id }) => [call(api.MemberUpdate, { id, role: upper[role] })],
    remove: ({ id }) => [call(api.MemberDelete, { id })],
  },

  risk: (change) =>
    change.verb === 'remove'
      ? access(`${change.have.spec.user} loses what "${change.have.spec.team}" gives`)
      : change.want.role === 'maintainer'
        ? access('may put anybody into the team')
        : access('gets what the team has'),
})
