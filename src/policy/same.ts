import type { Json } from '../model/json.js'
import type { Condition, PolicyDocument, Principals, Statement } from './document.js'
import { operatorText, spelling } from './operator.js'

/** How a name whose case means nothing is spelled. */
type Spell = (name: string) => string

const lower: Spell = (name) => name.toLowerCase()

const sorted = (texts: Iterable<string>): readonly string[] => [...new Set(texts)].sort()

const present = (fields: Readonly<Record<string, Json | null>>): Readonly<Record<string, Json>> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])),
  )

const byKey = <Value>(entries: readonly (readonly [string, Value])[]): Readonly<Record<string, Value>> =>
  Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))

/** IAM answers with the root's ARN where an account was named by its number; an account has one partition. */
const account = (principal: string): string =>
  /^arn:[a-z-]+:iam::([0-9]{12}):root$/.exec(principal)?.[1] ?? principal

const principalsOf = (principals: Principals | null): Json | null =>
  principals === null
    ? null
    : byKey(
        Object.entries(principals).flatMap(([kind, names]) =>
          names.length === 0 ? [] : [[kind, sorted(names.map(account))] as const],
        ),
      )

const valuesOf = ({ operator, values }: Condition): readonly string[] => {
  const { compares } = spelling(operator.name)
  return sorted(compares === 'bool' || compares === 'null' ? values.map(lower) : values)
}

const conditionsOf = (conditions: readonly Condition[], spell: Spell): Json | null => {
  if (conditions.length === 0) return null
  const operators = new Map<string, (readonly [string, readonly string[]])[]>()
  for (const condition of conditions) {
    const operator = operatorText(condition.operator)
    const under = operators.get(operator) ?? []
    under.push([spell(condition.key), valuesOf(condition)])
    operators.set(operator, under)
  }
  return byKey([...operators].map(([operator, under]) => [operator, byKey(under)] as const))
}

/** Without its Sid: that is a name for people. */
const statementOf = (statement: Statement, spell: Spell): Json =>
  present({
    Effect: statement.effect,
    Principal: principalsOf(statement.principals),
    NotPrincipal: principalsOf(statement.notPrincipals),
    Action: statement.actions && sorted(statement.actions.map(spell)),
    NotAction: statement.notActions && sorted(statement.notActions.map(spell)),
    Resource: statement.resources && sorted(statement.resources),
    NotResource: statement.notResources && sorted(statement.notResources),
    Condition: conditionsOf(statement.conditions, spell),
  })

const spelledBy = (document: PolicyDocument, spell: Spell): Json => {
  const statements = document.statements.map((statement) => statementOf(statement, spell))
  const byText = new Map(statements.map((statement) => [JSON.stringify(statement), statement]))
  return present({
    Version: document.version,
    Id: document.id,
    Statement: sorted(byText.keys()).map((text) => byText.get(text) ?? null),
  })
}

/** The document as there is only one of it: sorted, lists for everything, small letters where case means nothing. */
export const canonical = (document: PolicyDocument): Json => spelledBy(document, lower)

/** Whether two documents say the same, however they are written. Sids are names for people, and make no difference. */
export const same = (a: PolicyDocument, b: PolicyDocument): boolean =>
  JSON.stringify(canonical(a)) === JSON.stringify(canonical(b))

/**
 * Both documents in their canonical form, so that they can be laid side by side. Names are spelled as they are wanted,
 * since small letters are hard to read.
 */
export const alike = (
  have: PolicyDocument,
  want: PolicyDocument,
): { readonly have: Json; readonly want: Json } => {
  const spellings = new Map<string, string>()
  for (const { statements } of [have, want])
    for (const { actions, notActions, conditions } of statements)
      for (const name of [...(actions ?? []), ...(notActions ?? []), ...conditions.map(({ key }) => key)])
        spellings.set(name.toLowerCase(), name)
  const spell: Spell = (name) => spellings.get(name.toLowerCase()) ?? name
  return { have: spelledBy(have, spell), want: spelledBy(want, spell) }
}

/**
 * What differs, as lines of both documents in their canonical form: `- ` is there, `+ ` is wanted, two spaces are
 * both. Empty where nothing differs.
 */
export const diffOf = (have: PolicyDocument, want: PolicyDocument): readonly string[] => {
  if (same(have, want)) return []
  const both = alike(have, want)
  const lines = (document: Json) => JSON.stringify(document, null, 2).split('\n')
  return differing(lines(both.have), lines(both.want))
}

/** The longest common run of lines stays, the rest goes or comes. */
const differing = (have: readonly string[], want: readonly string[]): readonly string[] => {
  // shared[i][j]: how many lines the rests from i and j have in common.
  const shared = Array.from({ length: have.length + 1 }, () => new Uint32Array(want.length + 1))
  const at = (i: number, j: number) => shared[i]?.[j] ?? 0
  for (let i = have.length - 1; i >= 0; i--)
    for (let j = want.length - 1; j >= 0; j--) {
      const row = shared[i]
      if (row !== undefined)
        row[j] = have[i] === want[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  const found: string[] = []
  let i = 0
  let j = 0
  while (i < have.length || j < want.length)
    if (i < have.length && j < want.length && have[i] === want[j]) {
      found.push(`  ${have[i] ?? ''}`)
      i++
      j++
    } else if (i < have.length && (j >= want.length || at(i + 1, j) >= at(i, j + 1)))
      found.push(`- ${have[i++] ?? ''}`)
    else found.push(`+ ${want[j++] ?? ''}`)
  return found
}
