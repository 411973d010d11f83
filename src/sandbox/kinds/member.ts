import * as z from 'zod'
import { organizationSeen, type Context } from '../context.js'
import { uuidIn } from '../ids.js'
import { fields, type SandboxKind } from '../kind.js'
import { finds, inOrder, pageOf } from '../order.js'
import { restPage, type PageArguments } from '../pages.js'
import { Refused } from '../refused.js'
import { isAdmin, permission } from '../rights.js'
import { gone, inOrganization, ok, read, updates, type OrganizationRequest } from '../route.js'
import type { Member, Organization } from '../rows.js'
import { ofCreator, ofOrganization, organizationOf, teamBySlug, userOf } from '../seen.js'
import { get, where } from '../table.js'
import { endBuildsOf } from '../world/leaving.js'
import { allow, change, remove, there } from '../write.js'

const membersOf = (context: Context, organization: string) =>
  where(context.state.tables.members, 'organization', organization)

const memberSeen = (context: Context, uuid: string | undefined) => {
  const member = get(context.state.tables.members, uuid)
  return member && organizationSeen(context, (seen) => seen.uuid === member.organization) ? member : undefined
}

const memberById = (context: Context, id: string) =>
  there(memberSeen(context, uuidIn('OrganizationMember', id)), 'Organization Member')

/** Admins change everybody's membership but their own, and the last of them stays one. */
const checkChange = (context: Context, member: Member, staysAdmin: boolean) => {
  allow(isAdmin(context, member.organization))
  const admins = membersOf(context, member.organization).filter(({ role }) => role === 'ADMIN')
  if (member.role === 'ADMIN' && !staysAdmin && admins.length === 1)
    throw new Refused('Validation failed: The last administrator cannot be removed')
  if (member.user === context.viewer.user.uuid)
    throw new Refused('You cannot change your own membership', { status: 403 })
}

const updateMember = (
  context: Context,
  member: Member,
  { role, ssoMode }: Partial<Pick<Member, 'role' | 'ssoMode'>>,
) => {
  checkChange(context, member, role !== 'MEMBER')
  return change(context, 'members', member, { role, ssoMode })
}

const deleteMember = (context: Context, member: Member): void => {
  checkChange(context, member, false)
  const { teamMembers, maintainers, favorites } = context.state.tables
  const theirs = <R extends { readonly organization: string }>(rows: readonly R[]) =>
    rows.filter(({ organization }) => organization === member.organization)
  for (const row of theirs(where(teamMembers, 'user', member.user))) remove(context, 'teamMembers', row)
  for (const row of theirs(where(maintainers, 'actor', member.user))) remove(context, 'maintainers', row)
  for (const row of theirs(where(favorites, 'user', member.user))) remove(context, 'favorites', row)
  remove(context, 'members', member)
  endBuildsOf(context, member.user)
}

interface MembersArguments extends PageArguments {
  readonly order?: string
  readonly email?: string | null
  readonly search?: string | null
  readonly role?: readonly Member['role'][] | null
  readonly team?: string | null
  readonly security?: { readonly passwordProtected?: boolean; readonly twoFactorEnabled?: boolean } | null
  readonly sso?: { readonly mode: Member['ssoMode'] } | null
  readonly inactiveSince?: string | null
}

const matches = (
  context: Context,
  member: Member,
  { email, search, role, team, security, sso, inactiveSince }: MembersArguments,
) => {
  const user = userOf(context, member.user)
  const named = teamBySlug(context, member.organization, team?.replace(/^!/, '') ?? '')
  const own = named ? where(context.state.tables.teamMembers, 'team', named.uuid) : []
  const excluded = team?.startsWith('!')
  return (
    (!email || user?.email === email) &&
    finds(search, user?.name ?? null, user?.email ?? null) &&
    (!role || role.includes(member.role)) &&
    (excluded === undefined || own.some((row) => row.user === member.user) !== excluded) &&
    (security?.passwordProtected === undefined || security.passwordProtected === user?.hasPassword) &&
    (security?.twoFactorEnabled === undefined || security.twoFactorEnabled === member.twoFactorEnabled) &&
    (!sso || sso.mode === member.ssoMode) &&
    (!inactiveSince || (member.lastSeenAt ?? '') < inactiveSince)
  )
}

/** How members are seated: admins, and members about themselves, see how somebody signs in. */
const body = (context: Context, member: Member) => {
  const user = userOf(context, member.user)
  const sees = isAdmin(context, member.organization) || member.user === context.viewer.user.uuid
  return {
    id: member.user,
    name: user?.name ?? null,
    email: user?.email ?? null,
    role: member.role.toLowerCase(),
    ...(sees ? { sso_mode: member.ssoMode.toLowerCase() } : {}),
  }
}

const memberAt = ({ context, organization, params }: OrganizationRequest): Member =>
  there(
    membersOf(context, organization.uuid).find(({ user }) => user === params['user']),
    'member',
  )

const given = z.object({
  role: z.enum(['admin', 'member']).optional(),
  sso_mode: z.enum(['optional', 'required']).optional(),
})

/** Who is in the organization. */
export const member: SandboxKind = {
  types: {
    Query: fields({
      organizationMember: (_root, { slug }: { readonly slug: string }, context) => {
        const [organization, uuid] = slug.split('/')
        const seen = memberSeen(context, uuid)
        return seen && organizationOf(context, seen).slug === organization ? seen : null
      },
    }),
    Organization: fields<Organization>({
      members: ({ uuid }, args: MembersArguments, context) => {
        const rows = membersOf(context, uuid).filter((row) => matches(context, row, args))
        return pageOf(
          context,
          inOrder(rows, args.order, ({ user }) => userOf(context, user)?.name ?? ''),
          args,
        )
      },
    }),
    OrganizationMember: fields<Member>({
      organization: ofOrganization,
      user: ({ user }, _args, context) => userOf(context, user),
      createdBy: ofCreator,
      sso: ({ ssoMode }) => ({ mode: ssoMode }),
      security: ({ user, twoFactorEnabled }, _args, context) => ({
        passwordProtected: userOf(context, user)?.hasPassword ?? false,
        twoFactorEnabled,
      }),
      permissions: (row, _args, context) => {
        const changes = permission(
          isAdmin(context, row.organization) && row.user !== context.viewer.user.uuid,
        )
        return { organizationMemberDelete: changes, organizationMemberUpdate: changes }
      },
    }),
  },
  nodes: { OrganizationMember: memberSeen },
  mutations: {
    organizationMemberUpdate: (
      input: {
        readonly id: string
        readonly role?: Member['role'] | null
        readonly sso?: { readonly mode: Member['ssoMode'] } | null
      },
      context,
    ) => ({
      organizationMember: updateMember(context, memberById(context, input.id), {
        ...(input.role ? { role: input.role } : {}),
        ...(input.sso ? { ssoMode: input.sso.mode } : {}),
      }),
    }),
    organizationMemberDelete: ({ id }: { readonly id: string }, context) => {
      const row = memberById(context, id)
      deleteMember(context, row)
      return {
        deletedOrganizationMemberID: id,
        organization: organizationOf(context, row),
        user: userOf(context, row.user),
      }
    },
  },
  routes: [
    inOrganization('GET', '/members', 'read_organizations', ({ context, organization, url }) =>
      restPage(
        inOrder(
          membersOf(context, organization.uuid),
          'NAME',
          ({ user }) => userOf(context, user)?.name ?? '',
        ),
        url,
        (row) => body(context, row),
      ),
    ),
    inOrganization('GET', '/members/:user', 'read_organizations', (request) =>
      ok(body(request.context, memberAt(request))),
    ),
    ...updates('/members/:user', 'write_organizations', (request) => {
      const { role, sso_mode: mode } = read(given, request.body)
      if (role === undefined && mode === undefined)
        throw new Refused('Validation failed: One of role and sso_mode is required')
      const changed = updateMember(request.context, memberAt(request), {
        ...(role ? { role: role === 'admin' ? 'ADMIN' : 'MEMBER' } : {}),
        ...(mode ? { ssoMode: mode === 'required' ? 'REQUIRED' : 'OPTIONAL' } : {}),
      })
      return ok(body(request.context, changed))
    }),
    inOrganization('DELETE', '/members/:user', 'write_organizations', (request) => {
      deleteMember(request.context, memberAt(request))
      return gone
    }),
  ],
}
