import { not, some, type Answer } from './answer.js'
import { around, comparison, type Wanted } from './compare.js'
import type { Condition, PolicyDocument, Statement } from './document.js'
import { isText, operatorText, spelling } from './operator.js'
import { arnParts, caseless, glob, matches, onlyText, type Pattern } from './pattern.js'
import { meaning, type Principal, type Via } from './principal.js'
import { fitting, patternOf, piecesOf, variablesIn, type Piece, type Resolve } from './template.js'

/** A policy by the name that people know it by; undefined where it could not be read. */
export interface Named {
  readonly name: string
  readonly document: PolicyDocument | undefined
}

/** A condition of a statement, or its resources: a question about one key. */
export interface Test {
  /** In small letters. The resource is a key of its own, without a colon. */
  readonly key: string
  /** As people read it: `StringEquals aws:SourceVpc`. */
  readonly says: string
  /** Keys whose values stand in what it asks for. */
  readonly variables: readonly string[]
  readonly wanted: readonly string[]
  /** What its answer tells texts apart by, and texts worth trying where it is no patterns. */
  patterns(resolve: Resolve): readonly Pattern[]
  readonly samples: readonly string[]
  /** What a variable may stand for, so that it asks for this text. */
  fits(variable: string, text: string): readonly string[]
  /** @param has  the key's values; null where there are none */
  ask(has: readonly string[] | null, resolve: Resolve): Answer
}

/** A statement, as far as an action and an asker decide it; or a policy that nobody could read. */
export interface Rule {
  readonly policy: string
  /** Counts from 1; 0 for a policy that could not be read. */
  readonly index: number
  readonly statement: Statement | undefined
  readonly effect: 'Allow' | 'Deny'
  /** Whether it is about the action. */
  readonly acts: boolean
  /** Whether it is about the asker, and as what. */
  readonly via: ReadonlyMap<Via, Answer>
  readonly tests: readonly Test[]
}

/** What the resource is called among the keys. */
export const resourceKey = 'resource'

interface Prepared {
  /** Whether it is about an action. */
  readonly acts: (action: string) => boolean
  readonly tests: readonly Test[]
}

/** A trust is asked about by thousands of jobs, so its patterns are made once. */
const preparations = new WeakMap<Statement, Prepared>()

const prepared = (statement: Statement, version: string): Prepared => {
  const before = preparations.get(statement)
  if (before !== undefined) return before
  const tests = statement.conditions.map((condition) => conditionTest(condition, version))
  const { resources, notResources } = statement
  if (resources !== null) tests.unshift(resourceTest(resources, false, version))
  if (notResources !== null) tests.unshift(resourceTest(notResources, true, version))
  const asked = new Map<string, boolean>()
  const acts = (action: string): boolean => {
    const answer = asked.get(action) ?? isAbout(statement, action)
    asked.set(action, answer)
    return answer
  }
  const made = { acts, tests }
  preparations.set(statement, made)
  return made
}

/** Whether a statement is about an action, in any case. */
export const isAbout = ({ actions, notActions }: Statement, action: string): boolean => {
  const named = (actions ?? notActions ?? []).some((one) =>
    /[*?]/.test(one) ? matches(caseless(glob(one)), action) : one.toLowerCase() === action.toLowerCase(),
  )
  return named === (actions !== null)
}

/** What becomes of values once variables are filled in: made once where there are none. */
const filling = <Made>(
  pieces: readonly (readonly Piece[])[],
  wild: boolean,
  make: (wanted: readonly Wanted[]) => Made,
): ((resolve: Resolve) => Made) => {
  const fill = (resolve: Resolve) => make(pieces.map((one) => patternOf(one, wild, resolve)))
  if (pieces.some((one) => variablesIn(one).length > 0)) return fill
  let made: { readonly it: Made } | undefined
  return (resolve) => (made ??= { it: fill(resolve) }).it
}

/** Where sets are asked about, an empty text may count as none. */
export const notEmpty = glob('?*')

const known = (patterns: readonly Wanted[]): readonly Pattern[] =>
  patterns.filter((pattern) => pattern !== null && pattern !== undefined)

const withParts = (pattern: Pattern): readonly Pattern[] => {
  const parts = arnParts(pattern)
  return parts === undefined ? [pattern] : [pattern, parts]
}

const conditionTest = ({ operator, key, values }: Condition, version: string): Test => {
  const { compares, wild = false, ignoresCase = false } = spelling(operator.name)
  const texts = compares === 'string' || compares === 'arn'
  const pieces = values.map((value) => piecesOf(value, texts ? version : '2008-10-17'))
  const told = (pattern: Pattern): readonly Pattern[] =>
    compares === 'arn'
      ? withParts(pattern)
      : [ignoresCase || compares === 'bool' ? caseless(pattern) : pattern]
  const asks = filling(pieces, wild, (wanted) => comparison(operator, wanted))
  return {
    key: key.toLowerCase(),
    says: `${operatorText(operator)} ${key}`,
    variables: pieces.flatMap(variablesIn),
    wanted: values,
    patterns: filling(pieces, wild, (wanted) =>
      isText(operator.name)
        ? [...known(wanted).flatMap(told), ...(operator.over === 'one' ? [] : [notEmpty])]
        : [],
    ),
    samples: values.flatMap((value) => around(operator.name, value)),
    fits: (variable, text) => pieces.flatMap((one) => fitting(one, wild, variable, text)),
    ask: (has, resolve) => asks(resolve)(has),
  }
}

/**
 * A resource is met by a pattern over the whole of it. Where its parts one by one don't meet it too, IAM does not say
 * which of the two it looks at.
 */
const resourceTest = (resources: readonly string[], negated: boolean, version: string): Test => {
  const pieces = resources.map((resource) => piecesOf(resource, version))
  const fill = filling(pieces, true, (wanted) => wanted)
  const met = (wanted: Wanted, text: string): Answer => {
    if (wanted === undefined) return 'depends'
    if (wanted === null) return negated ? 'depends' : 'no'
    if (!matches(wanted, text)) return 'no'
    return wanted.length === 1 ||
      onlyText(wanted) !== undefined ||
      withParts(wanted)
        .slice(1)
        .some((one) => matches(one, text))
      ? 'yes'
      : 'depends'
  }
  return {
    key: resourceKey,
    says: negated ? 'NotResource' : 'Resource',
    variables: pieces.flatMap(variablesIn),
    wanted: resources,
    patterns: filling(pieces, true, (wanted) => known(wanted).flatMap(withParts)),
    samples: [],
    fits: (variable, text) => pieces.flatMap((one) => fitting(one, true, variable, text)),
    ask: (has, resolve) => {
      const wanted = fill(resolve)
      const answer = some((has ?? ['*']).flatMap((text) => wanted.map((one) => met(one, text))))
      return negated ? not(answer) : answer
    },
  }
}

const sure: ReadonlyMap<Via, Answer> = new Map([['session', 'yes']])
const unsure: ReadonlyMap<Via, Answer> = new Map([['session', 'depends']])

/** A policy's statements as one action and one asker see them. Who could not be read may say anything. */
export const rulesOf = (
  { name, document }: Named,
  action: string,
  who: Principal | undefined,
): readonly Rule[] =>
  document === undefined
    ? (['Allow', 'Deny'] as const).map((effect) => ({
        policy: name,
        index: 0,
        statement: undefined,
        effect,
        acts: true,
        via: unsure,
        tests: [],
      }))
    : document.statements.map((statement, at): Rule => {
        const { acts, tests } = prepared(statement, document.version)
        const everybody = statement.principals === null && statement.notPrincipals === null
        return {
          policy: name,
          index: at + 1,
          statement,
          effect: statement.effect,
          acts: acts(action),
          via: who === undefined || everybody ? sure : meaning(statement, who),
          tests,
        }
      })

/** How certain it is that a rule is about the asker at all. */
export const meant = (rule: Rule): Answer => some(rule.via.values())

/** Whether action and asker leave a rule in play. */
export const concerns = (rule: Rule): boolean => rule.acts && meant(rule) !== 'no'
