import { decide, type Decision } from './decide.js'
import type { Policies, Question } from './layers.js'
import { glob, type Pattern } from './pattern.js'
import { arnOf, issuer } from './principal.js'
import type { Named } from './rule.js'
import { piecesOf, variablesIn } from './template.js'
import {
  absent,
  chosen,
  exactly,
  free,
  known,
  anyText,
  textsLike,
  unknown,
  type Context,
  type Texts,
  type Value,
} from './value.js'

/** A role that asks for another. */
export interface Caller {
  readonly arn: string
  /** `AROA…` */
  readonly id?: string
  readonly tags: Readonly<Record<string, string>>
  /**
   * Who gave the session its name and tags: EC2 names it after the instance and gives no tags; whoever assumed the
   * role picks both.
   */
  readonly begun: 'by-ec2' | 'by-choice'
  /** Inline and attached. */
  readonly identity: readonly Named[]
  readonly boundary: Named | null
  readonly session?: readonly Named[] | null
  readonly scp?: readonly (readonly Named[])[]
}

/** A role that is asked for. */
export interface Target {
  readonly arn: string
  readonly tags: Readonly<Record<string, string>>
  readonly trust: Named
  /** Resource control policies of its account. */
  readonly rcp?: readonly (readonly Named[])[]
}

/** What is known of a request beside who asks for what: networks, times. Keys in small letters. */
export type Given = ReadonlyMap<string, Value>

/** What a condition key of tags is about: the name after the slash. */
export const tagIn = (key: string, ...before: readonly string[]): string | undefined => {
  const prefix = before.find((one) => key.startsWith(`${one}/`))
  return prefix === undefined ? undefined : key.slice(prefix.length + 1)
}

/** Tags by name; IAM does not tell names apart that differ in case only. */
export const tagged = (tags: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.entries(tags).find(([key]) => key.toLowerCase() === name)?.[1]

const instanceId: Pattern = glob('i-?*')

const sessionNames: Texts = { begins: '', rest: free.sessionName }

/** What somebody passes along with the name of the role, and so picks; some of it has to be allowed by itself. */
interface Extra {
  readonly action: string
  readonly keys: (key: string) => boolean
}

export const tagKeys = (key: string): boolean =>
  key.startsWith('aws:requesttag/') || key === 'aws:tagkeys' || key === 'sts:transitivetagkeys'

const extras: readonly Extra[] = [
  {
    action: 'sts:TagSession',
    keys: tagKeys,
  },
  { action: 'sts:SetSourceIdentity', keys: (key) => key === 'sts:sourceidentity' },
]

const valueOf = (text: string | undefined): Value => (text === undefined ? absent : known(text))

/** What a request says of whoever asks. */
export const ofCaller = ({ arn, tags, begun }: Caller, key: string): Value | undefined => {
  const name = tagIn(key, 'aws:principaltag')
  if (name !== undefined) {
    const tag = tagged(tags, name)
    if (begun === 'by-ec2') return valueOf(tag)
    return tag === undefined ? chosen : { is: 'chosen', always: true, from: [exactly(tag), anyText] }
  }
  switch (key) {
    case 'aws:principalarn':
      return known(arn)
    case 'aws:principalaccount':
      return known(arnOf(arn).account)
    case 'aws:principaltype':
      return known('AssumedRole')
    case 'aws:username':
      return absent
    default:
      return undefined
  }
}

/** What is the same in every request of somebody's own. */
export const ofRequest = (key: string): Value | undefined => {
  switch (key) {
    case 'aws:securetransport':
      return known('true')
    case 'aws:principalisawsservice':
    case 'aws:viaawsservice':
      return known('false')
    case 'aws:useragent':
    case 'aws:referer':
      return chosen
    default:
      return undefined
  }
}

const contextOf =
  (caller: Caller, target: Target, given: Given, passing: readonly Extra[]): Context =>
  (key) => {
    const told = given.get(key)
    if (told !== undefined) return told
    const extra = extras.find(({ keys }) => keys(key))
    if (extra !== undefined) {
      if (!passing.includes(extra)) return absent
      return key === 'aws:tagkeys' || key === 'sts:transitivetagkeys'
        ? { is: 'chosen', many: true, from: [textsLike('?*')] }
        : key === 'sts:sourceidentity'
          ? { is: 'chosen', always: true, from: [sessionNames] }
          : chosen
    }
    // Claims are looked at when a token is exchanged, and stay behind.
    if (key.startsWith(`${issuer}:`)) return absent
    const ofTarget = tagIn(key, 'aws:resourcetag', 'iam:resourcetag')
    if (ofTarget !== undefined) return valueOf(tagged(target.tags, ofTarget))
    const asked = ofCaller(caller, key) ?? ofRequest(key)
    if (asked !== undefined) return asked
    switch (key) {
      case 'aws:resourceaccount':
        return known(arnOf(target.arn).account)
      case 'sts:externalid':
        return { is: 'chosen', from: [textsLike('??*')] }
      case 'sts:rolesessionname':
        return { is: 'chosen', always: true, from: [sessionNames] }
      case 'sts:durationseconds':
        return chosen
      default:
        return unknown
    }
  }

/**
 * Whether a role may assume another one, by `sts:AssumeRole`. Session name, tags, external id and source identity are
 * picked by whoever asks, so they never keep anybody out.
 */
export const mayAssume = (caller: Caller, target: Target, given: Given = new Map()): Decision => {
  const [from, to] = [arnOf(caller.arn), arnOf(target.arn)]
  if (from.partition !== to.partition)
    return {
      answer: 'no',
      on: [],
      by: [
        { policy: target.trust.name, says: `${from.partition} and ${to.partition} are worlds of their own` },
      ],
      picks: {},
    }
  const policies: Policies = {
    trust: target.trust,
    identity: caller.identity,
    boundary: caller.boundary,
    session: caller.session ?? null,
    scp: caller.scp ?? [],
    rcp: target.rcp ?? [],
  }
  const ask = (passing: readonly Extra[]): Question => ({
    actions: ['sts:AssumeRole', ...passing.map(({ action }) => action)],
    resource: known(target.arn),
    principal: {
      is: 'role',
      arn: caller.arn,
      ...(caller.id === undefined ? {} : { id: caller.id }),
      session: caller.begun === 'by-ec2' ? instanceId : free.sessionName,
    },
    accounts: from.account === to.account ? 'same' : 'other',
    context: contextOf(caller, target, given, passing),
    policies,
  })
  return decide(...subsets(extras.filter(({ keys }) => mentions(policies, keys))).map(ask))
}

const subsets = <One>(all: readonly One[]): readonly (readonly One[])[] =>
  all.reduce<readonly (readonly One[])[]>((sets, one) => [...sets, ...sets.map((set) => [...set, one])], [[]])

/** Whether any policy looks at such a key: else passing it changes nothing. */
export const mentions = (policies: Policies, keys: (key: string) => boolean): boolean =>
  [
    ...(policies.trust ? [policies.trust] : []),
    ...(policies.identity ?? []),
    ...(policies.boundary ? [policies.boundary] : []),
    ...(policies.session ?? []),
    ...(policies.scp ?? []).flat(),
    ...(policies.rcp ?? []).flat(),
  ].some(({ document }) =>
    document?.statements.some(({ conditions, resources, notResources }) =>
      [
        ...conditions.map(({ key }) => key.toLowerCase()),
        ...[
          ...conditions.flatMap(({ values }) => values),
          ...(resources ?? []),
          ...(notResources ?? []),
        ].flatMap((text) => variablesIn(piecesOf(text, document.version))),
      ].some(keys),
    ),
  )
