import type { Fact } from '../../model/grant.js'
import { edgesOf } from '../edge.js'
import type { Facts } from '../facts.js'
import { can, formerOf } from '../node.js'
import { clustersWithQueues, groundsToRun, pipelinesIn, unplacedIn } from '../places.js'
import { defineRule, type Edge } from '../rule.js'
import { organization, unseenPipeline } from './out-of-sight.js'

const { edge, assumed } = edgesOf('R17', 'artifact-becomes-code')

/**
 * What a job downloads and runs is code of whoever made it; whether it runs it, no API shows. Within a cluster every job
 * may add artifacts to every build, so the whole cluster of the pipeline that is read counts.
 *
 * @source access model R17, §3.2, §2.8
 */
export const artifactBecomesCode = defineRule({
  path: 'R17',
  code: 'artifact-becomes-code',
  title: 'artifacts of another pipeline that become code',
  decidedFrom: ['Rule.action', 'Rule.source', 'Rule.target', 'Pipeline.archived'],
  verdicts: ['assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'hook'],
  *edges(facts) {
    const rules = facts.of('reads-artifacts')
    for (const rule of rules)
      for (const grounds of groundsToRun(facts, rule.of)) {
        yield assumed({
          from: can.code(rule.on),
          to: can.code(rule.of),
          says: `makes artifacts that ${rule.of} may read by a rule, and may run`,
          facts: [rule, ...grounds],
          at: rule.of,
        })
        if (rule.on === unseenPipeline)
          yield assumed({
            from: formerOf('artifact-maker'),
            to: can.code(rule.of),
            says: `may make what ${rule.of} reads by a rule, and may run: which pipeline that is could not be read`,
            facts: [rule, ...grounds],
            at: rule.of,
          })
        for (const runsIn of facts.from('runs-in', rule.on))
          yield assumed({
            from: can.runAJob(runsIn.on),
            to: can.code(rule.of),
            says: `may add artifacts to builds of ${rule.on}, which ${rule.of} may read and run`,
            facts: [rule, runsIn, ...grounds],
            at: rule.of,
          })
      }
    yield* fromAny(facts)
    yield* intoAny(
      facts,
      rules.filter(({ of }) => of === unseenPipeline),
    )
  },
})

/** What is read may be in any cluster, where nobody could read in which: one stop for all who have a job in one. */
function* fromAny(facts: Facts): Iterable<Edge> {
  const somewhere = can.by('R17', unseenPipeline)
  const unplaced = unplacedIn(facts).flatMap((unknown) =>
    facts.on('reads-artifacts', unknown.of).map((rule) => ({ rule, unknown })),
  )
  if (unplaced.length === 0) return // the edges come with the fact
  for (const cluster of clustersWithQueues(facts))
    yield edge({
      from: can.runAJob(cluster),
      to: somewhere,
      says: `may add artifacts to builds of whatever may be in ${cluster}`,
      at: cluster,
    })
  for (const { rule, unknown } of unplaced)
    for (const grounds of groundsToRun(facts, rule.of))
      yield assumed({
        from: somewhere,
        to: can.code(rule.of),
        says: `which may be ${rule.on}, whose artifacts ${rule.of} may read and run`,
        facts: [rule, unknown, ...grounds],
        at: rule.of,
      })
}

/** A reader that could not be read may be any pipeline: one stop on the way to all of them. */
function* intoAny(facts: Facts, rules: readonly Fact[]): Iterable<Edge> {
  for (const rule of rules) {
    const draft = {
      to: can.by('R17', organization),
      says: 'makes artifacts that are read by a rule, by what could not be read',
      at: organization,
    }
    yield assumed({
      ...draft,
      from: rule.on === unseenPipeline ? formerOf('artifact-maker') : can.code(rule.on),
      facts: [rule],
    })
    for (const runsIn of facts.from('runs-in', rule.on))
      yield assumed({ ...draft, from: can.runAJob(runsIn.on), facts: [rule, runsIn] })
  }
  if (rules.length === 0) return // the edges come with the fact
  for (const pipeline of pipelinesIn(facts))
    for (const grounds of groundsToRun(facts, pipeline))
      yield edge({
        from: can.by('R17', organization),
        to: can.code(pipeline),
        says: `which may be ${pipeline}`,
        facts: grounds,
        at: organization,
      })
}
