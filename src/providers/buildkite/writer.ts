import type { AnyMutation } from '../../../graphql/api.js'
import type { Address } from '../../model/address.js'
import type { Made, ReadyCall } from '../../model/call.js'
import type { Json } from '../../model/json.js'
import type { Facts } from './trouble.js'
import type { RestRequest } from './speak.js'

/** Carries out one call at a time. */
export interface Writer {
  /**
   * Sends a call until it is answered, again only where that can do no harm.
   *
   * @param address  whom it is for: a refusal names it
   * @param how      `evenStopping`: sent although a person has asked to stop, unless it would have to wait
   * @throws Refusal; with `perhapsDone` where the call may have been carried out all the same
   */
  send(call: ReadyCall, address?: Address, how?: { readonly evenStopping?: boolean }): Promise<Made>
}

interface Manner {
  readonly changes: 'repeatably' | 'once'
  readonly address?: Address
  readonly evenStopping?: boolean
}

/** What a writer can say. */
export interface Orders {
  readonly organization: string
  /** Ends in `/v2`. */
  readonly restUrl: string
  change(
    mutation: AnyMutation,
    variables: Readonly<Record<string, unknown>>,
    manner: Manner,
  ): Promise<{ readonly data: unknown; readonly facts: Facts }>
  request(request: RestRequest, manner: Manner): Promise<{ readonly json: unknown }>
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const strings = (named: Readonly<Partial<Record<'id' | 'uuid' | 'slug' | 'url', unknown>>>): Made => ({
  ...(typeof named.id === 'string' ? { id: named.id } : {}),
  ...(typeof named.uuid === 'string' ? { uuid: named.uuid } : {}),
  ...(typeof named.slug === 'string' ? { slug: named.slug } : {}),
  ...(typeof named.url === 'string' ? { url: named.url } : {}),
})

/** What an answer calls `made`, and `secret` beside it, however deep; nothing where a document asks for none. */
export const madeIn = (answer: unknown): Made => {
  if (!isObject(answer)) return {}
  const { made, secret } = answer
  if (isObject(made))
    return {
      ...strings({ id: made['id'], uuid: made['uuid'], slug: made['slug'], url: made['url'] }),
      ...(typeof secret === 'string' ? { secret } : {}),
    }
  return (
    Object.values(answer)
      .map(madeIn)
      .find((found) => Object.keys(found).length > 0) ?? {}
  )
}

/** REST calls the uuid `id`, or in places `uuid`, and the id `graphql_id`. */
export const madeInRest = (answer: unknown): Made =>
  isObject(answer)
    ? strings({ id: answer['graphql_id'], uuid: answer['uuid'] ?? answer['id'], slug: answer['slug'] })
    : {}

/** Objects without the keys that say nothing. */
const said = (input: Readonly<Record<string, Json | undefined>>): Record<string, Json> =>
  Object.fromEntries(Object.entries(input).filter((entry): entry is [string, Json] => entry[1] !== undefined))

/** One step of a path. Dots would lead elsewhere, however they are encoded. */
const step = (name: string): string => {
  if (/^\.{0,2}$/.test(name)) throw new Error(`a step of a REST path can't be "${name}"`)
  return encodeURIComponent(name)
}

/**
 * A writer of these mutations; of those alone that are named, where some are.
 *
 * @param only  operations and REST calls (`PATCH pipelines`, by method and first step of the path) that it may send
 */
export const writerOf = (
  orders: Orders,
  mutations: Readonly<Record<string, AnyMutation>>,
  only?: readonly string[],
): Writer => {
  const may = (name: string) => {
    if (only !== undefined && !only.includes(name)) throw new Error(`this writer may not send ${name}`)
  }
  return {
    async send(call, address, { evenStopping = false } = {}) {
      const manner: Manner = {
        changes: call.repeatable ? 'repeatably' : 'once',
        ...(address === undefined ? {} : { address }),
        ...(evenStopping && { evenStopping }),
      }
      if (call.via === 'graphql') {
        may(call.operation)
        const mutation = Object.hasOwn(mutations, call.operation) ? mutations[call.operation] : undefined
        if (mutation === undefined) throw new Error(`there is no mutation called ${call.operation}`)
        const { data } = await orders.change(mutation, { input: said(call.input) }, manner)
        return madeIn(data)
      }
      if (call.via === 'aws') throw new Error(`${call.operation} is nothing to say to Buildkite`)
      may(`${call.method} ${call.path[0] ?? ''}`)
      const path = call.path.map(step).join('/')
      const url = `${orders.restUrl}/organizations/${encodeURIComponent(orders.organization)}/${path}`
      const request = { method: call.method, url, path: call.path.join('/'), body: said(call.body) }
      return madeInRest((await orders.request(request, manner)).json)
    },
  }
}
