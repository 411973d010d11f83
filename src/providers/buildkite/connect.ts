import type { Reader } from '../../../graphql/operation.js'
import type { Clock } from '../../model/clock.js'
import type { Budget } from '../../model/plan.js'
import { redact } from '../../model/redact.js'
import { Refusal } from '../../model/refusal.js'
import type { Spent } from '../../model/result.js'
import type { Fetch } from '../exchange.js'
import type { Census } from './counts.js'
import { endpoint, restBase } from './endpoint.js'
import { expectations } from './expectations.js'
import { forecastReading, type AnyReading, type Closely } from './forecast.js'
import { readingOnly } from './guard.js'
import { laneTo, type Wait } from './lane.js'
import { readerOf } from './reader.js'
import { speakGraphql, speakRest, type Shared } from './speak.js'
import type { Windows } from './window.js'
import { wireTo, type Wire, type WireMeans } from './wire.js'

/** Everything that talking to Buildkite needs, handed in. */
export interface Means {
  readonly fetch: Fetch
  readonly clock: Clock
  /** From 0 up to 1, as `Math.random`. */
  readonly random: () => number
  readonly token: string
  /** The organization's slug. */
  readonly organization: string
  /** Whole: `https://graphql.buildkite.com/v1`. */
  readonly graphqlUrl: string
  /** `https://api.buildkite.com`, with or without `/v2`. */
  readonly restUrl: string
  /** A host beside Buildkite's own that the token may be sent to over https; with `http://` before it, over http, too. */
  readonly trustEndpoint?: string
  /** A person asked to stop: no more waits and no new requests. What is being changed is heard out; reading breaks off. */
  readonly signal?: AbortSignal
  readonly userAgent: string
  readonly onWait?: (wait: Wait) => void
  /** Seconds for one request, 30 where nothing is said. Infinity for a world whose clock jumps ahead at every sleep. */
  readonly timeoutSeconds?: number
}

/** A conversation that can only ask. */
export interface Connection {
  readonly organization: string
  /** A reader with an empty memory. All readers of a connection share its limits. */
  reader(): Reader
  /** What the conversation took so far. */
  readonly spent: Spent
  /** What is left, as the last answers said it. */
  readonly limits: { readonly graphql: Windows; readonly rest: Windows }
  /** How many rows there are by connection path, `organization.teams.members`, as far as answers have told. */
  readonly census: Census
  /** What reading these would cost, going by the census so far; ask the `Census` question before. */
  forecast(readings: readonly AnyReading[], restLists?: readonly number[], closely?: Closely): Budget
}

/** What a token is made of: anything else would end up in an error of `fetch`, token and all. */
const sendable = /^[\x21-\x7e]+$/

/** Takes the secrets out of a text: this token, whatever it looks like, and whatever looks like a token. */
const withoutSecrets = (token: string) => (text: string) =>
  redact(text.replaceAll(token, `${/^bk[a-z]+_/.exec(token)?.[0] ?? ''}…redacted`))

/**
 * What all that is said on one connection shares, what a wire needs, and the wire that carries questions only.
 *
 * @throws Refusal `untrusted-endpoint` or `unauthenticated`, before anything is sent
 */
export const prepare = (means: Means): { shared: Shared; over: WireMeans; reading: Wire } => {
  const graphqlUrl = endpoint('graphql', means.graphqlUrl, means.trustEndpoint)
  const restUrl = endpoint('rest', means.restUrl, means.trustEndpoint)
  if (!sendable.test(means.token)) {
    const what = means.token === '' ? 'there is no token' : 'the token holds characters that no token has'
    throw new Refusal('unauthenticated', what, { call: 'BUILDKITE_API_TOKEN' })
  }
  const { clock, signal, onWait, timeoutSeconds = 30 } = means
  const watch = {
    clock,
    ...(signal === undefined ? {} : { signal }),
    ...(onWait === undefined ? {} : { onWait }),
  }
  const { fetch, token, userAgent } = means
  const origins = new Set([graphqlUrl.origin, restUrl.origin])
  const over = { fetch, clock, token, userAgent, origins, timeoutSeconds }
  return {
    shared: {
      organization: means.organization,
      graphqlUrl: graphqlUrl.href,
      restUrl: restBase(restUrl),
      lanes: { graphql: laneTo('graphql', watch), rest: laneTo('rest', watch) },
      expectations: expectations(),
      random: means.random,
      clean: withoutSecrets(means.token),
      tally: { points: 0, graphqlRequests: 0, restRequests: 0 },
    },
    over,
    reading: readingOnly(
      wireTo({ ...over, ...(signal === undefined ? {} : { stop: signal }) }),
      graphqlUrl.href,
    ),
  }
}

/** The asking half of a connection: over a wire that carries nothing else. */
export const connectionOver = (shared: Shared, reading: Wire): Connection => {
  const asking = { changes: 'nothing' } as const
  const { graphql, rest } = shared.lanes
  return {
    organization: shared.organization,
    reader: () =>
      readerOf({
        organization: shared.organization,
        restUrl: shared.restUrl,
        ask: (operation, variables) => speakGraphql(shared, reading, operation, variables, asking),
        get: (path, url) => speakRest(shared, reading, { method: 'GET', path, url }, asking),
      }),
    get spent() {
      return { ...shared.tally, waitedSeconds: Math.round((graphql.waitedMs + rest.waitedMs) / 1_000) }
    },
    get limits() {
      return { graphql: graphql.windows, rest: rest.windows }
    },
    get census() {
      return shared.expectations.census
    },
    forecast: (readings, restLists, closely) =>
      forecastReading(shared.expectations.census, readings, restLists, closely),
  }
}

/**
 * Opens a conversation that can only ask: there is nothing in it to change anything with. Nothing is sent yet.
 *
 * @throws Refusal `untrusted-endpoint` or `unauthenticated`
 */
export const connect = (means: Means): Connection => {
  const { shared, reading } = prepare(means)
  return connectionOver(shared, reading)
}
