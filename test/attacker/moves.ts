import { idOf } from '../../src/sandbox/ids.js'
import { repositoryKey } from '../../src/sandbox/provider.js'
import type { State } from '../../src/sandbox/state.js'
import { all, get, where } from '../../src/sandbox/table.js'
import { act } from '../../src/sandbox/world/act.js'
import { inputsOf, mutations } from '../../src/sandbox/world/calls.js'
import { happen, type Event } from '../../src/sandbox/world/happen.js'
import type { Switches } from '../../src/sandbox/switches.js'
import { knownBy, type Principal } from './principals.js'
import { NOW } from './state.js'

/** One thing that somebody may try: a call to an API, or something that they make happen in the world. */
export type Move =
  | {
      readonly call: string
      readonly input: Readonly<Record<string, unknown>>
      readonly as: string
      readonly takesAway: boolean
    }
  | { readonly event: Event }

/** What a move is called: the same move in another state has the same name. */
export const nameOf = (move: Move): string =>
  'call' in move ? `${move.call} ${JSON.stringify(move.input)} ${move.as}` : JSON.stringify(move.event)

/** The state after a move; nothing, if it is refused. */
export const after = (
  state: State,
  move: Move,
  { hand }: Principal,
  switches: Partial<Switches>,
): State | undefined => {
  const done =
    'call' in move
      ? act(
          state,
          { as: move.as, now: NOW, switches, ...(move.as !== hand && { by: hand }) },
          move.call,
          move.input,
        )
      : happen(state, move.event, { now: NOW, switches })
  return 'refused' in done ? undefined : done.state
}

/** A repository of the attacker's own, where everything that they write is theirs to write. */
const ELSEWHERE = 'git.example/elsewhere/code'
const CODE = {
  files: {
    '.buildkite/pipeline.yml':
      'steps: [{ command: "code" }, { command: "code", agents: { queue: deploy } }, { command: "code", agents: { queue: default } }]',
  },
}

/** Whom a commit may say that it is of: nobody, a stranger, or anybody with an account. */
const authorsIn = (state: State, organization: string): readonly (string | undefined)[] => [
  undefined,
  'stranger@elsewhere.test',
  ...where(state.tables.members, 'organization', organization).flatMap(
    ({ user }) => get(state.tables.users, user)?.email ?? [],
  ),
]

const authored = (author: string | undefined) => (author === undefined ? {} : { author })

const pushing = (state: State, by: string, repository: string, organization: string): Event[] => [
  ...authorsIn(state, organization).flatMap((author): Event[] => [
    { event: 'push', repository, branch: 'main', by, ...CODE, ...authored(author) },
    { event: 'push', repository, branch: 'feature', by, ...CODE, ...authored(author) },
  ]),
  { event: 'tag', repository, tag: 'v1', by, ...CODE },
  { event: 'pull', repository, number: 7, head: 'feature', by, ...CODE },
  { event: 'pull', repository, number: 7, head: 'feature', by, ...CODE, action: 'labeled' },
  { event: 'comment', repository, number: 7, by, text: '/build', isCollaborator: true },
  { event: 'comment', repository, number: 7, by, text: '', isCollaborator: true },
  ...(['release_published', 'check_run', 'deployment', 'merge_group'] as const).map((event): Event => ({
    event,
    repository,
    ref: 'feature',
    by,
  })),
]

const forking = (by: string, repository: string): Event[] => [
  { event: 'pull', repository, number: 9, head: 'main', fork: 'stranger', by, ...CODE },
  { event: 'comment', repository, number: 9, by, text: '', isCollaborator: false },
]

/** What is posted to a webhook URL is the poster's to say, but for the commit. */
const posting = (state: State, by: string, pipeline: string): Event[] => {
  const row = get(state.tables.pipelines, pipeline)
  if (!row) return []
  const commits = where(state.tables.commits, 'repository', repositoryKey(row.repository))
  return commits.flatMap(({ sha }) =>
    authorsIn(state, row.organization).map((author): Event => ({
      event: 'webhook',
      pipeline,
      by,
      delivery: { kind: 'push', branch: 'main', commit: sha, ...authored(author) },
    })),
  )
}

const connecting = (state: State, by: string, token: string): Event[] => {
  const cluster = get(state.tables.agentTokens, token)?.cluster ?? null
  return cluster === null
    ? [{ event: 'connect', token, by }]
    : where(state.tables.queues, 'cluster', cluster).map(({ key }) => ({
        event: 'connect',
        token,
        queue: key,
        by,
      }))
}

const signedIn = (state: State, user: string | undefined) =>
  user !== undefined && where(state.tables.members, 'user', user).length > 0

/** What a principal can make happen in the world, besides what they ask of an API. */
const events = (state: State, { kind, hand, user, who, repository }: Principal): Event[] => {
  const { pipelines, triggers, invitations } = state.tables
  const [organization] = all(state.tables.organizations)
  const rows = all(pipelines)
  const own = rows.some((row) => repositoryKey(row.repository) === ELSEWHERE)
  const repositories = [...new Set(rows.map((row) => repositoryKey(row.repository)))]
  const member = signedIn(state, user)
  return [
    ...(kind === 'invitee' && !member
      ? where(invitations, 'email', who).map(({ uuid }): Event => ({ event: 'accept', invitation: uuid }))
      : []),
    ...(kind === 'newcomer' && !member ? [{ event: 'join', email: who } as const] : []),
    ...(repository === undefined ? [] : pushing(state, hand, repository, organization?.uuid ?? '')),
    ...(own ? pushing(state, hand, ELSEWHERE, organization?.uuid ?? '') : []),
    ...(kind === 'outsider' || member ? repositories.flatMap((one) => forking(hand, one)) : []),
    ...knownBy(state, hand, 'webhook').flatMap((one) => posting(state, hand, one)),
    ...knownBy(state, hand, 'trigger').map((trigger): Event => ({ event: 'trigger', trigger, by: hand })),
    ...knownBy(state, hand, 'agentToken').flatMap((token) => connecting(state, hand, token)),
    ...knownBy(state, hand, 'portal').flatMap((portal) =>
      rows.map(({ uuid }): Event => ({
        event: 'portal',
        portal,
        by: hand,
        variables: {
          input: {
            pipelineID: idOf('Pipeline', uuid),
            branch: 'main',
            commit: 'HEAD',
            message: '',
            env: ['CODE=1'],
          },
        },
      })),
    ),
    ...(member
      ? rows.flatMap(({ uuid }): Event[] => [
          { event: 'read', kind: 'webhook', subject: uuid, by: hand },
          { event: 'make trigger', pipeline: uuid, by: hand },
        ])
      : []),
    ...(member
      ? all(triggers).map(({ uuid }): Event => ({ event: 'read', kind: 'trigger', subject: uuid, by: hand }))
      : []),
  ]
}

/** As whom they may ask: themselves, where they are members, and whose token they have. */
const faces = (state: State, { hand, user }: Principal): readonly string[] => [
  ...(user !== undefined && signedIn(state, user) ? [user] : []),
  ...knownBy(state, hand, 'apiToken'),
]

/** Everything that a principal could try in a state, whether or not they would be let. */
export const movesIn = (state: State, principal: Principal): Move[] => [
  ...faces(state, principal).flatMap((as) =>
    mutations.flatMap((call) =>
      inputsOf(state, call).map((input): Move => ({ call: call.name, input, as, takesAway: call.takesAway })),
    ),
  ),
  ...events(state, principal).map((event): Move => ({ event })),
]
