import { GraphQLNonNull } from 'graphql'
import { hashOf } from '../../src/sandbox/context.js'
import { allScopes } from '../../src/sandbox/defaults.js'
import { schemaWithout } from '../../src/sandbox/graphql.js'
import { sandbox } from '../../src/sandbox/index.js'
import { fork, uuidAt, type State } from '../../src/sandbox/state.js'
import type { Switches } from '../../src/sandbox/switches.js'
import { all, get, put } from '../../src/sandbox/table.js'
import { settle } from '../../src/sandbox/world/settle.js'
import { after, nameOf, type Move } from './moves.js'
import type { Principal } from './principals.js'
import type { Step } from './search.js'
import { NOW } from './state.js'

/** What the layer below the wire and the wire itself said to one call. */
interface Said {
  readonly move: string
  readonly layer: 'let' | 'refused'
  readonly wire: 'let' | 'refused'
}

const VALUE = 'bkua_1111111111111111111111111111111111111111'

/** The same world, in which somebody has a token with which they may ask for anything that they may do. */
const withToken = (state: State, as: string): State => {
  const given = fork(state)
  const [organization] = all(given.tables.organizations)
  const token = get(given.tables.tokens, as)
  put(given.tables.tokens, {
    uuid: uuidAt('wire', 0),
    serial: 0,
    createdAt: NOW,
    createdBy: null,
    organization: organization?.uuid ?? '',
    user: token?.user ?? as,
    description: 'wire',
    scopes: token?.scopes ?? allScopes,
    hash: hashOf(VALUE),
    expiresAt: null,
    lastAccessedAt: null,
  })
  return given
}

type Call = Extract<Move, { readonly call: string }>

const requestFor = ({ call, input }: Call): readonly [string, RequestInit] => {
  const headers = { authorization: `Bearer ${VALUE}`, 'content-type': 'application/json' }
  const [method = '', path] = call.split(' ')
  if (path === undefined) {
    const type = schemaWithout().getMutationType()?.getFields()[call]?.args[0]?.type
    const named = type instanceof GraphQLNonNull ? String(type) : `${String(type)}!`
    const query = `mutation ($input: ${named}) { ${call}(input: $input) { clientMutationId } }`
    return [
      'https://graphql.buildkite.com/v1',
      { method: 'POST', headers, body: JSON.stringify({ query, variables: { input } }) },
    ]
  }
  const { params = {}, body } = input as { params?: Record<string, string>; body?: object }
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  return [
    `https://api.buildkite.com/v2/organizations/acme${filled}`,
    { method, headers, ...(body && { body: JSON.stringify(body) }) },
  ]
}

const asked = async (state: State, move: Call, switches: Partial<Switches>): Promise<Said['wire']> => {
  const clock = { now: () => Date.parse(NOW), sleep: async () => undefined }
  const it = sandbox({ state: withToken(state, move.as), clock, limits: 'off', switches })
  const response = await it.fetch(...requestFor(move))
  const body = (await response.text()) || '{}'
  const { errors } = (response.ok ? JSON.parse(body) : { errors: [body] }) as { errors?: unknown[] }
  return response.ok && (errors === undefined || errors.length === 0) ? 'let' : 'refused'
}

/** Plays steps once more, and asks for each call over the wire as well, from the state in which it was made. */
export async function* answered(
  begin: State,
  principal: Principal,
  steps: readonly Step[],
  switches: Partial<Switches>,
): AsyncIterable<Said> {
  let state = principal.begin(begin)
  for (const step of steps) {
    if (step === 'settle') {
      state = settle(state, { now: NOW, switches, attacker: principal.hand })
      continue
    }
    const next = after(state, step, principal, switches)
    if ('call' in step)
      yield {
        move: nameOf(step),
        layer: next ? 'let' : 'refused',
        wire: await asked(state, step, switches),
      }
    state = next ?? state
  }
}
