import type { Clock } from '../model/clock.js'

/** The one thing that reaches the network. It must not follow redirects when told so, and must heed the signal. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** One request. */
export interface Spoken {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** An answer that came to its end. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/**
 * Why no whole answer came. `unsent`: no connection, so nothing was carried out. `distrusted`: the other side could not
 * prove who it is. `late`: it took too long. `stopped`: a person asked. `lost`: the connection broke.
 */
export interface Silence {
  readonly silence: 'unsent' | 'distrusted' | 'late' | 'stopped' | 'lost'
  /** Who was to answer. */
  readonly host?: string
  /** What the system calls it: ECONNREFUSED. */
  readonly code?: string
  /** Where an answer had begun. */
  readonly status?: number
  readonly requestId?: string
}

/** What came of one request. */
export type Heard = Answer | Silence

export const isAnswer = (heard: Heard): heard is Answer => 'body' in heard

/** By these, nothing was sent: there was no connection to send it on. */
const unsent =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT)$/
const distrusted = /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH)/

interface Fault {
  readonly code?: unknown
  readonly syscall?: unknown
  readonly cause?: unknown
  readonly errors?: unknown
}

/** The errors under an error: fetch wraps what the system said, and a host with several addresses fails several times. */
const under = (error: unknown, depth = 0): Fault[] => {
  if (typeof error !== 'object' || error === null || depth > 5) return []
  const fault: Fault = error
  const several = Array.isArray(fault.errors) ? fault.errors : []
  return [...several.flatMap((one) => under(one, depth + 1)), ...under(fault.cause, depth + 1), fault]
}

/** Names a failure of the network by its code; its message may hold what must not be shown. */
const silenceOf = (error: unknown): Silence => {
  const faults = under(error).filter(({ code }) => typeof code === 'string')
  const code = faults.map((fault) => String(fault.code))[0]
  if (code === undefined) return { silence: 'lost' }
  const never = ({ code, syscall }: Fault) =>
    unsent.test(String(code)) || syscall === 'connect' || syscall === 'getaddrinfo'
  if (faults.every(never)) return { silence: 'unsent', code }
  return { silence: distrusted.test(code) ? 'distrusted' : 'lost', code }
}

/** What an exchange needs. */
export interface ExchangeMeans {
  readonly fetch: Fetch
  readonly clock: Clock
  /** Infinity for worlds whose clock jumps. */
  readonly timeoutSeconds: number
  /** The header that an answer's request id comes in. */
  readonly requestIdIn: string
}

/**
 * Sends one request and hears it out: whole, within its time, and without following where it points. Never throws
 * because of the network.
 *
 * @param stop  breaks off what is under way. Not for what changes something: that is heard out
 */
export type Exchange = (spoken: Spoken, stop?: AbortSignal) => Promise<Heard>

/** Exchanges over a fetch. */
export const exchangeOver = (world: ExchangeMeans): Exchange => {
  const talk = async ({ method, url, headers, body }: Spoken, signal: AbortSignal): Promise<Heard> => {
    let begun: { status: number; requestId?: string } | undefined
    try {
      const response = await world.fetch(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        redirect: 'manual',
        signal,
      })
      const requestId = response.headers.get(world.requestIdIn)
      begun = { status: response.status, ...(requestId === null ? {} : { requestId }) }
      const followed = response.redirected || response.type === 'opaqueredirect'
      return {
        status: followed ? 302 : response.status,
        headers: response.headers,
        body: await response.text(),
      }
    } catch (error) {
      const silence = silenceOf(error)
      return begun === undefined ? silence : { ...silence, silence: 'lost', ...begun }
    }
  }

  return (spoken, stop) => {
    if (stop?.aborted === true) return Promise.resolve({ silence: 'stopped' })
    const breakOff = new AbortController()
    const over = new AbortController()
    const { host } = new URL(spoken.url)
    return new Promise((resolve) => {
      const end = (heard: Heard) => {
        stop?.removeEventListener('abort', stopped)
        over.abort()
        resolve(isAnswer(heard) ? heard : { ...heard, host })
      }
      const giveUp = (silence: 'late' | 'stopped') => {
        end({ silence })
        breakOff.abort()
      }
      const stopped = () => giveUp('stopped')
      stop?.addEventListener('abort', stopped)
      void talk(spoken, breakOff.signal).then(end)
      if (Number.isFinite(world.timeoutSeconds))
        void world.clock.sleep(world.timeoutSeconds * 1_000, over.signal).then(() => {
          if (!over.signal.aborted) giveUp('late')
        })
    })
  }
}
