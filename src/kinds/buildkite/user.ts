import * as api from '../../../graphql/api.js'
import { addressOf, keyOf, type Address } from '../../model/address.js'
import type { Thing } from '../kind.js'

/** A person in the organization. bridle names people and never makes them: it sends no invitation. */
export interface User {
  readonly email: string
  readonly role: 'admin' | 'member'
}

/** Emails are compared without regard to case, as Buildkite does. */
export const userAddress = (email: string): Address => addressOf('user', email.toLowerCase())

/** The organization's members, by primary email. */
export const user: Thing<User> = {
  name: 'user',
  plural: 'users',
  asks: { graphql: [api.Members] },
  async *read(buildkite) {
    for await (const { role, user } of buildkite.pages(api.Members, {})) {
      const email = user.email.toLowerCase()
      yield {
        key: keyOf(email),
        id: user.id,
        uuid: user.uuid,
        spec: { email, role: role === 'ADMIN' ? 'admin' : 'member' },
      }
    }
  },
}
