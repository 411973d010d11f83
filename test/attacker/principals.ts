import { repositoryKey } from '../../src/sandbox/provider.js'
import { fork, type State } from '../../src/sandbox/state.js'
import { all, first, get, where } from '../../src/sandbox/table.js'
import { startBuild } from '../../src/sandbox/world/builds.js'
import { learn, type Bearer } from '../../src/sandbox/world/known.js'
import { label } from '../../src/sandbox/world/labels.js'
import { makeTrigger } from '../../src/sandbox/world/urls.js'
import { asMember } from '../../src/sandbox/world/viewer.js'
import { worldOf } from '../../src/sandbox/world/settle.js'
import { FORMER, NEWCOMER, NOW } from './state.js'
import { emailOf } from './texts.js'

/** Somebody who may try to get onto a queue. */
export interface Principal {
  readonly kind:
    | 'member'
    | 'invitee'
    | 'newcomer'
    | 'former member'
    | 'pusher'
    | 'outsider'
    | 'runner'
    | 'webhook URL'
    | 'trigger URL'
    | 'agent token'
    | 'portal'
    | 'API token'
  /** An email, a repository, a pipeline, a cluster and a token: what they are called by people. */
  readonly who: string
  /** What their hand is called in labels. */
  readonly hand: string
  /** A member as whom they are signed in, or may be later. */
  readonly user?: string
  /** A repository that they may push to. */
  readonly repository?: string
  /** Lets them have what makes them what they are. */
  begin(state: State): State
}

const as = (state: State): State => state

const knowing =
  (hand: string, secrets: (state: State) => readonly (readonly [Bearer, string])[]) =>
  (state: State): State => {
    const after = fork(state)
    for (const [kind, subject] of secrets(after)) learn(worldOf(after, NOW), hand, kind, subject)
    return after
  }

const holder = (kind: Principal['kind'], who: string, bearer: Bearer, subject: string): Principal => {
  const hand = `holder of ${who}`
  return { kind, who, hand, begin: knowing(hand, () => [[bearer, subject]]) }
}

/** Somebody who was given the URL of a trigger that the trusted one made. */
const triggerHolder = (pipeline: string, slug: string): Principal => {
  const hand = `holder of the trigger of ${slug}`
  return {
    kind: 'trigger URL',
    who: slug,
    hand,
    begin: (state) => {
      const after = fork(state)
      const admin = where(after.tables.members, 'role', 'ADMIN')[0]
      const context = asMember(worldOf(after, NOW), admin?.organization ?? '', admin?.user ?? null)
      if (!context) throw new Error('there is no admin')
      const { uuid } = makeTrigger({ ...context, unaudited: true }, pipeline, {})
      after.tables.influences.rows.delete(uuid)
      learn(worldOf(after, NOW), hand, 'trigger', uuid)
      return after
    },
  }
}

/** Somebody whose code runs in a job of a pipeline, however it came there. */
const runner = (pipeline: string, slug: string): Principal => {
  const hand = `code in ${slug}`
  return {
    kind: 'runner',
    who: slug,
    hand,
    begin: (state) => {
      const after = fork(state)
      const row = get(after.tables.pipelines, pipeline)
      if (row)
        startBuild(worldOf(after, NOW), row, {
          branch: 'main',
          commit: 'HEAD',
          message: 'it begins',
          env: [],
          source: 'webhook',
          creator: null,
          author: { name: 'stranger', email: 'stranger@elsewhere.test' },
          labels: label('steps', [hand]),
        })
      return after
    },
  }
}

const person = (state: State, kind: Principal['kind'], name: string): Principal => {
  const uuid = first(state.tables.users, 'email', emailOf(name))?.uuid ?? name
  return { kind, who: emailOf(name), hand: uuid, user: uuid, begin: as }
}

/** Everybody who might try. The one who is trusted is not among them. */
export const principalsOf = (
  state: State,
  names: readonly string[],
  invited: readonly string[],
): Principal[] =>
  each(state, names, invited).map((one) => ({ ...one, begin: (from) => one.begin(waiting(from)) }))

/** Builds that the trusted one has started, and that wait to be unblocked. */
const waiting = (state: State): State => {
  const blocked = all(state.tables.pipelines).filter(
    ({ steps, archivedAt }) => archivedAt === null && steps.includes('block'),
  )
  if (blocked.length === 0) return state
  const after = fork(state)
  const admin = where(after.tables.members, 'role', 'ADMIN')[0]?.user ?? null
  for (const row of blocked)
    startBuild(worldOf(after, NOW), row, {
      branch: 'main',
      commit: 'HEAD',
      message: 'it waits',
      env: [],
      source: 'ui',
      creator: admin,
      labels: {},
    })
  return after
}

const each = (state: State, names: readonly string[], invited: readonly string[]): Principal[] => {
  const { pipelines, agentTokens, clusters, portals, tokens, users } = state.tables
  const active = all(pipelines).filter(({ archivedAt }) => archivedAt === null)
  const repositories = [...new Set(all(pipelines).map(({ repository }) => repositoryKey(repository)))]
  const former = person(state, 'former member', FORMER)
  return [
    ...names.map((name) => person(state, 'member', name)),
    ...invited.map((name) => person(state, 'invitee', name)),
    person(state, 'newcomer', NEWCOMER),
    ...repositories.map((repository): Principal => ({
      kind: 'pusher',
      who: repository,
      hand: `pusher to ${repository}`,
      repository,
      begin: as,
    })),
    { kind: 'outsider', who: 'anybody', hand: 'outsider', begin: as },
    // Whoever left knows every URL and token that there was. They can not sign in any more.
    {
      kind: 'former member',
      who: former.who,
      hand: former.hand,
      begin: knowing(former.hand, () => [
        ...all(pipelines).map(({ uuid }) => ['webhook', uuid] as const),
        ...all(agentTokens).map(({ uuid }) => ['agentToken', uuid] as const),
      ]),
    },
    ...active.map(({ uuid, slug }) => runner(uuid, slug)),
    ...active.map(({ uuid, slug }) => holder('webhook URL', slug, 'webhook', uuid)),
    ...active.map(({ uuid, slug }) => triggerHolder(uuid, slug)),
    ...all(agentTokens).map(({ uuid, cluster, description }) =>
      holder('agent token', `${get(clusters, cluster)?.name ?? ''}/${description ?? ''}`, 'agentToken', uuid),
    ),
    ...all(portals).map(({ uuid, slug }) => holder('portal', slug, 'portal', uuid)),
    ...all(tokens).flatMap(({ uuid, user, description }) =>
      description === null ? [] : [holder('API token', get(users, user)?.email ?? '', 'apiToken', uuid)],
    ),
  ]
}

/** What somebody knows that is still good for anything is found by the world itself. */
export const knownBy = (state: State, hand: string, kind: Bearer): readonly string[] =>
  where(state.tables.known, 'principal', hand)
    .filter((row) => row.kind === kind)
    .map(({ subject }) => subject)
