import { entriesOf, type Entry, type Node } from './node.js'
import type { Part } from './parts.js'
import { listed, quoted, type Problem } from './problem.js'
import type { AnyKind } from '../kinds/kind.js'
import type { Place } from './source.js'
import { asidesOf } from './outline.js'
import { sectionsOf } from './schema.js'

/** The files, each without what it may not hold, and what is wrong with who holds what. */
export interface Granted {
  readonly parts: readonly Part[]
  readonly problems: readonly Problem[]
}

/** An included file holds what its `include` grants it, and defaults for that. The rest counts for nothing. */
export const granted = (parts: readonly Part[], kinds: readonly AnyKind[]): Granted => {
  const sections = new Set(sectionsOf(kinds))
  const problems: Problem[] = []
  const allowed = (part: Part, [name, { key }]: [string, Entry]): boolean => {
    if (!part.grant) return true
    if (name === 'include') problems.push({ code: 'nested-include', at: key, words: nested })
    else if (!sections.has(name) || part.grant.may.has(name)) return true
    else problems.push(notGranted(name, part, part.grant, key))
    return false
  }
  const checked = parts.map((part): Part => {
    const { root } = part
    for (const kind of part.grant ? kinds : []) {
      const section = kind.place[0] ?? ''
      const defaults = entriesOf(entriesOf(root).get('defaults')?.value).get(kind.plural)
      if (part.grant && defaults && !part.grant.may.has(section))
        problems.push(notGranted(section, part, part.grant, defaults.key))
    }
    if (root.is !== 'map') return part
    for (const { place, grant } of part.grant ? asidesOf(kinds) : [])
      if (part.grant && grant !== undefined && !part.grant.may.has(grant))
        for (const key of keysAt(root, place)) problems.push(notGranted(grant, part, part.grant, key))
    return {
      ...part,
      root: { ...root, entries: new Map([...root.entries].filter((entry) => allowed(part, entry))) },
    }
  })
  return { parts: checked, problems }
}

/** Every key that stands at a place, where a star is any name. */
const keysAt = (root: Node, [step, ...rest]: readonly string[]): Place[] => {
  const entries = entriesOf(root)
  const entry = step === undefined ? undefined : entries.get(step)
  if (rest.length === 0) return entry ? [entry.key] : []
  const next = step === '*' ? [...entries.values()] : entry ? [entry] : []
  return next.flatMap(({ value }) => keysAt(value, rest))
}

const nested = () => ({
  what: 'an included file includes other files',
  fix: 'move the include to the root file',
})

const notGranted = (
  section: string,
  { source }: Part,
  { may, at }: NonNullable<Part['grant']>,
  key: Entry['key'],
): Problem => ({
  code: 'not-granted',
  at: key,
  also: [at],
  about: section,
  words: () => ({
    what: `${quoted(source.path)} may not hold ${quoted(section)}`,
    label: `it may hold: ${listed([...may].sort()) ?? 'nothing'}`,
    fix: `move it to the root file, or add ${quoted(section)} to \`may\``,
  }),
})

/** The one file that holds a section of which there can be only one. */
export const onlyOne = (
  parts: readonly Part[],
  name: string,
): { entry?: Entry; problems: readonly Problem[] } => {
  const [first, ...others] = parts.flatMap(({ root }) => entriesOf(root).get(name) ?? [])
  return {
    ...(first && { entry: first }),
    problems: others.map(({ key }) => ({
      code: 'declared-twice',
      at: key,
      also: first ? [first.key] : [],
      words: () => ({
        what: `${quoted(name)} is written in two files`,
        label: 'the second time',
        fix: 'keep one of the two',
      }),
    })),
  }
}
