/** A key that bridle has a meaning for and can't carry out yet. Whoever builds it takes its line out. */
interface NotBuilt {
  /** Where it would stand; a star is a name that a person chose. None where only its plural is not known. */
  readonly place?: readonly string[]
  /** What it would promise. */
  readonly promise: string
  /** The word for many of its things in `manage`, `ignore`, `defaults`, where it has one. */
  readonly plural?: string
}

export const notBuilt: readonly NotBuilt[] = []

/** What a key at a place would promise, if bridle has a meaning for it. */
export const promiseAt = (place: readonly PropertyKey[]): string | undefined =>
  notBuilt.find(
    (entry) =>
      entry.place?.length === place.length &&
      entry.place.every((step, index) => step === '*' || step === String(place[index])),
  )?.promise

/** The same for the words that stand for many things of a kind. */
export const promiseOfPlural = (plural: string): string | undefined =>
  notBuilt.find((entry) => entry.plural === plural)?.promise
