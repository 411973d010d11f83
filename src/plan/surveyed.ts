import type { Organization } from '../kinds/index.js'
import type { Address } from '../model/address.js'
import type { SeenAccount } from '../model/aws.js'
import type { Live } from '../model/live.js'
import type { VerifyingKey } from '../model/signer.js'

/** Everything that is there, as far as the wanted state needs to know it. */
export interface Survey {
  readonly organization: Organization
  /** By kind name. A kind that was not read is not here. */
  readonly live: ReadonlyMap<string, readonly Live<unknown>[]>
  /** By the names of the declared AWS accounts; missing where the files declare none. */
  readonly aws?: ReadonlyMap<string, SeenAccount>
  /** What o'clock it was when it began, as ISO says it. */
  readonly now?: string
  /** What signatures of policies are checked with; missing where nobody has named a key. */
  readonly policyKey?: VerifyingKey
  /** The highest number under which a policy was ever signed for the gate of a queue, where that is remembered. */
  readonly serials?: ReadonlyMap<Address, number>
}
