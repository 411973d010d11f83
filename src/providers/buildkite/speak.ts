import { GraphQLClient } from 'graphql-request'
import type { AnyMutation } from '../../../graphql/api.js'
import type { Address } from '../../model/address.js'
import type { Json } from '../../model/json.js'
import { isAnswer, type Heard } from '../exchange.js'
import { converse, type Reply, type Turn } from './converse.js'
import type { Expectations } from './expectations.js'
import type { AnyReading } from './forecast.js'
import type { Lane } from './lane.js'
import {
  factsOf,
  jsonIn,
  noOrganization,
  troubleIn,
  troubleInErrors,
  unreadable,
  type Facts,
} from './trouble.js'
import type { Wire } from './wire.js'

/** What everything that is said on one connection shares. */
export interface Shared {
  readonly organization: string
  readonly graphqlUrl: string
  /** Ends in `/v2`. */
  readonly restUrl: string
  readonly lanes: { readonly graphql: Lane; readonly rest: Lane }
  readonly expectations: Expectations
  readonly random: () => number
  /** A text without secrets, the token of this connection among them. */
  readonly clean: (text: string) => string
  /** Counts what was said. */
  readonly tally: { points: number; graphqlRequests: number; restRequests: number }
}

/** How a message is to be treated on its way. */
export type Manner = Pick<Turn<unknown>, 'changes' | 'evenStopping'> & { readonly address?: Address }

/** Why a body can't be read, without showing any of it. */
const whyUnreadable = (body: string): string =>
  body.trim() === ''
    ? 'the answer is empty'
    : body.trimStart().startsWith('<')
      ? 'the answer is a web page, not data'
      : 'the answer is not whole, or is not JSON'

const bodiless = new Set([204, 205, 304])

/** Says a document once, through graphql-request, over our own wire. */
const sayDocument = async (
  wire: Wire,
  url: string,
  text: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<Reply<unknown>> => {
  let heard: Heard | undefined
  const overWire = async (_: unknown, init?: RequestInit) => {
    heard = await wire({
      method: init?.method ?? 'POST',
      url,
      headers: Object.fromEntries(new Headers(init?.headers)),
      ...(typeof init?.body === 'string' ? { body: init.body } : {}),
    })
    if (!isAnswer(heard)) throw new Error(heard.silence)
    const { status, headers, body } = heard
    return new Response(bodiless.has(status) ? null : body, { status, headers })
  }
  const client = new GraphQLClient(url, { fetch: overWire, errorPolicy: 'all' })
  try {
    const { data, errors } = await client.rawRequest<unknown>(text, variables)
    if (heard === undefined) throw new Error('an answer that nobody heard')
    if (errors !== undefined && errors.length !== 0)
      return { heard, trouble: troubleInErrors(heard, errors, data) }
    if (typeof data !== 'object' || data === null || Array.isArray(data))
      return { heard, trouble: unreadable(heard, 'the answer holds no data') }
    if ('organization' in data && data.organization === null) return { heard, trouble: noOrganization(heard) }
    return { heard, value: data }
  } catch (error) {
    // Never the library's own message: it holds the variables and the whole answer.
    if (heard === undefined) throw error
    return {
      heard,
      trouble: troubleIn(heard) ?? unreadable(heard, whyUnreadable(isAnswer(heard) ? heard.body : '')),
    }
  }
}

const chargedIn = (heard: Heard): number | undefined => {
  const charged = isAnswer(heard) ? heard.headers.get('RateLimit-Complexity-Actual') : null
  return charged !== null && /^\d+$/.test(charged) ? Number(charged) : undefined
}

/**
 * Says a document until it is answered.
 *
 * @throws Refusal
 */
export const speakGraphql = async (
  shared: Shared,
  wire: Wire,
  operation: AnyReading | AnyMutation,
  variables: Readonly<Record<string, unknown>>,
  manner: Manner,
): Promise<{ readonly data: unknown; readonly facts: Facts }> => {
  const { name } = operation
  const text = operation.document.toString()
  const say = async (): Promise<Reply<{ data: unknown; facts: Facts }>> => {
    const reply = await sayDocument(wire, shared.graphqlUrl, text, variables)
    shared.tally.graphqlRequests += 1
    const charged = chargedIn(reply.heard)
    if (!('value' in reply)) {
      shared.tally.points += charged ?? 0
      return reply
    }
    shared.tally.points += shared.expectations.learn(name, text, reply.value, charged)
    return { heard: reply.heard, value: { data: reply.value, facts: factsOf(reply.heard) } }
  }
  const cost = () => shared.expectations.cost(name, text)
  return converse(shared.lanes.graphql, { call: name, cost, say, ...manner }, shared)
}

/** A REST request; nothing to say beyond its address where it has no body. */
export interface RestRequest {
  readonly method: string
  readonly url: string
  /** What a refusal calls it: `pipelines/web`. */
  readonly path: string
  readonly body?: Readonly<Record<string, Json | undefined>>
}

/**
 * Makes a REST request until it is answered.
 *
 * @returns the JSON of the answer, undefined where it has none, and where it says that the list goes on
 * @throws Refusal
 */
export const speakRest = async (
  shared: Shared,
  wire: Wire,
  { method, url, path, body }: RestRequest,
  manner: Manner,
): Promise<{ readonly json: unknown; readonly link: string | null; readonly facts: Facts }> => {
  const say = async (): Promise<Reply<{ json: unknown; link: string | null; facts: Facts }>> => {
    const headers = {
      Accept: 'application/json',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    }
    const heard = await wire({
      method,
      url,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    shared.tally.restRequests += 1
    const trouble = troubleIn(heard)
    if (trouble !== undefined || !isAnswer(heard))
      return { heard, trouble: trouble ?? unreadable(heard, 'no answer') }
    const json = jsonIn(heard.body)
    const mayBeEmpty = manner.changes !== 'nothing' && heard.body === ''
    if (json === undefined && !mayBeEmpty)
      return { heard, trouble: unreadable(heard, whyUnreadable(heard.body)) }
    return { heard, value: { json, link: heard.headers.get('link'), facts: factsOf(heard) } }
  }
  return converse(shared.lanes.rest, { call: `${method} ${path}`, cost: () => 1, say, ...manner }, shared)
}
