import { account } from './iam/account.js'
import { policies } from './iam/policies.js'
import { profiles } from './iam/profiles.js'
import { keys } from './kms/keys.js'
import { providers } from './iam/providers.js'
import { rolePolicies } from './iam/role-policies.js'
import { roles } from './iam/roles.js'
import type { OpenOperation, Operation, Service } from './operation.js'
import { parameterReading } from './ssm/reading.js'
import { parameterWriting } from './ssm/writing.js'
import { assume } from './sts/assume.js'
import { identity } from './sts/identity.js'
import { webIdentity } from './sts/web-identity.js'

/** Everything that can be asked of AWS here. */
const operations: readonly (Operation | OpenOperation)[] = [
  ...account,
  ...roles,
  ...rolePolicies,
  ...profiles,
  ...providers,
  ...policies,
  ...identity,
  ...assume,
  ...webIdentity,
  ...parameterReading,
  ...parameterWriting,
  ...keys,
]

const byName = new Map(operations.map((one) => [`${one.service} ${one.name}`, one]))

export const operationNamed = (service: Service, name: string): Operation | OpenOperation | undefined =>
  byName.get(`${service} ${name}`)

/** The service that has an operation of this name. */
export const serviceOf = (name: string): Service | undefined =>
  operations.find((one) => one.name === name)?.service
