import { keyIn, kindOf, namesIn, type Address } from '../model/address.js'
import { typed } from '../report/typed.js'

/** What can be asked about: who reaches these. */
const targets = ['queue', 'role', 'cluster', 'pipeline', 'team']

/** Who can be asked about: what they reach. People, what acts for them, and whoever `access check` names. */
const starts = [
  ...['user', 'team', 'pipeline', 'repository', 'role'],
  ...['invitee', 'newcomer', 'outsider', 'pusher', 'holder', 'former'],
]

/** People go by their email, however it is written. */
const people = ['user', 'invitee']

/** What a person typed, if it has the form of an address: a kind, a colon, a key. Whether it is there, others find out. */
export const addressTyped = (text: string): Address | undefined => {
  const address = text as Address
  if (!/^[a-z][a-z-]*:./s.test(text) || kindOf(address) === '') return undefined
  return people.includes(kindOf(address)) ? `${kindOf(address)}:${keyIn(address).toLowerCase()}` : address
}

/** A queue, with or without its kind in front. */
export const queueTyped = (text: string): Address | undefined => {
  const queue: Address = text.startsWith('queue:') ? (text as Address) : `queue:${text}`
  const names = namesIn(keyIn(queue))
  return names.length === 2 && names.every((name) => name !== '') ? queue : undefined
}

/** Something that is no answer: why, and what to type instead. */
export interface Mistyped {
  readonly no: string
  readonly fix: string
}

const oneOf = (kinds: readonly string[]) => `${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1) ?? ''}`

/** What is reached, as typed. */
export const targetTyped = (text: string): { readonly on: Address } | Mistyped => {
  const on = addressTyped(text)
  if (on === undefined) return { no: `"${text}" is no address`, fix: 'write it as queue:production/deploy' }
  return targets.includes(kindOf(on))
    ? { on }
    : { no: `${on} is nothing that somebody reaches`, fix: `name a ${oneOf(targets)}` }
}

/** Somebody, as typed: `outsider` has no key, as all outsiders are one. */
export const whoTyped = (text: string): { readonly who: string } | Mistyped => {
  const who = text === 'outsider' ? text : addressTyped(text)
  if (who === undefined)
    return {
      no: `"${text}" is nobody`,
      fix: 'write team:web, user:ada@acme.test, pipeline:web, repository:github.com/acme/web or outsider',
    }
  return text === 'outsider' || starts.includes(kindOf(who as Address))
    ? { who }
    : { no: `${who} is nobody, and reaches nothing`, fix: `name a ${oneOf(starts.slice(0, 5))}, or outsider` }
}

/** Somebody and what they may reach, in this order. */
export const bothTyped = (
  first: string,
  second: string,
): { readonly who: string; readonly on: Address } | Mistyped => {
  const [from, to] = [whoTyped(first), targetTyped(second)]
  if ('no' in from || 'no' in to) return turned(second, first) ?? ('no' in from ? from : (to as Mistyped))
  return { ...from, ...to }
}

/** What was meant, if it makes sense the other way round. */
const turned = (second: string, first: string): Mistyped | undefined => {
  const [from, to] = [whoTyped(second), targetTyped(first)]
  if ('no' in from || 'no' in to) return undefined
  return {
    no: `${to.on} is reached, and ${from.who} reaches`,
    fix: `did you mean \`${typed('bridle', 'access', 'why', from.who, to.on)}\`?`,
  }
}
