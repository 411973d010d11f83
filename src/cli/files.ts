import { join, sep } from 'node:path'
import type { Declared } from '../workflow/world.js'
import type { Disk } from './machine.js'

type Files = Declared['files']
type Found = { readonly path: string } | { readonly no: 'missing' | 'outside' }

const isRefused = (error: unknown) => error instanceof Error && 'code' in error

/** A path that could not be looked at is one more answer, not a failure. */
const orUnreadable = <T>(look: () => T): T | { readonly no: 'unreadable' } => {
  try {
    return look()
  } catch (error) {
    if (isRefused(error)) return { no: 'unreadable' }
    throw error
  }
}

/** The files of a folder, and of no other: links are followed first, and then it must still be inside. */
export const filesUnder = (disk: Disk, folder: string): Files => {
  const find = (path: string): Found => {
    const root = disk.real(folder)
    const real = disk.real(join(folder, ...path.split('/')))
    if (root === undefined || real === undefined) return { no: 'missing' }
    const isInside = real === root || real.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)
    return isInside ? { path: real } : { no: 'outside' }
  }

  return {
    read: (path, maxBytes) =>
      orUnreadable(() => {
        const found = find(path)
        if ('no' in found) return found
        const entry = disk.entry(found.path)
        if (entry === undefined) return { no: 'missing' }
        if (entry.is !== 'file') return { no: 'not-a-file' }
        if (entry.bytes > maxBytes) return { no: 'too-large' }
        return { bytes: disk.read(found.path, maxBytes) }
      }),
    list: (path) =>
      orUnreadable(() => {
        const found = find(path)
        if ('no' in found) return found
        const entry = disk.entry(found.path)
        if (entry === undefined) return { no: 'missing' }
        return entry.is === 'folder' ? { entries: disk.list(found.path) } : { no: 'not-a-file' }
      }),
  }
}
