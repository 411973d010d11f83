import type { AwsAccount } from '../../model/aws.js'
import { decide } from '../../policy/decide.js'
import type { Statement } from '../../policy/document.js'
import { glob } from '../../policy/pattern.js'
import type { Named } from '../../policy/rule.js'
import { chosen, known, textsLike, unknown, type Context, type Value } from '../../policy/value.js'
import { covers, isAbout, type Holder } from './seen.js'

/** That somebody may do something, and which statement says so. */
export interface Permission {
  readonly policy: string
  /** Counts from 1; null where the policy could not be read. */
  readonly statement: number | null
  readonly sid: string | null
  /** False where it rests on something that nobody told. */
  readonly isCertain: boolean
}

/** Somebody who acts: their tags, where they have some. */
export interface Actor extends Holder {
  readonly detail?: { readonly tags: Readonly<Record<string, string>> }
}

const networks = [
  'aws:sourceip',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:vpcsourceip',
  'aws:currenttime',
  'aws:epochtime',
  'aws:principalorgid',
  'aws:principalorgpaths',
]

/** What a request of somebody comes with: what they may say themselves, they say so that it is allowed. */
const contextOf =
  ({ arn, account, detail }: Actor): Context =>
  (key) => {
    if (key === 'aws:principalarn') return known(arn)
    if (key === 'aws:principalaccount') return known(account.id)
    if (key === 'aws:securetransport') return known('true')
    if (key === 'aws:principalisawsservice' || key === 'aws:viaawsservice') return known('false')
    if (networks.includes(key)) return unknown
    if (key === 'aws:tagkeys' || key === 'sts:transitivetagkeys') return { is: 'chosen', many: true }
    const tag = key.startsWith('aws:principaltag/') ? key.slice('aws:principaltag/'.length) : undefined
    if (tag !== undefined) {
      const found = Object.entries(detail?.tags ?? {}).find(([name]) => name.toLowerCase() === tag)
      // Whoever begins the session may give it a tag that the role lacks.
      return found === undefined ? unknown : known(found[1])
    }
    // What is asked for, and how, is theirs to say: a region, a tag, a service to pass a role to.
    return /^(aws:resource|iam:resourcetag|ec2:|s3:existing|kms:key)/.test(key) ? unknown : chosen
  }

const abouts = new WeakMap<Statement, Map<string, boolean>>()

const isAboutOnce = (statement: Statement, action: string): boolean => {
  const known = abouts.get(statement) ?? new Map<string, boolean>()
  abouts.set(statement, known)
  const before = known.get(action)
  if (before !== undefined) return before
  const found = isAbout(statement, action)
  known.set(action, found)
  return found
}

/** The statements that speak for an action, before anything is said against it. */
const speaking = (identity: readonly Named[], action: string) =>
  identity.flatMap(({ name, document }) =>
    (document?.statements ?? []).flatMap((statement, at) =>
      statement.effect === 'Allow' && isAboutOnce(statement, action)
        ? [{ policy: name, statement: at + 1, sid: statement.sid, of: statement }]
        : [],
    ),
  )

const isPlain = ({ conditions, resources }: Statement): boolean =>
  conditions.length === 0 && resources?.includes('*') === true

const denials = (policies: readonly Named[], action: string): readonly Statement[] =>
  policies.flatMap(({ document }) =>
    (document?.statements ?? []).filter(
      (statement) => statement.effect === 'Deny' && isAboutOnce(statement, action),
    ),
  )

/** Whether a statement may be about a resource, as far as that is plain. */
const mayBeAbout = ({ resources }: Statement, resource: Value): boolean =>
  resources === null ||
  resource.is !== 'known' ||
  resources.some(
    (written) => written.includes('${') || resource.values.some((value) => covers(value)(written)),
  )

/** Of some actions, those that a statement is about: asked once for all statements that write them alike. */
export const spokenOf = (actions: readonly string[]): ((statement: Statement) => readonly string[]) => {
  const byPattern = new Map<string, readonly string[]>()
  const meant = (pattern: string): readonly string[] => {
    const before = byPattern.get(pattern)
    if (before !== undefined) return before
    const found = actions.filter((action) => covers(action)(pattern))
    byPattern.set(pattern, found)
    return found
  }
  return ({ actions: named, notActions }) => {
    if (named !== null) return named.flatMap(meant)
    const others = new Set((notActions ?? []).flatMap(meant))
    return actions.filter((action) => !others.has(action))
  }
}

/** Any resource that somebody may name. */
const anything: Value = { is: 'chosen', always: true, from: [textsLike('*')] }

/** Any resource that fits a pattern of ARNs. No name that is asked about here has a colon in it. */
export const like = (pattern: string): Value => ({
  is: 'chosen',
  always: true,
  from: [
    {
      begins: '',
      rest: glob(pattern).map(({ takes, many }) => ({ takes: takes === 'any' ? 'part' : takes, many })),
    },
  ],
})

/**
 * Whether somebody may do something to a resource, or to any of those that it may be. What could not be read says nothing
 * here: that it could not be is told by itself.
 */
export const may = (who: Actor, action: string, resource: Value = anything): Permission | undefined => {
  const { identity, boundary } = who
  const allowing = speaking(identity, action).filter(({ of }) => mayBeAbout(of, resource))
  const [first] = allowing
  if (first === undefined) return undefined
  const said = ({ policy, statement, sid }: (typeof allowing)[number], isCertain: boolean): Permission => ({
    policy,
    statement,
    sid,
    isCertain,
  })
  const limits = boundary === null ? [] : speaking([boundary], action)
  if (boundary?.document !== undefined && limits.length === 0) return undefined
  const against = denials([...identity, ...(boundary === null ? [] : [boundary])], action)
  if (against.some(isPlain)) return undefined
  // Most questions are plain, and there are many of them.
  const plain = allowing.find(
    // Whatever a statement names, it names something.
    ({ of }) => isPlain(of) || (resource === anything && of.conditions.length === 0 && of.resources !== null),
  )
  if (
    plain !== undefined &&
    against.length === 0 &&
    (boundary === null || limits.some(({ of }) => isPlain(of)))
  )
    return said(plain, true)
  const { answer, by } = asked(who, action, resource)
  if (answer === 'no') return undefined
  const one =
    allowing.find(({ policy, statement }) =>
      by.some((reason) => reason.policy === policy && reason.statement === statement),
    ) ?? first
  return said(one, answer === 'yes')
}

/** The same where a policy that could not be read may be what lets them. */
export const mayPerhaps = (who: Actor, action: string, resource: Value): Permission | undefined => {
  const unread = who.identity.find(({ document }) => document === undefined)
  const found = may(who, action, resource)
  return found !== undefined || unread === undefined || asked(who, action, resource).answer === 'no'
    ? found
    : { policy: unread.name, statement: null, sid: null, isCertain: false }
}

const asked = (who: Actor, action: string, resource: Value) =>
  decide({
    actions: [action],
    resource,
    context: contextOf(who),
    policies: { identity: who.identity, boundary: who.boundary },
  })

/** The ARN of a parameter, in the region in which bridle looks. */
export const parameterArn = ({ partition, region, id }: AwsAccount, name: string): string =>
  `arn:${partition}:ssm:${region}:${id}:parameter/${name.replace(/^\//, '')}`

/** Where a permission stands: `policy artifacts, statement 2 (Write)`. */
export const placeOf = ({ policy, statement, sid }: Permission): string => {
  const name = `policy ${policy.split('/').at(-1) ?? policy}`
  return statement === null
    ? `${name}, which could not be read`
    : `${name}, statement ${statement}${sid === null ? '' : ` (${sid})`}`
}
