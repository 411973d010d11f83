/** What a condition compares, by the name that IAM has for it. */
export type Comparison = 'string' | 'number' | 'date' | 'bool' | 'binary' | 'ip' | 'arn' | 'null'

interface Spelling {
  readonly compares: Comparison
  /** True of what does not compare: `StringNotEquals`. */
  readonly negated?: true
  /** `*` and `?` stand for other characters. */
  readonly wild?: true
  readonly ignoresCase?: true
}

const spellings = {
  StringEquals: { compares: 'string' },
  StringNotEquals: { compares: 'string', negated: true },
  StringEqualsIgnoreCase: { compares: 'string', ignoresCase: true },
  StringNotEqualsIgnoreCase: { compares: 'string', negated: true, ignoresCase: true },
  StringLike: { compares: 'string', wild: true },
  StringNotLike: { compares: 'string', negated: true, wild: true },
  NumericEquals: { compares: 'number' },
  NumericNotEquals: { compares: 'number', negated: true },
  NumericLessThan: { compares: 'number' },
  NumericLessThanEquals: { compares: 'number' },
  NumericGreaterThan: { compares: 'number' },
  NumericGreaterThanEquals: { compares: 'number' },
  DateEquals: { compares: 'date' },
  DateNotEquals: { compares: 'date', negated: true },
  DateLessThan: { compares: 'date' },
  DateLessThanEquals: { compares: 'date' },
  DateGreaterThan: { compares: 'date' },
  DateGreaterThanEquals: { compares: 'date' },
  Bool: { compares: 'bool' },
  BinaryEquals: { compares: 'binary' },
  IpAddress: { compares: 'ip' },
  NotIpAddress: { compares: 'ip', negated: true },
  ArnEquals: { compares: 'arn', wild: true },
  ArnLike: { compares: 'arn', wild: true },
  ArnNotEquals: { compares: 'arn', negated: true, wild: true },
  ArnNotLike: { compares: 'arn', negated: true, wild: true },
  Null: { compares: 'null' },
} as const satisfies Record<string, Spelling>

/** What is compared as texts, so that patterns tell its answers apart. */
export const isText = (name: OperatorName): boolean =>
  ['string', 'arn', 'bool', 'binary'].includes(spelling(name).compares)

export type OperatorName = keyof typeof spellings

/** A condition's operator, taken apart: `ForAllValues:StringLikeIfExists`. */
export interface Operator {
  readonly name: OperatorName
  /** Which of a key's values have to hold: `ForAllValues:`, `ForAnyValue:`, or the one that it has. */
  readonly over: 'all' | 'any' | 'one'
  /** Also true where the key is missing. */
  readonly ifExists: boolean
}

const names = new Map<string, OperatorName>(
  (Object.keys(spellings) as OperatorName[]).map((name) => [name.toLowerCase(), name]),
)

/** How an operator compares. */
export const spelling = (name: OperatorName): Spelling => spellings[name]

/** An operator as IAM reads it, in any case; undefined for what it does not know. */
export const operatorIn = (text: string): Operator | undefined => {
  const [, set, bare, exists] =
    /^(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?$/s.exec(text.toLowerCase()) ?? []
  const name = names.get(bare ?? '')
  if (name === undefined || (name === 'Null' && exists !== undefined)) return undefined
  return {
    name,
    over: set === undefined ? 'one' : set === 'forallvalues' ? 'all' : 'any',
    ifExists: exists !== undefined,
  }
}

/** The operator as AWS spells it. */
export const operatorText = ({ name, over, ifExists }: Operator): string =>
  `${{ all: 'ForAllValues:', any: 'ForAnyValue:', one: '' }[over]}${name}${ifExists ? 'IfExists' : ''}`
