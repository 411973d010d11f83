import { writtenKinds as everyKind, type AnyKind } from '../kinds/index.js'
import type { Finding } from '../model/finding.js'
import type { Manage, Want, Wanted } from '../model/wanted.js'
import { coverOf } from '../model/wanted.js'
import { accountsIn, unknownAccounts } from './accounts.js'
import { accessProblems } from './access/check.js'
import { readAccess } from './access/read.js'
import { driftIn } from './drift.js'
import { complete, type Completed, type Made } from './complete.js'
import { inherited, pathId, type Declared } from './defaults.js'
import type { Files } from './files.js'
import { keptTwice } from './kept.js'
import { namedFiles } from './named-files.js'
import { entriesOf, plain, textOf } from './node.js'
import { outlineOf } from './outline.js'
import { readParts, type Part } from './parts.js'
import { dotted, findingsOf, type Problem } from './problem.js'
import { renameProblems } from './rename.js'
import { roleProblems } from './roles.js'
import { fileSchema } from './schema.js'
import { secretsIn } from './secrets.js'
import { granted, onlyOne } from './sections.js'
import { checked } from './shape.js'
import { topOf, type Place } from './source.js'
import { under } from './standing.js'

/** What the files say. */
export interface Declaration {
  /** None where there are errors: half a declaration is another declaration. */
  readonly wanted?: Wanted
  /** All of them, the root file's first. */
  readonly findings: readonly Finding[]
  /** The things that are right by themselves, whatever is wrong with others. Sorted by address. */
  readonly wants: readonly Want[]
  /** How many files the declaration is made of, with those that its things name. */
  readonly files: number
}

/**
 * Reads a declaration whole.
 *
 * @param rootPath the root file, relative to the folder of the files
 * @param today    `2026-11-22`, in UTC: the day that acceptances are held against
 */
export const readDeclaration = (
  files: Files,
  rootPath: string,
  kinds: readonly AnyKind[] = everyKind,
  today?: string,
): Declaration => {
  const read = readParts(files, rootPath)
  const allowed = granted(read.parts, kinds)
  const { things, covers: written, problems: twice } = gather(allowed.parts, kinds)
  const named = namedFiles(files)
  const completed: Completed = { made: [], covers: written, problems: [], asides: [] }
  for (const declared of things.values()) {
    const node = inherited(declared, { things })
    complete({ ...declared.standing, node }, declared.part, named, completed)
  }
  const { made } = completed
  const whole = wholeOf(allowed.parts)
  const accounts = accountsIn(allowed.parts)
  const check = driftIn(allowed.parts, accounts.aws, made)
  const sources = [...allowed.parts.map(({ source }) => source), ...named.sources()]
  const covers = new Set(completed.covers.sort())
  const problems = [
    ...read.problems,
    ...allowed.problems,
    ...shapeProblems(read.parts, kinds),
    ...whole.problems,
    ...accounts.problems,
    ...check.problems,
    ...unknownAccounts(made, accounts.aws),
    ...keptTwice(made),
    ...roleProblems(made),
    ...twice,
    ...completed.problems,
    ...sameAddress(made),
    ...renameProblems(made),
    ...sources.flatMap(secretsIn),
  ]
  const { sections } = whole
  // Half a declaration has half of the teams, and whoever is allowed is in the other half.
  if (problems.length === 0)
    problems.push(...accessProblems({ sections, asides: completed.asides, made, covers, today }))
  const findings = findingsOf(problems, [
    ...read.paths,
    ...named
      .sources()
      .map(({ path }) => path)
      .sort(),
  ])
  const wants = made.map(({ want }) => want).sort((a, b) => (a.address < b.address ? -1 : 1))
  return {
    findings,
    wants,
    files: sources.length,
    ...(problems.every(({ severity }) => severity === 'warning') && {
      wanted: {
        organization: whole.organization ?? '',
        wants,
        covers,
        manage: whole.manage,
        ignore: whole.ignore,
        access: readAccess(sections, completed.asides),
        ...(accounts.aws && { aws: accounts.aws }),
        ...(check.drift && { drift: check.drift }),
      },
    }),
  }
}

/** What is wrong with each file by itself. */
const shapeProblems = (parts: readonly Part[], kinds: readonly AnyKind[]): Problem[] => {
  const schema = fileSchema(kinds)
  return parts.flatMap(
    ({ source, root }) => checked(schema, { node: root, key: topOf(source), path: [] }).problems,
  )
}

/** The things at the top of all files, each once, and the maps of things that are written at all. */
const gather = (parts: readonly Part[], kinds: readonly AnyKind[]) => {
  const outline = outlineOf(kinds)
  const things = new Map<string, Declared>()
  const covers = new Set<string>()
  const problems: Problem[] = []
  for (const part of parts) {
    const here = under(outline, entriesOf(part.root))
    for (const { plural } of here.maps) covers.add(coverOf('', plural))
    for (const standing of here.things) {
      // Entries of lists have no names of their own: two files may each have a first one.
      const { kind, path } = standing
      const id = pathId(kind.listed === undefined ? path : [part.source.path, ...path])
      const first = things.get(id)
      if (first) problems.push(twice(dotted(standing.path), standing.key, first.standing.key))
      else things.set(id, { standing, part })
    }
  }
  return { things, covers: [...covers], problems }
}

/** Two names that come to one: people's addresses are told apart without regard to case. */
const sameAddress = (made: readonly Made[]): Problem[] => {
  const known = new Map<string, Made>()
  return made.flatMap((one) => {
    const first = known.get(one.want.address)
    if (!first) known.set(one.want.address, one)
    return first ? [twice(one.want.address, one.key, first.key)] : []
  })
}

const twice = (name: string, at: Place, first: Place): Problem => ({
  code: 'declared-twice',
  at,
  also: [first],
  about: name,
  words: () => ({ what: `${name} is declared twice`, label: 'the second time', fix: 'keep one of the two' }),
})

/** What is said once, for the whole. Only read where the shape is right. */
const wholeOf = (parts: readonly Part[]) => {
  const organization = onlyOne(parts, 'organization')
  const manage = onlyOne(parts, 'manage')
  const ignore = onlyOne(parts, 'ignore')
  const trust = onlyOne(parts, 'trust')
  const lists = (name: string) => parts.flatMap(({ root }) => entriesOf(root).get(name)?.value ?? [])
  const root = parts.find(({ grant }) => grant === undefined)
  const problems = [organization, manage, ignore, trust].flatMap((section) => section.problems)
  return {
    organization: textOf(organization.entry?.value),
    manage: { ...(manage.entry && (plain(manage.entry.value) as Record<string, Manage>)) },
    ignore: { ...(ignore.entry && (plain(ignore.entry.value) as Record<string, string[]>)) },
    sections: {
      trust: trust.entry ? [trust.entry] : [],
      accept: lists('accept'),
      expect: lists('expect'),
    },
    problems: root?.root.is === 'map' && !organization.entry ? [...problems, nameless(root)] : problems,
  }
}

const nameless = ({ source }: Part): Problem => ({
  code: 'missing-key',
  at: topOf(source),
  about: 'organization',
  words: () => ({
    what: 'the files do not say which organization they are about',
    fix: 'write `organization:` and its slug, as the address bar has it',
  }),
})
