import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Incoming } from '../../reply.js'

/** What an `Authorization` header of signature version 4 says. */
export interface Signed {
  readonly accessKeyId: string
  /** `20261102` */
  readonly date: string
  readonly region: string
  readonly service: string
  readonly headers: readonly string[]
  readonly signature: string
}

const header =
  /^AWS4-HMAC-SHA256 +Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request, *SignedHeaders=([^,\s]+), *Signature=([0-9a-f]{64})$/

export const signedIn = (headers: Headers): Signed | undefined => {
  const [, accessKeyId, date, region, service, names, signature] =
    header.exec(headers.get('authorization')?.trim() ?? '') ?? []
  return accessKeyId && date && region && service && names && signature
    ? { accessKeyId, date, region, service, headers: names.split(';'), signature }
    : undefined
}

const sha = (text: string) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

const queryOf = ({ searchParams }: URL) =>
  [...searchParams]
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')

const valueOf = ({ headers, url }: Incoming, name: string) =>
  (headers.get(name) ?? (name === 'host' ? url.host : '')).trim().replace(/ +/g, ' ')

/**
 * The signature that a request should bear.
 *
 * @source "Create a signed AWS API request", AWS's guide to IAM
 */
const signatureOf = (incoming: Incoming, signed: Signed, secret: string): string => {
  const { method, url, body } = incoming
  const { date, region, service, headers } = signed
  const path = url.pathname
    .split('/')
    .map((part) => encoded(part))
    .join('/')
  const canonical = [
    method,
    path === '' ? '/' : path,
    queryOf(url),
    ...headers.map((name) => `${name}:${valueOf(incoming, name)}`),
    '',
    headers.join(';'),
    sha(body),
  ].join('\n')
  const scope = `${date}/${region}/${service}/aws4_request`
  const text = ['AWS4-HMAC-SHA256', incoming.headers.get('x-amz-date') ?? '', scope, sha(canonical)].join(
    '\n',
  )
  const key = [region, service, 'aws4_request'].reduce(
    (so, part) => hmac(so, part),
    hmac(`AWS4${secret}`, date),
  )
  return hmac(key, text).toString('hex')
}

export const isSignedWith = (incoming: Incoming, signed: Signed, secret: string): boolean =>
  signed.headers.includes('host') &&
  signed.date === incoming.headers.get('x-amz-date')?.slice(0, 8) &&
  timingSafeEqual(Buffer.from(signed.signature), Buffer.from(signatureOf(incoming, signed, secret)))

/** When a request says that it was signed: `20261102T090000Z`, in epoch milliseconds. */
export const signedAt = (headers: Headers): number => {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(headers.get('x-amz-date') ?? '') ?? []
  const [year, month, day, hour, minute, second] = parts
  return Date.parse(
    `${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}Z`,
  )
}
