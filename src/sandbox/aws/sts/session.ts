import { get, put } from '../../table.js'
import { secretOf, sessionArn } from '../ids.js'
import { sessionKeyId, sessionToken, type Credentials, type Session } from '../caller.js'
import type { AwsDesk } from '../desk.js'
import type { AwsRole } from '../rows.js'

/** What assuming a role gives. */
export interface Assumed {
  readonly credentials: Credentials & { readonly sessionToken: string }
  /** ISO 8601. */
  readonly expires: string
  readonly arn: string
  readonly id: string
}

/** Begins a session of a role. Whether that is allowed was asked before. */
export const begin = (
  { state, now, region }: Pick<AwsDesk, 'state' | 'now' | 'region'>,
  role: AwsRole,
  wanted: Omit<Session, 'account' | 'roleId' | 'issued' | 'expires'> & { readonly seconds: number },
): Assumed => {
  const { seconds, ...rest } = wanted
  const issued = Math.floor(Date.parse(now) / 1000)
  const session: Session = {
    ...rest,
    account: role.account,
    roleId: role.id,
    issued,
    expires: issued + seconds,
  }
  const token = sessionToken(state, session)
  const accessKeyId = sessionKeyId(state, token)
  put(state.tables.awsRoles, {
    ...(get(state.tables.awsRoles, role.uuid) ?? role),
    lastUsedAt: now,
    lastUsedIn: region,
  })
  return {
    credentials: { accessKeyId, secretAccessKey: secretOf(state, accessKeyId), sessionToken: token },
    expires: new Date(session.expires * 1000).toISOString(),
    arn: sessionArn(state, role, session.name),
    id: `${role.id}:${session.name}`,
  }
}

/** As STS says it. */
export const saidOf = ({ credentials, expires, arn, id }: Assumed) => ({
  Credentials: {
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: credentials.sessionToken,
    Expiration: expires,
  },
  AssumedRoleUser: { AssumedRoleId: id, Arn: arn },
})
