import { edgesOf } from '../edge.js'
import { can, outsider, pusherTo } from '../node.js'
import { defineRule } from '../rule.js'

const { assumed } = edgesOf('R20', 'injected-text')

/**
 * Text that others write, put into YAML or a shell before the job runs, can be a command. Whether it is quoted well,
 * bridle can not tell.
 *
 * @source access model R20, §3.6
 */
export const injectedText = defineRule({
  path: 'R20',
  code: 'injected-text',
  title: 'text of others in steps',
  decidedFrom: ['Pipeline.steps', 'Pipeline.repository', 'provider_settings', 'Pipeline.archived'],
  verdicts: ['assumed', 'closed'],
  replayable: false,
  enforcedAt: ['hook'],
  *edges(facts) {
    for (const input of facts.of('reads-input')) {
      const pipeline = input.on
      const text = input.by ?? 'text of others'
      for (const active of facts.on('active', pipeline)) {
        for (const checkedOut of facts.from('checks-out', pipeline))
          yield assumed({
            from: pusherTo(checkedOut.on),
            to: can.code(pipeline),
            says: `writes ${text}, which its steps put into a command`,
            facts: [input, checkedOut, active],
            at: pipeline,
          })
        for (const fork of facts.on('starts-on', pipeline).filter(({ by }) => by === 'fork'))
          yield assumed({
            from: outsider,
            to: can.code(pipeline),
            says: `writes ${text} in a pull request from a fork, and its steps put it into a command`,
            facts: [input, fork, active],
            at: pipeline,
          })
      }
    }
  },
})
