import type { Known } from '../rows.js'
import { insert } from '../state.js'
import { get, where } from '../table.js'
import type { World } from './labels.js'

export type Bearer = Known['kind']

/** Which edition of a bearer secret is good now: webhook URLs are replaced, all others stay or are gone. */
const editionOf = ({ state }: Pick<World, 'state'>, kind: Bearer, subject: string): number =>
  kind === 'webhook' ? (get(state.tables.pipelines, subject)?.webhookRotations ?? -1) : 0

/** Somebody learns a secret, as it is now. What they do with it then takes no permission. */
export const learn = (world: World, principal: string, kind: Bearer, subject: string): boolean => {
  const { state, now } = world
  const organization = organizationOf(world, kind, subject)
  if (organization === undefined) return false
  if (!knows(world, principal, kind, subject))
    insert(
      state,
      'known',
      { createdAt: now, createdBy: null },
      { organization, principal, kind, subject, edition: editionOf(world, kind, subject) },
    )
  return true
}

const organizationOf = ({ state }: Pick<World, 'state'>, kind: Bearer, subject: string) => {
  const { pipelines, triggers, agentTokens, tokens, portals } = state.tables
  const table = {
    webhook: pipelines,
    trigger: triggers,
    agentToken: agentTokens,
    apiToken: tokens,
    portal: portals,
  }
  return get<{ uuid: string; serial: number; organization: string }>(table[kind] as never, subject)
    ?.organization
}

/** Whether somebody knows a secret that is still good. Nobody forgets; a new edition makes the old one worthless. */
export const knows = (
  world: Pick<World, 'state'>,
  principal: string,
  kind: Bearer,
  subject: string,
): boolean =>
  where(world.state.tables.known, 'principal', principal).some(
    (row) => row.kind === kind && row.subject === subject && row.edition === editionOf(world, kind, subject),
  )
