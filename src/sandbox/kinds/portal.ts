import * as z from 'zod'
import type { Context } from '../context.js'
import type { SandboxKind } from '../kind.js'
import { byName } from '../order.js'
import { restPage } from '../pages.js'
import { Refused } from '../refused.js'
import { isAdmin } from '../rights.js'
import { created, gone, inOrganization, ok, read, updates, type OrganizationRequest } from '../route.js'
import type { Portal } from '../rows.js'
import { isSlug, slugOf } from '../slug.js'
import { where } from '../table.js'
import { learn } from '../world/known.js'
import { allow, change, make, principalOf, remove, there } from '../write.js'
import { personOf } from './user.js'

const portalsOf = (context: Context, organization: string) => {
  allow(isAdmin(context, organization))
  return where(context.state.tables.portals, 'organization', organization)
}

const portalAt = ({ context, organization, params }: OrganizationRequest): Portal =>
  there(
    portalsOf(context, organization.uuid).find(({ slug }) => slug === params['portal']),
    'portal',
  )

const body = ({ context, organization, base }: OrganizationRequest, row: Portal) => ({
  uuid: row.uuid,
  slug: row.slug,
  organization_uuid: organization.uuid,
  name: row.name,
  description: row.description,
  query: row.query,
  allowed_ip_addresses: row.allowedIpAddresses,
  user_invokable: row.userInvokable,
  created_at: row.createdAt,
  created_by: personOf(context, row.createdBy),
  url: `${base}/portals/${row.slug}`,
})

const given = z.object({
  name: z.string().optional(),
  slug: z.string().optional(),
  description: z.string().nullish(),
  query: z.string().optional(),
  allowed_ip_addresses: z.string().nullish(),
  user_invokable: z.boolean().optional(),
})

const createPortal = (request: OrganizationRequest): Portal => {
  const { context, organization } = request
  const wanted = read(given.required({ name: true, query: true }), request.body)
  const slug = wanted.slug ?? slugOf(wanted.name)
  const others = portalsOf(context, organization.uuid)
  if (!isSlug(slug)) throw new Refused('Validation failed: Slug is invalid')
  if (others.some((row) => row.slug === slug))
    throw new Refused('Validation failed: Slug has already been taken')
  const row = make(context, 'portals', {
    organization: organization.uuid,
    slug,
    name: wanted.name,
    description: wanted.description ?? null,
    query: wanted.query,
    allowedIpAddresses: wanted.allowed_ip_addresses ?? null,
    userInvokable: wanted.user_invokable ?? false,
  })
  learn(context, principalOf(context), 'portal', row.uuid)
  return row
}

const PATH = '/portals/:portal'
const WRITE = 'write_portals'

/** Operations that are stored beforehand and run with an admin's rights. Its tokens are in no list. */
export const portal: SandboxKind = {
  routes: [
    inOrganization('GET', '/portals', 'read_portals', (request) =>
      restPage(
        byName(portalsOf(request.context, request.organization.uuid), ({ name }) => name),
        request.url,
        (row) => body(request, row),
      ),
    ),
    inOrganization('POST', '/portals', WRITE, (request) => created(body(request, createPortal(request)))),
    inOrganization('GET', PATH, 'read_portals', (request) => ok(body(request, portalAt(request)))),
    ...updates(PATH, WRITE, (request) => {
      const row = portalAt(request)
      const wanted = read(given, request.body)
      const changed = change(request.context, 'portals', row, {
        name: wanted.name,
        description: wanted.description,
        query: wanted.query,
        allowedIpAddresses: wanted.allowed_ip_addresses,
        userInvokable: wanted.user_invokable,
      })
      return ok(body(request, changed))
    }),
    inOrganization('DELETE', PATH, WRITE, (request) => {
      remove(request.context, 'portals', portalAt(request))
      return gone
    }),
  ],
}
