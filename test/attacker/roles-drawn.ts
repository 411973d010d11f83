import fc from 'fast-check'
import { mostly, outlines, seldom } from './organizations.js'
import type { AskerTerms, Asking, Aws, AwsRole, Outline, TokenTerms, Trust } from './outline.js'

/** Few enough that everybody can try everything about every role. */
const small = (outline: Outline): Outline => {
  const pipelines = Object.fromEntries(Object.entries(outline.pipelines).slice(0, 3))
  const kept = (slug: string) => slug in pipelines
  return {
    ...outline,
    pipelines,
    rules: outline.rules.filter(({ source, target }) => kept(source) && kept(target)).slice(0, 1),
    template: Object.values(pipelines).some(({ template }) => template),
  }
}

/** What trusts can be about. */
interface Places {
  readonly pipelines: readonly string[]
  readonly queues: readonly string[]
  /** Queues whose machines are our own. */
  readonly machines: readonly string[]
  /** A pipeline of a queue's cluster, with the queue. */
  readonly pairs: readonly { readonly pipeline: string; readonly queue: string }[]
}

const placesIn = ({ pipelines, clusters }: Outline): Places => {
  const queuesOf = (name: string) => Object.keys(clusters[name]?.queues ?? {}).map((key) => `${name}/${key}`)
  return {
    pipelines: Object.keys(pipelines),
    queues: Object.keys(clusters).flatMap(queuesOf),
    machines: Object.entries(clusters).flatMap(([name, { queues }]) =>
      Object.entries(queues).flatMap(([key, { hosted }]) => (hosted ? [] : [`${name}/${key}`])),
    ),
    pairs: Object.entries(pipelines).flatMap(([pipeline, { cluster }]) =>
      cluster === null ? [] : queuesOf(cluster).map((queue) => ({ pipeline, queue })),
    ),
  }
}

/** The privileged ones, rather. */
const rather = (queues: readonly string[]) => {
  const own = queues.filter((queue) => queue.startsWith('production/'))
  return fc.constantFrom(...queues, ...own, ...own, ...own)
}

const pairIn = ({ pairs, pipelines, queues }: Places) => {
  const own = pairs.filter(({ queue }) => queue.startsWith('production/'))
  const strange = fc.record({ pipeline: fc.constantFrom(...pipelines), queue: rather(queues) })
  return pairs.length === 0
    ? strange
    : fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom(...pairs, ...own, ...own, ...own) },
        { weight: 1, arbitrary: strange },
      )
}

const terms = (places: Places): fc.Arbitrary<TokenTerms> =>
  fc
    .tuple(
      pairIn(places),
      fc.record({
        audience: seldom(4).map((is) => !is),
        sub: fc.constantFrom<TokenTerms['sub']>(
          'organization',
          'organization',
          'pipeline',
          'pipeline',
          'branch',
          'letter',
          'any',
          'any organization',
          'queue id',
          'pipeline id',
          'cluster id',
        ),
        claims: fc.subarray<TokenTerms['claims'][number]>(
          ['organization_id', 'cluster_id', 'pipeline_id', 'pipeline_slug', 'cluster_name'],
          { maxLength: 3 },
        ),
        tag: mostly<TokenTerms['tag']>(null, 4, 'queue_key', 'queue_id', 'pipeline_slug'),
        ifExists: seldom(6),
        fenced: seldom(6),
        deny: mostly<TokenTerms['deny']>(
          null,
          8,
          'other pipelines',
          'other networks',
          'no claim',
          'other branches',
          'other tags',
        ),
      }),
    )
    .map(([pair, rest]) => ({ ...pair, ...rest }))

const byToken = (places: Places): fc.Arbitrary<Trust> => {
  const pair =
    places.pairs.length === 0
      ? []
      : [
          fc
            .tuple(fc.constantFrom(...places.pairs), seldom(4))
            .map(([one, branches]): Trust => ({ by: 'job', ...one, branches })),
        ]
  const written = terms(places).map((one): Trust => ({ by: 'token', ...one }))
  return fc.oneof(...pair, written, written)
}

const asker = (role: string): fc.Arbitrary<Trust> =>
  fc.oneof(
    fc.constant<Trust>({ by: 'role', role }),
    fc
      .record({
        names: mostly<AskerTerms['names']>('role', 2, 'account', 'account', 'everybody'),
        condition: mostly<AskerTerms['condition']>(
          null,
          4,
          'external id',
          'session name',
          'tag',
          'principal tag',
          'principal',
          'network',
          'source identity',
        ),
        deny: mostly<AskerTerms['deny']>(null, 8, 'role', 'unnamed'),
      })
      .map((rest): Trust => ({ by: 'asker', role, ...rest })),
  )

const asking = (role: string, way: fc.Arbitrary<Asking['by']>): fc.Arbitrary<readonly Asking[]> =>
  way.map((by) => [{ role, by }])

const NAMES = ['management/agent', 'prod/web', 'prod/report', 'management/ops'] as const

interface Drawn {
  readonly trust: readonly Trust[]
  readonly grown: readonly Trust[]
  readonly claims: AwsRole['claims']
  readonly fenced: boolean
  readonly bounded: boolean
}

const rest = {
  claims: fc.constantFrom<AwsRole['claims']>('ids', 'tags'),
  fenced: seldom(5),
  bounded: seldom(12),
}

const machines: Trust = { by: 'machines' }

/** The files refuse a role with two doors, where they write both: by hand is how such a one comes to be. */
const unwritten = (asks: Trust, shows: Trust): Trust =>
  asks.by === 'role' && shows.by === 'job'
    ? { by: 'asker', role: asks.role, names: 'role', condition: null, deny: null }
    : asks

const aws = (places: Places): fc.Arbitrary<Aws> =>
  fc
    .record({
      there: fc.subarray([...NAMES], { minLength: 1 }),
      from: fc.constantFrom('management/agent', 'prod/web'),
      via: fc.constantFrom('management/agent', 'prod/web', 'prod/report'),
      doors: fc.record({ agent: seldom(6), report: seldom(6) }),
    })
    .chain(({ there, from, via, doors }) => {
      const on = (name: string) => there.some((one) => one === name)
      const token = byToken(places)
      const grown = (way: fc.Arbitrary<Trust>) =>
        seldom(5).chain((is) => (is ? way.map((one) => [one]) : fc.constant<readonly Trust[]>([])))
      const role = (
        trust: fc.Arbitrary<readonly Trust[]>,
        more: fc.Arbitrary<readonly Trust[]>,
      ): fc.Arbitrary<Drawn> => fc.record({ trust, grown: more, ...rest })
      const chained = (name: string) => (on(name) ? asker(name) : token)
      const asks = (name: string) =>
        on(name)
          ? asking(name, mostly<Asking['by']>('name', 3, 'word', 'word', 'word', 'pattern', 'all', 'denied'))
          : fc.constant<readonly Asking[]>([])
      const silent = mostly<boolean>(false, 3, true)
      return fc
        .record({
          roles: fc.record({
            'management/agent': role(
              fc.constant([machines]),
              doors.agent ? token.map((one) => [one]) : fc.constant([]),
            ),
            'prod/web': role(fc.array(token, { minLength: 1, maxLength: 2 }), grown(token)),
            'prod/report': role(
              doors.report
                ? fc.tuple(chained(from), token).map(([asks, shows]) => [unwritten(asks, shows), shows])
                : chained(from).map((one) => [one]),
              grown(chained(from)),
            ),
            'management/ops': role(
              chained(via).map((one) => [one]),
              grown(fc.oneof(token, fc.constant(machines))),
            ),
          }),
          asks: fc.tuple(asks('prod/report'), asks('management/ops')),
          silent: fc.tuple(silent, silent),
          machines: fc.tuple(
            ...places.machines.map((queue) =>
              fc
                .record({
                  role: mostly<string | null>(on('management/agent') ? 'management/agent' : null, 2, null),
                  said: seldom(6).map((is) => !is),
                })
                .map((one) => [queue, one] as const),
            ),
          ),
        })
        .map(({ roles, asks: [report, ops], silent: [quietly, mutely], machines: some }) => {
          const found: [string, AwsRole][] = there.map((name) => [
            name,
            {
              ...roles[name],
              asks: [
                ...(name === from && !quietly ? report : []),
                ...(name === via && !mutely ? ops : []),
              ].filter(({ role: of }) => of !== name),
            },
          ])
          return {
            roles: agreed(Object.fromEntries(found)),
            machines: Object.fromEntries(some),
          }
        })
    })

/** What bridle writes on both sides has to agree: else there would be nothing to judge but a slip. */
const agreed = (roles: Readonly<Record<string, AwsRole>>): Aws['roles'] =>
  Object.fromEntries(
    Object.entries(roles).map(([name, role]) => {
      const means = ({ role: of }: Asking) =>
        roles[of]?.trust.some((one) => one.by === 'role' && one.role === name) === true
      const asked = (of: string) =>
        roles[of]?.asks.some((one) => one.role === name && one.by === 'word') === true
      return [
        name,
        {
          ...role,
          asks: role.asks.map((one) => (one.by === 'word' && !means(one) ? { ...one, by: 'name' } : one)),
          trust: role.trust.map((one): Trust =>
            one.by === 'role' && !asked(one.role)
              ? { by: 'asker', role: one.role, names: 'role', condition: null, deny: null }
              : one,
          ),
        },
      ]
    }),
  )

/** Organizations with accounts of AWS: what jobs may become, and what that may become. */
export const outlinesWithRoles: fc.Arbitrary<Outline> = outlines.chain((whole) => {
  const outline = small(whole)
  return aws(placesIn(outline)).map((one) => ({ ...outline, aws: one }))
})
