import type { AwsAccount } from '../../model/aws.js'

interface ArnParts {
  readonly partition: string
  readonly service: string
  readonly account: string
  /** What follows the account: `role/buildkite/web-deploy`. */
  readonly resource: string
}

/** An ARN in its parts; nothing where it is none. */
export const partsOf = (arn: string): ArnParts | undefined => {
  const [scheme, partition, service, region, account, ...rest] = arn.split(':')
  if (scheme !== 'arn' || !partition || !service || region === undefined || account === undefined)
    return undefined
  return { partition, service, account, resource: rest.join(':') }
}

/** The policies that AWS keeps for everybody belong to an account called `aws`. */
const isManagedByAws = ({ service, account, resource }: ArnParts): boolean =>
  service === 'iam' && account === 'aws' && resource.startsWith('policy/')

/** Whether an ARN is of this account and partition, or a policy that AWS keeps for everybody there. */
const isAtHome = (arn: string, { id, partition }: Pick<AwsAccount, 'id' | 'partition'>): boolean => {
  const parts = partsOf(arn)
  if (parts?.partition !== partition) return false
  return parts.account === id || isManagedByAws(parts)
}

/** What is in an answer and has no business there: the first ARN, by the name of its field, of another account. */
export const strangerIn = (answer: unknown, account: AwsAccount): string | undefined => {
  if (Array.isArray(answer)) return firstOf(answer, (one) => strangerIn(one, account))
  if (typeof answer !== 'object' || answer === null || answer instanceof Date) return undefined
  return firstOf(Object.entries(answer), ([field, value]: [string, unknown]) =>
    typeof value === 'string' && /arn$/i.test(field)
      ? isAtHome(value, account)
        ? undefined
        : value
      : strangerIn(value, account),
  )
}

const firstOf = <One>(all: readonly One[], find: (one: One) => string | undefined): string | undefined => {
  for (const one of all) {
    const found = find(one)
    if (found !== undefined) return found
  }
  return undefined
}

/** The role that is assumed to get into an account. */
export const roleArn = ({ partition, id }: AwsAccount, role: string): string =>
  role.startsWith('arn:') ? role : `arn:${partition}:iam::${id}:role/${role.replace(/^\/+/, '')}`

/** What an OIDC provider is called: its address without the scheme. */
export const providerArn = ({ partition, id }: AwsAccount, url: string): string =>
  `arn:${partition}:iam::${id}:oidc-provider/${url.replace(/^https:\/\//i, '').replace(/\/+$/, '')}`

export const parameterArn = ({ partition, id, region }: AwsAccount, name: string): string =>
  `arn:${partition}:ssm:${region}:${id}:parameter${name.startsWith('/') ? name : `/${name}`}`
