import type { IAMClientConfig } from '@aws-sdk/client-iam'
import { exchangeOver, isAnswer, type ExchangeMeans, type Heard } from '../exchange.js'
import { checkEndpoint } from './endpoint.js'

/** What the SDK sends requests with. */
export type RequestHandler = Extract<NonNullable<IAMClientConfig['requestHandler']>, { handle: unknown }>

/** What came instead of an answer, handed through the SDK. It is never shown: `trouble.ts` says what it means. */
export class NoAnswer extends Error {
  readonly heard: Heard

  constructor(heard: Heard) {
    super('no answer')
    this.name = 'NoAnswer'
    this.heard = heard
  }
}

/** What a handler needs. */
export interface HandlerMeans extends Omit<ExchangeMeans, 'requestIdIn'> {
  readonly trustEndpoint?: string
}

interface Request {
  readonly method: string
  readonly protocol: string
  readonly hostname: string
  readonly port?: number | undefined
  readonly path: string
  readonly query?: Readonly<Record<string, string | readonly string[] | null>> | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

const addressOf = ({ protocol, hostname, port, path, query = {} }: Request): URL => {
  const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`)
  for (const [name, value] of Object.entries(query))
    for (const one of typeof value === 'string' || value === null ? [value] : value)
      url.searchParams.append(name, one ?? '')
  return url
}

const textOf = (body: unknown): string | undefined => {
  if (body === undefined || body === null) return undefined
  if (typeof body === 'string') return body
  if (body instanceof Uint8Array) return new TextDecoder().decode(body)
  throw new Error('a request to AWS whose body is no text')
}

const isRedirect = (status: number): boolean => status >= 300 && status < 400

/** The query protocol answers `CreateRole` with a `CreateRoleResponse`. The SDK takes anything else for an empty one. */
const isWhole = ({ headers }: Request, body: string): boolean =>
  !(headers['content-type'] ?? '').includes('x-www-form-urlencoded') || /<\w+Response[\s>]/.test(body)

/**
 * The SDK's way to the network, over a fetch that is handed in: so a sandbox in this process and AWS are the same to
 * everything above, each request has its time limit, no redirect is followed, and where a request goes is looked at
 * last of all, whatever environment and configuration files made of it.
 */
export const handlerOver = (means: HandlerMeans): RequestHandler => {
  const exchange = exchangeOver({ ...means, requestIdIn: 'x-amzn-requestid' })
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request: Request, { abortSignal }: { readonly abortSignal?: unknown } = {}) {
      const url = addressOf(request)
      checkEndpoint(url, means.trustEndpoint)
      const body = textOf(request.body)
      const heard = await exchange(
        {
          method: request.method,
          url: url.href,
          headers: request.headers,
          ...(body === undefined ? {} : { body }),
        },
        abortSignal instanceof AbortSignal ? abortSignal : undefined,
      )
      if (!isAnswer(heard) || isRedirect(heard.status)) throw new NoAnswer(heard)
      if (heard.status < 300 && !isWhole(request, heard.body)) throw new NoAnswer(heard)
      return {
        response: {
          statusCode: heard.status,
          headers: Object.fromEntries(heard.headers),
          body: new TextEncoder().encode(heard.body),
        },
      }
    },
    updateHttpClientConfig() {
      // There is nothing to set: all that there is was handed in.
    },
    httpHandlerConfigs: () => ({}),
  } as RequestHandler
}
