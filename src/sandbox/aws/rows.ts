import * as z from 'zod'
import { maybe, row, text, time, uuid } from '../row.js'

/** Twelve digits. */
const accountId = z.string().regex(/^\d{12}$/, 'twelve digits')

/** As somebody gave it, in the order of giving: what tags are named is one for each name, whatever its case. */
const tags = z.array(z.strictObject({ key: z.string(), value: z.string() }).readonly()).readonly()

/** A policy as its text: IAM gives back what it was given, white space and all. */
const inline = z.array(z.strictObject({ name: z.string(), document: z.string() }).readonly()).readonly()

const isJson = (text: string) => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** ARNs of managed policies. */
const attached = z.array(z.string()).readonly()

/**
 * What there is in the accounts. `key` is what is unique: the account's id and the name in small letters, for names that
 * differ in case alone are the same name to IAM.
 */
export const awsRows = {
  awsAccounts: row({
    key: accountId,
    /** What people call it. */
    name: z.string(),
    partition: z.string(),
    /** Where its clients ask, if nobody says where. */
    region: z.string(),
    /** The organization of AWS that it is in: `o-…`. */
    organizationId: text,
  }),
  awsUsers: row({
    account: accountId,
    key: z.string(),
    name: z.string(),
    path: z.string(),
    id: z.string(),
    inline,
    attached,
    boundary: text,
    /** Names. */
    groups: z.array(z.string()).readonly(),
    tags,
    /** Null for who can only look on. The secret that belongs to it is made from the state's seed. */
    accessKeyId: text,
  }),
  awsGroups: row({
    account: accountId,
    key: z.string(),
    name: z.string(),
    path: z.string(),
    id: z.string(),
    inline,
    attached,
  }),
  awsRoles: row({
    account: accountId,
    key: z.string(),
    name: z.string(),
    path: z.string(),
    id: z.string(),
    /** The trust policy, as text. */
    trust: z.string().refine(isJson, 'a policy in JSON'),
    /** Which user or role each ARN in it meant when it was written: another one of the same name is not meant. */
    meant: z.record(z.string(), z.string()).readonly(),
    description: text,
    maxSessionSeconds: z.int(),
    boundary: text,
    inline,
    attached,
    tags,
    lastUsedAt: maybe(time),
    lastUsedIn: text,
  }),
  awsProfiles: row({
    account: accountId,
    key: z.string(),
    name: z.string(),
    path: z.string(),
    id: z.string(),
    /** The one role in it, by uuid. */
    holds: maybe(uuid),
    tags,
  }),
  awsProviders: row({
    account: accountId,
    key: z.string(),
    /** Without `https://`. */
    url: z.string(),
    clientIds: z.array(z.string()).readonly(),
    thumbprints: z.array(z.string()).readonly(),
    tags,
  }),
  awsPolicies: row({
    account: accountId,
    key: z.string(),
    name: z.string(),
    path: z.string(),
    id: z.string(),
    description: text,
    /** Of its one version. */
    document: z.string(),
    tags,
  }),
  awsParameters: row({
    account: accountId,
    /** The account, the region and the name. */
    key: z.string(),
    region: z.string(),
    name: z.string(),
    type: z.enum(['String', 'StringList', 'SecureString']),
    /** Sealed, for a SecureString. */
    value: z.string(),
    version: z.int(),
    tier: z.enum(['Standard', 'Advanced', 'Intelligent-Tiering']),
    keyId: text,
    description: text,
    allowedPattern: text,
    dataType: z.string(),
    modifiedAt: time,
    modifiedBy: z.string(),
    tags,
  }),
  awsKeys: row({
    account: accountId,
    /** The account, the region and the id. */
    key: z.string(),
    region: z.string(),
    id: z.string(),
    /** The account, the region and `alias/NAME`. */
    alias: text,
    spec: z.enum(['SYMMETRIC_DEFAULT', 'ECC_NIST_P256', 'ECC_NIST_P384']),
    usage: z.enum(['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'KEY_AGREEMENT']),
    enabled: z.boolean(),
    description: text,
  }),
} as const

type AwsTable = keyof typeof awsRows
type AwsRow<Name extends AwsTable> = z.infer<(typeof awsRows)[Name]>

export type AwsAccountRow = AwsRow<'awsAccounts'>
export type AwsUser = AwsRow<'awsUsers'>
export type AwsGroup = AwsRow<'awsGroups'>
export type AwsRole = AwsRow<'awsRoles'>
export type AwsProfile = AwsRow<'awsProfiles'>
export type AwsProvider = AwsRow<'awsProviders'>
export type AwsPolicy = AwsRow<'awsPolicies'>
export type AwsParameter = AwsRow<'awsParameters'>
export type AwsKey = AwsRow<'awsKeys'>
export type Tag = AwsRole['tags'][number]
export type InlinePolicy = AwsRole['inline'][number]
