import { edgesOf } from '../edge.js'
import { can, formerOf } from '../node.js'
import { defineRule } from '../rule.js'

const { edge, assumed } = edgesOf('R13', 'planted-schedules')

/**
 * Whoever makes a schedule chooses its commit and environment, and it goes on after they have lost Full Access, or left.
 * Where nobody is known to have made it, somebody has. One that is switched off waits to be switched on.
 *
 * @source access model R13, §3.11
 */
export const plantedSchedules = defineRule({
  path: 'R13',
  code: 'planted-schedules',
  title: 'a schedule that somebody left behind',
  decidedFrom: [
    'PipelineSchedule.createdBy',
    'PipelineSchedule.label',
    'PipelineSchedule.enabled',
    'Pipeline.archived',
  ],
  verdicts: ['open', 'assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'hook'],
  *edges(facts) {
    for (const scheduled of facts.of('scheduled')) {
      const { of: maker, on: pipeline, by: label = 'without a label' } = scheduled
      for (const active of facts.on('active', pipeline)) {
        const draft = {
          to: can.code(pipeline),
          says: `made its schedule ${label}${scheduled.sure ? '' : ', which may come to be switched on'}, with a commit and an environment of their choice`,
          facts: [scheduled, active],
          at: pipeline,
        }
        yield maker.startsWith('user:')
          ? edge({ ...draft, from: maker })
          : assumed({ ...draft, from: formerOf('schedule-maker') })
      }
    }
  },
})
