import type { Condition, PolicyDocument, Statement } from './document.js'
import { spelling } from './operator.js'
import { accountNamed, arnOf, issuer, nameIn } from './principal.js'
import { isAbout } from './rule.js'
import type { Job } from './web-identity.js'

/** Trusts by what they ask for, so that a question need not be put to all of them. */
export interface TrustIndex<Role> {
  /** All roles that the job may enter or that can't be told from those. The others say no. */
  forJob(job: Job): readonly Role[]
  /** All roles that a role may assume or that can't be told from those, by who they name. The others say no. */
  forRole(arn: string): readonly Role[]
}

interface Entry<Role> {
  readonly role: Role
  /** Undefined where it could not be read. */
  readonly trust: PolicyDocument | undefined
}

/** Looks into each trust once, and finds by exact values; what is not exact is always found. */
export const indexTrust = <Role>(entries: readonly Entry<Role>[]): TrustIndex<Role> => {
  const jobs = new Map<string, number[]>()
  const roles = new Map<string, number[]>()
  const add = (index: Map<string, number[]>, names: Iterable<string>, at: number) => {
    for (const name of new Set(names)) {
      const found = index.get(name) ?? []
      found.push(at)
      index.set(name, found)
    }
  }
  /** How long the beginnings are that are asked for: only so much of a name need be looked up. */
  const lengths = new Set<number>()
  entries.forEach(({ trust }, at) => {
    const statements = trust?.statements.filter(({ effect }) => effect === 'Allow')
    const names = statements?.flatMap(jobsIn) ?? [anybody]
    add(jobs, names, at)
    for (const name of names) if (name.startsWith(begins)) lengths.add(name.length - begins.length)
    add(roles, statements?.flatMap(rolesIn) ?? [anybody], at)
  })
  const found = (index: ReadonlyMap<string, readonly number[]>, names: readonly string[]) =>
    [...new Set([anybody, ...names].flatMap((name) => index.get(name) ?? []))]
      .sort((a, b) => a - b)
      .flatMap((at) => {
        const entry = entries[at]
        return entry === undefined ? [] : [entry.role]
      })
  return {
    forJob: ({ organization, pipeline, cluster, queue }) => {
      const ids = [
        organization.id,
        pipeline.id,
        ...(cluster ? [cluster.id] : []),
        ...(queue ? [queue.id] : []),
      ]
      return found(jobs, [
        ...ids.map((id) => `id ${id}`),
        `pipeline ${pipeline.id}`,
        `queue ${queue?.id ?? ''}`,
        `slug ${pipeline.slug}`,
        `slugs ${organization.slug} ${pipeline.slug}`,
        ...beginningsOf(`organization:${organization.slug}:pipeline:${pipeline.slug}:`, lengths),
        ...beginningsOf(pipeline.slug, lengths),
      ])
    },
    forRole: (arn) => found(roles, [arn, arnOf(arn).account, `named ${arnOf(arn).account} ${nameIn(arn)}`]),
  }
}

const anybody = '*'
const begins = 'begins '

/** The beginnings of a name that are so long. */
const beginningsOf = (name: string, lengths: ReadonlySet<number>): readonly string[] =>
  [...lengths].flatMap((length) => (length > name.length ? [] : [`${begins}${name.slice(0, length)}`]))

/** The values of a condition that holds for no others, and not where the key is missing. */
const exact = ({ operator, values }: Condition): readonly string[] | undefined => {
  const { compares, negated = false, wild = false, ignoresCase = false } = spelling(operator.name)
  if (compares !== 'string' || negated || ignoresCase || operator.ifExists || operator.over === 'all')
    return undefined
  return values.length === 0 || values.some((value) => value.includes('${') || (wild && /[*?]/.test(value)))
    ? undefined
    : values
}

/** What every value of a condition begins with, that holds for no others, and not where the key is missing. */
const beginningsIn = ({ operator, values }: Condition): readonly string[] | undefined => {
  const { compares, negated = false, ignoresCase = false } = spelling(operator.name)
  if (compares !== 'string' || negated || ignoresCase || operator.ifExists || operator.over === 'all')
    return undefined
  return values.length === 0 ? undefined : values.map((value) => value.split(/[*?$]/, 1)[0] ?? '')
}

/**
 * The pipelines of subjects that name one, or begin to: no name has a colon in it. What does not begin like the default
 * form may be an id.
 */
const pipelinesOf = (condition: Condition): readonly string[] | undefined => {
  const found = beginningsIn(condition)?.map((beginning) => {
    const [, organization, pipeline] = /^organization:([^:]+):pipeline:([^:]+):/.exec(beginning) ?? []
    if (organization !== undefined && pipeline !== undefined) return `slugs ${organization} ${pipeline}`
    return beginning.startsWith('organization:') ? `${begins}${beginning}` : undefined
  })
  return found === undefined || found.includes(undefined)
    ? undefined
    : found.filter((one) => one !== undefined)
}

/** What slugs begin with. */
const slugsOf = (condition: Condition): readonly string[] | undefined => {
  const found = beginningsIn(condition)
  return found === undefined || found.includes('') ? undefined : found.map((one) => `${begins}${one}`)
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What a job has to have for a statement to let it in, the most telling first. */
const jobsIn = (statement: Statement): readonly string[] => {
  if (!isAbout(statement, 'sts:AssumeRoleWithWebIdentity')) return []
  const { principals, conditions } = statement
  if (principals !== null && !principals.AWS.includes('*') && principals.Federated.length === 0) return []
  const of = (name: string) =>
    conditions.filter(({ key }) =>
      [`${issuer}:${name}`, `aws:requesttag/${name}`].includes(key.toLowerCase()),
    )
  const first = (list: readonly Condition[], prefix: string) => {
    const values = list.map(exact).find((one) => one !== undefined)
    return values?.map((value) => `${prefix} ${value}`)
  }
  const subjects = of('sub')
  const ids = subjects.map(exact).find((values) => values?.every((value) => uuid.test(value)))
  return (
    first(of('pipeline_id'), 'pipeline') ??
    subjects.map(pipelinesOf).find((one) => one !== undefined) ??
    first(of('pipeline_slug'), 'slug') ??
    of('pipeline_slug')
      .map(slugsOf)
      .find((one) => one !== undefined) ??
    first(of('queue_id'), 'queue') ??
    ids?.map((id) => `id ${id}`) ??
    first([...of('cluster_id'), ...of('organization_id')], 'id') ?? [anybody]
  )
}

/** Whom a statement names, of the roles. */
const rolesIn = (statement: Statement): readonly string[] => {
  if (!isAbout(statement, 'sts:AssumeRole')) return []
  if (statement.principals === null) return [anybody]
  return statement.principals.AWS.map((name) => {
    const [, account = '', role = ''] =
      /^arn:[a-z-]+:sts::([0-9]{12}):assumed-role\/([^/]+)\//.exec(name) ?? []
    return (
      accountNamed(name) ??
      (role !== '' ? `named ${account} ${role}` : name.startsWith('arn:') ? name : anybody)
    )
  })
}
