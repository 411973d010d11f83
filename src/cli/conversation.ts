import type { Answer, Question, Settled, Turn } from '../model/onboarding.js'
import { missingLines, noLines, questionLines, settledLines } from '../report/question.js'
import type { Prompts } from './prompts.js'

/** A session in which all was answered. */
export interface Held {
  readonly turn: Turn
  readonly answers: ReadonlyMap<string, Answer>
}

/** How a session ended that did not come to its end. */
export type Ended =
  | { readonly ended: 'stopped' }
  /** `said` names the flags. */
  | { readonly ended: 'missing'; readonly said: string }
  /** What came from flags or a file can't be: a person would not know what to type instead. */
  | { readonly ended: 'wrong'; readonly turn: Turn }

/** What a session is held with. */
export interface Holding {
  /** How far it comes with these answers. */
  readonly find: (answers: ReadonlyMap<string, Answer>) => Turn
  readonly given: ReadonlyMap<string, Answer>
  /** Missing where there is nobody to ask. */
  readonly prompts?: Prompts | undefined
  readonly say: (lines: readonly string[]) => void
  readonly columns: number
}

/** Who answered, where a person typed it. */
const typed = 'you'

/** Asks until all is answered that has to be; answers that can't be are explained, and asked for again. */
export const converse = async (holding: Holding): Promise<Held | Ended> => {
  const { find, prompts, say, columns } = holding
  const answers = new Map(holding.given)
  const told = new Set<string>()
  const taken: Settled[] = []
  for (;;) {
    const turn = find(answers)
    const [wrong] = turn.wrong
    if (wrong !== undefined) {
      if (answers.get(wrong.name)?.from !== typed) return { ended: 'wrong', turn }
      say([...noLines(wrong.finding, columns), ''])
      answers.delete(wrong.name)
      continue
    }
    const [question] = turn.open
    if (question === undefined || prompts !== undefined) {
      const fresh = [...turn.settled.filter(({ name }) => !told.has(name)), ...taken.splice(0)]
      for (const { name } of fresh) told.add(name)
      if (fresh.length > 0) say([...settledLines(fresh, columns), ''])
    }
    if (question === undefined) return { turn, answers }
    if (prompts === undefined) {
      const usual = turn.open.filter(
        ({ isUsual, suggestion }) => isUsual === true && suggestion !== undefined,
      )
      if (usual.length === 0) return { ended: 'missing', said: missing(turn.open, columns) }
      for (const { name, suggestion = '' } of usual) {
        answers.set(name, { value: suggestion, from: 'bridle' })
        taken.push({ name, value: suggestion, because: 'taken, as nothing else is said' })
      }
      continue
    }
    const lines = questionLines(question, columns)
    if (lines.length > 0) say(lines)
    const answer = await prompts.ask({ ...question, message: promptOf(question) })
    if (answer === undefined) return { ended: 'stopped' }
    say([''])
    answers.set(question.name, { value: named(answer, question), from: typed })
  }
}

/** Where there are choices, the question stands above them. */
const promptOf = ({ message, choices = [] }: Question): string =>
  choices.length === 0 ? message : 'A number, or a name:'

/** What a number stands for, where it is the number of a choice. */
const named = (answer: string, { choices = [] }: Question): string => {
  const text = answer.trim()
  if (choices.some(({ value }) => value === text)) return text
  return (/^\d{1,3}$/.test(text) ? choices[Number(text) - 1]?.value : undefined) ?? text
}

const missing = (open: readonly Question[], columns: number): string =>
  [
    'there is nobody to ask here, and these are not answered:',
    ...missingLines(open, columns),
    '  = fix: add the flags, or write the answers into a file for --answers; at a terminal you are asked',
  ].join('\n')
