import type { Address } from '../model/address.js'
import { readOrigin } from '../plan/origin.js'
import type { Sources, Survey } from '../plan/survey.js'
import type { Identity } from './lock.js'
import { isFinding, unlessRefused } from './refused.js'

type Identities = ReadonlyMap<Address, Identity>

/** How many are asked about. More that change hands at once are one event, and the first tell who was at it. */
const mostAsked = 20

/** Asks Buildkite who made some of what was read, where reading it did not tell. */
export const askingOrigins =
  (reader: Sources, survey: Pick<Survey, 'live'>) =>
  async (some: Identities): Promise<Identities> => {
    const told = new Map(some)
    for (const [name, identity] of [...some].slice(0, mostAsked)) {
      if (identity.madeBy !== undefined) continue
      const { uuid, madeAt } = identity
      const origin = await unlessRefused(() => readOrigin(reader, survey, { name, uuid }))
      const { by, at } = origin === undefined || isFinding(origin) ? {} : origin
      told.set(name, { uuid, madeBy: by, madeAt: at ?? madeAt, asked: true })
    }
    return told
  }
