import type { Clients } from './clients.js'
import { questions } from './operations.js'

interface Leaving {
  readonly headers?: Readonly<Record<string, unknown>>
  readonly body?: unknown
}

/** What a request asks for, as the two protocols say it. */
const operationIn = ({ headers, body }: Leaving): string | undefined => {
  const named = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'x-amz-target')
  if (named !== undefined) return /^(?:AmazonSSM|TrentService)\.(\w+)$/.exec(String(named[1]))?.[1]
  return typeof body === 'string' ? (new URLSearchParams(body).get('Action') ?? undefined) : undefined
}

/** Whether it asks for the value of a secret, which nothing that is read needs. */
const isCurious = ({ body }: Leaving): boolean =>
  body instanceof Uint8Array && /"WithDecryption":\s*true/.test(new TextDecoder().decode(body))

/** Makes clients carry nothing but what a look at each request lets pass; it is looked at as it is about to leave. */
const carrying = (clients: Clients, name: string, check: (leaving: Leaving) => void): Clients => {
  const checked =
    <Args extends { readonly request: unknown }, Result>(next: (args: Args) => Promise<Result>) =>
    (args: Args) => {
      const { request } = args
      check(typeof request === 'object' && request !== null ? request : {})
      return next(args)
    }
  const last = { step: 'finalizeRequest', priority: 'low', name, override: true } as const
  clients.iam.middlewareStack.add(checked, last)
  clients.sts.middlewareStack.add(checked, last)
  clients.ssm.middlewareStack.add(checked, last)
  return {
    ...clients,
    kms: async () => {
      const kms = await clients.kms()
      kms.middlewareStack.add(checked, last)
      return kms
    },
  }
}

/**
 * Makes clients carry questions only, and none for a secret. It looks at the request that is about to leave, so it holds whatever went wrong
 * above it; what it throws is a bug in bridle.
 */
export const readingOnly = (clients: Clients): Clients =>
  carrying(clients, 'questionsOnly', (leaving) => {
    const operation = operationIn(leaving)
    if (operation === undefined || !questions.has(operation))
      throw new Error(`a reader was made to send something other than a question: ${operation ?? 'unnamed'}`)
    if (isCurious(leaving)) throw new Error('a reader was made to ask for the value of a secret')
  })

/** Makes clients carry the value of one parameter, and the question who asks. What it throws is a bug in bridle. */
export const beatingOnly = (clients: Clients, parameter: string): Clients =>
  carrying(clients, 'beatsOnly', (leaving) => {
    const operation = operationIn(leaving)
    if (operation === 'GetCallerIdentity') return
    if (operation !== 'PutParameter' || nameIn(leaving) !== parameter)
      throw new Error(`a heartbeat was made to send something else: ${operation ?? 'unnamed'}`)
  })

/** The parameter that a request of SSM's is about. */
const nameIn = ({ body }: Leaving): unknown => {
  const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : body
  return typeof text === 'string' ? (JSON.parse(text) as { readonly Name?: unknown }).Name : undefined
}
