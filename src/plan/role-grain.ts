import type { Condition, PolicyDocument, Statement } from '../policy/document.js'
import { spelling } from '../policy/operator.js'
import { issuer } from '../policy/principal.js'

/** What a trust tells apart of the jobs that show a token: where it names no pipeline, all pipelines are alike to it. */
export interface Grain {
  readonly pipeline: boolean
  readonly cluster: boolean
  readonly queue: boolean
  /** Whether every way in names a pipeline by its uuid: else a pipeline of a fitting name will do. */
  readonly pinned: boolean
  /** Whether every way in names the queue, by its uuid or its key. */
  readonly onQueues: boolean
  /** Names that a pipeline could be given to fit. */
  readonly slugs: readonly string[]
}

/** What an id is of: `pipeline`, `queue`, `cluster`; nothing where nobody knows it. */
export type KindOfId = (id: string) => 'pipeline' | 'queue' | 'cluster' | undefined

const nothing: Pick<Grain, 'pipeline' | 'cluster' | 'queue'> = {
  pipeline: false,
  cluster: false,
  queue: false,
}

/** The claim that a condition is about, whether AWS has a key for it or it comes as a tag. */
const claimIn = ({ key }: Condition): string | undefined => {
  const small = key.toLowerCase()
  const prefix = [`${issuer}:`, 'aws:requesttag/'].find((one) => small.startsWith(one))
  return prefix === undefined ? undefined : small.slice(prefix.length)
}

/** How finely a trust looks at jobs. What it denies counts as well. */
export const grainOf = (trust: PolicyDocument, slug: string, kindOf: KindOfId): Grain => {
  const all = trust.statements.flatMap(({ conditions }) =>
    conditions.map((one) => grainIn(one, slug, kindOf)),
  )
  const allows = trust.statements.filter(({ effect }) => effect === 'Allow')
  const any = (of: 'pipeline' | 'cluster' | 'queue') => all.some((grain) => grain[of])
  return {
    pipeline: any('pipeline'),
    cluster: any('cluster'),
    queue: any('queue'),
    pinned: allows.every((one) => isPinned(one, ['pipeline_id'], 'pipeline', kindOf)),
    onQueues: allows.every((one) => isPinned(one, ['queue_id', 'queue_key'], 'queue', kindOf)),
    slugs: [...new Set(['x', ...trust.statements.flatMap(({ conditions }) => conditions.flatMap(slugsIn))])],
  }
}

const grainIn = (condition: Condition, slug: string, kindOf: KindOfId) => {
  switch (claimIn(condition) ?? '') {
    case 'pipeline_id':
    case 'pipeline_slug':
      return { ...nothing, pipeline: true }
    case 'cluster_id':
    case 'cluster_name':
      return { ...nothing, cluster: true }
    case 'queue_id':
    case 'queue_key':
      return { ...nothing, queue: true }
    case 'sub':
      return condition.values.map((value) => grainOfSubject(value, slug, kindOf)).reduce(either, nothing)
    default:
      return nothing
  }
}

const either = (a: typeof nothing, b: typeof nothing) => ({
  pipeline: a.pipeline || b.pipeline,
  cluster: a.cluster || b.cluster,
  queue: a.queue || b.queue,
})

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** `*` and `organization:acme:*` mean every pipeline; a uuid means what has it; anything else may mean some. */
const grainOfSubject = (value: string, slug: string, kindOf: KindOfId) => {
  if (/^\*+$/.test(value)) return nothing
  const kind = kindOf(value)
  if (kind !== undefined) return { ...nothing, [kind]: true }
  if (uuid.test(value)) return nothing
  const [, begins] = /^(organization:[^*?$]*)\*+$/.exec(value) ?? []
  const ours = `organization:${slug}:pipeline:`
  return begins !== undefined && (ours.startsWith(begins) || !begins.startsWith(ours))
    ? nothing
    : { ...nothing, pipeline: true }
}

/** Whether a condition holds for one of its values alone, and not where the key is missing. */
const isExact = ({ operator, values }: Condition): boolean => {
  const { compares, negated = false, wild = false } = spelling(operator.name)
  return (
    compares === 'string' &&
    !negated &&
    !operator.ifExists &&
    operator.over !== 'all' &&
    !values.some((value) => value.includes('${') || (wild && /[*?]/.test(value)))
  )
}

/** Whether a statement asks for one of some claims exactly, or for a subject that is the uuid of such a thing. */
const isPinned = (
  { conditions }: Statement,
  claims: readonly string[],
  kind: ReturnType<KindOfId>,
  kindOf: KindOfId,
): boolean =>
  conditions.some((one) => {
    const claim = claimIn(one)
    if (claim === undefined || !isExact(one)) return false
    return claims.includes(claim) || (claim === 'sub' && one.values.every((value) => kindOf(value) === kind))
  })

/** The names in what is asked of a pipeline's slug, with something in the place of each wildcard. */
const slugsIn = (condition: Condition): readonly string[] => {
  const filled = (text: string) => text.replaceAll('*', 'x').replaceAll('?', 'x')
  switch (claimIn(condition) ?? '') {
    case 'pipeline_slug':
      return condition.values.map(filled)
    case 'sub':
      return condition.values.flatMap((value) => {
        const [, name] = /:pipeline:([^:]*)/.exec(value) ?? []
        return name === undefined || name === '' ? [] : [filled(name)]
      })
    default:
      return []
  }
}

/** Every text that some condition asks for: whether a queue or a cluster is named is to be seen from these. */
export const namedIn = ({ statements }: PolicyDocument): ReadonlySet<string> =>
  new Set(statements.flatMap(({ conditions }) => conditions.flatMap(({ values }) => values)))
