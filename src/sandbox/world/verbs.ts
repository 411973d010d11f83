import type { Context } from '../context.js'
import { through } from '../hand.js'
import { accountOf, addressIn, clusterNamed, pipelineNamed, queueNamed } from '../named.js'
import { Refused } from '../refused.js'
import { fork, type State } from '../state.js'
import { get, where } from '../table.js'
import { happen, type Event } from './happen.js'
import { learn } from './known.js'
import { isUnfinished } from './builds.js'
import { reached } from './reached.js'
import { settle } from './settle.js'

// What happens to an organization without anybody asking its API, in words.

type Words = readonly string[]

interface Verb {
  readonly usage: string
  does(context: Context, words: Words): string
}

/** Lets the state of a context become what it is after something. */
const become = ({ state }: Context, after: State): void => {
  Object.assign(state, { serial: after.serial })
  Object.assign(state.tables, fork(after).tables)
}

const now = (context: Context, event: Event): void => {
  const done = happen(context.state, event, { now: context.now })
  if ('refused' in done) throw new Refused(done.refused)
  become(context, done.state)
}

const runs = (state: State): number => state.tables.jobs.rows.size

/** A commit bears the address of who has one. */
const authored = (who: string) => (who.includes('@') ? { author: who } : {})

const push = (context: Context, [word, who = '', branch = 'main', ...more]: Words): string => {
  const { repository } = pipelineNamed(context, addressIn(word, 'pipeline').name)
  if (who === '') throw new Refused('say who pushes')
  const [steps] = more
  const files = steps === undefined ? {} : { '.buildkite/pipeline.yml': steps }
  const before = runs(context.state)
  now(context, { event: 'push', repository, branch, by: accountOf(context, who), files, ...authored(who) })
  return `${who} has pushed to ${branch}; new jobs: ${runs(context.state) - before}`
}

const pull = (context: Context, [word, who = '', number = '1']: Words): string => {
  const { repository } = pipelineNamed(context, addressIn(word, 'pipeline').name)
  if (who === '' || !/^\d+$/.test(number)) throw new Refused('say who, and perhaps a number')
  const before = runs(context.state)
  now(context, {
    event: 'pull',
    repository,
    number: Number(number),
    head: 'main',
    fork: who.split('@')[0] ?? who,
    by: accountOf(context, who),
    files: {},
  })
  return `${who} has opened a pull request from a fork; new jobs: ${runs(context.state) - before}`
}

const token = (context: Context, [word, ...words]: Words): string => {
  const { uuid } = clusterNamed(context, addressIn(word, 'cluster').name)
  const description = words.join(' ')
  through(context, 'POST /clusters/:cluster/tokens', { cluster: uuid }, { description })
  return `${word ?? ''} has a token: ${description}`
}

const rogue = (context: Context, [word, who = '']: Words): string => {
  if (who === '') throw new Refused('say whose agent it is')
  const queue = queueNamed(context, addressIn(word, 'queue').name)
  const known = where(context.state.tables.agentTokens, 'cluster', queue.cluster)[0]
  if (!known) throw new Refused('the cluster has no agent token that anybody could have found')
  const by = accountOf(context, who)
  learn(context, by, 'agentToken', known.uuid)
  now(context, { event: 'connect', token: known.uuid, queue: queue.key, by })
  return `an agent of ${who}'s is connected to ${word ?? ''}`
}

const hire = (context: Context, [email = '']: Words): string => {
  if (!email.includes('@')) throw new Refused('say whom: hire EMAIL')
  now(context, { event: 'join', email, organization: context.viewer.organization.uuid })
  return `${email} is a member`
}

const rule = (context: Context, [source, target, ...conditions]: Words): string => {
  const from = pipelineNamed(context, addressIn(source, 'pipeline').name)
  const to = pipelineNamed(context, addressIn(target, 'pipeline').name)
  const value = { source_pipeline: from.uuid, target_pipeline: to.uuid, conditions }
  through(context, 'POST /rules', {}, { type: 'pipeline.trigger_build.pipeline', value })
  return `${source ?? ''} may trigger ${target ?? ''}`
}

const unrule = (context: Context, [source, target]: Words): string => {
  const from = pipelineNamed(context, addressIn(source, 'pipeline').name)
  const to = pipelineNamed(context, addressIn(target, 'pipeline').name)
  const rules = where(context.state.tables.rules, 'source', from.uuid).filter((row) => row.target === to.uuid)
  if (rules.length === 0) throw new Refused(`there is no rule from ${source ?? ''} to ${target ?? ''}`)
  for (const { uuid } of rules) through(context, 'DELETE /rules/:rule', { rule: uuid })
  return `${source ?? ''} and ${target ?? ''}: ${rules.length} rules fewer`
}

const schedule = (context: Context, [word, label, cronline, ...env]: Words): string => {
  const { slug } = pipelineNamed(context, addressIn(word, 'pipeline').name)
  if (!label || !cronline) throw new Refused('say what it is called and when it fires')
  const pairs: Record<string, string> = {}
  for (const pair of env) {
    const [name = '', ...value] = pair.split('=')
    pairs[name] = value.join('=')
  }
  through(context, 'POST /pipelines/:pipeline/schedules', { pipeline: slug }, { label, cronline, env: pairs })
  return `${word ?? ''} is built ${cronline}`
}

const unblock = (context: Context, [word]: Words): string => {
  const pipeline = pipelineNamed(context, addressIn(word, 'pipeline').name)
  const { jobs, builds } = context.state.tables
  const blocked = where(jobs, 'pipeline', pipeline.uuid).filter(({ state }) => state === 'BLOCKED')
  for (const job of blocked)
    through(context, 'PUT /pipelines/:pipeline/builds/:build/jobs/:job/unblock', {
      pipeline: pipeline.slug,
      build: String(get(builds, job.build)?.number ?? ''),
      job: job.uuid,
    })
  return `${word ?? ''}: ${blocked.length} unblocked`
}

const unfinished = ({ state }: Context) => [...state.tables.jobs.rows.values()].filter(isUnfinished).length

/** Who came to which queue, a line each; people by their address. */
const cameTo = ({ state }: Context): string[] =>
  [...reached(state)].sort().map(([queue, labels]) => {
    const people = [...new Set(Object.values(labels).flat())].map(
      (principal) => get(state.tables.users, principal)?.email ?? principal,
    )
    return `queue:${queue}: ${people.sort().join(', ')}`
  })

const work =
  (ordinary: boolean) =>
  (context: Context): string => {
    become(context, settle(context.state, { now: context.now, ordinary }))
    const waiting = unfinished(context)
    return [`${waiting === 0 ? 'nothing' : String(waiting)} left to do`, ...cameTo(context)].join('\n')
  }

/** What can happen. */
export const happenings: Readonly<Record<string, Verb>> = {
  push: { usage: 'pipeline:SLUG EMAIL|NAME [BRANCH] [STEPS]', does: push },
  'fork-pr': { usage: 'pipeline:SLUG EMAIL|NAME [NUMBER]', does: pull },
  hire: { usage: 'EMAIL', does: hire },
  token: { usage: 'cluster:NAME DESCRIPTION', does: token },
  rogue: { usage: 'queue:CLUSTER/KEY EMAIL|NAME', does: rogue },
  rule: { usage: 'pipeline:SOURCE pipeline:TARGET [CONDITION…]', does: rule },
  unrule: { usage: 'pipeline:SOURCE pipeline:TARGET', does: unrule },
  schedule: { usage: 'pipeline:SLUG LABEL CRONLINE [KEY=VALUE…]', does: schedule },
  unblock: { usage: 'pipeline:SLUG', does: unblock },
  work: { usage: '', does: work(false) },
  settle: { usage: '', does: work(true) },
}
