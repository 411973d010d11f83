import type { Address } from './address.js'
import type { FieldChange } from './change.js'
import type { Finding } from './finding.js'

/** A parameter of the Elastic CI Stack for AWS, by CloudFormation's own names. */
export interface StackParameter {
  readonly ParameterKey: string
  readonly ParameterValue: string
  /** Why it has this value: half a sentence. */
  readonly why: string
}

/** What the declaration of a queue implies for the stack that runs its agents. */
export interface Stack {
  readonly parameters: readonly StackParameter[]
  /** What a person has to know besides, a sentence or two each. */
  readonly notes: readonly string[]
}

/** The parameters for one queue, or the findings that stand in the way of them. */
export interface StackImplied {
  readonly queue: Address
  readonly privileged: boolean
  readonly stack?: Stack
  readonly findings: readonly Finding[]
}

/** How the parameters of a live stack differ from what its queue's declaration implies. */
export interface StackDrift {
  /** What CloudFormation calls it, where the file says so. */
  readonly name?: string
  readonly queue: Address
  readonly privileged: boolean
  /** How many parameters were compared. */
  readonly compared: number
  readonly fields: readonly FieldChange[]
  /** Parameters whose value is not told: they are hidden, or stay what they were. */
  readonly untold: readonly string[]
}
