import { dirname, join, resolve, sep } from 'node:path'
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
  const outside = all.find(([path]) => leadsOut({ disk }, folder, path))
  if (outside !== undefined)
    return `${outside[0]} would be written outside of the folder of the root file: a link leads there`
  try {
    disk.writeAll([...all.filter(([path]) => path !== root), ...all.filter(([path]) => path === root)])
    return undefined
  } catch (error) {
    return `the files can't be written: ${saidOfFile(error)}`
  }
}

/** Whether a link on the way to a file leads out of a folder; what is not there yet leads nowhere. */
const leadsOut = ({ disk }: Pick<Machine, 'disk'>, folder: string, path: string): boolean => {
  const root = disk.real(folder)
  for (let at = path; root !== undefined && at !== folder; at = dirname(at)) {
    const real = disk.real(at)
    if (real !== undefined) return real !== root && !real.startsWith(`${root}${sep}`)
  }
  return false
}
