/** What `bridle explain CODE` says about one kind of finding. */
export interface Page {
  /** One sentence: what it is. */
  readonly what: string
  /** Why it matters, in the user's own world. */
  readonly why: string
  /** What to do now. */
  readonly fix: string
}

const page = (what: string, why: string, fix: string): Page => ({ what, why, fix })

/** Every code that a finding can have, each with its page: a code without one does not compile. */
export const codes = {
  'unknown-key': page(
    'A file holds a key that bridle does not know at that place.',
    'An ignored key is a wish that looks granted. A misspelt `allow` would leave a cluster open while the file says it is closed.',
    'Write the nearest valid key, which the finding names, or take the line out.',
  ),
} as const satisfies Record<string, Page>

/** The slug of a finding, to search for and to give to `bridle explain`. */
export type Code = keyof typeof codes
