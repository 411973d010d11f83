import { eitherGate, gateOf, type Gate } from '../access/gate.js'
import type { Judging } from '../access/ground.js'
import type { LetIn } from '../access/rule.js'
import type { Address } from '../model/address.js'
import type { Allow } from '../model/declared-access.js'
import { opened } from '../model/envelope.js'
import type { Finding } from '../model/finding.js'
import type { VerifyingKey } from '../model/signer.js'
import type { Basis } from '../model/verdict.js'
import type { Want, Wanted } from '../model/wanted.js'
import { resolvedOf } from '../plan/resolve.js'
import type { Survey } from '../plan/survey.js'
import { commandsFor, lackingOf, queueOf, type Evidence, type Published } from './evidence.js'

const policiesIn = ({ wants }: Wanted): readonly Want[] => wants.filter(({ kind }) => kind === 'gate-policy')

/** What the gate of each queue lets in, by what the files say of it. */
export const gatesIn = (wanted: Wanted): ReadonlyMap<Address, Gate> =>
  new Map(
    policiesIn(wanted).map(({ spec }) => [
      queueOf(spec),
      gateOf((spec['pipelines'] ?? {}) as Readonly<Record<string, LetIn>>),
    ]),
  )

/** What gates go by. */
type Going = Required<Pick<Judging, 'gates' | 'lax'>>

const laxIn = (wanted: Wanted): ReadonlySet<Address> =>
  new Set(policiesIn(wanted).flatMap(({ spec }) => (spec['mode'] === 'block' ? [] : [queueOf(spec)])))

/**
 * What gates go by before a plan, and after it. Before, it is what is published for them. After, some agents go on by that
 * for minutes, and whoever comes in by either is in.
 */
export const gatesAround = (
  wanted: Wanted,
  { live, policyKey, serials }: Pick<Survey, 'live' | 'policyKey' | 'serials'>,
): { readonly before: Going; readonly after: Going } => {
  const published = new Map(
    (live.get('gate-policy') ?? []).map(({ spec }) => [queueOf(spec as Spec), spec as Spec]),
  )
  const files = gatesIn(wanted)
  const lax = laxIn(wanted)
  const gates = new Map<Address, Gate>()
  const laxNow = new Set<Address>()
  for (const [queue, wants] of files) {
    const text = published.get(queue)?.['text']
    const there = typeof text === 'string' ? opened(text, policyKey) : undefined
    // A hook that was never told anything is taken for none; one whose policy was taken away lets nobody in.
    if (there === undefined && serials?.has(queue) !== true) laxNow.add(queue)
    const policy = there !== undefined && 'policy' in there ? there : undefined
    if (policy?.signature === 'unchecked') {
      gates.set(queue, wants)
      if (lax.has(queue)) laxNow.add(queue)
    } else if (policy?.signature === 'good') {
      const { pipelines, mode } = policy.policy
      gates.set(queue, gateOf(Object.fromEntries(pipelines.map((one) => [one.slug, one]))))
      if (mode !== 'block') laxNow.add(queue)
    } else gates.set(queue, new Map())
  }
  return {
    before: { gates, lax: laxNow },
    after: {
      gates: new Map(
        [...files].map(([queue, wants]) => [queue, eitherGate(wants, gates.get(queue) ?? new Map())]),
      ),
      lax,
    },
  }
}

/** Which gates were seen to hold, and for the others, what is missing. */
export interface Holding {
  readonly held: ReadonlySet<Address>
  readonly lacking: ReadonlyMap<Address, readonly string[]>
}

/** What evidence is held against, beside what is published. */
export interface HeldAgainst {
  readonly policyKey: VerifyingKey | undefined
  readonly now: string
  /** The highest number of each gate's policy: hosts go by that one, whichever was put back. */
  readonly serials: ReadonlyMap<Address, number> | undefined
}

/** Holds what was seen of gates against what is published for them. */
export const holdingOf = (
  wanted: Wanted,
  survey: Survey,
  evidence: Evidence | undefined,
  { policyKey, now, serials }: HeldAgainst,
): Holding => {
  const known = { ...survey, now, ...(policyKey && { policyKey }), ...(serials && { serials }) }
  const policies = resolvedOf('gate-policy', wanted, known)
  const published = new Map((survey.live.get('gate-policy') ?? []).map(({ key, spec }) => [key, spec]))
  const lacking = new Map(
    policies.map(({ key, spec }): [Address, readonly string[]] => {
      const on = queueOf(spec)
      const there = publishedAs(spec, published.get(key) as Spec | undefined, policyKey)
      return [on, lackingOf(on, evidence, { mode: String(spec['mode']), published: there, now })]
    }),
  )
  return { held: new Set([...lacking].flatMap(([on, some]) => (some.length === 0 ? [on] : []))), lacking }
}

type Spec = Readonly<Record<string, unknown>>

const publishedAs = (wanted: Spec, live: Spec | undefined, key: VerifyingKey | undefined): Published => {
  const text = live?.['text']
  if (typeof text !== 'string') return { no: 'no policy is published for it' }
  const there = opened(text, key)
  if (!('policy' in there)) return { no: 'what is published for it is no policy' }
  if (there.signature === 'unchecked')
    return { no: 'no key is here to check with what is published for it: BRIDLE_POLICY_KEY_FILE names none' }
  if (there.signature !== 'good')
    return { no: 'what is published for it is not signed by the key that is here' }
  // The same number is wanted only where the same is signed already.
  return wanted['serial'] === there.policy.serial
    ? { serial: there.policy.serial }
    : { no: 'another policy is published for it than the files say' }
}

/** Queues that narrow the border of their cluster, which their gates are to hold. */
const narrowing = ({ access: { allow } }: Wanted): readonly Allow[] =>
  allow.filter(({ on, heldBy }) => on.startsWith('queue:') && heldBy === 'hook')

/** What is told of queues whose gate is to hold a border, and is not known to. */
export const unseen = (
  wanted: Wanted,
  basis: Basis['on'],
  holding: Holding | undefined,
): readonly Finding[] => {
  const gates = gatesIn(wanted)
  return narrowing(wanted).flatMap(({ on, at }): Finding[] => {
    const missing = !gates.has(on)
      ? ['no policy is published for it: its `hook` names no `account`']
      : (holding?.lacking.get(on) ?? [notReadOn(basis)])
    if (missing.length === 0) return []
    return [
      {
        code: 'gate-unseen',
        severity: 'warning',
        what: `the gate of ${on} is not known to hold: ${missing.join('; ')}`,
        where: [at],
        why: 'until it is, the border of the queue is judged as assumed, never as held',
        fix: fixFor(on, gates.has(on), holding),
      },
    ]
  })
}

const notReadOn = (basis: Basis['on']) =>
  `evidence counts where the published policy is read, and ${basis === 'files' ? 'the files alone were' : basis === 'snapshot' ? 'a snapshot has none' : 'a plan may change it'}`

const fixFor = (on: Address, isPublished: boolean, holding: Holding | undefined): string =>
  !isPublished
    ? 'write `hook: { mode: block, account: NAME }` beside it'
    : holding === undefined
      ? 'ask the organization itself: `bridle access check`'
      : `apply, if its policy is not published; then ${commandsFor(on)}`
