import picomatch from 'picomatch'
import type { Files, NoFile } from './files.js'
import { normal } from './path.js'

/** Looking through more names than this means that the pattern begins too high up. */
export const mostNames = 20_000

/** The files that a pattern means, in any order, or why the folder could not be looked through. */
export type Matches =
  | { readonly paths: readonly string[] }
  | { readonly no: NoFile; readonly folder: string }
  | { readonly no: 'endless' }

/** Patterns match whole paths. Names that begin with a dot are only met by patterns that say so. */
export const matching = (files: Files, glob: string): Matches => {
  const parts = normal(glob).split('/')
  const fixed = parts.findIndex((part) => /[*?[\]{}]/.test(part))
  const base = parts.slice(0, fixed === -1 ? -1 : Math.min(fixed, parts.length - 1))
  const everyDepth = /\*\*|\{[^}]*\//.test(glob)
  const dotted = parts.some((part) => /^[{[]?\./.test(part))
  const matches = picomatch(parts.join('/'), { windows: false, nonegate: true, noextglob: true })

  const paths: string[] = []
  const folders = [{ path: base.join('/'), depth: parts.length - base.length }]
  let names = 0
  for (let folder = folders.pop(); folder; folder = folders.pop()) {
    const answer = files.list(folder.path)
    if ('no' in answer) {
      if (answer.no === 'missing' && folder.path === base.join('/')) return { paths: [] }
      return { no: answer.no, folder: folder.path }
    }
    names += answer.entries.length
    if (names > mostNames) return { no: 'endless' }
    for (const { name, is } of answer.entries) {
      const path = folder.path === '' ? name : `${folder.path}/${name}`
      if (is === 'file' && matches(path)) paths.push(path)
      const deeper = is === 'folder' && (everyDepth || folder.depth > 1) && (dotted || !name.startsWith('.'))
      if (deeper) folders.push({ path, depth: folder.depth - 1 })
    }
  }
  return { paths }
}
