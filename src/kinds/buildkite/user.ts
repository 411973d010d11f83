import * as api from '../../../graphql/api.js'
import { addressOf, keyOf, type Address } from '../../model/address.js'
import { granted, switched } from '../../model/grant.js'
import type { Thing } from '../kind.js'

/** A person in the organization. bridle names people and never makes them: it sends no invitation. */
export interface User {
  readonly email: string
  /** Undefined where Buildkite names a role that bridle does not know. */
  readonly role: 'admin' | 'member' | undefined
}

/** Emails are compared without regard to case, as Buildkite does. */
export const userAddress = (email: string): Address => addressOf('user', email.toLowerCase())

const organization = addressOf('organization')

/** The organization's members, by primary email. */
export const user: Thing<User> = {
  name: 'user',
  plural: 'users',
  source: 'GraphQL Organization.members',
  asks: { graphql: [api.Members] },
  async *read(buildkite) {
    for await (const { role, user } of buildkite.pages(api.Members, {})) {
      const email = user.email.toLowerCase()
      yield {
        key: keyOf(email),
        id: user.id,
        uuid: user.uuid,
        spec: { email, role: ({ ADMIN: 'admin', MEMBER: 'member' } as const)[role] },
      }
    }
  },
  grants: ({ email, role }) => [
    granted('belongs', userAddress(email), organization, 'role'),
    ...switched(
      role === undefined ? undefined : role === 'admin',
      'administers',
      userAddress(email),
      organization,
      'role',
    ),
  ],
}
