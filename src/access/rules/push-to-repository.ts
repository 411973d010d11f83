import type { Fact } from '../../model/grant.js'
import { edgesOf } from '../edge.js'
import type { Facts } from '../facts.js'
import { can, pusherTo } from '../node.js'
import { eventOf, groundsToRun } from '../places.js'
import { defineRule } from '../rule.js'

const { edge, assumed } = edgesOf('R8', 'push-to-repository')

/** Events that somebody causes with nothing but a push. */
export const pushes: ReadonlySet<string | undefined> = new Set([
  'push',
  'tag',
  'create',
  'pull-request',
  'merge-group',
])

/**
 * Buildkite does not know who may push, so for each repository somebody has to say. Where no push starts a build, what
 * was pushed still runs in the next build that somebody else starts, and in one that waits.
 *
 * @source access model R8, §0.3 (17)
 */
export const pushToRepository = defineRule({
  path: 'R8',
  code: 'push-to-repository',
  title: 'pushing to a repository that is built',
  decidedFrom: ['Pipeline.repository', 'provider_settings', 'Pipeline.archived'],
  verdicts: ['assumed', 'closed'],
  replayable: true,
  enforcedAt: ['git-host', 'buildkite', 'hook'],
  *edges(facts) {
    const repositories = new Set(facts.of('checks-out').map(({ on }) => on))
    for (const repository of repositories)
      yield edge({
        from: pusherTo(repository),
        to: can.push(repository),
        says: `may push to ${repository}`,
        at: repository,
      })
    for (const checkedOut of facts.of('checks-out')) {
      const started = startsOf(facts, checkedOut)
      for (const grounds of groundsToRun(facts, checkedOut.of))
        yield assumed({
          from: can.push(checkedOut.on),
          to: can.code(checkedOut.of),
          says:
            started.length === 0
              ? 'writes what the next build of it checks out and runs'
              : `writes what it runs, and starts a build of it with a ${eventsOf(started)}`,
          facts: [checkedOut, ...grounds, ...started],
          at: checkedOut.on,
        })
    }
  },
})

const startsOf = (facts: Facts, { of }: Fact) =>
  facts.on('starts-on', of).filter((start) => pushes.has(eventOf(start)))

const eventsOf = (started: readonly Fact[]) =>
  [...new Set(started.map(eventOf))].sort().join(' or ').replaceAll('-', ' ')
