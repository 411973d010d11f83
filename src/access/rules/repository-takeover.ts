import { keyIn } from '../../model/address.js'
import { edgesOf } from '../edge.js'
import { can, holderOf, pusherTo } from '../node.js'
import { defineRule } from '../rule.js'

const { edge, assumed } = edgesOf('R53', 'repository-takeover')

/**
 * A pipeline goes by its repository's URL: who gets the name gets the pipeline. Where it clones from a mirror, who
 * writes the mirror decides what is checked out. Neither is seen by Buildkite.
 *
 * That it happens rests on the name alone, so one more pipeline of a repository voids no acceptance.
 *
 * @source access model §0.0 (R53)
 */
export const repositoryTakeover = defineRule({
  path: 'R53',
  code: 'repository-takeover',
  title: 'repositories taken over, and mirrors',
  decidedFrom: ['Pipeline.repository.url', 'Pipeline.cloneMirrorUrl'],
  verdicts: ['assumed', 'closed'],
  replayable: false,
  enforcedAt: ['git-host', 'hook'],
  *edges(facts) {
    for (const repository of new Set(facts.of('checks-out').map(({ on }) => on)))
      yield assumed({
        from: holderOf(`repository-name/${keyIn(repository)}`),
        to: can.by('R53', repository),
        says: 'takes over its name at the Git host',
        at: repository,
      })
    for (const mirror of new Set(facts.of('clones-from').map(({ on }) => on))) {
      yield edge({
        from: pusherTo(mirror),
        to: can.push(mirror),
        says: 'may push to the mirror',
        at: mirror,
      })
      yield assumed({
        from: can.push(mirror),
        to: can.by('R53', mirror),
        says: 'puts code of theirs into the mirror',
        at: mirror,
      })
    }
    for (const power of ['checks-out', 'clones-from'] as const)
      for (const fact of facts.of(power))
        yield edge({
          from: can.by('R53', fact.on),
          to: can.code(fact.of),
          says: 'has it checked out and run',
          facts: [fact],
          at: fact.on,
        })
  },
})
