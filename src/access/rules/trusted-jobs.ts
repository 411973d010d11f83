import type { Address } from '../../model/address.js'
import type { Fact } from '../../model/grant.js'
import { edgesOf } from '../edge.js'
import type { Facts } from '../facts.js'
import { can } from '../node.js'
import { clusterOf, clustersIn, groundsToRun } from '../places.js'
import { defineRule, type Edge } from '../rule.js'
import { organization } from './out-of-sight.js'
import { onItsAgents } from './unclustered.js'

const { edge } = edgesOf('R55', 'trusted-jobs')

/** Having a job anywhere in the organization. */
const anywhere = can.by('R55', organization)

/**
 * Buildkite signs a token for every job that asks, with the names of its pipeline and its queue; a role that trusts
 * these is everybody’s who decides what such a job does, or gets at it on its machine. The branch, the commit and the
 * step in a token are of the asker’s choosing, and so is which of them are in it.
 *
 * @source access model §5, AWS enforcement §4
 */
export const trustedJobs = defineRule({
  path: 'R55',
  code: 'trusted-jobs',
  title: 'jobs whose tokens a role trusts',
  decidedFrom: ['Role.AssumeRolePolicyDocument', 'Pipeline.cluster', 'Pipeline.archived'],
  verdicts: ['open', 'assumed', 'closed'],
  replayable: true,
  enforcedAt: ['iam'],
  leadsTo: 'roles',
  *edges(facts) {
    const all = facts.of('becomes')
    for (const becomes of all)
      if (becomes.of.startsWith('pipeline:')) yield* byPipeline(facts, becomes)
      else
        yield edge({
          from: becomes.of === organization ? anywhere : can.runAJob(becomes.of),
          to: can.assume(becomes.on),
          says: `becomes it with the token of any job${onQueue(becomes)}`,
          facts: [becomes],
          at: becomes.on,
        })
    yield* byName(facts)
    if (!all.some(({ of }) => of === organization)) return // the edges come with the fact
    const says = 'may have a job of the organization ask for a token'
    for (const cluster of clustersIn(facts))
      yield edge({ from: can.runAJob(cluster), to: anywhere, says, at: cluster })
    yield edge({ from: onItsAgents, to: anywhere, says, at: organization })
  },
})

/** A name is whatever somebody gives a pipeline of theirs. */
function* byName(facts: Facts): Iterable<Edge> {
  for (const becomes of facts.of('becomes-by-name')) {
    const draft = { to: can.assume(becomes.on), facts: [becomes], at: becomes.on }
    const clusters = becomes.of === organization ? [...clustersIn(facts), organization] : [becomes.of]
    for (const cluster of clusters) {
      yield edge({
        ...draft,
        from: can.enter(cluster),
        says: `gives a pipeline of theirs a name that its trust fits${onQueue(becomes)}`,
      })
      for (const place of [...facts.on('runs-in', cluster), ...facts.on('unclustered', cluster)])
        yield edge({
          ...draft,
          from: can.edit(place.of),
          says: `gives ${place.of} a name that its trust fits${onQueue(becomes)}`,
          facts: [becomes, place],
        })
    }
  }
}

function* byPipeline(facts: Facts, becomes: Fact): Iterable<Edge> {
  const { of: pipeline, on: role, by } = becomes
  const draft = { to: can.assume(role), at: role }
  if (by === undefined)
    yield edge({
      ...draft,
      from: can.code(pipeline),
      says: `becomes it with the token of a job of ${pipeline}`,
      facts: [becomes],
    })
  const queue = by === undefined ? undefined : queueOf(by)
  if (queue !== undefined)
    yield edge({
      ...draft,
      from: [can.edit(pipeline), can.enter(clusterOf(queue))],
      says: `may move ${pipeline} into ${clusterOf(queue)}, where its jobs become it`,
      facts: [becomes],
    })
  for (const place of [...facts.from('runs-in', pipeline), ...unplaced(facts, pipeline)]) {
    const isThere = place.power === 'unclustered' || queue === undefined || clusterOf(queue) === place.on
    if (!isThere) continue
    if (queue !== undefined)
      yield edge({
        ...draft,
        from: can.code(pipeline),
        says: `becomes it with the token of a job of ${pipeline}${onQueue(becomes)}`,
        facts: [becomes, place],
      })
    const queues = queue === undefined ? facts.from('has-queue', place.on).map(({ on }) => on) : [queue]
    for (const one of queues)
      for (const grounds of groundsToRun(facts, pipeline)) {
        yield edge({
          ...draft,
          from: can.getAtJobs(one),
          says: `has the token of a job of ${pipeline}, and becomes it`,
          facts: [becomes, place, ...grounds],
        })
        // In another network the token is worth what the trust says of networks.
        for (const anywhere of facts.on('from-anywhere', role))
          yield edge({
            ...draft,
            from: can.takeJobs(one),
            says: `has the token of a job of ${pipeline}, and becomes it from anywhere: its trust names no network`,
            facts: [becomes, place, ...grounds, anywhere],
          })
      }
  }
}

/** That nobody could read where a pipeline is: it may be where it is trusted. */
const unplaced = (facts: Facts, pipeline: Address): readonly Fact[] =>
  facts.from('unclustered', pipeline).filter(({ sure }) => !sure)

const queueOf = (key: string): Address => `queue:${key}`

const onQueue = ({ by }: Fact): string => (by === undefined ? '' : ` on ${queueOf(by)}`)
