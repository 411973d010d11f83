import { edgesOf } from '../edge.js'
import { can, holderOf } from '../node.js'
import { defineRule } from '../rule.js'
import { holdersReach } from './out-of-sight.js'

const { assumed } = edgesOf('R36', 'third-party-code')

/**
 * Steps run what others publish. References that move can be read from steps, and are told one by one; what scripts,
 * submodules and packages fetch can't be read at all, so something always may.
 *
 * @source access model R36, §3.13, §3.16
 */
export const thirdPartyCode = defineRule({
  path: 'R36',
  code: 'third-party-code',
  title: 'code of others that moves',
  decidedFrom: ['Pipeline.steps.yaml: plugins, images'],
  verdicts: ['assumed'],
  replayable: false,
  enforcedAt: ['hook', 'host'],
  *edges(facts) {
    for (const code of facts.of('runs-code-of')) {
      const what = code.by ?? 'unknown'
      yield assumed({
        from: holderOf(`third-party-code/${what}`),
        to: can.code(code.of),
        says: `publishes ${what}, which its steps run by a reference that can move`,
        facts: [code],
        at: code.of,
      })
    }
    for (const step of holdersReach(facts, 'third-party-code'))
      yield assumed({ ...step, says: 'publishes a package, an image or a submodule that jobs there fetch' })
  },
})
