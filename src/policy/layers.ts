import { every, some, type Answer } from './answer.js'
import type { Principal, Via } from './principal.js'
import { concerns, meant, rulesOf, type Named, type Rule } from './rule.js'
import { answerTo, canHold, isHopeless, type Subject, type World } from './subject.js'
import type { Context, Value } from './value.js'

/** All that has a say. A list of lists is levels, each of which has to allow: the organization, its units, the account. */
export interface Policies {
  /** Of the role that is asked for. */
  readonly trust?: Named
  /** Of whoever asks, inline and attached. */
  readonly identity?: readonly Named[]
  /** Limits whoever asks; null where there is none. */
  readonly boundary?: Named | null
  /** Limits the session that asks; null where it has none. */
  readonly session?: readonly Named[] | null
  /** Service control policies of the asker's account. */
  readonly scp?: readonly (readonly Named[])[]
  /** Resource control policies of the account of what is asked for. */
  readonly rcp?: readonly (readonly Named[])[]
}

export interface Question {
  /** All of them have to be allowed, of one request. */
  readonly actions: readonly string[]
  /** What it is done to. */
  readonly resource: Value
  /** Who asks, where a trust has to know. */
  readonly principal?: Principal
  /** Whether whoever asks is of the trust's account; `none` for tokens and services, which have no policies. */
  readonly accounts?: 'same' | 'other' | 'none'
  readonly context: Context
  readonly policies: Policies
}

/** A kind of policy in the question: the statements of all of its documents. */
export interface Part {
  readonly name: string
  readonly rules: readonly Rule[]
  /** Without those that hold for nothing that their keys may have. */
  readonly live: readonly Rule[]
}

/** Everything that has a say about one action. */
export interface Layers {
  readonly action: string
  readonly accounts: Question['accounts']
  readonly trust: Part | undefined
  readonly identity: Part
  /** Boundary and session policies: of whoever asks, and granting nothing. */
  readonly within: readonly Part[]
  /** Levels of the organization. */
  readonly limits: readonly Part[]
  readonly all: readonly Part[]
}

export type Subjects = ReadonlyMap<string, Subject>

export const layersOf = (
  { policies, principal, accounts, resource, context }: Question,
  action: string,
): Layers => {
  const part = (name: string, named: readonly Named[], who?: Principal): Part => {
    const rules = named.flatMap((one) => rulesOf(one, action, who))
    const live = rules.filter(
      (rule) => concerns(rule) && !rule.tests.some((test) => isHopeless(test, resource, context)),
    )
    return { name, rules, live }
  }
  const trust = policies.trust && part('the trust', [policies.trust], principal)
  const identity = part('its own policies', policies.identity ?? [])
  const within = [
    ...(policies.boundary ? [part('its boundary', [policies.boundary])] : []),
    ...(policies.session ? [part('its session’s policies', policies.session)] : []),
  ]
  const limits = [
    ...(policies.scp ?? []).map((level) => part('a service control policy', level)),
    ...(policies.rcp ?? []).map((level) => part('a resource control policy', level, principal)),
  ]
  return {
    action,
    accounts,
    trust,
    identity,
    within,
    limits,
    all: [...(trust ? [trust] : []), identity, ...within, ...limits],
  }
}

/** Whether a rule's conditions hold. */
export const holds = (rule: Rule, subjects: Subjects, world: World): Answer =>
  every(rule.tests.map((test) => answerTo(test, subjects, world)))

export const allows = ({ live }: Part, subjects: Subjects, world: World, via?: Via): Answer =>
  some(
    live.map((rule) => {
      if (rule.effect === 'Deny') return 'no'
      const so = via === undefined ? meant(rule) : (rule.via.get(via) ?? 'no')
      return so === 'no' ? 'no' : every([so, holds(rule, subjects, world)])
    }),
  )

export const denies = ({ all }: Layers, subjects: Subjects, world: World): Answer =>
  some(
    all.flatMap(({ live }) =>
      live.map((rule) =>
        rule.effect === 'Allow' ? 'no' : every([meant(rule), holds(rule, subjects, world)]),
      ),
    ),
  )

/** The ways to be let in, each by the parts that have to allow; a trust only by what it names the asker as. */
export const waysIn = ({
  accounts,
  trust,
  identity,
  within,
  limits,
}: Layers): readonly (readonly [Part, Via?])[][] => {
  const own = [identity, ...within].map((part) => [part] as const)
  const bounds = within.map((part) => [part] as const)
  const always = limits.map((part) => [part] as const)
  if (trust === undefined) return [[...own, ...always]]
  if (accounts === 'none') return [[[trust], ...always]]
  if (accounts === 'other') return [[[trust], ...own, ...always]]
  return [
    [[trust, 'session'], ...always],
    [[trust, 'role'], ...bounds, ...always],
    [[trust, 'account'], ...own, ...always],
  ]
}

/** Whether one way in is open where every rule is looked at by itself: if not, no choice will open it. */
export const couldAllow = ({ live }: Part, subjects: Subjects, via?: Via): boolean =>
  live.some(
    (rule) =>
      rule.effect === 'Allow' &&
      (via === undefined || (rule.via.get(via) ?? 'no') !== 'no') &&
      rule.tests.every((test) => canHold(test, subjects)),
  )
