import { kinds } from '../kinds/index.js'
import { addressOf, keyIn, namesIn } from '../model/address.js'
import type { Finding } from '../model/finding.js'
import type { Live } from '../model/live.js'
import type { Wanted } from '../model/wanted.js'
import type { Diff, Difference } from './diff.js'
import { finding, unplaced } from './finding.js'
import type { Consent } from './consent.js'
import { awsGuards } from './guards-aws.js'
import { kindNamed } from './kind-named.js'
import type { Survey } from './survey.js'

type Spec = Readonly<Record<string, unknown>>

/** How many of a kind may go without being asked about: this many, or this share of it. */
const freeRemovals = 10
const freeShare = 0.3

/** What bridle will not do even though the files ask for it. */
export const guards = (wanted: Wanted, survey: Survey, diff: Diff, consent: Consent): Finding[] => [
  ...tooManyRemovals(diff, consent),
  ...removedDefaultCluster(wanted, diff),
  ...removedClusterInUse(diff),
  ...removedDefaultQueue(diff),
  ...removedAndUsed(wanted, diff),
  ...lastWayIn(survey, diff),
  ...awsGuards(wanted, survey, diff, consent),
]

const removals = ({ differences }: Diff, kind: string): Difference[] =>
  differences.filter((difference) => difference.kind.name === kind && difference.change.verb === 'remove')

const tooManyRemovals = (diff: Diff, { maxRemoved }: Consent): Finding[] =>
  kinds.flatMap((kind) => {
    const { name, plural } = kind
    const gone = removals(diff, name).length + takenAlong(diff, name)
    const there = (diff.live.get(name) ?? []).filter((one) => kind.retired?.(one) !== true).length
    if (gone <= freeRemovals || gone <= there * freeShare || gone <= maxRemoved) return []
    return [
      unplaced(
        'too-many-removals',
        `${gone} of ${there} ${plural} would be removed`,
        `more than ${freeRemovals} and more than ${freeShare * 100} % at once is more often a lost file than a wish`,
        `look at the plan, and if it is meant, run again with --max-removed ${gone}`,
      ),
    ]
  })

/** What the API takes away together with something that is removed: the members of a team, the queues of a cluster. */
const takenAlong = (diff: Diff, name: string): number => {
  const kind = kindNamed(name)
  const gone = new Set(
    diff.differences.flatMap(({ address, change }) => (change.verb === 'remove' ? [address] : [])),
  )
  if (gone.size === 0) return 0
  return (diff.live.get(name) ?? []).filter(
    (one) =>
      !gone.has(`${name}:${one.key}`) &&
      kind
        .dependencies(one.spec)
        .some(({ address, field }) => kind.identity.includes(field) && gone.has(address)),
  ).length
}

const liveSpecs = <T>(diff: Diff, kind: string) => (diff.live.get(kind) ?? []) as readonly Live<T>[]

/** The default cluster can't be deleted, and the new default has to be there first. */
const removedDefaultCluster = (wanted: Wanted, diff: Diff): Finding[] => {
  const settings = wanted.wants.find(({ kind }) => kind === 'settings')?.spec
  const [live] = liveSpecs<Spec>(diff, 'settings')
  const written = settings?.['default_cluster']
  const after = written === undefined ? live?.spec['default_cluster'] : written
  return removals(diff, 'cluster')
    .filter(({ address }) => typeof after === 'string' && address === addressOf('cluster', after))
    .map(({ address }) =>
      unplaced(
        'removes-default-cluster',
        `${address} is the organization's default cluster, and would be removed`,
        'every pipeline made without a cluster lands there, so Buildkite refuses to delete it',
        'declare it, or declare another `settings.default_cluster` first',
      ),
    )
}

const removedClusterInUse = (diff: Diff): Finding[] => {
  const leaving = new Map(
    diff.differences.flatMap(({ address, kind, change }) =>
      kind.name === 'pipeline' && change.verb === 'update' && change.want['cluster'] !== undefined
        ? [[address, change.want['cluster']] as const]
        : [],
    ),
  )
  return removals(diff, 'cluster').flatMap(({ address }) => {
    const [name] = namesIn(keyIn(address))
    const staying = liveSpecs<Spec>(diff, 'pipeline').filter(
      ({ key, spec }) => spec['cluster'] === name && !leaving.has(addressOf('pipeline', key)),
    )
    const [first] = staying
    if (first === undefined) return []
    const others = staying.length > 1 ? ` and ${staying.length - 1} more` : ''
    return [
      unplaced(
        'cluster-in-use',
        `${address} would be removed, and pipeline "${first.key}"${others} would have no queues`,
        'a pipeline without a cluster runs nowhere, and its history in the cluster is lost',
        'move its pipelines to another cluster first, or declare the cluster',
      ),
    ]
  })
}

/** Steps that name no queue would wait for ever, and Buildkite refuses it besides. */
const removedDefaultQueue = (diff: Diff): Finding[] => {
  const changed = new Map(diff.differences.map(({ address, change }) => [address, change]))
  return removals(diff, 'queue').flatMap(({ address }) => {
    const [cluster = '', key] = namesIn(keyIn(address))
    const change = changed.get(addressOf('cluster', cluster))
    const live = liveSpecs<Spec>(diff, 'cluster').find(({ spec }) => spec['name'] === cluster)?.spec
    const after =
      (change?.verb === 'update' ? change.want['default_queue'] : undefined) ?? live?.['default_queue']
    if (after !== key || (change?.verb === 'update' && change.want['default_queue'] === null)) return []
    return [
      unplaced(
        'removes-default-queue',
        `${address} is the default queue of cluster "${cluster}", and would be removed`,
        'steps that name no queue run there, and would wait for ever',
        `declare it, or write another \`default_queue\` under clusters.${cluster}`,
      ),
    ]
  })
}

/** What is declared nowhere and still named by something declared can't be taken away from under it. */
const removedAndUsed = (wanted: Wanted, diff: Diff): Finding[] => {
  const gone = new Set(
    diff.differences.flatMap(({ address, change }) => (change.verb === 'remove' ? [address] : [])),
  )
  if (gone.size === 0) return []
  return wanted.wants.flatMap((want) =>
    kindNamed(want.kind)
      .dependencies(want.spec)
      .filter(({ address }) => gone.has(address))
      .map(({ address, field }) =>
        finding('removes-what-is-used', want, field, {
          what: `${address} would be removed, and ${want.address} needs it`,
          why: `no file declares ${address}, and \`manage\` says that what is undeclared goes`,
          fix: `declare ${address}, or take it out here`,
        }),
      ),
  )
}

/**
 * The identity that applies keeps at least one team, if it has one now: its admin role is in somebody else's hands,
 * and when that goes, its teams are all that is left.
 */
const lastWayIn = (survey: Survey, diff: Diff): Finding[] => {
  const { email } = survey.organization.identity
  const mine = liveSpecs<{ team: string; user: string }>(diff, 'member').filter(
    ({ spec }) => spec.user === email,
  )
  if (mine.length === 0) return []
  const losing = new Set([
    ...removals(diff, 'member').map(({ address }) => keyIn(address)),
    ...removals(diff, 'team').flatMap(({ address }) =>
      mine.filter(({ spec }) => addressOf('team', spec.team) === address).map(({ key }) => key),
    ),
  ])
  if (mine.some(({ key }) => !losing.has(key))) return []
  const joins = diff.differences.some(
    ({ kind, change }) => kind.name === 'member' && change.verb === 'create' && change.want['user'] === email,
  )
  if (joins) return []
  return [
    unplaced(
      'last-way-in',
      `${email}, who applies this, would be removed from its last team`,
      'if its admin role is ever taken away, nothing would be left by which it could put things right',
      `declare ${email} as a member of a team, or write ignore: { members: ["*/${email}"] }`,
    ),
  ]
}
