import { byHand } from './hand.js'
import { Refused } from './refused.js'
import { fork, type State } from './state.js'
import { all } from './table.js'
import { verbs, type Words } from './verbs.js'

/** All that can be said, a line each. */
export const editVerbs: readonly string[] = Object.entries(verbs).map(
  ([verb, { usage }]) => `${verb} ${usage}`,
)

export interface Edited {
  /** The state after it; absent if it was refused, or not understood. */
  readonly state?: State
  readonly said: string
}

export interface EditOptions {
  /** ISO 8601, in UTC. */
  readonly now: string
  /** Which organization, by slug; needed where there are several. */
  readonly organization?: string
}

const organizationIn = (state: State, slug: string | undefined) => {
  const organizations = all(state.tables.organizations)
  const fitting = slug === undefined ? organizations : organizations.filter((row) => row.slug === slug)
  const [only, ...others] = fitting
  if (only && others.length === 0) return only
  throw new Refused(`say which organization: ${organizations.map((row) => row.slug).join(', ')}`)
}

/**
 * A change that somebody makes by hand, in words: `pause queue:ios/macos-m2 "flaky Xcode"`.
 *
 * It is made by an admin in a browser, by the rules that hold for everyone; the state that came in stays as it was.
 */
export const edit = (
  state: State,
  [word = '', ...words]: Words,
  { now, organization }: EditOptions,
): Edited => {
  const verb = verbs[word]
  if (!verb) {
    const said = word === '' ? 'say what to do' : `"${word}" is nothing that can be done`
    return { said: `${said}; there are:\n${editVerbs.map((line) => `  ${line}`).join('\n')}` }
  }
  const after = fork(state)
  try {
    const context = byHand(after, organizationIn(after, organization), now)
    if (!context) return { said: 'the organization has no admin, and only an admin could do this' }
    return { state: after, said: verb.does(context, words) }
  } catch (error) {
    if (error instanceof Refused) return { said: `${error.message}\nusage: ${word} ${verb.usage}` }
    throw error
  }
}
