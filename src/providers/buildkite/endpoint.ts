import { Refusal } from '../../model/refusal.js'
import { isLoopback, isNamed, oddityOf } from '../destination.js'
import type { Api } from './window.js'

/** Who may see a token: Buildkite, over https. */
const hosts: Readonly<Record<Api, string>> = { graphql: 'graphql.buildkite.com', rest: 'api.buildkite.com' }

/** Why the token may not go there; nothing where it may. */
const distrust = (url: URL, trusted: string | undefined): string | undefined => {
  const odd = oddityOf(url)
  if (odd !== undefined) return odd
  if (isLoopback(url) || isNamed(url, trusted)) return undefined
  if (url.protocol === 'http:') return 'it is not https'
  return Object.values(hosts).includes(url.hostname) ? undefined : 'it is not a host of Buildkite’s'
}

/**
 * An address that the token may be sent to.
 *
 * @throws Refusal `untrusted-endpoint`, which shows no more of a strange address than its host
 */
export const endpoint = (api: Api, text: string, trusted: string | undefined): URL => {
  const call = api === 'graphql' ? 'the GraphQL endpoint' : 'the REST endpoint'
  const refuse = (what: string) => new Refusal('untrusted-endpoint', `${call}: ${what}`, { call })
  if (!URL.canParse(text)) throw refuse('its address is not a URL')
  const url = new URL(text)
  const why = distrust(url, trusted)
  if (why === undefined) return url
  throw refuse(
    `the token is not sent to ${url.host || 'it'}, because ${why}; --trust-endpoint says otherwise`,
  )
}

/** REST paths hang under `/v2`; an address may say so or leave it out. */
export const restBase = (url: URL): string => {
  const path = url.pathname.replace(/\/+$/, '')
  return `${url.origin}${path.endsWith('/v2') ? path : `${path}/v2`}`
}
