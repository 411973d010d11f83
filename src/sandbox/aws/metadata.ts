import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock, Sandbox } from '../index.js'
import { actAsInstance } from './act.js'

/** An instance, as its metadata service knows it. */
export interface Instance {
  /** `i-0123456789abcdef0` */
  readonly id: string
  /** ARN of the role that its profile holds. */
  readonly role: string
  readonly region?: string
}

const SECONDS_AT_MOST = 21_600
const ROOT = '/latest/meta-data/iam/security-credentials/'

const text = (status: number, body: string) =>
  new Response(body, { status, headers: { 'Content-Type': 'text/plain' } })

/**
 * What answers at 169.254.169.254 on an instance: version 2 alone, and of all that it tells, credentials.
 *
 * @source "Use the Instance Metadata Service to access instance metadata", AWS's guide to EC2
 */
export const metadataOf = (world: Pick<Sandbox, 'state'>, clock: Pick<Clock, 'now'>, instance: Instance) => {
  const sealOf = (until: string) =>
    createHmac('sha256', `${world.state.seed}/metadata/${instance.id}`).update(until).digest('base64url')

  const isToken = (token: string): boolean => {
    const [until = '', seal = ''] = token.split('.')
    const [given, right] = [Buffer.from(seal), Buffer.from(sealOf(until))]
    return given.length === right.length && timingSafeEqual(given, right) && Number(until) > clock.now()
  }

  /** Whoever forwards what others ask, says so: such a request is not the instance's own. */
  const newToken = (headers: Headers): Response => {
    if (headers.has('x-forwarded-for')) return text(403, 'Forbidden')
    const seconds = Number(headers.get('x-aws-ec2-metadata-token-ttl-seconds') ?? NaN)
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > SECONDS_AT_MOST)
      return text(400, 'Bad Request')
    const until = String(clock.now() + seconds * 1000)
    return text(200, `${until}.${sealOf(until)}`)
  }

  const credentials = (): Response => {
    const now = new Date(clock.now()).toISOString()
    const { role, id, region } = instance
    const done = actAsInstance(world.state, { now, ...(region !== undefined && { region }) }, role, id)
    if ('refused' in done)
      return text(
        200,
        JSON.stringify({ Code: done.refused.split(':')[0], Message: 'EC2 cannot assume the role' }),
      )
    const { Credentials: given } = done.result as { readonly Credentials: Readonly<Record<string, string>> }
    return text(
      200,
      JSON.stringify({
        Code: 'Success',
        LastUpdated: now,
        Type: 'AWS-HMAC',
        AccessKeyId: given['AccessKeyId'],
        SecretAccessKey: given['SecretAccessKey'],
        Token: given['SessionToken'],
        Expiration: given['Expiration'],
      }),
    )
  }

  return (request: Request): Promise<Response> => {
    const { method, headers, url } = request
    const { pathname } = new URL(url)
    const name = instance.role.slice(instance.role.lastIndexOf('/') + 1)
    const answer = (): Response => {
      if (pathname === '/latest/api/token')
        return method === 'PUT' ? newToken(headers) : text(405, 'Method Not Allowed')
      if (!isToken(headers.get('x-aws-ec2-metadata-token') ?? '')) return text(401, 'Unauthorized')
      if (pathname === ROOT || `${pathname}/` === ROOT) return text(200, name)
      return pathname === `${ROOT}${name}` ? credentials() : text(404, 'Not Found')
    }
    return Promise.resolve(answer())
  }
}
