import type { Incoming } from '../../reply.js'
import type { Service } from '../operation.js'
import { serviceOf } from '../operations.js'
import { signedIn } from './signature.js'

/** How the services that speak JSON call themselves. */
const prefixes = { ssm: 'AmazonSSM.', kms: 'TrentService.' } as const

/** What a request to AWS asks for. */
export interface Target {
  readonly service: Service
  readonly operation: string
  /** Of the query protocol. */
  readonly params: URLSearchParams
}

const isService = (name: string | undefined): name is Service =>
  name === 'iam' || name === 'sts' || name === 'ssm' || name === 'kms'

const hostService = (host: string): Service | undefined => {
  const [, name] = /^(iam|sts|ssm|kms)[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?(?::\d+)?$/.exec(host) ?? []
  return isService(name) ? name : undefined
}

const isForm = (headers: Headers) =>
  headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') === true

const paramsIn = ({ url, headers, body }: Incoming) => {
  const params = new URLSearchParams(url.searchParams)
  if (isForm(headers)) for (const [name, value] of new URLSearchParams(body)) params.append(name, value)
  return params
}

/**
 * What a request asks of AWS; nothing, if it is for Buildkite. Clients that are sent to one port for all services sign
 * for one of them; those that don't sign at all are known by what they ask for.
 */
export const targetOf = (incoming: Incoming): Target | undefined => {
  const { headers, url } = incoming
  const wanted = headers.get('x-amz-target')
  for (const service of ['ssm', 'kms'] as const)
    if (wanted?.startsWith(prefixes[service]))
      return { service, operation: wanted.slice(prefixes[service].length), params: new URLSearchParams() }
  if (url.pathname !== '/' && url.pathname !== '') return undefined
  const params = paramsIn(incoming)
  const operation = params.get('Action')
  const signed = signedIn(headers)?.service
  const service =
    [signed, hostService(headers.get('host') ?? url.host), serviceOf(operation ?? '')].find(isService) ??
    undefined
  return service === undefined ||
    (operation === null && signed === undefined && hostService(url.host) === undefined)
    ? undefined
    : { service, operation: operation ?? '', params }
}
