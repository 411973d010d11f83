import { Refusal } from '../../model/refusal.js'
import type { Api } from './window.js'

/** Who may see a token: Buildkite, over https. */
const hosts: Readonly<Record<Api, string>> = { graphql: 'graphql.buildkite.com', rest: 'api.buildkite.com' }

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)

/** What `--trust-endpoint` names: a host over https, with any port or its own; or a whole origin, which may be http. */
const isNamed = (url: URL, trusted: string | undefined): boolean => {
  const name = trusted?.trim().toLowerCase().replace(/\/+$/, '')
  if (name === undefined || name === '') return false
  if (name.includes('://')) return name === url.origin
  return url.protocol === 'https:' && (name === url.hostname || name === url.host)
}

/** Why the token may not go there; nothing where it may. */
const distrust = (url: URL, trusted: string | undefined): string | undefined => {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'it is neither https nor http'
  if (url.username !== '' || url.password !== '') return 'it has a user name or a password in it'
  if (isLoopback(url.hostname) || isNamed(url, trusted)) return undefined
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
