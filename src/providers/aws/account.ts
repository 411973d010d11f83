import type { Address } from '../../model/address.js'
import type { AwsAccount, CallerIdentity } from '../../model/aws.js'
import type { Clock } from '../../model/clock.js'
import { redact } from '../../model/redact.js'
import { Refusal } from '../../model/refusal.js'
import { partsOf, strangerIn } from './arn.js'
import type { Clients, Credentials, MakeClients } from './clients.js'
import { converse, type Said, type Turn } from './converse.js'
import { readingOnly } from './guard.js'
import type { Lane } from './lane.js'
import type { About, Trouble } from './trouble.js'

/** What the SDK's methods take beside their input. */
export interface Options {
  readonly abortSignal?: AbortSignal
}

/** One thing to say to an account. */
export interface Message<Value> {
  readonly service: keyof Clients
  /** As the API calls it: `CreateRole`. */
  readonly operation: string
  readonly changes: Turn<Value>['changes']
  readonly send: (clients: Clients, options: Options) => Promise<Value>
  /** True where it holds a secret, which AWS's own words might repeat. */
  readonly secret?: boolean
}

/** A conversation with one account, which nobody else's answers get into. */
export interface Conversation {
  readonly account: AwsAccount
  /** Who asks. @throws Refusal `wrong-account` where that is not in the declared account and partition */
  identity(): Promise<CallerIdentity>
  /** Says something after having made sure whose account it is. */
  say<Value>(message: Message<Value>): Promise<Said<Value>>
  /** The same, where anything but an answer ends it. @throws Refusal */
  ask<Value>(message: Omit<Message<Value>, 'changes'>): Promise<Value>
  /** Waits before something is asked anew. @throws Refusal `interrupted` */
  pause(call: string, ms: number): Promise<void>
  /** A trouble as the refusal that it is. */
  refusal(call: string, trouble: Trouble, more?: { perhapsDone?: boolean; address?: Address }): Refusal
}

/** What the conversations with an account share: its limits, and the count of what was said. */
export interface Shared {
  readonly lane: Lane
  readonly tally: Record<keyof Clients, number>
}

/** What a conversation with an account needs. */
export interface AccountMeans {
  readonly clients: MakeClients
  readonly clock: Clock
  readonly random: () => number
  /** Breaks off what is under way. Not for what changes something: that is heard out. */
  readonly stop?: AbortSignal
  /** True for a conversation that can only ask. */
  readonly onlyAsks: boolean
}

/** Clients, and what they sign with. */
interface Entered {
  readonly clients: Clients
  readonly credentials: Credentials
}

/** A text without what the requests are signed with, and without whatever else looks like a secret. */
const cleaned = (text: string, credentials: readonly Credentials[]): string =>
  redact(
    credentials
      .flatMap(({ secretAccessKey, sessionToken, accessKeyId }) => [
        secretAccessKey,
        sessionToken,
        accessKeyId,
      ])
      .filter((secret) => secret !== undefined && secret !== '')
      .reduce<string>((text, secret) => text.replaceAll(secret ?? '', '…redacted'), text),
  )

/** The clients sign with the same, or what one of them says about who asks would not hold for the others. */
const signingWith = async ({ iam, sts, ssm }: Clients): Promise<Credentials> => {
  const all = await Promise.all([sts, iam, ssm].map(({ config }) => config.credentials()))
  const [first] = all
  const same = all.every(
    ({ accessKeyId, secretAccessKey, sessionToken }) =>
      accessKeyId === first?.accessKeyId &&
      secretAccessKey === first.secretAccessKey &&
      sessionToken === first.sessionToken,
  )
  if (first === undefined || !same) throw new Error('the clients of an account differ in their credentials')
  return first
}

/** Opens a conversation with an account. Nothing is sent yet. */
export const conversationWith = (
  account: AwsAccount,
  { lane, tally }: Shared,
  means: AccountMeans,
): Conversation => {
  let entering: Promise<Entered> | undefined
  let checking: Promise<CallerIdentity> | undefined
  /** What was signed with, ever: what a role is assumed with, and what that gives. */
  const credentials: Credentials[] = []
  let asker: string | undefined
  /** Credentials that never worked are not worth getting anew. */
  let worked = false

  const wrong = (call: string, what: string, perhapsDone = false) =>
    new Refusal('wrong-account', `${call} in account "${account.name}": ${what}`, {
      call,
      api: 'aws',
      perhapsDone,
    })

  const refusal: Conversation['refusal'] = (call, trouble, { perhapsDone = false, address } = {}) =>
    new Refusal(
      trouble.reason,
      cleaned(`${call} in account "${account.name}": ${trouble.what}`, credentials),
      {
        call,
        api: 'aws',
        perhapsDone,
        ...(address === undefined ? {} : { address }),
        ...(trouble.status === undefined ? {} : { status: trouble.status }),
        ...(trouble.requestId === undefined ? {} : { requestId: cleaned(trouble.requestId, credentials) }),
        ...(trouble.action === undefined ? {} : { scope: trouble.action }),
      },
    )

  const about = (call: string, secret = false): About => ({
    account,
    call,
    clean: (text) => cleaned(text, credentials),
    ...(asker === undefined ? {} : { asker }),
    ...(secret ? { unquotable: true } : {}),
  })

  const valueOf = <Value>(call: string, said: Said<Value>): Value => {
    if ('value' in said) return said.value
    throw refusal(call, said.trouble, { perhapsDone: said.perhapsDone })
  }

  const enter = async (): Promise<Entered> => {
    const call = account.assumeRole === undefined ? 'credentials' : 'sts:AssumeRole'
    const say = () => means.clients(account, (own) => credentials.push(own))
    const said = await converse(lane, { about: () => about(call), changes: 'nothing', say }, means.random)
    const clients = valueOf(call, said)
    const signing = await signingWith(clients)
    credentials.push(signing)
    return { clients: means.onlyAsks ? readingOnly(clients) : clients, credentials: signing }
  }

  const entered = (): Promise<Entered> => (entering ??= enter())

  /** Who asks, from the answer itself: nothing else of the account is believed before. */
  const check = async (): Promise<CallerIdentity> => {
    const call = 'sts:GetCallerIdentity'
    const { clients } = await entered()
    const say = () => {
      tally.sts += 1
      return clients.sts.getCallerIdentity({}, optionsFor('nothing'))
    }
    const said = await converse(lane, { about: () => about(call), changes: 'nothing', say }, means.random)
    const { Account, Arn, $metadata } = valueOf(call, said)
    const parts = partsOf(Arn ?? '')
    if (Account === undefined || Arn === undefined || parts === undefined)
      throw refusal(call, {
        reason: 'unreadable',
        what: 'the answer does not say who asks',
        done: 'no',
        again: 'never',
        ...($metadata.requestId === undefined ? {} : { requestId: $metadata.requestId }),
      })
    const { id, partition } = account
    if (Account !== id || parts.account !== id)
      throw wrong(call, `the credentials are of account ${Account} (${Arn}), and the files say ${id}`)
    if (parts.partition !== partition)
      throw wrong(call, `the credentials are of partition ${parts.partition}, and the files say ${partition}`)
    asker = Arn
    worked = true
    return { arn: Arn, account: Account }
  }

  const identity = (): Promise<CallerIdentity> =>
    (checking ??= check().catch((error: unknown) => {
      // What went wrong once is no answer for whoever asks later.
      entering = undefined
      checking = undefined
      throw error
    }))

  /** Sessions end. New credentials are looked at like the first: who asks is asked again before anything else. */
  const renew = (): boolean => {
    if (!worked) return false
    worked = false
    entering = undefined
    checking = undefined
    return true
  }

  const optionsFor = (changes: Turn<unknown>['changes']): Options =>
    changes === 'nothing' && means.stop !== undefined ? { abortSignal: means.stop } : {}

  const say: Conversation['say'] = async ({ service, operation, changes, send, secret }) => {
    const call = `${service}:${operation}`
    let clients: Clients | undefined
    const said = await converse(
      lane,
      {
        about: () => about(call, secret),
        changes,
        prepare: async () => {
          await identity()
          clients = (await entered()).clients
        },
        say: () => {
          if (clients === undefined) throw new Error('nothing is said before it is known to whom')
          tally[service] += 1
          return send(clients, optionsFor(changes))
        },
        // Of several who hear at once that a session has ended, the first renews it.
        renew: () => !worked || renew(),
      },
      means.random,
    )
    if (!('value' in said)) return said
    const stranger = strangerIn(said.value, account)
    if (stranger === undefined) return said
    throw wrong(
      call,
      `the answer is about ${stranger}, which is not of account ${account.id} in partition ${account.partition}`,
      changes !== 'nothing',
    )
  }

  return {
    account,
    identity,
    say,
    async ask(message) {
      return valueOf(`${message.service}:${message.operation}`, await say({ ...message, changes: 'nothing' }))
    },
    pause: (call, ms) => lane.rest(call, ms, 'settling'),
    refusal,
  }
}
