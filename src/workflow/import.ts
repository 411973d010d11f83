import { declarationBytes, type FileAnswer, type Files } from '../config/files.js'
import { withDrift, type Drift, type Kept } from '../config/writing/drifted.js'
import { filesOf, type By, type Texts } from '../config/writing/files.js'
import { fromAccounts, imported, isOfBuildkite, wordedOf, type Worded } from '../config/writing/worded.js'
import { addressOf, keyIn, kindOf, namesIn, type Address } from '../model/address.js'
import type { PlannedChange } from '../model/change.js'
import { nothingDeclared } from '../model/declared-access.js'
import type { Finding } from '../model/finding.js'
import type { Live } from '../model/live.js'
import type { Plan, Undeclared } from '../model/plan.js'
import type { Imported, Spent } from '../model/result.js'
import type { Span } from '../model/span.js'
import { coverOf, type Wanted } from '../model/wanted.js'
import { unplaced } from '../plan/finding.js'
import { ignoring } from '../plan/diff.js'
import { parentOf } from '../plan/kind-named.js'
import { makePlan } from '../plan/make.js'
import type { Survey } from '../plan/survey.js'
import { declare, standInTheWay } from './declare.js'
import { derive } from './derive.js'
import { isFinding, unlessRefused } from './refused.js'
import { anotherOrganization } from './plan.js'
import type { World } from './world.js'

/** What of an organization is imported, where it is not all of it. */
export interface Part {
  readonly clusters: readonly string[]
  readonly teams: readonly string[]
  readonly pipelines: readonly string[]
}

export interface ImportOptions {
  /** The organization's slug. */
  readonly organization: string
  readonly by: By
  readonly part?: Part
}

/**
 * Files that say what is there, and the proof that they do: held against what was read, they leave nothing to plan.
 * Nothing is written, and nothing given where that is not so.
 */
export const importing = async (
  world: World,
  { organization, by, part }: ImportOptions,
): Promise<Imported> => {
  if (!isMissing(world.files.read(world.root, 1))) return refused([filesThere(world.root)])
  const reading = await readAll(world, everything(organization))
  if (!('survey' in reading)) return reading
  const { survey, spent } = reading
  const found = thereIn(survey, part)
  if ('code' in found) return refused([found])
  const things = wordedIn(found)
  const files = filesOf(world.root, { slug: organization, things, by })
  const taken = [...files.keys()].find((path) => !isMissing(world.files.read(path, 1)))
  if (taken !== undefined) return refused([filesThere(taken)])
  const inTheWay = proved({ ...world, files: filesOver(world.files, files) }, survey, world.root)
  if (inTheWay.length > 0) return { ...refused(inTheWay), spent }
  return {
    result: 'import',
    findings: leftOut(things, files),
    files: Object.fromEntries(files),
    imported: countsOf(things),
    archived: part === undefined ? archivedIn(survey).size : 0,
    spent,
  }
}

/**
 * Files with what has drifted taken into them, and the proof: held against what was read, they leave nothing to plan.
 * Comments, order and the way in which things are written stay.
 */
export const updating = async (world: World, { part }: Pick<ImportOptions, 'part'>): Promise<Imported> => {
  const { wanted, findings } = declare(world)
  if (wanted === undefined || standInTheWay(findings)) return refused(findings)
  if (world.organization !== undefined && world.organization !== wanted.organization)
    return refused([anotherOrganization(wanted.organization, world.organization)])
  const reading = await readAll(world, everything(wanted.organization, wanted))
  if (!('survey' in reading)) return reading
  const { survey, spent } = reading
  const { plan } = planIn(wanted, survey)
  const drift = driftIn(wanted, survey, plan, part)
  const renamed = plan.changes.flatMap(({ address, was }) =>
    was === undefined ? [] : [waitsForRename(address)],
  )
  if (renamed.length > 0) return { ...refused(renamed), spent }
  const guarded = atBorders(wanted, drift)
  if (guarded.length > 0) return { ...refused(guarded.map(notTaken)), spent }
  const { files, kept } = withDrift(wanted, world.root, drift, (path) => textIn(world.files, path))
  if (kept.length > 0) return { ...refused(kept.map(notTaken)), spent }
  const isOurs = within(survey, part)
  const added = new Map(drift.added.map((one) => [`${one.kind.name}:${one.key}`, one]))
  // Of what can't be written, it is told that it is left out; and what differed before, and is not ours, stays as it is.
  const before = new Set(plan.changes.map(sayingOf))
  const isProved: Proof = {
    of: (address) => isOurs(address) || added.has(address),
    isLeftOut: (address) => added.has(address) && added.get(address)?.value === undefined,
    wasBefore: (change) => before.has(sayingOf(change)),
  }
  const inTheWay = proved({ ...world, files: filesOver(world.files, files) }, survey, world.root, isProved)
  if (inTheWay.length > 0) return { ...refused(inTheWay), spent }
  return {
    result: 'import',
    findings: leftOut(drift.added, files),
    files: Object.fromEntries(files),
    taken: {
      changed: drift.changed.length,
      gone: drift.gone.length,
      added: drift.added.length,
      elsewhere: plan.changes.filter(({ address }) => !isProved.of(address)).length,
    },
    spent,
  }
}

const refused = (findings: readonly Finding[]): Imported => ({ result: 'import', findings })

/** Reads all that can be written; or what to answer where that was not possible. */
const readAll = async (
  world: World,
  asked: Wanted,
): Promise<{ readonly survey: Survey; readonly spent: Spent } | Imported> => {
  const talked = await unlessRefused(async () => {
    const conversation = world.connect(asked)
    const derived = await derive(asked, conversation, {
      maxRemoved: Number.POSITIVE_INFINITY,
      onProgress: world.onProgress,
      now: world.now?.(),
      policyKey: world.policyKey,
    })
    return { derived, spent: conversation.spent }
  })
  if (isFinding(talked)) return refused([talked])
  const { derived, spent } = talked
  return derived.read === undefined
    ? { ...refused(derived.findings), spent }
    : { survey: derived.read.survey, spent }
}

type IsOurs = (address: Address) => boolean

/** What has to be nothing in the next plan. */
interface Proof {
  readonly of: IsOurs
  /** Whether nothing can be written of something that no file declares. */
  readonly isLeftOut: (address: Address) => boolean
  /** Whether a change was to be made before, too: of what is not asked for, one that was not is ours. */
  readonly wasBefore: (change: PlannedChange) => boolean
}

const sayingOf = ({ address, verb, fields }: PlannedChange): string => JSON.stringify([address, verb, fields])

const importedNames = new Map(imported.map((kind) => [kind.name, kind]))

/** Whether something is of a kind that is imported, and in the part that was asked for. */
const within = (survey: Survey, part: Part | undefined): IsOurs => {
  const pipelines = new Set(part?.pipelines)
  for (const { key, spec } of survey.live.get('pipeline') ?? []) {
    const { cluster } = spec as { readonly cluster?: string | null }
    if (typeof cluster === 'string' && part?.clusters.includes(cluster) === true) pipelines.add(key)
  }
  const parts: Readonly<Record<string, ReadonlySet<string>>> = {
    clusters: new Set(part?.clusters),
    teams: new Set(part?.teams),
    pipelines,
  }
  return (address) => {
    const section = importedNames.get(kindOf(address))?.place[0]
    if (section === undefined) return false
    return part === undefined || parts[section]?.has(namesIn(keyIn(address))[0] ?? '') === true
  }
}

const planIn = (wanted: Wanted, survey: Survey) => {
  const nothing = { points: 0, graphqlRequests: 0, restRequests: 0 }
  const prices = { reading: nothing, applying: () => nothing }
  return makePlan(wanted, survey, { maxRemoved: Number.POSITIVE_INFINITY }, prices)
}

/** What differs, in the words of an import. */
const driftIn = (wanted: Wanted, survey: Survey, plan: Plan, part: Part | undefined): Drift => {
  const isOurs = within(survey, part)
  const wants = new Map(wanted.wants.map((want) => [want.address, want]))
  const found = allOf(imported, survey)
  const live = new Map(found.map((one) => [addressIn(one), one]))
  const ours = plan.changes.filter(({ address }) => isOurs(address))
  const strangers = new Set([
    ...ours.filter(({ verb }) => verb === 'remove').map(({ address }) => address),
    ...plan.undeclared.flatMap(({ address, ignored }) => (ignored || !isOurs(address) ? [] : [address])),
  ])
  const own = [...live].flatMap(([address, { kind, one }]) =>
    strangers.has(address) ? [wordedOf(kind, one)] : [],
  )
  // What is under something new comes along.
  const below = wordedIn(found).filter(({ kind, key, names }) => {
    const above = parentOf(kind)
    const address: Address = `${kind.name}:${key}`
    return (
      above !== undefined &&
      strangers.has(addressOf(above.name, names[0] ?? '')) &&
      !strangers.has(address) &&
      !wants.has(address)
    )
  })
  const roles = allOf(part === undefined ? fromAccounts : [], survey)
    .filter(
      (found) =>
        !wants.has(addressIn(found)) &&
        !ignoring(found.kind, wanted.ignore[found.kind.plural] ?? [])(found.one.key) &&
        isOfBuildkite(found.one),
    )
    .map(({ kind, one }) => wordedOf(kind, one))
  const added = [...own, ...below, ...roles]
  const depth = ({ kind }: Worded) => kind.place.length
  return {
    changed: ours.flatMap(({ address, verb, fields }) => {
      const [want, one] = [wants.get(address), live.get(address)]
      return verb !== 'update' || want === undefined || one === undefined
        ? []
        : [{ want, there: wordedOf(one.kind, one.one, true), fields: fields.map(({ field }) => field) }]
    }),
    gone: ours.flatMap(({ address, verb }) => {
      const want = verb === 'create' ? wants.get(address) : undefined
      return want === undefined ? [] : [want]
    }),
    added: added.sort((a, b) => depth(a) - depth(b) || (a.key < b.key ? -1 : 1)),
  }
}

/** What would open a border, or take it away, only because somebody has done something by hand: a person says that. */
const atBorders = ({ access: { allow } }: Wanted, { gone, added }: Drift): readonly Kept[] => [
  ...gone
    .filter(({ address }) => allow.some(({ on }) => on === address))
    .map(({ address }) => ({
      address,
      why: 'it is not there under that name, and its `allow` would go with it; where it was renamed, rename it in its file',
    })),
  ...added.flatMap(({ kind, key }): Kept[] => {
    const [team] = kind.name === 'member' ? namesIn(key) : []
    const border = allow.find(({ teams }) => teams.some(({ value }) => value === team))
    return team === undefined || border === undefined
      ? []
      : [
          {
            address: `${kind.name}:${key}`,
            why: `declared members of team ${team} are allowed on ${border.on}, and no file has this one`,
          },
        ]
  }),
]

const textIn = (files: Files, path: string): string | undefined => {
  const answer = files.read(path, declarationBytes)
  return 'bytes' in answer ? new TextDecoder().decode(answer.bytes) : undefined
}

const waitsForRename = (address: Address): Finding =>
  unplaced(
    'import-differs',
    `${address} is to be renamed by the next apply`,
    'until it is, what is there stands in the files under another name',
    'apply first, or take its `was` out',
  )

const notTaken = ({ address, why }: Kept): Finding =>
  unplaced(
    'import-differs',
    `${address} can’t be taken into the files: ${why}`,
    'files that were imported say what is there, or they are not changed: none was',
    'import a part without it, or settle it by hand',
  )

/** What is asked with where no file has said anything yet: all that can be written is read. */
const everything = (organization: string, wanted?: Wanted): Wanted => ({
  organization,
  wants: [],
  manage: {},
  ignore: {},
  access: nothingDeclared,
  ...wanted,
  covers: new Set([...(wanted?.covers ?? []), ...imported.map(({ plural }) => coverOf('', plural))]),
})

interface Found {
  readonly kind: Worded['kind']
  readonly one: Live<unknown>
}

const archivedIn = ({ live }: Survey): ReadonlySet<string> =>
  new Set(
    (live.get('pipeline') ?? []).flatMap(({ key, spec }) =>
      (spec as { readonly archived?: boolean }).archived === true ? [key] : [],
    ),
  )

const allOf = (kinds: readonly Found['kind'][], { live }: Survey): readonly Found[] =>
  kinds.flatMap((kind) => (live.get(kind.name) ?? []).map((one): Found => ({ kind, one })))

const addressIn = ({ kind, one }: Found): Address => `${kind.name}:${one.key}`

/** What is there and not put away, or the part of it that was asked for. */
const thereIn = (survey: Survey, part: Part | undefined): readonly Found[] | Finding => {
  const archived = archivedIn(survey)
  const there = allOf(imported, survey).filter(
    ({ kind, one }) => kind.place[0] !== 'pipelines' || !archived.has(namesIn(one.key)[0] ?? ''),
  )
  if (part === undefined) return there
  const missing = [
    ...part.clusters.map((name) => addressOf('cluster', name)),
    ...part.teams.map((name) => addressOf('team', name)),
    ...part.pipelines.map((name) => addressOf('pipeline', name)),
  ].find((address) => !there.some((found) => addressIn(found) === address))
  if (missing !== undefined) return notThere(missing, archived)
  const isOurs = within(survey, part)
  return there.filter((found) => isOurs(addressIn(found)))
}

/** Everybody who joins the organization joins its default team: a list of them would be out of date tomorrow. */
const wordedIn = (found: readonly Found[]): readonly Worded[] => {
  const joined = new Set(
    found.flatMap(({ kind, one }) =>
      kind.name === 'team' && (one.spec as { readonly is_default_team?: boolean }).is_default_team === true
        ? [one.key]
        : [],
    ),
  )
  return found.flatMap(({ kind, one }): Worded[] => {
    if (kind.name === 'member' && joined.has(namesIn(one.key)[0] ?? '')) return []
    const worded = wordedOf(kind, one)
    return kind.name === 'team' && joined.has(one.key)
      ? [
          {
            ...worded,
            left: [
              ...worded.left,
              { field: 'members', why: 'everybody who joins the organization is in it' },
            ],
          },
        ]
      : [worded]
  })
}

const notThere = (address: Address, archived: ReadonlySet<string>): Finding =>
  unplaced(
    'nothing-there',
    archived.has(address.replace('pipeline:', ''))
      ? `${address} is archived, and archived pipelines are not imported`
      : `there is no ${address}`,
    'a part of an organization is named as Buildkite names it',
    'look at its name there; pipelines and teams go by their slug, clusters by their name',
  )

const isMissing = (answer: FileAnswer) => 'no' in answer && answer.no === 'missing'

const filesThere = (root: string): Finding =>
  unplaced(
    'files-there',
    `${root} is there already`,
    'an import from nothing would write over what somebody has written',
    'take what has drifted into the files with `bridle import --update`, or name another place with --file',
  )

/** Files, with others laid over them. */
export const filesOver = (files: Files, over: Texts): Files => ({
  read: (path, maxBytes) => {
    const text = over.get(path)
    if (text === undefined) return files.read(path, maxBytes)
    const bytes = new TextEncoder().encode(text)
    return bytes.length > maxBytes ? { no: 'too-large' } : { bytes }
  },
  list: (folder) => {
    const answer = files.list(folder)
    const prefix = folder === '' ? '' : `${folder}/`
    const found = new Map('entries' in answer ? answer.entries.map((one) => [one.name, one]) : [])
    for (const path of over.keys()) {
      if (!path.startsWith(prefix)) continue
      const [name = '', ...rest] = path.slice(prefix.length).split('/')
      found.set(name, { name, is: rest.length > 0 ? 'folder' : 'file' })
    }
    return found.size === 0 && !('entries' in answer) ? answer : { entries: [...found.values()] }
  },
})

const everywhere: Proof = { of: () => true, isLeftOut: () => true, wasBefore: () => false }

/** What stands between files and an empty plan: each thing and each field by name. */
const proved = (
  world: World,
  survey: Survey,
  root: string,
  { of: isOurs, isLeftOut, wasBefore }: Proof = everywhere,
): readonly Finding[] => {
  const { wanted, findings } = declare(world)
  const wrong = findings.filter(({ severity }) => severity === 'error')
  if (wanted === undefined || wrong.length > 0) return wrong
  const { plan, findings: objections } = planIn(wanted, survey)
  const isStrange = ({ address, ignored }: Undeclared) => !ignored && isOurs(address)
  return [
    ...objections.filter(({ severity }) => severity === 'error'),
    ...plan.changes
      .filter((one) => isOurs(one.address) || !wasBefore(one))
      .map((one) => differs(one, wanted, root)),
    ...plan.undeclared
      .filter((one) => isStrange(one) && !isLeftOut(one.address))
      .map(({ address }) => notTaken({ address, why: 'it is in none of them' })),
  ]
}

/** A field that comes back from the files as something else. */
const differs = ({ address, verb, fields }: PlannedChange, wanted: Wanted, root: string): Finding => {
  const want = wanted.wants.find((one) => one.address === address)
  const names = fields.map(({ field }) => field)
  const where: Span[] = want === undefined ? [] : [want.at]
  return {
    code: 'import-differs',
    severity: 'error',
    what:
      verb === 'update'
        ? `${names.join(', ')} of ${address} would be changed by the next apply`
        : `the next apply would ${verb} ${address}`,
    where,
    why: `files that were imported say what is there, or they are not kept: nothing was written to ${root}`,
    fix: 'import a part without it, or report it: what is there is something that bridle writes down wrongly',
  }
}

/** What no file says although it is there: one warning for each kind and reason. */
const leftOut = (things: readonly Worded[], files: Texts): readonly Finding[] => {
  const found = new Map<
    string,
    { readonly kind: string; readonly field?: string; readonly why: string; readonly of: string[] }
  >()
  for (const { kind, key, left } of things)
    for (const { field, why } of left) {
      const id = `${kind.name} ${field ?? ''} ${why}`
      const known = found.get(id) ?? { kind: kind.name, ...(field !== undefined && { field }), why, of: [] }
      known.of.push(namesIn(key).join('/'))
      found.set(id, known)
    }
  return [...found.values()].map(({ kind, field, why, of }) => ({
    ...unplaced(
      'import-left-out',
      `${field === undefined ? '' : `\`${field}\` of `}${kind} ${some(of)} ${of.length > 1 && field === undefined ? 'are' : 'is'} not written: ${why}`,
      'what no file says, no plan changes: it stays as it is, and drift does not tell of it',
      `a comment in ${files.size === 1 ? 'the file' : 'the files'} says where; write it by hand where bridle has a word for it`,
    ),
    severity: 'warning',
  }))
}

const mostNamed = 3

const some = (names: readonly string[]): string =>
  names.length > mostNamed + 1
    ? `${names.slice(0, mostNamed).join(', ')} and ${names.length - mostNamed} more`
    : names.join(', ')

const countsOf = (things: readonly Worded[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const { kind, value } of things)
    if (value !== undefined) counts[kind.plural] = (counts[kind.plural] ?? 0) + 1
  return counts
}
