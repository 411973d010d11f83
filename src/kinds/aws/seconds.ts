const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 }

/** `1h`, `15m`, `90d` in seconds; NaN where it is no time. */
export const seconds = (time: string): number => {
  const [, count = '', unit = ''] = /^(\d+)([smhd])$/.exec(time) ?? []
  return Number(count) * (units[unit] ?? Number.NaN)
}
