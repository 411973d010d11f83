import type { Context } from '../context.js'
import { execute } from '../graphql.js'
import { prepared } from '../documents.js'
import { schemaWithout } from '../graphql.js'
import { repositoryKey } from '../provider.js'
import { Refused } from '../refused.js'

import type { Organization, Trigger } from '../rows.js'
import { fork, type State } from '../state.js'
import type { Switches } from '../switches.js'
import { all, get, where } from '../table.js'
import { there } from '../write.js'
import type { Done } from './act.js'
import { connectAgent, disconnectAgent, type Connecting } from './agents.js'
import {
  agentTokenFrom,
  artifactFrom,
  cacheFrom,
  footholdIn,
  metaDataFrom,
  secretsFrom,
  uploadTextFrom,
} from './code.js'
import { branchRef, commit, headOf } from './commits.js'
import { knows, learn, type Bearer } from './known.js'
import type { World } from './labels.js'
import { openTerminal } from './terminal.js'
import { acceptInvitation, join, login, type Attributes } from './people.js'
import { fireSchedule, worldOf } from './settle.js'
import { dropTrigger, makeTrigger, postTrigger, postWebhook, readSecret } from './urls.js'
import { asMember } from './viewer.js'
import { announce, plainEvents, type Delivery, type PlainEvent, type PullAction } from './webhooks.js'

/** What is written into a repository. */
interface Written {
  /** By its URL or as `github.com/acme/web`. */
  readonly repository: string
  readonly by: string
  /** Over what is there. */
  readonly files?: Readonly<Record<string, string>>
  /** The e-mail address that the commit bears. */
  readonly author?: string
  readonly message?: string
  /** True where no host tells Buildkite: nothing is started. */
  readonly quiet?: boolean
}

/**
 * What happens in the world outside of Buildkite's APIs. `by` is whoever does it: a user's uuid, or any name for
 * somebody who has no account. Whether they may is the world's affair, and is not asked here; whether Buildkite makes
 * anything of it is.
 */
export type Event =
  | (Written & { readonly event: 'push'; readonly branch: string; readonly from?: string })
  | (Written & { readonly event: 'tag'; readonly tag: string; readonly from?: string })
  | (Written & {
      readonly event: 'pull'
      readonly number: number
      /** The branch that it is of; in the fork, if it is from one. */
      readonly head: string
      readonly base?: string
      /** The owner of the fork, if it is from one. */
      readonly fork?: string
      readonly action?: PullAction
    })
  | {
      readonly event: 'comment'
      readonly repository: string
      readonly by: string
      readonly text: string
      /** The pull request that it is about. */
      readonly number?: number
      readonly on?: 'issue' | 'review'
      readonly isCollaborator?: boolean
    }
  | {
      readonly event: PlainEvent | 'deployment'
      readonly repository: string
      readonly by: string
      /** A branch or a whole ref. */
      readonly ref: string
    }
  | { readonly event: 'webhook'; readonly pipeline: string; readonly by: string; readonly delivery: Delivery }
  | { readonly event: 'trigger'; readonly trigger: string; readonly by: string }
  | {
      readonly event: 'make trigger'
      readonly pipeline: string
      readonly by: string
      readonly wanted?: Partial<Pick<Trigger, 'label' | 'branch' | 'commit' | 'env'>>
    }
  | { readonly event: 'drop trigger'; readonly trigger: string; readonly by: string }
  | { readonly event: 'schedule'; readonly schedule: string }
  | ({ readonly event: 'connect'; readonly token: string } & Connecting)
  | { readonly event: 'disconnect'; readonly agent: string }
  | { readonly event: 'accept'; readonly invitation: string }
  | { readonly event: 'join'; readonly email: string; readonly organization?: string }
  | ({ readonly event: 'login'; readonly user: string } & Attributes)
  | {
      readonly event: 'portal'
      readonly portal: string
      readonly by: string
      readonly variables?: Readonly<Record<string, unknown>>
    }
  | { readonly event: 'read' | 'leak'; readonly by: string; readonly kind: Bearer; readonly subject: string }
  | { readonly event: 'terminal'; readonly job: string; readonly by: string }
  | ({ readonly event: 'code'; readonly job: string; readonly by: string } & Code)

/** What code can do from within a job. */
export type Code =
  | { readonly does: 'upload'; readonly steps: string; readonly build?: string }
  | { readonly does: 'artifact'; readonly build: string; readonly path: string }
  | { readonly does: 'meta-data'; readonly build: string; readonly key: string; readonly value: string }
  | { readonly does: 'cache' | 'secrets' | 'agent token' }

type Of<Name extends Event['event']> = Extract<Event, { readonly event: Name }>

const keyOf = (repository: string) =>
  /[:@]/.test(repository) ? repositoryKey(repository) : repository.toLowerCase()

const organizationOf = ({ state }: World, key: string): string => {
  const { pipelines, organizations } = state.tables
  const pipeline = all(pipelines).find(
    ({ repository, cloneMirrorUrl }) =>
      repositoryKey(repository) === key || (cloneMirrorUrl !== null && repositoryKey(cloneMirrorUrl) === key),
  )
  return pipeline?.organization ?? there(all(organizations)[0], 'organization').uuid
}

const member = (world: World, user: string): Context => {
  const membership = where(world.state.tables.members, 'user', user)[0]
  const context = membership && asMember(world, membership.organization, user)
  if (!context) throw new Refused('They are no member')
  return { ...context, unaudited: true }
}

const write = (world: World, { repository, by, files }: Written, ref: string, from?: string) => {
  const key = keyOf(repository)
  return commit(world, { repository: key, organization: organizationOf(world, key), ref, from, files, by })
}

const pulled = (world: World, event: Of<'pull'>) => {
  const {
    repository,
    by,
    number,
    head,
    base = 'main',
    fork: owner,
    action = 'opened',
    author,
    message,
  } = event
  const ref = `refs/pull/${number}/head`
  const key = keyOf(repository)
  const had = headOf(world, key, ref)
  const isNew = owner !== undefined || event.files !== undefined || had === undefined
  // Who opens a pull request of a branch that others have written has no hand in what is on it.
  const from = owner === undefined ? branchRef(head) : (had?.ref ?? branchRef(base))
  const writes = owner !== undefined || event.files !== undefined
  const row = !isNew
    ? had
    : commit(world, {
        repository: key,
        organization: organizationOf(world, key),
        ref,
        from,
        files: event.files,
        isFork: owner !== undefined,
        ...(writes && { by }),
      })
  if (event.quiet) return row.sha
  const pull = { id: String(number), fork: owner !== undefined, base }
  const delivery: Delivery = { kind: 'pull', action, pull, branch: head, commit: row.sha, author, message }
  return announce(world, key, delivery, by, owner ?? by)
}

const commented = (world: World, event: Of<'comment'>) => {
  const { repository, by, text, number, on = 'issue', isCollaborator = false } = event
  const key = keyOf(repository)
  const row =
    number === undefined
      ? headOf(world, key, branchRef('main'))
      : headOf(world, key, `refs/pull/${number}/head`)
  // A pull request that nobody has said where it is from is from a fork: that is what a comment can let in.
  const pull =
    number === undefined
      ? undefined
      : { id: String(number), fork: isForkOf(world, key, number), base: 'main' }
  return announce(
    world,
    key,
    {
      kind: on === 'issue' ? 'issue_comment' : 'review_comment',
      text,
      pull,
      isCollaborator,
      branch: number === undefined ? 'main' : `pull/${number}`,
      commit: row?.sha ?? 'HEAD',
    },
    by,
  )
}

const isForkOf = (world: World, key: string, number: number) =>
  headOf(world, key, `refs/pull/${number}/head`)?.isFork ?? true

const portal = (world: World, { portal: uuid, by, variables = {} }: Of<'portal'>) => {
  const row = there(get(world.state.tables.portals, uuid), 'Portal')
  const own = where(world.state.tables.members, 'user', by)[0]
  if (!knows(world, by, 'portal', uuid) && !(row.userInvokable && own))
    throw new Refused('They do not know that secret')
  const admin = where(world.state.tables.members, 'organization', row.organization).find(
    ({ role }) => role === 'ADMIN',
  )
  const user = row.userInvokable && own ? by : (admin?.user ?? '')
  const context: Context = { ...member(world, user), principal: by }
  const ready = prepared(schemaWithout(), row.query)
  if (ready.errors) throw new Refused('The portal asks for nothing that can be answered')
  const { errors, data } = execute({ document: ready.document, variables }, context)
  const [error] = errors ?? []
  if (error) throw error.originalError instanceof Refused ? error.originalError : new Refused(error.message)
  return data
}

const codeDoes = (world: World, event: Of<'code'>): unknown => {
  const foothold = footholdIn(world, event.job, event.by)
  if (!foothold) throw new Refused('No code of theirs runs in that job')
  const build = (uuid: string) => there(get(world.state.tables.builds, uuid), 'Build')
  switch (event.does) {
    case 'upload':
      return uploadTextFrom(
        world,
        foothold,
        event.steps,
        event.build === undefined ? undefined : build(event.build),
      )
    case 'artifact':
      return artifactFrom(world, foothold, build(event.build), event.path)
    case 'meta-data':
      return metaDataFrom(world, foothold, build(event.build), event.key, event.value)
    case 'cache':
      return cacheFrom(world, foothold)
    case 'secrets':
      return secretsFrom(world, foothold)
    case 'agent token':
      return agentTokenFrom(world, foothold)
  }
}

const organizationFor = ({ state }: World, uuid: string | undefined): Organization =>
  there(
    uuid === undefined ? all(state.tables.organizations)[0] : get(state.tables.organizations, uuid),
    'organization',
  )

const shortOf = (ref: string) => ref.replace(/^refs\/(heads|tags)\//, '')

const on = (world: World, event: Event): unknown => {
  switch (event.event) {
    case 'push': {
      const { branch, from, author, message, by } = event
      const key = keyOf(event.repository)
      const isNew = headOf(world, key, branchRef(branch)) === undefined
      const { sha } = write(world, event, branchRef(branch), from === undefined ? undefined : branchRef(from))
      if (event.quiet) return sha
      const told = { branch, commit: sha, author, message }
      const created = isNew ? announce(world, key, { kind: 'branch_created', ...told }, by) : []
      return [...created, ...announce(world, key, { kind: 'push', ...told }, by)]
    }
    case 'tag': {
      const { tag, from = 'main', author, message, by } = event
      const { sha } = write(world, event, `refs/tags/${tag}`, branchRef(from))
      if (event.quiet) return sha
      return announce(
        world,
        keyOf(event.repository),
        { kind: 'tag', branch: tag, commit: sha, author, message },
        by,
      )
    }
    case 'pull':
      return pulled(world, event)
    case 'comment':
      return commented(world, event)
    case 'webhook':
      return postWebhook(world, event.pipeline, event.delivery, event.by)
    case 'trigger':
      return postTrigger(world, event.trigger, event.by)
    case 'make trigger':
      return makeTrigger(member(world, event.by), event.pipeline, event.wanted ?? {})
    case 'drop trigger':
      dropTrigger(member(world, event.by), event.trigger)
      return null
    case 'schedule':
      if (!fireSchedule(world, event.schedule)) throw new Refused('The schedule does not fire')
      return null
    case 'connect':
      return connectAgent(world, event.token, event)
    case 'disconnect':
      return disconnectAgent(world, event.agent)
    case 'accept':
      return acceptInvitation(world, event.invitation)
    case 'join':
      return join(world, organizationFor(world, event.organization), event.email)
    case 'login':
      return login(
        world,
        there(where(world.state.tables.members, 'user', event.user)[0], 'member').organization,
        event.user,
        event,
      )
    case 'portal':
      return portal(world, event)
    case 'read':
      readSecret(member(world, event.by), event.kind, event.subject)
      return null
    case 'leak':
      if (!learn(world, event.by, event.kind, event.subject)) throw new Refused('There is no such secret')
      return null
    case 'code':
      return codeDoes(world, event)
    case 'terminal':
      return openTerminal(member(world, event.by), event.job)
    case 'branch_created':
    case 'merge_group':
    case 'release_created':
    case 'release_published':
    case 'release_released':
    case 'check_run':
    case 'deployment_status':
    case 'deployment': {
      const key = keyOf(event.repository)
      const ref = event.ref.startsWith('refs/') ? event.ref : branchRef(event.ref)
      const told = { branch: shortOf(event.ref), commit: headOf(world, key, ref)?.sha ?? 'HEAD' }
      return announce(world, key, { kind: event.event, ...told }, event.by)
    }
  }
}

/** All kinds of events. */
export const eventNames: readonly Event['event'][] = [
  'push',
  'tag',
  'pull',
  'comment',
  ...(Object.keys(plainEvents) as PlainEvent[]),
  'deployment',
  'webhook',
  'trigger',
  'make trigger',
  'drop trigger',
  'schedule',
  'connect',
  'disconnect',
  'accept',
  'join',
  'login',
  'portal',
  'read',
  'leak',
  'terminal',
  'code',
]

/** Something happens. The state that came in stays as it was; what cannot happen is refused. */
export const happen = (
  state: State,
  event: Event,
  { now, switches }: { readonly now: string; readonly switches?: Partial<Switches> },
): Done => {
  const after = fork(state)
  try {
    return { state: after, result: on(worldOf(after, now, switches), event) }
  } catch (error) {
    if (error instanceof Refused) return { refused: error.message }
    throw error
  }
}
