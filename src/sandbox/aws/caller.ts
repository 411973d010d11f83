import { createHmac, timingSafeEqual } from 'node:crypto'
import type { State } from '../state.js'
import { first } from '../table.js'
import { keyIdOf, roleArn, sessionArn, userArn } from './ids.js'
import type { AwsRole, AwsUser, Tag } from './rows.js'

/** What somebody has who has assumed a role. */
export interface Session {
  readonly account: string
  /** `AROA…`: when the role goes, so do its sessions. */
  readonly roleId: string
  readonly name: string
  /** Epoch seconds. */
  readonly issued: number
  readonly expires: number
  readonly tags: readonly Tag[]
  /** Keys of tags that go along to the next role. */
  readonly transitive: readonly string[]
  /** Policies that narrow it, as text. */
  readonly policies: readonly string[]
  readonly sourceIdentity: string | null
  /** ARN of the provider whose token it was. */
  readonly provider: string | null
  /** ARN of the instance that was handed it. */
  readonly instance: string | null
}

/** Who asks. */
export interface Caller {
  readonly account: string
  readonly arn: string
  readonly userId: string
  readonly user?: AwsUser
  readonly role?: AwsRole
  readonly session?: Session
}

/** What a client signs with. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

const sealOf = ({ seed }: State, text: string) =>
  createHmac('sha256', `${seed}/aws-session`).update(text).digest('base64url')

/** A session as text: all that is to be known of it is in it, sealed. So nothing has to be kept. */
export const sessionToken = (state: State, session: Session): string => {
  const text = Buffer.from(JSON.stringify(session)).toString('base64url')
  return `${text}.${sealOf(state, text)}`
}

/** The session that a token is of; nothing, if it was never issued here. */
export const sessionIn = (state: State, token: string): Session | undefined => {
  const [text = '', seal = ''] = token.split('.')
  const [given, right] = [Buffer.from(seal), Buffer.from(sealOf(state, text))]
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as Session
}

export const sessionKeyId = (state: State, token: string): string => keyIdOf(state, 'ASIA', token)

export const callerOfUser = (state: State, user: AwsUser): Caller => ({
  account: user.account,
  arn: userArn(state, user),
  userId: user.id,
  user,
})

export const callerOfSession = (state: State, role: AwsRole, session: Session): Caller => ({
  account: role.account,
  arn: sessionArn(state, role, session.name),
  userId: `${role.id}:${session.name}`,
  role,
  session,
})

/** The role of this id, while it is there. */
export const roleById = ({ tables }: State, id: string): AwsRole | undefined =>
  first(tables.awsRoles, 'id', id)

/** The policies and tags of who asks hang on this. */
export const principalArn = (state: State, { user, role }: Caller): string =>
  user ? userArn(state, user) : role ? roleArn(state, role) : ''
