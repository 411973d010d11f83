/** Certain from what was read, or resting on what was not. */
export type Answer = 'yes' | 'no' | 'depends'

/** All of them: no as soon as one is. */
export const every = (answers: Iterable<Answer>): Answer => {
  let so: Answer = 'yes'
  for (const answer of answers) {
    if (answer === 'no') return 'no'
    if (answer === 'depends') so = 'depends'
  }
  return so
}

/** Any of them: yes as soon as one is. */
export const some = (answers: Iterable<Answer>): Answer => {
  let so: Answer = 'no'
  for (const answer of answers) {
    if (answer === 'yes') return 'yes'
    if (answer === 'depends') so = 'depends'
  }
  return so
}

export const not = (answer: Answer): Answer => (answer === 'yes' ? 'no' : answer === 'no' ? 'yes' : 'depends')

export const certain = (so: boolean): Answer => (so ? 'yes' : 'no')
