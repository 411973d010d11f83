import * as api from '../../../graphql/api.js'
import { addressOf, keyOf } from '../../model/address.js'
import { granted, switched } from '../../model/grant.js'
import type { Thing } from '../kind.js'
import { whole } from '../whole.js'
import { teamAddress } from './team.js'

/** Somebody who was invited and has not come yet: whatever they were promised is one click away. */
export interface Invitation {
  readonly email: string
  /** Undefined where Buildkite names a role that bridle does not know. */
  readonly role: 'admin' | 'member' | undefined
  readonly teams: readonly { readonly team: string; readonly role: 'member' | 'maintainer' | undefined }[]
}

/** The most teams of an invitation that the list is asked for: as many as an organization may have. */
const most = 250

const organization = addressOf('organization')

/** The invitations that are still good. */
export const invitation: Thing<Invitation> = {
  name: 'invitation',
  plural: 'invitations',
  source: 'GraphQL Organization.invitations',
  asks: { graphql: [api.Invitations] },
  async *read(buildkite) {
    for await (const { id, uuid, email, role, teams } of buildkite.pages(api.Invitations, {})) {
      const about = { call: 'Invitations', what: `teams of the invitation to ${email}` }
      const spec: Invitation = {
        email: email.toLowerCase(),
        role: ({ ADMIN: 'admin', MEMBER: 'member' } as const)[role],
        teams: whole(teams ?? { count: -1, edges: null }, most + 1, about).map(({ role, team }) => ({
          team: team.slug,
          role: ({ MEMBER: 'member', MAINTAINER: 'maintainer' } as const)[role],
        })),
      }
      yield { key: keyOf(spec.email), id, uuid, spec }
    }
  },
  grants: ({ email, role, teams }) => {
    const invitee = addressOf('invitee', email)
    return [
      granted('belongs', invitee, organization, 'role'),
      ...switched(isOne(role, 'admin'), 'administers', invitee, organization, 'role'),
      ...teams.flatMap(({ team, role }) => [
        granted('in-team', invitee, teamAddress(team), 'teams'),
        ...switched(isOne(role, 'maintainer'), 'maintains-team', invitee, teamAddress(team), 'teams'),
      ]),
    ]
  },
}

const isOne = (role: string | undefined, wanted: string) => (role === undefined ? undefined : role === wanted)
