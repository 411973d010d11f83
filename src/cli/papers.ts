import { dirname, join, resolve } from 'node:path'
import type { Machine } from './machine.js'

/** What a plan of ten thousand steps fits in many times over. */
const longestBytes = 256 * 1024 * 1024

/** What the system's errors about files mean, by the names that it has for them. */
const meanings: Readonly<Record<string, string>> = {
  EACCES: 'you may not',
  EISDIR: 'a folder stands there',
  EMFILE: 'too many files are open',
  ENOENT: 'its folder is not there',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'what should be its folder is a file',
  EPERM: 'the system does not allow it',
  EROFS: 'the disk is read-only',
}

/** What the system says of a file, in words; anything else is a bug, and goes on being one. */
export const saidOfFile = (error: unknown): string => {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) throw error
  const meaning = meanings[error.code]
  return meaning === undefined ? error.code : `${meaning} (${error.code})`
}

/** The text of a file that a person named on the command line, or why there is none. */
export const readPaper = (
  { cwd, disk }: Machine,
  file: string,
): { readonly text: string } | { readonly trouble: string } => {
  const path = resolve(cwd, file)
  try {
    const entry = disk.entry(path)
    if (entry === undefined) return { trouble: `there is no file ${file}` }
    if (entry.is !== 'file') return { trouble: `${file} is not a file` }
    if (entry.bytes > longestBytes) return { trouble: `${file} is too large` }
    return { text: new TextDecoder().decode(disk.read(path, longestBytes)) }
  } catch (error) {
    return { trouble: `${file} can't be read: ${saidOfFile(error)}` }
  }
}

/** Writes a file that a person named. @returns why that was not possible */
export const writePaper = ({ cwd, disk }: Machine, file: string, text: string): string | undefined => {
  try {
    disk.write(resolve(cwd, file), text)
    return undefined
  } catch (error) {
    return `${file} can't be written: ${saidOfFile(error)}`
  }
}

/** Why nothing could be written there, known before anybody is asked anything that takes time. */
export const noPlaceFor = ({ cwd, disk }: Machine, file: string): string | undefined => {
  const folder = dirname(resolve(cwd, file))
  if (folder !== resolve(cwd) && disk.entry(folder)?.is !== 'folder')
    return `${file} can't be written: there is no folder ${dirname(file)}`
  return disk.entry(resolve(cwd, file))?.is === 'folder' ? `${file} is a folder` : undefined
}

/** Writes a file into the folder of the root file. @returns why that was not possible */
export const writeBeside = (
  machine: Machine,
  rootFile: string,
  name: string,
  text: string,
): string | undefined => writePaper(machine, join(dirname(rootFile), name), text)

/** Whether something stands where a person wants to write. */
export const isThere = ({ cwd, disk }: Machine, file: string): boolean =>
  disk.entry(resolve(cwd, file)) !== undefined
