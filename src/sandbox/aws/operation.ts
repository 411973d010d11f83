import type * as z from 'zod'
import type { Aws, AwsDesk } from './desk.js'
import type { Xml } from './wire/xml.js'

export type Service = 'iam' | 'sts' | 'ssm' | 'kms'

/** The newer services say everything in JSON; the others in forms and XML. */
export const speaksJson = (service: Service): service is 'ssm' | 'kms' =>
  service === 'ssm' || service === 'kms'

/** What conditions can ask about: the value of a key, or all of its values. */
export type Facts = Readonly<Record<string, string | readonly string[] | undefined>>

/** Something that a policy has to allow before an operation is done. */
export interface Ask {
  /** `iam:CreateRole` */
  readonly action: string
  readonly resource: string
  readonly facts?: Facts
}

/** The names are those of the API; so are those of the input. */
export interface Operation {
  readonly service: Service
  readonly name: string
  readonly input: z.ZodType
  asks(aws: Aws, input: never): readonly Ask[]
  does(aws: Aws, input: never): Xml
}

/** One that is asked without signature. */
export interface OpenOperation {
  readonly service: Service
  readonly name: string
  readonly input: z.ZodType
  readonly open: true
  does(desk: AwsDesk, input: never): Xml
}

interface Doing<Input> {
  readonly asks?: (aws: Aws, input: Input) => readonly Ask[]
  readonly does: (aws: Aws, input: Input) => Xml
}

/** One operation: what it takes, what its caller must be allowed to, and what it does. */
export const operation = <Input extends z.ZodType>(
  service: Service,
  name: string,
  input: Input,
  { asks = () => [], does }: Doing<z.infer<Input>>,
): Operation => ({ service, name, input, asks, does })
