import {
  allowLists,
  narrowingLists,
  type GateCheck,
  type GateMode,
  type GatePipeline,
} from '../../model/gate.js'

/** What jobs of a pipeline may be, without what names it. */
export type Allowed = Omit<GatePipeline, 'slug' | 'uuid'>

/** What a gate lets in. */
export interface LetIn {
  readonly mode: GateMode
  readonly checks?: readonly GateCheck[]
  readonly pipelines: Readonly<Record<string, Allowed>>
}

/** The words for a list where one of its entries is new. */
const words: Readonly<Record<(typeof allowLists)[number], string>> = {
  branches: 'branch',
  tags: 'tag',
  sources: 'builds started by',
  triggered_by: 'builds that a build starts, of',
  environment: 'variable',
  plugins: 'plugin',
  commands: 'command',
  creator_teams: 'builds created by team',
  roles: 'role',
}

const pullRequests = { own: 'pull requests', forks: 'pull requests of forks' } as const

/**
 * What one policy lets in that another does not, a phrase each. Asked the other way round, it says what is refused.
 *
 * @param before  undefined where there is none, and so nothing is let in
 */
export const letInAnew = (before: LetIn | undefined, after: LetIn): string[] => [
  ...(after.mode !== 'block' && (before === undefined || before.mode === 'block')
    ? ['whatever it does not name, since it refuses nothing']
    : []),
  ...(before?.checks ?? []).flatMap((one) =>
    after.checks?.includes(one) === true ? [] : [`what its check ${one} refused`],
  ),
  ...Object.entries(after.pipelines)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([slug, now]) => {
      const was = before?.pipelines[slug]
      return was === undefined ? [`pipeline ${slug}`] : ofPipeline(was, now).map((one) => `${one} of ${slug}`)
    }),
]

const ofPipeline = (was: Allowed, now: Allowed): string[] => [
  ...(was.repository === now.repository ? [] : [`repository ${now.repository}`]),
  ...allowLists.flatMap((list) => inList(list, was[list], now[list])),
  ...(now.pull_requests === undefined ||
  now.pull_requests === was.pull_requests ||
  was.pull_requests === 'forks'
    ? []
    : [pullRequests[now.pull_requests]]),
  ...(now.role === undefined || now.role === was.role ? [] : [`role ${now.role}`]),
]

const inList = (
  list: (typeof allowLists)[number],
  was: readonly string[] | undefined,
  now: readonly string[] | undefined,
): string[] => {
  if (narrowingLists.has(list)) {
    if (was === undefined) return []
    if (now === undefined) return [list === 'commands' ? 'any command' : 'builds created by anybody']
  }
  const isBar = (one: string) => list !== 'commands' && one.startsWith('!')
  const added = (now ?? []).filter((one) => !isBar(one) && was?.includes(one) !== true)
  const lifted = (was ?? []).filter((one) => isBar(one) && now?.includes(one) !== true)
  return [
    ...added.map((one) => `${words[list]} ${one}`),
    ...(now === undefined ? [] : lifted.map((one) => `${words[list]} ${one.slice(1)}`)),
  ]
}
