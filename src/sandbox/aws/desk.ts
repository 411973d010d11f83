import type { Fault } from '../faults.js'
import type { State } from '../state.js'
import type { Switches } from '../switches.js'
import type { Row } from '../table.js'
import type { Caller } from './caller.js'

/** From where a request comes, as far as a condition can ask. */
export interface Network {
  readonly sourceIp: string
  readonly sourceVpc?: string
  readonly sourceVpce?: string
}

/** All that an answer of AWS comes from, besides the question. */
export interface AwsDesk {
  /** Operations change it in place. */
  readonly state: State
  /** ISO 8601, in UTC. */
  readonly now: string
  readonly switches: Switches
  readonly faults: readonly Fault[]
  /** Which request this is, counted from 1. */
  readonly n: number
  /** By uuid, the request in which something was made: for what is not to be seen at once. */
  readonly births: Record<string, number>
  readonly region: string
  readonly network: Network
  readonly userAgent: string | null
}

/** The same, for somebody who has shown who they are. */
export interface Aws extends AwsDesk {
  readonly caller: Caller
  /** Whose things are asked about: nobody asks about those of another account. */
  readonly account: string
}

/** Whether something has come to be seen: the fault `unsettled` keeps new things from sight for some requests. */
export const isSettled = ({ faults, births, n }: Pick<AwsDesk, 'faults' | 'births' | 'n'>, { uuid }: Row) => {
  const born = births[uuid]
  return (
    born === undefined || faults.every((fault) => fault.fault !== 'unsettled' || n - born > fault.requests)
  )
}

/** Of these, what has come to be seen. */
export const settled = <R extends Row>(
  desk: Pick<AwsDesk, 'faults' | 'births' | 'n'>,
  rows: readonly R[],
): R[] => rows.filter((row) => isSettled(desk, row))
