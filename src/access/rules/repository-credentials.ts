import { keyIn } from '../../model/address.js'
import { edgesOf } from '../edge.js'
import { can, holderOf } from '../node.js'
import { defineRule } from '../rule.js'

const { assumed } = edgesOf('R48', 'repository-credentials')

/**
 * Deploy keys and apps push as people do, and lie about on machines. Whether jobs hold one that may write is known to
 * the Git host alone; a pipeline whose jobs may ask for tokens is told by name. Then it goes on as any push does: R8.
 *
 * @source access model R48, §3.8
 */
export const repositoryCredentials = defineRule({
  path: 'R48',
  code: 'repository-credentials',
  title: 'keys to repositories, held by jobs',
  decidedFrom: ['provider_settings.github_workflow_access_tokens_enabled'],
  verdicts: ['assumed'],
  replayable: false,
  enforcedAt: ['git-host', 'buildkite'],
  *edges(facts) {
    const repositories = new Set(facts.of('checks-out').map(({ on }) => on))
    for (const repository of repositories)
      yield assumed({
        from: holderOf(`repository-credential/${keyIn(repository)}`),
        to: can.push(repository),
        says: 'holds a key of a job or an app that may push there',
        at: repository,
      })
    for (const mints of facts.of('mints-repository-tokens'))
      yield assumed({
        from: can.code(mints.of),
        to: can.push(mints.on),
        says: 'asks the Git host for a token in a job, and pushes with it',
        facts: [mints],
        at: mints.on,
      })
  },
})
