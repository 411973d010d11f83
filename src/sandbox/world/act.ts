import { coerceInputValue, isNonNullType, type GraphQLInputType } from 'graphql'
import { authenticate, type Context } from '../context.js'
import { schemaWithout } from '../graphql.js'
import { through } from '../hand.js'
import { kinds } from '../kinds/index.js'
import { Refused } from '../refused.js'
import { fork, type State } from '../state.js'
import { switchesOf, type Switches } from '../switches.js'
import { get, where } from '../table.js'
import { knows } from './known.js'
import { session } from './viewer.js'

/** Who does something, and with what in hand. */
export interface Actor {
  /** A user's uuid (in a browser), an API access token's uuid, or its value. */
  readonly as: string
  /** Who is really behind it, where that is not the user. */
  readonly by?: string
  /** ISO 8601, in UTC. */
  readonly now: string
  readonly switches?: Partial<Switches>
}

/** What came of it. The state that went in is as it was. */
export type Done = { readonly state: State; readonly result: unknown } | { readonly refused: string }

type Input = Readonly<Record<string, unknown>>
type Mutation = (input: object, context: Context) => object

const found = new Map<string, { readonly run: Mutation; readonly type: GraphQLInputType }>()

const mutationNamed = (name: string) => {
  const have = found.get(name)
  if (have) return have
  const run = kinds.find(({ mutations }) => mutations && name in mutations)?.mutations?.[name] as
    Mutation | undefined
  const type = schemaWithout().getMutationType()?.getFields()[name]?.args[0]?.type
  if (!run || !type) throw new Error(`there is no mutation ${name}`)
  const made = { run, type: isNonNullType(type) ? type.ofType : type }
  found.set(name, made)
  return made
}

const viewerOf = (state: State, { as, now, by }: Actor): Context['viewer'] | undefined => {
  const { users, members, organizations, tokens } = state.tables
  const user = get(users, as)
  if (user) {
    const membership = where(members, 'user', user.uuid)[0]
    const organization = get(organizations, membership?.organization)
    return organization && { user, organization, token: session(organization.uuid, user.uuid, now) }
  }
  const token = get(tokens, as)
  if (!token) return authenticate(state, as, now)
  if (token.expiresAt !== null && token.expiresAt <= now) return undefined
  if (by !== undefined && by !== token.user && !knows({ state }, by, 'apiToken', token.uuid)) return undefined
  const owner = get(users, token.user)
  const organization = get(organizations, token.organization)
  return owner && organization && { user: owner, organization, token }
}

const contextOf = (state: State, actor: Actor): Context | undefined => {
  const viewer = viewerOf(state, actor)
  if (!viewer) return undefined
  return {
    state,
    viewer,
    now: actor.now,
    switches: switchesOf(state.switches, actor.switches),
    byHand: viewer.token.hash === '',
    unaudited: true,
    ...(actor.by !== undefined && { principal: actor.by }),
  }
}

const scoped = ({ viewer, byHand }: Context, scopes: readonly string[]) => {
  if (byHand || scopes.length === 0 || scopes.some((scope) => viewer.token.scopes.includes(scope))) return
  throw new Refused(`Your access token doesn't have the ${scopes[0] ?? ''} scope`, { status: 403 })
}

const mutate = (context: Context, name: string, input: Input): unknown => {
  scoped(context, ['graphql'])
  const { run, type } = mutationNamed(name)
  const coerced = coerceInputValue(input, type, (_path, _value, error) => {
    throw new Refused(error.message)
  }) as object
  return run(coerced, context)
}

const request = (context: Context, endpoint: string, { params = {}, body = {} }: Input): unknown =>
  through(context, endpoint, params as never, body as never, (scopes) => scoped(context, scopes)).body

/**
 * Does what a request would do, by the same checks, past the wire: no text, no HTTP, no limits, and no trace in the
 * audit log.
 *
 * @param name   a mutation (`teamPipelineCreate`), or a REST endpoint below the organization (`PATCH /pipeline-settings`)
 * @param input  the mutation's input, or `{ params, body }`
 */
export const act = (state: State, actor: Actor, name: string, input: Input = {}): Done => {
  const after = fork(state)
  const context = contextOf(after, actor)
  if (!context) return { refused: 'Authentication required' }
  try {
    const result = name.includes(' ') ? request(context, name, input) : mutate(context, name, input)
    return { state: after, result }
  } catch (error) {
    if (error instanceof Refused) return { refused: error.message }
    throw error
  }
}
