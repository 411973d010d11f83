import { Refused } from './refused.js'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** @source Buildkite docs, "Scheduled builds": no oftener than every ten minutes */
const MINUTES_APART = 10

const named: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

interface Cron {
  readonly minutes: ReadonlySet<number>
  readonly hours: ReadonlySet<number>
  readonly fits: (date: Date) => boolean
  readonly zone: string
}

const bad = (line: string, why: string) => new Refused(`Validation failed: Cronline "${line}" ${why}`, {})

/** The numbers that one word of a field stands for: `*`, `5`, `1-5`, `10-50/20`. */
const range = (
  word: string,
  low: number,
  high: number,
  names: readonly string[] = [],
): number[] | undefined => {
  const [, body = '', step = '1'] = /^([^/]+)(?:\/(\d+))?$/.exec(word) ?? []
  const number = (text: string) => {
    const name = names.indexOf(text.toLowerCase())
    return name === -1 ? (/^\d+$/.test(text) ? Number(text) : NaN) : name + low
  }
  const [from, to] = body.split('-')
  const start = body === '*' ? low : number(from ?? '')
  const end = body === '*' ? high : to === undefined ? (word.includes('/') ? high : start) : number(to)
  if (!(start >= low && end <= high && start <= end && Number(step) >= 1)) return undefined
  return Array.from(
    { length: Math.floor((end - start) / Number(step)) + 1 },
    (_, i) => start + i * Number(step),
  )
}

const field = (
  line: string,
  text: string,
  low: number,
  high: number,
  names?: readonly string[],
): Set<number> => {
  const all = text.split(',').map((word) => range(word, low, high, names))
  if (all.includes(undefined)) throw bad(line, 'is not valid')
  return new Set(all.flatMap((numbers) => numbers ?? []))
}

const lastDayOf = (date: Date) =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()

const daysOf = (line: string, text: string): ((date: Date) => boolean) => {
  const tests = text.split(',').map((word) => {
    if (/^(L|last)$/i.test(word)) return (date: Date) => date.getUTCDate() === lastDayOf(date)
    const days = field(line, word, 1, 31)
    return (date: Date) => days.has(date.getUTCDate())
  })
  return (date) => tests.some((test) => test(date))
}

/** For `mon%2+1`, every other Monday: weeks are counted from a Tuesday. @source fugit, the cron of Ruby: `rweek` */
const weekOf = (date: Date) => Math.floor((date.getTime() - Date.UTC(2019, 0, 1)) / DAY / 7) + 1

const weekdaysOf = (line: string, text: string): ((date: Date) => boolean) => {
  const tests = text.split(',').map((word) => {
    const [, body = word, every, plus = '0'] = /^(.+?)%(\d+)(?:\+(\d+))?$/.exec(word) ?? []
    if (every === '0') throw bad(line, 'is not valid')
    const days = field(line, body.replace(/\b7\b/g, '0'), 0, 6, weekdays)
    return (date: Date) =>
      days.has(date.getUTCDay()) &&
      (every === undefined || (weekOf(date) + Number(plus)) % Number(every) === 0)
  })
  return (date) => tests.some((test) => test(date))
}

/** Milliseconds that clocks in a zone are ahead of UTC. */
const ahead = (zone: string, at: number): number => {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? []
  if (sign) return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE
  // eslint-disable-next-line no-restricted-globals -- nothing else knows the zones, and only numbers come of it
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(at)
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value)
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'))
  return local - Math.floor(at / MINUTE) * MINUTE
}

const checkZone = (line: string, zone: string) => {
  try {
    ahead(zone, 0)
  } catch {
    throw bad(line, 'names an unknown time zone')
  }
}

const checkApart = (line: string, minutes: ReadonlySet<number>) => {
  const [first = 0, ...rest] = [...minutes].sort((a, b) => a - b)
  const all = [first, ...rest, first + 60]
  if (all.some((minute, index) => index > 0 && minute - (all[index - 1] ?? 0) < MINUTES_APART))
    throw bad(line, `runs more often than every ${MINUTES_APART} minutes`)
}

const KEPT = 200
const kept = new Map<string, Cron>()

/** What a schedule's line means. @throws Refused if it means nothing */
export const cronOf = (line: string): Cron => {
  const cron = kept.get(line) ?? read(line)
  if (kept.size >= KEPT) kept.clear()
  kept.set(line, cron)
  return cron
}

const read = (line: string): Cron => {
  const [head = '', ...tail] = line.trim().split(/\s+/)
  const words = [...(named[head.toLowerCase()]?.split(' ') ?? [head]), ...tail]
  const [minute = '', hour = '', day = '', month = '', weekday = '', zone = 'UTC', ...more] = words
  if (words.length < 5 || more.length > 0 || line.includes('~')) throw bad(line, 'is not valid')
  checkZone(line, zone)
  const minutes = field(line, minute, 0, 59)
  checkApart(line, minutes)
  const hours = field(line, hour, 0, 23)
  const inMonth = field(line, month, 1, 12, months)
  const [onDay, onWeekday] = [daysOf(line, day), weekdaysOf(line, weekday)]
  // As in every cron: where both a day and a weekday are named, either will do.
  const either = day !== '*' && weekday !== '*'
  const fits = (date: Date) =>
    inMonth.has(date.getUTCMonth() + 1) &&
    (either ? onDay(date) || onWeekday(date) : onDay(date) && onWeekday(date))
  return { minutes, hours, fits, zone }
}

/** When a schedule runs next, strictly after a time: in epoch milliseconds, or never in the four years to come. */
export const nextAfter = ({ minutes, hours, fits, zone }: Cron, after: number): number | undefined => {
  const localDay = Math.floor((after + ahead(zone, after)) / DAY) * DAY
  const times = [...hours]
    .sort((a, b) => a - b)
    .flatMap((hour) => [...minutes].sort((a, b) => a - b).map((minute) => (hour * 60 + minute) * MINUTE))
  for (let day = localDay; day <= localDay + 4 * 366 * DAY; day += DAY) {
    if (!fits(new Date(day))) continue
    for (const time of times) {
      const local = day + time
      const at = local - ahead(zone, local - ahead(zone, local))
      if (at > after) return at
    }
  }
  return undefined
}
