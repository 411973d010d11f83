import * as api from '../../../graphql/api.js'
import type { Reader } from '../../../graphql/operation.js'
import type { Asks } from '../kind.js'
import { Refusal } from '../../model/refusal.js'

/** The organization, and who is asking about it. */
export interface Organization {
  readonly id: string
  readonly uuid: string
  readonly slug: string
  /** With teams off everybody may do everything, and there are no teams or grants to manage. */
  readonly teamsEnabled: boolean
  readonly identity: {
    readonly uuid: string
    readonly email: string
    /** Only an administrator's lists are whole: secret teams and other teams' pipelines are hidden from the rest. */
    readonly admin: boolean
  }
}

/** What the two questions below cost, which every reading begins with. */
export const asksFirst = { graphql: [api.Organization, api.Census] } satisfies Asks

/** The fewest of each that the census has details of, if there are as many. */
const detailed = { clusters: 100, teams: 100, pipelines: 20 } as const

/** How many pipelines there are. The answer also counts the rest, for whoever listens to the conversation. */
export const readCensus = async (buildkite: Reader): Promise<number> => {
  const { organization } = await buildkite.ask(api.Census, {})
  if (organization === null) return 0 // as `readOrganization` will say
  for (const [name, most] of Object.entries(detailed) as [keyof typeof detailed, number][]) {
    const page = organization[name]
    const rows = page?.edges?.filter((edge) => edge?.node != null).length
    if (rows === undefined || rows < Math.min(page?.count ?? 0, most))
      throw new Refusal('incomplete', 'a count of what there is came back short', { call: 'Census' })
  }
  return organization.pipelines?.count ?? 0
}

/**
 * What only administrators may do, on every plan. Buildkite has no "am I an administrator?", and these answer it
 * together (inferred: nothing says which permissions are an administrator's alone).
 */
const adminsOnly = ['organizationUpdate', 'organizationMemberUpdate'] as const

export const readOrganization = async (buildkite: Reader): Promise<Organization> => {
  const { organization, viewer } = await buildkite.ask(api.Organization, {})
  if (organization === null)
    throw new Refusal(
      'not-found',
      `no organization "${buildkite.organization}", or none that this token may see`,
      {
        call: 'Organization',
      },
    )
  const user = viewer?.user
  if (user == null)
    throw new Refusal('incomplete', 'Buildkite did not say who this token belongs to', {
      call: 'Organization',
    })
  if (organization.isTeamsEnabled === null)
    throw new Refusal('incomplete', 'Buildkite did not say whether teams are on', { call: 'Organization' })
  return {
    id: organization.id,
    uuid: organization.uuid,
    slug: organization.slug,
    teamsEnabled: organization.isTeamsEnabled,
    identity: {
      uuid: user.uuid,
      email: user.email.toLowerCase(),
      admin: adminsOnly.every((permission) => organization.permissions[permission]?.allowed === true),
    },
  }
}
