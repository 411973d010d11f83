import type { AwsAccount } from '../../model/aws.js'
import type { Known } from '../kind.js'

/** Where everything lies that bridle makes in IAM, so that a policy can name it and a person can see it. */
export const ownPath = '/buildkite/'

/** What bridle marks what it makes with. Nothing without the mark is ever taken away. */
export const ownTag = { key: 'managed-by', value: 'bridle' } as const

/** Whether something carries the mark. */
export const isOwn = (path: string, tags: Readonly<Record<string, string>> | undefined): boolean =>
  path.startsWith(ownPath) && tags?.[ownTag.key] === ownTag.value

/** The account and the rest of a key that a person wrote: `prod/web-deploy` is `web-deploy` in `prod`. */
export const inAccount = (key: string): { readonly account: string; readonly name: string } => {
  const slash = key.indexOf('/')
  return slash === -1
    ? { account: '', name: key }
    : { account: key.slice(0, slash), name: key.slice(slash + 1) }
}

/** The declared account of a name, if it is declared. */
export const accountNamed = ({ accounts }: Pick<Known, 'accounts'>, name: string): AwsAccount | undefined =>
  accounts.find((account) => account.name === name)

/** What IAM calls a role, an instance profile or a provider. */
export const arnIn = ({ partition, id }: AwsAccount, resource: string): string =>
  `arn:${partition}:iam::${id}:${resource}`

/** What is wrong with a key that should begin with an account: nothing where it does. */
export const keyObjection = (account: string, name: string, of: string) =>
  account !== '' && name !== ''
    ? []
    : [
        {
          field: 'account' as const,
          what: `"${account === '' ? name : `${account}/`}" does not say in which account the ${of} is`,
          why: `the key of a ${of} begins with the name of an account under aws.accounts, then a slash`,
          fix: `write it as ACCOUNT/${name === '' ? 'name' : name}`,
        },
      ]
