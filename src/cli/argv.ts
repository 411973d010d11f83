/**
 * What a person typed, in a form that oclif can read: a flag whose value may be left out is not one of oclif's kinds,
 * so a bare `--sandbox` becomes `--sandbox=`, the sandbox with nothing saved in it.
 */
export const argvOf = (argv: readonly string[]): string[] => {
  const end = argv.indexOf('--')
  return argv.map((word, at) => {
    const isFlag = word === '--sandbox' && (end === -1 || at < end)
    const next = argv[at + 1]
    return isFlag && (next === undefined || next.startsWith('-')) ? '--sandbox=' : word
  })
}
