import type { Question } from '../model/onboarding.js'
import type { Paint } from '../report/paint.js'
import type { Machine } from './machine.js'

/** Asks a person. Every answer is a line that they type: nothing is drawn, so a screen reader reads it as it comes. */
export interface Prompts {
  /** @returns nothing where they asked to stop */
  ask(question: Pick<Question, 'message' | 'suggestion'>): Promise<string | undefined>
  /** The same for what nobody should see. */
  askHidden(message: string): Promise<string | undefined>
  /** Anything but a yes is a no. */
  confirm(message: string): Promise<boolean | undefined>
}

/** What inquirer throws where a person pressed Ctrl-C, or where there is nobody any more. */
const isStopped = (error: unknown) => error instanceof Error && error.name === 'ExitPromptError'

/** Prompts at the terminal of a machine. */
export const promptsAt = async ({ terminal }: Machine, paint: Paint): Promise<Prompts> => {
  const { default: inquirer } = await import('inquirer')
  const prompt = inquirer.createPromptModule(terminal)
  const theme = {
    prefix: { idle: '?', done: '?' },
    style: {
      message: (text: string) => paint('heading', text),
      answer: (text: string) => text,
      defaultAnswer: (text: string) => `(${text})`,
      error: (text: string) => text,
    },
  }
  const answerTo = async (question: { readonly type: 'input' | 'password'; readonly message: string }) => {
    try {
      const answers: { readonly answer: string } = await prompt([{ ...question, theme, name: 'answer' }])
      return answers.answer
    } catch (error) {
      if (isStopped(error)) return undefined
      throw error
    }
  }
  const input = (message: string, suggestion?: string) =>
    answerTo({ type: 'input', message, ...(suggestion !== undefined && { default: suggestion }) })
  return {
    ask: ({ message, suggestion }) => input(message, suggestion),
    askHidden: (message) => answerTo({ type: 'password', message, ...{ mask: '*', toggleMask: false } }),
    confirm: async (message) => {
      const said = await input(`${message} [y/N]`)
      return said === undefined ? undefined : /^y(es)?$/i.test(said.trim())
    },
  }
}
