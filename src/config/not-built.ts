/** A key that bridle has a meaning for and can't carry out yet. Whoever builds it takes its line out. */
interface NotBuilt {
  /** Where it would stand; a star is a name that a person chose. */
  readonly place: readonly string[]
  /** What it would promise. */
  readonly promise: string
  /** The word for many of its things in `manage`, `ignore`, `defaults`, where it has one. */
  readonly plural?: string
}

export const notBuilt: readonly NotBuilt[] = [
  {
    place: ['trust'],
    promise: 'who may do anything at all, and that every other administrator is pointed out',
  },
  { place: ['rules'], promise: 'which pipelines may trigger or read which others', plural: 'rules' },
  { place: ['aws'], promise: 'AWS roles, and who may assume them', plural: 'roles' },
  {
    place: ['accept'],
    promise: 'that what nothing readable can settle is accepted, for a reason and until a day',
  },
  { place: ['expect'], promise: 'that the access which it describes is tested' },
  { place: ['clusters', '*', 'allow'], promise: 'that nobody else gets code onto the agents of the cluster' },
  { place: ['clusters', '*', 'maintainers'], promise: 'who may change the cluster', plural: 'maintainers' },
  { place: ['clusters', '*', 'tokens'], promise: 'which agents may join the cluster', plural: 'tokens' },
  {
    place: ['clusters', '*', 'queues', '*', 'allow'],
    promise: 'that nobody else gets code onto the agents of the queue',
  },
  {
    place: ['clusters', '*', 'queues', '*', 'held_by'],
    promise: 'that the agent hook holds the border of the queue',
  },
  { place: ['clusters', '*', 'queues', '*', 'instance_role'], promise: 'which AWS role the agents have' },
  { place: ['clusters', '*', 'queues', '*', 'hook'], promise: 'that a hook on the agents refuses jobs' },
  {
    place: ['pipelines', '*', 'schedules'],
    promise: 'when the pipeline runs by itself',
    plural: 'schedules',
  },
]

/** What a key at a place would promise, if bridle has a meaning for it. */
export const promiseAt = (place: readonly PropertyKey[]): string | undefined =>
  notBuilt.find(
    (entry) =>
      entry.place.length === place.length &&
      entry.place.every((step, index) => step === '*' || step === String(place[index])),
  )?.promise

/** The same for the words that stand for many things of a kind. */
export const promiseOfPlural = (plural: string): string | undefined =>
  notBuilt.find((entry) => entry.plural === plural)?.promise
