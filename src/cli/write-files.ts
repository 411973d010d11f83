import { dirname, join, resolve } from 'node:path'
import type { Machine } from './machine.js'
import { saidOfFile } from './papers.js'

/**
 * Writes files of a declaration into the folder of its root file, the root file last: as long as it is the old one, the
 * new ones count for nothing.
 *
 * @returns why that was not possible; then every file is as it was
 */
export const writeFiles = (
  { cwd, disk }: Pick<Machine, 'cwd' | 'disk'>,
  rootFile: string,
  files: Readonly<Record<string, string>>,
): string | undefined => {
  const folder = dirname(resolve(cwd, rootFile))
  const root = resolve(cwd, rootFile)
  const all = Object.entries(files).map(([path, text]) => [join(folder, ...path.split('/')), text] as const)
  try {
    disk.writeAll([...all.filter(([path]) => path !== root), ...all.filter(([path]) => path === root)])
    return undefined
  } catch (error) {
    return `the files can't be written: ${saidOfFile(error)}`
  }
}
