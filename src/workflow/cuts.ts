import type { CutEdit, CutSet } from '../access/cut.js'
import { clusterOf, eventOf } from '../access/places.js'
import { difference, changedLines } from '../config/difference.js'
import { edited, pathsTo, valueIn, type Edit, type Path } from '../config/edit.js'
import { declarationBytes, type Files } from '../config/files.js'
import { normal } from '../config/path.js'
import { keyIn, namesIn, type Address } from '../model/address.js'
import type { Fact, Power } from '../model/grant.js'
import type { Json } from '../model/json.js'
import type { Cut } from '../model/verdict.js'
import type { Want } from '../model/wanted.js'
import { linesFor, roleEdit } from './cuts-of-roles.js'
import type { Grounds } from './ground.js'

/** A node that stands for many: whoever joins next. */
const isNewcomer = (of: Address) => of.startsWith('newcomer:')

/**
 * What an edit of the files, or of the organization, can take away; and how to say that. What takes the least from people
 * comes first, and of two sets of edits that are as small, the one with the first edits is told.
 */
const edits: Partial<Record<Power, (fact: Fact) => string>> = {
  builds: ({ of, on }) => `give ${of} read_only on ${on}`,
  edits: ({ of, on }) => `give ${of} read_only on ${on}`,
  rebuilds: ({ of }) => `write allow_rebuilds: false at ${of}`,
  unblocks: ({ of, on }) => `take ${of} from the allowed_teams of ${on}`,
  'starts-on': (fact) => `switch builds by ${eventOf(fact) ?? ''} off at ${fact.of}`,
  'takes-webhooks': ({ of }) => `write trigger_mode: none at ${of}`,
  'shows-to-all': ({ of }) => `write visibility: private at ${of}`,
  'clones-from': ({ of }) => `take clone_mirror_url from ${of}`,
  triggers: ({ of, on }) => `take out the rule by which ${of} triggers ${on}`,
  'reads-artifacts': ({ of, on }) => `take out the rule by which ${of} reads artifacts of ${on}`,
  scheduled: ({ on, by = '' }) => `take the schedule "${by}" from ${on}`,
  'creates-pipelines': ({ of }) => `write members_can_create_pipelines: false at ${of}`,
  'maintains-team': ({ of, on }) =>
    isNewcomer(of)
      ? `write default_member_role: member at ${on}`
      : `make ${of} a member of ${on}, and no maintainer`,
  'maintains-cluster': ({ of, on }) => `take ${of} from the maintainers of ${on}`,
  'registers-agents': ({ of }) => `revoke ${of}`,
  'opens-terminals': () => 'switch terminals into hosted jobs off',
  unfinished: ({ of, on }) => `cancel the unfinished builds of ${on} that ${of} had a hand in`,
  'in-team': ({ of, on }) =>
    isNewcomer(of) ? `write is_default_team: false at ${on}` : `take ${of} out of ${on}`,
  administers: ({ of }) => `take the administrator’s role from ${of}`,
  created: ({ of, on }) => `have ${on} made anew by somebody who is allowed, instead of ${of}`,
  'default-cluster': ({ of }) => `make another cluster than ${of} the default one, or none`,
  'teams-off': () => 'switch teams on',
  'runs-in': ({ of, on }) => `move ${of} out of ${on}`,
}

const eases = new Map(Object.keys(edits).map((power, at) => [power, at]))

/** The builds of one cut, by their numbers: it is one to decide on, and one call for each to carry out. */
const cancelling = ({ of, on }: Fact, { access }: Grounds): string => {
  const builds = access.facts
    .on('unfinished', on)
    .flatMap((fact) => (fact.of === of ? (fact.by ?? 'an unfinished job') : []))
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1)) // build 9 before build 10
  const named = builds.slice(0, mostBuilds)
  const left = builds.length - named.length
  return `cancel ${named.join(', ')}${left > 0 ? ` and ${String(left)} more` : ''} of ${on}`
}

/** How many builds one cut names. */
const mostBuilds = 20

/** Whom the files allow where something is, and why: by name, as a team, or by trust. */
export const allowedAt = (found: Grounds, on: Address): ReadonlyMap<string, string> => {
  const { wanted, borders, access } = found
  const cluster = on.startsWith('queue:')
    ? clusterOf(on)
    : on.startsWith('cluster:')
      ? on
      : access.facts.from('runs-in', on)[0]?.on
  const border = borders.find((one) => one.on === on) ?? borders.find((one) => one.cluster === cluster)
  const { allow } = wanted.access
  const own = allow.find((one) => one.on === on) ?? allow.find((one) => one.on === cluster)
  return new Map([
    ...((border?.narrower ?? border)?.allowed ?? []),
    ...(own?.teams ?? []).map(({ value }) => [`team:${value}`, `team:${value}`] as const),
  ])
}

/** The edits that could take facts away from whoever comes to something. */
export const editsFor = (found: Grounds, on: Address): ((fact: Fact) => CutEdit | undefined) => {
  const allowed = allowedAt(found, on)
  const declared = new Map(found.wanted.wants.map((want) => [want.address, want]))
  return (fact) => {
    const ofRole = roleEdit(found, fact)
    if (ofRole !== undefined) {
      const { when, ...edit } = ofRole
      return { ...edit, ease: { first: -1, late: eases.size, last: eases.size + 1 }[when] }
    }
    const says = edits[fact.power]?.(fact)
    if (says === undefined) return undefined
    const isMove = fact.power === 'runs-in'
    const to = isMove ? clusterToMoveTo(found, fact) : undefined
    const isAtHome = isMove && declared.get(fact.of)?.spec['cluster'] === nameIn(fact.on)
    return {
      says,
      ease: eases.get(fact.power) ?? eases.size,
      isHarsh: allowed.has(fact.of) || isAtHome,
      ...(to === undefined ? {} : { gives: [{ ...fact, on: to }] }),
    }
  }
}

/** Edits as they are told: what to do, the line where the files have one, and the files as they would be. */
export const cutsOf = (
  { edits: made }: CutSet,
  found: Grounds,
  { files, root }: { readonly files: Files; readonly root: string },
): { readonly cuts: readonly Cut[]; readonly diff?: string } => {
  const inFiles = filesOf(found, files, root)
  const after = new Map<string, string>()
  const cuts = made.map(({ says, facts }): Cut => {
    const at = facts.flatMap((fact) =>
      fact.at.from === 'file' ? fact.at.span : (found.declaredAt(fact) ?? []),
    )[0]
    const changes = facts.flatMap((fact) => fileEdits[fact.power]?.(fact, inFiles) ?? [])
    const lines = changes.flatMap(({ file, act, isLast }) => {
      const text = inFiles.text(file)
      if (text === undefined) return []
      const [before, now] = [after.get(file) ?? text, act(after.get(file) ?? text)]
      if (isLast === true && before === now) return []
      after.set(file, now)
      const { out, in: into } = changedLines(text, act(text))
      return out.length + into.length === 0 ? [] : [{ out, into }]
    })
    const [first] = lines
    const [fact] = facts
    return {
      says: fact?.power === 'unfinished' ? cancelling(fact, found) : says,
      ...(at === undefined ? {} : { at }),
      ...(first === undefined ? {} : { before: first.out.join('\n'), after: first.into.join('\n') }),
      ...(first === undefined && changes.some(({ writes }) => writes) ? { isWritten: true } : {}),
    }
  })
  const diff = [...after]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, text]) => difference(file, inFiles.text(file) ?? '', text))
    .join('')
  return { cuts, ...(diff === '' ? {} : { diff }) }
}

/** A change of one file. */
interface FileEdit {
  readonly file: string
  readonly act: (text: string) => string
  /** True where it writes something down, and does not only take something out. */
  readonly writes: boolean
  /** True where what others took out may leave nothing that it could take. */
  readonly isLast?: true
}

/** The files of a declaration, by what they declare. */
interface InFiles {
  readonly found: Grounds
  readonly root: string
  readonly want: (address: Address) => Want | undefined
  /** Wants of a kind for which something holds. */
  readonly wants: (kind: string, which: (spec: Want['spec']) => boolean) => readonly Want[]
  readonly text: (file: string) => string | undefined
}

const filesOf = (found: Grounds, files: Files, root: string): InFiles => {
  const { wants } = found.wanted
  const byAddress = new Map(wants.map((want) => [want.address, want]))
  const texts = new Map<string, string | undefined>()
  return {
    found,
    root,
    want: (address) => byAddress.get(address),
    wants: (kind, which) => wants.filter((want) => want.kind === kind && which(want.spec)),
    text: (file) => {
      if (!texts.has(file)) {
        const answer = files.read(file, declarationBytes)
        texts.set(
          file,
          'no' in answer ? undefined : new TextDecoder('utf-8', { ignoreBOM: true }).decode(answer.bytes),
        )
      }
      return texts.get(file)
    },
  }
}

const nameIn = (address: Address, nth = 0): string => namesIn(keyIn(address))[nth] ?? ''

/** A value written down in the file that declares something. */
const written = (
  { want }: InFiles,
  of: Address,
  path: Path,
  value: Json,
  otherwise?: string,
): readonly FileEdit[] => {
  const file = want(of)?.at.file ?? otherwise
  return file === undefined
    ? []
    : [{ file, writes: true, act: (text) => edited(text, [{ act: 'set', path, value }]) }]
}

const writtenAt = (pipeline: Address, keys: Path, value: Json, inFiles: InFiles) =>
  written(inFiles, pipeline, ['pipelines', nameIn(pipeline), ...keys], value)

/** Things taken out of the file that declares them: whatever a text has at these paths. */
const takenOut = (file: string | undefined, paths: (text: string) => readonly Path[]): readonly FileEdit[] =>
  file === undefined
    ? []
    : [
        {
          file,
          writes: false,
          // The last first, so that the numbers of those before it stay.
          act: (text) =>
            edited(
              text,
              [...paths(text)].reverse().map((path): Edit => ({ act: 'remove', path })),
            ),
        },
      ]

/** The items of a list for which something holds. */
const itemsIn = (text: string, path: Path, which: (item: Json) => boolean): readonly Path[] => {
  const list = valueIn(text, path)
  return Array.isArray(list)
    ? (list as readonly Json[]).flatMap((item, index) => (which(item) ? [[...path, index]] : []))
    : []
}

/** The lowest level, for a team on a pipeline. */
const watchingOnly = ({ of, on }: Fact, inFiles: InFiles) =>
  writtenAt(on, ['teams', nameIn(of)], 'read_only', inFiles)

/** A person among the members of a team, in whatever letters the file has them. */
const memberPaths = ({ of, on }: Fact, text: string): readonly Path[] => {
  const path = ['teams', nameIn(on), 'members']
  const members = valueIn(text, path)
  return Object.keys(typeof members === 'object' && members !== null ? members : {})
    .filter((email) => email.toLowerCase() === keyIn(of))
    .map((email) => [...path, email])
}

const teamSetting = (team: Address, key: string, value: Json, inFiles: InFiles) =>
  written(inFiles, team, ['teams', nameIn(team), key], value)

const organizationSetting = (key: string, value: Json, inFiles: InFiles) =>
  written(inFiles, 'settings:organization', ['settings', key], value, inFiles.root)

const isObject = (value: Json): value is Readonly<Record<string, Json | undefined>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The lines of a trust that let somebody in; and what says on the other side that a role may become it. */
const trustOut = (fact: Fact, inFiles: InFiles): readonly FileEdit[] => {
  const { path, lines } = linesFor(fact)
  const [own] = takenOut(inFiles.want(fact.on)?.at.file, (text) =>
    lines(valueIn(text, path)).map((line) => [...path, line]),
  )
  if (own === undefined || own.act(inFiles.text(own.file) ?? '') === inFiles.text(own.file)) return []
  const asking = ['aws', 'roles', keyIn(fact.of), 'may_assume']
  return [
    { ...own, isLast: true },
    ...(fact.power === 'assumes'
      ? takenOut(inFiles.want(fact.of)?.at.file, (text) =>
          itemsIn(text, asking, (item) => item === keyIn(fact.on)),
        )
      : []),
  ]
}

/** The rules of a type between two pipelines. */
const rulesOut =
  (type: string) =>
  ({ of, on }: Fact, { wants }: InFiles): readonly FileEdit[] => {
    const isOne = (rule: Want['spec']) =>
      rule['type'] === type &&
      rule['source_pipeline'] === nameIn(of) &&
      rule['target_pipeline'] === nameIn(on)
    const files = new Set(wants('rule', isOne).map(({ at }) => at.file))
    return [...files].flatMap((file) =>
      takenOut(file, (text) => itemsIn(text, ['rules'], (item) => isObject(item) && isOne(item))),
    )
  }

/** The switches of each event of the Git host. */
const switchesOf: Readonly<Record<string, readonly string[]>> = {
  push: ['build_branches'],
  tag: ['build_tags'],
  create: ['build_create_event'],
  'pull-request': ['build_pull_requests'],
  fork: ['build_pull_request_forks'],
  comment: ['build_issue_comment_created', 'build_pull_request_review_comment_created'],
  review: [
    'build_pull_request_review_requested',
    'build_pull_request_review_submitted',
    'build_pull_request_review_dismissed',
  ],
  label: ['build_pull_request_labels_changed'],
  release: ['build_release_created', 'build_release_published', 'build_release_released'],
  'check-run': ['build_check_run_completed'],
  deployment: ['build_deployment_status_created'],
  'merge-group': ['build_merge_group_checks_requested'],
}

/** Those of an event that are written on, and where none is, all: any of them may be. */
const switchedOff = (fact: Fact, inFiles: InFiles): readonly FileEdit[] => {
  const { of } = fact
  const by = eventOf(fact) ?? ''
  const settings = inFiles.want(of)?.spec['provider_settings'] as
    Readonly<Record<string, unknown>> | undefined
  const all = switchesOf[by] ?? []
  const on = all.filter((key) => settings?.[key] === true)
  return [
    ...(settings?.['trigger_mode'] === by
      ? writtenAt(of, ['provider_settings', 'trigger_mode'], 'none', inFiles)
      : []),
    ...(on.length > 0 ? on : all).flatMap((key) => writtenAt(of, ['provider_settings', key], false, inFiles)),
  ]
}

/** Where the files would have a pipeline that leaves a cluster: in the default one, or else in the first, if not privileged. */
const clusterToMoveTo = ({ wanted }: Grounds, { on }: Fact): Address | undefined => {
  const fallback = wanted.wants.find(({ kind }) => kind === 'settings')?.spec['default_cluster']
  const open = wanted.wants
    .filter(({ kind, address }) => kind === 'cluster' && address !== on)
    .filter(({ address }) => wanted.access.allow.every((one) => one.on !== address))
    .map(({ address }) => address)
  return open.find((address) => nameIn(address) === fallback) ?? open[0]
}

/** Steps without a team among those that may unblock them. A list that would be empty goes: it has no meaning. */
const withoutUnblocker = (steps: string, team: string): string => {
  const paths = pathsTo(steps, 'allowed_teams').flatMap((path): readonly Path[] => {
    const teams = valueIn(steps, path)
    const all = Array.isArray(teams) ? (teams as readonly Json[]) : [teams]
    return all.every((one) => one === team) ? [path] : itemsIn(steps, path, (one) => one === team)
  })
  return edited(
    steps,
    [...paths].reverse().map((path): Edit => ({ act: 'remove', path })),
  )
}

const unblockerOut = ({ of, on }: Fact, inFiles: InFiles): readonly FileEdit[] => {
  const file = inFiles.want(on)?.at.file
  const text = file === undefined ? undefined : inFiles.text(file)
  if (file === undefined || text === undefined) return []
  const at = ['pipelines', nameIn(on)]
  const named = valueIn(text, [...at, 'steps_file'])
  if (typeof named === 'string')
    return [{ file: normal(named), writes: false, act: (steps) => withoutUnblocker(steps, nameIn(of)) }]
  const path = [...at, 'steps']
  const act = (whole: string) => {
    const steps = valueIn(whole, path)
    return typeof steps === 'string'
      ? edited(whole, [{ act: 'set', path, value: withoutUnblocker(steps, nameIn(of)) }])
      : whole
  }
  return [{ file, writes: false, act }]
}

/** The edits that take facts away, where the files are what says them. */
const fileEdits: Partial<Record<Power, (fact: Fact, inFiles: InFiles) => readonly FileEdit[]>> = {
  builds: watchingOnly,
  edits: watchingOnly,
  'in-team': (fact, inFiles) =>
    isNewcomer(fact.of)
      ? teamSetting(fact.on, 'is_default_team', false, inFiles)
      : takenOut(inFiles.want(fact.on)?.at.file, (text) => memberPaths(fact, text)),
  'maintains-team': (fact, inFiles) => {
    if (isNewcomer(fact.of)) return teamSetting(fact.on, 'default_member_role', 'member', inFiles)
    const file = inFiles.want(fact.on)?.at.file
    const paths = memberPaths(fact, inFiles.text(file ?? '') ?? '')
    const act = (text: string) =>
      edited(
        text,
        memberPaths(fact, text).map((path): Edit => ({ act: 'set', path, value: 'member' })),
      )
    return file === undefined ? [] : [{ file, writes: paths.length > 0, act }]
  },
  'creates-pipelines': ({ of }, inFiles) => teamSetting(of, 'members_can_create_pipelines', false, inFiles),
  rebuilds: ({ of }, inFiles) => writtenAt(of, ['allow_rebuilds'], false, inFiles),
  'shows-to-all': ({ of }, inFiles) => writtenAt(of, ['visibility'], 'private', inFiles),
  'clones-from': ({ of }, inFiles) => writtenAt(of, ['clone_mirror_url'], null, inFiles),
  'starts-on': switchedOff,
  'takes-webhooks': ({ of }, inFiles) =>
    writtenAt(of, ['provider_settings', 'trigger_mode'], 'none', inFiles),
  scheduled: ({ on, by = '' }, { want }) =>
    takenOut(want(on)?.at.file, (text) => {
      const path = ['pipelines', nameIn(on), 'schedules', by]
      return valueIn(text, path) === undefined ? [] : [path]
    }),
  triggers: rulesOut('pipeline.trigger_build.pipeline'),
  'reads-artifacts': rulesOut('pipeline.artifacts_read.pipeline'),
  'maintains-cluster': ({ of, on }, { want }) =>
    takenOut(want(on)?.at.file, (text) =>
      itemsIn(
        text,
        ['clusters', nameIn(on), 'maintainers', of.startsWith('team:') ? 'teams' : 'users'],
        (item) =>
          typeof item === 'string' && (of.startsWith('team:') ? item : item.toLowerCase()) === nameIn(of),
      ),
    ),
  'default-cluster': (_fact, inFiles) => organizationSetting('default_cluster', null, inFiles),
  'opens-terminals': (_fact, inFiles) => organizationSetting('hosted_agents_terminal_access', false, inFiles),
  'runs-in': (fact, inFiles) => {
    const to = clusterToMoveTo(inFiles.found, fact)
    return to === undefined ? [] : writtenAt(fact.of, ['cluster'], nameIn(to), inFiles)
  },
  unblocks: unblockerOut,
  becomes: trustOut,
  'becomes-by-name': trustOut,
  assumes: trustOut,
  admits: trustOut,
}
