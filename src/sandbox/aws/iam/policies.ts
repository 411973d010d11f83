import * as z from 'zod'
import { all, first, where } from '../../table.js'
import type { Aws } from '../desk.js'
import { checkPermissions, sizeOf } from '../documents.js'
import { arn, description, documentText, flag, name128, paging, path, tagsField, text } from '../fields.js'
import { iamArn, keyOf, nextId, policyArn } from '../ids.js'
import { keptByAws, managedAt, type Managed } from '../managed.js'
import { operation } from '../operation.js'
import { ending, pageOf } from '../pages.js'
import { alreadyExists, limitExceeded, noSuchEntity } from '../refused.js'
import { requestTags, resourceTags, tagsOf } from '../tags.js'
import { born, escapedDocument, tagsOrNothing } from './shared.js'

const POLICY_CHARACTERS_AT_MOST = 6144
/** When AWS says that it made its own. */
const LONG_AGO = '2015-02-06T18:39:46.000Z'

interface Uses {
  readonly attached: number
  readonly boundary: number
}

const usesOf = ({ state, account }: Aws, of: string): Uses => {
  const { awsRoles, awsUsers, awsGroups } = state.tables
  const roles = where(awsRoles, 'account', account)
  const users = where(awsUsers, 'account', account)
  const holders = [...roles, ...users, ...where(awsGroups, 'account', account)]
  return {
    attached: holders.filter(({ attached }) => attached.includes(of)).length,
    boundary: [...roles, ...users].filter(({ boundary }) => boundary === of).length,
  }
}

const idOf = ({ row, name }: Managed) =>
  row?.id ??
  `ANPA${name
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .padEnd(17, 'A')
    .slice(0, 17)}`

export const policyCore = (aws: Aws, managed: Managed) => {
  const { attached, boundary } = usesOf(aws, managed.arn)
  return {
    PolicyName: managed.name,
    PolicyId: idOf(managed),
    Arn: managed.arn,
    Path: managed.path,
    DefaultVersionId: 'v1',
    AttachmentCount: attached,
    PermissionsBoundaryUsageCount: boundary,
    IsAttachable: true,
    CreateDate: managed.row?.createdAt ?? LONG_AGO,
    UpdateDate: managed.row?.createdAt ?? LONG_AGO,
  }
}

export const versionOf = ({ document, row }: Managed) => ({
  Document: escapedDocument(document),
  VersionId: 'v1',
  IsDefaultVersion: true,
  CreateDate: row?.createdAt ?? LONG_AGO,
})

/** The managed policies that an account keeps itself. */
export const localPolicies = ({ state, account, switches }: Aws): readonly Managed[] =>
  where(state.tables.awsPolicies, 'account', account).flatMap(
    (row) => managedAt(state, policyArn(state, row), switches) ?? [],
  )

/** Those of AWS's that are in use in an account. */
export const policiesOfAwsInUse = ({ state, account, switches }: Aws): readonly Managed[] => {
  const { awsRoles, awsUsers, awsGroups } = state.tables
  const bounded = [...where(awsRoles, 'account', account), ...where(awsUsers, 'account', account)]
  const used = [
    ...[...bounded, ...where(awsGroups, 'account', account)].flatMap(({ attached }) => attached),
    ...bounded.flatMap(({ boundary }) => boundary ?? []),
  ]
  return [...new Set(used)]
    .filter((one) => one.includes(':iam::aws:'))
    .flatMap((one) => managedAt(state, one, switches) ?? [])
}

const PolicyArn = arn

const ask =
  (action: string) =>
  ({ state, switches }: Aws, input: { readonly PolicyArn: string }) => [
    {
      action: `iam:${action}`,
      resource: input.PolicyArn,
      facts: resourceTags(managedAt(state, input.PolicyArn, switches)?.row?.tags ?? [], 'iam'),
    },
  ]

const policyAt = ({ state, switches }: Aws, of: string): Managed => {
  const managed = managedAt(state, of, switches)
  if (!managed) throw noSuchEntity(`Policy ${of} was not found.`)
  return managed
}

const createPolicy = operation(
  'iam',
  'CreatePolicy',
  z.object({
    PolicyName: name128,
    Path: path.default('/'),
    PolicyDocument: documentText,
    Description: description.optional(),
    Tags: tagsField.default([]),
  }),
  {
    asks: ({ state, account }, { Path, PolicyName, Tags }) => {
      const resource = iamArn(state, account, `policy${Path}${PolicyName}`)
      const facts = requestTags(Tags)
      const asks = [{ action: 'iam:CreatePolicy', resource, facts }]
      return Tags.length === 0 ? asks : [...asks, { action: 'iam:TagPolicy', resource, facts }]
    },
    does: (aws, { PolicyName, Path, PolicyDocument, Description, Tags }) => {
      const { state, account } = aws
      const key = keyOf(account, PolicyName)
      if (first(state.tables.awsPolicies, 'key', key))
        throw alreadyExists(`A policy called ${PolicyName} already exists. Duplicate names are not allowed.`)
      checkPermissions(PolicyDocument)
      if (sizeOf(PolicyDocument) > POLICY_CHARACTERS_AT_MOST)
        throw limitExceeded(`Cannot exceed quota for PolicySize: ${POLICY_CHARACTERS_AT_MOST}`)
      const row = born(aws, 'awsPolicies', {
        account,
        key,
        name: PolicyName,
        path: Path,
        id: nextId(state, 'ANPA'),
        description: Description ?? null,
        document: PolicyDocument,
        tags: tagsOf(Tags),
      })
      return {
        Policy: { ...policyCore(aws, policyAt(aws, policyArn(state, row))), Tags: tagsOrNothing(row) },
      }
    },
  },
)

const getPolicy = operation('iam', 'GetPolicy', z.object({ PolicyArn }), {
  asks: ask('GetPolicy'),
  does: (aws, { PolicyArn }) => {
    const managed = policyAt(aws, PolicyArn)
    const { row } = managed
    return {
      Policy: {
        ...policyCore(aws, managed),
        Description: row?.description,
        Tags: row ? tagsOrNothing(row) : undefined,
      },
    }
  },
})

const getPolicyVersion = operation(
  'iam',
  'GetPolicyVersion',
  z.object({ PolicyArn, VersionId: text({ pattern: /v[1-9][0-9]*(\.[A-Za-z0-9-]*)?/ }) }),
  {
    asks: ask('GetPolicyVersion'),
    does: (aws, { PolicyArn, VersionId }) => {
      const managed = policyAt(aws, PolicyArn)
      if (VersionId !== 'v1')
        throw noSuchEntity(`Policy ${PolicyArn} version ${VersionId} does not exist or is not attachable.`)
      return { PolicyVersion: versionOf(managed) }
    },
  },
)

const listPolicies = operation(
  'iam',
  'ListPolicies',
  z.object({
    ...paging,
    Scope: z.enum(['All', 'AWS', 'Local']).default('All'),
    OnlyAttached: flag.default(false),
    PathPrefix: text({ max: 512 }).default('/'),
    PolicyUsageFilter: z.enum(['PermissionsPolicy', 'PermissionsBoundary']).optional(),
  }),
  {
    asks: ({ state, account }) => [
      { action: 'iam:ListPolicies', resource: iamArn(state, account, 'policy/*') },
    ],
    does: (aws, { Scope, OnlyAttached, PathPrefix, PolicyUsageFilter, MaxItems = 100, Marker }) => {
      const partition = all(aws.state.tables.awsAccounts).find(({ key }) => key === aws.account)?.partition
      const those = [
        ...(Scope === 'AWS' ? [] : localPolicies(aws)),
        ...(Scope === 'Local' ? [] : keptByAws(partition ?? 'aws')),
      ].filter((managed) => {
        const { attached, boundary } = usesOf(aws, managed.arn)
        const uses = PolicyUsageFilter === 'PermissionsBoundary' ? boundary : attached
        return managed.path.startsWith(PathPrefix) && (uses > 0 || !(OnlyAttached || PolicyUsageFilter))
      })
      const { rows, next } = pageOf(aws, those, (managed) => managed.arn, MaxItems, Marker)
      return { Policies: rows.map((managed) => policyCore(aws, managed)), ...ending(next) }
    },
  },
)

export const policies = [createPolicy, getPolicy, getPolicyVersion, listPolicies]
