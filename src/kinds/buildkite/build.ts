import * as api from '../../../graphql/api.js'
import type { NodeOf, PageOf, Reader } from '../../../graphql/operation.js'
import type {
  UnfinishedBuildFragment,
  UnfinishedBuildsOfPipelineQueryVariables,
  UnfinishedBuildsQuery,
} from '../../../graphql/generated/documents.js'
import { addressOf, keyOf } from '../../model/address.js'
import { granted } from '../../model/grant.js'
import type { Live } from '../../model/live.js'
import type { Thing } from '../kind.js'
import { userAddress } from './user.js'

/** A build that has not finished: what it holds runs as soon as it can, whatever is closed in the meantime. */
export interface Build {
  readonly pipeline: string
  /** Null for jobs that are left of builds that say that they are over. */
  readonly number: number | null
  /** Emails of the people who decided what is in it; null is somebody whom nobody can name. */
  readonly hands: readonly (string | null)[]
}

/** The unfinished builds of pipelines in the clusters that are looked at closely, and of those that the scope names. */
export const build: Thing<Build> = {
  name: 'build',
  plural: 'builds',
  source: 'GraphQL Pipeline.builds',
  asks: { graphql: [api.Clusters, api.Rules], closely: [api.UnfinishedBuilds] },
  async *read(buildkite, scope) {
    const seen = new Set<string>()
    const triggers = await triggersNow(buildkite)
    for await (const cluster of buildkite.pages(api.Clusters, {})) {
      if (scope?.clusters.has(cluster.name) === false) continue
      for await (const row of buildkite.pages(api.UnfinishedBuilds, { cluster: cluster.id })) {
        const { slug } = row
        seen.add(slug)
        const found = buildkite.more<UnfinishedBuildFragment, unknown, OfPipeline>(
          row.builds,
          api.UnfinishedBuildsOfPipeline,
          { pipeline: pathOf(buildkite, slug) },
        )
        const told = new Set<number>()
        for await (const one of found) {
          told.add(one.number)
          yield live(slug, one, { cluster: cluster.name, triggers })
        }
        if (hasMoreJobs(row) ?? (await areJobsLeft(buildkite, slug, told))) yield left(slug)
      }
    }
    for (const slug of scope?.pipelines ?? []) {
      if (seen.has(slug)) continue
      const told = new Set<number>()
      for await (const one of buildkite.pages(api.UnfinishedBuildsOfPipeline, {
        pipeline: pathOf(buildkite, slug),
      })) {
        told.add(one.number)
        yield live(slug, one, { cluster: undefined, triggers })
      }
      if (await areJobsLeft(buildkite, slug, told)) yield left(slug)
    }
  },
  grants: ({ pipeline, number, hands }) =>
    hands.map((hand) =>
      granted(
        'unfinished',
        hand === null ? addressOf('organization') : userAddress(hand),
        addressOf('pipeline', pipeline),
        'createdBy',
        number === null ? 'jobs of a build that is over' : `build ${number}`,
      ),
    ),
}

const pathOf = ({ organization }: Reader, slug: string) => `${organization}/${slug}`

type Row = UnfinishedBuildFragment
type OfPipeline = UnfinishedBuildsOfPipelineQueryVariables
type WithCounts = Pick<NodeOf<PageOf<UnfinishedBuildsQuery>>, 'jobs' | 'builds'>

/**
 * Whether a pipeline has more unfinished jobs than its unfinished builds have: then some are left of builds that say
 * that they are over.
 *
 * @returns undefined where the numbers do not tell, because not all of the builds came with theirs
 */
const hasMoreJobs = ({ jobs, builds }: WithCounts): boolean | undefined => {
  const counted = (builds?.edges ?? []).map((edge) => edge?.node?.jobs?.count ?? 0)
  if (jobs === null || builds?.count === 0) return jobs?.count !== 0
  const isTold = builds?.count === counted.length && jobs.count <= counted.reduce((sum, one) => sum + one, 0)
  return isTold ? false : undefined
}

/** What an unfinished build says of itself. One that a job belongs to, and that says so, has come since. */
const unfinished: ReadonlySet<string> = new Set([
  'BLOCKED',
  'CANCELING',
  'CREATING',
  'FAILING',
  'RUNNING',
  'SCHEDULED',
])

/**
 * Whether a pipeline has unfinished jobs of builds that say that they are over. Every job is looked at, some five points
 * each, so this is asked where their number does not tell.
 *
 * @param told  the numbers of its unfinished builds
 */
const areJobsLeft = async (buildkite: Reader, slug: string, told: ReadonlySet<number>): Promise<boolean> => {
  let found = false
  for await (const job of buildkite.pages(api.UnfinishedJobsOfPipeline, {
    pipeline: pathOf(buildkite, slug),
  })) {
    const { build: of }: Partial<typeof job> = job // a type of job that Buildkite has thought of since has none
    found ||= of == null || !(told.has(of.number) || unfinished.has(of.state))
  }
  return found
}

const left = (pipeline: string): Live<Build> => ({
  key: keyOf(pipeline, 'left'),
  id: '',
  uuid: '',
  spec: { pipeline, number: null, hands: [null] },
})

type Parent = NonNullable<NonNullable<Row['triggeredFrom']>['build']>
type Hands = readonly (string | null)[]

/** Where a build waits. What is closed to it there, other paths tell. */
interface Place {
  /** Undefined outside the clusters that are looked at: nobody has looked at what its pipeline is open to. */
  readonly cluster: string | undefined
  /** By which rules a pipeline may start another now. */
  readonly triggers: ReadonlySet<string>
}

const byRule = (source: string, target: string) => keyOf(source, target)

const triggersNow = async (buildkite: Reader): Promise<ReadonlySet<string>> => {
  const found = new Set<string>()
  for await (const { type, effect, source, target } of buildkite.pages(api.Rules, {}))
    if (type === 'pipeline.trigger_build.pipeline' && effect === 'ALLOW' && source && target)
      found.add(byRule(source.slug, target.slug))
  return found
}

const live = (pipeline: string, row: Row, place: Place): Live<Build> => ({
  key: keyOf(pipeline, String(row.number)),
  id: row.id,
  uuid: row.uuid,
  spec: {
    pipeline,
    number: row.number,
    hands: [...new Set(handsIn(row, pipeline, place))].sort(unknownLast),
  },
})

const unknownLast = (a: string | null, b: string | null) =>
  a === b ? 0 : a === null ? 1 : b === null || a < b ? -1 : 1

const somebody: Hands = [null]
const nobodyNew: Hands = []

const handsIn = ({ rebuiltFrom, ...row }: Row, pipeline: string, place: Place): Hands => [
  ...(row.source.__typename === 'BuildSourceTriggerJob'
    ? behind(row.triggeredFrom?.build ?? undefined, pipeline, place)
    : startedBy(row, place)),
  // A rebuild runs what it is a rebuild of, and that one may be a rebuild, too.
  ...(rebuiltFrom === null ? nobodyNew : startedBy(rebuiltFrom, place)),
  ...(rebuiltFrom?.rebuiltFrom == null ? nobodyNew : somebody),
]

type Started = Pick<Row, 'source' | 'createdBy' | 'pullRequest'>

/**
 * Who started a build, as far as it can be believed. Whom Buildkite calls the creator of a build that the Git host
 * started is whoever the commit says wrote it. What is pushed to the pipeline's repository, and what its schedules
 * start, is another path's, and stays open as long as the repository and the schedule are there. But what was pushed
 * to a pipeline that is elsewhere, nobody has filtered yet, and it may come along with it.
 *
 * @source access model §3.9, R8, R13
 */
const startedBy = ({ source, createdBy, pullRequest }: Started, { cluster }: Place): Hands => {
  switch (source.__typename) {
    case 'BuildSourceFrontend':
    case 'BuildSourceAPI':
      return [createdBy !== null && 'email' in createdBy ? createdBy.email.toLowerCase() : null]
    case 'BuildSourceWebhook':
      return pullRequest === null && cluster !== undefined ? nobodyNew : somebody // a fork's, perhaps
    case 'BuildSourceSchedule':
      return source.pipelineSchedule === null ? somebody : nobodyNew
    case 'BuildSourceTriggerJob':
    default: // one that Buildkite has thought of since
      return somebody
  }
}

/**
 * Whoever started the build that triggered this one. If nobody did, it is as open as it was within a cluster, or by a
 * rule that is there: from another cluster it may have come by a rule that is no more.
 */
const behind = (parent: Parent | undefined, pipeline: string, place: Place): Hands => {
  if (parent === undefined) return somebody
  const hands = startedBy(parent, place)
  const near = place.cluster !== undefined && parent.pipeline.cluster?.name === place.cluster
  return hands.length > 0 || near || place.triggers.has(byRule(parent.pipeline.slug, pipeline))
    ? hands
    : somebody
}
