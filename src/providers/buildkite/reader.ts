import type {
  Connection,
  Given,
  List,
  NodeOf,
  PageOf,
  Question,
  Reader,
  RestObject,
} from '../../../graphql/operation.js'
import { Refusal } from '../../model/refusal.js'
import { variablesOf } from './document.js'
import { isSameList, nextIn } from './link.js'
import { distinct, isGap, pageIn, readPage, walk, type Page } from './page.js'
import type { Facts } from './trouble.js'

/** All that a reader can say: it has no words to change anything with. */
export interface Questions {
  readonly organization: string
  /** Ends in `/v2`. */
  readonly restUrl: string
  ask(
    operation: List<unknown, never> | Question<unknown, never>,
    variables: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly data: unknown; readonly facts: Facts }>
  get(
    path: string,
    url: string,
  ): Promise<{ readonly json: unknown; readonly link: string | null; readonly facts: Facts }>
}

const restPageSize = '100'

const isObject = (value: unknown): value is RestObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The same variables make the same name, in whatever order they were written. */
const nameOf = (call: string, variables: object): string =>
  `${call} ${JSON.stringify(Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1)))}`

/** Where a path leads; `pipelines/..` leads nowhere else. */
const urlOf = ({ organization, restUrl }: Questions, path: string): URL => {
  const root = path.startsWith('/')
    ? `${restUrl}/`
    : `${restUrl}/organizations/${encodeURIComponent(organization)}/`
  const url = new URL(`${root}${path.replace(/^\//, '')}`)
  if (!url.href.startsWith(root)) throw new Error(`a REST path that leaves its root: ${path}`)
  return url
}

/** Without its query: what a person would call it. */
const callOf = (path: string): string => path.replace(/\?.*$/, '')

/**
 * Reads an organization, and remembers what it read: readings that are the same are one, even while under way. A list is
 * handed out only once it is whole.
 */
export const readerOf = (questions: Questions): Reader => {
  const memory = new Map<string, Promise<unknown>>()

  /** What was read under this name, or is being read, or now will be. */
  const once = <Value>(name: string, read: () => Promise<Value>): Promise<Value> => {
    const known = memory.get(name) as Promise<Value> | undefined
    if (known !== undefined) return known
    const reading = read()
    memory.set(name, reading)
    return reading
  }

  const incomplete = (call: string, what: string, facts: Facts) =>
    new Refusal('incomplete', `${call}: ${what}`, { call, ...facts })

  const ask = async (
    operation: List<unknown, never> | Question<unknown, never>,
    variables: Readonly<Record<string, unknown>>,
  ) => {
    const declared = variablesOf(operation.document.toString())
    const given = { ...variables, organization: questions.organization }
    return questions.ask(
      operation,
      Object.fromEntries(Object.entries(given).filter(([name]) => declared.has(name))),
    )
  }

  /** Walks a list, and once more where rows came and went meanwhile. */
  const whole = async (
    list: List<unknown, never>,
    variables: object,
    first?: Page,
  ): Promise<readonly unknown[]> => {
    let facts: Facts = {}
    const page = async (after: string | null) => {
      const answer = await ask(list, { ...variables, after })
      facts = answer.facts
      return pageIn(answer.data)
    }
    let walked = await walk(page, first, list.uncounted)
    if (isGap(walked) && walked.again) walked = await walk(page, undefined, list.uncounted)
    if (!isGap(walked)) return walked.rows
    throw incomplete(list.name, `the list could not be read whole, because ${walked.gap}`, facts)
  }

  const restWhole = async (path: string): Promise<readonly RestObject[]> => {
    const url = urlOf(questions, path)
    url.searchParams.set('per_page', restPageSize)
    const call = `GET ${callOf(path)}`
    const seen = new Set<string>()
    const rows: RestObject[] = []
    for (let next = url.href; ;) {
      seen.add(next)
      const { json, link, facts } = await questions.get(callOf(path), next)
      if (!Array.isArray(json) || !json.every(isObject))
        throw new Refusal('unreadable', `${call}: the answer is not a list of objects`, { call, ...facts })
      rows.push(...json)
      const onwards = nextIn(link)
      if (onwards === undefined) return distinct(rows)
      if (!isSameList(url.href, onwards))
        throw incomplete(call, 'the list goes on at another address, where the token is not sent', facts)
      next = new URL(onwards, url).href
      if (seen.has(next)) throw incomplete(call, 'its pages go round in a circle', facts)
    }
  }

  return {
    organization: questions.organization,

    async ask<Result, Variables>(question: Question<Result, Variables>, variables: Given<Variables>) {
      const { data } = await once(nameOf(question.name, variables), () => ask(question, { ...variables }))
      return data as Result
    },

    async *pages<Result, Variables>(list: List<Result, Variables>, variables: Given<Variables>) {
      yield* (await once(nameOf(list.name, variables), () => whole(list, variables))) as NodeOf<
        PageOf<Result>
      >[]
    },

    async *more<Node, Result, Variables>(
      first: Connection<Node> | null,
      list: List<Result, Variables>,
      variables: Given<Variables>,
    ) {
      const page = readPage(first)
      if (isGap(page))
        throw incomplete(list.name, `the list could not be read whole, because ${page.gap}`, {})
      const fits = page.next === undefined && distinct(page.rows).length === page.count
      const rest = page.next === undefined ? undefined : page
      const name = nameOf(list.name, { ...variables, after: page.next })
      yield* (fits ? page.rows : await once(name, () => whole(list, variables, rest))) as Node[]
    },

    rest(path) {
      const call = `GET ${callOf(path)}`
      return once(`GET ${path}`, async () => {
        const { json, facts } = await questions.get(callOf(path), urlOf(questions, path).href)
        if (isObject(json)) return json
        throw new Refusal('unreadable', `${call}: the answer is not an object`, { call, ...facts })
      })
    },

    async *restPages(path) {
      yield* await once(`GET all ${path}`, () => restWhole(path))
    },
  }
}
