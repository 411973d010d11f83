import type { Plan } from '../model/plan.js'
import type {
  AccessChecked,
  AccessWhat,
  AccessWho,
  AccessWhy,
  Applied,
  CanarySeen,
  Contained,
  Drifted,
  Examined,
  GateReported,
  GateTried,
  HookPrinted,
  HostChecked,
  Imported,
  Planned,
  Result,
  Snapshotted,
  Validation,
} from '../model/result.js'
import type { StackParameter } from '../model/stack.js'
import type { Page } from '../model/codes.js'

/** What every result says when a program reads it. */
export interface ResultHead {
  /** Another number means that a key changed its meaning. */
  readonly format: 'bridle.result/1'
  /** There only where the organization is make-believe: a sentence that says so. */
  readonly sandbox?: string
}

/** A result as a program reads it. */
export type Told<Found extends Result> = ResultHead & Found

/** One page of `bridle explain`, with its code and what a command that finds it ends with. */
export interface Explanation extends Page {
  readonly code: string
  /** Its number, where it is a path of the access model. */
  readonly path?: string
  /** Its number, where it is a rule about roles. */
  readonly rule?: string
  readonly exit: number
}

/** One page, for a program. */
export interface PageTold extends Explanation {
  readonly format: 'bridle.explanation/1'
}

/** All of them. */
export interface PagesTold {
  readonly format: 'bridle.explanations/1'
  readonly pages: readonly Explanation[]
}

/** What CloudFormation is told. */
export type ParametersTold = readonly Pick<StackParameter, 'ParameterKey' | 'ParameterValue'>[]

/** Everything that bridle writes as JSON, by the name that `bridle schema --of` knows. src/report/schemas.json is made of it. */
export interface Answers {
  readonly validate: Told<Validation>
  readonly plan: Told<Planned>
  readonly apply: Told<Applied>
  readonly drift: Told<Drifted>
  readonly doctor: Told<Examined>
  readonly import: Told<Imported>
  readonly contain: Told<Contained>
  readonly 'access-check': Told<AccessChecked>
  readonly 'access-who': Told<AccessWho>
  readonly 'access-what': Told<AccessWhat>
  readonly 'access-why': Told<AccessWhy>
  readonly 'access-snapshot': Told<Snapshotted>
  readonly 'hook-print': Told<HookPrinted>
  readonly 'hook-install': Told<HostChecked>
  readonly 'hook-test': Told<GateTried>
  readonly 'hook-canary': Told<CanarySeen>
  readonly 'hook-report': Told<GateReported>
  readonly stack: ParametersTold
  readonly explain: PageTold | PagesTold
  /** What `bridle plan --out` writes and `bridle apply` reads. */
  readonly 'plan-file': Plan
}
