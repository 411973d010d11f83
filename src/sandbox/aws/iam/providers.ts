import * as z from 'zod'
import { drop, first, put, where } from '../../table.js'
import { settled, type Aws } from '../desk.js'
import { arn, list, tagKeys, tagsField, text } from '../fields.js'
import { iamArn, keyOf, providerArn } from '../ids.js'
import { operation, type Facts } from '../operation.js'
import { alreadyExists, invalidInput, limitExceeded } from '../refused.js'
import type { AwsProvider } from '../rows.js'
import { requestTags, resourceTags, tagged, tagList, tagsOf, untagged } from '../tags.js'
import { born, providerAt, tagsOrNothing } from './shared.js'

const CLIENT_IDS_AT_MOST = 100
const THUMBPRINTS_AT_MOST = 5
const PROVIDERS_AT_MOST = 100

/** Of issuers whose certificates everybody trusts IAM reads the thumbprint itself; this one stands for it. */
const USUAL_THUMBPRINT = 'b3dd7606d2b5a8b4a13771dbecc9ee1cecafa38a'

const OpenIDConnectProviderArn = arn
const thumbprints = list(text({ min: 40, max: 40 }))
const clientId = text({ max: 255 })

const ask =
  <Input extends { readonly OpenIDConnectProviderArn: string }>(
    action: string,
    facts: (input: Input) => Facts = () => ({}),
  ) =>
  ({ state, account }: Aws, input: Input) => {
    const resource = input.OpenIDConnectProviderArn
    const row = where(state.tables.awsProviders, 'account', account).find(
      (one) => providerArn(state, one) === resource,
    )
    return [
      {
        action: `iam:${action}`,
        resource,
        facts: { ...resourceTags(row?.tags ?? [], 'iam'), ...facts(input) },
      },
    ]
  }

const replace = (aws: Aws, provider: AwsProvider): undefined => {
  put(aws.state.tables.awsProviders, provider)
  return undefined
}

const checkThumbprints = (given: readonly string[]): readonly string[] => {
  if (given.length > THUMBPRINTS_AT_MOST)
    throw invalidInput('Thumbprint list must contain fewer than 5 entries.')
  if (given.some((one) => !/^[0-9a-f]{40}$/i.test(one)))
    throw invalidInput('Thumbprint must be a hexadecimal SHA-1 fingerprint.')
  return given
}

const checkClients = (given: readonly string[]): readonly string[] => {
  if (given.length > CLIENT_IDS_AT_MOST)
    throw limitExceeded(`Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: ${CLIENT_IDS_AT_MOST}`)
  return given
}

/** What is kept of `https://agent.buildkite.com/`. */
const urlIn = (given: string) => {
  const [, url] = /^https:\/\/([^\s?#:@/]+(?:\/[^\s?#]*)?)$/.exec(given) ?? []
  if (url === undefined) throw invalidInput('Invalid Open ID Connect Provider URL')
  return url.replace(/\/$/, '')
}

const createOpenIDConnectProvider = operation(
  'iam',
  'CreateOpenIDConnectProvider',
  z.object({
    Url: text({ max: 255 }),
    ClientIDList: list(clientId).default([]),
    ThumbprintList: thumbprints.default([]),
    Tags: tagsField.default([]),
  }),
  {
    asks: ({ state, account }, { Url, Tags }) => {
      const resource = iamArn(state, account, `oidc-provider/${Url.replace('https://', '')}`)
      const facts = requestTags(Tags)
      const asks = [{ action: 'iam:CreateOpenIDConnectProvider', resource, facts }]
      return Tags.length === 0 ? asks : [...asks, { action: 'iam:TagOpenIDConnectProvider', resource, facts }]
    },
    does: (aws, { Url, ClientIDList, ThumbprintList, Tags }) => {
      const { state, account } = aws
      const url = urlIn(Url)
      const key = keyOf(account, url)
      if (first(state.tables.awsProviders, 'key', key))
        throw alreadyExists(`Provider with url ${Url} already exists.`)
      if (where(state.tables.awsProviders, 'account', account).length >= PROVIDERS_AT_MOST)
        throw limitExceeded(`Cannot exceed quota for OpenIdConnectProvidersPerAccount: ${PROVIDERS_AT_MOST}`)
      const row = born(aws, 'awsProviders', {
        account,
        key,
        url,
        clientIds: [...new Set(checkClients(ClientIDList))],
        thumbprints: ThumbprintList.length === 0 ? [USUAL_THUMBPRINT] : checkThumbprints(ThumbprintList),
        tags: tagsOf(Tags),
      })
      return { OpenIDConnectProviderArn: providerArn(state, row), Tags: tagsOrNothing(row) }
    },
  },
)

const getOpenIDConnectProvider = operation(
  'iam',
  'GetOpenIDConnectProvider',
  z.object({ OpenIDConnectProviderArn }),
  {
    asks: ask('GetOpenIDConnectProvider'),
    does: (aws, input) => {
      const row = providerAt(aws, input.OpenIDConnectProviderArn)
      return {
        Url: row.url,
        ClientIDList: row.clientIds,
        ThumbprintList: row.thumbprints,
        CreateDate: row.createdAt,
        Tags: tagList(row.tags),
      }
    },
  },
)

const listOpenIDConnectProviders = operation('iam', 'ListOpenIDConnectProviders', z.object({}), {
  asks: ({ state, account }) => [
    { action: 'iam:ListOpenIDConnectProviders', resource: iamArn(state, account, 'oidc-provider/*') },
  ],
  does: (aws) => ({
    OpenIDConnectProviderList: settled(aws, where(aws.state.tables.awsProviders, 'account', aws.account)).map(
      (row) => ({ Arn: providerArn(aws.state, row) }),
    ),
  }),
})

const withClient = z.object({ OpenIDConnectProviderArn, ClientID: clientId })

const addClientID = operation('iam', 'AddClientIDToOpenIDConnectProvider', withClient, {
  asks: ask('AddClientIDToOpenIDConnectProvider'),
  does: (aws, { OpenIDConnectProviderArn, ClientID }) => {
    const row = providerAt(aws, OpenIDConnectProviderArn)
    replace(aws, { ...row, clientIds: checkClients([...new Set([...row.clientIds, ClientID])]) })
  },
})

const removeClientID = operation('iam', 'RemoveClientIDFromOpenIDConnectProvider', withClient, {
  asks: ask('RemoveClientIDFromOpenIDConnectProvider'),
  does: (aws, { OpenIDConnectProviderArn, ClientID }) => {
    const row = providerAt(aws, OpenIDConnectProviderArn)
    replace(aws, { ...row, clientIds: row.clientIds.filter((one) => one !== ClientID) })
  },
})

const updateThumbprint = operation(
  'iam',
  'UpdateOpenIDConnectProviderThumbprint',
  z.object({ OpenIDConnectProviderArn, ThumbprintList: thumbprints }),
  {
    asks: ask('UpdateOpenIDConnectProviderThumbprint'),
    does: (aws, input) => {
      const row = providerAt(aws, input.OpenIDConnectProviderArn)
      replace(aws, { ...row, thumbprints: checkThumbprints(input.ThumbprintList) })
    },
  },
)

const tagProvider = operation(
  'iam',
  'TagOpenIDConnectProvider',
  z.object({ OpenIDConnectProviderArn, Tags: tagsField }),
  {
    asks: ask('TagOpenIDConnectProvider', ({ Tags }) => requestTags(Tags)),
    does: (aws, { OpenIDConnectProviderArn, Tags }) => {
      const row = providerAt(aws, OpenIDConnectProviderArn)
      replace(aws, { ...row, tags: tagged(row.tags, Tags) })
    },
  },
)

const untagProvider = operation(
  'iam',
  'UntagOpenIDConnectProvider',
  z.object({ OpenIDConnectProviderArn, TagKeys: tagKeys }),
  {
    asks: ask('UntagOpenIDConnectProvider', ({ TagKeys }) => ({ 'aws:TagKeys': TagKeys })),
    does: (aws, { OpenIDConnectProviderArn, TagKeys }) => {
      const row = providerAt(aws, OpenIDConnectProviderArn)
      replace(aws, { ...row, tags: untagged(row.tags, TagKeys) })
    },
  },
)

/** Deleting one that is not there does no harm. */
const deleteProvider = operation(
  'iam',
  'DeleteOpenIDConnectProvider',
  z.object({ OpenIDConnectProviderArn }),
  {
    asks: ask('DeleteOpenIDConnectProvider'),
    does: ({ state, account }, input) => {
      const row = where(state.tables.awsProviders, 'account', account).find(
        (one) => providerArn(state, one) === input.OpenIDConnectProviderArn,
      )
      if (row) drop(state.tables.awsProviders, row)
      return undefined
    },
  },
)

export const providers = [
  createOpenIDConnectProvider,
  getOpenIDConnectProvider,
  listOpenIDConnectProviders,
  addClientID,
  removeClientID,
  updateThumbprint,
  tagProvider,
  untagProvider,
  deleteProvider,
]
