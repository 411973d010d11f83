import type { AwsAccount, AwsReader } from '../../model/aws.js'
import type { Clock } from '../../model/clock.js'
import { conversationWith, type Conversation, type Shared } from './account.js'
import type { Clients, MakeClients } from './clients.js'
import { laneTo, type AwsWait } from './lane.js'
import { readerOf } from './reader.js'

/** Everything that talking to AWS needs, handed in. */
export interface AwsMeans {
  /** Each under its own name. */
  readonly accounts: readonly AwsAccount[]
  /** New clients each time, whose credentials are resolved then; all of an account with the same. */
  readonly clients: MakeClients
  readonly clock: Clock
  /** From 0 up to 1, as `Math.random`. */
  readonly random: () => number
  /** A person asked to stop: no more waits and no new requests. What is being changed is heard out; reading breaks off. */
  readonly signal?: AbortSignal
  readonly onWait?: (wait: AwsWait) => void
}

/** What the conversation took so far. */
export interface AwsSpent {
  /** By account, and in each by service. Those that assume its role are not counted. */
  readonly requests: Readonly<Record<string, Readonly<Record<keyof Clients, number>>>>
  readonly waitedSeconds: number
}

/** A conversation that can only ask. */
export interface AwsConnection {
  /** A reader with an empty memory. All readers of a connection share its limits. */
  reader(): AwsReader
  readonly spent: AwsSpent
}

/** What all conversations with an account share. */
export const prepare = (means: AwsMeans): ReadonlyMap<string, Shared & { readonly account: AwsAccount }> =>
  new Map(
    means.accounts.map((account) => [
      account.name,
      { account, lane: laneTo(account.name, means), tally: { iam: 0, sts: 0, ssm: 0, kms: 0 } },
    ]),
  )

/** A conversation with each account, in one manner. */
export const conversationsIn = (
  means: AwsMeans,
  shared: ReturnType<typeof prepare>,
  onlyAsks: boolean,
): ReadonlyMap<string, Conversation> => {
  const { clients, clock, random, signal } = means
  const manner = {
    clients,
    clock,
    random,
    onlyAsks,
    ...(onlyAsks && signal !== undefined ? { stop: signal } : {}),
  }
  return new Map([...shared].map(([name, one]) => [name, conversationWith(one.account, one, manner)]))
}

/** The asking half of a connection: over clients that carry nothing else. */
export const connectionOver = (means: AwsMeans, shared: ReturnType<typeof prepare>): AwsConnection => {
  const conversations = conversationsIn(means, shared, true)
  return {
    reader: () => readerOf(conversations),
    get spent() {
      return {
        requests: Object.fromEntries([...shared].map(([name, { tally }]) => [name, { ...tally }])),
        waitedSeconds: Math.round(
          [...shared.values()].reduce((sum, { lane }) => sum + lane.waitedMs, 0) / 1_000,
        ),
      }
    },
  }
}

/** Opens a conversation that can only ask: there is nothing in it to change anything with. Nothing is sent yet. */
export const connectAws = (means: AwsMeans): AwsConnection => connectionOver(means, prepare(means))
