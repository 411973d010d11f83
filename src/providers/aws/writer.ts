import type { Address } from '../../model/address.js'
import type { Made, ReadyCall } from '../../model/call.js'
import type { Clock } from '../../model/clock.js'
import type { Json } from '../../model/json.js'
import { Refusal } from '../../model/refusal.js'
import type { Conversation } from './account.js'
import type { Said } from './converse.js'
import { documentIn, isSameDocument } from './document.js'
import {
  lookForParameter,
  lookIntoProfile,
  looks,
  madeBy,
  textIn,
  trustOf,
  type Input,
  type Look,
} from './look.js'
import { changes, type Nature } from './operations.js'
import type { Trouble } from './trouble.js'

/** A call of AWS whose Refs are all filled in. */
export type AwsReadyCall = Extract<ReadyCall, { via: 'aws' }>

/** Carries out one call at a time. */
export interface AwsWriter {
  /**
   * Sends a call until it is answered and what it made can be seen; again only where that can do no harm.
   *
   * @param address  whom it is for: a refusal names it
   * @returns `id`: the ARN of what it made; `uuid`: IAM's own id of it, where it has one
   * @throws Refusal; with `perhapsDone` where the call may have been carried out all the same
   */
  send(call: AwsReadyCall, address?: Address): Promise<Made>
}

/** What came of a call. */
type Outcome =
  | { readonly made: Made }
  | { readonly trouble: Trouble; readonly perhapsDone: boolean; readonly settles?: boolean }

/** How long what was made is waited for, until everything in IAM has heard of it. */
const settlingMs = 60_000
/** How often what was lost is sent again, after it was looked for and not found. */
const lossesForgiven = 2

/** 1, 2, 4, 8 and then 15 seconds, each shortened by up to a half. */
const settlingPauseMs = (turn: number, random: number): number =>
  Math.round(Math.min(1_000 * 2 ** turn, 15_000) * (1 - random / 2))

const refused = (what: string, code?: string): Trouble => ({
  reason: 'invalid',
  what,
  done: 'no',
  again: 'never',
  ...(code === undefined ? {} : { code }),
})

/** The names in a call by which it means things that are there. */
const namesIn = ({ account, service, input }: AwsReadyCall): string[] =>
  ['RoleName', 'InstanceProfileName', 'OpenIDConnectProviderArn', 'Name', 'ResourceId']
    .map((field) => textIn(input, field))
    .filter((name) => name !== undefined)
    .map((name) => `${account} ${service} ${name}`)

/** Does something after a call that may have been carried out: what ends it says so. */
const whileUnclear = async <Value>(act: () => Promise<Value>): Promise<Value> => {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { reason, message, call, api } = error
    throw new Refusal(reason, message, { call, api, perhapsDone: true })
  }
}

/** Whether a call says a secret: SSM's own words about it might repeat it. */
const isSecret = ({ operation, input }: AwsReadyCall): boolean =>
  operation === 'PutParameter' && input['Type'] !== 'String' && input['Type'] !== 'StringList'

/** The SDK's name for the method that says a call. */
const methodOf = (operation: string): string => `${operation.slice(0, 1).toLowerCase()}${operation.slice(1)}`

const said = (input: Input): Record<string, Json> =>
  Object.fromEntries(Object.entries(input).filter((entry): entry is [string, Json] => entry[1] !== undefined))

/**
 * A writer for these accounts. It remembers what it made: where IAM says that such a thing is not there, or can't be
 * named in a policy, it is new and not known everywhere yet, and the call is said again until it is.
 */
export const writerOf = (
  conversations: ReadonlyMap<string, Conversation>,
  { clock, random }: { readonly clock: Clock; readonly random: () => number },
): AwsWriter => {
  /** Names, and ARNs, of what was made here. */
  const fresh = new Set<string>()
  /** Names of that from which something was taken away here, so that it may be deleted as soon as IAM knows. */
  const loosened = new Set<string>()
  /** Names of roles whose trust was replaced here: the old one may still be shown for a while. */
  const retrusted = new Set<string>()

  const natureOf = ({ service, operation, expects }: AwsReadyCall): Nature => {
    const known = changes[service]
    const nature = Object.hasOwn(known, operation) ? known[operation] : undefined
    if (nature === undefined) throw new Error(`there is no call ${service}:${operation} in a plan`)
    if (expects !== undefined && operation !== 'UpdateAssumeRolePolicy')
      throw new Error(`${service}:${operation} has nothing to compare with what it expects`)
    return nature
  }

  const say = (
    conversation: Conversation,
    call: AwsReadyCall,
    manner: 'once' | 'repeatably',
    input: Input = call.input,
  ): Promise<Said<unknown>> =>
    conversation.say({
      service: call.service,
      operation: call.operation,
      changes: manner,
      secret: isSecret(call),
      send: (clients, options) => {
        const methods = clients[call.service] as unknown as Readonly<
          Record<string, (input: unknown, options: unknown) => Promise<unknown>>
        >
        const method = methods[methodOf(call.operation)]
        if (method === undefined) throw new Error(`the SDK has no ${call.operation}`)
        return method.call(methods, said(input), options)
      },
    })

  const outcomeOf = (conversation: Conversation, call: AwsReadyCall, answer: Said<unknown>): Outcome => {
    if (!('value' in answer)) return answer
    const made = madeBy(call.operation, call.input, answer.value, conversation.account)
    if (made !== undefined) return { made }
    const what = 'the answer does not say what was made'
    return { trouble: { reason: 'unreadable', what, done: 'perhaps', again: 'never' }, perhapsDone: true }
  }

  /**
   * Says once what may not be said twice. Where no answer comes, it looks whether the thing is there, and says it again
   * only where it is not.
   */
  const sayOnce = async (
    conversation: Conversation,
    call: AwsReadyCall,
    look: Look,
    found: (made: Made) => Promise<Outcome> = (made) => Promise.resolve({ made }),
  ): Promise<Outcome> => {
    let lost = false
    for (let turn = 0; ; turn += 1) {
      const outcome = outcomeOf(conversation, call, await say(conversation, call, 'once'))
      if ('made' in outcome) return outcome
      const isThere = /^(EntityAlreadyExists|ParameterAlreadyExists|LimitExceeded)$/
      const unclear = outcome.perhapsDone || (lost && isThere.test(outcome.trouble.code ?? ''))
      if (!unclear) return outcome
      lost = true
      const looked = await whileUnclear(() => look(conversation, call.input))
      if (!('value' in looked)) return { ...outcome, perhapsDone: true }
      if (looked.value?.differs !== undefined)
        return {
          trouble: refused(`something of that name is there already, and ${looked.value.differs}`),
          perhapsDone: false,
        }
      const { value } = looked
      if (value !== undefined) return whileUnclear(() => found(value.made))
      if (turn === lossesForgiven) return { ...outcome, perhapsDone: true }
      await whileUnclear(() => rest(conversation, call, turn))
    }
  }

  /** Waits before a call is said again. @throws Refusal `interrupted` */
  const rest = (
    conversation: Conversation,
    { service, operation }: AwsReadyCall,
    turn: number,
  ): Promise<void> => conversation.pause(`${service}:${operation}`, settlingPauseMs(turn, random()))

  /** Asks for what was made until it is there to be seen. A person who asks to stop does not wait for that. */
  const seen = async (
    conversation: Conversation,
    call: AwsReadyCall,
    look: Look,
  ): Promise<Trouble | undefined> => {
    const since = clock.now()
    for (let turn = 0; ; turn += 1) {
      try {
        const looked = await look(conversation, call.input)
        // Who may make and not look goes on: what comes next will tell.
        if (!('value' in looked) || looked.value !== undefined) return undefined
        if (clock.now() - since >= settlingMs) break
        await rest(conversation, call, turn)
      } catch (error) {
        if (error instanceof Refusal && error.reason === 'interrupted') return undefined
        throw error
      }
    }
    return {
      reason: 'unavailable',
      what: 'it was made, and a minute later AWS still does not show it',
      done: 'perhaps',
      again: 'never',
    }
  }

  const create = async (conversation: Conversation, call: AwsReadyCall, look: Look): Promise<Outcome> => {
    const outcome = await sayOnce(conversation, call, look)
    if (!('made' in outcome)) return outcome
    for (const name of namesIn(call)) fresh.add(name)
    if (outcome.made.id !== undefined) {
      fresh.add(outcome.made.id)
      fresh.add(`${call.account} ${call.service} ${outcome.made.id}`)
    }
    const unseen = await seen(conversation, call, look)
    return unseen === undefined ? outcome : { trouble: unseen, perhapsDone: true }
  }

  /** IAM replaces a trust policy whoever changed it meanwhile, so it is compared with what the plan was made from first. */
  const replaceTrust = async (
    conversation: Conversation,
    call: AwsReadyCall,
    expected: Json,
  ): Promise<Outcome> => {
    const wanted = documentIn(textIn(call.input, 'PolicyDocument'))
    let perhapsDone = false
    for (let turn = 0; ; turn += 1) {
      const looking = () => trustOf(conversation, call.input)
      const have = await (perhapsDone ? whileUnclear(looking) : looking())
      if (!('value' in have)) return { ...have, perhapsDone }
      const trust = have.value?.trust
      if (isSameDocument(trust, wanted)) return { made: {} }
      if (!isSameDocument(trust, expected)) {
        const what = 'the trust policy was changed meanwhile: it is not the one that the plan was made from'
        const settles = namesIn(call).some((name) => retrusted.has(name))
        return { trouble: refused(what), perhapsDone, settles }
      }
      const answer = await say(conversation, call, 'once')
      if ('value' in answer) return { made: {} }
      perhapsDone ||= answer.perhapsDone
      if (!answer.perhapsDone || turn === lossesForgiven) return { ...answer, perhapsDone }
      await whileUnclear(() => rest(conversation, call, turn))
    }
  }

  /** A parameter that was made and not answered for is ours by its tags; saying it once more makes its value certain. */
  const createParameter = (conversation: Conversation, call: AwsReadyCall): Promise<Outcome> =>
    sayOnce(conversation, call, lookForParameter, async () => {
      const again = await say(conversation, call, 'repeatably', {
        ...call.input,
        Tags: undefined, // SSM takes no tags with what it overwrites
        Overwrite: true,
      })
      return outcomeOf(conversation, call, again)
    })

  const attempt = (conversation: Conversation, call: AwsReadyCall, nature: Nature): Promise<Outcome> => {
    if (nature.makes !== undefined) return create(conversation, call, looks[nature.makes])
    if (call.operation === 'UpdateAssumeRolePolicy' && call.expects !== undefined)
      return replaceTrust(conversation, call, call.expects)
    if (call.operation === 'AddRoleToInstanceProfile') return sayOnce(conversation, call, lookIntoProfile)
    if (call.operation === 'PutParameter' && call.input['Overwrite'] !== true)
      return createParameter(conversation, call)
    const manner = call.repeatable || nature.ends === true ? 'repeatably' : 'once'
    return say(conversation, call, manner).then((answer) => outcomeOf(conversation, call, answer))
  }

  /** Whether a no comes of something that was done here a moment ago and that AWS does not know everywhere yet. */
  const settles = (call: AwsReadyCall, { code = '', words = '' }: Trouble): boolean => {
    const names = namesIn(call)
    const made = names.some((name) => fresh.has(name))
    const text = JSON.stringify(call.input)
    const named = () => [...fresh].some((one) => one.startsWith('arn:') && text.includes(one))
    if (/^(NoSuchEntity|ParameterNotFound|InvalidResourceId)$/.test(code)) return made
    if (code === 'MalformedPolicyDocument') return /invalid principal/i.test(words) && named()
    if (code === 'InvalidParameterValue') return made || named()
    return code === 'DeleteConflict' && names.some((name) => loosened.has(name))
  }

  const remember = (call: AwsReadyCall, { ends }: Nature) => {
    const names = namesIn(call)
    if (ends === true) for (const name of names) loosened.add(name)
    if (/^Delete(Role|InstanceProfile|OpenIDConnectProvider|Parameter)$/.test(call.operation))
      for (const name of names) fresh.delete(name)
    if (call.operation === 'UpdateAssumeRolePolicy') for (const name of names) retrusted.add(name)
    if (call.operation === 'PutParameter') for (const name of names) fresh.add(name)
  }

  return {
    async send(call, address) {
      const nature = natureOf(call)
      const conversation = conversations.get(call.account)
      if (conversation === undefined) throw new Error(`there is no account called ${call.account}`)
      const isGone = ({ reason }: Trouble) => nature.ends === true && reason === 'not-found'
      const since = clock.now()
      for (let turn = 0; ; turn += 1) {
        const outcome = await attempt(conversation, call, nature)
        if ('made' in outcome || isGone(outcome.trouble)) {
          remember(call, nature)
          return 'made' in outcome ? outcome.made : {}
        }
        const { trouble, perhapsDone } = outcome
        const waits = outcome.settles ?? settles(call, trouble)
        if (!waits || clock.now() - since >= settlingMs)
          throw conversation.refusal(`${call.service}:${call.operation}`, trouble, {
            perhapsDone,
            ...(address === undefined ? {} : { address }),
          })
        const resting = () => rest(conversation, call, turn)
        await (perhapsDone ? whileUnclear(resting) : resting())
      }
    },
  }
}
