import { edited, type Edit } from '../config/edit.js'
import { declarationBytes, type Files } from '../config/files.js'
import { keyIn, type Address } from '../model/address.js'
import type { Fact, Power } from '../model/grant.js'
import type { Cut } from '../model/verdict.js'
import type { Grounds } from './ground.js'

/** What an edit of the files, or of the organization, can take away; and how to say that. */
const edits: Partial<Record<Power, (fact: Fact) => string>> = {
  'in-team': ({ of, on }) => `take ${of} out of ${on}`,
  'maintains-team': ({ of, on }) => `make ${of} a member of ${on}, and no maintainer`,
  'creates-pipelines': ({ of }) => `write members_can_create_pipelines: false at ${of}`,
  builds: ({ of, on }) => `give ${of} read_only on ${on}`,
  edits: ({ of, on }) => `give ${of} read_only on ${on}`,
  created: ({ of, on }) => `have ${on} made anew by somebody who is allowed, instead of ${of}`,
  'runs-in': ({ of, on }) => `move ${of} out of ${on}`,
  rebuilds: ({ of }) => `write allow_rebuilds: false at ${of}`,
  'clones-from': ({ of }) => `take clone_mirror_url from ${of}`,
  'starts-on': ({ of, by = '' }) => `switch builds by ${by} off at ${of}`,
  'takes-webhooks': ({ of }) => `write trigger_mode: none at ${of}`,
  unblocks: ({ of, on }) => `take ${of} from the allowed_teams of ${on}`,
  'shows-to-all': ({ of }) => `write visibility: private at ${of}`,
  scheduled: ({ on, by = '' }) => `take the schedule "${by}" from ${on}`,
  triggers: ({ of, on }) => `take out the rule by which ${of} triggers ${on}`,
  'reads-artifacts': ({ of, on }) => `take out the rule by which ${of} reads artifacts of ${on}`,
  'maintains-cluster': ({ of, on }) => `take ${of} from the maintainers of ${on}`,
  'default-cluster': ({ of }) => `make another cluster than ${of} the default one`,
  'opens-terminals': () => 'switch terminals into hosted jobs off',
  'registers-agents': ({ of }) => `revoke ${of}`,
  administers: ({ of }) => `take the administrator’s role from ${of}`,
  'teams-off': () => 'switch teams on',
  unfinished: ({ by = '', on }) => `cancel ${by} of ${on}`,
}

/** Whether an edit could take a fact away. */
export const isEditable = ({ power }: Fact): boolean => power in edits

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
    const edit = editFor(fact)
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

/** The edit that takes a fact away, and the thing in whose file it stands; nothing where the files say nothing of it. */
const editFor = ({
  power,
  of,
  on,
  by = '',
}: Fact): { readonly of: Address; readonly edit: Edit } | undefined => {
  const [subject, object] = [keyIn(of), keyIn(on)]
  const setting = (name: string, value: boolean | string | null) =>
    ({ of, edit: { act: 'set', path: ['pipelines', subject, ...name.split('/')], value } }) as const
  switch (power) {
    case 'builds':
    case 'edits':
      return {
        of: on,
        edit: { act: 'set', path: ['pipelines', object, 'teams', subject], value: 'read_only' },
      }
    case 'in-team':
      return { of: on, edit: { act: 'remove', path: ['teams', object, 'members', subject] } }
    case 'maintains-team':
      return { of: on, edit: { act: 'set', path: ['teams', object, 'members', subject], value: 'member' } }
    case 'creates-pipelines':
      return {
        of,
        edit: { act: 'set', path: ['teams', subject, 'members_can_create_pipelines'], value: false },
      }
    case 'rebuilds':
      return setting('allow_rebuilds', false)
    case 'shows-to-all':
      return setting('visibility', 'private')
    case 'clones-from':
      return setting('clone_mirror_url', null)
    case 'starts-on':
      return by === 'fork'
        ? setting('provider_settings/build_pull_request_forks', false)
        : by === 'pull-request'
          ? setting('provider_settings/build_pull_requests', false)
          : undefined
    case 'scheduled':
      return { of: on, edit: { act: 'remove', path: ['pipelines', object, 'schedules', by] } }
    default:
      return undefined
  }
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
