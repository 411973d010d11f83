import type { Mutation } from '../../graphql/operation.js'
import type { Call, CallValue, FromNow, Gate, GraphqlCall, RestCall } from '../model/call.js'
import type { Json } from '../model/json.js'
import type { Ref } from '../model/ref.js'

type IdKey = 'id' | `${string}Id` | `${string}ID`
type TimeKey = `${string}At`

/** An input in which a Ref may stand wherever the API wants an id, and a time that is not known yet where it wants a time. */
export type WithRefs<Input> = Input extends readonly (infer Item)[]
  ? readonly WithRefs<Item>[]
  : Input extends object
    ? {
        readonly [Key in keyof Input]: Key extends IdKey
          ? Input[Key] | Ref
          : Key extends TimeKey
            ? Input[Key] | FromNow
            : WithRefs<Input[Key]>
      }
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
  readonly passing?: Readonly<Record<string, Json>> | undefined
  readonly evenClosed?: boolean | undefined
  readonly free?: boolean | undefined
  readonly undo?: Call | undefined
}

const placed = ({ gate, sets, passing, evenClosed, free, undo }: Order) => ({
  ...(gate && { gate }),
  ...(sets && { sets }),
  ...(passing && { passing }),
  ...(evenClosed === true && { evenClosed }),
  ...(free === true && { free }),
  ...(undo && { undo }),
})

/** A mutation to be sent with this input: the compiler holds it against the API's own types. */
export const call = <Result, Variables extends { readonly input: object }>(
  mutation: Mutation<Result, Variables>,
  input: WithRefs<Variables['input']>,
  order: Order = {},
): GraphqlCall => ({
  via: 'graphql',
  operation: mutation.name,
  // an input is scalars, lists and objects of them: the compiler cannot see that through a type parameter
  input: saidFields(input as unknown as Fields),
  repeatable: mutation.repeatable,
  ...placed(order),
})

/** A REST request, for what GraphQL does not offer; the path is under the organization. */
export const rest = (
  method: RestCall['method'],
  path: readonly (string | Ref)[],
  body: Fields,
  { repeatable, ...order }: Order & { readonly repeatable: boolean },
): RestCall => ({
  via: 'rest',
  method,
  path,
  body: saidFields(body),
  repeatable,
  ...placed(order),
})
