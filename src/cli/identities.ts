import { Errors, Flags } from '@oclif/core'
import type { PlanOptions } from '../workflow/plan.js'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** What IAM calls a role by. */
const roleId = /^AROA[A-Z0-9]{12,}$/

/** `cluster:production=UUID` as the name and the identity that a person agrees to; nothing where it is something else. */
export const identityIn = (text: string): readonly [string, string] | undefined => {
  const at = text.lastIndexOf('=')
  const id = text.slice(at + 1)
  if (at <= 0) return undefined
  return uuid.test(id)
    ? [text.slice(0, at), id.toLowerCase()]
    : roleId.test(id)
      ? [text.slice(0, at), id]
      : undefined
}

/** A flag that may be repeated, and gives a name with its new identity each time. */
export const identityFlag = Flags.custom<readonly [string, string]>({
  description: 'adopts what has another identity now under its old name: look at it first',
  helpValue: 'NAME=UUID',
  multiple: true,
  multipleNonGreedy: true,
  parse: (text) => {
    const identity = identityIn(text)
    if (identity === undefined)
      throw new Errors.CLIError(`"${text}" is no identity: write NAME=UUID, as the finding does`)
    return Promise.resolve(identity)
  },
})

/** A flag that may be repeated, and names something that goes although it is used. */
export const removeUsedFlag = Flags.string({
  description: 'removes a role although something has it, or had it lately: look at it first',
  helpValue: 'NAME',
  multiple: true,
  multipleNonGreedy: true,
})

/** What a person agreed to on the command line, as `workflow` is told it. */
export const agreed = (flags: {
  readonly 'allow-widening': boolean
  readonly 'accept-identity'?: readonly (readonly [string, string])[] | undefined
  readonly 'remove-used'?: readonly string[] | undefined
}): Pick<PlanOptions, 'allowWidening' | 'acceptIdentity' | 'removeUsed'> => ({
  removeUsed: new Set(flags['remove-used'] ?? []),
  allowWidening: flags['allow-widening'],
  acceptIdentity: new Map(flags['accept-identity'] ?? []),
})
