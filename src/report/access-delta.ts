import { kindOf, type Address } from '../model/address.js'
import type { AccessDelta, Gain, Loss } from '../model/plan.js'
import { visible, widthOf } from './escape.js'
import { block, capped, columns, type BlockLine, type Part } from './part.js'
import { byNumbers, trailLines } from './trail.js'
import { counted, listed } from './words.js'

/** How many gains are told whole, and of each how many paths. The JSON report has them all. */
const mostGains = 12
const mostPaths = 3
const mostPerhaps = 10

const isPerson = (who: string) => who.startsWith('user:') || who.startsWith('invitee:')

/** `2 people and 1 other`: those who are somebody, and those of whom nobody knows who they are. */
const crowd = (whos: readonly string[]): string => {
  const people = new Set(whos.filter(isPerson)).size
  const others = new Set(whos.filter((who) => !isPerson(who))).size
  return listed([
    ...(people === 0 ? [] : [counted(people, 'person', 'people')]),
    ...(others === 0 ? [] : [counted(others, people === 0 ? 'principal' : 'other')]),
  ])
}

/** One gains, several gain. */
const verb = (whos: readonly string[], several: string) =>
  new Set(whos).size === 1 ? `${several}s` : several

const isRun = ({ can }: Loss) => can === undefined || can === 'run'

/** `pipeline:web`, or where there are several `12 pipelines and 1 team`. */
const things = (all: readonly Address[]): string => {
  const distinct = [...new Set(all)]
  const [only] = distinct
  if (distinct.length === 1 && only !== undefined) return visible(only)
  const kinds = [...new Set(distinct.map(kindOf))]
  return listed(kinds.map((kind) => counted(distinct.filter((one) => kindOf(one) === kind).length, kind)))
}

/** What somebody gains who gains no queue. */
const right = (can: string, on: readonly Address[]): string => {
  if (can === 'administer') return 'the right to administer the organization'
  const isEverywhere = on.every((one) => one === 'organization:')
  return `the right to ${visible(can)}${isEverywhere ? '' : ` ${things(on)}`}`
}

/** `2 people gain queue:production/deploy, 1 person loses it`. */
const sentence = (gain: readonly Loss[], lose: readonly Loss[], name: (of: readonly Loss[]) => string) => {
  const whos = (all: readonly Loss[]) => all.map(({ who }) => who)
  const [up, down] = [whos(gain), whos(lose)]
  const isSame = gain.length > 0 && name(gain) === name(lose)
  const gained = up.length === 0 ? [] : [`${crowd(up)} ${verb(up, 'gain')} ${name(gain)}`]
  const lost = down.length === 0 ? [] : [`${crowd(down)} ${verb(down, 'lose')} ${isSame ? 'it' : name(lose)}`]
  return { text: [...gained, ...lost].join(', '), tone: gain.length > 0 ? 'warning' : 'added' } as const
}

/** Whether somebody surely reaches it, and not only if something assumed is not so. */
const isSure = (gain: Loss | Gain) =>
  !('paths' in gain) || gain.paths[0] === undefined || gain.paths[0].sureness === 'open'

/** A line for each privileged queue, then one for each other right. */
const summaryLines = ({ gains, losses }: AccessDelta): BlockLine[] => {
  const all = [...gains, ...losses]
  const queues = [...new Set(all.filter(isRun).map(({ on }) => on))]
  const rights = [...new Set(all.filter((one) => !isRun(one)).map(({ can }) => can ?? ''))]
  return [
    ...queues.map((queue) => {
      const of = (those: readonly Loss[]) => those.filter((one) => isRun(one) && one.on === queue)
      const gained = of(gains)
      const perhaps = gained.filter((gain) => !isSure(gain)).map(({ who }) => who)
      const line = sentence(gained.filter(isSure), of(losses), () => visible(queue))
      const more =
        perhaps.length === 0
          ? ''
          : `${line.text === '' ? '' : '; '}${crowd(perhaps)} may ${line.text === '' ? `reach ${visible(queue)}` : 'reach it'} if something assumed is not so`
      return { ...line, text: `${line.text}${more}` }
    }),
    ...rights.map((can) => {
      const of = (those: readonly Loss[]) => those.filter((one) => one.can === can)
      return sentence(of(gains), of(losses), (some) =>
        right(
          can,
          some.map(({ on }) => on),
        ),
      )
    }),
  ]
}

const gainLines = ({ who, on, by, paths }: Gain): BlockLine[] => [
  {
    text: `${visible(who)} to ${visible(on)}${by === undefined ? '' : `, allowed by ${visible(by)}`}`,
    tone: by === undefined ? 'warning' : 'faint',
  },
  ...paths
    .slice(0, mostPaths)
    .flatMap((path): BlockLine[] => [
      { text: `  ${byNumbers(path)}` },
      ...trailLines(path.hops).hops.map((text) => ({ text: `    ${text}` })),
    ]),
  ...(paths.length > mostPaths
    ? [{ text: `  … and ${String(paths.length - mostPaths)} more`, tone: 'faint' } as const]
    : []),
]

const opened = (opens: readonly Address[]): Part[] =>
  block(
    'it would open these, and is refused whatever the flags',
    opens.map((queue) => ({ text: visible(queue), tone: 'error' })),
  )

const perhapsRows = (gains: readonly Gain[]): string[][] =>
  gains
    .filter((gain) => !isSure(gain))
    .map(({ who, on, paths: [path] }) => [
      visible(who),
      `to ${visible(on)}`,
      path === undefined ? '' : byNumbers(path),
    ])

/** Who reaches more after a plan and who less: it stands in front of everything else that a plan says. */
export const deltaParts = (delta: AccessDelta | undefined): Part[] => {
  if (delta === undefined) return []
  if (delta.gains.length === 0 && delta.losses.length === 0 && delta.opens.length === 0)
    return [{ says: 'Access: nobody gains or loses anything.' }]
  const withPaths = delta.gains
    .filter((gain) => gain.paths.length > 0 && isSure(gain))
    .toSorted((a, b) => Number(a.by !== undefined) - Number(b.by !== undefined))
  const shown = withPaths.slice(0, mostGains)
  const left = withPaths.length - shown.length
  return [
    ...block('access', summaryLines(delta)),
    ...opened(delta.opens),
    ...block('the new paths', [
      ...shown.flatMap(gainLines),
      ...(left > 0 ? [{ text: `… and ${String(left)} more, all of them in --format json` }] : []),
    ]),
    ...block(
      'and by what is assumed',
      capped(
        columns(perhapsRows(delta.gains), widthOf).map((text) => ({ text })),
        mostPerhaps,
      ),
    ),
    ...(delta.widens && delta.opens.length === 0
      ? [
          {
            says: 'Somebody gains: carrying it out takes `--allow-widening` as well.',
            tone: 'warning',
          } as const,
        ]
      : []),
  ]
}
