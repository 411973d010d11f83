import { one } from '../faults.js'
import { authorize, deniedFor } from './authorize/identity.js'
import type { Caller } from './caller.js'
import type { AwsDesk } from './desk.js'
import type { Operation } from './operation.js'
import type { Xml } from './wire/xml.js'

/** Does what somebody asks for, if their policies let them. */
export const perform = (desk: AwsDesk, caller: Caller, operation: Operation, input: unknown): Xml => {
  const { service, name } = operation
  const aws = { ...desk, caller, account: caller.account }
  const asks = operation.asks(aws, input as never)
  if (one(desk.faults, 'denied')) {
    const ask = asks[0] ?? { action: `${service}:${name}`, resource: '*' }
    throw deniedFor(service, caller, ask, `because no identity-based policy allows the ${ask.action} action`)
  }
  for (const ask of asks) authorize(aws, service, ask)
  return operation.does(aws, input as never)
}
