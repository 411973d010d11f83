import type { FieldChange } from '../model/change.js'
import type { Stack } from '../model/stack.js'
import { valueIn, type LiveStack } from './live.js'
import { parameterNamed, parameters } from './parameters.js'

/** A value that gives somebody what nobody declared. */
export interface Danger {
  readonly key: string
  /** As it may be shown. */
  readonly value: string
  /** What it gives. */
  readonly what: string
  readonly unsure?: true
}

/** How a live stack differs from what is implied. */
export interface Comparison {
  readonly fields: readonly FieldChange[]
  /** In order; none where the queue is not privileged. */
  readonly dangers: readonly Danger[]
  /** Implied or watched, and not told. */
  readonly untold: readonly string[]
  readonly compared: number
}

/** A value as it may be shown: never a token, and no signature of an address. */
const shown = (key: string, value: string): string =>
  key === 'BuildkiteAgentToken' && value !== ''
    ? '…redacted'
    : /ur[li]$/i.test(key)
      ? value.replace(/\?.*$/s, '?…redacted')
      : value

/** Holds a live stack against what its queue implies. */
export const compare = (stack: Stack, live: LiveStack, privileged: boolean): Comparison => {
  const have = (key: string) => valueIn(live, key, parameterNamed(key)?.usual ?? '')
  const fields = stack.parameters.flatMap(({ ParameterKey: key, ParameterValue: want }): FieldChange[] => {
    const value = have(key)
    return value === undefined || value === want
      ? []
      : [{ field: key, before: shown(key, value), after: want }]
  })
  const watched = privileged
    ? parameters.filter(({ danger }) => danger !== undefined).map(({ key }) => key)
    : []
  const looked = new Set([...stack.parameters.map(({ ParameterKey }) => ParameterKey), ...watched])
  return {
    fields,
    dangers: privileged ? dangersIn(stack, have) : [],
    untold: [...looked].filter((key) => have(key) === undefined).sort(),
    compared: stack.parameters.filter(({ ParameterKey }) => have(ParameterKey) !== undefined).length,
  }
}

const dangersIn = (stack: Stack, have: (key: string) => string | undefined): Danger[] => {
  const all = new Map(
    parameters.flatMap(({ key }) => {
      const value = have(key)
      return value === undefined ? [] : [[key, value] as const]
    }),
  )
  const implied = new Map(
    stack.parameters.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]),
  )
  return parameters.flatMap(({ key, danger, unsure }): Danger[] => {
    const value = all.get(key)
    if (value === undefined) return []
    const what = danger?.(value, all) ?? anotherRole(key, value, implied.get(key))
    return what === undefined ? [] : [{ key, value: shown(key, value), what, ...(unsure && { unsure }) }]
  })
}

const anotherRole = (key: string, value: string, want: string | undefined) =>
  key === 'InstanceRoleARN' && want !== undefined && value !== want
    ? 'every job has another role than the queue declares'
    : undefined
