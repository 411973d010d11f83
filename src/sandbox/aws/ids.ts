import { createHash, createHmac } from 'node:crypto'
import type { State } from '../state.js'
import { first } from '../table.js'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

const letters = (text: string, count: number): string =>
  [...createHash('sha256').update(text).digest()]
    .map((byte) => ALPHABET.charAt(byte % 32))
    .join('')
    .slice(0, count)

/** The unique id that the next row will have: `AROA…` for a role. Another one of the same name has another id. */
export const nextId = ({ seed, serial }: State, prefix: string): string =>
  prefix + letters(`${seed}/${prefix}/${serial + 1}`, 17)

/** The id of an access key: `AKIA…` for those of users, `ASIA…` for those of sessions. */
export const keyIdOf = ({ seed }: State, prefix: 'AKIA' | 'ASIA', of: string): string =>
  prefix + letters(`${seed}/${prefix}/${of}`, 16)

/** The secret half of an access key. Nothing keeps it: it is made anew from the seed whenever a signature is checked. */
export const secretOf = ({ seed }: State, accessKeyId: string): string =>
  createHmac('sha256', `${seed}/aws-secret`).update(accessKeyId).digest('base64').slice(0, 40)

export const partitionOf = (state: State, account: string): string =>
  first(state.tables.awsAccounts, 'key', account)?.partition ?? 'aws'

/** `arn:aws:iam::333333333333:role/buildkite/web`. */
export const iamArn = (state: State, account: string, resource: string): string =>
  `arn:${partitionOf(state, account)}:iam::${account}:${resource}`

interface Named {
  readonly account: string
  readonly name: string
  readonly path: string
}

export const roleArn = (state: State, { account, path, name }: Named) =>
  iamArn(state, account, `role${path}${name}`)

export const userArn = (state: State, { account, path, name }: Named) =>
  iamArn(state, account, `user${path}${name}`)

export const groupArn = (state: State, { account, path, name }: Named) =>
  iamArn(state, account, `group${path}${name}`)

export const profileArn = (state: State, { account, path, name }: Named) =>
  iamArn(state, account, `instance-profile${path}${name}`)

export const policyArn = (state: State, { account, path, name }: Named) =>
  iamArn(state, account, `policy${path}${name}`)

export const providerArn = (
  state: State,
  { account, url }: { readonly account: string; readonly url: string },
) => iamArn(state, account, `oidc-provider/${url}`)

/** Of a session: without the role's path. */
export const sessionArn = (state: State, { account, name }: Named, session: string) =>
  `arn:${partitionOf(state, account)}:sts::${account}:assumed-role/${name}/${session}`

export const parameterArn = (state: State, account: string, region: string, name: string) =>
  `arn:${partitionOf(state, account)}:ssm:${region}:${account}:parameter${name.startsWith('/') ? '' : '/'}${name}`

/** What is unique in an account: a name, in whatever case it is written. */
export const keyOf = (account: string, name: string): string => `${account}/${name.toLowerCase()}`

export const keyArn = (state: State, account: string, region: string, id: string): string =>
  `arn:${partitionOf(state, account)}:kms:${region}:${account}:key/${id}`
