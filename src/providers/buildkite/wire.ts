import { exchangeOver, type ExchangeMeans, type Heard, type Spoken } from '../exchange.js'

/** Sends one request, which has no token yet, and hears it out. Never throws because of the network. */
export type Wire = (spoken: Spoken) => Promise<Heard>

/** What a wire needs. */
export interface WireMeans extends Omit<ExchangeMeans, 'requestIdIn'> {
  readonly token: string
  readonly userAgent: string
  /** The origins that may see the token. */
  readonly origins: ReadonlySet<string>
  /** Breaks off what is under way. Not for writing: a mutation under way is heard out. */
  readonly stop?: AbortSignal
}

/** A token in a header is a token sent: so it is put there, and only there, where the origin is checked once more. */
export const wireTo = (world: WireMeans): Wire => {
  const exchange = exchangeOver({ ...world, requestIdIn: 'x-request-id' })
  return (spoken) => {
    if (!world.origins.has(new URL(spoken.url).origin))
      throw new Error('a request to an origin that may not see the token')
    const headers = {
      ...spoken.headers,
      Authorization: `Bearer ${world.token}`,
      'User-Agent': world.userAgent,
    }
    return exchange({ ...spoken, headers }, world.stop)
  }
}
