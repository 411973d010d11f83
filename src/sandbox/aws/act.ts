import { fork, type State } from '../state.js'
import { switchesOf, type Switches } from '../switches.js'
import { get, where } from '../table.js'
import { isTrusted } from './authorize/assume.js'
import { callerOfSession, callerOfUser, roleById, sessionIn, type Caller } from './caller.js'
import type { AwsDesk, Network } from './desk.js'
import { partitionOf } from './ids.js'
import { operationNamed, serviceOf } from './operations.js'
import { perform } from './perform.js'
import { readInput } from './reading.js'
import { AwsRefused } from './refused.js'
import { begin, saidOf } from './sts/session.js'
import { principalNamed } from './trust.js'

/** Who asks AWS for something, and from where. */
export interface AwsActor {
  /** A session token, or a user's ARN; nothing, for who comes with a token of a provider. */
  readonly as?: string
  /** ISO 8601, in UTC. */
  readonly now: string
  readonly region?: string
  readonly network?: Network
  readonly switches?: Partial<Switches>
}

/** What came of it. The state that went in is as it was. */
export type AwsDone =
  | { readonly state: State; readonly result: unknown }
  /** `AccessDenied: User: …` */
  | { readonly refused: string }

const deskOf = (state: State, { now, region, network, switches }: AwsActor): AwsDesk => ({
  state,
  now,
  switches: switchesOf(state.switches, switches),
  faults: [],
  n: 0,
  births: {},
  region: region ?? 'us-east-1',
  network: network ?? { sourceIp: '127.0.0.1' },
  userAgent: null,
})

const refused = (code: string, message: string) => ({ refused: `${code}: ${message}` })

const callerOf = (state: State, { as = '', now }: AwsActor): Caller | undefined => {
  if (as.startsWith('arn:')) {
    const user = principalNamed(state, as)
    return user && 'accessKeyId' in user ? callerOfUser(state, user) : undefined
  }
  const session = sessionIn(state, as)
  const role = session && roleById(state, session.roleId)
  return session && role && session.expires * 1000 > Date.parse(now)
    ? callerOfSession(state, role, session)
    : undefined
}

const attempt = (state: State, does: () => unknown): AwsDone => {
  try {
    return { result: does(), state }
  } catch (error) {
    if (error instanceof AwsRefused) return refused(error.code, error.message)
    throw error
  }
}

/**
 * Does what a request to AWS would do, by the same checks, past the wire.
 *
 * @param name   an operation: `AssumeRoleWithWebIdentity`
 * @param input  with the API's own names
 */
export const actInAws = (
  state: State,
  actor: AwsActor,
  name: string,
  input: Readonly<Record<string, unknown>> = {},
): AwsDone => {
  const service = serviceOf(name)
  const operation = service && operationNamed(service, name)
  if (!operation) throw new Error(`there is no operation ${name}`)
  const after = fork(state)
  const desk = deskOf(after, actor)
  return attempt(after, () => {
    const read = readInput(service, operation.input, input)
    if ('open' in operation) return operation.does(desk, read as never)
    const caller = callerOf(after, actor)
    if (!caller)
      throw new AwsRefused('InvalidClientTokenId', 'The security token included in the request is invalid.')
    return perform(desk, caller, operation, read)
  })
}

/** How long an instance's credentials last, before it is handed others. */
const INSTANCE_SECONDS = 6 * 3600

/**
 * What anything on an instance finds at its metadata service: credentials of the role that the instance's profile holds.
 *
 * @param role      its ARN
 * @param instance  `i-0123456789abcdef0`
 */
export const actAsInstance = (state: State, actor: AwsActor, role: string, instance: string): AwsDone => {
  const after = fork(state)
  const desk = deskOf(after, actor)
  const row = principalNamed(after, role)
  const isHeld = row !== undefined && where(after.tables.awsProfiles, 'holds', row.uuid).length > 0
  const found = isHeld ? get(after.tables.awsRoles, row.uuid) : undefined
  const by = { kind: 'Service', name: 'ec2.amazonaws.com' } as const
  if (!found || !isTrusted(desk, found, by, 'sts:AssumeRole', {}))
    return refused('AssumeRoleUnauthorizedAccess', 'EC2 cannot assume the role')
  return attempt(after, () =>
    saidOf(
      begin(desk, found, {
        seconds: INSTANCE_SECONDS,
        name: instance,
        tags: [],
        transitive: [],
        policies: [],
        sourceIdentity: null,
        provider: null,
        instance: `arn:${partitionOf(after, found.account)}:ec2:${desk.region}:${found.account}:instance/${instance}`,
      }),
    ),
  )
}
