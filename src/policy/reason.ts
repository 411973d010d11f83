import { every, type Answer } from './answer.js'
import { allows, couldAllow, holds, waysIn, type Layers, type Part, type Subjects } from './layers.js'
import { onlyOf } from './choices.js'
import { principalsText, type Via } from './principal.js'
import { concerns, meant, resourceKey, type Rule, type Test } from './rule.js'
import { answerTo, canHold, valuesIn, type Subject, type World } from './subject.js'

/** What decided: a statement, the condition of it, and a sentence about both. */
export interface Reason {
  /** As whoever asked called it; a kind of policy where there is none that says anything. */
  readonly policy: string
  /** Counts from 1; missing where it is about a policy as a whole. */
  readonly statement?: number
  readonly sid?: string
  /** `StringEquals aws:SourceVpc` */
  readonly condition?: string
  /** `statement 2 (Deploy): StringEquals aws:SourceVpc asks for vpc-1, and the request has none` */
  readonly says: string
}

const listed = (texts: readonly string[]): string =>
  texts.length > 3 ? `${texts.slice(0, 3).join(', ')} or ${texts.length - 3} more` : texts.join(' or ')

const reason = ({ policy, index, statement }: Rule, says: string, test?: Test): Reason => {
  const sid = statement?.sid ?? undefined
  return {
    policy,
    ...(index === 0 ? {} : { statement: index }),
    ...(sid === undefined ? {} : { sid }),
    ...(test === undefined ? {} : { condition: test.says }),
    says: index === 0 ? says : `statement ${index}${sid === undefined ? '' : ` (${sid})`}: ${says}`,
  }
}

const asks = ({ says, wanted }: Test): string => `${says} asks for ${listed(wanted) || 'nothing'}`

const about = ({ statement }: Rule): string =>
  statement === undefined ? 'nobody knows whom' : principalsText(statement)

/** The statements that let somebody in, what they had to pick for it, and what is not certain about it. */
export const groundsOf = (
  layers: readonly Layers[],
  subjects: Subjects,
  world: World,
): {
  readonly on: readonly string[]
  readonly by: readonly Reason[]
  readonly picks: Readonly<Record<string, string | null>>
} => {
  const on = new Set<string>()
  const by = new Map<string, Reason>()
  const picks = new Map<string, string | null>()
  const say = (one: Reason) => by.set(`${one.policy} ${one.says}`, one)

  const unclear = (rule: Rule) => {
    if (rule.index === 0) {
      on.add(`policy ${rule.policy}`)
      say(reason(rule, `${rule.policy} could not be read`))
    }
    if (rule.index > 0 && meant(rule) === 'depends') {
      on.add(`whether ${about(rule)} is meant`)
      say(reason(rule, `is about ${about(rule)}, and it is not certain that this is meant`))
    }
    const resolve = valuesIn(subjects, world)
    for (const test of rule.tests) {
      if (answerTo(test, subjects, world) !== 'depends') continue
      const unknown = subjects.get(test.key)?.value.is === 'unknown' || world.get(test.key) === 'open'
      const names = [
        ...(unknown ? [test.key === resourceKey ? 'the resource' : test.key] : []),
        ...test.variables.filter((variable) => resolve(variable) === undefined),
      ]
      for (const name of names) on.add(name)
      if (names.length === 0) on.add(`how IAM reads ${test.says} ${listed(test.wanted)}`)
      say(reason(rule, `${asks(test)}, and it is not certain that it is`, test))
    }
  }

  const picked = (rule: Rule) => {
    for (const name of rule.tests.flatMap(({ key, variables }) => [key, ...variables])) {
      const it = world.get(name)
      if (subjects.get(name)?.value.is === 'chosen' && it !== undefined && it !== 'open')
        picks.set(name, it === null ? null : it.join(', '))
    }
  }

  const granting = ({ live }: Part, via: Via | undefined, action: string) => {
    const all = live.flatMap((rule): readonly (readonly [Rule, Answer])[] => {
      if (rule.effect === 'Deny') return []
      return [
        [
          rule,
          every([
            via === undefined ? meant(rule) : (rule.via.get(via) ?? 'no'),
            holds(rule, subjects, world),
          ]),
        ],
      ]
    })
    const certain = all.find(([, answer]) => answer === 'yes')
    for (const [rule, answer] of certain === undefined ? all : [certain]) {
      if (answer === 'no') continue
      if (answer === 'yes') say(reason(rule, `allows ${action}`))
      else unclear(rule)
      picked(rule)
    }
  }

  for (const one of layers) {
    const ways = waysIn(one).map((way) => ({
      way,
      answer: every(way.map(([part, via]) => allows(part, subjects, world, via))),
    }))
    const certain = ways.find(({ answer }) => answer === 'yes')
    for (const { way } of certain === undefined
      ? ways.filter(({ answer }) => answer === 'depends')
      : [certain])
      for (const [part, via] of way) granting(part, via, one.action)
    for (const rule of one.all.flatMap(({ live }) => live))
      if (rule.effect === 'Deny') {
        if (holds(rule, subjects, world) !== 'no') unclear(rule)
        picked(rule)
      }
  }
  return { on: [...on].sort(), by: [...by.values()], picks: Object.fromEntries([...picks].sort()) }
}

/** What a key can have at all. */
const all = ({ value }: Subject): string => {
  if (value.is === 'absent') return 'the request has none'
  if (value.is === 'known') return `it is ${listed(value.values)}`
  const texts = value.from?.map(onlyOf)
  if (texts?.length === 0) return 'the request has none'
  if (texts !== undefined && !texts.includes(undefined))
    return `it is ${listed(texts.filter((text) => text !== undefined))}`
  return value.is === 'chosen' ? 'nothing that can be asked for is' : 'nothing that it may be is'
}

/** The sentence about a test that fails whatever is picked. */
const failing = (rule: Rule, test: Test, subject: Subject): Reason =>
  reason(rule, `${asks(test)}, and ${all(subject)}`, test)

/** Why each statement of a part allows nothing. */
const neverIn = ({ name, rules }: Part, action: string, subjects: Subjects): readonly Reason[] => {
  const allowing = rules.filter((rule) => rule.effect === 'Allow')
  const found = allowing.flatMap((rule): readonly Reason[] => {
    if (!rule.acts) return [reason(rule, `is not about ${action}`)]
    if (!concerns(rule)) return [reason(rule, `is about ${about(rule)}`)]
    const test = rule.tests.find((one) => !canHold(one, subjects))
    const subject = test && subjects.get(test.key)
    return test === undefined || subject === undefined ? [] : [failing(rule, test, subject)]
  })
  return found.length > 0 ? found : [{ policy: name, says: `no statement of ${name} allows ${action}` }]
}

/** Why nobody is let in, whatever they pick: what denies, or what never allows. */
export const failuresOf = (layers: readonly Layers[], subjects: Subjects): readonly Reason[] => {
  for (const one of layers) {
    const open = waysIn(one).map((way) => way.map(([part, via]) => couldAllow(part, subjects, via)))
    if (open.some((parts) => parts.every(Boolean))) continue
    // The way that goes furthest: where the trust lets in, what stands behind it.
    const furthest = open.reduce(
      (best, parts, at) => (parts.indexOf(false) > (open[best]?.indexOf(false) ?? 0) ? at : best),
      0,
    )
    const part = waysIn(one)[furthest]?.[open[furthest]?.indexOf(false) ?? 0]?.[0]
    if (part !== undefined) return neverIn(part, one.action, subjects)
  }
  const found = layers.flatMap(({ action, all }) => {
    const denying = all.flatMap(({ live }) =>
      live.filter(({ effect, tests }) => effect === 'Deny' && tests.every((test) => canHold(test, subjects))),
    )
    return denying.map((rule) => reason(rule, `denies ${action}`))
  })
  if (found.length > 0) return found
  return layers.flatMap(({ all }) =>
    all.flatMap(({ live }) =>
      live
        .filter(({ effect }) => effect === 'Allow')
        .map((rule) => reason(rule, 'its conditions can’t all be met at once')),
    ),
  )
}
