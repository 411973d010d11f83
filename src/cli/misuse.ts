import { nearestOf } from './nearest.js'

/** What makes no sense about a command, and what would: the second is left out where only its help can tell. */
export interface Misuse {
  readonly what: string
  readonly fix?: string
}

const inOneLine = (text: string) => {
  const said = text.replace('See more help with --help', '').trim()
  const line = said.replace(/^The following errors? occurred:\s*/, '').replaceAll(/:?\s*\n\s*/g, ': ')
  return line.charAt(0).toLowerCase() + line.slice(1)
}

interface Named {
  readonly name: string
  readonly description?: string | undefined
}

const has = <Key extends string>(error: Error, key: Key): error is Error & Record<Key, unknown[]> =>
  key in error && Array.isArray((error as unknown as Record<Key, unknown>)[key])

const lacking = (args: readonly Named[]) =>
  args
    .map(
      ({ name, description }) =>
        `${name.toUpperCase()} is missing${description === undefined ? '' : ` (${description})`}`,
    )
    .join(', and ')

/**
 * What oclif says of a command line, in our words.
 *
 * @param flags  those that the command has
 * @source oclif's parser: a missing argument is told in a table, with advice about flags that nobody has asked for
 */
export const misuseOf = (error: Error, flags: readonly string[]): Misuse => {
  const said = inOneLine(error.message)
  if (/^missing \d+ required arg/.test(said) && has(error, 'args'))
    return { what: lacking(error.args as Named[]) }
  if (said.startsWith('nonexistent flag') && has(error, 'flags')) {
    const unknown = (error.flags as string[])[0] ?? ''
    const near = nearestOf(unknown.replace(/^-+/, ''), flags, 1 / 3)
    return {
      what: `there is no flag ${unknown}`,
      ...(near !== undefined && { fix: `did you mean --${near}?` }),
    }
  }
  const what = said
    .replaceAll(/missing required flag (\S+)/gi, '--$1 is missing')
    .replace(/^parsing (--\S+): (Expected )?/, (_all, flag: string, expected?: string) =>
      expected === undefined ? `${flag}: ` : `${flag}: expected `,
    )
    .replace(/^flag (--\S+) expects/, '$1 expects')
    .replace(/^all of the following must be provided when using (--\S+): (.+)$/, '$1 needs $2')
    .replace(/^one of the following must be provided when using (--\S+): (.+)$/, '$1 needs one of $2')
    .replace(
      /^(--[^\s=]+)(?:=\S+)? cannot also be provided when using (--\S+)$/,
      '$1 and $2 exclude each other',
    )
  return { what }
}
