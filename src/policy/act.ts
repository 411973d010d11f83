import { ofCaller, ofRequest, type Caller } from './assume.js'
import { decide, type Decision } from './decide.js'
import { unknown, type Value } from './value.js'

/**
 * Whether a role may do something, by its own policies and its boundary. What whoever has it may say themselves, they say
 * so that it is allowed.
 *
 * @param told  what is known of the request beside who asks: keys in small letters
 */
export const mayDo = (
  caller: Caller,
  action: string,
  resource: Value,
  told: (key: string) => Value | undefined,
): Decision =>
  decide({
    actions: [action],
    resource,
    context: (key) => told(key) ?? ofCaller(caller, key) ?? ofRequest(key) ?? unknown,
    policies: {
      identity: caller.identity,
      boundary: caller.boundary,
      session: caller.session ?? null,
      scp: caller.scp ?? [],
    },
  })
