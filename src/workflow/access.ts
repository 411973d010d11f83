import type { AccessChecked, AccessWhat, AccessWho, AccessWhy, Snapshotted } from '../model/result.js'
import type { Asking, World } from './world.js'

/** What a verdict is given on: files alone, a saved reading, a plan, or the organization as it is. */
export type Ground =
  | { readonly basis: 'files' }
  /** `text` is a snapshot's. */
  | { readonly basis: 'snapshot'; readonly text: string }
  /** `text` is a plan's; what is there is read, or taken from a snapshot. */
  | { readonly basis: 'plan'; readonly text: string; readonly snapshot?: string }
  | { readonly basis: 'organization' }

/** What every question about access is asked with. */
export type AccessOptions = Ground & {
  /** The time, as ISO says it: acceptances end, and a day has to be compared with something. */
  readonly now: string
}

export interface CheckOptions {
  /** Prints the `accept` lines for what is assumed. */
  readonly suggest: boolean
  /** Prints all rules. */
  readonly list: boolean
}

export interface WhoOptions {
  /** An address, as typed. */
  readonly on: string
  /** How far back to look for who really ran there. */
  readonly observedDays?: number
}

export interface WhatOptions {
  /** An address or `outsider`, as typed. */
  readonly who: string
}

export interface WhyOptions extends WhatOptions {
  readonly on: string
}

/** What was read, and the text to save. */
export interface Taken {
  readonly result: Snapshotted
  /** Missing where findings stand in the way. */
  readonly text?: string
}

/** Every rule and every expectation, on the ground that was asked for. */
export const accessCheck = (world: World, options: AccessOptions & CheckOptions): Promise<AccessChecked> => {
  void [world, options]
  return Promise.resolve({ result: 'access-check', queues: [], assumed: [], expected: [], findings: [] })
}

/** Everybody who reaches something. */
export const accessWho = (world: World, options: AccessOptions & WhoOptions): Promise<AccessWho> => {
  void world
  return Promise.resolve({ result: 'access-who', on: `queue:${options.on}`, reachers: [], findings: [] })
}

/** Everything that somebody reaches. */
export const accessWhat = (world: World, options: AccessOptions & WhatOptions): Promise<AccessWhat> => {
  void world
  return Promise.resolve({ result: 'access-what', who: options.who, reaches: [], findings: [] })
}

/** By which paths, and what would cut them. */
export const accessWhy = (world: World, options: AccessOptions & WhyOptions): Promise<AccessWhy> => {
  void world
  return Promise.resolve({
    result: 'access-why',
    who: options.who,
    on: `queue:${options.on}`,
    paths: [],
    rest: 0,
    findings: [],
  })
}

/** Reads all that access is judged by. */
export const snapshot = (world: World<Asking>, options: { readonly now: string }): Promise<Taken> => {
  void [world, options]
  return Promise.resolve({ result: { result: 'snapshot', holds: {}, findings: [] } })
}
