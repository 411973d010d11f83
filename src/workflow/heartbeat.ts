import * as z from 'zod'
import { codes } from '../model/codes.js'
import type { Finding } from '../model/finding.js'
import type { Check, Drifted } from '../model/result.js'
import type { DeclaredDrift, Wanted } from '../model/wanted.js'
import { unplaced } from '../plan/finding.js'
import { isFinding, unlessRefused } from './refused.js'
import type { Asking } from './world.js'

/** A conversation that can ask, and write one parameter: for `drift` alone. */
export interface Beating extends Asking {
  /** @throws Refusal */
  beat(account: string, name: string, value: string): Promise<void>
}

/** How a heartbeat leaves, beside the conversation. */
export interface Beats {
  /** How the command will end. */
  exitOf(result: Drifted): number
  /** The uuid of the build that this is in, by which the next run finds its artifacts. */
  readonly build?: string | undefined
  /** Posts JSON. @returns why that was not possible. Missing where nothing is posted, as in a sandbox. */
  readonly post?: ((url: string, json: string) => Promise<string | undefined>) | undefined
}

const beat = z.object({
  format: z.literal('bridle.heartbeat/1'),
  organization: z.string(),
  at: z.iso.datetime(),
  exit: z.int().min(0).max(255),
  build: z.string().optional(),
})

/** What is known of the last heartbeat: when it was, or why nobody can tell. */
export type LastBeat =
  { readonly at: string; readonly exit: number } | { readonly none: true } | { readonly no: string }

/** The last heartbeat; nothing where it is posted to an address, which can't be asked. @throws Refusal */
const readBeat = async (
  conversation: Asking,
  { drift, organization }: Wanted,
): Promise<LastBeat | undefined> => {
  if (drift?.heartbeat.in !== 'parameter') return undefined
  const { account, name } = drift.heartbeat
  const { aws } = conversation.reader()
  if (aws === undefined) throw new Error('there is an AWS account to read, and nobody to ask')
  const found = (await aws.parameters(account, [name])).find((one) => one.name === name)
  if (found === undefined) return { none: true }
  let value: unknown
  try {
    value = JSON.parse(found.value ?? '')
  } catch {
    return { no: `parameter ${name} holds something else` }
  }
  const parsed = beat.safeParse(value)
  if (!parsed.success) return { no: `parameter ${name} holds something else` }
  const { at, exit, organization: of } = parsed.data
  return of === organization ? { at, exit } : { no: `parameter ${name} is about organization "${of}"` }
}

/** A clock may be a little ahead of another. */
const skewMs = 5 * 60_000

/** `3 days`, `26 hours`, `5 minutes`. */
const spoken = (ms: number): string => {
  const minutes = Math.round(ms / 60_000)
  const [count, unit] =
    minutes < 120
      ? [minutes, 'minute']
      : minutes < 72 * 60
        ? [Math.round(minutes / 60), 'hour']
        : [Math.round(minutes / 1440), 'day']
  return `${String(count)} ${unit}${count === 1 ? '' : 's'}`
}

const minute = (at: string) => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`

/** What is wrong with the last heartbeat, in a sentence without an end; nothing where it is in time. */
const late = (last: LastBeat, { maxAgeSeconds }: DeclaredDrift, now: number): string | undefined => {
  if ('none' in last) return 'no scheduled drift check has written a heartbeat yet'
  if ('no' in last) return `nobody can tell when the last scheduled drift check was: ${last.no}`
  const age = now - Date.parse(last.at)
  if (age < -skewMs) return `the last heartbeat says ${minute(last.at)}, which is still to come`
  return age > maxAgeSeconds * 1000
    ? `the last drift check that read everything was ${spoken(age)} ago, at ${minute(last.at)}, and ${spoken(maxAgeSeconds * 1000)} is the most`
    : undefined
}

/** What a run says about the one before it. The first one finds nothing, and that is worth a warning at most. */
export const heartbeatFindings = async (
  conversation: Asking,
  wanted: Wanted,
  now: number,
): Promise<Finding[]> => {
  const { drift } = wanted
  if (drift === undefined) return []
  const last = await unlessRefused(() => readBeat(conversation, wanted))
  if (last === undefined) return []
  if (isFinding(last)) return [last]
  const what = late(last, drift, now)
  if (what === undefined) return []
  const { why, fix } = codes['heartbeat-late']
  return [
    {
      code: 'heartbeat-late',
      severity: 'none' in last ? 'warning' : 'error',
      what,
      where: [drift.at],
      why,
      fix: 'none' in last ? 'nothing, if this is the first run: it writes one' : fix,
    },
  ]
}

/** What `doctor` says about it. */
export const examineHeartbeat = async (
  conversation: Asking,
  wanted: Wanted,
  now: number,
): Promise<Check[]> => {
  const name = 'heartbeat'
  const { drift } = wanted
  if (drift === undefined) return []
  if (drift.heartbeat.in === 'address')
    return [
      {
        name,
        state: 'unknown',
        what: `${new URL(drift.heartbeat.url).host} is told, and can't be asked when it was told last`,
        fix: `let whoever answers there raise the alarm after ${spoken(drift.maxAgeSeconds * 1000)}`,
      },
    ]
  const last = await unlessRefused(() => readBeat(conversation, wanted))
  if (last === undefined) return []
  if (isFinding(last)) return [{ name, state: 'missing', what: last.what, fix: last.fix }]
  const what = late(last, drift, now)
  if (what === undefined && 'at' in last)
    return [
      {
        name,
        state: 'works',
        what: `drift read everything ${spoken(Math.max(0, now - Date.parse(last.at)))} ago, and ended with ${String(last.exit)}`,
      },
    ]
  const { fix } = codes['heartbeat-late']
  return [{ name, state: 'none' in last ? 'warning' : 'missing', what: what ?? '', fix }]
}

/** Ends of a run that has read everything: nothing, a difference, findings about access. */
const whole = [0, 10, 11]

/** Writes down that everything was read. What is in the way is worth a warning: the run itself has found what it found. */
export const writeBeat = async (
  conversation: Asking & Partial<Beating>,
  { drift, organization }: Wanted,
  exit: number,
  at: string,
  { post, build }: Beats,
): Promise<Finding[]> => {
  if (drift === undefined || !whole.includes(exit)) return []
  const { heartbeat } = drift
  const written: z.infer<typeof beat> = {
    format: 'bridle.heartbeat/1',
    organization,
    at,
    exit,
    ...(build !== undefined && { build }),
  }
  const json = JSON.stringify(written)
  const no = (what: string): Finding[] => [
    {
      ...unplaced(
        'heartbeat-unwritten',
        what,
        codes['heartbeat-unwritten'].why,
        codes['heartbeat-unwritten'].fix,
      ),
      severity: 'warning',
      where: [drift.at],
    },
  ]
  if (heartbeat.in === 'address') {
    const trouble = await post?.(heartbeat.url, json)
    return trouble === undefined
      ? []
      : no(`the heartbeat was not taken by ${new URL(heartbeat.url).host}: ${trouble}`)
  }
  if (conversation.beat === undefined)
    throw new Error('there is a heartbeat to write, and nothing to write it with')
  const { account, name } = heartbeat
  const sent = await unlessRefused(async () => {
    await conversation.beat?.(account, name, json)
    return 'written' as const
  })
  return sent === 'written' ? [] : no(`the heartbeat was not written: ${sent.what}`)
}
