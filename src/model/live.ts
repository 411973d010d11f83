/**
 * A thing that is there. Its spec holds every field that was read: null is "nothing there", undefined is "could not be
 * read", and the two are never taken for each other.
 */
export interface Live<Spec> {
  readonly key: string
  readonly id: string
  readonly uuid: string
  readonly slug?: string
  readonly spec: Spec
}
