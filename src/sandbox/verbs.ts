import type { Context } from './context.js'
import { through } from './hand.js'
import { createBuild } from './kinds/build.js'
import { accept } from './kinds/invitation.js'
import {
  addressIn,
  clusterNamed,
  grantOf,
  personNamed,
  pipelineNamed,
  queueNamed,
  teamNamed,
} from './named.js'
import { Refused } from './refused.js'
import type { Gate } from './rows.js'
import { setting } from './setting.js'
import { all, where } from './table.js'
import { gateOf, newAgent } from './world/agents.js'
import { happenings } from './world/verbs.js'
import { change, make } from './write.js'

export type Words = readonly string[]

interface Verb {
  /** What follows the verb. */
  readonly usage: string
  /** What it did, in a few words. */
  does(context: Context, words: Words): string
}

const levels = ['read_only', 'build_and_read', 'manage_build_and_read']

/** The endpoint of one thing, and what its path wants to know. */
const placeOf = (context: Context, word: string | undefined, ...kinds: readonly string[]) => {
  const { kind, name } = addressIn(word, ...kinds)
  switch (kind) {
    case 'cluster':
      return { path: '/clusters/:cluster', params: { cluster: clusterNamed(context, name).uuid } }
    case 'queue': {
      const { cluster, uuid } = queueNamed(context, name)
      return { path: '/clusters/:cluster/queues/:queue', params: { cluster, queue: uuid } }
    }
    case 'team':
      return { path: '/teams/:team', params: { team: teamNamed(context, name).uuid } }
    default:
      return { path: '/pipelines/:pipeline', params: { pipeline: pipelineNamed(context, name).slug } }
  }
}

/** A verb that is one request about one thing. */
const request =
  (
    method: string,
    suffix: string,
    kinds: readonly string[],
    said: string,
    body: (words: Words) => object = () => ({}),
  ) =>
  (context: Context, [word, ...words]: Words): string => {
    const { path, params } = placeOf(context, word, ...kinds)
    through(context, `${method} ${path}${suffix}`, params, { ...body(words) })
    return `${word ?? ''}: ${said}`
  }

/** `a=b` pairs. */
const pairsIn = (words: Words): readonly (readonly [string, string])[] =>
  words.map((word) => {
    const equals = word.indexOf('=')
    if (equals < 1) throw new Refused(`"${word}" should be KEY=VALUE`)
    return [word.slice(0, equals), word.slice(equals + 1)]
  })

const set = (context: Context, [word, ...words]: Words): string => {
  const pairs = pairsIn(words)
  if (pairs.length === 0) throw new Refused('say what to set: KEY=VALUE')
  const place =
    word === 'organization' ? undefined : placeOf(context, word, 'cluster', 'queue', 'team', 'pipeline')
  for (const [key, value] of pairs) setting(context, place, key, value)
  return `${word ?? ''}: ${words.join(' ')}`
}

const grant = (context: Context, [team, pipeline, level = 'read_only']: Words): string => {
  if (!levels.includes(level)) throw new Refused(`"${level}" should be one of ${levels.join(', ')}`)
  const to = teamNamed(context, addressIn(team, 'team').name)
  const of = pipelineNamed(context, addressIn(pipeline, 'pipeline').name)
  const params = { team: to.uuid, pipeline: of.uuid }
  const body = { pipeline_id: of.uuid, access_level: level }
  if (grantOf(context, to, of)) through(context, 'PATCH /teams/:team/pipelines/:pipeline', params, body)
  else through(context, 'POST /teams/:team/pipelines', params, body)
  return `${team ?? ''} has ${level} on ${pipeline ?? ''}`
}

const revoke = (context: Context, [team, pipeline]: Words): string => {
  const from = teamNamed(context, addressIn(team, 'team').name)
  const of = pipelineNamed(context, addressIn(pipeline, 'pipeline').name)
  if (!grantOf(context, from, of)) throw new Refused(`${team ?? ''} has nothing on ${pipeline ?? ''}`)
  through(context, 'DELETE /teams/:team/pipelines/:pipeline', { team: from.uuid, pipeline: of.uuid })
  return `${team ?? ''} has nothing on ${pipeline ?? ''} any more`
}

const join = (context: Context, [team, email, role = 'member']: Words): string => {
  const to = teamNamed(context, addressIn(team, 'team').name)
  const user = personNamed(context, email)
  const inIt = where(context.state.tables.teamMembers, 'team', to.uuid).some((row) => row.user === user.uuid)
  const params = { team: to.uuid, user: user.uuid }
  if (inIt) through(context, 'PATCH /teams/:team/members/:user', params, { role })
  else through(context, 'POST /teams/:team/members', params, { user_id: user.uuid, role })
  return `${user.email} is a ${role} of ${team ?? ''}`
}

const leave = (context: Context, [team, email]: Words): string => {
  const from = teamNamed(context, addressIn(team, 'team').name)
  const user = personNamed(context, email)
  through(context, 'DELETE /teams/:team/members/:user', { team: from.uuid, user: user.uuid })
  return `${user.email} has left ${team ?? ''}`
}

const maintain = (context: Context, [cluster, actor]: Words): string => {
  const of = clusterNamed(context, addressIn(cluster, 'cluster').name)
  const body = actor?.startsWith('team:')
    ? { team: teamNamed(context, addressIn(actor, 'team').name).uuid }
    : { user: personNamed(context, actor).uuid }
  through(context, 'POST /clusters/:cluster/maintainers', { cluster: of.uuid }, body)
  return `${actor ?? ''} maintains ${cluster ?? ''}`
}

const dismiss = (context: Context, [cluster, actor]: Words): string => {
  const of = clusterNamed(context, addressIn(cluster, 'cluster').name)
  const uuid = actor?.startsWith('team:')
    ? teamNamed(context, addressIn(actor, 'team').name).uuid
    : personNamed(context, actor).uuid
  const row = where(context.state.tables.maintainers, 'cluster', of.uuid).find((one) => one.actor === uuid)
  if (!row) throw new Refused(`${actor ?? ''} does not maintain ${cluster ?? ''}`)
  through(context, 'DELETE /clusters/:cluster/maintainers/:maintainer', {
    cluster: of.uuid,
    maintainer: row.uuid,
  })
  return `${actor ?? ''} does not maintain ${cluster ?? ''} any more`
}

const invite = (context: Context, [person, email, role = 'member']: Words): string => {
  if (person !== 'person' || !email) throw new Refused('say whom: invite person EMAIL')
  through(context, 'POST /invitations', {}, { emails: [email], role })
  return `${email} is invited as ${role}`
}

const welcome = (context: Context, [email]: Words): string => {
  const { uuid } = context.viewer.organization
  const row = where(context.state.tables.invitations, 'organization', uuid).find(
    (one) => one.email === email && one.state === 'PENDING',
  )
  if (!row) throw new Refused(`nobody called "${email ?? ''}" is waiting for an invitation to be accepted`)
  accept(context, row)
  return `${row.email} is a member`
}

const role =
  (wanted: 'admin' | 'member') =>
  (context: Context, [email]: Words): string => {
    const user = personNamed(context, email)
    through(context, 'PATCH /members/:user', { user: user.uuid }, { role: wanted })
    return `${user.email} is ${wanted === 'admin' ? 'an admin' : 'no admin'}`
  }

const create = (context: Context, [word, ...words]: Words): string => {
  const { kind, name } = addressIn(word, 'cluster', 'queue', 'team', 'pipeline')
  if (kind === 'cluster') through(context, 'POST /clusters', {}, { name })
  if (kind === 'team') through(context, 'POST /teams', {}, { name })
  if (kind === 'queue') {
    const slash = name.lastIndexOf('/')
    const cluster = clusterNamed(context, name.slice(0, Math.max(slash, 0))).uuid
    through(context, 'POST /clusters/:cluster/queues', { cluster }, { key: name.slice(slash + 1) })
  }
  if (kind === 'pipeline')
    through(
      context,
      'POST /pipelines',
      {},
      {
        name,
        repository: `git@github.com:${context.viewer.organization.slug}/${name}.git`,
        configuration: 'steps:\n  - command: "buildkite-agent pipeline upload"\n',
      },
    )
  if (words.length > 0) set(context, [word ?? '', ...words])
  return `${word ?? ''}: created`
}

const remove = (context: Context, [word, ...words]: Words): string => {
  if (word !== 'person')
    return request(
      'DELETE',
      '',
      ['cluster', 'queue', 'team', 'pipeline'],
      'deleted',
    )(context, [word ?? '', ...words])
  const user = personNamed(context, words[0])
  through(context, 'DELETE /members/:user', { user: user.uuid })
  return `${user.email} is no member any more`
}

const move = (context: Context, [pipeline, cluster]: Words): string => {
  const to = cluster === 'nowhere' ? null : clusterNamed(context, addressIn(cluster, 'cluster').name).uuid
  const slug = pipelineNamed(context, addressIn(pipeline, 'pipeline').name).slug
  through(context, 'PATCH /pipelines/:pipeline', { pipeline: slug }, { cluster_id: to })
  return `${pipeline ?? ''} is in ${cluster ?? ''}`
}

const rename = (context: Context, [word, ...words]: Words): string => {
  const { path, params } = placeOf(context, word, 'cluster', 'team', 'pipeline')
  through(context, `PATCH ${path}`, params, { name: words.join(' ') })
  return `${word ?? ''} is called ${words.join(' ')}`
}

const start = (context: Context, [word, branch]: Words): string => {
  const pipeline = pipelineNamed(context, addressIn(word, 'pipeline').name)
  const on = branch ?? pipeline.defaultBranch ?? 'main'
  const { number } = createBuild(context, pipeline, { branch: on, commit: 'HEAD', message: null, env: [] })
  return `${word ?? ''}: build ${number} of ${on}`
}

const finish = (context: Context, [word]: Words): string => {
  const { uuid } = pipelineNamed(context, addressIn(word, 'pipeline').name)
  const { builds, jobs } = context.state.tables
  const finishedAt = context.now
  for (const job of where(jobs, 'pipeline', uuid).filter((row) => row.finishedAt === null))
    change(context, 'jobs', job, { state: 'FINISHED', exitStatus: '0', finishedAt })
  const open = where(builds, 'pipeline', uuid).filter((row) => row.finishedAt === null)
  for (const build of open) change(context, 'builds', build, { state: 'PASSED', finishedAt })
  return `${word ?? ''}: ${open.length} finished`
}

const connect = (context: Context, [word, name = 'agent-1']: Words): string => {
  const queue = queueNamed(context, addressIn(word, 'queue').name)
  make(context, 'agents', {
    ...newAgent,
    organization: queue.organization,
    queue: queue.uuid,
    name,
    hostname: name,
    ipAddress: '192.0.2.1',
    metaData: [`queue=${queue.key}`],
    token: null,
    gate: gateOf(context, queue.uuid),
  })
  return `${name} is connected to ${word ?? ''}`
}

/** `prod/buildkite/production/queues/deploy/policy`: an account and the parameter there, or a policy itself. */
const gateIn = (context: Context, said: string): Gate | null => {
  if (said === 'none') return null
  if (!said.startsWith('parameter:')) return { policy: said }
  const [owner = '', ...path] = said.slice('parameter:'.length).split('/')
  const account = all(context.state.tables.awsAccounts).find((row) => row.name === owner || row.key === owner)
  if (!account) throw new Refused(`there is no account "${owner}"`)
  return { account: account.key, parameter: `/${path.join('/')}` }
}

const gate = (context: Context, [word, said = '']: Words): string => {
  if (said === '') throw new Refused('say what they refuse jobs by')
  const queue = queueNamed(context, addressIn(word, 'queue').name)
  const agents = where(context.state.tables.agents, 'queue', queue.uuid)
  const found = gateIn(context, said)
  for (const agent of agents) change(context, 'agents', agent, { gate: found })
  if (agents.length === 0) throw new Refused('no agent is connected to it, so there is no host: connect one')
  const [hosts, refuse, have] = agents.length === 1 ? ['host', 'refuses', 'has'] : ['hosts', 'refuse', 'have']
  return `${word ?? ''}: ${agents.length} ${hosts} ${found === null ? `${refuse} nothing` : `${have} a gate`}`
}

/** What can be done by hand. */
export const verbs: Readonly<Record<string, Verb>> = {
  pause: {
    usage: 'queue:CLUSTER/KEY [NOTE]',
    does: request('POST', '/pause_dispatch', ['queue'], 'paused', ([note]) => ({ note: note ?? null })),
  },
  resume: {
    usage: 'queue:CLUSTER/KEY',
    does: request('POST', '/resume_dispatch', ['queue'], 'running'),
  },
  set: { usage: 'organization|cluster:NAME|queue:CLUSTER/KEY|team:SLUG|pipeline:SLUG KEY=VALUE…', does: set },
  create: { usage: 'cluster:NAME|queue:CLUSTER/KEY|team:NAME|pipeline:NAME [KEY=VALUE…]', does: create },
  delete: { usage: 'cluster:NAME|queue:CLUSTER/KEY|team:SLUG|pipeline:SLUG, or person EMAIL', does: remove },
  rename: { usage: 'cluster:NAME|team:SLUG|pipeline:SLUG NEW NAME', does: rename },
  move: { usage: 'pipeline:SLUG cluster:NAME|nowhere', does: move },
  archive: { usage: 'pipeline:SLUG', does: request('POST', '/archive', ['pipeline'], 'archived') },
  unarchive: {
    usage: 'pipeline:SLUG',
    does: request('POST', '/unarchive', ['pipeline'], 'not archived any more'),
  },
  grant: { usage: `team:SLUG pipeline:SLUG ${levels.join('|')}`, does: grant },
  revoke: { usage: 'team:SLUG pipeline:SLUG', does: revoke },
  join: { usage: 'team:SLUG EMAIL [member|maintainer]', does: join },
  leave: { usage: 'team:SLUG EMAIL', does: leave },
  maintain: { usage: 'cluster:NAME EMAIL|team:SLUG', does: maintain },
  dismiss: { usage: 'cluster:NAME EMAIL|team:SLUG', does: dismiss },
  invite: { usage: 'person EMAIL [admin|member]', does: invite },
  accept: { usage: 'EMAIL', does: welcome },
  promote: { usage: 'EMAIL', does: role('admin') },
  demote: { usage: 'EMAIL', does: role('member') },
  start: { usage: 'pipeline:SLUG [BRANCH]', does: start },
  finish: { usage: 'pipeline:SLUG', does: finish },
  connect: { usage: 'queue:CLUSTER/KEY [AGENT]', does: connect },
  gate: { usage: 'queue:CLUSTER/KEY parameter:ACCOUNT/NAME|POLICY|none', does: gate },
  ...happenings,
}
