import { every, not, some, type Answer } from './answer.js'
import {
  allows,
  couldAllow,
  denies,
  layersOf,
  waysIn,
  type Layers,
  type Question,
  type Subjects,
} from './layers.js'
import { failuresOf, groundsOf, type Reason } from './reason.js'
import { concerns } from './rule.js'
import { subjectsOf, worldsOf, type World } from './subject.js'

export interface Decision {
  readonly answer: Answer
  /** What nobody told, and the answer rests on: condition keys, policies, ways to read. Sorted. */
  readonly on: readonly string[]
  /** The statements that decided, each in a sentence. */
  readonly by: readonly Reason[]
  /** What whoever asks picks to get in; null is left out. */
  readonly picks: Readonly<Record<string, string | null>>
}

const answerIn = (layers: readonly Layers[], subjects: Subjects, world: World): Answer =>
  every(
    layers.flatMap((one) => {
      const granted = some(
        waysIn(one).map((way) => every(way.map(([part, via]) => allows(part, subjects, world, via)))),
      )
      return granted === 'no' ? ['no'] : [granted, not(denies(one, subjects, world))]
    }),
  )

/** A question decided, and what its reasons can be told from. */
interface Decided {
  readonly answer: Answer
  readonly question: Question
  readonly layers: readonly Layers[]
  readonly subjects: Subjects
  readonly world: World
}

const subjectsIn = (
  { resource, context }: Question,
  layers: readonly Layers[],
  which: 'live' | 'rules',
): Subjects =>
  subjectsOf(
    layers.flatMap(({ all }) => all.flatMap((part) => part[which].filter(concerns))),
    resource,
    context,
  )

/** Where there are more choices than are tried, each of them is open. */
const untold = (subjects: Subjects): World =>
  new Map([...subjects].flatMap(([key, { value }]) => (value.is === 'chosen' ? [[key, 'open']] : [])))

const decided = (question: Question): Decided => {
  const layers = question.actions.map((action) => layersOf(question, action))
  const subjects = subjectsIn(question, layers, 'live')
  const as = (answer: Answer, world: World): Decided => ({ answer, question, layers, subjects, world })
  const isOpen = (one: Layers) =>
    waysIn(one).some((way) => way.every(([part, via]) => couldAllow(part, subjects, via)))
  let unsure: World | undefined
  if (layers.every(isOpen))
    for (const world of worldsOf(subjects)) {
      const answer = world === undefined ? 'depends' : answerIn(layers, subjects, world)
      if (answer === 'yes' && world !== undefined) return as(answer, world)
      if (answer === 'depends') unsure ??= world ?? untold(subjects)
    }
  return unsure === undefined ? as('no', new Map()) : as('depends', unsure)
}

const told = ({ answer, question, layers, subjects, world }: Decided): Decision =>
  answer === 'no'
    ? { answer, on: [], by: failuresOf(layers, subjectsIn(question, layers, 'rules')), picks: {} }
    : { answer, ...groundsOf(layers, subjects, world) }

/**
 * Whether something is allowed, by which statements, and what that depends on. Whoever asks picks what they may pick,
 * so that they get in if they can. Of several ways to ask for the same, the one counts that gets furthest.
 *
 * @source IAM user guide, "Policy evaluation logic"
 */
export const decide = (...ways: readonly Question[]): Decision => {
  const refused: Decided[] = []
  let unsure: Decided | undefined
  for (const way of ways) {
    const it = decided(way)
    if (it.answer === 'yes') return told(it)
    if (it.answer === 'depends') unsure ??= it
    else refused.push(it)
  }
  if (unsure !== undefined) return told(unsure)
  const by = new Map(refused.flatMap((it) => told(it).by.map((one) => [`${one.policy} ${one.says}`, one])))
  return { answer: 'no', on: [], by: [...by.values()], picks: {} }
}
