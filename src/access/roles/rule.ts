import type { Address } from '../../model/address.js'
import { roleCodes, type RoleCode, type RoleRuleId } from '../../model/role-codes.js'
import { operatorText } from '../../policy/operator.js'
import type { Condition, PolicyDocument, Statement } from '../../policy/document.js'
import { canonical } from '../../policy/same.js'
import type { Roles } from './roles.js'
import type { Door, SeenRole } from './seen.js'

/** One thing that is wrong, and where. */
export interface Misconfigured {
  readonly at: Address
  /** As AWS calls it; missing for what Buildkite has. */
  readonly arn?: string
  /** Of the trust policy: which, counted from 1, and its Sid. */
  readonly statement?: { readonly index: number; readonly sid: string | null }
  /** `StringLike agent.buildkite.com:sub` */
  readonly condition?: string
  /** A clause that follows the name of what it is about: `trusts every AWS account`. */
  readonly words: string
  /** True where it lets in somebody whom nobody meant, or breaks what the files promise. */
  readonly opens?: boolean
  /** What an acceptance of it is given for. */
  readonly facts: readonly string[]
}

/** One way in which roles go wrong: one file. */
export interface RoleRule {
  readonly id: RoleRuleId
  readonly code: RoleCode
  /** A clause that follows "which": `trusts everybody`. */
  readonly title: string
  /** The field of the declaration to look at first. */
  readonly field:
    'trust' | 'inline_policies' | 'managed_policies' | 'permissions_boundary' | 'max_session_duration'
  /** All roles of the accounts, or those alone that jobs can have. */
  readonly over: 'all' | 'ours'
  /** What is wrong with one role. */
  check(role: SeenRole, roles: Roles): readonly Misconfigured[]
  /** What is wrong with what is no role: a provider, a queue, a pipeline. */
  beside?(roles: Roles): readonly Misconfigured[]
}

/** Checks a rule against the interface, and gives it the number of its page. */
export const defineRoleRule = (rule: Omit<RoleRule, 'id'>): RoleRule => ({
  id: roleCodes[rule.code].rule,
  ...rule,
})

/** As there is only one of it, without its name for people. */
export const factOf = (statement: Statement, version: PolicyDocument['version'] = '2012-10-17'): string =>
  JSON.stringify(canonical({ version, id: null, statements: [statement] }))

type Found = Pick<Misconfigured, 'words' | 'opens'> & { readonly facts?: readonly string[] }

/** Something that is wrong with a role as a whole. */
export const atRole = (
  { address, arn }: SeenRole,
  found: Found & { readonly facts: readonly string[] },
): Misconfigured => ({
  at: address,
  arn,
  ...found,
})

/** Something that is wrong with a statement of its trust. */
export const atDoor = (
  role: SeenRole,
  { index, statement }: Door,
  found: Found,
  condition?: Condition,
): Misconfigured => ({
  at: role.address,
  arn: role.arn,
  statement: { index, sid: statement.sid },
  ...(condition && { condition: conditionText(condition) }),
  ...found,
  facts: found.facts ?? [factOf(statement, role.trust?.version)],
})

/** `StringLike agent.buildkite.com:sub` */
const conditionText = ({ operator, key }: Condition): string => `${operatorText(operator)} ${key}`
