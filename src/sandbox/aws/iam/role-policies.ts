import * as z from 'zod'
import { checkPermissions, sizeOf } from '../documents.js'
import { arn, documentText, name128, name64, paging, text } from '../fields.js'
import { managedAt } from '../managed.js'
import { operation } from '../operation.js'
import { ending, pageOf } from '../pages.js'
import { invalidInput, limitExceeded, noSuchEntity } from '../refused.js'
import type { AwsRole } from '../rows.js'
import type { Aws } from '../desk.js'
import { askOfRole, factsOfRole, putRole } from './roles.js'
import { arnOfRole, attachedList, escapedDocument, roleNamed } from './shared.js'

const INLINE_CHARACTERS_AT_MOST = 10_240
const ATTACHED_AT_MOST = 10

const RoleName = name64
const PolicyName = name128

const inlineNamed = (role: AwsRole, name: string) => {
  const policy = role.inline.find((one) => one.name === name)
  if (!policy) throw noSuchEntity(`The role policy with name ${name} cannot be found.`)
  return policy
}

const putRolePolicy = operation(
  'iam',
  'PutRolePolicy',
  z.object({ RoleName, PolicyName, PolicyDocument: documentText }),
  {
    asks: askOfRole('PutRolePolicy'),
    does: (aws, { RoleName, PolicyName, PolicyDocument }) => {
      const role = roleNamed(aws, RoleName)
      checkPermissions(PolicyDocument)
      const others = role.inline.filter(({ name }) => name !== PolicyName)
      const sum = others.reduce((all, { document }) => all + sizeOf(document), sizeOf(PolicyDocument))
      if (sum > INLINE_CHARACTERS_AT_MOST)
        throw limitExceeded(
          `Maximum policy size of ${INLINE_CHARACTERS_AT_MOST} bytes exceeded for role ${role.name}`,
        )
      putRole(aws, { ...role, inline: [...others, { name: PolicyName, document: PolicyDocument }] })
      return undefined
    },
  },
)

const getRolePolicy = operation('iam', 'GetRolePolicy', z.object({ RoleName, PolicyName }), {
  asks: askOfRole('GetRolePolicy'),
  does: (aws, { RoleName, PolicyName }) => {
    const role = roleNamed(aws, RoleName)
    const { name, document } = inlineNamed(role, PolicyName)
    return { RoleName: role.name, PolicyName: name, PolicyDocument: escapedDocument(document) }
  },
})

const deleteRolePolicy = operation('iam', 'DeleteRolePolicy', z.object({ RoleName, PolicyName }), {
  asks: askOfRole('DeleteRolePolicy'),
  does: (aws, { RoleName, PolicyName }) => {
    const role = roleNamed(aws, RoleName)
    const policy = inlineNamed(role, PolicyName)
    putRole(aws, { ...role, inline: role.inline.filter((one) => one !== policy) })
    return undefined
  },
})

const listRolePolicies = operation('iam', 'ListRolePolicies', z.object({ ...paging, RoleName }), {
  asks: askOfRole('ListRolePolicies'),
  does: (aws, { RoleName, MaxItems = 100, Marker }) => {
    const names = roleNamed(aws, RoleName).inline.map(({ name }) => name)
    const { rows, next } = pageOf(aws, names, (name) => name, MaxItems, Marker)
    return { PolicyNames: rows, ...ending(next) }
  },
})

const withPolicy = z.object({ RoleName, PolicyArn: arn })

const askOfBoth = (action: string) => (aws: Aws, input: z.infer<typeof withPolicy>) => [
  {
    action: `iam:${action}`,
    resource: arnOfRole(aws, input.RoleName),
    facts: { ...factsOfRole(aws, input.RoleName), 'iam:PolicyARN': input.PolicyArn },
  },
]

const isPolicyArn = (given: string) => /^arn:[a-z-]+:iam::(aws|\d{12}):policy\/./.test(given)

const attachRolePolicy = operation('iam', 'AttachRolePolicy', withPolicy, {
  asks: askOfBoth('AttachRolePolicy'),
  does: (aws, { RoleName, PolicyArn }) => {
    const role = roleNamed(aws, RoleName)
    if (!isPolicyArn(PolicyArn)) throw invalidInput(`ARN ${PolicyArn} is not valid.`)
    if (!managedAt(aws.state, PolicyArn, aws.switches))
      throw noSuchEntity(`Policy ${PolicyArn} does not exist or is not attachable.`)
    if (role.attached.includes(PolicyArn)) return undefined
    if (role.attached.length >= ATTACHED_AT_MOST)
      throw limitExceeded(`Cannot exceed quota for PoliciesPerRole: ${ATTACHED_AT_MOST}`)
    putRole(aws, { ...role, attached: [...role.attached, PolicyArn] })
    return undefined
  },
})

const detachRolePolicy = operation('iam', 'DetachRolePolicy', withPolicy, {
  asks: askOfBoth('DetachRolePolicy'),
  does: (aws, { RoleName, PolicyArn }) => {
    const role = roleNamed(aws, RoleName)
    if (!role.attached.includes(PolicyArn)) throw noSuchEntity(`Policy ${PolicyArn} was not found.`)
    putRole(aws, { ...role, attached: role.attached.filter((one) => one !== PolicyArn) })
    return undefined
  },
})

const listAttachedRolePolicies = operation(
  'iam',
  'ListAttachedRolePolicies',
  z.object({ ...paging, RoleName, PathPrefix: text({ max: 512 }).default('/') }),
  {
    asks: askOfRole('ListAttachedRolePolicies'),
    does: (aws, { RoleName, MaxItems = 100, Marker, PathPrefix }) => {
      const all = roleNamed(aws, RoleName).attached.filter((one) =>
        one.slice(one.indexOf(':policy/') + ':policy'.length).startsWith(PathPrefix),
      )
      const { rows, next } = pageOf(aws, all, (one) => one, MaxItems, Marker)
      return { AttachedPolicies: attachedList(rows), ...ending(next) }
    },
  },
)

export const rolePolicies = [
  putRolePolicy,
  getRolePolicy,
  deleteRolePolicy,
  listRolePolicies,
  attachRolePolicy,
  detachRolePolicy,
  listAttachedRolePolicies,
]
