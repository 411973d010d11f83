import { nearest } from '../../config/nearest.js'
import { quoted } from '../../config/problem.js'
import type { Code } from '../../model/codes.js'
import type { Finding } from '../../model/finding.js'
import type { Answer, Choice, Question, Settled, Turn } from '../../model/onboarding.js'
import type { Span } from '../../model/span.js'

/** Why an answer can't be, before it is known where it stands. */
export interface No {
  readonly code: Code
  readonly what: string
  readonly why: string
  readonly fix: string
  /** Places in the files that decide it. */
  readonly where?: readonly Span[]
  /** The answer that it contradicts. */
  readonly against?: string
}

/** A question, and what is known about its answer. */
export interface Asking extends Question {
  /** The answer, where it follows from what is known: then it is told, and not asked. */
  readonly settled?: Omit<Settled, 'name'> | undefined
  /** Why an answer can't be; nothing where it can. */
  readonly check?: (value: string) => No | undefined
  /** Answers beside the choices are looked at by `check` alone. */
  readonly isFree?: boolean
}

/** A session under way: it is gone through again from its beginning whenever something is answered. */
export interface Interview {
  /** The answer as far as there is one that can be. */
  readonly ask: (asking: Asking) => string | undefined
  /** What was answered, whether it was asked for already or not. */
  readonly given: (name: string) => Answer | undefined
  /** Says that an answer can't be. */
  readonly refuse: (name: string, no: No) => void
  readonly turn: Turn
}

/** Begins a session with what was answered so far. */
export const interviewWith = (answers: ReadonlyMap<string, Answer>): Interview => {
  const settled: Settled[] = []
  const open: Question[] = []
  const wrong: { readonly name: string; readonly finding: Finding }[] = []
  const refuse = (name: string, { against, where = [], ...no }: No) => {
    const places = [name, against ?? name].flatMap((one) => answers.get(one)?.at ?? [])
    wrong.push({
      name,
      finding: { ...no, severity: 'error', where: [...new Set([...places, ...where])] },
    })
  }
  return {
    turn: { settled, open, wrong },
    refuse,
    given: (name) => answers.get(name),
    ask: ({ settled: known, check = () => undefined, isFree = false, ...question }) => {
      const { name, choices } = question
      const answer = answers.get(name)
      if (answer === undefined) {
        if (known === undefined) open.push(question)
        else if (open.length === 0) settled.push({ name, ...known }) // the rest is told when its turn comes
        return known?.value
      }
      const value = answer.value.trim()
      const isOffered = choices?.some((choice) => choice.value === value) ?? true
      const no =
        value === ''
          ? nothing(name)
          : (check(value) ?? (isOffered || isFree ? undefined : notOffered(name, value, choices ?? [])))
      if (no !== undefined) {
        refuse(name, no)
        return undefined
      }
      return value
    },
  }
}

const nothing = (name: string): No => ({
  code: 'bad-answer',
  what: `${name} is empty`,
  why: 'nothing can be called nothing',
  fix: `say what ${name} is`,
})

const notOffered = (name: string, value: string, choices: readonly Choice[]): No => {
  const values = choices.map((choice) => choice.value)
  const meant = nearest(value, values)
  return {
    code: 'bad-answer',
    what: `${quoted(value)} is not one of the answers to --${name}`,
    why: 'a name that no file has would be left for somebody else to find',
    fix:
      meant === undefined
        ? `say one of: ${values.slice(0, 12).join(', ')}${values.length > 12 ? ', …' : ''}`
        : `did you mean ${meant}?`,
  }
}

/** Answers that are lists, as one writes them on a line. */
export const listIn = (value: string | undefined): string[] =>
  (value ?? '')
    .split(/[,\s]+/)
    .map((one) => one.trim())
    .filter((one) => one !== '')
