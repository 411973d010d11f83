import type * as z from 'zod'
import { organizationSeen, type Context } from './context.js'
import { Refused } from './refused.js'
import type { Organization } from './rows.js'
import { there } from './write.js'

export interface RestAnswer {
  readonly status: number
  /** Absent for 204. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface RestRequest {
  readonly context: Context
  /** What stood where the path has `:name`, decoded. */
  readonly params: Readonly<Record<string, string>>
  /** The parsed JSON body; an empty object where there was none. */
  readonly body: Readonly<Record<string, unknown>>
  readonly url: URL
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One REST endpoint. A no is thrown as `Refused`, which knows its status. */
export interface Route {
  readonly method: Method
  /** `/v2/organizations/:org/clusters/:cluster` */
  readonly path: string
  /** The token needs one of these; the documentation spells some scopes in two ways. Empty: any token will do. */
  readonly scopes: readonly string[]
  handle(request: RestRequest): RestAnswer
}

/** A request about an organization that the viewer may see. */
export interface OrganizationRequest extends RestRequest {
  readonly organization: Organization
  /** What every address of the organization begins with. */
  readonly base: string
}

/** An endpoint below an organization. An organization that the viewer may not see is not there. */
export const inOrganization = (
  method: Method,
  path: string,
  scopes: string | readonly string[],
  handle: (request: OrganizationRequest) => RestAnswer,
): Route => ({
  method,
  path: `/v2/organizations/:org${path}`,
  scopes: [scopes].flat(),
  handle: (request) => {
    const { context, params, url } = request
    const organization = there(
      organizationSeen(context, ({ slug }) => slug === params['org']),
      'organization',
    )
    return handle({ ...request, organization, base: baseOf(url, organization) })
  },
})

/** Updates answer to both verbs: the documentation says one where clients send the other. */
export const updates = (
  path: string,
  scopes: string | readonly string[],
  handle: (request: OrganizationRequest) => RestAnswer,
): Route[] => (['PUT', 'PATCH'] as const).map((method) => inOrganization(method, path, scopes, handle))

/** Where the organization's addresses begin, as this client wrote them. */
const baseOf = (url: URL, organization: Organization): string =>
  `${url.origin}/v2/organizations/${organization.slug}`

/** Where a person would look at the same thing. */
export const webOf = (organization: Organization): string => `https://buildkite.com/${organization.slug}`

export const ok = (body: unknown): RestAnswer => ({ status: 200, body })
export const created = (body: unknown): RestAnswer => ({ status: 201, body })
export const gone: RestAnswer = { status: 204 }

/** What a request body says of these fields, and nothing else that it says. */
export const read = <Shape extends z.ZodType>(shape: Shape, body: unknown): z.infer<Shape> => {
  const parsed = shape.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Refused(`Validation failed: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim())
}
