import type { Context } from '../context.js'
import { idOf, readId } from '../ids.js'
import { fields, typed, type SandboxKind } from '../kind.js'
import { newestFirst, pageOf } from '../order.js'
import { restCursorPage, type PageArguments } from '../pages.js'
import { isAdmin } from '../rights.js'
import { inOrganization, ok, type OrganizationRequest } from '../route.js'
import type { AuditEvent, Organization } from '../rows.js'
import { at, userOf } from '../seen.js'
import { get, where } from '../table.js'
import { allow } from '../write.js'

/** Admins read it, where the plan has it. */
const reads = (context: Context, { uuid, features }: Organization) =>
  isAdmin(context, uuid) && features.auditLog

const eventSeen = (context: Context, uuid: string | undefined) => {
  const row = get(context.state.tables.auditEvents, uuid)
  const organization = row && get(context.state.tables.organizations, row.organization)
  return organization && reads(context, organization) ? row : undefined
}

/** `CLUSTER_QUEUE` as a type is called: `ClusterQueue`. */
const camel = (type: string) =>
  type
    .toLowerCase()
    .split('_')
    .map((word) => (word === 'api' ? 'API' : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('')

interface EventsArguments extends PageArguments {
  readonly actor?: readonly string[] | null
  readonly actorType?: readonly string[] | null
  readonly subject?: readonly string[] | null
  readonly subjectType?: readonly string[] | null
  readonly subjectUUID?: readonly string[] | null
  readonly type?: readonly string[] | null
  readonly occurredAtFrom?: string | null
  readonly occurredAtTo?: string | null
}

const eventsOf = (context: Context, organization: string) =>
  newestFirst(where(context.state.tables.auditEvents, 'organization', organization))

const among = (wanted: readonly string[] | null | undefined, value: string) =>
  !wanted || wanted.includes(value)

const named = (ids: readonly string[] | null | undefined) => ids?.map((id) => readId(id)?.uuid ?? id)

const matches = (row: AuditEvent, args: EventsArguments) =>
  among(named(args.actor), row.actor) &&
  among(args.actorType, 'USER') &&
  among(named(args.subject), row.subject) &&
  among(args.subjectType, row.subjectType) &&
  among(args.subjectUUID, row.subject) &&
  among(args.type, row.type) &&
  (!args.occurredAtFrom || row.createdAt >= args.occurredAtFrom) &&
  (!args.occurredAtTo || row.createdAt <= args.occurredAtTo)

const contextOf = ({ token, ipAddress, userAgent, actor }: AuditEvent, _args: unknown, context: Context) => {
  const request = { requestIpAddress: ipAddress, requestUserAgent: userAgent }
  return token === null
    ? {
        __typename: 'AuditWebContext',
        ...request,
        sessionUser: userOf(context, actor),
        sessionUserUuid: actor,
      }
    : { __typename: 'AuditAPIContext', ...request, requestApiAccessTokenUuid: token }
}

const body = ({ context, base }: OrganizationRequest, row: AuditEvent) => ({
  uuid: row.uuid,
  graphql_id: idOf('AuditEvent', row.uuid),
  type: `${camel(row.type)}Event`,
  occurred_at: row.createdAt,
  actor: { type: 'USER', uuid: row.actor, name: userOf(context, row.actor)?.name ?? null },
  subject: { type: row.subjectType, uuid: row.subject, name: row.subjectName },
  context: {
    type: row.token === null ? 'WEB' : 'API',
    request_ip: row.ipAddress,
    request_user_agent: row.userAgent,
    ...(row.token === null ? {} : { request_api_access_token_uuid: row.token }),
  },
  data: row.data,
  url: `${base}/audit_events/${row.uuid}`,
})

/** Who did what to what, with which token. The only history there is. */
export const audit: SandboxKind = {
  types: {
    Query: fields({
      auditEvent: (_root, { uuid }: { readonly uuid: string }, context) => eventSeen(context, uuid) ?? null,
    }),
    Organization: fields<Organization>({
      auditEvents: (organization, args: EventsArguments, context) =>
        reads(context, organization)
          ? pageOf(
              context,
              eventsOf(context, organization.uuid).filter((row) => matches(row, args)),
              args,
            )
          : null,
    }),
    AuditEvent: fields<AuditEvent>({
      actor: (row, _args, context) => {
        const user = userOf(context, row.actor)
        return {
          id: idOf('User', row.actor),
          uuid: row.actor,
          name: user?.name ?? null,
          type: 'USER',
          node: user && typed('User', user),
        }
      },
      context: contextOf,
      data: ({ data }) => JSON.stringify(data, null, 2),
      occurredAt: ({ createdAt }) => createdAt,
      subject: ({ subject, subjectType, subjectName }) => ({
        id: idOf(camel(subjectType), subject),
        uuid: subject,
        name: subjectName,
        type: subjectType,
      }),
    }),
  },
  nodes: { AuditEvent: eventSeen },
  routes: [
    inOrganization('GET', '/audit_events', 'read_audit_events', (request) => {
      const { context, organization, url } = request
      allow(reads(context, organization))
      return restCursorPage(eventsOf(context, organization.uuid), url, (row) => body(request, row))
    }),
    inOrganization('GET', '/audit_events/:event', 'read_audit_events', (request) => {
      allow(reads(request.context, request.organization))
      return ok(
        body(request, at(request, eventSeen(request.context, request.params['event']), 'audit event')),
      )
    }),
  ],
}
