import { readFileSync } from 'node:fs'
import { Module, createRequire } from 'node:module'
import { basename, dirname } from 'node:path'
import { Script } from 'node:vm'

/** The program, and the script that it came from: what V8 has compiled of it by now can be asked for there. */
export interface Compiled<Program> {
  readonly program: Program
  readonly script: Script
}

/** Where what V8 compiled of a file is kept: beside it. */
export const cacheOf = (file: string): string => `${file}.cache`

const readIfThere = (file: string): Buffer | undefined => {
  try {
    return readFileSync(file)
  } catch {
    return undefined // without it a start takes longer, and that is all
  }
}

/**
 * Loads a CommonJS file with what V8 compiled of it when it was built: that takes a third off a start. Another version
 * of V8 puts the cache aside and compiles anew. V8 knows a file by its length, so the two are only ever replaced
 * together.
 *
 * From then on `require` gives the same exports to whoever asks for that file. What is loaded in this way can't
 * `import()` a file that is not part of it: V8 forgets whose import it is.
 */
export const load = <Program>(file: string): Compiled<Program> => {
  // What esbuild writes is ASCII, and V8 keeps that as it is read.
  const text = readFileSync(file, 'latin1')
  const cachedData = readIfThere(cacheOf(file))
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${text}\n})`, {
    filename: basename(file), // no path: what V8 keeps goes into the package, and onto other machines
    ...(cachedData === undefined ? {} : { cachedData }),
  })
  const module = new Module(file)
  const require = createRequire(file)
  require.cache[file] = module
  const evaluate = script.runInThisContext() as (...given: readonly unknown[]) => void
  evaluate.call(module.exports, module.exports, require, module, file, dirname(file))
  return { program: module.exports as Program, script }
}
