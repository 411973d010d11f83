import type { AwsAccount } from '../../model/aws.js'
import type { RefusalReason } from '../../model/refusal.js'
import { isAnswer, type Answer, type Silence } from '../exchange.js'
import { NoAnswer } from './handler.js'

/** What was said, and by whom: what a no is to be understood from. */
export interface About {
  readonly account: AwsAccount
  /** As IAM calls it: `iam:CreateRole`. */
  readonly call: string
  /** Who asks, where that is known by now. */
  readonly asker?: string
  /** Takes secrets out of a text, while it is whole: half a secret is not known for one. */
  readonly clean: (text: string) => string
  /** True where AWS's words may hold what the call said, and the call says a secret. */
  readonly unquotable?: boolean
}

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
  /** The IAM action that is missing. */
  readonly action?: string
  /** AWS's word for it, without `Exception` behind it: `NoSuchEntity`. */
  readonly code?: string
  /** AWS's sentence, on one line, without the secrets of the conversation; it may still hold what the call said. */
  readonly words?: string
  /** Whether AWS may have done what was asked, all the same. */
  readonly done: 'no' | 'perhaps'
  /**
   * `soon`: a passing fault. `late`: one that took its time, so once is enough. `throttled`: when it is quieter. `renewed`:
   * with other credentials. `skewed`: with the time that AWS's answer had, which the SDK has noticed.
   */
  readonly again: 'never' | 'soon' | 'late' | 'throttled' | 'renewed' | 'skewed'
}

type Judged = Pick<Trouble, 'reason' | 'what'> & Partial<Trouble>

/** One line of at most 300 characters: an answer's words are somebody else's. */
const oneLine = (text: string): string => {
  const line = text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim()
  return line.length > 300 ? `${line.slice(0, 299)}…` : line
}

/** What the SDK throws, as far as it is looked at. */
interface Thrown {
  readonly name?: unknown
  readonly message?: unknown
  /** The code as the query protocol sends it; the name is the SDK's own, where it knows the error. */
  readonly Code?: unknown
  readonly RequestId?: unknown
  readonly $fault?: unknown
  readonly $response?: unknown
  readonly $metadata?: {
    readonly httpStatusCode?: unknown
    readonly requestId?: unknown
    readonly clockSkewCorrected?: unknown
  }
}

const textIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** A code is one word; whatever else stands in its place is none. */
const codeIn = ({ Code, name }: Thrown): string | undefined => {
  const code = (textIn(Code) ?? textIn(name))?.replace(/^.*#/, '').replace(/Exception$/, '')
  return code !== undefined && /^[\w.:-]{1,100}$/.test(code) ? code : undefined
}

const passed = /^(ExpiredToken|TokenRefreshRequired|RequestExpired)$/
const unknown =
  /^(InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|InvalidToken|AuthFailure|MissingAuthenticationToken)$/
const unsigned = /^(SignatureDoesNotMatch|InvalidSignature|IncompleteSignature|RequestTimeTooSkewed)$/
const forbidden = /^(AccessDenied|UnauthorizedOperation|NotAuthorized)$/
const throttled =
  /^(Throttling|Throttled|RequestThrottled|RequestLimitExceeded|TooManyRequests|TooManyUpdates|BandwidthLimitExceeded|SlowDown|PriorRequestNotComplete)$/
const faulty =
  /^(ServiceFailure|ServiceUnavailable|InternalFailure|InternalError|InternalServerError|RequestTimeout)$/
const contested = /^(ConcurrentModification|EntityTemporarilyUnmodifiable|OperationAborted)$/
const missing = /^(NoSuchEntity|ParameterNotFound|InvalidResourceId|NotFound)$/

/**
 * Who lacks what, as IAM words it: "User: ARN is not authorized to perform: iam:CreateRole on resource: ARN because no
 * identity-based policy allows the iam:CreateRole action". Only what has the form of these parts is taken over.
 */
const denialIn = (words: string) => ({
  who: /\bUser: (arn:[\w:/+=,.@-]+)/.exec(words)?.[1],
  action: /not authorized to perform: ?([\w-]+:\w+)/.exec(words)?.[1],
  on: /\bon resource: ?(arn:[\w:/+=,.@*-]+)/.exec(words)?.[1],
  why:
    /\b(with an explicit deny in an? [\w -]+)/.exec(words)?.[1] ??
    /\bbecause (no [\w -]+ allows)/.exec(words)?.[1]?.replace(/ allows$/, ' allows it'),
})

const judgeDenial = (words: string, { account, call, asker }: About): Judged => {
  const { who, action = call, on, why } = denialIn(words)
  const whoever = who ?? asker ?? `whoever asks in account ${account.id}`
  const role = action === 'sts:AssumeRole' && why === undefined
  return {
    reason: 'forbidden',
    what: [
      `${whoever} may not do ${action}`,
      ...(on === undefined ? [] : [`on ${on}`]),
      ...(why === undefined ? [] : [`(${why})`]),
      ...(role ? ['(its own policies, or the trust policy of the role and its external id)'] : []),
    ].join(' '),
    action,
  }
}

/** What an error of the service means. Only codes are told apart; any other is a rule of the API. */
const judgeCode = (
  code: string,
  words: string,
  { status, skewed }: { readonly status: number | undefined; readonly skewed: boolean },
  about: About,
): Judged => {
  const { name } = about.account
  if (throttled.test(code) || status === 429)
    return { reason: 'rate-limited', what: 'AWS says that it is asked too often', again: 'throttled' }
  if (passed.test(code))
    return {
      reason: 'unauthenticated',
      what: `the credentials for account "${name}" have expired`,
      again: 'renewed',
    }
  if (unknown.test(code))
    return { reason: 'unauthenticated', what: `AWS does not know the credentials for account "${name}"` }
  if (unsigned.test(code)) {
    // AWS's words hold the whole request here, session token and all.
    const what = `the signature is wrong: the secret key is not that of the access key, or this machine's clock is wrong`
    return { reason: 'unauthenticated', what, again: skewed ? 'skewed' : 'never' }
  }
  if (code === 'OptInRequired')
    return { reason: 'unauthenticated', what: `account "${name}" is not signed up for the service` }
  if (forbidden.test(code)) return judgeDenial(words, about)
  if (contested.test(code))
    return { reason: 'unavailable', what: 'somebody else is changing it right now', again: 'soon' }
  if (faulty.test(code) || (status !== undefined && status >= 500) || status === 408)
    return {
      reason: 'unavailable',
      what: `AWS failed with ${code}`,
      done: 'perhaps',
      again: 'soon',
    }
  const said = about.unquotable === true || words === '' || /^(Unknown|UnknownError)$/.test(words)
  const quoted = said ? `AWS says ${code}` : `AWS says "${code}: ${words}"`
  if (missing.test(code)) return { reason: 'not-found', what: `what it is about is not there; ${quoted}` }
  return { reason: 'invalid', what: `it was refused; ${quoted}` }
}

/** The SDK could make nothing of an answer. */
const judgeUnreadable = (status: number | undefined): Judged =>
  status !== undefined && status >= 500
    ? { reason: 'unavailable', what: `AWS failed with status ${status}`, done: 'perhaps', again: 'soon' }
    : { reason: 'unreadable', what: 'the answer is not what AWS is documented to say', done: 'perhaps' }

const hostIn = (location: string | null): string =>
  location !== null && URL.canParse(location) ? new URL(location).host : 'another address'

const judgeAnswer = ({ status, headers, body }: Answer): Judged => {
  if (status >= 300 && status < 400)
    return {
      reason: 'untrusted-endpoint',
      what: `the answer sends on to ${hostIn(headers.get('location'))}, and a signed request goes nowhere else`,
    }
  const what = body.trim() === '' ? 'the answer is empty' : 'the answer is not what AWS is documented to say'
  return { reason: 'unreadable', what, done: 'perhaps' }
}

const silences: Readonly<Record<Silence['silence'], Judged>> = {
  unsent: { reason: 'unreachable', what: 'no connection', again: 'soon' },
  distrusted: { reason: 'unreachable', what: 'the other side could not prove that it is AWS' },
  late: { reason: 'unreachable', what: 'no answer in time', done: 'perhaps', again: 'late' },
  lost: { reason: 'unreachable', what: 'the connection broke', done: 'perhaps', again: 'soon' },
  stopped: { reason: 'interrupted', what: 'was broken off, because you asked to stop' },
}

const judgeSilence = ({ silence, status, host, code }: Silence): Judged => {
  const judged = silences[silence]
  const broken = silence === 'lost' && status !== undefined
  const what = broken ? 'the answer broke off' : judged.what
  const where = silence === 'stopped' ? [] : [host, code].filter((one) => one !== undefined)
  return {
    ...judged,
    ...(broken ? { reason: 'unreadable' } : {}),
    what: where.length === 0 ? what : `${what} (${where.join(', ')})`,
  }
}

/** The SDK found nothing to sign with. A program that was to give it something may have printed anything: that is not quoted. */
const judgeCredentials = (words: string, { account }: About): Judged => {
  const quoted = /command failed|process/i.test(words)
    ? 'the program that its profile names (credential_process) failed'
    : `the SDK says "${words}"`
  return {
    reason: 'unauthenticated',
    what: `there are no credentials for account "${account.name}": ${quoted}`,
  }
}

/**
 * What is wrong, from what the SDK threw; nothing where that is a bug of ours, or a refusal already.
 */
export const troubleIn = (error: unknown, about: About): Trouble | undefined => {
  if (error instanceof NoAnswer) {
    const { heard } = error
    const judged = isAnswer(heard) ? judgeAnswer(heard) : judgeSilence(heard)
    const requestId = isAnswer(heard) ? heard.headers.get('x-amzn-requestid') : heard.requestId
    return {
      done: 'no',
      again: 'never',
      ...judged,
      ...(heard.status === undefined ? {} : { status: heard.status }),
      ...(requestId === undefined || requestId === null
        ? {}
        : { requestId: oneLine(about.clean(requestId)) }),
    }
  }
  if (!(error instanceof Error)) return undefined
  const thrown: Thrown = error
  const words = oneLine(about.clean(textIn(thrown.message) ?? ''))
  if (/^(CredentialsProviderError|TokenProviderError|ProviderError)$/.test(error.name))
    return { done: 'no', again: 'never', ...judgeCredentials(words, about) }
  if (thrown.$fault === undefined && thrown.$response === undefined) return undefined
  const { httpStatusCode, requestId } = thrown.$metadata ?? {}
  const status = typeof httpStatusCode === 'number' ? httpStatusCode : undefined
  const code = thrown.$fault === undefined ? undefined : codeIn(thrown)
  const judged =
    code === undefined || code === 'Unknown'
      ? judgeUnreadable(status)
      : judgeCode(code, words, { status, skewed: thrown.$metadata?.clockSkewCorrected === true }, about)
  const id = textIn(requestId) ?? textIn(thrown.RequestId)
  return {
    done: 'no',
    again: 'never',
    ...judged,
    ...(code === undefined ? {} : { code }),
    ...(words === '' ? {} : { words }),
    ...(status === undefined ? {} : { status }),
    ...(id === undefined ? {} : { requestId: oneLine(about.clean(id)) }),
  }
}
