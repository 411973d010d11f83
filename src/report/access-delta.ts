import type { Address } from '../model/address.js'
import type { AccessDelta, Gain, Loss } from '../model/plan.js'
import { visible } from './escape.js'
import { block, type BlockLine, type Part } from './part.js'
import { byNumbers, trailLines } from './trail.js'
import { counted, listed } from './words.js'

/** How many gains are shown, and of each how many paths. The JSON report has them all. */
const mostGains = 12
const mostPaths = 3

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

/** One who gains is many: `2 people gain`, `1 person gains`. */
const verb = (whos: readonly string[], one: string) => (new Set(whos).size === 1 ? `${one}s` : one)

/** `queue:production/deploy`, or with another verb than running `edit pipeline:web`. */
const objectOf = ({ can, on }: Loss) => visible(can === undefined || can === 'run' ? on : `${can} ${on}`)

const objects = ({ gains, losses }: AccessDelta): readonly string[] => [
  ...new Set([...gains, ...losses].map(objectOf)),
]

/** `2 people gain queue:production/deploy, 1 person loses it`, a line for each thing. */
const summaryLines = (delta: AccessDelta): BlockLine[] =>
  objects(delta).map((object) => {
    const of = (all: readonly Loss[]) => all.filter((one) => objectOf(one) === object).map(({ who }) => who)
    const [gain, lose] = [of(delta.gains), of(delta.losses)]
    const gained = gain.length === 0 ? '' : `${crowd(gain)} ${verb(gain, 'gain')} ${object}`
    const lost =
      lose.length === 0 ? '' : `${crowd(lose)} ${verb(lose, 'lose')} ${gain.length === 0 ? object : 'it'}`
    return {
      text: [gained, lost].filter((words) => words !== '').join(', '),
      tone: gain.length > 0 ? 'warning' : 'added',
    }
  })

const gainLines = (gain: Gain): BlockLine[] => [
  { text: `${visible(gain.who)} gains ${objectOf(gain)}`, tone: 'warning' },
  ...gain.paths
    .slice(0, mostPaths)
    .flatMap((path): BlockLine[] => [
      { text: `  ${byNumbers(path)}` },
      ...trailLines(path.hops).hops.map((text) => ({ text: `    ${text}` })),
    ]),
  ...(gain.paths.length > mostPaths
    ? [{ text: `  … and ${String(gain.paths.length - mostPaths)} more`, tone: 'faint' } as const]
    : []),
]

const opened = (opens: readonly Address[]): Part[] =>
  block(
    'it would open these, and is refused whatever the flags',
    opens.map((queue) => ({ text: visible(queue), tone: 'error' })),
  )

/** Who reaches more after a plan and who less: it stands in front of everything else that a plan says. */
export const deltaParts = (delta: AccessDelta | undefined): Part[] => {
  if (delta === undefined) return []
  if (delta.gains.length === 0 && delta.losses.length === 0 && delta.opens.length === 0)
    return [{ says: 'Access: nobody gains or loses a privileged queue.' }]
  const shown = delta.gains.slice(0, mostGains)
  const left = delta.gains.length - shown.length
  return [
    ...block('access', summaryLines(delta)),
    ...opened(delta.opens),
    ...block('the new paths', [
      ...shown.flatMap(gainLines),
      ...(left > 0 ? [{ text: `… and ${String(left)} more, all of them in --format json` }] : []),
    ]),
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
