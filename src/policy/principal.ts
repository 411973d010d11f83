import { certain, some, type Answer } from './answer.js'
import type { Principals, Statement } from './document.js'
import { matches, type Pattern } from './pattern.js'

/** Who asks. */
export type Principal =
  | {
      readonly is: 'role'
      readonly arn: string
      /** `AROA…`, where it is known: a trust names by it what was deleted. */
      readonly id?: string
      /** What its session may be called. */
      readonly session: Pattern
    }
  | { readonly is: 'user'; readonly arn: string; readonly id?: string }
  /** A token of an identity provider, by the provider's ARN. */
  | { readonly is: 'provider'; readonly arn: string }
  | { readonly is: 'service'; readonly name: string }

/**
 * How a trust means somebody. Named as a session, or as everybody, they need nothing of their own; named as a role,
 * nothing but their boundary's consent; by their account, all of their own policies'.
 *
 * @source IAM user guide, "Principal" and "Permissions boundaries"
 */
export type Via = 'session' | 'role' | 'account'

/**
 * Who issues the tokens of jobs; condition keys of their claims begin with it.
 *
 * @source Buildkite docs, "OIDC in Buildkite Pipelines"
 */
export const issuer = 'agent.buildkite.com'

/** An ARN in its parts. */
export const arnOf = (arn: string) => {
  const [, partition = '', service = '', , account = '', ...rest] = arn.split(':')
  return { partition, service, account, resource: rest.join(':') }
}

/** The name at the end of a role's ARN, without its path. */
export const nameIn = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1)

/** The account that a principal means with its root. */
export const accountNamed = (name: string): string | undefined =>
  /^[0-9]{12}$/.test(name) ? name : /^arn:[a-z-]+:iam::([0-9]{12}):root$/.exec(name)?.[1]

/** What IAM shows for a principal that is gone begins with what it was. */
const idOf = { role: 'AROA', user: 'AIDA' }
const isId = (name: string) => /^[A-Z0-9]{16,128}$/.test(name)

/**
 * Each way in which a list of principals means somebody, and how certain that is.
 *
 * @param picking  whether they get in by being meant, so that a session gets the name that is needed
 */
const meant = (list: Principals, who: Principal, picking: boolean): readonly (readonly [Via, Answer])[] => {
  // What is for everybody is for tokens and services too: both spellings of it are one.
  const all: readonly (readonly [Via, Answer])[] = list.AWS.includes('*') ? [['session', 'yes']] : []
  switch (who.is) {
    case 'provider':
      return [...all, ['session', certain(list.Federated.includes(who.arn))]]
    case 'service':
      return [...all, ['session', certain(list.Service.includes(who.name))]]
    case 'user':
    case 'role':
      return [...all, ...list.AWS.map((name) => namedBy(name, who, picking))]
  }
}

type Entity = Extract<Principal, { readonly is: 'role' | 'user' }>

const namedBy = (name: string, who: Entity, picking: boolean): readonly [Via, Answer] => {
  const { partition, account } = arnOf(who.arn)
  const direct: Via = who.is === 'role' ? 'role' : 'session'
  if (name === who.arn) return [direct, 'yes']
  if (accountNamed(name) !== undefined) return ['account', certain(accountNamed(name) === account)]
  if (isId(name)) {
    const possible = name.startsWith(idOf[who.is])
    return [direct, possible && who.id === undefined ? 'depends' : certain(possible && name === who.id)]
  }
  const session = /^arn:([a-z-]+):sts::([0-9]{12}):assumed-role\/([^/]+)\/(.+)$/.exec(name)
  const possible =
    who.is === 'role' &&
    session?.[1] === partition &&
    session[2] === account &&
    session[3] === nameIn(who.arn) &&
    matches(who.session, session[4] ?? '')
  return ['session', possible && !picking ? 'depends' : certain(possible)]
}

/** How a statement of a trust means somebody. */
export const meaning = (statement: Statement, who: Principal): ReadonlyMap<Via, Answer> => {
  const found = new Map<Via, Answer>()
  if (statement.principals !== null)
    for (const [via, so] of meant(statement.principals, who, statement.effect === 'Allow'))
      found.set(via, some([found.get(via) ?? 'no', so]))
  else if (statement.notPrincipals !== null) found.set('session', excepted(statement.notPrincipals, who))
  return found
}

/**
 * Everybody but those. A role is left out by its ARN and its account together; by one of them, IAM may look at the other.
 *
 * @source IAM user guide, "NotPrincipal"
 */
const excepted = (list: Principals, who: Principal): Answer => {
  const by = meant(list, who, false)
  const ways = new Set(by.flatMap(([via, so]) => (so === 'yes' ? [via] : [])))
  if (list.AWS.includes('*')) return 'no'
  if (by.every(([, so]) => so === 'no')) return 'yes'
  if (who.is === 'provider' || who.is === 'service') return 'no'
  const itself = ways.has('role') || ways.has('session')
  return itself && ways.has('account') ? 'no' : 'depends'
}

/** Who a statement is about, for people. */
export const principalsText = (statement: Statement): string => {
  const list = statement.principals ?? statement.notPrincipals
  const names = Object.values(list ?? {}).flat()
  const shown =
    names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
  return statement.principals === null ? `everybody but ${shown}` : shown
}
