import type { Asked } from './asked.js'
import type { Viewer } from './context.js'
import type { Fault } from './faults.js'
import type { Api, Limits, Parties, Windows } from './limits.js'
import type { State } from './state.js'
import type { Switches } from './switches.js'

/** A request, read: what `fetch` was given, without the ways of giving it. */
export interface Incoming {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  readonly body: string
  readonly signal: AbortSignal | undefined
}

/** All that an answer comes from, at one moment. */
export interface Desk {
  readonly state: State
  readonly windows: Windows
  readonly limits: Limits
  readonly switches: Switches
  /** Epoch milliseconds. */
  readonly now: number
  readonly asked: Asked
  readonly faults: readonly Fault[]
  /** By uuid, the request in which something was made in AWS, for what takes its time to be seen there. */
  readonly births: Record<string, number>
}

export interface Reply {
  readonly status: number
  /** Sent as JSON, unless it is a string; nothing is sent for nothing. */
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly requestedPoints?: number
  readonly points?: number
}

export const partiesOf = ({ organization, user }: Viewer): Parties => ({
  organization: organization.uuid,
  user: user.uuid,
})

const docs: Readonly<Record<Api, string>> = {
  graphql: 'https://buildkite.com/docs/apis/graphql-api#authentication',
  rest: 'https://buildkite.com/docs/apis/rest-api#authentication',
}

/** A no with nothing else in it, in the shape that the API says it in. */
export const no = (api: Api, status: number, message: string): Reply => ({
  status,
  body: api === 'graphql' ? { errors: [{ message }] } : { message },
})

export const unauthenticated = (api: Api): Reply =>
  no(api, 401, `Authentication required. Please supply a valid API Access Token: ${docs[api]}`)

export const scopeMissing = (api: Api, scope: string): Reply =>
  no(api, 403, `Your access token doesn't have the ${scope} scope`)
