import type { Address } from './address.js'

/** What the API can call a thing by. */
export type IdField = 'id' | 'uuid' | 'slug' | 'secret'

/** "Whatever the API calls that thing": stands in a call until apply knows it, so that a plan needs no ids. */
export interface Ref {
  readonly $ref: Address
  readonly field: IdField
}

/** The GraphQL id of a thing that is there, or that an earlier call makes. */
export const idOf = (address: Address): Ref => ({ $ref: address, field: 'id' })
/** The UUID of a thing, by which REST calls it. */
export const uuidOf = (address: Address): Ref => ({ $ref: address, field: 'uuid' })
/** The slug of a thing, read when the call is made: a rename earlier in the same plan has already changed it. */
export const slugOf = (address: Address): Ref => ({ $ref: address, field: 'slug' })

/** The organization itself, in whose name most calls are made. */
export const organizationId: Ref = idOf('organization:')

/** Whether a value in a call is one that apply still has to fill in. */
export const isRef = (value: unknown): value is Ref =>
  typeof value === 'object' && value !== null && '$ref' in value
