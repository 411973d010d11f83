import { mayAssumeName } from '../../kinds/aws/trust.js'
import type { Address } from '../../model/address.js'
import { accountNamed } from '../../policy/principal.js'
import type { Named } from '../../policy/rule.js'
import { same } from '../../policy/same.js'
import { known } from '../../policy/value.js'
import { listed } from '../findings.js'
import { asking } from './claims.js'
import { declaredDoors, pipelinesOf } from './declared.js'
import { may } from './may.js'
import { isPrivileged, type Roles } from './roles.js'
import { atRole, factOf, type Misconfigured } from './rule.js'
import { doorsOf, wantedPolicy, wantedTrust, type Door, type SeenRole } from './seen.js'
import { jobOf, othersJob, strangersJob } from './strangers.js'
import type { RoleWorld } from './world.js'

/** Whom a role lets in that its declaration does not. */
export const trustedByMore = (role: SeenRole, roles: Roles): readonly Misconfigured[] => {
  const wanted = role.declared && wantedTrust(role.declared, roles.world)
  const seen = roles.world.accounts.get(role.account.name)
  if (wanted === undefined || seen === undefined || role.trust === undefined || same(role.trust, wanted))
    return []
  const declared: SeenRole = { ...role, trust: wanted, doors: doorsOf(wanted, seen) }
  const held = new Set(
    role.trust.statements.filter(({ effect }) => effect === 'Deny').map((one) => factOf(one)),
  )
  const isLoosened = wanted.statements.some((one) => one.effect === 'Deny' && !held.has(factOf(one)))
  const written = declaredDoors(role, roles.world)
  const changed = role.doors.filter(
    ({ statement }) => isLoosened || !written.has(factOf(statement, role.trust?.version)),
  )
  const more = [
    ...changed.flatMap(({ principals, providers, services, statement }) => [
      ...unnamed(principals, declared, (door) => door.principals),
      ...unnamed(providers, declared, (door) => door.providers),
      ...unnamed(services, declared, (door) => door.services),
      ...(statement.notPrincipals === null ? [] : ['everybody whom NotPrincipal does not name']),
    ]),
    ...changed.filter(({ isBuildkite }) => isBuildkite).flatMap((door) => jobs(role, door, declared, roles)),
    ...(isLoosened ? ['whoever a declared Deny keeps out'] : []),
  ]
  const names = [...new Set(more)].sort()
  return names.length === 0
    ? []
    : [
        atRole(role, {
          words: `lets in more than its declaration: ${listed(names)}`,
          opens: true,
          facts: names,
        }),
      ]
}

const plainly = (name: string): string => accountNamed(name) ?? name

const unnamed = (
  names: readonly string[],
  declared: SeenRole,
  of: (door: Door) => readonly string[],
): readonly string[] => {
  const known = new Set(declared.doors.flatMap(of).map(plainly))
  return names.filter((name) => !known.has(plainly(name)))
}

/** The jobs that get in by a statement, and by no declared one. */
const jobs = (role: SeenRole, door: Door, declared: SeenRole, { world, names }: Roles): readonly string[] => {
  const isIn = (ask: (of: SeenRole, by: Door) => { readonly answer: string }) =>
    ask(role, door).answer !== 'no' && declared.doors.every((by) => ask(declared, by).answer === 'no')
  if (isIn((of, by) => strangersJob(world, of, by))) return ['jobs of other organizations']
  if (isIn((of, by) => othersJob(world, of, by))) return ['jobs of pipelines that no file names']
  const named = pipelinesOf({ doors: [door] }, names)
  const branches = declared.doors.flatMap(({ statement }) =>
    asking(statement.conditions, 'build_branch').flatMap(({ values }) => values),
  )
  return named.flatMap((pipeline) =>
    world.queues
      .filter(({ cluster }) => cluster === pipeline.cluster)
      .flatMap((queue) => {
        const place = `${pipeline.address} on ${queue.address}`
        if (isIn((of, by) => jobOf(world, of, by, pipeline, queue))) return [place]
        return branches.length > 0 && isIn((of, by) => jobOf(world, of, by, pipeline, queue, branches))
          ? [`${place} from other branches`]
          : []
      }),
  )
}

/** What a privileged queue's role may become and do that its declaration does not say. */
export const doesMore = (role: SeenRole, roles: Roles): readonly Misconfigured[] => {
  if (!isPrivileged(role)) return []
  const becomes = roles.becomes.from(role)
  const addresses = (some: readonly SeenRole[]): readonly Address[] => some.map(({ address }) => address)
  if (role.declared === undefined)
    return [
      atRole(role, {
        words: `is on the instances of ${listed(role.queues.map(({ address }) => address))}, and no file declares it${becomes.length === 0 ? '' : `: it may become ${listed(addresses(becomes))}`}`,
        opens: becomes.length > 0,
        facts: [...addresses(becomes), ...role.identity.map(({ name }) => name)],
      }),
    ]
  const wanted = asDeclared(role, roles)
  const more = addresses(
    becomes.filter(
      (other) =>
        may(wanted.holder, 'sts:AssumeRole', known(other.arn)) === undefined &&
        !expects(other, role, roles.world),
    ),
  )
  const policies = undeclaredPolicies(role, wanted)
  return more.length === 0 && policies.length === 0
    ? []
    : [
        atRole(role, {
          words: [
            ...(more.length === 0 ? [] : [`may become ${listed(more)}, which it does not declare`]),
            ...(policies.length === 0 ? [] : [`has ${listed(policies)} beyond its declaration`]),
          ].join(', and '),
          opens: more.length > 0 || wanted.isWhole,
          facts: [...more, ...policies],
        }),
      ]
}

interface AsDeclared {
  readonly holder: Pick<SeenRole, 'account' | 'arn' | 'detail' | 'identity' | 'boundary'>
  readonly inline: ReadonlyMap<string, Named>
  readonly managed: ReadonlySet<string>
  /** True where the files say all that there should be. What they don't write is left alone. */
  readonly isWhole: boolean
}

/** The role as its declaration has it. What was left alone is among the resolved policies, and nobody declared it. */
const asDeclared = (role: SeenRole, { world }: Roles): AsDeclared => {
  const { spec, spans } = role.declared ?? { spec: {}, spans: {} }
  const isWritten = 'inline_policies' in spans
  const inline = new Map(
    Object.entries(spec.inline_policies ?? {})
      .filter(([name]) => isWritten || name === mayAssumeName)
      .map(([name, document]) => [name, { name, document: wantedPolicy(document, world) }]),
  )
  const managed = new Set(spec.managed_policies ?? [])
  const attached = role.identity.filter(({ name }) => managed.has(name))
  return {
    holder: {
      account: world.accounts.get(role.account.name)?.account ?? role.account,
      arn: role.arn,
      detail: role.detail,
      identity: [...inline.values(), ...attached],
      boundary: role.boundary,
    },
    inline,
    managed,
    isWhole: isWritten && spec.managed_policies !== undefined,
  }
}

/** Whether the other side's declaration lets it in: then it is declared there. */
const expects = (other: SeenRole, { arn }: SeenRole, world: RoleWorld): boolean => {
  const wanted = other.declared && wantedTrust(other.declared, world)
  return (
    wanted?.statements.some(
      ({ effect, principals }) => effect === 'Allow' && principals?.AWS.includes(arn),
    ) === true
  )
}

const undeclaredPolicies = (role: SeenRole, { inline, managed }: AsDeclared): readonly string[] => {
  const own = new Set(role.detail.inline.map(({ name }) => name))
  return role.identity
    .filter(({ name, document }) => {
      if (!own.has(name)) return !managed.has(name)
      const wanted = inline.get(name)?.document
      if (wanted === undefined || document === undefined) return true
      const written = new Set(wanted.statements.map((one) => factOf(one, wanted.version)))
      return document.statements.some(
        (one) => one.effect === 'Allow' && !written.has(factOf(one, document.version)),
      )
    })
    .map(({ name }) => name.split('/').at(-1) ?? name)
    .sort()
}
