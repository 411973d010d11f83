import { Errors, Flags } from '@oclif/core'
import type { StackForm } from '../report/stack.js'

const forms: readonly StackForm[] = ['text', 'json', 'yaml']

export const formFlag = Flags.custom<StackForm>({
  description: 'text for a person, json for CloudFormation, or yaml: a map for what deploys',
  options: [...forms],
})

/** A place that a machine can fetch a script from as root, and that nobody on the way can change. */
const isPlace = (url: string) =>
  /^(s3|https|file):\/\/[^\s"'`\\]+$/.test(url) && !/^[^/]*\/\/[^/]*@/.test(url) && !/[?&]x-amz-/i.test(url)

const bootstrapUrl = Flags.custom({
  helpValue: 'URL',
  parse: (url) => {
    if (!isPlace(url))
      throw new Errors.CLIError(
        `"${url.replace(/[?@].*$/s, '…')}" is no place for a boot script: write s3://, https:// or file://, without a password and without a signature that ends`,
      )
    return Promise.resolve(url)
  },
})

/** The agent's own user, by name and by number: what root's jobs are closed to. */
const agentUser = ['buildkite-agent', '2000']

/** A user that may ask the metadata service beside root. */
export const brokerFlag = Flags.custom({
  helpValue: 'USER',
  parse: (user) => {
    if (!/^([a-z_][a-z0-9_-]{0,31}|0|[1-9]\d{0,8})$/.test(user))
      throw new Errors.CLIError(`"${user}" is no user: write a name or a number, as on the machines`)
    if (agentUser.includes(user))
      throw new Errors.CLIError(
        `${user} is the user that jobs run as: every job would have the machine’s role`,
      )
    return Promise.resolve(user)
  },
})

/** The stack makes an ARN of it, so it wants the bare id. */
const keyFlag = Flags.custom({
  helpValue: 'KEY',
  parse: (key) => {
    const id = key.replace(/^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\//, '')
    if (!/^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.test(id))
      throw new Errors.CLIError(`"${key}" is no KMS key: write its id or its ARN, as an alias is neither`)
    return Promise.resolve(id)
  },
})

/** What is asked about a queue's stack beside what is declared. */
export const stackFlags = {
  token: Flags.string({
    description: 'the agent token that its agents register with, where the cluster has several stored ones',
    helpValue: 'NAME',
  }),
  'token-key': keyFlag({
    description: 'the id of the KMS key that the stored token is encrypted with, where it is your own',
  }),
  'bootstrap-url': bootstrapUrl({ description: 'where its machines fetch what `--boot-script` prints' }),
}

/** The same, as `workflow` is told it. */
export const stackOptions = (flags: {
  readonly token?: string | undefined
  readonly 'token-key'?: string | undefined
  readonly 'bootstrap-url'?: string | undefined
}) => ({ token: flags.token, tokenKey: flags['token-key'], bootstrapUrl: flags['bootstrap-url'] })
