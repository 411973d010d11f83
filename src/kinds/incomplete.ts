import { Refusal } from '../model/refusal.js'

/** A row without what it is about: a null may mean "not for you", so nothing is concluded from it. */
export const incomplete = (call: string, what: string): Refusal =>
  new Refusal('incomplete', `${what}, so the list can't be trusted to be whole`, { call })
