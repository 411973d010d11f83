import type { Json } from '../model/json.js'
import { placesIn, under, type Place } from './json-places.js'
import { operatorIn, type Operator } from './operator.js'

/** Who a statement is about, by the kind of name. `Principal: "*"` is `AWS: ["*"]`: IAM takes them for the same. */
export type Principals = Readonly<Record<PrincipalKind, readonly string[]>>
export type PrincipalKind = 'AWS' | 'Federated' | 'Service' | 'CanonicalUser'

/** One key under one operator, and the values it is compared with: any of them will do. */
export interface Condition {
  readonly operator: Operator
  /** As it is written; case means nothing. */
  readonly key: string
  readonly values: readonly string[]
}

/** A statement of a policy. What it does not have is null, and everything is a list. */
export interface Statement {
  readonly sid: string | null
  readonly effect: 'Allow' | 'Deny'
  readonly principals: Principals | null
  readonly notPrincipals: Principals | null
  readonly actions: readonly string[] | null
  readonly notActions: readonly string[] | null
  readonly resources: readonly string[] | null
  readonly notResources: readonly string[] | null
  /** All of them have to hold. */
  readonly conditions: readonly Condition[]
}

/** A policy as IAM understands it. A document without a version is one of 2008, in which `${…}` is plain text. */
export interface PolicyDocument {
  readonly version: '2012-10-17' | '2008-10-17'
  readonly id: string | null
  readonly statements: readonly Statement[]
}

/** What is wrong with a document, and where: the offset counts characters of its text, where there is one. */
export interface Problem {
  readonly path: string
  readonly what: string
  readonly offset?: number
}

/** Who may come in (the trust of a role), or what somebody may do (inline, managed, boundary). */
export type PolicyUse = 'trust' | 'identity'

export type Parsed = { readonly document: PolicyDocument } | { readonly problems: readonly Problem[] }

const versions = ['2012-10-17', '2008-10-17'] as const
const principalKinds = ['AWS', 'Federated', 'Service', 'CanonicalUser'] as const
const parts = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]

/** @source IAM: tab, line feed, carriage return, and U+0020 to U+00FF */
const refused = /[^\t\n\r\u0020-\u00ff]/u

const isObject = (value: Json | undefined): value is Readonly<Record<string, Json | undefined>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const quoted = (value: Json | undefined): string => {
  const text = JSON.stringify(value ?? null)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

/**
 * A policy document, or everything that IAM would refuse it for. A text is also told where it is wrong; what a reader
 * of the document would trip over (a key twice) is a problem too, although JSON allows it.
 */
export const parsePolicy = (source: Json, { for: use }: { readonly for: PolicyUse }): Parsed => {
  const problems: Problem[] = []
  let places: ReadonlyMap<string, Place> = new Map()

  /** @param at  the value, or the key before it */
  const wrong = (path: string, what: string, at: 'value' | 'key' = 'value') => {
    const place = places.get(path)
    const offset = at === 'key' ? (place?.key ?? place?.value) : place?.value
    problems.push({ path, what, ...(offset === undefined ? {} : { offset }) })
  }

  const textOf = (value: Json | undefined, path: string): string | undefined => {
    if (typeof value === 'string' && value !== '') return value
    wrong(path, value === '' ? 'is empty' : `${quoted(value)} is no text`)
    return undefined
  }

  const textsOf = (value: Json | undefined, path: string): readonly string[] => {
    const many = Array.isArray(value) ? (value as readonly Json[]) : undefined
    if (many?.length === 0) wrong(path, 'is an empty list')
    return (many ?? [value])
      .map((one, index) => textOf(one, many === undefined ? path : under(path, index)))
      .filter((one) => one !== undefined)
  }

  const each = (
    value: Json | undefined,
    path: string,
    check: (text: string) => string | undefined,
  ): readonly string[] | null => {
    if (value === undefined) return null
    const texts = textsOf(value, path)
    texts.forEach((text, index) => {
      const what = check(text)
      if (what !== undefined) wrong(Array.isArray(value) ? under(path, index) : path, what)
    })
    return texts
  }

  const principals = (value: Json | undefined, path: string): Principals | null => {
    if (value === undefined) return null
    const none: Principals = { AWS: [], Federated: [], Service: [], CanonicalUser: [] }
    if (value === '*') return { ...none, AWS: ['*'] }
    if (!isObject(value)) {
      wrong(path, `${quoted(value)} is neither "*" nor an object of ${principalKinds.join(', ')}`)
      return none
    }
    const found: Record<PrincipalKind, readonly string[]> = { ...none }
    for (const [kind, names] of Object.entries(value)) {
      const known = principalKinds.find((name) => name === kind)
      if (known === undefined) wrong(under(path, kind), `is not one of ${principalKinds.join(', ')}`, 'key')
      else
        found[known] =
          each(names, under(path, kind), (name) => (known === 'AWS' ? notAws(name) : undefined)) ?? []
    }
    if (Object.keys(value).length === 0) wrong(path, 'names nobody')
    return found
  }

  const conditions = (value: Json | undefined, path: string): readonly Condition[] => {
    if (value === undefined) return []
    if (!isObject(value)) {
      wrong(path, `${quoted(value)} is no object`)
      return []
    }
    const found: Condition[] = []
    const seen = new Set<string>()
    for (const [written, keys] of Object.entries(value)) {
      const at = under(path, written)
      const operator = operatorIn(written)
      if (operator === undefined) {
        wrong(at, `${quoted(written)} is not an operator of conditions`, 'key')
        continue
      }
      if (!isObject(keys)) {
        wrong(at, `${quoted(keys)} is no object of keys and values`)
        continue
      }
      for (const [key, wanted] of Object.entries(keys)) {
        const inner = under(at, key)
        if (!/^[^:\s]+:./.test(key)) wrong(inner, `${quoted(key)} is no condition key: "service:name"`, 'key')
        const once = `${written.toLowerCase()} ${key.toLowerCase()}`
        if (seen.has(once)) wrong(inner, 'stands there twice, in another case', 'key')
        seen.add(once)
        const many: readonly (Json | undefined)[] = Array.isArray(wanted) ? wanted : [wanted]
        const values: string[] = []
        many.forEach((one, index) => {
          if (typeof one === 'string' || typeof one === 'boolean' || typeof one === 'number')
            values.push(`${one}`)
          else
            wrong(
              Array.isArray(wanted) ? under(inner, index) : inner,
              `${quoted(one)} is no value to compare with`,
            )
        })
        found.push({ operator, key, values })
      }
    }
    return found
  }

  const sids = new Set<string>()
  const sidOf = (value: Json | undefined, path: string): string | null => {
    if (value === undefined || value === '') return null
    const sid = textOf(value, path)
    if (sid === undefined) return null
    if (!/^[A-Za-z0-9]*$/.test(sid))
      wrong(path, `${quoted(sid)} has other characters than letters and digits`)
    if (sids.has(sid)) wrong(path, `another statement is called ${quoted(sid)} too`)
    sids.add(sid)
    return sid
  }

  const statement = (value: Json | undefined, path: string): Statement | undefined => {
    if (!isObject(value)) {
      wrong(path, `${quoted(value)} is no statement`)
      return undefined
    }
    for (const key of Object.keys(value))
      if (!parts.includes(key)) wrong(under(path, key), `is not one of ${parts.join(', ')}`, 'key')
    const has = (key: string) => value[key] !== undefined
    const both = (one: string, other: string) => {
      if (has(one) && has(other)) wrong(under(path, other), `can’t stand beside ${one}`, 'key')
    }
    both('Action', 'NotAction')
    both('Resource', 'NotResource')
    both('Principal', 'NotPrincipal')
    const [needs, never] =
      use === 'trust'
        ? ([
            ['Principal', 'NotPrincipal'],
            ['Resource', 'NotResource'],
          ] as const)
        : ([
            ['Resource', 'NotResource'],
            ['Principal', 'NotPrincipal'],
          ] as const)
    for (const key of never)
      if (has(key))
        wrong(
          under(path, key),
          use === 'trust'
            ? 'can’t be said here: a trust policy has none: it is the role'
            : 'can’t be said here: only a trust policy names who may come in',
          'key',
        )
    for (const [one, other] of [needs, ['Action', 'NotAction'] as const])
      if (!has(one) && !has(other)) wrong(path, `has no ${one}`)

    const effect = value['Effect']
    if (effect !== 'Allow' && effect !== 'Deny')
      wrong(
        effect === undefined ? path : under(path, 'Effect'),
        effect === undefined ? 'has no Effect' : `${quoted(effect)} is neither Allow nor Deny`,
      )
    return {
      sid: sidOf(value['Sid'], under(path, 'Sid')),
      effect: effect === 'Deny' ? 'Deny' : 'Allow',
      principals: principals(value['Principal'], under(path, 'Principal')),
      notPrincipals: principals(value['NotPrincipal'], under(path, 'NotPrincipal')),
      actions: each(value['Action'], under(path, 'Action'), notAction),
      notActions: each(value['NotAction'], under(path, 'NotAction'), notAction),
      resources: each(value['Resource'], under(path, 'Resource'), notResource),
      notResources: each(value['NotResource'], under(path, 'NotResource'), notResource),
      conditions: conditions(value['Condition'], under(path, 'Condition')),
    }
  }

  const characters = (value: Json | undefined, path: string): void => {
    if (typeof value === 'string') {
      const found = refused.exec(value)?.[0]
      if (found !== undefined) wrong(path, outside(found))
    } else if (Array.isArray(value))
      (value as readonly Json[]).forEach((one, index) => characters(one, under(path, index)))
    else if (isObject(value))
      for (const [key, one] of Object.entries(value)) {
        const found = refused.exec(key)?.[0]
        if (found !== undefined) wrong(under(path, key), outside(found), 'key')
        characters(one, under(path, key))
      }
  }

  let read = source
  if (typeof source === 'string') {
    const placed = placesIn(source)
    if ('what' in placed) return { problems: [{ path: '', what: placed.what, offset: placed.offset }] }
    read = placed.value
    places = placed.places
    for (const { path, offset } of placed.twice)
      problems.push({
        path,
        what: 'stands there twice: IAM and its readers may each take another one',
        offset,
      })
  }
  if (!isObject(read)) {
    wrong('', `${quoted(read)} is no policy: an object with a Statement`)
    return { problems }
  }
  for (const key of Object.keys(read))
    if (!['Version', 'Id', 'Statement'].includes(key))
      wrong(key, 'is not one of Version, Id, Statement', 'key')
  const written = read['Version']
  const version = versions.find((one) => one === written)
  if (written !== undefined && version === undefined)
    wrong('Version', `${quoted(written)} is no version of the policy language: ${versions.join(' or ')}`)
  const id = read['Id']
  if (id !== undefined && typeof id !== 'string') wrong('Id', `${quoted(id)} is no text`)
  const wanted = read['Statement']
  const many: readonly (Json | undefined)[] = Array.isArray(wanted) ? wanted : [wanted]
  if (wanted === undefined) wrong('', 'has no Statement')
  else if (many.length === 0) wrong('Statement', 'is an empty list')
  const statements =
    wanted === undefined
      ? []
      : many.map((one, index) =>
          statement(one, Array.isArray(wanted) ? under('Statement', index) : 'Statement'),
        )
  characters(read, '')

  if (problems.length > 0) return { problems: inOrder(problems) }
  return {
    document: {
      version: version ?? '2008-10-17',
      id: typeof id === 'string' && id !== '' ? id : null,
      statements: statements.filter((one) => one !== undefined),
    },
  }
}

const inOrder = (problems: readonly Problem[]): readonly Problem[] =>
  problems.toSorted((a, b) => (a.offset ?? 0) - (b.offset ?? 0))

const outside = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')} is no character of a policy: IAM takes tab, line ends, and U+0020 to U+00FF`

const notAction = (text: string): string | undefined =>
  text === '*' || /^[A-Za-z0-9*?-]+:[A-Za-z0-9*?_-]+$/.test(text)
    ? undefined
    : `${quoted(text)} is no action: "service:Action" or "*"`

const notResource = (text: string): string | undefined =>
  /^arn:|[*?$]/.test(text) ? undefined : `${quoted(text)} is no ARN`

/** A principal is named whole: IAM knows no patterns of them, and keeps the id of one that was deleted. */
const notAws = (text: string): string | undefined =>
  text === '*' || /^[0-9]{12}$/.test(text) || /^[A-Z0-9]{16,128}$/.test(text)
    ? undefined
    : /^arn:[a-z-]+:(iam|sts)::[0-9]{12}:./.test(text)
      ? /[*?]/.test(text)
        ? `${quoted(text)} is a pattern, and principals are named whole`
        : undefined
      : `${quoted(text)} is no principal: an ARN of IAM or STS, an account, or "*"`
