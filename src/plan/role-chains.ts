import type { Address } from '../model/address.js'
import { mayAssume, type Caller, type Given } from '../policy/assume.js'
import type { Answer } from '../policy/answer.js'
import { parsePolicy, type Statement } from '../policy/document.js'
import { indexTrust } from '../policy/index-trust.js'
import { glob } from '../policy/pattern.js'
import { accountNamed, arnOf, issuer } from '../policy/principal.js'
import { isAbout, type Named } from '../policy/rule.js'
import { chosen, exactly, known, textsLike, type Value } from '../policy/value.js'
import { inside, over, type ReadRole, type RoleGrant, type RoleWorld } from './roles.js'

/** Services that give their machines a role. */
const machines: ReadonlySet<string> = new Set([
  'ec2.amazonaws.com',
  'ec2.amazonaws.com.cn',
  'ecs-tasks.amazonaws.com',
  'pods.eks.amazonaws.com',
])

/** That a role is there, and whether machines can have it: instances can, with an instance profile around it. */
export function* byItself(role: ReadRole): Iterable<RoleGrant> {
  const own = role.version.address
  yield { grant: { power: 'is-role', of: own, on: own, field: 'name', sure: true }, role: role.version }
  const services = role.lets?.flatMap(({ principals }) => principals?.Service ?? []) ?? [...machines]
  const some = services.filter((service) => machines.has(service))
  const isOfInstances = some.every((service) => service.startsWith('ec2.'))
  if (some.length === 0 || (isOfInstances && role.version.inProfile === false)) return
  yield over('for-machines', own, role, { sure: !isOfInstances || role.version.inProfile === true })
}

const isAsking = (statement: Statement): boolean => isAbout(statement, 'sts:AssumeRole')

/** Whether a role's own policies may let it ask for another one. */
const mayAsk = ({ identity }: ReadRole): boolean =>
  identity.some(
    ({ document }) => document?.statements.some((one) => one.effect === 'Allow' && isAsking(one)) !== false,
  )

/** Whether a trust may mean a role other than by its account: then the role needs no policy of its own. */
const meansMore = ({ lets }: ReadRole): boolean =>
  lets?.some(
    ({ principals }) =>
      principals === null || principals.AWS.some((name) => accountNamed(name) === undefined),
  ) !== false

/** A role as somebody who asks. */
export const callerOf = ({ version, identity, boundary, lets }: ReadRole): Caller => ({
  arn: version.arn,
  ...(version.id !== undefined && { id: version.id }),
  tags: version.tags,
  begun:
    lets?.every(({ principals }) => principals !== null && principals.Service.length > 0) === true
      ? 'by-ec2'
      : 'by-choice',
  identity,
  boundary,
})

/** Which roles may become which. */
export function* byRole(roles: readonly ReadRole[]): Iterable<RoleGrant> {
  const index = indexTrust(roles.map((role) => ({ role, trust: role.trust.document })))
  for (const from of roles) {
    const caller = callerOf(from)
    const asks = mayAsk(from)
    for (const to of index.forRole(from.version.arn)) {
      if (to.version.address === from.version.address || (!asks && !meansMore(to))) continue
      const answer = to.lets === undefined ? 'depends' : mayAssume(caller, targetOf(to), inside).answer
      if (answer !== 'no') yield over('assumes', from.version.address, to, { sure: answer === 'yes', from })
    }
  }
}

/** A role as what is asked for. */
export const targetOf = ({ version: { arn, tags }, trust }: ReadRole) => ({ arn, tags, trust })

/** Somebody whose own policies let them do anything. */
export const anything: Named = (() => {
  const parsed = parsePolicy(
    { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
    { for: 'identity' },
  )
  return { name: 'their own policies', document: 'document' in parsed ? parsed.document : undefined }
})()

/** Whom a trust lets in that bridle knows nothing else of. */
export function* byOthers(world: RoleWorld, roles: readonly ReadRole[]): Iterable<RoleGrant> {
  const arns = new Set(roles.map(({ version }) => version.arn))
  for (const role of roles) {
    const found = new Map<Address, Answer>()
    const note = (of: Address, answer: Answer) => {
      if (answer !== 'no' && found.get(of) !== 'yes') found.set(of, answer)
    }
    if (role.lets === undefined) note(principal('whoever its trust names'), 'depends')
    for (const statement of role.lets ?? []) {
      if (statement.principals === null) {
        note(outsider, 'depends')
        continue
      }
      const { AWS, Federated, Service } = statement.principals
      for (const name of AWS) for (const one of somebody(world, role, name, arns)) note(...one)
      for (const name of Federated)
        if (!name.endsWith(`:oidc-provider/${issuer}`)) note(principal(name), 'yes')
      for (const name of Service) if (!machines.has(name)) note(principal(name), 'yes')
    }
    for (const [of, answer] of found) yield over('admits', of, role, { sure: answer === 'yes' })
  }
}

const outsider: Address = 'outsider:anybody'
const principal = (name: string): Address => `principal:${name}`

/** An account that is nobody's. */
const nobodys = '000000000000'

/** Somebody in an account, or in any but some: a role or a user, whatever they are called there. */
const somebodyIn = (partition: string, account: string | { readonly but: Iterable<string> }): Given => {
  const some =
    typeof account === 'string'
      ? []
      : [...account.but].map((one) => ({ id: one, begins: `arn:${partition}:iam::${one}:` }))
  const from = (begins: string, but: readonly string[]) => ({
    begins,
    rest: glob('*'),
    but: but.map((one) => glob(one)),
  })
  return new Map<string, Value>([
    [
      'aws:principalarn',
      {
        is: 'chosen',
        always: true,
        from:
          typeof account === 'string'
            ? [
                from(`arn:${partition}:iam::${account}:role/`, []),
                from(`arn:${partition}:iam::${account}:user/`, []),
              ]
            : [
                from(
                  `arn:${partition}:iam::`,
                  some.map(({ begins }) => `${begins}*`),
                ),
              ],
      },
    ],
    [
      'aws:principalaccount',
      typeof account === 'string'
        ? known(account)
        : {
            is: 'chosen',
            always: true,
            from: [
              from(
                '',
                some.map(({ id }) => id),
              ),
            ],
          },
    ],
    ['aws:principaltype', { is: 'chosen', always: true, from: ['AssumedRole', 'User'].map(exactly) }],
    ['aws:username', chosen],
  ])
}

/** A user of an account, whatever they are called. */
const userOf = (partition: string, account: string): Given =>
  new Map<string, Value>([
    [
      'aws:principalarn',
      { is: 'chosen', always: true, from: [textsLike(`arn:${partition}:iam::${account}:user/*`)] },
    ],
    ['aws:principaltype', known('User')],
    ['aws:username', { is: 'chosen', always: true, from: [textsLike('?*')] }],
  ])

/** Who a name in a trust is, and whether they get in. */
function* somebody(
  world: RoleWorld,
  role: ReadRole,
  name: string,
  arns: ReadonlySet<string>,
): Iterable<readonly [Address, Answer]> {
  const ask = (arn: string, given?: Given) =>
    mayAssume(
      { arn, tags: {}, begun: 'by-choice', identity: [anything], boundary: null },
      targetOf(role),
      given,
    ).answer
  const { partition } = arnOf(role.version.arn)
  const someone = (account: string, kind = 'role') => `arn:${partition}:iam::${account}:${kind}/x`
  const whole = (account: string) => principal(`arn:${partition}:iam::${account}:root`)
  // Roles that were read are asked by themselves; what users may do is not looked at.
  const usersOf = (account: string): readonly [Address, Answer] => {
    const areThere = world.withUsers.has(account)
    const isOut = !areThere || ask(someone(account, 'user'), userOf(partition, account)) === 'no'
    return [whole(account), isOut ? 'no' : 'depends']
  }
  if (name === '*') {
    const anywhere = ask(someone(nobodys), somebodyIn(partition, nobodys))
    // Where it has to be a certain account, nobody can make it theirs; whose it is, nobody knows.
    const elsewhere =
      anywhere === 'yes' ? 'yes' : ask(someone(nobodys), somebodyIn(partition, { but: world.accounts }))
    yield [outsider, anywhere === 'yes' ? 'yes' : elsewhere === 'no' ? 'no' : 'depends']
    if (elsewhere === 'no') for (const account of [...world.withUsers].sort()) yield usersOf(account)
    return
  }
  const account = accountNamed(name)
  if (account !== undefined) {
    yield world.accounts.has(account)
      ? usersOf(account)
      : [whole(account), ask(someone(account), somebodyIn(partition, account))]
    return
  }
  // What is there is asked by itself; an id is what is left of somebody who is gone.
  yield [principal(name), arns.has(name) || !name.startsWith('arn:') ? 'no' : ask(name)]
}

/** Roles of other accounts that a role's own policies let it ask for: whether they let it in is not to be read. */
export function* beyond(world: RoleWorld, roles: readonly ReadRole[]): Iterable<RoleGrant> {
  for (const role of roles) {
    const resources = role.identity.flatMap(
      ({ document }) =>
        document?.statements.flatMap((one) =>
          one.effect === 'Allow' && isAsking(one) ? (one.resources ?? []) : [],
        ) ?? [],
    )
    for (const resource of new Set(resources)) {
      const account = /^arn:[^:]+:iam::(\d{12}):role\//.exec(resource)?.[1]
      if (account === undefined || world.accounts.has(account)) continue
      yield {
        grant: {
          power: 'assumes',
          of: role.version.address,
          on: `role:${resource}`,
          field: 'inline_policies',
          sure: false,
        },
        role: role.version,
      }
    }
  }
}
