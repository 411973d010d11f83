import { edgesOf } from '../edge.js'
import { can, holderOf } from '../node.js'
import { defineRule } from '../rule.js'
import { organization } from './out-of-sight.js'

const { assumed } = edgesOf('R54', 'bridle-itself')

/**
 * bridle's token administers the organization, and does what the merged files and the plan in storage say. Whoever
 * holds one of these is an administrator by another way.
 *
 * @source access model §0.0 (R54), §4.6
 */
export const bridleItself = defineRule({
  path: 'R54',
  code: 'bridle-itself',
  title: 'bridle itself',
  decidedFrom: [],
  verdicts: ['assumed'],
  replayable: false,
  enforcedAt: ['trust'],
  *edges() {
    yield assumed({
      from: holderOf('bridle'),
      to: can.administer(),
      says: 'holds bridle’s token, merges its files or writes its plans',
      at: organization,
    })
  },
})
