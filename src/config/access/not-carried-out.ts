import { valueAt } from '../node.js'
import type { Problem } from '../problem.js'
import type { AsideAt } from './read.js'
import { asideOf, type Whole } from './whole.js'

/** Whether what a hook lets in is published: its agents go by that, and by nothing else. */
const isPublished = (hook: AsideAt | undefined): boolean =>
  hook !== undefined && valueAt(hook.value, 'account') !== undefined

/**
 * What is written for hooks that are told nothing: said once, at the first line of it, so that nobody takes the lines for a
 * promise. Whether a hook that is told something is there, the files can't say.
 */
export const notCarriedOut = (whole: Whole): Problem[] => {
  const hooks = whole.asides.filter(({ name }) => name === 'hook')
  const ofQueues = hooks.filter(({ of }) => of.startsWith('queue:'))
  const isAnyPublished = ofQueues.some(isPublished)
  const idle = whole.asides.filter(({ name, of }) =>
    name === 'held_by'
      ? !isPublished(asideOf(whole, of, 'hook'))
      : name === 'hook' &&
        !(of.startsWith('queue:') ? isPublished(asideOf(whole, of, 'hook')) : isAnyPublished),
  )
  // A default that many inherit is one line.
  const places = [...new Map(idle.map(({ key }) => [`${key.source.path}\n${key.start}`, key])).values()]
  const [first] = places
  if (first === undefined) return []
  return [
    {
      code: 'not-carried-out',
      severity: 'warning',
      at: first,
      about: 'hook',
      words: () => ({
        what: `no agent is told anything of this hook${places.length === 1 ? '' : `, and ${places.length} lines speak of such hooks`}`,
        why: 'what a hook lets in is published in an account of AWS, signed, and it names none. So no job is refused by it, and a border that it should hold is judged as assumed, never as held',
        label: 'told to nobody',
        fix: 'write `account` beside its mode: `hook: { mode: block, account: management }`',
      }),
    },
  ]
}
