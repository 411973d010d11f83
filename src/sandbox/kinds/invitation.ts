import * as z from 'zod'
import type { Context } from '../context.js'
import { idOf, uuidIn } from '../ids.js'
import { fields, type SandboxKind } from '../kind.js'
import { edgeOf, inOrder, newestFirst, pageOf } from '../order.js'
import { restCursorPage, type PageArguments } from '../pages.js'
import { Refused } from '../refused.js'
import { isAdmin, permission } from '../rights.js'
import { created, gone, inOrganization, ok, read, type OrganizationRequest } from '../route.js'
import type { Invitation, Member, Organization, TeamMember } from '../rows.js'
import { ofCreator, ofOrganization, organizationById, organizationOf, teamSeen, userOf } from '../seen.js'
import { first, get, where } from '../table.js'
import { allow, change, make, there } from '../write.js'
import { addTeamMember } from './team-member.js'
import { personOf } from './user.js'

/** @source Buildkite docs, "Platform limits" */
const PENDING_AT_MOST = 20

const invitationsOf = (context: Context, organization: string) =>
  where(context.state.tables.invitations, 'organization', organization)

const isPending = ({ state }: Invitation) => state === 'PENDING'

const invitationSeen = (context: Context, uuid: string | undefined) => {
  const row = get(context.state.tables.invitations, uuid)
  return row && isAdmin(context, row.organization) ? row : undefined
}

const invitationById = (context: Context, id: string) =>
  there(invitationSeen(context, uuidIn('OrganizationInvitation', id)), 'Organization Invitation')

interface Wanted {
  readonly role?: Member['role'] | null | undefined
  readonly ssoMode?: Member['ssoMode'] | null | undefined
  readonly teams: readonly { readonly team: string; readonly role: TeamMember['role'] }[]
}

const check = (context: Context, organization: string, email: string) => {
  if (!/^[^@\s]+@[^@\s]+$/.test(email)) throw new Refused('Validation failed: Email is invalid')
  const user = first(context.state.tables.users, 'email', email)
  const already =
    user &&
    where(context.state.tables.members, 'user', user.uuid).some((row) => row.organization === organization)
  if (already) throw new Refused('Validation failed: Email is already a member of this organization')
  if (invitationsOf(context, organization).some((row) => isPending(row) && row.email === email))
    throw new Refused('Validation failed: Email has already been invited')
}

/** All of them or none: one bad address refuses the others too. */
const invite = (
  context: Context,
  organization: Organization,
  emails: readonly string[],
  { role, ssoMode, teams }: Wanted,
): Invitation[] => {
  const { uuid } = organization
  allow(isAdmin(context, uuid))
  for (const email of emails) check(context, uuid, email)
  for (const { team } of teams) there(teamSeen(context, team), 'Team')
  const pending = invitationsOf(context, uuid).filter(isPending).length
  if (pending + emails.length > PENDING_AT_MOST)
    throw new Refused(
      `Validation failed: Organization can have at most ${PENDING_AT_MOST} pending invitations`,
    )
  return emails.map((email) =>
    make(context, 'invitations', {
      organization: uuid,
      email,
      role: role ?? 'MEMBER',
      ssoMode: ssoMode ?? null,
      state: 'PENDING',
      teams,
      acceptedAt: null,
      acceptedBy: null,
      expiredAt: null,
      revokedAt: null,
      revokedBy: null,
    }),
  )
}

const revoke = (context: Context, invitation: Invitation): Invitation => {
  if (!isPending(invitation)) throw new Refused('Validation failed: Only pending invitations can be revoked')
  return change(
    context,
    'invitations',
    invitation,
    { state: 'REVOKED', revokedAt: context.now, revokedBy: context.viewer.user.uuid },
    { event: 'ORGANIZATION_INVITATION_REVOKED' },
  )
}

const resend = (context: Context, invitation: Invitation): Invitation => {
  if (!isPending(invitation)) throw new Refused('Validation failed: Only pending invitations can be resent')
  return change(context, 'invitations', invitation, {}, { event: 'ORGANIZATION_INVITATION_RESENT' })
}

/** Makes a person of an address: a member, in the teams they were invited to and in those that take in everybody. */
export const accept = (context: Context, invitation: Invitation, name?: string): Member => {
  const { organization, email, role } = invitation
  const user =
    first(context.state.tables.users, 'email', email) ??
    make(context, 'users', {
      name: name ?? email.split('@')[0] ?? email,
      email,
      bot: false,
      machineUser: false,
      hasPassword: true,
    })
  const member = make(context, 'members', {
    organization,
    user: user.uuid,
    role,
    ssoMode: invitation.ssoMode ?? 'OPTIONAL',
    twoFactorEnabled: false,
    complimentary: false,
    lastSeenAt: null,
  })
  const invited = new Map(invitation.teams.map((assignment) => [assignment.team, assignment.role]))
  for (const team of where(context.state.tables.teams, 'organization', organization))
    if (team.isDefaultTeam || invited.has(team.uuid))
      addTeamMember(context, team, user.uuid, invited.get(team.uuid))
  change(
    context,
    'invitations',
    invitation,
    { state: 'ACCEPTED', acceptedAt: context.now, acceptedBy: user.uuid },
    { event: 'ORGANIZATION_INVITATION_ACCEPTED' },
  )
  return member
}

interface InvitationsArguments extends PageArguments {
  readonly order?: string
  readonly state?: readonly Invitation['state'][] | null
}

const body = (context: Context, row: Invitation, base: string) => ({
  id: row.uuid,
  graphql_id: idOf('OrganizationInvitation', row.uuid),
  url: `${base}/invitations/${row.uuid}`,
  email: row.email,
  state: row.state.toLowerCase(),
  role: row.role.toLowerCase(),
  sso_mode: row.ssoMode?.toLowerCase() ?? null,
  teams: row.teams.map(({ team, role }) => ({ id: team, role: role.toLowerCase() })),
  created_at: row.createdAt,
  created_by: personOf(context, row.createdBy),
  accepted_at: row.acceptedAt,
  accepted_by: personOf(context, row.acceptedBy),
  revoked_at: row.revokedAt,
  revoked_by: personOf(context, row.revokedBy),
  expired_at: row.expiredAt,
})

const given = z.object({
  emails: z.array(z.string()).min(1),
  role: z.enum(['admin', 'member']).optional(),
  sso_mode: z.enum(['optional', 'required']).optional(),
  teams: z.array(z.object({ id: z.string(), role: z.enum(['member', 'maintainer']) })).default([]),
})

const invitationAt = ({ context, organization, params }: OrganizationRequest): Invitation => {
  allow(isAdmin(context, organization.uuid))
  return there(invitationSeen(context, params['invitation']), 'invitation')
}

/** Grants that somebody has not yet come for. */
export const invitation: SandboxKind = {
  types: {
    Query: fields({
      organizationInvitation: (_root, { slug }: { readonly slug: string }, context) => {
        const [organization, uuid] = slug.split('/')
        const seen = invitationSeen(context, uuid)
        return seen && organizationOf(context, seen).slug === organization ? seen : null
      },
    }),
    Organization: fields<Organization>({
      invitations: ({ uuid }, args: InvitationsArguments, context) => {
        if (!isAdmin(context, uuid)) return null
        const rows = invitationsOf(context, uuid).filter(
          (row) => !args.state || args.state.includes(row.state),
        )
        return pageOf(
          context,
          inOrder(rows, args.order, ({ email }) => email),
          args,
        )
      },
    }),
    OrganizationInvitation: fields<Invitation>({
      organization: ofOrganization,
      slug: (row, _args, context) => `${organizationOf(context, row).slug}/${row.uuid}`,
      createdBy: ofCreator,
      acceptedBy: ({ acceptedBy }, _args, context) => userOf(context, acceptedBy),
      revokedBy: ({ revokedBy }, _args, context) => userOf(context, revokedBy),
      sso: ({ ssoMode }) => ({ mode: ssoMode }),
      teams: ({ teams }, args: PageArguments, context) =>
        pageOf(
          context,
          teams.map(({ team, role }) => ({ uuid: team, role, team: get(context.state.tables.teams, team) })),
          args,
        ),
      permissions: (row, _args, context) => {
        const may = permission(isAdmin(context, row.organization) && isPending(row))
        return { organizationInvitationResend: may, organizationInvitationRevoke: may }
      },
    }),
  },
  nodes: { OrganizationInvitation: invitationSeen },
  mutations: {
    organizationInvitationCreate: (
      input: {
        readonly organizationID: string
        readonly emails: readonly string[]
        readonly role?: Member['role'] | null
        readonly sso?: { readonly mode: Member['ssoMode'] } | null
        readonly teams?: readonly { readonly id: string; readonly role: TeamMember['role'] }[] | null
      },
      context,
    ) => {
      const organization = organizationById(context, input.organizationID)
      const rows = invite(context, organization, input.emails, {
        role: input.role,
        ssoMode: input.sso?.mode,
        teams: (input.teams ?? []).map(({ id, role }) => ({ team: uuidIn('Team', id) ?? '', role })),
      })
      return { invitationEdges: rows.map(edgeOf), organization }
    },
    organizationInvitationRevoke: ({ id }: { readonly id: string }, context) => {
      const row = revoke(context, invitationById(context, id))
      return {
        organization: organizationOf(context, row),
        organizationInvitation: row,
        organizationInvitationEdge: edgeOf(row),
      }
    },
    organizationInvitationResend: ({ id }: { readonly id: string }, context) => ({
      organizationInvitation: resend(context, invitationById(context, id)),
    }),
  },
  routes: [
    inOrganization('GET', '/invitations', 'read_organization_invitations', (request) => {
      const { context, organization, url, base } = request
      allow(isAdmin(context, organization.uuid))
      const rows = newestFirst(invitationsOf(context, organization.uuid).filter(isPending))
      return restCursorPage(rows, url, (row) => body(context, row, base))
    }),
    inOrganization('POST', '/invitations', 'write_organization_invitations', (request) => {
      const { context, organization, base } = request
      const wanted = read(given, request.body)
      const rows = invite(context, organization, wanted.emails, {
        role: wanted.role === 'admin' ? 'ADMIN' : 'MEMBER',
        ssoMode: wanted.sso_mode && (wanted.sso_mode === 'required' ? 'REQUIRED' : 'OPTIONAL'),
        teams: wanted.teams.map(({ id, role }) => ({
          team: id,
          role: role === 'maintainer' ? 'MAINTAINER' : 'MEMBER',
        })),
      })
      return created(rows.map((row) => body(context, row, base)))
    }),
    inOrganization('GET', '/invitations/:invitation', 'read_organization_invitations', (request) =>
      ok(body(request.context, invitationAt(request), request.base)),
    ),
    inOrganization('DELETE', '/invitations/:invitation', 'write_organization_invitations', (request) => {
      revoke(request.context, invitationAt(request))
      return gone
    }),
  ],
}
