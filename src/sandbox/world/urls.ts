import { Refused } from '../refused.js'
import { editsPipeline, isAdmin } from '../rights.js'
import type { Build, Trigger } from '../rows.js'
import { get } from '../table.js'
import { allow, make, principalOf, remove, there } from '../write.js'
import type { Context } from '../context.js'
import { pipelineSeen } from '../seen.js'
import { startBuild } from './builds.js'
import { commitOf } from './commits.js'
import { knows, learn, type Bearer } from './known.js'
import { addHands, label, labelsIn, metaDataOf, union, type World } from './labels.js'
import { deliver, type Delivery } from './webhooks.js'

// Addresses that are secrets: whoever knows one may use it.

const check = (world: World, by: string, kind: Bearer, subject: string) => {
  if (!knows(world, by, kind, subject)) throw new Refused('They do not know that secret')
}

/** Somebody posts to a pipeline's webhook URL what they like, about a commit that is there. */
export const postWebhook = (
  world: World,
  uuid: string,
  delivery: Delivery,
  by: string,
): Build | undefined => {
  const pipeline = there(get(world.state.tables.pipelines, uuid), 'Pipeline')
  check(world, by, 'webhook', uuid)
  if (!commitOf(world, pipeline, delivery.commit)) throw new Refused('There is no such commit')
  return deliver(world, pipeline, delivery, by)
}

/** Somebody posts to a pipeline trigger. What it starts is fixed; what is posted becomes metadata. */
export const postTrigger = (world: World, uuid: string, by: string): Build => {
  const trigger = there(get(world.state.tables.triggers, uuid), 'Pipeline Trigger')
  const pipeline = there(get(world.state.tables.pipelines, trigger.pipeline), 'Pipeline')
  check(world, by, 'trigger', uuid)
  if (!trigger.enabled || pipeline.archivedAt !== null) throw new Refused('The trigger is off')
  const { branch, commit, message, env, createdBy } = trigger
  const build = startBuild(world, pipeline, {
    branch,
    commit,
    message,
    env,
    source: 'webhook',
    creator: world.switches.triggerUrlCreator === 'maker' ? createdBy : null,
    metaData: { 'buildkite:webhook': '{}' },
    labels: union(label('start', [by]), labelsIn(world, 'triggers', uuid)),
  })
  addHands(world, metaDataOf(build.uuid), 'buildkite:webhook', [by])
  return build
}

/** A pipeline trigger is made on a page of the browser, by who may edit the pipeline; they then know its URL. */
export const makeTrigger = (
  context: Context,
  uuid: string,
  wanted: Partial<Pick<Trigger, 'label' | 'branch' | 'commit' | 'env' | 'message'>>,
): Trigger => {
  const pipeline = there(pipelineSeen(context, uuid), 'Pipeline')
  allow(editsPipeline(context, pipeline))
  const row = make(context, 'triggers', {
    organization: pipeline.organization,
    pipeline: uuid,
    label: wanted.label ?? 'trigger',
    enabled: true,
    branch: wanted.branch ?? pipeline.defaultBranch ?? 'main',
    commit: wanted.commit ?? 'HEAD',
    message: wanted.message ?? null,
    env: wanted.env ?? [],
  })
  learn(context, principalOf(context), 'trigger', row.uuid)
  return row
}

export const dropTrigger = (context: Context, uuid: string): void => {
  const trigger = there(get(context.state.tables.triggers, uuid), 'Pipeline Trigger')
  allow(editsPipeline(context, there(pipelineSeen(context, trigger.pipeline), 'Pipeline')))
  remove(context, 'triggers', trigger)
}

/** Somebody looks a secret up where they may see it, and remembers it. Values that are said once are not to be seen. */
export const readSecret = (context: Context, kind: Bearer, subject: string): void => {
  const { triggers, portals, tokens, pipelines } = context.state.tables
  const pipeline = pipelineSeen(
    context,
    kind === 'trigger' ? get(triggers, subject)?.pipeline : get(pipelines, subject)?.uuid,
  )
  const sees = {
    webhook: pipeline !== undefined && editsPipeline(context, pipeline),
    trigger: pipeline !== undefined && editsPipeline(context, pipeline),
    portal: isAdmin(context, get(portals, subject)?.organization ?? ''),
    apiToken: get(tokens, subject)?.user === context.viewer.user.uuid,
    agentToken: false,
  }[kind]
  allow(sees)
  learn(context, principalOf(context), kind, subject)
}
