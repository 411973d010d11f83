import { IAMClient } from '@aws-sdk/client-iam'
import { KMSClient } from '@aws-sdk/client-kms'
import { SSMClient } from '@aws-sdk/client-ssm'
import { STSClient } from '@aws-sdk/client-sts'

/** A request as AWS's clients hand it over. */
interface Outgoing {
  readonly method: string
  readonly protocol: string
  readonly hostname: string
  readonly port?: number
  readonly path: string
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

const urlOf = ({ protocol, hostname, port, path, query = {} }: Outgoing) => {
  const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`)
  for (const [name, value] of Object.entries(query))
    for (const one of [value ?? ''].flat()) url.searchParams.append(name, one)
  return url
}

/** What lets a client of AWS's own speak to a function from requests to responses: `new IAMClient({ requestHandler })`. */
export const awsOverFetch = (fetch: (input: URL, init: RequestInit) => Promise<Response>) => ({
  handle: async (request: Outgoing, { abortSignal }: { readonly abortSignal?: unknown } = {}) => {
    const { method, headers, body } = request
    const response = await fetch(urlOf(request), {
      method,
      headers: { ...headers },
      ...(abortSignal instanceof AbortSignal && { signal: abortSignal }),
      ...(typeof body === 'string' || body instanceof Uint8Array
        ? { body: typeof body === 'string' ? body : new TextDecoder().decode(body) }
        : {}),
    })
    return {
      response: {
        statusCode: response.status,
        reason: response.statusText,
        headers: Object.fromEntries(response.headers),
        body: new Uint8Array(await response.arrayBuffer()),
      },
    }
  },
})

interface Signing {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** Clients of one account. They ask once, and sign by the clock that they are handed. */
export const clientsOf = (
  fetch: (input: URL, init: RequestInit) => Promise<Response>,
  credentials: Signing,
  { now, region = 'eu-west-1' }: { readonly now: number; readonly region?: string },
) => {
  const config = {
    region,
    credentials,
    maxAttempts: 1,
    systemClockOffset: now - Date.now(),
    requestHandler: awsOverFetch(fetch) as never,
  }
  return {
    iam: new IAMClient(config),
    sts: new STSClient(config),
    ssm: new SSMClient(config),
    kms: new KMSClient(config),
  }
}
