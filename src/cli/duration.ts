import { Errors, Flags } from '@oclif/core'

/** Days in what a person writes after a number. */
const units: Readonly<Record<string, number>> = { d: 1, w: 7 }

/** What Buildkite keeps of builds and jobs at most, and then some: nobody means more. */
const mostDays = 3650

/** `30d` or `2w` as a number of days; nothing where it is neither. */
export const daysIn = (text: string): number | undefined => {
  const [, count = '', unit = ''] = /^(\d{1,4})([dw])$/.exec(text) ?? []
  const days = Number(count) * (units[unit] ?? 0)
  return days >= 1 && days <= mostDays ? days : undefined
}

/** A flag that takes a length of time, and gives days. */
export const daysFlag = Flags.custom<number>({
  helpValue: '30d',
  parse: (text) => {
    const days = daysIn(text)
    if (days === undefined)
      throw new Errors.CLIError(`"${text}" is no length of time: write days as 30d, or weeks as 2w`)
    return Promise.resolve(days)
  },
})

/** Seconds in what a person writes after a number. */
const shortUnits: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 }

/** A flag that takes how long something may take, up to a day, and gives seconds. */
export const secondsFlag = Flags.custom<number>({
  helpValue: '5m',
  parse: (text) => {
    const [, count = '', unit = ''] = /^(\d{1,5})([smh])$/.exec(text) ?? []
    const seconds = Number(count) * (shortUnits[unit] ?? 0)
    if (!(seconds >= 1 && seconds <= 86_400))
      throw new Errors.CLIError(`"${text}" is no length of time: write seconds as 90s, or minutes as 5m`)
    return Promise.resolve(seconds)
  },
})
