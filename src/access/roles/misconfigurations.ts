import type { Address } from '../../model/address.js'
import type { Accept } from '../../model/declared-access.js'
import type { Finding } from '../../model/finding.js'
import { roleCodes } from '../../model/role-codes.js'
import type { Span } from '../../model/span.js'
import { acceptances, listed } from '../findings.js'
import { digestOfFacts, settleRoles, type Acceptable } from './accept.js'
import { isPrivileged, rolesIn, type Roles } from './roles.js'
import type { Misconfigured, RoleRule } from './rule.js'
import { roleRules } from './rules/index.js'
import type { SeenRole } from './seen.js'
import type { RoleWorld } from './world.js'

/** What is wrong with one role, or with many that are none of ours, by one rule. */
export interface Lint extends Acceptable {
  readonly told: Finding
  /** Everything that the rule has found there. */
  readonly all: readonly Misconfigured[]
}

/** What the files accept, and what day it is. */
export interface Accepting {
  readonly accepts: readonly Accept[]
  /** `2026-11-22`, in UTC */
  readonly today: string
  /** The flags for commands on the same ground. */
  readonly asked?: string
}

/** Everything that is wrong with roles, providers and what they are about, in the order of the rules and of the places. */
export const lintsIn = (world: RoleWorld): readonly Lint[] => {
  const roles = rolesIn(world)
  const ours = roles.all.filter((role) => roles.isOurs(role))
  const others = roles.all.filter((role) => !roles.isOurs(role))
  return roleRules.flatMap((rule) => [
    ...(rule.beside?.(roles) ?? []).map((one) => lint(rule, [one], world)),
    ...ours.flatMap((role) => {
      const found = rule.check(role, roles)
      return found.length === 0 ? [] : [lint(rule, found, world, role)]
    }),
    ...(rule.over === 'ours' ? [] : together(rule, others, roles)),
  ])
}

/** The same as findings, without those that the files accept; and what is wrong with what they accept. */
export const misconfigurations = (world: RoleWorld, accepting?: Accepting): readonly Finding[] =>
  unaccepted(lintsIn(world), accepting).findings

/** What is left of some lints, for `--suggest` to print a line for each; and all that there is to tell. */
export const unaccepted = (
  lints: readonly Lint[],
  accepting?: Accepting,
): { readonly left: readonly Lint[]; readonly findings: readonly Finding[] } => {
  if (accepting === undefined) return { left: lints, findings: lints.map(({ told }) => told) }
  const settled = settleRoles(lints, accepting.accepts, accepting.today)
  const left = lints.filter((one) => settled.by(one) === undefined)
  return {
    left,
    findings: [...left.map(({ told }) => told), ...acceptances(settled, [], accepting.asked)],
  }
}

const lint = (rule: RoleRule, all: readonly Misconfigured[], world: RoleWorld, role?: SeenRole): Lint => {
  const [first] = all
  const at = first?.at ?? 'organization:'
  const { why, fix } = roleCodes[rule.code]
  const { condition } = first ?? {}
  const place = [
    ...(first?.statement === undefined
      ? []
      : [
          `statement ${first.statement.index}${first.statement.sid === null ? '' : ` (${first.statement.sid})`}`,
        ]),
    ...(condition === undefined ? [] : [condition]),
  ].join(', ')
  const more = all.length - 1
  return {
    finding: rule.code,
    at,
    // Another role under the same name is another role.
    facts: digestOfFacts([rule.id, role?.detail.id ?? '', ...all.flatMap(({ facts }) => facts)]),
    all,
    told: {
      code: rule.code,
      severity:
        role !== undefined && all.some(({ opens }) => opens === true) && matters(role) ? 'error' : 'warning',
      what: `${at} ${first?.words ?? ''}${place === '' ? '' : ` [${place}]`}${more === 0 ? '' : `, and ${more} more like it`}`,
      where: spansOf(rule, at, world, role),
      why,
      fix,
    },
  }
}

/** Whether it is for the operator of the queues to mend now. */
const matters = (role: SeenRole): boolean =>
  role.declared !== undefined || isPrivileged(role) || role.doors.some(({ isBuildkite }) => isBuildkite)

const spansOf = ({ field }: RoleRule, at: Address, world: RoleWorld, role?: SeenRole): readonly Span[] => {
  if (role === undefined)
    return world.queues.flatMap((queue) => (queue.address === at && queue.at ? [queue.at] : []))
  const { declared, queues } = role
  if (declared !== undefined) return [declared.spans[field] ?? declared.at]
  return queues.flatMap((queue) => queue.at ?? []).slice(0, 1)
}

/** One finding for all roles that no job can have: somebody else answers for them. */
const together = (rule: RoleRule, others: readonly SeenRole[], roles: Roles): readonly Lint[] => {
  const found = others.map((role) => rule.check(role, roles)).filter((all) => all.length > 0)
  const names = found.flatMap(([first]) => first?.at ?? [])
  if (names.length === 0) return []
  const { why, fix } = roleCodes[rule.code]
  const all = found.flat()
  return [
    {
      finding: rule.code,
      at: 'organization:',
      facts: digestOfFacts([
        rule.id,
        ...all.flatMap(({ at, facts }) => facts.map((fact) => `${at} ${fact}`)),
      ]),
      all,
      told: {
        code: rule.code,
        severity: 'warning',
        what:
          names.length === 1
            ? `${listed(names)}, which no job can have, ${rule.title}`
            : `${names.length} roles that no job can have: each ${rule.title} (${listed(names)})`,
        where: [],
        why: `${why} As far as bridle can see, Buildkite has nothing to do with ${names.length === 1 ? 'it' : 'them'}.`,
        fix,
      },
    },
  ]
}
