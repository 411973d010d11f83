import { all } from '../../../src/sandbox/table.js'
import type { State } from '../../../src/sandbox/state.js'
import { acts, fresh, idIn, person, withSteps, worked } from '../running.js'

/** Cat's code runs on a queue of a cluster, and lingers: `production/deploy`, for pipeline `web-deploy`. */
export const running = (): { state: State; job: string } => {
  const state = withSteps(
    fresh(
      'create cluster:production',
      'create queue:production/deploy',
      'connect queue:production/deploy host-1',
      'create pipeline:web-deploy cluster=production',
      'grant team:web pipeline:web-deploy build_and_read',
    ),
    'web-deploy',
    'steps: [{ command: make, key: ship, agents: { queue: deploy } }]',
  )
  const pipelineID = idIn(state, 'pipelines', 'web-deploy')
  const begun = acts(state, 'cat', 'buildCreate', { pipelineID, branch: 'main', commit: 'abc', env: ['X=1'] })
  const after = worked(begun, { attacker: person(begun, 'cat') })
  return { state: after, job: all(after.tables.jobs)[0]!.uuid }
}
