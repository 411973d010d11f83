import * as z from 'zod'

/** What a gate said of one job, in the log of its agent. Whoever runs jobs has a hand in every text of it. */
const said = z.object({
  decision: z.enum(['accept', 'refuse']),
  mode: z.enum(['observe', 'warn', 'block']),
  rule: z.string().nullish(),
  saw: z.string().nullish(),
  key: z.string().nullish(),
  value: z.string().nullish(),
  queue: z.string().nullish(),
  pipeline: z.string().nullish(),
  build: z.string().nullish(),
  agent: z.string().nullish(),
})
export type GateSaid = z.infer<typeof said>

const begin = '{"gate":"bridle/1",'
/** The same in a log of which each line is JSON itself. */
const inText = String.raw`{\"gate\":\"bridle/1\",`

/** What a line of a log says of a gate; nothing where it is about something else, `no` where it can't be read. */
export const saidIn = (line: string): GateSaid | 'no' | undefined => {
  const at = line.indexOf(begin)
  if (at !== -1) return read(line.slice(at, line.lastIndexOf('}') + 1))
  if (!line.includes(inText)) return undefined
  const whole = dataOf(line.slice(line.indexOf('{'), line.lastIndexOf('}') + 1))
  const texts = typeof whole === 'object' && whole !== null ? Object.values(whole) : []
  const text: unknown = texts.find((one) => typeof one === 'string' && one.includes(begin))
  return typeof text === 'string' ? read(text.slice(text.indexOf(begin), text.lastIndexOf('}') + 1)) : 'no'
}

const read = (json: string): GateSaid | 'no' => {
  const parsed = said.safeParse(dataOf(json))
  return parsed.success ? parsed.data : 'no'
}

const dataOf = (json: string): unknown => {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
