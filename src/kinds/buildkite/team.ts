import * as z from 'zod'
import * as api from '../../../graphql/api.js'
import { addressOf } from '../../model/address.js'
import { switched } from '../../model/grant.js'
import { organizationId } from '../../model/ref.js'
import { access, loss, safe } from '../../model/risk.js'
import { call } from '../call.js'
import { defineKind } from '../kind.js'
import { derivedSlug } from './slug.js'

const may = (what: string) =>
  z
    .boolean()
    .optional()
    .meta({ description: `Whether members may ${what}. Maintainers may in any case.` })

const written = z
  .strictObject({
    name: z.string().min(1).optional().meta({
      description: 'The name that people see. Buildkite makes the slug from it, so the two must agree.',
    }),
    description: z.string().nullable().optional(),
    privacy: z
      .enum(['visible', 'secret'])
      .optional()
      .meta({ description: 'Who knows that it exists: everybody, or its members and the admins.' }),
    is_default_team: z
      .boolean()
      .optional()
      .meta({ description: 'Whether everybody who joins the organization joins this team.' }),
    default_member_role: z
      .enum(['member', 'maintainer'])
      .optional()
      .meta({ description: 'What people become who join without being given a role.' }),
    members_can_create_pipelines: may('create pipelines'),
    members_can_create_suites: may('create test suites'),
    members_can_create_registries: may('create package registries'),
    members_can_destroy_registries: may('delete package registries'),
    members_can_destroy_packages: may('delete packages'),
    members_can_delete_pipelines: may('delete pipelines; Buildkite has stopped heeding it'),
  })
  .meta({ title: 'Team' })

export type Team = z.infer<typeof written> & { readonly slug: string }

/** Least access: nobody joins by themselves, and members may make and destroy nothing. Being seen gives nothing. */
const least = {
  privacy: 'visible',
  is_default_team: false,
  default_member_role: 'member',
  members_can_create_pipelines: false,
  members_can_create_suites: false,
  members_can_create_registries: false,
  members_can_destroy_registries: false,
  members_can_destroy_packages: false,
  members_can_delete_pipelines: false,
} as const satisfies Partial<Team>

const privacy = { visible: 'VISIBLE', secret: 'SECRET' } as const
const role = { member: 'MEMBER', maintainer: 'MAINTAINER' } as const

/**
 * The whole record, as `teamCreate` and `teamUpdate` want it: three fields are mandatory on every update, and
 * `membersCanDeletePipelines` falls back to true where it is left out.
 *
 * @source API reference §4.7; access model §4.6
 */
const record = (team: Team) => ({
  name: team.name ?? team.slug,
  description: team.description,
  privacy: team.privacy && privacy[team.privacy],
  isDefaultTeam: team.is_default_team ?? least.is_default_team,
  defaultMemberRole: role[team.default_member_role ?? least.default_member_role],
  membersCanCreatePipelines: team.members_can_create_pipelines,
  membersCanCreateSuites: team.members_can_create_suites,
  membersCanCreateRegistries: team.members_can_create_registries,
  membersCanDestroyRegistries: team.members_can_destroy_registries,
  membersCanDestroyPackages: team.members_can_destroy_packages,
  membersCanDeletePipelines: team.members_can_delete_pipelines,
})

/** Whoever joins the organization next, by invitation or through the identity provider. */
const newcomer = addressOf('newcomer', 'anybody')

/** What members of a team may be let create, and what says so. */
const creating = [
  { field: 'members_can_create_pipelines', power: 'creates-pipelines', what: 'pipelines' },
  { field: 'members_can_create_suites', power: 'creates-suites', what: 'test suites' },
  { field: 'members_can_create_registries', power: 'creates-registries', what: 'package registries' },
] as const

/** People who get access together. */
export const team = defineKind<Team, z.infer<typeof written>>({
  name: 'team',
  plural: 'teams',
  provider: 'buildkite',
  place: ['teams', '*'],
  written,
  spec: ([slug = ''], written) => ({ ...written, slug }),
  identity: ['slug'],
  key: ({ slug }) => slug,
  renames: true,
  atCreation: () => least,
  dependencies: () => [],
  check: ({ slug, name }) =>
    derivedSlug(name ?? slug) === slug
      ? []
      : [
          {
            field: name === undefined ? 'slug' : 'name',
            what: `team "${slug}" would get the slug "${derivedSlug(name ?? slug)}"`,
            why: 'Buildkite makes a team’s slug from its name and offers no way to set it, so the next plan would not find the team',
            fix:
              name === undefined
                ? `call it "${derivedSlug(slug)}"`
                : `call it "${derivedSlug(name)}", with was: ${slug} if it is there already, or give it a name that makes "${slug}"`,
          },
        ],

  source: 'GraphQL Organization.teams',
  grants: ({ slug, is_default_team, default_member_role, ...may }) => {
    const maintains = default_member_role === undefined ? undefined : default_member_role === 'maintainer'
    return [
      ...creating.flatMap(({ field, power }) =>
        switched(may[field], power, teamAddress(slug), addressOf('organization'), field),
      ),
      // Whoever joins the organization is the newcomer below.
      ...switched(
        is_default_team === true ? false : maintains,
        'makes-maintainers',
        teamAddress(slug),
        teamAddress(slug),
        'default_member_role',
      ),
      ...switched(is_default_team, 'in-team', newcomer, teamAddress(slug), 'is_default_team'),
      ...switched(
        is_default_team === false ? false : maintains === true ? is_default_team : maintains,
        'maintains-team',
        newcomer,
        teamAddress(slug),
        'default_member_role',
      ),
    ]
  },
  asks: { graphql: [api.Teams] },
  // An update must say these two, so what they are has to be known.
  cannot: (differ, { spec }) =>
    (['is_default_team', 'default_member_role'] as const)
      .filter(
        (field) => Object.keys(differ).length > 0 && differ[field] === undefined && spec[field] === undefined,
      )
      .map((field) => ({
        code: 'unreadable-field' as const,
        field,
        what: `\`${field}\` of team "${spec.slug}" could not be read, and every change of a team has to say it`,
        why: 'whatever were sent instead might be what somebody changed on purpose',
        fix: `write \`${field}\``,
      })),

  async *read(buildkite) {
    for await (const team of buildkite.pages(api.Teams, {})) {
      yield {
        key: team.slug,
        id: team.id,
        uuid: team.uuid,
        slug: team.slug,
        spec: {
          slug: team.slug,
          name: team.name,
          description: team.description,
          privacy: ({ VISIBLE: 'visible', SECRET: 'secret' } as const)[team.privacy],
          is_default_team: team.isDefaultTeam,
          default_member_role: ({ MEMBER: 'member', MAINTAINER: 'maintainer' } as const)[
            team.defaultMemberRole
          ],
          members_can_create_pipelines: team.membersCanCreatePipelines,
          members_can_create_suites: team.membersCanCreateSuites,
          members_can_create_registries: team.membersCanCreateRegistries,
          members_can_destroy_registries: team.membersCanDestroyRegistries,
          members_can_destroy_packages: team.membersCanDestroyPackages,
          members_can_delete_pipelines: team.membersCanDeletePipelines,
        },
      }
    }
  },

  async origin(buildkite, { spec }) {
    const { team } = await buildkite.ask(api.TeamOrigin, { team: `${buildkite.organization}/${spec.slug}` })
    return { by: team?.createdBy?.email, at: team?.createdAt }
  },

  operations: {
    create: (want) => [
      call(api.TeamCreate, {
        organizationID: organizationId,
        ...record(want),
        privacy: privacy[want.privacy ?? least.privacy],
      }),
    ],
    update: (want, { id, spec }) => {
      const renamed =
        want.slug !== undefined && want.slug !== spec.slug ? { name: want.name ?? want.slug } : {}
      return [call(api.TeamUpdate, { id, ...record({ ...spec, ...want, ...renamed }) })]
    },
    remove: ({ id }) => [call(api.TeamDelete, { id })],
  },

  risk: (change) => {
    if (change.verb === 'remove')
      return loss(`its members lose what only "${change.have.spec.slug}" gave them`)
    const { want } = change
    if (want.is_default_team === true) return access('everybody who joins the organization joins it')
    const created = creating.find(({ field }) => want[field] === true)
    if (created !== undefined) return access(`its members may create ${created.what}`)
    if (want.default_member_role === 'maintainer')
      return access('whoever is put into it from now on maintains it')
    if (change.verb === 'update' && want.slug !== undefined && want.slug !== change.have.spec.slug)
      return access('whatever names the old slug, such as a block step’s allowed teams, no longer means it')
    return safe
  },
})

/** The address of a team, from the slug that people write. */
export const teamAddress = (slug: string) => addressOf('team', slug)
