import { one } from '../faults.js'
import type { Desk, Incoming, Reply } from '../reply.js'
import { uuidAt } from '../state.js'
import { first } from '../table.js'
import { callerOfSession, callerOfUser, roleById, sessionIn, sessionKeyId, type Caller } from './caller.js'
import type { AwsDesk, Network } from './desk.js'
import { secretOf } from './ids.js'
import { speaksJson, type Service } from './operation.js'
import { operationNamed } from './operations.js'
import { perform } from './perform.js'
import { readInput } from './reading.js'
import { AwsRefused } from './refused.js'
import { formIn } from './wire/form.js'
import { isSignedWith, signedAt, signedIn } from './wire/signature.js'
import type { Target } from './wire/target.js'
import { answerDocument, errorDocument, type Xml } from './wire/xml.js'

const SKEW_MS_AT_MOST = 15 * 60 * 1000

const namespaces = {
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
} as const

/** What the services call the same trouble. */
const names = {
  missing: ['MissingAuthenticationToken', 'MissingAuthenticationTokenException'],
  unknown: ['InvalidClientTokenId', 'UnrecognizedClientException'],
  signature: ['SignatureDoesNotMatch', 'InvalidSignatureException'],
  expired: ['ExpiredToken', 'ExpiredTokenException'],
  late: ['RequestExpired', 'RequestExpired'],
  throttled: ['Throttling', 'ThrottlingException'],
  action: ['InvalidAction', 'UnknownOperationException'],
  denied: ['AccessDenied', 'AccessDeniedException'],
  broken: ['ServiceFailure', 'InternalServerError'],
} as const

const no = (service: Service, what: keyof typeof names, message: string, status = 403): AwsRefused => {
  const [query, json] = names[what]
  return speaksJson(service) ? new AwsRefused(json, message, 400) : new AwsRefused(query, message, status)
}

/** Whose access key a request is signed with: a user's, or one of a session. */
const callerIn = (desk: AwsDesk, service: Service, { headers }: Incoming, accessKeyId: string): Caller => {
  const { state } = desk
  const invalid = no(service, 'unknown', 'The security token included in the request is invalid.')
  const token = headers.get('x-amz-security-token')
  if (token === null) {
    const user = first(state.tables.awsUsers, 'accessKeyId', accessKeyId)
    if (!user) throw invalid
    return callerOfUser(state, user)
  }
  const session = sessionIn(state, token)
  if (!session || sessionKeyId(state, token) !== accessKeyId) throw invalid
  const role = roleById(state, session.roleId)
  if (!role) throw invalid
  if (session.expires * 1000 <= Date.parse(desk.now))
    throw no(service, 'expired', 'The security token included in the request is expired')
  return callerOfSession(state, role, session)
}

const authenticated = (desk: AwsDesk, service: Service, incoming: Incoming): Caller => {
  const signed = signedIn(incoming.headers)
  if (!signed) {
    const message = speaksJson(service)
      ? 'Missing Authentication Token'
      : 'Request is missing Authentication Token'
    throw no(service, 'missing', message)
  }
  if (one(desk.faults, 'expired'))
    throw no(service, 'expired', 'The security token included in the request is expired')
  const caller = callerIn(desk, service, incoming, signed.accessKeyId)
  if (signed.service !== service || !isSignedWith(incoming, signed, secretOf(desk.state, signed.accessKeyId)))
    throw no(
      service,
      'signature',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    )
  const skew = one(desk.faults, 'skew')
  const off = Math.abs(signedAt(incoming.headers) - (Date.parse(desk.now) + (skew?.seconds ?? 0) * 1000))
  if ((desk.switches.awsChecksTime || skew) && !(off <= SKEW_MS_AT_MOST))
    throw no(service, 'late', 'Request has expired.', 400)
  return caller
}

const networkOf = ({ headers }: Incoming): Network => {
  const vpc = headers.get('sandbox-source-vpc')
  const vpce = headers.get('sandbox-source-vpce')
  return {
    sourceIp: headers.get('x-forwarded-for')?.split(',')[0]?.trim() ?? '127.0.0.1',
    ...(vpc !== null && { sourceVpc: vpc }),
    ...(vpce !== null && { sourceVpce: vpce }),
  }
}

const deskOf = (desk: Desk, incoming: Incoming): AwsDesk => ({
  state: desk.state,
  now: new Date(desk.now).toISOString(),
  switches: desk.switches,
  faults: desk.faults,
  n: desk.asked.n,
  births: desk.births,
  region: signedIn(incoming.headers)?.region ?? 'us-east-1',
  network: networkOf(incoming),
  userAgent: incoming.headers.get('user-agent'),
})

const givenIn = (service: Service, { params }: Target, { body }: Incoming): unknown => {
  if (!speaksJson(service)) return formIn(params)
  try {
    return body === '' ? {} : JSON.parse(body)
  } catch {
    throw new AwsRefused('SerializationException', 'The request could not be read as JSON.')
  }
}

/** What is told to go wrong, whoever asks. */
const befallen = (desk: AwsDesk, service: Service): void => {
  if (one(desk.faults, 'limited')) throw no(service, 'throttled', 'Rate exceeded', 400)
  const error = one(desk.faults, 'error')
  if (error) {
    const [query, json] = names.broken
    const code = error.code ?? (speaksJson(service) ? json : query)
    throw new AwsRefused(code, error.message, error.status ?? (error.code === undefined ? 500 : 400))
  }
}

const done = (desk: AwsDesk, target: Target, incoming: Incoming): Xml => {
  const { service, operation: name } = target
  const operation = operationNamed(service, name)
  if (!operation)
    throw no(
      service,
      'action',
      `Could not find operation ${name} for version ${target.params.get('Version') ?? 'NO_VERSION_SPECIFIED'}`,
      400,
    )
  if ('open' in operation) {
    befallen(desk, service)
    return operation.does(
      desk,
      readInput(service, operation.input, givenIn(service, target, incoming)) as never,
    )
  }
  const caller = authenticated(desk, service, incoming)
  befallen(desk, service)
  return perform(
    desk,
    caller,
    operation,
    readInput(service, operation.input, givenIn(service, target, incoming)),
  )
}

const headersOf = (now: string, requestId: string, type: string) => ({
  'Content-Type': type,
  'x-amzn-RequestId': requestId,
  Date: new Date(now).toUTCString(),
})

const JSON_TYPE = 'application/x-amz-json-1.1'

const written = (service: Service, name: string, result: Xml, now: string, requestId: string): Reply =>
  speaksJson(service)
    ? { status: 200, body: JSON.stringify(result ?? {}), headers: headersOf(now, requestId, JSON_TYPE) }
    : {
        status: 200,
        body: answerDocument(namespaces[service], name, result, requestId),
        headers: headersOf(now, requestId, 'text/xml'),
      }

const refusal = (service: Service, refused: AwsRefused, now: string, requestId: string): Reply => {
  const { code, message, status } = refused
  return speaksJson(service)
    ? {
        status,
        body: JSON.stringify({ __type: code, message }),
        headers: { ...headersOf(now, requestId, JSON_TYPE), 'x-amzn-ErrorType': code },
      }
    : {
        status,
        body: errorDocument(namespaces[service], refused, requestId),
        headers: headersOf(now, requestId, 'text/xml'),
      }
}

/** An answer of AWS's own: who asks, what they ask for, whether they may, and what comes of it. */
export const answerAws = (desk: Desk, target: Target, incoming: Incoming): Reply => {
  const { service, operation } = target
  const own = deskOf(desk, incoming)
  const requestId = uuidAt(`${desk.state.seed}/request`, desk.asked.n)
  try {
    return written(service, operation, done(own, target, incoming), own.now, requestId)
  } catch (error) {
    if (error instanceof AwsRefused) return refusal(service, error, own.now, requestId)
    throw error
  }
}
