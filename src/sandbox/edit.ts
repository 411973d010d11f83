import { awsVerbs, isOfAws } from './aws/verbs.js'
import { byHand } from './hand.js'
import { personNamed } from './named.js'
import { Refused } from './refused.js'
import { fork, type State } from './state.js'
import { all } from './table.js'
import { verbs, type Words } from './verbs.js'
import { asMember } from './world/viewer.js'

/** All that can be said, a line each. */
export const editVerbs: readonly string[] = [
  ...Object.entries(verbs).map(([verb, { usage }]) => `${verb} ${usage}`.trim()),
  'as EMAIL …',
  ...Object.entries(awsVerbs).map(([verb, { usage }]) => `${verb} ${usage}`),
]

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

/** Somebody in a browser: an admin, unless the words say who. */
const doer = (state: State, email: string | undefined, { now, organization }: EditOptions) => {
  const context = byHand(state, organizationIn(state, organization), now)
  if (!context) throw new Refused('the organization has no admin, and only an admin could do this')
  const member =
    email === undefined
      ? context
      : asMember(context, context.viewer.organization.uuid, personNamed(context, email).uuid)
  return member ?? context
}

interface Verb {
  readonly usage: string
  does(after: State, options: EditOptions, email: string | undefined, words: Words): string
}

/** What a word means, before what it is about: some are said of things of Buildkite's and of AWS's. */
const verbFor = (word: string, about: string | undefined): Verb | undefined => {
  const [ofBuildkite, ofAws] = [verbs[word], awsVerbs[word]]
  if (ofAws && (isOfAws(about) || !ofBuildkite))
    return { usage: ofAws.usage, does: (state, { now }, _, words) => ofAws.does({ state, now }, words) }
  return (
    ofBuildkite && {
      usage: ofBuildkite.usage,
      does: (after, options, email, words) => ofBuildkite.does(doer(after, email, options), words),
    }
  )
}

/**
 * A change that somebody makes by hand, in words: `pause queue:ios/macos-m2 "flaky Xcode"`.
 *
 * It is made by an admin in a browser, or (`as ada@acme.test start pipeline:web`) by whom the words name, by the rules
 * that hold for everyone; in an account of AWS (`tag role:prod/web team=ops`), by whom it belongs to. The state that came in
 * stays as it was.
 */
export const edit = (state: State, words: Words, options: EditOptions): Edited => {
  const [email, [word = '', ...rest]] =
    words[0] === 'as' ? [words[1] ?? '', words.slice(2)] : [undefined, words]
  const verb = verbFor(word, rest[0])
  if (!verb) {
    const said = word === '' ? 'say what to do' : `"${word}" is nothing that can be done`
    return { said: `${said}; there are:\n${editVerbs.map((line) => `  ${line}`).join('\n')}` }
  }
  const after = fork(state)
  try {
    return { state: after, said: verb.does(after, options, email, rest) }
  } catch (error) {
    if (error instanceof Refused)
      return { said: `${error.message}\nusage: ${`${word} ${verb.usage}`.trim()}` }
    throw error
  }
}
