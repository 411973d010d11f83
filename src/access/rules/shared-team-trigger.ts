import type { Address } from '../../model/address.js'
import type { Fact } from '../../model/grant.js'
import { edgesOf, surest } from '../edge.js'
import type { Facts } from '../facts.js'
import { can, formerOf, holderOf } from '../node.js'
import { isTriggered } from '../let-in.js'
import { clustersIn, exitsOf, nameOf, placesOf } from '../places.js'
import { defineRule } from '../rule.js'

const { edge, assumed } = edgesOf('R15', 'shared-team-trigger')

/**
 * A build that nobody created, of a schedule or a trigger URL, may trigger what shares a team with Build with its own
 * pipeline. Whether other builds can be nobody’s, by a commit of a stranger or by what an API caller says (Q11, Q27),
 * and whether whoever makes a pipeline can give it to a team that they are not in (Q24), is open.
 *
 * @source access model R15, §3.1 (b), Q14
 */
export const sharedTeamTrigger = defineRule({
  path: 'R15',
  code: 'shared-team-trigger',
  title: 'triggering through a team with Build on both pipelines',
  decidedFrom: ['Pipeline.cluster', 'TeamPipeline.accessLevel', 'PipelineSchedule', 'Pipeline.archived'],
  verdicts: ['open', 'assumed', 'held', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'hook'],
  gate: {
    says: 'where `sources` has no trigger_job: which pipeline it comes from, nobody can say',
    refuses: (policy) => !isTriggered(policy),
  },
  *edges(facts) {
    const says = (pipeline: Address) =>
      `has ${pipeline} triggered, with a commit and an environment of their choice`
    const exits = exitsOf(facts)
    const sources = new Set<Address>()
    for (const { team, cluster, shared } of sharedIn(facts)) {
      if (shared.size < 2) continue
      const place = can.by('R15', `${team} in ${cluster}`)
      for (const [pipeline, grounds] of shared) {
        sources.add(pipeline)
        yield edge({
          from: can.by('R15', pipeline),
          to: place,
          says: `may trigger what ${team} may build in ${cluster}`,
          facts: grounds,
          at: cluster,
        })
        for (const active of facts.on('active', pipeline))
          yield edge({
            from: place,
            to: can.code(pipeline),
            says: says(pipeline),
            facts: [...grounds, active],
            at: cluster,
          })
      }
    }
    for (const pipeline of sources)
      for (const at of placesOf(facts, pipeline)) {
        const draft = { to: can.by('R15', pipeline), at }
        for (const nobody of nobodiesOf(facts, pipeline, at))
          yield edge({ ...draft, ...nobody, says: 'starts builds of it that nobody has created' })
        yield assumed({
          ...draft,
          from: can.code(pipeline),
          says: 'may be able to start a build of it that nobody has created',
          rests: exits(at),
        })
      }
    for (const cluster of clustersIn(facts))
      yield assumed({
        from: can.enter(cluster),
        to: can.by('R15', cluster),
        says: 'may be able to share a pipeline of theirs with any team',
        rests: exits(cluster),
        at: cluster,
      })
    for (const runsIn of facts.of('runs-in')) {
      const builds = surest(facts.on('builds', runsIn.of))
      if (builds === undefined) continue
      for (const active of facts.on('active', runsIn.of))
        yield edge({
          from: can.by('R15', runsIn.on),
          to: can.code(runsIn.of),
          says: says(runsIn.of),
          facts: [builds, runsIn, active],
          at: runsIn.on,
        })
    }
  },
})

/** Whoever has builds of a pipeline started without a creator; with Full Access one makes a schedule. */
const nobodiesOf = (facts: Facts, pipeline: Address, place: Address) => {
  const code = can.code(pipeline)
  return [
    { from: [can.edit(pipeline)], facts: [] },
    { from: [holderOf(`trigger-url/${nameOf(place)}`), code], facts: [] },
    ...facts.on('scheduled', pipeline).map((fact) => ({
      from: [fact.of.startsWith('user:') ? fact.of : formerOf('schedule-maker'), code],
      facts: [fact],
    })),
  ]
}

interface Shared {
  readonly team: Address
  readonly cluster: Address
  /** By pipeline: that the team may build it, and that it is in the cluster. */
  readonly shared: Map<Address, readonly Fact[]>
}

/** What each team may build in each cluster. */
const sharedIn = (facts: Facts): Iterable<Shared> => {
  const places = new Map<string, Shared>()
  for (const builds of facts.of('builds'))
    for (const runsIn of facts.from('runs-in', builds.on)) {
      const place = `${builds.of} ${runsIn.on}`
      const there = places.get(place)
      const grounds = [builds, runsIn]
      if (there === undefined)
        places.set(place, { team: builds.of, cluster: runsIn.on, shared: new Map([[builds.on, grounds]]) })
      else if (!there.shared.has(builds.on) || (builds.sure && runsIn.sure))
        there.shared.set(builds.on, grounds)
    }
  return places.values()
}
