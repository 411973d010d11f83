import type { Machine } from './machine.js'

/** How long somebody who is only told may take to answer. */
const deadlineMs = 10_000

/**
 * Posts JSON to somebody who is only told. An answer is not read, and a redirect is not followed.
 *
 * @returns why it was not taken; never the address, whose path may be a secret
 */
export const post = async (
  { fetch }: Pick<Machine, 'fetch'>,
  url: string,
  json: string,
): Promise<string | undefined> => {
  try {
    const { ok, status } = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: json,
      redirect: 'manual',
      signal: AbortSignal.timeout(deadlineMs),
    })
    return ok ? undefined : `it answered with status ${String(status)}`
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError')
      return `it did not answer within ${String(deadlineMs / 1000)} seconds`
    if (!(error instanceof TypeError)) throw error
    const { cause } = error
    const code =
      cause instanceof Error || typeof cause === 'object'
        ? (cause as { code?: unknown } | null)?.code
        : undefined
    return `it can't be reached${typeof code === 'string' ? `: ${code}` : ''}`
  }
}
