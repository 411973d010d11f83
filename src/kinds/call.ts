import type { Mutation } from '../../graphql/operation.js'
import type { CallValue, Gate, GraphqlCall, RestCall } from '../model/call.js'
import type { Ref } from '../model/ref.js'

type IdKey = 'id' | `${string}Id` | `${string}ID`

/** An input in which a Ref may stand wherever the API wants an id. */
export type WithRefs<Input> = Input extends readonly (infer Item)[]
  ? readonly WithRefs<Item>[]
  : Input extends object
    ? { readonly [Key in keyof Input]: Key extends IdKey ? Input[Key] | Ref : WithRefs<Input[Key]> }
    : Input

type Fields = Readonly<Record<string, CallValue | undefined>>

/** An unwritten field is not said, at any depth: to say nothing and to say null are two things. */
const said = (value: CallValue): CallValue =>
  Array.isArray(value)
    ? (value as readonly CallValue[]).map(said)
    : typeof value === 'object' && value !== null
      ? saidFields(value as Fields)
      : value

const saidFields = (fields: Fields): Record<string, CallValue> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, said(value)]])),
  )

/** What a call says about its place among others. */
interface Order {
  readonly gate?: Gate | undefined
  readonly sets?: readonly string[] | undefined
  readonly free?: boolean | undefined
}

/** A mutation to be sent with this input: the compiler holds it against the API's own types. */
export const call = <Result, Variables extends { readonly input: object }>(
  mutation: Mutation<Result, Variables>,
  input: WithRefs<Variables['input']>,
  { gate, sets, free }: Order = {},
): GraphqlCall => ({
  via: 'graphql',
  operation: mutation.name,
  // an input is scalars, lists and objects of them: the compiler cannot see that through a type parameter
  input: saidFields(input as unknown as Fields),
  repeatable: mutation.repeatable,
  ...(gate && { gate }),
  ...(sets && { sets }),
  ...(free === true && { free }),
})

/** A REST request, for what GraphQL does not offer; the path is under the organization. */
export const rest = (
  method: RestCall['method'],
  path: readonly (string | Ref)[],
  body: Fields,
  { repeatable, gate, sets, free }: Order & { readonly repeatable: boolean },
): RestCall => ({
  via: 'rest',
  method,
  path,
  body: saidFields(body),
  repeatable,
  ...(gate && { gate }),
  ...(sets && { sets }),
  ...(free === true && { free }),
})
