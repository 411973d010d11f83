import type { CutEdit } from '../access/cut.js'
import { edited, type Edit } from '../config/edit.js'
import { declarationBytes, type Files } from '../config/files.js'
import { keyIn, type Address } from '../model/address.js'
import type { Fact, Power } from '../model/grant.js'
import type { Cut } from '../model/verdict.js'
import type { Grounds } from './ground.js'

/**
 * What an edit of the files, or of the organization, can take away; and how to say that. What takes the least from people
 * comes first, and of two sets of edits that are as small, the one with the first edits is told.
 */
const edits: Partial<Record<Power, (fact: Fact) => string>> = {
  builds: ({ of, on }) => `give ${of} read_only on ${on}`,
  edits: ({ of, on }) => `give ${of} read_only on ${on}`,
  rebuilds: ({ of }) => `write allow_rebuilds: false at ${of}`,
  unblocks: ({ of, on }) => `take ${of} from the allowed_teams of ${on}`,
  'starts-on': ({ of, by = '' }) => `switch builds by ${by} off at ${of}`,
  'takes-webhooks': ({ of }) => `write trigger_mode: none at ${of}`,
  'shows-to-all': ({ of }) => `write visibility: private at ${of}`,
  'clones-from': ({ of }) => `take clone_mirror_url from ${of}`,
  triggers: ({ of, on }) => `take out the rule by which ${of} triggers ${on}`,
  'reads-artifacts': ({ of, on }) => `take out the rule by which ${of} reads artifacts of ${on}`,
  scheduled: ({ on, by = '' }) => `take the schedule "${by}" from ${on}`,
  'creates-pipelines': ({ of }) => `write members_can_create_pipelines: false at ${of}`,
  'maintains-team': ({ of, on }) => `make ${of} a member of ${on}, and no maintainer`,
  'maintains-cluster': ({ of, on }) => `take ${of} from the maintainers of ${on}`,
  'registers-agents': ({ of }) => `revoke ${of}`,
  'opens-terminals': () => 'switch terminals into hosted jobs off',
  unfinished: ({ by = '', on }) => `cancel ${by} of ${on}`,
  'in-team': ({ of, on }) => `take ${of} out of ${on}`,
  administers: ({ of }) => `take the administrator’s role from ${of}`,
  created: ({ of, on }) => `have ${on} made anew by somebody who is allowed, instead of ${of}`,
  'default-cluster': ({ of }) => `make another cluster than ${of} the default one`,
  'teams-off': () => 'switch teams on',
  'runs-in': ({ of, on }) => `move ${of} out of ${on}`,
}

const eases = new Map(Object.keys(edits).map((power, at) => [power, at]))

/** The edit that could take a fact away. */
export const editOf = (fact: Fact): CutEdit | undefined => {
  const says = edits[fact.power]?.(fact)
  return says === undefined ? undefined : { says, ease: eases.get(fact.power) ?? eases.size }
}

/** Facts as edits: what to do, the line where the files have one, and the files as they would be. */
export const cutsOf = (
  facts: readonly Fact[],
  { declaredAt, wanted }: Grounds,
  files: Files,
): { readonly cuts: readonly Cut[]; readonly diff?: string } => {
  const declared = new Map(wanted.wants.map(({ address, at }) => [address, at]))
  const hunks: Hunk[] = []
  const cuts = facts.map((fact): Cut => {
    const at = fact.at.from === 'file' ? fact.at.span : declaredAt(fact)
    const says = edits[fact.power]?.(fact) ?? fact.power
    const edit = fileEdits[fact.power]?.(fact)
    const file = (edit && declared.get(edit.of)?.file) ?? at?.file
    const answer = edit === undefined || file === undefined ? undefined : files.read(file, declarationBytes)
    if (edit === undefined || file === undefined || answer === undefined || 'no' in answer)
      return { says, ...(at === undefined ? {} : { at, before: at.text }) }
    const before = new TextDecoder().decode(answer.bytes)
    const hunk = hunkOf(file, before, edited(before, [edit.edit]))
    if (hunk !== undefined) hunks.push(hunk)
    return {
      says,
      ...(at === undefined ? {} : { at }),
      ...(hunk === undefined ? {} : { before: hunk.out.join('\n'), after: hunk.in.join('\n') }),
    }
  })
  return { cuts, ...(hunks.length > 0 && { diff: unified(hunks) }) }
}

/** An edit, and the thing in whose file it stands. */
interface Placed {
  readonly of: Address
  readonly edit: Edit
}

/** A key of a pipeline, set to a value. */
const setting = ({ of }: Fact, keys: readonly string[], value: boolean | string | null): Placed => ({
  of,
  edit: { act: 'set', path: ['pipelines', keyIn(of), ...keys], value },
})

/** The lowest level, for a team on a pipeline. */
const watchingOnly = ({ of, on }: Fact): Placed => ({
  of: on,
  edit: { act: 'set', path: ['pipelines', keyIn(on), 'teams', keyIn(of)], value: 'read_only' },
})

const memberPath = ({ of, on }: Fact) => ['teams', keyIn(on), 'members', keyIn(of)]

/** The switch that an event of the Git host has. */
const eventKeys: Readonly<Record<string, string>> = {
  fork: 'build_pull_request_forks',
  'pull-request': 'build_pull_requests',
}

/** The edits that take facts away, where the files are what says them. */
const fileEdits: Partial<Record<Power, (fact: Fact) => Placed | undefined>> = {
  builds: watchingOnly,
  edits: watchingOnly,
  'in-team': (fact) => ({ of: fact.on, edit: { act: 'remove', path: memberPath(fact) } }),
  'maintains-team': (fact) => ({
    of: fact.on,
    edit: { act: 'set', path: memberPath(fact), value: 'member' },
  }),
  'creates-pipelines': ({ of }) => ({
    of,
    edit: { act: 'set', path: ['teams', keyIn(of), 'members_can_create_pipelines'], value: false },
  }),
  rebuilds: (fact) => setting(fact, ['allow_rebuilds'], false),
  'shows-to-all': (fact) => setting(fact, ['visibility'], 'private'),
  'clones-from': (fact) => setting(fact, ['clone_mirror_url'], null),
  'starts-on': (fact) => {
    const key = eventKeys[fact.by ?? '']
    return key === undefined ? undefined : setting(fact, ['provider_settings', key], false)
  },
  scheduled: ({ on, by = '' }) => ({
    of: on,
    edit: { act: 'remove', path: ['pipelines', keyIn(on), 'schedules', by] },
  }),
}

/** One place in a file that changes. */
interface Hunk {
  readonly file: string
  /** The number of its first line, from 1. */
  readonly line: number
  readonly out: readonly string[]
  readonly in: readonly string[]
  readonly before: readonly string[]
  readonly after: readonly string[]
}

/** How many lines are shown around a change. */
const around = 2

/** Where two texts differ: one place, as an edit changes one thing. */
const hunkOf = (file: string, before: string, after: string): Hunk | undefined => {
  if (before === after) return undefined
  const [old, young] = [before.split('\n'), after.split('\n')]
  let start = 0
  while (old[start] === young[start]) start += 1
  let tail = 0
  while (
    tail < Math.min(old.length, young.length) - start &&
    old[old.length - 1 - tail] === young[young.length - 1 - tail]
  )
    tail += 1
  return {
    file,
    line: start + 1,
    out: old.slice(start, old.length - tail),
    in: young.slice(start, young.length - tail),
    before: old.slice(Math.max(0, start - around), start),
    after: old.slice(old.length - tail, old.length - tail + around),
  }
}

/** Hunks as `patch` takes them, file by file. */
const unified = (hunks: readonly Hunk[]): string => {
  const files = [...new Set(hunks.map(({ file }) => file))].sort()
  return files
    .flatMap((file) => {
      let shift = 0
      const own = hunks.filter((hunk) => hunk.file === file).sort((a, b) => a.line - b.line)
      return [
        `--- a/${file}`,
        `+++ b/${file}`,
        ...own.flatMap((hunk) => {
          const { line, before, after } = hunk
          const from = line - before.length
          const kept = before.length + after.length
          const head = `@@ -${from},${kept + hunk.out.length} +${from + shift},${kept + hunk.in.length} @@`
          shift += hunk.in.length - hunk.out.length
          return [
            head,
            ...before.map((text) => ` ${text}`),
            ...hunk.out.map((text) => `-${text}`),
            ...hunk.in.map((text) => `+${text}`),
            ...after.map((text) => ` ${text}`),
          ]
        }),
      ]
    })
    .join('\n')
}
