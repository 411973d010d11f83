import { Refusal } from '../../model/refusal.js'
import { isLoopback, isNamed, oddityOf } from '../destination.js'

const refusal = (what: string): Refusal => {
  const call = 'the AWS endpoint'
  return new Refusal('untrusted-endpoint', `${call}: ${what}`, { call, api: 'aws' })
}

/**
 * Why a signed request may not go there; nothing where it may. Over https it may go anywhere: where AWS answers is the
 * user's to say, as private endpoints have names of their own, and the secret key is not in it. Over plain http the
 * session token, and every secret that is stored, could be read on the way.
 */
const distrust = (url: URL, trusted: string | undefined): string | undefined => {
  const odd = oddityOf(url)
  if (odd !== undefined) return odd
  if (url.protocol === 'https:' || isLoopback(url) || isNamed(url, trusted)) return undefined
  return 'it is not https'
}

/**
 * An address that services are said to answer at.
 *
 * @throws Refusal `untrusted-endpoint`
 */
export const endpointIn = (text: string, trusted: string | undefined): string => {
  if (!URL.canParse(text)) throw refusal('its address is not a URL')
  checkEndpoint(new URL(text), trusted)
  return text
}

/**
 * Lets a request go, or not.
 *
 * @throws Refusal `untrusted-endpoint`, which shows no more of a strange address than its host
 */
export const checkEndpoint = (url: URL, trusted: string | undefined): void => {
  const why = distrust(url, trusted)
  if (why === undefined) return
  const named = `--trust-endpoint ${url.origin === 'null' ? 'HOST' : url.origin}`
  throw refusal(`no signed request is sent to ${url.host || 'it'}, because ${why}; ${named} says otherwise`)
}
