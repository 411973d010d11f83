import type { Drifted } from '../model/result.js'
import { annotated, report, type Setting } from '../report/format.js'
import { unpainted } from '../report/paint.js'
import { isInJob, tellBuild } from './build-page.js'
import { exitOf } from './exit.js'
import type { Machine } from './machine.js'

/** What the files are called that a build keeps. The next run is handed the first of them. */
const names = { json: 'bridle-drift.json', sarif: 'bridle-drift.sarif', junit: 'bridle-drift.junit.xml' }

/**
 * Tells a build of Buildkite's what a drift found: on its page where something is wrong, and as artifacts in any case, for
 * the next run is compared with them. Somebody who stopped the job has no use for either.
 *
 * @returns what did not work, a line each
 */
export const tellBuildOfDrift = (
  machine: Machine,
  result: Drifted,
  setting: Omit<Setting, 'paint'>,
): string[] => {
  const exit = exitOf(result)
  if (!isInJob(machine) || exit === 130) return []
  const plain = { ...setting, paint: unpainted }
  return tellBuild(machine, {
    context: 'bridle-drift',
    said:
      exit === 0
        ? undefined
        : {
            style: exit === 10 ? 'warning' : 'error',
            body: annotated(result, setting, `All of it is in the artifact \`${names.json}\` of this build.`),
          },
    artifacts: {
      [names.json]: report(result, 'json', plain),
      [names.sarif]: report(result, 'sarif', plain),
      [names.junit]: report(result, 'junit', plain),
    },
  })
}
