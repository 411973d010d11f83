import { entriesOf, itemsOf, textOf, valueAt } from '../../config/node.js'
import type { Part } from '../../config/parts.js'
import type { Session } from './session.js'
import { wantsOf } from './session.js'

/**
 * The file for something new: of those that may hold its section, the one where most of what is like it stands; else the
 * root file.
 *
 * @param likeness  how much of what stands in a file is like it; 0 for nothing
 */
export const homeIn = (
  { parts, declared }: Session,
  section: string,
  likeness: (file: string) => number,
): string => {
  const able = parts
    .filter(({ grant }) => grant === undefined || grant.may.has(section))
    .map(({ source: { path } }) => ({ path, like: likeness(path) }))
  const most = Math.max(0, ...able.map(({ like }) => like))
  return most === 0 ? declared.root : (able.find(({ like }) => like === most)?.path ?? declared.root)
}

/** How many things for which something holds stand in a file. */
export const countIn =
  (wants: Session['wanted']['wants']) =>
  (file: string): number =>
    wants.filter(({ at }) => at.file === file).length

/** Which file a new team goes into: one of its own, where every team has one. */
export const homeOfTeam = (session: Session, slug: string): string => {
  const { parts } = session
  const teams = wantsOf(session, 'team')
  for (const folder of foldersFor(parts, 'teams')) {
    const inside = parts.filter(({ source: { path } }) => folderOf(path) === folder)
    const extension = inside.map(({ source: { path } }) => /\.[^.]+$/.exec(path)?.[0])[0] ?? '.yaml'
    // Each file is called after a team, whatever others stand beside it.
    const holding = inside.filter(({ source: { path } }) => countIn(teams)(path) > 0)
    const isOneEach = holding.every(({ source: { path } }) =>
      teams.some(({ at, key }) => at.file === path && key === nameOf(path)),
    )
    if (holding.length > 0 && isOneEach) return `${folder}/${slug}${extension}`
  }
  return homeIn(session, 'teams', countIn(teams))
}

const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')))
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]+$/, '')

/** Folders of which every file is included, and may hold a section. */
const foldersFor = (parts: readonly Part[], section: string): readonly string[] => {
  const root = parts.find(({ grant }) => grant === undefined)?.root
  return itemsOf(valueAt(root, 'include')).flatMap((item) => {
    const may = itemsOf(valueAt(item, 'may')).map(textOf)
    const [, folder] =
      /^((?:[^*?[{]+\/)*[^*?[{/]+)\/\*(?:\.ya?ml)?$/.exec(
        textOf(entriesOf(item).get('files')?.value) ?? '',
      ) ?? []
    return folder !== undefined && may.includes(section) ? [folder] : []
  })
}
