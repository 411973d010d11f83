import { malformed } from './refused.js'

/** A policy, as far as it has a form. */
export interface PolicyDocument {
  readonly Version?: unknown
  readonly Statement: readonly Statement[]
}

export type Statement = Readonly<Record<string, unknown>>

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** One, or a list of them. */
export const several = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as unknown[]) : [value]

export const textsIn = (value: unknown): readonly string[] =>
  several(value).filter((one): one is string => typeof one === 'string')

/** A policy's text as what it says; nothing, where it is none. */
export const documentIn = (text: string): PolicyDocument | undefined => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isRecord(value)) return undefined
  const statements = several(value['Statement'])
  return statements.every(isRecord) ? { ...value, Statement: statements } : undefined
}

/** How long IAM says that a policy is: white space is not counted. */
export const sizeOf = (text: string): number => text.replace(/\s/g, '').length

const fieldsOfDocument = new Set(['Version', 'Id', 'Statement'])
const fieldsOfStatement = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
])

const operator =
  /^(?:ForAllValues:|ForAnyValue:)?(?:(?:String(?:Equals|NotEquals|EqualsIgnoreCase|NotEqualsIgnoreCase|Like|NotLike)|Numeric(?:Equals|NotEquals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)|Date(?:Equals|NotEquals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)|Bool|BinaryEquals|IpAddress|NotIpAddress|Arn(?:Equals|NotEquals|Like|NotLike))(?:IfExists)?|Null)$/i

const isScalar = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

const checkCondition = (condition: unknown): void => {
  if (condition === undefined) return
  if (!isRecord(condition)) throw malformed('Syntax errors in policy.')
  for (const [name, keys] of Object.entries(condition)) {
    if (!operator.test(name)) throw malformed(`Invalid Condition type : ${name}`)
    if (!isRecord(keys)) throw malformed('Syntax errors in policy.')
    for (const value of Object.values(keys))
      if (several(value).length === 0 || !several(value).every(isScalar))
        throw malformed('Syntax errors in policy.')
  }
}

const checkTexts = (statement: Statement, field: string) => {
  const value = statement[field]
  if (value === undefined) return
  const all = several(value)
  if (all.length === 0 || !all.every((one) => typeof one === 'string' && one !== ''))
    throw malformed('Syntax errors in policy.')
}

const checkStatement = (statement: Statement): void => {
  for (const field of Object.keys(statement))
    if (!fieldsOfStatement.has(field)) throw malformed('Syntax errors in policy.')
  const effect = statement['Effect']
  if (effect !== 'Allow' && effect !== 'Deny') throw malformed('Syntax errors in policy.')
  for (const field of ['Action', 'NotAction', 'Resource', 'NotResource']) checkTexts(statement, field)
  if (statement['Action'] !== undefined && statement['NotAction'] !== undefined)
    throw malformed('Syntax errors in policy.')
  if (statement['Action'] === undefined && statement['NotAction'] === undefined)
    throw malformed('Missing required field Action')
  for (const action of textsIn(statement['Action'] ?? statement['NotAction']))
    if (action !== '*' && !/^[\w-]+:[\w*?]+$/.test(action))
      throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.')
  const sid = statement['Sid']
  if (sid !== undefined && (typeof sid !== 'string' || !/^[0-9A-Za-z]*$/.test(sid)))
    throw malformed(
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    )
  checkCondition(statement['Condition'])
}

/** What is true of policies of every sort. */
const parsed = (text: string): PolicyDocument => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw malformed('This policy contains invalid Json')
  }
  if (!isRecord(value)) throw malformed('This policy contains invalid Json')
  if (Object.keys(value).some((field) => !fieldsOfDocument.has(field)))
    throw malformed('Syntax errors in policy.')
  const document = documentIn(text)
  if (!document || document.Statement.length === 0) throw malformed('Syntax errors in policy.')
  const { Version: version } = document
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17')
    throw malformed('Syntax errors in policy.')
  for (const statement of document.Statement) checkStatement(statement)
  const sids = document.Statement.flatMap(({ Sid }) => (typeof Sid === 'string' && Sid !== '' ? [Sid] : []))
  if (new Set(sids).size < sids.length)
    throw malformed('Statement IDs (SID) in a single policy must be unique.')
  return document
}

const resource = /^(\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:.+)$/

/** Refuses what is no policy of what a principal may do. */
export const checkPermissions = (text: string): void => {
  for (const statement of parsed(text).Statement) {
    for (const field of ['Principal', 'NotPrincipal'])
      if (statement[field] !== undefined) throw malformed(`Policy document should not specify a principal.`)
    const resources = textsIn(statement['Resource'] ?? statement['NotResource'])
    if (resources.length === 0) throw malformed('Policy statement must contain resources.')
    for (const one of resources)
      if (!resource.test(one)) throw malformed(`Resource ${one} must be in ARN format or "*".`)
  }
}

const trustAction =
  /^sts:(\*|assumerole|assumerolewithwebidentity|assumerolewithsaml|tagsession|setsourceidentity|setcontext|(assume|tag|set)[\w]*\*)$/i

const principalKinds = new Set(['AWS', 'Federated', 'Service', 'CanonicalUser'])

/** Providers that many customers share: without a look at `sub`, a trust would be open to all of them. */
const shared = ['agent.buildkite.com', 'token.actions.githubusercontent.com']

const looksAt = (statement: Statement, key: string) =>
  isRecord(statement['Condition']) &&
  Object.values(statement['Condition']).some(
    (keys) => isRecord(keys) && Object.keys(keys).some((name) => name.toLowerCase() === key),
  )

/** Each principal that a statement names, with its kind. */
export const principalsIn = (value: unknown): readonly (readonly [kind: string, name: string])[] =>
  value === '*'
    ? [['AWS', '*']]
    : isRecord(value)
      ? Object.entries(value).flatMap(([kind, names]) => textsIn(names).map((name) => [kind, name] as const))
      : []

/** Refuses a principal that there is not. */
type CheckPrincipal = (kind: string, name: string) => void

/** Refuses what is no policy of who may assume a role. */
export const checkTrust = (text: string, checkPrincipal: CheckPrincipal): void => {
  for (const statement of parsed(text).Statement) {
    for (const field of ['Resource', 'NotResource'])
      if (statement[field] !== undefined) throw malformed(`Has prohibited field ${field}`)
    const principal = statement['Principal'] ?? statement['NotPrincipal']
    if (principal === undefined) throw malformed('Missing required field Principal')
    if (
      statement['NotAction'] !== undefined ||
      !textsIn(statement['Action']).every((one) => trustAction.test(one))
    )
      throw malformed('AssumeRole policy may only specify STS AssumeRole actions.')
    if (
      principal !== '*' &&
      (!isRecord(principal) ||
        Object.keys(principal).length === 0 ||
        !Object.entries(principal).every(
          ([kind, names]) =>
            principalKinds.has(kind) &&
            several(names).length > 0 &&
            textsIn(names).length === several(names).length,
        ))
    )
      throw malformed('Syntax errors in policy.')
    for (const [kind, name] of principalsIn(principal)) {
      checkPrincipal(kind, name)
      const provider = shared.find((url) => kind === 'Federated' && name.endsWith(`:oidc-provider/${url}`))
      if (provider !== undefined && statement['Effect'] === 'Allow' && !looksAt(statement, `${provider}:sub`))
        throw malformed(`Trust policies for ${provider} must evaluate the condition key ${provider}:sub`)
    }
  }
}
