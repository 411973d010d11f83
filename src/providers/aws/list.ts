import type { Conversation, Message } from './account.js'
import type { Facts, Trouble } from './trouble.js'

/** One page of a list. */
export interface Page<Row> {
  readonly rows: readonly Row[]
  /** Where the next page begins; none on the last. */
  readonly next?: string
}

/** What is missing from an answer: never taken for "there is nothing". */
export interface Gap {
  readonly gap: string
}

export const isGap = (value: object): value is Gap => 'gap' in value

/** An answer that is no whole one, as a trouble. */
export const incomplete = (gap: string, facts: Facts = {}): Trouble => ({
  reason: 'incomplete',
  what: `it could not be read whole, because ${gap}`,
  done: 'no',
  again: 'never',
  ...facts,
})

/** What an answer of the SDK's says of itself. */
export const factsOf = ({
  $metadata,
}: {
  readonly $metadata: {
    readonly httpStatusCode?: number | undefined
    readonly requestId?: string | undefined
  }
}): Facts => ({
  ...($metadata.httpStatusCode === undefined ? {} : { status: $metadata.httpStatusCode }),
  ...($metadata.requestId === undefined ? {} : { requestId: $metadata.requestId }),
})

/**
 * How IAM ends a page: with a word whether there is more, and where.
 *
 * @param wordless  true for a list whose last page may come without that word, as servers that are not IAM send it; only
 *   where another list tells if something is missing
 */
export const onwards = (
  isTruncated: boolean | undefined,
  marker: string | undefined,
  wordless = false,
): Gap | { next?: string } => {
  if (isTruncated === undefined && !(wordless && !marker))
    return { gap: 'a page does not say whether it is the last' }
  if (isTruncated !== true) return {}
  return marker === undefined || marker === ''
    ? { gap: 'a page does not say where the next one begins' }
    : { next: marker }
}

/**
 * Walks a list to its end.
 *
 * @param ask   what asks for the page that begins there
 * @param read  what makes a page of an answer, or says what is missing from it
 * @throws Refusal `incomplete`, or whatever asking ends with
 */
export const walk = async <Answer extends Parameters<typeof factsOf>[0], Row>(
  conversation: Conversation,
  { service, operation }: Pick<Message<unknown>, 'service' | 'operation'>,
  ask: (...args: [...Parameters<Message<Answer>['send']>, next: string | undefined]) => Promise<Answer>,
  read: (answer: Answer) => Page<Row> | Gap,
): Promise<readonly Row[]> => {
  const rows: Row[] = []
  const seen = new Set<string>()
  for (let next: string | undefined; ;) {
    const from = next
    const answer = await conversation.ask({
      service,
      operation,
      send: (clients, options) => ask(clients, options, from),
    })
    const page = read(answer)
    const call = `${service}:${operation}`
    if (isGap(page)) throw conversation.refusal(call, incomplete(page.gap, factsOf(answer)))
    rows.push(...page.rows)
    next = page.next
    if (next === undefined) return rows
    if (seen.has(next))
      throw conversation.refusal(call, incomplete('its pages go round in a circle', factsOf(answer)))
    seen.add(next)
  }
}
