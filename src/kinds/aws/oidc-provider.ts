import * as z from 'zod'
import { keyOf } from '../../model/address.js'
import { loss, safe } from '../../model/risk.js'
import { defineKind, type Objection } from '../kind.js'
import { accountNamed, arnIn, inAccount, keyObjection, ownTag } from './account.js'
import { iam, tagList } from './call.js'
import { audience } from './trust.js'

const written = z
  .strictObject({
    client_ids: z.array(z.string().min(1).max(255)).optional().meta({
      description:
        'Audiences that it takes tokens for: sts.amazonaws.com and no other, where nothing is written.',
    }),
    tags: z.record(z.string().min(1).max(128), z.string().max(256)).optional(),
  })
  .meta({ title: 'OIDC provider' })

type Written = z.infer<typeof written>

/** Who may vouch for sessions in an account. */
export interface OidcProvider {
  readonly account: string
  /** Without `https://`. */
  readonly name: string
  readonly client_ids?: readonly string[]
  readonly tags?: Readonly<Record<string, string>>
  /** Of the provider itself, which IAM calls by it: read, and worked out where it is not there yet. */
  readonly arn?: string
}

/** An OIDC provider of AWS IAM: Buildkite's has to be in each account whose roles pipelines become. */
export const oidcProvider = defineKind<OidcProvider, Written>({
  name: 'oidc-provider',
  plural: 'oidc_providers',
  provider: 'aws',
  place: ['aws', 'oidc_providers', '*'],
  written,
  spec: ([key = ''], said) => ({ ...inAccount(key), ...(said as Partial<OidcProvider>) }),
  worded: ({ account, name, client_ids, tags }) => ({
    names: [`${account}/${name}`],
    written: { client_ids, tags },
  }),
  identity: ['account', 'name', 'arn'],
  key: ({ account, name }) => keyOf(account, name),
  dependencies: () => [],
  check: (one): Objection<OidcProvider>[] => [
    ...keyObjection(one.account, one.name, 'provider'),
    ...(/^https?:/.test(one.name)
      ? [
          {
            field: 'name' as const,
            what: `"${one.name}" is written with its scheme`,
            why: 'IAM calls a provider by its host and path, and bridle does so as well',
            fix: `write it as ${one.account}/${one.name.replace(/^https?:\/\//, '')}`,
          },
        ]
      : []),
  ],
  resolve: (want, known) => {
    const account = accountNamed(known, want.account)
    return account === undefined ? want : { ...want, arn: arnIn(account, `oidc-provider/${want.name}`) }
  },
  atCreation: () => ({ client_ids: [audience], tags: { [ownTag.key]: ownTag.value } }),
  merged: ['tags'],
  diff: {
    client_ids: (want, have) =>
      have !== undefined && new Set([...want, ...have]).size === want.length && want.length === have.length,
  },
  retired: ({ spec: { tags } }) => tags?.[ownTag.key] !== ownTag.value,

  source: 'IAM GetOpenIDConnectProvider',
  asks: { iam: true },
  async *read({ aws }) {
    for (const { name: account } of aws?.accounts ?? [])
      for (const { arn, url, clientIds, tags } of (await aws?.providers(account)) ?? [])
        yield {
          key: keyOf(account, url),
          id: arn,
          uuid: arn,
          spec: { account, name: url, client_ids: [...clientIds].sort(), tags, arn },
        }
  },

  operations: {
    create: ({ account, name, client_ids, tags = {} }) => [
      iam(
        account,
        'CreateOpenIDConnectProvider',
        { Url: `https://${name}`, ClientIDList: [...(client_ids ?? [])], Tags: tagList(tags) },
        { gate: 'opens' },
      ),
    ],
    update: (want, { id, spec: { account, client_ids: had = [] } }) => {
      const of = { OpenIDConnectProviderArn: id }
      const { client_ids: wanted } = want
      const changes =
        wanted === undefined
          ? []
          : [
              ...wanted
                .filter((one) => !had.includes(one))
                .map((one) => ['AddClientIDToOpenIDConnectProvider', one] as const),
              ...had
                .filter((one) => !wanted.includes(one))
                .map((one) => ['RemoveClientIDFromOpenIDConnectProvider', one] as const),
            ]
      return [
        ...changes.map(([operation, ClientID], i) =>
          iam(
            account,
            operation,
            { ...of, ClientID },
            i === changes.length - 1
              ? { sets: ['client_ids'] }
              : { sets: [], passing: { client_ids: [...had] } },
          ),
        ),
        ...(want.tags === undefined
          ? []
          : [
              iam(
                account,
                'TagOpenIDConnectProvider',
                { ...of, Tags: tagList(want.tags) },
                { sets: ['tags'] },
              ),
            ]),
      ]
    },
    remove: ({ id, spec: { account } }) => [
      iam(account, 'DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn: id }, { gate: 'closes' }),
    ],
  },

  risk: (change) =>
    change.verb === 'remove'
      ? loss('no job can become a role of the account by it any more')
      : change.verb === 'update' && change.want.client_ids !== undefined
        ? loss('tokens for an audience that goes are refused')
        : safe,
})
