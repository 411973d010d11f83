import type { AwsAccount } from '../model/aws.js'
import { clientsFor, type ClientMeans, type Credentials } from '../providers/aws/clients.js'
import type { AwsMeans } from '../providers/aws/connect.js'
import { variable } from './environment.js'
import type { Machine } from './machine.js'

type Environment = Machine['env']

/** The first link of the SDK's chain. A profile that is named goes before it, as in AWS's own tools. */
const credentialsIn = (env: Environment): Credentials | undefined => {
  const accessKeyId = variable(env, 'AWS_ACCESS_KEY_ID')
  const secretAccessKey = variable(env, 'AWS_SECRET_ACCESS_KEY')
  const sessionToken = variable(env, 'AWS_SESSION_TOKEN')
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined
  if (variable(env, 'AWS_PROFILE') !== undefined) return undefined
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) }
}

/**
 * What an account is entered with: its profile, else what AWS's own tools would take. Only the SDK knows all that a
 * profile can be (keys, a role, single sign-on, a program), so it reads the configuration files itself.
 */
const credentialsFor =
  (env: Environment): ClientMeans['credentials'] =>
  async ({ profile, region }, requestHandler) => {
    const given = profile === undefined ? credentialsIn(env) : undefined
    if (given !== undefined) return given
    const { fromIni, fromNodeProviderChain } = await import('@aws-sdk/credential-providers')
    const clientConfig = { requestHandler, maxAttempts: 1 }
    const resolve =
      profile === undefined ? fromNodeProviderChain({ clientConfig }) : fromIni({ profile, clientConfig })
    return resolve({ callerClientConfig: { region: () => Promise.resolve(region) } })
  }

/** Where the environment says that services answer. What configuration files say of it the SDK finds by itself. */
const endpointsIn = (env: Environment): NonNullable<ClientMeans['endpoints']> => {
  if (variable(env, 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS')?.toLowerCase() === 'true') return {}
  const shared = variable(env, 'AWS_ENDPOINT_URL')
  const endpointOf = (service: 'iam' | 'sts' | 'ssm' | 'kms') => {
    const endpoint = variable(env, `AWS_ENDPOINT_URL_${service.toUpperCase()}`) ?? shared
    return endpoint === undefined ? {} : { [service]: endpoint }
  }
  return { ...endpointOf('iam'), ...endpointOf('sts'), ...endpointOf('ssm'), ...endpointOf('kms') }
}

/**
 * Accounts with the roles that `BRIDLE_AWS_ROLES` says to enter them with, `prod=bridle-read test=bridle-read`, instead of
 * the way that the files say: a check that only reads should not have to become the role that applies.
 */
const entered = (accounts: readonly AwsAccount[], env: Environment): readonly AwsAccount[] => {
  const roles = new Map(
    (variable(env, 'BRIDLE_AWS_ROLES') ?? '').split(/\s+/).flatMap((word) => {
      const [, name, role] = /^([^=]+)=(.+)$/.exec(word) ?? []
      return name === undefined || role === undefined ? [] : [[name, role] as const]
    }),
  )
  return accounts.map((account) => {
    const assumeRole = roles.get(account.name)
    if (assumeRole === undefined) return account
    const { name, id, partition, region } = account
    return { name, id, partition, region, assumeRole }
  })
}

/** What a conversation with the declared accounts needs, from this machine. */
export const awsMeans = (
  machine: Machine,
  accounts: readonly AwsAccount[],
  how: Pick<ClientMeans, 'userAgent' | 'trustEndpoint'> & Pick<AwsMeans, 'signal' | 'onWait'>,
): AwsMeans => {
  const { clock, env, fetch, requestSeconds } = machine
  const { userAgent, trustEndpoint, signal, onWait } = how
  return {
    accounts: entered(accounts, env),
    clients: clientsFor({
      fetch: (url, init) => fetch(url, init),
      clock,
      timeoutSeconds: requestSeconds,
      userAgent,
      ...(trustEndpoint === undefined ? {} : { trustEndpoint }),
      credentials: credentialsFor(env),
      endpoints: endpointsIn(env),
    }),
    clock,
    random: () => machine.random(),
    ...(signal === undefined ? {} : { signal }),
    ...(onWait === undefined ? {} : { onWait }),
  }
}
