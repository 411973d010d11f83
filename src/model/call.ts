import type { Json } from './json.js'
import type { Ref } from './ref.js'

/** A value of a call: plain data in which a Ref may stand for an id that is not known yet. */
export type CallValue =
  | null
  | boolean
  | number
  | string
  | Ref
  | JsonText
  | SignedText
  | FromNow
  | readonly CallValue[]
  | { readonly [key: string]: CallValue | undefined }

/** Stands for its own text as JSON, which is what the API wants there. Refs in it are filled in before. */
export interface JsonText {
  readonly $json: CallValue
}

/** Stands for the time so many seconds after the call is sent: a plan must be the same whenever it is made. */
export interface FromNow {
  readonly $fromNow: number
}

/** Whether a value in a call is a time that is known when it is sent. */
export const isFromNow = (value: unknown): value is FromNow =>
  typeof value === 'object' && value !== null && '$fromNow' in value

/** Whether a value in a call is said as the text of JSON. */
export const isJsonText = (value: unknown): value is JsonText =>
  typeof value === 'object' && value !== null && '$json' in value

/**
 * Stands for the policy of a gate as a signed text, or for a part of it. It is signed when the call is made, so that a
 * plan needs no key; what o'clock it is goes in then, too.
 */
export interface SignedText {
  /** The policy, but for when it was issued and when it ends. Refs in it are filled in before. */
  readonly $signed: CallValue
  /** How long it is good for, in seconds; for ever where nothing is said. */
  readonly lasts?: number
  /** Which of how many parts. */
  readonly part: number
  readonly of: number
}

/** Whether a value in a call is one that is signed when the call is made. */
export const isSignedText = (value: unknown): value is SignedText =>
  typeof value === 'object' && value !== null && '$signed' in value

/**
 * What a call does to those who depend on its object: `opens` comes before anything that they do (create, unarchive),
 * `closes` after all of it (archive, delete). Most calls do neither.
 */
export type Gate = 'opens' | 'closes'

interface CallBase {
  /** True if sending it twice leaves what sending it once leaves, so that a lost answer may be asked for again. */
  readonly repeatable: boolean
  readonly gate?: Gate
  /**
   * The fields of its object's spec that it makes as wanted. Left out: all that no other call of the object claims.
   * From this, and from nothing else, follows what can be halfway through an apply.
   */
  readonly sets?: readonly string[]
  /** Fields that it makes neither what they were nor what is wanted, for another call of the object to mend. */
  readonly passing?: Readonly<Record<string, Json>>
  /** True where what it is about may be put away meanwhile: an archived pipeline's teams can be changed. */
  readonly evenClosed?: boolean
  /** True where it may be sent before or after the object's other calls that say so, too; whichever is safe. */
  readonly free?: boolean
  /** True where it is about something that belongs to its object: what the answer names is not the object. */
  readonly aside?: boolean
  /**
   * Takes it back: sent where a later call should have kept the secret that this one's answer said, and certainly did
   * not. Where nobody can tell whether it did, nothing is taken back, and the next plan sees.
   */
  readonly undo?: Call
}

/** A mutation, by the name of its document in `graphql/operations`. */
export interface GraphqlCall extends CallBase {
  readonly via: 'graphql'
  readonly operation: string
  readonly input: Readonly<Record<string, CallValue | undefined>>
}

/** A REST request, where GraphQL offers nothing: the path is under `/v2/organizations/{organization}/`. */
export interface RestCall extends CallBase {
  readonly via: 'rest'
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: readonly (string | Ref)[]
  readonly body: Readonly<Record<string, CallValue | undefined>>
}

/** A call of an AWS API, in one of the declared accounts. */
export interface AwsCall extends CallBase {
  readonly via: 'aws'
  /** What the files call the account. */
  readonly account: string
  readonly service: 'iam' | 'ssm'
  /** As the API calls it: `CreateRole`. */
  readonly operation: string
  /** As the API calls its fields. */
  readonly input: Readonly<Record<string, CallValue | undefined>>
  /**
   * The document that the plan was made from, where the call replaces one and the API would not notice that somebody else
   * has replaced it meanwhile: the trust policy of `UpdateAssumeRolePolicy`. Another one there is a refusal.
   */
  readonly expects?: Json
}

/** One thing to say to Buildkite or to AWS, as data. */
export type Call = GraphqlCall | RestCall | AwsCall

/** What an answer says the API now calls the thing by. */
export interface Made {
  readonly id?: string
  readonly uuid?: string
  readonly slug?: string
  /** Its page, for people. */
  readonly url?: string
  /** A value that is said once: it goes from here into a later call, and nowhere else. */
  readonly secret?: string
}

/** A call whose Refs are all filled in. */
export type ReadyCall =
  | (Omit<GraphqlCall, 'input'> & { readonly input: Readonly<Record<string, Json | undefined>> })
  | (Omit<RestCall, 'path' | 'body'> & {
      readonly path: readonly string[]
      readonly body: Readonly<Record<string, Json | undefined>>
    })
  | (Omit<AwsCall, 'input'> & { readonly input: Readonly<Record<string, Json | undefined>> })
