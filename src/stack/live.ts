/** A stack that is there, as far as a file tells of it. */
export interface LiveStack {
  readonly name?: string
  readonly values: ReadonlyMap<string, string>
  /** Parameters whose value the file does not tell. */
  readonly untold: ReadonlySet<string>
}

/** What CloudFormation says instead of a value that is not to be echoed, be it empty or not. */
const hidden = '****'

type Entry = readonly [key: string, value: string | undefined]

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined

/** `{"ParameterKey": …, "ParameterValue": …}`. One that stays what it was says `UsePreviousValue`. */
const entryIn = (one: unknown): Entry | undefined => {
  if (!isRecord(one) || typeof one['ParameterKey'] !== 'string') return undefined
  const value = textOf(one['ParameterValue'])
  if (value === undefined && one['UsePreviousValue'] !== true) return undefined
  return [one['ParameterKey'], value]
}

const entriesIn = (parameters: unknown): readonly Entry[] | undefined => {
  const entries = Array.isArray(parameters)
    ? parameters.map(entryIn)
    : isRecord(parameters)
      ? Object.entries(parameters).map(([key, value]): Entry | undefined => {
          const text = textOf(value)
          return text === undefined ? undefined : [key, text]
        })
      : [undefined]
  return entries.every((entry) => entry !== undefined) ? entries : undefined
}

const stackOf = (parameters: unknown, name: unknown): LiveStack | undefined => {
  const entries = entriesIn(parameters)
  if (entries === undefined) return undefined
  const told = entries.flatMap(([key, value]) =>
    value === undefined || value === hidden ? [] : [[key, value] as const],
  )
  const values = new Map(told)
  return {
    ...(typeof name === 'string' && { name }),
    values,
    untold: new Set(entries.map(([key]) => key).filter((key) => !values.has(key))),
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}

/**
 * The stacks in a file: what `aws cloudformation describe-stacks` prints, one stack of it, a list of parameters as
 * `--parameters` takes it, or a map of them. Of many stacks those count that have a `BuildkiteQueue`.
 *
 * @returns undefined where it is none of these
 */
export const liveStacks = (text: string): readonly LiveStack[] | undefined => {
  const file = parsed(text)
  const described =
    isRecord(file) && Array.isArray(file['Stacks']) ? (file['Stacks'] as unknown[]) : undefined
  if (described !== undefined) {
    const ofAgents = described.flatMap((one) => {
      if (!isRecord(one)) return [undefined]
      const stack = stackOf(one['Parameters'] ?? [], one['StackName'])
      return stack?.values.has('BuildkiteQueue') === false ? [] : [stack]
    })
    return allOf(ofAgents)
  }
  const single = isRecord(file) && 'Parameters' in file ? file : { Parameters: file, StackName: undefined }
  const stack = stackOf(single['Parameters'], single['StackName'])
  return stack === undefined || stack.values.size + stack.untold.size === 0 ? undefined : [stack]
}

const allOf = (stacks: readonly (LiveStack | undefined)[]): readonly LiveStack[] | undefined => {
  const whole = stacks.filter((stack) => stack !== undefined)
  return whole.length === stacks.length && whole.length > 0 ? whole : undefined
}

/** What a stack has: what its file says, and what the template has where it says nothing. */
export const valueIn = ({ values, untold }: LiveStack, key: string, usual: string): string | undefined =>
  values.get(key) ?? (untold.has(key) ? undefined : usual)
