import type { Files } from '../config/files.js'
import { filesOf, type By, type Texts } from '../config/writing/files.js'
import { imported, wordedOf, type Worded } from '../config/writing/worded.js'
import { addressOf, namesIn, type Address } from '../model/address.js'
import type { PlannedChange } from '../model/change.js'
import { nothingDeclared } from '../model/declared-access.js'
import type { Finding } from '../model/finding.js'
import type { Live } from '../model/live.js'
import type { Imported } from '../model/result.js'
import type { Span } from '../model/span.js'
import { coverOf, type Wanted } from '../model/wanted.js'
import { unplaced } from '../plan/finding.js'
import { makePlan } from '../plan/make.js'
import type { Survey } from '../plan/survey.js'
import { declare } from './declare.js'
import { derive } from './derive.js'
import { isFinding, unlessRefused } from './refused.js'
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
  const refused = (findings: readonly Finding[]): Imported => ({ result: 'import', findings })
  const there = world.files.read(world.root, 1)
  if (!('no' in there && there.no === 'missing')) return refused([filesThere(world.root)])
  const stub = everything(organization)
  const talked = await unlessRefused(async () => {
    const conversation = world.connect(stub)
    const derived = await derive(stub, conversation, { maxRemoved: 0, onProgress: world.onProgress })
    return { derived, conversation }
  })
  if (isFinding(talked)) return refused([talked])
  const { derived, conversation } = talked
  if (derived.read === undefined) return refused(derived.findings)
  const { survey } = derived.read
  const found = thereIn(survey, part)
  if ('code' in found) return refused([found])
  const things = wordedIn(found)
  const files = filesOf(world.root, { slug: organization, things, by })
  const over = filesOver(world.files, files)
  const inTheWay = proved({ ...world, files: over }, survey, world.root)
  const spent = conversation.spent
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

/** What is there and not put away, or the part of it that was asked for. */
const thereIn = (survey: Survey, part: Part | undefined): readonly Found[] | Finding => {
  const archived = archivedIn(survey)
  const all = imported.flatMap((kind) =>
    (survey.live.get(kind.name) ?? []).map((one): Found => ({ kind, one })),
  )
  const isPut = ({ kind, one }: Found) => {
    const names = namesIn(one.key)
    if (kind.place[0] === 'pipelines') return archived.has(names[0] ?? '')
    return false
  }
  const there = all.filter((one) => !isPut(one))
  if (part === undefined) return there
  const missing = [
    ...part.clusters.map((name) => addressOf('cluster', name)),
    ...part.teams.map((name) => addressOf('team', name)),
    ...part.pipelines.map((name) => addressOf('pipeline', name)),
  ].find((address) => !there.some(({ kind, one }) => `${kind.name}:${one.key}` === address))
  if (missing !== undefined) return notThere(missing, archived)
  const [clusters, teams, pipelines] = [new Set(part.clusters), new Set(part.teams), new Set(part.pipelines)]
  for (const { kind, one } of there) {
    const { cluster } = one.spec as { readonly cluster?: string | null }
    if (kind.name === 'pipeline' && typeof cluster === 'string' && clusters.has(cluster))
      pipelines.add(one.key)
  }
  const wanted: Readonly<Record<string, ReadonlySet<string>>> = { clusters, teams, pipelines }
  return there.filter(({ kind, one }) => wanted[kind.place[0] ?? '']?.has(namesIn(one.key)[0] ?? '') === true)
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

const filesThere = (root: string): Finding =>
  unplaced(
    'files-there',
    `${root} is there already`,
    'an import from nothing would write over what somebody has written',
    'take what has drifted into the files with `bridle import --update`, or name another place with --file',
  )

/** Files, with others laid over them. */
const filesOver = (files: Files, over: Texts): Files => ({
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

/** What stands between files and an empty plan: each thing and each field by name. */
const proved = (world: World, survey: Survey, root: string): readonly Finding[] => {
  const { wanted, findings } = declare(world)
  const wrong = findings.filter(({ severity }) => severity === 'error')
  if (wanted === undefined || wrong.length > 0) return wrong
  const nothing = { points: 0, graphqlRequests: 0, restRequests: 0 }
  const { plan, findings: objections } = makePlan(
    wanted,
    survey,
    { maxRemoved: 0 },
    { reading: nothing, applying: () => nothing },
  )
  return [
    ...objections.filter(({ severity }) => severity === 'error'),
    ...plan.changes.map((one) => differs(one, wanted, root)),
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
