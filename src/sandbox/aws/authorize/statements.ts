import { documentIn, principalsIn, textsIn, type PolicyDocument, type Statement } from '../documents.js'
import { holds } from './conditions.js'
import type { Lookup } from './facts.js'
import { fits, fitsAction, fitsArn, patternOf } from './pattern.js'

/** What is asked, of whatever policy. */
export interface Question {
  readonly action: string
  readonly resource: string
  readonly lookup: Lookup
}

/** Who asks, as a policy of a resource could name them. */
export interface Party {
  /** Whose principals it is one of; nobody's, for who comes with a token of a provider. */
  readonly account: string | undefined
  /** Of the session that it is in. */
  readonly session?: string
  /** Of the user or role: ARN and id. */
  readonly names: readonly string[]
  readonly kind: 'AWS' | 'Federated' | 'Service'
}

/** How a policy names who asks. The more exactly it does, the less else has to allow it. */
export type Naming = 'session' | 'principal' | 'account' | 'everyone'

const namingOf = (party: Party, kind: string, name: string): Naming | undefined => {
  if (kind === 'AWS' && name === '*') return 'everyone'
  if (kind !== party.kind) return undefined
  if (name === party.session) return 'session'
  if (party.names.includes(name)) return 'principal'
  const [, account] = /^(?:arn:[a-z-]+:iam::)?(\d{12})(?::root)?$/.exec(name) ?? []
  return kind === 'AWS' && account !== undefined && account === party.account ? 'account' : undefined
}

const order: readonly Naming[] = ['session', 'principal', 'everyone', 'account']

/** The closest naming of all. */
const closest = (namings: readonly (Naming | undefined)[]): Naming | undefined =>
  order.find((one) => namings.includes(one))

/** How the `Principal` or `NotPrincipal` of a statement names who asks; nothing where it means others. */
const named = ({ Principal, NotPrincipal }: Statement, party: Party): Naming | undefined => {
  const among = (value: unknown) =>
    closest(principalsIn(value).map(([kind, name]) => namingOf(party, kind, name)))
  if (NotPrincipal !== undefined) return among(NotPrincipal) === undefined ? 'everyone' : undefined
  return among(Principal)
}

const isAction = ({ Action, NotAction }: Statement, action: string) =>
  NotAction === undefined
    ? textsIn(Action).some((one) => fitsAction(one, action))
    : !textsIn(NotAction).some((one) => fitsAction(one, action))

const isResource = (
  { Resource, NotResource }: Statement,
  { resource, lookup }: Question,
  hasVariables: boolean,
): boolean => {
  const isAmong = (value: unknown) =>
    textsIn(value).some((one) => {
      const pattern = patternOf(one, { lookup, hasVariables }, true)
      return (
        pattern !== undefined && (resource === '*' ? fits(pattern, resource) : fitsArn(pattern, resource))
      )
    })
  return NotResource === undefined ? isAmong(Resource) : !isAmong(NotResource)
}

const hasVariables = ({ Version }: PolicyDocument) => Version === '2012-10-17'

export interface Verdict {
  readonly denies: boolean
  readonly allows: boolean
}

/** What policies of a principal say, all of them together. */
export const verdictOf = (policies: readonly string[], question: Question): Verdict => {
  let [denies, allows] = [false, false]
  for (const text of policies) {
    const document = documentIn(text)
    if (!document) continue
    const variables = hasVariables(document)
    for (const statement of document.Statement) {
      if (!isAction(statement, question.action) || !isResource(statement, question, variables)) continue
      if (!holds(statement['Condition'], { lookup: question.lookup, hasVariables: variables })) continue
      if (statement['Effect'] === 'Deny') denies = true
      if (statement['Effect'] === 'Allow') allows = true
    }
  }
  return { denies, allows }
}

export interface TrustVerdict {
  readonly denies: boolean
  /** The closest way in which who asks is named by a statement that allows it. */
  readonly allows: Naming | undefined
}

/** What a trust policy says to somebody. */
export const trustVerdictOf = (text: string, party: Party, question: Question): TrustVerdict => {
  const document = documentIn(text)
  if (!document) return { denies: false, allows: undefined }
  const variables = hasVariables(document)
  const applying = document.Statement.flatMap((statement) => {
    const naming = named(statement, party)
    return naming !== undefined &&
      isAction(statement, question.action) &&
      holds(statement['Condition'], { lookup: question.lookup, hasVariables: variables })
      ? [{ effect: statement['Effect'], naming }]
      : []
  })
  return {
    denies: applying.some(({ effect }) => effect === 'Deny'),
    allows: closest(applying.map(({ effect, naming }) => (effect === 'Allow' ? naming : undefined))),
  }
}
