import { styleText } from 'node:util'
import { unpainted } from '../report/paint.js'
import type { Paint, Tone } from '../report/paint.js'

const styles = {
  heading: 'bold',
  added: 'green',
  changed: 'yellow',
  removed: 'red',
  error: 'red',
  warning: 'yellow',
  faint: 'dim',
} as const satisfies Record<Tone, Parameters<typeof styleText>[0]>

const coloured: Paint = (tone, text) =>
  text === '' ? '' : styleText(styles[tone], text, { validateStream: false })

const isOn = (value: string | undefined) => value !== undefined && value !== ''

/**
 * Whether to colour: the flag, then FORCE_COLOR, then NO_COLOR, then whether somebody is looking.
 *
 * @source no-color.org: NO_COLOR counts when it is not empty; Node lets FORCE_COLOR override it
 */
export const paintFor = (
  env: Readonly<Record<string, string | undefined>>,
  isTTY: boolean,
  noColorFlag: boolean,
): Paint => {
  if (noColorFlag) return unpainted
  const forced = env['FORCE_COLOR']
  if (forced !== undefined) return forced === '0' || forced === 'false' ? unpainted : coloured
  if (isOn(env['NO_COLOR']) || env['TERM'] === 'dumb') return unpainted
  return isTTY ? coloured : unpainted
}
