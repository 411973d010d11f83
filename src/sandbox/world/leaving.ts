import type { Context } from '../context.js'
import { buildsPipeline } from '../rights.js'
import { get, where } from '../table.js'
import { cancelBuild } from './builds.js'
import { asMember } from './viewer.js'

/** Somebody has lost rights. Whether what they have started goes on is an open question, and so a switch. */
export const endBuildsOf = (context: Context, user: string): void => {
  if (context.switches.runningBuildsContinue) return
  const { builds, pipelines } = context.state.tables
  for (const build of where(builds, 'createdBy', user)) {
    if (build.finishedAt !== null) continue
    const pipeline = get(pipelines, build.pipeline)
    const still = asMember(context, build.organization, user)
    if (!pipeline || !still || !buildsPipeline(still, pipeline)) cancelBuild(context, build)
  }
}
