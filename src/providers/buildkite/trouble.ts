import type { RefusalReason } from '../../model/refusal.js'
import { isAnswer, type Heard, type Silence } from '../exchange.js'

/** What an answer says of itself, for refusals. */
export interface Facts {
  readonly status?: number
  readonly requestId?: string
}

/** What went wrong with one request, as far as can be told. */
export interface Trouble extends Facts {
  readonly reason: RefusalReason
  /** In a person's words; follows the name of the call and a colon. */
  readonly what: string
  readonly scope?: string
  /** Whether the API may have done what was asked, all the same. */
  readonly done: 'no' | 'perhaps'
  /** `soon`: a passing fault. `late`: one that took its time, so once is enough. `reset`: when the window turns. */
  readonly again: 'never' | 'soon' | 'late' | 'reset'
}

type Judged = Pick<Trouble, 'reason' | 'what'> & Partial<Pick<Trouble, 'scope' | 'done' | 'again'>>

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** One line of at most 300 characters: an answer's words are somebody else's. */
const oneLine = (text: string): string => {
  const line = text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim()
  return line.length > 300 ? `${line.slice(0, 299)}…` : line
}

/** A field's error in REST; its value is left out, because it may be anything. */
const fieldError = ({ field, code, message }: Readonly<Record<string, unknown>>): string[] => {
  const said = typeof message === 'string' ? message : typeof code === 'string' ? code : undefined
  if (said === undefined) return []
  return [typeof field === 'string' ? `${field}: ${said}` : said]
}

/** What the errors of an answer say, in GraphQL's shape or in REST's. */
const wordsIn = (body: unknown): string[] => {
  if (!isObject(body)) return []
  const errors = Array.isArray(body['errors']) ? body['errors'] : []
  const message = typeof body['message'] === 'string' ? [body['message']] : []
  return [...message, ...errors.flatMap((one) => (isObject(one) ? fieldError(one) : []))]
    .map(oneLine)
    .filter(Boolean)
}

/** The JSON of a body; nothing where there is none, which JSON itself can't say. */
export const jsonIn = (body: string): unknown => {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}

const quoted = (what: string, words: readonly string[]): string =>
  words.length === 0 ? what : `${what}; Buildkite says "${words.slice(0, 3).join('; ')}"`

const scopeIn = (text: string) => /doesn['’]t have the ([\w-]+) scope/i.exec(text)?.[1]

const fieldNamedIn = (text: string): string | undefined => {
  const ours = /Cannot query field ["'](\w+)["'] on type ["'](\w+)["']/.exec(text)
  const theirs = /Field ['"](\w+)['"] doesn['’]t exist on type ['"](\w+)['"]/.exec(text)
  const [, field, type] = ours ?? theirs ?? []
  return field === undefined || type === undefined ? undefined : `${type}.${field}`
}

const complexityIn = (text: string) =>
  /complexity of (\d+), which exceeds max complexity of (\d+)/i.exec(text)

const missing = /^No [\w ]+ found\b|\bnot found\b|\bno longer exists\b/i
const notAllowed = /^Forbidden$|You['’]re not allowed to do that/i

const missingScope = (scope: string): Judged => ({
  reason: 'missing-scope',
  what: `the token lacks the scope ${scope}`,
  scope,
})

/** A no said with status 200, as GraphQL says it. Only documented texts are told apart; any other is a rule of the API. */
const judgeWords = (words: readonly string[]): Judged => {
  const text = words.join('\n')
  const scope = scopeIn(text)
  const field = fieldNamedIn(text)
  const complexity = complexityIn(text)
  if (scope !== undefined) return missingScope(scope)
  if (/\bcurrently busy\b/i.test(text))
    return { reason: 'unavailable', what: 'Buildkite is busy', done: 'no', again: 'soon' }
  if (field !== undefined)
    return { reason: 'invalid', what: `this organization's API has no field ${field}, which bridle reads` }
  if (complexity !== null)
    return {
      reason: 'invalid',
      what: `it asks for ${complexity[1] ?? ''} points at once and this organization allows ${complexity[2] ?? ''}; the page sizes of bridle are fixed, so the limit has to be raised`,
    }
  if (words.some((one) => missing.test(one)))
    return { reason: 'not-found', what: 'what it is about is not there' }
  if (words.some((one) => notAllowed.test(one)))
    return { reason: 'forbidden', what: "the token's user may not do that" }
  return { reason: 'invalid', what: 'it was refused' }
}

const hostIn = (location: string | null): string =>
  location !== null && URL.canParse(location) ? new URL(location).host : 'another address'

const judgeStatus = (status: number, words: readonly string[], headers: Headers): Judged => {
  const scope = scopeIn(words.join('\n'))
  if (status >= 300 && status < 400 && status !== 304)
    return {
      reason: 'untrusted-endpoint',
      what: `the answer sends on to ${hostIn(headers.get('location'))}, and the token goes nowhere else`,
    }
  if (status === 401) return { reason: 'unauthenticated', what: 'the token is unknown, expired or revoked' }
  if (status === 403 && scope !== undefined) return missingScope(scope)
  if (status === 403) return { reason: 'forbidden', what: "the token's user may not do that" }
  if (status === 404)
    return words.some((one) => /No organization found/i.test(one))
      ? { reason: 'not-found', what: unknownOrganization }
      : { reason: 'not-found', what: 'what it is about is not there, or not for this token' }
  if (status === 429) return { reason: 'rate-limited', what: 'the rate limit is used up', again: 'reset' }
  if (status >= 500 || status === 408)
    return {
      reason: 'unavailable',
      what: `Buildkite failed with status ${status}`,
      done: 'perhaps',
      again: 'soon',
    }
  if (status >= 400) return { reason: 'invalid', what: 'it was refused' }
  return { reason: 'unreadable', what: `the answer has status ${status}`, done: 'perhaps' }
}

/** A null organization means either, and the API does not say which. */
const unknownOrganization =
  'there is no such organization, or the token is not enabled for it or its user is no member of it'

const silences: Readonly<Record<Silence['silence'], Judged>> = {
  unsent: { reason: 'unreachable', what: 'no connection', done: 'no', again: 'soon' },
  distrusted: {
    reason: 'unreachable',
    what: 'the other side could not prove that it is Buildkite',
    done: 'no',
  },
  late: { reason: 'unreachable', what: 'no answer in time', done: 'perhaps', again: 'late' },
  lost: { reason: 'unreachable', what: 'the connection broke', done: 'perhaps', again: 'soon' },
  stopped: { reason: 'interrupted', what: 'was broken off, because you asked to stop', done: 'no' },
}

/** What is known of an answer whatever it says. */
export const factsOf = (heard: Heard): Facts => {
  const requestId = isAnswer(heard) ? heard.headers.get('x-request-id') : heard.requestId
  return {
    ...(heard.status === undefined ? {} : { status: heard.status }),
    ...(requestId === null || requestId === undefined ? {} : { requestId: oneLine(requestId) }),
  }
}

const trouble = (heard: Heard, judged: Judged): Trouble => ({
  done: 'no',
  again: 'never',
  ...judged,
  ...factsOf(heard),
})

/** What is wrong with an answer before its content is looked at; nothing where its status is a success. */
export const troubleIn = (heard: Heard): Trouble | undefined => {
  if (!isAnswer(heard)) {
    const judged = silences[heard.silence]
    const broken = heard.silence === 'lost' && heard.status !== undefined
    const what = broken ? 'the answer broke off' : judged.what
    const where =
      heard.silence === 'stopped' ? [] : [heard.host, heard.code].filter((one) => one !== undefined)
    return trouble(heard, {
      ...judged,
      ...(broken ? { reason: 'unreadable' } : {}),
      what: where.length === 0 ? what : `${what} (${where.join(', ')})`,
    })
  }
  if (heard.status >= 200 && heard.status < 300) return undefined
  const words = wordsIn(jsonIn(heard.body))
  const judged = judgeStatus(heard.status, words, heard.headers)
  return trouble(heard, { ...judged, what: quoted(judged.what, words) })
}

/**
 * What GraphQL errors in a success mean.
 *
 * @param data  what came beside them: something there means that something was done
 */
export const troubleInErrors = (heard: Heard, errors: unknown, data: unknown): Trouble => {
  const words = wordsIn({ errors: Array.isArray(errors) ? (errors as unknown[]) : [errors] })
  const judged = judgeWords(words)
  const done =
    isObject(data) && Object.values(data).some((value) => value !== null) ? 'perhaps' : (judged.done ?? 'no')
  return trouble(heard, { ...judged, done, what: quoted(judged.what, words) })
}

/** An answer that is not what the API is documented to say. What was asked may have been done. */
export const unreadable = (heard: Heard, what: string): Trouble =>
  trouble(heard, { reason: 'unreadable', what, done: 'perhaps' })

/** An answer that says that there is no such organization. */
export const noOrganization = (heard: Heard): Trouble =>
  trouble(heard, { reason: 'not-found', what: unknownOrganization })
