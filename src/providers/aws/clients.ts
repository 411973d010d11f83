import type { IAM } from '@aws-sdk/client-iam'
import type { KMS } from '@aws-sdk/client-kms'
import type { SSM } from '@aws-sdk/client-ssm'
import type { STS } from '@aws-sdk/client-sts'
import type { AwsAccount } from '../../model/aws.js'
import { Refusal } from '../../model/refusal.js'
import { roleArn } from './arn.js'
import { endpointIn } from './endpoint.js'
import { handlerOver, type HandlerMeans, type RequestHandler } from './handler.js'

/** The SDK's clients for one account, all with the same credentials. */
export interface Clients {
  readonly iam: IAM
  readonly sts: STS
  readonly ssm: SSM
  /** Made when something is asked of it: in most accounts nothing ever is. */
  readonly kms: () => Promise<KMS>
}

/** What a request is signed with. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** What clients are made from. */
export interface ClientMeans extends HandlerMeans {
  /** `bridle/1.2.3`. */
  readonly userAgent: string
  /**
   * What an account is entered with, or, where it says `assume_role`, what the role is assumed with.
   *
   * @param handler  what to ask with, where asking is needed: the rules for endpoints hold there, too
   */
  credentials(account: AwsAccount, handler: RequestHandler): Promise<Credentials>
  /** How far the clock that is signed by is from the machine's: in a story it is another day. */
  readonly clockOffsetMs?: number
  /** Where services answer, where that is not where the SDK finds them by itself. */
  readonly endpoints?: Partial<Readonly<Record<keyof Clients, string>>>
}

/**
 * Makes the clients of an account.
 *
 * @param note  told what there is before anything is signed with it: whoever answers may quote it
 */
export type MakeClients = (account: AwsAccount, note?: (own: Credentials) => void) => Promise<Clients>

/** The session's name in CloudTrail, where a role is assumed. */
const sessionName = 'bridle'

/**
 * Makes the clients of an account. Its credentials are resolved once, here, and never renewed behind anybody's back: who
 * was looked at with `GetCallerIdentity` is who does everything else.
 *
 * The SDK tries once and no more (`maxAttempts`): what is above counts requests, waits by a clock that is handed in, and
 * knows which calls may be said twice; the SDK's own tries would be neither counted nor interruptible.
 *
 * @throws what the SDK throws where there are no credentials, or where the role may not be assumed
 */
export const clientsFor = (means: ClientMeans): MakeClients => {
  const requestHandler = handlerOver(means)

  return async (account, note) => {
    // Looked at before anything is signed.
    const endpoints = Object.entries(means.endpoints ?? {}).map(
      ([service, endpoint]) => [service, endpointIn(endpoint, means.trustEndpoint)] as const,
    )
    const [product = 'bridle', version = ''] = means.userAgent.split('/')

    const configFor = (service: keyof Clients, credentials: Credentials) => {
      const endpoint = endpoints.find(([name]) => name === service)?.[1]
      return {
        region: account.region,
        credentials,
        maxAttempts: 1,
        systemClockOffset: means.clockOffsetMs ?? 0,
        requestHandler,
        customUserAgent: [[product, version] as [string, string]],
        // An endpoint of one's own and these two exclude each other, and configuration files may switch them on.
        ...(endpoint === undefined ? {} : { endpoint, useFipsEndpoint: false, useDualstackEndpoint: false }),
      }
    }

    const [{ IAM }, { STS }, { SSM }] = await Promise.all([
      import('@aws-sdk/client-iam'),
      import('@aws-sdk/client-sts'),
      import('@aws-sdk/client-ssm'),
    ])

    const assume = async (role: string, own: Credentials): Promise<Credentials> => {
      const { Credentials: given } = await new STS(configFor('sts', own)).assumeRole({
        RoleArn: roleArn(account, role),
        RoleSessionName: sessionName,
        ...(account.externalId === undefined ? {} : { ExternalId: account.externalId }),
      })
      const { AccessKeyId, SecretAccessKey, SessionToken } = given ?? {}
      if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined)
        throw new Refusal('unreadable', 'sts:AssumeRole: the answer holds no credentials', {
          call: 'sts:AssumeRole',
          api: 'aws',
        })
      return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
    }

    const own = await means.credentials(account, requestHandler)
    note?.(own)
    const { accessKeyId, secretAccessKey, sessionToken } =
      account.assumeRole === undefined ? own : await assume(account.assumeRole, own)
    // Without an expiration, so that the SDK has no reason to resolve anything again.
    const credentials = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
    return {
      iam: new IAM(configFor('iam', credentials)),
      sts: new STS(configFor('sts', credentials)),
      ssm: new SSM(configFor('ssm', credentials)),
      kms: async () => {
        const { KMS } = await import('@aws-sdk/client-kms')
        return new KMS(configFor('kms', credentials))
      },
    }
  }
}
