import type { AccessChecked, Contained } from '../model/result.js'
import type { Basis, QueueVerdict, RoleVerdict, VerdictWord } from '../model/verdict.js'
import type { Tone } from './paint.js'
import { counted, listed } from './words.js'

/** How a verdict looks on a terminal. */
export const verdictTones: Readonly<Record<VerdictWord, Tone>> = {
  open: 'error',
  assumed: 'warning',
  held: 'changed',
  closed: 'added',
}

const day = (iso: string) => iso.slice(0, 10)
const time = (iso: string) => iso.slice(11, 19)

const readings = (count: number) =>
  count <= 1
    ? 'one reading'
    : count === 2
      ? 'two readings agree'
      : `${count === 3 ? 'three' : String(count)} readings, the last two agree`

const window = ({ read }: Basis): string => {
  if (read === undefined) return ''
  const { from, to } = read
  const until = day(from) === day(to) ? time(to) : `${day(to)} ${time(to)}`
  return ` ${day(from)} ${time(from)}–${until} UTC, ${readings(read.readings)}`
}

/** What a verdict was given on, and when that was read. */
export const basisSentence = (basis: Basis): string => {
  const read = window(basis)
  switch (basis.on) {
    case 'files':
      return 'On files only, as if they were the whole organization.'
    case 'organization':
      return `On the organization, read${read}.`
    case 'snapshot':
      return `On a snapshot${read === '' ? '' : ` that was read${read}`}.`
    case 'plan':
      return `On a plan, as if it were carried out${read === '' ? '' : `; what is there was read${read}`}.`
  }
}

/**
 * The verdict on one queue. One that rests on something accepted is never plainly closed.
 *
 * @param to  to whom it is open: ` to user:ada@acme.test`
 */
export const verdictWords = (
  {
    verdict,
    accepted,
    contained,
  }: Pick<QueueVerdict, 'verdict' | 'accepted'> & Pick<Partial<QueueVerdict>, 'contained'>,
  to = '',
): string => {
  const resting = accepted > 0 ? `, resting on ${counted(accepted, 'accepted assumption')}` : ''
  const paused = contained === true ? ', and contained: bridle has paused its dispatch' : ''
  return `${verdict}${to}${verdict === 'closed' || verdict === 'held' ? resting : ''}${paused}`
}

/** The numbers of the paths that are open. */
export const openPaths = (paths: QueueVerdict['paths']): string[] =>
  paths.filter(({ verdict }) => verdict === 'open').map(({ path }) => path)

/** The verdict on all queues, and then on all roles, in a sentence: the worst first. */
export const checkSentence = ({ queues, roles = [], expected }: AccessChecked): string => {
  const broken = expected.filter(({ holds }) => !holds).length
  const expectations =
    expected.length === 0
      ? ''
      : broken === 0
        ? ` ${expected.length === 1 ? 'The one expectation holds' : `All ${counted(expected.length, 'expectation')} hold`}.`
        : ` ${String(broken)} of ${counted(expected.length, 'expectation')} ${broken === 1 ? 'does' : 'do'} not hold.`
  const ofRoles = roles.length === 0 ? '' : ` ${sentenceOf(roles, 'role')}`
  return `${sentenceOf(queues, 'privileged queue')}${ofRoles}${expectations}`
}

const sentenceOf = (judged: readonly (QueueVerdict | RoleVerdict)[], what: string): string => {
  if (judged.length === 0) return `There is no ${what}.`
  const [only] = judged
  if (judged.length === 1 && only !== undefined) return `The one ${what} is ${verdictWords(only)}.`
  const those = (verdict: VerdictWord) => judged.filter((one) => one.verdict === verdict)
  const resting = those('closed').filter(({ accepted }) => accepted > 0).length
  const plain = those('closed').length - resting
  const said = [
    ...(['open', 'assumed', 'held'] as const).flatMap((verdict) =>
      those(verdict).length === 0 ? [] : [`${String(those(verdict).length)} ${verdict}`],
    ),
    ...(plain === 0 ? [] : [`${String(plain)} closed`]),
    ...(resting === 0 ? [] : [`${String(resting)} closed, resting on accepted assumptions`]),
  ]
  return `${counted(judged.length, what)}: ${listed(said)}.`
}

const notClosed = 'It is contained, not closed: whoever could reach it still can, once it is resumed.'

/** Whether a pause is bridle's own, by its note. */
const isOwn = (note: string | undefined): boolean => note?.startsWith('bridle:') === true

/** What `contain` did, as a person is told it. */
export const containSentence = ({ did, verdict, note, stillRunning }: Contained): string => {
  const rest =
    stillRunning.length === 0
      ? 'No job was running on it.'
      : `${counted(stillRunning.length, 'job')} of its cluster ${stillRunning.length === 1 ? 'is' : 'are'} not finished.`
  switch (did) {
    case 'paused':
      return `Contained: its dispatch is paused. ${rest} ${notClosed}`
    case 'already':
      return isOwn(note)
        ? `Its dispatch was paused by bridle before; nothing was sent. ${rest} ${notClosed}`
        : `Its dispatch was paused before, by somebody else; nothing was sent. ${rest} Whoever may resume it can do so while it is open. ${notClosed}`
    case 'nothing':
      return verdict === undefined
        ? 'Nothing was done.'
        : verdict === 'open'
          ? `Nothing was done, and it is open. ${rest}`
          : `Nothing was done: it is ${verdict}, and only an open queue is contained.`
  }
}
