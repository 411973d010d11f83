import { organizationSeen, type Context } from '../context.js'
import { idOf } from '../ids.js'
import { fields, type SandboxKind } from '../kind.js'
import { pageOf } from '../order.js'
import type { PageArguments } from '../pages.js'
import { createsPipelines, isAdmin, permission } from '../rights.js'
import { inOrganization, ok, webOf } from '../route.js'
import type { Organization } from '../rows.js'
import { organizationById } from '../seen.js'
import { allow, change } from '../write.js'

const permissionsOf = (organization: Organization, _args: unknown, context: Context) => {
  const admin = permission(isAdmin(context, organization.uuid))
  const member = permission(true)
  const tokens = permission(admin.allowed || organization.memberPermissions.manageAgentTokens)
  return {
    agentTokenCreate: tokens,
    agentTokenView: tokens,
    agentView: member,
    auditEventsView: permission(admin.allowed && organization.features.auditLog),
    notificationServiceUpdate: admin,
    organizationBillingUpdate: admin,
    organizationInvitationCreate: admin,
    organizationMemberUpdate: admin,
    organizationMemberView: member,
    organizationMemberViewSensitive: admin,
    organizationUpdate: admin,
    pipelineCreate: permission(createsPipelines(context, organization)),
    pipelineCreateWithoutTeams: permission(
      admin.allowed || (!organization.isTeamsEnabled && createsPipelines(context, organization)),
    ),
    pipelineView: member,
    ssoProviderCreate: admin,
    ssoProviderUpdate: admin,
    suiteView: member,
    teamAdmin: admin,
    teamCreate: permission(admin.allowed && organization.isTeamsEnabled),
    teamEnabledChange: permission(admin.allowed && organization.features.teams),
    teamView: member,
  }
}

/** Sets what an admin may set, and answers as all three mutations do. */
const setting = (context: Context, id: string, changes: Partial<Organization>) => {
  const organization = organizationById(context, id)
  allow(isAdmin(context, organization.uuid))
  return { organization: change(context, 'organizations', organization, changes) }
}

const body = (organization: Organization, base: string) => ({
  id: organization.uuid,
  graphql_id: idOf('Organization', organization.uuid),
  url: base,
  web_url: webOf(organization),
  name: organization.name,
  slug: organization.slug,
  pipelines_url: `${base}/pipelines`,
  agents_url: `${base}/agents`,
  emojis_url: `${base}/emojis`,
  created_at: organization.createdAt,
})

const own = (context: Context) => organizationSeen(context, () => true)

/** The organization, and what GraphQL can set of it. */
export const organization: SandboxKind = {
  types: {
    Query: fields({
      organization: (
        _root,
        { slug, uuid }: { readonly slug?: string | null; readonly uuid?: string | null },
        context,
      ) => organizationSeen(context, (seen) => (slug ? seen.slug === slug : seen.uuid === uuid)) ?? null,
    }),
    Viewer: fields({
      organizations: (_viewer, args: PageArguments, context) => {
        const seen = own(context)
        return pageOf(context, seen ? [seen] : [], args)
      },
    }),
    Organization: fields<Organization>({
      permissions: permissionsOf,
      sso: () => ({ isEnabled: false }),
      ssoProviders: (_organization, args: PageArguments, context) => pageOf(context, [], args),
      repositoryProviders: () => [],
    }),
  },
  nodes: {
    Organization: (context, uuid) => organizationSeen(context, (seen) => seen.uuid === uuid),
  },
  mutations: {
    organizationApiIpAllowlistUpdate: (
      input: { readonly organizationID: string; readonly ipAddresses: string },
      context,
    ) => setting(context, input.organizationID, { allowedApiIpAddresses: input.ipAddresses }),
    organizationRevokeInactiveTokensAfterUpdate: (
      input: Pick<Organization, 'revokeInactiveTokensAfter'> & { readonly organizationId: string },
      context,
    ) =>
      setting(context, input.organizationId, { revokeInactiveTokensAfter: input.revokeInactiveTokensAfter }),
    organizationEnforceTwoFactorAuthenticationForMembersUpdate: (
      input: Pick<Organization, 'membersRequireTwoFactorAuthentication'> & {
        readonly organizationId: string
      },
      context,
    ) =>
      setting(context, input.organizationId, {
        membersRequireTwoFactorAuthentication: input.membersRequireTwoFactorAuthentication,
      }),
  },
  routes: [
    {
      method: 'GET',
      path: '/v2/organizations',
      scopes: ['read_organizations'],
      handle: ({ context, url }) => {
        const seen = own(context)
        return ok(seen ? [body(seen, `${url.origin}/v2/organizations/${seen.slug}`)] : [])
      },
    },
    inOrganization('GET', '', 'read_organizations', ({ organization, base }) => ok(body(organization, base))),
    // The addresses of hosted agents: here there never is one.
    inOrganization('GET', '/network_ranges', 'read_organizations', () => ok([])),
    {
      method: 'GET',
      path: '/v2/meta',
      scopes: [],
      handle: () => ok({ webhook_ips: ['192.0.2.16/32', '192.0.2.17/32'] }),
    },
  ],
}
