import type { Drifted } from '../model/result.js'
import { annotated, driftMessage, report, type Setting } from '../report/format.js'
import { unpainted } from '../report/paint.js'
import { isInJob, tellBuild } from './build-page.js'
import { variable } from './environment.js'
import { exitOf } from './exit.js'
import type { Machine } from './machine.js'
import { post } from './post.js'

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

/** The address of a webhook that takes what Slack's take. Whoever has it can write there, so it is never shown. */
const webhookName = 'BRIDLE_SLACK_WEBHOOK_URL'

/** As Slack reads text: three characters are its own. @source Slack docs, "Formatting text for app surfaces" */
const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/**
 * Tells a chat the sum of a drift, where the environment names a webhook and something is wrong.
 *
 * @returns what did not work, a line each
 */
export const tellChatOfDrift = async (
  machine: Machine,
  result: Drifted,
  sandbox: string | undefined,
): Promise<string[]> => {
  const webhook = variable(machine.env, webhookName)
  const exit = exitOf(result)
  // A make-believe organization is nobody's business outside.
  if (webhook === undefined || exit === 0 || exit === 130 || sandbox !== undefined) return []
  if (!/^https:\/\/[^\s/@]+(\/\S*)?$/.test(webhook))
    return [`nobody is told: ${webhookName} has to begin with https://, and to have no password in it`]
  const build = variable(machine.env, 'BUILDKITE_BUILD_URL') ?? ''
  const link = /^https:\/\/[^\s<>|]+$/.test(build) ? ` <${build}>` : ''
  const text = `${escaped(driftMessage(result, sandbox))}${link}`
  const trouble = await post(machine, webhook, JSON.stringify({ text }))
  return trouble === undefined ? [] : [`the webhook was not told: ${trouble}`]
}
