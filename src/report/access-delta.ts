import { kindOf, type Address } from '../model/address.js'
import type { AccessDelta, Gain, Loss, Plan } from '../model/plan.js'
import { visible, widthOf } from './escape.js'
import { block, capped, columns, type BlockLine, type Part } from './part.js'
import { byNumbers, trailLines } from './trail.js'
import { counted, listed } from './words.js'

/** How many gains are told whole, and of each how many paths. The JSON report has them all. */
const mostGains = 12
const mostPaths = 3
const mostPerhaps = 10

const isPerson = (who: string) => who.startsWith('user:') || who.startsWith('invitee:')

/** Whoever has something: nobody knows who that is, so they are named after those who are somebody. */
const isStandIn = (who: string) => /^(former|holder|pusher):/.test(who)

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

/** Whether it is about a place: a queue to run on, or a role to assume. */
const isPlace = ({ can }: Loss) => can === undefined || can === 'run' || can === 'assume'

/** `pipeline:web`, or where there are several `12 pipelines and 1 team`. */
const things = (all: readonly Address[]): string => {
  const distinct = [...new Set(all)]
  const [only] = distinct
  if (distinct.length === 1 && only !== undefined) return visible(only)
  const kinds = [...new Set(distinct.map(kindOf))]
  return listed(kinds.map((kind) => counted(distinct.filter((one) => kindOf(one) === kind).length, kind)))
}

/** What somebody gains who gains no queue. */
const right = (can: string, on: readonly Address[], of = things): string => {
  if (can === 'administer') return 'the right to administer the organization'
  const isEverywhere = on.every((one) => one === 'organization:')
  return `the right to ${visible(can)}${isEverywhere ? '' : ` ${of(on)}`}`
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

/** How many people are told by name. The JSON report has them all. */
const mostPeople = 12
/** How many things one person gains or loses are told by name. */
const mostThings = 3

const named = (all: readonly Address[]): string => {
  const distinct = [...new Set(all)]
  return distinct.length <= mostThings ? listed(distinct.map((one) => visible(one))) : things(distinct)
}

/** `queue:a/b, role:c/d and the right to edit pipeline:web`: all that one person gains, or loses. */
const all = (some: readonly Loss[]): string => {
  const queues = some.filter(isPlace).map(({ on }) => on)
  const rights = [...new Set(some.filter((one) => !isPlace(one)).map(({ can }) => can ?? ''))]
  return listed([
    ...(queues.length === 0 ? [] : [named(queues)]),
    ...rights.map((can) =>
      right(
        can,
        some.filter((one) => one.can === can).map(({ on }) => on),
        named,
      ),
    ),
  ])
}

/** Who gains a right and who loses anything, by name; whoever gains a queue has a path of their own. */
const byPerson = ({ gains, losses }: AccessDelta): BlockLine[] => {
  // A role that nothing says who may assume has no path of its own below.
  const rights = gains.filter((gain) => !isPlace(gain) || (gain.can === 'assume' && gain.paths.length === 0))
  const everybody = [...new Set([...rights, ...losses].map(({ who }) => who))].sort()
  const whos = [...everybody.filter((who) => !isStandIn(who)), ...everybody.filter(isStandIn)]
  const said = (verb: string, some: readonly Loss[]) => (some.length === 0 ? [] : [`${verb} ${all(some)}`])
  return capped(
    columns(
      whos.map((who) => [
        personName(who),
        [
          ...said(
            'gains',
            rights.filter((one) => one.who === who),
          ),
          ...said(
            'loses',
            losses.filter((one) => one.who === who),
          ),
        ].join(', '),
      ]),
      widthOf,
    ).map((text) => ({ text })),
    mostPeople,
  )
}

/** People by their address; whoever comes next has none. */
const personName = (who: string): string =>
  who === 'newcomer:anybody'
    ? 'whoever joins the organization'
    : who.startsWith('newcomer:')
      ? `whoever is put into ${visible(who.replace('newcomer:', 'team:'))}`
      : visible(who)

/** Whether somebody surely reaches it, and not only if something assumed is not so. */
const isSure = (gain: Loss | Gain) =>
  !('paths' in gain) || gain.paths[0] === undefined || gain.paths[0].sureness === 'open'

/** A line for each privileged queue and each role, then one for each other right. */
const summaryLines = ({ gains, losses }: AccessDelta): BlockLine[] => {
  const all = [...gains, ...losses]
  const queues = [...new Set(all.filter(isPlace).map(({ on }) => on))]
  const rights = [...new Set(all.filter((one) => !isPlace(one)).map(({ can }) => can ?? ''))]
  return [
    ...queues.map((queue) => {
      const of = (those: readonly Loss[]) => those.filter((one) => isPlace(one) && one.on === queue)
      const gained = of(gains)
      const perhaps = gained.filter((gain) => !isSure(gain)).map(({ who }) => who)
      const lost = of(losses)
      const isSettled = lost.length > 0 && lost.every(({ accepted }) => accepted === true)
      const line = sentence(gained.filter(isSure), lost, () => visible(queue))
      const why = isSettled ? ', as what they would need is accepted' : ''
      const more =
        perhaps.length === 0
          ? ''
          : `${line.text === '' ? '' : '; '}${crowd(perhaps)} may ${line.text === '' ? `reach ${visible(queue)}` : 'reach it'} if something assumed is not so`
      return { ...line, text: `${line.text}${why}${more}` }
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

/** Whether nothing but who may watch is about to change. */
const isSeen = ({ changes }: Pick<Plan, 'changes'>): boolean =>
  changes.some(({ address }) => kindOf(address) === 'grant')

/**
 * Who reaches more after a plan and who less: it stands in front of everything else that a plan says.
 *
 * @param isDrift  what has happened is told, and what apply would do is not what has happened
 */
export const deltaParts = (plan: Pick<Plan, 'access' | 'changes'> | undefined, isDrift = false): Part[] => {
  const delta = plan?.access
  if (plan === undefined || delta === undefined) return []
  if (delta.gains.length === 0 && delta.losses.length === 0 && delta.opens.length === 0)
    return [
      {
        says: `Access: ${isDrift ? 'by `bridle apply` ' : ''}nobody ${isDrift ? 'would gain or lose' : 'gains or loses'} anything${isSeen(plan) ? ' but to watch' : ''}.`,
      },
    ]
  const withPaths = delta.gains
    .filter((gain) => gain.paths.length > 0 && isSure(gain))
    .toSorted((a, b) => Number(a.by !== undefined) - Number(b.by !== undefined))
  const shown = withPaths.slice(0, mostGains)
  const left = withPaths.length - shown.length
  return [
    ...block(isDrift ? 'what `bridle apply` would do to access' : 'access', summaryLines(delta)),
    ...opened(delta.opens),
    ...block('by name', byPerson(delta)),
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
    ...(delta.widens && delta.opens.length === 0 && !isDrift
      ? [
          {
            says: 'Somebody gains: carrying it out takes `--allow-widening` as well.',
            tone: 'warning',
          } as const,
        ]
      : []),
  ]
}
